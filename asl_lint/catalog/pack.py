"""The compiled pack: the shipped rules in one JSON file that holds only what a run needs, and their prose in another beside it.

Each has a hash of what it was made from. An installed package trusts its packs. In a checkout a YAML file newer than the pack
makes the loader compare hashes, and read the YAML where they differ. Loading: about 0.2 ms; looking for newer files adds as much.
"""
# ruff: noqa: PTH100, PTH112, PTH116, PTH118, PTH120, PTH123
# (pathlib costs more to import than the pack to load.)

import json
import os
import zlib
from collections.abc import Iterator, Mapping, Sequence

from asl_lint.catalog.rule import CatalogError, Explanation, Rule
from asl_lint.late import Final

_PACKAGE: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PACK_FILE: Final = os.path.join(_PACKAGE, "rules.pack.json")
PROSE_FILE: Final = os.path.join(_PACKAGE, "rules.prose.json")
_INSTALLED_RULES: Final = os.path.join(_PACKAGE, "rules")
_CHECKOUT_RULES: Final = os.path.join(os.path.dirname(_PACKAGE), "rules")

FORMAT: Final = 1
"""The format of the pack itself."""


def rules_folder() -> str:
    """The folder of the shipped rules' YAML: beside the package's modules, else the checkout's."""
    return _INSTALLED_RULES if os.path.isdir(_INSTALLED_RULES) else _CHECKOUT_RULES


def shipped_rules() -> tuple[Rule, ...]:
    """The shipped rules, by category and name. Raises CatalogError where there is no pack, or where the YAML is wrong."""
    if _is_installed():
        return _unpack(_read(PACK_FILE))
    return current_rules(PACK_FILE, _CHECKOUT_RULES)


def shipped_explanations() -> Mapping[str, Explanation]:
    """The prose of the shipped rules, by name. Raises CatalogError as ``shipped_rules`` does."""
    if _is_installed():
        return _unpack_prose(_read(PROSE_FILE))
    return current_explanations(PROSE_FILE, _CHECKOUT_RULES)


def current_rules(pack_file: str, folder: str) -> tuple[Rule, ...]:
    """The rules of the pack, or of the folder where the pack was made from something else. Raises CatalogError."""
    text = _if_current(pack_file, folder)
    if text is not None:
        return _unpack(text)
    from asl_lint.catalog.reading import read_shipped_rules

    return tuple(whole.rule for whole in read_shipped_rules(folder))


def current_explanations(prose_file: str, folder: str) -> Mapping[str, Explanation]:
    """The explanations of the pack, or of the folder where the pack was made from something else. Raises CatalogError."""
    text = _if_current(prose_file, folder)
    if text is not None:
        return _unpack_prose(text)
    from asl_lint.catalog.reading import read_shipped_rules

    return {whole.rule.name: Explanation(*whole.prose[:3]) for whole in read_shipped_rules(folder)}


def pack(rules: Sequence[Rule], digest: str) -> str:
    """The text of the pack: JSON, one rule a line."""
    lines = ",\n".join(_compact(rule[: Rule._fields.index("files")]) for rule in rules)
    return f'{{"format":{FORMAT},"hash":"{digest}","rules":[\n{lines}\n]}}\n'


def pack_prose(explanations: Mapping[str, Explanation], digest: str) -> str:
    """The text of the pack of prose: JSON, one rule a line."""
    lines = ",\n".join(f"{_compact(name)}:{_compact(explanation)}" for name, explanation in explanations.items())
    return f'{{"format":{FORMAT},"hash":"{digest}","prose":{{\n{lines}\n}}}}\n'


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_installed() -> bool:
    return os.path.isdir(_INSTALLED_RULES) or not os.path.isdir(_CHECKOUT_RULES)


def _if_current(pack_file: str, folder: str) -> str | None:
    """The text of a pack, unless it is not there or the folder's files have changed since it was made."""
    try:
        packed_at = os.stat(pack_file).st_mtime_ns
    except FileNotFoundError:
        return None
    text = _read(pack_file)
    if any(changed_at > packed_at for _, changed_at in _walk(folder)) and _hash_of(text) != content_hash(folder):
        return None
    return text


def content_hash(folder: str) -> str:
    """A checksum over names and contents of the folder's YAML files (line endings as LF), in order of their names.

    Against oversights, not against malice: hashlib would cost more to import than all files to read.
    """
    crc, adler = zlib.crc32(b"pack"), zlib.adler32(b"pack")
    for path, _ in sorted(_walk(folder)):
        if not path.endswith(".yaml"):
            continue
        with open(path, "rb") as file:
            content = file.read().replace(b"\r\n", b"\n")
        name = os.path.relpath(path, folder).replace(os.sep, "/")
        for part in (f"{name}\0{len(content)}\0".encode(), content):
            crc, adler = zlib.crc32(part, crc), zlib.adler32(part, adler)
    return f"{crc:08x}{adler:08x}"


def _walk(folder: str) -> Iterator[tuple[str, int]]:
    """The folder, its folders and their YAML files with the times of their last change, in nanoseconds.

    A folder's own time tells of files that were added, renamed or removed.
    """
    yield folder, os.stat(folder).st_mtime_ns
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _walk(entry.path)
            elif entry.name.endswith(".yaml"):
                yield entry.path, entry.stat().st_mtime_ns


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise CatalogError(f"the shipped rules cannot be read: {error.strerror}", path) from error


def _hash_of(text: str) -> str | None:
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return read.get("hash") if isinstance(read, dict) and read.get("format") == FORMAT else None


def _unpack_prose(text: str) -> Mapping[str, Explanation]:
    try:
        prose = json.loads(text)["prose"]
        return {name: Explanation(why, fix, tuple(references)) for name, (why, fix, references) in prose.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise CatalogError("the prose of the shipped rules is damaged; install asl-lint again", PROSE_FILE) from error


def _unpack(text: str) -> tuple[Rule, ...]:
    try:
        return tuple(Rule(*fields) for fields in json.loads(text)["rules"])
    except (ValueError, KeyError, TypeError) as error:
        raise CatalogError("the pack of the shipped rules is damaged; install asl-lint again", PACK_FILE) from error
