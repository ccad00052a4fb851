"""reviewdog's diagnostic format (rdjson): what its GitHub, GitLab and Bitbucket reporters read.

https://github.com/reviewdog/reviewdog/tree/master/proto/rdf. Its columns count bytes of UTF-8, from 1; an end is exclusive.
"""

import json
from collections.abc import Iterator, Mapping

from asl_lint.finding import Finding, Report
from asl_lint.late import Final
from asl_lint.output.characters import visible
from asl_lint.output.paths import repository_path
from asl_lint.output.style import Style
from asl_lint.source.text import Position, Range, Text

_SEVERITIES: Final = {"error": "ERROR", "warning": "WARNING", "info": "INFO"}


def render(report: Report, style: Style) -> Iterator[str]:
    """One object, a diagnostic a line. Failures are diagnostics of their file."""
    columns = _ByteColumns(report.sources)
    yield '{"source": {"name": "asl-lint"},\n "diagnostics": ['
    separator = ""
    for diagnostic in _diagnostics(report, columns):
        yield f"{separator}\n  {json.dumps(diagnostic)}"
        separator = ","
    yield "\n ]}\n" if separator else "]}\n"


def _diagnostics(report: Report, columns: "_ByteColumns") -> Iterator[dict[str, object]]:
    for failure in report.errors:
        diagnostic: dict[str, object] = {
            "message": visible(failure.message),
            "location": {"path": _path(failure.file)},
            "severity": "ERROR",
        }
        if failure.rule:
            diagnostic["code"] = {"value": failure.rule}
        yield diagnostic
    for finding in report.findings:
        yield _diagnostic(finding, columns)


def _diagnostic(finding: Finding, columns: "_ByteColumns") -> dict[str, object]:
    message = visible(finding.message) if finding.help is None else f"{visible(finding.message)}\nhelp: {visible(finding.help)}"
    code = {"value": finding.rule} if finding.url is None else {"value": finding.rule, "url": finding.url}
    diagnostic: dict[str, object] = {
        "message": message,
        "location": {"path": _path(finding.file), "range": columns.range(finding.file, finding.span)},
        "severity": _SEVERITIES[finding.severity],
        "code": code,
    }
    if finding.related:
        diagnostic["relatedLocations"] = [
            {
                "message": visible(related.message),
                "location": {
                    "path": _path(related.file or finding.file),
                    "range": columns.range(related.file or finding.file, related.span),
                },
            }
            for related in finding.related
        ]
    edits = finding.fix.edits if finding.fix else ()
    # Each suggestion is offered and accepted alone: half of a fix of several edits would break the file.
    if len(edits) == 1 and _is_unicode(edits[0].text):
        diagnostic["suggestions"] = [{"range": columns.range(finding.file, edits[0].span), "text": edits[0].text}]
    return diagnostic


def _path(file: str) -> str:
    return visible(repository_path(file))


def _is_unicode(text: str) -> bool:
    """Whether the text has no lone surrogate, which protocol buffers refuse."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class _ByteColumns:
    """Turns columns in characters into columns in bytes, with the text of the file; without it, or in ASCII, they are equal."""

    __slots__ = ("_sources", "_texts")

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._texts: dict[str, Text] = {}

    def range(self, file: str, span: Range) -> dict[str, dict[str, int]]:
        return {"start": self._position(file, span.start), "end": self._position(file, span.end)}

    def _position(self, file: str, position: Position) -> dict[str, int]:
        content = self._sources.get(file)
        if content is None or content.isascii():
            return {"line": position.line, "column": position.column}
        text = self._texts.setdefault(file, Text(content))
        start = text.offset(position.line, 1)
        before = content[start : start + position.column - 1]
        return {"line": position.line, "column": len(before.encode("utf-8", "surrogatepass")) + 1}
