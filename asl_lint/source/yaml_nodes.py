"""What the YAML reader works with: the parser's events, the places of anchors and tags, nodes and open containers."""

import re

from asl_lint.late import Any, Final
from asl_lint.source.text import Span
from asl_lint.source.yaml_errors import UNPRINTABLE

NESTING_LIMIT: Final = 200

# Anchor and tag before a node's content, and the white space and comments between them.
_ANCHOR: Final = re.compile(r"&\S*\s*(?:#[^\r\n\x85\u2028\u2029]*\s*)*")
_PROPERTIES: Final = re.compile(r"(?:[&!]\S*\s*(?:#[^\r\n\x85\u2028\u2029]*\s*)*)+")


def event_parser(content: str) -> Any:
    """A PyYAML loader over ``content``, whose ``get_event`` yields events: libyaml's where PyYAML has it."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)(content)


def parsable(content: str) -> tuple[int, int]:
    """The stretch of a text to give to the parser: after marks of byte order, up to the first character that YAML forbids."""
    forbidden = UNPRINTABLE.search(content)
    # A parser leaves out a mark of byte order at the start without counting it.
    return len(content) - len(content.lstrip("\ufeff")), forbidden.start() if forbidden else len(content)


def content_start(content: str, start: int, stop: int) -> int:
    """Where a node's content begins, behind its anchor and tag."""
    found = _PROPERTIES.match(content, start, stop)
    return found.end() if found else start


def tag_start(content: str, start: int, stop: int) -> int:
    """Where a node's tag begins, behind an anchor."""
    found = _ANCHOR.match(content, start, stop)
    return found.end() if found else start


class Node:
    """A value and where it stands. ``children`` are a list's nodes, or a mapping's keys with their places and nodes.

    ``stop``, ``style`` and ``text`` are a scalar's end for the parser, its style and decoded string; ``origin`` is where it
    begins, for an alias in the anchor. ``size`` counts the nodes that it expands to, ``height`` the
    containers in its deepest branch.
    """

    __slots__ = ("children", "end", "height", "origin", "size", "start", "stop", "style", "text", "value")

    children: "list[Node] | dict[str, tuple[Span, Node]] | None"

    def __init__(self, value: object, start: int, end: int) -> None:
        self.value = value
        self.start = start
        self.end = end
        self.children = None
        self.size = 1
        self.height = 0
        self.origin = start
        self.stop = end
        self.style = ""
        self.text: str | None = None


class OpenContainer:
    """A container whose end has not been read."""

    __slots__ = (
        "anchor",
        "flow",
        "has_complex_key",
        "key",
        "key_span",
        "last_end",
        "members",
        "merges",
        "node",
        "repeated",
        "tag",
        "values",
    )

    def __init__(self, node: Node, event: Any, is_mapping: bool) -> None:
        self.node = node
        self.anchor: str | None = event.anchor
        self.tag: str | None = event.tag
        self.flow: bool = event.flow_style
        self.members: dict[str, tuple[Span, Node]] | None = {} if is_mapping else None
        self.values: list[Node] = []
        self.key: object = (
            None  # a mapping's key that waits for its value: a string, _MERGE, or MISSING for one that is no string
        )
        self.key_span: Span | None = None
        self.merges: list[Node] = []
        self.last_end = node.start
        self.has_complex_key = False
        self.repeated: dict[str, Span] = {}  # where keys that came again stood first
