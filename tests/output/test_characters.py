"""What of a file's characters reaches a terminal, and how wide it is."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.output.characters import cells, visible, width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x9b31m", "\\x9b31m"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("abc\u202edcba", "abc\\u202edcba"),
        ("soft\xadhyphen", "soft\\xadhyphen"),
        ("\ud800", "\\ud800"),
        ("line\u2028separator", "line\\u2028separator"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("no\xa0break", "no\xa0break"),
        ("漢字 é 👩\u200d💻", "漢字 é 👩\u200d💻"),
        ("Poll\u200d", "Poll\\u200d"),
    ],
)
def test_what_a_terminal_would_obey_or_hide_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters()))
@settings(deadline=None, max_examples=200)
def test_no_character_that_steers_a_terminal_is_left(text: str) -> None:
    shown = visible(text)
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in shown)
    assert visible(shown) == shown or "\u200d" in shown or "\u200c" in shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", 5),
        ("漢字", 4),
        ("e\u0301", 1),
        ("👩", 2),
        ("👩\u200d💻", 2),
        ("👍🏽", 2),
        ("❤\ufe0f", 2),
        ("🇩🇪", 2),
        ("\tx", 5),
        ("abc\tx", 5),
        ("abcd\tx", 9),
        ("\x1b", 4),
        ("각", 2),
        ("\u1100\u1161", 2),
        ("a\u200db", 8),
        ("a\u200d💻", 9),
        ("ｆｕｌｌ", 8),
    ],
)
def test_the_width_of_a_line_is_what_a_terminal_takes(text: str, expected: int) -> None:
    assert width(text) == expected


@pytest.mark.large
@given(st.text())
@settings(deadline=None, max_examples=200)
def test_every_character_has_its_cells(text: str) -> None:
    shown, widths = cells(text)
    assert len(shown) == len(widths) == len(text)
    assert min(widths, default=0) >= 0
