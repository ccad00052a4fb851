"""One way to read a broken text's tokens: which containers are open, and whether a token fits, also by its indentation.

About 0.4 µs a token that fits.
"""

from bisect import bisect_right

from asl_lint.late import Final, NamedTuple
from asl_lint.source.json_grammar import (
    AFTER_VALUE,
    CLOSABLE,
    COLON,
    DONE,
    ELEMENT,
    FIRST_COLON,
    KEY,
    KEY_STATES,
    MEMBER,
    SPLICE,
    STEPS,
    VALUE,
)
from asl_lint.source.json_spans import offsets
from asl_lint.source.json_tokens import PLACEHOLDER, STRING, Tokens


class Node(NamedTuple):
    """An open container. ``indent`` is the column of the first token on the opener's line, ``child`` that of the first thing
    inside if it begins a line, else -1. ``inserted``: the text has no opener, it goes before the token ``opener``."""

    parent: "Node | None"
    kind: str
    opener: int
    indent: int
    child: int
    inserted: bool


class Edit(NamedTuple):
    """An edit at a token, after the edits of ``before``. ``op`` is ``insert`` (``kind`` goes before the token), ``delete``,
    ``replace`` (by ``kind``)."""

    before: "Edit | None"
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


SLIGHT: Final = 0.25
"""Disagreements below this are borne without looking for edits."""


class Reader:
    """The tokens of a text with their layout, and how a reading goes on through them. ``nodes`` are those that readings share."""

    def __init__(self, tokens: Tokens) -> None:
        self.kinds = tokens.kinds
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.suspect = tokens.suspect
        self.count = len(tokens.kinds)
        self.columns = offsets(tokens.content)  # of a token that begins a line, else -1
        self.lines = offsets(tokens.content)  # the tokens that begin a line
        self._lay_out(tokens.content)
        self.nodes: dict[tuple[int, str, int], Node] = {}

    def _lay_out(self, content: str) -> None:
        add_column = self.columns.append
        end = 0
        for i, (start, next_end) in enumerate(zip(self.starts, self.ends, strict=True)):
            column = -1
            if i == 0 or (end < start and not (start == end + 1 and content[end] == " ")):
                newline = max(content.rfind("\n", end, start), content.rfind("\r", end, start))
                if newline >= 0 or i == 0:
                    column = start - newline - 1
                    self.lines.append(i)
            add_column(column)
            end = next_end

    def indent(self, i: int) -> int:
        """The column of the first token on the line of token ``i``."""
        return self.columns[self.lines[bisect_right(self.lines, i) - 1]]

    def kind_after(self, i: int) -> str:
        return self.kinds[i + 1] if i + 1 < self.count else ""

    def skim(self, reading: Reading, i: int, end: int, greedy: bool, alone: bool) -> tuple[Reading, int]:
        """The reading after the tokens from ``i`` on that fit without a doubt, and the first that does not.

        The same as ``disagreement`` and ``step`` for each token, without their calls; ``greedy`` bears any disagreement;
        ``alone`` says that there is no other reading.
        """
        kinds, columns, suspect = self.kinds, self.columns, self.suspect
        cost, node, state, last, edits, closed = reading
        first, count = i, self.count
        while i < end:
            kind = kinds[i]
            if not greedy:
                if kind == STRING and ((kinds[i + 1] == ":") if i + 1 < count else False) != (state in KEY_STATES):
                    break
                if suspect and i in suspect:
                    break
                if node is not None:
                    column = columns[i]
                    if column < 0:
                        if kind in "}]":
                            if node.child >= 0:
                                break
                        elif kind in "{[":
                            if kinds[i - 1] == kind and self.starts[i] == self.ends[i - 1]:
                                break
                        elif state == KEY and kind == STRING and node.child >= 0:
                            cost += 0.1
                    elif kind in "}]":
                        if column != node.indent:
                            break
                    elif kind == ",":
                        if column == node.indent and node.child > column:
                            break
                    elif kind == ":":
                        break
                    elif state == VALUE or node.child < 0:
                        if column <= node.indent and (node.opener >= 0 or state == VALUE):
                            break
                    elif column != node.child:
                        break
            after = STEPS[state].get(kind)
            if after is not None:
                if kind == PLACEHOLDER and after == SPLICE and self.kind_after(i) == ":":
                    after = COLON
                if after in (MEMBER, ELEMENT, DONE):
                    last = i
                elif after == VALUE:
                    last = -1
                state, closed = after, None
            elif kind in "{[":
                if state not in AFTER_VALUE:
                    break
                node = self.new_node(node, kind, i) if alone else self.push(node, kind, i)
                state, last, closed = kind, -1, None
            elif CLOSABLE.get(state) == kind:
                assert node is not None
                closed, last = node, node.opener
                node = node.parent
                state = state_in(node)
            else:
                break
            i += 1
        return (Reading(cost, node, state, last, edits, closed) if i > first else reading), i

    def step(self, reading: Reading, kind: str, i: int, price: float) -> Reading | None:
        """The reading after a token that fits; None where it does not."""
        cost, node, state, last, edits, _ = reading
        simple = STEPS[state].get(kind)
        if simple is not None:
            if kind == PLACEHOLDER and simple == SPLICE and self.kind_after(i) == ":":
                simple = COLON
            if simple in (MEMBER, ELEMENT, DONE):
                last = i
            elif simple == VALUE:
                last = -1
            return Reading(cost + price, node, simple, last, edits)
        if kind in "{[":
            if state in AFTER_VALUE:
                return Reading(cost + price, self.push(node, kind, i), kind, -1, edits)
        elif kind in "}]" and CLOSABLE.get(state) == kind:
            assert node is not None
            return Reading(cost + price, node.parent, state_in(node.parent), node.opener, edits, node)
        return None

    def push(self, parent: Node | None, kind: str, i: int, inserted: bool = False) -> Node:
        """The node that token ``i`` opens, or that an opener inserted before it does; equal ones are the same object."""
        name = (id(parent), kind, -i - 1 if inserted else i)
        node = self.nodes.get(name)
        if node is None or node.parent is not parent:
            node = self.nodes[name] = self.new_node(parent, kind, i, inserted)
        return node

    def new_node(self, parent: Node | None, kind: str, i: int, inserted: bool = False) -> Node:
        """The same, for a reading that is the only one."""
        inside = i if inserted else i + 1
        before = max(i - 1, 0) if inserted else i
        child = self.columns[inside] if inside < self.count and self.kinds[inside] not in "}]" else -1
        indent = self.indent(before) if before < self.count else 0
        return Node(parent, kind, i, indent, child, inserted)

    def disagreement(self, reading: Reading, kind: str, i: int) -> float:
        """How much the layout, and the token that follows, speak against reading the token at this place."""
        node = reading.node
        if kind == STRING and (self.kind_after(i) == ":") != (reading.state in KEY_STATES):
            return 0.3 if reading.state in KEY_STATES else 0.6
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


def state_in(node: Node | None) -> str:
    """Where a reading stands after a value in the container."""
    if node is None:
        return DONE
    return MEMBER if node.kind == "{" else ELEMENT
