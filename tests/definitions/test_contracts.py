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
MOST_CONTRACTS = 2
MOST_FINDINGS = 3
"""Of one thing that is broken: by the contracts that it breaks, and by a rule that names the fault itself."""
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
    assert [f"{found.rule} {place_of(found.pointer)}" for found in report.findings] == list(breakage.gives)
    assert report.findings
    rules = [found.rule for found in report.findings if found.rule != TIME]
    assert len(rules) <= MOST_FINDINGS
    assert len([rule for rule in rules if rule in contracts()]) <= MOST_CONTRACTS
    assert not report.errors
    state = breakage.place.split("/")[0]
    assert not state or state in {place_of(pointer).split("/")[0] for pointer in told(report.findings)}


def told(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Every place that the findings show: their own, those of the way, and those beside it."""
    for finding in findings:
        yield finding.pointer
        yield from (step.pointer for step in finding.path)
        yield from (place.pointer for place in finding.related)


def test_every_contract_is_broken_by_something() -> None:
    broken = {given.split()[0] for breakage in BREAKAGES for given in breakage.gives}
    assert sorted(contracts().keys() - broken) == []


def test_the_examples_of_the_contracts_hold() -> None:
    results = list(run_examples(read_own_rules(configuration().rules)))
    assert [f"{result.title}: {problem}" for result in results for problem in result.problems] == []
    assert {result.rule.name for result in results} == contracts().keys()


def test_the_documentation_tells_every_contract_with_its_promise() -> None:
    text = (DEFINITIONS / "README.md").read_text(encoding="utf-8")
    missing = [name for name, rule in contracts().items() if f"| {rule.summary} | `{name}` |" not in text]
    assert missing == []
