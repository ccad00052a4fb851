"""The closing sentence, and the two formats that are mostly it: concise and statistics."""

import pytest

from asl_lint.finding import Failure, NotEvaluated, Report, Suppressed
from asl_lint.output import render
from asl_lint.output.summary import summary

from .reports import DEFINITION, endless_loop, finding, report_on, style, unknown_field, unknown_target, whole_report

FILES = tuple(f"{number}.asl.json" for number in range(14))
SUPPRESSED = (Suppressed(endless_loop(), "on purpose", "baseline"),)
NOT_EVALUATED = (NotEvaluated("x", "role", "a"), NotEvaluated("x", "role", "b"), NotEvaluated("y", "role", "b"))


@pytest.mark.parametrize(
    ("report", "sentence"),
    [
        (Report(FILES), "All 14 definitions pass."),
        (Report(FILES[:1]), "The definition passes."),
        (Report(FILES * 100), "All 1,400 definitions pass."),
        (Report(FILES[:1], machines=3), "All 3 state machines pass."),
        (Report(FILES, machines=14), "All 14 definitions pass."),
        (Report(FILES, machines=20), "All 14 files with 20 state machines pass."),
        (Report(FILES[:1], (unknown_field(),), machines=3), "Found 1 warning in 1 file with 3 state machines."),
        (Report(FILES, (unknown_field(),), machines=20), "Found 1 warning in 1 of 14 files with 20 state machines."),
        (Report(()), "No definition was checked."),
        (Report((), errors=(Failure("a", "unreadable"),)), "No definition was checked; 1 failure."),
        (Report(FILES, errors=(Failure("a", "unreadable"),)), "Found nothing in 14 definitions; 1 failure."),
        (
            Report(FILES, (unknown_target(),) * 2 + (unknown_field(), endless_loop()), SUPPRESSED),
            "Found 2 errors, 1 warning, 1 info in 1 of 14 definitions (1 suppressed).",
        ),
        (Report(FILES[:1], (unknown_field(),) * 2), "Found 2 warnings in 1 definition."),
        (Report((), (unknown_field(),)), "Found 1 warning in 1 definition."),
        (Report(FILES, not_evaluated=NOT_EVALUATED), "All 14 definitions pass (2 rules not evaluated)."),
    ],
)
def test_the_summary(report: Report, sentence: str) -> None:
    assert summary(report) == sentence


def test_a_file_is_counted_once_among_those_where_a_rule_was_not_evaluated() -> None:
    report = Report(FILES, not_evaluated=NOT_EVALUATED * 2)
    assert next(iter(render("concise", report, style()))).splitlines()[:2] == [
        "not evaluated: x needs role (2 definitions)",
        "not evaluated: y needs role (1 definition)",
    ]


def test_concise_has_a_line_per_finding() -> None:
    assert (
        "".join(render("concise", whole_report(), style()))
        == """\
a.asl.json:7:15: error[unknown-transition-target] "Next" names "Pol", which is no state here
a.asl.json:11:7: warning[unknown-field] a Wait state has no field "Secnds"
failure: d.asl.json: permission denied
failure[trap-loop]: b.asl.json: ZeroDivisionError: division by zero
not evaluated: missing-iam-action needs role (2 definitions)
Found 1 error, 1 warning in 1 of 3 definitions (1 suppressed, 1 rule not evaluated); 2 failures.
"""
    )


def test_concise_keeps_a_message_on_its_line() -> None:
    report = report_on(DEFINITION, finding(DEFINITION, '"Pol"', message="two\nlines\x1b[2J"))
    assert next(iter(render("concise", report, style()))) == "a.asl.json:7:15: error[some-rule] two\\nlines\\x1b[2J\n"


def test_verbose_concise_adds_suppressed_findings() -> None:
    report = report_on(DEFINITION, suppressed=(Suppressed(endless_loop(), None, "baseline"),))
    assert list(render("concise", report, style(verbose=True))) == [
        "a.asl.json:12:15: info[endless-loop] the loop has no exit (suppressed by baseline)\n",
        "The definition passes (1 suppressed).\n",
    ]


def test_statistics_count_by_rule_the_most_frequent_first() -> None:
    elsewhere = unknown_field()._replace(file="b.asl.json")
    findings = (endless_loop(), unknown_target(), *[unknown_field()] * 11, elsewhere)
    report = report_on(DEFINITION, *findings)._replace(files=FILES)
    assert (
        "".join(render("statistics", report, style()))
        == """\
12  warning  unknown-field              in 2 definitions
 1  error    unknown-transition-target  in 1 definition
 1  info     endless-loop               in 1 definition
Found 1 error, 12 warnings, 1 info in 2 of 14 definitions.
"""
    )
