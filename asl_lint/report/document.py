"""The review as one JSON document: each machine with its description and its findings, what could not be had, what changed.

Version 1 of the shape that ``schemas/report.schema.json`` describes. Linear in what the run found.
"""

from collections import Counter
from collections.abc import Iterable, Set

from asl_lint.comparison import Key, Moved, Pairing, compare_findings, is_lost, moved_states, names_of, pair
from asl_lint.finding import SEVERITIES, Finding, Report
from asl_lint.late import Any, Final
from asl_lint.output.json_format import finding_object, suppressed_object, unresolved_object
from asl_lint.report.changes import changes, is_changed
from asl_lint.version import VERSION as TOOL_VERSION

VERSION: Final = 1

Machines = dict[Key, dict[str, Any]]


def document(report: Report, then: Report | None = None, against: str | None = None) -> dict[str, Any]:
    """The review of a run that was described by ``machine.describe``; with ``then``, against that of an earlier version."""
    machines = _machines(report)
    whole: dict[str, Any] = {
        "version": VERSION,
        "tool": {"name": "asl-lint", "version": TOOL_VERSION},
        "against": against,
        "summary": {},
        "machines": [_machine(key, said) for key, said in machines.items()],
        "removed": [],
        "findings": [],
        "suppressed": [suppressed_object(one) for one in report.suppressed],
        "unresolved": [unresolved_object(one) for one in report.unresolved],
        "errors": [one._asdict() for one in report.errors],
    }
    if then is None:
        _place(whole, ((finding, None) for finding in report.findings))
    else:
        _compare(whole, report, then, machines)
    whole["summary"] = _summary(whole)
    return whole


def _machines(report: Report) -> Machines:
    found: Machines = {}
    for one in report.descriptions:
        assert isinstance(one.said, dict)
        found.setdefault((one.file, one.machine), one.said)
    return found


def _machine(key: Key, said: dict[str, Any]) -> dict[str, Any]:
    described = {name: value for name, value in said.items() if name not in ("digests", "own")}
    return {"file": key[0], "machine": key[1], **described, "findings": [], "comparison": None}


def _place(whole: dict[str, Any], findings: Iterable[tuple[Finding, str | None]]) -> None:
    """Puts findings, each with its status, to their machines; those of machines that could not be described stand alone.

    What is found of a machine in its template goes to the machine of that logical id, wherever its definition is.
    """
    homes = {(one["file"], one["machine"]): one["findings"] for one in whole["machines"]}
    named = Counter(one["machine"] for one in whole["machines"])
    by_name = {name: found for (_, name), found in homes.items() if name is not None and named[name] == 1}
    for finding, status in findings:
        home = homes.get((finding.file, finding.machine))
        if home is None:
            home = by_name.get(finding.machine or "", whole["findings"])
        home.append({**finding_object(finding), "status": status})


# --- against an earlier version ---------------------------------------------------------------------------------------------


def _compare(whole: dict[str, Any], report: Report, then: Report, machines: Machines) -> None:
    earlier = _machines(then)
    outlines, outlines_then = ({key: said["digests"] for key, said in found.items()} for found in (machines, earlier))
    pairing = pair(*({key: names_of(outline) for key, outline in found.items()} for found in (outlines, outlines_then)))
    states = moved_states(pairing, outlines, outlines_then)
    compared = compare_findings(report, then, pairing.before, states)
    is_new = set(map(id, compared.new))
    _place(whole, ((finding, "new" if id(finding) in is_new else "unchanged") for finding in report.findings))
    gone: dict[Key, list[dict[str, Any]]] = {}
    for finding in compared.fixed:
        gone.setdefault((finding.file, finding.machine), []).append(finding_object(finding))
    unread = {key for key, was in pairing.before.items() if key[0] in report.damaged or was[0] in then.damaged}
    for one in whole["machines"]:
        key = (one["file"], one["machine"])
        one["comparison"] = _comparison(key, pairing, machines, earlier, gone, states, unread)
    whole["removed"] = [
        {"file": key[0], "machine": key[1], "states": len(earlier[key]["graph"]["states"]), "fixed": gone.get(key, [])}
        for key in pairing.removed
        if not is_lost(report, key)
    ]


def _comparison(
    key: Key,
    pairing: Pairing,
    machines: Machines,
    earlier: Machines,
    gone: dict[Key, list[dict[str, Any]]],
    states: Moved,
    unread: Set[Key],
) -> dict[str, Any]:
    before = pairing.before.get(key)
    if before is None:
        return {"status": "added", "before": None, "fixed": [], **_NOTHING}
    was = {"before": {"file": before[0], "machine": before[1]}, "fixed": gone.get(before, [])}
    if key in unread:
        return {"status": "unreadable", **was, **_NOTHING}
    found = changes(machines[key], earlier[before], states.get(key, {}))
    status = "changed" if is_changed(found) else "unchanged" if before == key else "renamed"
    return {"status": status, **was, **found}


_NOTHING: Final[dict[str, Any]] = {
    "states": {"added": [], "removed": [], "gone": [], "changed": [], "renamed": []},
    "transitions": {"added": [], "removed": [], "changed": []},
    "permissions": {"added": [], "removed": []},
    "bounds": [],
}


# --- counts -----------------------------------------------------------------------------------------------------------------


def _summary(whole: dict[str, Any]) -> dict[str, Any]:
    machines = whole["machines"]
    findings = [finding for one in machines for finding in one["findings"]] + whole["findings"]
    severities = Counter(finding["severity"] for finding in findings)
    summary: dict[str, Any] = {
        "machines": len(machines),
        "states": sum(len(one["graph"]["states"]) for one in machines),
        "findings": {severity: severities[severity] for severity in SEVERITIES},
        "suppressed": len(whole["suppressed"]),
        "not_evaluated": len({note["rule"] for one in machines for note in one["not_evaluated"]}),
        "comparison": None,
    }
    if whole["against"] is not None:
        statuses = Counter(finding["status"] for finding in findings)
        fixed = [*machines, *whole["removed"]]
        summary["comparison"] = {
            "new": statuses["new"],
            "unchanged": statuses["unchanged"],
            "fixed": sum(len(one["comparison"]["fixed"] if "comparison" in one else one["fixed"]) for one in fixed),
            "machines": dict(sorted(Counter(one["comparison"]["status"] for one in machines).items())),
            "removed": len(whole["removed"]),
        }
    return summary
