"""How often each rule speaks: a line per rule, ``12  error  unknown-field  in 3 definitions``, the most frequent first."""

from collections import Counter
from collections.abc import Iterator

from asl_lint.finding import SEVERITIES, Report
from asl_lint.output.characters import visible
from asl_lint.output.palette import Palette
from asl_lint.output.style import Style
from asl_lint.output.summary import closing, counted


def render(report: Report, style: Style) -> Iterator[str]:
    """The table in columns, then the closing lines. A rule that speaks with two severities has two lines."""
    palette = Palette(style)
    counts = Counter((finding.severity, finding.rule) for finding in report.findings)
    files: dict[tuple[str, str], set[str]] = {}
    for finding in report.findings:
        files.setdefault((finding.severity, finding.rule), set()).add(finding.file)
    rows = sorted(counts, key=lambda key: (-counts[key], SEVERITIES.index(key[0]), key[1]))
    digits = max((len(f"{counts[key]:,}") for key in rows), default=0)
    longest = max((len(visible(rule)) for _, rule in rows), default=0)
    for severity, rule in rows:
        level = palette.paint(severity.ljust(len("warning")), severity)
        where = counted(len(files[severity, rule]), "definition")
        yield f"{counts[severity, rule]:>{digits},}  {level}  {visible(rule).ljust(longest)}  in {where}\n"
    yield "\n".join(closing(report, palette)) + "\n"
