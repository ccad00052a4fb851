"""Reads a path, step by step. Total, without recursion, and linear in the length of the text."""

import re
from functools import lru_cache

from asl_lint.expressions.jsonpath.path import Path, PathError, Root, Step
from asl_lint.expressions.jsonpath.scanning import BLANKS, MASK, closing, mask, shown
from asl_lint.late import Final, Literal, Pattern

MOST_ERRORS: Final = 20
"""Errors that one text reports at most."""
REMEMBERED: Final = 1024
"""Texts of which the path or the call is kept: a machine says the same few again and again."""

_ROOT: Final = Pattern(r"\$\$|\$([^\W\d]\w*+)?")
# What nearly all paths are made of: .name  [0]  ['name']  .[0]  .['name'], each before a dot, a bracket or the end.
_PLAIN: Final = Pattern(
    r"\.([\w-]++)(?=[.\[]|\Z)|\.?\[(?:([0-9]{1,18})|'([^'\\]*+)')\](?=[.\[]|\Z)"
)  # fmt: skip
_NAMES_ALONE: Final = Pattern(r"\$(?:\$|([^\W\d]\w*+))?(?:\.[\w-]++)*\Z")
_NAME: Final = Pattern(r"(?:[^.\[(\\]++|\\[\s\S])+")
_TO_NEXT_STEP: Final = Pattern(r"[^.\[]++")
_ODD: Final = Pattern(r"[\s\])'\"]")
_ESCAPE: Final = Pattern(r"\\([\s\S])")
_QUOTED: Final = Pattern(r"""'([^'\\]*+(?:\\[\s\S][^'\\]*+)*)'|"([^"\\]*+(?:\\[\s\S][^"\\]*+)*)\"""")
_NUMBERS: Final = Pattern(r"([0-9,:\-\s]*+)\]")
_ASSIGNMENT: Final = Pattern(r"""'[^']*+'|"[^"]*+"|(?<![=!<>])(=)(?![=~])""")


@lru_cache(REMEMBERED)
def parse_path(text: str) -> Path:
    """The path that a text is. Blanks around it do not belong to it. Never raises."""
    match = _NAMES_ALONE.match(text)
    if match is not None:
        return _of_names(text, match[1], match.end(1))
    return path_within(text, mask(text), 0, len(text))


def _of_names(text: str, variable: str | None, at: int) -> Path:
    """The path that is a root and names with a dot before each, which most are; ``at`` ends the variable, -1 without one."""
    root: Root = "variable" if variable else "context" if text[:2] == "$$" else "input"
    if at < 0:
        at = 2 if root == "context" else 1
    steps: list[Step] = []
    for name in text[at + 1 :].split(".") if at < len(text) else ():
        end = at + 1 + len(name)
        steps.append(Step("member", at, end, (name,)))
        at = end
    return Path(text, 0, at, root, variable, tuple(steps), ())


def path_within(text: str, masked: str, start: int, end: int) -> Path:
    """The path at ``text[start:end]``, with spans that count from the start of ``text``; ``masked`` is ``mask(text)``."""
    reader = _Reader(text, masked, start, end)
    root, variable = reader.read()
    errors = tuple(reader.errors)
    if masked is not text:
        errors = unsure(errors)
    return Path(text, reader.start, reader.end, root, variable, tuple(reader.steps), errors)


def unsure(errors: tuple[PathError, ...]) -> tuple[PathError, ...]:
    """The errors of a text that has placeholders: what they become can mend any of them."""
    return tuple(error._replace(sure=False) for error in errors)


