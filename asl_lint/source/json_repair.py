"""The cheapest edits that make a broken text's tokens JSON again: which structural characters are lost, doubled or wrong.

A beam of readings goes through the tokens together. A token that does not fit, or stands where indentation says it should
not, splits a reading into those that insert, delete or replace a character there; each edit has a cost, each disagreement
with the indentation a small one, and the cheapest reading at the end wins. Linear: the beam is narrow, and a text with faults
everywhere is read by the first edit that fits from some point on.
"""

from array import array
from collections.abc import Iterator
from typing import Final, NamedTuple, Optional

from asl_lint.source.json_tokens import JUNK, PLACEHOLDER, SCALAR, STRING, Tokens

# Where a reading stands. Object: at its first key, after a key (the first one), before a value, after a member, after a comma,
# after a placeholder that may hold members. Array: at its first element, after one, after a comma. Root: before and after.
FIRST_KEY, FIRST_COLON, COLON, VALUE, MEMBER, KEY, SPLICE = "{", "K", "k", "v", "m", "n", "x"
FIRST_ELEMENT, ELEMENT, NEXT_ELEMENT = "[", "e", "f"
ROOT, DONE = "R", "Z"

MISSING_VALUE: Final = "?"  # an inserted token: a value of which nothing is there


class Node(NamedTuple):
    """An open container. ``indent`` is the column of the first token on the opener's line, ``child`` that of the first thing
    inside if it begins a line, else -1. ``inserted``: the text has no opener, it goes before the token ``opener``."""

    parent: Optional["Node"]
    kind: str
    opener: int
    indent: int
    child: int
    inserted: bool


class Edit(NamedTuple):
    """An edit at a token, after the edits of ``before``. ``op`` is ``insert`` (``kind`` goes before the token), ``delete``,
    ``replace`` (by ``kind``)."""

    before: Optional["Edit"]
    op: str
    token: int
    kind: str


class Reading(NamedTuple):
    """One way to read the tokens so far. ``last`` is the token at which the last complete value began, ``closed`` the container
    that the last token closed."""

    cost: float
    node: Node | None
    state: str
    last: int
    edits: Edit | None
    closed: Node | None = None


_WIDTH: Final = 10
_MARGIN: Final = 2.1
_WORK: Final = 2000  # splits of readings, after which the first edit that fits is taken
_SLIGHT: Final = 0.25  # disagreements below this are borne without looking for edits

_AFTER_VALUE: Final = {FIRST_ELEMENT: ELEMENT, NEXT_ELEMENT: ELEMENT, VALUE: MEMBER, ROOT: DONE}
_SIMPLE: Final = {
    **{(state, kind): after for state, after in _AFTER_VALUE.items() for kind in (STRING, SCALAR, PLACEHOLDER, MISSING_VALUE)},
    (FIRST_KEY, STRING): FIRST_COLON,
    (KEY, STRING): COLON,
    (SPLICE, STRING): COLON,
    (FIRST_KEY, PLACEHOLDER): SPLICE,
    (KEY, PLACEHOLDER): SPLICE,
    (MEMBER, PLACEHOLDER): SPLICE,
    (SPLICE, PLACEHOLDER): SPLICE,
    (ELEMENT, PLACEHOLDER): ELEMENT,
    (COLON, ":"): VALUE,
    (FIRST_COLON, ":"): VALUE,
    (MEMBER, ","): KEY,
    (SPLICE, ","): KEY,
    (ELEMENT, ","): NEXT_ELEMENT,
}
_CLOSABLE: Final = {FIRST_KEY: "}", MEMBER: "}", SPLICE: "}", FIRST_ELEMENT: "]", ELEMENT: "]"}
_KEY_STATES: Final = (FIRST_KEY, KEY, SPLICE)
# By which structural characters a token that does not fit may be replaced.
_REPLACEMENTS: Final = {
    FIRST_KEY: "}", FIRST_COLON: ":", COLON: ":", VALUE: "{[", MEMBER: ",}", KEY: "", SPLICE: ",}",
    FIRST_ELEMENT: "]{", ELEMENT: ",]", NEXT_ELEMENT: "{", ROOT: "{[", DONE: "",
}  # fmt: skip


