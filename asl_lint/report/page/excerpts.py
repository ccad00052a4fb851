"""The lines of a file that a finding speaks of, in stretches: what is meant, what else is named, the steps of a path.

Sources come without their secrets (``finding.Report.sources``), and every character at its place.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from asl_lint.late import Any, Final, NamedTuple
from asl_lint.source.text import Text

_NEAR: Final = 1
"""Lines before and after the finding's own."""
_HEIGHT: Final = 12
"""Lines of a long place that are shown: the others are left out of its middle."""
_WIDTH: Final = 400
"""Characters of a line that are shown, around what is meant."""
_STEPS: Final = 60
"""Steps of a path whose lines are shown."""
_CHANGED: Final = 60
"""Lines of a correction that are shown."""


class _Mark(NamedTuple):
    start: int
    end: int
    role: str


class Sources:
    """The texts of a run's files, as far as it kept them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._contents = texts
        self._texts: dict[str, Text] = {}

    def excerpt(self, finding: dict[str, Any]) -> list[dict[str, Any]]:
        """Lines in order: ``line``, and ``parts``, pairs of a text and its role: ``own``, ``related``, ``step`` or nothing.

        Empty where the text of the file was not kept.
        """
        text = self._text(finding["file"])
        if text is None:
            return []
        marks = [_mark(finding["span"], "own"), *(_mark(one["span"], "related") for one in finding["related"])]
        marks += [_mark(one["span"], "step") for one in finding["path"][:_STEPS]]
        lines: dict[int, list[_Mark]] = {}
        for mark in marks:
            for line in _lines(text, mark):
                lines.setdefault(line, []).append(mark)
        return [{"line": line, "parts": _parts(text, line, lines[line])} for line in sorted(lines)]

    def correction(self, finding: dict[str, Any]) -> list[list[str]]:
        """What a fix changes, as lines: pairs of ``-`` or ``+`` and a text. Empty where there is none, or it is long."""
        text, fix = self._text(finding["file"]), finding["fix"]
        if text is None or fix is None:
            return []
        edits = sorted((one["span"]["start"]["offset"], one["span"]["end"]["offset"], one["text"]) for one in fix["edits"])
        changed: list[list[str]] = []
        for first, last, group in _grouped(text, edits):
            low, high = text.offset(first, 1), text.offset(last, 1) + len(text.line(last))
            old, new, at = text.content[low:high], "", low
            for start, end, replacement in group:
                new += text.content[at:start] + replacement
                at = end
            new += text.content[at : max(at, high)]
            changed += [["-", _cut(line)] for line in old.splitlines()] + [["+", _cut(line)] for line in new.splitlines()]
        return changed if len(changed) <= _CHANGED else []

    def _text(self, file: str) -> Text | None:
        if file not in self._texts and file in self._contents:
            self._texts[file] = Text(self._contents[file])
        return self._texts.get(file)


def _mark(span: dict[str, Any], role: str) -> _Mark:
    return _Mark(span["start"]["offset"], span["end"]["offset"], role)


def _lines(text: Text, mark: _Mark) -> Iterator[int]:
    first, last = text.position(mark.start).line, text.position(max(mark.end - 1, mark.start)).line
    if mark.role == "own":
        yield from range(max(first - _NEAR, 1), first)
        yield from range(last + 1, min(last + _NEAR, len(text.line_starts)) + 1)
    if last - first < _HEIGHT:
        yield from range(first, last + 1)
    else:
        yield from (*range(first, first + _HEIGHT // 2), *range(last + 1 - _HEIGHT // 2, last + 1))


def _parts(text: Text, line: int, marks: Iterable[_Mark]) -> list[list[str]]:
    """The line in stretches of one role each; where several meet, the first of the marks is it."""
    content, at = text.line(line), text.line_starts[line - 1]
    indentation = len(content) - len(content.lstrip())
    inside = [(one.start - at if one.start >= at else indentation, min(one.end - at, len(content)), one.role) for one in marks]
    inside = [one for one in inside if one[0] < len(content) and one[1] >= 0 and one[0] <= one[1]]
    low, high = 0, len(content)
    if high > _WIDTH:
        low = max(0, (inside[0][0] if inside else 0) - _WIDTH // 4)
        high = min(high, low + _WIDTH)
    ends = sorted({low, high, *(min(max(end, low), high) for one in inside for end in one[:2])})
    parts: list[list[str]] = [["…", ""]] if low else []
    for start, end in pairwise(ends):
        role = next((role for first, last, role in inside if first <= start and end <= last), "")
        if parts and parts[-1][1] == role:
            parts[-1][0] += content[start:end]
        else:
            parts.append([content[start:end], role])
    return [*parts, ["…", ""]] if high < len(content) else parts


def _grouped(text: Text, edits: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, list[tuple[int, int, str]]]]:
    """Edits by the lines that they touch: the first and the last of these, and the edits."""
    group: list[tuple[int, int, str]] = []
    low = high = 0
    for edit in edits:
        first, last = text.position(edit[0]).line, text.position(edit[1]).line
        if group and first > high:
            yield low, high, group
            group = []
        if not group:
            low = first
        high = max(high, last) if group else last
        group.append(edit)
    if group:
        yield low, high, group


def _cut(line: str) -> str:
    return line if len(line) <= _WIDTH else line[: _WIDTH - 1] + "…"
