"""What a distributed Map reads from S3 and writes there: combinations that the guide rules out.

The guide says it (input-output-itemreader, -resultwriter); what the service answers to each is not recorded, so none is sure.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from asl_lint.aws.resource import parse_resource
from asl_lint.facts.match import Match
from asl_lint.facts.values import alternatives
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Pointer, is_unknown

Observed = tuple[str, Match]

_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "getObject": ("Bucket", "Key"), "listObjectsV2": ("Bucket",), "putObject": ("Bucket",),
}  # fmt: skip
"""Members that each call to S3 cannot do without."""
_ONLY_WITH: Final[tuple[tuple[str, str | None, tuple[str, ...]], ...]] = (
    ("CSVDelimiter", None, ("CSV", "MANIFEST")),
    ("CSVHeaderLocation", None, ("CSV", "MANIFEST")),
    ("CSVHeaders", None, ("CSV", "MANIFEST")),
    ("ItemsPointer", None, ("JSON",)),
    ("Transformation", "LOAD_AND_FLATTEN", ("CSV", "JSON", "JSONL", "PARQUET")),
    ("ManifestType", "ATHENA_DATA", ("CSV", "JSONL", "PARQUET")),
)
"""Field, the value of it that is meant (None: any), and the InputTypes that it goes with."""


def map_data_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about the ItemReader and ResultWriter of every distributed Map."""
    for state in machine.states:
        if state.type == "Map" and state.is_language_known and any(scope.is_distributed for scope in state.scopes):
            for field in ("ItemReader", "ResultWriter"):
                holder = state.body.get(field)
                if isinstance(holder, dict) and not is_unknown(holder):
                    yield from _call(state, field, holder)


def _call(state: State, field: str, holder: Mapping[str, Any]) -> Iterator[Observed]:
    pointer: Pointer = (*state.pointer, field)
    title = "an ItemReader" if field == "ItemReader" else "a ResultWriter"
    resource = holder.get("Resource")
    action = parse_resource(resource).action if isinstance(resource, str) else None
    arguments = "Arguments" if state.language == "JSONata" else "Parameters"
    if action is not None and action in _NEEDED:
        given = holder.get(arguments)
        if field == "ItemReader" and given is None and "Parameters" not in holder and "Arguments" not in holder:
            values = {"field": f"s3:{action}", "needs": arguments, "object": title}
            yield "companion-field", Match((*pointer, "Resource"), values, sure=False)
        elif isinstance(given, dict) and not is_unknown(given):
            missing = [name for name in _NEEDED[action] if name not in given and f"{name}.$" not in given]
            if missing:
                values = {"fields": alternatives(missing, "and"), "object": f"s3:{action}"}
                yield "missing-field", Match((*pointer, arguments), values, "key", sure=False)
        if action == "getObject" and "ReaderConfig" not in holder:
            values = {"field": "s3:getObject", "needs": "ReaderConfig", "object": title}
            yield "companion-field", Match((*pointer, "Resource"), values, sure=False)
    config = holder.get("ReaderConfig")
    if field == "ItemReader" and isinstance(config, dict) and not is_unknown(config):
        yield from _reader_config(config, (*pointer, "ReaderConfig"), action)


def _reader_config(config: Mapping[str, Any], pointer: Pointer, action: str | None) -> Iterator[Observed]:
    kind = config.get("InputType")
    for field, value, kinds in _ONLY_WITH:
        meant = field in config and (value is None or config[field] == value)
        if meant and isinstance(kind, str) and not is_unknown(kind) and kind not in kinds:
            yield _conflict((*pointer, field), f'{field} and InputType "{kind}"')
    if config.get("CSVHeaderLocation") == "FIRST_ROW" and "CSVHeaders" in config:
        yield _conflict((*pointer, "CSVHeaders"), 'CSVHeaders and CSVHeaderLocation "FIRST_ROW"')
    if config.get("Transformation") == "LOAD_AND_FLATTEN" and action == "getObject":
        yield _conflict((*pointer, "Transformation"), 'Transformation "LOAD_AND_FLATTEN" and s3:getObject')


def _conflict(pointer: Pointer, fields: str) -> Observed:
    return "conflicting-fields", Match(pointer, {"fields": fields, "object": "a ReaderConfig"}, "key", sure=False)
