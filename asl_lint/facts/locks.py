"""Locks: items of DynamoDB that a conditional write takes and that the same machine frees again.

A conditional write alone is no lock: it may be a record that is to be there once. It counts as one where the machine also frees
what it wrote (deletes it, or makes its condition hold again), and either the names speak of a lock or every way to success on
which nothing fails gives it back. Costs nothing without a write under a condition.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from asl_lint.facts.calls import Call
from asl_lint.facts.dataflow import Effect
from asl_lint.facts.duties import Duties, Duty, Release
from asl_lint.facts.error_sets import ErrorSet, these
from asl_lint.facts.graph import Edge
from asl_lint.facts.identity import Comparison, compare
from asl_lint.facts.item_pairs import ItemPairs
from asl_lint.facts.item_writes import (
    Item,
    ItemWrite,
    holds,
    item_after,
    item_write,
    lease_of,
    tested_attributes,
)
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.nesting import EdgeKey, Point, Takes
from asl_lint.facts.paths import Question, Solution
from asl_lint.facts.values import shown
from asl_lint.late import Any, Final, Literal, NamedTuple, Pattern

Manner = Literal["frees", "settles", "perhaps"]
"""What another write of the same item does to a lock: the next one can take it; it is done with, in another way; nobody knows."""

_LOCK: Final = Pattern(r"lock|mutex|semaphore|lease|mutual.?exclu", re.IGNORECASE)
_WRITES: Final = ("putItem", "updateItem", "deleteItem", "transactWriteItems")


class Freeing(NamedTuple):
    """A write that ends the hold of a lock: how, and whether it is of the same item."""

    write: ItemWrite
    manner: Manner
    same: Comparison


class Lock(NamedTuple):
    """A write that takes a lock, and those that give it back. ``has_lease``: it runs out by itself."""

    write: ItemWrite
    freeings: tuple[Freeing, ...]
    has_lease: bool

    @property
    def duty(self) -> Duty:
        """What taking it obliges to."""
        releases = tuple(
            Release(one.write.call.state, one.same.cells if one.same.relation == "same" and one.manner != "perhaps" else None)
            for one in self.freeings
        )
        return Duty(self.write.call.state, releases, refusals(self.write.call))

    @property
    def is_named(self) -> bool:
        """Whether the state or the table is called a lock."""
        texts = [self.write.call.state.name, *map(str, self.write.table.values())]
        return any(_LOCK.search(text) for text in texts)

    @property
    def name(self) -> str:
        """The table, as it is written."""
        return shown(next(iter(self.write.table.values())))


def refusals(call: Call) -> ErrorSet:
    """The errors with which a conditional write is refused, by how the call's integration spells them (recorded)."""
    prefix = "DynamoDb" if call.kind == "sdk" else "DynamoDB"
    if call.action == "transactWriteItems":
        return these(f"{prefix}.TransactionCanceledException")
    return these(f"{prefix}.ConditionalCheckFailedException")


def locks(facts: Facts) -> list[Lock]:
    """The locks that the machine takes, in the order of its states."""
    calls = [call for call in facts.calls.values() if call.service == "dynamodb" and call.action in _WRITES]
    writes = [write for call in calls if (write := item_write(call)) is not None]
    if facts.document.damaged or len(writes) < 2 or not any(write.condition is not None for write in writes):
        return []
    pairs = ItemPairs(writes)
    found = [lock for write in writes if (lock := _lock(write, pairs)) is not None]
    return [lock for lock, is_meant in zip(found, _are_meant(facts, found), strict=True) if is_meant]


def _lock(write: ItemWrite, pairs: ItemPairs) -> Lock | None:
    """The lock that a write takes if it is one: not to be taken twice, and freed somewhere."""
    if write.act == "delete" or write.condition is None:
        return None
    item = item_after(write)
    free = item_after(write._replace(act="delete"))
    assert free is not None
    if item is None or holds(write, free, other_run=False) is False:
        return None  # it needs an item that is there already
    if holds(write, item, other_run=True) is not False and holds(write, item, other_run=False) is not False:
        return None
    freeings = tuple(_freeings(write, item, pairs))
    if not any(one.manner == "frees" and one.same.relation == "same" for one in freeings):
        return None
    return Lock(write, freeings, lease_of(write))


def _freeings(write: ItemWrite, item: Item, pairs: ItemPairs) -> Iterator[Freeing]:
    for other in pairs.beside(write):
        same = same_item(write, other)
        if same.relation != "different":
            manner = _manner(write, item, other)
            if manner is not None:
                yield Freeing(other, manner, same)


def same_item(write: ItemWrite, other: ItemWrite) -> Comparison:
    """Whether two writes are of the same item, as far as the text says."""
    first, second = write.call.state, other.call.state
    tables = compare(write.table, other.table, first, second)
    if write.act == "put" and other.act == "put":
        return tables & Comparison("unknown")  # which members make the key only the table knows
    if other.act == "put":
        return tables & compare(other.key, write.key, second, first, within=True)
    return tables & compare(write.key, other.key, first, second, within=write.act == "put")


