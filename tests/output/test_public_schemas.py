"""What other programs read, held against what they publish of their formats, for any report whatever."""

import json
from typing import Any
from xml.etree import ElementTree

import jsonschema
from hypothesis import given, settings

from asl_lint.finding import Report
from asl_lint.output import render

from .reports import reports, style, whole_report

GITLAB = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string", "minLength": 1},
            "fingerprint": {"type": "string", "minLength": 1},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": r"^\./"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}, "end": {"type": "integer", "minimum": 1}},
                        "additionalProperties": False,
                    },
                },
                "additionalProperties": False,
            },
        },
        "additionalProperties": False,
    },
}
"""https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format"""

POSITION = {
    "type": "object",
    "required": ["line", "column"],
    "properties": {"line": {"type": "integer", "minimum": 1}, "column": {"type": "integer", "minimum": 1}},
    "additionalProperties": False,
}
RANGE = {
    "type": "object",
    "required": ["start", "end"],
    "properties": {"start": POSITION, "end": POSITION},
    "additionalProperties": False,
}
LOCATION = {
    "type": "object",
    "required": ["path"],
    "properties": {"path": {"type": "string"}, "range": RANGE},
    "additionalProperties": False,
}
RDJSON = {
    "type": "object",
    "required": ["source", "diagnostics"],
    "properties": {
        "source": {"type": "object", "properties": {"name": {"type": "string"}, "url": {"type": "string"}}},
        "severity": {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
        "diagnostics": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["message", "location"],
                "properties": {
                    "message": {"type": "string"},
                    "location": LOCATION,
                    "severity": {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
                    "code": {
                        "type": "object",
                        "properties": {"value": {"type": "string"}, "url": {"type": "string"}},
                        "additionalProperties": False,
                    },
                    "suggestions": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["range", "text"],
                            "properties": {"range": RANGE, "text": {"type": "string"}},
                            "additionalProperties": False,
                        },
                    },
                    "relatedLocations": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "properties": {"message": {"type": "string"}, "location": LOCATION},
                            "additionalProperties": False,
                        },
                    },
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
"""The Reviewdog Diagnostic Format (proto/rdf/reviewdog.proto of reviewdog), as protocol buffers' JSON spells its members."""

JUNIT: dict[str, tuple[set[str], set[str], set[str]]] = {
    "testsuites": ({"name", "tests", "failures", "errors"}, set(), {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "skipped"}, set(), {"testcase"}),
    "testcase": ({"name", "classname"}, {"file", "line"}, {"failure", "error", "skipped", "system-out"}),
    "failure": ({"type", "message"}, set(), set()),
    "error": ({"message"}, {"type"}, set()),
    "skipped": (set(), {"message"}, set()),
    "system-out": (set(), set(), set()),
}
"""Of each element of Ant's format, which Jenkins and GitLab read: what it must have, may have, and holds."""


def written(format: str, report: Report) -> Any:
    return json.loads("".join(render(format, report, style())))


@settings(deadline=None, max_examples=150)
@given(reports())
def test_gitlab_reads_every_report(report: Report) -> None:
    jsonschema.validate(written("gitlab", report), GITLAB)


@settings(deadline=None, max_examples=150)
@given(reports())
def test_reviewdog_reads_every_report(report: Report) -> None:
    jsonschema.validate(written("rdjson", report), RDJSON)


@settings(deadline=None, max_examples=150)
@given(reports())
def test_readers_of_junit_read_every_report(report: Report) -> None:
    _hold(ElementTree.fromstring("".join(render("junit", report, style())).encode("utf-8")))


def test_a_report_with_something_of_everything_is_read_by_all() -> None:
    jsonschema.validate(written("gitlab", whole_report()), GITLAB)
    jsonschema.validate(written("rdjson", whole_report()), RDJSON)
    _hold(ElementTree.fromstring("".join(render("junit", whole_report(), style()))))


def _hold(element: ElementTree.Element) -> None:
    required, optional, children = JUNIT[element.tag]
    assert required <= set(element.attrib) <= required | optional
    assert {child.tag for child in element} <= children
    assert element.tag != "testcase" or len(element) <= 1
    for name in ("tests", "failures", "errors", "skipped", "line"):
        assert element.get(name, "0").isdecimal()
    for child in element:
        _hold(child)
