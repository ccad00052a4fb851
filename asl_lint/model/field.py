"""The vocabulary of the table of fields: what a row, a relation between fields, and an object are."""

from asl_lint.late import Final, Literal, NamedTuple
from asl_lint.model.machine import Language

__all__ = ["LANGUAGES", "Constraint", "Field", "Holds", "Language", "Object"]

LANGUAGES: Final[tuple[Language, Language]] = ("JSONPath", "JSONata")

Holds = Literal[
    "data", "template", "payload", "expression", "path", "reference-path", "string-path", "state", "errors", "resource",
    "timestamp", "name", "text", "number", "flag", "choice-operand", "object", "objects", "states",
]  # fmt: skip


class Field(NamedTuple):
    """One field of one object.

    ``types`` are JSON Schema's type names, empty for any. ``expression``: in a JSONata state a ``{% … %}`` string may stand in
    its place. ``of`` names the object (a key of ``OBJECTS``) that the value, or each of its elements, is. ``language`` None
    means both. ``distributed``: only in a Map whose processor is DISTRIBUTED. ``replaced_by`` names the newer field.
    """

    name: str
    holds: Holds
    doc: str
    types: tuple[str, ...] = ()
    language: Language | None = None
    minimum: float | None = None
    maximum: float | None = None
    exclusive_maximum: float | None = None
    allowed: tuple[str, ...] = ()
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_size: int | None = None
    expression: bool = False
    required: bool = False
    of: str | None = None
    distributed: bool = False
    replaced_by: str | None = None
    sure: bool = True
    source: str = "S"


class Constraint(NamedTuple):
    """A relation between fields of one object.

    ``exactly-one``, ``at-most-one``, ``at-least-one`` of ``fields``; ``needs``: the first field needs all the others;
    ``when``: if the first field has one of ``values``, then the others are required (``absent``: must not stand there).
    """

    kind: Literal["exactly-one", "at-most-one", "at-least-one", "needs", "when", "when-absent"]
    fields: tuple[str, ...]
    values: tuple[str, ...] = ()
    language: Language | None = None
    sure: bool = True
    source: str = "S"


class Object(NamedTuple):
    """A kind of JSON object of the language. ``title`` is how a message calls it, with its article."""

    title: str
    fields: tuple[Field, ...]
    constraints: tuple[Constraint, ...] = ()
    min_size: int = 0
