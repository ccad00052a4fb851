"""Mermaid's flowcharts in pages as pictures, for a site that fetches no program to draw them.

Of Mermaid is read what the pages use: ``a[Name: more] --> b([End])``, words on arrows, ``a & b --> c``. GitHub draws the same
text.
"""

import re
from pathlib import Path
from typing import Any, Final

from asl_lint.report.drawing import Drawing, draw

_CHART: Final = re.compile(r"^```mermaid\n(flowchart TD\n.*?)^```$", re.MULTILINE | re.DOTALL)
_ARROW: Final = re.compile(r"\s*-->(?:\|([^|]*)\|)?\s*")
_NODE: Final = re.compile(r"(\w+)(?:\(\[(?P<end>[^\]]*)\]\)|\[(?P<box>[^\]]*)\])?")
_GOOD_ENDS: Final = ("Succeeded", "Suppressed")


def drawn(markdown: str, page: Path) -> str:
    """The text of a page with its flowcharts as pictures, which are written beside it."""
    count = 0

    def picture(chart: re.Match[str]) -> str:
        nonlocal count
        count += 1
        file = page.with_name(f"flow-{count}.svg")
        graph = read(chart[1])
        file.write_text(draw("svg", Drawing("", graph)), encoding="utf-8")
        ways = "; ".join(f"{_name(graph, one['source'])} to {_name(graph, one['target'])}" for one in graph["transitions"])
        return f"![{ways}]({file.name})"

    return _CHART.sub(picture, markdown)


def read(chart: str) -> dict[str, Any]:
    """The graph of a flowchart, in the form of ``report.graph``: one scope, a state for each node."""
    states: dict[str, dict[str, Any]] = {}
    transitions: list[dict[str, Any]] = []
    for line in chart.splitlines()[1:]:
        parts = _ARROW.split(line.strip())
        before: list[str] = []
        for nodes, words in zip(parts[::2], [None, *parts[1::2]], strict=True):
            named = [_state(node, states) for node in nodes.split(" & ")]
            transitions += [
                {"pointer": "", "kind": "next", "source": source, "target": target, "label": words or ""}
                for source in before
                for target in named
            ]
            before = named
    start = next(iter(states))
    scope = {"pointer": "", "kind": "machine", "state": None, "start": start, "states": list(states), "distributed": False}
    return {"scopes": [scope], "states": list(states.values()), "transitions": transitions}


def _state(text: str, states: dict[str, dict[str, Any]]) -> str:
    found = _NODE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"no node of a flowchart: {text}")
    name = found[1]
    if found["end"] is not None:
        kind = "Succeed" if found["end"].endswith(_GOOD_ENDS) else "Fail"
        states[name] = {"pointer": name, "name": found["end"], "type": kind, "scope": ""}
    elif found["box"] is not None:
        title, _, more = found["box"].partition(": ")
        states[name] = {"pointer": name, "name": title, "type": more or " ", "scope": ""}
    if name not in states:
        raise ValueError(f"a flowchart says nothing of {name} before it is used")
    return name


def _name(graph: dict[str, Any], node: str) -> str:
    name: str = next(state["name"] for state in graph["states"] if state["pointer"] == node)
    return name
