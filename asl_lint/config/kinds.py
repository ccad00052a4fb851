"""The types of values that settings have: in words, as JSON Schema, and as readers that tell what is wrong."""

from collections.abc import Callable

from asl_lint.config import StateIgnore
from asl_lint.finding import SEVERITIES
from asl_lint.late import NamedTuple
from asl_lint.near import near
from asl_lint.source.document import MISSING
from asl_lint.source.globs import is_well_formed

Key = tuple[str | int, ...]
Schema = dict[str, object]
_GLOB_START = "^[^!# ]"


class Wrong(NamedTuple):
    """A fault of a value: where in the settings, and what."""

    key: Key
    message: str


class Kind(NamedTuple):
    """A type of values: in words, as JSON Schema, and as a reader that returns the immutable value and appends what is wrong."""

    words: str
    schema: Schema
    read: Callable[[object, Key, list[Wrong]], object]


def type_name(value: object) -> str:
    names = (
        (bool, "a boolean"),
        (str, "a string"),
        (int, "an integer"),
        (float, "a number"),
        (list, "a list"),
        (dict, "a table"),
    )
    return next((name for kind, name in names if isinstance(value, kind)), "a date or time")


def _quoted(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else f"{type_name(value)}"


def _read_flag(value: object, key: Key, wrong: list[Wrong]) -> object:
    if not isinstance(value, bool):
        wrong.append(Wrong(key, f"must be true or false, not {_quoted(value)}"))
    return value


def _read_text(value: object, key: Key, wrong: list[Wrong]) -> object:
    if not isinstance(value, str):
        wrong.append(Wrong(key, f"must be a string, not {type_name(value)}"))
    elif not value:
        wrong.append(Wrong(key, "must not be empty"))
    return value


def _read_glob(value: object, key: Key, wrong: list[Wrong]) -> object:
    before = len(wrong)
    _read_text(value, key, wrong)
    if len(wrong) == before and isinstance(value, str):
        if value[0] == "!":
            wrong.append(Wrong(key, f'"{value}" begins with "!", which takes nothing back here; make the other globs narrower'))
        elif value[0] in "# ":
            wrong.append(Wrong(key, f'"{value}" begins with "{value[0]}"; write "\\\\{value}" for a name that does'))
        elif not is_well_formed(value):
            wrong.append(Wrong(key, f'"{value}" is no glob that can match: a bracket or a final backslash is left open'))
    return value


def choice(*values: str, hint: str = "") -> Kind:
    listed = ", ".join(f'"{value}"' for value in values[:-1]) + f' or "{values[-1]}"'

    def read(value: object, key: Key, wrong: list[Wrong]) -> object:
        if value not in values:
            meant = near(value, values) if isinstance(value, str) else None
            extra = f'; did you mean "{meant}"?' if meant else hint
            wrong.append(Wrong(key, f"must be {listed}, not {_quoted(value)}{extra}"))
        return value

    return Kind(listed, {"enum": list(values)}, read)


def list_of(kind: Kind, words: str) -> Kind:
    def read(value: object, key: Key, wrong: list[Wrong]) -> object:
        if isinstance(value, list):
            return tuple(kind.read(element, (*key, index), wrong) for index, element in enumerate(value))
        extra = f'; write ["{value}"]' if isinstance(value, str) and value else ""
        wrong.append(Wrong(key, f"must be a list, not {type_name(value)}{extra}"))
        return ()

    return Kind(words, {"type": "array", "items": kind.schema}, read)


def table_of(kind: Kind, words: str, keys: Kind | None = None) -> Kind:
    names = keys or TEXT

    def read(value: object, key: Key, wrong: list[Wrong]) -> object:
        if not isinstance(value, dict):
            wrong.append(Wrong(key, f"must be a table, not {type_name(value)}"))
            return {}
        for name in value:
            names.read(name, (*key, name), wrong)
        return {name: kind.read(member, (*key, name), wrong) for name, member in value.items()}

    # The type of a key is always string; saying so again makes some editors complain.
    key_schema = {keyword: argument for keyword, argument in names.schema.items() if keyword != "type"}
    return Kind(words, {"type": "object", "propertyNames": key_schema, "additionalProperties": kind.schema}, read)


FLAG = Kind("true or false", {"type": "boolean"}, _read_flag)
TEXT = Kind("string", {"type": "string", "minLength": 1}, _read_text)
GLOB = Kind("glob", {"type": "string", "minLength": 1, "pattern": _GLOB_START}, _read_glob)
GLOBS = list_of(GLOB, "list of globs")
RULES = list_of(TEXT, "list of rules, categories or `ALL`")
PATHS = list_of(TEXT, "list of paths")
LEAST_SEVERITY = choice(*SEVERITIES)
SEVERITY = choice(*SEVERITIES, hint='; to silence a rule, add it to "ignore"')
MACHINE_TYPE = choice("standard", "express")
STATES = table_of(RULES, "table of state or pointer to rules")


def _read_state_ignores(value: object, key: Key, wrong: list[Wrong]) -> object:
    if not isinstance(value, dict):
        wrong.append(Wrong(key, f"must be a table, not {type_name(value)}"))
        return ()
    entries: list[StateIgnore] = []
    for name, member in value.items():
        at = (*key, name)
        if isinstance(member, dict):
            _read_glob(name, at, wrong)
            inner, file = STATES.read(member, at, wrong), name
        else:
            inner, file = STATES.read({name: member}, key, wrong), None
        assert isinstance(inner, dict)
        entries += [StateIgnore(file, place, rules) for place, rules in inner.items()]
    return tuple(entries)


def _read_substitutions(value: object, key: Key, wrong: list[Wrong]) -> object:
    if isinstance(value, str):
        return _read_text(value, key, wrong)
    if isinstance(value, list):
        wrong += [
            Wrong((*key, i), f"must be a name, not {type_name(name)}")
            for i, name in enumerate(value)
            if not isinstance(name, str)
        ]
        return dict.fromkeys((name for name in value if isinstance(name, str)), MISSING)
    if not isinstance(value, dict):
        wrong.append(Wrong(key, f"must be a file, a table or a list of names, not {type_name(value)}"))
        return {}
    for name, member in value.items():
        if not isinstance(member, str | int | float):
            wrong.append(Wrong((*key, name), f"must be a string, a number or a boolean, not {type_name(member)}"))
    return value


SUBSTITUTIONS = Kind(
    "file, table of name to value, or list of names",
    {
        "type": ["string", "object", "array"],
        "minLength": 1,
        "items": {"type": "string"},
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    },
    _read_substitutions,
)
STATE_IGNORES = Kind(
    "table of state or pointer to rules, or of file glob to such a table",
    {
        "type": "object",
        "propertyNames": {"minLength": 1},
        "additionalProperties": {"if": {"type": "object"}, "then": STATES.schema, "else": RULES.schema},
        # A key that leads to a table is a glob of files, which begins with none of these; the name of a state may.
        "patternProperties": {"^[!# ]": {"not": {"type": "object"}, **RULES.schema}},
    },
    _read_state_ignores,
)
