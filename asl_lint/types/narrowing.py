"""The types of variables where a condition came out true, or not: for the branches of a state machine."""

from collections.abc import Mapping

from asl_lint.expressions.jsonata.nodes import Expression, Node
from asl_lint.types.conditions import Conditions
from asl_lint.types.jsonata import Inferred, infer
from asl_lint.types.lattice import UNDEFINED, Type

Narrowed = Mapping[str, Type] | None


def narrow(condition: Node, variables: dict[str, Type], holds: bool) -> Narrowed:
    """``variables`` where the condition counts as true (``holds``) or as false; None where it cannot come out so.

    ``condition`` is a tree without errors or a node of one. A condition that fails comes out neither way.
    """
    tree = condition if isinstance(condition, Expression) else Expression("", condition, (), ())
    return _narrowed(tree, infer(tree, variables), variables, holds)


def narrow_both(tree: Expression, inferred: Inferred, variables: Mapping[str, Type]) -> tuple[Narrowed, ...]:
    """What ``narrow`` gives where a condition, of which the types were inferred, counts as true, and where as false."""
    return tuple(_narrowed(tree, inferred, variables, holds) for holds in (True, False))


def _narrowed(tree: Expression, inferred: Inferred, variables: Mapping[str, Type], holds: bool) -> Narrowed:
    scope = inferred.scope
    if scope is None:
        return variables
    context = variables.get("", UNDEFINED)

    def lookup(name: str) -> Type:
        return context if name == "" else scope.lookup(name)

    narrowed = Conditions(inferred.of, lookup).narrowed(tree.body, holds)
    if narrowed is None:
        return None
    kept = {name: type_ for name, type_ in narrowed.items() if name in variables and name not in inferred.binds}
    return {**variables, **kept} if kept else variables
