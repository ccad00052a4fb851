"""Texts of a file in Markdown as GitHub and GitLab read it: shown as they are, whatever they would mean there.

In prose what means something is escaped, and what would call a person, link an issue or be drawn as an emoji is broken up by an
empty comment. Names are code, whose fence is longer than any in them; inside HTML they are HTML. All are cut to a length.
"""

import re
from collections.abc import Sequence
from html import escape

from asl_lint.late import Final
from asl_lint.report.drawing.words import cut

_MEANS: Final = re.compile(r"[\\`*_\[\]<>&|~#!{}]|(?<=www)\.|:(?=//)", re.IGNORECASE)
_REFERS: Final = re.compile(r"[@#!~%$&](?=\w)|:(?=[\w+-]+:)|\bGH(?=-\d)", re.IGNORECASE)
_FENCES: Final = re.compile(r"`+")
_LONG: Final = 500
"""Cells of a line of prose, and of a name a fifth of it."""


def prose(text: str) -> str:
    """The text within a line of prose."""
    shown = _REFERS.sub("\\g<0>\0", cut(text, _LONG))
    return _MEANS.sub(r"\\\g<0>", shown).replace("$", "<span>$</span>").replace("\0", "<!-- -->")


def code(text: str, *, in_table: bool = False) -> str:
    """The text as code. In a table a bar must be escaped even there."""
    shown = cut(text, _LONG // 5) or " "
    fence = "`" * (max((len(found) for found in _FENCES.findall(shown)), default=0) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    if in_table:
        shown = shown.replace("|", "\\|")
    return f"{fence}{pad}{shown}{pad}{fence}"


def html(text: str) -> str:
    """The text as code within a line of HTML."""
    return f"<code>{escape(cut(text, _LONG // 5))}</code>"


def link(shown: str, address: str | None) -> str:
    """A link to an address, where there is one. ``shown`` is Markdown."""
    return f"[{shown}]({address})" if address else shown


def listed(names: Sequence[str], items: int) -> str:
    """Some names as code, and how many more there are."""
    shown = ", ".join(code(name) for name in names[:items])
    return shown if len(names) <= items else f"{shown} and {len(names) - items} more"


def first(lines: Sequence[str], items: int, what: str = "more") -> list[str]:
    """The first lines of a list, and how many more there are."""
    return list(lines) if len(lines) <= items else [*lines[:items], f"- … and {len(lines) - items} {what}"]
