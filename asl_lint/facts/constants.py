"""Values that are the same in every run: a state's input after a Pass with fixed output, and variables set to literals.

Forward over each scope's graph; where two ways meet with different values, nothing is known. Only what the text writes out is
followed: literals, paths into known values, expressions that are literals. Linear but for loops, where a value changes once.
"""

import re
from collections.abc import Mapping, Sequence

from asl_lint.facts.graph import Edge, FlowGraph
from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple, Pattern
from asl_lint.model.machine import State
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder

if TYPE_CHECKING:
    from asl_lint.expressions.jsonata.nodes import Expression, Node
    from asl_lint.expressions.jsonpath import Path
    from asl_lint.facts.machine_facts import Facts


class Unknown:
    """A value that differs from run to run, or that the text does not give."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "UNKNOWN"


class Absent:
    """No value at all: a path that leads to nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "ABSENT"


UNKNOWN: Final = Unknown()
ABSENT: Final = Absent()


class Known(NamedTuple):
    """What is known before a state: its ``input`` (``UNKNOWN``, or a JSON value) and the variables with one value."""

    input: Any
    variables: Mapping[str, Any]


NOTHING_KNOWN: Final = Known(UNKNOWN, {})
_DEEPEST: Final = 20
"""Levels of objects and arrays that a value has at the most to be followed."""
_MOST_VARIABLES: Final = 100


def known_values(facts: "Facts") -> dict[Pointer, Known]:
    """What is known before each state that is reached, by the state's pointer."""
    found: dict[Pointer, Known] = {}
    for scope in facts.machine.scopes:
        graph = facts.graph.of(scope)
        entry = NOTHING_KNOWN
        if scope.parent is not None and not scope.is_distributed and scope.parent.pointer in found:
            variables = found[scope.parent.pointer].variables
            entry = Known(UNKNOWN, variables) if variables else NOTHING_KNOWN
        gives = [_may_give(state) for state in graph.states]
        if graph.gaps or not (entry.variables or any(gives)):
            continue
        for node, known in _solve(graph, entry, gives).items():
            if node < len(graph.states):
                found[graph.states[node].pointer] = known
    return found


def _may_give(state: State) -> bool:
    """Whether the state may give an output, or set a variable, that is the same in every run."""
    body = state.body
    if state.type == "Pass" and ("Result" in body or "Parameters" in body) and _written_output(state) is not UNKNOWN:
        return True
    if "Assign" in body or ("Output" in body and is_followed(body["Output"])):
        return True
    members = body.get("Choices" if state.type == "Choice" else "Catch")
    return isinstance(members, list) and any(isinstance(m, dict) and ("Assign" in m or "Output" in m) for m in members)


_FOLLOWED: Final = Pattern(
    r"""\{%\s*(?:-?[\d.]+(?:[eE][+-]?\d+)?|true|false|null|'[^']*'|"[^"]*"|\$\w+(?:\.\w+)*|[\[{(].*)\s*%\}\Z""", re.DOTALL
)


def is_followed(value: object) -> bool:
    """Whether a value is fixed or an expression that may be followed: a literal, a path of names, a constructor."""
    return not isinstance(value, str) or not value.startswith("{%") or _FOLLOWED.match(value) is not None


def _solve(graph: FlowGraph, entry: Known, gives: Sequence[bool]) -> dict[int, Known]:
    before: dict[int, Known] = {graph.start: entry}
    # With more variables than that, a copy of them for each edge would cost too much.
    follows = len({name for edge in graph.edges for name in edge.assigns}) <= _MOST_VARIABLES
    waiting = {edge.target for edge in graph.out[graph.start]}
    while waiting:
        # In reverse post-order a node comes after those that lead to it, but for loops.
        for node in graph.order:
            if node not in waiting:
                continue
            waiting.discard(node)
            joined: Known | None = None
            for edge in graph.into[node]:
                source = before.get(edge.source)
                if source is None:
                    continue
                is_empty = source is NOTHING_KNOWN and edge.source < len(gives) and not gives[edge.source]
                after = NOTHING_KNOWN if is_empty else _after(graph, edge, source, follows)
                joined = after if joined is None else _join(joined, after)
            if joined is None or (node in before and _same(before[node], joined)):
                continue
            # A value may only be lost from round to round, so that this ends.
            before[node] = _join(before[node], joined) if node in before else joined
            waiting.update(edge.target for edge in graph.out[node])
    return before


def _same(one: Known, other: Known) -> bool:
    if one is other:
        return True
    if not equal(one.input, other.input) or one.variables.keys() != other.variables.keys():
        return False
    return all(equal(value, other.variables[name]) for name, value in one.variables.items())


