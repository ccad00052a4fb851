"""SARIF 2.1.0, for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (§ in comments).

Columns count Unicode code points. Paths are relative to ``%SRCROOT%``, which whoever runs the linter knows; rules are listed as
far as the run speaks of them.
"""

import json
from collections.abc import Iterator, Mapping

from asl_lint.finding import Confidence, Finding, Fix, Related, Report, Step, Suppressed
from asl_lint.late import Final
from asl_lint.output.characters import visible
from asl_lint.output.paths import uri
from asl_lint.output.style import RuleDescription, Style
from asl_lint.output.summary import counted, not_evaluated_rules
from asl_lint.source.text import Range

Object = dict[str, object]

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT: Final = "aslLint/v1"

_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
# What GitHub shows of a rule: https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
_PROBLEM_SEVERITIES: Final = {"error": "error", "warning": "warning", "info": "recommendation"}
_PRECISIONS: Final[Mapping[Confidence, str]] = {"high": "high", "medium": "medium", "low": "low"}
_KINDS: Final = {"directive": "inSource", "configuration": "external", "baseline": "external"}


def render(report: Report, style: Style) -> Iterator[str]:
    """One log with one run; a result a line."""
    index = {rule: number for number, rule in enumerate(_rules_used(report))}
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(report, style, index)},
                "invocations": [_invocation(report, index)],
                "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The directory that the paths start from"}}},
                "columnKind": "unicodeCodePoints",
                "newlineSequences": ["\r\n", "\n", "\r"],
                "results": [],
            }
        ],
    }
    head = json.dumps(log).removesuffix("]}]}")
    yield head
    separator = ""
    for result in _results(report, index):
        yield f"{separator}\n{json.dumps(result)}"
        separator = ","
    yield "\n]}]}\n" if separator else "]}]}\n"


def _rules_used(report: Report) -> list[str]:
    used = [finding.rule for finding in report.findings]
    used += [suppressed.finding.rule for suppressed in report.suppressed]
    used += [rule for rule, _, _ in report.not_evaluated]
    used += [failure.rule for failure in report.errors if failure.rule]
    return sorted(set(used))


def _driver(report: Report, style: Style, index: Mapping[str, int]) -> Object:
    descriptions = style.rules() if index else {}
    confidences: dict[str, Confidence] = {}
    for finding in [*report.findings, *[suppressed.finding for suppressed in report.suppressed]]:
        confidences.setdefault(finding.rule, finding.confidence)
    return {
        "name": "asl-lint",
        "version": style.version,
        "semanticVersion": style.version,
        "rules": [_rule(rule, descriptions.get(rule), confidences.get(rule)) for rule in index],
    }


def _rule(name: str, description: RuleDescription | None, confidence: Confidence | None) -> Object:
    if description is None:
        return {"id": name}
    references = "".join([f"\n- <{reference}>" for reference in description.references])
    properties: Object = {
        "category": description.category,
        "tags": [description.category],
        "problem.severity": _PROBLEM_SEVERITIES[description.severity],
    }
    if confidence is not None:
        properties["precision"] = _PRECISIONS[confidence]
    rule: Object = {
        "id": name,
        "shortDescription": {"text": description.summary},
        "fullDescription": {"text": description.why},
        "help": {
            "text": f"{description.why}\n\n{description.fix}",
            "markdown": f"{description.why}\n\n**Fix.** {description.fix}" + (f"\n{references}" if references else ""),
        },
        "defaultConfiguration": {"level": _LEVELS[description.severity]},
        "properties": properties,
    }
    if description.url is not None:
        rule["helpUri"] = description.url
    return rule


