"""The types of a JSONata expression, at each of its nodes, from the types of the variables that it reads.

A type holds every value that there can be for any values of the variables; an evaluation that fails gives none. What is not
followed (``%``, deep nesting, functions that call themselves) is ANY. Linear in the tree but for the bodies of functions, which
are looked at for each call. Source: jsonata-js 2.0.6 (MIT), as Step Functions runs it.
"""

import re
from collections.abc import Callable, Collection, Mapping

from asl_lint.expressions.jsonata.functions import SIGNATURES
from asl_lint.expressions.jsonata.nodes import (
    Apply,
    Array,
    Binary,
    Bind,
    Block,
    Boolean,
    Call,
    Condition,
    Descendants,
    Expression,
    Filter,
    Focus,
    Group,
    Index,
    KeepArray,
    Lambda,
    Missing,
    Name,
    Negate,
    Node,
    Null,
    Number,
    Object,
    Parent,
    Path,
    Placeholder,
    Range,
    Regex,
    Sort,
    String,
    Transform,
    Variable,
    Wildcard,
)
from asl_lint.expressions.jsonata.walk import top_level_names, walk
from asl_lint.late import Final
from asl_lint.late import Pattern as TextPattern
from asl_lint.types.calls import applied, called, invoke
from asl_lint.types.conditions import Conditions
from asl_lint.types.constructors import array_of_parts, base_of, grouped
from asl_lint.types.faults import Gathering, TypeFault
from asl_lint.types.lattice import ANY, NOTHING, NULL, UNDEFINED, Function, Type, join, number, text
from asl_lint.types.meanings import Closure, Partial, Pattern, Transformer
from asl_lint.types.operations import binary, negated
from asl_lint.types.paths import along, path_value, straight_path, wildcard
from asl_lint.types.scope import BRANCH, EACH, NotFollowed, Scope
from asl_lint.types.sequences import Flow, items_of, outcome_value, truth
from asl_lint.types.steps import View, view_of

__all__ = ["Inferred", "TypeFault", "infer"]

_DEPTH: Final = 120
_WALKED: Final = TextPattern(r"%|\[(?:\s|/\*.*?\*/)*\]", re.DOTALL)
"""What an expression has in its text if ``%`` or ``[]`` may stand in it."""
_VISITS: Final = 10
"""How often nodes may be looked at until the whole is not followed, for each of them and of the characters of the text."""


class Inferred:
    """The types of an expression: ``type`` of the whole, ``of`` any node, and the ``faults`` that they show.

    ``scope`` has its variables, None where the expression is not followed; ``binds`` are the names that ``:=`` binds anywhere.
    """

    __slots__ = ("_types", "binds", "faults", "scope", "type")

    def __init__(
        self, type_: Type, types: Mapping[int, Type], faults: list[TypeFault], scope: Scope | None, binds: Collection[str] = ()
    ) -> None:
        self.type = type_
        self.faults = faults
        self.scope = scope
        self.binds = binds
        self._types = types

    def of(self, node: Node) -> Type:
        """The type at a node of the tree: over all its evaluations; NOTHING where it is not reached."""
        return self._types.get(id(node), NOTHING)


def infer(tree: Expression, variables: dict[str, Type]) -> Inferred:
    """The types of an expression without errors.

    ``variables`` are the machine's by name, and ``states``; of a name that is absent nothing is known. There is no input document
    unless it is given: ``""`` is the context, ``"$"`` the document.
    """
    plain = _plain_path(tree, variables) if type(tree.body) is Path else None
    if plain is not None:
        return plain
    run = Inference(tree)
    context = run.document = variables.get("", UNDEFINED)
    scope = Scope(None, names=dict(variables) if run.binds else variables)
    try:
        if run.has_parent:
            raise NotFollowed
        found = run.infer(tree.body, scope, context)
    except NotFollowed:
        return Inferred(ANY, {id(tree): ANY, id(tree.body): ANY}, [], None)
    run.types[id(tree)] = found
    if found.is_undefined and not run.faults.has_any() and not top_level_names(tree):
        run.faults.add(TypeFault("always-undefined", tree.body, True, True, found=found))
    hidden = tuple(name for name in variables if name in SIGNATURES) if run.faults.has_any() else ()
    return Inferred(found, run.types, run.faults.faults(tree, run.visits, hidden), scope, run.binds)


