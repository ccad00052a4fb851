"""The rules that the guide to writing rules shows do what it says."""

from asl_lint.catalog import load_own_rules
from asl_lint.rule_tests import run_examples
from tests.conftest import ROOT


def test_every_example_of_the_guide_s_rules_holds() -> None:
    results = list(run_examples(load_own_rules([str(ROOT / "docs" / "example-rules")])))
    assert {result.example.verdict for result in results} == {"bad", "good"}
    assert [(result.title, result.problems) for result in results if result.problems] == []


def test_the_guide_shows_the_rule_as_it_stands() -> None:
    rule = (ROOT / "docs" / "example-rules" / "lambda-task-without-timeout.yaml").read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")
    shown = guide.split("```yaml\n")[1].split("```")[0]
    assert rule.startswith(shown)
