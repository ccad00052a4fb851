"""From the parser's errors to what a person is told: one error for a fault, on the whole of the sign or word that is at fault.

The parser goes on after an error, and a sign or a statement of another language makes it stumble more than once. Read only when
an expression has errors; linear.
"""

from collections.abc import Sequence

from asl_lint.expressions.jsonata.errors import Error
from asl_lint.expressions.jsonata.messages import sign_at
from asl_lint.expressions.jsonata.other_syntax import WORDS
from asl_lint.late import Final, Pattern

_STATEMENT: Final = Pattern(r"(?<![$.\w`'\"])(if|for|foreach|while)\s*\(")
_INNER_DELIMITER: Final = Pattern(r"\{%|%\}")


def told(text: str, errors: Sequence[Error]) -> tuple[Error, ...]:
    """The errors of an expression as they are told, in the order of the text."""
    first = _delimiter(text, errors[0]) or _statement(text, errors[0])
    if first is not None:
        return (first,)
    found: list[Error] = []
    for error in errors:
        sign = _sign(text, error)
        if sign is not None:
            at = text.find(sign, max(error.start - len(sign) + 1, 0))
            error = error._replace(start=at, end=at + len(sign))
        if not (found and _follows(text, error, found[-1])):
            found.append(error)
    return tuple(found)


def _follows(text: str, error: Error, last: Error) -> bool:
    """Whether an error is there only because of the one before it: at the same sign, or at the end of ``{...object}``."""
    return error.start < last.end or (text[last.start : last.end] == "..." and text[error.start : error.end] == "}")


def _sign(text: str, error: Error) -> str | None:
    """The sign of another language that an error is about."""
    if error.message.startswith("`//`"):
        return "//"
    found = sign_at(text, error.start)
    return found[0] if found is not None and error.message.startswith(f"`{found[0]}`") else None


def _delimiter(text: str, first: Error) -> Error | None:
    """Delimiters inside the expression, where several were meant, or one pair is too many."""
    inner = _INNER_DELIMITER.search(text)
    if inner is None or first.start < inner.start() or any(text.count(quote, 0, inner.start()) % 2 for quote in "'\""):
        return None
    opening = text.find("{%", inner.end())
    if inner[0] == "%}" and opening >= 0:
        said, advice = "`{%` and `%}` stand around the whole text, which is one expression", _joined(text, inner.start(), opening)
    else:
        said, advice = "`{%` and `%}` stand around an expression, not in it", "Remove the delimiters from the expression"
    return Error(first.code, inner.start(), inner.end(), said, advice)


def _joined(text: str, closing: int, opening: int) -> str:
    """How two expressions with a text between them are one, where that is short and plain enough to be shown."""
    left, between, right = text[:closing].strip(), text[closing + 2 : opening], text[opening + 2 :].strip()
    joined = " & ".join((left, *([f"'{between}'"] if between else []), right))
    plain = not any(sign in between for sign in "'\\\n") and not _INNER_DELIMITER.search(joined) and len(joined) <= _SHOWN
    return f"Write {{% {joined} %}}" if plain else "Write one expression, and join its parts with `&`"


_SHOWN: Final = 70
"""Characters of an expression that an advice shows at most."""


def _statement(text: str, first: Error) -> Error | None:
    """A statement such as ``if (…) { … }``, which the parser takes for a call and an object."""
    for word in _STATEMENT.finditer(text):
        if word.start() <= first.start and _opens_block(text, word.end()):
            return Error(first.code, word.start(), word.end(1), f"JSONata has no `{word[1]}`", WORDS[word[1]])
    return None


def _opens_block(text: str, at: int) -> bool:
    """Whether a brace follows the bracket that is open at a place."""
    depth = 1
    while at < len(text) and depth:
        depth += (text[at] == "(") - (text[at] == ")")
        at += 1
    return not depth and text[at:].lstrip().startswith("{")
