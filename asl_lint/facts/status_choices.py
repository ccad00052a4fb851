"""Choices over a listed status that forget one of its values: it goes where a value of another outcome is meant to go.

The list is what an API can answer, and its values say themselves what they mean (``status_words``). A value that a rule names
is never told of where it stands alone: its writer has thought of it.
"""

from collections.abc import Iterator, Mapping

from asl_lint.facts.choice_subjects import Subject, named_texts, subjects, texts_at
from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.facts.match import Match, Place
from asl_lint.facts.status_words import Outcomes, outcomes
from asl_lint.facts.values import alternatives, shown
from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer, is_unknown

if TYPE_CHECKING:
    from asl_lint.facts.environments import Environment
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]

_DEFAULT: Final = -1


class _Way(NamedTuple):
    """A rule or the Default (-1): the values that go along, those that it names, where it leads and from where to read it."""

    number: int
    values: frozenset[str]
    named: frozenset[str]
    edge: Edge
    pointer: Pointer
    is_plain: bool
    """Whether nothing is kept or set on the way."""


class _Choice:
    """A Choice over one subject, whose values say how something came out."""

    def __init__(self, facts: "Facts", state: State, subject: Subject, ways: list[_Way], said: Outcomes) -> None:
        self.state = state
        self.subject = subject
        self.ways = ways
        self.said = said
        self.calls = facts.calls
        self.graph: FlowGraph = facts.graph.of(state.scope)
        self.named = frozenset().union(*(way.named for way in ways))
        node = self.graph.numbers[state.name]
        self.back = {way.number for way in ways if node in _reached(self.graph, way.edge.target)}
        self.failing = {way.number for way in ways if self._only_fails(way)}

    def _only_fails(self, way: _Way) -> bool:
        reached = _reached(self.graph, way.edge.target)
        return self.graph.succeeded not in reached and self.graph.failed in reached

    def goes(self, value: str) -> list[_Way]:
        """The ways that a value may take, in their order."""
        return [way for way in self.ways if value in way.values]


def status_choice_faults(facts: "Facts", state: State) -> Iterator[Observed]:
    """Observations about a Choice in which no comparison is wrong by itself."""
    for subject in subjects(facts, state):
        before = facts.types.before(state)
        texts = None if before is None else texts_at(before, subject)
        said = outcomes(texts) if texts is not None else None
        ways = None if said is None else _ways(facts, state, subject)
        if said is not None and ways is not None:
            choice = _Choice(facts, state, subject, ways, said)
            yield from _taken_for_success(choice)
            yield from _taken_for_failure(choice)
            yield from _left_out(choice)


def _ways(facts: "Facts", state: State, subject: Subject) -> list[_Way] | None:
    graph = facts.graph.of(state.scope)
    if not graph.is_complete:
        return None
    found: list[_Way] = []
    for edge in graph.out[graph.numbers[state.name]]:
        if edge.kind not in ("rule", "default"):
            continue
        is_rule = edge.kind == "rule"
        known: Environment | None = facts.types.taken(state, edge.index) if is_rule else facts.types.left(state)
        values = frozenset[str]() if known is None else texts_at(known, subject)
        holder: Mapping[str, Any] = state.body["Choices"][edge.index] if is_rule else state.body
        if values is None or is_unknown(holder):
            return None
        pointer = (*state.pointer, "Choices", edge.index) if is_rule else (*state.pointer, "Default")
        named = named_texts(facts, state, edge.index, subject) if is_rule else frozenset[str]()
        is_plain = "Assign" not in holder and "Output" not in holder
        found.append(_Way(edge.index if is_rule else _DEFAULT, values, named, edge, pointer, is_plain))
    return found


def _reached(graph: FlowGraph, start: int) -> set[int]:
    """The nodes that control may come to from one, errors that nobody catches left aside."""
    found, waiting = {start}, [start]
    while waiting:
        for edge in graph.out[waiting.pop()]:
            if edge.target not in found and edge.kind != "error":
                found.add(edge.target)
                waiting.append(edge.target)
    return found


