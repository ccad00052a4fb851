"""The table of settings: each with its type, what it means and an example; defaults are those of ``Config``.

From it come the reader of configuration files (``toml``), the JSON Schema for editors and docs/configuration.md.
Imported only where a configuration file is found.
"""

from asl_lint.config import Config
from asl_lint.config.kinds import (
    FLAG,
    GLOB,
    GLOBS,
    LEAST_SEVERITY,
    MACHINE_TYPE,
    PATHS,
    RULES,
    SEVERITY,
    STATE_IGNORES,
    SUBSTITUTIONS,
    TEXT,
    Kind,
    Schema,
    table_of,
)
from asl_lint.late import NamedTuple


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


OPTIONS: tuple[Option, ...] = (
    Option(
        "select",
        "Rules",
        RULES,
        "The rules that run: names of rules, of categories, or `ALL`. It replaces the default set.",
        'select = ["conformance", "duplicate-key"]',
        "the default set",
    ),
    Option(
        "extend-select",
        "Rules",
        RULES,
        "Rules that run besides those of `select`.",
        'extend-select = ["style"]',
    ),
    Option(
        "ignore",
        "Rules",
        RULES,
        "Rules that do not run. A rule's own name decides before its category, and a category before `ALL`; where both settings"
        " say the same, `ignore` wins.",
        'ignore = ["deprecated-field"]',
    ),
    Option(
        "severity",
        "Rules",
        table_of(SEVERITY, "table of rule, category or `ALL` to severity"),
        "Another severity than the rule's own. A rule's name decides before its category, and that before `ALL`.",
        'severity = { deprecated-field = "error" }',
    ),
    Option(
        "rules",
        "Rules",
        PATHS,
        "Your organisation's own rules: folders of YAML files, or files. Relative to the configuration file.",
        'rules = ["./rules"]',
    ),
    Option(
        "fail-on",
        "Rules",
        LEAST_SEVERITY,
        "The least severity that makes the exit code 1.",
        'fail-on = "error"',
    ),
    Option(
        "machine-type",
        "Definitions",
        MACHINE_TYPE,
        "The type of the state machines. A definition does not say it; where nothing says it, the service takes standard.",
        'machine-type = "express"',
        "unset",
    ),
    Option(
        "machine-types",
        "Definitions",
        table_of(MACHINE_TYPE, "table of file glob to type", GLOB),
        "The type for the files that a glob matches. The last glob that matches decides.",
        'machine-types = { "**/express/*.asl.json" = "express" }',
    ),
    Option(
        "substitutions",
        "Definitions",
        SUBSTITUTIONS,
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
        table_of(SUBSTITUTIONS, "table of file glob to file, to table of name to value, or to list of names", GLOB),
        "The same for the files that a glob matches. All globs that match count, the later over the earlier, and all of them over"
        " `substitutions`.",
        '[per-file-substitutions]\n"orders.asl.json" = "deploy/orders.yaml"\n"returns.asl.json" = ["TableName", "QueueUrl"]\n\n'
        '[per-file-substitutions."billing/**"]\nTableName = "invoices"\nWaitSeconds = 30',
    ),
    Option(
        "templates",
        "Definitions",
        PATHS,
        "Templates (CloudFormation, SAM, or for the Serverless Framework) that name definitions. A definition that one of them"
        " names is checked as it deploys it, also where only the definition is given, as pre-commit does.",
        'templates = ["template.yaml"]',
    ),
    Option(
        "role",
        "Definitions",
        TEXT,
        "The policies of the role that the state machines run with: a JSON or YAML file with a policy document, a list of them,"
        " or the `Policies` of a SAM state machine. The rules of the category `permissions` compare it with what calls need. What"
        " a template says of the roles of its machines comes before it.",
        'role = "deploy/role.json"',
        "unset",
    ),
    Option(
        "per-file-role",
        "Definitions",
        table_of(TEXT, "table of file glob to file", GLOB),
        "The same for the files that a glob matches. The last glob that matches decides.",
        'per-file-role = { "orders.asl.json" = "deploy/orders-role.yaml" }',
    ),
    Option(
        "input-schema",
        "Definitions",
        TEXT,
        "The JSON Schema of the input that executions start with: what reads the input is then checked against it. Without the"
        " setting, a file `name.input.schema.json` beside `name.asl.json` is the schema of that definition.",
        'input-schema = "schemas/event.json"',
        "unset",
    ),
    Option(
        "per-file-input-schema",
        "Definitions",
        table_of(TEXT, "table of file glob to file", GLOB),
        "The same for the files that a glob matches. The last glob that matches decides.",
        'per-file-input-schema = { "orders.asl.json" = "schemas/order.json" }',
    ),
    Option(
        "per-file-ignores",
        "Suppression",
        table_of(RULES, "table of file glob to rules", GLOB),
        "Rules that are silent in the files that a glob matches. All globs that match count.",
        'per-file-ignores = { "legacy/**" = ["deprecated-field", "suspicious"] }',
    ),
    Option(
        "per-state-ignores",
        "Suppression",
        STATE_IGNORES,
        "Rules that are silent at some states. A key is a glob of state names (`Notify*`), which silences what belongs to such a"
        " state itself but not the states inside it, or a JSON pointer whose parts may be globs (`/States/*/Retry`), which"
        " silences all that is below it. Under the glob of a file, both hold in the files that it matches.",
        '[per-state-ignores]\n"Notify*" = ["unreachable-handler"]\n\n'
        '[per-state-ignores."legacy/*.asl.json"]\n"/States/Poll/Retry" = ["ALL"]',
    ),
    Option(
        "require-suppression-reason",
        "Suppression",
        FLAG,
        "Whether a suppression in a definition must say why.",
        "require-suppression-reason = false",
    ),
    Option(
        "baseline",
        "Suppression",
        TEXT,
        "A file of findings that are known and not reported again. Relative to the configuration file.",
        'baseline = "asl-lint-baseline.json"',
        "none",
    ),
    Option(
        "exclude",
        "Files",
        GLOBS,
        "Files and folders that are not searched. It replaces the default list.",
        'exclude = ["node_modules", "cdk.out"]',
    ),
    Option(
        "extend-exclude",
        "Files",
        GLOBS,
        "Files and folders that are not searched, besides `exclude`.",
        'extend-exclude = ["generated", "*.draft.asl.json"]',
    ),
    Option(
        "extend-include",
        "Files",
        GLOBS,
        "Files in searched folders that are definitions though their ending is not `.asl.json`, `.asl.yaml` or `.asl.yml`.",
        'extend-include = ["workflows/*.json.tpl"]',
    ),
    Option(
        "respect-gitignore",
        "Files",
        FLAG,
        "Whether files that git ignores are left out: by `.gitignore` and `.git/info/exclude`, not by a person's global file.",
        "respect-gitignore = false",
    ),
    Option(
        "force-exclude",
        "Files",
        FLAG,
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
