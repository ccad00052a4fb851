"""A configuration file's settings, read by the table in ``options``: all that is wrong with them at once, with lines."""
# ruff: noqa: PTH100, PTH118, PTH120
# (Strings and os.path, as in config.)

import os
import re
import tomllib

from asl_lint.config import Config, ConfigError, ConfigProblem
from asl_lint.config.kinds import Wrong, type_name
from asl_lint.config.options import OPTIONS
from asl_lint.config.toml_lines import line_of
from asl_lint.late import Any
from asl_lint.near import near

_TABLE = ("tool", "asl-lint")


def parse_config(content: bytes, file: str, shown: str, *, is_project: bool, root: str | None) -> Config | None:
    """The settings in the bytes of ``file``, which messages call ``shown``; None for a project without the table.

    Raises ConfigError, with everything that is wrong.
    """
    try:
        text = content.decode("utf-8-sig")
        document = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise ConfigError(f"is not UTF-8: byte 0x{content[error.start]:02X} at offset {error.start}", shown) from None
    except RecursionError:
        raise ConfigError("is nested too deeply", shown) from None
    except ValueError as error:
        raise _syntax_error(str(error), shown) from None
    table: object = document
    wrong: list[Wrong] = []
    if is_project:
        tools = document.get("tool")
        tools = tools if isinstance(tools, dict) else {}
        table = tools.get(_TABLE[1])
        if table is None:
            misspelt = next(
                (name for name in tools if name != _TABLE[1] and near(name, _TABLE[1:]) and "asl" in name.lower()), None
            )
            if misspelt is None:
                return None
            wrong.append(Wrong(("tool", misspelt), f"unknown table [tool.{misspelt}]; did you mean [tool.{_TABLE[1]}]?"))
    values = _values(table, wrong) if table is not None else {}
    if wrong:
        prefix = _TABLE if is_project and table is not None else ()
        problems = [ConfigProblem(_message(entry), line_of(text, (*prefix, *entry.key))) for entry in wrong]
        problems.sort(key=lambda problem: problem.line or 0)
        raise ConfigError(problems[0].message, shown, problems[0].line, tuple(problems[1:]))
    folder = os.path.dirname(os.path.abspath(file))
    for field in ("rules", "baseline", "substitutions", "templates", "role", "input_schema"):
        value = values.get(field)
        if isinstance(value, tuple):
            values[field] = tuple(os.path.normpath(os.path.join(folder, path)) for path in value)
        elif isinstance(value, str):
            values[field] = os.path.normpath(os.path.join(folder, value))
    if "per_file_substitutions" in values:
        values["per_file_substitutions"] = {
            glob: os.path.normpath(os.path.join(folder, said)) if isinstance(said, str) else said
            for glob, said in values["per_file_substitutions"].items()
        }
    for field in ("per_file_role", "per_file_input_schema"):
        if field in values:
            values[field] = {glob: os.path.normpath(os.path.join(folder, file)) for glob, file in values[field].items()}
    return Config(root=folder if root is None else os.path.abspath(root), file=shown)._replace(**values)


def _values(table: object, wrong: list[Wrong]) -> dict[str, Any]:
    """The fields of Config that a table of settings gives."""
    if not isinstance(table, dict):
        wrong.append(Wrong((), f"[{'.'.join(_TABLE)}] must be a table, not {type_name(table)}"))
        return {}
    options = {option.name: option for option in OPTIONS}
    values: dict[str, Any] = {}
    for name, value in table.items():
        option = options.get(name)
        if option is not None:
            values[option.field] = option.kind.read(value, (name,), wrong)
        elif name == "tool" and isinstance(value, dict) and _TABLE[1] in value:
            wrong.append(Wrong((name,), f"the settings stand at the top of this file, without [{'.'.join(_TABLE)}]"))
        else:
            meant = near(name, options)
            wrong.append(Wrong((name,), f'unknown setting "{name}"' + (f'; did you mean "{meant}"?' if meant else "")))
    return values


def _message(wrong: Wrong) -> str:
    if wrong.message.startswith(("unknown ", "the settings ", "[")):
        return wrong.message
    name = "".join(
        f"[{part}]"
        if isinstance(part, int)
        else ("." if place else "") + (part if re.fullmatch(r"[\w-]+", part) else f"'{part}'")
        for place, part in enumerate(wrong.key)
    )
    return f"{name}: {wrong.message}"


def _syntax_error(message: str, shown: str) -> ConfigError:
    place = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if place is None:
        return ConfigError(f"is no valid TOML: {message}", shown)
    problem, line, column = place.groups()
    problem = problem[:1].lower() + problem[1:]
    where = f"column {column}" if column else "at the end of the file"
    return ConfigError(f"no valid TOML: {problem} ({where})", shown, int(line) if line else None)
