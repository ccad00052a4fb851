"""The 18 intrinsic functions: what each takes and gives, and which calls must fail whatever the input is.

Source: developer guide, "Intrinsic functions for JSONPath states". Arguments that the text alone shows (literals, and calls whose
result type is known) are compared with what the function takes; paths are not.
"""

import json
from collections.abc import Callable, Iterator, Mapping

from asl_lint.expressions.jsonpath import Path, PathError
from asl_lint.expressions.jsonpath.scanning import shown
from asl_lint.late import Final, Literal, NamedTuple, Pattern
from asl_lint.near import near

Type = Literal["string", "number", "boolean", "null", "array", "object", "any"]


class Argument(NamedTuple):
    """An argument of a call, at ``[start, end)`` of the text. One of the last three holds what it is.

    ``value`` is a literal's: a string with its escapes resolved, None for ``null`` and for a string whose value
    is not known (a placeholder, an illegal escape).
    ``unknown`` is one that a placeholder makes, or that could not be read.
    """

    kind: Literal["string", "number", "boolean", "null", "path", "call", "unknown"]
    start: int
    end: int
    value: str | int | float | bool | None = None
    path: Path | None = None
    call: "Call | None" = None

    @property
    def type(self) -> Type:
        """The JSON type of its value, ``any`` where the text does not show it."""
        if self.kind in ("string", "number", "boolean", "null"):
            return self.kind
        function = FUNCTIONS.get(self.call.name) if self.call else None
        return function.returns if function else "any"


class Call(NamedTuple):
    """A call, at ``[start, end)`` with its parentheses; the name, known or not, ends at ``name_end``."""

    name: str
    start: int
    end: int
    name_end: int
    arguments: tuple[Argument, ...]


class Function(NamedTuple):
    """What a function takes: from ``minimum`` arguments to as many as ``takes``, or any number where ``rest`` is said.

    ``usage`` shows a call as a message quotes it.
    """

    takes: tuple[Type, ...]
    returns: Type
    usage: str
    minimum: int | None = None
    rest: bool = False


FUNCTIONS: Final[Mapping[str, Function]] = {
    "States.Array": Function((), "array", "States.Array($.a, 'b', 3)", rest=True),
    "States.ArrayContains": Function(("array", "any"), "boolean", "States.ArrayContains($.list, $.value)"),
    "States.ArrayGetItem": Function(("array", "number"), "any", "States.ArrayGetItem($.list, 0)"),
    "States.ArrayLength": Function(("array",), "number", "States.ArrayLength($.list)"),
    "States.ArrayPartition": Function(("array", "number"), "array", "States.ArrayPartition($.list, 4)"),
    "States.ArrayRange": Function(("number", "number", "number"), "array", "States.ArrayRange(1, 9, 2)"),
    "States.ArrayUnique": Function(("array",), "array", "States.ArrayUnique($.list)"),
    "States.Base64Decode": Function(("string",), "string", "States.Base64Decode($.encoded)"),
    "States.Base64Encode": Function(("string",), "string", "States.Base64Encode($.text)"),
    "States.Format": Function(("string",), "string", "States.Format('{} of {}', $.a, $.b)", rest=True),
    "States.Hash": Function(("any", "string"), "string", "States.Hash($.text, 'SHA-256')"),
    "States.JsonMerge": Function(("object", "object", "boolean"), "object", "States.JsonMerge($.a, $.b, false)"),
    "States.JsonToString": Function(("any",), "string", "States.JsonToString($.value)"),
    "States.MathAdd": Function(("number", "number"), "number", "States.MathAdd($.count, 1)"),
    "States.MathRandom": Function(("number", "number", "number"), "number", "States.MathRandom(1, 100)", minimum=2),
    "States.StringSplit": Function(("string", "string"), "array", "States.StringSplit($.text, ',')"),
    "States.StringToJson": Function(("string",), "any", "States.StringToJson($.text)"),
    "States.UUID": Function((), "string", "States.UUID()"),
}
ALGORITHMS: Final = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")
LONGEST_TEXT: Final = 10_000
"""Characters that Base64Encode, Base64Decode and Hash take."""
LONGEST_RANGE: Final = 1_000
"""Elements that ArrayRange makes."""

