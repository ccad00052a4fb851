"""What an expression refers to: every node in order, names without a context, members of ``$states``, variables from outside.

All linear in the tree, and remembered for the last trees; what the parser met on its way spares most of them a walk. Trees that
came with errors are taken as they are; what recovery left out is not seen.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from asl_lint.expressions.jsonata.nodes import (
    REMEMBERED,
    Apply,
    Bind,
    Block,
    Call,
    Expression,
    Filter,
    Focus,
    Group,
    Index,
    KeepArray,
    Lambda,
    Name,
    Node,
    Path,
    Sort,
    String,
    Transform,
    Variable,
)
from asl_lint.late import Final, NamedTuple
from asl_lint.source.text import Span


def walk(node: Node) -> Iterator[Node]:
    """The node and every node below it, a parent before its children, in the order of the text."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children()))


class TopLevelName(NamedTuple):
    """A reference to a context that does not exist in Step Functions. ``name`` is a field's name, ``$`` or ``$$``.

    ``sure`` where the service is known to refuse it at creation; otherwise it may be refused, and yields nothing when it runs.
    """

    name: str
    span: Span
    sure: bool


_NONE: Final = 0
_PERHAPS: Final = 1
_GIVEN: Final = 2
"""Whether an expression has a context: at top level none; in the body of a function there it is not settled whether the service
counts it as top level; later steps, filters, orders, groupings and the inside of a transform have one."""


def top_level_names(tree: Expression) -> tuple[TopLevelName, ...]:
    """The references that need an input document, which Step Functions does not give, in the order of the text.

    Sure: ``$``, ``$$`` and the name of a field, first in a path or alone, at top level. Not sure: the same in the body of a
    function; ``$$`` where there is a context; a string as the first step of a path; a field's name that is called as a function.
    """
    met = tree.met
    return () if met is not None and not met.bare else _top_level_names(tree)


@lru_cache(REMEMBERED)
def _top_level_names(tree: Expression) -> tuple[TopLevelName, ...]:
    found: list[TopLevelName] = []
    waiting: list[tuple[Node, int]] = [(child, _NONE) for child in tree.children()]
    while waiting:
        node, context = waiting.pop()
        if isinstance(node, Variable):
            if node.name == "$" or (node.name == "" and context != _GIVEN):
                found.append(TopLevelName("$" + node.name, node.span, context == _NONE))
        elif isinstance(node, Name):
            if context != _GIVEN:
                found.append(TopLevelName(node.value, node.span, context == _NONE))
        elif isinstance(node, Path):
            first = _step(node.steps[0])
            if isinstance(first, String) and context != _GIVEN:
                found.append(TopLevelName(first.value, first.span, False))
            waiting.append((node.steps[0], context))
            waiting.extend((step, _GIVEN) for step in node.steps[1:])
        elif isinstance(node, Filter | Sort | Group):
            waiting.append((node.expression, context))
            waiting.extend((child, _GIVEN) for child in node.children()[1:])
        elif isinstance(node, Focus | Index):
            waiting.append((node.expression, context))
        elif isinstance(node, Bind):
            waiting.append((node.value, context))
        elif isinstance(node, Lambda):
            waiting.append((node.body, _GIVEN if context == _GIVEN else _PERHAPS))
        elif isinstance(node, Transform):
            waiting.extend((child, _GIVEN) for child in node.children())
        elif isinstance(node, Call | Apply):
            function = node.function if isinstance(node, Call) else node.right
            for child in node.children():
                unsure = child is function and isinstance(child, Name) and context == _NONE
                waiting.append((child, _PERHAPS if unsure else context))
        else:
            waiting.extend((child, context) for child in node.children())
    return tuple(sorted(found, key=lambda name: name.span))


class StatesReference(NamedTuple):
    """``$states`` with the fields that are read from it, as far as the text names them.

    ``$states.input.items[0].id`` has the members ``input``, ``items`` and ``id``; ``places`` are their nodes. The span reaches
    from ``$states`` to the last of them. No members: ``$states`` as a whole, or a step that names no field.
    """

    members: tuple[str, ...]
    places: tuple[Name | String, ...]
    span: Span


def states_references(tree: Expression) -> tuple[StatesReference, ...]:
    """Every reference to Step Functions' own ``$states``, in the order of the text; a variable bound to that name is none."""
    return _states_references(tree) if "$states" in tree.text else ()


@lru_cache(REMEMBERED)
def _states_references(tree: Expression) -> tuple[StatesReference, ...]:
    met = tree.met
    if met is not None and not met.binds:
        waiting = {variable.start for variable in met.variables if variable.name == "states"}
    else:
        waiting = {reference.span.start for reference in variables(tree) if reference.name == "states"}
    found: list[StatesReference] = []
    # A path comes before its own parts, so that a reference is met first where it is longest.
    for node in walk(tree) if met is None else (*reversed(met.paths), *met.variables):
        if not waiting:
            break
        if isinstance(node, Path | Variable):
            variable, names, _ = _members(node)
            if variable is not None and variable.name == "states" and variable.start in waiting:
                waiting.discard(variable.start)
                end = names[-1].end if names else variable.end
                members = tuple([name.value for name in names])
                found.append(StatesReference(members, tuple(names), Span(variable.start, end)))
    return tuple(found) if len(found) < 2 else tuple(sorted(found, key=lambda reference: reference.span))


