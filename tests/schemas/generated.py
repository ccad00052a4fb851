"""Machines made at random from the table of fields: mostly right, each with a few members wrong, missing or too many."""

import random
from typing import Any

from asl_lint.model.field import LANGUAGES, Field, Language
from asl_lint.model.fields import OBJECTS, fields_of
from asl_lint.model.machine import STATE_TYPES

_JUNK: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 3.5, 2.0, 10**12, "", "text", "5", "$", "$.a", "$$.x", "$.a[*]", "$..a", "{% $x %}", "{% x",
    "2024-01-01T00:00:00Z", "2024-01-01", [], {}, ["a"], [1], {"a": 1}, "arn:aws:states:::s3:getObject",
    "arn:aws:states:::s3:putObject",
)  # fmt: skip


def machine(source: random.Random, depth: int = 0) -> dict[str, Any]:
    """A machine of one to three states."""
    language: Language = source.choice(LANGUAGES)
    value = _scope(source, "Machine", language, depth)
    if language == "JSONata":
        value["QueryLanguage"] = "JSONata"
    elif source.random() < 0.3:
        value["QueryLanguage"] = "JSONPath"
    return value


def _scope(source: random.Random, owner: str, machine_language: Language, depth: int) -> dict[str, Any]:
    value = _object(source, owner, machine_language, machine_language, depth)
    value.pop("QueryLanguage", None)
    states = {f"S{i}": _state(source, machine_language, depth) for i in range(source.randint(1, 3))}
    if source.random() < 0.03:
        states["n" * 81] = {"Type": "Succeed"}
    if source.random() < 0.97:
        value["States"] = states if source.random() < 0.97 else source.choice(_JUNK)
    return value


def _state(source: random.Random, machine_language: Language, depth: int) -> Any:
    if source.random() < 0.02:
        return source.choice(_JUNK)
    kind = source.choice(STATE_TYPES)
    language = machine_language if source.random() < 0.7 else source.choice(LANGUAGES)
    value = _object(source, kind, language, machine_language, depth)
    value["Type"] = kind if source.random() < 0.98 else source.choice(["Taskk", 7, None])
    value.pop("QueryLanguage", None)
    if language != machine_language:
        value["QueryLanguage"] = language
    elif source.random() < 0.05:
        value["QueryLanguage"] = source.choice(["JSONPath", "jsonata", 5, "JSONata"])
    return value


def _object(source: random.Random, owner: str, language: Language, machine_language: Language, depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for field in fields_of(owner, language if source.random() < 0.97 else None):
        if field.name == "States":
            continue
        wanted = 0.93 if field.required else 0.25 if len(fields_of(owner)) < 25 else 0.1
        if source.random() < wanted:
            value[field.name] = _value(source, field, language, machine_language, depth)
    if source.random() < 0.03:
        value[source.choice(["Nxt", "comment", "Paramters", "x"])] = source.choice(_JUNK)
    return value


def _value(source: random.Random, field: Field, language: Language, machine_language: Language, depth: int) -> Any:
    if source.random() < 0.12:
        return source.choice(_JUNK)
    if field.expression and language == "JSONata" and source.random() < 0.3:
        return "{% $x %}"
    if field.of in ("Branch", "Processor"):
        inner = _scope(source, field.of, machine_language, depth + 1) if depth < 2 else {"StartAt": "A", "States": {}}
        return [inner] if field.types == ("array",) else inner
    if field.of:
        deep = depth + 1
        if deep > 4:
            return [] if field.types == ("array",) else {}
        inner = _object(source, field.of, language, machine_language, deep)
        return [inner] * source.randint(0, 2) if field.types == ("array",) else inner
    if field.holds == "errors":
        return source.choice([["States.ALL"], ["A", "B"], [], "States.ALL", [1]])
    if field.allowed:
        return source.choice(field.allowed)
    if field.holds in ("path", "reference-path", "string-path"):
        return source.choice(["$", "$.a", "$['a'].b[0]", "$$.x", "$v", None, "$.a[*]", "$..b"])
    if "integer" in field.types or "number" in field.types:
        return source.choice([0, 1, 5, 99, 262_144, 99_999_999, 100_000_000, 31_622_400, -1, 2.0, 2.5])
    if field.types == ("boolean",):
        return source.random() < 0.7
    return source.choice(_JUNK)


def objects() -> list[str]:
    """The kinds of object that the generator can make."""
    return list(OBJECTS)
