"""JSON values in words, for messages: short, quoted as JSON has them, never longer than a line."""

import json
from collections.abc import Sequence

_LONGEST = 60


def shown(value: object) -> str:
    """The value as JSON text, cut in the middle of a line where it is long."""
    if isinstance(value, (dict, list)) and value:
        return "an object" if isinstance(value, dict) else f"an array of {len(value)}"
    try:
        text = json.dumps(value, ensure_ascii=False, default=str)
    except ValueError:  # an integer of more digits than Python prints
        return "a very long number"
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def kind_of(value: object) -> str:
    """The JSON type of a value, with its article, and the value itself where it is short."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return f"the boolean {shown(value)}"
    if isinstance(value, (int, float)):
        return f"the number {shown(value)}"
    if isinstance(value, str):
        return f"the string {shown(value)}"
    if isinstance(value, list):
        return "an array" if value else "an empty array"
    return "an object" if value else "an empty object"


def alternatives(names: Sequence[str], word: str = "or") -> str:
    """``A``, ``A or B``, ``A, B or C``."""
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"
