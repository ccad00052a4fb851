"""Terraform's JSON syntax (``*.tf.json``, what CDK for Terraform writes) as native syntax, with a map to the file.

Strings are templates there too: one that is ``${…}`` as a whole is that expression. Only what can say something about a state
machine is written: resources, data, modules, local values and outputs. Source: Terraform's documentation, "JSON Configuration
Syntax". Linear in the file.
"""

import json
import re
from collections.abc import Iterator

from asl_lint.late import Final
from asl_lint.source.document import Pointer
from asl_lint.source.embedded import Pieces
from asl_lint.source.hcl_template import closing
from asl_lint.source.json_text import read_json
from asl_lint.source.text import Text

_LABELS: Final = {"resource": 2, "data": 2, "module": 1, "output": 1, "locals": 0}
"""Kinds of blocks -> how many names lead to their bodies."""
_BLOCKS: Final = frozenset((
    "condition", "encryption_configuration", "inline_policy", "logging_configuration", "not_principals", "principals",
    "statement", "tracing_configuration",
))  # fmt: skip
"""Members that are blocks of their own and no values: the file does not tell the two apart."""
_NAME: Final = re.compile(r"[A-Za-z_][\w-]*\Z")
_ESCAPED: Final = re.compile(r'["\\\x00-\x1f]')
_MARK: Final = re.compile(r"\$\$\{|%%\{|[$%]\{")
_HEREDOC: Final = "TEXT_OF_JSON"
_SHORT: Final = 300
"""Characters of a string that is written with escapes: each makes a stretch of its own."""


def is_json(name: str) -> bool:
    """Whether a file of Terraform is in JSON by its name."""
    return name.lower().endswith(".json")


def native(text: Text) -> Text:
    """The text of a file in JSON as one in native syntax; empty where it holds no object."""
    return _Writer(text).text()


class _Writer:
    def __init__(self, text: Text) -> None:
        self._document = read_json(text)
        self._pieces = Pieces(text)

    def text(self) -> Text:
        value = self._document.value
        for kind, labels in _LABELS.items():
            if isinstance(value, dict) and kind in value:
                self._blocks(kind, labels, (kind,), value[kind], ())
        return self._pieces.text()

    def _blocks(self, kind: str, labels: int, pointer: Pointer, value: object, names: tuple[Pointer, ...]) -> None:
        """The blocks of a kind below their names; at each level one object or an array of objects may stand."""
        for at, body in _each(pointer, value):
            if labels == 0:
                self._block(kind, at, body, names)
                continue
            for name, inner in body.items():
                if _NAME.match(name):
                    self._blocks(kind, labels - 1, (*at, name), inner, (*names, (*at, name)))

    def _block(self, kind: str, pointer: Pointer, body: dict[str, object], names: tuple[Pointer, ...] = ()) -> None:
        self._put(f"{kind} ", pointer)
        for name in names:
            self._put('"', name)
            self._pieces.add_value(str(name[-1]), self._document.span(name, "key"))
            self._put('" ', name)
        self._put("{\n", pointer)
        for key, value in body.items():
            at = (*pointer, key)
            if not _NAME.match(key):
                continue  # "//" is a comment
            if key in _BLOCKS:
                for inner, member in _each(at, value):
                    self._block(key, inner, member)
                continue
            self._pieces.add_value(key, self._document.span(at, "key"))
            self._put(" = ", at)
            self._value(value, at, is_attribute=True)
            self._put("\n", at)
        self._put("}\n", pointer)

    def _value(self, value: object, pointer: Pointer, *, is_attribute: bool = False) -> None:
        if isinstance(value, str):
            self._string(self._document.string(pointer), pointer, is_attribute)
        elif isinstance(value, dict):
            self._put("{\n", pointer)
            for key, member in value.items():
                at = (*pointer, key)
                self._pieces.add_value(_quoted(key), self._document.span(at, "key"))
                self._put(" = ", at)
                self._value(member, at)
                self._put("\n", at)
            self._put("}", pointer)
        elif isinstance(value, list):
            self._put("[", pointer)
            for i, element in enumerate(value):
                self._value(element, (*pointer, i))
                self._put(", ", (*pointer, i))
            self._put("]", pointer)
        else:
            written = json.dumps(value) if isinstance(value, bool | int | float) else "null"
            self._pieces.add_value(written, self._document.span(pointer))

    def _string(self, text: Text, pointer: Pointer, is_attribute: bool) -> None:
        content = text.content
        if content.startswith("${") and closing(content, 2, len(content)) == len(content) - 1:
            self._put("(", pointer)
            self._pieces.add(text, 2, len(content) - 1)
            self._put(")", pointer)
        elif is_attribute and len(content) > _SHORT and _ESCAPED.search(content):
            # A heredoc needs no escapes. That it ends with a line break matters to nothing of that length.
            self._put(f"<<{_HEREDOC}\n", pointer)
            self._pieces.add(text)
            self._put(f"\n{_HEREDOC}", pointer)
        else:
            self._put('"', pointer)
            self._template(text)
            self._put('"', pointer)

    def _template(self, text: Text) -> None:
        """A string in quotes: what it says itself with escapes, and expressions as they are."""
        content, done = text.content, 0
        while done < len(content):
            found = _MARK.search(content, done)
            start = found.start() if found else len(content)
            self._literal(text, done, start)
            done = start
            if found:
                done = found.end() if len(found[0]) == 3 else min(closing(content, found.end(), len(content)) + 1, len(content))
                self._pieces.add(text, start, done)

    def _literal(self, text: Text, start: int, end: int) -> None:
        for found in _ESCAPED.finditer(text.content, start, end):
            self._pieces.add(text, start, found.start())
            self._pieces.add_value(_quoted(found[0])[1:-1], text.trace(*found.span()))
            start = found.end()
        self._pieces.add(text, start, end)

    def _put(self, written: str, pointer: Pointer) -> None:
        if written:
            self._pieces.add_value(written, self._document.span(pointer))


def _each(pointer: Pointer, value: object) -> Iterator[tuple[Pointer, dict[str, object]]]:
    """The object, or the objects of an array."""
    if isinstance(value, dict):
        yield pointer, value
    elif isinstance(value, list):
        yield from (((*pointer, i), element) for i, element in enumerate(value) if isinstance(element, dict))


def _quoted(text: str) -> str:
    """A text as a quoted string of HCL, which has fewer escapes than JSON."""
    return json.dumps(text, ensure_ascii=False).replace("\\b", "\\u0008").replace("\\f", "\\u000c")
