"""What is easily lost of a machine: unknown query languages, arrows' places, and members of the wrong shape."""

from typing import Any

import pytest

from asl_lint.model.machine import STATE_TYPES, Scope, State, StateMachine

UNKNOWN = "${Language}"


def only_state(body: Any) -> State:
    return StateMachine({"StartAt": "A", "States": {"A": body}}).states[0]


def test_there_are_eight_types_of_state() -> None:
    assert STATE_TYPES == ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")


@pytest.mark.parametrize(
    ("machine", "state", "expected"),
    [
        (None, None, True),
        (None, "JSONata", True),
        (None, UNKNOWN, False),
        (None, {"Ref": "Language"}, False),
        ("JSONata", UNKNOWN, False),
        (UNKNOWN, None, False),
        (UNKNOWN, "JSONata", True),
        (UNKNOWN, UNKNOWN, False),
        (UNKNOWN, 7, False),
        ({"Ref": "Language"}, None, False),
    ],
)
def test_a_language_is_known_unless_the_deployment_fills_it_in(machine: Any, state: Any, expected: bool) -> None:
    body = {"Type": "Succeed"} | ({} if state is None else {"QueryLanguage": state})
    value = {"StartAt": "A", "States": {"A": body}} | ({} if machine is None else {"QueryLanguage": machine})
    assert StateMachine(value).states[0].is_language_known is expected


@pytest.mark.parametrize(("machine", "expected"), [(UNKNOWN, False), ("JSONata", True)])
def test_whether_the_machines_language_is_known_holds_for_inner_scopes(machine: str, expected: bool) -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    outer = {"Type": "Map", "ItemProcessor": {"StartAt": "B", "States": {"B": {"Type": "Parallel", "Branches": [inner]}}}}
    value = {"QueryLanguage": machine, "StartAt": "A", "States": {"A": outer}}
    built = StateMachine(value)
    assert [scope.is_language_known for scope in built.scopes] == [expected] * 3
    assert [state.is_language_known for state in built.states] == [expected] * 3


def test_the_machines_own_language_is_jsonpath_unless_said() -> None:
    assert StateMachine({}).language == "JSONPath"
    assert StateMachine({"QueryLanguage": "JSONata"}).language == "JSONata"


@pytest.mark.parametrize("kind", [5, None, ["Pass"], {"Type": "Pass"}])
def test_a_type_that_is_no_string_is_none(kind: Any) -> None:
    assert only_state({"Type": kind}).type is None


def test_a_state_that_is_no_object_is_a_state_without_fields() -> None:
    state = only_state(["Type", "Next", "End", "Catch"])
    assert (state.name, dict(state.body), state.type, state.scopes) == ("A", {}, None, [])
    assert list(state.transitions()) == []


@pytest.mark.parametrize("value", [None, 5, "States", ["States"]])
def test_a_machine_that_is_no_object_has_one_empty_scope(value: Any) -> None:
    machine = StateMachine(value)
    assert dict(machine.body) == {}
    assert [(scope.kind, scope.pointer, scope.parent, scope.states) for scope in machine.scopes] == [("machine", (), None, {})]
    assert machine.root.start is None


@pytest.mark.parametrize("states", [["A"], "A", None, {"Ref": "States"}, {"Fn::Transform": {}}])
def test_states_of_another_shape_or_left_to_the_deployment_are_not_read(states: Any) -> None:
    assert StateMachine({"StartAt": "A", "States": states}).states == []


@pytest.mark.parametrize("kind", ["Choice", "Succeed", "Fail"])
def test_next_of_a_state_that_takes_none_draws_no_arrow(kind: str) -> None:
    assert list(only_state({"Type": kind, "Next": "A"}).transitions()) == []


@pytest.mark.parametrize("kind", ["Task", "Pass", "Wait", "Parallel", "Map", "Misspelt", None])
def test_next_of_any_other_state_draws_one_with_its_place(kind: str | None) -> None:
    state = only_state({"Type": kind, "Next": "A"})
    assert [(t.kind, t.index, t.source, t.target, t.pointer) for t in state.transitions()] == [
        ("next", 0, state, "A", ("States", "A", "Next"))
    ]


def test_rules_and_default_of_a_state_that_is_no_choice_draw_no_arrow() -> None:
    assert list(only_state({"Type": "Pass", "Choices": [{"Next": "A"}], "Default": "A"}).transitions()) == []


