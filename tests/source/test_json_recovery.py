"""Broken JSON: what is said, where, what is read in spite of it, and that no text does harm."""

import gc
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.source.document import MISSING, Document, Pointer
from asl_lint.source.json_text import MAX_DEPTH, read_json
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.text import Span, Text


def read(content: str) -> Document:
    return read_json(Text(content))


def errors(document: Document) -> list[tuple[str, Span]]:
    return [(problem.values["problem"], problem.span) for problem in document.problems if problem.code == "syntax-error"]


CASES = [
    ("", MISSING, "the file is empty", 0, 0),
    (" \n", MISSING, "the file holds nothing but blanks", 0, 0),
    ('{"a": 1,}', {"a": 1}, "trailing comma", 7, 8),
    ("[1, 2,]", [1, 2], "trailing comma", 5, 6),
    ("[1,,2]", [1, 2], "unexpected comma", 3, 4),
    ('{"a" 1}', {"a": 1}, "missing colon after key a", 4, 4),
    ('{"a": 1 "b": 2}', {"a": 1, "b": 2}, "expected a comma between members", 7, 7),
    ("[1 2]", [1, 2], "expected a comma between elements", 2, 2),
    ("{'a': 1}", {"a": 1}, "single quotes: JSON strings take double quotes", 1, 4),
    ("{“a”: 1}", {"a": 1}, "curly quotes: JSON strings take straight ones", 1, 4),
    ('{"a": True}', {"a": True}, "True is no JSON", 6, 10),
    ('{"a": None}', {"a": None}, "None is no JSON", 6, 10),
    ('{"a": NaN}', {"a": MISSING}, "NaN is no JSON: numbers are finite", 6, 9),
    ("[-Infinity]", [MISSING], "-Infinity is no JSON: numbers are finite", 1, 10),
    ("[007]", [7], "a number does not begin with a zero: 007", 1, 4),
    ("[+1]", [1], "a number takes no plus sign: +1", 1, 3),
    ("[0x1F]", [31], "numbers are decimal in JSON: 0x1F", 1, 5),
    ("[.5]", [0.5], "this is no number of JSON: .5", 1, 3),
    ("[1] // x", [1], "comments are not allowed in JSON", 4, 8),
    ("[1 /* x\n */, 2]", [1, 2], "comments are not allowed in JSON", 3, 11),
    ('["a\tb"]', ["a\tb"], "a tab inside a string must be escaped", 3, 4),
    ('["a\x00b"]', ["a\x00b"], "a NUL character inside a string must be escaped", 3, 4),
    ("\x00[1]", [1], "the character U+0000 does not belong between values", 0, 1),
    ('["a\\d"]', ["a\\d"], "\\d is no escape of JSON", 3, 5),
    ('["a\\u12"]', ["a\\u12"], "\\u is no escape of JSON", 3, 5),
    ('{\n"a": "x,\n"b": 1}', {"a": MISSING, "b": 1}, "the closing quote of a string is missing", 9, 9),
    ('{\n"a": x",\n"b": 1}', {"a": MISSING, "b": 1}, "the opening quote of a string is missing", 7, 7),
    ('{"a": "one\ntwo", "b": 1}', {"a": MISSING, "b": 1}, "a line break inside a string must be escaped", 10, 11),
    ('{"a": "{% $x = "y" %}"}', {"a": MISSING}, "a double quote inside a string must be escaped", 15, 16),
    ('{"a": [1, 2}', {"a": [1, 2]}, "the closing ] of this array is missing", 11, 11),
    ('{"a": {"b": 1}', {"a": {"b": 1}}, "the closing } of this object is missing", 14, 14),
    ("[ [1", [[1]], "2 closing brackets are missing", 4, 4),
    ("[1}", [1], "expected ] to close this array, found }", 2, 3),
    ('{"a": 1}}', {"a": 1}, "text after the end of the document", 8, 9),
    ('{"a": 1} {"b": 2}', {"a": 1}, "text after the end of the document", 9, 17),
    ('{"a": 1} more', {"a": 1}, "text after the end of the document", 9, 13),
    ('{"a": , "b": 2}', {"a": MISSING, "b": 2}, "the value of a is missing", 5, 5),
    ('{"a"= 1}', {"a": 1}, "expected a colon, found =", 4, 5),
    ("{a: 1}", {"a": 1}, "a has no quotes", 1, 2),
    ('{\n  "a": {\n    "b": 1,\n  "c": 2\n}', {"a": {"b": 1}, "c": 2}, "the closing } of this object is missing", 21, 21),
    ('{\n  "a":\n    "b": 1\n  },\n  "c": 2\n}', {"a": {"b": 1}, "c": 2}, "the opening { of this object is missing", 13, 13),
    ('{"x": "${a == "b"}"}', {"x": MISSING}, "a double quote inside a placeholder ends the string for JSON", 7, 18),
]  # fmt: skip


