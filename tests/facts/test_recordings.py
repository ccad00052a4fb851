"""What the real service did is among what the flow graph says can be done: each recorded execution is a path of the graph.

The recordings are small: they hold each kind of edge, few loops, and no concurrency in Maps. An edge that one of them takes has
been seen, so the graph may not call it unsure.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from asl_lint.facts.constants import NOTHING_KNOWN, UNKNOWN
from asl_lint.facts.error_sets import UNCATCHABLE
from asl_lint.facts.graph import EdgeKind, FlowGraph
from asl_lint.facts.machine_facts import Facts
from tests.facts.recorded_runs import Pass, Run, Visit
from tests.properties.definitions import facts

EXECUTIONS = 309


@pytest.fixture(scope="module")
def recordings(corpus: Path) -> list[dict[str, Any]]:
    lines = (corpus / "recordings.jsonl").read_text(encoding="utf-8").split("\n")
    return [json.loads(line) for line in lines if line]


class Walk:
    """A recorded execution on the graphs of its definition: what does not fit, and what has been counted."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.facts: Facts = facts(run.definition)
        self.faults: list[str] = []
        self.edges: Counter[str] = Counter()
        self.errors = 0
        self.cut_short = 0
        self.assigning = 0
        self.points = 0
        self.constants = 0
        for one in run.passes():
            self._pass(one, self.facts.nesting.graphs[self.facts.nesting.numbers[run.pointer_of(one)]])
        self._values(run.root, {})

    def _pass(self, one: Pass, graph: FlowGraph) -> None:
        if not one.ordered:
            one.visits = in_order(graph, one.visits)
            one.ordered = True
        if not one.visits:
            self._fault(one, "nothing was entered")
            return
        self._take(one, graph, graph.start, graph.numbers[one.visits[0].state], ("start",))
        for visit, after in zip(one.visits, one.visits[1:], strict=False):
            if visit.error is None:
                self._take(one, graph, graph.numbers[visit.state], graph.numbers[after.state], ("next", "rule", "default"), visit)
            else:
                visit.error = visit.error or error_in(after.input)
                self._take(one, graph, graph.numbers[visit.state], graph.numbers[after.state], ("catch",), visit)
            self._tell_inside(visit)
        self._end(one, graph, one.visits[-1])

    def _end(self, one: Pass, graph: FlowGraph, visit: Visit) -> None:
        node = graph.numbers[visit.state]
        if one.outcome == "succeeded":
            self._take(one, graph, node, graph.succeeded, ("end",), visit)
        elif one.outcome == "failed":
            if visit.error and one.error and visit.error != one.error:
                self._fault(one, f"ends with {one.error}, and {visit.state} failed with {visit.error}")
            visit.error = visit.error or one.error or ""
            self._tell_inside(visit)
            if visit.error in UNCATCHABLE:
                self.cut_short += 1
                if any(visit.error in edge.errors for edge in graph.out[node] if edge.errors is not None):
                    self._fault(one, f"an edge from {visit.state} takes {visit.error}")
            elif graph.states[node].type == "Fail":
                self._take(one, graph, node, graph.failed, ("end",), visit)
            else:
                self._take(one, graph, node, graph.error, ("error",), visit)

    def _take(
        self, one: Pass, graph: FlowGraph, source: int, target: int, kinds: Sequence[EdgeKind], visit: Visit | None = None
    ) -> None:
        found = [edge for edge in graph.out[source] if edge.target == target and edge.kind in kinds]
        what = f"{' or '.join(kinds)} from {name_of(graph, source)} to {name_of(graph, target)}"
        if not found:
            self._fault(one, f"no edge {what}")
            return
        if visit is not None and visit.error is not None:
            self.errors += bool(visit.error)
            found = [edge for edge in found if edge.errors is not None and (not visit.error or visit.error in edge.errors)]
            if not found:
                self._fault(one, f"no edge {what} takes the error {visit.error}")
                return
            if not any(edge.sure for edge in found):
                self._fault(one, f"{visit.error} has been seen: {what}")
        if visit is not None and visit.exited:
            self.assigning += bool(visit.assigned)
            if not any(edge.assigns == visit.assigned.keys() for edge in found):
                self._fault(one, f"{what} assigns {sorted(visit.assigned)}")
        self.edges[found[0].kind] += 1

    def _tell_inside(self, visit: Visit) -> None:
        """The scope that failed inside did so with the error of the state."""
        inside = [one for one in visit.passes if one.outcome == "failed"]
        if inside and visit.error and inside[-1].error is None:
            inside[-1].error = visit.error

    def _values(self, one: Pass, known: Mapping[str, Any]) -> None:
        """What is set before each state is what must and may be set there; what has one value in every run has it."""
        variables, constants, scope = self.facts.variables, self.facts.constants, self.run.pointer_of(one)
        for visit in one.visits:
            at = (*scope, "States", visit.state)
            before, fixed = variables.before.get(at), constants.get(at, NOTHING_KNOWN)
            if before is not None:
                self.points += 1
                must, may = ({name for name, bit in variables.bits.items() if bit & bits} for bits in before)
                if not must <= known.keys() <= may:
                    self._fault(one, f"before {visit.state} the variables {sorted(known)} are set")
            claims = [(name, value, known.get(name)) for name, value in fixed.variables.items() if value is not UNKNOWN]
            claims += [("its input", fixed.input, visit.input)] if fixed.input is not UNKNOWN else []
            self.constants += len(claims)
            for what, said, is_ in claims:
                if said != is_:
                    self._fault(one, f"before {visit.state} {what} is {is_!r}, not {said!r}")
            for inner in visit.passes:
                self._values(inner, known)
            known = {**known, **visit.assigned}

    def _fault(self, one: Pass, text: str) -> None:
        self.faults.append(f"{self.run.name} {'/'.join(map(str, self.run.pointer_of(one)))}: {text}")


