"""Ten thousand states and other large definitions: every fact and every rule, in time that grows as the definition does."""

import gc
import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from asl_lint.aws.policy_document import Policies, Statement
from asl_lint.config import Config
from asl_lint.engine import Outcome, check
from asl_lint.expressions.jsonata import parse
from asl_lint.facts.given_role import lacks
from asl_lint.facts.least_privilege import least_privilege
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.permissions import needs
from asl_lint.model.machine import StateMachine
from asl_lint.run import selection_of
from asl_lint.source.reading import read_document
from tests.facts.test_loops import PATIENCE, huge

pytestmark = pytest.mark.large

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
FACTS = ("machine", "sites", "graph", "nesting", "calls", "retriers", "variables", "loops", "polls", "constants", "locks")
ATTEMPTS = 3
"""A busy machine makes a run longer, never shorter."""
SHARED = 1.5
"""What other tests on the same cores may cost: alone, all facts take 1.5 of their 2 seconds."""


@pytest.fixture
def shapes(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("flow_shapes")


def workflow(text: str) -> Workflow:
    return Workflow("large.asl.json", read_document(text, "large.asl.json"))


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    gc.freeze()  # what other tests have left is not looked through again
    try:
        start = time.process_time()
        work()
        return time.process_time() - start
    finally:
        gc.unfreeze()


def every_fact(text: str) -> Callable[[], None]:
    document = workflow(text)

    def work() -> None:
        facts = Facts(document)
        for name in FACTS:
            getattr(facts, name)

    return work


LANGUAGES = pytest.mark.parametrize("language", ["JSONata", "JSONPath"])
uninstrumented = pytest.mark.skipif("coverage" in sys.modules, reason="what is counted line by line has another speed")


@LANGUAGES
def test_all_facts_of_ten_thousand_states_in_nested_loops_take_less_than_two_seconds(language: str) -> None:
    work = every_fact(json.dumps(huge(language, "End")))
    assert any(seconds(work) < SHARED * PATIENCE for _ in range(ATTEMPTS))


@LANGUAGES
def test_ten_thousand_states_that_have_everything_take_no_more_than_twice_that(shapes: ModuleType, language: str) -> None:
    work = every_fact(shapes.everything(10_000, language))
    assert any(seconds(work) < 2 * SHARED * PATIENCE for _ in range(ATTEMPTS))


@LANGUAGES
def test_a_machine_that_has_everything_is_understood(shapes: ModuleType, language: str) -> None:
    facts = Facts(workflow(shapes.everything(shapes.ROUND * 10, language)))
    kinds = [loop.kind for loop in facts.loops]
    assert (kinds.count("counted"), len(facts.polls), len(facts.locks)) == (len(kinds), 10, 10)
    assert len(facts.variables.bits) == 10 * 8
    outcome = check(facts.workflow, selection_of(Config()))
    assert {finding.rule for finding in outcome.findings} == {"polling-where-sync-exists"}
    assert not outcome.failures


SHAPES = ("everything_in_jsonata", "everything_in_jsonpath", "variables", "variables_of_paths", "loops_in_loops", "locks",
          "deep_parallels", "conditions", "long_expression", "bindings", "placeholders", "findings")  # fmt: skip
SIZES = (300, 1_200)
STEEPEST = 8
"""Four times the size may take this much longer: twice what is linear, half of what is quadratic."""


@uninstrumented
@pytest.mark.parametrize("shape", SHAPES)
def test_a_check_takes_four_times_as_long_for_four_times_the_size(shapes: ModuleType, shape: str) -> None:
    selection = selection_of(Config())
    small, large = (workflow(getattr(shapes, shape)(size)) for size in SIZES)

    def checked(one: Workflow) -> Outcome:
        outcome = check(one, selection)
        assert not outcome.failures
        return outcome

    checked(small)
    ratios = (seconds(lambda: checked(large)) / min(seconds(lambda: checked(small)) for _ in range(2)) for _ in range(ATTEMPTS))
    assert any(ratio < STEEPEST for ratio in ratios)


def tables(count: int, name: str) -> StateMachine:
    states = {
        f"S{i}": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Next": f"S{i + 1}",
                  "Arguments": {"TableName": name.replace("#", str(i))}}
        for i in range(count)
    }  # fmt: skip
    return StateMachine({"QueryLanguage": "JSONata", "StartAt": "S0", "States": states})


@uninstrumented
@pytest.mark.parametrize("name", ["t-#", "{% 't-#-' & $states.input.day %}"])
def test_the_least_policy_of_four_times_the_tables_takes_four_times_as_long(name: str) -> None:
    small, large = (needs(tables(size, name)).needs for size in SIZES)
    assert len(least_privilege(small)[0].resources) == SIZES[0]
    ratios = (
        seconds(lambda: least_privilege(large)) / min(seconds(lambda: least_privilege(small)) for _ in range(2))
        for _ in range(ATTEMPTS)
    )
    assert any(ratio < STEEPEST for ratio in ratios)


@uninstrumented
def test_a_role_with_four_times_the_tables_is_compared_in_four_times_as_long() -> None:
    def compared(size: int) -> Callable[[], None]:
        found = needs(tables(size, "t-#"))
        names = tuple(f"arn:aws:dynamodb:eu-west-1:123456789012:table/t-{i}" for i in range(size))
        policies = Policies((Statement("Allow", ("dynamodb:GetItem",), names),))

        def work() -> None:
            assert not list(lacks(found, policies))

        return work

    small, large = map(compared, SIZES)
    ratios = (seconds(large) / min(seconds(small) for _ in range(2)) for _ in range(ATTEMPTS))
    assert any(ratio < STEEPEST for ratio in ratios)


@uninstrumented
def test_the_parser_of_jsonata_takes_microseconds(corpus: Path) -> None:
    texts = [entry["expr"] for entry in json.loads((corpus / "jsonata" / "expressions.json").read_text(encoding="utf-8"))]

    def microseconds(text: str) -> float:
        start = time.perf_counter()
        parse(text)
        return (time.perf_counter() - start) * 1e6

    assert statistics.median(min(microseconds(text) for _ in range(5)) for text in texts) < 60