class _Reader:
    """Reads one path. ``text`` is what was written, ``masked`` what is parsed."""

    __slots__ = ("end", "errors", "masked", "start", "steps", "text")

    def __init__(self, text: str, masked: str, start: int, end: int) -> None:
        self.text = text
        self.masked = masked
        self.start = start
        self.end = end
        self.steps: list[Step] = []
        self.errors: list[PathError] = []

    def read(self) -> tuple[Root, str | None]:
        text = self.masked
        self._strip()
        at, end = self.start, self.end
        match = _ROOT.match(text, at, end)
        root: Root
        variable: str | None = None
        if match is None:
            if at == end or text[at] != MASK:
                self._no_root()
                return "none", None
            root, at = "placeholder", self._after_mask(at)
        else:
            at = match.end()
            variable = match[1]
            root = "context" if match[0] == "$$" else "variable" if variable else "input"
            if variable:
                while at < end and ("a" + text[at]).isidentifier():  # combining marks, which \w leaves out
                    at += 1
                variable = text[match.start(1) : at]
        if at < end and text[at] not in ".[":
            at = self._after_root(at, root)
        self._read_steps(at)
        return root, variable

    def _read_steps(self, at: int) -> None:
        text, end, steps = self.masked, self.end, self.steps
        while at < end:
            match = _PLAIN.match(text, at, end)
            if match is None:
                if len(self.errors) >= MOST_ERRORS:
                    return
                at = self._step(at)
                continue
            name, index, quoted = match.groups()
            if index is not None:
                steps.append(Step("index", at, match.end(), (), (int(index),)))
            else:
                steps.append(Step("member", at, match.end(), (name if quoted is None else self.text[slice(*match.span(3))],)))
            at = match.end()

    # --- the beginning ------------------------------------------------------------------------------------------------------

    def _strip(self) -> None:
        text = self.text
        while self.end > self.start and text[self.end - 1] in BLANKS:
            self.end -= 1
        first = self.start
        while self.start < self.end and text[self.start] in BLANKS:
            self.start += 1
        if self.start > first:
            self._error(first, self.start, "leading-blank", "a path begins with $, and not with a blank", "remove it", sure=False)

    def _after_mask(self, at: int) -> int:
        while at < self.end and self.masked[at] == MASK:
            at += 1
        return at

    def _no_root(self) -> None:
        written = self.text[self.start : self.end]
        if not written:
            self._error(
                0, len(self.text), "not-a-path", "a path cannot be empty", "write $ for the whole input, or a part: $.name"
            )
            return
        if written.startswith("{%"):
            said = 'expressions are for JSONata states: set "QueryLanguage": "JSONata"'
        elif written.startswith("States."):
            said = "no intrinsic function can stand here: call it in Parameters, and name the result here"
        elif re.fullmatch(r"[\w-]+([.\[].*)?", written, re.DOTALL):
            said = f"write $.{shown(written)}"
        else:
            said = "write $ for the input, $.name for a member of it, $$ for the context object"
        self._error(self.start, self.end, "not-a-path", f"{shown(written)} does not begin with $", said)

    def _after_root(self, at: int, root: Root) -> int:
        """Reports what follows a root without a dot or a bracket, and steps over it."""
        text, end = self.masked, self.end
        if root == "placeholder" or text[at] == MASK:
            return self._name(at, at)
        start = self.start
        rest = _TO_NEXT_STEP.match(text, at, end)
        stop = rest.end() if rest else at + 1
        found = self.text[at:stop]
        if root == "variable":
            name = self.text[start:at]
            self._error(
                at, stop, "illegal-character", f"after the variable {name} a path goes on with . or [, not with {shown(found)}",
                f"if {shown(self.text[start + 1 : stop])} is a member of the input, write $.{shown(self.text[start + 1 : stop])}",
                sure=False,
            )  # fmt: skip
            return stop
        name = "$$" if root == "context" else "$"
        member = found.strip().strip(",;:/()")
        said = f"write {name}.{shown(member)}" if member else f"write {name}.name for a member, or {name} alone"
        message = f"after {name} a path goes on with . or [, not with {shown(found) or 'a blank'}"
        self._error(at, stop, "illegal-character", message, said, sure=not text[at].isspace())
        return stop

    # --- one step -----------------------------------------------------------------------------------------------------------

    def _step(self, at: int) -> int:
        """Reads the step at ``at`` and returns where it ends; always beyond ``at``."""
        text, end = self.masked, self.end
        if text[at] == "[":
            return self._bracket(at, at)
        if text[at] != ".":
            stop = at + 1
            self._error(at, stop, "missing-dot", f"there is no dot before {shown(self.text[at])}", "write a dot here", sure=False)
            return max(self._name(at, at), stop)
        dots = at
        while dots < end and text[dots] == ".":
            dots += 1
        if dots == end:
            said = self.text[self.start : at] or "$"
            self._error(at, end, "ends-with-dot", "a path cannot end with a dot", f"write {shown(said)}, or name the member")
            return end
        if dots - at > 2:
            self._error(at, dots, "too-many-dots", f"{dots - at} dots in a row", "one names a member, two search at every depth")
        begin = at
        if dots - at > 1:
            self.steps.append(Step("descendants", at, dots))
            begin = dots
        if text[dots] == "[":
            return self._bracket(dots, begin)
        return self._name(dots, begin)

    def _name(self, at: int, begin: int) -> int:
        text, end = self.masked, self.end
        if text[at] == "*" and (at + 1 == end or text[at + 1] in ".["):
            self.steps.append(Step("wildcard", begin, at + 1))
            return at + 1
        match = _NAME.match(text, at, end)
        if match is None:
            if text[at] == "\\":
                return self._open_escape(at)
            self._error(at, at + 1, "missing-name", f"a name is missing before {shown(self.text[at])}", None, sure=False)
            if text[at] == "(":
                return self._function(at, at, begin)
            return at + 1
        stop = match.end()
        name = self.text[at:stop]
        if _ODD.search(name):
            self._odd_name(at, name)
        if stop < end and text[stop] == "(":
            return self._function(at, stop, begin)
        if MASK in match[0]:
            self.steps.append(Step("unknown", begin, stop))
        else:
            self.steps.append(Step("member", begin, stop, (_unescaped(name),)))
        return self._open_escape(stop) if stop < end and text[stop] == "\\" else stop

    def _open_escape(self, at: int) -> int:
        said = "a backslash stands before the character that it escapes"
        self._error(at, self.end, "open-escape", "nothing follows the backslash", said, sure=False)
        return self.end

    def _odd_name(self, at: int, name: str) -> None:
        """Characters that dot notation may not be able to hold: Jayway takes some of them, and nobody means them."""
        for match in re.finditer(r"\\[\s\S]|[\s\])'\"]", name):
            found = match[0]
            if found[0] == "\\":
                continue
            place = at + match.start()
            bracketed = f"write ['{shown(_unescaped(name).strip(chr(39) + chr(34)))}'] for this name"
            if found.isspace():
                self._error(
                    place, place + 1, "blank-in-name", "a blank in a name needs brackets and quotes", bracketed, sure=False
                )
            elif found in "])":
                self._error(place, place + 1, "unopened-bracket", f"{found} closes nothing", "remove it", sure=False)
            else:
                self._error(place, place + 1, "quote-in-name", "quotes stand in brackets only", bracketed, sure=False)
            return

    def _function(self, name: int, opening: int, begin: int) -> int:
        close = closing(self.masked, opening, self.end)
        if close < 0:
            self._unclosed(opening, ")")
            return self.end
        called = self.text[name:opening]
        self.steps.append(Step("function", begin, close + 1, (called,), (), self.text[opening + 1 : close]))
        before = self.text[self.start : begin]
        said = (
            f"write States.ArrayLength({shown(before)})"
            if called in ("length", "size")
            else "compute it with an intrinsic function, with JSONata or in a task"
        )
        self._error(
            begin, close + 1, "path-function", f"paths have no functions: {shown(called)}() is looked up as a member's name",
            said, sure=False, stage="run",
        )  # fmt: skip
        return close + 1

    # --- brackets -----------------------------------------------------------------------------------------------------------

    def _bracket(self, at: int, begin: int) -> int:
        text = self.masked
        inner = self._skip(at + 1)
        if inner == self.end:
            self._unclosed(at, "]")
            return self.end
        first = text[inner]
        if first in "'\"":
            return self._names(at, inner, begin)
        if first in "0123456789-:":
            return self._numbers(at, inner, begin)
        if first in "?(":
            return self._filter(at, inner, begin)
        close = text.find("]", inner, self.end)
        if close < 0:
            self._unclosed(at, "]")
            return self.end
        body = self.text[inner:close].rstrip(BLANKS)
        if body == "*":
            self.steps.append(Step("wildcard", begin, close + 1))
            return close + 1
        self.steps.append(Step("unknown", begin, close + 1))
        if MASK in text[inner:close]:
            return close + 1
        if not body:
            self._error(at, close + 1, "empty-brackets", "the brackets are empty", "write [0], ['name'] or [*]")
        elif body.startswith("$"):
            said = f"States.ArrayGetItem({shown(self.text[self.start : begin])}, {shown(body)}) takes an index that is computed"
            self._error(inner, close, "illegal-index", f"{shown(body)} is a path, and cannot stand in brackets", said)
        else:
            self._error(
                inner,
                close,
                "illegal-index",
                f"[ must be followed by ' or a number, not by {shown(body)}",
                f"write ['{shown(body)}']",
            )
        return close + 1

    def _names(self, at: int, inner: int, begin: int) -> int:
        text, end = self.masked, self.end
        names: list[str] = []
        while True:
            match = _QUOTED.match(text, inner, end)
            if match is None:
                if inner < end and text[inner] in "'\"":
                    self._error(inner, end, "unterminated-string", "the name in quotes does not end", f"close it: {text[inner]}]")
                    return end
                found = self.text[inner : inner + 1] or "the end"
                self._error(at, inner, "missing-name", f"a name in quotes is missing before {found}", None, sure=False)
                close = text.find("]", inner, end)
                return end if close < 0 else close + 1
            group = 1 if match[1] is not None else 2
            names.append(_unescaped(self.text[match.start(group) : match.end(group)]))
            inner = self._skip(match.end())
            if inner == end:
                self._unclosed(at, "]")
                return end
            if text[inner] == "]":
                self.steps.append(Step("member" if len(names) == 1 else "members", begin, inner + 1, tuple(names)))
                return inner + 1
            if text[inner] != ",":
                self._error(
                    inner,
                    inner + 1,
                    "illegal-character",
                    f"after a name in quotes comes ] or a comma, not {shown(self.text[inner])}",
                    r"a quote inside a name is written \'",
                )
                close = text.find("]", inner, end)
                return end if close < 0 else close + 1
            inner = self._skip(inner + 1)

    def _numbers(self, at: int, inner: int, begin: int) -> int:
        match = _NUMBERS.match(self.masked, inner, self.end)
        close = match.end() - 1 if match else self.masked.find("]", inner, self.end)
        if close < 0:
            self._unclosed(at, "]")
            return self.end
        body = self.text[inner:close]
        stop = close + 1
        parts = re.split("[,:]", body) if match else []
        numbers = tuple(_integer(part.strip()) for part in parts)
        is_slice = ":" in body
        if match and is_slice and "," not in body and len(parts) == 2 and _fits(parts, True):
            self.steps.append(Step("slice", begin, stop, (), numbers))
        elif match and not is_slice and _fits(parts, False):
            self.steps.append(Step("index" if len(parts) == 1 else "indices", begin, stop, (), numbers))
        else:
            self.steps.append(Step("unknown", begin, stop))
            if MASK in self.masked[inner:close]:
                return stop
            said = "a slice is two numbers, [1:3], [1:] or [:3]" if is_slice else "write one number, [0], or several, [0, 2]"
            self._error(
                inner, close, "illegal-index", f"{shown(body)} is not an index", said, sure=not (is_slice or len(parts) > 1)
            )
        return stop

    def _filter(self, at: int, inner: int, begin: int) -> int:
        close = closing(self.masked, at, self.end)
        if close < 0:
            self._unclosed(at, "]")
            return self.end
        body = self.text[inner:close].rstrip(BLANKS)
        stop = close + 1
        if body.startswith("("):
            self.steps.append(Step("script", begin, stop, (), (), body))
            said = "the last element is [-1]" if "length" in body else "the service has no script expressions"
            self._error(inner, close, "script-expression", f"{shown(body)} is not computed", said, sure=False)
            return stop
        self.steps.append(Step("filter", begin, stop, (), (), body))
        condition = body[1:].strip(BLANKS)
        if MASK in self.masked[inner:close]:
            return stop
        if not (condition.startswith("(") and condition.endswith(")")):
            said = f"write [?({shown(condition)})]" if condition else "write [?(@.status == 'ok')]"
            self._error(inner, close, "illegal-filter", "the condition of a filter stands in parentheses", said, sure=False)
            return stop
        for match in _ASSIGNMENT.finditer(self.text, inner, close):
            if match[1]:
                self._error(match.start(), match.end(), "illegal-filter", "= compares nothing", "write ==", sure=False)
                break
        return stop

    # --- shared -------------------------------------------------------------------------------------------------------------

    def _skip(self, at: int) -> int:
        while at < self.end and self.masked[at] in BLANKS:
            at += 1
        return at

    def _unclosed(self, at: int, closer: str) -> None:
        self._error(at, at + 1, "unclosed-bracket", f"{self.text[at]} is never closed", f"write the {closer} that ends it")

    def _error(
        self, start: int, end: int, code: str, message: str, said: str | None, sure: bool = True,
        stage: Literal["create", "run"] = "create",
    ) -> None:  # fmt: skip
        if len(self.errors) < MOST_ERRORS:
            self.errors.append(PathError(start, end, code, message, said, sure, stage))


def _unescaped(name: str) -> str:
    return _ESCAPE.sub(r"\1", name) if "\\" in name else name


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else None


def _fits(parts: list[str], is_slice: bool) -> bool:
    """Whether each part is a number; in a slice one end, or both, may be open."""
    return all(_integer(part.strip()) is not None or (is_slice and not part.strip()) for part in parts)
