"""What a JSONata expression makes of a cell: kept, stepped by an integer, set, or computed from what it reads."""

from asl_lint.expressions.jsonata.nodes import (
    Array,
    Binary,
    Boolean,
    Call,
    Filter,
    KeepArray,
    Lambda,
    Name,
    Node,
    Null,
    Number,
    Object,
    Path,
    Range,
    String,
    Variable,
)
from asl_lint.expressions.jsonata.nodes import Condition as Conditional
from asl_lint.expressions.jsonata.walk import walk
from asl_lint.facts.cells import Cell, bare, cell_of_node
from asl_lint.facts.effects import HIDDEN, KEPT, OUTSIDE, Effect, Members, Origin
from asl_lint.facts.jsonata_conditions import expression_tree, sum_of
from asl_lint.late import Final
from asl_lint.source.placeholders import Placeholder

_CLOCKS: Final = ("millis", "now", "random", "uuid")
_HIDDEN_NAME: Final = "\ue000"


def of_expression(text: str, members: Members, cell: Cell, origin: Origin) -> Effect:
    """What ``text`` puts at ``members`` of its value; ``origin`` is where ``$states.result`` comes from."""
    tree = expression_tree(text)
    return HIDDEN if tree is None else _of_node(tree, members, cell, origin)


def _of_node(node: Node, members: Members, cell: Cell, origin: Origin) -> Effect:
    node = bare(node)
    while members and isinstance(node, Object):
        values = [pair.value for pair in node.pairs if isinstance(pair.key, String) and pair.key.value == members[0]]
        if any(not isinstance(pair.key, String) for pair in node.pairs) or len(values) > 1:
            return HIDDEN
        if not values:
            return Effect("set")
        node, members = bare(values[0]), members[1:]
    if members and (merged := _merged(node, members)) is not None:
        return _of_node(merged[0], merged[1], cell, origin)
    found = cell_of_node(node)
    if found is not None and found.name.startswith(_HIDDEN_NAME):
        return Effect("set", value=Placeholder("${…}")) if not members else HIDDEN
    if found is not None and not found.measure:
        place = found._replace(members=found.members + members)
        return KEPT if place.place == cell.place else Effect("computed", reads=(place,), mixed=found.root == "context")
    if not members:
        if cell.measure:
            if (taken := _taken_from_front(node, cell)) is not None:
                return Effect("stepped", step=-taken)
            if (shortened := _shortened(node, members, cell, origin)) is not None:
                return shortened
            counted = _counted(node)
            return reads_of(node, origin) if counted is None else Effect("set", value=counted)
        if (summed := sum_of(node)) is not None:
            source, offset = summed
            if source is None:
                return Effect("set", value=offset)
            if source == cell:
                return Effect("stepped", step=offset) if offset else KEPT
        if isinstance(node, String | Number | Boolean):
            return Effect("set", value=Placeholder("${…}") if _HIDDEN_NAME in str(node.value) else node.value)
        if isinstance(node, Null):
            return Effect("set")
    return reads_of(node, origin)


def _shortened(node: Node, members: Members, cell: Cell, origin: Origin) -> Effect | None:
    """``$more ? $l[[1..…]] : []``: either way the list gets shorter, if anything is in it."""
    if not isinstance(node, Conditional) or node.otherwise is None:
        return None
    then, otherwise = (_of_node(part, members, cell, origin) for part in (node.then, node.otherwise))
    for one, other in ((then, otherwise), (otherwise, then)):
        if one.kind == "stepped" and one.step < 0 and (other == one or (other.kind == "set" and other.value == 0)):
            return Effect("stepped", step=one.step if other == one else -1)
    return None


_ONE_VALUE: Final = (String, Number, Boolean, Null, Object)


def _counted(node: Node) -> int | None:
    """How many values there are, where the text says it. An item that computes may give none, or many, which all become items."""
    if isinstance(node, _ONE_VALUE):
        return 1
    if isinstance(node, Array) and all(isinstance(bare(item), (*_ONE_VALUE, Array)) for item in node.items):
        return len(node.items)
    return None


