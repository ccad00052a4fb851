"""Choice states without a Default whose rules may all fail to hold: the execution ends then with States.NoChoiceMatched.

Rules that leave nothing open are seen by their form: together they take every answer to one question, such as a test and its
opposite, or all of less, equal and greater. Linear.
"""

import json
import re
from collections.abc import Iterator, Mapping

from asl_lint.facts.match import Match
from asl_lint.facts.values import alternatives, shown
from asl_lint.late import TYPE_CHECKING, Any, Final, Pattern
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown

if TYPE_CHECKING:
    from asl_lint.expressions.jsonata.nodes import Binary, Node
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]

Test = tuple[tuple[str, ...], frozenset[str]]
"""What a rule asks, and the answers for which it holds; the question of a rule that always holds is empty."""

_ORDER: Final = frozenset("<=>")
_BOTH: Final = frozenset(("yes", "no"))
_ALWAYS: Final[Test] = ((), _BOTH)
_RELATIONS: Final = {
    "=": frozenset("="), "!=": frozenset("<>"), "<": frozenset("<"), "<=": frozenset("<="), ">": frozenset(">"),
    ">=": frozenset(">="),
}  # fmt: skip
_MIRRORED: Final = str.maketrans("<>", "><")


def missing_default_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about Choice states. Of one whose rules do not show it by their form, the types of what they test may."""
    document = facts.document
    for state in facts.machine.states:
        if state.type != "Choice" or "Default" in state.body or not state.is_language_known:
            continue
        rules = state.body.get("Choices")
        if not isinstance(rules, list) or not rules or not document.is_whole(state.pointer):
            continue
        if not any(is_unknown(rule) or not isinstance(rule, Mapping) for rule in rules) and not _leave_nothing(state, rules):
            leaves, hint = _left_by_types(facts, state)
            if leaves:
                yield "missing-default", Match((*state.pointer, "Choices"), {"state": state.name}, "key", help=hint)


def _left_by_types(facts: "Facts", state: State) -> tuple[bool, str | None]:
    """Whether some value may be left to no rule, and, where these are listed, which."""
    from asl_lint.facts.type_faults import types_say

    if not types_say(facts):
        return True, None
    if facts.types.before(state) is None:
        return True, None
    left = facts.types.left(state)
    if left is None:
        return False, None
    from asl_lint.facts.choice_subjects import subjects, texts_at

    asked = subjects(facts, state)
    texts = texts_at(left, asked[0]) if len(asked) == 1 else None
    if not texts or len(texts) > _MOST_LISTED:
        return True, None
    return True, f"no rule holds where {asked[0].written} is {alternatives([shown(text) for text in sorted(texts)])}"


_MOST_LISTED: Final = 8


def _leave_nothing(state: State, rules: list[Mapping[str, Any]]) -> bool:
    """Whether one of the rules holds in any case, as far as their form tells."""
    taken: dict[tuple[str, ...], frozenset[str]] = {}
    for rule in rules:
        tests = _in_jsonata(rule.get("Condition")) if state.language == "JSONata" else _in_jsonpath(rule, answer=True)
        for question, answers in tests:
            answers = taken[question] = taken.get(question, frozenset()) | answers
            if answers >= _ORDER or answers >= _BOTH:
                return True
    return False


def _asked(question: tuple[str, ...], *, answer: bool) -> Test:
    return question, frozenset(("yes",) if answer else ("no",))


def _ordered(question: tuple[str, ...], relation: frozenset[str], *, answer: bool) -> Test:
    return question, relation if answer else _ORDER - relation


# --- JSONPath ---------------------------------------------------------------------------------------------------------------

_COMPARISON: Final = Pattern(r"(String|Numeric|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals)(Path)?")
_SIGNS: Final = {"Equals": "=", "LessThan": "<", "GreaterThan": ">", "LessThanEquals": "<=", "GreaterThanEquals": ">="}
_OF_RULES: Final = ("Next", "Assign", "Comment")


def _in_jsonpath(rule: object, *, answer: bool) -> Iterator[Test]:
    """The tests of which one suffices for the rule to hold, or, for the other answer, not to."""
    if not isinstance(rule, Mapping):
        return
    if "Not" in rule:
        yield from _in_jsonpath(rule["Not"], answer=not answer)
        return
    parts = rule.get("Or" if answer else "And")
    for part in parts if isinstance(parts, list) else ():
        yield from _in_jsonpath(part, answer=answer)
    variable = str(rule.get("Variable"))
    for field, value in rule.items():
        found = _COMPARISON.fullmatch(field)
        if found is not None:
            question = (found[1], str(found[3]), variable, repr(value))
            yield _ordered(question, _RELATIONS[_SIGNS[found[2]]], answer=answer)
        elif isinstance(value, bool) and (field == "BooleanEquals" or field.startswith("Is")):
            yield _asked((field, variable), answer=value is answer)
        elif field == "StringMatches" and value == "*" and answer:
            yield _ALWAYS
    plain = {field: value for field, value in rule.items() if field not in _OF_RULES}
    yield _asked((json.dumps(plain, sort_keys=True, default=repr),), answer=answer)


# --- JSONata ----------------------------------------------------------------------------------------------------------------


def _in_jsonata(condition: object) -> Iterator[Test]:
    if condition is True:
        yield _ALWAYS
    if not isinstance(condition, str) or not condition.startswith("{%") or not condition.endswith("%}"):
        return
    from asl_lint.expressions.jsonata import parse

    tree, errors = parse(condition[2:-2])
    if errors:
        yield _asked((" ".join(condition[2:-2].split()),), answer=True)
    else:
        yield from _of_node(tree.body, tree.text, answer=True)


def _of_node(tree: "Node", text: str, *, answer: bool) -> Iterator[Test]:
    """The tests of which one suffices for the node to count as true, or, for the other answer, not to."""
    from asl_lint.expressions.jsonata.nodes import Binary, Block, Boolean, Call, Variable

    waiting: list[tuple[Node, bool]] = [(tree, answer)]
    while waiting:
        node, answer = waiting.pop()
        if isinstance(node, Block) and len(node.expressions) == 1:
            waiting.append((node.expressions[0], answer))
        elif isinstance(node, Boolean):
            yield from [_ALWAYS] * (node.value is answer)
        elif isinstance(node, Call) and isinstance(node.function, Variable) and node.function.name in ("not", "boolean"):
            waiting += [(one, answer is (node.function.name == "boolean")) for one in node.arguments[:1]]
        elif isinstance(node, Binary) and node.operator in _RELATIONS:
            yield from _compared(node, text, answer=answer)
        else:
            if isinstance(node, Binary) and node.operator == ("or" if answer else "and"):
                waiting += [(node.left, answer), (node.right, answer)]
            yield _asked((_written(node, text),), answer=answer)


def _compared(node: "Binary", text: str, *, answer: bool) -> Iterator[Test]:
    from asl_lint.expressions.jsonata.nodes import Boolean

    left, right = _written(node.left, text), _written(node.right, text)
    relation = _RELATIONS[node.operator]
    if node.operator == "=" and isinstance(node.right, Boolean):
        yield _asked((left,), answer=node.right.value is answer)
        return
    if left == right:
        yield from [_ALWAYS] * (("=" in relation) is answer)
        return
    if left > right:
        left, right, relation = right, left, frozenset(sign.translate(_MIRRORED) for sign in relation)
    yield _ordered((left, "?", right), relation, answer=answer)
    if right == "0" and left.startswith(("$count(", "$length(")):
        yield (left, "?", right), frozenset("<")  # there are never fewer than none


_PIECE: Final = Pattern(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|/\*.*?\*/|\s*([^\w\s$'"`])\s*|\s+""", re.DOTALL)


def _written(node: "Node", text: str) -> str:
    """The text of a node, however it is spaced and quoted."""
    return _PIECE.sub(_plain, text[node.start : node.end]).strip()


def _plain(piece: re.Match[str]) -> str:
    if piece[1]:
        return repr(piece[1][1:-1]) if piece[1][0] != "`" else piece[1]
    return piece[2] or " "
