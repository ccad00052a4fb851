"""What AWS services offer: operations, the members of their requests and responses, their errors.

Read from one file made of the API models of botocore (scripts/build_service_index.py): for each service a block of its
operations, and blocks of its shapes, in the order in which the operations reach them: those of one call lie in few blocks.
Nothing is read before it is asked for; what is read stays for the process. Opening costs about 1 ms, a service's operations
0.05 to 0.5 ms, a block of shapes 0.15 ms; an operation and a shape are parsed when met (benchmarks/service_index.py).
"""

# ruff: noqa: PTH118, PTH120, PTH123
# (pathlib costs more to import than the index to open.)

import json
import os
from collections.abc import Mapping, Sequence
from functools import cache

from asl_lint.aws.block_file import BlockFile
from asl_lint.aws.naming import optimized_member, sdk_member
from asl_lint.late import Any, Final, NamedTuple, cached_property

INDEX_FILE: Final = os.path.join(os.path.dirname(__file__), "service_index.bin")
MAGIC: Final = b"ASLAWS3\n"
SHAPES: Final = 256
"""How many shapes are in a block."""


class Shape(NamedTuple):
    """A type of the API. ``kind`` is botocore's (``structure``, ``list``, ``map``, ``string``, ``integer``, …).

    A structure has ``members`` (API name -> number of a shape) and ``required``; it is open (``members`` None) where any JSON may
    stand. A list or map has ``element``. ``any_value`` names members that may be any JSON whatever their shape.
    """

    kind: str
    members: Mapping[str, int] | None = None
    required: Sequence[str] = ()
    any_value: Sequence[str] = ()
    is_union: bool = False
    element: int | None = None
    minimum: float | None = None
    maximum: float | None = None
    pattern: str | None = None
    enum: Sequence[str] = ()


class Operation(NamedTuple):
    """An operation: the numbers of its input's and output's shapes (None: it has none), and its errors without prefix."""

    input: int | None
    output: int | None
    errors: Sequence[str]


class Service:
    """One service. ``prefix`` stands before its errors; ``has_model`` is False where nothing is known of its operations."""

    def __init__(self, name: str, prefix: str, number: int | None, file: BlockFile) -> None:
        self.name = name
        self.prefix = prefix
        self.has_model = number is not None
        self._number = number
        self._file = file
        self._operations: dict[str, Operation] = {}
        self._shapes: dict[int, Shape] = {}
        self._members: dict[int, dict[str, tuple[str, int]]] = {}
        self._blocks: dict[int, list[bytes]] = {}

    @cached_property
    def _table(self) -> list[str]:
        """The errors as JSON, then a line an operation."""
        return ["[]"] if self._number is None else self._file.block(self._number).decode().split("\n")

    @cached_property
    def actions(self) -> Mapping[str, str]:
        """The names of its operations, first letter in lower case, as keys."""
        return {name: entry for name, _, entry in (line.partition(" ") for line in self._table[1:])}

    @cached_property
    def errors(self) -> Sequence[str]:
        """All error names of the service, without prefix, as an ``aws-sdk`` task gives them; sorted."""
        return json.loads(self._table[0])  # type: ignore[no-any-return]

    def operation(self, action: str) -> Operation | None:
        """The operation of that exact name, None if there is none."""
        found = self._operations.get(action)
        if found is None and action in self.actions:
            found = self._operations[action] = Operation(*json.loads(self.actions[action]))
        return found

    def members(self, number: int, is_sdk: bool) -> Mapping[str, tuple[str, int]]:
        """A structure's members as an ``aws-sdk`` call or an optimized integration spells them: API name, number of the shape."""
        key = number * 2 + is_sdk
        spelled = self._members.get(key)
        if spelled is None:
            spelling = sdk_member if is_sdk else optimized_member
            members = self.shape(number).members or {}
            spelled = self._members[key] = {spelling(name): (name, of) for name, of in members.items()}
        return spelled

    def shape(self, number: int) -> Shape:
        """The shape of that number, as operations, members and elements name it."""
        shape = self._shapes.get(number)
        if shape is None:
            shape = self._shapes[number] = _shape(json.loads(self._line(number)))
        return shape

    def _line(self, number: int) -> bytes:
        assert self._number is not None  # who has the number of a shape has it of an operation
        block, at = divmod(number, SHAPES)
        lines = self._blocks.get(block)
        if lines is None:
            lines = self._blocks[block] = self._file.block(self._number + 1 + block).split(b"\n")
        return lines[at]


class ServiceIndex:
    """The whole file. ``date`` is the day of the models (ISO), ``botocore`` their version.

    ``aliases`` leads from what else services are called (on the command line, in ARNs, in IAM actions) to their names here.
    """

    def __init__(self, data: bytes) -> None:
        """Raise ValueError where the data is no index."""
        self._file = BlockFile(data, MAGIC, "index of services")
        header = self._file.header
        self.date: str = header["date"]
        self.botocore: str = header["botocore"]
        self.services: Mapping[str, Sequence[Any]] = header["services"]
        self.aliases: Mapping[str, str] = header["aliases"]
        self._open: dict[str, Service] = {}

    def service(self, name: str) -> Service | None:
        """The service that an ``aws-sdk`` ARN calls by this name, None if there is none."""
        service = self._open.get(name)
        if service is None and name in self.services:
            prefix, *number = self.services[name]
            service = self._open[name] = Service(name, prefix, number[0] if number else None, self._file)
        return service

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """Prefix of errors -> service."""
        return {entry[0]: name for name, entry in self.services.items()}


@cache
def service_index() -> ServiceIndex:
    """The index that comes with the package, opened once."""
    with open(INDEX_FILE, "rb") as file:
        return ServiceIndex(file.read())


def _shape(line: Mapping[str, Any]) -> Shape:
    return Shape(
        line["k"], line.get("m"), line.get("r", ()), line.get("any", ()), bool(line.get("u")), line.get("e"), line.get("min"),
        line.get("max"), line.get("pattern"), line.get("enum", ()),
    )  # fmt: skip
