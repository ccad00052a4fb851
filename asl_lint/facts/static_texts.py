"""Texts that look like a path, a call or an expression where nothing evaluates them: they reach their reader as they are written.

The service warns of some when a machine is created: NO_DOLLAR (a path under a key without ``.$``), NO_PATH (a path in a field
whose name does not end in ``Path``), PASS_RESULT_IS_STATIC (ValidateStateMachineDefinition). Linear.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl_lint.facts.match import Match
from asl_lint.facts.templates import templates
from asl_lint.facts.values import shown
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Pointer
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

Observed = tuple[str, Match]

_PATH: Final = re.compile(r"\$\$?(?:\.[^\W\d][\w-]*|\[\d+\]|\['[^']+'\])(?:\.[^\W\d][\w-]*|\[[\d*]+\]|\['[^']+'\])*\Z")
_CALL: Final = re.compile(r"States\.[A-Z]\w*\([\s\S]*\)\Z")
_EXPRESSION: Final = re.compile(r"\{%[\s\S]*?%\}")
_JSONATA_PAYLOADS: Final = ("Arguments", "Output", "Assign", "ItemSelector")
_JSONATA_HOLDERS: Final = (
    ("Catch", ("Assign", "Output")), ("Choices", ("Assign", "Output")), ("ItemReader", ("Arguments",)),
    ("ResultWriter", ("Arguments",)), ("ItemBatcher", ("BatchInput",)),
)  # fmt: skip
_OF_OTHERS: Final = frozenset(
    {"InputPath", "InputPathsMap", "InputTransformer", "JsonPath", "JSONPath", "Expression", "FilterPattern"}
)
"""Members of calls that hold paths for the service that is called."""


def static_text_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about texts that look as if they were evaluated."""
    for state in machine.states:
        if not state.is_language_known:
            continue
        if state.language == "JSONata":
            for value, pointer in _jsonata_payloads(state):
                yield from _in_jsonata(value, pointer)
        else:
            for template, pointer in templates(state):
                yield from _in_template(template, pointer)
            yield from _in_fields(state)


def _texts(value: object, pointer: Pointer) -> Iterator[tuple[str, Pointer, str]]:
    """Every text of a payload with its place and the key above it; keys that end in ``.$`` are left out with what they hold."""
    pending: list[tuple[object, Pointer, str]] = [(value, pointer, "")]
    while pending:
        inner, at, key = pending.pop()
        if isinstance(inner, str):
            if not has_placeholder(inner):
                yield inner, at, key
        elif isinstance(inner, Mapping):
            for name, member in inner.items():
                if name not in _OF_OTHERS and not name.endswith(".$"):
                    pending.append((member, (*at, name), name))
        elif isinstance(inner, list):
            pending += [(element, (*at, i), key) for i, element in enumerate(inner)]


# --- JSONPath states --------------------------------------------------------------------------------------------------------


def _in_template(template: object, pointer: Pointer) -> Iterator[Observed]:
    for text, at, key in _texts(template, pointer):
        problem: str | None = None
        hint: str | None = None
        if _is_path(text) or _CALL.match(text):
            what = "a path" if text[0] == "$" else "a call"
            problem = f"a key without .$ makes a text of {what}"
            hint = f'write "{key}.$"' if isinstance(at[-1], str) else "in an array, States.Array puts values together"
            if not key:
                problem, hint = (
                    f"{at[-1]} is given as it is written",
                    "InputPath takes a path; or write an object with keys in .$",
                )
        elif text.startswith("{%") and text.endswith("%}"):
            problem, hint = "a JSONPath state evaluates no JSONata", 'set "QueryLanguage": "JSONata" for the state'
        if problem:
            yield "unevaluated-text", Match(at, {"text": shown(text), "problem": problem}, help=hint)


