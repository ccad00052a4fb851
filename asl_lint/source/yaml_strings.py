"""Decodes a YAML scalar with a map: every character of the string knows the characters of the file that it came from.

Plain, single-quoted, double-quoted, literal and folded scalars, as libyaml reads them; linear in the scalar's length. The
parser's reading is the authority: where ours should differ, the whole string stands for the whole scalar (one opaque segment).
"""

import re

from asl_lint.late import Final
from asl_lint.source.text import Segment, Text

BREAKS: Final = "\r\n\x85\u2028\u2029"
_BREAK: Final = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_WHITE: Final = re.compile(r"[ \t\r\n\x85\u2028\u2029]+")
_LEADING: Final = re.compile(r"[ \t]*")
_PLAIN_RUN: Final = re.compile(r"[^ \t\r\n\x85\u2028\u2029]+")
_SINGLE_RUN: Final = re.compile(r"[^ \t\r\n\x85\u2028\u2029']+")
_DOUBLE_RUN: Final = re.compile(r"[^ \t\r\n\x85\u2028\u2029\\]+")
_ESCAPED_BREAK: Final = re.compile(r"\\(?:\r\n|[\r\n\x85\u2028\u2029])[ \t\r\n\x85\u2028\u2029]*")
_HEADER: Final = re.compile(r"[|>]([-+0-9]*)[ \t]*(?:#[^\r\n\x85\u2028\u2029]*)?(?:\r\n|[\r\n\x85\u2028\u2029]|\Z)")
_HEX_LENGTH: Final = {"x": 2, "u": 4, "U": 8}
_ESCAPES: Final = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b", " ": " ",
    '"': '"', "'": "'", "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


class _Builder:
    """Collects the decoded pieces and their segments; neighbouring verbatim pieces become one."""

    __slots__ = ("content", "length", "pieces", "segments")

    def __init__(self, content: str) -> None:
        self.content = content
        self.pieces: list[str] = []
        self.segments: list[Segment] = []
        self.length = 0

    def verbatim(self, start: int, end: int) -> None:
        """The file's characters ``start:end`` as they are."""
        if start == end:
            return
        begin = self.length
        self.pieces.append(self.content[start:end])
        self.length += end - start
        if self.segments:
            last = self.segments[-1]
            if last.kind == "verbatim" and last.parent_end == start:
                self.segments[-1] = Segment(last.start, self.length, last.parent_start, end)
                return
        self.segments.append(Segment(begin, self.length, start, end))

    def escape(self, piece: str, start: int, end: int) -> None:
        """``piece`` stands for the file's characters ``start:end``."""
        if piece:
            self.pieces.append(piece)
            self.segments.append(Segment(self.length, self.length + len(piece), start, end, "escape"))
            self.length += len(piece)

    def line_break(self, start: int, end: int) -> None:
        """A line break that the scalar keeps."""
        if self.content[start:end] in ("\n", "\u2028", "\u2029"):
            self.verbatim(start, end)
        else:
            self.escape("\n", start, end)


def decode(text: Text, start: int, stop: int, style: str, value: str) -> Text:
    """The string of a scalar as a Text over ``text``.

    ``start`` is the offset of its first character (quote or block indicator included), ``stop`` the parser's end of it, ``style``
    one of ``""`` (plain), ``'``, ``"``, ``|``, ``>``; ``value`` what the parser read.
    """
    builder = _Builder(text.content)
    if style in ("|", ">"):
        _block(builder, start, stop, style == ">", value)
    elif style:
        _flow(builder, start + 1, stop - 1, style)
    else:
        _flow(builder, start, stop, "")
    if "".join(builder.pieces) == value:
        return Text(value, text, builder.segments)
    return Text(value, text, [Segment(0, len(value), start, stop, "opaque")])


def block_header_end(content: str, start: int) -> int:
    """Where the first line of a block scalar begins, after the indicator's own line."""
    header = _HEADER.match(content, start)
    return header.end() if header else start


