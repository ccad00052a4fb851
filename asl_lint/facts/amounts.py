"""Amounts: numbers that are not below zero and may hold symbols, for what only the run or the deployment knows.

A number is an amount, ``math.inf`` one without bound; a ``Formula`` is a sum of products of symbols: ``9·n + 31``.
The greater of two formulas is taken coefficient by coefficient, so it is an upper bound of both.
"""

import math
from collections.abc import Callable, Mapping

from asl_lint.late import Final

Symbols = tuple[str, ...]
"""A product of symbols, sorted; empty for the part of a formula without any."""

INFINITE: Final = math.inf


class Formula:
    """An amount with at least one symbol. ``terms``: the coefficient of each product, all above zero."""

    __slots__ = ("terms",)

    def __init__(self, terms: Mapping[Symbols, float]) -> None:
        self.terms: dict[Symbols, float] = dict(terms)

    def __add__(self, other: "Amount") -> "Amount":
        if not isinstance(other, Formula):
            if other == INFINITE:
                return INFINITE
            other = Formula({(): other})
        terms = dict(self.terms)
        for symbols, coefficient in other.terms.items():
            terms[symbols] = terms.get(symbols, 0) + coefficient
        return sum_of(terms)

    __radd__ = __add__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __repr__(self) -> str:
        return f"Formula({formula(self)!r})"


Amount = int | float | Formula


def symbol(name: str) -> Formula:
    """The amount that a name stands for."""
    return Formula({(name,): 1})


def times(one: Amount, other: Amount) -> Amount:
    """Their product; nothing, however much it is multiplied, is nothing."""
    if isinstance(one, Formula) or isinstance(other, Formula):
        if INFINITE in (one, other):
            return INFINITE
        terms: dict[Symbols, float] = {}
        for symbols, coefficient in terms_in(one).items():
            for more, factor in terms_in(other).items():
                product = tuple(sorted((*symbols, *more)))
                terms[product] = terms.get(product, 0) + coefficient * factor
        return sum_of(terms)
    return one * other if one and other else 0


def larger(one: Amount, other: Amount) -> Amount:
    """The least amount known to be at least as large as both."""
    if isinstance(one, Formula) or isinstance(other, Formula):
        if INFINITE in (one, other):
            return INFINITE
        terms = dict(terms_in(one))
        for symbols, coefficient in terms_in(other).items():
            terms[symbols] = max(terms.get(symbols, 0), coefficient)
        return sum_of(terms)
    return one if one >= other else other


def cut(amount: Amount, limit: float) -> Amount:
    """The least amount known to be at least as large as the smaller of both."""
    return limit if isinstance(amount, Formula) else min(amount, limit)


def number(amount: Amount) -> int | float | None:
    """The amount as a number; None where a symbol is in it, or where it has no bound."""
    return None if isinstance(amount, Formula) or amount == INFINITE else amount


def value(amount: Amount, symbols: Mapping[str, float]) -> int | float:
    """The amount where each symbol has this value. Raises KeyError for a symbol that has none."""
    if not isinstance(amount, Formula):
        return amount
    return sum(coefficient * math.prod(symbols[one] for one in product) for product, coefficient in amount.terms.items())


def symbols_of(amount: Amount) -> list[str]:
    """The symbols in an amount, sorted."""
    return sorted({one for product in amount.terms for one in product}) if isinstance(amount, Formula) else []


def _shown(plain: float) -> str:
    if plain == INFINITE:
        return "∞"
    return f"{plain:,.10g}" if isinstance(plain, float) else f"{plain:,}"


def formula(amount: Amount, shown: Callable[[float], str] = _shown) -> str:
    """As people read it: ``9·n·m + 4·n + 31``, ``25,000``, ``∞``; ``shown`` writes a number."""
    if not isinstance(amount, Formula):
        return shown(amount)
    parts: list[str] = []
    for product, coefficient in sorted(amount.terms.items(), key=lambda term: (-len(term[0]), term[0])):
        factors = ([] if coefficient == 1 and product else [shown(coefficient)]) + list(product)
        parts.append("·".join(factors))
    return " + ".join(parts)


def terms_in(amount: Amount) -> Mapping[Symbols, float]:
    """The coefficient of each product of symbols in an amount; of a number, of the empty one."""
    return amount.terms if isinstance(amount, Formula) else {(): amount}


def sum_of(terms: Mapping[Symbols, float]) -> Amount:
    """The amount that has these coefficients."""
    left = {symbols: coefficient for symbols, coefficient in terms.items() if coefficient}
    return Formula(left) if any(left) else left.get((), 0)
