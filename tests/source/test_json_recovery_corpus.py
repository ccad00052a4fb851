"""The reader of broken JSON on real definitions with one structural character deleted, doubled or replaced."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"


@pytest.fixture(scope="module")
def recovery() -> ModuleType:
    if not (CORPUS / "good" / "manifest.jsonl").exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the corpus is needed in CI: {CORPUS}")
        pytest.skip(f"no corpus at {CORPUS}")
    spec = importlib.util.spec_from_file_location("benchmark_recovery", ROOT / "benchmarks" / "recovery.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["benchmark_recovery"] = module
    spec.loader.exec_module(module)
    return module


def test_one_wrong_character_is_refused_near_its_place_and_the_rest_is_read(recovery: ModuleType) -> None:
    files = recovery.definitions(CORPUS)
    texts = dict(files)
    outcomes = [recovery.measure(mutation, texts[mutation.file]) for mutation in recovery.sample(files, 200, seed=20)]
    found = recovery.figures(outcomes)
    assert found.refused == 1
    assert found.near >= 0.95
    assert found.near_lost_closers >= 0.9
    assert found.errors <= 1.5
    assert found.checked >= 0.75
    assert [disagreement for outcome in outcomes for disagreement in outcome.disagreements] == []


def test_an_intact_definition_is_read_as_the_standard_library_reads_it(recovery: ModuleType) -> None:
    from asl_lint.source.json_recovery import recover

    for name, content in recovery.definitions(CORPUS)[::6]:
        intact = recovery.json.loads(content)
        recovered = recover(content)
        assert recovered.value == intact, name
        assert recovered.problems == [], name
        assert recovered.damaged == set(), name
        assert dict(recovered.spans) == dict(recovery.scan_spans(content)), name


def test_without_line_breaks_too_one_wrong_character_is_refused_near_its_place_and_the_rest_is_read(recovery: ModuleType) -> None:
    files = [(name, recovery.minified(text)) for name, text in recovery.definitions(CORPUS)]
    texts = dict(files)
    outcomes = [recovery.measure(mutation, texts[mutation.file]) for mutation in recovery.sample(files, 200, seed=21)]
    found = recovery.figures(outcomes)
    assert found.refused == 1
    assert found.near >= 0.95
    assert found.near_lost_closers >= 0.8
    assert found.errors <= 1.5
    assert found.checked >= 0.95
    assert found.disagreements <= 0.03, "which bracket is one too many cannot always be told without indentation"
