"""Definitions that nobody would write: mutated real ones, and hypothesis' own. Whatever the text, the report is sensible.

``ASL_LINT_FUZZ_CASES`` sets the number of mutated definitions (a few thousand by default), ``ASL_LINT_FUZZ_SEED`` another seed.
"""

import gc
import json
import os
import random
import re
import time
import tracemalloc
import xml.etree.ElementTree
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from asl_lint import Report, check_text
from asl_lint.finding import Finding
from asl_lint.output import FORMATS, Style, render
from asl_lint.rule_docs import descriptions
from asl_lint.source.text import Range
from tests.conftest import CORPUS, manifest
from tests.mutations import ODD_STRINGS, ODD_VALUES, SEEDS, SNIPPETS, as_json, as_yaml, mutated_text, mutated_value

pytestmark = pytest.mark.large

CASES = int(os.environ.get("ASL_LINT_FUZZ_CASES", "2400"))
SEED = int(os.environ.get("ASL_LINT_FUZZ_SEED", "1"))
SHARDS = 6
SECONDS_A_CASE = 5.0
"""Far more than any of them takes (some milliseconds): this finds a hang, not a slow machine."""

STYLE = Style(
    colour=True,
    hyperlinks=True,
    width=80,
    verbose=True,
    rules=cache(lambda: dict(descriptions())),
    version="0",
    fail_on="warning",
)

PLACE = re.compile(r"(?:\x1b\]8;;[^\x1b]*\x1b\\)?\x1b\[1m[^\x1b]*\x1b\[0m:\d+:\d+(?:\x1b\]8;;\x1b\\)?: ")
"""How a line of concise output begins."""


def assert_sensible(text: str, name: str) -> Report:
    """Checks a text, and that the report is complete, lies within the text, and can be written in every format."""
    started = time.perf_counter()
    report = check_text(text, name=name)
    assert time.perf_counter() - started < SECONDS_A_CASE
    assert report.errors == ()
    assert report.files == (name,)
    length = len(text.removeprefix("\ufeff"))
    for finding in (*report.findings, *(one.finding for one in report.suppressed)):
        for span in spans(finding):
            assert 0 <= span.start.offset <= span.end.offset <= length, finding
            assert span.start.line >= 1 and span.start.column >= 1 and span.end.line >= span.start.line, finding
        assert finding.message, finding
    assert list(report.findings) == sorted(report.findings, key=lambda one: one.span.start.offset)
    return report


def assert_renders(report: Report) -> None:
    """Every format writes the report, and the machine-readable ones are what they claim to be."""
    for format in FORMATS:
        written = "".join(render(format, report, STYLE)).encode("utf-8", "backslashreplace").decode("utf-8")
        if format in ("json", "sarif", "gitlab", "rdjson"):
            json.loads(written)
        elif format == "junit":
            xml.etree.ElementTree.fromstring(written)
        elif format == "concise":
            places = [line for line in written.split("\n") if PLACE.match(line)]
            assert len(places) == len(report.findings) + len(report.suppressed), written


def spans(finding: Finding) -> list[Range]:
    """Every place that a finding speaks of."""
    edits = finding.fix.edits if finding.fix else ()
    return [finding.span, *(one.span for one in (*finding.path, *finding.related, *edits))]


def seeds() -> list[Any]:
    """The definitions to mutate: our own two and, where it is at hand, those of the corpus that are not large."""
    definitions: list[Any] = list(SEEDS)
    if CORPUS.is_dir():
        for folder in (CORPUS / "good", CORPUS / "bad"):
            for entry in manifest(folder):
                file = folder / entry["file"]
                if file.suffix == ".json" and file.stat().st_size < 12_000:
                    try:
                        definitions.append(json.loads(file.read_bytes()))
                    except ValueError:
                        continue  # broken on purpose, or with placeholders that are not JSON
    return definitions


def mutated(random: random.Random, pool: list[Any]) -> tuple[str, str]:
    """A text and its name: a definition of the pool (each of our own two in eight), changed a few times."""
    value = random.choice(SEEDS) if random.random() < 0.25 else random.choice(pool)
    if random.random() < 0.75:
        value = mutated_value(value, random, pool, times=1 + int(random.expovariate(1 / 2)))
    text, name = as_json(value, random), "a.asl.json"
    if random.random() < 0.4:
        with suppress(ValueError):
            text, name = as_yaml(value, random), "a.asl.yaml"
    if random.random() < 0.5:
        text = mutated_text(text, random, times=1 + int(random.expovariate(1)))
    return text, name


@pytest.mark.parametrize("definition", SEEDS, ids=["jsonpath", "jsonata"])
def test_the_definitions_that_are_mutated_are_right(definition: Any) -> None:
    findings = check_text(json.dumps(definition), name="a.asl.json").findings
    assert {finding.rule for finding in findings} <= {"unused-suppression"}


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_mutated_definition_is_judged_within_its_text_and_in_every_format(shard: int) -> None:
    pool = seeds()
    for case in range(shard, CASES, SHARDS):
        source = random.Random(f"{SEED}/{case}")
        text, name = mutated(source, pool)
        try:
            report = assert_sensible(text, name)
            if case % 12 < 2:
                assert_renders(report)
        except Exception as fault:
            fault.add_note(f"seed {SEED}, case {case}, {name}: {text[:3000]!r}")
            raise


