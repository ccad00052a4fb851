"""The review of state machines: all that is known of each, as one JSON document, and the formats that are made of it.

``machine.describe`` makes the part of one machine, in whichever process it is checked; ``document`` puts the parts together. A
format is a module with ``render(document, style)``, imported when it is asked for.
"""

from collections.abc import Iterator, Mapping
from importlib import import_module

from asl_lint.catalog.rule import Explanation
from asl_lint.late import Any, Final, NamedTuple, Protocol, cast
from asl_lint.report.links import Links

__all__ = ["FORMATS", "View", "ViewStyle", "render"]

View = dict[str, Any]
"""A part of the document: what JSON can hold, in the shape of ``schemas/report.schema.json``."""

FORMATS: Final[Mapping[str, str]] = {
    "html": "asl_lint.report.page.document",
    "json": "asl_lint.report.json_format",
    "markdown": "asl_lint.report.markdown.comment",
}


class ViewStyle(NamedTuple):
    """How a review is to look. ``links`` lead from a line to its page; ``sources`` are the texts of files, as far as kept;
    ``explanations`` say of rules, by name, why they matter and how to mend what they find.
    """

    links: Links = Links()
    sources: Mapping[str, str] = {}
    explanations: Mapping[str, Explanation] = {}


class _Format(Protocol):
    def render(self, document: View, style: ViewStyle) -> Iterator[str]: ...


def render(format: str, document: View, style: ViewStyle) -> Iterator[str]:
    """Chunks of text that together are the document in that format. Raises KeyError for one that is not in ``FORMATS``."""
    return cast(_Format, import_module(FORMATS[format])).render(document, style)
