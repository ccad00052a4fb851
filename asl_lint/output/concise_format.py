"""One line per finding, ``path:line:column: severity[rule] message``, which editors and ``grep`` take; then the closing lines."""

from collections.abc import Iterator

from asl_lint.finding import Finding, Report
from asl_lint.output.characters import visible
from asl_lint.output.palette import Palette
from asl_lint.output.style import Style
from asl_lint.output.summary import closing
from asl_lint.output.text_format import suppression


def render(report: Report, style: Style) -> Iterator[str]:
    """A line per finding; with ``verbose``, suppressed ones follow with their reasons."""
    palette = Palette(style)
    for finding in report.findings:
        yield concise(finding, palette) + "\n"
    if style.verbose:
        for suppressed in report.suppressed:
            yield f"{concise(suppressed.finding, palette)} ({suppression(suppressed)})\n"
    yield "\n".join(closing(report, palette)) + "\n"


def concise(finding: Finding, palette: Palette) -> str:
    """The finding on one line, without a line end."""
    start = finding.span.start
    file = palette.paint(visible(finding.file), "strong")
    place = palette.place(finding.file, f"{file}:{start.line}:{start.column}")
    return f"{place}: {palette.title(finding)} {visible(finding.message)}"
