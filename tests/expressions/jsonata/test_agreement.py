"""The parser and the reference implementation accept the same expressions, and name the same first fault at the same place."""

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.expressions.jsonata import parse

from .generate import any_expression, bent, grown
from .reference import Reference, Verdict

pytestmark = pytest.mark.large

GENERATED = int(os.environ.get("ASL_LINT_JSONATA_CASES", "50000" if os.environ.get("CI") == "true" else "6000"))
"""Expressions that are generated for the comparison: more in CI, about 15 seconds of work."""


def disagreement(expression: str, verdict: Verdict) -> str | None:
    """How the parser differs from the reference on an expression, or None."""
    _, errors = parse(expression)
    code = errors[0].code if errors else ""
    if code != verdict.code:
        return f"{expression!r}: {code or 'accepted'} here, {verdict.code or 'accepted'} there"
    # The reference gives a parent that is none the place of whatever encloses it; here it is the sign itself.
    if errors and verdict.position is not None and code != "S0217":
        start, end, length = (_units(expression[:at]) for at in (errors[0].start, errors[0].end, len(expression)))
        # Behind an escape that the end of the text cuts off, the reference counts on.
        if not start <= min(verdict.position, length) <= end:
            return f"{expression!r}: {code} at {start} to {end} here, at {verdict.position} there"
    return None


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def entries(corpus: Path, name: str) -> list[dict[str, Any]]:
    return json.loads((corpus / "jsonata" / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["expressions", "broken"])
def test_the_recorded_verdicts_are_ours(corpus: Path, name: str) -> None:
    recorded = entries(corpus, name)
    assert len(recorded) > 300
    verdicts = [Verdict(entry.get("code", ""), entry.get("position")) for entry in recorded]
    differ = [disagreement(entry["expr"], verdict) for entry, verdict in zip(recorded, verdicts, strict=True)]
    assert [line for line in differ if line] == []


def test_every_expression_of_the_reference_s_own_suite_gets_its_verdict(corpus: Path, reference: Reference) -> None:
    expressions = [entry["expr"] for entry in entries(corpus, "suite-2.0.6")]
    assert len(expressions) > 1600
    verdicts = reference.verdicts(expressions)
    differ = [disagreement(expression, verdict) for expression, verdict in zip(expressions, verdicts, strict=True)]
    assert [line for line in differ if line] == []


def test_generated_expressions_get_the_reference_s_verdict(
    corpus: Path, reference: Reference, record_property: Callable[[str, object], None]
) -> None:
    real = [entry["expr"] for name in ("expressions", "broken", "suite-2.0.6") for entry in entries(corpus, name)]
    source = random.Random(2006)
    expressions = [any_expression(source, real) for _ in range(GENERATED)]
    verdicts = reference.verdicts(expressions)
    assert sum(verdict.code == "" for verdict in verdicts) > GENERATED // 5
    differ = [disagreement(expression, verdict) for expression, verdict in zip(expressions, verdicts, strict=True)]
    record_property(
        "figures",
        f"JSONata: {differ.count(None)} of {GENERATED} generated expressions with the reference's verdict, code and place",
    )
    assert [line for line in differ if line] == []


@settings(deadline=None, max_examples=200)
@given(st.randoms(use_true_random=False))
def test_an_expression_of_the_grammar_gets_the_reference_s_verdict(reference: Reference, source: random.Random) -> None:
    expression = grown(source, 4)
    assert disagreement(expression, reference.verdict(expression)) is None


@settings(deadline=None, max_examples=200)
@given(st.randoms(use_true_random=False))
def test_an_expression_with_slips_gets_the_reference_s_verdict(reference: Reference, source: random.Random) -> None:
    expression = bent(source, grown(source, 4))
    assert disagreement(expression, reference.verdict(expression)) is None


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="ab$1 .()[]{},;:?@#+-*/%|=<>^&!~\"'`\\\n\tué😀", max_size=12))
def test_any_run_of_signs_gets_the_reference_s_verdict(reference: Reference, expression: str) -> None:
    assert disagreement(expression, reference.verdict(expression)) is None


# What the reference does and nobody would guess; found by comparing.
SURPRISES = {
    "it's": "",
    'a"b"': "",
    "and and and": "",
    "`function`($x){1}": "",
    "$x[] := 1": "",
    "$x[%]": "",
    "c@$.%@$w.%": "S0217",
    "c@$v.%@$w.%": "",
    "a{'x':1}[0]": "",
    "$x{'x':1}[0]": "S0209",
    "(/a/)": "S0211",
    "$f(/a/)": "",
    "a[]/2": "S0302",
    "a[0]/2": "",
    "function($x){1}/2": "S0302",
    "/\\\\/": "",
    "/[(]/": "S0302",
    "/(?=a)*/": "",
    "/(?<=a)*/": "bad-regex",
    "/[😀-😁]/": "bad-regex",
    "/a/ii": "bad-regex",
    "function($x)<n?+>{1}": "bad-regex",
    "function($x)<-+->{1}": "bad-regex",
    "function($x)<n:n<n>>{1}": "",
    "a.1 +": "S0213",
    "(a.1 +": "S0203",
    "= !": "S0204",
    '"\\u0': "S0101",
    "a\f": "",
    "a\u00a0b": "",
}


@pytest.mark.parametrize("expression", SURPRISES)
def test_a_surprise_of_the_reference_is_kept(expression: str) -> None:
    _, errors = parse(expression)
    assert (errors[0].code if errors else "") == SURPRISES[expression]


def test_the_surprises_are_the_reference_s(reference: Reference) -> None:
    assert {text: verdict.code for text, verdict in zip(SURPRISES, reference.verdicts(list(SURPRISES)), strict=True)} == SURPRISES
