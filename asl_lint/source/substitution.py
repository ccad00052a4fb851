"""A document as it is deployed: placeholders ``${Name}`` filled in where their values are known.

What was read stays the only text: a filled string is a new Text over the one in the file, so all that is found in it is shown
where the placeholder stands. A placeholder without quotes becomes the JSON value that its text is. Linear in the definition.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from asl_lint.source.document import MISSING, Document, Pointer
from asl_lint.source.placeholders import PLACEHOLDER, Placeholder
from asl_lint.source.text import Segment, Text

Substitutions = Mapping[str, object]
"""Name of a placeholder -> its value (a string, number or boolean), or MISSING where only the deployment knows it."""

_BEGIN: Final = "${"


def fill(document: Document, substitutions: Substitutions) -> Document:
    """The document with the known values filled in. Placeholders that are not named, or of unknown value, stay."""
    known = {f"{_BEGIN}{name}}}": value for name, value in substitutions.items() if value is not MISSING}
    content = document.text.content
    if not known or _BEGIN not in content or not any(name in content for name in known):
        return document
    filler = _Filler(known)
    value = filler.value(document.value)
    return document.rendered(value, filler.text, filler.pointer if filler.has_filled_key else None)


class _Filler:
    """``has_filled_key``: a key had a placeholder, so that pointers are not those of the file."""

    def __init__(self, known: Mapping[str, object]) -> None:
        self._known = known
        self.has_filled_key = False

    def value(self, value: object) -> object:
        """A copy of a value with every string and placeholder in it filled. As deep as need be."""
        holder: list[Any] = [None]
        pending: list[tuple[Any, Any, object]] = [(holder, 0, value)]
        while pending:
            parent, at, found = pending.pop()
            made: Any = found
            if isinstance(found, dict):
                made = dict.fromkeys(self._key(key) for key in found)
                pending += [(made, self._key(key), member) for key, member in found.items()]
            elif isinstance(found, list):
                made = [None] * len(found)
                pending += [(made, i, element) for i, element in enumerate(found)]
            elif isinstance(found, str):
                made = self._string(found)
            elif isinstance(found, Placeholder):
                made = self._unquoted(found)
            parent[at] = made
        return holder[0]

    def text(self, text: Text) -> Text:
        """A decoded string filled, as a Text over it."""
        parts: list[str] = []
        segments: list[Segment] = []
        done = length = 0
        for found in PLACEHOLDER.finditer(text.content):
            if found[0] not in self._known:
                continue
            start, end = found.span()
            filled = _as_text(self._known[found[0]])
            for stretch, begin, stop in ((text.content[done:start], done, start), (filled, start, end)):
                if stretch:
                    parts.append(stretch)
                    kind: Any = "opaque" if begin == start else "verbatim"
                    segments.append(Segment(length, length + len(stretch), begin, stop, kind))
                    length += len(stretch)
            done = end
        if not done:
            return text
        rest = text.content[done:]
        if rest or not segments:
            parts.append(rest)
            segments.append(Segment(length, length + len(rest), done, done + len(rest)))
        return Text("".join(parts), text, segments)

    def pointer(self, pointer: Pointer) -> Pointer:
        """A pointer of the file as one of the filled document."""
        return tuple(self._string(part) if isinstance(part, str) else part for part in pointer)

    def _key(self, key: str) -> str:
        filled = self._string(key)
        if filled != key:
            self.has_filled_key = True
        return filled

    def _string(self, text: str) -> str:
        if _BEGIN not in text:
            return text
        return PLACEHOLDER.sub(lambda found: _as_text(self._known[found[0]]) if found[0] in self._known else found[0], text)

    def _unquoted(self, placeholder: Placeholder) -> object:
        filled = self._string(placeholder.text)
        if filled == placeholder.text:
            return placeholder
        try:
            return json.loads(filled, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return placeholder


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
