"""The report for programs, in ASCII, one finding a line: version 1 of the shape that ``schemas/output.schema.json`` describes."""

from collections.abc import Iterable, Iterator
from json import JSONEncoder

from asl_lint.finding import Finding, Related, Report, Step, Suppressed, Unresolved
from asl_lint.late import Final
from asl_lint.output.style import Style
from asl_lint.source.text import Range

VERSION: Final = 1


def render(report: Report, style: Style) -> Iterator[str]:
    """A chunk per entry. Lone surrogates stay what they are, as ``\\ud800``: the text is ASCII whatever the files hold."""
    encode = JSONEncoder(check_circular=False).encode
    yield f'{{"version": {VERSION}, "files": {len(report.files)}'
    yield from _entries("findings", map(encode, map(finding_object, report.findings)))
    yield from _entries(
        "suppressed",
        (encode(suppressed_object(entry)) for entry in report.suppressed),
    )
    yield from _entries("not_evaluated", (encode(entry._asdict()) for entry in report.not_evaluated))
    yield from _entries("unresolved", (encode(unresolved_object(entry)) for entry in report.unresolved))
    yield from _entries("errors", (encode(entry._asdict()) for entry in report.errors))
    if report.comparison is not None:
        against, fixed, unchanged = report.comparison
        yield f',\n "against": {encode(against)}, "unchanged": {unchanged}'
        yield from _entries("fixed", map(encode, map(finding_object, fixed)))
    yield "}\n"


def finding_object(finding: Finding) -> dict[str, object]:
    """A finding as the JSON object that stands for it."""
    fix = finding.fix
    return {
        "rule": finding.rule,
        "category": finding.category,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "help": finding.help,
        "file": finding.file,
        "machine": finding.machine,
        "pointer": finding.pointer,
        "span": span_object(finding.span),
        "path": [_place(step) for step in finding.path],
        "related": [_place(related) for related in finding.related],
        "fix": fix
        and {
            "title": fix.title,
            "safe": fix.safe,
            "edits": [{"span": span_object(edit.span), "text": edit.text} for edit in fix.edits],
        },
        "fingerprint": finding.fingerprint,
        "url": finding.url,
    }


def _place(place: Related | Step) -> dict[str, object]:
    found: dict[str, object] = {"message": place.message, "pointer": place.pointer, "span": span_object(place.span)}
    return {**found, "file": place.file} if isinstance(place, Related) else found


def suppressed_object(one: Suppressed) -> dict[str, object]:
    """A finding that is silenced, as the JSON object that stands for it."""
    return {**finding_object(one.finding), "reason": one.reason, "by": one.by}


def unresolved_object(one: Unresolved) -> dict[str, object]:
    """A machine that was not checked, as the JSON object that stands for it."""
    return {**one._asdict(), "span": None if one.span is None else span_object(one.span)}


def span_object(span: Range) -> dict[str, dict[str, int]]:
    """A stretch of a file as the JSON object that stands for it."""
    (start_line, start_column, start_offset), (end_line, end_column, end_offset) = span
    return {
        "start": {"line": start_line, "column": start_column, "offset": start_offset},
        "end": {"line": end_line, "column": end_column, "offset": end_offset},
    }


def _entries(name: str, entries: Iterable[str]) -> Iterator[str]:
    separator = ""
    yield f',\n "{name}": ['
    for entry in entries:
        yield f"{separator}\n  {entry}"
        separator = ","
    yield "\n ]" if separator else "]"
