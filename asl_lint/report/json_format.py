"""The review for programs: the document as it is, in ASCII, a machine a line."""

import json
from collections.abc import Iterator

from asl_lint.late import Any
from asl_lint.report import ViewStyle


def render(document: dict[str, Any], style: ViewStyle) -> Iterator[str]:
    """A chunk per member, and per element of an array. Lone surrogates stay what they are, as ``\\ud800``."""
    separator = "{"
    for name, value in document.items():
        yield f'{separator}"{name}": '
        separator = ",\n "
        if isinstance(value, list) and value:
            between = "["
            for one in value:
                yield f"{between}\n  {json.dumps(one)}"
                between = ","
            yield "\n ]"
        else:
            yield json.dumps(value)
    yield "}\n"
