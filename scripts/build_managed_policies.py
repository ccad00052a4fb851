"""Build asl_lint/aws/managed_policies.bin from the policies of AWS that the pinned moto holds; with --check, only tell whether it
would change.

The pin stands in pyproject.toml (extra ``dev``). Where another moto is installed, or none, ``--check`` says so and passes: it
cannot judge the file there. CI installs the pinned one.
"""

import json
import re
import sys
import zlib
from importlib import metadata
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from asl_lint.aws.managed_policies import MAGIC, TABLE_FILE

ROOT: Final = Path(__file__).resolve().parent.parent
FILE: Final = Path(TABLE_FILE)
PATHS: Final = ("/", "/service-role/", "/job-function/")
"""Of policies that a role can be given: those of other paths are for roles that services make, and for the root user."""
BLOCK: Final = 24
"""Policies that are compressed together: a role has one or two of them, and they resemble each other."""


def main(arguments: list[str]) -> int:
    """Exit codes: 0 done, current, or not to be judged here; 1 stale."""
    pinned = _pinned()
    try:
        installed = metadata.version("moto")
    except metadata.PackageNotFoundError:
        installed = "none"
    if installed != pinned:
        print(f"{FILE.name}: moto {pinned} is needed, {installed} is installed", file=sys.stderr)
        return 0 if "--check" in arguments else 1
    header, blocks = build(pinned)
    if "--check" in arguments:
        # The same content: another zlib may compress it to other bytes.
        if FILE.is_file() and _unpacked(FILE.read_bytes()) == (header, blocks):
            return 0
        print(f"{FILE.name} is not what moto {pinned} holds; run python scripts/build_managed_policies.py", file=sys.stderr)
        return 1
    data = _packed(header, blocks)
    FILE.write_bytes(data)
    print(f"{FILE.name}: {len(header['policies'])} policies of {header['date']}, {len(data):,} bytes")
    return 0


def build(version: str) -> tuple[dict[str, Any], list[bytes]]:
    """The header and the blocks, each a JSON object: path and name of a policy -> its statements."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    given: dict[str, dict[str, Any]] = json.loads(aws_managed_policies_data)
    policies = {one["Path"][1:] + name: one for name, one in given.items() if one["Path"] in PATHS}
    names = sorted(policies)
    groups = [names[i : i + BLOCK] for i in range(0, len(names), BLOCK)]
    header = {
        "date": max(max(one["CreateDate"], one["UpdateDate"]) for one in given.values())[:10],
        "moto": version,
        "policies": {name: number for number, group in enumerate(groups) for name in group},
    }
    return header, [_written({name: _statements(policies[name]["Document"]) for name in group}) for group in groups]


def _statements(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The statements, without what nothing is decided by; of a Condition, that there is one."""
    found = document["Statement"]
    return [_statement(one) for one in (found if isinstance(found, list) else [found])]


def _statement(statement: dict[str, Any]) -> dict[str, Any]:
    kept = {name: statement[name] for name in ("Effect", "Action", "NotAction", "Resource", "NotResource") if name in statement}
    return {**kept, "Condition": True} if statement.get("Condition") else kept


def _packed(header: dict[str, Any], blocks: list[bytes]) -> bytes:
    packed = [zlib.compress(block, 9) for block in blocks]
    ends, at = [], 0
    for block in packed:
        at += len(block)
        ends.append(at)
    head = zlib.compress(_written({**header, "ends": ends}), 9)
    return MAGIC + len(head).to_bytes(4, "big") + head + b"".join(packed)


def _unpacked(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    start = len(MAGIC) + 4
    blocks_at = start + int.from_bytes(data[len(MAGIC) : start], "big")
    header = json.loads(zlib.decompress(data[start:blocks_at]))
    places = [0, *header.pop("ends")]
    spans = [(blocks_at + places[i], blocks_at + places[i + 1]) for i in range(len(places) - 1)]
    return header, [zlib.decompress(data[start:end]) for start, end in spans]


def _written(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), sort_keys=True).encode()


def _pinned() -> str:
    found = re.search(r'"moto==([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    if found is None:
        raise SystemExit("pyproject.toml pins no moto")
    return found[1]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
