"""A small interpreter for the machines of ``variable_machines``: what is set when a state is entered, left, or evaluates a text.

It follows the language's definition: an ``Assign`` reads what was set before its state, an attempt that fails sets nothing, a
Catcher and a rule have an ``Assign`` of their own, and the names of an inner scope end with it. A branch that fails stops those
after it. Only what these machines use is interpreted.
"""

import ast
import random
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, NamedTuple

import jsonata

from tests.facts.variable_machines import COINS, ERRORS, TIMEOUT

Pointer = tuple[str | int, ...]
Names = frozenset[str]
Tasks = Callable[[str, Mapping[str, Any]], Any]
"""Answers a Task, given its name and the state; raises ``FailedError``."""


class FailedError(Exception):
    """An error of the language, by its name."""


class CutError(Exception):
    """The run has taken as many states as it may."""


class Entered(NamedTuple):
    """A state that is entered, with what is set before it."""

    state: Pointer
    names: Names


class Taken(NamedTuple):
    """A way out of a state: the kind of the edge, its number, what was set before the state, and before its scope began."""

    state: Pointer
    kind: str
    number: int
    names: Names
    outside: Names


class Evaluated(NamedTuple):
    """A text, what was set when it was evaluated, whether it ``failed``, and whether it had not (``lacking``) with all set."""

    text: Pointer
    names: Names
    failed: bool
    lacking: bool


class Run:
    """One execution: what was ``entered``, ``taken`` and ``evaluated``; its ``error``; whether it ``is_whole``, so not cut."""

    def __init__(self, definition: Mapping[str, Any], data: Any, tasks: Tasks, most: int) -> None:
        self.language: str = definition["QueryLanguage"]
        self.tasks = tasks
        self.most = most
        self.entered: list[Entered] = []
        self.taken: list[Taken] = []
        self.evaluated: list[Evaluated] = []
        self.error: str | None = None
        self.is_whole = True
        try:
            self._scope(definition, (), {}, data)
        except FailedError as failed:
            self.error = str(failed)
        except CutError:
            self.is_whole = False

    def _scope(self, body: Mapping[str, Any], pointer: Pointer, outer: Mapping[str, Any], data: Any) -> Any:
        variables, outside = dict(outer), frozenset(outer)
        name = body["StartAt"]
        while True:
            state, at = body["States"][name], (*pointer, "States", name)
            if len(self.entered) == self.most:
                raise CutError
            before = frozenset(variables)
            self.entered.append(Entered(at, before))
            visit = _Visit(self, state, at, variables, data)
            kind, index, holder, assigned, data = visit.left()
            self.taken.append(Taken(at, kind, index, before, outside))
            if state["Type"] == "Fail":
                raise FailedError(state["Error"])
            variables |= assigned
            if kind == "end":
                return data
            name = holder["Default"] if kind == "default" else holder["Next"]


