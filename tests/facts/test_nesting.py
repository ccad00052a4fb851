"""The graphs of a machine put into each other, and what the text says of a state with scopes in it."""

from typing import Any

import pytest

from asl_lint.facts.nesting import Items, Nesting, is_repeated, items_of, runs_beside_itself, tolerates_failures
from asl_lint.model.machine import State
from tests.properties.definitions import facts, machine, task

PROCESSOR = {"StartAt": "Inner", "States": {"Inner": task()}}
DISTRIBUTED = PROCESSOR | {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}


def each(processor: Any = PROCESSOR, **fields: Any) -> dict[str, Any]:
    return {"Type": "Map", "ItemProcessor": processor, "End": True} | fields


def first(state: dict[str, Any], language: str = "JSONata") -> State:
    return facts(machine(language=language, First=state)).machine.states[0]


def test_each_scope_knows_the_state_that_holds_it_and_each_state_its_scopes() -> None:
    branches = [{"StartAt": name, "States": {name: task()}} for name in ("Left", "Right")]
    nested = {"StartAt": "Inside", "States": {"Inside": each()}}
    found = facts(
        machine(Begin=task(next="Both"), Both={"Type": "Parallel", "Branches": [*branches, nested], "End": True})
    ).nesting
    assert found.parents == [None, (0, 1), (0, 1), (0, 1), (3, 0)]
    assert found.children == {(0, 1): [1, 2, 3], (3, 0): [4]}
    assert [found.numbers[graph.scope.pointer] for graph in found.graphs] == [0, 1, 2, 3, 4]


def test_a_state_is_found_at_its_point_and_a_point_has_its_state() -> None:
    known = facts(machine(Begin=task(next="Each"), Each=each()))
    assert [known.nesting.point(state) for state in known.machine.states] == [(0, 0), (0, 1), (1, 0)]
    assert all(known.nesting.state(known.nesting.point(state)) is state for state in known.machine.states)
    assert known.nesting.state((0, known.nesting.graphs[0].succeeded)) is None


def test_what_one_scope_hides_the_whole_does_not_know() -> None:
    assert facts(machine(Each=each())).nesting.is_complete
    hidden = {"StartAt": "Inner", "States": {"Inner": task(next="${After}")}}
    assert not facts(machine(Each=each(hidden))).nesting.is_complete


@pytest.mark.parametrize(
    ("state", "items"),
    [
        (each(Items=[1, 2]), Items(2, 2)),
        (each(Items=[]), Items(0, 0)),
        (each(Items={"a": 1}), Items(1, 1)),
        (each(Items={"Ref": "Given"}), Items(0, None)),
        (each(Items="{% $states.input %}"), Items(0, None)),
        (each(), Items(0, None)),
        ({"Type": "Parallel", "Branches": [PROCESSOR], "End": True}, Items(1, 1)),
    ],
)
def test_a_map_has_as_many_items_as_are_written_out(state: dict[str, Any], items: Items) -> None:
    assert items_of(first(state)) == items


def test_only_a_map_of_several_items_runs_beside_itself() -> None:
    assert runs_beside_itself(first(each()))
    assert runs_beside_itself(first(each(Items=[1, 2])))
    assert not runs_beside_itself(first(each(Items=[1])))
    assert not runs_beside_itself(first({"Type": "Parallel", "Branches": [PROCESSOR], "End": True}))


@pytest.mark.parametrize(
    ("retry", "answer"),
    [
        ([], False),
        ([{"ErrorEquals": ["States.ALL"]}], True),
        ([{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}], False),
        ([{"ErrorEquals": ["A"], "MaxAttempts": 0}, {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1}], True),
    ],
)
def test_a_state_is_repeated_by_a_retrier_with_attempts(retry: list[Any], answer: bool) -> None:
    assert is_repeated(first(each(Retry=retry))) is answer


@pytest.mark.parametrize(
    ("fields", "answer"),
    [
        ({}, False),
        ({"ToleratedFailureCount": 0}, False),
        ({"ToleratedFailureCount": 1}, True),
        ({"ToleratedFailurePercentage": 5}, True),
        ({"ToleratedFailurePercentage": "{% $most %}"}, True),
        ({"ToleratedFailureCountPath": "$.most"}, True),
    ],
)
def test_a_map_may_tolerate_failures(fields: dict[str, Any], answer: bool) -> None:
    assert tolerates_failures(first(each(DISTRIBUTED, **fields))) is answer


def fails_by_itself(state: dict[str, Any]) -> bool:
    nesting: Nesting = facts(machine(First=state)).nesting
    return nesting.inner_failures((0, 0))


def test_a_map_fails_by_itself_where_it_reads_writes_or_counts_failures() -> None:
    assert not fails_by_itself(each())
    assert fails_by_itself(each(DISTRIBUTED))
    assert fails_by_itself(each(ItemReader={"Resource": "arn:aws:states:::s3:listObjectsV2"}))
    assert fails_by_itself(each(ResultWriter={"Resource": "arn:aws:states:::s3:putObject"}))
    assert not fails_by_itself(task())
