"""``locks@1``: the locks in DynamoDB that a machine takes are taken and given back with care."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from asl_lint.facts.duties import Duties
from asl_lint.facts.item_writes import can_be_taken_over
from asl_lint.facts.locks import (
    Lock,
    after_refusal,
    is_refusal_handled,
    is_repeated_blindly,
    refused_edges,
    refuses_itself,
    retriers,
)
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, Place
from asl_lint.facts.nesting import Point
from asl_lint.facts.routes import Search, Step, places, route
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.properties.path_question import rounds

if TYPE_CHECKING:
    from asl_lint.facts.loops import Loop


def _values(parameters: Parameters) -> frozenset[str]:
    said = ("state", "lock")
    return frozenset((*said, "problem") if parameters["demand"] == "lease-covers-work" else said)


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    return _DEMANDS[parameters["demand"]](facts) if facts.locks else ()


def _lease(facts: Facts) -> Iterator[Match]:
    for lock in facts.locks:
        if not lock.has_lease:
            yield _of_taking(lock)


def _covered(facts: Facts) -> Iterator[Match]:
    """Locks of which the lease can run out while the work under them goes on, so that another execution has them too."""
    from asl_lint.facts.leases import lease, longest_work

    for lock in facts.locks:
        lasting = lease(lock.write)
        work = None if lasting is None else longest_work(facts, lock)
        if lasting is None or work is None or work.seconds <= lasting.seconds:
            continue
        until = "the machine's TimeoutSeconds allow" if work.is_cut else "the longest way to its release takes"
        problem = f"it lasts {lasting.seconds:,.10g} seconds, and {until} {work.seconds:,.10g}"
        yield Match(lasting.pointer, {**_named(lock), "problem": problem})


def _handled(facts: Facts) -> Iterator[Match]:
    for lock in facts.locks:
        if not is_refusal_handled(facts, lock):
            yield _of_taking(lock)


def _accepts_own(facts: Facts) -> Iterator[Match]:
    """Locks whose taking can be refused to the execution that has just taken them, which then ends as if another had them."""
    found = [lock for lock in facts.locks if is_repeated_blindly(lock) and refuses_itself(lock)]
    if not found:
        return
    graph = facts.nesting.graphs[0]
    goals = frozenset(((0, graph.succeeded), (0, graph.failed)))
    takes, _ = next(rounds(facts, {}))
    solution = after_refusal(facts, found, takes)
    ended = Duties(facts, ()).open_at_ends(solution, ("succeeded", "failed"))
    for i, lock in enumerate(found):
        if ended >> i & 1:
            sources = [((g, edge.target), Step(g, edge)) for (g, _), edge in refused_edges(facts, lock)]
            way = route(facts.nesting, Search(solution, 1 << i, goals, climbs=True), sources, facts.constants)
            if way is not None:
                pointer = (*lock.write.pointer, "ConditionExpression")
                # The first attempt has taken the lock already: nothing on the way says whose it is.
                yield Match(pointer, _named(lock), path=places(facts.nesting, way.steps))


def _retried(facts: Facts) -> Iterator[Match]:
    told: set[int] = set()
    for lock in facts.locks:
        for one in lock.freeings:
            call = one.write.call
            counts = one.manner == "frees" or (one.manner == "settles" and lock.is_named)
            if not counts or one.same.relation != "same" or call.state.number in told:
                continue
            if not any(retrier.get("MaxAttempts", 3) != 0 for retrier, _ in retriers(call)):
                told.add(call.state.number)
                related = (Place(lock.write.call.state.pointer, "taken here", "key"),)
                yield Match(call.state.pointer, {"state": call.state.name, "lock": lock.name}, "key", related=related)


def _owned(facts: Facts) -> Iterator[Match]:
    """Releases that would take the lock from another execution, which has it since the lease ran out."""
    for lock in facts.locks:
        for one in lock.freeings:
            if (
                can_be_taken_over(lock.write)
                and one.manner == "frees"
                and one.same.relation == "same"
                and not one.write.is_conditional
            ):
                call = one.write.call
                related = (Place(lock.write.call.state.pointer, "taken here", "key"),)
                yield Match(call.state.pointer, {"state": call.state.name, "lock": lock.name}, "key", related=related)


def _bounded(facts: Facts) -> Iterator[Match]:
    """Loops that only the outside ends, all the way round with the lock held. Polls of started work are the polls' own matter."""
    endless = [loop for loop in facts.loops if loop.kind == "external" and loop.sure and loop.cycle]
    if not endless:
        return
    from asl_lint.facts.loops import turns_in_time
    from asl_lint.facts.witness import chain

    timeout = facts.machine.body.get("TimeoutSeconds")
    polled = {node for poll in facts.polls if poll.start is not None for node in _points(facts, poll.loop)}
    takes, _ = next(rounds(facts, {}))
    held = Duties(facts, [lock.duty for lock in facts.locks]).held(takes)
    for loop in endless:
        points = _points(facts, loop)
        if polled.intersection(points) or turns_in_time(loop, timeout) is not None:
            continue
        around = [held.before((points[0][0], edge.target)) or 0 for edge in loop.cycle]
        for i, lock in enumerate(facts.locks):
            if all(bits >> i & 1 for bits in around):
                first = loop.graph.states[loop.cycle[0].source]
                related = (Place(lock.write.call.state.pointer, "taken here", "key"),)
                values = {"state": first.name, "lock": lock.name}
                yield Match(first.pointer, values, "key", related=related, path=chain(loop.graph, loop.cycle))


def _points(facts: Facts, loop: "Loop") -> list[Point]:
    g = facts.nesting.numbers[loop.graph.scope.pointer]
    return [(g, node) for node in loop.region.nodes]


def _of_taking(lock: Lock) -> Match:
    return Match(lock.write.call.state.pointer, _named(lock), "key")


def _named(lock: Lock) -> Mapping[str, str]:
    return {"state": lock.write.call.state.name, "lock": lock.name}


_DEMANDS: Final[Mapping[str, Callable[[Facts], Iterator[Match]]]] = {
    "lease": _lease,
    "lease-covers-work": _covered,
    "refusal-handled": _handled,
    "accepts-own": _accepts_own,
    "release-retried": _retried,
    "release-by-owner": _owned,
    "loops-end": _bounded,
}

KIND: Final = Kind(
    name="locks@1",
    summary="The locks that a machine takes are taken and given back with care.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["demand"],
        "properties": {
            "demand": {
                "description": "lease: a lock runs out by itself. lease-covers-work: not before the work under it has ended, as "
                "far as the text says how long both are. refusal-handled: something catches the refusal, or waits. "
                "accepts-own: a repeated taking is not refused by its own first attempt. release-retried: giving back is tried "
                "again. release-by-owner: where a lock can run out, giving back has a condition. loops-end: no loop that only "
                "the outside ends goes round while a lock is held, but polls of work that the machine has started.",
                "enum": list(_DEMANDS),
            },
        },
    },
    values=_values,
    check=_check,
)
