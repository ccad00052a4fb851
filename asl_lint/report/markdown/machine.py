"""What a comment tells of one machine: a block that folds away, with its findings, its changes, a drawing and its bounds."""

from collections.abc import Mapping

from asl_lint.finding import SEVERITIES
from asl_lint.late import Any, Final
from asl_lint.output.summary import counted
from asl_lint.report.drawing import Drawing
from asl_lint.report.drawing.excerpt import of_changes, of_findings
from asl_lint.report.drawing.mermaid import draw
from asl_lint.report.links import Links
from asl_lint.report.markdown.text import code, first, html, link, listed, prose
from asl_lint.report.markdown.words import Show, counts, money, most, name, number, time, way

_STEPS: Final = 12
"""Steps of a witness that are shown."""
_SHOWN: Final[Mapping[str, Show]] = {"duration": time, "cost": money}
_MOST_ARROWS: Final = 300
"""Mermaid's readers draw no more than 500."""


def block(machine: dict[str, Any], links: Links, *, is_open: bool, is_drawn: bool, items: int) -> str:
    """All of it. ``items`` is how many elements of each list are shown."""
    comparison = machine["comparison"]
    parts = [
        [f"<details{' open' if is_open else ''}>", f"<summary>{html(name(machine))}: {_told(machine)}</summary>"],
        findings(machine["findings"], links, items),
        [] if comparison is None else _changes(comparison, items),
        [] if comparison is None else _fixed(comparison["fixed"], items),
        _drawing(machine) if is_drawn else [],
        _facts(machine, items),
        ["</details>"],
    ]
    return "\n".join(line for part in parts if part for line in (*part, ""))


def is_worth_telling(machine: dict[str, Any]) -> bool:
    """Whether something is new about a machine, or, where nothing is compared, something wrong with it."""
    comparison = machine["comparison"]
    if comparison is None:
        return bool(machine["findings"])
    is_new = any(finding["status"] == "new" for finding in machine["findings"])
    return is_new or comparison["status"] != "unchanged" or bool(comparison["fixed"])


def findings(found: list[dict[str, Any]], links: Links, items: int) -> list[str]:
    """A line for each finding: the new ones, then the others, each the worst first."""
    return first([_finding(one, links) for one in sorted(found, key=_worst_first)], items, "more findings")


def _worst_first(finding: dict[str, Any]) -> tuple[Any, ...]:
    return finding["status"] == "unchanged", SEVERITIES.index(finding["severity"]), finding["span"]["start"]["offset"]


def _finding(finding: dict[str, Any], links: Links) -> str:
    line = finding["span"]["start"]["line"]
    place = link(code(f"{finding['file']}:{line}"), links.to(finding["file"], line))
    new = "**new** " if finding["status"] == "new" else ""
    told = f"- {new}**{finding['severity']}** {link(code(finding['rule']), finding['url'])} {place}: {prose(finding['message'])}"
    if finding["help"] is not None:
        told += f" ({prose(finding['help'])})"
    steps = [f"{prose(step['message'])} (line {step['span']['start']['line']})" for step in finding["path"][:_STEPS]]
    if len(finding["path"]) > _STEPS:
        steps.append(f"… {len(finding['path']) - _STEPS} more")
    return told + ("<br>path: " + " → ".join(steps) if steps else "")


def _fixed(found: list[dict[str, Any]], items: int) -> list[str]:
    return first([f"- fixed: {code(one['rule'])}: {prose(one['message'])}" for one in found], items, "more that are fixed")


# --- what changed -----------------------------------------------------------------------------------------------------------


def _told(machine: dict[str, Any]) -> str:
    """What the closed block tells."""
    comparison = machine["comparison"]
    told = [counts(machine["findings"])] if machine["findings"] else []
    if comparison is not None:
        found = comparison["states"]
        numbers = {word: len([one for one in found[word] if one]) for word in ("added", "removed", "renamed", "changed")}
        states = ", ".join(f"{counted(count, 'state')} {word}" for word, count in numbers.items() if count)
        told.append(comparison["status"] + (f", {states}" if states else ""))
    return "; ".join(told)


