"""What an error of a JSONata expression is, and the bounds of the parser. The wording is in ``messages``."""

from asl_lint.late import Final, NamedTuple

MAX_NESTING: Final = 200
"""Expressions within expressions that the parser follows: each takes two or three frames of Python's stack.

The reference follows some thousands, until its own stack is full."""

MAX_HEIGHT: Final = 250
"""Levels of a tree that is handed out, so that what reads it may recurse: a chain of operators counts one level for each."""

MAX_ERRORS: Final = 20
"""Errors after which the parser stops."""

TOO_DEEP: Final = "too-deep"
"""The code, not one of the reference's, of an expression beyond a bound of ours: the reference may accept it."""

BAD_REGEX: Final = "bad-regex"
"""The code of a regular expression, or of a lambda's signature, from which JavaScript makes no RegExp. The reference lets
JavaScript's SyntaxError through, which has no code."""


class Error(NamedTuple):
    """One fault of an expression. ``code`` is the reference's (or one of the two above); ``start`` and ``end`` count characters.

    The position that the reference gives lies in ``start`` to ``end``, both included. ``message`` is one line that says what is
    wrong; ``help`` says what to write instead, or is empty.
    """

    code: str
    start: int
    end: int
    message: str
    help: str
