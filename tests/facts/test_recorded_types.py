"""What the real service handed on lies in the types: inputs, outputs, variables and results of every recorded execution."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from asl_lint.facts.environments import Environment
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.model.machine import State
from asl_lint.source.reading import read_document
from asl_lint.types.lattice import Type, join, literal
from asl_lint.types.membership import holds, is_known
from tests.conftest import manifest
from tests.facts.recorded_runs import NOT_RECORDED, Pass, Run, Visit
from tests.facts.test_recordings import EXECUTIONS, in_order
from tests.properties.definitions import facts

_REPLACED = {"RandomNumberGenerated": 0}
"""What the recordings put in the place of a value that differs from run to run -> such a value."""
_LOST = "stateExitedEventDetails.output"
"""What they put in the place of an output of whatever kind."""


def restored(value: Any) -> Any:
    """A value with what stands for others replaced by such."""
    if isinstance(value, dict):
        return {name: restored(member) for name, member in value.items()}
    if isinstance(value, list):
        return [restored(element) for element in value]
    return _REPLACED.get(value, value) if isinstance(value, str) else value


def values_in(value: Any) -> Iterator[Any]:
    """A value and all that it holds."""
    yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from values_in(inner)


class Typed:
    """A recorded execution beside the types of its definition: values outside them, and how much the types say.

    ``points`` counts those of JSONata states whose value came from a literal, a Pass or a call of AWS, and not from the input of
    the execution, ``known`` those of them whose type is more than "any"; ``all`` and ``all_known`` are of both languages and of
    all values.
    """

    def __init__(self, run: Run, declared: Type | None = None) -> None:
        self.run = run
        self.facts: Facts = facts(run.definition)
        if declared is not None:
            self.facts.input_type = declared
        self._given = list(values_in(run.root.visits[0].input))
        self.faults: list[str] = []
        self.points = 0
        self.known = 0
        self.all = 0
        self.all_known = 0
        self._states = {state.pointer: state for state in self.facts.machine.states}
        self._pass(run.root, {})

    def _pass(self, one: Pass, variables: Mapping[str, Any]) -> None:
        scope = self.run.pointer_of(one)
        if not one.ordered:
            one.visits = in_order(self.facts.nesting.graphs[self.facts.nesting.numbers[scope]], one.visits)
        for visit in one.visits:
            state = self._states[(*scope, "States", visit.state)]
            before = self.facts.types.before(state)
            if before is None:
                self.faults.append(f"{self.run.name}: {visit.state} is entered")
                return
            self._check(state, "its input", before.input, restored(visit.input), counts=False)
            for name, value in variables.items():
                self._check(state, f"${name}", before.variables[name], value, counts=False)
            if visit.result is not NOT_RECORDED:
                self._check(state, "its result", self.facts.types.result(state), visit.result)
            if visit.exited and visit.output != _LOST:
                visit.output = restored(visit.output)
                self._leave(state, visit)
            for inner in visit.passes:
                self._pass(inner, {} if self._is_child(scope, visit) else variables)
            variables = {**variables, **visit.assigned}

    def _leave(self, state: State, visit: Visit) -> None:
        """Some way out of the state has types that hold what it handed on and set."""
        graph = self.facts.graph.of(state.scope)
        ways = [
            known
            for edge in graph.out[graph.numbers[state.name]]
            if (edge.kind == "catch") is (visit.error is not None)
            if (known := self.facts.types.along(edge, state)) is not None
        ]
        fitting = [known for known in ways if self._fits(known, visit)]
        if not fitting:
            self.faults.append(f"{self.run.name}: {state.name} hands on {visit.output!r:.300}, not {ways!r:.2000}")
            return
        known = fitting[0]
        for other in fitting[1:]:
            known = Environment(join(known.input, other.input), other.variables)
        self._check(state, "its output", known.input, visit.output)
        for name, value in visit.assigned.items():
            self._check(state, f"the new ${name}", known.variables[name], value)

    def _fits(self, known: Environment, visit: Visit) -> bool:
        values = [(known.variables[name], value) for name, value in visit.assigned.items()]
        return all(holds(type_, value) for type_, value in [(known.input, visit.output), *values])

    def _is_child(self, scope: tuple[str | int, ...], visit: Visit) -> bool:
        return any(inner.is_distributed for inner in self._states[(*scope, "States", visit.state)].scopes)

    def _check(self, state: State, what: str, type_: Type | None, value: Any, *, counts: bool = True) -> None:
        if type_ is None or not holds(type_, value):
            self.faults.append(f"{self.run.name}: {state.name}: {what} is {value!r:.500}, not {type_!r:.1500}")
        if counts:
            known = type_ is not None and is_known(type_)
            self.all += 1
            self.all_known += known
            if self._is_made(state) and value not in self._given:
                self.points += 1
                self.known += known

    def _is_made(self, state: State) -> bool:
        """Whether what the state hands on comes from a literal, a Pass or a call of AWS, not from an activity."""
        if state.language != "JSONata":
            return False
        call = self.facts.calls.get(state.number)
        is_aws = call is not None and call.kind in ("sdk", "optimized") and call.pattern != "waitForTaskToken"
        return state.type == "Pass" or is_aws or ("Output" in state.body and "{%" not in json.dumps(state.body["Output"]))


@pytest.fixture(scope="module")
def recordings(corpus: Path) -> list[Any]:
    lines = (corpus / "recordings.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


@pytest.fixture(scope="module")
def typed(recordings: list[Any]) -> list[Typed]:
    return [Typed(Run(recording)) for recording in recordings]


def test_every_recorded_value_is_of_its_type(typed: list[Typed], record_property: Any) -> None:
    assert [fault for one in typed for fault in one.faults] == []
    assert len(typed) == EXECUTIONS
    points, known = sum(one.all for one in typed), sum(one.all_known for one in typed)
    record_property("figures", f"recorded results, outputs and assigned variables: {points}, {100 * known // points} % not any")


def test_every_recorded_value_is_of_its_type_where_the_input_is_declared(recordings: list[Any], record_property: Any) -> None:
    runs = [Run(recording) for recording in recordings]
    typed = [Typed(run, literal(restored(run.root.visits[0].input))) for run in runs]
    assert [fault for one in typed for fault in one.faults] == []
    points, known = sum(one.all for one in typed), sum(one.all_known for one in typed)
    record_property("figures", f"the same with the input declared: {100 * known // points} % not any")


def test_types_of_what_is_made_in_jsonata_say_more_than_any(typed: list[Typed], record_property: Any) -> None:
    points, known = sum(one.points for one in typed), sum(one.known for one in typed)
    told = f"recorded values of JSONata states that a literal, a Pass or AWS made: {points}, {100 * known // points} % not any"
    record_property("figures", told)
    assert points > 40
    assert known >= 0.7 * points


def test_types_of_definitions_that_deploy(corpus: Path, record_property: Any) -> None:
    """How much is known without any input being declared, and that nothing fails."""
    expressions = known = states = outputs = 0
    for entry in manifest(corpus / "good"):
        path = corpus / "good" / entry["file"]
        found = Facts(Workflow(path.name, read_document(path.read_text(encoding="utf-8"), path.name)))
        for state in found.machine.states:
            output = found.types.output(state)
            states += 1
            outputs += output is not None and is_known(output)
        for site in found.sites:
            type_ = found.types.type_of(site)
            expressions += 1
            known += type_ is not None and is_known(type_)
    told = f"{100 * outputs // states} % of the outputs of {states} states, {100 * known // expressions} % of {expressions}"
    record_property("figures", f"definitions of good/, no input declared: {told} expressions are not any")
    assert outputs > states / 2