def _manner(write: ItemWrite, item: Item, other: ItemWrite) -> Manner | None:
    """What the other write does to the lock that ``write`` took; None: it leaves it as it is."""
    if other.act == "delete":
        return "frees"
    if other.act == "put":
        return "perhaps"
    after = item_after(other, item)
    if after is None:
        return "perhaps"
    for other_run in (True, False):
        if holds(write, item, other_run) is False and holds(write, after, other_run) is not False:
            return "frees"
    tested = tested_attributes(write)
    if any(name in tested and after.get(name) != item.get(name) for name in _written(other)):
        return "settles"
    return None


def _written(write: ItemWrite) -> list[str]:
    return [name for one in write.update or () if (name := write.attribute(one.attribute)) is not None]


def _are_meant(facts: Facts, found: Sequence[Lock]) -> list[bool]:
    """Of each, whether it is meant as a lock: so named, or given back on every way to success on which nothing fails."""
    named = [lock.is_named for lock in found]
    if all(named):
        return named

    def is_fault_free(edge: Edge) -> bool:
        return edge.kind not in ("catch", "error")

    duties = Duties(facts, [lock.duty for lock in found])
    solution = duties.held(is_fault_free)
    reached = Duties(facts, [lock.duty._replace(releases=()) for lock in found]).held(is_fault_free)
    kept, begun = duties.open_at_ends(solution, ("succeeded",)), duties.open_at_ends(reached, ("succeeded",))
    return [is_named or (not kept >> i & 1 and bool(begun >> i & 1)) for i, is_named in enumerate(named)]


# --- faults of a lock --------------------------------------------------------------------------------------------------------

_HARMLESS: Final = (
    "ProvisionedThroughputExceededException", "RequestLimitExceeded", "RequestLimitExceededException", "ThrottlingException",
    "TransactionInProgressException", "ResourceNotFoundException", "ItemCollectionSizeLimitExceededException",
)  # fmt: skip
"""Errors after which nothing was written."""


def is_repeated_blindly(lock: Lock) -> bool:
    """Whether a Retry repeats the taking although the first attempt may have taken it: its answer was lost."""
    prefix = "DynamoDb" if lock.write.call.kind == "sdk" else "DynamoDB"
    harmless = these(*(f"{prefix}.{name}" for name in _HARMLESS)) | refusals(lock.write.call)
    left = ~these()
    for retrier, errors in retriers(lock.write.call):
        if retrier.get("MaxAttempts", 3) != 0 and not ((errors & left) - harmless).is_empty:
            return True
        left -= errors
    return False


def retriers(call: Call) -> list[tuple[Mapping[str, Any], ErrorSet]]:
    """The Retriers of a call's state, each with the errors that it names."""
    from asl_lint.facts.error_sets import matched_by

    retry = call.state.body.get("Retry")
    found = []
    for one in retry if isinstance(retry, list) else ():
        names = one.get("ErrorEquals") if isinstance(one, Mapping) else None
        if isinstance(names, list):
            found.append((one, matched_by([name for name in names if isinstance(name, str)])))
    return found


def refuses_itself(lock: Lock) -> bool:
    """Whether the condition is false for the execution that has just taken the lock."""
    item = item_after(lock.write)
    return item is not None and holds(lock.write, item, other_run=False) is False


def after_refusal(facts: Facts, found: Sequence[Lock], takes: Takes) -> Solution:
    """Where an execution can be that was refused, and has neither tried again nor given back since: bit i for the i-th lock.

    Only a Catcher counts: an execution that fails there and then has told everybody.
    """
    nesting = facts.nesting
    nodes: dict[Point, Effect] = {}
    edges: dict[EdgeKey, Effect] = {}
    for i, lock in enumerate(found):
        bit = 1 << i
        for state in (lock.write.call.state, *(one.write.call.state for one in lock.freeings)):
            point = nesting.point(state)
            nodes[point] = Effect(0, (nodes[point].kill if point in nodes else 0) | bit)
        for key, _ in refused_edges(facts, lock):
            edges[key] = Effect((edges[key].gen if key in edges else 0) | bit)
    return Solution(nesting, Question(nodes, edges, must=False, takes=takes))


def is_refusal_handled(facts: Facts, lock: Lock) -> bool:
    """Whether a Catcher takes the refusal, at the state or around it, or a Retry waits for the lock."""
    errors = refusals(lock.write.call)
    if any(not (names & errors).is_empty and one.get("MaxAttempts", 3) != 0 for one, names in retriers(lock.write.call)):
        return True
    point: Point | None = facts.nesting.point(lock.write.call.state)
    while point is not None:
        g, node = point
        out = facts.nesting.graphs[g].out[node]
        if any(edge.kind == "catch" and edge.errors is not None and not (edge.errors & errors).is_empty for edge in out):
            return True
        point = facts.nesting.parents[g]
    return False


def refused_edges(facts: Facts, lock: Lock) -> list[tuple[EdgeKey, Edge]]:
    """The edges of Catchers that are taken when the lock is refused."""
    g, node = facts.nesting.point(lock.write.call.state)
    errors = refusals(lock.write.call)
    return [
        ((g, edge.number), edge)
        for edge in facts.nesting.graphs[g].out[node]
        if edge.kind == "catch" and edge.errors is not None and not (edge.errors & errors).is_empty
    ]
