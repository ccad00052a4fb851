"""A machine from any JSON value whatever: total, in a fixed order, with the query language of every state."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.model.machine import StateMachine

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["States", "StartAt", "Type", "Branches", "ItemProcessor", "Iterator", "Choices", "Catch", "Next",
                         "Default", "End", "QueryLanguage", "ProcessorConfig", "Mode", "A", "B"]),
        inner | st.sampled_from(["Parallel", "Map", "Choice", "Task", "JSONata", "DISTRIBUTED"]), max_size=5,
    ),
    max_leaves=30,
)  # fmt: skip


def nested(kind: str) -> dict[str, Any]:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True}}}
    if kind == "Parallel":
        return {"Type": "Parallel", "Branches": [inner, {"StartAt": "J", "States": {"J": {"Type": "Succeed"}}}], "End": True}
    return {"Type": "Map", "ItemProcessor": inner, "End": True}


@given(JSON)
@settings(deadline=None, max_examples=400)
def test_no_value_breaks_it(value: Any) -> None:
    machine = StateMachine(value)
    for state in machine.states:
        assert state.scope.states[state.name] is state
        assert list(state.transitions()) is not None
        assert isinstance(state.is_terminal, bool)
    assert [state.number for state in machine.states] == list(range(len(machine.states)))
    assert machine.to_networkx().number_of_nodes() == len({state.pointer for state in machine.states})


def test_states_are_numbered_scope_by_scope_outer_ones_first() -> None:
    machine = StateMachine({"StartAt": "A", "States": {"A": nested("Parallel"), "B": nested("Map"), "C": {"Type": "Succeed"}}})
    assert [(s.name, s.number, s.scope.kind, s.scope.depth) for s in machine.states] == [
        ("A", 0, "machine", 0),
        ("B", 1, "machine", 0),
        ("C", 2, "machine", 0),
        ("I", 3, "branch", 1),
        ("J", 4, "branch", 1),
        ("I", 5, "processor", 1),
    ]
    assert [scope.pointer for scope in machine.scopes] == [
        (),
        ("States", "A", "Branches", 0),
        ("States", "A", "Branches", 1),
        ("States", "B", "ItemProcessor"),
    ]
    assert machine.root.start is machine.states[0]


@pytest.mark.parametrize(
    ("machine", "state", "expected"),
    [
        (None, None, "JSONPath"),
        (None, "JSONata", "JSONata"),
        ("JSONata", None, "JSONata"),
        ("JSONata", "JSONPath", "JSONPath"),
        ("JSONPath", "jsonata", "JSONata"),  # whatever is not exactly JSONPath
        ("jsonpath", None, "JSONata"),
        (None, 5, "JSONPath"),
        (7, None, "JSONPath"),
        ("${Language}", None, "JSONPath"),
        ("JSONata", "${Language}", "JSONata"),
    ],
)
def test_a_state_has_its_own_language_or_the_machines(machine: Any, state: Any, expected: str) -> None:
    body = {"Type": "Succeed"} | ({} if state is None else {"QueryLanguage": state})
    value = {"StartAt": "A", "States": {"A": body}} | ({} if machine is None else {"QueryLanguage": machine})
    assert StateMachine(value).states[0].language == expected


def test_a_map_does_not_hand_its_language_down() -> None:
    value = {"StartAt": "A", "States": {"A": nested("Map") | {"QueryLanguage": "JSONata"}}}
    assert [state.language for state in StateMachine(value).states] == ["JSONata", "JSONPath"]


def test_the_arrows_out_of_a_state_come_with_the_place_where_they_are_written() -> None:
    choice = {
        "Type": "Choice",
        "Choices": [{"Next": "B"}, "no rule", {"Next": 5}],
        "Default": "C",
        "Next": "ignored",
        "Catch": [{"Next": "D"}],
    }
    task = {"Type": "Task", "Next": "B", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}, 7]}
    machine = StateMachine({"States": {"A": choice, "T": task}})
    assert [(t.kind, t.index, t.target, t.pointer[2:]) for t in machine.states[0].transitions()] == [
        ("rule", 0, "B", ("Choices", 0, "Next")),
        ("rule", 2, 5, ("Choices", 2, "Next")),
        ("default", 0, "C", ("Default",)),
        ("catch", 0, "D", ("Catch", 0, "Next")),
    ]
    assert [(t.kind, t.target, t.source.name) for t in machine.states[1].transitions()] == [
        ("next", "B", "T"),
        ("catch", "C", "T"),
    ]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"Type": "Succeed"}, True),
        ({"Type": "Fail"}, True),
        ({"Type": "Pass", "End": True}, True),
        ({"Type": "Pass", "End": False}, False),
        ({"Type": "Pass", "Next": "B"}, False),
        ({"Type": "Pass", "End": "${End}"}, True),
        ({"Type": "Choice", "End": True}, False),
    ],
)
def test_where_a_scope_can_end(body: dict[str, Any], expected: bool) -> None:
    assert StateMachine({"States": {"A": body}}).states[0].is_terminal is expected


@pytest.mark.parametrize(
    ("config", "expected"),
    [({"Mode": "DISTRIBUTED"}, True), ({"Mode": "INLINE"}, False), ({}, False), ("DISTRIBUTED", False), (None, False)],
)
def test_which_processor_runs_child_executions(config: Any, expected: bool) -> None:
    body = nested("Map")
    body["ItemProcessor"] |= {"ProcessorConfig": config}
    scope = StateMachine({"States": {"A": body}}).scopes[1]
    assert (scope.kind, scope.is_distributed) == ("processor", expected)


def test_both_processors_of_a_map_are_read() -> None:
    body = nested("Map")
    body["Iterator"] = {"StartAt": "K", "States": {"K": {"Type": "Succeed"}}}
    assert [s.name for s in StateMachine({"States": {"A": body}}).states] == ["A", "I", "K"]


def test_the_graph_for_networkx_has_an_edge_a_transition() -> None:
    machine = StateMachine(
        {"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "Nowhere"}}}
    )
    graph = machine.to_networkx()
    assert dict(graph.nodes(data=True))["States", "A"] == {"name": "A", "type": "Pass"}
    assert list(graph.edges(data=True)) == [(("States", "A"), ("States", "B"), {"kind": "next", "index": 0})]
