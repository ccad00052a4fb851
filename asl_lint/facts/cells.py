"""Cells: the places that tests and counters read by name, spelled alike in both query languages.

``$n`` is a variable in both; ``$.a.b`` (JSONPath) and ``$states.input.a.b`` (JSONata) are the same place of a state's input.
"""

from functools import lru_cache

from asl_lint.expressions.jsonata.nodes import Call, Expression, Filter, KeepArray, Name, Node, Number, Path, String, Variable
from asl_lint.expressions.jsonpath import Path as JsonPath
from asl_lint.expressions.jsonpath import parse_path
from asl_lint.late import Literal, NamedTuple


class Cell(NamedTuple):
    """A place: a ``variable`` called ``name``, a state's ``input``, or the ``context`` object, and the members below it.

    ``measure`` is ``count`` for the number of values there rather than the values.
    """

    root: Literal["variable", "input", "context"]
    name: str = ""
    members: tuple[str | int, ...] = ()
    measure: Literal["", "count"] = ""

    def holds(self, other: "Cell") -> bool:
        """Whether the other is this place or a place inside it."""
        return self.place == (other.root, other.name, other.members[: len(self.members)])

    @property
    def place(self) -> tuple[str, str, tuple[str | int, ...]]:
        """The place without the measure."""
        return self.root, self.name, self.members

    def __str__(self) -> str:
        """As JSONata spells it."""
        root = {"variable": f"${self.name}", "input": "$states.input", "context": "$states.context"}[self.root]
        text = root + "".join(f"[{m}]" if isinstance(m, int) else f".{m}" for m in self.members)
        return f"$count({text})" if self.measure else text

    def spelled(self, language: str) -> str:
        """As the query language spells it, where it can."""
        return str(self).replace("$states.input", "$") if language == "JSONPath" else str(self)


def cell_of_node(node: Node) -> Cell | None:
    """The cell that an expression is; None for anything that computes."""
    node = bare(node)
    if isinstance(node, Call):
        if not isinstance(node.function, Variable) or node.function.name != "count" or len(node.arguments) != 1:
            return None
        inner = cell_of_node(node.arguments[0])
        return None if inner is None or inner.measure else inner._replace(measure="count")
    members: list[str | int] = []
    steps = node.steps if isinstance(node, Path) else (node,)
    root: str | None = None
    for i, step in enumerate(steps):
        indices: list[int] = []
        while isinstance(step, Filter | KeepArray):
            if isinstance(step, Filter):
                index = step.predicate
                if not isinstance(index, Number) or not isinstance(index.value, int):
                    return None
                indices.append(index.value)
            step = step.expression
        if i == 0:
            if not isinstance(step, Variable) or step.name in ("", "$"):
                return None
            root = step.name
        elif isinstance(step, Name | String):
            members.append(step.value)
        else:
            return None
        members += reversed(indices)
    if root != "states":
        return Cell("variable", root or "", tuple(members))
    if members and members[0] in ("input", "context"):
        return Cell("input" if members[0] == "input" else "context", "", tuple(members[1:]))
    return None


def bare(node: Node) -> Node:
    """Without the parentheses around it, and without the root."""
    while True:
        if isinstance(node, Expression):
            if node.rest:
                return node
            node = node.body
        elif type(node).__name__ == "Block" and len(node.children()) == 1:
            node = node.children()[0]
        else:
            return node


def cell_of_path(path: JsonPath) -> Cell | None:
    """The cell that a JSONPath names; None where it is none, or names several places."""
    if path.errors or path.root not in ("input", "context", "variable"):
        return None
    members: list[str | int] = []
    for step in path.steps:
        if step.kind == "member":
            members.append(step.names[0])
        elif step.kind == "index" and isinstance(step.indices[0], int):
            members.append(step.indices[0])
        else:
            return None
    return Cell(path.root, path.variable or "", tuple(members))


@lru_cache(maxsize=2048)
def cell_of_path_text(text: str) -> Cell | None:
    """The cell at a JSONPath that is written so. A machine says the same few paths again and again."""
    return cell_of_path(parse_path(text))


def parse_cell(text: str) -> Cell | None:
    """The cell that a rule's author names: ``$n``, ``$.a.b``, ``$states.input.a.b``; None for anything else."""
    from asl_lint.expressions.jsonata import parse

    if text == "$" or text.startswith(("$.", "$[", "$$")):
        return cell_of_path_text(text)
    tree, errors = parse(text)
    return None if errors else cell_of_node(tree)