def name_of(graph: FlowGraph, node: int) -> str:
    state = graph.state(node)
    ends = {graph.start: "the start", graph.succeeded: "success", graph.failed: "failure", graph.error: "an uncaught error"}
    return ends[node] if state is None else state.name


def error_in(value: Any) -> str:
    """The name of the error in what a Catcher hands on, where it is there as it came."""
    found = value.get("Error", "") if isinstance(value, dict) else ""
    return found if isinstance(found, str) else ""


def in_order(graph: FlowGraph, visits: list[Visit]) -> list[Visit]:
    """The states of a branch in an order in which the graph allows them; as they are if there is none."""
    by_node = {graph.numbers[visit.state]: visit for visit in visits}
    assert len(by_node) == len(visits), "a folded branch entered a state twice"

    def ways(node: int, left: frozenset[int]) -> Iterator[list[Visit]]:
        if not left:
            yield []
        for edge in graph.out[node]:
            if edge.target in left:
                yield from ([by_node[edge.target], *rest] for rest in ways(edge.target, left - {edge.target}))

    return next(ways(graph.start, frozenset(by_node)), visits)


def test_every_recorded_execution_is_a_path_of_the_graph(recordings: list[dict[str, Any]], record_property: Any) -> None:
    walks = [Walk(Run(recording)) for recording in recordings]
    edges = sum((walk.edges for walk in walks), Counter())
    listed = ", ".join(f"{times} {kind}" for kind, times in sorted(edges.items()))
    passes = sum(1 for walk in walks for _ in walk.run.passes())
    record_property(
        "figures",
        f"{len(walks)} recorded executions in {passes} passes through scopes are paths of the graph: {listed}; "
        f"{sum(walk.errors for walk in walks)} errors in the sets of their edges, "
        f"{sum(walk.cut_short for walk in walks)} that no handler takes; "
        f"variables: {sum(walk.points for walk in walks)} points, {sum(walk.assigning for walk in walks)} assignments, "
        f"{sum(walk.constants for walk in walks)} values that are the same in every run",
    )
    assert [fault for walk in walks for fault in walk.faults] == []
    assert len(walks) == EXECUTIONS
    assert all(edges[kind] for kind in ("start", "next", "rule", "default", "catch", "end", "error"))


# --- the measure itself: an execution that another definition would have is told ----------------------------------------------

DEFINITION: dict[str, Any] = {
    "StartAt": "Set",
    "States": {
        "Set": {"Type": "Pass", "Result": 1, "Assign": {"x": 1}, "Next": "Work"},
        "Work": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Good",
            "Parameters": {"FunctionName": "f", "Payload.$": "$x"},
            "Catch": [{"ErrorEquals": ["Closed"], "Next": "Good"}, {"ErrorEquals": ["States.ALL"], "Next": "Bad"}],
        },
        "Good": {"Type": "Succeed"},
        "Bad": {"Type": "Fail", "Error": "Stopped"},
    },
}  # fmt: skip


def recorded(**other: Any) -> Run:
    """An execution of the definition, or of what it is with other fields of states, that fails in the Task and then in Bad."""
    definition = json.loads(json.dumps(DEFINITION))
    for name, fields in other.items():
        definition["States"][name] |= fields
    events = [
        ("ExecutionStarted", {}),
        ("PassStateEntered", {"name": "Set", "input": {}}),
        ("PassStateExited", {"name": "Set", "assignedVariables": {"x": "1"}}),
        ("TaskStateEntered", {"name": "Work", "input": "1"}),
        ("TaskFailed", {"error": "Broken"}),
        ("TaskStateExited", {"name": "Work"}),
        ("FailStateEntered", {"name": "Bad", "input": {"Error": "Broken"}}),
        ("ExecutionFailed", {"error": "Stopped"}),
    ]
    return Run({
        "test": "test", "definition": definition,
        "events": [
            {"id": i, "previousEventId": i - 1, "type": kind, "someEventDetails": details}
            for i, (kind, details) in enumerate(events, 1)
        ],
    })  # fmt: skip


def test_a_path_of_the_graph_fits() -> None:
    walk = Walk(recorded())
    assert walk.faults == []
    assert walk.edges == {"start": 1, "next": 1, "catch": 1, "end": 1}
    assert (walk.errors, walk.assigning, walk.points, walk.constants) == (2, 1, 3, 3)


@pytest.mark.parametrize(
    ("other", "fault"),
    [
        ({"Set": {"Next": "Good"}}, "no edge next or rule or default from Set to Work"),
        ({"Work": {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Good"}]}}, "no edge catch from Work to Bad"),
        (
            {"Work": {"Catch": [{"ErrorEquals": ["Other"], "Next": "Bad"}]}},
            "no edge catch from Work to Bad takes the error Broken",
        ),
        ({"Bad": {"Error": "Ended"}}, "no edge end from Bad to failure takes the error Stopped"),
        ({"Bad": {"Type": "Succeed"}}, "no edge error from Bad to an uncaught error takes the error Stopped"),
        ({"Set": {"Assign": {"y": 1}}}, "next or rule or default from Set to Work assigns ['x']"),
        ({"Set": {"Assign": {"x": 1, "y": 1}}}, "before Work the variables ['x'] are set"),
        ({"Set": {"Result": 2}}, "before Work its input is 1, not 2"),
        ({"Set": {"Assign": {"x": 2}}}, "before Work x is 1, not 2"),
    ],
)
def test_what_does_not_fit_is_told(other: dict[str, Any], fault: str) -> None:
    assert [told for told in Walk(recorded(**other)).faults if told == f"test : {fault}"], Walk(recorded(**other)).faults