@pytest.mark.parametrize(("content", "value", "problem", "start", "end"), CASES)
def test_a_slip_is_named_in_its_place_and_the_rest_is_read(
    content: str, value: object, problem: str, start: int, end: int
) -> None:
    document = read(content)
    assert errors(document) == [(problem, Span(start, end))]
    assert document.value == value


def test_all_errors_of_a_text_are_reported() -> None:
    document = read('{\n  "a": 1\n  "b": [1 2],\n  "c": True,\n  // x\n  "d": 01,\n}')
    assert [span.start for _, span in errors(document)] == [10, 20, 32, 40, 52, 54]
    assert document.value == {"a": 1, "b": [1, 2], "c": True, "d": 1}


def test_a_lost_bracket_names_the_one_that_it_should_close() -> None:
    problem = read('{"a": [1, 2}').problems[0]
    assert problem.related[0].span == Span(6, 7)
    assert problem.related[0].message == "the array begins here"


def test_only_containers_that_an_edit_may_have_changed_are_damaged() -> None:
    document = read('{\n  "a": {\n    "x": , "y": 2\n  },\n  "b": {"z": [1]}\n}')
    assert document.damaged == {("a",)}


@pytest.mark.parametrize("content", ['{"a": 1 "b": 2}', '{"a" 1}', '{"a", 1}', '{"a": 1,}', "[1 2]"])
def test_a_comma_or_colon_that_is_lost_or_mistaken_leaves_nothing_missing(content: str) -> None:
    document = read(content)
    assert len(document.problems) == 1
    assert document.damaged == frozenset()


@pytest.mark.parametrize(
    ("content", "damaged"),
    [
        ('{"a": {"b": 1}', {()}),
        ('{"a": [1}', {("a",), ()}),
        ('{"a": 1}}', {()}),
        ("[1,,2]", {()}),
        ('{"a": {"b": x y, "c": 1}}', {("a",)}),
    ],
)
def test_a_bracket_or_value_that_is_lost_or_mistaken_may_leave_something_missing(content: str, damaged: set[Pointer]) -> None:
    assert read(content).damaged == damaged


def test_what_is_wrong_within_a_scalar_damages_nothing() -> None:
    assert read('{"a": True, "b": "\t", /* c */ "c": "\\d"}').damaged == frozenset()


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ('{"a": ${Name}}', {"a": Placeholder("${Name}")}),
        ("[${a}, ${b}]", [Placeholder("${a}"), Placeholder("${b}")]),
        ('{"a": ${jsonencode({x = "}"})}}', {"a": Placeholder('${jsonencode({x = "}"})}')}),
        ('{"a": ${var.x}${var.y}s}', {"a": Placeholder("${var.x}${var.y}s")}),
        ("{${Key}: 1}", {"${Key}": 1}),
        ('{"a": {{ seconds }}, "b": [{{x}}]}', {"a": Placeholder("{{ seconds }}"), "b": [Placeholder("{{x}}")]}),
    ],
)
def test_an_unquoted_placeholder_is_a_value_and_no_error(content: str, value: object) -> None:
    document = read(content)
    assert document.value == value
    assert document.problems == ()
    assert document.damaged == frozenset()


@pytest.mark.parametrize("content", ['{"a": 1, ${more}}', '{"a": 1 ${more}}', "{${more}}"])
def test_a_placeholder_that_may_hold_members_damages_its_container_without_an_error(content: str) -> None:
    document = read(content)
    assert document.problems == ()
    assert document.damaged == {()}


def test_a_template_directive_is_a_syntax_error() -> None:
    document = read('{"a": 1 %{ if x }, "b": 2 %{ endif }}')
    assert [span for _, span in errors(document)] == [Span(8, 17), Span(26, 36)]
    assert document.value == {"a": 1, "b": 2}


def test_a_key_that_recovery_may_have_repeated_is_no_duplicate() -> None:
    document = read('{"a": {"Type": 1, "b": {"Type": 2}')
    assert all(problem.code == "syntax-error" for problem in document.problems)


