"""JUnit XML, which most CI servers show: a test suite per file, a test case per finding, a passing one for a clean file.

Findings at or above ``fail_on`` are failures; those below pass, with their text. Characters that XML 1.0 lacks are written out.
"""

from collections.abc import Iterator

from asl_lint.finding import SEVERITIES, Finding, Report
from asl_lint.late import Final
from asl_lint.output.characters import visible
from asl_lint.output.style import Style
from asl_lint.output.text_format import suppression

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\ufffe": "\\ufffe", "\uffff": "\\uffff"}
_TABLE: Final = str.maketrans(_ENTITIES)


class _Suite:
    """The test cases of one file, as XML, and how many of each outcome."""

    __slots__ = ("cases", "errors", "failures", "skipped")

    def __init__(self) -> None:
        self.cases: list[str] = []
        self.failures = self.errors = self.skipped = 0


def render(report: Report, style: Style) -> Iterator[str]:
    """The document, a chunk per file: checked files in their order, then others that something is said about."""
    suites: dict[str, _Suite] = {file: _Suite() for file in report.files}
    _collect(report, style, suites)
    tests = sum(max(len(suite.cases), 1) for suite in suites.values())
    failures = sum(suite.failures for suite in suites.values())
    errors = sum(suite.errors for suite in suites.values())
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f'<testsuites name="asl-lint" tests="{tests}" failures="{failures}" errors="{errors}">\n'
    for file, suite in suites.items():
        cases = suite.cases or [_case("asl-lint", file)]
        yield (
            f'  <testsuite name="{_xml(file)}" tests="{len(cases)}" failures="{suite.failures}"'
            f' errors="{suite.errors}" skipped="{suite.skipped}">\n' + "".join(cases) + "  </testsuite>\n"
        )
    yield "</testsuites>\n"


def _collect(report: Report, style: Style, suites: dict[str, _Suite]) -> None:
    for failure in report.errors:
        suite = suites.setdefault(failure.file, _Suite())
        suite.errors += 1
        message = f'<error message="{_xml(failure.message)}"/>'
        suite.cases.append(_case(failure.rule or "asl-lint", failure.file, message))
    for finding in report.findings:
        suite = suites.setdefault(finding.file, _Suite())
        if SEVERITIES.index(finding.severity) <= SEVERITIES.index(style.fail_on):
            suite.failures += 1
            outcome = f'<failure type="{finding.severity}" message="{_xml(finding.message)}">{_xml(_account(finding))}</failure>'
        else:
            outcome = f"<system-out>{_xml(_account(finding))}</system-out>"
        suite.cases.append(_case(finding.rule, finding.file, outcome, finding.span.start.line))
    for suppressed in report.suppressed:
        finding = suppressed.finding
        suite = suites.setdefault(finding.file, _Suite())
        suite.skipped += 1
        outcome = f'<skipped message="{_xml(suppression(suppressed))}"/>'
        suite.cases.append(_case(finding.rule, finding.file, outcome, finding.span.start.line))
    for one in report.unresolved:
        suite = suites.setdefault(one.file, _Suite())
        suite.skipped += 1
        suite.cases.append(_case(one.machine, one.file, f'<skipped message="not checked: {_xml(one.reason)}"/>'))
    for rule, needs, file in report.not_evaluated:
        suite = suites.setdefault(file, _Suite())
        suite.skipped += 1
        suite.cases.append(_case(rule, file, f'<skipped message="not evaluated: needs {_xml(needs)}"/>'))


def _case(name: str, file: str, outcome: str = "", line: int | None = None) -> str:
    place = "" if line is None else f' line="{line}"'
    head = f'    <testcase name="{_xml(name)}" classname="{_xml(file)}" file="{_xml(file)}"{place}'
    return f"{head}>{outcome}</testcase>\n" if outcome else f"{head}/>\n"


def _account(finding: Finding) -> str:
    start = finding.span.start
    account = f"{finding.file}:{start.line}:{start.column}: {finding.severity}: {finding.message}"
    return account if finding.help is None else f"{account} (help: {finding.help})"


def _xml(text: str) -> str:
    """The text for an attribute or an element, on one line."""
    return visible(text).translate(_TABLE)
