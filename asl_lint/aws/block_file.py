"""Files of a header and of blocks, each compressed apart, so that one block is read in the time of one.

A magic word, the length of the header in four bytes, the header (JSON, with the ``ends`` of the blocks), then block behind block.
Written by scripts/packed_table.py.
"""

import json
import zlib

from asl_lint.late import Any, Final

LENGTH: Final = 4
"""Bytes that tell the length of the header."""


class BlockFile:
    """Such a file, opened. ``header`` is what was written as that."""

    def __init__(self, data: bytes, magic: bytes, what: str) -> None:
        """Raise ValueError where the data does not begin with the magic word of ``what``."""
        if not data.startswith(magic):
            raise ValueError(f"this is no {what}")
        begin = len(magic) + LENGTH
        self._start = begin + int.from_bytes(data[len(magic) : begin], "big")
        self._data = data
        self.header: dict[str, Any] = json.loads(zlib.decompress(data[begin : self._start]))
        self._ends: list[int] = self.header.pop("ends")

    def __len__(self) -> int:
        """How many blocks there are."""
        return len(self._ends)

    def block(self, number: int) -> bytes:
        """A block by its number from 0."""
        begin = self._ends[number - 1] if number else 0
        return zlib.decompress(self._data[self._start + begin : self._start + self._ends[number]])
