"""JSON strings: what their escapes stand for, and a Text of the decoded characters that traces each to the file.

Total: an escape that JSON does not know stands for itself, a lone surrogate stays one, a quote that is missing is not needed.
"""

import re
from collections.abc import Iterator

from asl_lint.late import Final, Pattern
from asl_lint.source.document import NodeSpan
from asl_lint.source.text import Segment, Span, Text

ESCAPE: Final = Pattern(
    r'\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|["\\/bfnrt])',
)
_SHORT: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
# In broken text a backslash may stand before anything; it and what follows it are then characters like any other.
_BACKSLASH: Final = Pattern(ESCAPE.pattern + r"|\\[\s\S]?")
_QUOTES: Final = {'"': '"', "'": "'", "“": "”„“", "”": "”„“", "„": "”„“"}


def string_text(text: Text, node: NodeSpan) -> Text:
    """The decoded string that stands at ``node.value`` as a Text over ``text``.

    A value that is no string gives its own characters, unchanged. Time and memory grow with the string's length.
    """
    start, end = string_content(text.content, node.value)
    raw = text.content[start:end]
    if "\\" not in raw:
        return Text(raw, text, (Segment(0, end - start, start, end),))
    parts: list[str] = []
    segments: list[Segment] = []
    done = length = 0
    for escape in _BACKSLASH.finditer(raw):
        if not ESCAPE.fullmatch(escape[0]):
            continue
        at = escape.start()
        if at > done:
            parts.append(raw[done:at])
            segments.append(Segment(length, length + at - done, start + done, start + at))
            length += at - done
        done = escape.end()
        parts.append(unescape(escape[0]))
        segments.append(Segment(length, length + 1, start + at, start + done, "escape"))
        length += 1
    if done < len(raw) or not segments:
        parts.append(raw[done:])
        segments.append(Segment(length, length + len(raw) - done, start + done, end))
    return Text("".join(parts), text, segments)


def decoded(raw: str) -> str:
    """The characters that the inside of a string (without its quotes) stands for."""
    if "\\" not in raw:
        return raw
    return _BACKSLASH.sub(_replacement, raw)


def string_content(content: str, span: Span) -> Span:
    """The inside of the string at ``span``: without its quotes, as far as it has them; any other value as a whole."""
    start, end = span
    closing = _QUOTES.get(content[start : start + 1], "")
    if closing:
        start += 1
    else:
        closing = '"'
    if end > start and content[end - 1] in closing:
        backslashes = end - 1 - len(content[start : end - 1].rstrip("\\")) - start
        if backslashes % 2 == 0:
            end -= 1
    return Span(start, end)


def unescape(escape: str) -> str:
    """The one character that a valid escape (or a pair of escaped surrogates) stands for."""
    if escape[1] != "u":
        return _SHORT[escape[1]]
    high = int(escape[2:6], 16)
    if len(escape) == 6:
        return chr(high)
    return chr(0x10000 + ((high - 0xD800) << 10) + int(escape[8:12], 16) - 0xDC00)


def bad_escapes(raw: str) -> "Iterator[re.Match[str]]":
    """The backslashes of a string's inside that begin no escape of JSON, each with the character that follows it."""
    return (match for match in _BACKSLASH.finditer(raw) if not ESCAPE.fullmatch(match[0]))


def _replacement(match: "re.Match[str]") -> str:
    return unescape(match[0]) if ESCAPE.fullmatch(match[0]) else match[0]
