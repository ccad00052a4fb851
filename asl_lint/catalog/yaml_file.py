"""A rule's YAML file: its value, and the line of everything in it.

JSON's types and no others: ``on`` and ``2012-10-17`` are text, a key is text, no key stands twice, and there are no aliases that
could blow up. Uses libyaml where it is there; some 0.3 ms a file.
"""

import re
from pathlib import Path
from typing import Any, Final, cast

import yaml

from asl_lint.catalog.rule import CatalogError
from asl_lint.source.document import Pointer

_LARGEST: Final = 1_000_000
"""Bytes of a rule file: more is no rule."""

_PREFIX: Final = "tag:yaml.org,2002:"
_QUOTED: Final = ("'", '"', "|", ">")
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})")
_NUMBER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?")
_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlFile:
    """What a file holds, and where: ``line`` answers for any pointer, with the nearest place that exists."""

    __slots__ = ("_keys", "_values", "path", "value")

    def __init__(self, path: str, value: object, values: dict[Pointer, int], keys: dict[Pointer, int]) -> None:
        self.path = path
        self.value = value
        self._values = values
        self._keys = keys

    def line(self, pointer: Pointer, key: bool = False) -> int:
        """The line (from 1) of a value or of its key; of its nearest existing container where it is not there."""
        if key and pointer in self._keys:
            return self._keys[pointer]
        for length in range(len(pointer), 0, -1):
            line = self._keys.get(pointer[:length]) or self._values.get(pointer[:length])
            if line is not None:
                return line
        return self._values.get((), 1)


def read_yaml_file(path: str) -> YamlFile:
    """Read a file. Raises CatalogError where it cannot be read, is not YAML, or uses what a rule file does not need."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(_LARGEST + 1)
    except OSError as error:
        raise CatalogError(f"the file cannot be read: {error.strerror}", path) from error
    if len(content) > _LARGEST:
        raise CatalogError(f"the file is larger than {_LARGEST:,} bytes; that is no rule", path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogError("the file is not UTF-8", path, content[: error.start].count(b"\n") + 1) from error
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise CatalogError(f"this is not YAML: {problem}", path, mark.line + 1 if mark else None) from error
    except RecursionError as error:
        raise CatalogError("the file is nested too deeply", path) from error
    if node is None:
        raise CatalogError("the file is empty", path)
    builder = _Builder(path)
    try:
        value = builder.build(node, ())
    except RecursionError as error:
        raise CatalogError("the file is nested too deeply", path) from error
    return YamlFile(path, value, builder.values, builder.keys)


class _Builder:
    def __init__(self, path: str) -> None:
        self.path = path
        self.values: dict[Pointer, int] = {}
        self.keys: dict[Pointer, int] = {}
        self._seen: set[int] = set()

    def build(self, node: yaml.Node, pointer: Pointer) -> object:
        line = node.start_mark.line + 1
        if id(node) in self._seen:
            raise CatalogError("a rule file has no anchors and aliases; write the value out", self.path, line)
        self._seen.add(id(node))
        self.values[pointer] = line
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, pointer)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(item, (*pointer, i)) for i, item in enumerate(node.value)]
        return _scalar(cast(yaml.ScalarNode, node))

    def _mapping(self, node: yaml.MappingNode, pointer: Pointer) -> dict[str, object]:
        mapping: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise CatalogError("a key is text", self.path, line)
            key = str(key_node.value)
            if key in mapping:
                raise CatalogError(f'the key "{key}" stands twice', self.path, line)
            self.keys[(*pointer, key)] = line
            mapping[key] = self.build(value_node, (*pointer, key))
        return mapping


def _scalar(node: yaml.ScalarNode) -> object:
    text = str(node.value)
    if node.style in _QUOTED or not node.tag.startswith(_PREFIX):
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _NUMBER.fullmatch(text):
        return float(text)
    return text
