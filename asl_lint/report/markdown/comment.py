"""The comment as a whole: less than 65,536 characters, the worst first; what does not fit is counted.

https://docs.github.com/en/get-started/writing-on-github
"""

from collections.abc import Iterator

from asl_lint.finding import SEVERITIES
from asl_lint.late import Any, Final
from asl_lint.output.summary import counted
from asl_lint.report import ViewStyle
from asl_lint.report.links import Links
from asl_lint.report.markdown.machine import block, findings, is_worth_telling
from asl_lint.report.markdown.text import code, first, prose
from asl_lint.report.markdown.words import counts, most, name, number, time

MOST: Final = 65_535
"""Characters that GitHub takes in a comment, counted as UTF-16 has them."""
_RESERVE: Final = 200
"""For what is said at the end of what did not fit."""
_FRAMES: Final = ((40, 10), (40, 3), (10, 1), (0, 0))
"""How many rows the overview has, and how many lines each list about what is no machine of today: the first that leave half of
the room to the machines.
"""
_WAYS: Final = ((True, 30), (False, 30), (False, 8), (False, 2))
"""Whether a block has its drawing, and how many elements of each list, from the fullest one to the shortest."""


def render(document: dict[str, Any], style: ViewStyle) -> Iterator[str]:
    """The whole text as one chunk."""
    machines = sorted(document["machines"], key=_worst_first)
    for rows, lines in _FRAMES:
        parts = [_heading(document), _overview(machines, rows), *_others(document, style.links, lines)]
        parts = [part for part in parts if part]
        if sum(size(part) + 1 for part in parts) <= MOST // 2:
            break
    room = MOST - _RESERVE - sum(size(part) + 1 for part in parts)
    left_out = 0
    for i, machine in enumerate(filter(is_worth_telling, machines)):
        told = _fitting(machine, style.links, room, is_open=i == 0)
        left_out += told is None
        if told is not None:
            parts.append(told)
            room -= size(told) + 1
    if left_out:
        parts.append(f"{counted(left_out, 'state machine')} did not fit here; `--format json` has everything.\n")
    yield "\n".join(parts)


def size(text: str) -> int:
    """Characters as GitHub counts them."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitting(machine: dict[str, Any], links: Links, room: int, *, is_open: bool) -> str | None:
    """The fullest block for which there is room."""
    for is_drawn, items in _WAYS:
        told = block(machine, links, is_open=is_open, is_drawn=is_drawn, items=items)
        if size(told) + 1 <= room:
            return told
    return None


def _worst_first(machine: dict[str, Any]) -> tuple[Any, ...]:
    numbers = [
        -sum(one["severity"] == severity and one["status"] in statuses for one in machine["findings"])
        for statuses in (("new", None), ("unchanged",))
        for severity in SEVERITIES
    ]
    return *numbers, not is_worth_telling(machine), machine["file"], machine["machine"] or ""


def _heading(document: dict[str, Any]) -> str:
    summary = document["summary"]
    found = counts([one for machine in document["machines"] for one in machine["findings"]] + document["findings"])
    about = f"{counted(summary['machines'], 'state machine')}, {counted(summary['states'], 'state')}"
    compared = summary["comparison"]
    if compared is None:
        title = found or "nothing found"
    else:
        title = f"{compared['new']} new, {compared['fixed']} fixed, {compared['unchanged']} unchanged"
        about += f"; against {code(document['against'])}"
    if summary["not_evaluated"]:
        about += f"; {counted(summary['not_evaluated'], 'rule')} not evaluated"
    if summary["suppressed"]:
        about += f"; {summary['suppressed']} suppressed"
    return f"### asl-lint: {title}\n\n{about}.\n"


def _overview(machines: list[dict[str, Any]], rows: int) -> str:
    """A row for each machine, where there are several."""
    if len(machines) < 2:
        return ""
    lines = ["| state machine | findings | states | events at most | time at most |", "|---|---|---|---|---|"]
    for one in machines[:rows]:
        cells = [code(name(one), in_table=True), counts(one["findings"]) or "none", str(len(one["graph"]["states"]))]
        lines.append(f"| {' | '.join([*cells, most(one['history'], number), most(one['duration'], time)])} |")
    if len(machines) > rows:
        lines.append(f"| … and {len(machines) - rows} more | | | | |")
    return "\n".join([*lines, ""])


def _others(document: dict[str, Any], links: Links, most_lines: int) -> Iterator[str]:
    """What is not about a machine of today: findings alone, machines that are gone, what could not be checked."""
    removed = [f"- removed: {code(name(one))} ({counted(one['states'], 'state')})" for one in document["removed"]]
    unresolved = [
        f"- not checked: {code(one['machine'])} in {code(one['file'])}: {prose(one['reason'])}" for one in document["unresolved"]
    ]
    errors = [f"- failure: {code(one['file'])}: {prose(one['message'])}" for one in document["errors"]]
    listed = (first(lines, most_lines) for lines in (removed, unresolved, errors))
    for lines in (findings(document["findings"], links, most_lines), *listed):
        if lines:
            yield "\n".join([*lines, ""])
