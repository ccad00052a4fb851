"""Amounts obey the laws of numbers for every value of their symbols; the larger of two is an upper bound of both."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl_lint.facts.amounts import INFINITE, Amount, Formula, formula, larger, number, symbol, symbols_of, times, value

NAMES = ("k", "m", "n")

products = st.lists(st.sampled_from(NAMES), max_size=3).map(lambda names: tuple(sorted(names)))
numbers = st.integers(0, 50)
values = st.fixed_dictionaries({name: st.integers(0, 20) for name in NAMES})


def _amount(terms: dict[tuple[str, ...], int]) -> Amount:
    total: Amount = 0
    for names, coefficient in terms.items():
        product: Amount = coefficient
        for name in names:
            product = times(product, symbol(name))
        total += product
    return total


amounts = st.one_of(numbers, st.just(INFINITE), st.dictionaries(products, numbers, max_size=4).map(_amount))
finite = amounts.filter(lambda amount: amount != INFINITE)


@given(finite, finite, values)
def test_sums_and_products_are_those_of_numbers(one: Amount, other: Amount, at: dict[str, int]) -> None:
    assert value(one + other, at) == value(one, at) + value(other, at)
    assert value(times(one, other), at) == value(one, at) * value(other, at)


@given(finite, finite, values)
def test_the_larger_one_is_never_below_either(one: Amount, other: Amount, at: dict[str, int]) -> None:
    assert value(larger(one, other), at) >= max(value(one, at), value(other, at))


@given(amounts, amounts, amounts)
def test_the_order_of_operands_does_not_matter(one: Amount, other: Amount, third: Amount) -> None:
    assert one + other == other + one
    assert times(one, other) == times(other, one)
    assert larger(one, other) == larger(other, one)
    assert (one + other) + third == one + (other + third)
    assert larger(larger(one, other), third) == larger(one, larger(other, third))


@given(amounts)
def test_infinity_takes_in_all_but_nothing(one: Amount) -> None:
    assert one + INFINITE == larger(one, INFINITE) == INFINITE
    assert times(one, INFINITE) == (0 if one == 0 else INFINITE)


@given(amounts, amounts)
def test_equal_amounts_are_equal_values(one: Amount, other: Amount) -> None:
    assert larger(one, one) == one
    assert hash(one + other) == hash(other + one)


@given(finite)
def test_an_amount_without_symbols_is_a_number(one: Amount) -> None:
    assert isinstance(one, Formula) is bool(symbols_of(one)) is (number(one) is None)


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (25_000, "25,000"),
        (INFINITE, "∞"),
        (1.5, "1.5"),
        (0, "0"),
        (times(9, symbol("n")) + 31, "9·n + 31"),
        (symbol("n"), "n"),
        (times(times(2, symbol("n")), symbol("m")) + times(1000, symbol("n")) + symbol("m"), "2·m·n + m + 1,000·n"),
        (times(symbol("n"), symbol("n")), "n·n"),
    ],
)
def test_an_amount_is_told_as_a_formula(amount: Amount, text: str) -> None:
    assert formula(amount) == text


def test_a_formula_has_no_value_without_its_symbols() -> None:
    with pytest.raises(KeyError):
        value(symbol("n"), {})
    assert number(symbol("n")) is None
    assert number(math.inf) is None
    assert number(7) == 7
    assert repr(symbol("n")) == "Formula('n')"
    assert symbol("n") != 1
