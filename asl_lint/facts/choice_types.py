"""What a JSONPath choice rule says of the types before it, where it holds and where it does not.

A test of a value that is missing fails the state, but for ``IsPresent``; one of a value of another kind does not hold.
"""

from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from asl_lint.expressions.jsonpath import Path, Step
from asl_lint.facts.environments import Environment, View, join_environments, parsed_path
from asl_lint.late import Any, Final
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder
from asl_lint.types.jsonpath import read, refined
from asl_lint.types.lattice import INFINITY, UNDEFINED, Numbers, Strings, Type, number, number_between

_DEEPEST: Final = 40
_KINDS: Final = {
    "IsNull": "null", "IsString": "string", "IsNumeric": "number", "IsBoolean": "boolean", "BooleanEquals": "boolean",
    "BooleanEqualsPath": "boolean",
}  # fmt: skip

Environments = Environment | None


def narrowed(rule: object, before: Environment, view: View, prefix: tuple[Step, ...] | None, holds: bool) -> Environments:
    """The environment where the rule holds, or does not; None where that cannot be.

    ``view`` is what its paths read; ``prefix`` leads from the state's input to what they read (None: not a part of it).
    """
    return _Rules(view, prefix).narrowed(rule, before, holds, 0)


class _Rules:
    def __init__(self, view: View, prefix: tuple[Step, ...] | None) -> None:
        self._view = view
        self._prefix = prefix

    def narrowed(self, rule: object, before: Environment, holds: bool, depth: int) -> Environments:
        if not isinstance(rule, Mapping) or is_unknown(rule) or depth > _DEEPEST:
            return before
        for name in ("And", "Or"):
            if name in rule:
                members = rule[name]
                if not isinstance(members, list) or not members or is_unknown(members):
                    return before
                if (name == "And") == holds:
                    return self._all(members, before, holds, depth)
                return self._any(members, before, holds, depth)
        if "Not" in rule:
            return self.narrowed(rule["Not"], before, not holds, depth + 1)
        return self._tested(rule, before, holds)

    def _all(self, members: list[Any], before: Environment, holds: bool, depth: int) -> Environments:
        found: Environments = before
        for member in members:
            found = None if found is None else self.narrowed(member, found, holds, depth + 1)
        return found

    def _any(self, members: list[Any], before: Environment, holds: bool, depth: int) -> Environments:
        """One of them does, and those before it do not."""
        found: Environments = None
        rest: Environments = before
        for member in members:
            if rest is None:
                break
            here = self.narrowed(member, rest, holds, depth + 1)
            if here is not None:
                found = here if found is None else join_environments(found, here)
            rest = self.narrowed(member, rest, not holds, depth + 1)
        return found

    def _tested(self, rule: Mapping[str, Any], before: Environment, holds: bool) -> Environments:
        text = rule.get("Variable")
        if not isinstance(text, str) or has_placeholder(text):
            return before
        path = parsed_path(text)
        if path.errors or path.root not in ("input", "variable"):
            return before
        for name, operand in rule.items():
            if name in ("Variable", "Next", "Comment", "Assign"):
                continue
            found = self._value(path, before)
            if found is None:
                return before
            kept = kept_by_test(found, name, operand, holds)
            if kept is None or kept == found:
                return before
            return None if kept.is_nothing else self._with(path, before, _test(name, operand, holds))
        return before

    def _value(self, path: Path, before: Environment) -> Type | None:
        """What the path leads to; None where it cannot be followed."""
        if path.root == "variable":
            return read(path, {}, before.variables)
        if self._prefix is None:
            return None
        return read(path._replace(steps=self._prefix + path.steps), {"input": before.input}, {})

    def _with(self, path: Path, before: Environment, test: Callable[[Type], Type]) -> Environments:
        if path.root == "variable":
            name = path.variable or ""
            if name not in before.variables:
                return before
            found = refined(before.variables[name], path.steps, test)
            return None if found.is_nothing else before._replace(variables={**before.variables, name: found})
        found = refined(before.input, (self._prefix or ()) + path.steps, test)
        return None if found.is_nothing else before._replace(input=found)


def _test(name: str, operand: object, holds: bool) -> Callable[[Type], Type]:
    def kept(found: Type) -> Type:
        left = kept_by_test(found, name, operand, holds)
        return found if left is None else left

    return kept


