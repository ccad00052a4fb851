"""The five definitions, and the template that deploys them, broken in every systematic way by operators that know no rule.

A mutant changes one thing. Its ``place`` is what was changed: pointers of the state (or the part of the template) that the change
lies in, and of a rerouted transition also the states that it led to and leads to.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.nodes import Binary, Filter, Name, Node, Number, Path, String, Variable
from asl_lint.expressions.jsonata.walk import variables, walk
from asl_lint.source.document import Pointer
from tests.definitions.breakages import whole
from tests.definitions.rehearsal.scenario import DEFINITIONS

Machine = dict[str, Any]

MACHINES: Final = tuple(sorted(path.stem for path in DEFINITIONS.glob("sfn_*.json")))
REROUTES: Final = 3
"""Other states to which each transition is led."""


class Mutant(NamedTuple):
    """A machine with one thing changed: by which operator, where, and in a few words how."""

    operator: str
    machine: str
    place: tuple[Pointer, ...]
    change: str
    definition: Machine

    @property
    def name(self) -> str:
        return f"{self.machine} {self.operator} {self.change}"


class Change(NamedTuple):
    """What an operator does at a pointer: ``value`` is put there, or it is dropped (``DROP``). ``also``: places beside it."""

    pointer: Pointer
    value: Any
    words: str
    also: tuple[Pointer, ...] = ()


DROP: Final = object()
_ORDERS: Final = ("<", "<=", ">", ">=")
Operator = Callable[[Machine], Iterator[Change]]


# --- walking a machine ---------------------------------------------------------------------------------------------------------


def scopes(machine: Machine, pointer: Pointer = ()) -> Iterator[tuple[Pointer, Machine]]:
    """Every scope with its pointer."""
    yield pointer, machine
    for name, state in machine["States"].items():
        at = (*pointer, "States", name)
        for i, branch in enumerate(state.get("Branches", ())):
            yield from scopes(branch, (*at, "Branches", i))
        if "ItemProcessor" in state:
            yield from scopes(state["ItemProcessor"], (*at, "ItemProcessor"))


def states(machine: Machine) -> Iterator[tuple[Pointer, Machine, Machine]]:
    """Every state with its pointer and its scope."""
    for pointer, scope in scopes(machine):
        for name, state in scope["States"].items():
            yield (*pointer, "States", name), state, scope


def texts(value: Any, pointer: Pointer = ()) -> Iterator[tuple[Pointer, str]]:
    """Every text at any depth, but those of inner scopes, which are states of their own."""
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, dict):
        for key, member in value.items():
            if key not in ("Branches", "ItemProcessor", "Comment"):
                yield from texts(member, (*pointer, key))
    elif isinstance(value, list):
        for i, member in enumerate(value):
            yield from texts(member, (*pointer, i))


def expressions(machine: Machine) -> Iterator[tuple[Pointer, str, Sequence[Node]]]:
    """Every expression: its pointer, its text with the delimiters, its nodes."""
    for pointer, state, _ in states(machine):
        for at, text in texts(state, pointer):
            if text.startswith("{%"):
                yield at, text, list(walk(parse(text[2:-2])[0]))


def at(machine: Machine, pointer: Pointer) -> Any:
    """What is at a pointer."""
    value: Any = machine
    for part in pointer:
        value = value[part]
    return value


def transitions(machine: Machine) -> Iterator[tuple[Pointer, Machine]]:
    """Every place that names the next state, with its scope."""
    for pointer, scope in scopes(machine):
        yield (*pointer, "StartAt"), scope
    for pointer, state, scope in states(machine):
        for field in ("Next", "Default"):
            if field in state:
                yield (*pointer, field), scope
        for field in ("Choices", "Catch"):
            for i, _ in enumerate(state.get(field, ())):
                yield (*pointer, field, i, "Next"), scope


def spliced(text: str, node: Node, new: str) -> str:
    """The expression with other words in place of a node."""
    return text[: node.start + 2] + new + text[node.end + 2 :]


def misspelt(name: str) -> str:
    """Two letters the other way round; of a short name, one more letter."""
    for i in range(len(name) // 2, len(name) - 1):
        if name[i] != name[i + 1]:
            return name[:i] + name[i + 1] + name[i] + name[i + 2 :]
    return name + "x"


# --- operators -----------------------------------------------------------------------------------------------------------------


def _each_of(field: str) -> Operator:
    """Drops each member of a list, and with the last one the list."""

    def operator(machine: Machine) -> Iterator[Change]:
        for pointer, state, _ in states(machine):
            members = state.get(field, [])
            for i, _ in enumerate(members):
                where = (*pointer, field) if len(members) == 1 else (*pointer, field, i)
                yield Change(where, DROP, "dropped")

    return operator


def _field(*fields: str) -> Operator:
    """Drops fields of states, and of the machine."""

    def operator(machine: Machine) -> Iterator[Change]:
        for pointer, state in [((), machine), *((pointer, state) for pointer, state, _ in states(machine))]:
            for field in fields:
                if field in state:
                    yield Change((*pointer, field), DROP, "dropped")

    return operator


def _skipped(kinds: Callable[[Machine], bool]) -> Operator:
    """Leads everything that goes to a state to where the state goes."""

    def operator(machine: Machine) -> Iterator[Change]:
        for pointer, state, _ in states(machine):
            if kinds(state) and "Next" in state:
                yield Change(pointer, {"Type": "Pass", "Output": "{% $states.input %}", "Next": state["Next"]}, "skipped")

    return operator


def _arguments(names: Callable[[str], bool]) -> Operator:
    """Drops members of Arguments."""

    def operator(machine: Machine) -> Iterator[Change]:
        for pointer, state, _ in states(machine):
            for name in state.get("Arguments", ()):
                if names(name):
                    yield Change((*pointer, "Arguments", name), DROP, "dropped")

    return operator


def _nodes(rewrite: Callable[[Node, Sequence[Node], Pointer], Iterator[str]]) -> Operator:
    """Writes other words for the nodes of expressions."""

    def operator(machine: Machine) -> Iterator[Change]:
        for pointer, text, nodes in expressions(machine):
            for node in nodes:
                for new in rewrite(node, nodes, pointer):
                    old = text[node.start + 2 : node.end + 2]
                    yield Change(pointer, spliced(text, node, new), f"{old} -> {new} at {node.start}")

    return operator


def _counter_step(node: Node, nodes: Sequence[Node], pointer: Pointer) -> Iterator[str]:
    """``$n + 1`` in an Assign of the variable itself becomes ``$n``."""
    if isinstance(node, Binary) and node.operator in ("+", "-") and isinstance(node.right, Number):
        left = node.left
        if isinstance(left, Variable) and "Assign" in pointer and pointer[-1] == left.name:
            yield f"${left.name}"


def _counter_limit(machine: Machine) -> Iterator[Change]:
    """Drops each rule of a Choice that compares with a number."""
    for pointer, state, _ in states(machine):
        rules = state.get("Choices", ())
        for i, rule in enumerate(rules):
            tree = parse(rule["Condition"][2:-2])[0]
            compares = any(isinstance(node, Binary) and node.operator in ("<", "<=", ">", ">=") for node in walk(tree))
            if compares and len(rules) > 1:
                yield Change((*pointer, "Choices", i), DROP, "dropped")


def _statuses(node: Node, nodes: Sequence[Node], pointer: Pointer) -> Iterator[str]:
    """A text that is compared in a Condition is misspelt, and cut short."""
    compared = {
        id(side) for one in nodes if isinstance(one, Binary) and one.operator in ("=", "!=") for side in (one.left, one.right)
    }
    if pointer[-1] == "Condition" and isinstance(node, String) and id(node) in compared and len(node.value) > 3:
        yield f"'{misspelt(node.value)}'"
        yield f"'{node.value[:-2]}'"


def _members(node: Node, nodes: Sequence[Node], pointer: Pointer) -> Iterator[str]:
    """A member that is read from the result, the input, the error or a variable is misspelt."""
    for path in nodes:
        if isinstance(path, Path) and isinstance(path.steps[0], Variable):
            for step in path.steps[1:]:
                while isinstance(step, Filter):
                    step = step.expression
                if step is node and isinstance(node, Name) and not node.quoted:
                    yield misspelt(node.value)


def _renamed_reads(machine: Machine) -> Iterator[Change]:
    """Each variable of the machine is misspelt where it is read."""
    assigned = {name for pointer, state, _ in states(machine) for _, name in _assigned(state, pointer)}
    for pointer, text, _ in expressions(machine):
        for reference in variables(parse(text[2:-2])[0]):
            if reference.name in assigned:
                start, end = reference.span.start + 2, reference.span.end + 2
                new = f"{text[:start]}${misspelt(reference.name)}{text[end:]}"
                yield Change(pointer, new, f"${reference.name} misspelt at {reference.span.start}")


def _assigned(state: Machine, pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    holders = [(pointer, state)]
    for field in ("Choices", "Catch"):
        holders += [((*pointer, field, i), member) for i, member in enumerate(state.get(field, ()))]
    for where, holder in holders:
        for name in holder.get("Assign", ()):
            yield (*where, "Assign"), name


def _renamed_assignments(machine: Machine) -> Iterator[Change]:
    """Each variable is misspelt where it is set."""
    for pointer, state, _ in states(machine):
        for where, name in _assigned(state, pointer):
            old = at(machine, where)
            new = {misspelt(key) if key == name else key: value for key, value in old.items()}
            yield Change(where, new, f"{name} misspelt")


def _shorter_lease(node: Node, nodes: Sequence[Node], pointer: Pointer) -> Iterator[str]:
    """A number of at least a minute in what is written to a table is a tenth of it."""
    if "Arguments" in pointer and isinstance(node, Number) and node.value >= 60:
        yield str(int(node.value // 10))


def _longer_poll(machine: Machine) -> Iterator[Change]:
    """Each Wait takes a hundred times as long."""
    for pointer, state, _ in states(machine):
        if isinstance(state.get("Seconds"), int):
            yield Change((*pointer, "Seconds"), state["Seconds"] * 100, "a hundred times as long")


def _higher_limit(node: Node, nodes: Sequence[Node], pointer: Pointer) -> Iterator[str]:
    """A limit in a Condition is a hundred times as high."""
    if pointer[-1] != "Condition" or not isinstance(node, Number) or node.value <= 1:
        return
    if any(isinstance(one, Binary) and one.operator in _ORDERS and node in (one.left, one.right) for one in nodes):
        yield str(int(node.value * 100))


def _rerouted(machine: Machine) -> Iterator[Change]:
    """Each transition leads to three other states of its scope, the same in each run."""
    for pointer, scope in transitions(machine):
        target = at(machine, pointer)
        others = sorted(name for name in scope["States"] if name != target)
        home = pointer[: _state_end(pointer)]
        scope_at = home[:-2] if home else pointer[:-1]
        draw = random.Random("/".join(map(str, pointer)))
        for other in draw.sample(others, min(REROUTES, len(others))):
            also = ((*scope_at, "States", target), (*scope_at, "States", other))
            yield Change(pointer, other, f"{target} -> {other}", also)


def _state_end(pointer: Pointer) -> int:
    """How much of a pointer leads to its innermost state."""
    return max((i + 2 for i, part in enumerate(pointer[:-1]) if part == "States"), default=0)


def _is_release(state: Machine) -> bool:
    return "deleteItem" in str(state.get("Resource")) or "updateItem" in str(state.get("Resource"))


OPERATORS: Final[Mapping[str, Operator]] = {
    "drop-catcher": _each_of("Catch"),
    "drop-retrier": _each_of("Retry"),
    "drop-release": _skipped(_is_release),
    "drop-call": _skipped(lambda state: state["Type"] == "Task" and not _is_release(state)),
    "drop-default": _field("Default"),
    "drop-wait": _skipped(lambda state: state["Type"] == "Wait"),
    "drop-step": _nodes(_counter_step),
    "drop-limit": _counter_limit,
    "drop-condition": _arguments(lambda name: name == "ConditionExpression"),
    "drop-token": _arguments(lambda name: name in ("ClientRequestToken", "Name")),
    "drop-argument": _arguments(lambda name: name not in ("ConditionExpression", "ClientRequestToken", "Name")),
    "drop-timeout": _field("TimeoutSeconds"),
    "rename-assignment": _renamed_assignments,
    "rename-read": _renamed_reads,
    "misspell-member": _nodes(_members),
    "change-status": _nodes(_statuses),
    "shorten-lease": _nodes(_shorter_lease),
    "lengthen-wait": _longer_poll,
    "raise-limit": _nodes(_higher_limit),
    "reroute": _rerouted,
}


def mutants(machine: str) -> Iterator[Mutant]:
    """Every mutant of a definition, operator by operator."""
    original = whole(machine)
    for name, operator in OPERATORS.items():
        for change in operator(original):
            definition = copy.deepcopy(original)
            holder = at(definition, change.pointer[:-1])
            if change.value is DROP:
                del holder[change.pointer[-1]]
            else:
                holder[change.pointer[-1]] = change.value
            assert definition != original, f"{name} {change.pointer}"
            home = change.pointer[: _state_end(change.pointer)]
            where = "/".join(str(part) for part in change.pointer if part not in ("States", "ItemProcessor", "Branches"))
            yield Mutant(name, machine, (home, *change.also), f"{where} {change.words}", definition)


@cache
def all_mutants() -> tuple[Mutant, ...]:
    """Every mutant of the five definitions."""
    return tuple(mutant for machine in MACHINES for mutant in mutants(machine))


def text_of(mutant: Mutant) -> str:
    """The definition as a file's text."""
    return json.dumps(mutant.definition, indent=2, ensure_ascii=False)
