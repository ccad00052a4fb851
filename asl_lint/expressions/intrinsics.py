"""Intrinsic function calls of JSONPath states: the tree of calls with spans, and what is wrong. Total, linear in the text.

Here is the syntax; ``intrinsic_functions`` says what each of the 18 functions takes. Paths are read by ``jsonpath``.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from asl_lint.expressions.intrinsic_functions import FUNCTIONS, Argument, Call, call_errors
from asl_lint.expressions.jsonpath import MOST_ERRORS, REMEMBERED, Path, PathError, parse_path, path_within, unsure
from asl_lint.expressions.jsonpath.scanning import BLANKS, MASK, closing, mask, path_end, shown
from asl_lint.late import Final, Literal, NamedTuple, Pattern
from asl_lint.near import near

DEEPEST: Final = 10
"""Calls inside each other that the service takes, and calls in one field (developer guide, intrinsic functions)."""


class Intrinsic(NamedTuple):
    """A parsed text that should be an intrinsic function call. ``call`` is None where it does not begin like one.

    ``errors`` are those of the call, of every call in it and of the paths; in the order of their places, at most
    ``jsonpath.MOST_ERRORS``.
    """

    text: str
    call: Call | None
    errors: tuple[PathError, ...]

    def calls(self) -> Iterator[Call]:
        """Every call, the outer ones first."""
        pending = [self.call] if self.call else []
        while pending:
            call = pending.pop()
            yield call
            pending += [argument.call for argument in reversed(call.arguments) if argument.call]

    def paths(self) -> Iterator[Path]:
        """Every path that stands as an argument, in no call's order but the text's."""
        return iter(sorted((a.path for call in self.calls() for a in call.arguments if a.path), key=_start))


@lru_cache(REMEMBERED)
def parse_intrinsic(text: str) -> Intrinsic:
    """The call that a text is. Never raises."""
    masked = mask(text)
    reader = _Reader(text, masked)
    call = reader.read()
    errors = tuple(sorted(reader.errors[:MOST_ERRORS], key=_start))
    return Intrinsic(text, call, errors if masked is text else unsure(errors))


@lru_cache(REMEMBERED)
def parse_dynamic(text: str) -> Path | Intrinsic:
    """The path or the call that the value of a ``.$`` member is. What is neither comes as a path without a root."""
    written = text.strip(BLANKS)
    if written.startswith(("$", "{%")) or not written:
        return parse_path(text)
    if _CALL.match(written):
        return parse_intrinsic(text)
    path = parse_path(text)
    if path.root != "none":
        return path
    said = 'leave the ".$" off the key for a fixed text'
    inner = _INNER_PATH.search(written)
    if inner:
        said = f"to put a value into a text, write States.Format('… {{}}', {shown(inner[0])})"
    elif _MEMBERS.fullmatch(written):
        said = f"write $.{shown(written)}, or {said}"
    message = f"{shown(written)} is neither a path nor an intrinsic function call"
    error = path.errors[-1]._replace(code="neither-path-nor-call", message=message, help=said)
    return path._replace(errors=(error,))


_CALL: Final = Pattern(r"States\b|[A-Za-z_][\w.]*\s*\(")
_MEMBERS: Final = Pattern(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*")
_INNER_PATH: Final = Pattern(r"\$\$?\w*[.\[][^\s,;'\"]*")
_NAME: Final = Pattern(r"[A-Za-z_][\w.]*+")
_STRING: Final = Pattern(r"'([^'\\]*+(?:\\[\s\S][^'\\]*+)*)'")
_DOUBLE: Final = Pattern(r'"([^"\\]*+(?:\\[\s\S][^"\\]*+)*)"')
_NUMBER: Final = Pattern(r"-?(?:0|[1-9][0-9]*+)(\.[0-9]++)?([eE][+-]?[0-9]++)?(?=[\s,)]|\Z)")
_WORD: Final = Pattern(r"[^\s,()'\"]++")
_ESCAPE: Final = Pattern(r"\\([\s\S])")
_OPERATORS: Final = "+-*/%&|<>=!?"
_CONSTANTS: Final[dict[str, tuple[Literal["boolean", "null"], bool | None]]] = {
    "true": ("boolean", True), "false": ("boolean", False), "null": ("null", None),
}  # fmt: skip
_MISSPELT: Final = {"True": "true", "TRUE": "true", "False": "false", "FALSE": "false", "None": "null", "NULL": "null"}
_SHORT_NAMES: Final = tuple(name.removeprefix("States.") for name in FUNCTIONS)
_LONGEST_NAME: Final = 60
"""Characters beyond which no name was meant to be that of a function: twice the longest."""

_SWALLOWING: Final = ("unclosed-bracket", "unterminated-string")
"""Errors of a path after which all that follows was taken for a part of it."""

_TOO_DEEP: Final = 100
"""Calls inside each other beyond which reading stops."""


class _Frame:
    """A call that is being read. ``comma`` is the place of its last comma, -1 where an argument has followed it."""

    __slots__ = ("arguments", "comma", "name", "opening", "start", "wants")

    def __init__(self, name: str, start: int, opening: int) -> None:
        self.name = name
        self.start = start
        self.opening = opening
        self.arguments: list[Argument] = []
        self.comma = -1
        self.wants = True


class _Reader:
    __slots__ = ("end", "errors", "given_up", "masked", "stack", "text")

    def __init__(self, text: str, masked: str) -> None:
        self.text = text
        self.masked = masked
        self.end = len(text)
        self.errors: list[PathError] = []
        self.stack: list[_Frame] = []
        self.given_up = False

    def read(self) -> Call | None:
        text = self.masked
        while self.end and text[self.end - 1] in BLANKS:
            self.end -= 1
        at = self._skip(0)
        if at:
            self._error(
                0, at, "leading-blank", "a call begins with the function's name, not with a blank", "remove it", sure=False
            )
        name = _NAME.match(text, at, self.end)
        opening = self._skip(name.end()) if name else self.end
        if name is None or opening == self.end or text[opening] != "(":
            self._no_call(at, name.end() if name else self.end)
            return None
        self._open(name[0], at, opening)
        call, at = self._arguments(opening + 1)
        at = self._skip(at)
        if at < self.end and len(self.errors) < MOST_ERRORS:
            self._trailing(call, at)
        return call

    # --- the whole ----------------------------------------------------------------------------------------------------------

    def _no_call(self, start: int, end: int) -> None:
        name = self.text[start:end]
        if not self.text[start : self.end]:
            self._error(0, len(self.text), "not-a-call", "a call cannot be empty", "write States.Format('{}', $.name)")
        elif (meant := _meant(name)) is None:
            said = "a call is written States.Format('{}', $.name)"
            self._error(
                start, self.end, "not-a-call", f"{shown(self.text[start : self.end])} is not an intrinsic function call", said
            )
        else:
            said = f"write {FUNCTIONS[meant].usage}"
            self._error(start, end, "missing-parenthesis", f"( must follow {shown(name)}", said)

    def _trailing(self, call: Call, at: int) -> None:
        found = self.text[at : self.end]
        if found[0] == ")":
            self._error(at, self.end, "unopened-parenthesis", f"{shown(found)} closes nothing", "remove it")
        elif found[0] in ".[":
            self._access(call, at, self.end)
        else:
            said = "to put texts together, write States.Format('{}{}', …)" if found[0] in _OPERATORS else "remove it"
            self._error(at, self.end, "trailing-text", f"{shown(found)} follows the call", said)

    def _access(self, call: Call | None, start: int, end: int) -> None:
        called = call.name if call else "the call"
        index = re.match(r"\[(\d+)\]", self.text[start:end])
        said = (
            f"write States.ArrayGetItem({called}(…), {index[1]})"
            if index
            else "name the result in a Pass state first, then read its member"
        )
        self._error(start, end, "access-to-result", f"{shown(self.text[start:end])} cannot follow a call", said)

    # --- arguments ----------------------------------------------------------------------------------------------------------

    def _open(self, name: str, start: int, opening: int) -> None:
        named = start + len(name)
        if opening > named:
            message = f"( must follow {shown(name)} at once"
            self._error(named, opening, "blank-before-parenthesis", message, "remove the blank", sure=False)
        if name not in FUNCTIONS:
            meant = _meant(name)
            said = f'did you mean "{meant}"?' if meant else "there are " + ", ".join(FUNCTIONS)
            self._error(start, named, "unknown-function", f"there is no intrinsic function {shown(name)}", said)
        self.stack.append(_Frame(name, start, opening))

    def _arguments(self, at: int) -> tuple[Call, int]:
        """Reads from behind the opening parenthesis of the one open call to behind the one that closes it."""
        text, stack = self.masked, self.stack
        total = deepest = 1
        call = _NO_CALL
        while stack:
            frame = stack[-1]
            at = self._skip(at)
            if at >= self.end or len(self.errors) >= MOST_ERRORS:
                if not self.given_up:
                    self._unclosed()
                while stack:
                    call = self._close(stack.pop(), self.end, whole=False)
                return call, self.end
            c = text[at]
            if c == ")":
                if frame.wants and frame.comma >= 0:
                    comma = frame.comma
                    self._error(
                        comma, comma + 1, "missing-argument", "an argument is missing after the comma", "remove the comma"
                    )
                at += 1
                call = self._close(stack.pop(), at)
            elif c == ",":
                if frame.wants:
                    self._error(at, at + 1, "missing-argument", "an argument is missing before the comma", "remove the comma")
                frame.comma, frame.wants = at, True
                at += 1
            elif frame.wants:
                at = self._argument(frame, at)
                if stack[-1] is not frame:
                    total += 1
                    deepest = max(deepest, len(stack))
                    if len(stack) == DEEPEST + 1:
                        inner = stack[-1]
                        message = f"more than {DEEPEST} calls stand inside each other"
                        self._error(
                            inner.start, inner.opening, "nested-too-deeply", message, "compute a part in a Pass state before"
                        )
                    if len(stack) > _TOO_DEEP:
                        at = self._give_up()
            else:
                at = self._separator(frame, at)
        if total > DEEPEST >= deepest:
            message = f"{total} calls in one field, and {DEEPEST} are documented as the most"
            self._error(call.start, call.end, "too-many-calls", message, "compute a part in a Pass state before", sure=False)
        return call, at

    def _close(self, frame: _Frame, end: int, whole: bool = True) -> Call:
        """The call, as an argument of the one around it. What it holds is checked where all of it could be read."""
        call = Call(frame.name, frame.start, end, frame.start + len(frame.name), tuple(frame.arguments))
        # The two sides of an operator are no arguments of their own.
        whole = whole and not any(error.code == "operator" and error.start >= frame.start for error in self.errors)
        if whole and len(self.errors) < MOST_ERRORS:
            self.errors += call_errors(call, self.masked)
        if self.stack:
            outer = self.stack[-1]
            outer.arguments.append(Argument("call", frame.start, end, None, None, call))
            outer.wants = False
        return call

    def _unclosed(self) -> None:
        if len(self.errors) < MOST_ERRORS:
            opening, count = self.stack[-1].opening, len(self.stack)
            message = f"the ( after {shown(self.stack[-1].name)} is never closed"
            self._error(opening, opening + 1, "unclosed-parenthesis", message, f"end the text with {')' * min(count, 10)}")

    def _separator(self, frame: _Frame, at: int) -> int:
        """What stands where a comma or a closing parenthesis belongs. The next argument is read from the place returned."""
        text = self.masked
        previous = frame.arguments[-1]
        if text[at] in ".[" and previous.kind == "call":
            stop = path_end(text, at, self.end)
            self._access(previous.call, at, stop)
            return stop
        if previous.kind == "string" and previous.end == at:
            message = "the text in quotes ends here, and something follows it"
            self._error(at - 1, at, "unescaped-quote", message, r"an apostrophe inside a text is written \'")
            return self._give_up()
        if text[at] in _OPERATORS and not (text[at] == "-" and _NUMBER.match(text, at, self.end)):
            said = "States.MathAdd(a, b) adds numbers, States.Format('{}{}', a, b) puts texts together"
            self._error(at, at + 1, "operator", f"{text[at]} is not an operator here: intrinsic functions have none", said)
            frame.wants = True
            return at + 1
        word = _WORD.match(text, at, self.end)
        found = shown(self.text[at : word.end()]) if word else self.text[at]
        stop = word.end() if word else at + 1
        self._error(at, stop, "missing-comma", f"a comma is missing before {found}", "commas separate the arguments")
        frame.wants = True
        return at

    def _give_up(self) -> int:
        """Ends the reading where going on would only tell of consequences."""
        self.given_up = True
        return self.end

    # --- one argument -------------------------------------------------------------------------------------------------------

    def _argument(self, frame: _Frame, at: int) -> int:
        """Reads the argument at ``at``, or opens the call that it is; returns where it goes on, always beyond ``at``."""
        text, end = self.masked, self.end
        first = text[at]
        if first == "'":
            return self._string(frame, at)
        if first == "$":
            stop = path_end(text, at, end)
            path = path_within(self.text, text, at, stop)
            self.errors += path.errors
            self._add(frame, Argument("path", at, stop, None, path))
            broken = stop == end and any(error.code in _SWALLOWING for error in path.errors)
            return self._give_up() if broken else stop
        if first in "0123456789-":
            number = _NUMBER.match(text, at, end)
            if number:
                return self._add(frame, Argument("number", at, number.end(), _number(number)))
        if first == '"':
            return self._double_quoted(frame, at)
        if first in "{[":
            return self._literal(frame, at)
        if first == "(":
            self._error(at, at + 1, "unexpected-parenthesis", "( has no function's name before it", "remove it")
            return self._give_up()
        name = _NAME.match(text, at, end)
        if name:
            opening = self._skip(name.end())
            if opening < end and text[opening] == "(":
                self._open(name[0], at, opening)
                return opening + 1
        word = _WORD.match(text, at, end)
        stop = word.end() if word else at + 1
        written = self.text[at:stop]
        if written in _CONSTANTS:
            kind, value = _CONSTANTS[written]
            return self._add(frame, Argument(kind, at, stop, value))
        if MASK not in text[at:stop]:
            self._word(at, stop, written)
        return self._add(frame, Argument("unknown", at, stop))

    def _add(self, frame: _Frame, argument: Argument) -> int:
        frame.arguments.append(argument)
        frame.wants = False
        return argument.end

    def _word(self, start: int, end: int, written: str) -> None:
        said = f"write '{shown(written)}' for a text, $.{shown(written)} for a member of the input"
        if written in _MISSPELT:
            said = f"write {_MISSPELT[written]}"
        elif "States." in written and (meant := _meant(written)):
            said = f"a call needs its parentheses: {FUNCTIONS[meant].usage}"
        elif re.match(r"\.[A-Za-z_]", written):
            said = f"write ${shown(written)} for a member of the input"
        elif written[0] in "0123456789-+.":
            said = "a number is written 5, -5 or 0.5"
        elif written[0] == "@":
            said = "@ stands in filters only; $ is the input"
        message = f"{shown(written)} is not a text in quotes, a number, true, false, null, a path or a call"
        self._error(start, end, "illegal-argument", message, said)

    def _string(self, frame: _Frame, at: int) -> int:
        match = _STRING.match(self.masked, at, self.end)
        if match is None:
            message = "the text in quotes does not end"
            self._error(at, self.end, "unterminated-string", message, r"close it with '; an apostrophe inside it is written \'")
            return self._give_up()
        start, end = match.span(1)
        value: str | None = self.text[start:end]
        if MASK in match[0]:
            value = None
        elif "\\" in match[0]:
            value = _ESCAPE.sub(r"\1", self.text[start:end])
            for escape in _ESCAPE.finditer(match[0]):
                if escape[1] not in "'{}\\":
                    self._bad_escape(at + escape.start(), escape[0])
                    value = None
        return self._add(frame, Argument("string", at, match.end(), value))

    def _bad_escape(self, at: int, found: str) -> None:
        if found[1] == '"':
            said = 'a double quote needs no backslash inside single quotes; in JSON write \\" for it'
        elif found[1] in "ntr":
            said = f"write the character itself: in JSON {found}, with one backslash"
        else:
            said = r"the escapes are \', \{, \} and \\"
        self._error(at, at + 2, "illegal-escape", f"{shown(found)} is no escape in an intrinsic function's text", said)

    def _double_quoted(self, frame: _Frame, at: int) -> int:
        match = _DOUBLE.match(self.masked, at, self.end)
        if match is None:
            self._error(at, self.end, "unterminated-string", "the text in quotes does not end", "quotes are single quotes: '…'")
            return self._give_up()
        written = shown(self.text[match.start(1) : match.end(1)])
        self._error(at, match.end(), "double-quotes", "a text stands in single quotes here", f"write '{written}'")
        return self._add(frame, Argument("unknown", at, match.end()))

    def _literal(self, frame: _Frame, at: int) -> int:
        close = closing(self.masked, at, self.end)
        stop = self.end if close < 0 else close + 1
        if self.text[at] == "[":
            message, said = "an array cannot be written out here", "write States.Array(1, 2, 3)"
        elif "{}" in self.text[at:stop]:
            message, said = "a template stands in quotes", "write States.Format('{}', $.name)"
        else:
            message, said = "an object cannot be written out here", "write States.StringToJson('…'), or build it in Parameters"
        self._error(at, stop, "illegal-argument", message, said)
        return self._give_up() if close < 0 else self._add(frame, Argument("unknown", at, stop))

    # --- shared -------------------------------------------------------------------------------------------------------------

    def _skip(self, at: int) -> int:
        while at < self.end and self.masked[at] in BLANKS:
            at += 1
        return at

    def _error(self, start: int, end: int, code: str, message: str, said: str | None, sure: bool = True) -> None:
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(PathError(start, end, code, message, said, sure))


def _meant(name: str) -> str | None:
    """The intrinsic function that a name is, or is near to, with ``States.`` or without."""
    last = name.rpartition(".")[2] if len(name) <= _LONGEST_NAME else ""
    meant = last if last in _SHORT_NAMES else near(last, _SHORT_NAMES)
    return f"States.{meant}" if meant else None


def _number(match: re.Match[str]) -> int | float:
    """The value; one of very many digits is a float, because Python bounds the digits of an integer."""
    return float(match[0]) if match[1] or match[2] or len(match[0]) > 1000 else int(match[0])


_NO_CALL: Final = Call("", 0, 0, 0, ())


def _start(place: Path | PathError) -> int:
    return place.start