_WORDS: Final[Mapping[Type, str]] = {
    "string": "a text", "number": "a number", "boolean": "true or false", "null": "null", "array": "an array",
    "object": "an object", "any": "any value",
}  # fmt: skip
_ORDINALS: Final = ("first", "second", "third")


def call_errors(call: Call, text: str) -> Iterator[PathError]:
    """What is wrong with the arguments of one call; not with those of the calls in it. ``text`` is the masked text.

    All of it shows at run time at the latest; that the service looks at it before is not known.
    """
    function = FUNCTIONS.get(call.name)
    if function is None:
        return
    count, most = len(call.arguments), len(function.takes)
    least = most if function.minimum is None else function.minimum
    if count < least or (count > most and not function.rest):
        extra = call.arguments[most:]
        start, end = (extra[0].start, extra[-1].end) if extra else (call.start, call.name_end)
        takes = _amount(least, most, function.rest)
        yield _error(start, end, "wrong-argument-count", f"{call.name} takes {takes}, not {count}", f"write {function.usage}")
        return
    mistyped = False
    for place, (argument, wanted) in enumerate(zip(call.arguments, function.takes, strict=False)):
        found = argument.type
        if "any" in (found, wanted) or found == wanted:
            continue
        mistyped = True
        yield mistyped_argument(call, place, _WORDS[found])
    check = _CHECKS.get(call.name)
    if check is not None and not mistyped:
        yield from check(call, text)


def mistyped_argument(call: Call, place: int, found: str) -> PathError:
    """That the argument at a place, ``found`` in words, is of a type that a known function does not take."""
    function, argument = FUNCTIONS[call.name], call.arguments[place]
    wanted = function.takes[place]
    # A scalar can never be taken for an array or an object; whether 5 is taken for '5' has not been recorded.
    sure = wanted in ("array", "object")
    message = f"the {_ORDINALS[place]} argument of {call.name} must be {_WORDS[wanted]}, and is {found}"
    return _error(argument.start, argument.end, "wrong-argument-type", message, f"write {function.usage}", sure)


def _amount(least: int, most: int, rest: bool) -> str:
    if rest:
        return f"at least {least} argument{'s' * (least != 1)}"
    if least != most:
        return f"{least} or {most} arguments"
    return f"{most or 'no'} argument{'s' * (most != 1)}"


def _error(start: int, end: int, code: str, message: str, said: str | None, sure: bool = True) -> PathError:
    return PathError(start, end, code, message, said, sure, "run")


# --- what single functions refuse ---------------------------------------------------------------------------------------------

_SLOTS: Final = Pattern(r"\\[\s\S]|\{\}|[{}]")


def _format(call: Call, text: str) -> Iterator[PathError]:
    """The braces of a template. "matching '}' not found for '{'" is the service's answer to a { that no } follows."""
    template, values = call.arguments[0], call.arguments[1:]
    if template.kind != "string":
        return
    slots: list[int] = []
    for match in _SLOTS.finditer(text, template.start, template.end):
        place, found = match.start(), match[0]
        if found == "{}":
            slots.append(place)
        elif found == "{":
            message = "a { that no } follows at once is no place for a value"
            yield _error(place, place + 1, "illegal-template", message, r"write \{ for the character (in JSON \\{)")
            return
        elif found == "}":
            yield _error(
                place, place + 1, "illegal-template", "a } stands alone", r"write \} for the character (in JSON \\})", sure=False
            )
            return
    if template.value is None or len(slots) == len(values):
        return
    counted = f"the template has {_counted(len(slots), 'place')} {{}} and {_counted(len(values), 'value')}"
    if len(slots) > len(values):
        place = slots[len(values)]
        yield _error(place, place + 2, "wrong-placeholder-count", counted, "add the values, in the order of their places")
    else:
        first, last = values[len(slots)], values[-1]
        said = "write {} in the template where each value belongs"
        yield _error(first.start, last.end, "wrong-placeholder-count", counted, said)


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def _number_of(argument: Argument) -> int | float | None:
    value = argument.value
    return value if argument.kind == "number" and isinstance(value, (int, float)) else None


