"""Whether two calls speak of the same thing: their arguments compared as they are written.

Fixed values are the same or not. Expressions and paths with one text are the same if nothing that they read has changed in
between, which is for the caller to find out; with two texts nobody knows.
"""

import json
from collections.abc import Mapping

from asl_lint.expressions.intrinsics import Intrinsic, parse_dynamic
from asl_lint.facts.cells import Cell, cell_of_path
from asl_lint.late import Any, Final, Literal, NamedTuple, Pattern
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import Placeholder, has_placeholder

Relation = Literal["same", "different", "unknown"]


class Comparison(NamedTuple):
    """How two values relate; they are the ``same`` only while none of ``cells`` changes."""

    relation: Relation
    cells: tuple[Cell, ...] = ()

    def __and__(self, other: "Comparison") -> "Comparison":
        """Of a pair of values: different if one differs."""
        relations = (self.relation, other.relation)
        relation: Relation = "different" if "different" in relations else "unknown" if "unknown" in relations else "same"
        return Comparison(relation, tuple(dict.fromkeys((*self.cells, *other.cells))))


SAME: Final = Comparison("same")
DIFFERENT: Final = Comparison("different")
UNKNOWN: Final = Comparison("unknown")


def compare(one: Any, other: Any, first: State, second: State, within: bool = False) -> Comparison:
    """How a value of the arguments of ``first`` relates to one of ``second``. ``within``: what only ``one`` has is left out."""
    result = SAME
    pending: list[tuple[Any, Any, bool, bool]] = [(one, other, False, within)]
    while pending:
        left, right, is_path, partly = pending.pop()
        if is_path or is_unknown(left) or is_unknown(right) or not isinstance(left, Mapping | list):
            result &= _compare_values(left, right, is_path, first, second)
        elif isinstance(left, Mapping):
            if not isinstance(right, Mapping):
                return UNKNOWN if _is_dynamic(right) else DIFFERENT
            mine, theirs = _members(left, first), _members(right, second)
            if (partly and not theirs.keys() <= mine.keys()) or (not partly and theirs.keys() != mine.keys()):
                return UNKNOWN if any(has_placeholder(name) for name in (*mine, *theirs)) else DIFFERENT
            for name, (value, path) in theirs.items():
                own, own_path = mine[name]
                if path is not own_path:
                    result &= UNKNOWN
                else:
                    pending.append((own, value, path, False))
        elif not isinstance(right, list) or len(right) != len(left):
            return UNKNOWN if _is_dynamic(right) else DIFFERENT
        else:
            pending += [(a, b, False, False) for a, b in zip(left, right, strict=True)]
        if result.relation == "different":
            return result
    return result


def _members(value: Mapping[str, Any], state: State) -> dict[str, tuple[Any, bool]]:
    """The members by name; those of JSONPath states that are paths (``name.$``) marked."""
    if state.language == "JSONata":
        return {name: (member, False) for name, member in value.items()}
    return {name.removesuffix(".$"): (member, name.endswith(".$")) for name, member in value.items()}


def _compare_values(one: object, other: object, is_path: bool, first: State, second: State) -> Comparison:
    if not is_path and not _is_dynamic(one) and not _is_dynamic(other):
        return _compare_fixed(one, other)
    if first.language != second.language or not isinstance(one, str) or not isinstance(other, str):
        return UNKNOWN
    if _plain(one) != _plain(other) or is_unknown(one):
        return UNKNOWN
    if not is_path:
        return _of_expression(one)
    if first.body.get("InputPath", "$") != "$" or second.body.get("InputPath", "$") != "$":
        return UNKNOWN
    return _of_path(one)


def _is_dynamic(value: object) -> bool:
    return isinstance(value, str) and value.startswith("{%")


def _compare_fixed(one: object, other: object) -> Comparison:
    texts = [value.text if isinstance(value, Placeholder) else json.dumps(value, default=str) for value in (one, other)]
    if texts[0].strip('"') == texts[1].strip('"') and type(one) is type(other):
        return SAME
    hidden = [is_unknown(value) or has_placeholder(text) for value, text in zip((one, other), texts, strict=True)]
    # Two placeholders are two values that a deployment chooses; a placeholder and a text may be one.
    return UNKNOWN if hidden[0] is not hidden[1] else DIFFERENT


_TEXTS: Final = Pattern(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|\s+""")
_CONTEXT: Final = Pattern(r"\$states\s*\.\s*context\s*(?:\.\s*(\w+))?")
_RESTLESS: Final = Pattern(r"\$(?:now|millis|random|uuid)\s*\(")


def _plain(text: str) -> str:
    """Without white space outside of strings."""
    return _TEXTS.sub(lambda found: found[1] or "", text)


def _of_expression(text: str) -> Comparison:
    from asl_lint.facts.jsonata_conditions import expression_tree
    from asl_lint.facts.jsonata_effects import reads_of

    tree = expression_tree(text)
    if (
        tree is None
        or _RESTLESS.search(text)
        or any(part not in ("Execution", "StateMachine") for part in _CONTEXT.findall(text))
    ):
        return UNKNOWN
    made = reads_of(tree, "hidden")
    if made.kind == "hidden":
        return UNKNOWN
    return Comparison("same", tuple(cell for cell in made.reads if cell.root != "context"))


def _of_path(text: str) -> Comparison:
    parsed = parse_dynamic(text)
    if parsed.errors:
        return UNKNOWN
    if isinstance(parsed, Intrinsic) and any(call.name in ("States.UUID", "States.MathRandom") for call in parsed.calls()):
        return UNKNOWN
    cells: list[Cell] = []
    for path in parsed.paths():
        cell = cell_of_path(path)
        if cell is None:
            return UNKNOWN
        if cell.root == "context":
            if cell.members[:1] not in (("Execution",), ("StateMachine",)):
                return UNKNOWN
        else:
            cells.append(cell)
    return Comparison("same", tuple(cells))
