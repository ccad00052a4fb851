"""The engine: selection, isolation of what crashes, severities, fingerprints, and the same bytes out however it is run."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from asl_lint import Config, Report, check_paths, check_text
from asl_lint.catalog import Rule, load_rules
from asl_lint.engine import Selection, check
from asl_lint.facts import reading
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.match import Match, Place, Replacement
from asl_lint.properties import KINDS
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.reading import read_document
from tests.conftest import ROOT

FAULTY = {
    "StartAt": "A",
    "States": {
        "A": {"Type": "Pass", "Odd": 1, "Next": "Nowhere"},
        "B": {"Type": "Wait", "Seconds": "5", "End": True},
    },
}


def rule(name: str, kind: str = "broken@1", **changes: Any) -> Rule:
    plain = Rule(name, "own", "A rule of ours", "error", "high", "0.1.0", "{what} is wrong", kind, {})
    return plain._replace(**changes)


def kind(check: Any, needs: tuple[str, ...] = ()) -> Kind:
    return Kind("broken@1", "", {"type": "object"}, lambda parameters: frozenset({"what"}), check, needs)


@pytest.fixture
def own_kind(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Installs a kind as ``broken@1`` for one test."""

    def install(made: Kind) -> None:
        monkeypatch.setattr("asl_lint.engine._kinds", {"broken@1": made})

    return install


def run(rules: Iterable[Rule], definition: Any = FAULTY, **settings: Any) -> Any:
    text = definition if isinstance(definition, str) else json.dumps(definition, indent=2)
    selected = tuple(rules)
    selection = Selection(selected, frozenset(one.name for one in selected), **settings)
    return check(Workflow("a.asl.json", read_document(text, "a.asl.json")), selection)


# --- isolation --------------------------------------------------------------------------------------------------------------


def test_a_rule_that_crashes_is_reported_by_name_and_the_others_go_on(own_kind: Any) -> None:
    def crash(facts: Facts, parameters: Parameters) -> Iterator[Match]:
        yield Match(("States", "A"), {"what": "A"})
        raise ZeroDivisionError("by nought")

    own_kind(kind(crash))
    shipped = load_rules()
    outcome = run((rule("first"), *shipped, rule("last")))
    assert [(failure.rule, failure.message) for failure in outcome.failures] == [
        ("first", "ZeroDivisionError: by nought"),
        ("last", "ZeroDivisionError: by nought"),
    ]
    assert outcome.failures[0].file == "a.asl.json"
    found = [finding.rule for finding in outcome.findings]
    assert [name for name in found if name not in ("first", "last")] == [finding.rule for finding in run(shipped).findings]
    assert found.count("first") == 1, "what it found before it crashed stays"


def test_a_rule_whose_message_wants_a_value_that_it_does_not_get_is_a_crash_of_that_rule(own_kind: Any) -> None:
    own_kind(kind(lambda facts, parameters: [Match(())]))
    outcome = run((rule("wanting"), *load_rules()))
    assert [(failure.rule, failure.message) for failure in outcome.failures] == [("wanting", "KeyError: 'what'")]
    assert outcome.findings == run(load_rules()).findings


def test_a_rule_of_a_kind_that_is_not_there_is_a_crash_of_that_rule() -> None:
    outcome = run((rule("future", "no-such-kind@7"), *load_rules()))
    assert [failure.rule for failure in outcome.failures] == ["future"]
    assert outcome.findings


def test_a_reader_of_the_definition_that_crashes_is_reported_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(facts: Facts) -> Iterator[Any]:
        raise LookupError("lost")

    monkeypatch.setattr(reading, "_READERS", {**reading._READERS, "flow": crash})
    outcome = run(load_rules())
    assert [(failure.rule, failure.message) for failure in outcome.failures] == [("flow", "LookupError: lost")]
    found = {finding.rule for finding in outcome.findings}
    assert "unknown-field" in found
    assert "unknown-transition-target" not in found


