"""Source frames: carets under the exact characters, whatever the line holds and however long it is."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.output.characters import cells
from asl_lint.output.frame import Mark, cut, frame, groups, gutter_width
from asl_lint.output.palette import Palette
from asl_lint.source.text import Text

from .reports import ALPHABET, style

PLAIN = Palette(style())


def drawn(source: str, *marks: Mark, width: int = 80) -> list[str]:
    text = Text(source)
    return list(frame(text, marks, gutter_width(text, marks), width, PLAIN))


def primary(source: str, quote: str) -> Mark:
    start = source.index(quote)
    return Mark(start, start + len(quote), True, "error")


def secondary(source: str, quote: str, label: str) -> Mark:
    start = source.index(quote)
    return Mark(start, start + len(quote), False, "frame", label)


def test_carets_stand_under_a_span() -> None:
    source = '{\n  "Next": "Pol"\n}'
    assert drawn(source, primary(source, '"Pol"')) == ["  |", '2 |   "Next": "Pol"', "  |           ^^^^^"]


def test_tabs_become_spaces_and_the_carets_follow() -> None:
    source = '\t"Next":\t"Pol"'
    assert drawn(source, primary(source, '"Pol"')) == ["  |", '1 |     "Next": "Pol"', "  |             ^^^^^"]


def test_wide_characters_take_two_carets() -> None:
    source = '"漢字": "値", 1'
    assert drawn(source, primary(source, '"値"')) == ["  |", '1 | "漢字": "値", 1', "  |         ^^^^"]


def test_combining_characters_take_none() -> None:
    source = '"cafe\u0301": "x"'
    assert drawn(source, primary(source, '"x"')) == ["  |", '1 | "cafe\u0301": "x"', "  |         ^^^"]


def test_control_characters_are_written_out_and_underlined_whole() -> None:
    source = '"\x1b[2J": 1'
    assert drawn(source, primary(source, '"\x1b[2J"')) == ["  |", '1 | "\\x1b[2J": 1', "  | ^^^^^^^^^"]


def test_a_lone_surrogate_is_written_out() -> None:
    source = '"\ud800x"'
    assert drawn(source, primary(source, "x")) == ["  |", '1 | "\\ud800x"', "  |        ^"]


def test_windows_line_ends_are_not_shown() -> None:
    source = '{\r\n  "A": 1\r\n}\r\n'
    assert drawn(source, primary(source, '"A"')) == ["  |", '2 |   "A": 1', "  |   ^^^"]


def test_a_byte_order_mark_is_not_shown() -> None:
    source = '\ufeff{"A": 1}'
    assert drawn(source, primary(source, '"A"')) == ["  |", '1 | {"A": 1}', "  |  ^^^"]


def test_an_empty_span_at_the_end_of_the_file_has_a_caret_behind_the_last_character() -> None:
    assert drawn("{", Mark(1, 1, True, "error")) == ["  |", "1 | {", "  |  ^"]


def test_an_empty_span_on_the_empty_last_line_has_a_caret() -> None:
    assert drawn("{\n", Mark(2, 2, True, "error")) == ["  |", "2 |", "  | ^"]


def test_an_empty_file_has_a_caret() -> None:
    assert drawn("", Mark(0, 0, True, "error")) == ["  |", "1 |", "  | ^"]


def test_a_span_beyond_the_end_is_drawn_at_the_end() -> None:
    assert drawn("{", Mark(50, 90, True, "error")) == ["  |", "1 | {", "  |  ^"]


def test_a_line_break_alone_is_marked_behind_its_line() -> None:
    assert drawn("{\n}", Mark(1, 2, True, "error")) == ["  |", "1 | {", "  |  ^"]


def test_a_span_over_two_lines_is_underlined_on_both_without_the_indentation() -> None:
    source = '{\n  "A": {\n    "B": 1}\n}'
    assert drawn(source, primary(source, '{\n    "B": 1}')) == [
        "  |",
        '2 |   "A": {',
        "  |        ^",
        '3 |     "B": 1}',
        "  |     ^^^^^^^",
    ]


def test_of_a_long_span_the_first_and_last_line_are_shown() -> None:
    source = '{\n  "A": [\n    1,\n    2,\n    3\n  ]\n}'
    start = source.index("[")
    mark = Mark(start, source.index("]") + 1, False, "frame", "this list")
    assert drawn(source, mark) == ["  |", '2 |   "A": [', "  |        -", "...", "6 |   ]", "  |   - this list"]


def test_two_places_on_one_line_share_the_row_of_marks() -> None:
    source = '{"Next": "A", "End": true}'
    assert drawn(source, primary(source, '"Next"'), secondary(source, '"End"', "and this")) == [
        "  |",
        '1 | {"Next": "A", "End": true}',
        "  |  ^^^^^^       ----- and this",
    ]


def test_a_label_before_or_within_the_finding_gets_its_own_row() -> None:
    source = '{"Next": "A", "End": true}'
    marks = [primary(source, '"End"'), secondary(source, '"Next"', "first"), secondary(source, "End", "within")]
    assert drawn(source, *marks) == [
        "  |",
        '1 | {"Next": "A", "End": true}',
        "  |               ^^^^^",
        "  |  ------ first",
        "  |                --- within",
    ]


def test_lines_between_two_places_are_left_out_but_for_a_single_one() -> None:
    source = "a\nb\nc\nd\ne\nf"
    marks = [primary(source, "a"), secondary(source, "c", "near"), secondary(source, "f", "farther")]
    assert drawn(source, *marks) == [
        "  |",
        "1 | a",
        "  | ^",
        "2 | b",
        "3 | c",
        "  | - near",
        "...",
        "6 | f",
        "  | - farther",
    ]


def test_line_numbers_are_right_aligned() -> None:
    source = "\n".join("abcdefghijkl")
    assert drawn(source, primary(source, "i"), secondary(source, "j", "ten")) == [
        "   |",
        " 9 | i",
        "   | ^",
        "10 | j",
        "   | - ten",
    ]


def test_a_place_far_away_opens_another_frame() -> None:
    source = "a" + "\n" * 40 + "b"
    one, other = primary(source, "a"), secondary(source, "b", "there")
    assert groups(Text(source), [one, other], 80) == [[one], [other]]
    assert groups(Text("a\n\nb"), [one, secondary("a\n\nb", "b", "there")], 80) == [[one, Mark(3, 4, False, "frame", "there")]]


def test_two_places_that_one_cut_line_cannot_show_open_two_frames() -> None:
    source = '{"a": 1, ' + " " * 500 + '"b": 2}'
    one, other = primary(source, '"a"'), secondary(source, '"b"', "there")
    assert groups(Text(source), [one, other], 80) == [[one], [other]]


def test_ten_lines_between_two_places_are_near_and_eleven_are_not() -> None:
    for between, frames in ((10, 1), (11, 2)):
        source = "a" + "\n" * (between + 1) + "b"
        assert len(groups(Text(source), [primary(source, "a"), secondary(source, "b", "there")], 80)) == frames


def test_two_places_far_apart_on_a_line_share_a_frame_while_both_can_be_seen() -> None:
    for gap, frames in ((" " * 50, 1), (" " * 51, 2), ("漢" * 25, 1), ("漢" * 26, 2)):
        source = '"a"' + gap + '"b"' + " " * 100
        assert len(groups(Text(source), [primary(source, '"a"'), secondary(source, '"b"', "there")], 80)) == frames


def test_a_cut_does_not_begin_with_a_combining_character_whose_base_it_left_out() -> None:
    source = "x" * 100 + "e" + "\u0301" * 3 + "y" * 11 + '"Pol"' + "z" * 100
    line = drawn(source, primary(source, '"Pol"'), width=30)[1]
    assert line == "1 | …" + "y" * 11 + '"Pol"' + "z" * 12 + "…"


def test_a_long_line_is_cut_around_the_span() -> None:
    source = "{" + "x" * 300 + '"Pol"' + "y" * 300 + "}"
    assert drawn(source, primary(source, '"Pol"'), width=30) == [
        "  |",
        "1 | …" + "x" * 11 + '"Pol"' + "y" * 12 + "…",
        "  |  " + " " * 11 + "^^^^^",
    ]


def test_a_long_line_is_cut_at_its_end_when_the_span_is_at_its_beginning() -> None:
    source = '"Pol"' + "y" * 300
    line = drawn(source, primary(source, '"Pol"'), width=30)[1]
    assert line == '1 | "Pol"' + "y" * 23 + "…"


def test_a_long_line_is_cut_at_its_beginning_when_the_span_is_at_its_end() -> None:
    source = "y" * 300 + '"Pol"'
    assert drawn(source, primary(source, '"Pol"'), width=30)[1:] == [
        "1 | …" + "y" * 23 + '"Pol"',
        "  |  " + " " * 23 + "^^^^^",
    ]


def test_of_a_span_wider_than_the_frame_the_beginning_is_shown_and_what_stands_before() -> None:
    source = '{"StartAt": "A", "States": {' + "x" * 300
    start = source.rindex("{")
    assert drawn(source, Mark(start, len(source), True, "error"), width=40) == [
        "  |",
        '1 | …"States": {' + "x" * 27 + "…",
        "  |            " + "^" * 28,
    ]


def marked(line: str, start: int, length: int, width: int) -> tuple[str, str, str]:
    """The span's text, and the source line and marks of its frame, without their margins."""
    source = "\n" + line
    start = min(1 + start, len(source))
    end = min(start + length, len(source))
    _, numbered, marks = frame(Text(source), [Mark(start, end, True, "error")], 1, width, PLAIN)
    return source[start:end], numbered.removeprefix("2 |").removeprefix(" "), marks.removeprefix("  | ")


