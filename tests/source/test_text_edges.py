"""The edges of texts: spans at the ends of segments, gaps between them, and positions at the ends of lines."""

import sys

import pytest

from asl_lint.source.globs import name_pattern
from asl_lint.source.reading import read_document
from asl_lint.source.text import Position, Range, Segment, Span, Text

ROOT = Text("0123456789abcdef")
# Verbatim 0–3 from 2–5, opaque 3–5 from 6–10, verbatim 5–7 from 12–14; the root's 0–2, 5–6, 10–12 and 14–16 are in none.
MAPPED = Text("234XYcd", ROOT, (Segment(0, 3, 2, 5), Segment(3, 5, 6, 10, "opaque"), Segment(5, 7, 12, 14)))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 1, (2, 3)),
        (1, 3, (3, 5)),
        (2, 4, (4, 10)),
        (3, 4, (6, 10)),
        (4, 5, (6, 10)),
        (4, 6, (6, 13)),
        (5, 7, (12, 14)),
        (0, 7, (2, 14)),
        (0, 0, (2, 2)),
        (1, 1, (3, 3)),
        (3, 3, (6, 6)),
        (4, 4, (6, 6)),
        (5, 5, (12, 12)),
        (7, 7, (14, 14)),
        (7, 9, (14, 14)),
        (9, 9, (14, 14)),
        (6, 2, (13, 13)),
    ],
)
def test_a_stretch_is_traced_through_verbatim_and_opaque_segments(start: int, end: int, expected: tuple[int, int]) -> None:
    assert MAPPED.trace(start, end) == Span(*expected)


def test_a_place_beyond_an_opaque_end_is_after_the_whole() -> None:
    assert Text("XY", ROOT, (Segment(0, 2, 3, 9, "opaque"),)).trace(2, 2) == Span(9, 9)
    assert Text("X", ROOT, (Segment(0, 1, 3, 5, "escape"),)).trace(1, 1) == Span(5, 5)


def test_a_place_before_the_first_segment_is_its_start() -> None:
    text = Text("  ab", ROOT, (Segment(2, 4, 7, 9),))
    assert text.trace(0, 0) == Span(7, 7)
    assert text.trace(0, 1) == Span(7, 7)
    assert text.trace(0, 3) == Span(7, 8)
    assert text.trace(1, 4) == Span(7, 9)


def test_segments_that_come_in_another_order_in_the_parent_give_no_negative_stretch() -> None:
    text = Text("ab", ROOT, (Segment(0, 1, 8, 9), Segment(1, 2, 3, 4)))
    assert text.trace(0, 2) == Span(8, 8)


def test_a_stretch_of_a_text_without_segments_is_the_start_of_its_parent() -> None:
    assert Text("made up", ROOT).trace(2, 5) == Span(0, 0)
    assert ROOT.trace(2, 5) == Span(2, 5)
    assert ROOT.trace(5, 2) == Span(5, 5)


def test_a_root_text_has_neither_parent_nor_segments() -> None:
    assert (ROOT.parent, ROOT.segments) == (None, ())


def test_a_segment_is_verbatim_unless_said() -> None:
    assert Segment(0, 1, 0, 1).kind == "verbatim"


@pytest.mark.parametrize(
    ("content", "starts"),
    [
        ("", [0]),
        ("\n", [0, 1]),
        ("\n\n", [0, 1, 2]),
        ("a\n\nb", [0, 2, 3]),
        ("a\nb\nc\nd", [0, 2, 4, 6]),
        ("\r", [0, 1]),
        ("\r\n", [0, 2]),
        ("\n\r", [0, 1, 2]),
        ("\r\r\n", [0, 1, 3]),
        ("a\rb", [0, 2]),
        ("a\nb\r\nc", [0, 2, 5]),
    ],
)
def test_where_lines_begin(content: str, starts: list[int]) -> None:
    assert Text(content).line_starts == starts


def test_where_lines_begin_is_worked_out_once() -> None:
    text = Text("a\nb")
    assert text.line_starts is text.line_starts


@pytest.mark.parametrize(
    ("offset", "expected"),
    [(0, (1, 1, 0)), (2, (1, 3, 2)), (3, (2, 1, 3)), (4, (3, 1, 4)), (6, (3, 3, 6)), (7, (3, 3, 6)), (-5, (1, 1, 0))],
)
def test_a_position_counts_lines_and_columns_from_one(offset: int, expected: tuple[int, int, int]) -> None:
    assert Text("ab\n\ncd").position(offset) == Position(*expected)


def test_a_range_has_the_positions_of_both_ends() -> None:
    assert Text("ab\ncd").range(Span(1, 4)) == Range(Position(1, 2, 1), Position(2, 2, 4))


@pytest.mark.parametrize(
    ("line", "column", "offset"),
    [(1, 1, 0), (1, 3, 2), (2, 1, 3), (2, 2, 4), (2, 3, 5), (2, 9, 5), (3, 1, 5), (0, 2, 1), (-4, 1, 0), (2, 0, 3), (2, -4, 3)],
)
def test_an_offset_of_a_line_and_column_is_cut_to_the_text(line: int, column: int, offset: int) -> None:
    assert Text("ab\ncd").offset(line, column) == offset


@pytest.mark.parametrize(
    ("number", "expected"), [(-1, ""), (0, ""), (1, "ab"), (2, "\tcd "), (3, ""), (4, "e"), (5, ""), (6, "")]
)
def test_a_line_is_without_its_break_but_with_its_other_whitespace(number: int, expected: str) -> None:
    assert Text("ab\r\n\tcd \n\re\n").line(number) == expected


def test_the_last_line_may_have_no_break() -> None:
    assert Text("ab\ncd").line(2) == "cd"
    assert Text("X\nX").line(1) == Text("X\nX").line(2) == "X"


def test_a_class_of_a_glob_may_hold_a_range_behind_a_member() -> None:
    pattern = name_pattern("[ab-d]")
    assert [c for c in "abcde-" if pattern.fullmatch(c)] == ["a", "b", "c", "d"]


def test_a_document_knows_what_it_was_written_in() -> None:
    assert read_document("{}", "a.json").format == "json"
    assert read_document('{"a" 1}', "a.json").format == "json"
    assert read_document("a: 1", "a.yaml").format == "yaml"


def test_numbers_beyond_the_largest_double_are_taken_for_it() -> None:
    largest = sys.float_info.max
    assert read_document("[1e999, -1e999, 1e5]", "a.json").value == [largest, -largest, 1e5]
    assert read_document(f"[{'9' * 5000}, -{'9' * 5000}]", "a.json").value == [int(largest), -int(largest)]
