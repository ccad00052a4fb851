"""What a transform ``| pattern | update, delete |`` gives: a copy of its argument with the matched objects changed.

Followed where the pattern is the argument itself; of any other the kind alone is known. Source: jsonata-js 2.0.6 (MIT),
evaluateTransformExpression.
"""

from asl_lint.expressions.jsonata.nodes import Transform, Variable
from asl_lint.late import TYPE_CHECKING
from asl_lint.types.lattice import ANY, ARRAY, MAX_DEPTH, NOTHING, OBJECT, Members, Object, Type, join, join_all
from asl_lint.types.meanings import Builtin
from asl_lint.types.scope import Scope
from asl_lint.types.variants import each_pair

if TYPE_CHECKING:
    from asl_lint.types.jsonata import Inference


def transformed(run: "Inference", node: Transform, scope: Scope, value: Type) -> Type:
    """The copy that a transform makes of a value; it takes objects and arrays."""
    taken = value if value.anything else value.only(("object", "array", "undefined"))
    if taken.is_nothing or taken.is_undefined:
        return taken
    clone = scope.lookup("clone").function
    if clone is None or not isinstance(clone.meaning, Builtin):
        return ANY
    matches = run.perhaps(node.pattern, scope, taken)
    items = ANY if matches.anything or matches.array is not None else matches.defined()
    if items.is_nothing:
        return _kinds(taken)
    update = run.perhaps(node.update, scope, items)
    deleted = None if node.delete is None else run.perhaps(node.delete, scope, items)
    is_whole = isinstance(node.pattern, Variable) and node.pattern.name == ""
    if not is_whole or taken.kinds != {"object"} or taken.anything or taken.object is None or not _is_copied_as_it_is(taken, 0):
        return _kinds(taken)
    of = taken.object
    if not update.anything and update.object is not None:
        of = overlaid(of, update.object, update.undefined > 0)
    elif update.anything:
        of = Object({}, ANY)
    if deleted is not None and not deleted.is_undefined:
        of = Object({name: member.or_undefined() for name, member in of.members.items()}, of.rest, of.source)
    return Type(taken.undefined, object=of)


def _kinds(value: Type) -> Type:
    parts = [Type(value.undefined)]
    if value.anything or value.object is not None:
        parts.append(OBJECT)
    if value.anything or value.array is not None:
        parts.append(ARRAY)
    return join_all(parts)


def overlaid(under: Object, over: Object, perhaps: bool = False) -> Object:
    """One object with the members of another laid over its own; ``perhaps`` it is not there."""
    return each_pair(under, over, lambda one, other: _laid_over(one, other, perhaps)) or under


def _laid_over(under: Object, over: Object, perhaps: bool) -> Object:
    members: dict[str, Type] = {}
    for name in (*under.members, *(name for name in over.members if name not in under.members)):
        members[name] = _later(under.member(name), over.member(name), perhaps)
    return Object(members, _later(under.rest, over.rest, perhaps), under.source if over.is_closed and not over.members else None)


def _later(under: Type, over: Type, perhaps: bool) -> Type:
    if over.is_undefined:
        return under
    if perhaps:
        return join(under, over.defined()) if over is not NOTHING else under
    if over.undefined:
        # It is missing where both are, of which no more is said than of the one that says less.
        return join(under.defined(), over.defined()).or_undefined(min(under.undefined, over.undefined))
    return over


def _is_copied_as_it_is(value: Type, depth: int) -> bool:
    """Whether a copy by way of JSON text is the same: without functions, and with numbers of 15 digits at most."""
    if value.function is not None or depth > MAX_DEPTH:
        return False
    literals = None if value.numbers is None else value.numbers.literals
    if literals is not None and any(float(f"{n:.15g}") != n for n in literals):
        return False
    parts: list[Type] = []
    if value.array is not None:
        parts += [*value.array.items, value.array.rest]
    if value.object is not None:
        if isinstance(value.object.members, Members):
            return True
        parts += [*value.object.members.values(), value.object.rest]
    return all(_is_copied_as_it_is(part, depth + 1) for part in parts)
