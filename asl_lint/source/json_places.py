"""Where a few keys and values of a valid JSON text stand: found by going down to each, past all that lies beside the way.

A container beside the way is skipped by the decoder of the standard library, and what was passed is remembered. For most
findings a tenth of what ``scan_spans`` costs, which is asked where all places are wanted.
"""

import json
from collections.abc import Iterator, Mapping

from asl_lint.late import TYPE_CHECKING, Final, Pattern
from asl_lint.source.document import NodeSpan, Pointer
from asl_lint.source.json_strings import decoded
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.source.json_spans import SpanTable

# One match is a value (a member with its key; of a container the opening bracket), or a closing bracket. Possessive, so that
# no text makes it go back: a string before a colon is a key.
NODE: Final = Pattern(
    r'[ \t\n\r,]*+(?:(?:("[^"\\]*+(?:\\[\s\S][^"\\]*+)*")[ \t\n\r]*+:[ \t\n\r]*+)?'
    r'("[^"\\]*+(?:\\[\s\S][^"\\]*+)*"|[{\[]|[^\s",:{}\[\]]++)|[}\]])'
)
_skip: Final = json.JSONDecoder().raw_decode

_Found = tuple[int, int, int, int]
"""Where a key starts and ends (-1 where there is none), and its value, which ends at its opening bracket if it has one."""


class Places(Mapping[Pointer, NodeSpan]):
    """Pointer to NodeSpan of a valid text in which no object has a key twice."""

    __slots__ = ("_content", "_ends", "_levels", "_table")

    def __init__(self, content: str) -> None:
        self._content = content
        self._levels: dict[int, tuple[dict[str | int, _Found], Iterator[tuple[str | int, _Found]]]] = {}
        self._ends: dict[int, int] = {}
        self._table: SpanTable | None = None

    def _members(self, container: int) -> Iterator[tuple[str | int, _Found]]:
        """What the container that starts there holds, each by its key or index."""
        content, match = self._content, NODE.match
        at, index = container + 1, 0
        while (found := match(content, at)) is not None and found.start(2) >= 0:
            key_start, key_end = found.span(1)
            start, end = found.span(2)
            yield index if key_start < 0 else decoded(content[key_start + 1 : key_end - 1]), (key_start, key_end, start, end)
            at, index = self._end(start, end), index + 1

    def _end(self, start: int, end: int) -> int:
        """Where a value ends of which the first token is known."""
        if self._content[start] not in "{[":
            return end
        known = self._ends.get(start)
        if known is None:
            known = self._ends[start] = _skip(self._content, start)[1]
        return known

    def _member(self, container: int, part: str | int) -> _Found:
        """Where a member or element stands. Raises KeyError."""
        if self._content[container] not in "{[":
            raise KeyError(part)
        if container not in self._levels:
            self._levels[container] = {}, self._members(container)
        known, others = self._levels[container]
        if part not in known:
            for other, place in others:
                known[other] = place
                if other == part:
                    break
        return known[part]

    def __getitem__(self, pointer: Pointer) -> NodeSpan:
        if self._table is not None:
            return self._table[pointer]
        found = NODE.match(self._content)
        assert found is not None
        place = (-1, -1, *found.span(2))
        for part in pointer:
            place = self._member(place[2], part)
        key_start, key_end, start, end = place
        return NodeSpan(None if key_start < 0 else Span(key_start, key_end), Span(start, self._end(start, end)))

    def _all(self) -> "SpanTable":
        if self._table is None:
            from asl_lint.source.json_spans import scan_spans

            self._table = scan_spans(self._content)
        return self._table

    def __iter__(self) -> Iterator[Pointer]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())
