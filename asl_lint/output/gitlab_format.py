"""GitLab's code quality report: a JSON array of issues, shown in the merge request.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format. Paths are relative to the repository; GitLab keeps
one of several issues with the same fingerprint, so a repeated one is told apart by its turn.
"""

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from asl_lint.finding import Finding, Report
from asl_lint.late import Final
from asl_lint.output.characters import visible
from asl_lint.output.paths import repository_path
from asl_lint.output.style import Style

_SEVERITIES: Final = {"error": "critical", "warning": "major", "info": "info"}


def render(report: Report, style: Style) -> Iterator[str]:
    """The array, an issue a line. A file that could not be judged is an issue of the highest severity."""
    turns: Counter[str] = Counter()
    separator = "["
    for issue in _issues(report):
        fingerprint = str(issue["fingerprint"])
        turns[fingerprint] += 1
        if turns[fingerprint] > 1:
            issue["fingerprint"] = _digest(fingerprint, str(turns[fingerprint]))
        yield f"{separator}\n  {json.dumps(issue)}"
        separator = ","
    yield "[]\n" if separator == "[" else "\n]\n"


def _issues(report: Report) -> Iterator[dict[str, object]]:
    for failure in report.errors:
        yield {
            "description": visible(failure.message),
            "check_name": failure.rule or "failure",
            "fingerprint": _digest("failure", failure.rule or "", failure.file, failure.message),
            "severity": "blocker",
            "location": {"path": visible(repository_path(failure.file)), "lines": {"begin": 1}},
        }
    for finding in report.findings:
        start, end = finding.span
        yield {
            "description": visible(finding.message),
            "check_name": finding.rule,
            "fingerprint": _fingerprint(finding),
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": visible(repository_path(finding.file)),
                "lines": {"begin": start.line, "end": max(start.line, end.line)},
            },
        }


def _fingerprint(finding: Finding) -> str:
    """Of the fault and of where it is: what is the same in two files are two issues, whichever of the files comes first."""
    said = finding.fingerprint or "\0".join((finding.rule, finding.pointer, finding.message))
    return _digest(said, repository_path(finding.file), finding.machine or "")


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
