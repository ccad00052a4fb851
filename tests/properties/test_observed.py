"""``observed@1``: the facts' observations of the named codes, and what their messages may use."""

from pathlib import Path

import pytest

from asl_lint.facts.observations import OBSERVATIONS
from asl_lint.properties.observed import KIND
from tests.conftest import manifest
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


def test_every_observation_on_real_definitions_has_the_values_of_its_code(corpus: Path) -> None:
    seen: set[str] = set()
    for folder in ("good", "bad"):
        for entry in manifest(corpus / folder):
            path = corpus / folder / entry["file"]
            if path.suffix != ".json":
                continue
            for code, matches in facts(path.read_text(encoding="utf-8-sig"), "EXPRESS").observations.items():
                seen.add(code)
                for match in matches:
                    assert set(match.values) == set(OBSERVATIONS[code]), (path, code)
                    assert all(isinstance(value, str) for value in match.values.values()), (path, code)
    assert len(seen) > 10
