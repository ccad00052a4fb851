"""The cheapest edits that make a broken text's tokens JSON again: which structural characters are lost, doubled or wrong.

A beam of readings goes through the tokens together. A token that does not fit, or stands where indentation says it should
not, splits a reading into those that insert, delete or replace a character there; each edit has a cost, each disagreement
with the indentation a small one, and the cheapest reading at the end wins. Linear: the beam is narrow, and a text with faults
everywhere is read by the first edit that fits from some point on, and then no further. Where nothing is wrong, some 0.5 µs a
token and reading.
"""

from collections.abc import Iterator

from asl_lint.late import Final
from asl_lint.source.json_grammar import (
    AFTER_VALUE,
    CLOSABLE,
    COLON,
    DONE,
    ELEMENT,
    FIRST_COLON,
    FIRST_ELEMENT,
    FIRST_KEY,
    KEY,
    MEMBER,
    MISSING_VALUE,
    NEXT_ELEMENT,
    ROOT,
    SPLICE,
    VALUE,
    misfit,
)
from asl_lint.source.json_reading import SLIGHT, Edit, Node, Reader, Reading, state_in
from asl_lint.source.json_tokens import JUNK, PLACEHOLDER, STRING, Tokens

_WIDTH: Final = 10
_MARGIN: Final = 2.1
_LEAST_WORK: Final = 300  # splits of readings, and more in a longer text, after which the first edit that fits is taken
_MOST_WORK: Final = 2000
_STRIDE: Final = 200  # tokens that one of several readings goes ahead of the others

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


class _Search(Reader):
    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens)
        self.is_whole = tokens.rest < 0
        self.work = 0
        self.most_work = min(_LEAST_WORK + self.count // 4, _MOST_WORK)

    def run(self) -> Reading:
        readings = [Reading(0.0, None, ROOT, -1, None)]
        greedy = False
        i = 0
        while i < self.count:
            if len(readings) == 1:
                self.nodes.clear()
            readings, i = self.undisputed(readings, i, greedy)
            if i == self.count:
                break
            kind = self.kinds[i]
            found: list[Reading] = []
            for reading in readings:
                wrong = self.disagreement(reading, kind, i)
                if wrong < SLIGHT or greedy:
                    stepped = self.step(reading, kind, i, wrong)
                    if stepped is not None:
                        found.append(stepped)
                        continue
                self.work += 1
                found.extend(self.repairs(reading, kind, i, wrong))
            readings = [min(found, key=_cost)] if greedy or len(found) == 1 else _best(found)
            i += 1
            if self.work > self.most_work:
                greedy = True
                readings = readings[:1]
                if readings[0].state == DONE or self.work > 2 * self.most_work:
                    return self.give_up(readings[0], i)
        return min((self.finished(reading) for reading in readings), key=_cost)

    def undisputed(self, readings: list[Reading], i: int, greedy: bool) -> tuple[list[Reading], int]:
        """The readings after all tokens from ``i`` on that fit each of them, and the first token that does not."""
        end = self.count
        if len(readings) == 1:
            reading, end = self.skim(readings[0], i, end, greedy, True)
            return [reading], end
        while i < end:
            stop = min(i + _STRIDE, end)
            ahead: list[Reading] = []
            for reading in readings:
                skimmed, reached = self.skim(reading, i, stop, greedy, False)
                if reached < stop:
                    stop = reached
                    if stop == i:
                        return readings, i
                ahead.append(skimmed)
            if stop < min(i + _STRIDE, end):
                return [self.skim(reading, i, stop, greedy, False)[0] for reading in readings], stop
            readings, i = ahead, stop
        return readings, i

    def give_up(self, reading: Reading, i: int) -> Reading:
        """Read no further: too much is wrong."""
        if i < self.count:
            return reading._replace(edits=Edit(reading.edits, "delete-rest", i, ""))
        return self.finished(reading)

    def finished(self, reading: Reading) -> Reading:
        """The reading with all that is open closed at the end of the text, if that is what was read."""
        if not self.is_whole:
            return reading
        end = self.count
        if reading.state in (FIRST_COLON, COLON):
            reading = reading._replace(cost=reading.cost + 0.5, state=VALUE, edits=Edit(reading.edits, "insert", end, ":"))
        if reading.state in (VALUE, ROOT):
            edits = Edit(reading.edits, "insert", end, MISSING_VALUE)
            reading = reading._replace(cost=reading.cost + 1, state=AFTER_VALUE[reading.state], edits=edits)
        price = 1.0
        while reading.node is not None:
            closed = self.close(reading, end, price)
            assert closed is not None
            reading = closed
            price = 0.5
        return reading

    def close(self, reading: Reading, i: int, price: float) -> Reading | None:
        """The innermost container closed by an inserted bracket before token ``i``, or before the comma that precedes it."""
        cost, node, state, _, edits, _ = reading
        if node is None:
            return None
        closer = "}" if node.kind == "{" else "]"
        if state in CLOSABLE:
            edits = Edit(edits, "insert", i, closer)
            return Reading(cost + price, node.parent, state_in(node.parent), node.opener, edits)
        if state in (KEY, NEXT_ELEMENT):
            comma = i - 1
            if comma < 0 or self.kinds[comma] != "," or node.parent is None or i == self.count:
                # No comma of the text, or none that the container's parent could use: it goes.
                if comma >= 0 and self.kinds[comma] == ",":
                    edits = Edit(edits, "delete", comma, "")
                edits = Edit(edits, "insert", i, closer)
                return Reading(cost + price, node.parent, state_in(node.parent), node.opener, edits)
            edits = Edit(edits, "insert", comma, closer)
            state = KEY if node.parent.kind == "{" else NEXT_ELEMENT
            return Reading(cost + price, node.parent, state, node.opener, edits)
        return None

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
        if is_key and state in AFTER_VALUE:
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
            after = state_in(node.parent)
            price = 0.6 if kind == closer else 1.0
            if kind == closer:  # a trailing comma
                before = MEMBER if state == KEY else ELEMENT
                yield Reading(cost + price, node, before, last, Edit(edits, "delete", i - 1, ""))
            yield Reading(cost + 1, node.parent, after, node.opener, Edit(edits, "replace", i - 1, closer))

    def flipped(self, node: Node) -> Node:
        return self.push(node.parent, "[" if node.kind == "{" else "{", node.opener)


def _flip(edits: Edit | None, node: Node) -> Edit:
    return Edit(edits, "replace", node.opener, "[" if node.kind == "{" else "{")


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
