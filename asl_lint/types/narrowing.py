"""The types of variables where a condition came out true, or not: for the branches of a state machine."""

from collections.abc import Mapping

from asl_lint.expressions.jsonata.nodes import Expression, Node
from asl_lint.types.conditions import Conditions
from asl_lint.types.jsonata import Inference
from asl_lint.types.lattice import UNDEFINED, Type
from asl_lint.types.scope import NotFollowed, Scope


def narrow(condition: Node, variables: Mapping[str, Type], holds: bool) -> Mapping[str, Type] | None:
    """``variables`` where the condition counts as true (``holds``) or as false; None where it cannot come out so.

    ``condition`` is a tree without errors or a node of one. A condition that fails comes out neither way.
    """
    body = condition.body if isinstance(condition, Expression) else condition
    run = Inference(condition if isinstance(condition, Expression) else Expression("", body, (), ()))
    scope = Scope(None, names=dict(variables))
    context = variables.get("", UNDEFINED)
    try:
        if run.has_parent:
            return variables
        run.infer(body, scope, context)
    except NotFollowed:
        return variables

    def lookup(name: str) -> Type:
        return context if name == "" else scope.lookup(name)

    narrowed = Conditions(run.noted, lookup).narrowed(body, holds)
    if narrowed is None:
        return None
    kept = {name: type_ for name, type_ in narrowed.items() if name in variables and name not in run.binds}
    return {**variables, **kept} if kept else variables
