"""Whether a value of a state comes from the execution's input as its sender gave it.

A place of the context object does; one of a state's input does where every way from the start keeps it; a variable where all that
is assigned to it does. What is computed, checked or made anew does not. An item of a Map is not followed.
"""

import json

from asl_lint.expressions.intrinsics import Intrinsic, parse_dynamic
from asl_lint.facts.cells import Cell, bare, cell_of_node, cell_of_path
from asl_lint.facts.effects import effect
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.model.machine import Scope, State
from asl_lint.source.document import is_unknown

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

_EXECUTION: Final = ("Execution", "Input")
_DEEPEST: Final = 6


class RawInput:
    """The answers for one machine; each place of the input is followed once a scope."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._kept: dict[tuple[Scope, Cell], frozenset[int]] = {}

    def source(self, state: State, key: str, value: object) -> str | None:
        """The place of the execution's input that begins a value (as its language writes it), or None.

        ``key`` is the name of the member, ``.$`` included. Of a text that is put together, what stands first decides.
        """
        cell = _first_cell(state, key, value)
        if cell is None or not self._is_raw(state, cell, 0):
            return None
        spelled = cell.spelled(state.language)
        return spelled if state.language == "JSONata" else spelled.replace("$states.context", "$$")

    def _is_raw(self, state: State, cell: Cell, depth: int) -> bool:
        if cell.root == "context":
            return cell.members[:2] == _EXECUTION
        if cell.root == "input":
            return bool(cell.members) and not self._is_tested(cell) and self._is_kept(state, Cell("input", "", cell.members[:1]))
        return depth < _DEEPEST and self._is_assigned_raw(cell.name, depth)

    def _is_tested(self, cell: Cell) -> bool:
        """Whether some Choice may ask for it: what passes is what the machine allows, as far as is known here."""
        name = str(cell.members[-1])
        choices = (state.body.get("Choices") for state in self._facts.machine.states if state.type == "Choice")
        return any(name in json.dumps(one, ensure_ascii=False, default=str) for one in choices)

    def _is_kept(self, state: State, cell: Cell) -> bool:
        """Whether every way to the state keeps a member of the execution's input."""
        graph = self._facts.graph.of(state.scope)
        return graph.numbers[state.name] in self._kept_in(state.scope, cell) and graph.is_complete

    def _kept_in(self, scope: Scope, cell: Cell) -> frozenset[int]:
        """The nodes of a scope before which a member of the input is still the execution's."""
        if (scope, cell) not in self._kept:
            self._kept[scope, cell] = frozenset()
            self._kept[scope, cell] = self._solved(scope, cell) if self._begins_kept(scope, cell) else frozenset()
        return self._kept[scope, cell]

    def _begins_kept(self, scope: Scope, cell: Cell) -> bool:
        holder = scope.parent
        if holder is None:
            return True
        changes = ("Arguments", "Parameters", "InputPath")
        return holder.type == "Parallel" and not any(name in holder.body for name in changes) and self._is_kept(holder, cell)

    def _solved(self, scope: Scope, cell: Cell) -> frozenset[int]:
        graph = self._facts.graph.of(scope)
        kept = set(graph.order)
        pending = list(graph.order)
        while pending:
            node = pending.pop(0)
            if node == graph.start or node not in kept:
                continue
            edges = [edge for edge in graph.into[node] if edge.source in graph.places]
            if not all(edge.source in kept and effect(graph, edge, cell).kind == "kept" for edge in edges):
                kept.discard(node)
                pending += [edge.target for edge in graph.out[node] if edge.target in kept]
        return frozenset(kept)

    def _is_assigned_raw(self, name: str, depth: int) -> bool:
        found = False
        for state in self._facts.machine.states:
            holders = [state.body, *(one for field in ("Choices", "Catch") for one in _objects(state.body.get(field)))]
            for holder in holders:
                assigned = holder.get("Assign")
                for key, value in assigned.items() if isinstance(assigned, dict) else ():
                    if key.removesuffix(".$") == name:
                        # In an Assign of a JSONPath Task, $ is the result.
                        is_result = state.language == "JSONPath" and state.type in ("Task", "Parallel", "Map")
                        cell = _first_cell(state, key, value)
                        if cell is None or (is_result and cell.root == "input") or not self._is_raw(state, cell, depth + 1):
                            return False
                        found = True
        return found


def _objects(value: object) -> list[dict[str, object]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _first_cell(state: State, key: str, value: object) -> Cell | None:
    """The cell that a value is, or that the text begins with which it puts together."""
    if not isinstance(value, str) or is_unknown(value):
        return None
    if state.language == "JSONata":
        if not (value.startswith("{%") and value.endswith("%}")):
            return None
        from asl_lint.expressions.jsonata import parse
        from asl_lint.expressions.jsonata.nodes import Binary

        tree, errors = parse(value[2:-2])
        if errors:
            return None
        node = bare(tree)
        while isinstance(node, Binary) and node.operator == "&":
            node = bare(node.left)
        return cell_of_node(node)
    if not key.endswith(".$"):
        return None
    parsed = parse_dynamic(value)
    if parsed.errors:
        return None
    if not isinstance(parsed, Intrinsic):
        return _placed(state, cell_of_path(parsed))
    call = parsed.call
    if call is None or call.name != "States.Format" or len(call.arguments) < 2:
        return None
    template, first = call.arguments[0], call.arguments[1]
    begins = template.kind == "string" and str(template.value).startswith("{}")
    return _placed(state, cell_of_path(first.path)) if begins and first.path is not None else None


def _placed(state: State, cell: Cell | None) -> Cell | None:
    """A path of the effective input as one of the raw input; None where InputPath makes it another."""
    if cell is None or cell.root != "input":
        return cell
    return cell if state.body.get("InputPath", "$") == "$" else None