def test_a_fault_of_a_reader_of_texts_is_told_and_costs_no_other_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from asl_lint import run as run_module

    def crash(content: str, name: str) -> Any:
        if "a.asl" in name:
            raise RecursionError("too deep")
        return read_document(content, name)

    monkeypatch.setattr(run_module, "read_document", crash)
    for name in ("a", "b"):
        (tmp_path / f"{name}.asl.json").write_text(json.dumps(FAULTY))
    report = check_paths([str(tmp_path)])
    assert [(Path(one.file).name, one.message) for one in report.errors] == [
        ("a.asl.json", "internal fault: RecursionError: too deep")
    ]
    assert {Path(finding.file).name for finding in report.findings} == {"b.asl.json"}


def test_an_unused_directive_is_not_reported_where_a_rule_crashed(own_kind: Any) -> None:
    def crash(facts: Facts, parameters: Parameters) -> Iterator[Match]:
        raise ValueError

    own_kind(kind(crash))
    definition = {
        "Comment": "asl-lint: ignore[mine] why", "TimeoutSeconds": 60, "StartAt": "A", "States": {"A": {"Type": "Succeed"}},
    }  # fmt: skip
    assert [finding.rule for finding in run((*load_rules(), rule("mine")), definition).findings] == []


# --- not evaluated ----------------------------------------------------------------------------------------------------------


def test_a_rule_whose_input_is_absent_is_not_evaluated_and_never_passes(own_kind: Any) -> None:
    own_kind(kind(lambda facts, parameters: [Match((), {"what": "x"})], needs=("role", "substitutions")))
    outcome = run((rule("needy"),))
    assert [tuple(one) for one in outcome.not_evaluated] == [
        ("needy", "role", "a.asl.json"),
        ("needy", "substitutions", "a.asl.json"),
    ]
    assert outcome.findings == () and outcome.failures == ()


# --- from matches to findings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("severity", "expected"), [("error", "warning"), ("warning", "warning"), ("info", "info")])
def test_what_is_not_sure_is_never_an_error(own_kind: Any, severity: Any, expected: str) -> None:
    own_kind(kind(lambda facts, parameters: [Match((), {"what": "x"}, sure=False)]))
    (finding,) = run((rule("own", severity=severity),)).findings
    assert (finding.severity, finding.confidence) == (expected, "medium")
    (finding,) = run((rule("own", severity="info"),), severities={"own": "error"}).findings
    assert finding.severity == "warning", "nor does the configuration make it one"


def test_the_configuration_replaces_a_severity(own_kind: Any) -> None:
    own_kind(kind(lambda facts, parameters: [Match((), {"what": "x"})]))
    (finding,) = run((rule("own", severity="info"),), severities={"own": "error"}).findings
    assert (finding.severity, finding.confidence) == ("error", "high")


def test_a_finding_says_all_that_its_match_and_its_rule_say(own_kind: Any) -> None:
    text = json.dumps(FAULTY)
    match = Match(
        ("States", "A", "Next"),
        {"what": "{what}"},
        help="do this",
        related=(Place(("States", "B"), "here", "key"),),
        path=(Place(("StartAt",), "first"), Place(("States", "A"), "then", "key")),
        fix=Replacement("replace it", ("States", "A", "Next"), "value", '"B"'),
    )
    own_kind(kind(lambda facts, parameters: [match]))
    (finding,) = run((rule("own", url="https://rules.example/own"),), text).findings

    def quoted(place: Any) -> str:
        return text[place.span.start.offset : place.span.end.offset]

    assert finding.message == "{what} is wrong", "braces inside values stay"
    assert (finding.help, finding.pointer, finding.url) == ("do this", "/States/A/Next", "https://rules.example/own")
    assert quoted(finding) == '"Nowhere"'
    assert [(one.message, one.pointer, quoted(one)) for one in finding.related] == [("here", "/States/B", '"B"')]
    assert [(one.message, quoted(one)) for one in finding.path] == [("first", '"A"'), ("then", '"A"')]
    assert finding.fix is not None and finding.fix.safe
    assert [(quoted(edit), edit.text) for edit in finding.fix.edits] == [('"Nowhere"', '"B"')]


def test_a_key_that_is_not_there_is_stood_for_by_one_character(own_kind: Any) -> None:
    text = json.dumps(FAULTY)
    own_kind(kind(lambda facts, parameters: [Match((), {"what": "x"}, part="key")]))
    (finding,) = run((rule("own"),), text).findings
    assert (finding.span.start.offset, finding.span.end.offset) == (0, 1)


