"""What is new since an earlier version: findings by fingerprint, machine by machine, wherever their lines have moved.

A machine is known by its file and logical id. One that is not there any more is taken for a new one if half of their states have
the same names: the file was renamed.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from asl_lint.engine import Outcome, Selection
from asl_lint.facts.machine_facts import Facts
from asl_lint.finding import Comparison, Finding, Report, Suppressed
from asl_lint.late import NamedTuple

Key = tuple[str, str | None]
"""A machine: its file, and its logical id where it is in a template."""
Names = Mapping[Key, frozenset[str]]
"""The names of the states of each machine."""

ALIKE: Final = 0.5
"""The part of the names of two machines' states that must be common for one to be the other one's earlier version."""


class Pairing(NamedTuple):
    """Each machine of today that was there, with what it was then; those that are new, and those that are gone."""

    before: Mapping[Key, Key]
    added: tuple[Key, ...]
    removed: tuple[Key, ...]


def state_names(facts: Facts, outcome: Outcome, selection: Selection) -> frozenset[str]:
    """What ``pair`` asks about a machine."""
    return frozenset(state.name for state in facts.machine.states)


def pair(now: Names, then: Names) -> Pairing:
    """Which machine of today was which one then. Files are compared by name first; the rest by their states, the likest first."""
    before: dict[Key, Key] = {key: key for key in now if key in then}
    new, gone = [key for key in now if key not in before], [key for key in then if key not in before]
    alike = [
        (-_likeness(now[one], then[other]), one[0] != other[0], i, j)
        for i, one in enumerate(new)
        for j, other in enumerate(gone)
        if _likeness(now[one], then[other]) >= ALIKE
    ]
    found: set[Key] = set()
    for _, _, i, j in sorted(alike):
        if new[i] not in before and gone[j] not in found:
            before[new[i]] = gone[j]
            found.add(gone[j])
    return Pairing(before, tuple(key for key in new if key not in before), tuple(key for key in gone if key not in found))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """The names that two sets have in common, as a part of all (Jaccard)."""
    return len(one & other) / len(one | other) if one or other else 0.0


class Compared(NamedTuple):
    """The findings of today by whether they are new, and those of then that are gone."""

    new: tuple[Finding, ...]
    unchanged: tuple[Finding, ...]
    fixed: tuple[Finding, ...]


def compare_findings(now: Report, then: Report, before: Mapping[Key, Key]) -> Compared:
    """Findings are the same if their machine, rule and fingerprint are; one more of the same is new.

    What could not be judged today is not fixed, nor is what somebody has silenced since.
    """
    earlier = list(then.findings)
    left = Counter(_identity(one, (one.file, one.machine)) for one in earlier)
    new: list[Finding] = []
    unchanged: list[Finding] = []
    for finding in now.findings:
        key = (finding.file, finding.machine)
        identity = _identity(finding, before.get(key, key))
        if left[identity] > 0:
            left[identity] -= 1
            unchanged.append(finding)
        else:
            new.append(finding)
    for silenced in now.suppressed:
        key = (silenced.finding.file, silenced.finding.machine)
        left[_identity(silenced.finding, before.get(key, key))] -= 1
    today = {then_key[0]: key[0] for key, then_key in before.items()}
    unjudged = {(one.rule, one.file) for one in now.not_evaluated}
    failed = {(one.rule, one.file) for one in now.errors}
    fixed = [
        one
        for one in _last(earlier, left)
        if (one.rule, where := today.get(one.file, one.file)) not in unjudged
        and failed.isdisjoint(((None, where), (one.rule, where)))
    ]
    return Compared(tuple(new), tuple(unchanged), tuple(fixed))


def _last(findings: Sequence[Finding], left: Counter[tuple[Key, str, str]]) -> list[Finding]:
    """Of each sort as many as are left, the last ones."""
    kept: list[Finding] = []
    open_ones = Counter(left)
    for finding in reversed(findings):
        identity = _identity(finding, (finding.file, finding.machine))
        if open_ones[identity] > 0:
            open_ones[identity] -= 1
            kept.append(finding)
    kept.reverse()
    return kept


def _identity(finding: Finding, machine: Key) -> tuple[Key, str, str]:
    return machine, finding.rule, finding.fingerprint


def _names_of(report: Report) -> Names:
    """The names of the states of each machine, as ``state_names`` told them."""
    return {(one.file, one.machine): one.said for one in reversed(report.descriptions) if isinstance(one.said, frozenset)}


def only_new(report: Report, then: Report, against: str) -> Report:
    """The report with what an earlier version had too silenced, and what became of that version's findings."""
    pairing = pair(_names_of(report), _names_of(then))
    compared = compare_findings(report, then, pairing.before)
    silenced = tuple(Suppressed(finding, None, "comparison") for finding in compared.unchanged)
    return report._replace(
        findings=compared.new,
        suppressed=(*report.suppressed, *silenced),
        comparison=Comparison(against, compared.fixed, len(compared.unchanged)),
    )
