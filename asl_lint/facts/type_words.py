"""Types and members in words, as messages about types have them."""

from collections.abc import Mapping, Sequence

from asl_lint.aws.service_index import service_index
from asl_lint.facts.values import alternatives, shown
from asl_lint.late import Final, Pattern
from asl_lint.near import near
from asl_lint.types.display import shown_type
from asl_lint.types.lattice import OUTCOME, UNNAMED, Source, Type

_MOST: Final = 8
"""Names that a message lists at most."""
_LONGEST: Final = 50
"""Characters of an expression that a message quotes at most."""

_LONGEST_TYPE: Final = 100

_A: Final[Mapping[str, str]] = {
    "string": "a text", "number": "a number", "boolean": "a boolean", "null": "null", "array": "an array",
    "object": "an object", "function": "a function",
}  # fmt: skip


def kinds_in_words(type_: Type) -> str:
    """``a text``, ``a text or a number``."""
    return article(type_.kinds)


def article(kinds: frozenset[str]) -> str:
    """The kinds with their articles, the usual ones first."""
    return alternatives([word for kind, word in _A.items() if kind in kinds]) or "nothing"


def in_line(type_: Type) -> str:
    """A type in one line: by its kinds alone where it is too long for a message."""
    shown_whole = shown_type(type_, 1, _LONGEST_TYPE)
    return kinds_in_words(type_) if len(shown_whole) > _LONGEST_TYPE else shown_whole


def shortened(text: str) -> str:
    """The text of an expression in one line."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def listed_members(member: str, names: Sequence[str], source: Source | None) -> tuple[str, str | None, bool]:
    """That an object has no such member, what was probably meant, and whether that is sure: a list of AWS may have grown."""
    what = UNNAMED if source is None else source.what
    if source is not None and source.date is not None:
        problem = f'{what} had no member "{member}" on {source.date}'
    else:
        problem = f'{what} has no member "{member}"'
    return problem, members_hint(member, names, "member"), source is None or source.date is None


def members_hint(name: str, names: Sequence[str], word: str) -> str | None:
    """Which of the names was probably meant, or which there are."""
    found = near(name, names) or _same_words(name, names)
    if found is not None:
        return f'did you mean "{found}"?'
    if not names:
        return f"it has no {word}s"
    if len(names) > _MOST:
        return None
    quoted = sorted(names)
    return f"there is only {quoted[0]}" if len(quoted) == 1 else f"there are {alternatives(quoted, 'and')}"


_WORD: Final = Pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _same_words(name: str, names: Sequence[str]) -> str | None:
    """The only name that has all words of the other in their order, and more: ``PipelineStatus``, ``PipelineExecutionStatus``."""
    words = [word.lower() for word in _WORD.findall(name)]
    if len(words) < 2:
        return None
    found = [other for other in names if _in_order(words, [word.lower() for word in _WORD.findall(other)])]
    return found[0] if len(found) == 1 else None


def _in_order(words: Sequence[str], others: Sequence[str]) -> bool:
    left = iter(others)
    return all(word in left for word in words)


def unlisted_text(value: str, listed: Type) -> tuple[str, str | None]:
    """That a text is none of the values that there may be, and which of them was probably meant, or which there are."""
    strings = listed.strings
    names = sorted(strings.literals) if strings is not None and strings.literals is not None else []
    hint = values_hint(value, names)
    if strings is not None and strings.form == OUTCOME and near(value, names) is None:
        return f"{shown(value)} does not come here: the Task goes on only when the work is over and well", hint
    date = service_index().date if strings is not None and strings.open else None
    said = f"{shown(value)} is none of the values that come here"
    return (f"{said}, as the API listed them on {date}" if date else said), hint


def values_hint(value: str, names: Sequence[str]) -> str | None:
    """Which of the values was probably meant, or which there are."""
    found = near(value, names)
    if found is not None:
        return f'did you mean "{found}"?'
    return f"there are {alternatives([shown(name) for name in sorted(names)], 'and')}" if 1 < len(names) <= _MOST else None