def kept_by_test(found: Type, name: str, operand: object, holds: bool) -> Type | None:
    """The values of the type for which the test holds, or does not; None where the test is not understood."""
    if name == "IsPresent":
        if not isinstance(operand, bool):
            return None
        present = found.defined()
        absent = UNDEFINED._replace(undefined=found.undefined) if found.undefined else Type()
        return present if operand is holds else absent
    found = found.defined()
    if name.startswith("Is"):
        if name == "IsTimestamp":
            return found.only({"string"}) if operand is holds else found
        kind = _KINDS.get(name)
        if kind is None or not isinstance(operand, bool):
            return None
        return found.only({kind}) if operand is holds else found.without({kind})
    if name.endswith("Path"):
        kind = _KINDS.get(name) or ("number" if name.startswith("Numeric") else "string")
        return found.only({kind}) if holds else found
    if name == "BooleanEquals" and isinstance(operand, bool):
        others = found.booleans - {operand}
        if found.anything or not holds:
            return Type(booleans=frozenset({operand})) if holds else _without_boolean(found, others)
        return Type(booleans=found.booleans & {operand})
    if name.startswith("String") and isinstance(operand, str):
        return found if is_unknown(operand) and not holds else _texts(found, name, operand, holds)
    if name.startswith("Timestamp"):
        return found.only({"string"}) if holds else found
    if name.startswith("Numeric") and isinstance(operand, int | float) and not isinstance(operand, bool):
        return _numbers(found, name.removeprefix("Numeric"), operand, holds)
    return None


def _without_boolean(found: Type, others: frozenset[bool]) -> Type:
    return found if found.anything else found._replace(booleans=others)


def _texts(found: Type, name: str, operand: str, holds: bool) -> Type:
    of = found.only({"string"}).strings
    if of is None:
        return Type() if holds else found
    if is_unknown(operand):
        return Type(strings=of)
    if name == "StringEquals":
        test: Callable[[str], bool] = operand.__eq__
        if holds:
            possible = of.literals is None or operand in of.literals or of.open
            return Type(strings=Strings(frozenset((operand,)), of.form, of.open)) if possible else Type()
    elif name == "StringMatches" and not any(character in operand for character in "\\[]?"):
        test = lambda text: fnmatchcase(text, operand)  # noqa: E731
    else:
        return Type(strings=of) if holds else found
    if of.literals is None:
        return Type(strings=of) if holds else found
    literals = frozenset(text for text in of.literals if test(text) is holds)
    # A list that may have grown is never exhausted: a value may be left that it does not have.
    strings = of._replace(literals=literals) if literals or of.open else None
    return Type(strings=strings) if holds else found._replace(strings=strings)


_ORDERS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "Equals": lambda value, operand: value == operand,
    "LessThan": lambda value, operand: value < operand,
    "LessThanEquals": lambda value, operand: value <= operand,
    "GreaterThan": lambda value, operand: value > operand,
    "GreaterThanEquals": lambda value, operand: value >= operand,
}
_OPPOSITES: Final = {
    "LessThan": "GreaterThanEquals", "LessThanEquals": "GreaterThan", "GreaterThan": "LessThanEquals",
    "GreaterThanEquals": "LessThan",
}  # fmt: skip


def _numbers(found: Type, order: str, operand: float, holds: bool) -> Type | None:
    if order not in _ORDERS:
        return None
    of = found.only({"number"}).numbers
    if of is None:
        return Type() if holds else found
    kept = _clipped(of, order, operand, holds)
    if holds:
        return kept
    return found if found.anything else found._replace(numbers=kept.numbers)


def _clipped(of: Numbers, order: str, operand: float, holds: bool) -> Type:
    """The numbers for which the comparison holds, or does not."""
    if of.literals is not None:
        return number(*(value for value in of.literals if _ORDERS[order](value, operand) is holds))
    if order == "Equals":
        if not holds:
            return Type(numbers=of)
        return number(operand) if of.low <= operand <= of.high else Type()
    order = order if holds else _OPPOSITES[order]
    step = 1 if of.whole and float(operand).is_integer() and not order.endswith("Equals") else 0
    if order.startswith("Less"):
        return _between(of, -INFINITY, operand - step)
    return _between(of, operand + step, INFINITY)


def _between(of: Numbers, low: float, high: float) -> Type:
    return number_between(max(of.low, low), min(of.high, high), of.whole)
