"""Findings of one cause, told as one: the gravest stays, and shows the others as further places.

One cause have findings on ways that take their wrong turn at one transition, what is missing because nothing leads to the state
that does it, what a Choice does that tests something else than it was meant to, what a misspelt variable leaves undone, what one
loop takes of several budgets, and what nobody can know of a call because nothing fills in one placeholder.
Nothing is lost, and nothing told by two rules looks like two faults.
"""

from collections.abc import Hashable, Iterator, Sequence

from asl_lint.catalog import Rule
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.finding import SEVERITIES, Finding, Related
from asl_lint.late import Final, NamedTuple, Pattern
from asl_lint.model.machine import Scope, State
from asl_lint.near import near
from asl_lint.source.document import Pointer

_TRANSITIONS: Final = frozenset(("Next", "Default", "StartAt"))
_WRONG_TESTS: Final = frozenset(("comparison-never-holds", "undefined-variable", "unknown-member", "unsupported-reference"))
"""What is told of an expression that gives nothing, or always the same: a rule of a Choice that has it is not taken."""
_WRONG_STATUSES: Final = frozenset(("failed-status-as-success", "success-status-as-failure"))
_WRONG_STEPS: Final = frozenset(("undefined-variable", "unused-variable"))
_EXPLAINING: Final = _WRONG_STATUSES | {"unreachable-state", "unused-variable"}
"""What may be why something else is found wherever it is told."""
_OF_CHOICES: Final = frozenset(
    ("failed-status-as-success", "success-status-as-failure", "unfinished-status-left-out", "unreachable-rule")
)
_OF_LOOPS: Final = ("loops@1", "polls-until-finished@1")
_OF_BUDGETS: Final = "within-budget@1"
_OF_PLACEHOLDERS: Final = "placeholders-resolved@1"
_OF_RIGHTS: Final = "iam-allows-calls@1"
_EARLIER: Final = "always-preceded-by@1"
_UNSET: Final = frozenset(("undefined-variable", "possibly-undefined-variable", "unreachable-rule"))
_VARIABLE: Final = Pattern(r"\$(\w+)")


class Told(NamedTuple):
    """A finding and what it was made of."""

    finding: Finding
    rule: Rule
    match: Match

    @property
    def codes(self) -> frozenset[str]:
        """The observations that it may be."""
        return frozenset(self.rule.parameters.get("codes", ()))

    @property
    def way(self) -> frozenset[Pointer]:
        """The transitions of its witness."""
        return frozenset(place.pointer for place in self.match.path)


def by_cause(told: Sequence[Told], facts: Facts) -> list[Finding]:
    """The findings, one of each cause, in their order."""
    groups = _Groups(len(told))
    first: dict[Hashable, int] = {}
    for i, one in enumerate(told):
        for key in _keys(one):
            groups.join(first.setdefault(key, i), i)
    explained: set[int] = set()
    for i, one in enumerate(told):
        if not _may_explain(one):
            continue  # so are nearly all where there are many, and nobody pays for the square of their number
        for j, other in enumerate(told):
            if i != j and _explains(one, other, facts):
                groups.join(i, j)
                explained.add(j)
    return [_as_one([(told[i], i in explained) for i in members]) for members in groups.members()]


class _Groups:
    """Numbers of findings that belong together: disjoint sets, each a tree below its least number."""

    def __init__(self, count: int) -> None:
        self._above = list(range(count))

    def join(self, one: int, other: int) -> None:
        keep, drop = sorted((self._least(one), self._least(other)))
        self._above[drop] = keep

    def members(self) -> list[list[int]]:
        found: dict[int, list[int]] = {}
        for i in range(len(self._above)):
            found.setdefault(self._least(i), []).append(i)
        return list(found.values())

    def _least(self, one: int) -> int:
        above = self._above
        while above[one] != one:
            above[one] = one = above[above[one]]
        return one


