"""Hand-made reports for the tests of the formats, by quoting the source; and a hypothesis strategy for any report at all."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from asl_lint.finding import Comparison, Edit, Failure, Finding, Fix, NotEvaluated, Related, Report, Step, Suppressed, Unresolved
from asl_lint.output import RuleDescription, Style
from asl_lint.source.text import Range, Span, Text

DEFINITION = """\
{
  "StartAt": "Fetch",
  "States": {
    "Fetch": {
      "Type": "Task",
      "Resource": "arn:aws:states:::dynamodb:getItem",
      "Next": "Pol"
    },
    "Poll": {
      "Type": "Wait",
      "Secnds": 5,
      "Next": "Fetch"
    }
  }
}
"""

RULES: Mapping[str, RuleDescription] = {
    "unknown-transition-target": RuleDescription(
        name="unknown-transition-target",
        category="conformance",
        summary="A transition names no state of its scope",
        severity="error",
        why="The service refuses the definition.",
        fix="Name a state of the same scope.",
        references=("https://states-language.net/#transitions",),
        url="https://rules.example/unknown-transition-target",
    )
}


def style(**changes: Any) -> Style:
    """Plain text, 80 cells wide, and the catalogue above."""
    plain = Style(
        colour=False, hyperlinks=False, width=80, verbose=False, rules=lambda: RULES, version="1.2.3", fail_on="warning"
    )
    return plain._replace(**changes)


def span(source: str, quote: str, nth: int = 1) -> Range:
    """Where the ``nth`` occurrence of a quote stands."""
    start = -1
    for _ in range(nth):
        start = source.index(quote, start + 1)
    return Text(source).range(Span(start, start + len(quote)))


def finding(source: str, quote: str, nth: int = 1, **changes: Any) -> Finding:
    """A finding at a quote, an error of high confidence unless told otherwise."""
    made = Finding(
        rule="some-rule",
        category="conformance",
        severity="error",
        confidence="high",
        message="Something is wrong",
        help=None,
        file="a.asl.json",
        machine=None,
        pointer="",
        span=span(source, quote, nth),
    )
    return made._replace(**changes)


def report_on(source: str, *findings: Finding, **changes: Any) -> Report:
    """A report on one file."""
    return Report(files=("a.asl.json",), findings=findings, sources={"a.asl.json": source})._replace(**changes)


def unknown_target() -> Finding:
    """A finding with all that a finding can have."""
    return finding(
        DEFINITION,
        '"Pol"',
        rule="unknown-transition-target",
        message='"Next" names "Pol", which is no state here',
        help='did you mean "Poll"?',
        pointer="/States/Fetch/Next",
        fingerprint="f00d",
        url="https://rules.example/unknown-transition-target",
        path=(Step("StartAt leads to Fetch", "/StartAt", span(DEFINITION, '"Fetch"')),),
        related=(Related("the nearest name", "/States/Poll", span(DEFINITION, '"Poll"')),),
        fix=Fix('Replace by "Poll"', True, (Edit(span(DEFINITION, '"Pol"'), '"Poll"'),)),
    )


def unknown_field() -> Finding:
    return finding(
        DEFINITION,
        '"Secnds"',
        rule="unknown-field",
        severity="warning",
        message='a Wait state has no field "Secnds"',
        pointer="/States/Poll/Secnds",
    )


def endless_loop() -> Finding:
    return finding(
        DEFINITION,
        '"Fetch"',
        3,
        rule="endless-loop",
        category="flow",
        severity="info",
        confidence="medium",
        message="the loop has no exit",
        pointer="/States/Poll/Next",
    )


def whole_report() -> Report:
    """A report with something of everything that a run can say."""
    return Report(
        files=("a.asl.json", "b.asl.json", "c.asl.json"),
        findings=(unknown_target(), unknown_field()),
        suppressed=(Suppressed(endless_loop(), "it ends by a timeout", "directive"),),
        not_evaluated=(
            NotEvaluated("missing-iam-action", "role", "a.asl.json"),
            NotEvaluated("missing-iam-action", "role", "b.asl.json"),
        ),
        errors=(
            Failure("d.asl.json", "permission denied"),
            Failure("b.asl.json", "ZeroDivisionError: division by zero", "trap-loop"),
        ),
        sources={"a.asl.json": DEFINITION},
    )


ALPHABET = (
    'ab"{}:,\t\n\r \\\x00\x07\x1b\x7f\x85\x9b\xad\u0301\u200d\u200b\u202e\u2028\ufeff\ufe0f\ufffe\ud800\udfff漢👩💻🏽é%<>&]#'
)
anything = st.text(ALPHABET, max_size=40)
names = st.sampled_from(["unknown-field", "unknown-transition-target", "trap-loop"])
files = st.one_of(st.sampled_from(["a.asl.json", "./b c/ü.asl.yaml", "/abs/x.json", "::set-env", "<stdin>"]), anything)


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """Any report: hostile texts, spans anywhere in (and, where the file changed, outside) the source, missing sources."""
    source = draw(st.one_of(anything, st.text(ALPHABET + "abcdefgh", max_size=400)))
    text = Text(source)

    def place() -> Range:
        start, end = sorted((draw(st.integers(0, len(source) + 3)), draw(st.integers(0, len(source) + 3))))
        return text.range(Span(start, end))

    spans = st.builds(place)

    def one() -> Finding:
        return Finding(
            rule=draw(names),
            category="flow",
            severity=draw(st.sampled_from(["error", "warning", "info"])),
            confidence=draw(st.sampled_from(["high", "medium", "low"])),
            message=draw(anything),
            help=draw(st.none() | anything),
            file=draw(files),
            machine=draw(st.none() | anything),
            pointer=draw(anything.map(lambda text: "/" + text) | st.just("")),
            span=place(),
            path=tuple(Step(draw(anything), "", place()) for _ in range(draw(st.integers(0, 3)))),
            related=tuple(Related(draw(anything), "", place()) for _ in range(draw(st.integers(0, 3)))),
            fix=draw(
                st.none() | st.builds(Fix, anything, st.booleans(), st.builds(lambda text: (Edit(place(), text),), anything))
            ),
            fingerprint=draw(st.sampled_from(["", "f00d"])),
            url=draw(st.sampled_from([None, "https://rules.example/x", "https://rules.example/\x1b é"])),
        )

    findings = tuple(one() for _ in range(draw(st.integers(0, 3))))
    suppressed = tuple(
        Suppressed(
            one(), draw(st.none() | anything), draw(st.sampled_from(["directive", "configuration", "baseline", "comparison"]))
        )
        for _ in range(draw(st.integers(0, 1)))
    )
    unchanged = sum(one.by == "comparison" for one in suppressed)
    is_compared = unchanged > 0 or draw(st.booleans())
    with_sources = [f.file for f in findings + tuple(s.finding for s in suppressed)][draw(st.integers(0, 1)) :]
    return Report(
        files=tuple(draw(st.lists(files, max_size=3))),
        findings=findings,
        suppressed=suppressed,
        not_evaluated=tuple(draw(st.lists(st.builds(NotEvaluated, names, anything, files), max_size=2))),
        errors=tuple(draw(st.lists(st.builds(Failure, files, anything, st.none() | names), max_size=2))),
        sources=dict.fromkeys(with_sources, source),
        unresolved=tuple(draw(st.lists(st.builds(Unresolved, files, anything, anything, st.none() | spans), max_size=2))),
        comparison=Comparison(draw(anything), (one(),), unchanged) if is_compared else None,
    )
