"""The tokens of a JSONata expression, read one at a time, and the errors that reading them finds.

Blanks are space, tab, line feed, carriage return and vertical tab; a name is any run of characters that are neither blank nor an
operator's. Linear in the text.
"""

import re
from collections.abc import Iterator

from asl_lint.expressions.jsonata.errors import BAD_REGEX, MAX_ERRORS, Error
from asl_lint.expressions.jsonata.nodes import Comment
from asl_lint.late import Final, Pattern

END: Final = "(end)"
NAME: Final = "(name)"
QUOTED: Final = "(quoted)"
VARIABLE: Final = "(variable)"
STRING: Final = "(string)"
NUMBER: Final = "(number)"
VALUE: Final = "(value)"
REGEX: Final = "(regex)"

_TOKEN: Final = Pattern(
    r"""([ \t\n\r\v]*)(
    \.\.? | [\[\](){},;?+\-%|=\#@^&] | :=? | [!<>]=? | \*\*? | ~>?
    | [^ \t\n\r\v.\[\]{}(),@\#;:?+\-*/%|=<>^&!~"'`0-9][^ \t\n\r\v.\[\]{}(),@\#;:?+\-*/%|=<>^&!~]*
    | "[^"\\]*(?:\\.[^"\\]*)*"
    | '[^'\\]*(?:\\.[^'\\]*)*'
    | (?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?
    | `[^`]*`
    | /\*? | ["'`]
    | \Z
    )""",
    re.VERBOSE | re.DOTALL,
)
"""Blanks and a token. Some alternative matches everywhere: a name takes every character that the others leave."""

_OPENING: Final = "(opening)"
# fmt: off
_OPERATORS: Final = (
    ".", "..", "[", "]", "(", ")", "{", "}", ",", ";", "?", "+", "-", "%", "|", "=", "#", "@", "^", "&", ":", ":=",
    "<", "<=", ">", ">=", "!=", "*", "**", "~>", "/", "!", "~", "and", "or", "in",
)
# fmt: on
_KINDS: Final = {
    **{operator: operator for operator in _OPERATORS},
    **dict.fromkeys(("true", "false", "null"), VALUE),
    **dict.fromkeys(('"', "'", "`", "/*"), _OPENING),
    "": END,
}
"""The kind of a token by its whole text."""
_FIRST: Final = {
    **dict.fromkeys("0123456789", NUMBER),
    **dict.fromkeys("\"'", STRING),
    "$": VARIABLE,
    "`": QUOTED,
}
"""The kind of another token by its first character; a name where that is none of these."""
_PLAIN: Final = frozenset({NAME, VARIABLE})
_UNUSUAL: Final = frozenset({"/", "!", "~", _OPENING})

_IN_REGEX: Final = Pattern(r"[/()\[\]{}]")
_FLAGS: Final = Pattern(r"[im]*")
_INFINITY: Final = float("inf")
_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEX: Final = Pattern(r"[0-9a-fA-F]+\Z")


