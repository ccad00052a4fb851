"""Definitions of any size for what is followed through a machine: loops, variables, locks, polls, nesting, expressions.

Each is a function from a size to a text, as in ``shapes.py``; the size is the number of states unless it says otherwise.
"""

import json
from collections.abc import Mapping
from typing import Any, Final, Literal

State = dict[str, Any]
Language = Literal["JSONata", "JSONPath"]

ROUND: Final = 19
"""States that one round of ``everything`` has."""
_NESTING: Final = 45
"""Parallels in one another: a little less than what is read."""


def everything(states: int, language: Language) -> str:
    """Rounds behind each other, each with all that is followed: see ``_round``. Every Task catches to one handler."""
    rounds = max(1, states // ROUND)
    found: State = {}
    for i in range(rounds):
        found |= _round(i, f"Set{i + 1}" if i + 1 < rounds else "Done", language)
    found["Handler"] = {"Type": "Fail", "Error": "Gave.Up"}
    found["Done"] = {"Type": "Succeed"}
    return _text({"QueryLanguage": language, "StartAt": "Set0", "States": found})


def everything_in_jsonata(states: int) -> str:
    return everything(states, "JSONata")


def everything_in_jsonpath(states: int) -> str:
    return everything(states, "JSONPath")


def _round(i: int, onwards: str, language: Language) -> State:
    """A lock that is taken and given back, around a counted loop, in it a counted poll of a started job, a Parallel and a Map.

    Its variables are set in one state and read in others, also in those of the next round and inside the branches.
    """
    data = _JSONata(i) if language == "JSONata" else _JSONPath(i)
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Handler", **data.error}]
    give_back = [{"ErrorEquals": ["States.ALL"], "Next": f"Free after error{i}", **data.error}]
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 4, "BackoffRate": 2}]

    def task(resource: str, arguments: State, caught: object, **fields: Any) -> State:
        return {
            "Type": "Task", "Resource": f"arn:aws:states:::{resource}", data.arguments: arguments, "TimeoutSeconds": 60,
            "Retry": retry, "Catch": caught, **fields,
        }  # fmt: skip

    def work(name: str) -> State:
        invoke = task("lambda:invoke", {"FunctionName": "work", **data.reads("Payload", f"{name.lower()}{i}")}, catch, End=True)
        return {"StartAt": f"{name} first{i}", "States": {
            f"{name} first{i}": {"Type": "Pass", "Assign": data.copies(name), "Next": f"{name} last{i}"},
            f"{name} last{i}": {member: value for member, value in invoke.items() if member != "Catch"} | data.kept,
        }}  # fmt: skip

    free = task("dynamodb:deleteItem", {"TableName": "locks", "Key": data.key}, catch)
    take = task("dynamodb:putItem", {
        "TableName": "locks", "Item": {**data.key, "ttl": {"N": "900"}}, "ConditionExpression": "attribute_not_exists(pk)",
    }, catch, **data.kept)  # fmt: skip
    del take["Retry"]  # the second attempt would be refused by the first
    return {
        f"Set{i}": {"Type": "Pass", "Assign": data.first, "Next": f"Take{i}"},
        f"Take{i}": take | {"Next": f"Begin{i}"},
        f"Begin{i}": {"Type": "Pass", "Assign": data.zero("polls"), "Next": f"Start{i}"},
        f"Start{i}": task("glue:startJobRun", {"JobName": "job"}, give_back, Assign=data.run, Next=f"Wait{i}", **data.kept),
        f"Wait{i}": {"Type": "Wait", "Seconds": 60, "Next": f"Ask{i}"},
        f"Ask{i}": task("aws-sdk:glue:getJobRun", {"JobName": "job", **data.reads("RunId", f"run{i}")}, give_back,
                        Assign=data.status | data.step("polls"), Next=f"Busy{i}", **data.kept),
        f"Busy{i}": {"Type": "Choice", "Choices": [data.busy | {"Next": f"Wait{i}"}], "Default": f"Both{i}"},
        f"Both{i}": {"Type": "Parallel", "Branches": [work("Left"), work("Right")], "Catch": give_back, "Next": f"Each{i}",
                     **data.kept},
        f"Each{i}": {"Type": "Map", **data.items, "MaxConcurrency": 5, "ItemProcessor": work("Item"), "Catch": give_back,
                     "Next": f"Step{i}", **data.kept},
        f"Step{i}": {"Type": "Pass", "Assign": data.step("turns"), "Next": f"More{i}"},
        f"More{i}": {"Type": "Choice", "Choices": [data.more | {"Next": f"Begin{i}"}], "Default": f"Free{i}"},
        f"Free{i}": free | {"Next": onwards, **data.kept},
        f"Free after error{i}": free | {"Next": "Handler", **data.kept},
    }  # fmt: skip


