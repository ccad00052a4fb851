"""Valid JSON: values, duplicate keys, and the place of every key, value and character of a string."""

import json
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.source.document import MISSING, Document, Pointer
from asl_lint.source.json_places import Places
from asl_lint.source.json_spans import scan_spans
from asl_lint.source.json_text import MAX_DEPTH, read_json
from asl_lint.source.text import Span, Text

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=20
)
LAYOUTS = st.sampled_from([{}, {"indent": 2}, {"indent": "\t"}, {"separators": (",", ":")}, {"ensure_ascii": False, "indent": 1}])


def read(content: str) -> Document:
    return read_json(Text(content))


def pointers(value: object, pointer: Pointer = ()) -> list[Pointer]:
    found = [pointer]
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for part, member in members:
        found += pointers(member, (*pointer, part))
    return found


def resolve(value: object, pointer: Pointer) -> object:
    for part in pointer:
        value = value[part]  # type: ignore[index]
    return value


@given(value=VALUES, layout=LAYOUTS)
@settings(deadline=None, max_examples=150)
def test_every_value_and_key_of_valid_json_parses_back_from_its_span(value: object, layout: dict[str, object]) -> None:
    content = json.dumps(value, **layout)  # type: ignore[arg-type]
    document = read(content)
    assert document.value == value
    assert document.problems == ()
    assert document.damaged == frozenset()
    for pointer in pointers(value):
        assert json.loads(content[slice(*document.span(pointer))]) == resolve(value, pointer)
        if pointer and isinstance(pointer[-1], str):
            assert json.loads(content[slice(*document.span(pointer, "key"))]) == pointer[-1]


@given(value=VALUES)
@settings(deadline=None, max_examples=60)
def test_the_spans_are_a_mapping_of_exactly_the_pointers_of_the_value(value: object) -> None:
    table = scan_spans(json.dumps(value))
    assert sorted(map(repr, table)) == sorted(map(repr, pointers(value)))
    assert len(table) == len(pointers(value))


@given(value=VALUES, layout=LAYOUTS, data=st.data())
@settings(deadline=None, max_examples=100)
def test_a_place_that_is_gone_down_to_is_the_one_that_a_scan_of_the_whole_text_finds(
    value: object, layout: dict[str, object], data: st.DataObject
) -> None:
    content = json.dumps(value, **layout)  # type: ignore[arg-type]
    scanned, places = scan_spans(content), Places(content)
    wanted = data.draw(st.permutations(pointers(value)))
    strays = [(*pointer, part) for pointer in wanted[:3] for part in ("", "none", -1, 99)]
    for pointer in [*wanted, *strays, *wanted]:
        assert places.get(pointer) == scanned.get(pointer), pointer
    assert dict(places) == dict(scanned)


@given(text=st.text(), ascii=st.booleans())
@settings(deadline=None, max_examples=150)
def test_a_decoded_string_traces_each_character_to_what_it_came_from(text: str, ascii: bool) -> None:
    content = json.dumps({"a": text}, ensure_ascii=ascii)
    document = read(content)
    decoded = document.string(("a",))
    assert decoded.content == text
    end = document.span(("a",)).start + 1
    for i, char in enumerate(text):
        span = document.span(("a",), within=Span(i, i + 1))
        assert span.start == end
        assert json.loads('"' + content[slice(*span)] + '"') == char
        end = span.end
    assert end == document.span(("a",)).end - 1


def test_a_pair_of_surrogates_is_one_character_and_a_lone_one_is_kept() -> None:
    document = read(r'["\ud83d\ude00x\ud83dy\u0041\/"]')
    assert document.string((0,)).content == "\U0001f600x\ud83dyA/"
    assert document.span((0,), within=Span(0, 1)) == Span(2, 14)
    assert document.span((0,), within=Span(2, 3)) == Span(15, 21)


def test_an_empty_string_traces_to_between_its_quotes() -> None:
    assert read('[""]').span((0,), within=Span(0, 0)) == Span(2, 2)


def test_each_repeated_key_is_reported_with_the_first_one_beside_it() -> None:
    content = '{"a": 1, "b": {"x": 0, "x": 1}, "a": 2, "\\u0061": 3}'
    document = read(content)
    assert document.value == {"a": 3, "b": {"x": 1}}
    assert [(p.code, p.pointer, content[slice(*p.span)], p.related[0].span.start) for p in document.problems] == [
        ("duplicate-key", ("b", "x"), '"x"', 15),
        ("duplicate-key", ("a",), '"a"', 1),
        ("duplicate-key", ("a",), '"\\u0061"', 1),
    ]
    assert document.span(("a",)) == Span(len(content) - 2, len(content) - 1)


@pytest.mark.parametrize(
    ("digits", "value"), [("9" * 5000, int(sys.float_info.max)), ("-" + "9" * 5000, -int(sys.float_info.max))]
)
def test_integers_of_thousands_of_digits_are_valid_and_cut_to_the_largest_float(digits: str, value: int) -> None:
    document = read(f'{{"a": {digits}}}')
    assert document.value == {"a": value}
    assert document.problems == ()


def test_a_float_beyond_the_largest_is_valid_and_cut_to_it() -> None:
    assert read("[1e999, -1e999]").value == [sys.float_info.max, -sys.float_info.max]


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 3000])
def test_valid_json_nested_too_deeply_says_so_and_nothing_else(depth: int) -> None:
    document = read("[" * depth + "]" * depth)
    assert [problem.code for problem in document.problems] == ["nested-too-deeply"]
    assert document.problems[0].span == Span(MAX_DEPTH, MAX_DEPTH + 1)
    assert resolve(document.value, (0,) * MAX_DEPTH) is MISSING


def test_nesting_up_to_the_limit_is_read() -> None:
    assert read("[" * MAX_DEPTH + "]" * MAX_DEPTH).problems == ()
    assert read('{"a":' * MAX_DEPTH + "1" + "}" * MAX_DEPTH).problems == ()


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_any_line_break_between_tokens_is_fine(newline: str) -> None:
    document = read('{\n"a":\n1\n}'.replace("\n", newline))
    assert (document.value, document.problems) == ({"a": 1}, ())
