"""Source frames: the lines of a file that a finding speaks of, numbered, with carets under the exact characters.

Spans are offsets in characters of the file's text; lines too long for the width are cut around the span. The cost of a frame
follows the width, not the length of the file or of the line.
"""

from collections.abc import Iterator, Sequence

from asl_lint.late import Final, NamedTuple
from asl_lint.output.characters import cells
from asl_lint.output.palette import Palette
from asl_lint.source.text import Text

ELLIPSIS: Final = "…"
LEAST_WIDTH: Final = 20
NEAR: Final = 10  # lines between two places that still share a frame


class Mark(NamedTuple):
    """A place to underline: ``^^^`` for the finding's own (``role`` is its severity), ``---`` for another, with a few words."""

    start: int
    end: int
    primary: bool
    role: str
    label: str = ""


class _Piece(NamedTuple):
    """What a mark underlines on one line. A mark over several lines carries its label on the last of them."""

    start: int
    end: int
    mark: Mark
    label: str


class _Extent(NamedTuple):
    """A mark, cut to the text, and the first and the last line that it touches."""

    first: int
    last: int
    mark: Mark


class Excerpt(NamedTuple):
    """The part of a line that is shown; ``edges`` are the cells at which its characters, from offset ``start`` on, begin."""

    text: str
    start: int
    edges: Sequence[int]

    def cell(self, offset: int) -> int:
        """The cell at which a character is shown; those that were cut away lie at the excerpt's ends."""
        return self.edges[min(max(offset - self.start, 0), len(self.edges) - 1)]


def gutter_width(text: Text, marks: Sequence[Mark]) -> int:
    """The digits of the greatest line number that the frames of these marks show."""
    return len(str(max(_extent(text, mark).last for mark in marks)))


def groups(text: Text, marks: Sequence[Mark], width: int) -> list[list[Mark]]:
    """The marks by frame, the first mark's frame first: places near each other share one. ``width`` is that of a source line."""
    frames: list[list[_Extent]] = [[_extent(text, marks[0])]]
    for extent in sorted((_extent(text, mark) for mark in marks[1:]), key=lambda extent: extent.mark[:2]):
        for frame in frames:
            if all(_share_a_frame(text, extent, other, width) for other in frame):
                frame.append(extent)
                break
        else:
            frames.append([extent])
    return [[extent.mark for extent in frame] for frame in frames]


def frame(text: Text, marks: Sequence[Mark], gutter: int, width: int, palette: Palette) -> Iterator[str]:
    """The lines of one frame, without line ends: source lines and, under them, the marks. ``width`` is that of a source line."""
    pieces: dict[int, list[_Piece]] = {}
    for mark in marks:
        for line, piece in _pieces(text, _extent(text, mark)):
            pieces.setdefault(line, []).append(piece)
    bar = palette.paint("|", "frame")
    margin = f"{' ' * gutter} {bar}"
    yield margin
    before = 0
    for line in sorted(pieces):
        if before and line == before + 2:
            yield _source_line(text, before + 1, [], gutter, width, palette)[0]
        elif before and line > before + 2:
            yield palette.paint("...", "frame")
        numbered, excerpt = _source_line(text, line, pieces[line], gutter, width, palette)
        yield numbered
        for row in _rows(pieces[line], excerpt, palette):
            yield f"{margin} {row}"
        before = line


def _extent(text: Text, mark: Mark) -> _Extent:
    start, end = text.position(mark.start), text.position(mark.end)
    mark = mark._replace(start=start.offset, end=max(end.offset, start.offset))
    last = max(end.line, start.line)
    if end.column == 1 and last > start.line:
        last -= 1  # the span ends with the line break before
    return _Extent(start.line, last, mark)


def _share_a_frame(text: Text, one: _Extent, other: _Extent, width: int) -> bool:
    """Whether two places are near each other and, where they meet on a line, can be seen at once."""
    if max(one.first, other.first) - min(one.last, other.last) > NEAR + 1:
        return False
    starts = {line: piece.start for line, piece in _pieces(text, one)}
    for line, piece in _pieces(text, other):
        if line in starts:
            low, high = sorted((starts[line], piece.start))
            if high - low > width or sum(cells(text.content[low:high])[1]) > width * 2 // 3:
                return False
    return True


