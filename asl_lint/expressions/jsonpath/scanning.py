"""What the readers of paths and of calls share: placeholders masked, brackets matched, texts quoted in messages. Linear."""

from asl_lint.late import Final, Pattern
from asl_lint.source.placeholders import PLACEHOLDER, has_placeholder

MASK: Final = "\ue000"
"""What stands for each character of a placeholder while a text is parsed: a private character that no grammar knows."""

BLANKS: Final = " \t\r\n"

_NESTING: Final = Pattern(
    r"""\\[\s\S]|=~\s*+/(?:[^/\\]|\\[\s\S])*/|'[^'\\]*+(?:\\[\s\S][^'\\]*+)*'|"[^"\\]*+(?:\\[\s\S][^"\\]*+)*"|[\[\](){}]"""
)
_CLOSERS: Final = {"[": "]", "(": ")", "{": "}"}
_ARGUMENT_BREAK: Final = Pattern(r"\\[\s\S]|[\[(,) \t\r\n]")


def mask(text: str) -> str:
    """The text with each character of its placeholders replaced by ``MASK``; the same object where it has none."""
    if not has_placeholder(text):
        return text
    return PLACEHOLDER.sub(lambda match: MASK * len(match[0]), text)


def path_end(text: str, start: int, end: int) -> int:
    """Where the path at ``start`` ends as an argument: before a comma, a blank or the closing parenthesis of the call."""
    at = start
    for match in _ARGUMENT_BREAK.finditer(text, start, end):
        if match.start() < at:
            continue
        found = match[0]
        if found[0] in "[(":
            close = closing(text, match.start(), end)
            if close < 0:
                return end
            at = close + 1
        elif found[0] != "\\":
            return match.start()
    return end


def closing(text: str, opening: int, end: int) -> int:
    """The place of the bracket that closes the one at ``opening``, or -1; strings and regular expressions are passed over."""
    expected: list[str] = []
    for match in _NESTING.finditer(text, opening, end):
        found = match[0]
        if found in _CLOSERS:
            expected.append(_CLOSERS[found])
        elif found in "])}" and found == expected[-1]:
            expected.pop()
            if not expected:
                return match.start()
    return -1


def shown(text: str) -> str:
    """A text as a message quotes it: on one line, cut after 40 characters."""
    line = " ".join(text[:_LOOKED_AT].split())
    return line if len(line) <= 40 and len(text) <= _LOOKED_AT else line[:39] + "…"


_LOOKED_AT: Final = 100
