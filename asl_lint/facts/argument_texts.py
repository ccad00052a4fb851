"""What texts the arguments of a call can be: literals, placeholders, and ``*`` for the part that only a run knows.

A variable is followed to all places that assign it, whatever their order, so that an answer holds on every way. A text that
cannot be told is ``*``.
"""

import re
from collections.abc import Iterator, Mapping

from asl_lint.late import TYPE_CHECKING, Any, Final, Pattern
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.placeholders import Placeholder

if TYPE_CHECKING:
    from asl_lint.expressions.jsonata.nodes import Node

ANY: Final = "*"
_DEEPEST: Final = 6
_PARTS: Final = Pattern(r"\w+|\[\]")


class ArgumentTexts:
    """The texts of one machine's arguments."""

    def __init__(self, machine: StateMachine) -> None:
        self._assigned: dict[str, list[tuple[State, object]]] = {}
        for state in machine.states:
            for name, value in _assignments(state.body):
                self._assigned.setdefault(name.removesuffix(".$"), []).append((state, None if name.endswith(".$") else value))

    def member(self, state: State, arguments: object, path: str) -> tuple[str, ...] | None:
        """The texts that a member (``TableName``, ``Job.Name``, ``Entries[].Bus=default``) can be; None if it is not written."""
        if path == "**.TableName":
            return self._tables(state, arguments)
        path, _, default = path.partition("=")
        if not isinstance(arguments, Mapping):
            return None if arguments is None else (ANY,)
        found: list[str] = []
        for value in _values(arguments, _PARTS.findall(path)):
            found += [default] if value is _ABSENT and default else [] if value is _ABSENT else self.texts(state, value)
        return tuple(dict.fromkeys(found)) or None

    def texts(self, state: State, value: object, depth: int = 0) -> tuple[str, ...]:
        """The texts that a value can be."""
        if isinstance(value, Placeholder):
            return (value.text,)
        if not isinstance(value, str):
            return (ANY,)
        if state.language != "JSONata":
            return (value,)
        if not (value.startswith("{%") and value.endswith("%}")):
            return (ANY,) if "{%" in value else (value,)
        node = _tree(value)
        return (ANY,) if node is None or depth > _DEEPEST else self._of_node(node, depth)

    def origins(self, state: State, value: object, member: str) -> tuple[State, ...] | None:
        """The Tasks whose result's ``member`` a value is, where it can be nothing else; None: it may come from elsewhere."""
        from asl_lint.expressions.jsonata import nodes

        if state.language != "JSONata" or not isinstance(value, str) or not value.startswith("{%"):
            return None
        node = _tree(value)
        if not isinstance(node, nodes.Variable) or node.name not in self._assigned:
            return None
        found: list[State] = []
        for assigning, assigned in self._assigned[node.name]:
            if not isinstance(assigned, str) or not assigned.startswith("{%") or assigning.type != "Task":
                return None
            tree = _tree(assigned)
            if not isinstance(tree, nodes.Path) or _names(tree) != ("states", "result", member):
                return None
            found.append(assigning)
        return tuple(found)

    def _of_node(self, node: "Node", depth: int) -> tuple[str, ...]:
        from asl_lint.expressions.jsonata import nodes

        if isinstance(node, nodes.String):
            return (node.value,)
        if isinstance(node, nodes.Binary) and node.operator == "&":
            heads = self._of_node(node.left, depth + 1)
            tails = self._of_node(node.right, depth + 1)
            joined = {_squeezed(head + tail) for head in heads for tail in tails}
            return tuple(sorted(joined)) if len(joined) <= _DEEPEST else (ANY,)
        if isinstance(node, nodes.Variable) and node.name in self._assigned and depth <= _DEEPEST:
            found: list[str] = []
            for state, value in self._assigned[node.name]:
                found += self.texts(state, value, depth + 1)
            return tuple(dict.fromkeys(found))
        return (ANY,)

    def _tables(self, state: State, arguments: object) -> tuple[str, ...] | None:
        """The tables of a call on several: keys of ``RequestItems``, ``TableName`` of ``TransactItems``."""
        if not isinstance(arguments, Mapping):
            return None
        requested = arguments.get("RequestItems")
        if isinstance(requested, Mapping):
            return tuple(ANY if key.endswith(".$") else key for key in requested) or None
        items = arguments.get("TransactItems")
        if not isinstance(items, list):
            return None
        found: list[str] = []
        for item in items:
            operations = [one for one in item.values() if isinstance(one, Mapping)] if isinstance(item, Mapping) else []
            found += [text for one in operations for text in self.member(state, one, "TableName") or (ANY,)] or [ANY]
        return tuple(dict.fromkeys(found)) or None


class _Absent:
    __slots__ = ()


_ABSENT: Final = _Absent()


def _values(value: object, parts: list[str]) -> Iterator[object]:
    """The values at a path; ``_ABSENT`` for each place where it leads to nothing, None where it leads through the unknown."""
    if not parts:
        yield value
        return
    first, rest = parts[0], parts[1:]
    if first == "[]":
        if isinstance(value, list):
            for element in value:
                yield from _values(element, rest)
        else:
            yield None
    elif isinstance(value, Mapping):
        if first + ".$" in value:
            yield None
        elif first in value:
            yield from _values(value[first], rest)
        else:
            yield _ABSENT
    else:
        yield None


def _assignments(body: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    holders: list[object] = [body]
    for field in ("Choices", "Catch"):
        held = body.get(field)
        holders += held if isinstance(held, list) else []
    for holder in holders:
        assigned = holder.get("Assign") if isinstance(holder, Mapping) else None
        if isinstance(assigned, Mapping):
            yield from assigned.items()


def _tree(text: str) -> "Node | None":
    from asl_lint.expressions.jsonata import parse

    tree, errors = parse(text[2:-2])
    return None if errors else tree.body


def _names(path: Any) -> tuple[str, ...]:
    names = [getattr(path.steps[0], "name", "")]
    names += [step.value if type(step).__name__ == "Name" else "" for step in path.steps[1:]]
    return tuple(names)


def _squeezed(text: str) -> str:
    return re.sub(r"\*(?:/?\*)+", ANY, text)
