"""Whether JavaScript makes a RegExp of a pattern: ECMAScript's grammar without the ``u`` flag, with its Annex B. Linear."""

from asl_lint.late import Final, Pattern

_MOST: Final = 2**31 - 1
"""V8 takes a larger count of repetitions for this one."""

_MAX_GROUPS_OPEN: Final = 500
_COUNTS: Final = Pattern(r"\{([0-9]+)(?:(,)([0-9]*))?\}")
_GROUP_NAME: Final = Pattern(r"\(\?<(?![=!])")
_CONTROL: Final = Pattern(r"c[A-Za-z]")
_CONTROL_IN_CLASS: Final = Pattern(r"c[0-9A-Za-z_]")
_HEX2: Final = Pattern(r"x([0-9a-fA-F]{2})")
_HEX4: Final = Pattern(r"u([0-9a-fA-F]{4})")
_OCTAL: Final = Pattern(r"[0-3][0-7]{0,2}|[4-7][0-7]?")
_REFERENCE: Final = Pattern(r"k<([^>]*)>")
_SIMPLE: Final = {"b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


def pattern_fault(pattern: str) -> str | None:
    """What is wrong with a pattern, in a few words ("nothing to repeat"), or None."""
    if not pattern.isascii():
        # JavaScript sees two code units where Python sees one character, and a class may hold a range between them.
        units = pattern.encode("utf-16-le", "surrogatepass")
        pattern = "".join(chr(units[i] | units[i + 1] << 8) for i in range(0, len(units), 2))
    return _Pattern(pattern).fault()


class _Pattern:
    __slots__ = ("at", "has_names", "names", "pattern", "references")

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.names: set[str] = set()
        self.references: list[str] = []
        self.has_names = _has_group_names(pattern)

    def fault(self) -> str | None:
        pattern = self.pattern
        groups: list[bool] = []  # For each open group, whether it may be repeated.
        while self.at < len(pattern):
            character = pattern[self.at]
            repeatable = True
            if character in "^$":
                self.at += 1
                repeatable = False
            elif character == "|":
                self.at += 1
                continue
            elif character == "(":
                found = self._open_group()
                if isinstance(found, str):
                    return found
                groups.append(found)
                if len(groups) > _MAX_GROUPS_OPEN:
                    return "groups nested too deeply"
                continue
            elif character == ")":
                if not groups:
                    return "unmatched )"
                self.at += 1
                repeatable = groups.pop()
            elif character in "*+?":
                return "nothing to repeat"
            elif character == "{":
                if _COUNTS.match(pattern, self.at):
                    return "nothing to repeat"
                self.at += 1
            elif character == "[":
                fault = self._class()
                if fault:
                    return fault
            elif character == "\\":
                found = self._escape()
                if isinstance(found, str):
                    return found
                repeatable = found
            else:
                self.at += 1
            if repeatable:
                fault = self._quantifier()
                if fault:
                    return fault
        if groups:
            return "unterminated group"
        if any(name not in self.names for name in self.references):
            return "a reference to a group that does not exist"
        return None

    def _open_group(self) -> bool | str:
        """Steps into a group; whether it may be repeated, or a fault."""
        pattern, at = self.pattern, self.at
        if not pattern.startswith("(?", at):
            self.at += 1
            return True
        for mark, repeatable in (("(?:", True), ("(?=", True), ("(?!", True), ("(?<=", False), ("(?<!", False)):
            if pattern.startswith(mark, at):
                self.at += len(mark)
                return repeatable
        if not pattern.startswith("(?<", at):
            return "invalid group"
        close = pattern.find(">", at)
        name = _unescaped(pattern[at + 3 : close]) if close >= 0 else ""
        if not _is_group_name(name):
            return "invalid name of a group"
        if name in self.names:
            return "two groups of one name"
        self.names.add(name)
        self.at = close + 1
        return True

    def _escape(self) -> bool | str:
        """Steps over an escape outside of a class; whether it may be repeated, or a fault."""
        pattern, at = self.pattern, self.at + 1
        if at == len(pattern):
            return "\\ at the end"
        letter = pattern[at]
        self.at = at + 1
        if letter in "bB":
            return False
        if letter == "k" and self.has_names:
            match = _REFERENCE.match(pattern, at)
            if match is None or not _is_group_name(_unescaped(match[1])):
                return "invalid reference to a named group"
            self.references.append(_unescaped(match[1]))
            self.at = match.end()
        elif letter == "c" and not _CONTROL.match(pattern, at):
            # Not a control character: the backslash stands for itself and the letter follows as an atom of its own.
            self.at = at
        return True

    def _quantifier(self) -> str | None:
        pattern = self.pattern
        if self.at == len(pattern):
            return None
        if pattern[self.at] in "*+?":
            self.at += 1
        else:
            counts = _COUNTS.match(pattern, self.at) if pattern[self.at] == "{" else None
            if counts is None:
                return None
            least, comma, most = counts.groups()
            if comma and most and _count(most) < _count(least):
                return "numbers out of order in {}"
            self.at = counts.end()
        if pattern.startswith("?", self.at):
            self.at += 1
        return None

    def _class(self) -> str | None:
        """Steps over a class ``[…]``; a fault or None."""
        pattern = self.pattern
        self.at += 2 if pattern.startswith("[^", self.at) else 1
        while self.at < len(pattern):
            if pattern[self.at] == "]":
                self.at += 1
                return None
            first = self._class_atom()
            if isinstance(first, str):
                return first
            if not pattern.startswith("-", self.at) or self.at + 1 == len(pattern) or pattern[self.at + 1] == "]":
                continue
            self.at += 1
            last = self._class_atom()
            if isinstance(last, str):
                return last
            if first is not None and last is not None and first > last:
                return "range out of order in a class"
        return "unterminated class"

    def _class_atom(self) -> int | str | None:
        """Steps over one member of a class: its code unit, None for a set such as ``\\d``, or a fault."""
        pattern, at = self.pattern, self.at
        if pattern[at] != "\\":
            self.at += 1
            return ord(pattern[at])
        at += 1
        if at == len(pattern):
            return "\\ at the end"
        letter = pattern[at]
        self.at = at + 1
        if letter in "dDsSwW":
            return None
        if letter in _SIMPLE:
            return _SIMPLE[letter]
        if letter == "k" and self.has_names:
            return "invalid escape"
        if letter == "c":
            if _CONTROL_IN_CLASS.match(pattern, at):
                self.at = at + 2
                return ord(pattern[at + 1]) & 0x1F
            self.at = at
            return ord("\\")
        for hexadecimal in (_HEX2, _HEX4):
            match = hexadecimal.match(pattern, at)
            if match:
                self.at = match.end()
                return int(match[1], 16)
        match = _OCTAL.match(pattern, at)
        if match:
            self.at = match.end()
            return int(match[0], 8)
        return ord(letter)


def _count(digits: str) -> int:
    digits = digits.lstrip("0") or "0"
    return min(int(digits), _MOST) if len(digits) < 12 else _MOST


def _has_group_names(pattern: str) -> bool:
    """Whether a named group opens anywhere outside of classes and escapes."""
    if not _GROUP_NAME.search(pattern):
        return False
    at, in_class = 0, False
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif in_class:
            in_class = character != "]"
        elif character == "[":
            in_class = True
        elif character == "(" and _GROUP_NAME.match(pattern, at):
            return True
        at += 1
    return False


_ESCAPE_IN_NAME: Final = Pattern(r"\\u(?:\{([0-9a-fA-F]{1,6})\}|([0-9a-fA-F]{4}))")


def _unescaped(name: str) -> str:
    try:
        name = _ESCAPE_IN_NAME.sub(lambda match: chr(int(match[1] or match[2], 16)), name)
    except (ValueError, OverflowError):
        return ""
    return name.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


def _is_group_name(name: str) -> bool:
    return name.replace("$", "_").replace("\u200c", "").replace("\u200d", "").isidentifier()