def _as_one(members: Sequence[tuple[Told, bool]]) -> Finding:
    """The gravest, of these one that no other explains, of these one of the shipped rules; the others as places beside it.

    One that has no way shows that of another: it leads past what is missing.
    """
    chosen, _ = min(members, key=lambda one: (SEVERITIES.index(one[0].finding.severity), one[1], one[0].rule.path is not None))
    others = [one.finding for one, _ in members if one is not chosen]
    also = tuple(
        Related(f"{other.rule}: {other.message}", other.pointer, other.span, _other_file(chosen.finding, other))
        for other in others
    )
    way = next((one.path for one in (chosen.finding, *others) if one.path), ())
    return chosen.finding._replace(path=way, related=chosen.finding.related + also) if also else chosen.finding


def _other_file(chosen: Finding, other: Finding) -> str | None:
    return None if other.file == chosen.file else other.file


def _keys(one: Told) -> Iterator[Hashable]:
    """What it has in common with others of its cause."""
    match = one.match
    for transition in match.turns:
        yield "turn", transition
    if match.path and match.pointer and match.pointer[-1] in _TRANSITIONS:
        yield "turn", match.pointer
    dearest = _dearest(one)
    if dearest is not None:
        yield "budget", dearest
    if one.rule.kind == _OF_PLACEHOLDERS and "placeholder" in match.values:
        yield one.rule.kind, match.values["placeholder"]
    if "actions" in match.values:
        yield one.rule.kind, match.pointer, match.values["actions"]
    if "problem" in match.values:
        for problem in match.values["problem"].split("; "):
            yield match.pointer, problem
            if one.rule.kind in _OF_LOOPS:
                yield one.way, problem
        if "faults" in one.rule.parameters and _is_of_loop(one):
            yield "loop", one.way


def _dearest(one: Told) -> Pointer | None:
    """The state or loop that takes most of a budget that is spent, or a loop that the history does not hold."""
    match, parameters = one.match, one.rule.parameters
    if one.rule.kind == _OF_LOOPS[0] and "history" in parameters:
        return match.pointer
    if one.rule.kind != _OF_BUDGETS:
        return None
    if match.pointer[:1] == ("States",):
        return match.pointer if len(match.pointer) > 1 else None
    return match.related[0].pointer if match.related else None


def _may_explain(one: Told) -> bool:
    """Whether it can be why anything else was found, whatever that is."""
    codes = one.codes
    return (
        one.rule.kind in (_OF_PLACEHOLDERS, _EARLIER)
        or bool(codes & _EXPLAINING)
        or bool(codes & _WRONG_TESTS and one.match.pointer[-1:] == ("Condition",))
        or bool(codes & _WRONG_STEPS and "Assign" in one.match.pointer)
        or _is_of_loop(one)
    )


def _explains(one: Told, other: Told, facts: Facts) -> bool:
    """Whether the one, which may explain something, is why the other was found."""
    codes = one.codes
    if one.rule.kind == _OF_PLACEHOLDERS:
        return other.rule.kind == _OF_RIGHTS and _hides_call(one.match, other)
    if "unreachable-state" in codes:
        return _is_behind(one.match, other, facts)
    if codes & _WRONG_STATUSES or (codes & _WRONG_TESTS and one.match.pointer[-1:] == ("Condition",)):
        return _leaves_otherwise(one.match, other)
    if _is_of_loop(one) and _goes_round_by(one, other):
        return True
    if codes & _WRONG_STEPS and "Assign" in one.match.pointer and _is_stepped_in(one.match, other):
        return True
    if "unused-variable" in codes:
        return _was_meant(one.match, other, facts)
    return one.rule is other.rule and one.rule.kind == _EARLIER and _is_on_the_way(one, other)


def _hides_call(unfilled: Match, right: Told) -> bool:
    """Whether a right is asked for by the call that nobody knows, for what stands where nothing is filled in."""
    state = right.match.pointer[:-1]
    if unfilled.pointer[: len(state)] != state or "placeholder" not in unfilled.values:
        return False
    return right.rule.parameters.get("unknown") == "fault" or unfilled.values["placeholder"] in right.match.values["resources"]


