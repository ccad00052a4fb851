"""Faults of an expression that its types show and its text alone does not, gathered while the types are inferred."""

from collections.abc import Mapping

from asl_lint.expressions.jsonata.meaning import faults as faults_of_text
from asl_lint.expressions.jsonata.nodes import Expression, Node
from asl_lint.late import Final, NamedTuple
from asl_lint.types.lattice import NOTHING, Source, Type


class TypeFault(NamedTuple):
    """A fault at a node.

    ``kind``: ``unknown-member`` (``subject`` is read from an object that cannot have it: ``names`` are its members, ``source``
    tells who lists them), ``member-of-scalar`` (from what is no object), ``never-holds`` (a comparison that always comes out as
    ``outcome``; ``found`` and ``other`` are its sides, ``names`` the texts that the listed side may be, ``open`` where the list
    may have grown), ``wrong-operand``, ``wrong-argument`` (``found`` is given where ``expected`` kinds are taken, ``inside``
    for elements of an array), ``not-a-function``, ``count-of-single-value``, ``index-of-single-value``, ``always-undefined``
    (the whole, for no other reason).

    ``certain`` where every value that there may be meets it, and there is one; ``met`` where every evaluation of the expression
    comes to the node; ``always`` where each visit of the node meets it.
    """

    kind: str
    node: Node
    certain: bool
    met: bool
    subject: str = ""
    found: Type = NOTHING
    other: Type = NOTHING
    expected: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    source: Source | None = None
    open: bool = False
    outcome: bool | None = None
    inside: bool = False
    always: bool = True


_TOLD_AS: Final[Mapping[str, frozenset[str]]] = {
    "never-holds": frozenset({"never-equal", "in-without-array", "operand"}),
    "wrong-operand": frozenset({"operand", "object-key"}),
    "wrong-argument": frozenset({"argument"}),
    "not-a-function": frozenset({"unknown-function", "operand"}),
    "count-of-single-value": frozenset({"count-of-single-value"}),
    "index-of-single-value": frozenset({"text-as-filter"}),
}
"""Kind -> the kinds under which the analysis of the text tells it."""

_ALL_OR_NONE: Final = frozenset(
    {"unknown-member", "member-of-scalar", "never-holds", "count-of-single-value", "index-of-single-value"}
)
"""Kinds that are true of a node only if they are true each time that it is evaluated."""


class Gathering:
    """The faults seen, each as often as its node was met with it."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: dict[tuple[str, int], tuple[TypeFault, int]] = {}

    def add(self, fault: TypeFault) -> None:
        """Notes a fault of one visit of its node."""
        key = (fault.kind, id(fault.node))
        before = self._seen.get(key)
        if before is not None:
            certain, met = before[0].certain and fault.certain, before[0].met and fault.met
            fault = before[0]._replace(certain=certain, met=met)
        self._seen[key] = (fault, 1 if before is None else before[1] + 1)

    def has_any(self) -> bool:
        """Whether a fault was seen."""
        return bool(self._seen)

    def faults(self, tree: Expression, visits: Mapping[int, int], hidden: tuple[str, ...]) -> list[TypeFault]:
        """Those that stand, in the order of the text: met at each visit, and not told by the text alone."""
        if not self._seen:
            return []
        found = []
        for fault, count in self._seen.values():
            if count < visits.get(id(fault.node), 1):
                if fault.kind in _ALL_OR_NONE:
                    continue
                fault = fault._replace(certain=False, always=False)
            found.append(fault)
        told = faults_of_text(tree, hidden) if any(fault.kind in _TOLD_AS for fault in found) else []
        if told:
            found = [fault for fault in found if not any(_tells(one.kind, one.span, fault) for one in told)]
        return sorted(found, key=lambda fault: (fault.node.start, fault.node.end))


def _tells(kind: str, span: tuple[int, int], fault: TypeFault) -> bool:
    if kind not in _TOLD_AS.get(fault.kind, ()):
        return False
    start, end = fault.node.start, fault.node.end
    return (start <= span[0] and span[1] <= end) or (span[0] <= start and end <= span[1])
