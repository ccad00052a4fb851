"""The graph of a machine for whoever draws it: scopes, states, and the transitions as they are written, with their words.

A transition is what the text draws: an error that nobody catches has none (see ``errors``). Pointers are the names of all three.
Linear in the definition.
"""

from collections.abc import Iterator, Mapping

from asl_lint.facts.digests import HOLDERS, without_states
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.values import shown
from asl_lint.facts.view import as_json
from asl_lint.late import Any, Final
from asl_lint.model.machine import Scope, State, Transition
from asl_lint.report.places import span_of
from asl_lint.source.document import format_pointer, is_unknown

_LONGEST: Final = 120
_COMPARISONS: Final[Mapping[str, str]] = {
    "Equals": "=", "LessThan": "<", "GreaterThan": ">", "LessThanEquals": "≤", "GreaterThanEquals": "≥", "Matches": "like",
}  # fmt: skip
"""Endings of the operators of JSONPath's Choice rules -> how a label writes them."""


def graph(facts: Facts) -> dict[str, Any]:
    """``scopes``, ``states`` and ``transitions``, each in the order of the text, an outer scope before those inside it."""
    reached = {graph.states[node].pointer for graph in facts.graph for node in graph.order if node < len(graph.states)}
    return {
        "scopes": [_scope(scope) for scope in facts.machine.scopes],
        "states": [_state(facts, state, state.pointer in reached) for state in facts.machine.states],
        "transitions": [_transition(one) for state in facts.machine.states for one in state.transitions()],
    }


def _scope(scope: Scope) -> dict[str, Any]:
    start = scope.start
    return {
        "pointer": format_pointer(scope.pointer),
        "kind": scope.kind,
        "state": None if scope.parent is None else format_pointer(scope.parent.pointer),
        "start": None if start is None else format_pointer(start.pointer),
        "states": [format_pointer(state.pointer) for state in scope.states.values()],
        "distributed": scope.is_distributed,
    }


def _state(facts: Facts, state: State, is_reached: bool) -> dict[str, Any]:
    comment = state.body.get("Comment")
    return {
        "pointer": format_pointer(state.pointer),
        "name": state.name,
        "type": state.type,
        "language": state.language if state.is_language_known else None,
        "scope": format_pointer(state.scope.pointer),
        "terminal": state.is_terminal,
        "reached": is_reached,
        "comment": comment if isinstance(comment, str) else None,
        "span": span_of(facts.document, state.pointer),
        "definition": as_json(
            {field: without_states(value) if field in HOLDERS else value for field, value in state.body.items()}
        ),
    }


def _transition(transition: Transition) -> dict[str, Any]:
    source, target = transition.source, transition.target
    found = source.scope.states.get(target) if isinstance(target, str) else None
    return {
        "pointer": format_pointer(transition.pointer),
        "kind": transition.kind,
        "source": format_pointer(source.pointer),
        "target": None if found is None else format_pointer(found.pointer),
        "name": target if isinstance(target, str) else None,
        "label": _label(transition),
    }


def _label(transition: Transition) -> str:
    """The words on the arrow: the condition of a rule, the errors of a Catcher, ``Default``; empty for Next."""
    body, i = transition.source.body, transition.index
    if transition.kind == "default":
        return "Default"
    if transition.kind == "catch":
        names = body["Catch"][i].get("ErrorEquals")
        return _cut(", ".join(name for name in names if isinstance(name, str))) if isinstance(names, list) else ""
    return _cut(_condition(body["Choices"][i])) if transition.kind == "rule" else ""


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _condition(rule: Mapping[str, Any]) -> str:
    if "Condition" in rule:
        condition = rule["Condition"]
        if isinstance(condition, str) and condition.startswith("{%") and condition.endswith("%}"):
            return condition[2:-2].strip()
        return condition if isinstance(condition, str) else shown(condition)
    return _rule(rule)


def _rule(rule: object, depth: int = 0) -> str:
    """A rule of JSONPath in one line; what is nested deeper than a label shows is left out."""
    if not isinstance(rule, Mapping) or is_unknown(rule) or depth > 3:
        return "…"
    if "Not" in rule:
        return f"not ({_rule(rule['Not'], depth + 1)})"
    for operator, word in (("And", " and "), ("Or", " or ")):
        if isinstance(rule.get(operator), list):
            return word.join(_nested(one, depth + 1) for one in rule[operator])
    return " ".join(_comparison(rule))


def _nested(rule: object, depth: int) -> str:
    text = _rule(rule, depth)
    return f"({text})" if isinstance(rule, Mapping) and ("And" in rule or "Or" in rule) else text


def _comparison(rule: Mapping[str, Any]) -> Iterator[str]:
    variable = rule.get("Variable")
    yield variable if isinstance(variable, str) else "…"
    for operator, value in rule.items():
        if operator in ("Variable", "Next", "Comment", "Assign", "Output"):
            continue
        if operator.startswith("Is"):
            yield f"is {'' if value is True else 'not ' if value is False else '…'}{operator[2:].lower()}"
            continue
        name = operator.removesuffix("Path")
        ending = max((end for end in _COMPARISONS if name.endswith(end)), key=len, default=None)
        yield _COMPARISONS[ending] if ending else operator
        yield value if operator != name and isinstance(value, str) else shown(value)
