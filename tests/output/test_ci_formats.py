"""What CI servers read: GitHub's commands, GitLab's code quality, JUnit, reviewdog."""

import json
import re
from hashlib import sha256
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings

from asl_lint.finding import Edit, Failure, Finding, Fix, Report, Severity, Suppressed
from asl_lint.output import render

from .reports import (
    DEFINITION,
    endless_loop,
    finding,
    report_on,
    reports,
    span,
    style,
    unknown_field,
    unknown_target,
    whole_report,
)


def written(format: str, report: Report, **changes: Any) -> str:
    return "".join(render(format, report, style(**changes)))


def many(*, infos: int = 0, warnings: int = 0, errors: int = 0) -> Report:
    """A report whose findings come in this order, the least important first, each with its number as message."""
    severities: list[Severity] = ["info" for _ in range(infos)]
    severities += ["warning" for _ in range(warnings)]
    severities += ["error" for _ in range(errors)]
    findings = [finding(DEFINITION, '"Pol"', severity=s, message=f"number {i}") for i, s in enumerate(severities)]
    return report_on(DEFINITION, *findings)


def test_github_failures_and_findings_are_annotations() -> None:
    assert (
        written("github", whole_report())
        == """\
::error file=d.asl.json,title=asl-lint failed::permission denied
::error file=b.asl.json,title=asl-lint failed%3A trap-loop::ZeroDivisionError: division by zero
::error file=a.asl.json,line=7,endLine=7,col=15,endColumn=20,title=unknown-transition-target::\
"Next" names "Pol", which is no state here%0Ahelp: did you mean "Poll"?
::warning file=a.asl.json,line=11,endLine=11,col=7,endColumn=15,title=unknown-field::a Wait state has no field "Secnds"
not evaluated: missing-iam-action needs role (2 definitions)
Found 1 error, 1 warning in 1 of 3 definitions (1 suppressed, 1 rule not evaluated); 2 failures.
"""
    )


def test_github_info_is_a_notice() -> None:
    assert written("github", report_on(DEFINITION, endless_loop())).startswith("::notice file=")


def test_github_the_worst_ten_come_first_and_the_rest_as_text() -> None:
    lines = written("github", many(infos=6, warnings=4, errors=3)).splitlines()
    assert [line.split(" ")[0] for line in lines[:10]] == ["::error"] * 3 + ["::warning"] * 4 + ["::notice"] * 3
    assert lines[10] == "3 more (GitHub shows 10 annotations per step):"
    assert lines[11:] == [
        *[f"a.asl.json:7:15: info[some-rule] number {i}" for i in (3, 4, 5)],
        "Found 3 errors, 4 warnings, 6 info in 1 definition.",
    ]


def test_github_exactly_ten_leave_nothing_over() -> None:
    assert "more (GitHub" not in written("github", many(errors=10))


def test_github_failures_count_among_the_ten() -> None:
    report = many(errors=1)._replace(errors=tuple(Failure(f"{i}.json", "unreadable") for i in range(11)))
    lines = written("github", report).splitlines()
    assert sum(line.startswith("::") for line in lines) == 10
    assert lines[10:13] == [
        "2 more (GitHub shows 10 annotations per step):",
        "10.json: failure: unreadable",
        "a.asl.json:7:15: error[some-rule] number 0",
    ]


def test_github_properties_and_messages_are_escaped() -> None:
    odd = finding(DEFINITION, '"Pol"', file="a,b:c%.json", message="100% :: of, it\nsecond")
    line = written("github", report_on(DEFINITION, odd)).splitlines()[0]
    assert line == (
        "::error file=a%2Cb%3Ac%25.json,line=7,endLine=7,col=15,endColumn=20,title=some-rule::100%25 :: of, it\\nsecond"
    )


def test_github_a_span_over_several_lines_has_no_columns() -> None:
    line = written("github", report_on(DEFINITION, finding(DEFINITION, '{\n  "StartAt"'))).splitlines()[0]
    assert line.startswith("::error file=a.asl.json,line=1,endLine=2,title=some-rule::")


def test_github_no_name_becomes_a_command() -> None:
    hostile = [finding(DEFINITION, '"Pol"', file="::stop-commands::x", message="##[add-path]/x")] * 11
    plain = written("github", report_on(DEFINITION, *hostile)).splitlines()[11]
    assert plain == "./::stop-commands::x:7:15: error[some-rule] ## [add-path]/x"


