"""Where control can go: targets that exist, states that are reached, and an end that can be.

What the service says of the same was recorded: a state that no transition targets is refused; an island of states that target
each other is not known to be, so it is reported with less certainty. Linear in states and transitions.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from asl_lint.facts.match import Match, Place
from asl_lint.model.machine import STATE_TYPES, Scope, State, StateMachine, Transition
from asl_lint.near import near
from asl_lint.source.document import Document, Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder

Observed = tuple[str, Match]

_MOST_COMPARISONS = 50_000
"""Names that are compared for near ones in one scope, so that a huge machine with many faults stays linear."""


def flow_faults(machine: StateMachine, document: Document) -> Iterator[Observed]:
    """Observations about transitions, reachability and ends, scope by scope."""
    homes: dict[str, State] = {}
    for state in machine.states:
        homes.setdefault(state.name, state)
    has_end = True
    for scope in machine.scopes:
        if not scope.states or _is_damaged(scope, document) or _is_sound(scope):
            continue
        arrows = [(state, state.transitions()) for state in scope.states.values()]
        meant: set[str] = set()
        if any(is_unknown(name) for name in scope.states):
            continue  # the deployment names states: any target may be one of them
        yield from _unknown_targets(scope, arrows, homes, meant)
        if scope.kind == "machine":
            has_end = any(_may_end(state) for state in scope.states.values())
            if not has_end:
                where = (*scope.pointer, "States")
                yield "no-terminal-state", Match(where, {"object": "the state machine"}, "key", help=_END_HELP)
                continue  # the service then says nothing of unreachable states, and neither do we
        yield from _unreachable(scope, arrows, meant)


_END_HELP = 'a state ends the machine if it is a Succeed or Fail state or has "End": true'


def _is_sound(scope: Scope) -> bool:
    """Whether there is plainly nothing to tell of a scope: all arrows lead to its states, all are reached, and one ends it."""
    start, arrows = scope.start, scope.arrows
    if start is None or not arrows.are_known or not any(state.is_terminal for state in scope.states.values()):
        return False
    reached = {scope.positions[start.name]}
    pending = list(reached)
    while pending:
        for target in arrows.targets[pending.pop()]:
            if target not in reached:
                reached.add(target)
                pending.append(target)
    return len(reached) == len(scope.states)


def _is_damaged(scope: Scope, document: Document) -> bool:
    if not document.damaged:
        return False
    states: Pointer = (*scope.pointer, "States")
    damaged = document.damaged
    return scope.pointer in damaged or states in damaged or any(_state_is_damaged(s, document) for s in scope.states.values())


def _state_is_damaged(state: State, document: Document) -> bool:
    """Whether a transition of the state may have been lost: in its own text, its Choices or its Catch."""
    length = len(state.pointer)
    return any(p[:length] == state.pointer and (len(p) == length or p[length] in ("Choices", "Catch")) for p in document.damaged)


def _unknown_targets(
    scope: Scope, arrows: list[tuple[State, Sequence[Transition]]], homes: dict[str, State], meant: set[str]
) -> Iterator[Observed]:
    start = scope.body.get("StartAt")
    pointer: Pointer = (*scope.pointer, "StartAt")
    written = [(start, pointer, "StartAt")] if isinstance(start, str) else []
    written += [(t.target, t.pointer, str(t.pointer[-1])) for _, out in arrows for t in out if isinstance(t.target, str)]
    comparisons = _MOST_COMPARISONS
    for target, where, field in written:
        if target in scope.states or has_placeholder(target):
            continue
        hint: str | None = None
        related: tuple[Place, ...] = ()
        near_name = near(target, islice(scope.states, comparisons))
        comparisons = max(comparisons - len(scope.states), 0)
        if near_name is not None:
            hint = f'did you mean "{near_name}"?'
            meant.add(near_name)
        elif target in homes:
            related = (Place(homes[target].pointer, f'"{target}" is here', "key"),)
            hint = "a transition cannot enter or leave a branch or an item processor"
        elif target.startswith(("$", "{%")):
            hint = "nothing is evaluated here: a Choice state decides between states"
        yield "unknown-transition-target", Match(where, {"target": target, "field": field}, help=hint, related=related)


def _may_end(state: State) -> bool:
    if state.is_terminal or _lacks_next(state):  # where neither Next nor End is right, that is told
        return True
    kind = state.body.get("Type")
    # A type that is missing or no type at all is a fault of its own; what such a state does is unknown.
    return kind not in STATE_TYPES and "Next" not in state.body


def _unreachable(scope: Scope, arrows: list[tuple[State, Sequence[Transition]]], meant: set[str]) -> Iterator[Observed]:
    """States that nothing leads to. What a misspelt transition was meant for (``meant``) counts as led to: that fault is told."""
    start = scope.body.get("StartAt")
    if not isinstance(start, str) or has_placeholder(start):
        return
    successors: dict[str, list[str]] = {}
    targeted: set[str] = {start} | meant
    for state, out in arrows:
        if _may_lead_anywhere(state, out):
            return
        targets = [t.target for t in out]
        successors[state.name] = known = [t for t in targets if isinstance(t, str) and t in scope.states]
        targeted.update(t for t in known if t != state.name)
    reached = _reach([name for name in scope.states if name == start or name in meant], successors)
    for name, state in scope.states.items():
        if name in reached:
            continue
        if name not in targeted:
            targets_itself = name in successors[name]
            yield "unreachable-state", Match(state.pointer, {"state": name}, "key", sure=not targets_itself)
            reached |= _reach([name], successors)
    if start not in scope.states:
        return
    for name, state in scope.states.items():
        if name not in reached:
            island = _reach([name], successors)
            reached |= island
            hint = "the states that lead here are not reached either" if len(island) > 1 else None
            yield "unreachable-state", Match(state.pointer, {"state": name}, "key", help=hint, sure=False)


def _lacks_next(state: State) -> bool:
    return state.type not in ("Choice", "Succeed", "Fail") and "Next" not in state.body and not state.is_terminal


def _may_lead_anywhere(state: State, out: Sequence[Transition]) -> bool:
    """Whether a transition is left to the deployment, or a Next that is missing or misspelt was to lead somewhere."""
    if _lacks_next(state) or is_unknown(state.name) or is_unknown(state.body) or any(is_unknown(t.target) for t in out):
        return True
    return any(_holds_unknown(state.body.get(field)) for field in ("Choices", "Catch"))


def _holds_unknown(rules: object) -> bool:
    return is_unknown(rules) or (isinstance(rules, list) and any(is_unknown(rule) for rule in rules))


def _reach(start: list[str], successors: dict[str, list[str]]) -> set[str]:
    seen, pending = set(start), list(start)
    while pending:
        for target in successors[pending.pop()]:
            if target not in seen:
                seen.add(target)
                pending.append(target)
    return seen