class Lexer:
    """The current token of a text: ``kind`` (an operator's own text, or one of the words above), ``value`` and its place."""

    __slots__ = (
        "_endless",
        "_quiet",
        "_tokens",
        "comments",
        "end",
        "errors",
        "kind",
        "last_end",
        "regex_flags",
        "start",
        "stopped",
        "text",
        "value",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.kind = END
        self.value = ""
        self.regex_flags = ""
        self.start = 0
        self.end = 0
        self.last_end = 0
        """Where the token before the current one ended."""
        self.comments: list[Comment] = []
        self.errors: list[Error] = []
        self.stopped = False
        self._quiet = -1
        self._endless = False
        # All at once is twice as fast; behind a comment or a regular expression it would be wrong.
        self._tokens: Iterator[tuple[str, str]] = iter(_TOKEN.findall(text))

    def _one_by_one(self) -> Iterator[tuple[str, str]]:
        """The blanks and tokens from the end of the current token on, wherever that is when the next one is asked for."""
        while True:
            match = _TOKEN.match(self.text, self.end)
            assert match is not None
            yield match[1], match[2]

    def advance(self, infix: bool = False) -> None:
        """Reads the next token. After an operand (``infix``) a slash divides, elsewhere it begins a regular expression."""
        self.last_end = end = self.end
        while True:
            blanks, value = next(self._tokens, ("", ""))
            self.start = start = end + len(blanks)
            self.end = end = start + len(value)
            kind = _KINDS.get(value)
            if kind is None:
                kind = _FIRST.get(value[0], NAME)
                if kind not in _PLAIN:
                    if kind == NUMBER:
                        if len(value) > 4 and float(value) == _INFINITY:
                            self.report("S0102", start, end)
                    else:
                        value = value[1:-1]
                        if kind == STRING and "\\" in value:
                            value = self._unescaped(value, start + 1)
                    if self.stopped:
                        return
            elif kind in _UNUSUAL and not (infix and kind == "/"):
                if self._read_unusual(value):
                    return
                end = self.end
                continue
            self.kind = kind
            self.value = value
            return

    def retreat(self, kind: str, value: str, start: int, end: int, last_end: int) -> None:
        """Makes an earlier token, which is given whole, the current one again."""
        self.kind, self.value, self.start, self.end, self.last_end = kind, value, start, end, last_end
        self._tokens = self._one_by_one()
        while self.comments and self.comments[-1].start >= end:
            self.comments.pop()

    def stop(self) -> None:
        """Makes this the end of the text; nothing more is reported."""
        self.stopped = True
        self.kind = END
        self.value = ""
        self.start = self.end = len(self.text)
        self._tokens = iter(())

    def report(self, code: str, start: int, end: int, expected: str = "", opener: int | None = None) -> None:
        """Records an error, unless it lies no further than the one before it, of which it is then a consequence."""
        if self.stopped or end <= self._quiet:
            return
        from asl_lint.expressions.jsonata.messages import describe

        self._quiet = end
        message, advice = describe(code, self.text, start, end, expected, opener)
        self.errors.append(Error(code, start, end, message, advice))
        if len(self.errors) == MAX_ERRORS:
            self.stop()

    def number(self) -> int | float:
        """The current token, a number, as a value."""
        value = self.value
        return int(value) if len(value) < 16 and value.isdigit() else float(value)

    def token_text(self) -> str:
        """The current token as it counts in a lambda's signature: without blanks, quotes and the ``$`` of a variable."""
        return self.value[1:] if self.kind == VARIABLE else self.value

    def _read_unusual(self, sign: str) -> bool:
        """What begins with a sign that is no token by itself, as the current token; False where none came of it."""
        text, start = self.text, self.start
        if sign == "!" or sign == "~":
            self.kind = "~>"
            self.report("S0204", start, self.end)
            return sign == "~"
        self._tokens = self._one_by_one()
        if sign == "/":
            self._read_regex()
            return True
        self.end = len(text)
        if sign == "/*":
            self._read_comment()
            return False
        self.value = text[start + 1 :]
        self.kind = QUOTED
        if sign != "`":
            self.kind = STRING
            self.value = self._unescaped(self.value, start + 1)
        self.report("S0105" if sign == "`" else "S0101", start, self.end)
        return True

    def _read_comment(self) -> None:
        close = self.text.find("*/", self.start + 2)
        if close < 0:
            self.report("S0106", self.start, self.end)
            return
        self.comments.append(Comment(self.start, close + 2, self.text[self.start + 2 : close]))
        self.end = close + 2

    def _unescaped(self, written: str, start: int) -> str:
        """The string that is written so; it begins at ``start``."""
        if "\\" not in written:
            return written
        parts: list[str] = []
        position = 0
        surrogates = False
        while True:
            at = written.find("\\", position)
            if at < 0:
                parts.append(written[position:])
                break
            parts.append(written[position:at])
            letter = written[at + 1 : at + 2]
            position = at + 2
            if letter in _ESCAPES:
                parts.append(_ESCAPES[letter])
            elif letter == "u":
                digits = written[position : position + 4]
                if _HEX.match(digits) and (len(digits) == 4 or start + position + len(digits) == len(self.text)):
                    code = int(digits, 16)
                    surrogates = surrogates or 0xD800 <= code < 0xE000
                    parts.append(chr(code))
                    position += len(digits)
                else:
                    self.report("S0104", start + at, min(start + position + 4, len(self.text)))
            else:
                self.report("S0103", start + at, start + (position if letter else len(written)))
                parts.append(letter)
        value = "".join(parts)
        # Two escapes can make one character.
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass") if surrogates else value

    def _read_regex(self) -> None:
        """A regular expression at the current slash. It ends at a slash that is neither escaped nor between brackets.

        A bracket behind a backslash does not count, even where the backslash is itself escaped.
        """
        text, start = self.text, self.start
        self.kind = REGEX
        self.regex_flags = ""
        if self._endless:
            # It was looked for already, to the end of the text.
            self.value = ""
            self.end = self._end_of_line()
            return
        level = 0
        for match in _IN_REGEX.finditer(text, start + 1):
            at = match.start()
            character = text[at]
            if character != "/":
                if text[at - 1] != "\\":
                    level += 1 if character in "([{" else -1
            elif level == 0 and not self._is_escaped(at):
                self._end_regex(at)
                return
        self.value = text[start + 1 :]
        self.report("S0302", start, len(text))
        self._endless = True
        self.end = len(text)
        if text[start - 1 : start] == "/" and not self.stopped:
            # Most likely a comment as in other languages: what stands below it is looked at.
            self.end = self._quiet = self._end_of_line()

    def _is_escaped(self, at: int) -> bool:
        text = self.text
        first = at
        while text[first - 1] == "\\" and first > 0:
            first -= 1
        return (at - first) % 2 == 1

    def _end_regex(self, close: int) -> None:
        text, start = self.text, self.start
        self.value = text[start + 1 : close]
        if not self.value:
            self.report("S0301", start, close + 1)
            if not self.stopped:
                # Most likely such a comment, too.
                self.end = self._end_of_line()
            return
        flags = _FLAGS.match(text, close + 1)
        assert flags is not None
        self.regex_flags = flags[0]
        self.end = flags.end()
        from asl_lint.expressions.jsonata.regular_expression import pattern_fault

        fault = "repeated flags" if len(flags[0]) != len(set(flags[0])) else pattern_fault(self.value)
        if fault is not None:
            self.report(BAD_REGEX, start, self.end, fault)

    def _end_of_line(self) -> int:
        close = self.text.find("\n", self.start)
        return close if close >= 0 else len(self.text)
