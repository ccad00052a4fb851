"""What is wrong with a call of a known function whatever the data: too many or too few arguments, or one of the wrong type.

By the reference's own matching of signatures (T0410, T0412), where a single value counts as an array of one, and the context
may stand for a first argument.
"""

from collections.abc import Iterator

from asl_lint.expressions.jsonata.certainty import Type, sure_type, truth, type_or_nothing
from asl_lint.expressions.jsonata.fault import A, Fault
from asl_lint.expressions.jsonata.functions import ADDED, ALGORITHMS, Parameter, shape
from asl_lint.expressions.jsonata.nodes import Array, Call, Lambda, Node, String, Variable
from asl_lint.late import Final
from asl_lint.near import near

_LETTERS: Final[dict[str, Type]] = {
    "s": "string", "n": "number", "b": "boolean", "l": "null", "o": "object", "a": "array", "f": "function",
}  # fmt: skip
_MANY: Final = {"string": "texts", "number": "numbers", "object": "objects"}
_SINGLE: Final = frozenset({"string", "number", "boolean", "object"})


def call_faults(node: Call, name: str, certain: bool, has_context: bool, left: Node | None) -> Iterator[Fault]:
    """Faults of a call of the function ``name`` of the table; ``left`` is what ``~>`` puts before its arguments."""
    taken, needed, least, most = shape(name)
    arguments = node.arguments if left is None else (left, *node.arguments)
    given = len(arguments)
    if name in ADDED:
        certain = False  # how the service's own functions take what they do not expect is not known
    if most is not None and given > most:
        hint = None
        if name == "merge":
            hint = "the objects to merge stand in an array: $merge([a, b])"
        elif most == 1 and taken[0].types == "a":
            hint = f"the values stand in an array: ${name}([a, b])"
        problem = f"it takes {_counted(least if has_context else needed, most)}, not {given}"
        yield Fault("argument", node.span, f"${name}", problem, hint, certain)
    elif given < least:
        problem = f"it needs {_counted(needed, needed)}, and has {given or 'none'}"
        yield Fault("argument", node.span, f"${name}", problem, None, certain)
    elif given < needed and not has_context:
        problem = f"it needs {_counted(needed, needed)}, and there is no context to take the first from"
        yield Fault("argument", node.span, f"${name}", problem, None, False)
    elif given:
        yield from _types(arguments, name, taken, certain)
        if name in _ALSO:
            yield from _content(name, arguments, certain)


def _counted(least: int, most: int) -> str:
    words = str(most) if least == most else f"{least} or {most}" if most - least == 1 else f"{least} to {most}"
    return f"{words if words != '0' else 'no'} argument{'' if words == '1' else 's'}"


# --- types ------------------------------------------------------------------------------------------------------------------


def _types(arguments: tuple[Node, ...], name: str, taken: tuple[Parameter, ...], certain: bool) -> Iterator[Fault]:
    wrong = _wrong_types(arguments, taken)
    if not wrong or (taken[0].from_context and len(arguments) < len(taken) and not _wrong_types(arguments, taken[1:])):
        return  # where the first argument does not fit, the reference takes it from the context
    for argument, problem, hint, sure in wrong:
        yield Fault("argument", argument.span, f"${name}", problem, hint, certain and sure)


def _wrong_types(arguments: tuple[Node, ...], taken: tuple[Parameter, ...]) -> list[tuple[Node, str, str | None, bool]]:
    found = []
    last = len(taken) - 1
    for i, argument in enumerate(arguments):
        kind = type_or_nothing(argument)
        if kind is not None and (problem := _wrong_type(argument, kind, taken[min(i, last)])) is not None:
            found.append((argument, problem, _remedy(kind, taken[min(i, last)]), sure_type(argument) is not None))
    return found


def _wrong_type(argument: Node, kind: Type, parameter: Parameter) -> str | None:
    types = parameter.types
    if "x" in types:
        return None
    if "j" in types:
        return "it takes no function" if kind == "function" else None
    if types == "a":
        # A single value counts as an array of one.
        if not parameter.holds or parameter.holds not in _LETTERS:
            return None
        held = _LETTERS[parameter.holds]
        if kind != "array":
            return None if kind == held else f"it takes an array of {_MANY[held]}, not {A[kind]}"
        items = argument.items if isinstance(argument, Array) else ()
        wrong = next((k for item in items if (k := sure_type(item)) is not None and k != held), None)
        return None if wrong is None else f"it takes an array of {_MANY[held]}, not {A[wrong]} in it"
    allowed = [_LETTERS[letter] for letter in types]
    if kind in allowed:
        return None
    return f"it takes {' or '.join(A[a] for a in allowed)} here, not {A[kind]}"


def _remedy(kind: Type, parameter: Parameter) -> str | None:
    types = parameter.holds if "a" in parameter.types else parameter.types
    if types == "s" and kind == "number":
        return "$string makes a text of a number"
    if types == "n" and kind == "string":
        return "$number makes a number of a text"
    if types == "f":
        return "a function is written function($x) { … }, or named without parentheses: $uppercase"
    return None


# --- what some functions ask beyond types -----------------------------------------------------------------------------------

_ALSO: Final = frozenset({"boolean", "count", "hash", "not", "reduce", "sort"})


def _content(name: str, arguments: tuple[Node, ...], certain: bool) -> Iterator[Fault]:
    first = arguments[0]
    second = arguments[1] if len(arguments) > 1 else None
    if name == "count":
        kind = type_or_nothing(first)
        if kind in _SINGLE:
            hint = {"string": "$length counts the characters of a text", "object": "$count($keys(object)) counts its fields"}
            yield Fault("count-of-single-value", first.span, "$count", f"of {A[kind]} it is always 1", hint.get(kind), False)
    elif name == "hash":
        if isinstance(second, String) and second.value not in ALGORITHMS and "${" not in second.value:
            near_name = near(second.value, ALGORITHMS)
            hint_ = f"did you mean '{near_name}'?" if near_name else None
            yield Fault("argument", second.span, "$hash", f"it knows {', '.join(ALGORITHMS)} alone", hint_, False)
    elif name == "reduce":
        if isinstance(second, Lambda) and len(second.parameters) < 2:
            problem = f"its function takes two parameters or more, not {len(second.parameters) or 'none'}"
            hint_ = "the first is what was gathered so far: function($so_far, $next) { … }"
            yield Fault("argument", second.span, "$reduce", problem, hint_, certain and sure_type(first) is not None)
    elif name == "sort":
        if isinstance(second, Lambda) and type_or_nothing(second.body) == "number":
            problem = "its function tells with true that the two must change places, and any number but 0 counts as true"
            names = [f"${p.name}" for p in second.parameters if isinstance(p, Variable)]
            hint_ = f"write {names[0]} > {names[1]}, or < for the largest first" if len(names) == 2 else None
            yield Fault("sort-by-number", second.body.span, "$sort", problem, hint_, False)
    elif (value := truth(first)) is not None:
        problem = f"it always counts as {'true' if value else 'false'}"
        yield Fault("constant-condition", first.span, f"${name}", problem, None, False)
