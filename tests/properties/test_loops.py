"""``loops@1``: which loops a rule means, and what is told of them."""

from typing import Any

import pytest

from asl_lint.properties.loops import KIND
from tests.properties.definitions import facts


def counted(limit: int, wait: int = 60) -> dict[str, Any]:
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Begin",
        "States": {
            "Begin": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Work"},
            "Work": {
                "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Assign": {"n": "{% $n + 1 %}"}, "Next": "Check",
            },
            "Check": {"Type": "Choice", "Choices": [{"Condition": f"{{% $n < {limit} %}}", "Next": "Rest"}], "Default": "End"},
            "Rest": {"Type": "Wait", "Seconds": wait, "Next": "Work"},
            "End": {"Type": "Succeed"},
        },
    }  # fmt: skip


def external(**fields: Any) -> dict[str, Any]:
    machine = counted(9)
    del machine["States"]["Work"]["Assign"]
    return machine | fields


def problems(machine: dict[str, Any], **parameters: Any) -> list[str]:
    return [match.values["problem"] for match in KIND.check(facts(machine), parameters)]


def test_a_loop_that_only_the_outside_ends_is_told_with_its_way_round() -> None:
    (match,) = KIND.check(facts(external()), {})
    assert match.pointer == ("States", "Work")
    assert match.values["states"] == '"Work" → "Check" → "Rest"'
    assert [place.pointer for place in match.path] == [
        ("States", "Work", "Next"), ("States", "Check", "Choices", 0, "Next"), ("States", "Rest", "Next"),
    ]  # fmt: skip
    assert problems(counted(9)) == []
    assert problems(external(), faults=["trap"]) == []


def settled(condition: str, **work: Any) -> dict[str, Any]:
    """A machine whose loop keeps the input; its one test reads what ``condition`` says."""
    machine = external()
    machine["States"]["Work"] |= {"Output": "{% $states.input %}"} | work
    machine["States"]["Check"]["Choices"][0]["Condition"] = f"{{% {condition} %}}"
    return machine


def test_a_loop_that_changes_nothing_that_its_way_out_tests_is_told() -> None:
    assert problems(settled("$ready"), faults=["settled"]) == ["nothing in it changes $ready, by which it is left"]
    assert problems(settled("$ready"), faults=["trap"]) == []


@pytest.mark.parametrize(
    ("condition", "work"),
    [
        ("$ready", {"Assign": {"ready": "{% $states.result.ready %}"}}),
        ("$states.input.ready", {"Output": "{% $states.result %}"}),
        ("$now() < $until", {}),
        ("$states.context.State.EnteredTime < $until", {}),
        ("true", {}),
        ("$ready and $random() > 0.5", {}),
        ("$ready", {"Catch": [{"ErrorEquals": ["Closed"], "Next": "End"}]}),
        ("$ready", {"Catch": [{"ErrorEquals": ["Busy"], "Assign": {"ready": False}, "Next": "Rest"}]}),
    ],
)
def test_a_loop_that_something_may_end_is_not_settled(condition: str, work: dict[str, Any]) -> None:
    assert problems(settled(condition, **work), faults=["settled"]) == []


def test_a_timeout_counts_where_the_rule_says_so() -> None:
    assert problems(external(TimeoutSeconds=600), **{"timeout-counts": True}) == []
    assert len(problems(external(TimeoutSeconds=600))) == 1
    assert len(problems(external(), **{"timeout-counts": True})) == 1


def test_turns_are_limited() -> None:
    assert problems(counted(9), **{"most-turns": 9}) == []
    assert problems(counted(9), **{"most-turns": 8}) == ["it makes up to 9 turns, more than 8"]


def test_a_turn_must_wait() -> None:
    assert problems(counted(9, wait=5), **{"least-wait": 5}) == []
    assert problems(counted(9, wait=4), **{"least-wait": 5}) == ["a turn can wait as little as 4 seconds"]


def test_a_limit_beyond_the_history_is_told() -> None:
    assert problems(counted(2_777), history=True) == []
    assert len(problems(counted(2_778), history=True)) == 1


def test_only_loops_with_a_call_that_is_meant_are_looked_at() -> None:
    assert len(problems(external(), containing="lambda:invoke")) == 1
    assert problems(external(), containing="glue:*") == []


def test_a_loop_that_gives_up_too_early_is_told() -> None:
    problems = [match.values["problem"] for match in KIND.check(facts(counted(9)), {"least-turns": 10})]
    assert problems == ["it makes up to 9 turns, less than 10"]
    assert list(KIND.check(facts(counted(9)), {"least-turns": 9})) == []
    assert list(KIND.check(facts(external()), {"least-turns": 9})) == []
