"""Build asl_lint/aws/service_index.bin from the models of the pinned botocore; with --check, only tell whether it would change.

The pin stands in pyproject.toml (extra ``dev``). Where another botocore is installed, or none, ``--check`` says so and passes: it
cannot judge the file there. CI installs the pinned one.
"""

import gzip
import json
import re
import sys
import zlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import metadata, util
from pathlib import Path
from typing import Any, Final

from asl_lint.aws.naming import action_name, error_name, error_prefix, service_name
from asl_lint.aws.service_index import INDEX_FILE as INDEX_PATH
from asl_lint.aws.service_index import MAGIC

ROOT: Final = Path(__file__).resolve().parent.parent
INDEX_FILE: Final = Path(INDEX_PATH)

WITHOUT_MODEL: Final = {
    "ElasticInference", "FinspaceData", "Finspace", "IoTAnalytics", "IotEvents", "IotEventsData", "LookoutVision", "OpsWorksCm",
    "Panorama", "PrivateNetworks", "SageMakerRuntimeHttp2", "Sms", "SimSpaceWeaver", "Tnb",
}  # fmt: skip
"""Services that the developer guide lists and botocore has no model of, by their error prefixes: their calls are unknown."""

_SCALARS: Final = {"string", "integer", "long", "float", "double", "boolean", "timestamp", "blob"}
_LIMITS: Final = ("min", "max", "pattern", "enum")


def main(arguments: list[str]) -> int:
    """Exit codes: 0 done, current, or not to be judged here; 1 stale."""
    pinned = _pinned()
    try:
        installed = metadata.version("botocore")
    except metadata.PackageNotFoundError:
        installed = "none"
    if installed != pinned:
        print(f"{INDEX_FILE.name}: botocore {pinned} is needed, {installed} is installed", file=sys.stderr)
        return 0 if "--check" in arguments else 1
    header, blocks = build(pinned)
    if "--check" in arguments:
        # The same content: another zlib may compress it to other bytes.
        if INDEX_FILE.is_file() and _unpacked(INDEX_FILE.read_bytes()) == (header, blocks):
            return 0
        print(
            f"{INDEX_FILE.name} is not what botocore {pinned} holds; run python scripts/build_service_index.py", file=sys.stderr
        )
        return 1
    data = _packed(header, blocks)
    INDEX_FILE.write_bytes(data)
    print(f"{INDEX_FILE.name}: {len(header['services'])} services, {header['operations']:,} operations, {len(data):,} bytes")
    return 0


def build(version: str) -> tuple[dict[str, Any], list[bytes]]:
    """The header (offsets not yet in it) and two blocks a service: its operations, and its shapes, one a line."""
    services: dict[str, list[Any]] = {name.lower(): [name] for name in sorted(WITHOUT_MODEL, key=str.lower)}
    blocks: list[bytes] = []
    operations = 0
    clients: dict[str, str] = {}
    others: dict[str, set[str]] = defaultdict(set)
    for client, model in _models():
        about = model["metadata"]
        prefix, name = error_prefix(about["serviceId"]), service_name(about["serviceId"])
        clients[client] = name
        for other in (about["endpointPrefix"], about.get("signingName", "")):
            others[other.lower()].add(name)
        if len(services.get(name, ())) > 1:
            continue  # two copies of one API
        shapes = _Shapes(model["shapes"])
        table = {action_name(key): _operation(operation, shapes) for key, operation in sorted(model["operations"].items())}
        errors = sorted(
            {error_name(key) for key, shape in model["shapes"].items() if shape.get("exception") or shape.get("error")}
        )
        operations += len(table)
        services[name] = [prefix, len(blocks)]
        blocks.append(_json({"errors": errors, "operations": table}))
        blocks.append("\n".join(shapes.lines).encode())
    header = {
        "botocore": version,
        "date": _date(version),
        "operations": operations,
        "aliases": _aliases(clients, others, services),
        "services": dict(sorted(services.items())),
    }
    return header, blocks


def _aliases(clients: Mapping[str, str], others: Mapping[str, set[str]], services: Mapping[str, Any]) -> dict[str, str]:
    """What else services are called: botocore's names, then those of endpoints and signatures that only one service has."""
    aliases = {other: min(names) for other, names in others.items() if len(names) == 1} | clients
    # Without its separators a name is found by its nearness.
    return {alias: name for alias, name in sorted(aliases.items()) if re.sub("[-.]", "", alias) not in services}


def _date(version: str) -> str:
    """The day of the models: botocore's files carry no date, so it stands beside the pin."""
    found = re.search(rf'"botocore=={re.escape(version)}",\s*# (\d{{4}}-\d\d-\d\d)', _project())
    if found is None:
        raise ValueError("pyproject.toml must say the date of the pinned botocore in a comment behind it")
    return found[1]


