"""HCL's native syntax as tree-sitter reads it, with offsets in characters: blocks, attributes, expressions.

Needs the extra ``hcl``; importing this module without it raises ImportError. Broken text gives a tree with error nodes.
"""

from bisect import bisect_left
from collections.abc import Iterator

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from asl_lint.late import Final, NamedTuple
from asl_lint.source.hcl_template import Template, indent_of, read_template
from asl_lint.source.terraform_json import is_json, native
from asl_lint.source.text import Range, Span, Text
from asl_lint.source.yaml_comments import Comment

_LANGUAGE: Final = Language(tree_sitter_hcl.language())
_WRAPPERS: Final = frozenset(("expression", "literal_value", "template_expr", "collection_value"))
STRINGS: Final = frozenset(("string_lit", "quoted_template", "heredoc_template"))


class Block(NamedTuple):
    """``type "label" … { … }``."""

    type: str
    labels: tuple[str, ...]
    node: Node
    body: Node | None


class Hcl:
    """A file and its tree. ``name``: what the file is called beside the others of its module. Of a file in JSON ``text`` is what
    it is in native syntax.
    """

    def __init__(self, text: Text, name: str = "") -> None:
        self.text = text = native(text) if is_json(name) else text
        self.name = name
        encoded = text.content.encode("utf-8", "surrogatepass")
        # Bytes that begin no character: what they are more than characters.
        self._more = [] if encoded.isascii() else [at for at, byte in enumerate(encoded) if byte & 0xC0 == 0x80]
        self.tree = Parser(_LANGUAGE).parse(encoded)

    def span(self, node: Node) -> Span:
        """Where a node stands."""
        if not self._more:
            return Span(node.start_byte, node.end_byte)
        start, end = node.start_byte, node.end_byte
        return Span(start - bisect_left(self._more, start), end - bisect_left(self._more, end))

    def range(self, span: Span) -> Range:
        """The positions of a span in the file."""
        return self.text.root.range(self.text.trace(*span))

    def written(self, node: Node) -> str:
        """A node as it is written."""
        return self.text.content[slice(*self.span(node))]

    def blocks(self) -> Iterator[Block]:
        """The blocks of the file, those between errors too."""
        pending = [self.tree.root_node]
        while pending:
            node = pending.pop()
            if node.type == "block":
                yield self._block(node)
            elif node.type in ("config_file", "body", "ERROR"):
                pending += reversed(node.children)

    def inner_blocks(self, body: Node | None) -> Iterator[Block]:
        """The blocks of a body, in the order of the text."""
        for node in body.children if body is not None else ():
            if node.type == "block":
                yield self._block(node)

    def attributes(self, body: Node | None) -> dict[str, Node]:
        """Name -> expression of the attributes of a body."""
        found: dict[str, Node] = {}
        for node in body.children if body is not None else ():
            if node.type == "attribute" and len(parts := node.named_children) >= 2:
                found[self.written(parts[0])] = parts[-1]
        return found

    def members(self, node: Node) -> Iterator[tuple[Node, Node]]:
        """Key and value of the members of an object."""
        for member in node.children:
            if member.type == "object_elem":
                parts = [part for part in member.named_children if part.type == "expression"]
                if len(parts) == 2:
                    yield parts[0], parts[1]

    def arguments(self, call: Node) -> tuple[str, list[Node]]:
        """The name and the arguments of a function call."""
        name, *rest = call.named_children
        return self.written(name), [part for one in rest for part in one.named_children if part.type == "expression"]

    def string(self, node: Node) -> Template:
        """The template that a string or a heredoc holds."""
        content, (start, end) = self.text.content, self.span(node)
        if node.type != "heredoc_template":
            closed = end - start >= 2 and content[end - 1] == '"'
            return read_template(self.text, start + 1, end - 1 if closed else end, quoted=True)
        first = content.find("\n", start, end)
        last = content.rfind("\n", start, end)
        if first < 0:
            return read_template(self.text, end, end)
        start_line, end_line = first + 1, max(last + 1, first + 1)
        indent = indent_of(content, start_line, end_line) if content.startswith("<<-", start) else 0
        return read_template(self.text, start_line, end_line, indent=indent)

    def _block(self, node: Node) -> Block:
        kind, *labels = [child for child in node.children if child.type in ("identifier", "string_lit")] or [node]
        body = next((child for child in node.children if child.type == "body"), None)
        return Block(self.written(kind), tuple(self.written(label).strip('"') for label in labels), node, body)


def comments(text: Text) -> list[Comment]:
    """All comments of a file, in the order of its text."""
    hcl = Hcl(text)
    found: list[Comment] = []
    pending = [hcl.tree.root_node]
    while pending:
        node = pending.pop()
        if node.type == "comment":
            span = hcl.span(node)
            written = text.content[slice(*span)].removesuffix("*/").rstrip()
            line_start = text.content.rfind("\n", 0, span.start) + 1
            alone = not text.content[line_start : span.start].strip()
            found.append(Comment(Span(span.start, span.start + len(written)), written, alone))
        else:
            pending += reversed(node.children)
    return found


def unwrapped(node: Node) -> Node:
    """The expression inside of parentheses and of nodes that add nothing."""
    while node.type in _WRAPPERS:
        inner = [child for child in node.named_children if child.type != "comment"]
        if len(inner) != 1:
            return node
        node = inner[0]
    return node


def only_interpolation(node: Node) -> Node | None:
    """The expression of a string that is nothing but ``"${…}"``: it stands for that value, of whatever type."""
    if node.type != "quoted_template" or len(inner := node.named_children) != 3:
        return None
    if inner[1].type != "template_interpolation" or inner[0].end_byte != inner[1].start_byte:
        return None
    if inner[1].end_byte != inner[2].start_byte:
        return None
    return next((child for child in inner[1].named_children if child.type == "expression"), None)
