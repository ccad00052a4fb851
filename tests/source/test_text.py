"""Texts over texts: every character leads back to the file, and every offset to a line and column."""

from hypothesis import given
from hypothesis import strategies as st

from asl_lint.source.document import format_pointer, parse_pointer
from asl_lint.source.text import Position, Segment, Span, Text


def test_lines_end_with_lf_crlf_or_cr_and_with_nothing_else() -> None:
    text = Text("a\nb\r\nc\rd\u2028e\x85f\n")
    assert [text.line(n) for n in range(1, len(text.line_starts) + 1)] == ["a", "b", "c", "d\u2028e\x85f", ""]
    assert text.line(0) == text.line(99) == ""


@given(st.text(alphabet="ab\r\n\u2028", max_size=40))
def test_positions_and_offsets_are_inverse(content: str) -> None:
    text = Text(content)
    for offset in range(len(content) + 1):
        position = text.position(offset)
        assert position.offset == offset
        assert text.offset(position.line, position.column) == offset
        assert position.line == 1 or content[: text.line_starts[position.line - 1]].endswith(("\n", "\r"))
    assert [content[i] for i in range(len(content))] == list(content)


@given(st.text(alphabet="ab\r\n\u2028", max_size=40), st.integers(0, 40))
def test_the_first_positions_that_are_asked_for_are_those_of_the_table_of_lines(content: str, offset: int) -> None:
    known = Text(content)
    assert len(known.line_starts) >= 1
    assert Text(content).position(offset) == known.position(offset)


def test_offsets_beyond_the_text_are_taken_for_its_end() -> None:
    text = Text("ab\ncd")
    assert text.position(99) == Position(2, 3, 5)
    assert text.position(-1) == Position(1, 1, 0)
    assert text.offset(99, 1) == 5
    assert text.offset(0, 0) == 0


ESCAPED = Text(r"x\ty\u0041z", None)
DECODED = Text(
    "x\tyAz",
    ESCAPED,
    (
        Segment(0, 1, 0, 1),
        Segment(1, 2, 1, 3, "escape"),
        Segment(2, 3, 3, 4),
        Segment(3, 4, 4, 10, "escape"),
        Segment(4, 5, 10, 11),
    ),
)


def test_a_place_in_a_decoded_text_is_traced_through_escapes() -> None:
    assert DECODED.trace(0, 1) == Span(0, 1)
    assert DECODED.trace(1, 2) == Span(1, 3)
    assert DECODED.trace(3, 5) == Span(4, 11)
    assert DECODED.trace(0, 5) == Span(0, 11)


def test_an_empty_place_stays_empty() -> None:
    assert DECODED.trace(2, 2) == Span(3, 3)
    assert DECODED.trace(5, 5) == Span(11, 11)
    assert DECODED.trace(4, 2) == Span(10, 10)


def test_texts_over_texts_lead_down_to_the_root() -> None:
    upper = Text("A", DECODED, (Segment(0, 1, 3, 4),))
    assert upper.trace(0, 1) == Span(4, 10)
    assert Text("made up", DECODED, (Segment(0, 7, 1, 2, "opaque"),)).trace(2, 4) == Span(1, 3)


def test_a_text_without_segments_has_no_place_of_its_own() -> None:
    assert Text("", DECODED).trace(0, 0) == Span(0, 0)


@given(st.lists(st.text(max_size=6), max_size=5))
def test_pointers_are_written_and_read_as_rfc_6901_has_it(parts: list[str]) -> None:
    assert parse_pointer(format_pointer(tuple(parts))) == tuple(parts)


def test_a_pointer_escapes_tildes_and_slashes() -> None:
    assert format_pointer(("States", "a/b~c", 0)) == "/States/a~1b~0c/0"
