"""Drawings of the graph of a machine (``report.graph``): Mermaid, DOT, SVG. A format is a module with ``draw(drawing)``.

The name of every state and the words of every arrow come from a file: each format writes out what it would obey.
"""

from collections.abc import Mapping
from importlib import import_module

from asl_lint.late import Any, Final, NamedTuple, Protocol, cast

__all__ = ["FORMATS", "Drawing", "draw"]

FORMATS: Final[Mapping[str, str]] = {
    "mermaid": "asl_lint.report.drawing.mermaid",
    "dot": "asl_lint.report.drawing.dot",
    "svg": "asl_lint.report.drawing.svg",
}


class Drawing(NamedTuple):
    """What to draw: a machine's ``graph``, under a title. ``marks``: pointers of states and transitions -> ``added``,
    ``changed``, ``removed``, ``error``, ``warning`` or ``info``.
    """

    title: str
    graph: dict[str, Any]
    marks: Mapping[str, str] = {}


class _Format(Protocol):
    def draw(self, drawing: Drawing) -> str: ...


def draw(format: str, drawing: Drawing) -> str:
    """The drawing in a format. Raises KeyError for one that is not in ``FORMATS``."""
    return cast(_Format, import_module(FORMATS[format])).draw(drawing)
