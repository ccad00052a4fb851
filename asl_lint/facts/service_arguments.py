"""The arguments of a call against the shapes of its API: unknown and missing members, wrong types, values that it does not take.

What an expression, a path or the deployment fills in is unknown and not judged. Linear in the arguments; no recursion.
"""

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache

from asl_lint.aws.service_index import Shape
from asl_lint.facts.match import Match
from asl_lint.facts.values import alternatives, kind_of, shown
from asl_lint.late import Final, NamedTuple, Pattern, Protocol
from asl_lint.near import near
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder

Observed = tuple[str, Match]


class Shapes(Protocol):
    """Where shapes are asked for by number: a service, or the calls that Step Functions itself defines."""

    def shape(self, number: int) -> Shape:
        """The shape of that number."""

    def members(self, number: int, is_sdk: bool) -> Mapping[str, tuple[str, int]]:
        """A structure's members by their spelling."""


class Arguments(NamedTuple):
    """What is known of the arguments that are judged. ``call`` is its name in messages, ``pointer`` leads to the arguments.

    ``takes_text`` says that a text may stand for an object; ``any_json``, ``more`` and ``optional`` are those of an
    ``OptimizedCall``.
    """

    call: str
    pointer: Pointer
    shapes: Shapes
    is_sdk: bool
    takes_text: bool
    damaged: Set[Pointer]
    date: str
    any_json: frozenset[str]
    more: frozenset[str]
    optional: frozenset[str]


_Pending = list[tuple[object, int, Pointer]]

_NAMES: Final[Mapping[str, str]] = {
    "structure": "an object", "map": "an object", "list": "an array", "string": "a text", "boolean": "true or false",
    "integer": "an integer", "long": "an integer", "float": "a number", "double": "a number",
}  # fmt: skip

_UNCHECKED: Final = frozenset(("blob", "timestamp", "document"))
"""Kinds that more than one JSON type can stand for."""

_LONGEST: Final = 200
"""Characters of a text that is held against a pattern: the API's patterns were not made to be fast on any text."""

_NUMBER: Final = Pattern(r"[+-]?[0-9.]+(?:[eE][+-]?[0-9]+)?\Z")

_STAND_IN: Final = Pattern(r"[A-Z]{3,}(?:_[A-Z0-9]+)+|<[^<>]+>|YOUR|REPLACE|EXAMPLE")
"""What people write for a value that a script of their own puts in: ``BUCKET_NAME``, ``<bucket>``."""

_LIKE_EVALUATED: Final = Pattern(r"\s*\{%|\$(?:[.$\[]|states\b|\Z)|States\.")
"""What is an expression, or is told as a text that looks like one."""

_FIRST_OF_EVALUATED: Final = ("", "{", "$", "S")
"""How such a text begins, blanks apart."""

_NESTED: Final = Pattern(r"[+*}]\)*\)[+*{]")


def argument_faults(arguments: Arguments, value: object, number: int) -> Iterator[Observed]:
    """Observations about the arguments of one call, of which the input is the shape of that number."""
    pending: _Pending = [(value, number, arguments.pointer)]
    while pending:
        value, number, pointer = pending.pop()
        if _is_left_open(value):
            continue
        shape = arguments.shapes.shape(number)
        kind = shape.kind
        if kind in _UNCHECKED or (kind == "structure" and shape.members is None):
            continue
        sure = _wrong_type(value, kind, arguments.takes_text)
        if sure is not None:
            named = {
                "argument": _path(arguments, pointer),
                "call": arguments.call,
                "expected": _NAMES[kind],
                "actual": kind_of(value),
            }
            yield "wrong-argument-type", Match(pointer, named, sure=sure)
        elif isinstance(value, dict):
            if kind == "structure":
                yield from _structure(arguments, value, number, shape, pointer, pending)
            elif shape.element is not None:
                yield from _size(arguments, value, shape, pointer)
                for key, member in reversed(value.items()):
                    if not _is_dynamic(key):
                        pending.append((member, shape.element, (*pointer, key)))
        elif isinstance(value, list):
            if shape.element is not None:
                yield from _size(arguments, value, shape, pointer)
                element = shape.element
                pending += [(value[i], element, (*pointer, i)) for i in range(len(value) - 1, -1, -1)]
        else:
            yield from _scalar(arguments, value, shape, pointer)


