"""``within-budget@1``: history, time, transitions and price of executions against bounds."""

from typing import Any

import pytest

from asl_lint.properties.within_budget import KIND
from tests.properties.definitions import facts, found, machine, only, refused, task, told, unjudged

WAIT = {"Type": "Wait", "Seconds": 60, "Next": "B"}
EACH = {
    "Type": "Map",
    "Items": "{% $states.input.items %}",
    "ItemProcessor": machine(P={"Type": "Pass", "End": True}),
    "End": True,
}


def counted(turns: int, **ask: Any) -> dict[str, Any]:
    rule = {"Condition": f"{{% $n < {turns} %}}", "Next": "Ask"}
    return machine(
        Begin={"Type": "Pass", "Assign": {"n": 0}, "Next": "Ask"},
        Ask=task(next="Check", TimeoutSeconds=10, Assign={"n": "{% $n + 1 %}"}, **ask),
        Check={"Type": "Choice", "Choices": [rule], "Default": "Done"},
        Done={"Type": "Succeed"},
    )


def timed(seconds: object, **states: dict[str, Any]) -> dict[str, Any]:
    return {**machine(**states), "TimeoutSeconds": seconds}


@pytest.mark.parametrize(("turns", "limit", "expected"), [(100, 706, 0), (100, 705, 1), (99, 699, 0), (99, 698, 1)])
def test_the_history_of_the_longest_way_is_held_against_the_bound(turns: int, limit: int, expected: int) -> None:
    problem = f"up to {turns * 7 + 6:,} history events, more than {limit}"
    assert told(KIND, counted(turns), "problem", history=limit) == [("/States/Ask", problem)] * expected


def test_what_takes_most_is_told_first_and_the_rest_beside() -> None:
    match = only(KIND, counted(100), transitions=50)
    assert match.pointer == ("States", "Ask")
    assert [place.message for place in match.related] == ["1 of these transitions"] * 2
    assert match.values["problem"] == "up to 202 transitions, more than 50"


@pytest.mark.parametrize(("turns", "expected"), [(3_571, 1), (3_570, 0)])
def test_the_service_ends_a_history_at_25000_events(turns: int, expected: int) -> None:
    assert len(found(KIND, counted(turns), history="service")) == expected
    assert found(KIND, facts(counted(turns), "EXPRESS"), history="service") == []


def test_a_loop_that_alone_is_too_long_is_left_to_its_own_rule() -> None:
    assert found(KIND, counted(4_000), history="service", unless_told=True) == []
    retry = [{"ErrorEquals": ["E"], "MaxAttempts": 1}]
    assert len(found(KIND, counted(3_000, Retry=retry), history="service", unless_told=True)) == 1


def test_what_has_no_bound_is_not_judged_or_told_where_it_is_to_be_proved() -> None:
    assert unjudged(KIND, machine(A=EACH), history=100) == ["a bound on the history events of an execution"]
    assert unjudged(KIND, machine(A=EACH), transitions=100) == [
        'a bound on the transitions of an execution: it is n + 1, and n is the items of "A"'
    ]
    problem = 'nothing says how many history events it takes at most: it is 4·n + 6, and n is the items of "A"'
    assert told(KIND, machine(A=EACH), "problem", history=100, proved=True) == [("/States", problem)]
    assert told(KIND, timed(60, A=task()), "problem", duration=10, proved=True) == [
        (
            "/TimeoutSeconds",
            'nothing says how many seconds it takes at most: "A": it has no TimeoutSeconds, or gets them when it runs',
        )
    ]
    assert unjudged(KIND, timed(60, A=task()), duration="timeout") == ["a bound on the seconds of an execution"]


@pytest.mark.parametrize(("seconds", "expected"), [(70, 0), (69, 1), ("${Seconds}", 0)])
def test_the_longest_way_is_held_against_the_timeout(seconds: object, expected: int) -> None:
    whole = timed(seconds, A=WAIT, B=task(TimeoutSeconds=10))
    matches = told(KIND, whole, "problem", duration="timeout")
    assert matches == [("/TimeoutSeconds", f"up to 70 seconds, more than {seconds}")] * expected