def _invocation(report: Report, index: Mapping[str, int]) -> Object:
    """§3.20. A failure is the tool's; a rule without what it needs is a matter of configuration."""
    failures: list[Object] = []
    for failure in report.errors:
        notification: Object = {"level": "error", "message": _message(failure.message)}
        if failure.file:
            notification["locations"] = [{"physicalLocation": {"artifactLocation": _artifact(failure.file)}}]
        if failure.rule:
            notification["associatedRule"] = {"id": failure.rule, "index": index[failure.rule]}
        failures.append(notification)
    invocation: Object = {"executionSuccessful": not failures}
    if failures:
        invocation["toolExecutionNotifications"] = failures
    unjudged: list[Object] = [
        {
            "level": "note",
            "message": {"text": f"{rule} was not evaluated in {counted(files, 'definition')}: needs {visible(needs)}"},
            "associatedRule": {"id": rule, "index": index[rule]},
        }
        for (rule, needs), files in not_evaluated_rules(report).items()
    ]
    unjudged += [
        {
            "level": "note",
            "message": {"text": f"{visible(one.machine)} was not checked: {visible(one.reason)}"},
            "locations": [{"physicalLocation": {"artifactLocation": _artifact(one.file)}}],
        }
        for one in report.unresolved
    ]
    if unjudged:
        invocation["toolConfigurationNotifications"] = unjudged
    return invocation


def _results(report: Report, index: Mapping[str, int]) -> Iterator[Object]:
    """§3.27.23: if one result of a run says whether it is suppressed, all do.

    What is not new is a result like others: who reads this keeps count of them.
    """
    silenced = [one for one in report.suppressed if one.by != "comparison"]
    unchanged = [one.finding for one in report.suppressed if one.by == "comparison"]
    for status, findings in (("new", report.findings), ("unchanged", unchanged)):
        for finding in findings:
            result = _result(finding, index, None if report.comparison is None else status)
            if silenced:
                result["suppressions"] = []
            yield result
    for suppressed in silenced:
        yield {**_result(suppressed.finding, index), "suppressions": [_suppression(suppressed)]}


def _suppression(suppressed: Suppressed) -> Object:
    suppression: Object = {"kind": _KINDS[suppressed.by], "properties": {"by": suppressed.by}}
    if suppressed.reason is not None:
        suppression["justification"] = visible(suppressed.reason)
    return suppression


def _result(finding: Finding, index: Mapping[str, int], status: str | None = None) -> Object:
    message = _message(finding.message) if finding.help is None else _message(finding.message, finding.help)
    result: Object = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": _LEVELS[finding.severity],
        "message": message,
        "locations": [_location(finding, finding.span, finding.pointer)],
        "properties": {
            "category": finding.category,
            "confidence": finding.confidence,
            "machine": None if finding.machine is None else visible(finding.machine),
            "pointer": visible(finding.pointer),
            **({} if status is None else {"status": status}),
        },
    }
    if finding.fingerprint:
        result["partialFingerprints"] = {FINGERPRINT: finding.fingerprint}
    if finding.related:
        result["relatedLocations"] = [{"id": number, **_place(finding, place)} for number, place in enumerate(finding.related, 1)]
    if finding.path:
        steps = [{"location": _place(finding, step)} for step in finding.path]
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    if finding.fix is not None and finding.fix.edits:
        result["fixes"] = [_fix(finding, finding.fix)]
    return result


def _message(*lines: str) -> Object:
    """§3.11.6: ``[text](target)`` in a message is a link; what only looks like one is escaped."""
    text = "\n".join([visible(line) for line in lines])
    return {"text": text.replace("[", "\\[").replace("]", "\\]") if "](" in text else text}


def _place(finding: Finding, place: Related | Step) -> Object:
    if isinstance(place, Related) and place.file is not None:
        return {**_physical(place.file, place.span), "message": _message(place.message)}
    return {**_location(finding, place.span, place.pointer), "message": _message(place.message)}


def _physical(file: str, span: Range) -> Object:
    return {"physicalLocation": {"artifactLocation": _artifact(file), "region": _region(span)}}


def _location(finding: Finding, span: Range, pointer: str) -> Object:
    location = _physical(finding.file, span)
    name = f"{finding.machine}#{pointer}" if finding.machine is not None else pointer
    if name:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(name)}]
    return location


def _region(span: Range) -> Object:
    """§3.30: lines and columns from 1, the end column one beyond the last character; equal columns are an insertion point."""
    start, end = span
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _artifact(file: str) -> Object:
    reference, relative = uri(file)
    return {"uri": reference, "uriBaseId": "%SRCROOT%"} if relative else {"uri": reference}


def _fix(finding: Finding, fix: Fix) -> Object:
    replacements = [{"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}} for edit in fix.edits]
    return {
        "description": {"text": visible(fix.title)},
        "artifactChanges": [{"artifactLocation": _artifact(finding.file), "replacements": replacements}],
        "properties": {"safe": fix.safe},
    }
