"""A document as it is deployed: placeholders ``${Name}`` filled in where their values are known.

What was read stays the only text: a filled string is a new Text over the one in the file, so all that is found in it is shown
where the placeholder stands. A deployment replaces characters of the text before it is read: a placeholder without quotes becomes
the value that its text is, and one in a string of JSON the characters that its text escapes. Linear in the definition.
"""

import json
from collections.abc import Mapping

from asl_lint.late import Any, Final
from asl_lint.source.document import MISSING, Document, Pointer
from asl_lint.source.placeholders import PLACEHOLDER, Placeholder
from asl_lint.source.text import Segment, Text

Substitutions = Mapping[str, object]
"""Name of a placeholder -> its value: a string, number or boolean; MISSING where only the deployment knows it. Whatever else
stands there is a fault, and fills in nothing."""

_BEGIN: Final = "${"
_MOST_ROUNDS: Final = 10
"""Times that a value may lead to another placeholder; a circle leads nowhere."""
_LONGEST: Final = 100_000
"""Characters of a value: placeholders in placeholders could make any number."""


def fill(document: Document, substitutions: Substitutions, *, as_yaml: bool = False) -> Document:
    """The document with the known values filled in. Placeholders that are not named, or of unknown value, stay.

    So does one that is a string as a whole and is given no character: who gave it is asked, not the place. ``as_yaml``: a text
    that is no JSON after it is filled in is read as YAML (CloudFormation reads files so).
    """
    known = {name: text for name, value in substitutions.items() if (text := _as_text(value)) is not None}
    content = document.text.content
    if not known or _BEGIN not in content or not any(name in content for name in known):
        return document
    filler = _Filler(_expanded(known), document.format, as_yaml or document.format == "yaml")
    value = filler.value(document.value)
    return document.rendered(value, filler.text, filler.pointer if filler.has_filled_key else None)


def fill_text(text: Text, substitutions: Substitutions) -> Text:
    """A decoded text with the known values filled in, which are texts for a string; MISSING fills in nothing."""
    known = {name: found for name, value in substitutions.items() if (found := _as_text(value)) is not None}
    return _Filler(known, "yaml", as_yaml=True).text(text) if known and _BEGIN in text.content else text


class _Filler:
    """``has_filled_key``: a key had a placeholder, so that pointers are not those of the file."""

    def __init__(self, known: Mapping[str, str], format: str, as_yaml: bool) -> None:
        self._raw = {f"{_BEGIN}{name}}}": value for name, value in known.items()}
        self._known: dict[str, str] = {}
        for name, value in self._raw.items():
            decoded = in_string(value) if format == "json" else value
            if decoded is not None:
                self._known[name] = decoded
        self._as_yaml = as_yaml
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
        if self._is_given_nothing(text.content):
            return text
        parts: list[str] = []
        segments: list[Segment] = []
        done = length = 0
        for found in PLACEHOLDER.finditer(text.content):
            if found[0] not in self._known:
                continue
            start, end = found.span()
            filled = self._known[found[0]]
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

    def _is_given_nothing(self, text: str) -> bool:
        return text in self._known and not self._known[text].strip()

    def _key(self, key: str) -> str:
        filled = self._string(key)
        if filled != key:
            self.has_filled_key = True
        return filled

    def _string(self, text: str) -> str:
        if _BEGIN not in text or self._is_given_nothing(text):
            return text
        return PLACEHOLDER.sub(lambda found: self._known.get(found[0], found[0]), text)

    def _unquoted(self, placeholder: Placeholder) -> object:
        filled = PLACEHOLDER.sub(lambda found: self._raw.get(found[0], found[0]), placeholder.text)
        if filled == placeholder.text:
            return placeholder
        value = unquoted_value(filled, self._as_yaml)
        return placeholder if value is MISSING else value


def unquoted_value(text: str, as_yaml: bool) -> object:
    """The value that a text without quotes is, in JSON or YAML; MISSING where it is none, or more than a plain scalar of YAML."""
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        if not as_yaml:
            return MISSING
    from asl_lint.source.yaml_scalars import is_plain, resolve_plain

    return resolve_plain(text) if is_plain(text) else MISSING


def in_string(text: str) -> str | None:
    """The characters that a text stands for between the quotes of a string of JSON; None where it would end or break it."""
    if '"' not in text and "\\" not in text:
        return text
    try:
        value = json.loads(f'"{text}"', strict=False)
    except ValueError:
        return None
    return value if isinstance(value, str) else None


def _expanded(known: Mapping[str, str]) -> dict[str, str]:
    """The values with the placeholders in them filled in turn, as CloudFormation does."""
    expanded = dict(known)
    for name in [name for name, value in known.items() if _BEGIN in value]:
        for _ in range(_MOST_ROUNDS):
            value = PLACEHOLDER.sub(lambda found: expanded.get(found[0][2:-1], found[0]), expanded[name])
            if value == expanded[name] or len(value) > _LONGEST:
                break
            expanded[name] = value
    return expanded


def _refuse(constant: str) -> object:
    raise ValueError(constant)


def _as_text(value: object) -> str | None:
    """What a value is as characters of the text; None where it fills in nothing."""
    if isinstance(value, str):
        return value
    return json.dumps(value) if isinstance(value, bool | int | float) else None