# --- hypothesis' own --------------------------------------------------------------------------------------------------------

FIELDS = (
    "Type", "Comment", "StartAt", "States", "Next", "End", "Default", "Choices", "Retry", "Catch", "ErrorEquals", "Branches",
    "Resource", "ItemProcessor", "Iterator", "ProcessorConfig", "Mode", "Parameters", "Arguments", "Assign", "Output",
    "ResultPath", "InputPath", "Seconds", "Timestamp", "TimeoutSeconds", "HeartbeatSeconds", "QueryLanguage", "Variable",
    "StringEquals", "And", "Not", "Condition", "a.$", "ItemReader", "ReaderConfig", "Label", "MaxConcurrency",
    "ToleratedFailureCount", "Cause", "ErrorPath", "Credentials", "Version",
)  # fmt: skip
WORDS = (
    "Task", "Pass", "Choice", "Wait", "Map", "Parallel", "Succeed", "Fail", "JSONata", "JSONPath", "DISTRIBUTED", "INLINE", "A",
    "B", "$.a", "{% 1 %}", "arn:aws:states:::lambda:invoke",
)  # fmt: skip
keys = st.sampled_from((*FIELDS, *WORDS, *ODD_STRINGS)) | st.text(max_size=5)
scalars = (
    st.sampled_from((*WORDS, *(v for v in ODD_VALUES if not isinstance(v, list | dict))))
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5), max_leaves=12
)  # fmt: skip
states = st.builds(
    lambda type, fields: {"Type": type, **fields},
    st.sampled_from(WORDS[:8]),
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=5),
)
definitions = st.fixed_dictionaries(
    {
        "StartAt": st.sampled_from(("A", "B")),
        "States": st.dictionaries(st.sampled_from(("A", "B", "", "a/b")), states, max_size=3),
    },
    optional={"QueryLanguage": st.sampled_from(("JSONata", "JSONPath")), "Comment": values},
)
lenient = settings(deadline=None, max_examples=120, suppress_health_check=list(HealthCheck))


@given(definitions)
@lenient
def test_any_definition_is_judged(definition: Any) -> None:
    assert_renders(assert_sensible(json.dumps(definition), "a.asl.json"))


@given(values)
@lenient
def test_any_json_value_is_judged(value: Any) -> None:
    assert_sensible(json.dumps(value, ensure_ascii=False), "a.asl.json")


@given(st.lists(st.sampled_from((*SNIPPETS, *FIELDS, *WORDS, *ODD_STRINGS)) | st.text(max_size=4), max_size=30).map("".join))
@example("\ufeff\ufeff{}")
@example('{"StartAt": "A"' * 400)
@lenient
def test_any_text_is_judged_as_json_and_as_yaml(text: str) -> None:
    for name in ("a.asl.json", "a.asl.yaml", "definition"):
        assert_sensible(text, name)


# --- time and memory --------------------------------------------------------------------------------------------------------


def chain(states: int) -> str:
    """A machine of many Task states in a row, each with a handler and a field that it does not have."""
    machine = {
        "StartAt": "S0",
        "States": {
            f"S{i}": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sns:publish",
                "Parameters": {"Message.$": "States.Format('{}', $.m)", "TopicArn": "t"},
                "Retry": [{"ErrorEquals": ["States.ALL"]}],
                "Unknown": i,
                "Next": f"S{i + 1}",
            }
            for i in range(states)
        }
        | {f"S{states}": {"Type": "Succeed"}},
    }
    return json.dumps(machine, indent=2)


def star(states: int) -> str:
    """A Choice with many rules, each to a state of its own."""
    rules = [{"Variable": "$.x", "StringEquals": f"{i}", "Next": f"S{i}"} for i in range(states)]
    ends = {f"S{i}": {"Type": "Succeed"} for i in range(states)}
    return json.dumps({"StartAt": "C", "States": {"C": {"Type": "Choice", "Choices": rules}, **ends}}, indent=2)


def payload(states: int) -> str:
    """One Pass state with a large result."""
    result = [{"a": [i, str(i), {"b": None}]} for i in range(states * 4)]
    return json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": result, "End": True}}}, indent=2)


@pytest.mark.parametrize("made", [chain, star, payload])
@pytest.mark.parametrize("broken", [False, True], ids=["whole", "broken"])
def test_memory_is_a_multiple_of_the_size_of_the_definition(made: Callable[[int], str], broken: bool) -> None:
    text = made(100)
    if broken:
        text = text[: len(text) // 2] + "}" + text[len(text) // 2 :]
    check_text(text[:50], name="a.asl.json")  # what is imported and kept once does not count
    gc.collect()
    tracemalloc.start()
    try:
        report = check_text(text, name="a.asl.json")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert report.errors == ()
    assert peak < 150 * len(text), f"{peak / len(text):.0f} bytes a character"