class _JSONata:
    """How a round says it in JSONata."""

    arguments: Final = "Arguments"
    kept: Final[State] = {"Output": "{% $states.input %}"}
    error: Final[State] = {"Output": "{% $states.input %}"}

    def __init__(self, i: int) -> None:
        self.i = i
        before = f" & $key{i - 1}" if i else ""
        self.first: State = {f"key{i}": f"{{% 'k{i}'{before} %}}", f"turns{i}": 0}
        self.key: State = {"pk": {"S": f"lock {i}"}, "sk": {"S": f"{{% $key{i} %}}"}}
        self.run: State = {f"run{i}": "{% $states.result.JobRunId %}"}
        self.status: State = {f"status{i}": "{% $states.result.JobRun.JobRunState %}"}
        self.busy: State = {"Condition": f"{{% $status{i} in ['STARTING', 'RUNNING'] and $polls{i} < 30 %}}"}
        self.more: State = {"Condition": f"{{% $turns{i} < 3 %}}"}
        self.items: State = {"Items": f"{{% [1..3].($ + $turns{i}) %}}"}

    def reads(self, member: str, name: str) -> State:
        return {member: f"{{% ${name} %}}"}

    def copies(self, name: str) -> State:
        return {f"{name.lower()}{self.i}": f"{{% $key{self.i} & ':' & $string($turns{self.i}) %}}"}

    def zero(self, name: str) -> State:
        return {f"{name}{self.i}": 0}

    def step(self, name: str) -> State:
        return {f"{name}{self.i}": f"{{% ${name}{self.i} + 1 %}}"}


class _JSONPath:
    """How a round says it in JSONPath."""

    arguments: Final = "Parameters"
    kept: Final[State] = {"ResultPath": None}
    error: Final[State] = {"ResultPath": "$.error"}

    def __init__(self, i: int) -> None:
        self.i = i
        before = f"$key{i - 1}" if i else "'first'"
        self.first: State = {f"key{i}.$": f"States.Format('k{i}{{}}', {before})", f"turns{i}": 0}
        self.key: State = {"pk": {"S": f"lock {i}"}, "sk": {"S.$": f"$key{i}"}}
        self.run: State = {f"run{i}.$": "$.JobRunId"}
        self.status: State = {f"status{i}.$": "$.JobRun.JobRunState"}
        self.busy: State = {"And": [
            {"Or": [{"Variable": f"$status{i}", "StringEquals": name} for name in ("STARTING", "RUNNING")]},
            {"Variable": f"$polls{i}", "NumericLessThan": 30},
        ]}  # fmt: skip
        self.more: State = {"Variable": f"$turns{i}", "NumericLessThan": 3}
        self.items: State = {"ItemsPath": "$.items"}

    def reads(self, member: str, name: str) -> State:
        return {f"{member}.$": f"${name}"}

    def copies(self, name: str) -> State:
        return {f"{name.lower()}{self.i}.$": f"States.Format('{{}}:{{}}', $key{self.i}, $turns{self.i})"}

    def zero(self, name: str) -> State:
        return {f"{name}{self.i}": 0}

    def step(self, name: str) -> State:
        return {f"{name}{self.i}.$": f"States.MathAdd(${name}{self.i}, 1)"}


# --- one thing at a time ----------------------------------------------------------------------------------------------------


def variables(states: int) -> str:
    """A variable for each state, all of which the last one reads, and each the one before."""
    found: State = {
        f"Set{i}": {"Type": "Pass", "Assign": {f"v{i}": f"{{% $v{i - 1} + 1 %}}" if i else 0}, "Next": f"Set{i + 1}"}
        for i in range(states - 1)
    }
    found[f"Set{states - 1}"] = {"Type": "Succeed", "Output": f"{{% [{', '.join(f'$v{i}' for i in range(states - 1))}] %}}"}
    return _text({"QueryLanguage": "JSONata", "StartAt": "Set0", "States": found})


