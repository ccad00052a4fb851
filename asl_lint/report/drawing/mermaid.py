"""A machine as a Mermaid flowchart, which GitHub and GitLab draw in Markdown. Scopes are subgraphs, Catchers dashed arrows.

Names are never Mermaid's ids; in what is shown every character that could mean something is written as ``#number;``
(https://mermaid.js.org/syntax/flowchart.html#entity-codes-to-escape-characters).
"""

import re
from collections.abc import Iterator

from asl_lint.late import Any, Final
from asl_lint.output.characters import visible
from asl_lint.report.drawing import Drawing
from asl_lint.report.drawing.nesting import Notation, Opened, nested
from asl_lint.report.drawing.words import box_title, kind, label

_SHAPES: Final = {
    "Choice": ("{{", "}}"), "Succeed": ("([", "])"), "Fail": ("([", "])"), "Pass": ("(", ")"), "Wait": ("(", ")"),
    "Map": ("[[", "]]"), "Parallel": ("[[", "]]"),
}  # fmt: skip
_CLASSES: Final = {
    "added": "stroke:#1a7f37,stroke-width:3px",
    "changed": "stroke:#9a6700,stroke-width:3px",
    "removed": "stroke:#cf222e,stroke-width:2px,stroke-dasharray:4",
    "error": "stroke:#cf222e,stroke-width:3px",
    "warning": "stroke:#9a6700,stroke-width:3px",
    "info": "stroke:#0969da,stroke-width:2px",
}
"""Marks -> how a state that has one is drawn."""
_MEANS: Final = re.compile(r"[^\w .,/=()$-]", re.ASCII)


def draw(drawing: Drawing) -> str:
    """The flowchart, a statement a line."""
    return "\n".join(_lines(drawing)) + "\n"


def escape(text: str) -> str:
    """A text as it may stand between quotes."""
    return _MEANS.sub(_entity, visible(text))


def _entity(found: re.Match[str]) -> str:
    character = found[0]
    return character if character > "\x7f" else f"#{ord(character)};"


def _lines(drawing: Drawing) -> Iterator[str]:
    graph = drawing.graph
    ids = {state["pointer"]: f"n{number}" for number, state in enumerate(graph["states"])}
    yield f"%% {escape(drawing.title)}"
    yield "flowchart TD"
    yield from nested(graph, ids, _notation(ids))
    number = sum(scope["start"] is not None for scope in graph["scopes"])
    styles: list[str] = []
    for one in graph["transitions"]:
        if one["target"] in ids:
            yield f"  {ids[one['source']]} {_arrow(one)} {ids[one['target']]}"
            if one["pointer"] in drawing.marks:
                styles.append(f"  linkStyle {number} {_CLASSES[drawing.marks[one['pointer']]]}")
            number += 1
    yield from styles
    used = dict.fromkeys(mark for pointer, mark in drawing.marks.items() if pointer in ids)
    for mark in used:
        yield f"  classDef {mark} {_CLASSES[mark]}"
        marked = [ids[pointer] for pointer, given in drawing.marks.items() if given == mark and pointer in ids]
        yield f"  class {','.join(marked)} {mark}"


def _notation(ids: dict[str, str]) -> Notation:
    def opening(step: Opened) -> tuple[str, ...]:
        return (f'  subgraph g{step.number}["{escape(box_title(step.scope, step.place))}"]',)

    def state(one: dict[str, Any]) -> str:
        return f"  {ids[one['pointer']]}{_box(one)}"

    def arrow(source: str, target: str) -> str:
        return f"  {source} {'-->' if source == 'start' else '-.-'} {target}"

    return Notation('  start(("start"))', opening, "  end", state, arrow)


def _box(state: dict[str, Any]) -> str:
    opening, closing = _SHAPES.get(state["type"], ("[", "]"))
    return f'{opening}"{escape(state["name"])}<br/><small>{escape(kind(state))}</small>"{closing}'


def _arrow(transition: dict[str, Any]) -> str:
    arrow = "-.->" if transition["kind"] == "catch" else "-->"
    words = label(transition)
    return f'{arrow}|"{escape(words)}"|' if words else arrow
