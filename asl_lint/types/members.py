"""Reads of fields that no alternative of a value has: noted, with the fields that there are and who lists them."""

from functools import reduce
from typing import TYPE_CHECKING

from asl_lint.expressions.jsonata.nodes import Node
from asl_lint.near import near
from asl_lint.types.faults import TypeFault
from asl_lint.types.lattice import Source, Type, common_source

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inference


def unknown_member(run: "Inference", node: Node, name: str, item: Type) -> bool:
    """Notes the read of a field that none of the alternatives has; whether there was anything to note."""
    if item.is_nothing or item.is_undefined:
        return False
    names, sources, scalars = listed(item)
    if id(node) in run.quiet and not (names and None not in sources and near(name, names)):
        return False  # who asks whether it is there means it, but for a slip of a name that somebody lists
    if names is None:
        if scalars:
            run.faults.add(TypeFault("member-of-scalar", node, not item.undefined, run.met, name, item))
        return scalars
    source = reduce(common_source, sources)
    run.faults.add(TypeFault("unknown-member", node, True, run.met, name, item, names=names, source=source))
    return True


def listed(item: Type, depth: int = 0) -> tuple[tuple[str, ...] | None, list[Source | None], bool]:
    """The members of the objects that an item is or holds, who lists them, and whether there are scalars only."""
    names: dict[str, None] = {}
    sources: list[Source | None] = []
    scalars = True
    if item.object is not None:
        names |= dict.fromkeys(item.object.members)
        sources.append(item.object.source)
    if item.array is not None and depth < 4:
        inner, inner_sources, scalars = listed(item.array.element, depth + 1)
        if inner is not None:
            names |= dict.fromkeys(inner)
            sources += inner_sources
    if item.null or item.function is not None:
        scalars = False
    return (tuple(names) if sources else None), sources, scalars
