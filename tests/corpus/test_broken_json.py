"""Definitions with one structural character deleted, doubled or replaced: refused, at the place, and the rest still checked.

The whole linter judges here; how the reader alone does is in ``tests/source/test_json_recovery_corpus.py``.
"""

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from asl_lint import Report, check_text
from tests.conftest import manifest

STRUCTURAL = '{}[],:"'
NEAR = 60
SAMPLE = 250
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]')


class Broken(NamedTuple):
    """A definition before and after one mutation at ``offset``; ``lost_closer``: a closing bracket is gone."""

    file: str
    intact: str
    text: str
    offset: int
    lost_closer: bool


def mutations(corpus: Path, seed: int) -> Iterator[Broken]:
    source = random.Random(seed)
    files = [e["file"] for e in manifest(corpus / "good") if e["strict"] and e["file"].endswith(".json")]
    while True:
        file = source.choice(files)
        intact = (corpus / "good" / file).read_text(encoding="utf-8-sig")
        places = [
            place
            for token in _TOKENS.finditer(intact)
            for place in ({token.start(), token.end() - 1} if token[0][0] == '"' else {token.start()})
        ]
        offset = source.choice(sorted(places))
        was = intact[offset]
        kind = source.choice(["deleted", "doubled", "replaced"])
        new = {"deleted": "", "doubled": was * 2}.get(kind) if kind != "replaced" else source.choice(STRUCTURAL.replace(was, ""))
        text = intact[:offset] + str(new) + intact[offset + 1 :]
        try:
            json.loads(text)
        except ValueError:
            yield Broken(file, intact, text, offset, was in "}]" and kind != "doubled")


def told(report: Report) -> set[tuple[str, str]]:
    return {(finding.rule, finding.pointer) for finding in report.findings if finding.rule != "syntax-error"}


@pytest.fixture(scope="module")
def reports(corpus: Path) -> list[tuple[Broken, Report, Report]]:
    source = mutations(corpus, seed=2)
    sample = [next(source) for _ in range(SAMPLE)]
    return [(b, check_text(b.text, name="a.asl.json"), check_text(b.intact, name="a.asl.json")) for b in sample]


def test_it_is_always_refused(reports: list[tuple[Broken, Report, Report]]) -> None:
    assert all(any(f.rule == "syntax-error" for f in report.findings) for _, report, _ in reports)


def test_the_first_error_is_near_the_mutation(reports: list[tuple[Broken, Report, Report]]) -> None:
    judged = [(b, [f for f in report.findings if f.rule == "syntax-error"]) for b, report, _ in reports if not b.lost_closer]
    near = [abs(errors[0].span.start.offset - b.offset) <= NEAR for b, errors in judged]
    assert sum(near) >= 0.95 * len(near)


def test_one_fault_gives_hardly_more_than_one_error(reports: list[tuple[Broken, Report, Report]]) -> None:
    errors = sum(f.rule == "syntax-error" for _, report, _ in reports for f in report.findings)
    assert errors <= 1.5 * len(reports)


def test_nothing_is_found_that_the_intact_definition_does_not_have(reports: list[tuple[Broken, Report, Report]]) -> None:
    pairs = [(broken, told(report) - told(intact)) for broken, report, intact in reports]
    new = [(broken.file, broken.offset, sorted(more)) for broken, more in pairs if more]
    # A key or a value that the mutation itself changed may be told; nothing else may.
    assert len(new) <= 0.01 * len(reports), new


def test_no_rule_crashes_on_what_recovery_makes(reports: list[tuple[Broken, Report, Report]]) -> None:
    assert not [report.errors for _, report, _ in reports if report.errors]