def _partition(call: Call, text: str) -> Iterator[PathError]:
    size = _number_of(call.arguments[1])
    if size is not None and size <= 0:
        yield _illegal(call, 1, "the size of a part must be greater than 0", "States.ArrayPartition($.list, 4)")


def _get_item(call: Call, text: str) -> Iterator[PathError]:
    index = _number_of(call.arguments[1])
    if index is not None and index < 0:
        said = "the last element is at States.MathAdd(States.ArrayLength($.list), -1)"
        yield _illegal(call, 1, "an index counts from 0, not from the end", said, sure=False)


def _range(call: Call, text: str) -> Iterator[PathError]:
    first, last, step = (_number_of(argument) for argument in call.arguments)
    if step == 0:
        yield _illegal(call, 2, "the step must not be 0", "write 1 to count up by one")
    elif first is not None and last is not None and step is not None and (last - first) / step >= LONGEST_RANGE:
        message = f"the range has more than {LONGEST_RANGE:,} elements"
        yield _error(call.start, call.end, "illegal-argument-value", message, "make it in parts", sure=False)


def _text_length(call: Call, text: str) -> Iterator[PathError]:
    value = call.arguments[0].value
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        message = f"{call.name} takes at most {LONGEST_TEXT:,} characters, and these are {len(value):,}"
        yield _illegal(call, 0, message, "compute it in a task")


def _hash(call: Call, text: str) -> Iterator[PathError]:
    yield from _text_length(call, text)
    algorithm = call.arguments[1].value
    if isinstance(algorithm, str) and algorithm not in ALGORITHMS:
        meant = near(algorithm[:20], ALGORITHMS)
        said = f"did you mean '{meant}'?" if meant else "write " + ", ".join(f"'{name}'" for name in ALGORITHMS)
        yield _illegal(call, 1, f"'{shown(algorithm)}' is not an algorithm of States.Hash", said)


def _merge(call: Call, text: str) -> Iterator[PathError]:
    if call.arguments[2].value is True:
        yield _illegal(call, 2, "States.JsonMerge does not merge deeply: the third argument must be false", "write false")


def _random(call: Call, text: str) -> Iterator[PathError]:
    first, end = (_number_of(argument) for argument in call.arguments[:2])
    if first is not None and end is not None and first >= end:
        yield _illegal(call, 1, "the end, which is not part of the range, must be greater than the start", None, sure=False)


def _json(call: Call, text: str) -> Iterator[PathError]:
    value = call.arguments[0].value
    if not isinstance(value, str):
        return
    try:
        json.loads(value, parse_int=float)
    except RecursionError:
        return  # too deep for this parser, which says nothing about the service's
    except ValueError as error:
        problem = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        yield _illegal(
            call, 0, f"the text is not JSON: {problem[:1].lower()}{problem[1:]}", "the service parses it when the state runs"
        )


def _illegal(call: Call, place: int, message: str, said: str | None, sure: bool = True) -> PathError:
    argument = call.arguments[place]
    return _error(argument.start, argument.end, "illegal-argument-value", message, said, sure)


_CHECKS: Final[Mapping[str, Callable[[Call, str], Iterator[PathError]]]] = {
    "States.ArrayGetItem": _get_item,
    "States.ArrayPartition": _partition,
    "States.ArrayRange": _range,
    "States.Base64Decode": _text_length,
    "States.Base64Encode": _text_length,
    "States.Format": _format,
    "States.Hash": _hash,
    "States.JsonMerge": _merge,
    "States.MathRandom": _random,
    "States.StringToJson": _json,
}
