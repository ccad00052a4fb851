"""Types against an interpreter: no value of a run lies outside the type of its point, and no way that is ruled out is taken."""

import json
import random
from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pytest

from asl_lint.facts import state_types
from asl_lint.facts.calls import Call
from asl_lint.facts.exhaustive_choices import exhaustive_choices
from asl_lint.facts.machine_facts import Facts
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer
from asl_lint.types.lattice import Type, join_all, literal
from asl_lint.types.membership import holds, is_known
from tests.facts.type_machines import Machine
from tests.facts.type_runs import NO_RESULT, Run
from tests.properties.definitions import facts

SHARDS, MACHINES, RUNS, LONGEST = 4, 150, 4, 60


class Subject:
    """A random machine with types, and what lies outside them."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.machine = Machine(seed)
        self.facts: Facts = facts(self.machine.definition)
        self.facts.input_type = join_all(map(literal, self.machine.inputs))
        self.states: Mapping[Pointer, State] = {state.pointer: state for state in self.facts.machine.states}
        self.faults: list[str] = []
        self.points = 0
        self.known = 0
        self.ways: Counter[str] = Counter()
        self.sites = {site.pointer: site for site in self.facts.sites}

    @cached_property
    def exhaustive(self) -> frozenset[Pointer]:
        return exhaustive_choices(self.facts)

    def run(self, number: int) -> None:
        rng = random.Random(self.seed * RUNS + number)
        run = Run(
            self.machine.definition, rng.choice(self.machine.inputs), self.machine.answers, rng.randint(0, 1 << 30), LONGEST
        )
        types = self.facts.types
        for entered in run.entered:
            before = types.before(self.states[entered.state])
            if before is None:
                self._fault(f"{entered.state} is entered")
                continue
            self._check(before.input, entered.input, f"the input of {entered.state}")
            self._variables(before.variables, entered.variables, str(entered.state))
        for left in run.left:
            state = self.states[left.state]
            self.ways[left.kind] += 1
            graph = self.facts.graph.of(state.scope)
            out = graph.out[graph.numbers[state.name]]
            (edge,) = (edge for edge in out if (edge.kind, edge.index) == (left.kind, left.number))
            known = types.along(edge, state)
            if known is None:
                self._fault(f"{left.kind}[{left.number}] of {left.state} is taken")
                continue
            self._check(known.input, left.output, f"the output of {left.state} by {left.kind}[{left.number}]")
            self._variables(known.variables, left.variables, f"{left.state} by {left.kind}")
            if left.result is not NO_RESULT:
                self.ways["result"] += 1
                self._check(types.result(state), left.result, f"the result of {left.state}")
        self.faults += [f"machine {self.seed}: no rule of {at} holds" for at in run.unmatched if at in self.exhaustive]
        self.ways["unmatched"] += len(run.unmatched)
        for evaluated in run.evaluated:
            self._check(types.type_of(self.sites[evaluated.text]), evaluated.value, f"{evaluated.text}")

    def _variables(self, types: Mapping[str, Type], variables: Mapping[str, Any], where: str) -> None:
        for name, type_ in types.items():
            if name in variables:
                self._check(type_, variables[name], f"${name} at {where}")
            elif not type_.undefined:
                self._fault(f"${name} is not set at {where}")

    def _check(self, type_: Type | None, value: Any, what: str) -> None:
        self.points += 1
        self.known += type_ is not None and is_known(type_)
        if type_ is None or not holds(type_, value):
            self._fault(f"{what} is {value!r}, not {type_!r}")

    def _fault(self, text: str) -> None:
        self.faults.append(f"machine {self.seed}: {text}\n{json.dumps(self.machine.definition)}")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """What the Tasks of the machine at hand answer, by their names: the types of their results are made of it."""
    known: dict[str, list[Any]] = {}

    def answer_of(call: Call) -> Type:
        return join_all(map(literal, known[call.state.name]))

    monkeypatch.setattr(state_types, "answer_of", answer_of)
    return known


@pytest.mark.large
@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_value_of_a_run_lies_outside_its_type(shard: int, answers: dict[str, list[Any]], record_property: Any) -> None:
    points = known = 0
    ways: Counter[str] = Counter()
    for seed in range(shard * MACHINES, (shard + 1) * MACHINES):
        subject = Subject(seed)
        answers.clear()
        answers.update(subject.machine.answers)
        for number in range(RUNS):
            subject.run(number)
        assert subject.faults == []
        points += subject.points
        known += subject.known
        ways += subject.ways
        ways["exhaustive"] += len(subject.exhaustive)
    told = f"types of shard {shard}: {MACHINES * RUNS} runs of {MACHINES} random machines, {points} values in their types, "
    record_property("figures", told + f"{100 * known // points} % of which say more than any")
    assert known > points / 3
    assert all(ways[kind] > 50 for kind in ("next", "end", "rule", "default", "catch", "result")), ways
    assert all(ways[kind] > 3 for kind in ("unmatched", "exhaustive")), ways
