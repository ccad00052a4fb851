"""A rule's YAML file: its value, and the line of everything in it.

Read as definitions are: JSON's types and no others (``on`` and ``2012-10-17`` are text), no key twice, bounded whatever is in
the file. About 1 ms a file.
"""

from pathlib import Path

from asl_lint.catalog.rule import CatalogError
from asl_lint.facts.view import as_json
from asl_lint.late import Final
from asl_lint.source.document import Document, Pointer
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml

_LARGEST: Final = 1_000_000
"""Bytes of a rule file: more is no rule."""

_PROBLEMS: Final = {
    "syntax-error": "this is not YAML: {problem}",
    "duplicate-key": 'the key "{key}" stands twice',
    "nested-too-deeply": "this is nested more than {limit} levels deep",
    "boolean-like-name": 'put "{name}" in quotes; some YAML readers take it for something other than text',
}


class YamlFile:
    """What a file holds, and where: ``line`` answers for any pointer, with the nearest place that exists."""

    __slots__ = ("_base", "_document", "path", "value")

    def __init__(self, path: str, document: Document) -> None:
        self.path = path
        self.value = as_json(document.value)
        self._document = document
        self._base: Pointer = ()

    def part(self, pointer: Pointer) -> "YamlFile":
        """A member or element of the file as if it were the whole."""
        part = YamlFile.__new__(YamlFile)
        part.path, part._document, part._base = self.path, self._document, self._base + pointer
        part.value = self.value
        for key in pointer:
            part.value = part.value[key]
        return part

    def line(self, pointer: Pointer) -> int:
        """The line (from 1) of a member or element; of its nearest existing container where it is not there."""
        return self._document.text.position(self._document.span(self._base + pointer, "key").start).line


def read_yaml_file(path: str) -> YamlFile:
    """Read a file. Raises CatalogError where it cannot be read, or anything in its text is not as it should be."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise CatalogError(f"the file cannot be read: {error.strerror}", path) from error
    if len(content) > _LARGEST:
        raise CatalogError(f"the file is larger than {_LARGEST:,} bytes; that is no rule", path)
    try:
        text = Text(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise CatalogError("the file is not UTF-8", path, content[: error.start].count(b"\n") + 1) from error
    document = read_yaml(text)
    for problem in document.problems:
        said = _PROBLEMS[problem.code].format_map(problem.values)
        help_ = f"; {problem.help}" if problem.help else ""
        raise CatalogError(said + help_, path, text.position(problem.span.start).line)
    if document.value is None:
        raise CatalogError("the file is empty", path)
    return YamlFile(path, document)
