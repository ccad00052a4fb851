"""Types of JSONata expressions."""

from collections.abc import Mapping
from typing import NamedTuple

from asl_lint.expressions.jsonata import nodes
from asl_lint.types.lattice import ANY, NULL, Type, literal


class Inferred(NamedTuple):
    """What an expression gives."""

    type: Type

    faults: tuple[object, ...] = ()

    def of(self, node: nodes.Node) -> Type:
        """The type of a node."""
        return ANY


def infer(tree: nodes.Expression, variables: Mapping[str, Type]) -> Inferred:
    """The type of an expression and of what is in it."""
    node = tree.body
    if isinstance(node, nodes.String | nodes.Number | nodes.Boolean):
        return Inferred(literal(node.value))
    if isinstance(node, nodes.Null):
        return Inferred(NULL)
    return Inferred(ANY)