class _Visit:
    """One visit of a state, with what is set before it and the input that it gets."""

    def __init__(self, run: Run, state: Mapping[str, Any], pointer: Pointer, variables: Mapping[str, Any], data: Any) -> None:
        self.run = run
        self.state = state
        self.pointer = pointer
        self.variables = variables
        self.data = data
        self.is_jsonata = state.get("QueryLanguage", run.language) == "JSONata"

    def left(self) -> tuple[str, int, Mapping[str, Any], dict[str, Any], Any]:
        """The kind and number of the way out, the object that says where it leads, what it sets, and the output."""
        state, kind = self.state, self.state["Type"]
        if kind == "Choice":
            return self.chosen()
        if kind in ("Succeed", "Fail"):
            self.settled(state, self.pointer, self.data, {"input": self.data})
            return "end", 0, state, {}, self.data
        try:
            assigned, output = self.retried()
        except FailedError as failed:
            for i, catcher in enumerate(state.get("Catch", ())):
                if matches(catcher["ErrorEquals"], str(failed)):
                    frame = {"input": self.data, "errorOutput": {"Error": str(failed), "Cause": ""}}
                    return "catch", i, catcher, *self.settled(catcher, (*self.pointer, "Catch", i), self.data, frame)
            raise
        return "end" if state.get("End") else "next", 0, state, assigned, output

    def chosen(self) -> tuple[str, int, Mapping[str, Any], dict[str, Any], Any]:
        frame = {"input": self.data}
        for i, rule in enumerate(self.state["Choices"]):
            at = (*self.pointer, "Choices", i)
            if self.text(rule["Condition"], (*at, "Condition"), frame, bool) if self.is_jsonata else self.holds(rule, at):
                return "rule", i, rule, *self.settled(rule, at, self.data, frame)
        if "Default" not in self.state:
            raise FailedError("States.NoChoiceMatched")
        return "default", 0, self.state, *self.settled(self.state, self.pointer, self.data, frame)

    def retried(self) -> tuple[dict[str, Any], Any]:
        retriers = self.state.get("Retry", ())
        left = [retrier["MaxAttempts"] for retrier in retriers]
        while True:
            try:
                return self.attempt()
            except FailedError as failed:
                matching = (i for i, retrier in enumerate(retriers) if matches(retrier["ErrorEquals"], str(failed)))
                index = next(matching, None)
                if index is None or not left[index]:
                    raise
                left[index] -= 1

    def attempt(self) -> tuple[dict[str, Any], Any]:
        kind, given = self.state["Type"], self.data
        for field in ("Arguments", "Parameters"):
            if field in self.state:
                given = self.value(self.state[field], (*self.pointer, field), {"input": self.data})
        if kind == "Task":
            result = self.run.tasks(str(self.pointer[-1]), self.state)
        elif kind == "Pass":
            result = given
        elif kind == "Parallel":
            result = [
                self.run._scope(branch, (*self.pointer, "Branches", i), self.variables, given)
                for i, branch in enumerate(self.state["Branches"])
            ]
        else:
            result = self.iterated()
        if "ResultSelector" in self.state:
            result = self.value(self.state["ResultSelector"], (*self.pointer, "ResultSelector"), {"input": result})
        output = self.data if self.is_jsonata and kind == "Pass" else result
        return self.settled(self.state, self.pointer, output, {"input": self.data, "result": result})

    def iterated(self) -> list[Any]:
        state, frame = self.state, {"input": self.data}
        if self.is_jsonata:
            items = self.text(state["Items"], (*self.pointer, "Items"), frame, list)
        else:
            items = _at(state["ItemsPath"], {}, self.data)
        processor = state["ItemProcessor"]
        at, distributed = (*self.pointer, "ItemProcessor"), "ProcessorConfig" in processor
        if "ItemSelector" in state:
            context = [frame | {"context": {"Map": {"Item": {"Value": item}}}} for item in items]
            items = [self.value(state["ItemSelector"], (*self.pointer, "ItemSelector"), one) for one in context]
        results: list[Any] = []
        for item in items:
            try:
                results.append(self.run._scope(processor, at, {} if distributed else self.variables, item))
            except FailedError:
                if not distributed:
                    raise
        if len(results) < len(items) and "ToleratedFailurePercentage" not in state:
            raise FailedError("States.ExceedToleratedFailureThreshold")
        return results

    # --- values -------------------------------------------------------------------------------------------------------------

    def settled(
        self, holder: Mapping[str, Any], at: Pointer, output: Any, frame: Mapping[str, Any]
    ) -> tuple[dict[str, Any], Any]:
        """What an object assigns, and its output."""
        source = frame if self.is_jsonata else {"input": frame.get("result", frame["input"])}
        assigned = self.value(holder.get("Assign", {}), (*at, "Assign"), source)
        if "Output" in holder:
            output = self.value(holder["Output"], (*at, "Output"), frame)
        elif "ResultPath" in holder:
            output = self.data
        elif self.is_jsonata and "errorOutput" in frame:
            output = frame["errorOutput"]
        return assigned, output

    def value(self, template: Mapping[str, Any], at: Pointer, frame: Mapping[str, Any]) -> dict[str, Any]:
        """The object that a template makes, whose members are expressions, paths, literals."""
        made: dict[str, Any] = {}
        for key, member in template.items():
            if self.is_jsonata and isinstance(member, str):
                made[key] = self.text(member, (*at, key), frame)
            elif key.endswith(".$"):
                made[key.removesuffix(".$")] = self.path(member, (*at, key), frame)
            else:
                made[key] = member
        return made

    def text(self, text: str, at: Pointer, frame: Mapping[str, Any], kind: type = object) -> Any:
        """The value of a JSONata text."""
        whole = re.fullmatch(r"{% \$states\.([\w.]+) %}", text)
        names, paths = _mentioned(text)
        if whole is not None:
            value = _member(frame, whole[1])
        else:
            states = tuple((path, _member(frame, path)) for path in paths)
            value = _evaluated(text, tuple((n, repr(self.variables[n])) for n in names if n in self.variables), states)
        failed = value is None or not isinstance(value, kind)
        lacking = False
        if failed and whole is None and not self.variables.keys() >= set(names):
            every = tuple((n, repr(self.variables.get(n, 1))) for n in names)
            lacking = isinstance(_evaluated(text, every, states), kind)
        self.tell(at, failed, lacking)
        if failed:
            raise FailedError("States.QueryEvaluationError")
        return value

    def tell(self, at: Pointer, failed: bool, lacking: bool) -> None:
        self.run.evaluated.append(Evaluated(at, frozenset(self.variables), failed, lacking))

    def path(self, text: str, at: Pointer, frame: Mapping[str, Any]) -> Any:
        """The value of a path or an intrinsic call."""
        call = re.fullmatch(r"States\.(\w+)\((?:'{}', )?(\$\w+)(?:, 1)?\)", text)
        value = _at(call[2] if call else text, self.variables, frame["input"], frame.get("context"))
        self.tell(at, value is None, value is None)
        if value is None:
            raise FailedError("States.ParameterPathFailure")
        if call and call[1] == "MathAdd":
            if not isinstance(value, int):
                raise FailedError("States.IntrinsicFailure")
            return value + 1
        return str(value) if call else value

    def holds(self, rule: Mapping[str, Any], at: Pointer) -> bool:
        """Whether a JSONPath rule holds; a test of a value that is not there fails the execution."""
        for field, joined in (("And", all), ("Or", any)):
            if field in rule:
                return joined(self.holds(part, (*at, field, i)) for i, part in enumerate(rule[field]))
        if "Not" in rule:
            return not self.holds(rule["Not"], (*at, "Not"))
        value = _at(rule["Variable"], self.variables, self.data)
        if "IsPresent" in rule:
            return (value is not None) is rule["IsPresent"]
        self.tell((*at, "Variable"), value is None, value is None)
        if value is None:
            raise FailedError("States.Runtime")
        if "BooleanEquals" in rule:
            return bool(value is rule["BooleanEquals"])
        if not isinstance(value, int):
            return False
        return value > rule["NumericGreaterThan"] if "NumericGreaterThan" in rule else bool(value == rule["NumericEquals"])


