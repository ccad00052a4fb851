"""Builds the JSON Schema (2020-12) of Amazon States Language from the table of fields.

One bundled schema: for editors as it stands, and what ``compile.py`` turns into the checks that run. Definitions are named
``<Object>.<Language>``; the two containers of states are named by the language of the whole machine as well, because that is
what their inner states inherit. ``python -m asl_lint.schemas.build [--check]`` writes or compares the committed file.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from asl_lint.late import Any, Final
from asl_lint.model.field import LANGUAGES, Constraint, Field, Language
from asl_lint.model.fields import OBJECTS, fields_of
from asl_lint.model.forms import EXPRESSION
from asl_lint.model.machine import STATE_TYPES

Schema = dict[str, Any]

TARGET: Final = Path(__file__).parent / "asl.schema.json"
CONTAINERS: Final = ("Parallel", "Map", "Branch", "Processor")
"""Objects that hold states, and so depend on the language of the whole machine too."""
LONGEST_NAME: Final = 80
"""Characters of a state's name (B)."""


def build() -> Schema:
    """The whole schema, as JSON values in a fixed order."""
    definitions: Schema = {}
    for name in OBJECTS:
        if name == "Machine":
            continue
        for language in LANGUAGES:
            if not _stands_in(name, language):
                continue
            for machine in LANGUAGES if name in CONTAINERS else (None,):
                definitions[_name(name, language, machine)] = _object(name, language, machine)
    for machine in LANGUAGES:
        definitions[f"States.{machine}"] = _states(machine)
        definitions[f"State.{machine}"] = _state(machine)
        definitions[f"Machine.{machine}"] = _object("Machine", machine, machine)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Amazon States Language",
        "description": "The definition of an AWS Step Functions state machine, in JSONPath or JSONata.",
        "type": "object",
        "if": _says_jsonata(),
        "then": {"$ref": "#/$defs/Machine.JSONata"},
        "else": {"$ref": "#/$defs/Machine.JSONPath"},
        "$defs": definitions,
    }


def _stands_in(name: str, language: Language) -> bool:
    return not (name == "NestedRule" and language == "JSONata")


def _name(name: str, language: Language, machine: Language | None) -> str:
    if name in ("Branch", "Processor"):
        return f"{name}.{machine}"
    return f"{name}.{language}" if machine is None else f"{name}.{language}.{machine}"


def _object(name: str, language: Language, machine: Language | None) -> Schema:
    definition = OBJECTS[name]
    fields = fields_of(name, language)
    schema: Schema = {
        "type": "object",
        "properties": {field.name: _field(name, field, language, machine) for field in fields},
        "additionalProperties": False,
    }
    required = [field.name for field in fields if field.required and field.name != "Type"]
    if required:
        schema["required"] = required
    if definition.min_size:
        schema["minProperties"] = definition.min_size
    rules = [rule for c in definition.constraints if c.language in (None, language) for rule in _constraint(c)]
    if rules:  # on what is no object every ``required`` holds: one error of type is enough there
        schema |= {"if": {"type": "object"}, "then": {"allOf": rules}}
    return schema


def _field(owner: str, field: Field, language: Language, machine: Language | None) -> Schema:
    schema: Schema = {"description": field.doc}
    if owner in STATE_TYPES and field.name in ("Type", "QueryLanguage"):
        return schema  # ``State`` says what they must be, before it is known which of the definitions applies
    expression = field.expression and language == "JSONata"
    types = [*field.types]
    patterns = [field.pattern] if field.pattern else []
    if expression and field.name not in _FREE_STRINGS:
        if "string" not in types:
            types.append("string")
        patterns.append(EXPRESSION)
    if types:
        schema["type"] = types[0] if len(types) == 1 else types
    if patterns:
        schema["pattern"] = patterns[0] if len(patterns) == 1 else "|".join(f"(?:{p})" for p in patterns)
    if field.allowed:
        schema["enum"] = list(field.allowed)
    for keyword, value in (
        ("minimum", field.minimum),
        ("maximum", field.maximum),
        ("exclusiveMaximum", field.exclusive_maximum),
        ("minLength", field.min_length),
        ("maxLength", field.max_length),
        ("minItems", field.min_size if field.types == ("array",) else None),
        ("minProperties", field.min_size if field.types == ("object",) and field.holds != "states" and not field.of else None),
    ):
        if value is not None:
            schema[keyword] = value
    if field.replaced_by:
        schema["deprecated"] = True
    _add_contents(schema, field, language, machine)
    return schema


