"""jsonschema as the oracle of the compiled checks: the same schema, the same pointers, the same keywords.

Values that the deployment fills in are of any type and value for both; the oracle's keywords are wrapped to know that.
"""

import json
from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from asl_lint.facts.fields import schema_faults
from asl_lint.model.machine import StateMachine
from asl_lint.schemas.build import TARGET
from asl_lint.schemas.compile import is_template_function
from asl_lint.source.placeholders import Placeholder, has_placeholder

SCHEMA = json.loads(TARGET.read_text(encoding="utf-8"))


def _is_unknown(value: object) -> bool:
    if isinstance(value, str):
        return has_placeholder(value)
    return isinstance(value, Placeholder) or (isinstance(value, dict) and is_template_function(value))


def _knowing_placeholders(keyword: Any) -> Any:
    def wrapped(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if not _is_unknown(instance):
            yield from keyword(validator, wanted, instance, schema) or ()

    return wrapped


_VALUES = ("type", "enum", "const", "pattern", "maxLength", "minLength")
_Oracle = extend(Draft202012Validator, {name: _knowing_placeholders(Draft202012Validator.VALIDATORS[name]) for name in _VALUES})
_oracle = _Oracle(SCHEMA)


def by_jsonschema(value: object) -> set[tuple[tuple[str | int, ...], str]]:
    """Pointer and keyword of every error of jsonschema."""
    return {(tuple(error.absolute_path), str(error.validator)) for error in _oracle.iter_errors(value)}


def by_closures(value: object) -> set[tuple[tuple[str | int, ...], str]]:
    """Pointer and keyword of every fault of the closures."""
    return {(fault.pointer, fault.keyword) for fault in schema_faults(StateMachine(value), value)}
