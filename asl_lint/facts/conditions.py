"""What a Choice edge says about the values it tests: a disjunction of conjunctions of tests on cells (variables, input paths).

The condition of an edge is its own rule's and that no rule before it held. ``edge_condition`` computes it once per edge;
parts that are not understood are kept as ``unknown`` tests, and more than ``MOST`` conjunctions are None: unknown as a whole.
"""

from collections.abc import Callable, Iterable, Mapping

from asl_lint.facts.cells import Cell
from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.late import Any, Final, Literal, NamedTuple
from asl_lint.source.document import is_unknown

Operator = Literal["=", "!=", "<", "<=", ">", ">=", "exists", "true", "unknown"]

MOST: Final = 8
"""Conjunctions of a condition that is still understood."""
_MOST_TESTS: Final = 32
"""Tests of a conjunction that are kept: of those that did not hold, the latest. To forget one is to know less."""

MIRRORED: Final[Mapping[Operator, Operator]] = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
NEGATED: Final[Mapping[Operator, Operator]] = {"=": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Operand(NamedTuple):
    """What a cell is compared with: a ``literal`` value, another ``cell`` plus ``offset``, a value that the deployment fills in
    (``placeholder``, its text in ``value``), or one that is not understood.
    """

    kind: Literal["literal", "cell", "placeholder", "unknown"]
    value: Any = None
    cell: Cell | None = None
    offset: int = 0


class Test(NamedTuple):
    """One test and how it came out.

    ``cell operator operand`` held, or, if not ``holds``, did not. A test that did not hold need not be false the other way
    round: a value may have been missing or of another type. Where ``strict``, none was: both sides could be compared.
    ``exists`` and ``true`` (the value counts as true) have no operand; ``unknown`` has nothing.
    """

    cell: Cell | None
    operator: Operator
    operand: Operand = Operand("unknown")
    holds: bool = True
    strict: bool = False

    def mirrored(self) -> "Test | None":
        """The same comparison, told of the other cell; None where the operand is no cell."""
        operand = self.operand
        if self.cell is None or operand.kind != "cell" or self.operator not in MIRRORED:
            return None
        other = Operand("cell", cell=self.cell, offset=-operand.offset)
        return self._replace(cell=operand.cell, operator=MIRRORED[self.operator], operand=other)


Conjunction = tuple[Test, ...]
UNKNOWN: Final = Test(None, "unknown")


class Condition(NamedTuple):
    """One of the ``cases`` is true, and all tests of that case came out as they say. No cases: it never holds."""

    cases: tuple[Conjunction, ...]

    def implies(self, says: Callable[[Test], bool]) -> bool:
        """Whether in every case some test says so. Of a condition that never holds, everything is implied."""
        return all(any(says(test) for test in case) for case in self.cases)

    def implies_one_of(self, cell: Cell, values: Iterable[Any]) -> bool:
        """Whether the cell has one of these JSON values wherever the condition holds: in each case one of them."""
        wanted = tuple(values)
        return self.implies(
            lambda test: test.cell == cell and test.holds and test.operator == "=" and any(_is(test.operand, v) for v in wanted)
        )

    def implies_equals(self, cell: Cell, value: Any) -> bool:
        """Whether the cell has this JSON value wherever the condition holds."""
        return self.implies_one_of(cell, (value,))

    def implies_same(self, cell: Cell, other: Cell) -> bool:
        """Whether two cells are equal wherever the condition holds."""
        return self.implies(lambda test: any(_says_same(one, cell, other) for one in (test, test.mirrored()) if one is not None))

    def implies_at_most(self, cell: Cell, limit: float) -> bool:
        """Whether the cell is a number and at most this one wherever the condition holds."""
        return self.implies(lambda test: test.cell == cell and _bounds(test, limit, ("<", "<=")))

    def implies_at_least(self, cell: Cell, limit: float) -> bool:
        """Whether the cell is a number and at least this one wherever the condition holds."""
        return self.implies(lambda test: test.cell == cell and _bounds(test, limit, (">", ">=")))

    def implies_exists(self, cell: Cell) -> bool:
        """Whether the cell has a value wherever the condition holds: a member of it, or it itself, was compared or is there."""
        return self.implies(lambda test: test.cell is not None and cell.holds(test.cell) and _needs_value(test))

    def allows_equals(self, cell: Cell, value: Any) -> bool:
        """Whether the cell may have this value where the condition holds: no case excludes it in so many words."""
        return any(all(not excludes(test, cell, value) for test in case) for case in self.cases)


ALWAYS: Final = Condition(((),))
NEVER: Final = Condition(())
ANYTHING: Final = Condition(((UNKNOWN,),))


def edge_condition(graph: FlowGraph, edge: Edge) -> Condition | None:
    """When control takes the edge, of all that the state before it can do without an error.

    ``ALWAYS`` but for the rules and the Default of a Choice state. None where too many cases would have to be told apart.
    """
    if edge.kind not in ("rule", "default"):
        return ALWAYS
    found = graph.conditions.get(edge.source)
    if found is None:
        state = graph.states[edge.source]
        found = graph.conditions[edge.source] = _of_choice(state.body, state.language, state.is_language_known)
    return found[edge.index if edge.kind == "rule" else -1]


def _of_choice(body: Mapping[str, Any], language: str, is_language_known: bool) -> list[Condition | None]:
    """The conditions of the rules in order, and last that of the Default."""
    before: Condition | None = ALWAYS
    found: list[Condition | None] = []
    for rule in body["Choices"]:
        if not isinstance(rule, Mapping) or is_unknown(rule) or not is_language_known:
            holds: Condition | None = ANYTHING
            fails: Condition | None = ANYTHING
        elif language == "JSONata":
            from asl_lint.facts.jsonata_conditions import read_condition

            holds, fails = read_condition(rule.get("Condition"))
        else:
            from asl_lint.facts.jsonpath_conditions import read_rule

            holds, fails = read_rule(rule, body.get("InputPath", "$"))
        found.append(both(before, holds))
        before = both(before, fails)
    return [*found, before]


# --- and, or ----------------------------------------------------------------------------------------------------------------


def both(one: Condition | None, other: Condition | None) -> Condition | None:
    """What holds if both do. A side that is None (too many cases) tells nothing: the other one still holds."""
    if one is None or other is None:
        known = other if one is None else one
        return None if known is None else _simplified([(*case, UNKNOWN) for case in known.cases])
    if one == ALWAYS or other == ALWAYS:
        return other if one == ALWAYS else one
    if len(one.cases) * len(other.cases) > MOST * MOST:
        return None
    return _simplified([(*left, *right) for left in one.cases for right in other.cases])


def either(one: Condition | None, other: Condition | None) -> Condition | None:
    """What holds if at least one does; None if one of them is unknown."""
    if one is None or other is None:
        return None
    return _simplified([*one.cases, *other.cases])


def one_test(test: Test) -> Condition:
    """The condition that is just this test."""
    return Condition(((test,),))


def _simplified(cases: Iterable[Conjunction]) -> Condition | None:
    """Without repeated tests, without cases that contradict themselves, without those that say more than another one."""
    plain: list[Conjunction] = []
    for case in cases:
        tests = tuple(dict.fromkeys(case))
        if len(tests) > _MOST_TESTS:
            held = [test for test in tests if test.holds][:_MOST_TESTS]
            tests = (
                (*[test for test in tests if not test.holds][len(held) - _MOST_TESTS :], *held)
                if len(held) < _MOST_TESTS
                else tuple(held)
            )
        if not _contradicts_itself(tests):
            plain.append(tests)
    kept: list[Conjunction] = []
    for i, case in enumerate(plain):
        said = set(case)
        weaker = any(
            set(other) <= said and (j < i or len(other) < len(case)) for j, other in enumerate(plain) if j != i
        )  # fmt: skip
        if not weaker:
            kept.append(case)
    return Condition(tuple(kept)) if len(kept) <= MOST else None


def _contradicts_itself(tests: Conjunction) -> bool:
    """Whether one cell would have to equal two values, or a test to hold and not to hold."""
    if len(tests) < 2:
        return False
    for i, test in enumerate(tests):
        if test.cell is None or not test.holds:
            continue
        for j, other in enumerate(tests):
            if i == j or other.cell != test.cell:
                continue
            if not other.holds and other.operator == test.operator and other.operand == test.operand:
                return True
            if test.operator == "=" and test.operand.kind == "literal" and excludes(other, test.cell, test.operand.value):
                return True
    return False


def _is(operand: Operand, value: Any) -> bool:
    return operand.kind == "literal" and isinstance(operand.value, bool) == isinstance(value, bool) and operand.value == value


def excludes(test: Test, cell: Cell, value: Any) -> bool:
    """Whether the test cannot have come out so if the cell has the value."""
    if test.cell != cell:
        return False
    if test.operator == "exists":
        return not test.holds
    if test.operator == "true":
        return isinstance(value, bool) and value is not test.holds
    if test.operator not in NEGATED or test.operand.kind != "literal":
        return False
    if test.operator in ("=", "!="):
        return (_is(test.operand, value) == (test.operator == "=")) is not test.holds
    limit = test.operand.value
    if not _is_number(limit) or not _is_number(value):
        return False
    below = {"<": value < limit, "<=": value <= limit, ">": value > limit, ">=": value >= limit}
    return below[test.operator] is not test.holds


def _says_same(test: Test, cell: Cell, other: Cell) -> bool:
    operand = test.operand
    same = test.cell == cell and operand.kind == "cell" and operand.cell == other and operand.offset == 0
    return same and test.holds and test.operator == "="


def _bounds(test: Test, limit: float, sides: tuple[Operator, Operator]) -> bool:
    """Whether a test with a number says that the cell lies on that side of the limit: below it (< or <=), or above it."""
    operand = test.operand
    if operand.kind != "literal" or not _is_number(operand.value) or test.operator not in NEGATED or test.cell is None:
        return False
    # What could be compared and was not more is at most so much. A count always is a number.
    is_decided = test.holds or test.strict or test.cell.measure == "count"
    operator = test.operator if test.holds else NEGATED[test.operator]
    within = operand.value <= limit if sides[0] == "<" else operand.value >= limit
    return is_decided and operator in (*sides, "=") and within


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _needs_value(test: Test) -> bool:
    if test.operator == "unknown":
        return False
    return test.holds or (test.strict and test.operator in NEGATED)