_FREE_STRINGS: Final = ("Error", "Cause", "RoleArn")
"""Fields in which a string is itself a value, so that an expression needs no word in the schema."""


def _add_contents(schema: Schema, field: Field, language: Language, machine: Language | None) -> None:
    if field.holds == "states":
        schema["$ref"] = f"#/$defs/States.{machine}"
    elif field.holds == "errors" or field.name == "CSVHeaders":
        schema["items"] = {"type": "string"}
    elif field.of:
        inner = field.of if field.of in CONTAINERS else None
        reference = {"$ref": f"#/$defs/{_name(field.of, language, machine if inner else None)}"}
        if field.types == ("array",):
            schema["items"] = reference
        else:
            schema.pop("type", None)
            schema.update(reference)


def _constraint(constraint: Constraint) -> Iterable[Schema]:
    fields = constraint.fields
    first, rest = fields[0], list(fields[1:])
    if constraint.kind == "exactly-one" and fields == ("Next", "End"):
        # ``End: false`` says nothing, so it may stand beside Next, and does not stand for it.
        ends: Schema = {"required": ["End"], "properties": {"End": {"const": True}}}
        yield {"oneOf": [{"required": ["Next"]}, ends]}
    elif constraint.kind == "exactly-one":
        yield {"oneOf": [{"required": [field]} for field in fields]}
    elif constraint.kind == "at-most-one":
        yield {"not": {"required": list(fields)}}
    elif constraint.kind == "at-least-one":
        yield {"anyOf": [{"required": [field]} for field in fields]}
    elif constraint.kind == "needs":
        yield {"dependentRequired": {first: rest}}
    else:
        condition = {"properties": {first: {"enum": list(constraint.values)}}, "required": [first]}
        then = {"required": rest} if constraint.kind == "when" else {"not": {"required": rest}}
        yield {"if": condition, "then": then}


def _states(machine: Language) -> Schema:
    return {
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"maxLength": LONGEST_NAME},
        "additionalProperties": {"$ref": f"#/$defs/State.{machine}"},
    }


def _state(machine: Language) -> Schema:
    """One state: what it must be follows from ``Type`` and, where it says one, from its own ``QueryLanguage``."""
    other: Language = "JSONPath" if machine == "JSONata" else "JSONata"
    says_jsonpath = {"required": ["QueryLanguage"], "properties": {"QueryLanguage": {"const": "JSONPath"}}}
    says_other = _says_jsonata() if machine == "JSONPath" else says_jsonpath

    def definition(name: str, language: Language) -> Schema:
        return {"$ref": f"#/$defs/{_name(name, language, machine if name in CONTAINERS else None)}"}

    return {
        "type": "object",
        "required": ["Type"],
        "properties": {
            "Type": {"type": "string", "enum": list(STATE_TYPES)},
            "QueryLanguage": {"type": "string", "enum": ["JSONata"] if machine == "JSONata" else list(LANGUAGES)},
        },
        "allOf": [
            {
                "if": {"type": "object", "properties": {"Type": {"const": name}}, "required": ["Type"]},
                "then": {"if": says_other, "then": definition(name, other), "else": definition(name, machine)},
            }
            for name in STATE_TYPES
        ],
    }


def _says_jsonata() -> Schema:
    """Whatever string is not exactly ``JSONPath`` is taken for JSONata (F), and only its value is complained of."""
    return {"required": ["QueryLanguage"], "properties": {"QueryLanguage": {"type": "string", "not": {"const": "JSONPath"}}}}


def as_text(schema: Schema) -> str:
    """The schema as it is committed: indented JSON with a line feed at the end."""
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write the schema, or with ``--check`` say whether the committed one is up to date."""
    text = as_text(build())
    if "--check" in arguments:
        current = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text
        print(f"{TARGET.name} is {'up to date' if current else 'stale: run python -m asl_lint.schemas.build'}")
        return 0 if current else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
