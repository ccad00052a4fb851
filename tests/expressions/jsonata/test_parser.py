"""Trees, spans and recovery of the JSONata parser."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.nodes import (
    Expression,
    Lambda,
    Missing,
    Name,
    Node,
    Number,
    Placeholder,
    Regex,
    String,
    Variable,
)
from asl_lint.expressions.jsonata.walk import walk

from .generate import any_expression

TREES = {
    "$states.input.a": "Path((Variable('states'), Name('input'), Name('a')))",
    "a.b[0].c": "Path((Name('a'), Filter(Name('b'), Number(0)), Name('c')))",
    "(a.b)[0]": "Filter(Block((Path((Name('a'), Name('b'))),)), Number(0))",
    "a[]": "KeepArray(Name('a'))",
    'a."b c".`d`': "Path((Name('a'), String('b c'), Name('d')))",
    "1 + 2 * 3": "Binary('+', Number(1), Binary('*', Number(2), Number(3)))",
    "1 - 2 - 3": "Binary('-', Binary('-', Number(1), Number(2)), Number(3))",
    "-a.b + 1": "Binary('+', Negate(Path((Name('a'), Name('b')))), Number(1))",
    "a = 1 or b = 2 and c": (
        "Binary('or', Binary('=', Name('a'), Number(1)), Binary('and', Binary('=', Name('b'), Number(2)), Name('c')))"
    ),
    "a & b = c": "Binary('=', Binary('&', Name('a'), Name('b')), Name('c'))",
    "a in [1..3]": "Binary('in', Name('a'), Array((Range(Number(1), Number(3)),)))",
    "a ? b : c ? d : e": "Condition(Name('a'), Name('b'), Condition(Name('c'), Name('d'), Name('e')))",
    "a ? b": "Condition(Name('a'), Name('b'), None)",
    "$x := $y := 1": "Bind(Variable('x'), Bind(Variable('y'), Number(1)))",
    "($x := 1; $x)": "Block((Bind(Variable('x'), Number(1)), Variable('x')))",
    "()": "Block(())",
    "{'a': 1, 'b': [true, null]}": "Object((Pair(String('a'), Number(1)), Pair(String('b'), Array((Boolean(True), Null())))))",
    "a{b: $sum(c)}": "Group(Name('a'), (Pair(Name('b'), Call(Variable('sum'), (Name('c'),))),))",
    "a.b^(>c, d)": "Sort(Path((Name('a'), Name('b'))), (SortTerm(Name('c'), True), SortTerm(Name('d'), False)))",
    "a@$x.b#$i": "Path((Focus(Name('a'), Variable('x')), Index(Name('b'), Variable('i'))))",
    "a.*.%.**": "Path((Name('a'), Wildcard(), Parent(), Descendants()))",
    "$f(?, 1)": "Call(Variable('f'), (Placeholder(), Number(1)))",
    "a ~> $f ~> $g(1)": "Apply(Apply(Name('a'), Variable('f')), Call(Variable('g'), (Number(1),)))",
    "function($x, $y)<n-n:n>{ $x }": "Lambda((Variable('x'), Variable('y')), '<n-n:n>', Variable('x'))",
    "λ(){1}": "Lambda((), None, Number(1))",
    "$ ~> |a|{'b': 1}, 'c'|": "Apply(Variable(''), Transform(Name('a'), Object((Pair(String('b'), Number(1)),)), String('c')))",
    "/a\\/b/im": "Regex('a\\\\/b', 'im')",
    "a /* why */ / b": "Binary('/', Name('a'), Name('b'))",
    "in in and": "Binary('in', Name('in'), Name('and'))",
}


@pytest.mark.parametrize("text", TREES)
def test_a_construct_has_its_tree(text: str) -> None:
    tree, errors = parse(text)
    assert errors == ()
    assert repr(tree.body) == TREES[text]


VALUES = {
    "1": 1,
    "0.5": 0.5,
    "1e3": 1000.0,
    "123456789012345678": 123456789012345680.0,
    '"a\\n\\"\\u00e9"': 'a\n"é',
    "'a\"b'": 'a"b',
    '"\\ud83d\\ude00"': "😀",
    '"\\ud83d"': "\ud83d",
    '"a\nb"': "a\nb",
    "true": True,
    "false": False,
}


@pytest.mark.parametrize("text", VALUES)
def test_a_literal_has_its_value(text: str) -> None:
    tree, errors = parse(text)
    assert errors == ()
    value = tree.body.value  # type: ignore[attr-defined]
    assert (value, type(value)) == (VALUES[text], type(VALUES[text]))


def test_comments_are_kept_with_their_places() -> None:
    text = "/* one */ a /*two*/ + /**/ b"
    tree, errors = parse(text)
    assert errors == ()
    assert [(comment.text, text[comment.start : comment.end]) for comment in tree.comments] == [
        (" one ", "/* one */"),
        ("two", "/*two*/"),
        ("", "/**/"),
    ]


def test_a_comment_behind_an_error_is_kept_once() -> None:
    tree, errors = parse("[1, ] /* x */ + = /* y */ 2")
    assert len(errors) == 2
    assert [comment.text for comment in tree.comments] == [" x ", " y "]


def test_a_partial_application_is_marked() -> None:
    tree, _ = parse("$f(?, 1)")
    assert tree.body.partial is True  # type: ignore[attr-defined]
    tree, _ = parse("$f(1)")
    assert tree.body.partial is False  # type: ignore[attr-defined]


# Spans


def faults_of_spans(tree: Expression) -> list[str]:
    """Where a node lies outside of its parent, before its elder sibling, or does not cover its own text."""
    text, faults = tree.text, []
    for node in walk(tree):
        if not 0 <= node.start <= node.end <= len(text):
            faults.append(f"{node!r} lies outside of the text")
        last = node.start
        for child in node.children():
            if child.start < last or child.end > node.end:
                faults.append(f"{child!r} at {child.span} in {node!r} at {node.span}")
            last = child.end
        own = text[node.start : node.end]
        if not _covers(node, own):
            faults.append(f"{node!r} covers {own!r}")
    return faults


def _covers(node: Node, own: str) -> bool:
    match node:
        case String():
            return own[:1] in "\"'" and ("\\" in own or own.strip("\"'") == node.value.strip("\"'"))
        case Number():
            return float(own) == node.value
        case Variable():
            return own == f"${node.name}"
        case Name(quoted=True):
            return own[:1] == "`" and own.strip("`") == node.value
        case Name():
            return own == node.value
        case Regex():
            return own == f"/{node.pattern}/{node.flags}" or own.startswith("/")
        case Placeholder():
            return own == "?"
        case Lambda():
            return own.startswith(("function", "λ", "`"))
        case Missing():
            return own == ""
        case _:
            return True


def test_every_span_of_real_expressions_lies_in_its_parent_s_and_covers_its_text(corpus: Path) -> None:
    count = 0
    for name in ("expressions", "broken", "suite-2.0.6"):
        for entry in json.loads((corpus / "jsonata" / f"{name}.json").read_text(encoding="utf-8")):
            tree, _ = parse(entry["expr"])
            assert faults_of_spans(tree) == [], entry["expr"]
            count += 1
    assert count > 2400


@settings(deadline=None, max_examples=300)
@given(st.randoms(use_true_random=False))
def test_every_span_of_a_generated_expression_lies_in_its_parent_s(source: random.Random) -> None:
    tree, _ = parse(any_expression(source, ["$merge([$states.input, {'a': $x[0].b}])", "a.b^(>c).{'d': %.e}"]))
    assert faults_of_spans(tree) == []


@settings(deadline=None, max_examples=400)
@given(st.text(max_size=60) | st.text(alphabet="ab$1 .()[]{},;:?@#+-*/%|=<>^&!~\"'`\\\nu", max_size=60))
def test_no_text_makes_it_raise_and_errors_lie_in_the_text(text: str) -> None:
    tree, errors = parse(text)
    assert faults_of_spans(tree) == []
    for error in errors:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.message
        assert "\n" not in error.message + error.help
    assert errors or not any(isinstance(node, Missing) for node in walk(tree))


@pytest.mark.parametrize(
    "piece", ["'\\d' ", "!", "a ~ b ", "1e999,", "/+/ ", "// \n", "/(", "[1,] ", "$f(a b) ", "a == b && ", "\\u ", "%.a + "]
)
def test_spans_stay_in_order_where_the_parser_gives_up(piece: str) -> None:
    for before in ("", "[", "$f(", "{'a': ", "("):
        tree, errors = parse(before + piece * 60)
        assert errors
        assert faults_of_spans(tree) == []


def test_a_path_ends_where_its_last_step_does() -> None:
    tree, _ = parse("  $states.input /* x */ . a  ")
    assert tree.body.span == (2, 27)


# Recovery

SEVERAL = {
    "$a == 1 && $b == 2": [("S0211", 4), ("S0211", 9), ("S0211", 15)],
    "{'a': !$x, 'b': 1 ++ 2, 'c': [1,]}": [("S0204", 6), ("S0211", 19), ("S0211", 32)],
    "$f(1; 2; 3) + ": [("S0202", 4)],
    "[1 2 3, '\\d']": [("S0202", 3), ("S0103", 9)],
    "($x = ; $y == 1; $z)": [("S0211", 6), ("S0211", 12)],
    "{'a': (1; 2}": [("S0202", 11)],
    "a) + (b == 1)": [("S0201", 1), ("S0211", 9)],
    "function(x){ x == 1 }": [("S0208", 9), ("S0211", 16)],
    "/+/ & '\\q'": [("bad-regex", 0), ("S0103", 7)],
    "((((a": [("S0203", 5)],
    "a.1.b.2": [("S0213", 2), ("S0213", 6)],
    "%.a + %.b": [("S0217", 0), ("S0217", 6)],
    "$a || $b || $c": [("S0201", 3)],
    "[$a || $b, $c && $d]": [("S0202", 4), ("S0211", 15)],
    "~$f + =": [("S0204", 0), ("S0211", 6)],
}


@pytest.mark.parametrize("text", SEVERAL)
def test_all_faults_of_an_expression_are_found_and_none_twice(text: str) -> None:
    assert [(error.code, error.start) for error in parse(text)[1]] == SEVERAL[text]


def test_what_stands_around_an_error_is_in_the_tree() -> None:
    tree, errors = parse("{'a': $x ==, 'b': $f(1, $y}")
    assert len(errors) == 2
    assert [node.name for node in walk(tree) if isinstance(node, Variable)] == ["x", "f", "y"]


def test_what_follows_a_whole_expression_is_its_rest() -> None:
    tree, errors = parse("$a $b + 1 ) $c")
    assert [error.code for error in errors] == ["S0201"]
    assert repr(tree.rest) == "(Binary('+', Variable('b'), Number(1)), Variable('c'))"
