"""Tables that are made of a pinned package: building, or checking without writing, and the form of their files.

Where another version of the package is installed, or none, a check says so and passes: it cannot judge the file there. CI
installs the pinned one.
"""

import json
import re
import sys
import zlib
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, Final

from asl_lint.aws.block_file import LENGTH, BlockFile

ROOT: Final = Path(__file__).resolve().parent.parent

Built = tuple[dict[str, Any], list[bytes]]
"""The header of a table, and its blocks."""


def build_or_check(
    arguments: list[str], file: Path, magic: bytes, package: str, build: Callable[[str], Built], words: Callable[[Built], str]
) -> int:
    """Make the file, or tell with --check whether that would change it. ``words`` say what is in it.

    Exit codes: 0 done, current, or not to be judged here; 1 stale.
    """
    version = pinned(package)
    try:
        installed = metadata.version(package)
    except metadata.PackageNotFoundError:
        installed = "none"
    if installed != version:
        print(f"{file.name}: {package} {version} is needed, {installed} is installed", file=sys.stderr)
        return 0 if "--check" in arguments else 1
    built = build(version)
    if "--check" in arguments:
        # The same content: another zlib may compress it to other bytes.
        if file.is_file() and unpacked(file.read_bytes(), magic) == built:
            return 0
        script = Path(sys.argv[0]).name
        print(f"{file.name} is not what {package} {version} holds; run python scripts/{script}", file=sys.stderr)
        return 1
    data = packed(*built, magic)
    file.write_bytes(data)
    print(f"{file.name}: {words(built)}, {len(data):,} bytes")
    return 0


def pinned(package: str) -> str:
    """The version that pyproject.toml pins."""
    found = re.search(rf'"{package}==([\d.]+)"', project())
    if found is None:
        raise SystemExit(f"pyproject.toml pins no {package}")
    return found[1]


def project() -> str:
    """The text of pyproject.toml."""
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def as_json(value: object) -> bytes:
    """A value in the one way in which it is written here."""
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def packed(header: dict[str, Any], blocks: list[bytes], magic: bytes) -> bytes:
    """The file, as ``asl_lint.aws.block_file`` reads it."""
    compressed = [zlib.compress(block, 9) for block in blocks]
    ends, at = [], 0
    for block in compressed:
        at += len(block)
        ends.append(at)
    head = zlib.compress(as_json({**header, "ends": ends}), 9)
    return magic + len(head).to_bytes(LENGTH, "big") + head + b"".join(compressed)


def unpacked(data: bytes, magic: bytes) -> Built | None:
    """The header and the blocks of a file; None where it is another's."""
    try:
        opened = BlockFile(data, magic, "table")
    except (ValueError, KeyError):
        return None
    return opened.header, [opened.block(number) for number in range(len(opened))]