def _changes(comparison: dict[str, Any], items: int) -> list[str]:
    states, transitions, permissions = (comparison[part] for part in ("states", "transitions", "permissions"))
    before = comparison["before"]
    lines = [f"- it was {code(name(before))}"] if comparison["status"] == "renamed" and before else []
    lines += [
        f"- states {word}: {listed([way(one) for one in states[word]], items)}" for word in ("added", "removed") if states[word]
    ]
    lines += first([_renamed(one) for one in states["renamed"]], items, "more states renamed or moved")
    lines += first([_changed(one, items) for one in states["changed"]], items, "more states changed")
    if transitions["added"] or transitions["removed"]:
        lines.append(f"- transitions: {len(transitions['added'])} added, {len(transitions['removed'])} removed")
    for word in ("added", "removed"):
        allowed = [f"{one['action']} on {', '.join(one['resources'])}" for one in permissions[word]]
        lines += [f"- permissions {word}: {listed(allowed, items)}"] if allowed else []
    return lines + first([_grown(one) for one in comparison["bounds"]], items)


def _renamed(one: dict[str, Any]) -> str:
    return f"- state {code(way(one['state']))} was {code(way(one['before']))}"


def _changed(one: dict[str, Any], items: int) -> str:
    where = code(way(one["state"])) if one["state"] else "the state machine's own fields"
    return f"- changed: {where}: {listed(one['fields'], items)}"


def _grown(bound: dict[str, Any]) -> str:
    show = _SHOWN.get(bound["what"], number)
    before, after = (
        most({"max": bound[when], "formula": bound["formulas"][when]}, show) for when in ("before", "after")
    )  # fmt: skip
    if bound["what"] == "loop":
        new = "a new loop, " if bound["before"] == 0 else ""
        return f"- loop at {code(way(bound['state']))}: {new}turns at most {before} → {after}"
    return f"- {bound['what']}: at most {before} → {after}"


def _drawing(machine: dict[str, Any]) -> list[str]:
    drawing: Drawing | None = of_changes(machine) if machine["comparison"] is not None else None
    drawing = drawing or of_findings(machine)
    if drawing is None or not 0 < len(drawing.graph["transitions"]) <= _MOST_ARROWS:
        return []
    return ["```mermaid", draw(drawing).rstrip("\n"), "```"]


# --- what is known ----------------------------------------------------------------------------------------------------------


def _facts(machine: dict[str, Any], items: int) -> list[str]:
    """The bounds of the machine, its loops and locks, what its role lacks, and its contracts."""
    history, transitions = most(machine["history"], number), most(machine["transitions"], number)
    lines = [f"- at most: events {history}, transitions {transitions}, time {most(machine['duration'], time)}"]
    lines += first([_loop(one) for one in machine["loops"]], items, "more loops")
    for lock in machine["locks"][:items]:
        released = listed([way(one["state"]) for one in lock["releases"]], items)
        lines.append(f"- lock taken at {code(way(lock['state']))}, given back at {released}")
    lacks = machine["permissions"]["missing"] or []
    lines += first(
        [f"- the role lacks {listed(one['actions'], items)} on {listed(one['resources'], items)}" for one in lacks], items
    )
    contracts = machine["contracts"]
    if contracts:
        open_ones = [one for one in contracts if one["state"] != "holds"]
        lines.append(f"- contracts: {len(contracts) - len(open_ones)} of {len(contracts)} hold")
        lines += first([f"- contract {code(one['rule'])}: {one['state']}" for one in open_ones], items)
    return lines


def _loop(loop: dict[str, Any]) -> str:
    turns = "" if loop["turns"] is None else f", at most {counted(loop['turns'], 'turn')}"
    return f"- loop at {code(way(loop['states'][0]))}: {loop['kind']}{turns}: {prose(loop['reason'])}"
