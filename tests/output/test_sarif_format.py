"""SARIF: valid by the published 2.1.0 schema, and what code scanning reads of it."""

import json
import os
import shutil
import subprocess
import tarfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for

from asl_lint.finding import Comparison, NotEvaluated, Report, Suppressed
from asl_lint.output import paths, render

from .reports import DEFINITION, endless_loop, finding, report_on, reports, style, unknown_target, whole_report

PACKAGE = "@microsoft/jest-sarif@1.0.0-beta.0"
MEMBER = "package/lib/schemas/sarif-2.1.0-rtm.5.json"


def log(report: Report) -> Any:
    return json.loads("".join(render("sarif", report, style())))


def run(report: Report) -> Any:
    (only,) = log(report)["runs"]
    return only


@pytest.fixture(scope="session")
def validator(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Validator:
    """The published schema, from npm, kept in pytest's cache."""
    cache = getattr(request.config, "cache", None)
    folder = Path(cache.mkdir("sarif-schema")) if cache else tmp_path_factory.mktemp("sarif-schema")
    kept = folder / Path(MEMBER).name
    if not kept.exists():
        _fetch(kept, tmp_path_factory.mktemp("npm"))
    schema = json.loads(kept.read_text(encoding="utf-8"))
    found = validator_for(schema)(schema)
    found.check_schema(schema)
    return found


def _fetch(target: Path, folder: Path) -> None:
    npm = shutil.which("npm")
    problem = "npm is not installed"
    if npm:
        packed = subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=folder, capture_output=True, text=True, timeout=120)
        problem = f"npm pack failed: {packed.stderr.strip()}"
        if packed.returncode == 0:
            with tarfile.open(next(folder.glob("*.tgz"))) as archive:
                member = archive.extractfile(MEMBER)
                assert member is not None
                partial = folder / "schema.json"
                partial.write_bytes(member.read())
                # Another worker may be doing the same: whoever comes last puts the same file there, whole.
                beside = target.with_suffix(f".{os.getpid()}")
                shutil.copyfile(partial, beside)
                beside.replace(target)
            return
    message = f"the SARIF 2.1.0 schema comes with npm's {PACKAGE}: {problem}"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def test_a_report_with_everything_is_valid(validator: Validator) -> None:
    validator.validate(log(whole_report()))


def test_an_empty_report_is_valid(validator: Validator) -> None:
    output = log(Report(()))
    validator.validate(output)
    assert output["runs"][0]["results"] == []
    assert output["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def test_the_schema_would_see_a_mistake(validator: Validator) -> None:
    output = log(whole_report())
    output["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator.is_valid(output)


@given(report=reports())
@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_report_is_valid(validator: Validator, report: Report) -> None:
    validator.validate(log(report))


def test_a_result_says_where_why_and_how_to_mend_it() -> None:
    file = {"uri": "a.asl.json", "uriBaseId": "%SRCROOT%"}
    at = {"startLine": 7, "startColumn": 15, "endLine": 7, "endColumn": 20}
    (result,) = run(report_on(DEFINITION, unknown_target()))["results"]
    assert result == {
        "ruleId": "unknown-transition-target",
        "ruleIndex": 0,
        "level": "error",
        "message": {"text": '"Next" names "Pol", which is no state here\ndid you mean "Poll"?'},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": file, "region": at},
                "logicalLocations": [{"fullyQualifiedName": "/States/Fetch/Next"}],
            }
        ],
        "properties": {"category": "conformance", "confidence": "high", "machine": None, "pointer": "/States/Fetch/Next"},
        "partialFingerprints": {"aslLint/v1": "f00d"},
        "relatedLocations": [
            {
                "id": 1,
                "physicalLocation": {
                    "artifactLocation": file,
                    "region": {"startLine": 9, "startColumn": 5, "endLine": 9, "endColumn": 11},
                },
                "logicalLocations": [{"fullyQualifiedName": "/States/Poll"}],
                "message": {"text": "the nearest name"},
            }
        ],
        "codeFlows": [
            {
                "threadFlows": [
                    {
                        "locations": [
                            {
                                "location": {
                                    "physicalLocation": {
                                        "artifactLocation": file,
                                        "region": {"startLine": 2, "startColumn": 14, "endLine": 2, "endColumn": 21},
                                    },
                                    "logicalLocations": [{"fullyQualifiedName": "/StartAt"}],
                                    "message": {"text": "StartAt leads to Fetch"},
                                }
                            }
                        ]
                    }
                ]
            }
        ],
        "fixes": [
            {
                "description": {"text": 'Replace by "Poll"'},
                "artifactChanges": [
                    {
                        "artifactLocation": file,
                        "replacements": [{"deletedRegion": at, "insertedContent": {"text": '"Poll"'}}],
                    }
                ],
                "properties": {"safe": True},
            }
        ],
    }


def test_columns_are_declared_as_code_points() -> None:
    assert run(whole_report())["columnKind"] == "unicodeCodePoints"


