"""``observed@1``: the facts' observations of the named codes, and what their messages may use."""

import pytest

from asl_lint.facts.observations import OBSERVATIONS
from asl_lint.properties.observed import KIND
from tests.properties.definitions import facts

MACHINE = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Nxt": "B", "End": True}, "B": {"Type": "Succeed"}}}


def test_it_gives_what_was_observed_in_the_order_of_the_codes() -> None:
    seen = facts(MACHINE)
    matches = list(KIND.check(seen, {"codes": ["unreachable-state", "unknown-field"]}))
    assert [match.pointer for match in matches] == [("States", "B"), ("States", "A", "Nxt")]
    assert matches == [*seen.observations["unreachable-state"], *seen.observations["unknown-field"]]


def test_what_was_not_observed_gives_nothing() -> None:
    assert list(KIND.check(facts(MACHINE), {"codes": ["invalid-path"]})) == []


def test_a_message_may_use_what_every_code_supplies() -> None:
    assert KIND.values({"codes": ["unknown-field"]}) == {"field", "object"}
    assert KIND.values({"codes": ["unknown-field", "missing-field"]}) == {"object"}
    assert KIND.values({"codes": ["unknown-field", "unreachable-state"]}) == frozenset()


@pytest.mark.parametrize("code", OBSERVATIONS)
def test_every_code_can_be_named(code: str) -> None:
    from jsonschema import Draft202012Validator

    assert Draft202012Validator(KIND.parameters).is_valid({"codes": [code]})


@pytest.mark.parametrize("parameters", [{}, {"codes": []}, {"codes": ["no-such"]}, {"codes": ["unknown-field"], "more": 1}])
def test_other_parameters_are_refused(parameters: object) -> None:
    from jsonschema import Draft202012Validator

    assert not Draft202012Validator(KIND.parameters).is_valid(parameters)
