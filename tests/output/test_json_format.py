"""The JSON output: the published shape, all of it and nothing else."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from jsonschema import Draft202012Validator

import asl_lint
from asl_lint.finding import Report
from asl_lint.output import render

from .reports import DEFINITION, finding, report_on, reports, style, unknown_target, whole_report

SCHEMA = json.loads((Path(asl_lint.__file__).parent / "schemas" / "output.schema.json").read_text(encoding="utf-8"))


def closed(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with no member allowed that it does not name, so that the tests see one that was not written down."""
    schema = deepcopy(schema)
    finding_members = schema["$defs"]["finding"]["properties"]
    for part in [schema, *schema["$defs"].values()]:
        part["additionalProperties"] = False
    suppressed = schema["$defs"]["suppressed"]
    suppressed["properties"] |= finding_members
    suppressed["required"] += schema["$defs"]["finding"]["required"]
    del suppressed["$ref"]
    return schema


VALIDATOR = Draft202012Validator(SCHEMA)
CLOSED = Draft202012Validator(closed(SCHEMA))


def written(report: Report) -> str:
    return "".join(render("json", report, style()))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_report_has_the_published_shape() -> None:
    output = json.loads(written(whole_report()))
    CLOSED.validate(output)
    VALIDATOR.validate(output)
    assert output["files"] == 3
    assert output["findings"][0] == {
        "rule": "unknown-transition-target",
        "category": "conformance",
        "severity": "error",
        "confidence": "high",
        "message": '"Next" names "Pol", which is no state here',
        "help": 'did you mean "Poll"?',
        "file": "a.asl.json",
        "machine": None,
        "pointer": "/States/Fetch/Next",
        "span": {"start": {"line": 7, "column": 15, "offset": 144}, "end": {"line": 7, "column": 20, "offset": 149}},
        "path": [
            {
                "message": "StartAt leads to Fetch",
                "pointer": "/StartAt",
                "span": {"start": {"line": 2, "column": 14, "offset": 15}, "end": {"line": 2, "column": 21, "offset": 22}},
            }
        ],
        "related": [
            {
                "message": "the nearest name",
                "pointer": "/States/Poll",
                "span": {"start": {"line": 9, "column": 5, "offset": 161}, "end": {"line": 9, "column": 11, "offset": 167}},
                "file": None,
            }
        ],
        "fix": {
            "title": 'Replace by "Poll"',
            "safe": True,
            "edits": [
                {
                    "span": {
                        "start": {"line": 7, "column": 15, "offset": 144},
                        "end": {"line": 7, "column": 20, "offset": 149},
                    },
                    "text": '"Poll"',
                }
            ],
        },
        "fingerprint": "f00d",
        "url": "https://rules.example/unknown-transition-target",
    }
    assert output["suppressed"][0]["reason"] == "it ends by a timeout"
    assert output["suppressed"][0]["by"] == "directive"
    assert output["not_evaluated"][0] == {"rule": "missing-iam-action", "needs": "role", "file": "a.asl.json"}
    assert output["errors"] == [
        {"file": "d.asl.json", "message": "permission denied", "rule": None},
        {"file": "b.asl.json", "message": "ZeroDivisionError: division by zero", "rule": "trap-loop"},
    ]


def test_the_schema_refuses_a_finding_without_its_place() -> None:
    output = json.loads(written(whole_report()))
    del output["findings"][0]["span"]
    assert not VALIDATOR.is_valid(output)


def test_each_finding_stands_on_a_line_of_its_own() -> None:
    lines = written(report_on(DEFINITION, unknown_target(), unknown_target())).splitlines()
    assert lines[0] == '{"version": 1, "files": 1,'
    assert [json.loads(line.rstrip(","))["rule"] for line in lines[2:4]] == ["unknown-transition-target"] * 2


def test_an_empty_report_is_written_whole() -> None:
    assert written(Report(())) == (
        '{"version": 1, "files": 0,\n "findings": [],\n "suppressed": [],\n "not_evaluated": [],\n '
        '"unresolved": [],\n "errors": []}\n'
    )


def test_lone_surrogates_and_any_script_survive_in_ascii() -> None:
    message = "\ud800 漢 \udfff 👩 \x00 \u2028"
    output = written(report_on(DEFINITION, finding(DEFINITION, '"Pol"', message=message)))
    assert output.isascii()
    assert json.loads(output)["findings"][0]["message"] == message


def as_json(value: Any) -> Any:
    """Named tuples as objects, all the way down: a second reading of a report, to compare the format with."""
    if hasattr(value, "_asdict"):
        return {name: as_json(member) for name, member in value._asdict().items()}
    if isinstance(value, str):  # JSON cannot tell two surrogates from the character that they make together
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    return [as_json(element) for element in value] if isinstance(value, tuple) else value


@given(reports())
@settings(deadline=None, max_examples=100)
def test_whatever_a_report_holds_comes_back(report: Report) -> None:
    output = json.loads(written(report))
    CLOSED.validate(output)
    assert output == {
        "version": 1,
        "files": len(report.files),
        "findings": as_json(report.findings),
        "suppressed": [{**as_json(s.finding), "reason": as_json(s.reason), "by": s.by} for s in report.suppressed],
        "not_evaluated": as_json(report.not_evaluated),
        "unresolved": as_json(report.unresolved),
        "errors": as_json(report.errors),
    }