# --- on the way of success --------------------------------------------------------------------------------------------------


def _taken_for_success(choice: _Choice) -> Iterator[Observed]:
    """A failed or unfinished value that no rule names goes with the success, where another one goes to a failure."""
    said = choice.said
    bad = said.failed | said.unfinished | said.ending
    if not any(way.values & bad and way.number in choice.failing for way in choice.ways):
        return
    for way in choice.ways:
        lost = sorted((way.values & bad) - choice.named)
        if not lost or way.number in choice.failing or way.number in choice.back:
            continue
        good = [other for other in choice.ways if other.values & said.succeeded and _is_same(way, other)]
        ends = choice.graph.succeeded in {edge.target for edge in choice.graph.out[way.edge.target]} and way.is_plain
        if not good and not (ends and choice.state.scope.states[_target(choice, way)].type == "Succeed"):
            continue
        if _is_read_again(choice, way):
            continue
        values = {"values": _listed(lost), "subject": choice.subject.written, "target": _target(choice, way)}
        yield "failed-status-as-success", Match(way.pointer, values)


def _is_same(way: _Way, other: _Way) -> bool:
    return way.number == other.number or (way.edge.target == other.edge.target and way.is_plain and other.is_plain)


def _is_read_again(choice: _Choice, way: _Way) -> bool:
    """Whether a Choice behind looks at the same value once more."""
    graph = choice.graph
    name = choice.subject.word
    for node in _reached(graph, way.edge.target):
        state = graph.state(node)
        if state is not None and state is not choice.state and state.type == "Choice" and name in str(state.body.get("Choices")):
            return True
    return False


def _taken_for_failure(choice: _Choice) -> Iterator[Observed]:
    """The one value that says success is named by no rule, and goes to a failure with others."""
    said = choice.said
    graph = choice.graph
    if said.succeeded & choice.named or not _reached(graph, graph.start).issuperset(range(len(graph.states))):
        return  # a state that nothing leads to any more is told of
    for way in choice.ways:
        lost = sorted(way.values & said.succeeded)
        if lost and way.number in choice.failing and way.values & said.failed:
            values = {"values": _listed(lost), "subject": choice.subject.written, "target": _target(choice, way)}
            yield "success-status-as-failure", Match(way.pointer, values)


# --- polls ------------------------------------------------------------------------------------------------------------------


def _left_out(choice: _Choice) -> Iterator[Observed]:
    """Values of unfinished work that do not go the way on which others of that kind go back and wait, or give up."""
    said = choice.said
    unfinished = said.unfinished | said.ending
    waits = {value for value in unfinished if any(way.number in choice.back for way in choice.goes(value))}
    if not waits:
        yield from _asked_once(choice)
        return
    some = False
    for value in sorted(unfinished):
        observed = _left_by(choice, value, unfinished, waits)
        if observed is not None:
            some = True
            yield observed
    if not some:
        yield from _never_stopped(choice, sorted(waits))


def _left_by(choice: _Choice, value: str, unfinished: frozenset[str], waits: set[str]) -> Observed | None:
    """That one value leaves where others of its kind stay."""
    ways = [way for way in choice.goes(value) if way.number not in choice.back]
    if not waits - {value} or not ways:
        return None
    way = ways[0]
    if value not in waits:
        forgotten = value not in choice.named and value in choice.said.unfinished
        gives_up = bool(way.values & waits) and way.values <= unfinished
        return _leaves(choice, value, way, sorted(waits)) if forgotten or gives_up else None
    if value in way.named or way.values <= unfinished:
        return None
    # Others that waited with it have a rule of their own when they have waited long enough.
    kept = [w for w in choice.ways if w.number not in choice.back and w.values and w.values <= waits and w.values & w.named]
    if not kept or any(value in w.values for w in kept):
        return None
    return _leaves(choice, value, way, sorted(kept[0].values & kept[0].named), kept[0])


