"""Intrinsic function calls, for any text: total, within bounds, linear; and what is written as a call is read as that call."""

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asl_lint.expressions.intrinsic_functions import FUNCTIONS, Argument
from asl_lint.expressions.intrinsics import Intrinsic, parse_dynamic, parse_intrinsic
from asl_lint.expressions.jsonpath import MOST_ERRORS

PIECES = st.sampled_from(
    ["States.Format", "States.Array", "States.UUID()", "States.", "Nope", "(", ")", "'", '"', ",", " ", "\n", "\\", "{}", "{",
     "}", "$.a", "$", "$$.State.Name", "$x", "[0]", "[", "]", "'text'", "5", "-1.5", "true", "null", "+", "é", "\u00a0",
     "\ue000", "\ud800", "${X}", "$.a[?(@.b == 'c')]"]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(),
    st.lists(PIECES, max_size=30).map("".join),
    st.lists(PIECES, max_size=25).map(lambda pieces: "States.Array(" + "".join(pieces)),
)

STRINGS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ue000"), max_size=12).filter(
    lambda text: "${" not in text and "{{" not in text
)
BLANKS = st.sampled_from(["", "", " ", "\n  "])


def quoted(text: str) -> str:
    return "'" + "".join("\\" + c if c in "'{}\\" else c for c in text) + "'"


Written = tuple[str, object]
"""How an argument is written, and what it is: a literal's value, a path's text, or the name and arguments of a call."""


def call_of(arguments: list[tuple[str, Written, str]]) -> Written:
    inside = ",".join(before + written + after for before, (written, _), after in arguments)
    return f"States.Array({inside})", ("States.Array", [value for _, (_, value), _ in arguments])


LEAVES: st.SearchStrategy[Written] = st.one_of(
    STRINGS.map(lambda text: (quoted(text), text)),
    st.integers(-(10**9), 10**9).map(lambda number: (str(number), number)),
    st.floats(allow_nan=False, allow_infinity=False, width=32).map(lambda number: (f"{number:.6f}", float(f"{number:.6f}"))),
    st.sampled_from([("true", True), ("false", False), ("null", None)]),
    st.sampled_from(["$", "$$.Execution.Id", "$total", "$.a[0].b", "$.a[?(@.b == ',)')]", "$['x, y)']"]).map(
        lambda p: (p, ("path", p))
    ),
)
CALLS = st.recursive(
    LEAVES, lambda inner: st.lists(st.tuples(BLANKS, inner, BLANKS), max_size=3).map(call_of), max_leaves=8
).filter(lambda written: isinstance(written[1], tuple) and written[1][0] == "States.Array")  # fmt: skip


def meaning(argument: Argument) -> object:
    if argument.call:
        return argument.call.name, [meaning(inner) for inner in argument.call.arguments]
    return ("path", argument.path.source) if argument.path else argument.value


@given(TEXTS)
@example("States.Array('")
@example("States.Array($.a[")
@settings(deadline=None, max_examples=250)
def test_any_text_is_read_with_errors_inside_it(text: str) -> None:
    intrinsic = parse_intrinsic(text)
    assert len(intrinsic.errors) <= MOST_ERRORS
    assert list(intrinsic.errors) == sorted(intrinsic.errors, key=lambda error: error.start)
    for error in intrinsic.errors:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.message and "\n" not in error.message
    for call in intrinsic.calls():
        assert 0 <= call.start < call.name_end < call.end <= len(text)
        assert text[call.start : call.name_end] == call.name
        end = call.name_end
        for argument in call.arguments:
            assert end <= argument.start < argument.end <= call.end
            end = argument.end
    assert intrinsic.call is not None or intrinsic.errors


@given(TEXTS)
@settings(deadline=None, max_examples=100)
def test_any_dynamic_value_is_a_path_or_a_call(text: str) -> None:
    parsed = parse_dynamic(text)
    assert parsed.text == text
    assert all(0 <= error.start <= error.end <= len(text) for error in parsed.errors)


@given(CALLS)
@settings(deadline=None, max_examples=150)
def test_a_call_that_is_written_from_a_tree_is_read_as_it(written: Written) -> None:
    text, expected = written
    intrinsic = parse_intrinsic(text)
    assert [error for error in intrinsic.errors if error.code not in ("nested-too-deeply", "too-many-calls")] == []
    assert intrinsic.call is not None
    assert meaning(Argument("call", 0, len(text), None, None, intrinsic.call)) == expected


@given(CALLS, st.data())
@settings(deadline=None, max_examples=100)
def test_a_call_that_ends_too_early_is_an_error(written: Written, data: st.DataObject) -> None:
    text = written[0]
    cut = text[: data.draw(st.integers(0, len(text) - 1))]
    assert parse_intrinsic(cut).errors


@given(st.sampled_from(sorted(FUNCTIONS)), st.integers(0, 5))
@settings(deadline=None, max_examples=100)
def test_the_number_of_arguments_decides_and_not_their_paths(name: str, count: int) -> None:
    function = FUNCTIONS[name]
    errors = parse_intrinsic(f"{name}({', '.join(['$.a'] * count)})").errors
    least = len(function.takes) if function.minimum is None else function.minimum
    assert (not errors) == (least <= count and (function.rest or count <= len(function.takes)))


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "States.Array(" * n,
        lambda n: "States.Array(" * n + ")" * n,
        lambda n: "States.Array(" + "," * n,
        lambda n: "States.Array(" + "$.a," * n + "1)",
        lambda n: "States.Array(" + "$.a[" * n,
        lambda n: "States.Array(" + "x " * n,
        lambda n: "States.Array(" + "{" * n,
        lambda n: "States.Array(" + "(" * n,
        lambda n: "States.Array(" + '"' * n,
        lambda n: "States.Array('" + "'" * n,
        lambda n: "States.Array('" + "\\" * n,
        lambda n: "States.Format('" + "{}" * n + "')",
        lambda n: "States.StringToJson('" + "[" * n + "')",
        lambda n: "States.MathAdd(" + "9" * n + ", 1)",
        lambda n: "States." + "Format" * n + "(1)",
        lambda n: "a." * n + "(",
        lambda n: "[" * n,
        lambda n: "${a}" * n + "(",
        lambda n: "States.Hash($.a, '" + "x" * n + "')",
    ],
)
def test_the_time_for_a_huge_call_is_linear(make: Callable[[int], str]) -> None:
    def seconds(text: str) -> float:
        parse_intrinsic.cache_clear()
        parse_dynamic.cache_clear()
        start = time.process_time()
        intrinsic = parse_intrinsic(text)
        assert isinstance(parse_dynamic(text), Intrinsic) or not text.startswith("States.")
        assert len(intrinsic.errors) <= MOST_ERRORS
        return time.process_time() - start

    small = min(seconds(make(2_500)) for _ in range(3))
    # Eight times the text: four times the time that this takes at the same speed, and more than a coarse clock's tick.
    assert seconds(make(20_000)) < 32 * small + 0.2
