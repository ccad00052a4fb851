"""What the scenarios of a machine do together: they take every edge and retrier, and jsonata-js 2.0.6 agrees.

The comparison with the reference runs where Node and npm are; the package goes into a temporary folder.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.definitions.rehearsal.interpreter import Evaluation
from tests.definitions.rehearsal.scenario import files
from tests.definitions.rehearsal.services import Tables
from tests.definitions.rehearsal.walk import Walk, walk

BINDINGS_EACH = 40  # an expression in a loop is compared with so many different bindings


@pytest.fixture(scope="session")
def jsonata(npm_package: Callable[[str], Path]) -> Path:
    """A folder with jsonata 2.0.6."""
    return npm_package("jsonata@2.0.6")


@pytest.fixture(scope="module", params=files(), ids=lambda path: path.stem)
def walked(request: pytest.FixtureRequest, tables: Tables) -> Walk:
    """All scenarios of one machine; pytest puts the tests of one machine side by side."""
    return walk(request.param, tables)


def test_every_edge_and_every_retrier_is_taken(walked: Walk, record_property: Any) -> None:
    missing = walked.edges.missing()
    every = len(walked.edges.taken)
    figures = f"{walked.machine}: {walked.scenarios} scenarios take {every - len(missing)} of {every} edges and retriers"
    record_property("figures", figures)
    assert not missing, "no scenario takes: " + ", ".join(missing)


def test_the_reference_gives_the_same_values(walked: Walk, jsonata: Path, record_property: Any) -> None:
    lines, expected = _distinct(walked.evaluations)
    script = Path(__file__).parent / "rehearsal" / "reference.js"
    node = subprocess.run(["node", script, jsonata], input="\n".join(lines), capture_output=True, text=True, check=True)
    answers = [json.loads(line) for line in node.stdout.splitlines()]
    unlike = [
        f"{line[:2000]}\n  here {'fails' if here.failed else here.value!r}, there {there}"
        for line, here, there in zip(lines, expected, answers, strict=True)
        if here.failed is not there.get("failed", False) or (not here.failed and here.value != there["value"])
    ]
    assert not unlike, "\n".join(unlike[:5])
    codes = {evaluation.code for evaluation in expected}
    figures = f"{walked.machine}: {len(codes)} expressions, {len(lines)} evaluations agree with jsonata-js 2.0.6"
    record_property("figures", figures)


def _distinct(evaluations: list[Evaluation]) -> tuple[list[str], list[Evaluation]]:
    """Each expression with the bindings it can read, once."""
    seen: dict[str, Evaluation] = {}
    times: Counter[str] = Counter()
    for evaluation in evaluations:
        if times[evaluation.code] == BINDINGS_EACH:
            continue
        named = set(re.findall(r"\$(\w+)", evaluation.code))
        bindings = {name: value for name, value in {**evaluation.variables, "states": evaluation.states}.items() if name in named}
        line = json.dumps({"code": evaluation.code, "bindings": bindings, "millis": evaluation.millis})
        if line not in seen:
            seen[line] = evaluation
            times[evaluation.code] += 1
    return list(seen), list(seen.values())