def variables_of_paths(states: int) -> str:
    """Half of the states are reached in two ways, of which one sets a variable that is read at the end."""
    found: State = {}
    for i in range(states // 2):
        found[f"If{i}"] = {"Type": "Choice", "Choices": [{"Condition": f"{{% $states.input.a{i} %}}", "Next": f"Set{i}"}],
                           "Default": f"If{i + 1}"}  # fmt: skip
        found[f"Set{i}"] = {"Type": "Pass", "Assign": {f"v{i}": i}, "Next": f"If{i + 1}"}
    reads = ", ".join(f"$exists($v{i})" for i in range(states // 2))
    found[f"If{states // 2}"] = {"Type": "Succeed", "Output": f"{{% [{reads}] %}}"}
    return _text({"QueryLanguage": "JSONata", "StartAt": "If0", "States": found})


def loops_in_loops(states: int) -> str:
    """Counted loops in one another: N states deep, as far as a flat machine can nest them."""
    depth = states // 3
    found: State = {}
    for i in range(depth):
        found[f"Zero{i}"] = {"Type": "Pass", "Assign": {f"n{i}": 0}, "Next": f"Zero{i + 1}"}
        found[f"Step{i}"] = {"Type": "Pass", "Assign": {f"n{i}": f"{{% $n{i} + 1 %}}"}, "Next": f"More{i}"}
        found[f"More{i}"] = {"Type": "Choice", "Choices": [{"Condition": f"{{% $n{i} < 3 %}}", "Next": f"Zero{i + 1}"}],
                             "Default": f"Step{i - 1}" if i else "Done"}  # fmt: skip
    found[f"Zero{depth}"] = {"Type": "Wait", "Seconds": 1, "Next": f"Step{depth - 1}"}
    return _text({"QueryLanguage": "JSONata", "StartAt": "Zero0", "States": found | {"Done": {"Type": "Succeed"}}})


def locks(states: int) -> str:
    """Locks of different keys, taken all and then given back, two states each; whatever fails, all are given back."""
    count = max(1, states // 2)
    catch = [{"ErrorEquals": ["States.ALL"], "Next": f"Free{count - 1}"}]
    found: State = {}
    for i in range(count):
        key = {"pk": {"S": f"lock{i}"}}
        item = {"Item": key | {"ttl": {"N": "9"}}, "ConditionExpression": "attribute_not_exists(pk)"}
        found[f"Take{i}"] = _write("putItem", item, f"Take{i + 1}" if i + 1 < count else f"Free{count - 1}") | {"Catch": catch}
        after = f"Free{i - 1}" if i else "Done"
        failed = [{"ErrorEquals": ["States.ALL"], "Next": after}]
        found[f"Free{i}"] = _write("deleteItem", {"Key": key}, after) | {"Catch": failed}
    return _text({"QueryLanguage": "JSONata", "StartAt": "Take0", "States": found | {"Done": {"Type": "Succeed"}}})


def _write(action: str, arguments: State, onwards: str) -> State:
    retry = [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 3}]
    return {"Type": "Task", "Resource": f"arn:aws:states:::dynamodb:{action}", "Arguments": {"TableName": "locks", **arguments},
            "Retry": retry, "Next": onwards}  # fmt: skip


def deep_parallels(states: int) -> str:
    """Parallels in one another, about as deep as is read, one such tower behind the other."""
    towers = max(1, states // _NESTING)
    found: State = {}
    for i in range(towers):
        inner: State = {"Type": "Pass", "Assign": {f"deep{i}": 1}, "End": True}
        for level in range(min(_NESTING, states)):
            name = f"Level {level} of {i}"
            inner = {"Type": "Parallel", "Branches": [{"StartAt": name, "States": {name: inner}}], "End": True}
        del inner["End"]
        found[f"Tower {i}"] = inner | ({"Next": f"Tower {i + 1}"} if i + 1 < towers else {"End": True})
    return _text({"QueryLanguage": "JSONata", "StartAt": "Tower 0", "States": found})


def conditions(states: int) -> str:
    """One Choice with a rule in JSONata for each other state, every one of which leads back to it."""
    rules = [{"Condition": f"{{% $states.input.kind = {i} and $n < 9 %}}", "Next": f"Step{i}"} for i in range(states - 1)]
    found: State = {f"Step{i}": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Next": "Which"} for i in range(states - 1)}
    found["Which"] = {"Type": "Choice", "Choices": rules, "Default": "Done"}
    first = {"First": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Which"}, "Done": {"Type": "Succeed"}}
    return _text({"QueryLanguage": "JSONata", "StartAt": "First", "States": first | found})


def long_expression(terms: int) -> str:
    """One expression; its size is the number of its terms, of about 24 characters."""
    text = ", ".join(f"$states.input.n{i:05} + 1" for i in range(terms))
    return _text({"QueryLanguage": "JSONata", "StartAt": "Sum",
                  "States": {"Sum": {"Type": "Succeed", "Output": f"{{% $sum([{text}]) %}}"}}})  # fmt: skip


def bindings(terms: int) -> str:
    """One expression that binds a name after the other, each from the one before; its size is their number."""
    text = "; ".join(f"$v{i} := $v{i - 1} & '{i}'" if i else "$v0 := 'x'" for i in range(terms))
    return _text({"QueryLanguage": "JSONata", "StartAt": "Sum",
                  "States": {"Sum": {"Type": "Succeed", "Output": f"{{% ({text}; $v{terms - 1}) %}}"}}})  # fmt: skip


def placeholders(states: int) -> str:
    """A placeholder in each state."""
    found = {
        f"Step{i}": {"Type": "Task", "Resource": f"${{Function{i}}}", "TimeoutSeconds": 9}
        | ({"Next": f"Step{i + 1}"} if i + 1 < states else {"End": True})
        for i in range(states)
    }
    return _text({"StartAt": "Step0", "States": found})


def findings(states: int) -> str:
    """A fault in each state, and one cause of several: the last state leads nowhere."""
    found = {f"Step{i}": {"Type": "Pass", "Odd": i, "Next": f"Step{i + 1}"} for i in range(states)}
    return _text({"StartAt": "Step0", "States": found})


def _text(machine: Mapping[str, Any]) -> str:
    return json.dumps(machine, indent=1)
