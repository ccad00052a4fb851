"""HTML reviews for tests: made of files, and read without a browser."""

import base64
import gzip
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from asl_lint import cli

_BLOCK = re.compile(r'<script type="text/plain" id="([\w-]+)">([A-Za-z0-9+/=]*)</script>')


def written(folder: Path, *arguments: str) -> Path:
    """The review that the command writes."""
    file = folder / "report.html"
    assert cli._run(["report", *arguments, "-o", str(file)]) == 0
    return file


def blocks(page: str) -> dict[str, Any]:
    """The data of a page, unpacked."""
    return {name: json.loads(gzip.decompress(base64.b64decode(packed))) for name, packed in _BLOCK.findall(page)}


class Markup(HTMLParser):
    """The elements of a page with their attributes, and the text of each script and style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        if tag in ("script", "style") and data.strip() and "type" not in attributes:
            self.texts.append((tag, data))