def _never_stopped(choice: _Choice, waits: list[str]) -> Iterator[Observed]:
    """Work that was waited for long enough is left running, where the machine could stop it."""
    given_up = [value for value in waits if any(_is_given_up(choice, way, value) for way in choice.goes(value))]
    stop = _stop_elsewhere(choice, given_up) if given_up else None
    if stop is not None:
        way = next(way for way in choice.goes(given_up[0]) if _is_given_up(choice, way, given_up[0]))
        problem = f"the work is not over where {choice.subject.written} is {_listed(given_up)}, and nothing stops it"
        values = {"subject": choice.subject.written, "target": _target(choice, way), "problem": problem}
        related = (Place(stop.pointer, "it could be stopped here", "key"),)
        yield "unfinished-status-left-out", Match(way.pointer, values, related=related)


def _is_given_up(choice: _Choice, way: _Way, value: str) -> bool:
    """Whether a value that is waited for goes, where that has gone on for long enough, with those of failed work."""
    return way.number not in choice.back and value not in way.named and bool(way.values & choice.said.failed)


def _stop_elsewhere(choice: _Choice, values: list[str]) -> State | None:
    """A state of the scope that stops such work, which no way that the values give up by comes to."""
    calls = choice.calls
    graph = choice.graph
    started = {call.service for call in calls.values() if call.action is not None and call.action.startswith("describe")}
    stops = [
        node
        for node, state in enumerate(graph.states)
        if (call := calls.get(state.number)) is not None
        and call.service in started
        and (call.action or "").startswith(("stop", "cancel", "abort", "terminate"))
    ]
    ways = [way for value in values for way in choice.goes(value) if way.number not in choice.back]
    reached = {node for way in ways for node in _reached(graph, way.edge.target)}
    return graph.states[stops[0]] if stops and not reached & set(stops) else None


def _asked_once(choice: _Choice) -> Iterator[Observed]:
    """Behind a Wait somebody asks how the work is, and does not ask again where it is not over."""
    lost = sorted(value for value in choice.said.unfinished if choice.goes(value))
    wait = _wait_before(choice) if lost else None
    if wait is not None:
        way = choice.goes(lost[0])[0]
        problem = f"the work is not over where {choice.subject.written} is {_listed(lost)}, and nothing asks again"
        values = {"subject": choice.subject.written, "target": _target(choice, way), "problem": problem}
        related = (Place(wait.pointer, "it is waited here, once", "key"),)
        yield "unfinished-status-left-out", Match(way.pointer, values, related=related)


def _wait_before(choice: _Choice) -> State | None:
    """The Wait after which the status is asked for: it leads to the Choice by one state, that of the call."""
    graph = choice.graph
    for asking in graph.into[graph.numbers[choice.state.name]]:
        state = graph.state(asking.source)
        if state is not None and state.type == "Task":
            for edge in graph.into[asking.source]:
                before = graph.state(edge.source)
                if before is not None and before.type == "Wait":
                    return before
    return None


def _leaves(choice: _Choice, value: str, way: _Way, others: list[str], kept: _Way | None = None) -> Observed:
    back = kept or next(w for w in choice.ways if w.number in choice.back and w.values & set(others))
    what = "is waited for here" if kept is None else "goes here"
    related = (Place(back.pointer, f"{_listed(others)} {what}"),)
    verb = "is" if len(others) == 1 else "are"
    said = f"{_listed(others)} {verb} {'waited for' if kept is None else 'taken elsewhere'}"
    problem = f"the work is not over where {choice.subject.written} is {shown(value)}, and {said}"
    values = {"subject": choice.subject.written, "target": _target(choice, way), "problem": problem}
    return "unfinished-status-left-out", Match(way.pointer, values, related=related)


def _target(choice: _Choice, way: _Way) -> str:
    state = choice.graph.state(way.edge.target)
    return state.name if state is not None else "the end"


def _listed(values: list[str]) -> str:
    return alternatives([shown(value) for value in values], "and")