def test_of_a_child_execution_only_its_own_type_and_history_are_asked() -> None:
    processor = machine(P=WAIT | {"Seconds": 400, "Next": "Q"}, Q={"Type": "Succeed"})
    processor["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    whole = machine(A=EACH | {"ItemProcessor": processor})
    assert told(KIND, whole, "problem", duration="express") == [
        ("/States/A/ItemProcessor/States/P", "up to 400 seconds, more than 300")
    ]
    assert found(KIND, {**whole, "TimeoutSeconds": 100}, duration="timeout") != []


@pytest.mark.parametrize(("region", "expected"), [("us-east-1", 0), ("sa-east-1", 1)])
def test_the_price_is_that_of_the_region(region: str, expected: int) -> None:
    assert len(found(KIND, counted(100), cost=0.006, region=region)) == expected


# --- at least -----------------------------------------------------------------------------------------------------------------


def test_a_state_that_no_execution_gets_past_is_told_with_the_way_to_it() -> None:
    whole = timed(100, A=WAIT, B=WAIT | {"Next": "C"}, C=WAIT | {"Next": "D"}, D={"Type": "Succeed"})
    match = only(KIND, whole, duration="timeout", bound="least")
    assert match.pointer == ("States", "B", "Seconds")
    assert match.values == {
        "state": "B",
        "problem": "at least 60 seconds have gone by before it, Seconds is 60, and the machine's TimeoutSeconds is 100",
    }
    assert [step.message for step in match.path] == ['starts with "A"', '"A", then "B"']


def test_the_shortest_way_counts() -> None:
    choice = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.x %}", "Next": "A"}], "Default": "B"}
    whole = timed(100, Choose=choice, A=WAIT, B=WAIT | {"Next": "C"}, C={"Type": "Succeed"})
    assert found(KIND, whole, duration="timeout", bound="least") == []


def test_a_wait_in_an_inner_scope_begins_when_that_does() -> None:
    inner = machine(P=WAIT | {"Next": "Q"}, Q={"Type": "Succeed"})
    whole = timed(100, A=WAIT, B={"Type": "Parallel", "Branches": [inner], "End": True})
    assert told(KIND, whole, "state", duration="timeout", bound="least") == [("/States/B/Branches/0/States/P/Seconds", "P")]


def test_the_rounds_of_a_map_add_up() -> None:
    each = EACH | {
        "Items": [1, 2, 3],
        "MaxConcurrency": 1,
        "ItemProcessor": machine(P=WAIT | {"Next": "Q"}, Q={"Type": "Succeed"}),
    }
    assert told(KIND, timed(100, A=each), "problem", duration="timeout", bound="least") == [
        ("/States/A", "it takes at least 180 seconds, and the machine's TimeoutSeconds is 100")
    ]
    assert found(KIND, timed(100, A=each | {"MaxConcurrency": 3}), duration="timeout", bound="least") == []


def test_where_the_flow_is_hidden_only_a_wait_that_is_too_long_by_itself_is_told() -> None:
    hidden = timed(100, A=WAIT, B=WAIT | {"Next": "${Next}"}, C=WAIT | {"Seconds": 100})
    assert told(KIND, hidden, "state", duration="timeout", bound="least") == []
    longer = timed(100, A=WAIT | {"Seconds": 100}, B=WAIT | {"Next": "${Next}"})
    assert told(KIND, longer, "state", duration="timeout", bound="least") == [("/States/A/Seconds", "A")]


def test_what_even_the_shortest_way_takes_is_held_against_the_bound() -> None:
    whole = machine(A=WAIT, B=task())
    assert told(KIND, whole, "problem", transitions=1, bound="least") == [("/States/A", "at least 2 transitions, more than 1")]
    assert found(KIND, whole, transitions=2, bound="least") == []


def test_a_rule_without_a_bound_is_refused() -> None:
    assert refused(KIND, proved=True) != []
    assert refused(KIND, history=2) != []
    assert refused(KIND, duration="year") != []
