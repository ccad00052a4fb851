"""Faults of the schema, told in the language's terms: which observation each is, with the values that its message needs."""

from collections.abc import Iterator, Set
from functools import lru_cache

from asl_lint.facts.match import Match, Place
from asl_lint.facts.values import alternatives, kind_of, shown
from asl_lint.late import Final, Pattern
from asl_lint.model.field import LANGUAGES, Constraint, Field, Language, Object
from asl_lint.model.fields import OBJECTS, OPERATORS
from asl_lint.model.machine import STATE_TYPES
from asl_lint.near import near
from asl_lint.schemas.compile import Fault
from asl_lint.source.document import Pointer

Observed = tuple[str, Match]

_TYPE_WORDS = {
    "string": "a string", "object": "an object", "array": "an array", "boolean": "true or false", "null": "null",
    "integer": "an integer", "number": "a number",
}  # fmt: skip


def describe(faults: list[Fault], damaged: Set[Pointer]) -> Iterator[Observed]:
    """Each fault as an observation. In a container that recovery mended, what is missing or too much is left unsaid."""
    misspelt, foreign = _misspelt(faults), set[Pointer]()
    doubtful = {fault.pointer[:-1] for fault in faults if fault.pointer[-1:] == ("QueryLanguage",)}
    crowded = {fault.pointer for fault in faults if fault.keyword == "oneOf" and len(_found(fault)) > 1}
    companions = set[tuple[Pointer, str | None]]()
    for fault in sorted(faults, key=lambda fault: fault.keyword != "additionalProperties"):
        if fault.keyword in _ABOUT_MEMBERS and fault.pointer in damaged:
            continue
        if _is_told_by_the_misspelt(fault, misspelt):
            continue
        if fault.pointer in foreign and _is_consequence(fault):
            continue
        if fault.pointer in crowded and fault.keyword in ("not", "dependentRequired"):
            continue  # that the tests of a rule exclude each other is told once
        observed = _describe(fault)
        if observed is None:
            continue
        if observed[0] == "field-of-other-language":
            foreign.add(fault.pointer)
            if any(fault.pointer[: len(state)] == state for state in doubtful):
                continue  # which language it is depends on the fault that is told of the QueryLanguage itself
        if observed[0] == "companion-field":
            if (fault.pointer, fault.field) in companions:
                continue
            companions.add((fault.pointer, fault.field))
        yield observed


def _found(fault: Fault) -> list[str]:
    """The members of a group that stand in the object; ``End`` only where it says something."""
    body = _members(fault)
    found = [name for name in body if name in fault.detail]
    return [] if fault.detail == ("Next", "End") and body.get("End") is not True else found


def _is_told_by_the_misspelt(fault: Fault, misspelt: set[tuple[Pointer, str | None]]) -> bool:
    """Whether what is missing stands there under a wrong name: that unknown field is told, with the name it was meant to have."""
    if fault.keyword in ("oneOf", "anyOf"):
        found = any(name in fault.detail for name in _members(fault) if name != "End")
        return not found and any((fault.pointer, name) in misspelt for name in fault.detail)
    return fault.keyword in ("required", "dependentRequired") and (fault.pointer, fault.field) in misspelt


def _misspelt(faults: list[Fault]) -> set[tuple[Pointer, str | None]]:
    """The fields that unknown fields were probably meant to be, with the pointers of their objects."""
    return {(fault.pointer, _meant(fault)) for fault in faults if fault.keyword == "additionalProperties"}


def _meant(fault: Fault) -> str | None:
    """The field that an unknown one is near to; None where it is a field of some other object."""
    name, _, language = _owner(fault)
    return _near_field(name, fault.field or "", language)


@lru_cache(maxsize=1_000)
def _near_field(owner: str, field: str, language: Language | None) -> str | None:
    if field in _all_fields() or owner not in OBJECTS:
        return None
    return near(field, [row.name for row in OBJECTS[owner].fields if row.language in (None, language)])


@lru_cache(maxsize=1)
def _all_fields() -> frozenset[str]:
    return frozenset(row.name for definition in OBJECTS.values() for row in definition.fields)