def test_only_the_rules_spoken_of_are_listed_and_results_point_at_them() -> None:
    made = run(whole_report())
    rules = [rule["id"] for rule in made["tool"]["driver"]["rules"]]
    assert rules == ["endless-loop", "missing-iam-action", "trap-loop", "unknown-field", "unknown-transition-target"]
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in made["results"])


def test_a_rule_is_described_from_the_catalogue() -> None:
    (rule,) = run(report_on(DEFINITION, unknown_target()))["tool"]["driver"]["rules"]
    assert rule["shortDescription"] == {"text": "A transition names no state of its scope"}
    assert rule["helpUri"] == "https://rules.example/unknown-transition-target"
    assert rule["properties"]["precision"] == "high"
    assert "<https://states-language.net/#transitions>" in rule["help"]["markdown"]


def test_a_rule_that_found_nothing_has_no_precision() -> None:
    report = Report(("a.json",), not_evaluated=(NotEvaluated("unknown-transition-target", "role", "a.json"),))
    (rule,) = run(report)["tool"]["driver"]["rules"]
    assert "precision" not in rule["properties"]


def test_a_clean_run_does_not_read_the_catalogue() -> None:
    def read() -> Any:
        raise AssertionError("read for nothing")

    assert "".join(render("sarif", Report(("a.asl.json",)), style(rules=read)))


def test_suppressed_findings_are_results_with_their_justification() -> None:
    suppressed = (
        Suppressed(unknown_target(), "on purpose", "directive"),
        Suppressed(unknown_target(), "on purpose", "configuration"),
        Suppressed(unknown_target(), "on purpose", "baseline"),
    )
    report = report_on(DEFINITION, unknown_target(), suppressed=suppressed)
    suppressions = [result["suppressions"] for result in run(report)["results"]]
    assert suppressions[0] == []
    assert [(s["kind"], s["justification"]) for (s,) in suppressions[1:]] == [
        ("inSource", "on purpose"),
        ("external", "on purpose"),
        ("external", "on purpose"),
    ]


def test_failures_and_rules_without_their_needs_are_notifications() -> None:
    (invocation,) = run(whole_report())["invocations"]
    assert invocation["executionSuccessful"] is False
    unread, crashed = invocation["toolExecutionNotifications"]
    assert unread["message"] == {"text": "permission denied"}
    assert unread["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "d.asl.json"
    assert crashed["associatedRule"] == {"id": "trap-loop", "index": 2}
    (unjudged,) = invocation["toolConfigurationNotifications"]
    assert unjudged["message"] == {"text": "missing-iam-action was not evaluated in 2 definitions: needs role"}


def test_text_that_looks_like_a_link_is_not_one() -> None:
    report = report_on(DEFINITION, finding(DEFINITION, '"Pol"', message="see [here](1)"))
    assert run(report)["results"][0]["message"]["text"] == "see \\[here\\](1)"


@pytest.mark.parametrize(
    ("file", "uri", "relative"),
    [
        ("a b/c#d%.json", "a%20b/c%23d%25.json", True),
        ("./a.json", "a.json", True),
        ("ü.json", "%C3%BC.json", True),
        ("a:b.json", "a%3Ab.json", True),
        ("\udcff.json", "%FF.json", True),
        ("/abs/x y.json", "file:///abs/x%20y.json", False),
        ("../up.json", "../up.json", True),
    ],
)
def test_a_path_becomes_a_uri(file: str, uri: str, relative: bool) -> None:
    (result,) = run(report_on(DEFINITION, finding(DEFINITION, '"Pol"', file=file)))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == ({"uri": uri, "uriBaseId": "%SRCROOT%"} if relative else {"uri": uri})


@pytest.mark.parametrize(
    ("file", "uri", "relative"), [("a\\b c.json", "a/b%20c.json", True), ("C:\\a\\b.json", "file:///C:/a/b.json", False)]
)
def test_a_windows_path_becomes_a_uri(file: str, uri: str, relative: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asl_lint.output.paths.os.sep", "\\")
    assert paths.uri(file) == (uri, relative)


@given(reports())
@settings(deadline=None, max_examples=50)
def test_a_uri_leads_back_to_its_path(report: Report) -> None:
    for made, result in zip(report.findings, run(report)["results"], strict=False):
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert uri.isascii() and uri.isprintable() and " " not in uri
        assert not urlsplit(uri).query and not urlsplit(uri).fragment
        path = unquote_to_bytes(uri.removeprefix("file://")).decode("utf-8", "surrogatepass")
        assert made.file.lstrip("./") in (path.lstrip("./"), "") or "\udfff" in made.file


def test_what_is_not_new_is_a_result_like_others_and_says_so() -> None:
    report = report_on(
        DEFINITION,
        unknown_target(),
        suppressed=(Suppressed(endless_loop(), None, "comparison"),),
        comparison=Comparison("main", (), 1),
    )
    results = run(report)["results"]
    assert [(one["ruleId"], one["properties"]["status"]) for one in results] == [
        ("unknown-transition-target", "new"),
        ("endless-loop", "unchanged"),
    ]
    assert all("suppressions" not in one for one in results)