def _join(one: Known, other: Known) -> Known:
    kept = one.variables
    if one.variables is not other.variables:
        kept = {n: v for n, v in one.variables.items() if n in other.variables and equal(v, other.variables[n])}
    known = one.input if equal(one.input, other.input) else UNKNOWN
    return Known(known, kept) if kept or known is not UNKNOWN else NOTHING_KNOWN


def equal(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON; true is not 1."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(equal(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(equal(a, b) for a, b in zip(one, other, strict=True))
    return bool(one == other)


def _after(graph: FlowGraph, edge: Edge, before: Known, follows: bool) -> Known:
    state = graph.state(edge.source)
    if state is None:
        return before
    variables = before.variables
    holder: Mapping[str, Any] = state.body
    if edge.kind in ("rule", "catch"):
        members = state.body["Choices" if edge.kind == "rule" else "Catch"]
        holder = members[edge.index]
    if edge.assigns and not follows:
        variables = {name: value for name, value in variables.items() if name not in edge.assigns}
    elif edge.assigns:
        variables = {**variables, **_assigned(state, holder, edge, before)}
        variables = {name: value for name, value in variables.items() if value is not UNKNOWN}
    output = _output(state, holder, edge, before)
    return Known(output, variables) if variables or output is not UNKNOWN else NOTHING_KNOWN


def _assigned(state: State, holder: Mapping[str, Any], edge: Edge, before: Known) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(edge.assigns, UNKNOWN)
    for key, value in holder["Assign"].items():
        if state.language == "JSONPath":
            if key.endswith(".$"):
                # A Task's Assign reads its result; of the others it reads the input.
                reads = state.type in ("Pass", "Wait", "Choice") and edge.kind != "catch" and _passes_input(state)
                found[key[:-2]] = value_of_path(value, before) if reads else UNKNOWN
            else:
                found[key] = value if is_fixed(value) else UNKNOWN
        else:
            found[key] = value_of_jsonata(value, before)
        name = key.removesuffix(".$")
        if found[name] is ABSENT:
            found[name] = UNKNOWN
    return found


def _passes_input(state: State) -> bool:
    return not any(field in state.body for field in ("InputPath", "Parameters", "Result", "ResultPath", "OutputPath"))


def _output(state: State, holder: Mapping[str, Any], edge: Edge, before: Known) -> Any:
    """What the next state gets as its input."""
    body = state.body
    if not state.is_language_known or edge.kind in ("catch", "error"):
        return UNKNOWN
    if state.language == "JSONata":
        if "Output" in holder:
            value = value_of_jsonata(holder["Output"], before)
            return UNKNOWN if value is ABSENT else value
        return before.input if state.type in ("Pass", "Wait", "Choice") else UNKNOWN
    if state.type == "Pass" and ("Result" in body or "Parameters" in body):
        return _written_output(state)
    return before.input if state.type in ("Pass", "Wait", "Choice") and _hands_on_all(body) else UNKNOWN


def _written_output(state: State) -> Any:
    """What a Pass with Result or Parameters gives, where that is written out and all that it gives."""
    body = state.body
    if state.language == "JSONata" or not state.is_language_known or not _hands_on_all(body):
        return UNKNOWN
    if "Result" in body:
        return body["Result"] if is_fixed(body["Result"], keys=False) else UNKNOWN
    return body["Parameters"] if is_fixed(body["Parameters"]) else UNKNOWN


def _hands_on_all(body: Mapping[str, Any]) -> bool:
    return not any(field in body and body[field] != "$" for field in ("InputPath", "ResultPath", "OutputPath"))


def is_fixed(value: object, *, keys: bool = True) -> bool:
    """Whether a JSON value holds nothing that is evaluated or filled in; ``keys``: a key that ends in ``.$`` is evaluated."""
    pending = [(value, 0)]
    while pending:
        inner, depth = pending.pop()
        if is_unknown(inner) or depth > _DEEPEST:
            return False
        if isinstance(inner, dict):
            if any((keys and key.endswith(".$")) or has_placeholder(key) for key in inner):
                return False
            pending += [(member, depth + 1) for member in inner.values()]
        elif isinstance(inner, list):
            pending += [(element, depth + 1) for element in inner]
    return True


# --- values of texts --------------------------------------------------------------------------------------------------------


def value_of_path(text: object, known: Known) -> Any:
    """What a JSONPath of names and indices gives: a value, ``ABSENT`` if it leads to nothing, or ``UNKNOWN``."""
    from asl_lint.expressions.jsonpath import parse_path

    if not isinstance(text, str) or not text.startswith("$") or has_placeholder(text):
        return UNKNOWN
    return follow(parse_path(text), known)


def follow(path: "Path", known: Known) -> Any:
    """What a parsed path gives."""
    if path.errors or path.root not in ("input", "variable"):
        return UNKNOWN
    value = known.input if path.root == "input" else known.variables.get(path.variable or "", UNKNOWN)
    for step in path.steps:
        if value is UNKNOWN or step.kind not in ("member", "index") or (step.kind == "index" and step.indices[0] is None):
            return UNKNOWN
        if step.kind == "member":
            value = value.get(step.names[0], ABSENT) if isinstance(value, dict) else ABSENT
        else:
            index = step.indices[0] or 0
            inside = isinstance(value, list) and -len(value) <= index < len(value)
            value = value[index] if inside else ABSENT
        if value is ABSENT:
            return ABSENT
    return value


def value_of_jsonata(value: object, known: Known, depth: int = 0) -> Any:
    """What a field of a JSONata state gives: a fixed value itself; of an expression what a literal or a known place gives."""
    if is_unknown(value) or depth > _DEEPEST:
        return UNKNOWN
    if isinstance(value, str) and value.startswith("{%") and value.endswith("%}"):
        tree = _tree(value) if is_followed(value) else None
        return UNKNOWN if tree is None else value_of_node(tree.body, known)
    if isinstance(value, dict):
        members = {key: value_of_jsonata(member, known, depth + 1) for key, member in value.items()}
        gaps = any(m is UNKNOWN or m is ABSENT for m in members.values()) or any(map(has_placeholder, value))
        return UNKNOWN if gaps else members
    if isinstance(value, list):
        elements = [value_of_jsonata(element, known, depth + 1) for element in value]
        return UNKNOWN if any(e is UNKNOWN or e is ABSENT for e in elements) else elements
    return value


def _tree(text: str) -> "Expression | None":
    """The tree of an expression in its delimiters; None if it has errors."""
    from asl_lint.expressions.jsonata import parse

    tree, errors = parse(text[2:-2])
    return None if errors else tree


def value_of_node(node: "Node", known: Known, depth: int = 0) -> Any:
    """What an expression gives if it is a literal, a variable, or a field of the input; UNKNOWN for all else."""
    from asl_lint.expressions.jsonata import nodes

    if isinstance(node, nodes.String | nodes.Number | nodes.Boolean):
        return node.value
    if isinstance(node, nodes.Null):
        return None
    if isinstance(node, nodes.Block) and len(node.expressions) == 1 and depth < _DEEPEST:
        return value_of_node(node.expressions[0], known, depth + 1)
    if isinstance(node, nodes.Negate) and isinstance(node.operand, nodes.Number):
        return -node.operand.value
    if isinstance(node, nodes.Array) and depth < _DEEPEST:
        items = [value_of_node(item, known, depth + 1) for item in node.items]
        # An array that is written inside an array is kept; one that is read there is taken apart, and not followed.
        taken_apart = any(
            isinstance(item, list) and not isinstance(written, nodes.Array)
            for item, written in zip(items, node.items, strict=True)
        )
        return UNKNOWN if taken_apart or any(item is UNKNOWN or item is ABSENT for item in items) else items
    if isinstance(node, nodes.Object) and depth < _DEEPEST:
        pairs = [
            (pair.key.value, value_of_node(pair.value, known, depth + 1))
            for pair in node.pairs
            if isinstance(pair.key, nodes.String)
        ]
        if len(pairs) < len(node.pairs) or any(value is UNKNOWN or value is ABSENT for _, value in pairs):
            return UNKNOWN
        return dict(pairs)
    if isinstance(node, nodes.Variable):
        return known.variables.get(node.name, UNKNOWN)
    if isinstance(node, nodes.Path) and isinstance(node.steps[0], nodes.Variable):
        return _value_of_steps(node, known)
    return UNKNOWN


def _value_of_steps(node: Any, known: Known) -> Any:
    names = [step.value for step in node.steps[1:] if type(step).__name__ == "Name"]
    if len(names) < len(node.steps) - 1:
        return UNKNOWN
    value = known.variables.get(node.steps[0].name, UNKNOWN)
    if node.steps[0].name == "states":
        if names[:1] != ["input"]:
            return UNKNOWN
        value, names = known.input, names[1:]
    for name in names:
        if not isinstance(value, dict):  # of an array, JSONata takes the field of each
            return UNKNOWN if value is UNKNOWN or isinstance(value, list) else ABSENT
        value = value.get(name, ABSENT)
        if value is ABSENT:
            return ABSENT
    return value
