"""What default rules find on definitions meant to deploy has been read by a person: every error, ten findings of each other rule;
and of the roles of templates, all that they lack.

``verdicts.jsonl`` holds a line per finding read: ``file`` (the head of its SHA-256), ``rule``, ``pointer``, ``verdict`` (right,
wrong or arguable) and ``why``. A line whose finding is no longer made is taken out.
"""

import hashlib
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

from asl_lint import check_paths
from asl_lint.config import Config
from asl_lint.finding import Finding

LEDGER = Path(__file__).parent / "verdicts.jsonl"
VERDICTS = ("right", "arguable", "wrong")
SEED = 20_261_124
DRAWN = 10

Key = tuple[str, str, str]


def ledger() -> dict[Key, dict[str, str]]:
    """The lines of the ledger by file, rule and pointer."""
    lines = [json.loads(line) for line in LEDGER.read_text(encoding="utf-8").splitlines()]
    return {(line["file"], line["rule"], line["pointer"]): line for line in lines}


def findings(corpus: Path) -> list[tuple[Key, Finding]]:
    """All findings on the good definitions, and what the roles of templates lack, each with its key in the ledger."""
    found = [
        *check_paths([str(corpus / "good")], config=Config()).findings,
        *check_paths([str(corpus / "iac")], config=Config(select=("missing-iam-action",))).findings,
    ]
    digests = {file: hashlib.sha256(Path(file).read_bytes()).hexdigest()[:16] for file in {finding.file for finding in found}}
    return [((digests[f.file], f.rule, f.pointer), f) for f in found]


def draw(keys: set[Key]) -> list[Key]:
    """Ten of them by the seed. A finding that comes or goes changes one of the ten at most."""
    return sorted(keys, key=lambda key: hashlib.sha256(f"{SEED} {key}".encode()).digest())[:DRAWN]


def to_read(found: list[tuple[Key, Finding]]) -> list[Key]:
    """The findings that must have a verdict: every error, and ten warnings and ten infos of each rule."""
    drawn_from: dict[tuple[str, str], set[Key]] = defaultdict(set)
    for key, finding in found:
        drawn_from[finding.rule, finding.severity].add(key)
    return [key for (_, severity), keys in sorted(drawn_from.items()) for key in (keys if severity == "error" else draw(keys))]


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


def test_every_error_and_a_sample_of_the_rest_has_been_read(found: list[tuple[Key, Finding]], record_property: Any) -> None:
    known = ledger()
    made = Counter(finding.rule for _, finding in found)
    verdicts = Counter((entry["rule"], entry["verdict"]) for entry in known.values())
    for rule, count in made.items():
        read = ", ".join(f"{verdicts[rule, verdict]} {verdict}" for verdict in VERDICTS if verdicts[rule, verdict])
        record_property("figures", f"findings on good/: {rule} {count}, of which read: {read or 'none'}")
    files = {key: finding.file for key, finding in found}
    unread = [f"{files[key]} {key[1]} at {key[2]}" for key in to_read(found) if key not in known]
    assert not unread


def test_every_line_of_the_ledger_speaks_of_a_finding(found: list[tuple[Key, Finding]]) -> None:
    assert sorted(ledger().keys() - {key for key, _ in found}) == []


def test_no_error_is_wrong(found: list[tuple[Key, Finding]]) -> None:
    known = ledger()
    wrong = [key for key, f in found if f.severity == "error" and known.get(key, {}).get("verdict") == "wrong"]
    assert not wrong


def test_no_rule_is_wrong_more_than_once_in_ten() -> None:
    read: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for entry in ledger().values():
        read[entry["rule"]] += 1
        wrong[entry["rule"]] += entry["verdict"] == "wrong"
    assert not [rule for rule in wrong if wrong[rule] * 10 > max(read[rule], 10)]
