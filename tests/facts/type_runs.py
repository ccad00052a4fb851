"""Runs the machines of ``type_machines``: every value at every point, by the language's definition.

JSONata is evaluated by sfnx. Branches and iterations run one after another; an error in one ends the others.
"""

import fnmatch
import random
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NamedTuple

from sfnx import testing

from asl_lint.expressions.jsonpath import Step, parse_path
from tests.facts.jsonpath_values import NoValueError, found, value_of

Pointer = tuple[str | int, ...]


class FailedError(Exception):
    """An error of the language."""


class CutError(Exception):
    """The run has taken as many states as it may."""


class Entered(NamedTuple):
    """A state with its input and the variables before it."""

    state: Pointer
    input: Any
    variables: Mapping[str, Any]


class Left(NamedTuple):
    """A way out of a state: the kind and number of the edge, the output, the variables after it, and what the work gave."""

    state: Pointer
    kind: str
    number: int
    output: Any
    variables: Mapping[str, Any]
    result: Any


class Evaluated(NamedTuple):
    """A text and the value that it gave."""

    text: Pointer
    value: Any


NO_RESULT = object()


class Run:
    """One execution with the values at all its points."""

    def __init__(self, definition: Mapping[str, Any], data: Any, answers: Mapping[str, list[Any]], seed: int, most: int) -> None:
        self.rng = random.Random(seed)
        self.answers = answers
        self.language: str = definition["QueryLanguage"]
        self.most = most
        self.entered: list[Entered] = []
        self.left: list[Left] = []
        self.evaluated: list[Evaluated] = []
        self.unmatched: list[Pointer] = []
        """Choices of which no rule held."""
        with suppress(FailedError, CutError):
            self.scope(definition, (), {}, data)

    def scope(self, body: Mapping[str, Any], pointer: Pointer, outer: Mapping[str, Any], data: Any) -> Any:
        variables, name = dict(outer), body["StartAt"]
        while True:
            state, at = body["States"][name], (*pointer, "States", name)
            if len(self.entered) == self.most:
                raise CutError
            self.entered.append(Entered(at, data, dict(variables)))
            if state["Type"] == "Fail":
                raise FailedError(state["Error"])
            kind, number, holder, data, assigned, result = _Visit(self, state, at, variables, data).leave()
            variables |= assigned
            self.left.append(Left(at, kind, number, data, dict(variables), result))
            if kind == "end":
                return data
            name = holder["Default"] if kind == "default" else holder["Next"]


