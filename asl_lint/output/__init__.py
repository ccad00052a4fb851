"""The formats a report can be written in. A format is a module with ``render(report, style)``, imported when it is asked for."""

from collections.abc import Iterator, Mapping

from asl_lint.finding import Report
from asl_lint.late import Final, Protocol, cast, imported
from asl_lint.output.style import RuleDescription, Style

__all__ = ["FORMATS", "RuleDescription", "Style", "render"]

FORMATS: Final[Mapping[str, str]] = {
    "text": "asl_lint.output.text_format",
    "concise": "asl_lint.output.concise_format",
    "json": "asl_lint.output.json_format",
    "sarif": "asl_lint.output.sarif_format",
    "github": "asl_lint.output.github_format",
    "gitlab": "asl_lint.output.gitlab_format",
    "junit": "asl_lint.output.junit_format",
    "rdjson": "asl_lint.output.rdjson_format",
    "statistics": "asl_lint.output.statistics_format",
}


class _Format(Protocol):
    def render(self, report: Report, style: Style) -> Iterator[str]: ...


def render(format: str, report: Report, style: Style) -> Iterator[str]:
    """Chunks of text that together are the report in that format. Raises KeyError for a format that is not in ``FORMATS``."""
    module = cast(_Format, imported(FORMATS[format]))
    return module.render(report, style)
