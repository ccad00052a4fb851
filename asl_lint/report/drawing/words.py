"""The words in a drawing: short enough for it, and nothing in them that a reader of the file would obey."""

from asl_lint.late import Any, Final
from asl_lint.output.characters import cells, visible

LABEL: Final = 28
"""Cells of the words on an arrow."""


def cut(text: str, most: int) -> str:
    """The text on one line, within so many cells of a terminal: its beginning, and ``…`` for the rest.

    Of what takes no cell there is no more than of the others thrice.
    """
    shown, widths = cells(text[: 4 * most])
    if sum(widths) <= most and len(text) <= 4 * most:
        return "".join(shown)
    kept: list[str] = []
    room = most - 1
    for piece, width in zip(shown, widths, strict=True):
        room -= width
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept) + "…"


def label(transition: dict[str, Any]) -> str:
    """The words on the arrow of a transition."""
    return cut(transition["label"], LABEL)


def kind(state: dict[str, Any]) -> str:
    """The type of a state, as its box has it."""
    return visible(state["type"]) if state["type"] else "?"


def box_title(scope: dict[str, Any], number: int) -> str:
    """What is written on the box of an inner scope; ``number`` counts the branches of a Parallel from 0."""
    if scope["kind"] == "branch":
        return f"branch {number + 1}"
    return "each item, in an execution of its own" if scope["distributed"] else "each item"
