"""Text with a map: a stretch of characters that knows where in the file each of them came from.

The text of a file is a root. What is read out of it (an unescaped string, a block scalar) is a new Text over it, with segments
that say how its characters map to its parent's. Offsets count characters of the decoded text from 0; lines and columns from 1.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, count
from operator import add

from asl_lint.late import Final, Literal, NamedTuple


class Span(NamedTuple):
    """A half-open stretch ``[start, end)`` of character offsets."""

    start: int
    end: int


class Position(NamedTuple):
    """A place in a file. ``line`` and ``column`` count from 1, ``offset`` from 0; all in characters."""

    line: int
    column: int
    offset: int


class Range(NamedTuple):
    """The positions of a span's two ends."""

    start: Position
    end: Position


class FileRange(NamedTuple):
    """A place in a file that need not be the one that is checked."""

    file: str
    range: Range


class Segment(NamedTuple):
    """Characters ``start:end`` of a text came from ``parent_start:parent_end`` of its parent.

    ``verbatim``: one to one. ``escape``: the whole stands for the whole (``\\n`` for a line feed, ``\\ud83d\\ude00`` for one
    character). ``opaque``: something else made it (a substituted value); a place inside it is the whole stretch.
    """

    start: int
    end: int
    parent_start: int
    parent_end: int
    kind: Literal["verbatim", "escape", "opaque"] = "verbatim"


_MAX_COUNTED: Final = 4
"""Positions for which the lines before them are counted; for more, a table of all lines costs less."""


class Text:
    """``content`` with its map. A root text has no parent and no segments."""

    __slots__ = ("_counted", "_line_starts", "content", "parent", "segments")

    def __init__(self, content: str, parent: "Text | None" = None, segments: Sequence[Segment] = ()) -> None:
        self.content = content
        self.parent = parent
        self.segments = segments
        self._line_starts: list[int] | None = None
        self._counted = 0

    def trace(self, start: int, end: int) -> Span:
        """The stretch of the root text from which ``content[start:end]`` came (of a root, that itself).

        An empty stretch stays empty where it can.
        """
        text, span = self, Span(start, max(start, end))
        while text.parent is not None:
            span = text._to_parent(span)
            text = text.parent
        return span

    @property
    def root(self) -> "Text":
        """The text of the file."""
        text = self
        while text.parent is not None:
            text = text.parent
        return text

    def _to_parent(self, span: Span) -> Span:
        segments = self.segments
        if not segments:
            return Span(0, 0)
        starts = [segment.start for segment in segments]
        first = segments[max(bisect_right(starts, span.start) - 1, 0)]
        if span.end == span.start:
            place = _end_in_parent(first, span.start) if span.start >= first.end else _start_in_parent(first, span.start)
            return Span(place, place)
        last = segments[max(bisect_right(starts, span.end - 1) - 1, 0)]
        start = _start_in_parent(first, span.start)
        return Span(start, max(start, _end_in_parent(last, span.end)))

    @property
    def line_starts(self) -> list[int]:
        """Offsets at which lines begin. A line ends with LF, CR LF or CR; other Unicode separators are ordinary characters."""
        if self._line_starts is None:
            self._line_starts = _line_starts(self.content)
        return self._line_starts

    def position(self, offset: int) -> Position:
        """The line and column of a character offset of this text; offsets beyond the end are taken for the end."""
        content = self.content
        offset = min(max(offset, 0), len(content))
        if self._line_starts is None and self._counted < _MAX_COUNTED and "\r" not in content:
            self._counted += 1
            return Position(content.count("\n", 0, offset) + 1, offset - content.rfind("\n", 0, offset), offset)
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1, offset)

    def range(self, span: Span) -> Range:
        """The positions of a span's ends."""
        return Range(self.position(span.start), self.position(span.end))

    def offset(self, line: int, column: int) -> int:
        """The offset of a line and column (from 1), cut to the text."""
        if line > len(self.line_starts):
            return len(self.content)
        return min(self.line_starts[max(line, 1) - 1] + max(column, 1) - 1, len(self.content))

    def line(self, number: int) -> str:
        """The text of a line (from 1) without its line break; empty beyond the end."""
        starts = self.line_starts
        if not 1 <= number <= len(starts):
            return ""
        end = starts[number] if number < len(starts) else len(self.content)
        return self.content[starts[number - 1] : end].rstrip("\r\n")


def _line_starts(content: str) -> list[int]:
    if "\r" in content:
        breaks = (i for i, c in enumerate(content) if c == "\n" or (c == "\r" and content[i + 1 : i + 2] != "\n"))
        return [0, *(i + 1 for i in breaks)]
    lengths = map(len, content.split("\n"))
    starts = list(map(add, accumulate(lengths, initial=0), count()))  # a line break each
    starts.pop()
    return starts


def _start_in_parent(segment: Segment, offset: int) -> int:
    if segment.kind == "verbatim":
        return min(segment.parent_start + max(offset - segment.start, 0), segment.parent_end)
    return segment.parent_start


def _end_in_parent(segment: Segment, offset: int) -> int:
    if segment.kind == "verbatim":
        return min(segment.parent_start + max(offset - segment.start, 0), segment.parent_end)
    return segment.parent_end
