"""The table of settings: each with its type, what it means and an example; defaults are those of ``Config``.

From it come the reader of configuration files (``toml``), the JSON Schema for editors and docs/configuration.md.
Imported only where a configuration file is found.
"""

from collections.abc import Callable

from asl_lint.config import Config, StateIgnore
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


class Option(NamedTuple):
    """A setting. ``field`` of Config that it fills; ``default`` in words where Config's value does not say it."""

    name: str
    group: str
    kind: Kind
    doc: str
    example: str
    default: str | None = None

    @property
    def field(self) -> str:
        return self.name.replace("-", "_")


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


def _choice(*values: str, hint: str = "") -> Kind:
    listed = ", ".join(f'"{value}"' for value in values[:-1]) + f' or "{values[-1]}"'

    def read(value: object, key: Key, wrong: list[Wrong]) -> object:
        if value not in values:
            meant = near(value, values) if isinstance(value, str) else None
            extra = f'; did you mean "{meant}"?' if meant else hint
            wrong.append(Wrong(key, f"must be {listed}, not {_quoted(value)}{extra}"))
        return value

    return Kind(listed, {"enum": list(values)}, read)


def _list_of(kind: Kind, words: str) -> Kind:
    def read(value: object, key: Key, wrong: list[Wrong]) -> object:
        if isinstance(value, list):
            return tuple(kind.read(element, (*key, index), wrong) for index, element in enumerate(value))
        extra = f'; write ["{value}"]' if isinstance(value, str) and value else ""
        wrong.append(Wrong(key, f"must be a list, not {type_name(value)}{extra}"))
        return ()

    return Kind(words, {"type": "array", "items": kind.schema}, read)


def _table_of(kind: Kind, words: str, keys: Kind | None = None) -> Kind:
    names = keys or _TEXT

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


_FLAG = Kind("true or false", {"type": "boolean"}, _read_flag)
_TEXT = Kind("string", {"type": "string", "minLength": 1}, _read_text)
_GLOB = Kind("glob", {"type": "string", "minLength": 1, "pattern": _GLOB_START}, _read_glob)
_GLOBS = _list_of(_GLOB, "list of globs")
_RULES = _list_of(_TEXT, "list of rules, categories or `ALL`")
_PATHS = _list_of(_TEXT, "list of paths")
_LEAST_SEVERITY = _choice(*SEVERITIES)
_SEVERITY = _choice(*SEVERITIES, hint='; to silence a rule, add it to "ignore"')
_MACHINE_TYPE = _choice("standard", "express")
_STATES = _table_of(_RULES, "table of state or pointer to rules")


def _read_state_ignores(value: object, key: Key, wrong: list[Wrong]) -> object:
    if not isinstance(value, dict):
        wrong.append(Wrong(key, f"must be a table, not {type_name(value)}"))
        return ()
    entries: list[StateIgnore] = []
    for name, member in value.items():
        at = (*key, name)
        if isinstance(member, dict):
            _read_glob(name, at, wrong)
            inner, file = _STATES.read(member, at, wrong), name
        else:
            inner, file = _STATES.read({name: member}, key, wrong), None
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


_SUBSTITUTIONS = Kind(
    "file, table of name to value, or list of names",
    {
        "type": ["string", "object", "array"],
        "minLength": 1,
        "items": {"type": "string"},
        "additionalProperties": {"type": ["string", "number", "boolean"]},
    },
    _read_substitutions,
)
_STATE_IGNORES = Kind(
    "table of state or pointer to rules, or of file glob to such a table",
    {
        "type": "object",
        "propertyNames": {"minLength": 1},
        "additionalProperties": {"if": {"type": "object"}, "then": _STATES.schema, "else": _RULES.schema},
        # A key that leads to a table is a glob of files, which begins with none of these; the name of a state may.
        "patternProperties": {"^[!# ]": {"not": {"type": "object"}, **_RULES.schema}},
    },
    _read_state_ignores,
)

