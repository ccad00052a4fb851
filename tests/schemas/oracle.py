"""jsonschema as the oracle of the compiled checks: the same schema, the same pointers, the same keywords.

What the deployment fills in is of any type and value for both; the oracle's keywords are wrapped to know that.
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
from asl_lint.schemas.compile import QUOTED
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder

SCHEMA = json.loads(TARGET.read_text(encoding="utf-8"))

_ABOUT_MEMBERS = ("required", "oneOf", "anyOf", "not", "dependentRequired")


def _knowing_what_is_filled_in(name: str, keyword: Any) -> Any:
    def wrapped(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
        if is_unknown(instance):
            return
        if isinstance(instance, dict) and any(has_placeholder(key) for key in instance):
            if name in _ABOUT_MEMBERS:
                return  # the member whose name is filled in may be any of them
            if name == "additionalProperties" and wanted is False:
                instance = {key: value for key, value in instance.items() if not has_placeholder(key)}
        yield from keyword(validator, wanted, instance, schema) or ()

    return wrapped


_Oracle = extend(
    Draft202012Validator,
    {
        name: _knowing_what_is_filled_in(name, keyword)
        for name, keyword in Draft202012Validator.VALIDATORS.items()
        if name != "$ref"
    },
)
_oracle = _Oracle(SCHEMA)


def by_jsonschema(value: object) -> set[tuple[tuple[str | int, ...], str]]:
    """Pointer and keyword of every error of jsonschema."""
    return {(tuple(error.absolute_path), str(error.validator)) for error in _oracle.iter_errors(value)}


def by_closures(value: object) -> set[tuple[tuple[str | int, ...], str]]:
    """Pointer and keyword of every fault of the closures."""
    return {(fault.pointer, fault.keyword) for fault in schema_faults(StateMachine(value), value) if fault.keyword != QUOTED}