SOUP = st.text(alphabet="{}[],:\"\\ \n\t01a-.$%truefalsn\u2028\x00\r'", max_size=60)


def is_json(content: str) -> bool:
    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        json.loads(content, parse_constant=refuse)
    except ValueError:
        return False
    return True


def check(content: str) -> None:
    document = read(content)
    found = [problem for problem in document.problems if problem.code == "syntax-error"]
    assert bool(found) != is_json(content) or "${" in content
    assert [p.span for p in document.problems] == sorted(p.span for p in document.problems)
    for problem in document.problems:
        for start, end in (problem.span, *(note.span for note in problem.related)):
            assert 0 <= start <= end <= len(content)
    for pointer in (*document.damaged, *(problem.pointer for problem in document.problems)):
        start, end = document.span(pointer)
        assert 0 <= start <= end <= len(content)
        document.string(pointer)


@given(content=SOUP | st.text(max_size=40))
@settings(deadline=None, max_examples=600)
def test_any_text_is_read_and_refused_exactly_where_json_is(content: str) -> None:
    check(content)


@given(seed=st.integers(0, 2**32), edits=st.integers(1, 6))
@settings(deadline=None, max_examples=150)
def test_a_definition_with_several_slips_is_read_and_refused(seed: int, edits: int) -> None:
    draw = random.Random(seed)
    state = {
        "Type": "Task",
        "Retry": [{"ErrorEquals": ["States.ALL"], "BackoffRate": 1.5}],
        "Next": "B\n\u00e9",
        "x": [True, None],
    }
    content = json.dumps({"StartAt": "A", "States": {"A": state, "B": {"Type": "Succeed"}}}, indent=draw.choice([None, 2]))
    for _ in range(edits):
        at = draw.randrange(len(content))
        content = content[:at] + draw.choice(["", *'{}[],:"\\\n0x']) + content[at + draw.randrange(2) :]
    check(content)


@pytest.mark.parametrize("indent", [None, 2])
def test_the_value_and_string_of_a_broken_text_agree(indent: int | None) -> None:
    content = json.dumps({"a": "x\ny", "b": ["\u00e9", "c"]}, indent=indent)[:-1]
    document = read(content)
    assert document.string(("a",)).content == "x\ny"
    assert document.string(("b", 0)).content == "é"
    assert json.loads(content[slice(*document.span(("b",)))]) == ["é", "c"]


UNITS = [
    "[", "]", "{", "}", '"', ":", ",", "\\", "'", "/", "0", "$", "%", "\x00", "[]", "{}", "}{", "[{", "[1,", "[1],", '{"a":',
    '{"a":1 ', '"a" ', '"a":1,', "1 ", "a b ", "${", "${a}", '${"', '"${', "%{", "/*", "//\n", '"\n', "a\n", 'a"\n', '"a\n',
    "{\n", ",\n", '\\"', '"\\u",', '"\\\n', '"":', '"a":{"b":1},', '{"a":[1,2}\n', "{{resolve:",
]  # fmt: skip
SIZE = 100_000
RATIO = 250 if sys.gettrace() is None else 1_000
"""How much longer a broken text may take than a valid one, which C reads; measuring coverage slows down Python alone."""

TRIES = 5
"""Other processes on the same core take the caches away for a while, but hardly that often."""


