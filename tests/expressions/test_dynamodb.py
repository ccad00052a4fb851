"""Condition and update expressions of DynamoDB: what they test and write, and that no text makes the parsers raise."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from asl_lint.expressions.dynamodb import Compound, Expression, Write, parse_condition, parse_update
from asl_lint.expressions.dynamodb import tests_of as leaves_of


def said(expression: Expression | None) -> str | None:
    """A condition with every part in parentheses."""
    if expression is None:
        return None
    if isinstance(expression, Compound):
        parts = [str(said(part)) for part in expression.parts]
        return f"(not {parts[0]})" if expression.operator == "not" else f"({f' {expression.operator} '.join(parts)})"
    if expression.operator in ("exists", "other"):
        return f"{expression.left} exists" if expression.operator == "exists" else "?"
    return f"{expression.left} {expression.operator} {expression.right}"


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("attribute_exists(pk)", "pk exists"),
        ("attribute_not_exists(#pk)", "(not #pk exists)"),
        ("a = :b", "a = :b"),
        ("#a<>:b", "#a <> :b"),
        (":now >= expires_at", ":now >= expires_at"),
        ("a.b[0] = :c", "a.b[0] = :c"),
        ("a = :b or c = :d and e = :f", "(a = :b or (c = :d and e = :f))"),
        ("(a = :b OR c = :d) AND e = :f", "((a = :b or c = :d) and e = :f)"),
        ("NOT a = :b AND c = :d", "((not a = :b) and c = :d)"),
        ("NOT (a = :b AND c = :d)", "(not (a = :b and c = :d))"),
        ("NOT NOT a = :b", "a = :b"),
        ("a IN (:x, :y)", "(a = :x or a = :y)"),
        ("a BETWEEN :x AND :y AND b = :c", "(? and b = :c)"),
        ("begins_with(a, :b) AND c = :d", "(? and c = :d)"),
        ("size(a) > :n", "?"),
        ("a = size(b)", "?"),
        ("  \n a = :b\t", "a = :b"),
    ],
)
def test_a_condition_is_read_as_dynamodb_reads_it(text: str, tree: str) -> None:
    assert said(parse_condition(text)) == tree


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "a =",
        "= :b",
        "a = :b c",
        "(a = :b",
        "a = :b)",
        "a AND",
        "attribute_exists(a",
        "a IN ()",
        "a ! :b",
        "a IN :b",
    ],
)
def test_what_is_no_condition_is_not_read(text: str) -> None:
    assert parse_condition(text) is None


def test_a_condition_that_is_nested_too_deeply_is_not_read() -> None:
    assert said(parse_condition("(" * 40 + "a = :b" + ")" * 40)) == "a = :b"
    assert parse_condition("(" * 41 + "a = :b" + ")" * 41) is None
    assert parse_condition("(" * 100_000) is None
    assert said(parse_condition("NOT " * 100_001 + "a = :b")) == "(not a = :b)"


def test_the_tests_of_a_condition_come_in_the_order_of_the_text() -> None:
    condition = parse_condition("a = :a AND (NOT b = :b OR c = :c) AND attribute_exists(d)")
    assert condition is not None
    assert [test.left for test in leaves_of(condition)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("SET a = :b", [Write("a", ":b")]),
        ("set #a=:b, c = :d", [Write("#a", ":b"), Write("c", ":d")]),
        ("SET a = a + :one", [Write("a", None)]),
        ("SET a = if_not_exists(a, :b), c = :d", [Write("a", None), Write("c", ":d")]),
        ("REMOVE a, #b[0]", [Write("a", None, removed=True), Write("#b[0]", None, removed=True)]),
        (
            "SET a = :b REMOVE c ADD d :e DELETE f :g",
            [Write("a", ":b"), Write("c", None, True), Write("d", None), Write("f", None)],
        ),
        ("ADD a :b, c :d", [Write("a", None), Write("c", None)]),
    ],
)
def test_an_update_is_read_as_dynamodb_reads_it(text: str, writes: list[Write]) -> None:
    assert parse_update(text) == writes


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("SET #set = :add", [Write("#set", ":add")]),
        ("SET a = :remove REMOVE #delete", [Write("a", ":remove"), Write("#delete", None, removed=True)]),
        ("SET myset = :b, add_on = :c", [Write("myset", ":b"), Write("add_on", ":c")]),
        ("SET #a.#set = :b", [Write("#a.#set", ":b")]),
        ("REMOVE a.set", [Write("a.set", None, removed=True)]),
    ],
)
def test_names_that_hold_a_keyword_are_no_keyword(text: str, writes: list[Write]) -> None:
    assert parse_update(text) == writes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a = :b",
        "SET",
        "SET a",
        "SET a =",
        "SET = :b",
        "SET a = :b,",
        "SET remove = :b",
        "REMOVE",
        "REMOVE a b",
        "ADD a",
        "ADD a b",
        "x SET a = :b",
    ],
)
def test_what_is_no_update_is_not_read(text: str) -> None:
    assert parse_update(text) is None


WORDS = (
    "SET",
    "remove",
    "ADD",
    "Delete",
    "AND",
    "or",
    "NOT",
    "BETWEEN",
    "IN",
    "size",
    "attribute_exists",
    "a",
    "#b",
    ":c",
    "a.b[0]",
)
MARKS = ("(", ")", ",", "=", "<>", "<", ">=", "+", " ", "\n", "!", "ß", "[", "\0")


@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(WORDS + MARKS), max_size=30).map(" ".join),
        st.lists(st.sampled_from(WORDS + MARKS)).map("".join),
    )
)
@example("(" * 5_000)
@example("a = (" * 5_000)
def test_no_text_makes_the_parsers_raise(text: str) -> None:
    condition = parse_condition(text)
    assert condition is None or leaves_of(condition)
    writes = parse_update(text)
    assert writes is None or all(write.attribute and not (write.value and write.removed) for write in writes)


OPERANDS = st.sampled_from(("a", "#b", "c.d[1]", ":v", "size"))
TESTS = st.one_of(
    st.tuples(OPERANDS, st.sampled_from(("=", "<>", "<", "<=", ">", ">=")), OPERANDS).map(" ".join),
    st.sampled_from(("attribute_exists(a)", "attribute_not_exists(#b)", "contains(a, :v)", "a BETWEEN :v AND :w")),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("AND", "or")), inner).map(lambda three: f"({' '.join(three)})"),
        inner.map(lambda one: f"NOT ({one})"),
    ),
    max_leaves=8,
)


@given(CONDITIONS)
def test_every_condition_of_the_grammar_is_read(text: str) -> None:
    assert parse_condition(text) is not None
