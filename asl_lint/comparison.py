"""What is new since an earlier version: findings by fingerprint, machine by machine, wherever their lines have moved.

A machine is known by its file and logical id. One that is not there any more is taken for a new one if half of their states have
the same names: the file was renamed.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from asl_lint.engine import Outcome, Selection
from asl_lint.facts.digests import digests
from asl_lint.facts.machine_facts import Facts
from asl_lint.finding import Comparison, Finding, Report, Suppressed
from asl_lint.late import Final, NamedTuple
from asl_lint.state_pairs import Outline, moved, name_of, pair_states

Key = tuple[str, str | None]
"""A machine: its file, and its logical id where it is in a template."""
Names = Mapping[Key, frozenset[str]]
"""The names of the states of each machine."""
Moved = Mapping[Key, Mapping[str, str]]
"""For a machine of today: the pointers of its states that were elsewhere, or had another name -> the pointers of then."""

ALIKE: Final = 0.5
"""The part of the names of two machines' states that must be common for one to be the other one's earlier version."""


class Pairing(NamedTuple):
    """Each machine of today that was there, with what it was then; those that are new, and those that are gone."""

    before: Mapping[Key, Key]
    added: tuple[Key, ...]
    removed: tuple[Key, ...]


def outline(facts: Facts, outcome: Outcome, selection: Selection) -> Outline:
    """What ``pair`` and ``pair_states`` ask about a machine. Pointers are without secrets, as those of findings are."""
    conceal = str if facts.secrets is None else facts.secrets.conceal_names
    return {conceal(pointer): fields for pointer, fields in digests(facts).items()}


def names_of(machine: Outline) -> frozenset[str]:
    """The names of the states of a machine."""
    return frozenset(name_of(pointer) for pointer in machine if pointer)


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


def compare_findings(now: Report, then: Report, before: Mapping[Key, Key], states: Moved) -> Compared:
    """Findings are the same if their machine, rule and fingerprint are; one more of the same is new.

    So is one at a state that has another name or stands in another scope, if it says the same: ``states`` tells which, for a
    machine of today. What could not be judged today is not fixed, nor is what somebody has silenced since.
    """
    left = Counter(_identity(one, (one.file, one.machine)) for one in then.findings)
    unchanged: set[int] = set()
    unknown: list[Finding] = []
    for finding in (*now.findings, *(one.finding for one in now.suppressed)):
        key = (finding.file, finding.machine)
        identity = _identity(finding, before.get(key, key))
        if left[identity] > 0:
            left[identity] -= 1
            unchanged.add(id(finding))
        else:
            unknown.append(finding)
    gone = _last(then.findings, left)
    followed, gone = _followed(unknown, gone, before, states)
    unchanged |= followed
    is_judged = _judge(now, before)
    return Compared(
        tuple(one for one in now.findings if id(one) not in unchanged),
        tuple(one for one in now.findings if id(one) in unchanged),
        tuple(filter(is_judged, gone)),
    )


def _judge(now: Report, before: Mapping[Key, Key]) -> Callable[[Finding], bool]:
    """Tells whether a finding of then would have been found today: its machine could be had, and read as a whole, and the rule
    could be judged for it.
    """
    today = {then_key[0]: key[0] for key, then_key in before.items()}
    there = set(before.values())
    unsure: set[tuple[str | None, str]] = {(one.rule, one.file) for one in now.not_evaluated}
    unsure |= {(one.rule, one.file) for one in now.errors}

    def is_judged(finding: Finding) -> bool:
        file = today.get(finding.file, finding.file)
        if (finding.file, finding.machine) not in there and is_lost(now, (file, finding.machine)):
            return False
        return file not in now.damaged and unsure.isdisjoint(((finding.rule, file), (None, file)))

    return is_judged


def is_lost(now: Report, machine: Key) -> bool:
    """Whether a machine that was there may still be: it cannot be had today, or its file cannot be read, or not as a whole."""
    file, name = machine
    if file in now.damaged or any(one.file == file and one.rule is None for one in now.errors):
        return True
    return name is not None and any(one.machine == name for one in now.unresolved)


def _followed(
    found: Sequence[Finding], gone: Sequence[Finding], before: Mapping[Key, Key], states: Moved
) -> tuple[set[int], list[Finding]]:
    """Of some findings of today those that were there at the state's earlier place, and what is gone without these."""
    waiting: dict[tuple[Key, str, str, str], list[Finding]] = {}
    for one in found:
        key = (one.file, one.machine)
        if states.get(key):
            waiting.setdefault((before.get(key, key), one.rule, one.pointer, one.message), []).append(one)
    followed: set[int] = set()
    left: list[Finding] = []
    ways = {before.get(key, key): {was: pointer for pointer, was in moves.items()} for key, moves in states.items()}
    renamed = {key: _renamer(way) for key, way in ways.items()}
    for one in gone:
        key = (one.file, one.machine)
        way = ways.get(key)
        same = waiting.get((key, one.rule, moved(one.pointer, way), renamed[key](one.message))) if way else None
        if same:
            followed.add(id(same.pop(0)))
        else:
            left.append(one)
    return followed, left


def _renamer(way: Mapping[str, str]) -> Callable[[str], str]:
    """Puts the names that states have today in place of those that they had, where a text has these as whole words."""
    names = {old: new for was, pointer in way.items() if (old := name_of(was)) != (new := name_of(pointer))}
    if not names:
        return str
    words = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
    pattern = re.compile(rf"(?<!\w)(?:{words})(?!\w)")
    return lambda text: pattern.sub(lambda match: names[match[0]], text)


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


def _outlines(report: Report) -> dict[Key, Outline]:
    """What ``outline`` told of each machine."""
    return {(one.file, one.machine): one.said for one in reversed(report.descriptions) if isinstance(one.said, dict)}


def moved_states(pairing: Pairing, now: Mapping[Key, Outline], then: Mapping[Key, Outline]) -> Moved:
    """For each machine of today that was there: its states that have moved, or have another name -> where they were."""
    return {
        key: {pointer: place for pointer, place in pair_states(now[key], then[was]).items() if pointer != place}
        for key, was in pairing.before.items()
    }


def _names(machines: Mapping[Key, Outline]) -> Names:
    return {key: names_of(machine) for key, machine in machines.items()}


def only_new(report: Report, then: Report, against: str) -> Report:
    """The report with what an earlier version had too silenced, and what became of that version's findings."""
    now, earlier = _outlines(report), _outlines(then)
    pairing = pair(_names(now), _names(earlier))
    compared = compare_findings(report, then, pairing.before, moved_states(pairing, now, earlier))
    silenced = tuple(Suppressed(finding, None, "comparison") for finding in compared.unchanged)
    return report._replace(
        findings=compared.new,
        suppressed=(*report.suppressed, *silenced),
        comparison=Comparison(against, compared.fixed, len(compared.unchanged)),
    )
