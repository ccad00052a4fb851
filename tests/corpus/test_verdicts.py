"""Every error on definitions meant to deploy has been read by a person, and none of them was wrong.

``verdicts.jsonl`` holds a line per finding read: ``file`` (the head of its SHA-256), ``rule``, ``pointer``, ``verdict`` (right,
wrong or arguable) and ``why``. Of each default rule that warns, ten findings drawn by a seed have a line as well.
"""

import hashlib
import json
import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from asl_lint import check_paths
from asl_lint.config import Config
from asl_lint.finding import Finding

LEDGER = Path(__file__).parent / "verdicts.jsonl"
VERDICTS = ("right", "wrong", "arguable")
SEED = 20_261_124
DRAWN = 10

Key = tuple[str, str, str]


def ledger() -> dict[Key, dict[str, str]]:
    """The lines of the ledger by file, rule and pointer."""
    lines = [json.loads(line) for line in LEDGER.read_text(encoding="utf-8").splitlines()]
    return {(line["file"], line["rule"], line["pointer"]): line for line in lines}


def findings(corpus: Path) -> list[tuple[Key, Finding]]:
    """All findings on the good definitions, each with its key in the ledger."""
    report = check_paths([str(corpus / "good")], config=Config())
    digests = {file: hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16] for file in report.files}
    return [((digests[f.file], f.rule, f.pointer), f) for f in report.findings]


def to_read(found: list[tuple[Key, Finding]]) -> list[tuple[Key, Finding]]:
    """The findings that must have a verdict: every error, and of each warning rule ten drawn by the seed."""
    needed = [(key, finding) for key, finding in found if finding.severity == "error"]
    warnings: dict[str, list[tuple[Key, Finding]]] = defaultdict(list)
    for key, finding in found:
        if finding.severity == "warning":
            warnings[finding.rule].append((key, finding))
    for rule in sorted(warnings):
        ordered = sorted(warnings[rule], key=lambda pair: pair[0])
        needed += random.Random(SEED).sample(ordered, min(DRAWN, len(ordered)))
    return needed


@pytest.fixture(scope="module")
def found(corpus: Path) -> list[tuple[Key, Finding]]:
    return findings(corpus)


def test_the_ledger_is_well_formed() -> None:
    lines = LEDGER.read_text(encoding="utf-8").splitlines()
    for line in lines:
        entry = json.loads(line)
        assert set(entry) == {"file", "rule", "pointer", "verdict", "why"}
        assert entry["verdict"] in VERDICTS
        assert entry["why"]
    assert len(ledger()) == len(lines)


def test_every_error_and_a_sample_of_each_warning_has_been_read(found: list[tuple[Key, Finding]]) -> None:
    known = ledger()
    unread = [f"{finding.file} {key[1]} at {key[2]}" for key, finding in to_read(found) if key not in known]
    assert not unread


def test_no_error_is_wrong(found: list[tuple[Key, Finding]]) -> None:
    known = ledger()
    wrong = [key for key, f in found if f.severity == "error" and known.get(key, {}).get("verdict") == "wrong"]
    assert not wrong


def test_no_warning_rule_is_wrong_more_than_once_in_ten() -> None:
    read: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for entry in ledger().values():
        read[entry["rule"]] += 1
        wrong[entry["rule"]] += entry["verdict"] == "wrong"
    assert not [rule for rule in wrong if wrong[rule] * 10 > max(read[rule], 10)]
