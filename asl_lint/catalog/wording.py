"""What a JSON Schema finds wrong with a rule, in words: the place, what is there, and what would be right.

Each fault is a pointer and one line. jsonschema judges; nothing here decides.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple
from asl_lint.near import near
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from jsonschema import ValidationError

_TYPES: Final[Mapping[str, str]] = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
}


class Fault(NamedTuple):
    """Something wrong at a place, in one line."""

    pointer: Pointer
    problem: str


def schema_faults(value: object, schema: Mapping[str, Any], at: Pointer = ()) -> Iterator[Fault]:
    """What is wrong with a value by its schema, in the order of the places; pointers begin with ``at``."""
    from jsonschema import Draft202012Validator

    errors = sorted(
        Draft202012Validator(schema).iter_errors(value), key=lambda error: [str(part) for part in error.absolute_path]
    )
    for error in errors:
        yield from _told(error, at)


def _told(error: "ValidationError", at: Pointer) -> Iterator[Fault]:
    pointer = at + tuple(error.absolute_path)
    keyword: Any = error.validator
    wanted: Any = error.validator_value
    found: Any = error.instance
    schema: Any = error.schema
    if keyword not in ("anyOf", "oneOf"):
        yield from _words(pointer, keyword, wanted, found, schema)
    elif all(option.keys() == {"required"} and len(option["required"]) == 1 for option in wanted):
        names = [option["required"][0] for option in wanted]
        there = [name for name in names if name in found]
        problem = f"has both {_list(there[:2])}; choose one" if there else f"needs one of {_list(names)}"
        yield Fault(pointer, f"{_name(pointer)} {problem}")
    else:
        yield from _of_the_meant(pointer, wanted, found, error.context or (), at)


def _of_the_meant(
    pointer: Pointer, options: Any, found: Any, errors: Iterable["ValidationError"], at: Pointer
) -> Iterator[Fault]:
    """Of alternatives, what is wrong by the one that is meant: that of the value's own type."""
    others = {one.schema_path[0] for one in errors if one.validator == "type" and not one.path}
    meant = next((i for i in range(len(options)) if i not in others), None)
    if meant is None:
        types = [_TYPES[option["type"]] for option in options if "type" in option]
        yield Fault(pointer, f"{_name(pointer)} must be {' or '.join(types)}, not {quote(found)}")
    for one in errors:
        if one.schema_path[0] == meant:
            yield from _told(one, at)


def quote(value: object) -> str:
    """A value as JSON, cut to some 60 characters."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "…"


def _words(pointer: Pointer, keyword: str, wanted: Any, found: Any, schema: Mapping[str, Any]) -> Iterator[Fault]:
    what = _name(pointer)
    match keyword:
        case "required":
            # jsonschema yields one error per missing name and each knows all names: tell them once, with the first.
            missing = [name for name in wanted if name not in found]
            yield Fault(pointer, f"{what} lacks {_list(missing)}")
        case "additionalProperties":
            known = list(schema.get("properties", ()))
            for name in found:
                if name not in known:
                    nearest = near(str(name), known)
                    hint = f'did you mean "{nearest}"?' if nearest else f"known are {_list(known)}" if known else "it takes none"
                    yield Fault((*pointer, name), f'{what} has no key "{name}"; {hint}')
        case "type":
            names = [wanted] if isinstance(wanted, str) else wanted
            yield Fault(pointer, f"{what} must be {' or '.join(_TYPES[name] for name in names)}, not {quote(found)}")
        case "enum":
            nearest = near(found, [name for name in wanted if isinstance(name, str)]) if isinstance(found, str) else None
            hint = f'; did you mean "{nearest}"?' if nearest else f"; it can be {_list(wanted, 'or')}"
            yield Fault(pointer, f"{what} cannot be {quote(found)}{hint}")
        case "const":
            yield Fault(pointer, f"{what} must be {quote(wanted)}, not {quote(found)}")
        case "pattern":
            yield Fault(pointer, f"{what} is {quote(found)}; {schema.get('description') or 'it must match ' + wanted}")
        case "minItems" | "minLength" | "minProperties":
            yield Fault(pointer, f"{what} is {quote(found) if found else 'empty'}; it needs at least {wanted}")
        case "uniqueItems":
            yield Fault(pointer, f"{what} holds the same element twice: {quote(found)}")
        case "minimum":
            yield Fault(pointer, f"{what} is {quote(found)}; it must be at least {quote(wanted)}")
        case "exclusiveMinimum":
            yield Fault(pointer, f"{what} is {quote(found)}; it must be more than {quote(wanted)}")
        case _:
            yield Fault(pointer, f"{what} is {quote(found)}, against {keyword} {quote(wanted)}")


def _name(pointer: Pointer) -> str:
    return ".".join(str(part) for part in pointer) if pointer else "the rule"


def _list(names: list[Any], last: str = "and") -> str:
    quoted = [quote(name) for name in names]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"