def _is_consequence(fault: Fault) -> bool:
    """Whether a member is missing only because it is written in the other language."""
    if fault.keyword in ("oneOf", "anyOf"):
        return fault.detail != ("Next", "End") and not any(name in fault.detail for name in _members(fault))
    return (fault.keyword, fault.field) == ("required", "Condition") or fault.detail == "Resource" or fault.field == "Resource"


def _members(fault: Fault) -> dict[str, object]:
    return fault.value if isinstance(fault.value, dict) else {}


_ABOUT_MEMBERS = (
    "required", "additionalProperties", "oneOf", "anyOf", "not", "dependentRequired", "minItems", "minProperties",
)  # fmt: skip


def _describe(fault: Fault) -> Observed | None:
    keyword = fault.keyword
    if keyword == "type":
        # What such a key holds is told with the templates.
        return None if fault.field is not None and fault.field.endswith(".$") else _wrong_type(fault)
    if keyword == "additionalProperties":
        return _unknown_field(fault)
    if keyword in ("required", "dependentRequired"):
        return _missing(fault)
    if keyword in ("oneOf", "anyOf", "not"):
        return _relation(fault)
    if keyword in ("minimum", "maximum", "exclusiveMaximum"):
        return _out_of_range(fault)
    if keyword in ("enum", "const"):
        return _not_one_of(fault)
    if keyword in ("minItems", "minProperties", "minLength"):
        return _empty(fault)
    if keyword == "maxLength":
        return _too_long(fault)
    return _malformed(fault)


# --- who is at fault --------------------------------------------------------------------------------------------------------


def _owner(fault: Fault) -> tuple[str, Object, Language | None]:
    """The key of the object at fault, the object, and the query language of its definition."""
    name, _, rest = fault.owner.partition(".")
    language: Language | None = "JSONata" if rest.startswith("JSONata") else "JSONPath" if rest else None
    return name, OBJECTS.get(name, Object("a state", ())), language


def _title(fault: Fault) -> str:
    name, definition, _ = _owner(fault)
    if name == "ChoiceRule":
        return "a choice rule"
    if name == "States":
        return "a States object"
    return definition.title


def _row(fault: Fault) -> Field | None:
    _, definition, language = _owner(fault)
    for field in definition.fields:
        if field.name == fault.field and field.language in (None, language):
            return field
    return None


def _label(fault: Fault) -> str:
    """How a message calls the value: its field, or what the object is."""
    if fault.field is not None:
        tail = fault.pointer[-1] if fault.pointer else fault.field
        return f"{fault.field}[{tail}]" if isinstance(tail, int) else fault.field
    last = fault.pointer[-1] if fault.pointer else None
    if isinstance(last, int):
        return f"{fault.pointer[-2]}[{last}]"
    if len(fault.pointer) > 1 and fault.pointer[-2] == "States":
        return f'the state "{last}"'
    return str(last) if last is not None else "the definition"


# --- one function a keyword -------------------------------------------------------------------------------------------------


def _expected(types: tuple[str, ...], row: Field | None, language: Language | None) -> str:
    words = [word for name in types for word in _TYPE_WORDS[name].split(" or ")]
    if row is not None and row.expression and language == "JSONata":
        if "string" not in row.types:
            words = [word for word in words if word != "a string"]
        words.append("a {% … %} expression")
    return alternatives(words)


def _wrong_type(fault: Fault) -> Observed:
    row, (_, _, language) = _row(fault), _owner(fault)
    within_array = isinstance(fault.pointer[-1], int) if fault.pointer else False
    whole = None if within_array else row
    expected = _expected(tuple(fault.detail), whole, language)
    hint = None
    if fault.field == "ErrorEquals" and isinstance(fault.value, str):
        hint = f"write it as a list: [{shown(fault.value)}]"
    elif _is_number_in_quotes(fault.value) and ({"integer", "number"} & set(fault.detail)):
        hint = f"write the number without quotes: {fault.value}"
    elif fault.value in ("true", "false") and "boolean" in fault.detail:
        hint = f"write it without quotes: {fault.value}"
    else:
        hint = _instead_of_text(fault)
    # Whether the elements of an array and the object itself are checked is never in doubt.
    sure = row is None or row.sure or within_array
    return "wrong-type", Match(
        fault.pointer, {"field": _label(fault), "expected": expected, "actual": kind_of(fault.value)}, help=hint, sure=sure
    )


