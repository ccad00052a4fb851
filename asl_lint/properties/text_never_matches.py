"""``text-never-matches@1``: a regular expression is found in no text of the definition, or of some fields.

For what must not be written down: access keys, account numbers, a region. Judged are string values (not keys) at any depth,
expressions and placeholders included. One search of the file first, where that is enough, so a file without it costs that.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.values import shown
from asl_lint.late import Any, Final, Pattern
from asl_lint.model.machine import STATE_TYPES
from asl_lint.properties.call_selector import regex_fault
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer
from asl_lint.source.text import Span

_INNER: Final = ("States", "Branches", "ItemProcessor", "Iterator")
"""Fields that hold states, which are judged by themselves."""
_LOOKS_AROUND: Final = Pattern(r"[\^$]|\\[AbBZ]|\(\?[=!<(]")
"""What makes an expression look at more than the text that it takes."""


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(("text", "field"))


@lru_cache(maxsize=256)
def _compiled(expression: str, ignore_case: bool) -> re.Pattern[str]:
    return re.compile(expression, re.IGNORECASE if ignore_case else 0)


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    pattern = _compiled(parameters["pattern"], parameters.get("ignore-case", False))
    whole = facts.document.text.content
    # Only where the file's text has its strings as they are, and what stands beside them changes nothing.
    plain = facts.document.format == "json" and "\\" not in whole and not _LOOKS_AROUND.search(parameters["pattern"])
    if plain and pattern.search(whole) is None:
        return
    fields, types = parameters.get("fields"), parameters.get("types")
    if types is None:
        yield from _in_fields(facts.machine.body, (), fields, pattern)
    for state in facts.machine.states:
        if types is None or state.type in types:
            yield from _in_fields(state.body, state.pointer, fields, pattern)


def _in_fields(body: Mapping[str, Any], pointer: Pointer, fields: list[str] | None, pattern: re.Pattern[str]) -> Iterator[Match]:
    for field, value in body.items():
        if field in _INNER and isinstance(value, dict | list):
            if field != "States":
                yield from _beside_states(value, (*pointer, field), fields, pattern)
        elif fields is None or field in fields:
            yield from _in_value(field, value, (*pointer, field), pattern)


def _beside_states(value: Any, pointer: Pointer, fields: list[str] | None, pattern: re.Pattern[str]) -> Iterator[Match]:
    """The fields of a branch or processor besides its states."""
    bodies = enumerate(value) if isinstance(value, list) else [(None, value)]
    for i, body in bodies:
        if isinstance(body, Mapping):
            yield from _in_fields(body, pointer if i is None else (*pointer, i), fields, pattern)


def _in_value(field: str, value: object, pointer: Pointer, pattern: re.Pattern[str]) -> Iterator[Match]:
    pending: list[tuple[object, Pointer]] = [(value, pointer)]
    while pending:
        inner, at = pending.pop()
        if isinstance(inner, str):
            for found in pattern.finditer(inner):
                yield Match(at, {"text": shown(found[0]), "field": field}, within=Span(*found.span()))
        elif isinstance(inner, Mapping):
            pending += [(member, (*at, key)) for key, member in list(inner.items())[::-1]]
        elif isinstance(inner, list):
            pending += [(inner[i], (*at, i)) for i in range(len(inner) - 1, -1, -1)]


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    fault = regex_fault(parameters["pattern"])
    if fault is not None:
        yield ("pattern",), fault
    elif re.compile(parameters["pattern"]).search("") is not None:
        yield ("pattern",), "is found in every text, the empty one too"


KIND: Final = Kind(
    name="text-never-matches@1",
    summary="A regular expression is found in no text of the definition.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["pattern"],
        "properties": {
            "pattern": {"description": "The regular expression (of Python).", "type": "string", "minLength": 1},
            "ignore-case": {"description": "Capitals and small letters are alike.", "const": True},
            "fields": {
                "description": "Only texts in these fields of states and of the machine, at any depth.",
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"type": "string", "minLength": 1},
            },
            "types": {
                "description": "Only texts of states of these types.",
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"enum": list(STATE_TYPES)},
            },
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