def _merged(node: Node, members: Members) -> tuple[Node, Members] | None:
    """Which part of ``$merge([…])`` says what the member is: the last one that has it."""
    if not isinstance(node, Call) or not isinstance(node.function, Variable) or node.function.name != "merge":
        return None
    listed = bare(node.arguments[0]) if len(node.arguments) == 1 else node
    if not isinstance(listed, Array):
        return None
    for item in reversed(listed.items):
        part = bare(item)
        if not isinstance(part, Object):
            return (part, members) if cell_of_node(part) is not None else None
        for pair in part.pairs:
            if not isinstance(pair.key, String):
                return None
            if pair.key.value == members[0]:
                return pair.value, members[1:]
    return None


def _taken_from_front(node: Node, cell: Cell) -> int | None:
    """How many items at least ``$l[[1..…]]``, or ``$filter($l, function($v, $i) {$i > 0})``, leaves out of the list."""
    while isinstance(node, KeepArray):
        node = bare(node.expression)
    if isinstance(node, Filter):
        source, picked = cell_of_node(node.expression), bare(node.predicate)
        if source is None or source.place != cell.place or not isinstance(picked, Array) or len(picked.items) != 1:
            return None
        items = picked.items[0]
        first = bare(items.first) if isinstance(items, Range) else None
        return first.value if isinstance(first, Number) and isinstance(first.value, int) and first.value >= 1 else None
    if isinstance(node, Call) and isinstance(node.function, Variable) and node.function.name == "filter":
        if len(node.arguments) != 2:
            return None
        source, chooser = cell_of_node(node.arguments[0]), bare(node.arguments[1])
        if source is None or source.place != cell.place or not isinstance(chooser, Lambda) or len(chooser.parameters) < 2:
            return None
        body, index = bare(chooser.body), chooser.parameters[1]
        if isinstance(body, Binary) and isinstance(body.left, Variable) and isinstance(index, Variable):
            chosen = f"{body.operator}{body.right.value}" if isinstance(body.right, Number) else ""
            return 1 if body.left.name == index.name and chosen in (">0", ">=1", "!=0") else None
    return None


def reads_of(node: Node, origin: Origin) -> Effect:
    """What an expression is computed from: the cells that it reads, a variable as a whole where it is used otherwise.

    Names that the expression binds itself count as variables too: no state assigns them, so nothing follows from it.
    """
    reads: dict[Cell, None] = {}
    mixed = False
    inside: set[int] = set()
    for part in walk(node):
        if id(part) in inside or not isinstance(part, Path | Filter | Variable):
            continue
        found = cell_of_node(part)
        member = _states_member(part)
        if found is None and member in ("input", "context"):
            found = Cell("input" if member == "input" else "context")
        if found is not None:
            if (found.root == "variable" and found.name in _CLOCKS) or found.root == "context":
                mixed = True
            elif not found.name.startswith(_HIDDEN_NAME):
                reads[found] = None
            if isinstance(part, Path) and member is not None:
                inside.add(id(_first(part)))
            elif not isinstance(part, Filter):
                inside.update(id(below) for below in part.children())
        elif isinstance(part, Variable) or member is not None:
            mixed = True  # $states itself, or what the work of the state gave
            if origin == "hidden":
                return HIDDEN
    if not reads and mixed:
        return OUTSIDE
    return Effect("computed", reads=tuple(reads), mixed=mixed)


def _first(path: Path) -> Node:
    step = path.steps[0]
    while isinstance(step, Filter | KeepArray):
        step = step.expression
    return step


def _states_member(node: Node) -> str | None:
    """The member that a path reads of ``$states``."""
    if not isinstance(node, Path) or len(node.steps) < 2:
        return None
    first, second = _first(node), node.steps[1]
    while isinstance(second, Filter | KeepArray):
        second = second.expression
    if not isinstance(first, Variable) or first.name != "states":
        return None
    return second.value if isinstance(second, Name | String) else ""
