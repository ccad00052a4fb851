"""Build asl_lint/aws/service_index.bin from the models of the pinned botocore; --check only tells whether it would change."""

import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from importlib import util
from pathlib import Path
from typing import Any, Final

from packed_table import Built, as_json, build_or_check, project

from asl_lint.aws.naming import action_name, error_name, error_prefix, service_name
from asl_lint.aws.service_index import INDEX_FILE, MAGIC, SHAPES

WITHOUT_MODEL: Final = {
    "ElasticInference", "FinspaceData", "Finspace", "IoTAnalytics", "IotEvents", "IotEventsData", "LookoutVision", "OpsWorksCm",
    "Panorama", "PrivateNetworks", "SageMakerRuntimeHttp2", "Sms", "SimSpaceWeaver", "Tnb",
}  # fmt: skip
"""Services that the developer guide lists and botocore has no model of, by their error prefixes: their calls are unknown."""

_SCALARS: Final = {"string", "integer", "long", "float", "double", "boolean", "timestamp", "blob"}
_LIMITS: Final = ("min", "max", "pattern", "enum")


def main(arguments: list[str]) -> int:
    """Build, or check: the exit code."""
    return build_or_check(arguments, Path(INDEX_FILE), MAGIC, "botocore", build, _words)


def _words(built: Built) -> str:
    return f"{len(built[0]['services'])} services, {built[0]['operations']:,} operations"


def build(version: str) -> Built:
    """The header, and for each service a block of its operations, one a line, and blocks of its shapes, one a line."""
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
        blocks.append("\n".join([_line(errors), *(f"{action} {_line(entry)}" for action, entry in table.items())]).encode())
        blocks += ["\n".join(shapes.lines[i : i + SHAPES]).encode() for i in range(0, len(shapes.lines), SHAPES)]
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
    found = re.search(rf'"botocore=={re.escape(version)}",\s*# (\d{{4}}-\d\d-\d\d)', project())
    if found is None:
        raise ValueError("pyproject.toml must say the date of the pinned botocore in a comment behind it")
    return found[1]


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
    return as_json(value).decode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
