"""Whether a loop counts: some of its edges step a cell by an integer, and Choice edges go on only while it is within a limit.

Required (proved by hand, tried on random machines): (a) no stepping edge lies on a cycle that passes no guard; (b) whatever is
left without the stepping edges is counted by a cell of its own, which may be reset outside it. Besides integers, lists that lose
items and flags that are set once count so.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from asl_lint.facts.cells import Cell
from asl_lint.facts.conditions import NEGATED, Test, edge_condition, excludes
from asl_lint.facts.effects import Effect, effect
from asl_lint.facts.graph import Edge
from asl_lint.facts.regions import Region
from asl_lint.late import Final, Literal, NamedTuple
from asl_lint.source.document import is_unknown

MOST_CELLS: Final = 8
"""Cells that are tried as the counter of one loop."""


class Limit(NamedTuple):
    """How far a cell goes while the loop goes on; ``value`` is None where only the deployment or the input says it (``text``)."""

    value: int | float | None
    text: str


class Counter(NamedTuple):
    """What ends a loop: ``cell`` changes by ``step`` on each of the ``steps`` (0: a flag is set, or an item leaves a list that
    ``cell`` counts, by at least -1), and the ``guards`` go round only within ``limit``. ``most`` is how often the steps are taken
    in all, None where only the deployment or the run knows. ``inner`` are the counters of what goes round within one step.
    """

    kind: Literal["count", "list", "flag"]
    cell: Cell
    step: int
    steps: tuple[Edge, ...]
    guards: tuple[Edge, ...]
    limit: Limit
    most: int | None
    start: int | None
    inner: "tuple[Counted, ...]"


class Counted(NamedTuple):
    """A region with its counter."""

    region: Region
    counter: Counter


class Attempt(NamedTuple):
    """A cell that might have been the counter, and the parts of the region in which it does not end the turning.

    ``by`` says whether these go round without a step or without a test.
    """

    cell: Cell
    steps: tuple[Edge, ...]
    guards: tuple[Edge, ...]
    open: tuple[Region, ...]
    by: Literal["step", "test"]


def count(region: Region, attempts: list[Attempt] | None = None) -> Counter | None:
    """The counter that ends the region; None if none was found, ``attempts`` then get what came near."""
    tests = list(tests_of(region))
    for cell in _candidates(region, tests):
        found = _counter(region, cell, tests, attempts)
        if found is not None:
            return found
    return None


def tests_of(region: Region) -> Iterator[tuple[Edge, tuple[tuple[Test, ...], ...] | None]]:
    """The Choice edges inside a region, with the cases of their conditions."""
    for edge in region.edges:
        if edge.kind in ("rule", "default"):
            condition = edge_condition(region.graph, edge)
            yield edge, None if condition is None else condition.cases


Tested = Sequence[tuple[Edge, tuple[tuple[Test, ...], ...] | None]]


def _candidates(region: Region, tests: Tested) -> list[Cell]:
    """The cells that tests inside the region read and some edge of it changes, in the order of the tests."""
    cells: dict[Cell, None] = {}
    for _, cases in tests:
        for case in cases or ():
            for test in case:
                for one in (test, test.mirrored()):
                    if one is not None and one.cell is not None and one.cell.root != "context":
                        cells[one.cell] = None
                        if one.operator in ("exists", "true") and not one.cell.measure:
                            list_cell = _list_of(one)
                            cells[list_cell] = None
    return list(islice((cell for cell in cells if region.changes(cell)), MOST_CELLS))


def _list_of(test: Test) -> Cell:
    """The length that a test of the first item, or of the list as a truth value, speaks of."""
    cell = test.cell
    assert cell is not None
    members = cell.members[:-1] if cell.members and isinstance(cell.members[-1], int) else cell.members
    return cell._replace(members=members, measure="count")


def _counter(region: Region, cell: Cell, tests: Tested, attempts: list[Attempt] | None) -> Counter | None:
    changes = region.changes(cell)
    kinds = {made.kind for _, made in changes}
    steps = tuple(edge for edge, _ in changes)
    if kinds == {"stepped"}:
        amounts = {made.step for _, made in changes}
        if min(amounts) < 0 < max(amounts):
            return None
        guards, limit = _guards(region, cell, 1 if min(amounts) > 0 else -1, amounts, tests, steps)
        kind: Literal["count", "list", "flag"] = "list" if cell.measure else "count"
        step = min(amounts) if min(amounts) > 0 else max(amounts)
    elif kinds == {"set"} and not cell.measure:
        values = [made.value for _, made in changes]
        if any(is_unknown(value) or isinstance(value, dict | list) or value is None for value in values):
            return None
        guards = [edge for edge, cases in tests if cases is not None and all(_stops(case, cell, values) for case in cases)]
        kind, step, limit = "flag", 0, Limit(None, "")
    else:
        return None
    if not guards:
        return None
    region.work.spend(len(region.edges))
    left = region.without(guards)
    stepped = {edge.number for edge in steps}
    untested = tuple(part for part in left if any(edge.number in stepped for edge in part.edges))
    if untested:
        if attempts is not None:
            attempts.append(Attempt(cell, steps, tuple(guards), untested, "test"))
        return None
    inner: list[Counted] = []
    uncounted: list[Region] = []
    for part in region.without(steps):
        counter = count(part)
        if counter is None:
            uncounted.append(part)
        else:
            inner.append(Counted(part, counter))
    if uncounted:
        if attempts is not None:
            attempts.append(Attempt(cell, steps, tuple(guards), tuple(uncounted), "step"))
        return None
    most, start = _most(region, cell, kind, step, len(steps), limit)
    return Counter(kind, cell, step, steps, tuple(guards), limit, most, start, tuple(inner))


def _stops(case: Sequence[Test], cell: Cell, values: Sequence[object]) -> bool:
    """Whether a case cannot hold once the cell has any of the values."""
    return all(any(excludes(test, cell, value) for test in case) for value in values)


def guards_of(region: Region) -> Iterator[tuple[Cell, tuple[tuple[Edge, int], ...], list[Edge]]]:
    """The cells that are stepped inside the region and also set there to integers: the edges that set them, and their guards."""
    tests = list(tests_of(region))
    for cell in _candidates(region, tests):
        changes = region.changes(cell)
        amounts = {made.step for _, made in changes if made.kind == "stepped"}
        resets = tuple((edge, made.value) for edge, made in changes if made.kind == "set" and type(made.value) is int)
        if not amounts or not resets or min(amounts) < 0 < max(amounts):
            continue
        steps = [edge for edge, made in changes if made.kind == "stepped"]
        guards, _ = _guards(region, cell, 1 if min(amounts) > 0 else -1, amounts, tests, steps)
        yield cell, resets, guards


def untested_counters(region: Region) -> Iterator[Cell]:
    """The cells that are only stepped inside the region, all in one direction, and tested there, but by no guard."""
    tests = list(tests_of(region))
    for cell in _candidates(region, tests):
        changes = region.changes(cell)
        amounts = {made.step for _, made in changes}
        if {made.kind for _, made in changes} != {"stepped"} or min(amounts) < 0 < max(amounts):
            continue
        sign = 1 if min(amounts) > 0 else -1
        if not _guards(region, cell, sign, amounts, tests, [edge for edge, _ in changes])[0]:
            yield cell


# --- guards -----------------------------------------------------------------------------------------------------------------


def _guards(
    region: Region, cell: Cell, sign: int, amounts: set[int], tests: Tested, steps: Sequence[Edge]
) -> tuple[list[Edge], Limit]:
    """The edges that are taken only while the cell is within a limit, and the widest of these limits."""
    guards: list[Edge] = []
    limits: list[Limit] = []
    exact: list[tuple[Edge, list[Limit]]] = []
    for edge, cases in tests:
        if cases is None:
            continue
        # Once the cell has been stepped it has a value, so a case in which it has none is over.
        lasting = [case for case in cases if not any(_lacks(test, cell) for test in case)]
        if not lasting:
            guards.append(edge)
            continue
        found = [_best(case, region, cell, sign) for case in lasting]
        if all(limit is not None for limit in found):
            guards.append(edge)
            limits += [limit for limit in found if limit is not None]
            continue
        if amounts in ({1}, {-1}) and len(steps) == 1 and not cell.measure:
            missed = [_missed(case, region, cell) for case in cases]
            if all(limit is not None for limit in missed):
                exact.append((edge, [limit for limit in missed if limit is not None]))
    if limits or not exact:
        return guards, _widest(limits, sign)
    # x != N stops at N alone: every such test must mean the same N, and the counter must begin on this side of it.
    reached = {limit.value for _, some in exact for limit in some}
    if len(reached) != 1 or None in reached:
        return [], Limit(None, "")
    limit = exact[0][1][0]
    bounds = value_before(region, cell)
    if bounds is None or not isinstance(limit.value, int):
        return [], limit
    nearest = bounds[1] if sign > 0 else bounds[0]
    is_before = nearest is not None and sign * (limit.value - nearest) > 0
    return ([*guards, *(edge for edge, _ in exact)] if is_before else []), limit


def _widest(limits: Sequence[Limit], sign: int) -> Limit:
    known = [limit for limit in limits if limit.value is not None]
    if len(known) < len(limits) or not limits:
        return next((limit for limit in limits if limit.value is None), Limit(None, ""))
    return max(known, key=lambda limit: sign * (limit.value or 0))


def _best(case: Sequence[Test], region: Region, cell: Cell, sign: int) -> Limit | None:
    """The limit that a case sets to the cell on the side to which it goes."""
    for written in case:
        for test in (written, written.mirrored()):
            if test is None or test.cell is None:
                continue
            if cell.measure and test.operator in ("exists", "true") and test.holds and sign < 0 and _is_filled(test, cell):
                return Limit(0, "0")
            if test.cell != cell:
                continue
            limit = _limit(test, region, sign)
            if limit is not None:
                return limit
    return None


def _lacks(test: Test, cell: Cell) -> bool:
    return test.operator == "exists" and not test.holds and test.cell == cell


def _is_filled(test: Test, cell: Cell) -> bool:
    """Whether the test shows that the list that ``cell`` counts has an item: its first one is there, or it counts as true."""
    assert test.cell is not None
    return _list_of(test) == cell and (test.operator == "true" or test.cell.members[-1:] == (0,))


def _limit(test: Test, region: Region, sign: int) -> Limit | None:
    operator = test.operator
    if not test.holds:
        if not test.strict and not _is_number(test, region):
            return None
        if operator not in NEGATED:
            return None
        operator = NEGATED[operator]
    if operator not in (("<", "<=") if sign > 0 else (">", ">=")):
        return None
    operand = test.operand
    if operand.kind == "literal":
        value = operand.value
        if not isinstance(value, int | float) or isinstance(value, bool):
            return None
        # One further, so that "less than" is meant.
        return Limit(value + sign if "=" in operator else value, f"{value:g}" if isinstance(value, float) else str(value))
    if operand.kind == "placeholder":
        return Limit(None, str(operand.value or "a value that the deployment fills in"))
    if operand.cell is not None and operand.cell.root != "context" and not region.changes(operand.cell):
        bounds = value_before(region, operand.cell)
        value = None if bounds is None else bounds[1] if sign > 0 else bounds[0]
        if value is not None:
            value += operand.offset + (sign if "=" in operator else 0)
        return Limit(value, str(operand.cell))
    return None


def _missed(case: Sequence[Test], region: Region, cell: Cell) -> Limit | None:
    """N, where the case says that the cell is not N."""
    for test in case:
        value = test.operand.value
        if test.cell == cell and type(value) is int and test.operator == ("!=" if test.holds else "="):
            return Limit(value, str(value))
    return None


def _is_number(test: Test, region: Region) -> bool:
    """Whether the value that a counter is compared with is surely a number, so that a test that fails was passed the limit."""
    operand = test.operand
    if operand.kind == "literal":
        return isinstance(operand.value, int | float) and not isinstance(operand.value, bool)
    if operand.kind == "placeholder":
        return True
    if operand.cell is None or operand.cell.root != "variable":
        return False
    return bool(operand.cell.measure) or value_before(region, operand.cell) is not None


# --- how often --------------------------------------------------------------------------------------------------------------

Interval = tuple[int | None, int | None]
"""The least and the greatest integer that a cell can be; None: without bound on that side."""


def _most(region: Region, cell: Cell, kind: str, step: int, steps: int, limit: Limit) -> tuple[int | None, int | None]:
    """How often the stepping edges are taken in one stay in the region, and the value from which the cell starts."""
    if kind == "flag":
        return steps, None
    bounds = value_before(region, cell)
    if bounds is None:
        return None, None
    start = bounds[0] if step > 0 else bounds[1]
    if start is None or limit.value is None:
        return None, start
    distance = limit.value - start if step > 0 else start - limit.value
    turns = -int(-distance // abs(step))
    return max(0, turns - 1) + steps, start


def value_before(region: Region, cell: Cell) -> Interval | None:
    """Between which integers the cell is wherever control enters the region; None if it may be no integer there."""
    if cell.root != "variable" and not cell.members:
        return None
    entries = list(region.entries())
    values = _Values(region, cell, entries)
    joined: Value = "unreached"
    for edge in entries:
        joined = _join(joined, values.across(edge, values.at(edge.source)))
    return joined if isinstance(joined, tuple) else None


def _hull(one: Interval, other: Interval) -> Interval:
    low = None if one[0] is None or other[0] is None else min(one[0], other[0])
    high = None if one[1] is None or other[1] is None else max(one[1], other[1])
    return low, high


_ROUNDS: Final = 3
Value = Interval | Literal["unreached", "unknown"]


class _Values:
    """The integers that a cell can be at some nodes of a graph: a fixpoint over what lies between them and the last changes of
    the cell before them, widened after some rounds.
    """

    def __init__(self, region: Region, cell: Cell, entries: Sequence[Edge]) -> None:
        self.graph = region.graph
        self.cell = cell
        self.values: dict[int, Value] = {}
        self._effects: dict[int, Effect] = {}
        before = sorted(self._before(entries, region), key=lambda node: self.graph.places.get(node, -1))
        changed, rounds = True, 0
        while changed:
            changed = False
            rounds += 1
            for node in before:
                found: Value = "unknown" if node == self.graph.start else "unreached"
                for edge in self.graph.into[node]:
                    found = _join(found, self.across(edge, self.at(edge.source)))
                was = self.at(node)
                if found != was:
                    self.values[node] = _widened(was, found) if rounds > _ROUNDS else found
                    changed = changed or self.values[node] != was

    def _before(self, entries: Sequence[Edge], region: Region) -> set[int]:
        """The nodes whose values matter for those behind ``entries``: against the edges, up to where the cell is set."""
        pending = [edge.source for edge in entries if self._effect(edge).kind in ("kept", "stepped")]
        found = set(pending)
        while pending:
            edges = self.graph.into[pending.pop()]
            region.work.spend(len(edges))
            for edge in edges:
                if edge.source not in found and self._effect(edge).kind in ("kept", "stepped"):
                    found.add(edge.source)
                    pending.append(edge.source)
        return found

    def _effect(self, edge: Edge) -> Effect:
        made = self._effects.get(edge.number)
        if made is None:
            made = self._effects[edge.number] = effect(self.graph, edge, self.cell)
        return made

    def at(self, node: int) -> Value:
        """The value before a node."""
        return self.values.get(node, "unreached")

    def across(self, edge: Edge, before: Value) -> Value:
        """The value after an edge, from a value before it."""
        made = self._effect(edge)
        if made.kind == "set" and type(made.value) is int:
            return (made.value, made.value) if edge.source in self.graph.places else "unreached"
        if made.kind == "kept" or before == "unreached":
            return before if made.kind in ("kept", "stepped") else "unknown"
        if made.kind == "stepped" and isinstance(before, tuple):
            low, high = before
            return None if low is None else low + made.step, None if high is None else high + made.step
        return "unknown"


def _join(one: Value, other: Value) -> Value:
    if one == "unreached":
        return other
    if other == "unreached":
        return one
    return _hull(one, other) if isinstance(one, tuple) and isinstance(other, tuple) else "unknown"


def _widened(before: Value, after: Value) -> Value:
    if not isinstance(before, tuple) or not isinstance(after, tuple):
        return after
    low = after[0] if before[0] is not None and after[0] is not None and after[0] >= before[0] else None
    high = after[1] if before[1] is not None and after[1] is not None and after[1] <= before[1] else None
    return low, high