def test_rules_and_catchers_without_next_or_of_another_shape_draw_no_arrow() -> None:
    broken = ["Next", {"Condition": True}, ["Next"], None]
    assert list(only_state({"Type": "Choice", "Choices": broken, "Catch": broken}).transitions()) == []
    assert list(only_state({"Type": "Choice", "Choices": {"Next": "A"}, "Catch": {"Next": "A"}}).transitions()) == []


def test_every_arrow_says_the_state_it_leaves_and_where_it_is_written() -> None:
    state = only_state({"Type": "Choice", "Choices": [{}, {"Next": "A"}], "Default": "A", "Catch": [{}, {}, {"Next": "A"}]})
    assert [(t.kind, t.index, t.source, t.pointer) for t in state.transitions()] == [
        ("rule", 1, state, ("States", "A", "Choices", 1, "Next")),
        ("default", 0, state, ("States", "A", "Default")),
        ("catch", 2, state, ("States", "A", "Catch", 2, "Next")),
    ]


def test_only_an_object_among_branches_is_a_scope_and_keeps_its_index() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    state = only_state({"Type": "Parallel", "Branches": ["no branch", inner], "ItemProcessor": inner, "Iterator": inner})
    assert [(scope.kind, scope.pointer, scope.parent) for scope in state.scopes] == [
        ("branch", ("States", "A", "Branches", 1), state)
    ]


def test_a_map_has_no_branches_and_a_processor_must_be_an_object() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    state = only_state({"Type": "Map", "Branches": [inner], "ItemProcessor": "no processor", "Iterator": inner})
    assert [(scope.kind, scope.pointer, scope.parent) for scope in state.scopes] == [
        ("processor", ("States", "A", "Iterator"), state)
    ]


def test_a_state_of_another_type_holds_no_scopes() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}
    assert only_state({"Type": "Task", "Branches": [inner], "ItemProcessor": inner, "Iterator": inner}).scopes == []


def test_scopes_count_the_states_around_them() -> None:
    inner = {"StartAt": "C", "States": {"C": {"Type": "Succeed"}}}
    middle = {"StartAt": "B", "States": {"B": {"Type": "Parallel", "Branches": [inner]}}}
    machine = StateMachine({"StartAt": "A", "States": {"A": {"Type": "Map", "ItemProcessor": middle}}})
    assert [scope.depth for scope in machine.scopes] == [0, 1, 2]


@pytest.mark.parametrize("start", ["Missing", 5, None, ["A"]])
def test_a_start_that_names_no_state_is_none(start: Any) -> None:
    assert StateMachine({"StartAt": start, "States": {"A": {"Type": "Succeed"}}}).root.start is None


def test_only_a_processor_is_distributed() -> None:
    config = {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}
    scopes: list[Scope] = StateMachine(
        {**config, "States": {"A": {"Type": "Parallel", "Branches": [config]}, "B": {"Type": "Map", "ItemProcessor": config}}}
    ).scopes
    assert [(scope.kind, scope.is_distributed) for scope in scopes] == [
        ("machine", False),
        ("branch", False),
        ("processor", True),
    ]


def test_a_state_without_end_or_with_end_left_open_is_told_apart() -> None:
    assert not only_state({"Type": "Pass"}).is_terminal
    assert only_state({"Type": "Pass", "End": {"Ref": "End"}}).is_terminal


def test_the_graph_keeps_parallel_edges_and_leaves_out_targets_of_other_scopes_and_shapes() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "Next": "A"}}}
    rules = [{"Next": "A"}, {"Next": ["A"]}, {"Next": "A"}, {"Next": "I"}]
    graph = StateMachine(
        {"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": rules}, "P": {"Type": "Parallel", "Branches": [inner]}}}
    ).to_networkx()
    a = ("States", "A")
    assert list(graph.edges(data=True)) == [(a, a, {"kind": "rule", "index": 0}), (a, a, {"kind": "rule", "index": 2})]
    assert list(graph.nodes) == [a, ("States", "P"), ("States", "P", "Branches", 0, "States", "I")]


INNER = {"StartAt": "I", "States": {"I": {"Type": "Succeed"}}}


@pytest.mark.parametrize("holder", [{"Type": "Parallel", "Branches": [INNER]}, {"Type": "Map", "ItemProcessor": INNER}])
def test_inner_states_have_the_machines_language(holder: dict[str, Any]) -> None:
    machine = StateMachine({"QueryLanguage": "JSONata", "States": {"A": holder}})
    assert [state.language for state in machine.states] == ["JSONata", "JSONata"]
    assert [scope.machine_language for scope in machine.scopes] == ["JSONata", "JSONata"]
