"""What the real service handed on lies in the types: inputs, outputs, variables and results of every recorded execution."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from asl_lint.facts.environments import Environment
from asl_lint.facts.machine_facts import Facts
from asl_lint.model.machine import State
from asl_lint.types.lattice import Type, join
from asl_lint.types.membership import holds, is_known
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


class Typed:
    """A recorded execution beside the types of its definition: values outside them, and how much the types say.

    ``known`` counts the points whose type is more than "any", out of ``points``.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.facts: Facts = facts(run.definition)
        self.faults: list[str] = []
        self.points = 0
        self.known = 0
        self.unknown: list[str] = []
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
            self.points += 1
            self.known += type_ is not None and is_known(type_)
            if type_ is None or not is_known(type_):
                self.unknown.append(f"{self.run.name}: {state.name}: {what} {json.dumps(state.body)[:300]}")


@pytest.fixture(scope="module")
def typed(corpus: Path) -> list[Typed]:
    lines = (corpus / "recordings.jsonl").read_text(encoding="utf-8").split("\n")
    return [Typed(Run(json.loads(line))) for line in lines if line]


def test_every_recorded_value_is_of_its_type(typed: list[Typed]) -> None:
    assert [fault for one in typed for fault in one.faults] == []
    assert len(typed) == EXECUTIONS