def repair(tokens: Tokens) -> list[Edit]:
    """The edits, in the order in which they are to be made; none where the tokens are JSON as they stand."""
    if misfit(tokens.kinds, 0, len(tokens.kinds)) is None:
        return []
    search = _Search(tokens)
    edits: list[Edit] = []
    edit = search.run().edits
    while edit is not None:
        edits.append(edit)
        edit = edit.before
    edits.reverse()
    return edits


def misfit(kinds: list[str], start: int, end: int) -> int | None:
    """The first of the tokens ``start:end`` that JSON would not have there (``end`` where one is lacking), or None."""
    stack: list[str] = []
    state = ROOT
    for i in range(start, end):
        kind = kinds[i]
        simple = _SIMPLE.get((state, kind))
        if simple is not None:
            is_key = kind == PLACEHOLDER and simple == SPLICE and i + 1 < end and kinds[i + 1] == ":"
            state = COLON if is_key else simple
        elif kind in "{[" and state in _AFTER_VALUE:
            stack.append(state)
            state = kind
        elif kind in "}]" and _CLOSABLE.get(state) == kind:
            state = _AFTER_VALUE[stack.pop()]
        else:
            return i
    return None if state == DONE else end


class _Search:
    def __init__(self, tokens: Tokens) -> None:
        self.kinds = tokens.kinds
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.suspect = tokens.suspect
        self.count = len(tokens.kinds)
        # The column of a token that begins a line, else -1; and that of the first token on its line.
        self.columns = array("q", bytes(8 * self.count))
        self.indents = array("q", bytes(8 * self.count))
        self._lay_out(tokens.content)
        self.nodes: dict[tuple[int, str, int], Node] = {}
        self.work = 0

    def _lay_out(self, content: str) -> None:
        end, indent = 0, 0
        for i, start in enumerate(self.starts):
            newline = max(content.rfind("\n", end, start), content.rfind("\r", end, start)) if end < start or i == 0 else -1
            if newline >= 0 or i == 0:
                indent = start - newline - 1
                self.columns[i] = indent
            else:
                self.columns[i] = -1
            self.indents[i] = indent
            end = self.ends[i]

    def kind_after(self, i: int) -> str:
        return self.kinds[i + 1] if i + 1 < self.count else ""

    def run(self) -> Reading:
        readings = [Reading(0.0, None, ROOT, -1, None)]
        greedy = False
        for i, kind in enumerate(self.kinds):
            if len(readings) == 1:
                self.nodes.clear()
            found: list[Reading] = []
            for reading in readings:
                wrong = self.disagreement(reading, kind, i)
                if wrong < _SLIGHT or greedy:
                    stepped = self.step(reading, kind, i, wrong)
                    if stepped is not None:
                        found.append(stepped)
                        continue
                self.work += 1
                found.extend(self.repairs(reading, kind, i, wrong))
            readings = [min(found, key=_cost)] if greedy or len(found) == 1 else _best(found)
            if self.work > _WORK:
                greedy = True
                readings = readings[:1]
                if readings[0].state == DONE or self.work > 2 * _WORK:
                    return self.give_up(readings[0], i + 1)
        return min((self.finished(reading) for reading in readings), key=_cost)

    def give_up(self, reading: Reading, i: int) -> Reading:
        """Read no further: too much is wrong."""
        edits = reading.edits
        if i < self.count:
            edits = Edit(edits, "delete-rest", i, "")
        return self.finished(reading._replace(edits=edits))

    def finished(self, reading: Reading) -> Reading:
        """The reading with all that is open closed at the end of the text."""
        end = self.count
        if reading.state in (FIRST_COLON, COLON):
            reading = reading._replace(cost=reading.cost + 0.5, state=VALUE, edits=Edit(reading.edits, "insert", end, ":"))
        if reading.state in (VALUE, ROOT):
            edits = Edit(reading.edits, "insert", end, MISSING_VALUE)
            reading = reading._replace(cost=reading.cost + 1, state=_AFTER_VALUE[reading.state], edits=edits)
        price = 1.0
        while reading.node is not None:
            closed = self.close(reading, end, price)
            assert closed is not None
            reading = closed
            price = 0.5
        return reading

    # One token

    def step(self, reading: Reading, kind: str, i: int, price: float) -> Reading | None:
        """The reading after a token that fits; None where it does not."""
        cost, node, state, last, edits, _ = reading
        simple = _SIMPLE.get((state, kind))
        if simple is not None:
            if kind == PLACEHOLDER and simple == SPLICE and self.kind_after(i) == ":":
                simple = COLON
            if simple in (MEMBER, ELEMENT, DONE):
                last = i
            elif simple == VALUE:
                last = -1
            return Reading(cost + price, node, simple, last, edits)
        if kind in "{[":
            if state in _AFTER_VALUE:
                return Reading(cost + price, self.push(node, kind, i), kind, -1, edits)
        elif kind in "}]" and _CLOSABLE.get(state) == kind:
            assert node is not None
            return Reading(cost + price, node.parent, _state_in(node.parent), node.opener, edits, node)
        return None

    def push(self, parent: Node | None, kind: str, i: int, inserted: bool = False) -> Node:
        """The node that token ``i`` opens, or that an opener inserted before it does; equal ones are the same object."""
        name = (id(parent), kind, -i - 1 if inserted else i)
        node = self.nodes.get(name)
        if node is None or node.parent is not parent:
            inside = i if inserted else i + 1
            before = max(i - 1, 0) if inserted else i
            child = self.columns[inside] if inside < self.count and self.kinds[inside] not in "}]" else -1
            indent = self.indents[before] if before < self.count else 0
            node = Node(parent, kind, i, indent, child, inserted)
            self.nodes[name] = node
        return node

    def close(self, reading: Reading, i: int, price: float) -> Reading | None:
        """The innermost container closed by an inserted bracket before token ``i``, or before the comma that precedes it."""
        cost, node, state, _, edits, _ = reading
        if node is None:
            return None
        closer = "}" if node.kind == "{" else "]"
        if state in _CLOSABLE:
            edits = Edit(edits, "insert", i, closer)
            return Reading(cost + price, node.parent, _state_in(node.parent), node.opener, edits)
        if state in (KEY, NEXT_ELEMENT):
            comma = i - 1
            if comma < 0 or self.kinds[comma] != "," or node.parent is None or i == self.count:
                # No comma of the text, or none that the container's parent could use: it goes.
                if comma >= 0 and self.kinds[comma] == ",":
                    edits = Edit(edits, "delete", comma, "")
                edits = Edit(edits, "insert", i, closer)
                return Reading(cost + price, node.parent, _state_in(node.parent), node.opener, edits)
            edits = Edit(edits, "insert", comma, closer)
            state = KEY if node.parent.kind == "{" else NEXT_ELEMENT
            return Reading(cost + price, node.parent, state, node.opener, edits)
        return None

    def disagreement(self, reading: Reading, kind: str, i: int) -> float:
        """How much the layout, and the token that follows, speak against reading the token at this place."""
        node = reading.node
        if kind == STRING and (self.kind_after(i) == ":") != (reading.state in _KEY_STATES):
            return 0.3 if reading.state in _KEY_STATES else 0.6
        if i in self.suspect:
            return 0.35
        if node is None:
            return 0.0
        column = self.columns[i]
        if column < 0:
            if kind in "}]":
                return 0.3 if node.child >= 0 else 0.0
            if kind in "{[" and self.kinds[i - 1] == kind and self.starts[i] == self.ends[i - 1]:
                return 0.3
            return 0.1 if node.child >= 0 and reading.state == KEY and kind == STRING else 0.0
        if kind in "}]":
            return 0.0 if column == node.indent else 0.3
        if kind == ",":
            return 0.3 if column == node.indent and node.child > column else 0.0
        if kind == ":":
            return 0.3
        if reading.state == VALUE or reading.state in (COLON, FIRST_COLON):
            return 0.3 if column <= node.indent else 0.0
        if node.child >= 0:
            return 0.0 if column == node.child else 0.3
        return 0.3 if column <= node.indent and node.opener >= 0 else 0.0

    # Edits

    def repairs(self, reading: Reading, kind: str, i: int, wrong: float) -> Iterator[Reading]:
        """The readings after token ``i`` with and without an edit at it. At least one: the token can be deleted."""
        accepted = self.step(reading, kind, i, wrong)
        if accepted is not None:
            yield accepted
        yield self.deleted(reading, kind, i)
        if reading.state == DONE and reading.closed is None:
            return
        for mended in self.mended(reading, kind, i):
            after = self.step(mended, kind, i, self.disagreement(mended, kind, i))
            if after is not None:
                yield after
        if kind in "{}[],:" or kind == JUNK:
            price = 0.1 if kind == JUNK else 0.6 if i in self.suspect else 1.0
            for other in _REPLACEMENTS[reading.state]:
                if other != kind:
                    changed = reading._replace(edits=Edit(reading.edits, "replace", i, other))
                    after = self.step(changed, other, i, price)
                    if after is not None:
                        yield after

    def deleted(self, reading: Reading, kind: str, i: int) -> Reading:
        if kind == JUNK:
            price = 0.05
        elif reading.state == DONE:
            price = 0.5 if kind in "{}[]" else 0.3
        elif i in self.suspect:
            price = 0.3
        else:
            price = 1.0 if kind in "{}[],:" else 1.6
        return reading._replace(cost=reading.cost + price, edits=Edit(reading.edits, "delete", i, ""), closed=None)

    def mended(self, reading: Reading, kind: str, i: int) -> Iterator[Reading]:
        """The reading with characters inserted before token ``i``, or an earlier bracket or comma changed."""
        yield from self.inserted(reading, kind, i)
        yield from self.changed_before(reading, kind, i)
        closed = reading
        for _ in range(12):
            following = self.close(closed, i, 1.0)
            if following is None:
                return
            closed = following
            yield closed
            if closed.state in (MEMBER, ELEMENT) and kind not in "}],":
                yield from self.inserted(closed, kind, i)

    def inserted(self, reading: Reading, kind: str, i: int) -> Iterator[Reading]:
        cost, node, state, last, edits, _ = reading
        is_key = kind in (STRING, PLACEHOLDER) and self.kind_after(i) == ":"
        if state == MEMBER and (kind == STRING or is_key):
            yield Reading(cost + 1, node, KEY, last, Edit(edits, "insert", i, ","))
        elif state == ELEMENT and kind in "svp{[":
            comma = Reading(cost + 1, node, NEXT_ELEMENT, last, Edit(edits, "insert", i, ","))
            yield comma
            if is_key:
                yield self.opened(comma, i)
        elif state in (COLON, FIRST_COLON):
            if kind in "svp{[":
                yield Reading(cost + 1, node, VALUE, last, Edit(edits, "insert", i, ":"))
            elif kind in ",}":
                colon = Edit(edits, "insert", i, ":")
                yield Reading(cost + 1.2, node, MEMBER, i, Edit(colon, "insert", i, MISSING_VALUE))
        elif state == VALUE and kind in ",}":
            yield Reading(cost + 1, node, MEMBER, i, Edit(edits, "insert", i, MISSING_VALUE))
        if is_key and state in _AFTER_VALUE:
            yield self.opened(reading, i)

    def opened(self, reading: Reading, i: int) -> Reading:
        cost, node, _, last, edits, _ = reading
        return Reading(cost + 1, self.push(node, "{", i, inserted=True), FIRST_KEY, last, Edit(edits, "insert", i, "{"))

    def changed_before(self, reading: Reading, kind: str, i: int) -> Iterator[Reading]:
        cost, node, state, last, edits, closed = reading
        if closed is not None and self.kinds[i - 1] in "}]":
            # The bracket before came too early, or stands for a comma.
            inside = ELEMENT if closed.kind == "[" else MEMBER
            after_comma = NEXT_ELEMENT if closed.kind == "[" else KEY
            if kind == ",":
                yield Reading(cost + 1, closed, inside, -1, Edit(edits, "delete", i - 1, ""))
            else:
                yield Reading(cost + 1, closed, after_comma, -1, Edit(edits, "replace", i - 1, ","))
        if node is None:
            return
        is_key = kind in (STRING, PLACEHOLDER) and self.kind_after(i) == ":"
        # The container's own bracket is of the wrong kind: possible while nothing in it decides.
        if node.inserted:
            pass
        elif state == FIRST_KEY and kind in "{[v]":
            yield Reading(cost + 1, self.flipped(node), FIRST_ELEMENT, last, _flip(edits, node))
        elif state == FIRST_COLON and kind in ",]":
            yield Reading(cost + 1, self.flipped(node), ELEMENT, last, _flip(edits, node))
        elif state == FIRST_ELEMENT and (is_key or kind == "}"):
            yield Reading(cost + 1, self.flipped(node), FIRST_KEY, last, _flip(edits, node))
        # The last value is the first element of an array whose bracket is lost.
        if state in (MEMBER, KEY) and last >= 0 and (kind in "]{[v" or (kind == STRING and not is_key)):
            inner = self.push(node, "[", last, inserted=True)
            array_state = ELEMENT if state == MEMBER else NEXT_ELEMENT
            # A bracket beside another of its kind is rather one too many.
            price = 1.1 if kind == "]" and self.kinds[i - 1] == "]" and self.columns[i] < 0 else 0.9
            yield Reading(cost + price, inner, array_state, last, Edit(edits, "insert", last, "["))
        if state in (KEY, NEXT_ELEMENT) and i > 0 and self.kinds[i - 1] == ",":
            closer = "}" if state == KEY else "]"
            after = _state_in(node.parent)
            price = 0.6 if kind == closer else 1.0
            if kind == closer:  # a trailing comma
                before = MEMBER if state == KEY else ELEMENT
                yield Reading(cost + price, node, before, last, Edit(edits, "delete", i - 1, ""))
            yield Reading(cost + 1, node.parent, after, node.opener, Edit(edits, "replace", i - 1, closer))

    def flipped(self, node: Node) -> Node:
        return self.push(node.parent, "[" if node.kind == "{" else "{", node.opener)


def _flip(edits: Edit | None, node: Node) -> Edit:
    return Edit(edits, "replace", node.opener, "[" if node.kind == "{" else "{")


def _state_in(node: Node | None) -> str:
    """Where a reading stands after a value in the container."""
    if node is None:
        return DONE
    return MEMBER if node.kind == "{" else ELEMENT


def _cost(reading: Reading) -> float:
    return reading.cost


def _best(readings: list[Reading]) -> list[Reading]:
    """The cheapest of those that stand at the same place, and of these the cheapest few."""
    best: dict[tuple[int, str], Reading] = {}
    for reading in readings:
        place = (id(reading.node), reading.state)
        known = best.get(place)
        if known is None or reading.cost < known.cost:
            best[place] = reading
    kept = sorted(best.values(), key=_cost)
    limit = kept[0].cost + _MARGIN
    return [reading for reading in kept[:_WIDTH] if reading.cost <= limit]
