"""Types as people read them, in the notation of TypeScript: ``"Executing" | "Stopping"``, ``{ status: string; n?: 0..10 }``.

``…`` stands for what is left out: the values of a list that may have grown, members beyond the first, what lies deeper.
"""

import json
from collections.abc import Callable

from asl_lint.late import Final, Pattern
from asl_lint.types.lattice import INFINITY, Array, Numbers, Object, Strings, Type, Undefined

_NAME: Final = Pattern(r"[^\W\d]\w*\Z")
_DEPTH: Final = 4
_MEMBERS: Final = 24
_LITERALS: Final = 12
_LONGEST: Final = 40
"""Characters of a text that is shown whole."""


def shown_type(type_: Type, depth: int = _DEPTH, width: int = 100, conceal: Callable[[str], str] = str) -> str:
    """A type in one line where it is short, else with a line for each member, down to ``depth`` objects and arrays.

    ``conceal`` takes out of texts and names what must not be shown.
    """
    return _Writer(width, conceal).written(type_, depth, 0)


class _Writer:
    def __init__(self, width: int, conceal: Callable[[str], str]) -> None:
        self._width = width
        self._conceal = conceal

    def written(self, type_: Type, depth: int, indent: int) -> str:
        """A union of what the type holds, kind by kind."""
        return " | ".join(self._union(type_, depth, indent)) or "never"

    def _union(self, type_: Type, depth: int, indent: int) -> list[str]:
        parts = self._parts(type_, depth, indent)
        if type_.undefined == Undefined.POSSIBLE or (type_.undefined and not type_.anything):
            parts.append("undefined")
        return parts

    def _parts(self, type_: Type, depth: int, indent: int) -> list[str]:
        if type_.anything:
            return ["any"]
        parts: list[str] = []
        if type_.strings is not None:
            parts += self._texts(type_.strings)
        if type_.numbers is not None:
            parts += _numbers(type_.numbers)
        if type_.booleans:
            parts.append("boolean" if len(type_.booleans) == 2 else "true" if True in type_.booleans else "false")
        if type_.array is not None:
            parts.append(self._array(type_.array, depth, indent))
        if type_.object is not None:
            parts.append(self._object(type_.object, depth, indent))
        if type_.function is not None:
            parts.append("function")
        if type_.null:
            parts.append("null")
        return parts

    def _array(self, array: Array, depth: int, indent: int) -> str:
        if array.high == 0:
            return "[]"
        if depth <= 0:
            return "[…]"
        if array.is_exact and len(array.items) == array.high and len(array.items) <= _LITERALS:
            return f"[{', '.join(self.written(item, depth - 1, indent) for item in array.items)}]"
        parts = self._union(array.element, depth - 1, indent)
        element = " | ".join(parts) or "never"
        is_range = array.element.numbers is not None and (".." in element or " " in element)
        element = f"({element})" if len(parts) > 1 or is_range else element
        return f"{element}[{_length(array)}]"

    def _object(self, of: Object, depth: int, indent: int) -> str:
        if depth <= 0 and (of.members or not of.is_closed):
            return "{ … }"
        parts = [self._member(name, of.member(name), depth, indent) for name in list(of.members)[:_MEMBERS]]
        if len(of.members) > _MEMBERS:
            parts.append("…")
        if not of.is_closed:
            rest = self.written(of.rest.defined(), depth - 1, indent + 2)
            parts.append(f"[name]: {rest}" if rest != "any" else "…" if parts else "[name]: any")
        if not parts:
            return "{}"
        line = f"{{ {'; '.join(parts)} }}"
        if indent + len(line) <= self._width and "\n" not in line:
            return line
        inside = " " * (indent + 2)
        return "{\n" + "".join(f"{inside}{part}\n" for part in parts) + " " * indent + "}"

    def _member(self, name: str, type_: Type, depth: int, indent: int) -> str:
        name = self._conceal(name)
        key = name if _NAME.match(name) else json.dumps(name, ensure_ascii=False)
        return f"{key}{'?' if type_.undefined else ''}: {self.written(type_.defined(), depth - 1, indent + 2)}"

    def _texts(self, strings: Strings) -> list[str]:
        if strings.literals is None:
            return [strings.form or "string"]
        found = [_text(self._conceal(value)) for value in sorted(strings.literals)]
        if len(found) > _LITERALS:
            found = [*found[:_LITERALS], "…"]
        elif strings.open:
            found.append("…")
        return found


def _text(value: str) -> str:
    return json.dumps(value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…", ensure_ascii=False)


def _numbers(numbers: Numbers) -> list[str]:
    if numbers.literals is not None:
        return [_number(value) for value in sorted(numbers.literals)]
    kind = "integer" if numbers.whole else "number"
    if numbers.low == -INFINITY and numbers.high == INFINITY:
        return [kind]
    if numbers.high == INFINITY:
        return [f"{kind} ≥ {_number(numbers.low)}"]
    if numbers.low == -INFINITY:
        return [f"{kind} ≤ {_number(numbers.high)}"]
    return [f"{_number(numbers.low)}..{_number(numbers.high)}"]


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)


def _length(array: Array) -> str:
    if array.high == INFINITY:
        return "" if array.low == 0 else f"{array.low}.."
    return str(array.low) if array.is_exact else f"{array.low}..{int(array.high)}"
