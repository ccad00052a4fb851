"""JSONPath and the intrinsic functions on values, for the interpreter of ``type_runs``: what they give."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from asl_lint.expressions.intrinsics import Intrinsic, parse_dynamic
from asl_lint.expressions.jsonpath import Path, Step


class NoValueError(Exception):
    """A path leads nowhere, or a function cannot take what it is given."""


def value_of(text: str, roots: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
    """What a path or a call gives; raises NoValueError."""
    parsed = parse_dynamic(text)
    assert not parsed.errors, (text, parsed.errors)
    if isinstance(parsed, Intrinsic):
        return _called(parsed.call, roots, variables)
    return found(parsed, roots, variables)


def found(path: Path, roots: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
    """What a path leads to: of several places the list."""
    if path.root == "variable":
        if path.variable not in variables:
            raise NoValueError(path.text)
        current = [variables[path.variable]]
    else:
        current = [roots[path.root]]
    several = False
    for step in path.steps:
        after = [value for one in current for value in _stepped(one, step)]
        if step.kind not in ("member", "index"):
            several = True
        if not several and not after:
            raise NoValueError(path.text)
        current = after
    return current if several else current[0]


def _stepped(value: Any, step: Step) -> list[Any]:
    if step.kind == "member":
        return [value[step.names[0]]] if isinstance(value, dict) and step.names[0] in value else []
    if step.kind == "wildcard":
        return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []
    if not isinstance(value, list):
        return []
    if step.kind == "slice":
        first, last = step.indices
        return value[first:last]
    assert step.kind == "index", step
    index = step.indices[0]
    assert index is not None
    return [value[index]] if -len(value) <= index < len(value) else []


def _called(call: Any, roots: Mapping[str, Any], variables: Mapping[str, Any]) -> Any:
    arguments = []
    for argument in call.arguments:
        if argument.path is not None:
            arguments.append(found(argument.path, roots, variables))
        elif argument.call is not None:
            arguments.append(_called(argument.call, roots, variables))
        else:
            arguments.append(argument.value)
    try:
        return FUNCTIONS[call.name](*arguments)
    except (TypeError, ValueError, IndexError, AttributeError, KeyError) as error:
        raise NoValueError(call.name) from error


def _array(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _unique(value: Any) -> list[Any]:
    return list({json.dumps(element, sort_keys=True): element for element in _array(value)}.values())


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "States.Array": lambda *values: list(values),
    "States.ArrayContains": lambda array, value: value in _array(array),
    "States.ArrayGetItem": lambda array, index: _array(array)[_number(index)],
    "States.ArrayLength": lambda array: len(_array(array)),
    "States.ArrayPartition": lambda array, size: [_array(array)[i : i + size] for i in range(0, len(array), _number(size))],
    "States.ArrayRange": lambda first, last, step: list(range(_number(first), _number(last) + (1 if step > 0 else -1), step)),
    "States.ArrayUnique": _unique,
    "States.Format": lambda template, *values: template.replace("{}", "%s") % values,
    "States.JsonMerge": lambda one, other, deep: _object(one) | _object(other),
    "States.JsonToString": json.dumps,
    "States.MathAdd": lambda one, other: round(_number(one)) + round(_number(other)),
    "States.StringSplit": lambda text, at: _text(text).split(at),
    "States.StringToJson": lambda text: json.loads(_text(text)),
}
