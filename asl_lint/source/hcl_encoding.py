"""What ``jsonencode`` makes of an object in HCL, as a Document with the places of its keys and values in the file.

References, calls, conditions and for-expressions are values that only the deployment knows.
"""

import math
from collections.abc import Callable, Mapping

from tree_sitter import Node

from asl_lint.late import Any, Final
from asl_lint.source.document import MISSING, Document, NodeSpan, Pointer
from asl_lint.source.embedded import Pieces
from asl_lint.source.hcl import STRINGS, Hcl, only_interpolation, unwrapped
from asl_lint.source.hcl_template import is_bare, placeholder_name, references
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.text import Span, Text

MAX_DEPTH: Final = 200
"""Levels of nesting that are read; what lies deeper becomes MISSING."""

Known = Callable[[str], object]
"""Expression -> its value; MISSING where that is not known."""


def encode(hcl: Hcl, node: Node, known: Known) -> tuple[Document, Mapping[str, object]]:
    """The document of an expression, and what fills in the placeholders in it."""
    encoder = _Encoder(hcl, known)
    value = encoder.value(node, (), None)
    spans = encoder.spans
    document = Document(hcl.text, "hcl", value, lambda: spans, encoder.string_at)
    document.is_part = True
    return document, {**encoder.filled, **dict.fromkeys(encoder.whole, MISSING)}


class _Encoder:
    """``whole``: placeholders that are values of their own, of any type; ``filled``: those inside strings."""

    def __init__(self, hcl: Hcl, known: Known) -> None:
        self._hcl = hcl
        self._known = known
        self._strings: dict[Span, Text] = {}
        self.spans: dict[Pointer, NodeSpan] = {}
        self.filled: dict[str, object] = {}
        self.whole: set[str] = set()

    def value(self, node: Node, pointer: Pointer, key: Span | None) -> Any:
        node = unwrapped(node)
        span = self._hcl.span(node)
        self.spans[pointer] = NodeSpan(key, span)
        kind = node.type
        if len(pointer) >= MAX_DEPTH:
            return MISSING
        if kind in STRINGS:
            return self._string(node, span)
        if kind == "object" and not node.has_error:
            return self._object(node, pointer)
        if kind == "tuple":
            elements = [child for child in node.named_children if child.type == "expression"]
            return [self.value(element, (*pointer, i), None) for i, element in enumerate(elements)]
        literal = literal_value(self._hcl, node)
        return self._unknown(node) if literal is MISSING else literal

    def string_at(self, node: NodeSpan) -> Text:
        """The decoded string at a place; any other value as it is written."""
        found = self._strings.get(node.value)
        if found is None:
            pieces = Pieces(self._hcl.text)
            pieces.add(self._hcl.text, *node.value)
            found = pieces.text()
        return found

    def _object(self, node: Node, pointer: Pointer) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, value in self._hcl.members(node):
            name = self._key(key)
            members[name] = self.value(value, (*pointer, name), self._hcl.span(key))
        return members

    def _key(self, node: Node) -> str:
        written = self._hcl.written(node)
        inner = unwrapped(node)
        if inner.type in STRINGS:
            template = self._hcl.string(inner)
            self.filled.update(references(template, self._known))
            return template.text.content
        if written.startswith("(") or inner.type not in ("variable_expr", "numeric_lit", "null_lit", "bool_lit"):
            return self._unknown(inner).text
        return written

    def _string(self, node: Node, span: Span) -> object:
        template = self._hcl.string(node)
        if template.directive is not None or only_interpolation(node) is not None:
            return self._unknown(node)
        self._strings[span] = template.text
        self.filled.update(references(template, self._known))
        return template.text.content

    def _unknown(self, node: Node) -> Placeholder:
        written = self._hcl.written(node)
        expression = written.removeprefix('"${').removesuffix('}"').strip()
        name = placeholder_name(expression)
        if not is_bare(expression):
            self.whole.add(name)
        return Placeholder(f"${{{name}}}")


def literal_value(hcl: Hcl, node: Node) -> object:
    """The value of a number, of true, false or null; MISSING for all else."""
    written = hcl.written(node)
    if node.type == "bool_lit":
        return written == "true"
    if node.type == "null_lit":
        return None
    is_negative = node.type == "operation" and written.startswith("-")
    digits = written[1:].strip() if is_negative else written
    if node.type == "numeric_lit" or is_negative:
        try:
            number = int(digits) if digits.isdigit() else float(digits)
        except ValueError:
            return MISSING
        if isinstance(number, float):
            if not math.isfinite(number):
                return MISSING
            number = int(number) if number.is_integer() else number
        return -number if is_negative else number
    return MISSING