class _Visit:
    def __init__(self, run: Run, state: Mapping[str, Any], at: Pointer, variables: Mapping[str, Any], data: Any) -> None:
        self.run = run
        self.state = state
        self.at = at
        self.variables = variables
        self.data = data
        self.is_jsonata = state.get("QueryLanguage", run.language) == "JSONata"
        self.context = {"State": {"Name": at[-1]}}

    def leave(self) -> tuple[str, int, Mapping[str, Any], Any, dict[str, Any], Any]:
        """The kind and number of the way, what says where it leads, the output, what is assigned, and the work's result."""
        state, kind = self.state, self.state["Type"]
        frame = {"input": self.data, "context": self.context}
        if kind == "Choice":
            return self.choose(frame)
        result = NO_RESULT
        try:
            if kind in ("Task", "Parallel", "Map"):
                result = self.work()
                frame["result"] = result
            output = self.output(state, self.at, frame, result)
            assigned = self.assigned(state, self.at, frame, result)
        except FailedError as failed:
            for catcher in state.get("Catch", ()):
                at = (*self.at, "Catch", 0)
                error = {"Error": str(failed), "Cause": "why"}
                frame = {"input": self.data, "context": self.context, "errorOutput": error}
                output = self.caught(catcher, at, frame, error)
                return "catch", 0, catcher, output, self.assigned(catcher, at, frame, error), NO_RESULT
            raise
        return ("end" if "Next" not in state else "next"), 0, state, output, assigned, result

    def choose(self, frame: dict[str, Any]) -> tuple[str, int, Mapping[str, Any], Any, dict[str, Any], Any]:
        for i, rule in enumerate(self.state["Choices"]):
            at = (*self.at, "Choices", i)
            if self.is_jsonata:
                holds = self.payload(rule["Condition"], (*at, "Condition"), frame)
                if not isinstance(holds, bool):
                    raise FailedError("States.QueryEvaluationError")
            else:
                holds = self.holds(rule)
            if holds:
                return (
                    "rule",
                    i,
                    rule,
                    self.output(rule, at, frame, NO_RESULT),
                    self.assigned(rule, at, frame, NO_RESULT),
                    NO_RESULT,
                )
        if "Default" not in self.state:
            self.run.unmatched.append(self.at)
            raise FailedError("States.NoChoiceMatched")
        output = self.output(self.state, self.at, frame, NO_RESULT)
        return "default", 0, self.state, output, self.assigned(self.state, self.at, frame, NO_RESULT), NO_RESULT

    # --- work ---------------------------------------------------------------------------------------------------------------

    def work(self) -> Any:
        state, frame = self.state, {"input": self.data, "context": self.context}
        given = self.effective()
        if state["Type"] == "Task":
            if self.run.rng.random() < 0.15:
                raise FailedError("E")
            return self.run.rng.choice(self.run.answers[str(self.at[-1])])
        if state["Type"] == "Parallel":
            for field in ("Arguments", "Parameters"):
                if field in state:
                    given = self.made(state[field], (*self.at, field), frame, given)
            return [
                self.run.scope(branch, (*self.at, "Branches", i), self.variables, given)
                for i, branch in enumerate(state["Branches"])
            ]
        if self.is_jsonata:
            items = self.payload(state["Items"], (*self.at, "Items"), frame)
        else:
            items = self.path(state["ItemsPath"], given)
        if not isinstance(items, list):
            raise FailedError("no array")
        starts = []
        for i, item in enumerate(items):
            if "ItemSelector" in state:
                context = self.context | {"Map": {"Item": {"Value": item, "Index": i}}}
                made = {"input": self.data, "context": context}
                item = self.made(state["ItemSelector"], (*self.at, "ItemSelector"), made, given)
            starts.append(item)
        at = (*self.at, "ItemProcessor")
        outside = {} if "ProcessorConfig" in state["ItemProcessor"] else self.variables
        return [self.run.scope(state["ItemProcessor"], at, outside, start) for start in starts]

    # --- leaving ------------------------------------------------------------------------------------------------------------

    def output(self, holder: Mapping[str, Any], at: Pointer, frame: dict[str, Any], result: Any) -> Any:
        if self.is_jsonata:
            if "Output" in holder:
                return self.payload(holder["Output"], (*at, "Output"), frame)
            return self.data if result is NO_RESULT else result
        state, output = self.state, self.effective()
        if state["Type"] in ("Pass", "Task", "Parallel", "Map"):
            output = put(self.data, state.get("ResultPath", "$"), self.worked(result))
        if state["Type"] == "Choice":
            return output
        return self.selected(state.get("OutputPath", "$"), output)

    def worked(self, result: Any) -> Any:
        state = self.state
        if state["Type"] == "Pass":
            result = self.effective()
            if "Parameters" in state:
                result = self.template(state["Parameters"], (*self.at, "Parameters"), result, self.context)
            return state.get("Result", result)
        if "ResultSelector" in state:
            return self.template(state["ResultSelector"], (*self.at, "ResultSelector"), result, self.context)
        return result

    def caught(self, catcher: Mapping[str, Any], at: Pointer, frame: dict[str, Any], error: Any) -> Any:
        if not self.is_jsonata:
            return put(self.data, catcher.get("ResultPath", "$"), error)
        return self.payload(catcher["Output"], (*at, "Output"), frame) if "Output" in catcher else error

    def assigned(self, holder: Mapping[str, Any], at: Pointer, frame: dict[str, Any], result: Any) -> dict[str, Any]:
        if "Assign" not in holder:
            return {}
        at = (*at, "Assign")
        if self.is_jsonata:
            return {name: self.payload(value, (*at, name), frame) for name, value in holder["Assign"].items()}
        if self.state["Type"] == "Pass":
            result = self.worked(result)
        return self.template(holder["Assign"], at, self.effective() if result is NO_RESULT else result, self.context)

    # --- evaluation ---------------------------------------------------------------------------------------------------------

    def made(self, value: Any, at: Pointer, frame: dict[str, Any], given: Any) -> Any:
        return self.payload(value, at, frame) if self.is_jsonata else self.template(value, at, given, frame["context"])

    def payload(self, value: Any, at: Pointer, frame: dict[str, Any]) -> Any:
        if isinstance(value, dict):
            return {name: self.payload(member, (*at, name), frame) for name, member in value.items()}
        if isinstance(value, list):
            return [self.payload(element, (*at, i), frame) for i, element in enumerate(value)]
        if not isinstance(value, str) or not value.startswith("{%"):
            return value
        try:
            given = testing.evaluate(value[2:-2], dict(self.variables), frame)
        except Exception as error:
            raise FailedError("States.QueryEvaluationError") from error
        self.run.evaluated.append(Evaluated(at, given))
        return given

    def template(self, value: Any, at: Pointer, data: Any, context: Any) -> Any:
        if isinstance(value, list):
            return [self.template(element, (*at, i), data, context) for i, element in enumerate(value)]
        if not isinstance(value, dict):
            return value
        made: dict[str, Any] = {}
        for name, member in value.items():
            if name.endswith(".$"):
                made[name[:-2]] = given = self.path(member, data, context)
                self.run.evaluated.append(Evaluated((*at, name), given))
            else:
                made[name] = self.template(member, (*at, name), data, context)
        return made

    def path(self, text: str, data: Any, context: Any = None) -> Any:
        try:
            return value_of(text, {"input": data, "context": context or self.context}, self.variables)
        except NoValueError as error:
            raise FailedError("States.ParameterPathFailure") from error

    def selected(self, path: Any, data: Any) -> Any:
        return {} if path is None else self.path(path, data)

    def effective(self) -> Any:
        return self.selected(self.state.get("InputPath", "$"), self.data)

    def holds(self, rule: Mapping[str, Any]) -> bool:
        return rule_holds(rule, self.effective(), self.variables)