def _flow(builder: _Builder, start: int, stop: int, style: str) -> None:
    content = builder.content
    run = {"": _PLAIN_RUN, "'": _SINGLE_RUN, '"': _DOUBLE_RUN}[style]
    at = start
    while at < stop:
        if found := run.match(content, at, stop):
            builder.verbatim(at, found.end())
            at = found.end()
        elif found := _WHITE.match(content, at, stop):
            _fold(builder, at, found.end())
            at = found.end()
        elif style == "'":
            builder.escape("'", at, at + 2)
            at += 2
        else:
            at = _escape(builder, at, stop)


def _fold(builder: _Builder, start: int, end: int) -> None:
    """White space between two words: blanks stay, one line break is a space, of more all but the first stay."""
    breaks = [b.group() for b in _BREAK.finditer(builder.content, start, end)]
    if not breaks:
        builder.verbatim(start, end)
    elif breaks[0] in ("\u2028", "\u2029"):
        builder.escape(_normal(breaks), start, end)
    else:
        builder.escape(_normal(breaks[1:]) or " ", start, end)


def _normal(breaks: list[str]) -> str:
    return "".join(b if b in ("\u2028", "\u2029") else "\n" for b in breaks)


def _escape(builder: _Builder, at: int, stop: int) -> int:
    content = builder.content
    line_end = _ESCAPED_BREAK.match(content, at, stop)
    if line_end:
        breaks = [b.group() for b in _BREAK.finditer(content, at, line_end.end())]
        builder.escape(_normal(breaks[1:]), at, line_end.end())
        return line_end.end()
    letter = content[at + 1 : at + 2]
    length = _HEX_LENGTH.get(letter, 0)
    end = min(at + 2 + length, stop)
    builder.escape(chr(int(content[at + 2 : end], 16)) if length else _ESCAPES.get(letter, letter), at, end)
    return end


def _block(builder: _Builder, start: int, stop: int, folded: bool, value: str) -> None:
    content = builder.content
    header = _HEADER.match(content, start, stop)
    if header is None:
        return
    lines = _lines(content, header.end(), stop)
    indent = _indentation(content, lines, value)
    previous: tuple[int, int] | None = None  # the line break that ended the last line with text
    blank: list[tuple[int, int]] = []  # those of the empty lines since
    was_indented = True  # the first line follows no other: nothing to fold
    for begin, end, after in lines:
        first = begin
        while first < end and first - begin < indent and content[first] == " ":
            first += 1
        if first == end:
            if after > end:
                blank.append((end, after))
            continue
        is_indented = content[first] in " \t"
        if previous:
            folds = folded and not was_indented and not is_indented and content[previous[0]] not in "\u2028\u2029"
            if not folds:
                builder.line_break(*previous)
            elif not blank:
                builder.escape(" ", *previous)
        for empty in blank:
            builder.line_break(*empty)
        blank.clear()
        builder.verbatim(first, end)
        previous, was_indented = (end, after) if after > end else None, is_indented
    chomping = header.group(1)
    if "-" not in chomping and previous:
        builder.line_break(*previous)
    if "+" in chomping:
        for empty in blank:
            builder.line_break(*empty)


def _lines(content: str, start: int, stop: int) -> list[tuple[int, int, int]]:
    """The lines of a stretch: where each begins, where its text ends, where its line break ends."""
    lines = []
    for found in _BREAK.finditer(content, start, stop):
        lines.append((start, *found.span()))
        start = found.end()
    if start < stop:
        lines.append((start, stop, stop))
    return lines


def _indentation(content: str, lines: list[tuple[int, int, int]], value: str) -> int:
    """The spaces that every line of the scalar leaves out, found from the first line of text in what the parser read."""
    text = value.lstrip(BREAKS)
    if not text:
        return max((end - begin for begin, end, _ in lines), default=0)
    kept = _LEADING.match(text)
    before = sum(1 for _ in _BREAK.finditer(value[: len(value) - len(text)]))
    if kept is None or before >= len(lines):
        return 0
    begin, end, _ = lines[before]
    blanks = _LEADING.match(content, begin, end)
    return max((blanks.end() if blanks else begin) - begin - kept.end(), 0)
