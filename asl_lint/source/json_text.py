"""JSON as a Document: valid text at the speed of the standard library, broken text by a reader that mends what it can.

Never raises. A file without faults takes less than twice what ``json.loads`` does (35 µs to 20 for 3.5 KB); places are scanned
for when they are first asked for.
"""

import json
import sys
from collections.abc import Callable, Mapping

from asl_lint.late import TYPE_CHECKING, Final, NoReturn
from asl_lint.source.document import Document, NodeSpan, Note, Pointer, Problem
from asl_lint.source.json_places import Places
from asl_lint.source.json_strings import string_text
from asl_lint.source.text import Text

if TYPE_CHECKING:
    from asl_lint.source.json_spans import SpanTable

MAX_DEPTH: Final = 200
"""Levels of nesting that are read; what lies deeper becomes MISSING. Step Functions itself allows far fewer."""

LARGEST: Final = sys.float_info.max


class _RepeatedKeyError(ValueError):
    """An object has a key twice."""


def _members(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedKeyError
    return members


class _ConstantError(ValueError):
    """The text has NaN or an infinity."""


def _refuse(constant: str) -> NoReturn:
    raise _ConstantError(constant)


def finite_float(digits: str) -> float:
    """The number, cut to the largest float: 1e999 is valid JSON, and infinity no value of it."""
    return min(max(float(digits), -LARGEST), LARGEST)


_UNIQUE: Final = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_refuse, parse_float=finite_float).decode
_REPEATING: Final = json.JSONDecoder(parse_constant=_refuse, parse_float=finite_float).decode


def read_json(text: Text) -> Document:
    """The document that a JSON text holds, with all that is wrong with the text.

    Problems: ``syntax-error`` exactly where RFC 8259 refuses the text (unquoted placeholders apart), ``duplicate-key``,
    ``nested-too-deeply`` (200 levels). Integers of more than 4,300 digits read as the largest float's integer.
    """
    content = text.content
    problems: tuple[Problem, ...] = ()
    try:
        try:
            value = _UNIQUE(content)
        except _RepeatedKeyError:
            from asl_lint.source.json_spans import scan_spans

            value = _REPEATING(content)
            problems = repeated_keys(scan_spans(content))
    except (ValueError, RecursionError) as error:
        return _read_broken(text, is_refused=isinstance(error, (json.JSONDecodeError, _ConstantError)))
    if not _is_shallow(content, value):
        return _read_broken(text, is_refused=False)

    def locate() -> Mapping[Pointer, NodeSpan]:
        if not problems:
            return Places(content)
        from asl_lint.source.json_spans import scan_spans

        return scan_spans(content)

    return Document(text, "json", value, locate, _strings_of(text), problems)


def repeated_keys(table: "SpanTable", damaged: frozenset[int] | set[int] = frozenset()) -> tuple[Problem, ...]:
    """A ``duplicate-key`` problem for each key that came again, but in containers that recovery may have put together wrongly."""
    return tuple(
        Problem(
            "duplicate-key",
            again.later,
            (*table.pointer(again.container), again.key),
            {"key": again.key},
            related=(Note(again.first, "first defined here"),),
        )
        for again in table.repeated()
        if again.container not in damaged
    )


def _read_broken(text: Text, is_refused: bool) -> Document:
    from asl_lint.source.json_recovery import recover  # most files never need it

    recovered = recover(text.content, is_refused)

    def locate() -> Mapping[Pointer, NodeSpan]:
        return recovered.spans

    problems = (*recovered.problems, *repeated_keys(recovered.spans, recovered.damaged))
    return Document(
        text,
        "json",
        recovered.value,
        locate,
        _strings_of(text),
        tuple(sorted(problems, key=lambda problem: problem.span)),
        frozenset(recovered.spans.pointer(node) for node in recovered.damaged),
    )


def _strings_of(text: Text) -> Callable[[NodeSpan], Text]:
    def string_at(node: NodeSpan) -> Text:
        return string_text(text, node)

    return string_at


def _is_shallow(content: str, value: object) -> bool:
    """Whether containers lie at most MAX_DEPTH deep: there are no more of them, or else level by level."""
    if content.count("{") + content.count("[") <= MAX_DEPTH:
        return True
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MAX_DEPTH):
        if not level:
            return True
        level = [
            member
            for container in level
            for member in (container.values() if type(container) is dict else container)
            if type(member) is dict or type(member) is list
        ]
    return not level