def seconds_of_valid_json() -> float:
    """What a valid text of ``SIZE`` characters takes here and now: the least of a few times, in processor time."""
    content = json.dumps([{"a": 1, "b": ["x"]}] * (SIZE // 22))
    best = float("inf")
    for _ in range(3):
        started = time.process_time()
        json.loads(content)
        best = min(best, time.process_time() - started)
    return best


def seconds_of(content: str) -> float:
    """Processor time of reading, without what the collector takes to look through all that other tests have left."""
    gc.disable()
    try:
        started = time.process_time()
        read(content)
        return time.process_time() - started
    finally:
        gc.enable()


def takes_no_more_than(times: float, content: str, valid: Callable[[], float] = seconds_of_valid_json) -> bool:
    """Whether a text takes less than so many times what a valid one does, in one of some tries: each tells at most too much."""
    return any(seconds_of(content) < times * valid() for _ in range(TRIES))


@pytest.mark.large
@pytest.mark.parametrize("unit", UNITS)
def test_a_text_with_a_fault_everywhere_takes_no_more_than_some_hundred_times_as_long_as_a_valid_one(unit: str) -> None:
    """Measured: up to 170 times, most below 50. What is not linear takes thousands of times as long at this size."""
    content = unit * (SIZE // len(unit))
    assert takes_no_more_than(RATIO, content)


def test_structural_characters_in_any_order_take_no_more_than_some_hundred_times_as_long_as_a_valid_text() -> None:
    draw = random.Random(4)
    content = "".join(draw.choice('{}[],:"\n a1') for _ in range(SIZE))
    assert takes_no_more_than(RATIO, content)


@pytest.mark.parametrize("indent", [None, 2])
def test_the_time_of_a_long_text_with_one_fault_grows_with_its_length(indent: int | None) -> None:
    def broken(states: int) -> str:
        state = {
            "Type": "Task",
            "Resource": "arn:aws:states:::sns:publish",
            "Retry": [{"ErrorEquals": ["States.ALL"]}],
            "End": True,
        }
        content = json.dumps({"States": {f"S{i}": state for i in range(states)}}, indent=indent)
        middle = content.index("}", len(content) // 2)
        return content[:middle] + content[middle + 1 :]

    short, long = broken(500), broken(2000)
    assert takes_no_more_than(5.5, long, lambda: min(seconds_of(short) for _ in range(2)))


@pytest.mark.large
@pytest.mark.parametrize(
    ("unit", "size"),
    [("{}", 40_000), ("[1],", 40_000), ('"a" ', 40_000), ('"', 250_000), ('"\\q', 250_000)],
)
def test_memory_is_bounded_by_a_multiple_of_the_size(unit: str, size: int) -> None:
    content = "[" + unit * (size // len(unit))
    tracemalloc.start()
    try:
        read(content)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 60 * size


@pytest.mark.parametrize("unit", ["$ ", '"', "a\n", '"a\n', '"a" '])
def test_a_hopeless_text_is_given_up_in_so_many_words(unit: str) -> None:
    document = read("[" + unit * 20_000)
    assert [problem for problem, _ in errors(document)][-1] == "the rest is too broken to be read"
    assert () in document.damaged


@pytest.mark.large
def test_a_text_with_a_fault_is_read_as_far_as_so_many_values_and_what_is_open_there_is_damaged() -> None:
    document = read('{"a": 1 "b": [' + "[]," * 150_000 + '[]], "c": 2}')
    assert [problem for problem, _ in errors(document)] == [
        "expected a comma between members",
        "the rest is not read: in a text with faults, only so many values can be",
    ]
    assert document.damaged == {(), ("b",)}


@pytest.mark.parametrize(
    "fault",
    [
        '"X":{"Comment":"x,"Type":"Pass","End":true}',
        '"X":{"Comment":x","Type":"Pass","End":true}',
        '"X":{"Comment":"a "b" c","Type":"Pass","End":true}',
        '"X":{"Comment":["a",{"b":"c}],"Type":"Pass","End":true}',
        '"X":{"Type":"Pass" "End":true}',
    ],
)
def test_a_fault_in_a_long_line_does_not_spoil_what_lies_around_it(fault: str) -> None:
    states = [f'"S{i}":{{"Type":"Pass","Comment":"one, two: three","Next":"S{i + 1}"}}' for i in range(2000)]
    states[1000:1000] = [fault]
    document = read('{"States":{' + ",".join(states) + "}}")
    assert len(errors(document)) == 1
    value: dict[str, dict[str, object]] = document.value  # type: ignore[assignment]
    assert list(value["States"]) == [f"S{i}" for i in range(1000)] + ["X"] + [f"S{i}" for i in range(1000, 2000)]


def test_a_hundred_thousand_open_brackets_are_too_deep_once() -> None:
    document = read("[" * 100_000)
    assert sorted(problem.code for problem in document.problems) == ["nested-too-deeply", "syntax-error"]


def test_edits_do_not_make_a_value_that_is_too_deep() -> None:
    value, depth = read("[}" * 1500).value, 0
    while value and isinstance(value, list):
        value, depth = value[0], depth + 1
    assert depth <= MAX_DEPTH


def test_valid_json_that_is_deep_and_longer_than_a_broken_text_may_be_is_not_called_broken() -> None:
    document = read("[" + "[" * 3000 + "]" * 3000 + ",[]" * 150_000 + "]")
    assert [problem.code for problem in document.problems] == ["nested-too-deeply"]
