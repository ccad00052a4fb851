"""What taking an edge does to a cell, a variable or a place of the state's input: it is kept, stepped, set, or made from others.

Reads ``Assign``, ``Output`` and, in JSONPath states, what InputPath, Parameters, ResultPath and OutputPath make of the input.
Where one of them is not understood, the answer is ``hidden``: the cell may be anything then.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache

from asl_lint.expressions.intrinsics import Intrinsic, parse_dynamic
from asl_lint.expressions.jsonpath import Path as JsonPath
from asl_lint.facts.cells import Cell, cell_of_path, cell_of_path_text
from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.late import Any, Final, Literal, NamedTuple
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown

Members = tuple[str | int, ...]


class Effect(NamedTuple):
    """What becomes of a cell. ``stepped`` adds the integer ``step``; ``set`` puts the JSON ``value`` there (None: nothing).

    ``outside``: the work of the state, an error or the time decides. ``computed``: from the cells that it ``reads``, and, if
    ``mixed``, from the outside as well. ``hidden``: in a way that is not understood.
    """

    kind: Literal["kept", "stepped", "set", "outside", "computed", "hidden"]
    step: int = 0
    value: Any = None
    reads: tuple[Cell, ...] = ()
    mixed: bool = False


KEPT: Final = Effect("kept")
OUTSIDE: Final = Effect("outside")
HIDDEN: Final = Effect("hidden")


def effect(graph: FlowGraph, edge: Edge, cell: Cell) -> Effect:
    """What taking the edge does to the cell."""
    state = graph.state(edge.source)
    if state is None or cell.root == "context":
        return KEPT if state is None else OUTSIDE
    holder, pointer = _holder(edge, state)
    if cell.root == "input":
        return _of_input(edge, state, holder, cell)
    if cell.name not in edge.assigns:
        return HIDDEN if graph.gaps and (*pointer, "Assign") in graph.unsaid else KEPT
    assigned = holder["Assign"]
    if state.language == "JSONata":
        return of_value(assigned.get(cell.name), cell.members, cell, _result_of(edge, state))
    return _of_template(assigned, (cell.name, *cell.members), cell, _base_of_assign(edge, state))


def _holder(edge: Edge, state: State) -> tuple[Mapping[str, Any], tuple[str | int, ...]]:
    """The object whose Assign and Output apply to an edge: the state, the rule or the Catcher."""
    field = {"rule": "Choices", "catch": "Catch"}.get(edge.kind)
    if field is None:
        return state.body, state.pointer
    return state.body[field][edge.index], (*state.pointer, field, edge.index)


Origin = Literal["outside", "hidden"]


def _result_of(edge: Edge, state: State) -> Origin:
    """Where ``$states.result`` and ``$states.errorOutput`` come from; what a branch yields may be the machine's own."""
    return "hidden" if state.type in ("Parallel", "Map") and edge.kind != "catch" else "outside"


# --- the input --------------------------------------------------------------------------------------------------------------


def _of_input(edge: Edge, state: State, holder: Mapping[str, Any], cell: Cell) -> Effect:
    works = state.type in ("Task", "Parallel", "Map")
    origin = _result_of(edge, state)
    if not state.is_language_known:
        return HIDDEN
    if state.language == "JSONata":
        if "Output" in holder:
            return of_value(holder["Output"], cell.members, cell, origin)
        if edge.kind == "rule" and "Output" in state.body:
            return HIDDEN
        return Effect(origin) if works else KEPT
    body = state.body
    if body.get("OutputPath", "$") != "$":
        return HIDDEN
    if edge.kind == "catch":
        return _combined(holder.get("ResultPath", "$"), cell, lambda inner: OUTSIDE)
    base = _base(body.get("InputPath", "$"))
    if state.type in ("Wait", "Choice"):
        return KEPT if base == () else HIDDEN
    if works:
        if "ResultSelector" in body:
            selected = body["ResultSelector"]
            return _combined(body.get("ResultPath", "$"), cell, lambda inner: _of_template(selected, inner, cell, origin))
        return _combined(body.get("ResultPath", "$"), cell, lambda inner: Effect(origin))
    if "Result" in body:
        return _combined(body.get("ResultPath", "$"), cell, lambda inner: _literal(body["Result"], inner, cell))
    if "Parameters" in body:
        made = body["Parameters"]
        return _combined(body.get("ResultPath", "$"), cell, lambda inner: _of_template(made, inner, cell, base))
    if base is None:
        return HIDDEN
    return _combined(body.get("ResultPath", "$"), cell, lambda inner: _copied(Cell("input", "", base), inner, cell))


def _combined(result_path: object, cell: Cell, of_result: Callable[[Members], Effect]) -> Effect:
    """What becomes of a place of the raw input when ResultPath puts a result into it (S: ResultPath)."""
    if result_path is None:
        return KEPT
    place = _base(result_path)
    if place is None:
        return HIDDEN
    members = cell.members
    if members[: len(place)] == place:
        return of_result(members[len(place) :])
    return HIDDEN if place[: len(members)] == members else KEPT


def _base(path: object) -> Members | None:
    """The members of a path of the input; None where it is none, or not one place."""
    cell = cell_of_path_text(path) if isinstance(path, str) and not is_unknown(path) else None
    return cell.members if cell is not None and cell.root == "input" else None


def _base_of_assign(edge: Edge, state: State) -> Members | Origin:
    """What ``$`` is in an Assign of a JSONPath state: the result of its work, or its input."""
    if edge.kind == "catch" or state.type == "Task":
        return "outside"
    if state.type in ("Parallel", "Map") or "Parameters" in state.body or "Result" in state.body:
        return "hidden"
    base = _base(state.body.get("InputPath", "$"))
    return "hidden" if base is None else base


