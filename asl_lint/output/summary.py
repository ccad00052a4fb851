"""What a report says at its end to people: what went wrong in the run, what could not be judged, and the counts."""

from collections import Counter
from collections.abc import Iterator

from asl_lint.finding import SEVERITIES, Report
from asl_lint.output.characters import visible
from asl_lint.output.palette import Palette


def closing(report: Report, palette: Palette) -> Iterator[str]:
    """The last lines of the report, without line ends: failures, rules that were not evaluated, the summary."""
    for failure in report.errors:
        title = f"failure[{visible(failure.rule)}]" if failure.rule else "failure"
        place = f"{visible(failure.file)}: " if failure.file else ""
        yield f"{palette.paint(title, 'failure')}: {place}{visible(failure.message)}"
    yield from unresolved(report, palette)
    yield from not_evaluated(report, palette)
    yield summary(report)


def unresolved(report: Report, palette: Palette) -> Iterator[str]:
    """A line for each machine of a template that could not be checked."""
    for one in report.unresolved:
        place = visible(one.file) if one.span is None else f"{visible(one.file)}:{one.span.start.line}:{one.span.start.column}"
        yield f"{palette.paint('not checked', 'note')}: {place}: {visible(one.machine)}: {visible(one.reason)}"


def not_evaluated(report: Report, palette: Palette) -> Iterator[str]:
    """A line for each rule and what it needs, with the number of definitions, in the order in which they first appear."""
    for (rule, needs), files in not_evaluated_rules(report).items():
        where = counted(files, "definition")
        yield f"{palette.paint('not evaluated', 'note')}: {visible(rule)} needs {visible(needs)} ({where})"


def not_evaluated_rules(report: Report) -> Counter[tuple[str, str]]:
    """Rules and what each needs, with the number of definitions."""
    return Counter((rule, needs) for rule, needs, _ in dict.fromkeys(report.not_evaluated))


def summary(report: Report) -> str:
    """One sentence: ``Found 3 errors, 1 warning in 2 of 14 definitions (1 suppressed).``, ``All 14 definitions pass.``"""
    asides = []
    if report.suppressed:
        asides.append(f"{len(report.suppressed)} suppressed")
    if report.not_evaluated:
        rules = dict.fromkeys(rule for rule, _, _ in report.not_evaluated)
        asides.append(f"{counted(len(rules), 'rule')} not evaluated")
    aside = f" ({', '.join(asides)})" if asides else ""
    failures = f"; {counted(len(report.errors), 'failure')}" if report.errors else ""
    return f"{_verdict(report)}{aside}{failures}."


def _verdict(report: Report) -> str:
    files = len(report.files)
    if report.findings:
        severities = Counter(finding.severity for finding in report.findings)
        counts = ", ".join(
            [
                counted(severities[s], "info", "info") if s == "info" else counted(severities[s], s)
                for s in SEVERITIES
                if severities[s]
            ]
        )
        affected = len({finding.file for finding in report.findings})
        every = _checked(report)
        return f"Found {counts} in {f'{affected} of ' if affected < files else ''}{every}"
    if not files:
        return "No definition was checked"
    if report.errors:
        return f"Found nothing in {_checked(report)}"
    if files == 1:
        return "The definition passes" if report.machines <= 1 else f"All {report.machines:,} state machines pass"
    return f"All {_checked(report)} pass"


def _checked(report: Report) -> str:
    """What was checked: definitions, or files where they hold more state machines than they are."""
    files = max(len(report.files), len({finding.file for finding in report.findings}))
    if report.machines <= files:
        return counted(files, "definition")
    return f"{counted(files, 'file')} with {report.machines:,} state machines"


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
