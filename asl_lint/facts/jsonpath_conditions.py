"""A JSONPath choice rule as tests on cells. Tests have two outcomes: one whose value is of another type does not hold (S: Choice
State); one whose value is missing fails the state, but for ``IsPresent``.
"""

from collections.abc import Mapping

from asl_lint.facts.cells import Cell, cell_of_path_text
from asl_lint.facts.conditions import ALWAYS, ANYTHING, NEVER, Condition, Operand, Operator, Test, both, either, one_test
from asl_lint.late import Any, Final
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder

_DEEPEST: Final = 40
_ORDERS: Final[tuple[tuple[str, Operator], ...]] = (
    ("LessThanEquals", "<="), ("GreaterThanEquals", ">="), ("LessThan", "<"), ("GreaterThan", ">"), ("Equals", "="),
)  # fmt: skip
_TYPES: Final = ("String", "Numeric", "Boolean", "Timestamp")
_OPERATORS: Final[Mapping[str, tuple[str, Operator]]] = {
    kind + order: (kind, operator) for kind in _TYPES for order, operator in _ORDERS
}  # fmt: skip
Two = tuple[Condition | None, Condition | None]


def read_rule(rule: Mapping[str, Any], input_path: object) -> Two:
    """What holds where the rule does, and what where it does not; ``input_path`` is the state's InputPath."""
    base = base_of(input_path)
    return _read(rule, base, True, 0), _read(rule, base, False, 0)


def base_of(input_path: object) -> tuple[str | int, ...] | None:
    """The members that InputPath puts before a path of the input; None where it makes something else of the input."""
    if not isinstance(input_path, str):
        return None
    cell = cell_of_path_text(input_path)
    return cell.members if cell is not None and cell.root == "input" else None


def _read(rule: object, base: tuple[str | int, ...] | None, holds: bool, depth: int) -> Condition | None:
    if not isinstance(rule, Mapping) or is_unknown(rule) or depth > _DEEPEST:
        return ANYTHING
    for name in ("And", "Or"):
        if name in rule:
            members = rule[name]
            if not isinstance(members, list) or not members:
                return ANYTHING
            joined = both if (name == "And") == holds else either
            condition: Condition | None = ALWAYS if joined is both else NEVER
            for member in members:
                condition = joined(condition, _read(member, base, holds, depth + 1))
            return condition
    if "Not" in rule:
        return _read(rule["Not"], base, not holds, depth + 1)
    return _comparison(rule, base, holds)


def cell_at(text: object, base: tuple[str | int, ...] | None) -> Cell | None:
    """The cell at a path, seen through an InputPath."""
    cell = cell_of_path_text(text) if isinstance(text, str) and not has_placeholder(text) else None
    if cell is None or cell.root != "input":
        return cell
    return None if base is None else cell._replace(members=base + cell.members)


def _comparison(rule: Mapping[str, Any], base: tuple[str | int, ...] | None, holds: bool) -> Condition:
    cell = cell_at(rule.get("Variable"), base)
    if cell is None:
        return ANYTHING
    for name, value in rule.items():
        if name == "IsPresent" and isinstance(value, bool):
            return one_test(Test(cell, "exists", holds=holds is value))
        if name == "IsNull" and isinstance(value, bool):
            return _compared(Test(cell, "=", Operand("literal", None), holds=holds is value))
        kind, operator = _OPERATORS.get(name.removesuffix("Path"), ("", "unknown"))
        if not kind:
            continue
        if kind == "Timestamp":
            return ANYTHING
        if name.endswith("Path"):
            other = cell_at(value, base)
            operand = Operand("cell", cell=other) if other is not None else Operand("unknown")
        elif is_unknown(value):
            operand = Operand("placeholder", getattr(value, "text", value))
        else:
            operand = Operand("literal", value)
        return _compared(Test(cell, operator, operand, holds))
    return ANYTHING


def _compared(test: Test) -> Condition:
    """The outcome of a comparison, which says besides that there was a value: a missing one fails the state."""
    return Condition(((Test(test.cell, "exists"), test),))
