"""Every example of every shipped rule: the bad ones give exactly what they expect, the good ones nothing."""

import pytest

from asl_lint.catalog.reading import read_shipped_rules
from asl_lint.catalog.rule import WholeRule
from asl_lint.engine import Selection
from asl_lint.facts.observations import OBSERVATIONS
from asl_lint.rule_docs import CATEGORIES
from asl_lint.rule_tests import run_examples, select_all

RULES = read_shipped_rules()
MAY_BE_ERRORS = ("conformance", "run-time", "calls", "variables", "types", "permissions")
"""Categories of faults with which AWS refuses a machine or a run fails; what the others tell is never an error."""


@pytest.fixture(scope="module")
def selection() -> Selection:
    return select_all(RULES)


@pytest.mark.parametrize("whole", RULES, ids=lambda whole: whole.rule.name)
def test_the_examples_of_a_rule_hold_and_show_it_fire_and_stay_silent(whole: WholeRule, selection: Selection) -> None:
    results = list(run_examples([whole], selection))
    assert [f"{result.title}: {problem}" for result in results for problem in result.problems] == []
    assert len(results) == len(whole.prose.examples)
    assert {result.example.verdict for result in results} == {"bad", "good"}


def test_every_observation_is_reported_by_exactly_one_rule() -> None:
    reported = [code for whole in RULES for code in whole.rule.parameters.get("codes", ())]
    assert sorted(reported) == sorted(OBSERVATIONS)


def test_what_aws_refuses_is_an_error_and_what_it_accepts_is_not_conformance() -> None:
    for whole in RULES:
        rule = whole.rule
        assert rule.severity == "error" or rule.category not in ("conformance", "run-time"), rule.name
        assert rule.severity != "error" or rule.category in MAY_BE_ERRORS, rule.name


def test_every_category_is_described() -> None:
    assert {whole.rule.category for whole in RULES} == set(CATEGORIES)


@pytest.mark.parametrize("whole", RULES, ids=lambda whole: whole.rule.name)
def test_prose_is_written_out(whole: WholeRule) -> None:
    assert whole.prose.why.endswith(".")
    assert whole.prose.fix.endswith((".", "?"))
    assert not whole.rule.summary.endswith(".")