ONE_LINE = ALPHABET.replace("\n", "").replace("\r", "") + "abcdefgh"
STEADY = "".join(c for c in ONE_LINE if c not in "\t\u0301\u200d\ufe0f🏽")  # each takes cells, the same ones wherever it stands


@given(st.text(ONE_LINE, max_size=300), st.integers(0, 300), st.integers(0, 12), st.integers(20, 100))
@settings(deadline=None, max_examples=200)
def test_a_frame_keeps_within_its_width(line: str, start: int, length: int, width: int) -> None:
    _, shown, carets = marked(line, start, length, width)
    assert re.fullmatch(r" *\^+", carets)
    assert len(carets) <= width + 1  # a caret behind the last character may stand beyond it
    assert sum(cells(shown)[1]) <= width or "\u200d" in line  # the joiner's base may have been cut off


@given(st.text(STEADY, max_size=300), st.integers(0, 300), st.integers(1, 4), st.integers(30, 100))
@settings(deadline=None, max_examples=200)
def test_what_stands_over_the_carets_is_the_span(line: str, start: int, length: int, width: int) -> None:
    quoted, shown, carets = marked(line, start, length, width)
    column = carets.index("^")
    over = "".join([piece for piece, cell in _placed(shown) if column <= cell < len(carets)])
    assert over.rstrip() == "".join(cells(quoted)[0]).rstrip()  # spaces at the end of a line are not printed


def _placed(text: str) -> list[tuple[str, int]]:
    """The characters of a shown line with the cell at which each begins."""
    placed, at = [], 0
    for piece, size in zip(*cells(text), strict=True):
        placed.append((piece, at))
        at += size
    return placed


def test_the_cost_follows_the_width_not_the_line() -> None:
    source = '{"a": "' + "é" * 2_000_000 + '"}'
    excerpt = cut(source, 0, len(source), 1_000_000, 1_000_003, 80)
    assert excerpt.text == "…" + "é" * 78 + "…"
    assert len(excerpt.edges) == 79
