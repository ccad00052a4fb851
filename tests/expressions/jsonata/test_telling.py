"""What is told of the parser's errors: one for a fault, on the whole of what is at fault."""

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.telling import told


def tellings(text: str) -> list[tuple[str, str, str]]:
    """Of each error the text that it covers, the message and the help."""
    _, errors = parse(text)
    return [(text[error.start : error.end], error.message, error.help) for error in told(text, errors)]


def covered(text: str) -> list[str]:
    return [part for part, _, _ in tellings(text)]


@pytest.mark.parametrize(
    "text",
    [
        "$a == 1",
        "$a === 1",
        "$a !== 1",
        "$a && $b",
        "$a || $b",
        "$a ?? 1",
        "$a ?: 1",
        "$x => 1",
        "$a <> 1",
        "1 // c",
        "// c",
        "$a++",
    ],
)
def test_a_sign_of_another_language_is_covered_as_a_whole(text: str) -> None:
    (part,) = covered(text)
    assert part in text
    assert tellings(text)[0][1].startswith(f"`{part}`")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("$filter([1, 2], function($x) => $x > 1)", ["=>"]),
        ("{...$a}", ["..."]),
        ("$a.items[?(@.x = 1)]", ["[?("]),
        ("$a == 1 and $b == 2", ["==", "=="]),
        ("$a == 1 && $b", ["==", "&&"]),
    ],
)
def test_one_sign_is_told_once_and_two_are_told_twice(text: str, parts: list[str]) -> None:
    assert covered(text) == parts


def test_two_expressions_in_one_text_are_told_as_one_fault_with_the_one_expression() -> None:
    (found,) = tellings(" $a %}/{% $b ")
    assert found == (
        "%}",
        "`{%` and `%}` stand around the whole text, which is one expression",
        "Write {% $a & '/' & $b %}",
    )


@pytest.mark.parametrize("text", [" $a %} it's {% $b ", " $a %} {% $b %} {% $c ", f" {'$a' * 40} %}} {{% $b "])
def test_what_cannot_be_shown_as_one_expression_is_described(text: str) -> None:
    assert [advice for _, _, advice in tellings(text)] == ["Write one expression, and join its parts with `&`"]


@pytest.mark.parametrize("text", [" {% 1 %} ", " {% 1 ", " 1 %} "])
def test_delimiters_inside_an_expression_are_told_once(text: str) -> None:
    ((part, message, _),) = tellings(text)
    assert part in ("{%", "%}")
    assert message == "`{%` and `%}` stand around an expression, not in it"


def test_delimiters_inside_a_text_are_not_what_is_at_fault() -> None:
    assert covered("'{% a %}' == 1") == ["=="]


@pytest.mark.parametrize(
    ("text", "word"),
    [("if ($a) { 1 } else { 2 }", "if"), ("if ($f(1) > 2) { 1 }", "if"), ("for ($x in $l) { $x }", "for")],
)
def test_a_statement_is_told_once_on_its_word(text: str, word: str) -> None:
    ((part, message, _),) = tellings(text)
    assert (part, message) == (word, f"JSONata has no `{word}`")


def test_a_call_that_looks_like_the_head_of_a_statement_is_none() -> None:
    assert covered("$a.if($b) == 1") == ["=="]