def _in_fields(state: State) -> Iterator[Observed]:
    body, pointer = state.body, state.pointer
    if state.type == "Pass" and "Result" in body:
        for text, at, _ in _texts(body["Result"], (*pointer, "Result")):
            if _is_path(text) or _CALL.match(text) or (text.startswith("{%") and text.endswith("%}")):
                values = {"text": shown(text), "problem": "the Result of a Pass state is given as it is written"}
                yield "unevaluated-text", Match(at, values, help="Parameters evaluates paths and calls")
        for key, at, value in _dynamic_keys(body["Result"], (*pointer, "Result")):
            if not isinstance(value, str) or not (value.startswith("$") or _CALL.match(value)):
                continue
            values = {"text": shown(key), "problem": "the Result of a Pass state is given as it is written"}
            yield "unevaluated-text", Match(at, values, "key", help="Parameters evaluates paths and calls")
    elif state.type == "Fail":
        for field in ("Error", "Cause"):
            written = body.get(field)
            if isinstance(written, str) and not has_placeholder(written) and _is_path(written):
                values = {"text": shown(written), "problem": f"{field} is given as it is written"}
                yield "unevaluated-text", Match((*pointer, field), values, help=f"{field}Path takes a path")
    elif state.type == "Choice":
        yield from _in_rules(state)


def _in_rules(state: State) -> Iterator[Observed]:
    pending: list[tuple[Any, Pointer]] = [(state.body.get("Choices"), (*state.pointer, "Choices"))]
    while pending:
        rule, at = pending.pop()
        if isinstance(rule, list):
            pending += [(member, (*at, i)) for i, member in enumerate(rule)]
        elif isinstance(rule, Mapping):
            pending += [(rule[field], (*at, field)) for field in ("And", "Or", "Not") if field in rule]
            for field, operand in rule.items():
                if field.startswith("String") and not field.endswith("Path") and isinstance(operand, str) and _is_path(operand):
                    values = {"text": shown(operand), "problem": f"{field} compares with the text itself"}
                    yield "unevaluated-text", Match((*at, field), values, help=f"{field}Path takes a path")


def _is_path(text: str) -> bool:
    return text.startswith("$") and _PATH.match(text) is not None


def _dynamic_keys(value: object, pointer: Pointer) -> Iterator[tuple[str, Pointer, object]]:
    pending: list[tuple[object, Pointer]] = [(value, pointer)]
    while pending:
        inner, at = pending.pop()
        if isinstance(inner, Mapping):
            for key, member in inner.items():
                if key.endswith(".$"):
                    yield key, (*at, key), member
                pending.append((member, (*at, key)))
        elif isinstance(inner, list):
            pending += [(element, (*at, i)) for i, element in enumerate(inner)]


# --- JSONata states ---------------------------------------------------------------------------------------------------------


def _jsonata_payloads(state: State) -> Iterator[tuple[Any, Pointer]]:
    body, pointer = state.body, state.pointer
    for field in _JSONATA_PAYLOADS:
        if field in body:
            yield body[field], (*pointer, field)
    for field, inner in _JSONATA_HOLDERS:
        holder = body.get(field)
        holders = enumerate(holder) if isinstance(holder, list) else ((None, holder),)
        for i, one in holders:
            if isinstance(one, Mapping):
                at = (*pointer, field) if i is None else (*pointer, field, i)
                yield from ((one[name], (*at, name)) for name in inner if name in one)


def _in_jsonata(payload: object, pointer: Pointer) -> Iterator[Observed]:
    for text, at, _ in _texts(payload, pointer):
        if text.startswith("{%") and text.endswith("%}"):
            continue
        if (found := _EXPRESSION.search(text)) is not None:
            stripped = text.strip()
            within = Span(*found.span())
            if stripped.startswith("{%") and stripped.endswith("%}"):
                problem, hint = "with blanks around its delimiters an expression is a text", "write {% first and %} last"
            else:
                problem = "an expression inside a longer text is not evaluated"
                hint = "make one expression of the whole: {% 'text ' & value %}"
            yield "unevaluated-text", Match(at, {"text": shown(text), "problem": problem}, within=within, help=hint)
        elif _is_path(text) or _CALL.match(text):
            hint = "write {% $states.input… %}" if text[0] == "$" else "JSONata has functions of its own"
            values = {"text": shown(text), "problem": "a JSONata state evaluates only what stands in {% … %}"}
            yield "unevaluated-text", Match(at, values, help=hint)
    for key, at, _ in _dynamic_keys(payload, pointer):
        values = {"text": shown(key), "problem": "in a JSONata state .$ is a part of the name"}
        yield "unevaluated-text", Match(at, values, "key", help=f'write "{key[:-2]}" and an expression in {{% … %}}')
