"""What a condition says of the variables that it reads."""

from collections.abc import Mapping

from asl_lint.expressions.jsonata.nodes import Boolean, Node
from asl_lint.types.lattice import Type


def narrow(condition: Node, variables: Mapping[str, Type], holds: bool) -> Mapping[str, Type] | None:
    """The variables where the condition holds, or does not; None where that cannot be."""
    if isinstance(condition, Boolean):
        return variables if condition.value is holds else None
    return variables
