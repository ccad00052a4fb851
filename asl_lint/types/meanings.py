"""What a function of a type is, so that a call of it can be followed: one of JSONata's own, a lambda, a transform …"""

from asl_lint.expressions.jsonata.functions import shape
from asl_lint.expressions.jsonata.nodes import Lambda, Regex, Transform
from asl_lint.late import TYPE_CHECKING
from asl_lint.types.lattice import Type

if TYPE_CHECKING:
    from asl_lint.types.scope import Scope


class Builtin:
    """The meaning of a function of JSONata's own."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Builtin) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


class Closure:
    """The meaning of a lambda: its body, and the scope and context where it was written."""

    __slots__ = ("context", "node", "scope")

    def __init__(self, node: Lambda, scope: "Scope", context: Type) -> None:
        self.node = node
        self.scope = scope
        self.context = context


class Partial:
    """The meaning of a partial application: None stands for each parameter that it leaves open."""

    __slots__ = ("function", "given")

    def __init__(self, function: Type, given: tuple[Type | None, ...]) -> None:
        self.function = function
        self.given = given


class Pattern:
    """The meaning of a regular expression: a function from a text to its first match."""

    __slots__ = ("node",)

    def __init__(self, node: Regex) -> None:
        self.node = node


class Transformer:
    """The meaning of a transform."""

    __slots__ = ("node", "scope")

    def __init__(self, node: Transform, scope: "Scope") -> None:
        self.node = node
        self.scope = scope


def arity(function: Type) -> int | None:
    """How many arguments a function of another function is given at most; None where that is not known."""
    meaning = None if function.function is None or function.anything else function.function.meaning
    if isinstance(meaning, Closure):
        return len(meaning.node.parameters)
    if isinstance(meaning, Builtin):
        return 1 if len(shape(meaning.name).parameters) == 1 or meaning.name in ("string",) else None
    return None
