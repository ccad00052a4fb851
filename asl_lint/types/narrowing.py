"""The types of variables where a condition came out true, or not: for the branches of a state machine."""

from collections.abc import Container, Mapping

from asl_lint.expressions.jsonata.nodes import Expression, Node
from asl_lint.types.conditions import Conditions
from asl_lint.types.jsonata import Inference
from asl_lint.types.lattice import UNDEFINED, Type
from asl_lint.types.scope import NotFollowed, Scope

Narrowed = Mapping[str, Type] | None


def narrow(condition: Node, variables: Mapping[str, Type], holds: bool) -> Narrowed:
    """``variables`` where the condition counts as true (``holds``) or as false; None where it cannot come out so.

    ``condition`` is a tree without errors or a node of one. A condition that fails comes out neither way.
    """
    return _narrowed(condition, variables, (holds,))[0]


def narrow_both(condition: Node, variables: Mapping[str, Type]) -> tuple[Narrowed, ...]:
    """What ``narrow`` gives where the condition counts as true, and where as false."""
    return _narrowed(condition, variables, (True, False))


def _narrowed(condition: Node, variables: Mapping[str, Type], outcomes: tuple[bool, ...]) -> tuple[Narrowed, ...]:
    body = condition.body if isinstance(condition, Expression) else condition
    run = Inference(condition if isinstance(condition, Expression) else Expression("", body, (), ()))
    scope = Scope(None, names=dict(variables))
    context = variables.get("", UNDEFINED)
    try:
        if run.has_parent:
            return (variables,) * len(outcomes)
        run.infer(body, scope, context)
    except NotFollowed:
        return (variables,) * len(outcomes)

    def lookup(name: str) -> Type:
        return context if name == "" else scope.lookup(name)

    return tuple(_kept(variables, Conditions(run.noted, lookup).narrowed(body, holds), run.binds) for holds in outcomes)


def _kept(variables: Mapping[str, Type], narrowed: Narrowed, binds: Container[str]) -> Narrowed:
    """The variables as they are narrowed, but for names that the condition binds itself."""
    if narrowed is None:
        return None
    kept = {name: type_ for name, type_ in narrowed.items() if name in variables and name not in binds}
    return {**variables, **kept} if kept else variables