def _plain_path(tree: Expression, variables: dict[str, Type]) -> Inferred | None:
    """Of ``$variable.field.field`` without arrays on the way, which most expressions are; None of any other."""
    assert isinstance(tree.body, Path)
    first, *fields = tree.body.steps
    value = variables.get(first.name) if type(first) is Variable and first.name not in ("", "$") else None
    way = None if value is None else along(value, fields)
    if way is None or way[0][-1].is_undefined:
        return None
    found, missing = way
    types = dict(zip(map(id, tree.body.steps), found, strict=True))
    types[id(tree.body)] = types[id(tree)] = value = found[-1].or_undefined(missing)
    return Inferred(value, types, [], Scope(None, names=variables))


class Inference:
    """One inference: what was found so far, and what bounds it."""

    __slots__ = (
        "_budget", "_depth", "_views", "active", "binds", "constructs", "document", "faults", "has_parent", "keeps", "met",
        "quiet", "tree", "types", "visits",
    )  # fmt: skip

    def __init__(self, tree: Expression) -> None:
        self.tree = tree
        self.types: dict[int, Type] = {}
        self.visits: dict[int, int] = {}
        """How often nodes were looked at, of those that were more than once."""
        self.faults = Gathering()
        self.met = True
        """Whether every evaluation of the expression comes to the node that is looked at."""
        self.quiet: set[int] = set()
        """Nodes whose value is only asked for whether there is one."""
        self.active: list[Lambda] = []
        """The functions whose bodies are being looked at."""
        self.binds: dict[str, int] = {}
        self.document: Type | None = None
        """The context of the whole, which counts as one item though it is an array."""
        self.keeps = self.constructs = self.has_parent = False
        """Whether ``[]``, an array constructor as a step of a path, and ``%`` stand anywhere."""
        self._depth = 0
        self._budget = 500
        self._views: dict[int, View] = {}
        self._survey(tree)

    def _survey(self, tree: Expression) -> None:
        text_, met = tree.text, tree.met
        self._budget += _VISITS * len(text_)
        if met is not None and not met.binds and _WALKED.search(text_) is None:
            self.constructs = "[" in text_ and any(_constructs(path) for path in met.paths)
            return
        for node in walk(tree):
            self._budget += _VISITS
            kind = type(node)
            if kind is KeepArray:
                self.keeps = True
            elif isinstance(node, Path):
                self.constructs = self.constructs or _constructs(node)
            elif kind is Parent:
                self.has_parent = True
            elif isinstance(node, Bind):
                name = node.variable.name if isinstance(node.variable, Variable) else ""
                self.binds[name] = self.binds.get(name, 0) + 1

    def infer(self, node: Node, scope: Scope, context: Type) -> Type:
        """The type of a node's value, where a sequence of one is that one. Raises NotFollowed."""
        self._depth += 1
        self._budget -= 1
        if self._depth > _DEPTH or self._budget < 0:
            raise NotFollowed
        value = _CASES[type(node)](self, node, scope, context)
        self._depth -= 1
        if type(node) is not Name:  # the step that it is notes it
            self.note(node, value)
        return value

    def note(self, node: Node, value: Type) -> None:
        """Keeps the type of a node's value, joined with those of its other evaluations."""
        key = id(node)
        before = self.types.get(key)
        if before is None:
            self.types[key] = value
        else:
            self.types[key] = before if before is value else join(before, value)
            self.visits[key] = self.visits.get(key, 1) + 1

    def noted(self, node: Node) -> Type:
        """The type of a node that was looked at."""
        return self.types.get(id(node), NOTHING)

    def perhaps(self, node: Node, scope: Scope, context: Type) -> Type:
        """The type of a node that need not be evaluated."""
        met, self.met = self.met, False
        value = self.infer(node, scope, context)
        self.met = met
        return value

    def apply(self, function: Type, values: list[Type], node: Node) -> Type:
        """What a function gives that another function calls, with null as its context."""
        return outcome_value(invoke(self, function, values, NULL, node))

    def items(self, context: Type) -> Flow:
        """What a path or a constructor goes over."""
        return Flow(context, 1, 1) if context is self.document else items_of(context)

    def each(self, scope: Scope) -> Scope:
        """The scope of what is evaluated for each member."""
        return Scope(scope, EACH) if self.binds else scope

    def view(self, node: Node) -> View:
        """The steps of a node, made once."""
        found = self._views.get(id(node))
        if found is None:
            found = self._views[id(node)] = view_of(node)
        return found

    def branch(self, condition: Node, holds: bool, scope: Scope, context: Type) -> tuple[Scope, Type] | None:
        """Scope and context where a condition, which was looked at, came out so; None where it cannot."""

        def lookup(name: str) -> Type:
            return context if name == "" else scope.lookup(name)

        narrowed = Conditions(self.noted, lookup).narrowed(condition, holds)
        if narrowed is None:
            return None
        context = narrowed.pop("", context) if "" in narrowed else context
        if self.binds:
            narrowed = {name: narrowed[name] for name in narrowed if self._is_settled(name, scope)}
        elif not narrowed:
            return scope, context
        return Scope(scope, BRANCH, dict(narrowed)), context

    def parameter_where(self, closure: Closure, value: Type) -> Type:
        """What the first parameter of a lambda is where its body, which was looked at, counts as true."""
        names = [parameter.name for parameter in closure.node.parameters if isinstance(parameter, Variable)]
        if len(names) != len(closure.node.parameters) or closure.node.signature is not None or names[0] in names[1:]:
            return value

        def lookup(name: str) -> Type:
            if name in names:
                return value if name == names[0] else ANY
            return closure.context if name == "" else closure.scope.lookup(name)

        narrowed = Conditions(self.noted, lookup).narrowed(closure.node.body, True)
        return NOTHING if narrowed is None else narrowed.get(names[0], value)

    def _is_settled(self, name: str, scope: Scope) -> bool:
        """Whether nothing binds the name again, so that what is known of it stays true."""
        count = self.binds.get(name, 0)
        return count == 0 or (count == 1 and scope.is_bound_once(name))

    # --- cases ----------------------------------------------------------------------------------------------------------------

    def _literal(self, node: Node, scope: Scope, context: Type) -> Type:
        if isinstance(node, String):
            return text(node.value)
        if isinstance(node, Number):
            return number(node.value)
        if isinstance(node, Boolean):
            return Type(booleans=frozenset((node.value,)))
        return NULL

    def _variable(self, node: Variable, scope: Scope, context: Type) -> Type:
        if node.name == "":
            return context
        if node.name == "$":
            return scope.names["$"] if "$" in scope.names else _document(scope)
        return scope.lookup(node.name)

    def _steps(self, node: Node, scope: Scope, context: Type) -> Type:
        found = straight_path(self, node, scope) if isinstance(node, Path) and not self.keeps else None
        return path_value(self, self.view(node), scope, context) if found is None else found

    def _binary(self, node: Binary, scope: Scope, context: Type) -> Type:
        return binary(self, node, scope, context)

    def _negate(self, node: Negate, scope: Scope, context: Type) -> Type:
        return negated(self, node, self.infer(node.operand, scope, context))

    def _condition(self, node: Condition, scope: Scope, context: Type) -> Type:
        test = self.infer(node.test, scope, context)
        if test.is_nothing:
            return NOTHING
        may = truth(test)
        found = NOTHING
        for part, holds in ((node.then, True), (node.otherwise, False)):
            possible, other = (may.holds, may.fails) if holds else (may.fails, may.holds)
            inside = self.branch(node.test, holds, scope, context) if possible else None
            if inside is None:
                continue
            if part is None:
                found = join(found, UNDEFINED)
                continue
            met, self.met = self.met, self.met and not other
            found = join(found, self.infer(part, *inside))
            self.met = met
        return found

    def _block(self, node: Block, scope: Scope, context: Type) -> Type:
        inner = Scope(scope) if self.binds else scope
        found = UNDEFINED
        failed = False
        for expression in node.expressions:
            found = self.infer(expression, inner, context)
            failed = failed or found.is_nothing
        return NOTHING if failed else found

    def _bind(self, node: Bind, scope: Scope, context: Type) -> Type:
        value = self.infer(node.value, scope, context)
        variable = node.variable
        while isinstance(variable, KeepArray):
            variable = variable.expression
        if not isinstance(variable, Variable):
            raise NotFollowed
        scope.bind(variable.name, ANY if value.is_nothing else value)
        return value

    def _array(self, node: Array, scope: Scope, context: Type) -> Type:
        return array_of_parts(self, node, scope, context)

    def _object(self, node: Object, scope: Scope, context: Type) -> Type:
        return grouped(self, node.pairs, self.items(context), scope)

    def _lambda(self, node: Lambda, scope: Scope, context: Type) -> Type:
        return Type(function=Function(Closure(node, scope, context)))

    def _regex(self, node: Regex, scope: Scope, context: Type) -> Type:
        return Type(function=Function(Pattern(node)))

    def _transform(self, node: Transform, scope: Scope, context: Type) -> Type:
        return Type(function=Function(Transformer(node, scope)))

    def _call(self, node: Call, scope: Scope, context: Type) -> Type:
        if node.partial:
            function = self.infer(node.function, scope, context)
            given = tuple(None if isinstance(a, Placeholder) else self.infer(a, scope, context) for a in node.arguments)
            return Type(function=Function(Partial(function, given)))
        return outcome_value(called(self, node, scope, context))

    def _apply(self, node: Apply, scope: Scope, context: Type) -> Type:
        keeps = isinstance(node.left, KeepArray) or isinstance(node.right, KeepArray)
        return outcome_value(applied(self, node, scope, context), keeps)

    def _wildcard(self, node: Wildcard, scope: Scope, context: Type) -> Type:
        return wildcard(context)

    def _descendants(self, node: Descendants, scope: Scope, context: Type) -> Type:
        return context if context.is_undefined else ANY

    def _unfollowed(self, node: Node, scope: Scope, context: Type) -> Type:
        raise NotFollowed


def _constructs(path: Path) -> bool:
    return any(isinstance(base_of(step), Array) for step in path.steps)


def _document(scope: Scope) -> Type:
    outer = scope
    while outer.outer is not None:
        outer = outer.outer
    return outer.names.get("$", UNDEFINED)


_CASES: Final[dict[type[Node], Callable[..., Type]]] = {
    **dict.fromkeys((String, Number, Boolean, Null), Inference._literal),
    **dict.fromkeys((Name, Path, Filter, KeepArray, Sort, Group, Focus, Index), Inference._steps),
    **dict.fromkeys((Parent, Placeholder, Missing, Range), Inference._unfollowed),
    Variable: Inference._variable,
    Binary: Inference._binary,
    Negate: Inference._negate,
    Condition: Inference._condition,
    Block: Inference._block,
    Bind: Inference._bind,
    Array: Inference._array,
    Object: Inference._object,
    Lambda: Inference._lambda,
    Regex: Inference._regex,
    Transform: Inference._transform,
    Call: Inference._call,
    Apply: Inference._apply,
    Wildcard: Inference._wildcard,
    Descendants: Inference._descendants,
}