@given(reports())
@settings(deadline=None, max_examples=100)
def test_github_every_line_is_one_whole_command_or_none(report: Report) -> None:
    for line in written("github", report).splitlines():
        if line.lstrip().startswith("::"):
            assert re.fullmatch(r"::(error|warning|notice) (file=[^,:]*(,|(?=::)))?([a-zA-Z]+=[^,:]*(,|(?=::)))*::.*", line)
        else:
            assert "##[" not in line


def test_gitlab_an_issue_has_a_path_lines_and_a_severity() -> None:
    issues = json.loads(written("gitlab", report_on(DEFINITION, unknown_target(), unknown_field(), endless_loop())))
    assert issues[0] == {
        "description": '"Next" names "Pol", which is no state here',
        "check_name": "unknown-transition-target",
        "fingerprint": sha256(b"f00d\0" + issues[0]["location"]["path"].encode() + b"\0").hexdigest(),
        "severity": "critical",
        "location": {"path": "a.asl.json", "lines": {"begin": 7, "end": 7}},
    }
    assert [issue["severity"] for issue in issues] == ["critical", "major", "info"]


def test_gitlab_paths_start_at_the_repository() -> None:
    (issue,) = json.loads(written("gitlab", report_on(DEFINITION, finding(DEFINITION, '"Pol"', file="././x/a.json"))))
    assert issue["location"]["path"] == "x/a.json"


def test_gitlab_a_failure_is_an_issue() -> None:
    (issue,) = json.loads(written("gitlab", Report((), errors=(Failure("a.json", "permission denied"),))))
    assert (issue["severity"], issue["location"]) == ("blocker", {"path": "a.json", "lines": {"begin": 1}})


def test_gitlab_a_clean_run_is_an_empty_array() -> None:
    assert json.loads(written("gitlab", Report(("a.json",)))) == []


def test_gitlab_the_same_in_two_files_has_a_fingerprint_for_each_whichever_comes_first() -> None:
    def issues(*files: str) -> dict[str, str]:
        found = (unknown_target()._replace(file=file) for file in files)
        return {
            one["location"]["path"]: one["fingerprint"] for one in json.loads(written("gitlab", report_on(DEFINITION, *found)))
        }

    first, second = issues("a.json", "b.json"), issues("0.json", "b.json", "a.json")
    assert first.items() <= second.items() and len(set(second.values())) == 3
    machines = [unknown_target()._replace(machine=name) for name in ("A", "B")]
    assert len({one["fingerprint"] for one in json.loads(written("gitlab", report_on(DEFINITION, *machines)))}) == 2


def test_gitlab_fingerprints_are_unique_and_the_first_stays() -> None:
    issues = json.loads(written("gitlab", report_on(DEFINITION, *[unknown_target()] * 3, *[unknown_field()] * 3)))
    (alone,) = json.loads(written("gitlab", report_on(DEFINITION, unknown_target())))
    assert issues[0]["fingerprint"] == alone["fingerprint"]
    assert len({issue["fingerprint"] for issue in issues}) == 6


def test_gitlab_a_fingerprint_of_our_own_does_not_follow_the_line() -> None:
    moved = "\n\n" + DEFINITION
    here, there = finding(DEFINITION, '"Pol"'), finding(moved, '"Pol"')
    assert here.span != there.span
    one, other = (
        json.loads(written("gitlab", report_on(DEFINITION, here))),
        json.loads(written("gitlab", report_on(moved, there))),
    )
    assert one[0]["fingerprint"] == other[0]["fingerprint"]


def suites(report: Report, **changes: Any) -> ElementTree.Element:
    return ElementTree.fromstring(written("junit", report, **changes).encode("utf-8"))


def test_junit_has_a_suite_per_file_and_a_case_per_finding() -> None:
    root = suites(whole_report())
    assert root.attrib == {"name": "asl-lint", "tests": "8", "failures": "2", "errors": "2"}
    assert [(s.get("name"), s.get("tests"), s.get("failures"), s.get("errors"), s.get("skipped")) for s in root] == [
        ("a.asl.json", "4", "2", "0", "2"),
        ("b.asl.json", "2", "0", "1", "1"),
        ("c.asl.json", "1", "0", "0", "0"),
        ("d.asl.json", "1", "0", "1", "0"),
    ]
    case = root[0][0]
    assert case.attrib == {
        "name": "unknown-transition-target",
        "classname": "a.asl.json",
        "file": "a.asl.json",
        "line": "7",
    }
    assert case[0].tag == "failure"
    assert case[0].get("message") == '"Next" names "Pol", which is no state here'