def _is_left_open(value: object) -> bool:
    """Whether only the run or the deployment knows the value."""
    if isinstance(value, str):
        if value[:1] in _FIRST_OF_EVALUATED or value[0].isspace():
            return _LIKE_EVALUATED.match(value) is not None or has_placeholder(value)
        return has_placeholder(value)
    # null stands for an argument that is left out.
    return value is None or is_unknown(value)


def _is_dynamic(key: str) -> bool:
    """Whether a path gives the value; where nothing reads the suffix, that is told as a text that is not evaluated."""
    return key.endswith(".$")


def _wrong_type(value: object, kind: str, takes_text: bool) -> bool | None:
    """None: the value may be of that kind, as it is or because the service converts it. Else whether that is sure.

    Seen on definitions in use: an object becomes JSON text where a text is asked for, and "true" a boolean; the optimized
    integration with DynamoDB takes a text for an attribute's value (``takes_text``).
    """
    if kind in ("structure", "map"):
        return None if isinstance(value, dict) or (takes_text and isinstance(value, str)) else True
    if kind == "list":
        # A value alone may be taken for a list of one.
        return None if isinstance(value, list) else False
    if isinstance(value, (dict, list)):
        return None if kind == "string" else True
    if kind == "string":
        return None if isinstance(value, str) else False
    if kind == "boolean":
        return None if isinstance(value, bool) or (isinstance(value, str) and value.lower() in ("true", "false")) else False
    if isinstance(value, str):
        return None if _NUMBER.match(value) else False
    if isinstance(value, bool):
        return False
    if kind in ("integer", "long") and isinstance(value, float) and not value.is_integer():
        return False
    return None


def _structure(
    arguments: Arguments, value: dict[str, object], number: int, shape: Shape, pointer: Pointer, pending: _Pending
) -> Iterator[Observed]:
    members = arguments.shapes.members(number, arguments.is_sdk)
    present: set[str] = set()
    is_top = pointer == arguments.pointer
    is_whole = pointer not in arguments.damaged
    inner: _Pending = []
    for key, member in value.items():
        if has_placeholder(key):
            is_whole = False
            continue
        is_dynamic = _is_dynamic(key)
        name = key[:-2] if is_dynamic else key
        known = members.get(name)
        if known is None:
            if is_top and name in arguments.more:
                continue
            fault, meant = _unknown(arguments, name, members, (*pointer, key))
            if meant is not None:
                present.add(meant)
            yield fault
            continue
        present.add(known[0])
        if is_dynamic or _is_left_open(member):
            continue
        if name not in arguments.any_json and known[0] not in shape.any_value:
            inner.append((member, known[1], (*pointer, key)))
    pending.extend(reversed(inner))
    if is_whole and shape.required:
        missing = [name for name in shape.required if name not in present and not (is_top and name in arguments.optional)]
        if missing:
            spelled = {api: name for name, (api, _) in members.items()}
            where = "" if is_top else f" in {_path(arguments, pointer)}"
            named = {"arguments": alternatives([spelled[name] for name in missing], "and"), "call": arguments.call + where}
            yield "missing-argument", Match(pointer, named)


def _unknown(
    arguments: Arguments, name: str, members: Mapping[str, tuple[str, int]], pointer: Pointer
) -> tuple[Observed, str | None]:
    """The observation, and the API's name of the member that was probably meant."""
    near_name = near(name, members)
    hint = f'did you mean "{near_name}"?' if near_name else None
    named = {"argument": _path(arguments, (*pointer[:-1], name)), "call": arguments.call}
    if near_name is not None and near_name.casefold() == name.casefold():
        named["problem"] = "upper and lower case count"
        return ("unknown-argument", Match(pointer, named, part="key", help=hint)), members[near_name][0]
    if near_name is None and 0 < len(members) <= 8:
        hint = f"there are {alternatives(sorted(members), 'and')}" if len(members) > 1 else f"there is only {next(iter(members))}"
    # It may be newer than the index.
    named["problem"] = f"the API had no such member on {arguments.date}"
    match = Match(pointer, named, part="key", help=hint, sure=False)
    return ("unknown-argument", match), members[near_name][0] if near_name else None


