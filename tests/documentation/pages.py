"""The pages of the documentation that people write, and the fenced blocks in them."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.conftest import ROOT

DOCS = ROOT / "docs"
_FENCE = re.compile(r"^```(\w*)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: its language, the file that it is shown as, its text, and the line where that begins."""

    language: str
    title: str
    text: str
    line: int


def written_pages() -> list[Path]:
    """README and the pages under docs/, without those of the rules, which are made of the rules' own tests."""
    return [ROOT / "README.md", *sorted(page for page in DOCS.rglob("*.md") if page.parent != DOCS / "rules")]


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path, *languages: str) -> Sequence[Block]:
    """The blocks of a page, in order; with languages, only those."""
    text = page.read_text(encoding="utf-8")
    found = [Block(one[1], one[2] or "", one[3], text.count("\n", 0, one.start()) + 2) for one in _FENCE.finditer(text)]
    return [one for one in found if not languages or one.language in languages]
