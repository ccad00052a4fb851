"""The tokens of a JSONata expression, read one at a time, and the errors that reading them finds.

Blanks are space, tab, line feed, carriage return and vertical tab; a name is any run of characters that are neither blank nor an
operator's. Linear in the text.
"""

import re
from typing import Final

from asl_lint.expressions.jsonata.errors import BAD_REGEX, MAX_ERRORS, Error
from asl_lint.expressions.jsonata.nodes import Comment

END: Final = "(end)"
NAME: Final = "(name)"
QUOTED: Final = "(quoted)"
VARIABLE: Final = "(variable)"
STRING: Final = "(string)"
NUMBER: Final = "(number)"
VALUE: Final = "(value)"
REGEX: Final = "(regex)"

_TOKEN: Final = re.compile(
    r"""[ \t\n\r\v]*(?:
    (\$[^ \t\n\r\v.\[\]{}(),@\#;:?+\-*/%|=<>^&!~]*)
    |([^ \t\n\r\v.\[\]{}(),@\#;:?+\-*/%|=<>^&!~"'`0-9][^ \t\n\r\v.\[\]{}(),@\#;:?+\-*/%|=<>^&!~]*)
    |(\.\.?|[\[\](){},;?+\-%|=\#@^&]|:=?|[!<>]=?|\*\*?|~>?|/(?!\*))
    |("[^"\\]*"|'[^'\\]*')
    |((?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?)
    |(`[^`]*`)
    |(\Z)
    |(["'`/])
    )""",
    re.VERBOSE,
)
_VARIABLE, _NAME, _OPERATOR, _STRING, _NUMBER, _QUOTED, _END, _OTHER = range(1, 9)

_WORDS: Final = {"and": "and", "or": "or", "in": "in", "true": VALUE, "false": VALUE, "null": VALUE}
_UNUSUAL: Final = frozenset("/!~")
_IN_REGEX: Final = re.compile(r"[/()\[\]{}]")
_FLAGS: Final = re.compile(r"[im]*")
_IN_STRING: Final = {'"': re.compile(r'["\\]'), "'": re.compile(r"['\\]")}
_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_HEX: Final = re.compile(r"[0-9a-fA-F]+\Z")


class Lexer:
    """The current token of a text: ``kind`` (an operator's own text, or one of the words above), ``value`` and its place."""

    __slots__ = ("_quiet", "comments", "end", "errors", "kind", "last_end", "regex_flags", "start", "stopped", "text", "value")

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

    def advance(self, infix: bool = False) -> None:
        """Reads the next token. After an operand (``infix``) a slash divides, elsewhere it begins a regular expression."""
        position = self.last_end = self.end
        text = self.text
        while True:
            match = _TOKEN.match(text, position)
            # Whatever stands there, some alternative matches: names take every character that the others leave.
            assert match is not None
            group = match.lastindex or 0
            self.start, self.end = match.span(group)
            self.value = value = match[group]
            if group == _VARIABLE:
                self.kind = VARIABLE
            elif group == _OPERATOR:
                self.kind = value
                if value in _UNUSUAL:
                    if value != "/":
                        self.report("S0204", self.start, self.end)
                        position = self.end
                        continue
                    if not infix:
                        self._read_regex()
            elif group == _NAME:
                self.kind = _WORDS.get(value, NAME)
            elif group == _STRING:
                self.kind = STRING
                self.value = value[1:-1]
            elif group == _NUMBER:
                self.kind = NUMBER
                if len(value) > 4 and float(value) == float("inf"):
                    self.report("S0102", self.start, self.end)
            elif group == _END:
                self.kind = END
            elif group == _QUOTED:
                self.kind = QUOTED
                self.value = value[1:-1]
            elif value == "/":
                position = self._read_comment()
                continue
            else:
                self._read_unusual(value)
            return

    def stop(self) -> None:
        """Makes this the end of the text; nothing more is reported."""
        self.stopped = True
        self.kind = END
        self.value = ""
        self.start = self.end = len(self.text)

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

    def _read_comment(self) -> int:
        start = self.start
        close = self.text.find("*/", start + 2)
        if close < 0:
            self.report("S0106", start, len(self.text))
            return len(self.text)
        self.comments.append(Comment(start, close + 2, self.text[start + 2 : close]))
        return close + 2

    def _read_unusual(self, quote: str) -> None:
        """A string with escapes, or something between quotes that does not end."""
        if quote == "`":
            self.kind = QUOTED
            self.value = self.text[self.start + 1 :]
            self.end = len(self.text)
            self.report("S0105", self.start, self.end)
            return
        self.kind = STRING
        text = self.text
        special = _IN_STRING[quote]
        parts: list[str] = []
        position = self.start + 1
        surrogates = False
        while True:
            match = special.search(text, position)
            if match is None:
                parts.append(text[position:])
                self.end = len(text)
                self.report("S0101", self.start, self.end)
                break
            at = match.start()
            parts.append(text[position:at])
            if text[at] == quote:
                self.end = at + 1
                break
            letter = text[at + 1 : at + 2]
            position = at + 2
            if letter in _ESCAPES:
                parts.append(_ESCAPES[letter])
            elif letter == "u":
                digits = text[position : position + 4]
                if _HEX.match(digits):
                    code = int(digits, 16)
                    surrogates = surrogates or 0xD800 <= code < 0xE000
                    parts.append(chr(code))
                    position += len(digits)
                else:
                    self.report("S0104", at, min(position + 4, len(text)))
            else:
                self.report("S0103", at, position if letter else len(text))
                parts.append(letter)
        value = "".join(parts)
        if surrogates:
            # Two escapes can make one character.
            value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        self.value = value

    def _read_regex(self) -> None:
        """A regular expression at the current slash. It ends at a slash that is neither escaped nor between brackets.

        A bracket behind a backslash does not count, even where the backslash is itself escaped.
        """
        text, start = self.text, self.start
        self.kind = REGEX
        self.regex_flags = ""
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
        self.end = self._end_of_line() if text[start - 1 : start] == "/" else len(text)

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
            # Most likely a comment as in other languages.
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