def _instead_of_text(fault: Fault) -> str | None:
    """What to do about a string that is meant to be evaluated, and is not."""
    (_, definition, language), value, field, row = _owner(fault), fault.value, fault.field, _row(fault)
    if not isinstance(value, str) or not value.strip().startswith(("$", "{%")):
        return None
    if row is not None and not row.expression and not any(other.name == f"{field}Path" for other in definition.fields):
        return "nothing is evaluated here: write the value itself"
    if not value.startswith("$"):
        return _delimiters(value, language)
    if language == "JSONata":
        read = "$states.context" if value.startswith("$$") else "$states.input"
        return f"write {{% {read}{value.lstrip('$')} %}}" if value[1:2] in ("$", ".", "[") else f"write {{% {value} %}}"
    has_path = any(row.name == f"{field}Path" for row in definition.fields)
    return f"{field}Path takes a path" if has_path else None


def _delimiters(value: str, language: Language | None) -> str:
    """What to do about a string that looks like an expression and is none here."""
    if language != "JSONata":
        return 'expressions are for JSONata: set "QueryLanguage": "JSONata" on the state'
    if "%}" not in value:
        return "the delimiter %} is missing at the end"
    return "nothing may stand around the delimiters {% and %}, not even a blank or a line break"


_NUMBER: Final = Pattern(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def _is_number_in_quotes(value: object) -> bool:
    return isinstance(value, str) and _NUMBER.fullmatch(value) is not None


def _unknown_field(fault: Fault) -> Observed:
    name, definition, language = _owner(fault)
    field = fault.field or ""
    pointer = (*fault.pointer, field)
    other = next((row for row in definition.fields if row.name == field), None)
    if other is None and (name, field) == ("NestedRule", "Condition"):
        other = next(row for row in OBJECTS["ChoiceRule"].fields if row.name == field)
    if other is not None and other.language is not None and language is not None:
        values = {"field": field, "object": _title(fault), "language": language, "other": other.language}
        return "field-of-other-language", Match(pointer, values, "key", help=_translation(name, field, language))
    near_name = _meant(fault)
    hint = _dynamic_field(definition, field, language) if field.endswith(".$") else None
    hint = hint or (f'did you mean "{near_name}"?' if near_name else _home(name, field))
    return "unknown-field", Match(pointer, {"field": field, "object": _title(fault)}, "key", help=hint)


def _dynamic_field(definition: Object, field: str, language: Language | None) -> str | None:
    """What to write in place of a field with ``.$``, which only the members of a template can have."""
    name = field.removesuffix(".$")
    rows = {row.name: row for row in definition.fields if row.language in (None, language)}
    if name not in rows:
        return None
    if rows[name].holds == "template":
        return f"the keys inside {name} can end in .$"
    if name == "Result":
        return "Parameters can have keys that end in .$"
    if f"{name}Path" in rows:
        return f"{name}Path takes a path"
    if language == "JSONata" and (rows[name].expression or rows[name].holds == "payload"):
        return f'write "{name}" and an expression in {{% … %}}'
    return f'write "{name}": only members of a template such as Parameters can end in .$'


_TO_JSONATA = {
    "Parameters": "Arguments", "ResultSelector": "Output", "ResultPath": "Output (or Assign)", "OutputPath": "Output",
    "Result": "Output", "ItemsPath": "Items", "InputPath": "an expression over $states.input", "Variable": "Condition",
    "And": "Condition", "Or": "Condition", "Not": "Condition", "ErrorPath": "Error", "CausePath": "Cause",
    **dict.fromkeys(OPERATORS, "Condition"),
}  # fmt: skip
_TO_JSONPATH = {
    "Arguments": "Parameters", "Output": "ResultSelector, ResultPath or OutputPath", "Items": "ItemsPath",
    "Condition": "Variable with a comparison operator",
}  # fmt: skip


def _translation(owner: str, field: str, language: Language) -> str | None:
    """What says the same in the state's own language."""
    if language == "JSONata":
        instead = _TO_JSONATA.get(field)
        if field == "Parameters" and owner == "Pass":
            instead = "Output"
        elif field == "Parameters" and owner == "Map":
            instead = "ItemSelector"
        elif instead is None and field.endswith("Path"):
            instead = field.removesuffix("Path") + " with a {% … %} expression"
        return f"in JSONata this is {instead}" if instead else None
    instead = _TO_JSONPATH.get(field)
    if field == "Output" and owner == "ChoiceRule":
        instead = None
    if field == "Output" and owner == "Catcher":
        instead = "ResultPath"
    if field == "Output" and owner == "Pass":
        instead = "Parameters or Result"
    if field == "Output" and owner in ("Choice", "Wait", "Succeed"):
        instead = "OutputPath"
    said = f'in JSONPath this is {instead}; or set "QueryLanguage": "JSONata" on the state'
    return said if instead else 'set "QueryLanguage": "JSONata" on the state to use it'


def _home(owner: str, field: str) -> str | None:
    """Where a field of that name does belong."""
    homes = [
        OBJECTS[name].title
        for name in OBJECTS
        if name != owner and any(row.name == field and row.sure for row in OBJECTS[name].fields)
    ]
    if not homes or field in ("Comment", "Next"):
        return None
    if owner in ("Processor", "Branch") and field == "QueryLanguage":
        return "each state inside says its own; without one it has the machine's"
    return f"it belongs to {alternatives(homes[:4])}" if len(homes) <= 4 else None


def _missing(fault: Fault) -> Observed:
    _, definition, language = _owner(fault)
    field = fault.field or ""
    if fault.keyword == "dependentRequired" and fault.detail not in OPERATORS:
        sure = _constraint_is_sure(definition, ("needs",), (fault.detail, field), language)
        values = {"field": str(fault.detail), "needs": field, "object": _title(fault)}
        return "companion-field", Match((*fault.pointer, fault.detail), values, "key", sure=sure)
    if isinstance(fault.detail, tuple):
        first, chosen = fault.detail
        sure = _constraint_is_sure(definition, ("when",), (first, field), language)
        values = {"field": f'{first} "{chosen}"', "needs": field, "object": _title(fault)}
        return "companion-field", Match((*fault.pointer, first), values, sure=sure)
    hint = None
    if field == "Type":
        written = near(field, [key for key in _members(fault) if key not in _all_fields()])
        hint = f'did you mean "Type" where it says "{written}"?' if written else f"the types are {alternatives(STATE_TYPES)}"
    return "missing-field", Match(fault.pointer, {"fields": field, "object": _title(fault)}, "key", help=hint)


def _relation(fault: Fault) -> Observed | None:
    _, definition, language = _owner(fault)
    body = _members(fault)
    if fault.keyword == "not" and fault.field is not None:  # absent when another field has a certain value
        first, chosen = fault.detail
        sure = _constraint_is_sure(definition, ("when-absent",), (first, fault.field), language)
        values = {"fields": f'{fault.field} and {first} "{chosen}"', "object": _title(fault)}
        return "conflicting-fields", Match((*fault.pointer, fault.field), values, "key", sure=sure)
    group: tuple[str, ...] = fault.detail
    found = _found(fault)
    if group == ("Next", "End") and not isinstance(body.get("End", False), bool):
        return None  # it is there, and of the wrong type: that is told
    sure = _constraint_is_sure(definition, ("exactly-one", "at-most-one", "at-least-one"), group, language)
    if not found:
        if len(group) > 10:
            fields, hint = "a comparison operator, And, Or or Not", None
            mistyped = next(((key, to) for key in body if (to := near(key, group))), None)
            if mistyped:
                hint = f'did you mean "{mistyped[1]}" where it says "{mistyped[0]}"?'
        else:
            ends = group == ("Next", "End") and body.get("End") is False
            fields, hint = alternatives(group), '"End": false does not end anything' if ends else None
        return "missing-field", Match(fault.pointer, {"fields": fields, "object": _title(fault)}, "key", help=hint, sure=sure)
    values = {"fields": alternatives(found, "and"), "object": _title(fault)}
    others = tuple(Place((*fault.pointer, name), "and here", "key") for name in found[:-1])
    return "conflicting-fields", Match((*fault.pointer, found[-1]), values, "key", sure=sure, related=others)


def _constraint_is_sure(
    definition: Object, kinds: tuple[str, ...], fields: tuple[object, ...], language: Language | None
) -> bool:
    def matches(constraint: Constraint) -> bool:
        return constraint.kind in kinds and set(fields) <= set(constraint.fields) and constraint.language in (None, language)

    return all(constraint.sure for constraint in definition.constraints if matches(constraint))


def _out_of_range(fault: Fault) -> Observed:
    row = _row(fault)
    low = row.minimum if row else None
    high = row.maximum if row else None
    below = row.exclusive_maximum if row else None
    if low is not None and (high is not None or below is not None):
        limits = f"from {low:,} to {high:,}" if high is not None else f"at least {low:,} and below {below:,}"
    elif low is not None:
        limits = f"at least {low:,}"
    else:
        limits = f"at most {high:,}"
    values = {"field": _label(fault), "value": shown(fault.value), "range": limits}
    return "value-out-of-range", Match(fault.pointer, values, sure=row is None or row.sure)


def _not_one_of(fault: Fault) -> Observed:
    row, (name, _, _) = _row(fault), _owner(fault)
    allowed: list[str] = list(fault.detail) if isinstance(fault.detail, list) else [str(fault.detail)]
    if fault.field == "QueryLanguage" and fault.value in LANGUAGES:
        return "query-language-downgrade", Match(fault.pointer, {"state": str(fault.pointer[-2])})
    if fault.field == "QueryLanguage" and name in STATE_TYPES:
        allowed = list(LANGUAGES) if len(allowed) > 1 else allowed
    near_name = near(fault.value, allowed) if isinstance(fault.value, str) else None
    values = {"field": _label(fault), "value": shown(fault.value), "allowed": alternatives(allowed)}
    hint = f'did you mean "{near_name}"?' if near_name else None
    return "not-one-of", Match(fault.pointer, values, help=hint, sure=row is None or row.sure)


def _empty(fault: Fault) -> Observed:
    expected = {"minItems": "at least one element", "minProperties": "at least one member", "minLength": "at least one character"}
    return "empty-value", Match(fault.pointer, {"field": _label(fault), "expected": expected[fault.keyword]})


def _too_long(fault: Fault) -> Observed:
    name = str(fault.field)
    problem = f"it has {len(name)} characters, and {fault.detail} are allowed"
    return "invalid-state-name", Match((*fault.pointer, name), {"state": name, "problem": problem}, "key")


def _malformed(fault: Fault) -> Observed | None:
    row, (_, _, language) = _row(fault), _owner(fault)
    if row is None:
        return None
    value = shown(fault.value)
    if row.expression and language == "JSONata" and row.holds != "timestamp":
        expected = _expected(row.types, row, language)
        quoted = f"write the number without quotes: {fault.value}" if _is_number_in_quotes(fault.value) else None
        hint = quoted or _instead_of_text(fault)
        if fault.field == "Condition" and hint is None:
            hint = f"write it between the delimiters: {{% {fault.value} %}}"
        values = {"field": _label(fault), "expected": expected, "actual": kind_of(fault.value)}
        return "wrong-type", Match(fault.pointer, values, help=hint, sure=row.sure)
    if row.holds in ("path", "reference-path", "string-path"):
        return None  # the parser of paths says it, to the character
    if row.holds == "resource":
        calls = "s3:putObject" if fault.owner.startswith("ResultWriter") else "s3:getObject or s3:listObjectsV2"
        problem = f"here stands arn:<partition>:states:::{calls}"
        return "invalid-resource", Match(fault.pointer, {"resource": value, "problem": problem})
    expected = "RFC 3339 with T and Z, like 2026-03-14T01:59:00Z" if "[0-9]{4}" in (row.pattern or "") else "a JSON Pointer"
    values = {"field": _label(fault), "value": value, "expected": expected}
    return "invalid-format", Match(fault.pointer, values, help=_instead_of_text(fault), sure=row.sure)
