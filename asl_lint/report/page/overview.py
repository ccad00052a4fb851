"""What the page holds: of all machines what the overview shows, of each machine what is looked at one at a time.

Findings are counted from 0 in each machine, the worst first: a link names one by that number.
"""

from collections import Counter
from collections.abc import Mapping

from asl_lint.catalog.rule import Explanation
from asl_lint.finding import SEVERITIES
from asl_lint.late import Any, Final
from asl_lint.report.drawing.excerpt import with_removed
from asl_lint.report.links import Links
from asl_lint.report.page.excerpts import Sources

_BOUNDS: Final = ("history", "duration", "cost")


def overview_data(
    document: dict[str, Any], explanations: Mapping[str, Explanation], sources: Sources, links: Links
) -> dict[str, Any]:
    """The document without its machines, but with a row for each of them, and why the rules that found something matter."""
    machines = document["machines"]
    alone = [_whole(one, sources, links) for one in document["findings"]]
    rules = dict.fromkeys(finding["rule"] for one in [*machines, {"findings": alone}] for finding in one["findings"])
    return {
        **{name: document[name] for name in ("tool", "against", "summary", "suppressed", "unresolved", "errors")},
        "removed": document["removed"],
        "machines": [_row(one) for one in machines],
        "findings": alone,
        "not_evaluated": _not_evaluated(machines),
        "explanations": {rule: explanations[rule]._asdict() for rule in rules if rule in explanations},
    }


def machine_data(machine: dict[str, Any], sources: Sources, links: Links) -> dict[str, Any]:
    """All of a machine; its graph also has what the comparison says is gone, and ``marks`` say what became of each part."""
    graph, marks = machine["graph"], {}
    if machine["comparison"] is not None and machine["comparison"]["status"] != "added":
        found = machine["comparison"]
        marks = dict.fromkeys([*found["states"]["added"], *found["transitions"]["added"]], "added")
        marks |= {one["state"]: "changed" for part in ("changed", "renamed") for one in found["states"][part] if one["state"]}
        graph, gone = with_removed(graph, found["states"]["gone"], found["transitions"]["removed"])
        marks |= gone
    findings = [_whole(one, sources, links) for one in _worst_first(machine["findings"])]
    return {**machine, "graph": graph, "marks": marks, "findings": findings}


def _worst_first(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(
        findings,
        key=lambda one: (one["status"] == "unchanged", SEVERITIES.index(one["severity"]), one["span"]["start"]["offset"]),
    )


def _whole(finding: dict[str, Any], sources: Sources, links: Links) -> dict[str, Any]:
    """A finding with its lines, and where its file is to be seen."""
    return {
        **finding,
        "lines": sources.excerpt(finding),
        "correction": sources.correction(finding),
        "link": links.to(finding["file"], finding["span"]["start"]["line"]),
    }


def _row(machine: dict[str, Any]) -> dict[str, Any]:
    loops = Counter(loop["kind"] for loop in machine["loops"])
    return {
        **{name: machine[name] for name in ("file", "machine", "type", "damaged", *_BOUNDS)},
        "states": len(machine["graph"]["states"]),
        "loops": {"all": len(machine["loops"]), "bounded": sum(loop["turns"] is not None for loop in machine["loops"]), **loops},
        "not_evaluated": len(machine["not_evaluated"]),
        "status": machine["comparison"] and machine["comparison"]["status"],
        "findings": [
            {name: finding[name] for name in ("rule", "severity", "message", "status", "file")}
            | {"line": finding["span"]["start"]["line"]}
            for finding in _worst_first(machine["findings"])
        ],
    }


def _not_evaluated(machines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules that could not be judged: what each needs, and for how many machines that was missing."""
    found = Counter((note["rule"], note["needs"]) for one in machines for note in one["not_evaluated"])
    return [{"rule": rule, "needs": needs, "machines": count} for (rule, needs), count in sorted(found.items())]
