"""The page as a whole: a file that fetches nothing, and that runs and shows nothing but what stands in it.

The data are JSON, compressed, a block for the overview and one for each machine, unpacked when somebody looks at it. What a
definition says is never part of the markup: the scripts put it in place as text. The policy of the page names its scripts and
its style by their digests: https://www.w3.org/TR/CSP3/.
"""

import json
from base64 import b64encode
from collections.abc import Iterator
from gzip import compress
from hashlib import sha256
from pathlib import Path

from asl_lint.late import Any, Final
from asl_lint.report import ViewStyle
from asl_lint.report.page.excerpts import Sources
from asl_lint.report.page.overview import machine_data, overview_data

_HERE: Final = Path(__file__).parent
SCRIPTS: Final = (
    "dom.js", "words.js", "data.js", "graph.js", "rough.js", "layout.js", "drawing.js", "filters.js", "finding.js", "state.js",
    "tables.js", "machine.js", "overview.js", "page.js",
)  # fmt: skip
"""The modules of the page in the order in which they are put together: one only uses those before it until the page is whole."""


def render(document: dict[str, Any], style: ViewStyle) -> Iterator[str]:
    """A chunk for the head, for each block of data, and for the scripts. The file is ASCII but for the page's own words."""
    sources = Sources(style.sources)
    look = _asset("style.css")
    own = _own_script()
    elk = (_HERE / "elk" / "elk.bundled.js").read_text(encoding="utf-8")
    yield _head(look, (own, elk))
    yield _block("overview", overview_data(document, style.explanations, sources, style.links))
    for i, machine in enumerate(document["machines"]):
        yield _block(f"machine-{i}", machine_data(machine, sources, style.links))
    yield f"<script>{own}</script>\n"
    yield "<!-- elkjs, https://github.com/kieler/elkjs, licensed under the Eclipse Public License 2.0, as published -->\n"
    yield f'<script id="elk">{elk}</script>\n</body>\n</html>\n'


def _own_script() -> str:
    """The modules as one function, so that none of their names is the page's."""
    return '(() => {\n"use strict";\n' + "\n".join(_asset(name) for name in SCRIPTS) + "\n})();\n"


def _asset(name: str) -> str:
    return (_HERE / "assets" / name).read_text(encoding="utf-8")


def _head(look: str, scripts: tuple[str, ...]) -> str:
    allowed = " ".join(map(_digest, scripts))
    sources = f"script-src {allowed}; style-src {_digest(look)}; worker-src blob:"
    policy = f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>asl-lint report</title>
<style>{look}</style>
</head>
<body>
<noscript><p>This report is drawn by scripts that stand in it; they are switched off.</p></noscript>
"""


def _digest(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _block(name: str, data: dict[str, Any]) -> str:
    packed = b64encode(compress(json.dumps(data, separators=(",", ":")).encode(), 6, mtime=0)).decode()
    return f'<script type="text/plain" id="{name}">{packed}</script>\n'