def _members(node: Node) -> tuple[Variable | None, list[Name | String], bool]:
    """The variable that a path begins with, the fields that follow, and whether a later step would still be one of its fields."""
    if isinstance(node, Variable):
        return node, [], True
    if isinstance(node, _MEMBERS_OF_INNER):
        return _members(node.expression)
    if isinstance(node, Focus | Group):
        variable, names, _ = _members(node.expression)
        return variable, names, False
    if isinstance(node, Block) and len(node.expressions) == 1:
        return _members(node.expressions[0])
    if not isinstance(node, Path):
        return None, [], False
    variable, names, goes_on = _members(node.steps[0])
    if variable is None:
        return None, [], False
    for step in node.steps[1:]:
        name = step if type(step) is Name else _step(step)
        if not goes_on or not isinstance(name, Name | String):
            return variable, names, False
        names.append(name)
        goes_on = name is step or not _has_focus(step)
    return variable, names, goes_on


_MEMBERS_OF_INNER: Final = (Filter, KeepArray, Index, Sort)
_BEHIND_STEP: Final = (Filter, KeepArray, Index, Focus)


def _step(node: Node) -> Node:
    """What a step reads, without the filters and bindings behind it."""
    while isinstance(node, _BEHIND_STEP):
        node = node.expression
    return node


def _has_focus(node: Node) -> bool:
    while isinstance(node, _BEHIND_STEP):
        if isinstance(node, Focus):
            return True
        node = node.expression
    return False


class VariableReference(NamedTuple):
    """``$name`` that nothing in the expression binds: a variable of the state machine, ``states``, or a builtin function.

    ``name`` is without the ``$``. ``called`` where it stands as a function, ``$name(…)`` or behind ``~>``.
    """

    name: str
    span: Span
    called: bool


@lru_cache(REMEMBERED)
def variables(tree: Expression) -> tuple[VariableReference, ...]:
    """The variables that an expression reads from outside, in the order of the text; ``$`` and ``$$`` are none.

    Bound are a function's parameters in its body; what ``:=`` binds, behind it in the same block (in the body of a function that
    is itself bound, anywhere in the block, because it runs later); what ``@`` and ``#`` bind, in what follows in the same path.
    A binding in one branch of a condition counts as one.
    """
    met = tree.met
    if met is not None and not met.binds:
        called = met.called
        return tuple([VariableReference(one.name, Span(one.start, one.end), one.start in called) for one in met.variables])
    reader = _VariableReader()
    scope = _Scope(None)
    for child in tree.children():
        reader.read(child, scope)
    reader.finish(scope)
    return tuple(sorted(reader.found, key=lambda reference: reference.span))


class _Scope:
    """The names bound in a block, a function's body or the rest of a path."""

    __slots__ = ("later", "names", "outer")

    def __init__(self, outer: "_Scope | None") -> None:
        self.outer = outer
        self.names: set[str] = set()
        self.later: list[Lambda] = []
        """Functions that are bound here: their bodies are read when all names of the scope are known."""

    def binds(self, name: str) -> bool:
        scope: _Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.outer
        return False


class _VariableReader:
    __slots__ = ("found",)

    def __init__(self) -> None:
        self.found: list[VariableReference] = []

    def read(self, node: Node, scope: _Scope, called: bool = False) -> Sequence[str]:
        """Reads a node; the names that it binds for what follows in the same path."""
        if isinstance(node, Variable):
            if node.name not in ("", "$") and not scope.binds(node.name):
                self.found.append(VariableReference(node.name, node.span, called))
        elif isinstance(node, Path | Filter | KeepArray | Sort | Group):
            bound: list[str] = []
            inner = scope
            for part in node.children():
                names = self.read(part, inner)
                if names:
                    if inner is scope:
                        inner = _Scope(scope)
                    inner.names.update(names)
                    bound.extend(names)
            return bound
        elif isinstance(node, Focus | Index):
            names = self.read(node.expression, scope)
            return (*names, node.variable.name) if isinstance(node.variable, Variable) else names
        elif isinstance(node, Bind):
            self._bind(node, scope)
        elif isinstance(node, Block):
            block = _Scope(scope)
            for expression in node.expressions:
                self.read(expression, block)
            self.finish(block)
        elif isinstance(node, Lambda):
            self._body(node, scope)
        elif isinstance(node, Call):
            self.read(node.function, scope, called=True)
            for argument in node.arguments:
                self.read(argument, scope)
        elif isinstance(node, Apply):
            self.read(node.left, scope)
            self.read(node.right, scope, called=True)
        else:
            for child in node.children():
                self.read(child, scope)
        return ()

    def finish(self, scope: _Scope) -> None:
        """Reads the bodies that were put off until the scope's names are known."""
        while scope.later:
            self._body(scope.later.pop(), scope)

    def _bind(self, node: Bind, scope: _Scope) -> None:
        if isinstance(node.value, Lambda):
            scope.later.append(node.value)
        else:
            self.read(node.value, scope)
        variable = node.variable
        while isinstance(variable, KeepArray):
            variable = variable.expression
        if isinstance(variable, Variable):
            scope.names.add(variable.name)

    def _body(self, node: Lambda, scope: _Scope) -> None:
        inner = _Scope(scope)
        for parameter in node.parameters:
            while isinstance(parameter, KeepArray):
                parameter = parameter.expression
            if isinstance(parameter, Variable):
                inner.names.add(parameter.name)
        self.read(node.body, inner)
        self.finish(inner)
