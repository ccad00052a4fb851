"""No expression makes the parser recurse without bound, hang, or take more than linear time."""

import sys
import time

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.errors import MAX_ERRORS, MAX_HEIGHT, MAX_NESTING, TOO_DEEP
from asl_lint.expressions.jsonata.nodes import Missing
from asl_lint.expressions.jsonata.walk import states_references, top_level_names, variables, walk

OPENING = ["(", "[", "{", "a[", "$f(", '{"a":', "function($x){", "-", "a?", "a?b:", "$x:=", "a^(", "|", "a.(", "[[", "({["]


@pytest.mark.parametrize("piece", OPENING)
def test_what_is_nested_beyond_the_bound_is_one_error(piece: str) -> None:
    _, errors = parse(piece * 100_000)
    assert [error.code for error in errors] == [TOO_DEEP]
    assert errors[0].message == "The expression is nested too deeply to be checked"


def test_brackets_up_to_the_bound_are_followed() -> None:
    depth = MAX_NESTING - 1
    assert parse("(" * depth + "1" + ")" * depth)[1] == ()
    assert [error.code for error in parse("(" * (depth + 1) + "1" + ")" * (depth + 1))[1]] == [TOO_DEEP]


@pytest.mark.parametrize("piece", [" + 1", "[0]", "[]", "()", " ~> $f", "^(a)", "@$x", "#$i", " & 'a'"])
def test_a_chain_is_followed_up_to_the_bound_and_its_tree_stays_low(piece: str) -> None:
    assert TOO_DEEP not in [error.code for error in parse("a" + piece * (MAX_HEIGHT - 5))[1]]
    tree, errors = parse("a" + piece * (MAX_HEIGHT + 5))
    assert [error.code for error in errors] == [TOO_DEEP]
    assert isinstance(tree.body, Missing)


def test_a_path_may_have_any_number_of_steps() -> None:
    tree, errors = parse("a." * 20_000 + "a")
    assert errors == ()
    assert len(tree.body.steps) == 20_001  # type: ignore[attr-defined]


def test_a_caller_deep_in_its_own_stack_gets_an_answer() -> None:
    def call(levels: int) -> object:
        return parse("(" * 150 + "%" + ")" * 150)[1] if levels == 0 else call(levels - 1)

    frame, depth = sys._getframe(), 0
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    errors = call(sys.getrecursionlimit() - depth - 60)
    assert [error.code for error in errors] == [TOO_DEEP]  # type: ignore[attr-defined]


def test_the_parser_gives_up_after_some_errors() -> None:
    _, errors = parse("[" + "1 +, " * 1000 + "1]")
    assert len(errors) == MAX_ERRORS


# fmt: off
PIECES = [
    *"a1$ ()[]{}.,;:?@#+-*/%|=<>^&!~'`\\", '"', "\n", "é", "😀", "a.b.", "%.", "a%.", "1+", "a&", "not ", "a@$x.", "a#$i.",
    "a[0].", "{a:b}", "^(a)", "|a|",
    "/a/", "/a/,", "a/", "/*", "/**/", "/* */a", '"a"', '\\"', '"\\', '"\\u00', "''", "//", "//\n", "a//(\n", "/(\n",
    "function($x)<",
    "function($x)<a<", "$x ", "..", "[1..", "1,", "a;", "a:", "()()", "'\\\"' ", "/\\", "1e9", "1.", "%[", "[%.a]",
    "(%)", "%%", "* ",
    "$states.", '"a".', "true.", "and ", "/[", "/(a", "a b ", "(a b", "{a:", "\\u", "(?<a>", "/(?<a>",
]
# fmt: on


@pytest.mark.large
@pytest.mark.parametrize("before", ["", "[a,", '"'])
def test_time_grows_no_faster_than_the_text(before: str) -> None:
    slow = []
    for piece in PIECES:
        text = before + piece * (15_000 // len(piece))
        start = time.process_time()
        tree, _ = parse(text)
        top_level_names(tree), states_references(tree), variables(tree), list(walk(tree))
        # Some 0.3 s on a slow machine; what is quadratic takes minutes.
        if time.process_time() - start > 2:
            slow.append(piece)
    assert slow == []