def matches(listed: list[str], error: str) -> bool:
    """Whether a handler of these names takes the error."""
    if error == "States.Runtime":
        return False
    wide = "States.TaskFailed" in listed and error not in (TIMEOUT, "States.QueryEvaluationError")
    return wide or error in listed or "States.ALL" in listed


def _at(path: str, variables: Mapping[str, Any], data: Any, context: Any = None) -> Any:
    """What a path leads to; None if nothing is there. No value of these machines is null."""
    if path.startswith("$$."):
        return _member(context, path[3:])
    return _member(data, path[2:]) if path.startswith("$.") else variables.get(path[1:])


def _member(value: Any, members: str) -> Any:
    for member in members.split("."):
        value = value.get(member) if isinstance(value, Mapping) else None
    return value


# --- JSONata ----------------------------------------------------------------------------------------------------------------


@cache
def _mentioned(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The variables that stand in a text, and the paths of ``$states``."""
    names = set(re.findall(r"\$([a-z]\b)", text))
    return tuple(sorted(names)), tuple(sorted(set(re.findall(r"\$states\.([\w.]+)", text))))


@cache
def _parsed(text: str) -> jsonata.Jsonata:
    return jsonata.Jsonata(text[2:-2])


@cache
def _evaluated(text: str, variables: tuple[tuple[str, str], ...], states: tuple[tuple[str, Any], ...]) -> Any:
    """The value; None where there is none or it cannot be evaluated. Variables come as they are written: 1 is not true."""
    expression = _parsed(text)
    frame = expression.create_frame()
    for name, value in variables:
        frame.bind(name, ast.literal_eval(value))
    known: dict[str, Any] = {}
    for path, value in states:
        inner = known
        *parents, last = path.split(".")
        for member in parents:
            inner = inner.setdefault(member, {})
        inner[last] = value
    frame.bind("states", known)
    try:
        value = expression.evaluate(None, frame)
    except jsonata.JException:
        return None
    return list(value) if isinstance(value, list) else value


# --- what comes from outside ------------------------------------------------------------------------------------------------


def data(rng: random.Random, depth: int = 2) -> dict[str, Any]:
    """An input, or the answer of a Task: coins, a number, and such inputs as items for a Map."""
    items = [data(rng, depth - 1) for _ in range(rng.randint(0, 2))] if depth else []
    return {"coins": {coin: rng.random() < 0.5 for coin in COINS} | {"items": items}, "n": rng.randint(0, 3)}


def answers(seed: int, failing: float) -> Tasks:
    """Tasks of which that share fails."""
    rng = random.Random(seed)

    def answer(name: str, state: Mapping[str, Any]) -> Any:
        if rng.random() < failing:
            raise FailedError(rng.choice((*ERRORS, TIMEOUT) if "TimeoutSeconds" in state else ERRORS))
        return data(rng)

    return answer
