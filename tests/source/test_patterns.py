"""No pattern repeats a group possessively: Python up to 3.11.4 loses what such a group captured (CPython's issue 106052)."""

import re

from tests.conftest import ROOT

_POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{[0-9,]+\})\+")


def test_no_group_is_repeated_possessively() -> None:
    files = sorted((ROOT / "asl_lint").rglob("*.py"))
    assert [str(file) for file in files if _POSSESSIVE_GROUP.search(file.read_text(encoding="utf-8"))] == []


def test_such_a_group_would_be_seen() -> None:
    assert _POSSESSIVE_GROUP.search(r'"(?:[^"\\]|\\.)*+"') and not _POSSESSIVE_GROUP.search(r'[^"]*+"(?:a)*')
