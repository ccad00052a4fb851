"""How long a lock lasts, where its expiry is written as a time from now, and how long the work under it can take.

Read are sums of numbers and of the clock, in seconds or milliseconds: ``$floor($millis() / 1000) + 900``. Nothing else is known.
"""

from collections.abc import Iterator

from asl_lint.expressions.jsonata.nodes import Binary, Call, Node, Number, Variable
from asl_lint.facts.amounts import INFINITE, Amount, number
from asl_lint.facts.cells import Cell, bare, cell_of_node
from asl_lint.facts.graph import FlowGraph
from asl_lint.facts.item_writes import ItemWrite, expiry_names
from asl_lint.facts.locks import Lock
from asl_lint.facts.time_limits import timeout
from asl_lint.facts.ways import Longest
from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts


class Lease(NamedTuple):
    """The seconds that a lock lasts, and where its end is written."""

    pointer: Pointer
    seconds: float


def lease(write: ItemWrite) -> Lease | None:
    """The lease with which a write takes a lock; None where that is not known."""
    names = expiry_names(write)
    found = [one for pointer, value in _expiries(write, names) if (one := _lease(pointer, value)) is not None]
    return found[0] if len(found) == 1 else None


def _expiries(write: ItemWrite, names: frozenset[str]) -> Iterator[tuple[Pointer, Any]]:
    """The values that a write gives to the attributes of these names, and where they are written."""
    if write.act == "put":
        for name, value in write.key.items():
            if name.removesuffix(".$") in names:
                yield (*write.pointer, "Item", name), value
    for one in write.update or ():
        if one.value is not None and one.value in write.values and write.attribute(one.attribute) in names:
            yield (*write.pointer, "ExpressionAttributeValues", one.value), write.values[one.value]


def _lease(pointer: Pointer, value: Any) -> Lease | None:
    text = value.get("N") if isinstance(value, dict) else None
    if not isinstance(text, str) or not text.startswith("{%"):
        return None
    from asl_lint.expressions.jsonata import parse

    tree, errors = parse(text[2:-2])
    moment = None if errors else _moment(tree)
    if moment is None or moment.per_milli not in _UNITS:
        return None
    return Lease((*pointer, "N"), moment.more / _UNITS[moment.per_milli])


class _Moment(NamedTuple):
    """A time: ``per_milli`` times the milliseconds of the clock, and ``more``."""

    per_milli: float
    more: float


_UNITS: Final = {1.0: 1000.0, 0.001: 1.0}
"""How a time counts the clock's milliseconds -> how many of its units a second has."""
_ROUNDING: Final = ("floor", "round", "ceil", "string", "number")


def _moment(node: Node) -> _Moment | None:
    """An expression as a time, or as a number, which is no part of the clock."""
    node = bare(node)
    if isinstance(node, Number):
        return _Moment(0, node.value)
    if isinstance(node, Call) and isinstance(node.function, Variable):
        return _of_call(node.function.name, node.arguments)
    if not isinstance(node, Binary):
        return None
    left, right = _moment(node.left), _moment(node.right)
    if left is None or right is None:
        return None
    if node.operator in ("+", "-"):
        sign = 1 if node.operator == "+" else -1
        return _Moment(left.per_milli + sign * right.per_milli, left.more + sign * right.more)
    if node.operator == "/" and not right.per_milli and right.more:
        return _Moment(left.per_milli / right.more, left.more / right.more)
    if node.operator == "*" and not (left.per_milli and right.per_milli):
        fixed, other = (right, left) if left.per_milli else (left, right)
        return _Moment(other.per_milli * fixed.more, other.more * fixed.more)
    return None


def _of_call(name: str, arguments: tuple[Node, ...]) -> _Moment | None:
    if name == "millis" and not arguments:
        return _Moment(1, 0)
    if name in _ROUNDING and arguments:
        return _moment(arguments[0])
    if name == "toMillis" and len(arguments) == 1 and _is_now(bare(arguments[0])):
        return _Moment(1, 0)
    return None


def _is_now(node: Node) -> bool:
    """Whether an expression is the present time: the clock, or when the state was entered."""
    if isinstance(node, Call):
        return isinstance(node.function, Variable) and node.function.name == "now" and not node.arguments
    return cell_of_node(node) == Cell("context", "", ("State", "EnteredTime"))


# --- the work under a lock ----------------------------------------------------------------------------------------------------


class Work(NamedTuple):
    """The most seconds between the taking of a lock and its release; ``is_cut``: they would be more but for the time-out."""

    seconds: float
    is_cut: bool


def longest_work(facts: "Facts", lock: Lock) -> Work | None:
    """How long the work under a lock can take, without calls of which nobody says how long they are; None where it goes on in
    another scope, or has no bound.
    """
    taken = lock.write.call.state
    releases = {release.state.name for release in lock.duty.releases if release.state.scope is taken.scope}
    graph = facts.graph.of(taken.scope)
    if not releases or not graph.is_complete:
        return None
    begin = {edge.target: 0 for edge in graph.out[graph.numbers[taken.name]] if edge.kind in ("next", "end")}
    reached = Longest(_known_lengths(facts, graph)).from_nodes(facts.budgets.layout(taken.scope), begin)
    found = [number(reached[node]) for name in releases if (node := graph.numbers[name]) in reached]
    if not found:
        return None
    longest = max(INFINITE if one is None else one for one in found)
    end = timeout(facts)
    if end is not None and end < longest:
        return Work(end, True)
    return None if longest == INFINITE else Work(longest, False)


def _known_lengths(facts: "Facts", graph: FlowGraph) -> list[Amount]:
    """The seconds of each edge, none for a state that is unbounded only because its calls have no time limit of their own: they
    answer at once, mostly.
    """
    lengths = list(facts.budgets.spent("seconds")[graph.scope.pointer].lengths)
    for node, state in enumerate(graph.states):
        if state.type in ("Task", "Parallel", "Map") and not _lasts(state):
            for edge in graph.out[node]:
                if number(lengths[edge.number]) is None:
                    lengths[edge.number] = 0
    return lengths


def _lasts(state: State) -> bool:
    """Whether a Task returns when a job or a person is done, however long that takes."""
    resource = state.body.get("Resource")
    return isinstance(resource, str) and (
        resource.endswith((".sync", ".sync:2", ".waitForTaskToken")) or ":activity:" in resource
    )