def _is_behind(unreachable: Match, other: Told, facts: Facts) -> bool:
    """Whether a finding is at states that are reached from one that nothing leads to, or misses what these would do."""
    match = other.match
    if "unreachable-state" in other.codes or not (match.missed or match.path):
        return False
    behind = _only_from(unreachable.pointer, facts)
    return match.pointer in behind or any(pointer in behind for pointer in match.missed)


def _only_from(pointer: Pointer, facts: Facts) -> frozenset[Pointer]:
    """The states of its scope that are reached from a state, and not from the start; those in the scopes of these too."""
    scope = next((one.scope for one in facts.machine.states if one.pointer == pointer), None)
    if scope is None:
        return frozenset()
    graph = facts.graph.of(scope)
    reached, waiting = set(graph.order), [graph.numbers[str(pointer[-1])]]
    found: set[int] = set()
    while waiting:
        node = waiting.pop()
        if node not in reached and node not in found:
            found.add(node)
            waiting += [edge.target for edge in graph.out[node]]
    states = [graph.states[node] for node in found if node < len(graph.states)]
    return frozenset(one.pointer for state in states for one in _with_inner(state))


def _with_inner(state: State) -> Iterator[State]:
    yield state
    for scope in state.scopes:
        yield from _inside(scope)


def _inside(scope: Scope) -> Iterator[State]:
    for state in scope.states.values():
        yield from _with_inner(state)


def _leaves_otherwise(test: Match, other: Told) -> bool:
    """Whether a way, or what is told of its rules, goes through the Choice of a test that is not the one that was meant."""
    fields = [i for i, part in enumerate(test.pointer) if part in ("Choices", "Default") and test.pointer[i - 2] == "States"]
    choice = test.pointer[: fields[-1]] if fields else test.pointer
    ways = {*other.way, other.match.pointer} if other.codes & _OF_CHOICES else other.way
    return any(step[: len(choice)] == choice for step in ways)


def _is_of_loop(one: Told) -> bool:
    return one.rule.kind in _OF_LOOPS and bool(one.match.path)


def _goes_round_by(loop: Told, other: Told) -> bool:
    """Whether a loop goes round by the transition that goes wrong, or past a rule of a Choice that nothing reaches therefore."""
    if "unreachable-rule" in other.codes:
        choice = other.match.pointer[:-2]
        return any(step[: len(choice)] == choice for step in loop.way)
    return not loop.way.isdisjoint(other.match.turns)


def _is_stepped_in(assigned: Match, other: Told) -> bool:
    """Whether a loop goes through the state of an Assign that sets another variable than was meant, or reads another."""
    state = assigned.pointer[: assigned.pointer.index("Assign")]
    return _is_of_loop(other) and any(step[: len(state)] == state for step in other.way)


def _is_on_the_way(one: Told, other: Told) -> bool:
    """Whether what happens too early at one place has happened too early on the way to the other."""
    place = one.match.pointer
    return place != other.match.pointer and any(step[: len(place)] == place for step in other.way)


def _was_meant(unused: Match, other: Told, facts: Facts) -> bool:
    """Whether a finding speaks of a variable of which the name that nothing reads is a misspelling."""
    if not other.codes & _UNSET:
        return False
    name = unused.values["name"]
    state = unused.pointer[: unused.pointer.index("Assign")]
    known = [one for one in facts.variables.bits if one != name]
    meant = near(name, known)
    if meant is None or not state:
        return False
    said = other.match.values.get("name") or str(_value(facts, other.match.pointer))
    return meant in _VARIABLE.findall(said)


def _value(facts: Facts, pointer: Pointer) -> object:
    value: object = facts.document.value
    for part in pointer:
        value = value[part]  # type: ignore[index]
    return value
