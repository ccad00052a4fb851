"""Choice states without a Default whose rules may all fail to hold: the execution ends then with States.NoChoiceMatched.

Rules that leave nothing open are seen by their form: a test and its opposite, or a rule that always holds. Linear.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl_lint.facts.match import Match
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Document, is_unknown

Observed = tuple[str, Match]
Test = tuple[tuple[str, ...], bool]
"""What a rule asks, and the answer for which it holds."""


def missing_default_faults(machine: StateMachine, document: Document) -> Iterator[Observed]:
    """Observations about Choice states."""
    for state in machine.states:
        if state.type != "Choice" or "Default" in state.body or not state.is_language_known:
            continue
        rules = state.body.get("Choices")
        if not isinstance(rules, list) or not rules or not document.is_whole(state.pointer):
            continue
        if not any(is_unknown(rule) or not isinstance(rule, Mapping) for rule in rules) and not _leave_nothing(state, rules):
            yield "missing-default", Match((*state.pointer, "Choices"), {"state": state.name}, "key")


def _leave_nothing(state: State, rules: list[Mapping[str, Any]]) -> bool:
    """Whether one of the rules holds in any case, as far as their form tells."""
    asked: set[Test] = set()
    for rule in rules:
        test = _in_jsonata(rule.get("Condition")) if state.language == "JSONata" else _in_jsonpath(rule)
        if test is None:
            continue
        question, answer = test
        if not question or (question, not answer) in asked:
            return True
        asked.add(test)
    return False


_OPPOSITES: Final = (("LessThan", "GreaterThanEquals"), ("GreaterThan", "LessThanEquals"))
_ORDERED: Final = ("Numeric", "String", "Timestamp")


def _in_jsonpath(rule: Mapping[str, Any]) -> Test | None:
    answer = True
    for _ in range(len(rule) + 8):  # a Not of a Not
        inner = rule.get("Not")
        if not isinstance(inner, Mapping):
            break
        rule, answer = inner, not answer
    variable = rule.get("Variable")
    for field, value in rule.items():
        if isinstance(value, bool) and (field == "BooleanEquals" or field.startswith("Is")):
            return (field, str(variable)), answer is value
        for kind in _ORDERED:
            for one, other in _OPPOSITES:
                if field in (kind + one, kind + other, f"{kind}{one}Path", f"{kind}{other}Path"):
                    path = field.endswith("Path")
                    return (kind + one, str(path), str(variable), repr(value)), answer is (
                        field.removesuffix("Path") == kind + one
                    )
    return None


_COMPARISON: Final = re.compile(r"([^<>=!'\"()]+?)\s*(<=|>=|!=|<|>|=)\s*([^<>=!'\"()]+|'[^'\"]*'|\"[^'\"]*\")")
_NEGATED: Final = re.compile(r"\$not\((.*)\)", re.DOTALL)
_CONNECTED: Final = re.compile(r"\b(?:and|or|in)\b|\?")
_POSITIVE: Final = {
    "=": ("=", True),
    "!=": ("=", False),
    "<": ("<", True),
    ">=": ("<", False),
    ">": (">", True),
    "<=": (">", False),
}


def _in_jsonata(condition: object) -> Test | None:
    if condition is True:
        return (), True
    if not isinstance(condition, str) or not condition.startswith("{%") or not condition.endswith("%}"):
        return None
    text, answer = condition[2:-2].strip(), True
    if text == "true":
        return (), True
    negated = _NEGATED.fullmatch(text)
    if negated is not None and _is_one_group(negated[1]):
        text, answer = negated[1].strip(), False
    comparison = None if _CONNECTED.search(text) else _COMPARISON.fullmatch(text)
    if comparison is None:
        return (text,), answer
    left, operator, right = comparison.groups()
    if operator == "=" and right in ("true", "false"):
        return (left,), answer is (right == "true")
    question, holds = _POSITIVE[operator]
    return (left, question, right), answer is holds


def _is_one_group(text: str) -> bool:
    """Whether the brackets in it close what they open, so that the outer ones belong to the function."""
    depth = 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0