def rule_holds(rule: Mapping[str, Any], data: Any, variables: Mapping[str, Any]) -> bool:
    """Whether a JSONPath rule holds; raises FailedError for a test of a value that is not there."""
    for field, joined in (("And", all), ("Or", any)):
        if field in rule:
            return joined(rule_holds(part, data, variables) for part in rule[field])
    if "Not" in rule:
        return not rule_holds(rule["Not"], data, variables)
    try:
        value = found(parse_path(rule["Variable"]), {"input": data}, variables)
    except NoValueError as error:
        if "IsPresent" in rule:
            return not rule["IsPresent"]
        raise FailedError("States.Runtime") from error
    (operator,) = (name for name in rule if name not in ("Variable", "Next", "Assign"))
    return tested(operator, value, rule[operator])


def tested(operator: str, value: Any, operand: Any) -> bool:
    """Whether a test of a value holds."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    kinds = {"IsNull": value is None, "IsString": isinstance(value, str), "IsNumeric": is_number, "IsPresent": True}
    kinds["IsBoolean"] = isinstance(value, bool)
    if operator in kinds:
        return kinds[operator] is operand
    if operator == "BooleanEquals":
        return value is operand
    if operator.startswith("String"):
        if not isinstance(value, str):
            return False
        if operator == "StringMatches":
            return fnmatch.fnmatchcase(value, operand)
        return value == operand if operator == "StringEquals" else value < operand
    if not is_number:
        return False
    return {
        "NumericEquals": value == operand, "NumericLessThan": value < operand, "NumericGreaterThanEquals": value >= operand,
        "NumericGreaterThan": value > operand, "NumericLessThanEquals": value <= operand,
    }[operator]  # fmt: skip


def put(data: Any, path: str | None, value: Any) -> Any:
    """The data with a value at a Reference Path; raises FailedError where it cannot be put there."""
    if path is None:
        return data
    return _written(data, parse_path(path).steps, value)


def _written(data: Any, steps: tuple[Step, ...], value: Any) -> Any:
    if not steps:
        return value
    if not isinstance(data, dict):
        raise FailedError("States.ResultPathMatchFailure")
    name = steps[0].names[0]
    inner = data.get(name, {}) if len(steps) > 1 else None
    return {**data, name: _written(inner, steps[1:], value)}