def _pieces(text: Text, extent: _Extent) -> Iterator[tuple[int, _Piece]]:
    """The lines on which the mark is drawn: of a long span the first and the last."""
    first, last, mark = extent
    for line in range(first, last + 1) if last - first <= 2 else (first, last):
        start, end = _bounds(text, line)
        if line > first:  # not under the indentation
            indented = text.content[start : min(end, start + 1000)]
            start += len(indented) - len(indented.lstrip())
        piece_start = min(max(mark.start, start), end) if line == first else start
        piece_end = min(max(mark.end, piece_start), end) if line == last else end
        yield line, _Piece(piece_start, piece_end, mark, mark.label if line == last else "")


def _bounds(text: Text, line: int) -> tuple[int, int]:
    """The offsets at which a line begins and ends, without its line break."""
    starts = text.line_starts
    start = starts[line - 1]
    end = starts[line] if line < len(starts) else len(text.content)
    while end > start and text.content[end - 1] in "\r\n":
        end -= 1
    return start, end


def _source_line(
    text: Text, line: int, pieces: Sequence[_Piece], gutter: int, width: int, palette: Palette
) -> tuple[str, Excerpt]:
    start, end = _bounds(text, line)
    focus_start = min((piece.start for piece in pieces), default=start)
    focus_end = max((piece.end for piece in pieces), default=start)
    excerpt = cut(text.content, start, end, focus_start, focus_end, width)
    number = palette.paint(str(line).rjust(gutter), "frame")
    return f"{number} {palette.paint('|', 'frame')} {excerpt.text}".rstrip(), excerpt


def cut(content: str, start: int, end: int, focus_start: int, focus_end: int, width: int) -> Excerpt:
    """The line ``content[start:end]`` within ``width`` cells: whole, or the part around the focus between ellipses."""
    if start == 0 and content.startswith("\ufeff"):
        start = 1  # a byte order mark belongs to the encoding
    low = max(start, focus_start - width)
    high = max(low, min(end, focus_end + width, focus_start + 2 * width))
    shown, widths = cells(content[low:high])
    first, last = 0, len(shown)
    if low > start or high < end or sum(widths) > width:
        first, last = _window(widths, max(focus_start - low, 0), min(focus_end, high) - low, width - 2 * len(ELLIPSIS))
    text = "".join(shown[first:last])
    at = 0
    if low + first > start:
        text, at = ELLIPSIS + text, len(ELLIPSIS)
    if low + last < end:
        text += ELLIPSIS
    edges = [at]
    for size in widths[first:last]:
        at += size
        edges.append(at)
    return Excerpt(text, low + first, edges)


def _window(widths: Sequence[int], focus_start: int, focus_end: int, room: int) -> tuple[int, int]:
    """The indices of as many cells as there is room for, around the focus; of a wide one, its beginning and what is before."""
    focus = sum(widths[focus_start:focus_end])
    spare = room - min(focus, room * 3 // 4)
    before = spare if focus > room else max(spare // 2, spare - sum(widths[focus_end:]))
    first = last = focus_start
    while first > 0 and widths[first - 1] <= before:
        first -= 1
        before -= widths[first]
        room -= widths[first]
    while last < len(widths) and widths[last] <= room:
        room -= widths[last]
        last += 1
    while first < focus_start and widths[first] == 0:
        first += 1  # a combining character without its base
    return first, last


def _rows(pieces: Sequence[_Piece], excerpt: Excerpt, palette: Palette) -> Iterator[str]:
    """The rows of marks under a source line: the finding's own first, the others to the right of it while there is space."""
    row, end, labelled = "", 0, False
    for piece in sorted(pieces, key=lambda piece: (not piece.mark.primary, piece.start, piece.end)):
        start, stop = excerpt.cell(piece.start), excerpt.cell(piece.end)
        stop = max(stop, start + 1)
        if row and (labelled or start <= end):
            yield row
            row, end = "", 0
        underline = ("^" if piece.mark.primary else "-") * (stop - start)
        role = piece.mark.role
        row += " " * (start - end) + palette.paint(underline, role)
        end = stop
        labelled = bool(piece.label)
        if labelled:
            row += " " + palette.paint(piece.label, role)
    yield row
