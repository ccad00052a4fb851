"""Definitions of any size, to see how time and memory grow: each shape is a function from the number of states to a text.

A shape stresses one thing that could cost more than its share: many transitions into one state, nesting, wide choices, as many
findings as states, as many directives as findings. Without a fault unless the name says so.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import flow_shapes

State = dict[str, Any]

_NESTING: Final = 5
"""How many Maps lie in one another in the shape of nested Maps; deeper ones are another question than more of them."""


def chain(states: int) -> str:
    """One Task after another, with the fields that Tasks usually have."""
    return _machine([_task(i, states) for i in range(states)])


def one_handler(states: int) -> str:
    """A chain in which every Task catches to the same last state: the graph on which a naive dominator search takes for ever."""
    catch = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": _name(states - 1)}]
    return _machine([_task(i, states) | {"Catch": catch} for i in range(states - 1)] + [{"Type": "Fail", "Error": "Gave.Up"}])


def nested_maps(states: int) -> str:
    """A chain of Maps, each of which holds a Map and so on, five deep; all states count."""
    outer = max(1, states // _NESTING)
    return _machine([_nested(i, _NESTING - 1) | _onwards(i, outer) for i in range(outer)])


def parallel(states: int) -> str:
    """One Parallel with a branch for each state."""
    branches = [{"StartAt": _name(i + 1), "States": {_name(i + 1): {"Type": "Succeed"}}} for i in range(states - 1)]
    return _machine([{"Type": "Parallel", "Branches": branches, "End": True}])


def wide_choice(states: int) -> str:
    """One Choice with a rule for each other state, and a Default."""
    rules = [
        {"And": [{"Variable": "$.kind", "IsPresent": True}, {"Variable": "$.kind", "NumericEquals": i}], "Next": _name(i)}
        for i in range(1, states)
    ]
    return _machine(
        [{"Type": "Choice", "Choices": rules, "Default": _name(1)}] + [{"Type": "Succeed"} for _ in range(states - 1)]
    )


def jsonata(states: int) -> str:
    """A chain in JSONata: every state assigns a variable from an expression, and the next one reads it."""
    machine = [
        {
            "Type": "Pass",
            "Assign": {f"total{i}": f"{{% $states.input.price * {i} + (1 + 2) %}}"},
            "Output": {"name": f"{{% $uppercase($states.input.name) & '{i}' %}}"},
            **_onwards(i, states),
        }
        for i in range(states)
    ]
    return _machine(machine, QueryLanguage="JSONata")


def yaml_chain(states: int) -> str:
    """A chain, written in YAML."""
    lines = [f"StartAt: {_name(0)}", "States:"]
    for i in range(states):
        onwards = f"Next: {_name(i + 1)}" if i + 1 < states else "End: true"
        lines += [f"  {_name(i)}:", "    Type: Wait", "    Seconds: 1", f"    {onwards}"]
    return "\n".join(lines) + "\n"


def wrong_targets(states: int) -> str:
    """A chain in which every state also catches to a state that does not exist: a finding, and a near name to look for, each."""
    return _machine(
        [_task(i, states) | {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": f"Stat {i:05}"}]} for i in range(states)]
    )


def unknown_fields(states: int) -> str:
    """A chain in which every state has a mistyped field."""
    return _machine([_task(i, states) | {"Timeoutseconds": 3} for i in range(states)])


def unreachable(states: int) -> str:
    """States that nothing leads to: all but the first."""
    return _machine([{"Type": "Succeed"} for _ in range(states)])


def silenced(states: int) -> str:
    """A chain in which every state has a mistyped field, and a directive that silences the finding."""
    directive = {"Comment": "asl-lint: ignore[unknown-field] the console wrote it"}
    return _machine([_task(i, states) | {"Timeoutseconds": 3} | directive for i in range(states)])


def missing_commas(states: int) -> str:
    """JSON with a syntax error in every state: the comma after Type is missing."""
    return chain(states).replace('"Type": "Task",', '"Type": "Task"')


def one_line(states: int) -> str:
    """The chain with mistyped fields, all in one line: what shows the source must not show it whole for each finding."""
    return json.dumps(json.loads(unknown_fields(states)), separators=(",", ":"))


SHAPES: Final[Mapping[str, tuple[Callable[[int], str], str]]] = {
    "chain": (chain, ".asl.json"),
    "all catch to one handler": (one_handler, ".asl.json"),
    "Maps nested five deep": (nested_maps, ".asl.json"),
    "Parallel with N branches": (parallel, ".asl.json"),
    "Choice with N rules": (wide_choice, ".asl.json"),
    "chain in JSONata": (jsonata, ".asl.json"),
    "chain in YAML": (yaml_chain, ".asl.yaml"),
    "everything, JSONata": (flow_shapes.everything_in_jsonata, ".asl.json"),
    "everything, JSONPath": (flow_shapes.everything_in_jsonpath, ".asl.json"),
    "N variables, all read": (flow_shapes.variables, ".asl.json"),
    "N/2 ways past a variable": (flow_shapes.variables_of_paths, ".asl.json"),
    "N/3 loops in one another": (flow_shapes.loops_in_loops, ".asl.json"),
    "N/2 locks": (flow_shapes.locks, ".asl.json"),
    "Parallels nested deep": (flow_shapes.deep_parallels, ".asl.json"),
    "N conditions of a loop": (flow_shapes.conditions, ".asl.json"),
    "one expression of N terms": (flow_shapes.long_expression, ".asl.json"),
    "one expression, N names": (flow_shapes.bindings, ".asl.json"),
    "N placeholders": (flow_shapes.placeholders, ".asl.json"),
    "N wrong targets": (wrong_targets, ".asl.json"),
    "N unknown fields": (unknown_fields, ".asl.json"),
    "N unknown fields, one line": (one_line, ".asl.json"),
    "N unreachable states": (unreachable, ".asl.json"),
    "N silenced findings": (silenced, ".asl.json"),
    "N missing commas": (missing_commas, ".asl.json"),
}
"""What the plot calls a shape -> how to make it, and the ending of its file."""


def _name(i: int) -> str:
    return f"State {i:05}"


def _onwards(i: int, states: int) -> State:
    return {"Next": _name(i + 1)} if i + 1 < states else {"End": True}


def _task(i: int, states: int) -> State:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Parameters": {"FunctionName": "work", "Payload.$": "$"},
        "ResultPath": "$.result",
        "Retry": [{"ErrorEquals": ["Lambda.ServiceException"], "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2}],
        **_onwards(i, states),
    }


def _nested(i: int, depth: int) -> State:
    """A Map with ``depth`` levels of states in it."""
    name = f"{_name(i)} level {depth}"
    inside = _nested(i, depth - 1) if depth > 1 else {"Type": "Pass"}
    return {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": name, "States": {name: inside | {"End": True}}},
    }


def _machine(states: list[State], **fields: Any) -> str:
    machine = {**fields, "StartAt": _name(0), "States": {_name(i): state for i, state in enumerate(states)}}
    return json.dumps(machine, indent=2)
