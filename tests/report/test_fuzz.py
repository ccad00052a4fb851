"""Definitions that nobody would write, described, compared and drawn: whatever the text, every part is what it claims to be."""

import json
import os
import random
from xml.etree import ElementTree

import pytest

from asl_lint.report import ViewStyle, render
from asl_lint.report.document import document
from asl_lint.report.drawing import FORMATS, Drawing, draw
from asl_lint.report.drawing.excerpt import of_changes, of_findings
from asl_lint.report.markdown.comment import MOST, size
from tests.report.machines import ORDER, report_of
from tests.report.pages import blocks
from tests.report.test_document import valid
from tests.report.test_drawing import DOT, MERMAID
from tests.test_fuzz import mutated, seeds

pytestmark = pytest.mark.large

CASES = int(os.environ.get("ASL_LINT_FUZZ_CASES", "2400")) // 8
SEED = int(os.environ.get("ASL_LINT_FUZZ_SEED", "1"))
SHARDS = 4


@pytest.mark.parametrize("shard", range(SHARDS))
def test_a_mutated_definition_is_described_compared_and_drawn(shard: int) -> None:
    pool = seeds()
    order = report_of(ORDER)
    for case in range(shard, CASES, SHARDS):
        text, name = mutated(random.Random(f"{SEED}/report/{case}"), pool)
        try:
            report = report_of(text, names=(name,))
            assert report.errors == ()
            whole = valid(document(report, order._replace(files=(name,)), "main"))
            assert size("".join(render("markdown", whole, ViewStyle()))) <= MOST
            held = blocks("".join(render("html", whole, ViewStyle(sources={name: text}))))
            (machine,) = whole["machines"]
            assert len(held["machine-0"]["findings"]) == len(machine["findings"])
            drawings = [Drawing(name, machine["graph"]), of_changes(machine), of_findings(machine)]
            for one in filter(None, drawings):
                for format in FORMATS:
                    assert_drawn(format, draw(format, one))
        except Exception as fault:
            fault.add_note(f"seed {SEED}, case {case}, {name}: {text[:3000]!r}")
            raise


def assert_drawn(format: str, drawn: str) -> None:
    if format == "svg":
        ElementTree.fromstring(drawn)
        return
    pattern = DOT if format == "dot" else MERMAID
    assert [line for line in drawn.removesuffix("\n").split("\n") if not pattern.fullmatch(line)] == []


def test_numbers_that_json_does_not_have_are_not_written() -> None:
    odd = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"x": [NaN, -Infinity, 1e999]}, "End": true}}}'
    written = "".join(render("json", document(report_of(odd)), ViewStyle()))

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    json.loads(written, parse_constant=refuse)
