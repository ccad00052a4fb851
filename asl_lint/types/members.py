"""Reads of fields that no alternative of a value has: noted, with the fields that there are and who lists them."""

from functools import reduce

from asl_lint.expressions.jsonata.nodes import Node
from asl_lint.late import TYPE_CHECKING
from asl_lint.near import near
from asl_lint.types.faults import TypeFault
from asl_lint.types.lattice import Type, common_source
from asl_lint.types.listing import listed

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
