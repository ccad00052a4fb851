"""The flow graph of a scope, and the algorithms on graphs against networkx."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.facts.error_sets import all_but, these
from asl_lint.facts.graph import Edge, FlowGraph, FlowGraphs, components, reverse_post_order, shortest_path
from asl_lint.model.machine import StateMachine
from tests.properties.definitions import facts

FUNCTION = "arn:aws:states:::lambda:invoke"
NODES = 8


def graph_of(states: Mapping[str, Any], **machine: Any) -> FlowGraph:
    return FlowGraphs(StateMachine({"StartAt": next(iter(states)), "States": states} | machine)).root


def written(graph: FlowGraph) -> list[tuple[str, str, str]]:
    """The edges as kind, source and target."""
    ends = {graph.start: "start", graph.succeeded: "succeeded", graph.failed: "failed", graph.error: "error"}

    def name(node: int) -> str:
        return ends[node] if node in ends else graph.states[node].name

    return [(edge.kind, name(edge.source), name(edge.target)) for edge in graph.edges]


# --- edges --------------------------------------------------------------------------------------------------------------------


def test_every_way_out_of_a_state_is_an_edge() -> None:
    graph = graph_of({
        "Work": {
            "Type": "Task", "Resource": FUNCTION, "Assign": {"a.$": "$.a"}, "Next": "Choose",
            "Catch": [{"ErrorEquals": ["Closed"], "Assign": {"b": 1}, "Next": "Stop"}],
        },
        "Choose": {
            "Type": "Choice", "Choices": [{"Variable": "$.x", "IsPresent": True, "Next": "Done"}], "Default": "Work",
        },
        "Done": {"Type": "Succeed"},
        "Stop": {"Type": "Fail", "Error": "Stopped"},
    })  # fmt: skip
    assert written(graph)[:3] == [("start", "start", "Work"), ("next", "Work", "Choose"), ("catch", "Work", "Stop")]
    assert [edge.assigns for edge in graph.edges[:3]] == [frozenset(), {"a"}, {"b"}]
    assert ("error", "Work", "error") in written(graph)
    assert {("rule", "Choose", "Done"), ("default", "Choose", "Work"), ("end", "Stop", "failed")} < set(written(graph))
    assert graph.is_complete


def test_a_catcher_takes_what_is_left_to_it() -> None:
    catch = [{"ErrorEquals": ["A"], "Next": "Done"}, {"ErrorEquals": ["States.ALL"], "Next": "Done"}]
    work = {"Type": "Task", "Resource": FUNCTION, "End": True, "Catch": catch}
    graph = graph_of({"Work": work, "Done": {"Type": "Succeed"}})
    first, second = (edge for edge in graph.edges if edge.kind == "catch")
    assert first.errors == these("A")
    assert second.errors is not None
    assert "A" not in second.errors
    assert "B" in second.errors
    assert not any(edge.kind == "error" for edge in graph.edges)


def test_a_timeout_is_raised_where_one_is_set() -> None:
    plain = graph_of({"Work": {"Type": "Task", "Resource": FUNCTION, "End": True}})
    timed = graph_of({"Work": {"Type": "Task", "Resource": FUNCTION, "End": True, "TimeoutSeconds": 5}})
    beating = graph_of({"Work": {"Type": "Task", "Resource": FUNCTION, "End": True, "HeartbeatSeconds": 5}})
    names = ("States.Timeout", "States.HeartbeatTimeout")
    assert [[name in graph.raised.service for name in names] for graph in (plain, timed, beating)] == [
        [False, False], [True, False], [True, True],
    ]  # fmt: skip


def test_what_leaves_a_branch_is_raised_by_its_parallel() -> None:
    branch = {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail", "Error": "Stopped"}}}
    graph = graph_of({"Both": {"Type": "Parallel", "Branches": [branch], "End": True}})
    (known, unsure) = (edge for edge in graph.edges if edge.fault == "service")
    assert (known.errors, known.sure) == (these("Stopped"), True)
    assert (unsure.errors, unsure.sure) == (these("States.BranchFailed"), False)


def test_the_errors_of_child_executions_stay_in_them() -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Stop",
        "States": {"Stop": {"Type": "Fail", "Error": "Stopped"}},
    }
    graph = graph_of({"Each": {"Type": "Map", "ItemProcessor": processor, "End": True}})
    (edge,) = (edge for edge in graph.edges if edge.kind == "error" and edge.fault == "service")
    assert edge.errors == these("States.ExceedToleratedFailureThreshold")
    processor_and_tolerance = {"Type": "Map", "ItemProcessor": processor, "ToleratedFailurePercentage": 100, "End": True}
    assert graph_of({"Each": processor_and_tolerance}).raised.service.is_empty


def test_a_choice_without_default_can_fail() -> None:
    rule = {"Variable": "$.x", "IsPresent": True, "Next": "Done"}
    graph = graph_of({"Choose": {"Type": "Choice", "Choices": [rule]}, "Done": {"Type": "Succeed"}})
    (edge,) = (edge for edge in graph.edges if edge.fault == "choice")
    assert edge.errors == these("States.NoChoiceMatched")


def on_status(*statuses: str) -> dict[str, Any]:
    rules = [{"Condition": f"{{% $states.input.status = '{one}' %}}", "Next": "Done"} for one in statuses]
    status = {"status": "{% $states.input.ok ? 'up' : 'down' %}"}
    catch = [{"ErrorEquals": ["States.NoChoiceMatched"], "Next": "Lost"}, {"ErrorEquals": ["States.ALL"], "Next": "Done"}]
    choose = {"StartAt": "Choose", "States": {"Choose": {"Type": "Choice", "Choices": rules}, "Done": {"Type": "Succeed"}}}
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Make",
        "States": {
            "Make": {"Type": "Pass", "Output": status, "Next": "Both"},
            "Both": {"Type": "Parallel", "Branches": [choose], "Catch": catch, "Next": "Done"},
            "Lost": {"Type": "Fail"},
            "Done": {"Type": "Succeed"},
        },
    }


def test_a_choice_that_takes_every_value_there_is_raises_nothing() -> None:
    known, whole = facts(on_status("up")), facts(on_status("up", "down"))
    assert ("catch", "Both", "Lost") in written(known.graph.root)
    assert ("catch", "Both", "Lost") not in written(whole.graph.root)
    assert ("catch", "Both", "Lost") in written(whole.text_graph.root)


def test_what_is_known_along_an_edge_does_not_depend_on_the_edges_that_types_take_away() -> None:
    whole = facts(on_status("up", "down"))
    for edge in whole.graph.root.edges:
        state = whole.graph.root.state(edge.source)
        if state is not None and edge.kind in ("next", "catch"):
            (same,) = (one for one in whole.text_graph.root.edges if (one.kind, one.pointer) == (edge.kind, edge.pointer))
            assert whole.types.along(edge, state) == whole.types.along(same, state)


@pytest.mark.parametrize(
    ("states", "hides"),
    [
        ({"A": {"Type": "Pass", "Next": "${After}"}}, "flow"),
        ({"A": {"Type": "Pass", "Next": "B"}}, "flow"),
        ({"A": {"Type": "Pass"}}, "flow"),
        ({"A": {"Type": "${Kind}", "End": True}}, "flow"),
        ({"A": {"Type": "Pass", "Assign": {"Fn::Sub": "x"}, "End": True}}, "assign"),
        ({"A": {"Type": "Task", "Resource": FUNCTION, "Catch": {"Ref": "C"}, "End": True}}, "flow"),
    ],
)
def test_a_place_that_hides_the_flow_is_a_gap(states: dict[str, Any], hides: str) -> None:
    graph = graph_of(states)
    assert [gap.hides for gap in graph.gaps] == [hides]
    assert graph.is_complete is (hides == "assign")


def test_a_catcher_with_an_unknown_name_may_take_everything_and_leaves_it_too() -> None:
    catch = [{"ErrorEquals": ["${Name}"], "Next": "Done"}, {"ErrorEquals": ["States.ALL"], "Next": "Done"}]
    work = {"Type": "Task", "Resource": FUNCTION, "End": True, "Catch": catch}
    graph = graph_of({"Work": work, "Done": {"Type": "Succeed"}})
    first, second = (edge for edge in graph.edges if edge.kind == "catch")
    assert not first.sure
    assert second.sure
    assert first.errors == second.errors


# --- algorithms ----------------------------------------------------------------------------------------------------------------

pairs = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=24)


def with_edges(found: list[tuple[int, int]]) -> FlowGraph:
    """A graph of NODES nodes with just these edges; only what the algorithms read is there."""
    graph = FlowGraph.__new__(FlowGraph)
    graph.edges = [Edge(i, "next", source, target, ()) for i, (source, target) in enumerate(found)]
    graph.out = [[edge for edge in graph.edges if edge.source == node] for node in range(NODES)]
    graph.into = [[edge for edge in graph.edges if edge.target == node] for node in range(NODES)]
    return graph


def oracle(found: list[tuple[int, int]]) -> Any:
    graph: Any = networkx.DiGraph()
    graph.add_nodes_from(range(NODES))
    graph.add_edges_from(found)
    return graph


@settings(deadline=None, max_examples=150)
@given(pairs)
def test_components_are_those_of_networkx(found: list[tuple[int, int]]) -> None:
    graph = with_edges(found)
    mine = components(range(NODES), lambda node: [edge.target for edge in graph.out[node]])
    expected = [
        sorted(part)
        for part in networkx.strongly_connected_components(oracle(found))
        if len(part) > 1 or (next(iter(part)), next(iter(part))) in found
    ]
    assert sorted(mine) == sorted(expected)
    place = {node: i for i, part in enumerate(mine) for node in part}
    for source, target in networkx.transitive_closure(oracle(found)).edges:
        if source in place and target in place:
            assert place[source] >= place[target]  # inner components come before those that lead to them


@settings(deadline=None, max_examples=150)
@given(pairs, st.sets(st.integers(0, NODES - 1)))
def test_components_of_some_nodes_are_those_of_the_subgraph(found: list[tuple[int, int]], nodes: set[int]) -> None:
    graph = with_edges(found)
    mine = components(nodes, lambda node: [edge.target for edge in graph.out[node]])
    inside = [(source, target) for source, target in found if source in nodes and target in nodes]
    expected = [sorted(p) for p in networkx.strongly_connected_components(oracle(inside).subgraph(nodes)) if len(p) > 1]
    assert sorted(part for part in mine if len(part) > 1) == sorted(expected)


@settings(deadline=None, max_examples=150)
@given(pairs)
def test_reverse_post_order_holds_what_is_reached_each_before_what_follows(found: list[tuple[int, int]]) -> None:
    graph = with_edges(found)
    order = reverse_post_order(0, graph.out)
    reached = {0} | networkx.descendants(oracle(found), 0)
    assert sorted(order) == sorted(reached)
    place = {node: i for i, node in enumerate(order)}
    closure = networkx.transitive_closure(oracle(found))
    for source, target in found:
        if source in reached and not closure.has_edge(target, source):  # no edge that goes back
            assert place[source] < place[target]


@settings(deadline=None, max_examples=150)
@given(pairs, st.integers(0, NODES - 1), st.sets(st.integers(0, NODES - 1), min_size=1))
def test_the_shortest_path_is_as_short_as_that_of_networkx(found: list[tuple[int, int]], start: int, goals: set[int]) -> None:
    graph = with_edges(found)
    path = shortest_path(graph, [start], goals, lambda edge: edge.number % 5 != 4)
    allowed = [pair for i, pair in enumerate(found) if i % 5 != 4]
    lengths = networkx.single_source_shortest_path_length(oracle(allowed), start)
    expected = min((lengths[goal] for goal in goals if goal in lengths), default=None)
    assert (None if path is None else len(path)) == expected
    if path:
        assert path[0].source == start
        assert path[-1].target in goals
        assert all(one.target == other.source for one, other in pairwise(path))


def test_a_graph_of_ten_thousand_states_costs_no_recursion() -> None:
    names = [f"S{i}" for i in range(10_000)]
    states = {name: {"Type": "Pass", "Next": following} for name, following in pairwise(names)}
    graph = graph_of(states | {names[-1]: {"Type": "Pass", "Next": names[0]}})
    assert [len(part) for part in components(graph.order, lambda node: [e.target for e in graph.out[node]])] == [10_000]
    assert all_but() == ~these()
