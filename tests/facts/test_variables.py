"""Which variables are set where, and what is told of it: random machines against what an interpreter does."""

import json
import random
from collections import Counter as Tally
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any

import pytest
from sfnx import testing

from asl_lint.facts.graph import Edge
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.match import Match, Place
from asl_lint.facts.variable_reads import Read
from asl_lint.facts.variables import read_faults, readable_scopes, variable_faults
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer
from asl_lint.source.reading import read_document
from tests.facts.variable_machines import machine
from tests.facts.variable_runs import FailedError, Run, Taken, answers, data

pytestmark = pytest.mark.large


def facts_of(definition: Mapping[str, Any]) -> Facts:
    return Facts(Workflow("machine.asl.json", read_document(json.dumps(definition), "machine.asl.json")))


SHARDS, MACHINES, FEWER = 4, 600, 150
"""How many machines each of the shards has, and of how many of them more is asked than what is set."""
FAILING = (0, 0.15, 0.3, 0.6)
LONGEST = 60


class Subject:
    """A random machine, what is said of it, and the runs that it is held against."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.definition = machine(seed)
        self.facts = facts_of(self.definition)
        self.variables = self.facts.variables
        self.states: dict[Pointer, State] = {state.pointer: state for state in self.facts.machine.states}
        self.must = {pointer: self.names(found.must) for pointer, found in self.variables.before.items()}
        self.may = {pointer: self.names(found.may) for pointer, found in self.variables.before.items()}

    @cached_property
    def runs(self) -> list[Run]:
        seeds = range(self.seed * len(FAILING), (self.seed + 1) * len(FAILING))
        return [
            Run(self.definition, data(random.Random(seed)), answers(seed, failing), LONGEST)
            for seed, failing in zip(seeds, FAILING, strict=True)
        ]

    @cached_property
    def faults(self) -> list[tuple[str, Match]]:
        return list(variable_faults(self.facts))

    def names(self, bits: int) -> set[str]:
        return {name for name, bit in self.variables.bits.items() if bits & bit}

    def edge(self, step: Taken) -> Edge:
        """The edge that a run has taken; the graph is at fault if it has none."""
        state = self.states[step.state]
        graph = self.facts.graph.of(state.scope)
        (edge,) = [e for e in graph.out[graph.numbers[state.name]] if (e.kind, e.index) == (step.kind, step.number)]
        return edge

    def standing(self, read: Read) -> str:
        """What is said of the variable at the read: it must be set, may be, or never is."""
        state = read.site.state.pointer
        if state not in self.must:
            return "not reached"
        return "must" if read.name in self.must[state] else "may" if read.name in self.may[state] else "never"

    def told(self) -> dict[Pointer, list[tuple[str, Match]]]:
        """The faults of reads by the text where they stand."""
        found = defaultdict(list)
        for _, code, match in read_faults(self.facts):
            found[match.pointer].append((code, match))
        return found

    def only_unreached(self, name: str) -> bool:
        """Whether the states that set a variable are all told as unreachable, and what follows of it is not."""
        assigned = self.variables.assignments_of(name)
        return bool(assigned) and all(a.state.pointer not in self.variables.before for a in assigned)

    def reads_of(self, texts: bool) -> dict[Pointer, list[Read]]:
        """The reads by their text, or by their state."""
        found: dict[Pointer, list[Read]] = defaultdict(list)
        for read in self.variables.reads:
            found[read.site.pointer if texts else read.site.state.pointer].append(read)
        return found


@cache
def subject(seed: int) -> Subject:
    return Subject(seed)


def subjects(shard: int, number: int) -> Iterator[Subject]:
    """Without the few machines of which nothing is worked out, for they read no variable, or set none."""
    left_out = 0
    for seed in range(shard * MACHINES, shard * MACHINES + number):
        if subject(seed).variables.before:
            yield subject(seed)
        else:
            left_out += 1
    assert left_out < 0.1 * number


def report(record_property: Any, what: str, tally: Tally[str]) -> None:
    record_property("figures", f"{what}: " + ", ".join(f"{name} {count}" for name, count in sorted(tally.items())))


@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_runs_find_set_what_must_be_and_unset_what_never_is(shard: int, record_property: Any) -> None:
    tally = Tally[str]()
    for one in subjects(shard, MACHINES):
        tally.update(f"{one.standing(read)}: reads" for read in one.variables.reads)
        reads = one.reads_of(texts=False)
        for run in one.runs:
            for state, names in run.entered:
                assert one.must[state] <= names <= one.may[state], (one.seed, state)
                tally.update(f"{one.standing(r)}: found {'set' if r.name in names else 'unset'}" for r in reads[state])
    often = ("must: reads", "may: reads", "never: reads", "must: found set", "may: found set", "may: found unset",
             "never: found unset")  # fmt: skip
    assert min(tally[name] for name in often) > MACHINES
    assert tally["must: found unset"] == tally["never: found set"] == 0
    report(record_property, f"variables of {MACHINES} random machines (shard {shard})", tally)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_runs_take_edges_of_the_graph_and_find_set_what_these_show(shard: int, record_property: Any) -> None:
    tally = Tally[str]()
    for one in subjects(shard, FEWER):
        shown = {
            edge: one.names(one.variables.shown_by_condition(graph, edge))
            for graph in one.facts.graph
            for edge in graph.edges
            if edge.kind in ("rule", "default")
        }
        for run in one.runs:
            for step in run.taken:
                edge = one.edge(step)
                assert shown.get(edge, set()) <= step.names, (one.seed, step)
                tally[edge.kind] += 1
                tally["that show a variable"] += bool(shown.get(edge))
    assert min(tally[kind] for kind in ("next", "end", "catch", "rule", "default", "that show a variable")) > FEWER / 2
    report(record_property, f"edges taken in {FEWER} random machines (shard {shard})", tally)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_texts_that_fail_for_want_of_a_variable_are_told(shard: int, record_property: Any) -> None:
    """And where the read is said to be certain, the text does fail. A JSONPath Choice may ask in another of its rules."""
    tally = Tally[str]()
    for one in subjects(shard, FEWER):
        faults, reads = one.told(), one.reads_of(texts=True)
        for run in one.runs:
            for text, names, failed, lacking in run.evaluated:
                unset = [read for read in reads[text] if read.name not in names]
                if any(read.certain for read in unset):
                    assert failed, (one.seed, text)
                    tally["certain to fail"] += 1
                unset = [read for read in unset if not one.only_unreached(read.name)]
                if lacking and unset and text[-1] != "Variable":
                    assert {m.values["name"] for _, m in faults[text]} & {f"${r.name}" for r in unset}, (one.seed, text)
                    tally["failed, and told"] += 1
                tally["went on without a value"] += bool(unset) and not failed
    assert min(tally.values()) > FEWER
    report(record_property, f"texts with unset variables in {FEWER} random machines (shard {shard})", tally)


@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_reads_are_told_by_what_is_set_before_them(shard: int, record_property: Any) -> None:
    """What may be unset, with a witness: a path of the graph on which nothing sets the variable."""
    tally = Tally[str]()
    for one in subjects(shard, FEWER):
        told = one.told()
        for read in one.variables.reads:
            faults = [(code, match) for code, match in told[read.site.pointer] if match.within == read.within]
            codes, standing = [code for code, _ in faults], one.standing(read)
            if standing == "may":
                assert codes in ([], ["possibly-undefined-variable"])
                assert all(walks(one, read, match.path) for _, match in faults), (one.seed, read)
                tally["witnesses"] += len(faults)
                tally["witnesses through scopes"] += len(faults) if read.site.state.scope.parent else 0
            else:
                is_told = standing == "never" and not read.asked and not read.called and not one.only_unreached(read.name)
                assert codes == (["undefined-variable"] if is_told else []), (one.seed, read)
    assert tally["witnesses"] > FEWER
    assert tally["witnesses through scopes"] > FEWER / 2
    report(record_property, f"variables that may be unset in {FEWER} random machines (shard {shard})", tally)


def walks(one: Subject, read: Read, path: tuple[Place, ...]) -> bool:
    """Whether the places are edges one behind the other, from a start where the variable is unset, and none of them sets it."""
    state = read.site.state
    steps, scopes = list(path), readable_scopes(state.scope)
    goals = [state, *(scope.parent for scope in scopes[:-1] if scope.parent)]
    for scope, goal in reversed(list(zip(scopes, goals, strict=True))):
        graph = one.facts.graph.of(scope)
        node = graph.start
        # A way may come by the goal before it ends there: what a first visit has set decides a later test.
        while node != graph.numbers[goal.name] or (steps and steps[0].pointer in {edge.pointer for edge in graph.out[node]}):
            at = steps.pop(0).pointer if steps else None
            edges = [edge for edge in graph.out[node] if edge.pointer == at and read.name not in edge.assigns]
            if not edges:
                return False
            node = edges[0].target
    return not steps


@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_inner_scopes_that_set_an_outer_variable_are_told(shard: int) -> None:
    tally = Tally[str]()
    for one in subjects(shard, FEWER):
        told = {match.pointer for code, match in one.faults if code == "outer-variable-assigned"}
        places = {(a.state.pointer, a.pointer[:-2], a.name): a.pointer for a in one.variables.assignments}
        for run in one.runs:
            for step in run.taken:
                holder = (*step.state, *({"catch": ("Catch", step.number), "rule": ("Choices", step.number)}.get(step.kind, ())))
                for name in one.edge(step).assigns & step.outside:
                    assert places[step.state, holder, name] in told, (one.seed, step)
                    tally["set again"] += 1
    assert tally["set again"] > FEWER / 10


def states_of(part: Mapping[str, Any]) -> dict[str, Any]:
    """The states at any depth by name."""
    found = dict(part["States"])
    for state in part["States"].values():
        for inner in (*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())):
            found |= states_of(inner)
    return found


def test_the_interpreter_of_these_tests_agrees_with_another_one() -> None:
    """On the JSONata machines, with the same answers, both enter the same states and end alike."""
    compared = Tally[str]()
    for seed in range(SHARDS * MACHINES, SHARDS * MACHINES + 120):
        definition = machine(seed)
        if definition["QueryLanguage"] != "JSONata":
            continue
        for failing in FAILING[::2]:
            run = Run(definition, data(random.Random(seed)), answers(seed, failing), LONGEST)
            tasks, states = answers(seed, failing), states_of(definition)

            def called(call: testing.Call, tasks: Any = tasks, states: Any = states) -> object:
                try:
                    return tasks(call.state, states[call.state])
                except FailedError as failed:
                    raise testing.Failure(str(failed)) from failed

            if not run.is_whole:
                continue
            try:
                execution = testing.run(definition, data(random.Random(seed)), called)
            except testing.InvalidDefinition:
                compared["refused"] += 1
                continue
            assert [pointer[-1] for pointer, _ in run.entered] == list(execution.states), seed
            assert run.error == execution.error, seed
            compared["failed" if run.error else "succeeded"] += 1
    assert compared["succeeded"] > 20
    assert compared["failed"] > 20
