"""Explained types as text, with the lines that they come from, and as JSON."""

import json
from collections.abc import Iterator, Sequence

from asl_lint.facts.type_origins import Origin
from asl_lint.late import Any, Final
from asl_lint.source.document import Document, Pointer, format_pointer
from asl_lint.type_explanations import Explained
from asl_lint.types.display import shown_type

FORMAT: Final = 1
_NEVER: Final = "never reached"
_WIDE: Final = 76
_MOST: Final = 12
"""Origins of one value that are shown."""


def as_text(found: Sequence[Explained], document: Document, file: str) -> str:
    """One paragraph for each value."""
    return "\n".join("\n".join(_paragraph(one, document, file)) + "\n" for one in found)


def _paragraph(one: Explained, document: Document, file: str) -> Iterator[str]:
    yield f"{one.what}"
    yield f"  --> {_place(one.pointer, document, file)} at {format_pointer(one.pointer) or '/'}"
    type_ = _NEVER if one.type is None else shown_type(one.type)
    yield from (f"  {line}" for line in type_.split("\n"))
    if one.origins:
        yield "  comes from"
        yield from _tree(one.origins, document, file, "    ")


def _tree(origins: Sequence[Origin], document: Document, file: str, indent: str) -> Iterator[str]:
    shown = origins if len(origins) <= _MOST else origins[: _MOST - 1]
    for origin in shown:
        line = _line(origin.pointer, document)
        yield f"{indent}{origin.what} (line {line}): {_short(origin.type)}"
        yield from _tree(origin.origins, document, file, indent + "  ")
    if len(shown) < len(origins):
        yield f"{indent}and {len(origins) - len(shown)} more"


def _short(type_: Any) -> str:
    text = shown_type(type_, 1, 10_000)
    return text if len(text) <= _WIDE else text[: _WIDE - 1] + "…"


def _line(pointer: Pointer, document: Document) -> int:
    return document.text.root.position(document.span(pointer, "key").start).line


def _place(pointer: Pointer, document: Document, file: str) -> str:
    start = document.text.root.position(document.span(pointer, "key").start)
    return f"{file}:{start.line}:{start.column}"


def as_json(found: Sequence[Explained], document: Document, file: str) -> str:
    """``{"format": 1, "file": …, "values": [{"what", "pointer", "line", "type", "origins"}]}``; ``type`` null: never reached."""
    values = [_value(one, document) for one in found]
    return json.dumps({"format": FORMAT, "file": file, "values": values}, ensure_ascii=False, indent=2) + "\n"


def _value(one: Explained | Origin, document: Document) -> dict[str, Any]:
    return {
        "what": one.what,
        "pointer": format_pointer(one.pointer),
        "line": _line(one.pointer, document),
        "type": None if one.type is None else shown_type(one.type, width=10_000),
        "origins": [_value(origin, document) for origin in one.origins],
    }
