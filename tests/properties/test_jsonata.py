"""``jsonata@1``: an expression over the view of each state, or of the machine."""

from typing import Any

import pytest

from asl_lint.expressions.jsonata_engine import ExpressionError
from asl_lint.facts.match import Match
from asl_lint.properties.jsonata import KIND
from tests.properties.definitions import facts

LAMBDA = "arn:aws:states:::lambda:invoke"
MACHINE: dict[str, Any] = {
    "StartAt": "check order",
    "States": {
        "check order": {
            "Type": "Task",
            "Resource": LAMBDA,
            "Retry": [{"ErrorEquals": ["Lost"], "MaxAttempts": 9}],
            "Next": "Both",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [
                {"StartAt": "Pack", "States": {"Pack": {"Type": "Task", "Resource": LAMBDA, "TimeoutSeconds": 5, "End": True}}}
            ],
            "End": True,
        },
    },
}


def matches(definition: Any = MACHINE, machine_type: Any = None, **parameters: Any) -> list[Match]:
    return list(KIND.check(facts(definition, machine_type), parameters))


def test_each_state_is_judged_nested_ones_too() -> None:
    found = matches(**{"assert": "false"})
    assert [match.pointer for match in found] == [
        ("States", "check order"),
        ("States", "Both"),
        ("States", "Both", "Branches", 0, "States", "Pack"),
    ]
    assert dict(found[0].values) == {"state": "check order", "type": "Task"}
    assert {match.part for match in found} == {"key"}


def test_only_those_of_which_where_is_true_are_judged() -> None:
    found = matches(where='resource.service = "lambda"', **{"assert": "$exists(timeout)"})
    assert [match.pointer for match in found] == [("States", "check order")]


def test_a_pattern_for_names() -> None:
    found = matches(**{"assert": "$contains(name, /^[A-Z]/)"})
    assert [match.values["state"] for match in found] == ["check order"]


def test_nothing_counts_as_false() -> None:
    assert len(matches(**{"assert": "timeout > 3"})) == 2
    assert matches(where="timeout > 3", **{"assert": "false"})[0].values["state"] == "Pack"


def test_the_machine_is_judged_once() -> None:
    found = matches(each="machine", **{"assert": "$exists(comment)"})
    assert found == [Match((), {}, part="key")]
    assert matches({**MACHINE, "Comment": "Orders"}, each="machine", **{"assert": "$exists(comment)"}) == []


def test_the_machine_knows_its_type_and_its_states() -> None:
    rule = {"assert": 'type = "EXPRESS" and stateCount = 3 and $count(states[type="Task"]) = 2'}
    assert matches(machine_type="EXPRESS", each="machine", **rule) == []
    assert len(matches(each="machine", **rule)) == 1


def test_at_moves_the_finding_and_indices_become_numbers() -> None:
    found = matches(
        where="$exists(retry[maxAttempts > 5])", at='retry[maxAttempts > 5][0].pointer & "/MaxAttempts"', **{"assert": "false"}
    )
    assert [(match.pointer, match.part) for match in found] == [(("States", "check order", "Retry", 0, "MaxAttempts"), "value")]


def test_at_that_gives_nothing_is_the_state() -> None:
    assert matches(where='name = "Both"', at="catch[0].pointer", **{"assert": "false"})[0].pointer == ("States", "Both")


@pytest.mark.parametrize("at", ['"/Nowhere"', '"Retry"', "1", '"/Retry/7"', '"/Retry/-1"', '"/Retry/x"'])
def test_at_that_leads_nowhere_is_an_error_of_the_rule(at: str) -> None:
    with pytest.raises(ExpressionError, match='"at" must give a JSON pointer'):
        matches(where='name = "check order"', at=at, **{"assert": "false"})


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("name", "Pack"),
        ("timeout", "5"),
        ("timeout / 2", "2.5"),
        ("timeout * 1.0", "5"),
        ("resource", None),
        ("comment", "nothing"),
        ("isTerminal", "true"),
        ("next", "[]"),
        ("null", "null"),
    ],
)
def test_values_become_text(expression: str, text: str | None) -> None:
    found = matches(where='name = "Pack"', values={"it": expression}, **{"assert": "false"})
    if text is not None:
        assert found[0].values["it"] == text
    else:
        assert found[0].values["it"].startswith('{"arn": "arn:aws:states:::lambda:invoke"')


@pytest.mark.parametrize("name", ["where", "assert"])
@pytest.mark.parametrize("expression", ["1", "name", "[]", "null", "resource"])
def test_what_is_neither_true_nor_false_is_an_error_of_the_rule(name: str, expression: str) -> None:
    with pytest.raises(ExpressionError, match=f'"{name}" must give true or false'):
        matches(MACHINE, **{"where": 'type = "Task"', "assert": "true", name: f'type = "Task" ? {expression} : false'})


def test_a_damaged_state_is_not_judged_and_the_others_are() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next" "B" "C"}, "B": {"Type": "Succeed"}}}'
    assert [match.pointer for match in matches(text, **{"assert": "false"})] == [("States", "B")]
    assert matches(text, each="machine", **{"assert": "false"}) == []


def test_a_placeholder_is_there_and_stands_as_written() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "x", "TimeoutSeconds": ${Timeout}, "End": true}}}'
    assert matches(text, **{"assert": '$exists(timeout) and timeout = "${Timeout}"'}) == []


def test_what_a_message_may_use() -> None:
    assert KIND.values({"assert": "true"}) == {"state", "type"}
    assert KIND.values({"assert": "true", "each": "machine", "values": {"count": "stateCount"}}) == {"count"}


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"assert": ""},
        {"assert": "true", "each": "branch"},
        {"assert": "true", "values": {"Upper": "name"}},
        {"assert": "true", "values": {"a": 1}},
        {"assert": True},
        {"assert": "true", "whre": "true"},
    ],
)
def test_other_parameters_are_refused(parameters: object) -> None:
    from jsonschema import Draft202012Validator

    assert not Draft202012Validator(KIND.parameters).is_valid(parameters)


def test_every_expression_is_parsed_when_the_rule_is_loaded() -> None:
    broken = {"where": "(", "assert": "(", "at": "(", "values": {"a": "("}}
    assert KIND.faults is not None
    assert [pointer for pointer, _ in KIND.faults(broken)] == [("where",), ("assert",), ("at",), ("values", "a")]
