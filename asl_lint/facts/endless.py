"""Whether every test by which a loop could be left comes out against leaving, whatever happens: then it never ends by itself.

Proved where a counter cannot be what is asked for (another remainder, the other side), or keeps its distance from its limit.
Cells of which the loop does anything but step them by integers, or whose first value is not known, prove nothing.
"""

from math import gcd

from asl_lint.facts.cells import Cell
from asl_lint.facts.conditions import NEGATED, Test, edge_condition
from asl_lint.facts.counters import value_before
from asl_lint.facts.regions import Region


def why_never_left(region: Region) -> str | None:
    """Why no way out of the region is ever taken, faults apart; None where one may be."""
    graph, nodes = region.graph, set(region.nodes)
    reasons: dict[str, None] = {}
    for node in region.nodes:
        for edge in graph.out[node]:
            if edge.target in nodes or edge.kind == "error":
                continue
            condition = edge_condition(graph, edge) if edge.kind in ("rule", "default") else None
            if condition is None:
                return None
            for case in condition.cases:
                reason = next((said for test in case if (said := _never(region, test)) is not None), None)
                if reason is None:
                    return None
                reasons[reason] = None
    return " and ".join(reasons) or None


def _never(region: Region, test: Test) -> str | None:
    """Why a test never comes out as it says, told of the counter that it reads."""
    for one in (test, test.mirrored()):
        if one is not None and one.cell is not None and one.operator in NEGATED and one.cell.root != "context":
            operator = one.operator if one.holds else NEGATED[one.operator]
            said = _against_literal(region, one, operator) or _against_cell(region, one, operator)
            if said is not None:
                return said
    return None


def _steps(region: Region, cell: Cell) -> list[tuple[int, int]] | None:
    """The edges that step a cell, by number, and by how much; None where anything else is done to it."""
    changes = region.changes(cell)
    if any(made.kind != "stepped" for _, made in changes):
        return None
    return [(edge.number, made.step) for edge, made in changes]


def _first(region: Region, cell: Cell) -> int | None:
    """The one value that a cell has wherever control enters the region."""
    bounds = value_before(region, cell)
    return bounds[0] if bounds is not None and bounds[0] == bounds[1] else None


def _against_literal(region: Region, test: Test, operator: str) -> str | None:
    assert test.cell is not None
    limit = test.operand.value
    if test.operand.kind != "literal" or type(limit) is not int or test.cell.measure:
        return None
    steps, first = _steps(region, test.cell), _first(region, test.cell)
    if not steps or first is None:
        return None
    amounts = [step for _, step in steps]
    name, upwards, downwards = region.spelled(test.cell), min(amounts) > 0, max(amounts) < 0
    if operator == "=":
        by = gcd(*amounts)
        if (limit - first) % by:
            return f"{name} goes from {first} by {by} and is never {limit}"
        is_past = (upwards and limit < first) or (downwards and limit > first)
        return f"{name} goes from {first} away from {limit}" if is_past else None
    if downwards and ((operator == ">" and first <= limit) or (operator == ">=" and first < limit)):
        return f"{name} only gets less, from {first}"
    if upwards and ((operator == "<" and first >= limit) or (operator == "<=" and first > limit)):
        return f"{name} only gets more, from {first}"
    return None


def _against_cell(region: Region, test: Test, operator: str) -> str | None:
    """Two counters that are stepped alike stay as far from each other as they are at first."""
    other = test.operand.cell
    if test.cell is None or other is None or test.operand.kind != "cell" or test.cell.measure or other.measure:
        return None
    steps = _steps(region, test.cell)
    if not steps or steps != _steps(region, other):
        return None
    first, limit = _first(region, test.cell), _first(region, other)
    if first is None or limit is None:
        return None
    limit += test.operand.offset
    holds = {
        "=": first == limit, "!=": first != limit, "<": first < limit, "<=": first <= limit, ">": first > limit,
        ">=": first >= limit,
    }  # fmt: skip
    return None if holds[operator] else f"{region.spelled(test.cell)} and {region.spelled(other)} change alike"
