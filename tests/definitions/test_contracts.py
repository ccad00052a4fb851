"""The contracts of the five definitions, in both directions: kept as they are, and broken by each thing that breaks them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from asl_lint.catalog import Rule, load_rules
from asl_lint.catalog.reading import read_own_rules
from asl_lint.config import Config, load_config
from asl_lint.finding import Finding, Report
from asl_lint.rule_tests import run_examples
from asl_lint.run import check_text
from tests.definitions.breakages import Breakage, breakages, place_of, whole
from tests.definitions.rehearsal.scenario import DEFINITIONS

pytestmark = pytest.mark.large

MACHINES = sorted(path.stem for path in DEFINITIONS.glob("sfn_*.json"))
BREAKAGES = list(breakages())
TIME = "duration-over-timeout"
"""What takes longer can pass the machine's time-out too, beside what is wrong with it."""


@cache
def configuration() -> Config:
    return load_config(str(DEFINITIONS / "asl-lint.toml"))


@cache
def contracts() -> dict[str, Rule]:
    return {rule.name: rule for rule in load_rules(configuration().rules) if rule.path is not None}


def checked(machine: str, definition: Any) -> Report:
    text = json.dumps(definition, indent=2, ensure_ascii=False)
    return check_text(text, name=str(DEFINITIONS / f"{machine}.json"), config=configuration())


@pytest.mark.parametrize("machine", MACHINES)
def test_as_it_is_a_definition_keeps_every_contract_and_each_is_evaluated(machine: str) -> None:
    report = checked(machine, whole(machine))
    assert (report.findings, report.not_evaluated, report.errors) == ((), (), ())


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: f"{breakage.machine}: {breakage.name}")
def test_one_thing_broken_is_told_by_what_promises_it_and_by_little_else(breakage: Breakage) -> None:
    report = checked(breakage.machine, breakage.broken())
    assert [line for found in report.findings for line in lines(found)] == list(breakage.gives)
    assert report.findings
    assert len([found for found in report.findings if found.rule != TIME]) <= breakage.most
    assert not report.errors
    state = breakage.place.split("/")[0]
    assert not state or state in {place_of(pointer).split("/")[0] for pointer in told(report.findings)}


def lines(finding: Finding) -> Iterator[str]:
    """A finding as `breakages.yaml` writes it, and what is told with it, since it has the same cause."""
    yield f"{finding.rule} {place_of(finding.pointer)}"
    for place in finding.related:
        rule = place.message.partition(": ")[0]
        if rule in every_rule():
            yield f"+ {rule} {place_of(place.pointer)}"


@cache
def every_rule() -> frozenset[str]:
    return frozenset(rule.name for rule in load_rules(configuration().rules))


def told(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Every place that the findings show: their own, those of the way, and those beside it."""
    for finding in findings:
        yield finding.pointer
        yield from (step.pointer for step in finding.path)
        yield from (place.pointer for place in finding.related)


def test_every_contract_is_broken_by_something() -> None:
    broken = {given.removeprefix("+ ").split()[0] for breakage in BREAKAGES for given in breakage.gives}
    of_roles = {name for name, rule in contracts().items() if rule.kind == "iam-allows-calls@1"}  # broken in the template
    assert sorted(contracts().keys() - broken - of_roles) == []


def test_the_examples_of_the_contracts_hold() -> None:
    results = list(run_examples(read_own_rules(configuration().rules)))
    assert [f"{result.title}: {problem}" for result in results for problem in result.problems] == []
    assert {result.rule.name for result in results} == contracts().keys()


def test_the_documentation_tells_every_contract_with_its_promise() -> None:
    text = (DEFINITIONS / "README.md").read_text(encoding="utf-8")
    missing = [name for name, rule in contracts().items() if f"| {rule.summary} | `{name}` |" not in text]
    assert missing == []