def _size(
    arguments: Arguments, value: Sequence[object] | Mapping[str, object], shape: Shape, pointer: Pointer
) -> Iterator[Observed]:
    """The number of elements. What a path or the deployment adds may be any number, so too few are not told then."""
    length = len(value)
    if isinstance(value, list) and any(is_unknown(element) for element in value):
        return
    unit = "element" if isinstance(value, list) else "member"
    if shape.maximum is not None and length > shape.maximum:
        yield _value(arguments, pointer, f"it has {length} {unit}s, and at most {shape.maximum:g} are taken")
    elif shape.minimum is not None and length < shape.minimum:
        plural = "" if shape.minimum == 1 else "s"
        yield _value(arguments, pointer, f"it has {length} {unit}s, and at least {shape.minimum:g} {unit}{plural} must be there")


def _scalar(arguments: Arguments, value: object, shape: Shape, pointer: Pointer) -> Iterator[Observed]:
    if isinstance(value, str):
        if shape.enum:
            if value not in shape.enum:
                near_name = near(value, shape.enum)
                hint = f'did you mean "{near_name}"?' if near_name else None
                if near_name is None and len(shape.enum) <= 8:
                    hint = f"there are {alternatives(list(shape.enum), 'and')}"
                yield _value(arguments, pointer, f"{shown(value)} was none of the API's values on {arguments.date}", hint)
            return
        if shape.maximum is None and shape.minimum is None and not shape.pattern:
            return
        length = len(value)
        if _STAND_IN.search(value):
            return
        if shape.maximum is not None and length > shape.maximum:
            yield _value(arguments, pointer, f"it has {length} characters, and at most {shape.maximum:g} are taken")
        elif shape.minimum is not None and length < shape.minimum:
            short = "it is empty" if not value else f"it has {length} character{'' if length == 1 else 's'}"
            yield _value(arguments, pointer, f"{short}, and at least {shape.minimum:g} must be there")
        elif shape.pattern and length <= _LONGEST and not _fits(shape.pattern, value):
            yield _value(arguments, pointer, f"{shown(value)} does not fit the pattern {shape.pattern}")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        if shape.maximum is not None and value > shape.maximum:
            yield _value(arguments, pointer, f"{shown(value)} is more than {shape.maximum:g}")
        elif shape.minimum is not None and value < shape.minimum:
            yield _value(arguments, pointer, f"{shown(value)} is less than {shape.minimum:g}")


def _value(arguments: Arguments, pointer: Pointer, problem: str, hint: str | None = None) -> Observed:
    # Limits are raised from time to time, and models are late.
    named = {"argument": _path(arguments, pointer), "call": arguments.call, "problem": problem}
    return "argument-value", Match(pointer, named, help=hint)


def _fits(pattern: str, text: str) -> bool:
    """Whether the whole text fits. The services hold that against it, anchored or not: a session name with brackets is refused
    for ``[\\w+=,.@-]*``, which finds something in any text.
    """
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> "re.Pattern[str] | None":
    """The API's pattern, None where Python reads it otherwise, where it could take forever, or where it was escaped twice."""
    if _NESTED.search(pattern) or any(odd in pattern for odd in ("\\p", "\\P", "&&", "\\\\")):
        return None
    try:
        return re.compile(pattern, re.DOTALL)  # whether a dot takes a line break nobody says
    except re.error:
        return None


def _path(arguments: Arguments, pointer: Pointer) -> str:
    """``Entries[0].Detail``; the field's own name for the arguments as a whole."""
    text = ""
    for part in pointer[len(arguments.pointer) :]:
        text += f"[{part}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".") or str(pointer[-1])
