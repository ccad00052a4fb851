"""The JSON Schema of the input that executions of a definition start with, from a file that the settings name or one beside."""

import json
import os
from functools import lru_cache

from asl_lint.config import Config, ConfigError, shown_path
from asl_lint.late import Any, NamedTuple
from asl_lint.source.failure import Failure
from asl_lint.source.read import read_source

# ruff: noqa: PTH100, PTH113
# (Strings and os.path, as in source.discover.)

_ENDINGS = (".asl.json", ".asl.yaml", ".asl.yml", ".json")


class InputSchema(NamedTuple):
    """A schema that is one, and the file that holds it."""

    file: str
    schema: Any


def declared_input(config: Config, path: str) -> tuple[InputSchema | None, tuple[Failure, ...]]:
    """The schema for a definition's input: of the settings, else of ``name.input.schema.json`` beside ``name.asl.json``.

    One that cannot be used is told as a failure, and the definition is checked without it.
    """
    file = config.input_schema_of(path) or _beside(path)
    if file is None:
        return None, ()
    try:
        return _load(os.path.abspath(file)), ()
    except ConfigError as fault:
        line = fault.problems[0].line
        return None, (Failure(fault.file if line is None else f"{fault.file}:{line}", fault.message),)


def _beside(path: str) -> str | None:
    for ending in _ENDINGS:
        if path.endswith(ending):
            file = path.removesuffix(ending) + ".input.schema.json"
            return file if os.path.isfile(file) else None
    return None


@lru_cache(maxsize=256)
def _load(file: str) -> InputSchema:
    content, shown = read_source(file), shown_path(file)
    if content is None or isinstance(content, Failure):
        raise ConfigError("cannot be read" if content is None else content.message, shown)
    try:
        schema = json.loads(content)
    except json.JSONDecodeError as error:
        raise ConfigError(f"is no JSON: {error.msg[:1].lower()}{error.msg[1:]}", shown, error.lineno) from None
    except (ValueError, RecursionError):
        raise ConfigError("is no JSON that can be read", shown) from None
    _validate(schema, shown)
    return InputSchema(shown, schema)


def _validate(schema: Any, shown: str) -> None:
    """Raises ConfigError for what is no JSON Schema."""
    from jsonschema.validators import validator_for

    validator = validator_for(schema) if isinstance(schema, dict) else validator_for({})
    metaschema = validator(validator.META_SCHEMA)
    try:
        fault = min(metaschema.iter_errors(schema), key=lambda one: len(one.absolute_path), default=None)
    except RecursionError:
        raise ConfigError("is nested too deeply", shown) from None
    if fault is not None:
        where = "/".join(map(str, fault.absolute_path))
        raise ConfigError(f"is no JSON Schema: {fault.message[:200]}" + (f" (at /{where})" if where else ""), shown)