OPTIONS: tuple[Option, ...] = (
    Option(
        "select",
        "Rules",
        _RULES,
        "The rules that run: names of rules, of categories, or `ALL`. It replaces the default set.",
        'select = ["conformance", "duplicate-key"]',
        "the default set",
    ),
    Option(
        "extend-select",
        "Rules",
        _RULES,
        "Rules that run besides those of `select`.",
        'extend-select = ["style"]',
    ),
    Option(
        "ignore",
        "Rules",
        _RULES,
        "Rules that do not run. A rule's own name decides before its category, and a category before `ALL`; where both settings"
        " say the same, `ignore` wins.",
        'ignore = ["deprecated-field"]',
    ),
    Option(
        "severity",
        "Rules",
        _table_of(_SEVERITY, "table of rule, category or `ALL` to severity"),
        "Another severity than the rule's own. A rule's name decides before its category, and that before `ALL`.",
        'severity = { deprecated-field = "error" }',
    ),
    Option(
        "rules",
        "Rules",
        _PATHS,
        "Your organisation's own rules: folders of YAML files, or files. Relative to the configuration file.",
        'rules = ["./rules"]',
    ),
    Option(
        "fail-on",
        "Rules",
        _LEAST_SEVERITY,
        "The least severity that makes the exit code 1.",
        'fail-on = "error"',
    ),
    Option(
        "machine-type",
        "Definitions",
        _MACHINE_TYPE,
        "The type of the state machines. A definition does not say it; where nothing says it, the service takes standard.",
        'machine-type = "express"',
        "unset",
    ),
    Option(
        "machine-types",
        "Definitions",
        _table_of(_MACHINE_TYPE, "table of file glob to type", _GLOB),
        "The type for the files that a glob matches. The last glob that matches decides.",
        'machine-types = { "**/express/*.asl.json" = "express" }',
    ),
    Option(
        "substitutions",
        "Definitions",
        _SUBSTITUTIONS,
        "What the deployment fills in for the placeholders `${Name}`: a JSON or YAML file, a table of names and values, or, where"
        " only the deployment knows the values, a list of names. The file is an object of names and values, one with such an"
        " object as `DefinitionSubstitutions`, or a list of names. Known values are filled in before anything is checked; a"
        " placeholder that nothing fills in is reported (`unresolved-placeholder`).",
        'substitutions = "deploy/substitutions.json"',
        "unset",
    ),
    Option(
        "per-file-substitutions",
        "Definitions",
        _table_of(_SUBSTITUTIONS, "table of file glob to file, to table of name to value, or to list of names", _GLOB),
        "The same for the files that a glob matches. All globs that match count, the later over the earlier, and all of them over"
        " `substitutions`.",
        '[per-file-substitutions]\n"orders.asl.json" = "deploy/orders.yaml"\n"returns.asl.json" = ["TableName", "QueueUrl"]\n\n'
        '[per-file-substitutions."billing/**"]\nTableName = "invoices"\nWaitSeconds = 30',
    ),
    Option(
        "templates",
        "Definitions",
        _PATHS,
        "Templates (CloudFormation, SAM, or for the Serverless Framework) that name definitions. A definition that one of them"
        " names is checked as it deploys it, also where only the definition is given, as pre-commit does.",
        'templates = ["template.yaml"]',
    ),
    Option(
        "role",
        "Definitions",
        _TEXT,
        "The policies of the role that the state machines run with: a JSON or YAML file with a policy document, a list of them,"
        " or the `Policies` of a SAM state machine. The rules of the category `permissions` compare it with what calls need. What"
        " a template says of the roles of its machines comes before it.",
        'role = "deploy/role.json"',
        "unset",
    ),
    Option(
        "per-file-role",
        "Definitions",
        _table_of(_TEXT, "table of file glob to file", _GLOB),
        "The same for the files that a glob matches. The last glob that matches decides.",
        'per-file-role = { "orders.asl.json" = "deploy/orders-role.yaml" }',
    ),
    Option(
        "per-file-ignores",
        "Suppression",
        _table_of(_RULES, "table of file glob to rules", _GLOB),
        "Rules that are silent in the files that a glob matches. All globs that match count.",
        'per-file-ignores = { "legacy/**" = ["deprecated-field", "suspicious"] }',
    ),
    Option(
        "per-state-ignores",
        "Suppression",
        _STATE_IGNORES,
        "Rules that are silent at some states. A key is a glob of state names (`Notify*`), which silences what belongs to such a"
        " state itself but not the states inside it, or a JSON pointer whose parts may be globs (`/States/*/Retry`), which"
        " silences all that is below it. Under the glob of a file, both hold in the files that it matches.",
        '[per-state-ignores]\n"Notify*" = ["unreachable-handler"]\n\n'
        '[per-state-ignores."legacy/*.asl.json"]\n"/States/Poll/Retry" = ["ALL"]',
    ),
    Option(
        "require-suppression-reason",
        "Suppression",
        _FLAG,
        "Whether a suppression in a definition must say why.",
        "require-suppression-reason = false",
    ),
    Option(
        "baseline",
        "Suppression",
        _TEXT,
        "A file of findings that are known and not reported again. Relative to the configuration file.",
        'baseline = "asl-lint-baseline.json"',
        "none",
    ),
    Option(
        "exclude",
        "Files",
        _GLOBS,
        "Files and folders that are not searched. It replaces the default list.",
        'exclude = ["node_modules", "cdk.out"]',
    ),
    Option(
        "extend-exclude",
        "Files",
        _GLOBS,
        "Files and folders that are not searched, besides `exclude`.",
        'extend-exclude = ["generated", "*.draft.asl.json"]',
    ),
    Option(
        "extend-include",
        "Files",
        _GLOBS,
        "Files in searched folders that are definitions though their ending is not `.asl.json`, `.asl.yaml` or `.asl.yml`.",
        'extend-include = ["workflows/*.json.tpl"]',
    ),
    Option(
        "respect-gitignore",
        "Files",
        _FLAG,
        "Whether files that git ignores are left out: by `.gitignore` and `.git/info/exclude`, not by a person's global file.",
        "respect-gitignore = false",
    ),
    Option(
        "force-exclude",
        "Files",
        _FLAG,
        "Whether files that are named on the command line are left out too if they are excluded or ignored (for pre-commit).",
        "force-exclude = true",
    ),
)


def config_schema() -> Schema:
    """The JSON Schema (2020-12) of ``asl-lint.toml``, and of ``[tool.asl-lint]`` in ``pyproject.toml``."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "asl-lint's configuration",
        "description": "asl-lint.toml, or the table [tool.asl-lint] of pyproject.toml",
        "type": "object",
        "properties": {option.name: _option_schema(option) for option in OPTIONS},
        "additionalProperties": False,
    }


def _option_schema(option: Option) -> Schema:
    schema: Schema = {"description": option.doc, **option.kind.schema}
    if option.default is None:
        default = Config._field_defaults[option.field]
        # The default of a table of tables is a tuple of entries, and no entry is an empty table.
        schema["default"] = {} if schema.get("type") == "object" else list(default) if isinstance(default, tuple) else default
    return schema
