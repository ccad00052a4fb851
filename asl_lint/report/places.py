"""Places of a document as the JSON of ``schemas/output.schema.json`` has them."""

from asl_lint.late import Any
from asl_lint.output.json_format import span_object
from asl_lint.source.document import Document, Pointer


def span_of(document: Document, pointer: Pointer) -> dict[str, Any]:
    """Where the member at a pointer stands in its file, its name included."""
    key, value = document.node(pointer)
    start = value.start if key is None else min(key.start, value.start)
    return span_object(document.text.root.range(document.text.trace(start, value.end)))
