"""The default format, as a person sees it."""

import re

import pytest
from hypothesis import given, settings

from asl_lint.finding import Edit, Finding, Fix, Related, Report, Step, Suppressed
from asl_lint.output import render
from asl_lint.output.style import Style
from asl_lint.source.text import Range

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


def text(report: Report, style: Style) -> str:
    return "".join(render("text", report, style))


def test_a_report_with_everything() -> None:
    assert (
        text(whole_report(), style())
        == """\
error[unknown-transition-target]: "Next" names "Pol", which is no state here
 --> a.asl.json:7:15 at /States/Fetch/Next
  |
7 |       "Next": "Pol"
  |               ^^^^^
8 |     },
9 |     "Poll": {
  |     ------ the nearest name
  |
  = path:
    1. StartAt leads to Fetch (2:14)
  = help: did you mean "Poll"?
  = fix available: Replace by "Poll"

warning[unknown-field]: a Wait state has no field "Secnds"
  --> a.asl.json:11:7 at /States/Poll/Secnds
   |
11 |       "Secnds": 5,
   |       ^^^^^^^^

failure: d.asl.json: permission denied
failure[trap-loop]: b.asl.json: ZeroDivisionError: division by zero
not evaluated: missing-iam-action needs role (2 definitions)
Found 1 error, 1 warning in 1 of 3 definitions (1 suppressed, 1 rule not evaluated); 2 failures.
"""
    )


def test_verbose_shows_suppressed_findings_with_their_reasons() -> None:
    report = report_on(DEFINITION, suppressed=(Suppressed(endless_loop(), "it ends by a timeout", "directive"),))
    assert (
        text(report, style(verbose=True))
        == """\
info[endless-loop]: the loop has no exit
  --> a.asl.json:12:15 at /States/Poll/Next
   |
12 |       "Next": "Fetch"
   |               ^^^^^^^
   |
   = note: suppressed by directive: it ends by a timeout

The definition passes (1 suppressed).
"""
    )


def test_without_verbose_suppressed_findings_are_only_counted() -> None:
    report = report_on(DEFINITION, suppressed=(Suppressed(endless_loop(), None, "baseline"),))
    assert text(report, style()) == "The definition passes (1 suppressed).\n"


def test_a_place_far_away_has_its_own_frame_and_position() -> None:
    source = '{"StartAt": "A",' + "\n" * 30 + '"States": {}}'
    far = finding(source, '"A"', related=(Related("no such state here", "/States", span(source, "{}")),))
    assert (
        text(report_on(source, far), style())
        == """\
error[some-rule]: Something is wrong
  --> a.asl.json:1:13
   |
 1 | {"StartAt": "A",
   |             ^^^
  ::: a.asl.json:31:11
   |
31 | "States": {}}
   |           -- no such state here

Found 1 error in 1 definition.
"""
    )


def test_a_finding_in_a_template_names_the_machine() -> None:
    inside = finding(DEFINITION, '"Fetch"', machine="Orders", pointer="/StartAt")
    assert " --> a.asl.json:2:14 in Orders at /StartAt\n" in text(report_on(DEFINITION, inside), style())


def test_without_the_source_the_places_are_still_told() -> None:
    report = report_on(DEFINITION, unknown_target())._replace(sources={})
    assert (
        text(report, style())
        == """\
error[unknown-transition-target]: "Next" names "Pol", which is no state here
 --> a.asl.json:7:15 at /States/Fetch/Next
  = note: the nearest name (9:5)
  = path:
    1. StartAt leads to Fetch (2:14)
  = help: did you mean "Poll"?
  = fix available: Replace by "Poll"

Found 1 error in 1 definition.
"""
    )


def test_an_unsafe_fix_says_so() -> None:
    unsafe = finding(DEFINITION, '"Pol"', fix=Fix("Remove it", False, (Edit(span(DEFINITION, '"Pol"'), ""),)))
    assert "  = unsafe fix available: Remove it\n" in text(report_on(DEFINITION, unsafe), style())


def walk(steps: int) -> Report:
    place: Range = span(DEFINITION, '"Fetch"')
    return report_on(DEFINITION, finding(DEFINITION, '"Fetch"', path=tuple(Step(f"step {i}", "", place) for i in range(steps))))


def test_a_long_witness_is_shortened_in_its_middle() -> None:
    lines = text(walk(100), style()).splitlines()
    first = lines.index("  = path:")
    assert lines[first + 1] == "      1. step 0 (2:14)"
    assert lines[first + 6 : first + 9] == [
        "      6. step 5 (2:14)",
        "        … 88 more steps (--verbose shows them)",
        "     95. step 94 (2:14)",
    ]
    assert lines[first + 13] == "    100. step 99 (2:14)"


@pytest.mark.parametrize(("steps", "verbose"), [(13, False), (100, True)])
def test_a_short_witness_and_every_witness_with_verbose_is_shown_whole(steps: int, verbose: bool) -> None:
    shown = text(walk(steps), style(verbose=verbose))
    assert [int(step) for step in re.findall(r"\. step (\d+)", shown)] == list(range(steps))


def test_colour_follows_the_severity() -> None:
    shown = text(report_on(DEFINITION, unknown_field()), style(colour=True))
    assert shown.startswith("\x1b[1;33mwarning[\x1b[0m\x1b[1;33munknown-field\x1b[0m\x1b[1;33m]\x1b[0m: \x1b[1ma Wait")
    assert "\x1b[1;33m^^^^^^^^\x1b[0m" in shown


def test_colour_changes_nothing_but_colour() -> None:
    shown = text(whole_report(), style(colour=True, verbose=True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", shown) == text(whole_report(), style(verbose=True))


def test_the_name_of_a_rule_leads_to_its_page_where_the_terminal_knows_hyperlinks() -> None:
    shown = text(report_on(DEFINITION, unknown_target(), unknown_field()), style(hyperlinks=True))
    link = "\x1b]8;;https://rules.example/unknown-transition-target\x1b\\unknown-transition-target\x1b]8;;\x1b\\"
    assert shown.startswith(f"error[{link}]: ")
    assert "warning[unknown-field]: " in shown


def hostile() -> Finding:
    return finding(DEFINITION, '"Pol"', url="https://rules.example/\x1b]0;owned\x07 é", rule="a-rule")


def test_an_address_cannot_break_out_of_its_hyperlink() -> None:
    shown = text(report_on(DEFINITION, hostile()), style(hyperlinks=True))
    assert "\x1b]8;;https://rules.example/%1B]0;owned%07%20%C3%A9\x1b\\a-rule\x1b]8;;\x1b\\" in shown
    assert shown.count("\x1b") == 4


@given(reports())
@settings(deadline=None, max_examples=100)
def test_no_line_of_a_frame_is_without_its_bar(report: Report) -> None:
    for line in text(report, style(verbose=True)).splitlines():
        assert line == "" or re.match(
            r"(error|warning|info|failure|not checked|not evaluated|Found|All|The|Nothing|No)\b"
            r"| *-->| *:::| *\d* \||\.\.\.| +=| +",
            line,
        )