def test_findings_come_in_the_order_of_the_text(own_kind: Any) -> None:
    pointers = [("States", "B"), ("StartAt",), ("States", "A", "Next"), ("States",), ()]
    own_kind(kind(lambda facts, parameters: [Match(pointer, {"what": "x"}) for pointer in pointers]))
    found = [finding.pointer for finding in run((rule("own"),)).findings]
    assert found == ["", "/StartAt", "/States", "/States/A/Next", "/States/B"]


def test_every_kind_that_is_named_is_there() -> None:
    from asl_lint.engine import kind_named

    assert [kind_named(name).name for name in KINDS] == list(KINDS)


# --- fingerprints -----------------------------------------------------------------------------------------------------------


def fingerprints(text: str) -> list[tuple[str, str]]:
    return sorted((finding.rule, finding.fingerprint) for finding in check_text(text, name="a.asl.json").findings)


def test_fingerprints_stay_when_lines_move() -> None:
    compact = fingerprints(json.dumps(FAULTY))
    assert len(compact) >= 4
    assert compact == fingerprints(json.dumps(FAULTY, indent=4)) == fingerprints("\n\n" + json.dumps(FAULTY, indent=1))


def test_fingerprints_stay_when_another_state_is_added_before() -> None:
    before = json.loads(json.dumps(FAULTY))
    before["States"] = {"New": {"Type": "Pass", "Next": "A"}, **before["States"]}
    assert set(fingerprints(json.dumps(FAULTY))) <= set(fingerprints(json.dumps(before)))


def test_another_fault_at_the_same_place_has_another_fingerprint() -> None:
    other = json.loads(json.dumps(FAULTY))
    other["States"]["A"]["Next"] = "Elsewhere"
    changed = set(fingerprints(json.dumps(FAULTY))) ^ set(fingerprints(json.dumps(other)))
    assert {name for name, _ in changed} == {"unknown-transition-target"}


# --- determinism ------------------------------------------------------------------------------------------------------------


def written(arguments: list[str], cwd: Path, seed: str) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from asl_lint.cli import main; main()", "check", *arguments]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some files with many findings of many rules, JSON and YAML, whole and broken."""
    folder = tmp_path_factory.mktemp("determinism")
    states = {
        f"S{i}": {"Type": "Task", "Odd": i, "Catch": [{"ErrorEquals": ["x"], "Next": f"T{i}"}], "Next": f"S{i + 1}", "nexT": "z"}
        for i in range(12)
    }
    text = json.dumps({"StartAt": "S1", "Zwei": 1, "Eins": 2, "States": states}, indent=1)
    for i in range(5):
        (folder / f"{i}.asl.json").write_text(text.replace("S3", f"X{i}"))
        (folder / f"{i}.asl.yaml").write_text(text.replace("S4", f"X{i}"))
    (folder / "broken.asl.json").write_text(text.replace(",", "", 3))
    return folder


@pytest.mark.parametrize("format", ["text", "json", "sarif"])
def test_the_same_bytes_come_out_whatever_the_hash_seed_and_the_jobs(folder: Path, format: str) -> None:
    one = written([".", "--format", format, "--jobs", "1"], folder, "1")
    assert len(one) > 5_000
    assert one == written([".", "--format", format, "--jobs", "2"], folder, "4321")


def test_files_come_in_the_order_of_the_arguments_and_each_once(folder: Path) -> None:
    names = ["3.asl.json", "1.asl.yaml", "3.asl.json", "0.asl.json"]
    report: Report = check_paths([str(folder / name) for name in names])
    assert [Path(file).name for file in report.files] == ["3.asl.json", "1.asl.yaml", "0.asl.json"]
    order = {file: i for i, file in enumerate(report.files)}
    positions = [(order[finding.file], finding.span.start.offset) for finding in report.findings]
    assert positions == sorted(positions)
    again = check_paths([str(folder / name) for name in reversed(names)], config=Config())
    assert sorted(finding.fingerprint for finding in again.findings) == sorted(f.fingerprint for f in report.findings)
