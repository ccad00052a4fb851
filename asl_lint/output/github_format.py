"""GitHub Actions: workflow commands that annotate the pull request, the worst first; what GitHub would drop follows as text.

GitHub shows ten annotations per step. https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterator

from asl_lint.finding import SEVERITIES, Failure, Finding, Report
from asl_lint.late import Final
from asl_lint.output.characters import visible
from asl_lint.output.concise_format import concise
from asl_lint.output.palette import Palette
from asl_lint.output.paths import repository_path
from asl_lint.output.style import Style
from asl_lint.output.summary import counted, not_evaluated, summary, unresolved

ANNOTATIONS: Final = 10

_COMMANDS: Final = {"error": "error", "warning": "warning", "info": "notice"}


def render(report: Report, style: Style) -> Iterator[str]:
    """At most ten commands (failures, then findings by severity, file and place), the rest as lines, the summary."""
    palette = Palette(style._replace(colour=False, hyperlinks=False))
    failures, findings = list(report.errors), sorted(report.findings, key=_worst_first)
    for failure in failures[:ANNOTATIONS]:
        yield _failure(failure) + "\n"
    room = max(ANNOTATIONS - len(failures), 0)
    for finding in findings[:room]:
        yield _command(finding) + "\n"
    rest = [f"{visible(f.file)}: failure: {visible(f.message)}" for f in failures[ANNOTATIONS:]]
    rest += [concise(finding, palette) for finding in findings[room:]]
    if rest:
        yield f"{len(rest):,} more (GitHub shows {counted(ANNOTATIONS, 'annotation')} per step):\n"
    for line in [*rest, *unresolved(report, palette), *not_evaluated(report, palette), summary(report)]:
        yield _plain(line) + "\n"


def _worst_first(finding: Finding) -> tuple[object, ...]:
    return SEVERITIES.index(finding.severity), finding.file, finding.span.start.offset, finding.span.end.offset, finding.rule


def _command(finding: Finding) -> str:
    start, end = finding.span
    properties: dict[str, str | int] = {"file": repository_path(finding.file), "line": start.line, "endLine": end.line}
    if end.line == start.line:  # the runner drops columns of a span over several lines
        properties |= {"col": start.column, "endColumn": end.column}
    properties["title"] = finding.rule
    message = visible(finding.message)
    if finding.help is not None:
        message += f"\nhelp: {visible(finding.help)}"
    return _written(_COMMANDS[finding.severity], properties, message)


def _failure(failure: Failure) -> str:
    title = f"asl-lint failed: {failure.rule}" if failure.rule else "asl-lint failed"
    properties: dict[str, str | int] = {"file": repository_path(failure.file)} if failure.file else {}
    return _written("error", {**properties, "title": title}, visible(failure.message))


def _written(command: str, properties: dict[str, str | int], message: str) -> str:
    written = ",".join([f"{name}={_property(value)}" for name, value in properties.items()])
    return f"::{command} {written}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str | int) -> str:
    return _data(visible(str(value))).replace(":", "%3A").replace(",", "%2C")


def _plain(line: str) -> str:
    """A line that the runner does not take for a command, whatever a file or a state is called."""
    line = line.replace("##[", "## [")
    return f"./{line}" if line.lstrip().startswith("::") else line