def test_junit_a_clean_file_is_a_case_that_passes() -> None:
    (case,) = suites(Report(("a.json",)))[0]
    assert (case.get("name"), len(case)) == ("asl-lint", 0)


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("warning", 2), ("info", 3)])
def test_junit_findings_below_the_threshold_pass(fail_on: str, failures: int) -> None:
    root = suites(report_on(DEFINITION, unknown_target(), unknown_field(), endless_loop()), fail_on=fail_on)
    assert [root.get("failures"), len(root.findall(".//failure")), len(root.findall(".//system-out"))] == [
        str(failures),
        failures,
        3 - failures,
    ]


def test_junit_what_is_suppressed_or_not_evaluated_is_skipped() -> None:
    skipped = [element.get("message") for element in suites(whole_report()).iter("skipped")]
    assert skipped == [
        "suppressed by directive: it ends by a timeout",
        "not evaluated: needs role",
        "not evaluated: needs role",
    ]


def test_junit_characters_that_xml_lacks_are_written_out() -> None:
    report = report_on(DEFINITION, finding(DEFINITION, '"Pol"', message="\x00 \x1b \ufffe \uffff \ud800 <&>"))
    (failure,) = suites(report).iter("failure")
    assert failure.get("message") == "\\x00 \\x1b \\ufffe \\uffff \\ud800 <&>"


@given(reports())
@settings(deadline=None, max_examples=100)
def test_junit_is_well_formed_and_counts_itself(report: Report) -> None:
    root = suites(report)
    assert root.get("tests") == str(len(root.findall(".//testcase")))
    assert root.get("failures") == str(len(root.findall(".//failure")))
    assert root.get("errors") == str(len(root.findall(".//error")))


def diagnostics(report: Report) -> Any:
    return json.loads(written("rdjson", report))["diagnostics"]


def test_rdjson_a_diagnostic_has_a_range_a_code_and_a_suggestion() -> None:
    at = {"start": {"line": 7, "column": 15}, "end": {"line": 7, "column": 20}}
    assert diagnostics(report_on(DEFINITION, unknown_target())) == [
        {
            "message": '"Next" names "Pol", which is no state here\nhelp: did you mean "Poll"?',
            "location": {"path": "a.asl.json", "range": at},
            "severity": "ERROR",
            "code": {"value": "unknown-transition-target", "url": "https://rules.example/unknown-transition-target"},
            "relatedLocations": [
                {
                    "message": "the nearest name",
                    "location": {
                        "path": "a.asl.json",
                        "range": {"start": {"line": 9, "column": 5}, "end": {"line": 9, "column": 11}},
                    },
                }
            ],
            "suggestions": [{"range": at, "text": '"Poll"'}],
        }
    ]


def test_rdjson_columns_count_bytes() -> None:
    source = '{}\n{"é漢👩": "Pol"}'
    (diagnostic,) = diagnostics(report_on(source, finding(source, '"Pol"')))
    before = '{"é漢👩": '
    start = len(before.encode()) + 1
    assert diagnostic["location"]["range"] == {"start": {"line": 2, "column": start}, "end": {"line": 2, "column": start + 5}}


def test_rdjson_half_a_fix_is_not_offered() -> None:
    edits = (Edit(span(DEFINITION, '"Pol"'), '"Poll"'), Edit(span(DEFINITION, '"Secnds"'), '"Seconds"'))
    both: Finding = unknown_target()._replace(fix=Fix("Mend both", True, edits))
    assert "suggestions" not in diagnostics(report_on(DEFINITION, both))[0]


def test_rdjson_a_replacement_that_is_no_unicode_is_not_offered() -> None:
    odd = unknown_target()._replace(fix=Fix("Mend", True, (Edit(span(DEFINITION, '"Pol"'), "\ud800"),)))
    assert "suggestions" not in diagnostics(report_on(DEFINITION, odd))[0]


def test_rdjson_failures_are_diagnostics() -> None:
    assert diagnostics(whole_report())[0] == {
        "message": "permission denied",
        "location": {"path": "d.asl.json"},
        "severity": "ERROR",
    }


def test_rdjson_a_clean_run_has_no_diagnostics() -> None:
    assert diagnostics(report_on(DEFINITION, suppressed=(Suppressed(endless_loop(), None, "baseline"),))) == []
