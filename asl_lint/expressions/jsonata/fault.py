"""What a fault of an expression is, and the words for types in its message."""

from collections.abc import Mapping

from asl_lint.late import Final, NamedTuple
from asl_lint.source.text import Span


class Fault(NamedTuple):
    """A fault at ``span`` of the expression. ``kind`` groups them; ``subject`` is the function or operator.

    ``certain`` where every evaluation of the expression meets it and fails.
    """

    kind: str
    span: Span
    subject: str
    problem: str
    help: str | None
    certain: bool


A: Final[Mapping[str, str]] = {
    "string": "a text", "number": "a number", "boolean": "a boolean", "null": "null", "array": "an array",
    "object": "an object", "function": "a function",
}  # fmt: skip
"""Type -> as a message names it."""