# --- JSON values, templates, paths ------------------------------------------------------------------------------------------


def _literal(value: object, members: Members, cell: Cell) -> Effect:
    """A value that is no program, or a part of it."""
    for member in members:
        if isinstance(value, Mapping) and not is_unknown(value):
            value = value.get(member)
        elif isinstance(value, list) and isinstance(member, int) and member < len(value):
            value = value[member]
        else:
            value = None if not is_unknown(value) else value
    return _set(value, cell)


def _set(value: object, cell: Cell) -> Effect:
    if is_unknown(value):
        return Effect("set", value=value)
    if cell.measure:
        return Effect("set", value=len(value) if isinstance(value, list) else 1)
    return Effect("set", value=value)


def _copied(source: Cell, members: Members, cell: Cell) -> Effect:
    found = Cell(source.root, source.name, source.members + members)
    return KEPT if found.place == cell.place else Effect("computed", reads=(found,))


def of_value(value: object, members: Members, cell: Cell, origin: Origin) -> Effect:
    """What a value of a JSONata payload puts at ``members`` below it, told of ``cell``."""
    while members and isinstance(value, dict) and not is_unknown(value):
        if members[0] not in value:
            return Effect("set")
        value, members = value[members[0]], members[1:]
    if isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        from asl_lint.facts.jsonata_effects import of_expression

        return of_expression(value, members, cell, origin)
    if isinstance(value, dict | list) and not members and not cell.measure and _has_expression(value):
        return HIDDEN
    return _literal(value, members, cell)


def _has_expression(value: object) -> bool:
    pending = [value]
    while pending:
        inner = pending.pop()
        if isinstance(inner, str):
            if inner.startswith("{%"):
                return True
        elif isinstance(inner, dict):
            pending += inner.values()
        elif isinstance(inner, list):
            pending += inner
    return False


def _of_template(value: object, members: Members, cell: Cell, base: Members | Origin | None) -> Effect:
    """What a payload template puts at ``members`` below it; ``base`` is what ``$`` stands for in it."""
    while members and isinstance(value, Mapping) and not is_unknown(value):
        first = members[0]
        if f"{first}.$" in value:
            dynamic = value[f"{first}.$"]
            return _dynamic(dynamic, members[1:], cell, base) if isinstance(dynamic, str) else HIDDEN
        if first not in value:
            return Effect("set")
        value, members = value[first], members[1:]
    if isinstance(value, Mapping | list) and not cell.measure:
        return HIDDEN  # its parts may be paths; no counter is an object
    return _literal(value, members, cell)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> JsonPath | Intrinsic:
    """Each counter is asked of several times: of its loop, of the loops in it, of what comes before."""
    return parse_dynamic(text)


def _dynamic(text: str, members: Members, cell: Cell, base: Members | Origin | None) -> Effect:
    if is_unknown(text):
        return HIDDEN
    parsed = _parsed(text)
    if parsed.errors:
        return HIDDEN
    if not isinstance(parsed, Intrinsic):
        found = cell_of_path(parsed)
        if found is not None and (found.root != "input" or not isinstance(base, str)):
            placed = _placed(found, base)
            return HIDDEN if placed is None else _copied(placed, members, cell)
        if found is not None:
            return Effect(base)  # type: ignore[arg-type]
        return _sliced(parsed, members, cell, base)
    if parsed.call is not None and parsed.call.name == "States.MathAdd" and not members:
        added = parsed.call.arguments
        for one, other in (added, added[::-1]) if len(added) == 2 else ():
            if one.path is not None and other.kind == "number" and isinstance(other.value, int):
                found = cell_of_path(one.path)
                if found is not None and _placed(found, base) == cell:
                    return Effect("stepped", step=other.value) if other.value else KEPT
    return _read(parsed, base)


def _read(parsed: Intrinsic, base: Members | Origin | None) -> Effect:
    reads: list[Cell] = []
    mixed = parsed.call is not None and any(c.name in ("States.UUID", "States.MathRandom") for c in parsed.calls())
    for path in parsed.paths():
        found = cell_of_path(path)
        if found is None or (found.root == "input" and base in ("hidden", None)):
            return HIDDEN
        if found.root == "context" or (found.root == "input" and isinstance(base, str)):
            mixed = True
        elif (placed := _placed(found, base)) is not None:
            reads.append(placed)
    return Effect("computed", reads=tuple(reads), mixed=mixed)


def _placed(found: Cell, base: Members | Origin | None) -> Cell | None:
    if found.root != "input":
        return found
    return None if base is None or isinstance(base, str) else found._replace(members=base + found.members)


def _sliced(parsed: Any, members: Members, cell: Cell, base: Members | Origin | None) -> Effect:
    """``$.list[1:]``: one item less; any other selection is not followed."""
    if not parsed.steps or parsed.root == "none":
        return HIDDEN
    last = parsed.steps[-1]
    found = cell_of_path(parsed._replace(steps=parsed.steps[:-1]))
    placed = None if found is None else _placed(found, base)
    if placed is None:
        return OUTSIDE if found is not None and found.root == "input" and base == "outside" else HIDDEN
    is_tail = last.kind == "slice" and last.indices[0] is not None and last.indices[0] >= 1 and last.indices[1] is None
    if is_tail and cell.measure and placed.place == cell.place and not members:
        return Effect("stepped", step=-last.indices[0])
    return Effect("computed", reads=(placed,))
