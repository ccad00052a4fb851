"""Whether a test inside a loop reads something that the loop itself moves: then not only the outside ends it.

Follows cells from the tests against the assignments inside the loop. The clock, and whatever is not understood, count as moved.
"""

from collections.abc import Iterator, Mapping

from asl_lint.expressions.jsonpath import parse_path
from asl_lint.facts.cells import Cell, cell_of_path
from asl_lint.facts.effects import Effect
from asl_lint.facts.graph import Edge
from asl_lint.facts.jsonata_conditions import expression_tree
from asl_lint.facts.jsonata_effects import reads_of
from asl_lint.facts.jsonpath_conditions import base_of, cell_at
from asl_lint.facts.regions import Region
from asl_lint.late import Any, Final, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown

_DEEPEST: Final = 40


class Inside(NamedTuple):
    """What makes it impossible to say that only the outside ends a loop."""

    reason: str


CLOCK: Final = Inside("the clock or the context object is tested in it")
UNREAD: Final = Inside("a test in it is not understood")


def inner_cells(region: Region, known: Cell | None = None) -> Inside | None:
    """The first thing that the loop's tests read and the loop itself moves; None if there is none. ``known`` is left out."""
    for node in region.nodes:
        state = region.graph.states[node]
        if state.type != "Choice":
            continue
        for read in _reads(state):
            if isinstance(read, Inside):
                return read
            if known is not None and read.place == known.place:
                continue
            if _is_moved(region, node, read):
                return Inside(f"{read.spelled(state.language)} is tested and changed in it, in a way that is not understood")
    return None


def settled_before(region: Region) -> list[Cell] | None:
    """What the tests at every way out read, if nothing inside changes it: such a loop is left in its first turn or never.

    None where something that they read is changed or not understood, and where something besides a test leads out.
    """
    graph, nodes = region.graph, set(region.nodes)
    leaving = [edge for node in region.nodes for edge in graph.out[node] if edge.target not in nodes and edge.kind != "error"]
    if any(edge.kind not in ("rule", "default") for edge in leaving):
        return None
    cells: dict[Cell, None] = {}
    for node in dict.fromkeys(edge.source for edge in leaving):
        for read in _reads(graph.states[node]):
            if isinstance(read, Inside) or read.root == "context" or region.changes(read):
                return None
            cells[read] = None
    return list(cells) or None


def _is_moved(region: Region, node: int, cell: Cell) -> bool:
    """Whether the loop decides what the cell is at the node: the last change before it is not the outside's."""
    pending, seen = [(node, cell)], {(node, cell)}
    while pending:
        at, wanted = pending.pop()
        for edge, made in _last_changes(region, at, wanted):
            if made.kind == "outside":
                continue
            if made.kind != "computed" or not made.mixed:
                return True
            for read in made.reads:
                if read.root == "context" or (edge.source, read) in seen:
                    continue
                if any(read.holds(other) or other.holds(read) for _, other in seen):
                    return True
                seen.add((edge.source, read))
                pending.append((edge.source, read))
    return False


def _last_changes(region: Region, node: int, cell: Cell) -> Iterator[tuple[Edge, Effect]]:
    """The edges inside the region that last change the cell before the node is reached, and what they do."""
    changes = {edge.number: made for edge, made in region.changes(cell)}
    if not changes:
        return
    into = region.into
    seen, pending = {node}, [node]
    while pending:
        edges = into.get(pending.pop(), ())
        region.work.spend(len(edges))
        for edge in edges:
            if edge.number in changes:
                yield edge, changes[edge.number]
            elif edge.source not in seen:
                seen.add(edge.source)
                pending.append(edge.source)


def _reads(state: State) -> Iterator[Cell | Inside]:
    rules = state.body.get("Choices")
    for rule in rules if isinstance(rules, list) else ():
        if not isinstance(rule, Mapping) or is_unknown(rule) or not state.is_language_known:
            yield UNREAD
        elif state.language == "JSONata":
            yield from _reads_of_condition(rule.get("Condition"))
        else:
            yield from _reads_of_rule(rule, base_of(state.body.get("InputPath", "$")))


def _reads_of_condition(value: object) -> Iterator[Cell | Inside]:
    if isinstance(value, bool):
        return
    tree = expression_tree(value) if isinstance(value, str) else None
    if tree is None:
        yield UNREAD
        return
    made = reads_of(tree, "hidden")
    if made.kind == "hidden" or made.kind == "outside" or made.mixed:
        yield CLOCK
    yield from made.reads


def _reads_of_rule(rule: Mapping[str, Any], base: tuple[str | int, ...] | None) -> Iterator[Cell | Inside]:
    pending: list[tuple[object, int]] = [(rule, 0)]
    while pending:
        part, depth = pending.pop()
        if not isinstance(part, Mapping) or is_unknown(part) or depth > _DEEPEST:
            yield UNREAD
            continue
        for name, value in part.items():
            if name in ("And", "Or"):
                pending += [(member, depth + 1) for member in value] if isinstance(value, list) else [(None, depth)]
            elif name == "Not":
                pending.append((value, depth + 1))
            elif name == "Variable" or name.endswith("Path"):
                cell = cell_at(value, base)
                if cell is None:
                    yield _selected(value, base)
                elif cell.root == "context":
                    yield CLOCK
                else:
                    yield cell


def _selected(value: object, base: tuple[str | int, ...] | None) -> Cell | Inside:
    """The place from which a path with filters or wildcards selects."""
    if not isinstance(value, str) or is_unknown(value):
        return UNREAD
    path = parse_path(value)
    if path.errors:
        return UNREAD
    plain = next((i for i, step in enumerate(path.steps) if step.kind not in ("member", "index")), len(path.steps))
    cell = cell_of_path(path._replace(steps=path.steps[:plain]))
    if cell is None:
        return UNREAD
    if cell.root != "input":
        return cell if cell.root == "variable" else CLOCK
    return UNREAD if base is None else cell._replace(members=base + cell.members)