def _pinned() -> str:
    found = re.search(r'"botocore==([0-9.]+)"', _project())
    if found is None:
        raise ValueError("pyproject.toml pins no botocore")
    return found[1]


def _project() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def _models() -> Iterator[tuple[str, dict[str, Any]]]:
    """The newest model of each service, with botocore's name of it, in the order of these names."""
    spec = util.find_spec("botocore")
    assert spec is not None and spec.origin is not None
    for folder in sorted((Path(spec.origin).parent / "data").iterdir()):
        files = sorted(folder.glob("*/service-2.json*"))
        if files:
            read = gzip.open if files[-1].suffix == ".gz" else open
            with read(files[-1], "rb") as file:
                yield folder.name, json.load(file)


def _operation(operation: Mapping[str, Any], shapes: "_Shapes") -> list[Any]:
    """Input and output as line numbers of the shapes (null: none), and the errors that the model gives the operation."""
    sides = [shapes.number(operation[side]["shape"]) if side in operation else None for side in ("input", "output")]
    return [*sides, sorted({error_name(error["shape"]) for error in operation.get("errors", ())})]


class _Shapes:
    """The shapes that operations reach, numbered as met. A shape that is like another, and no structure, is the same line."""

    def __init__(self, shapes: Mapping[str, Any]) -> None:
        self.shapes = shapes
        self.lines: list[str] = []
        self._numbers: dict[str, int] = {}
        self._same: dict[str, int] = {}

    def number(self, name: str) -> int:
        if name in self._numbers:
            return self._numbers[name]
        shape = self.shapes[name]
        kind = shape["type"]
        if kind in _SCALARS:
            line = _line({"k": kind, **{limit: shape[limit] for limit in _LIMITS if limit in shape}})
            if line not in self._same:
                self._same[line] = len(self.lines)
                self.lines.append(line)
            self._numbers[name] = self._same[line]
            return self._same[line]
        number = self._numbers[name] = len(self.lines)
        self.lines.append("")
        self.lines[number] = _line(self._nested(shape, kind))
        return number

    def _nested(self, shape: Mapping[str, Any], kind: str) -> dict[str, Any]:
        made: dict[str, Any] = {"k": kind, **{limit: shape[limit] for limit in ("min", "max") if limit in shape}}
        if kind == "list":
            made["e"] = self.number(shape["member"]["shape"])
        elif kind == "map":
            made["key"], made["e"] = self.number(shape["key"]["shape"]), self.number(shape["value"]["shape"])
        elif kind == "structure" and not (shape.get("document") or shape.get("eventstream")):
            members = shape.get("members", {})
            made["m"] = {name: self.number(member["shape"]) for name, member in members.items()}
            # The SDK fills in a token for idempotency itself, and a header that is JSON may be any value.
            needed = [name for name in shape.get("required", ()) if not members[name].get("idempotencyToken")]
            if needed:
                made["r"] = needed
            values = [name for name, member in members.items() if member.get("jsonvalue")]
            if values:
                made["any"] = values
            if shape.get("union"):
                made["u"] = 1
        return made


def _line(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)


def _json(value: object) -> bytes:
    return _line(value).encode()


def _packed(header: dict[str, Any], blocks: list[bytes]) -> bytes:
    """The file: the magic word, the length of the header, the header, the blocks."""
    packed = [zlib.compress(block, 9) for block in blocks]
    places = []
    offset = 0
    for block in packed:
        places.append([offset, len(block)])
        offset += len(block)
    services = {
        name: [prefix, *places[first[0]], *places[first[0] + 1]] if first else [prefix]
        for name, (prefix, *first) in header["services"].items()
    }
    head = zlib.compress(_json({**header, "services": services}), 9)
    return MAGIC + len(head).to_bytes(4, "big") + head + b"".join(packed)


def _unpacked(data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What ``_packed`` was given, of a file."""
    start = len(MAGIC) + 4 + int.from_bytes(data[len(MAGIC) : len(MAGIC) + 4], "big")
    header = json.loads(zlib.decompress(data[len(MAGIC) + 4 : start]))
    places = sorted(place for entry in header["services"].values() for place in zip(entry[1::2], entry[2::2], strict=True))
    blocks = [zlib.decompress(data[start + offset : start + offset + length]) for offset, length in places]
    numbers = {place[0]: number for number, place in enumerate(places)}
    header["services"] = {
        name: [entry[0], numbers[entry[1]]] if len(entry) > 1 else [entry[0]] for name, entry in header["services"].items()
    }
    return header, blocks


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
