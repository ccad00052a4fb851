"""What a distributed Map reads from S3 and writes there: combinations that the guide rules out.

The guide says it (input-output-itemreader, -resultwriter); what the service answers to each is not recorded, so none is sure.
"""

from collections.abc import Iterator, Mapping, Set

from asl_lint.aws.resource import parse_resource
from asl_lint.facts.match import Match
from asl_lint.late import Any, Final
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Pointer, is_unknown

Observed = tuple[str, Match]

_CALLS: Final = ("getObject", "listObjectsV2", "putObject")
_ONLY_WITH: Final[tuple[tuple[str, str | None, tuple[str, ...]], ...]] = (
    ("CSVDelimiter", None, ("CSV", "MANIFEST")),
    ("CSVHeaderLocation", None, ("CSV", "MANIFEST")),
    ("CSVHeaders", None, ("CSV", "MANIFEST")),
    ("ItemsPointer", None, ("JSON",)),
    ("Transformation", "LOAD_AND_FLATTEN", ("CSV", "JSON", "JSONL", "PARQUET")),
    ("ManifestType", "ATHENA_DATA", ("CSV", "JSONL", "PARQUET")),
)
"""Field, the value of it that is meant (None: any), and the InputTypes that it goes with."""


def map_data_faults(machine: StateMachine, damaged: Set[Pointer] = frozenset()) -> Iterator[Observed]:
    """Observations about the ItemReader and ResultWriter of every distributed Map. ``damaged``: as of the Document."""
    for state in machine.of_type("Map"):
        if state.is_language_known and any(scope.is_distributed for scope in state.scopes):
            for field in ("ItemReader", "ResultWriter"):
                holder = state.body.get(field)
                if isinstance(holder, dict) and not is_unknown(holder):
                    yield from _call(state, field, holder, damaged)


def _call(state: State, field: str, holder: Mapping[str, Any], damaged: Set[Pointer]) -> Iterator[Observed]:
    pointer: Pointer = (*state.pointer, field)
    title = "an ItemReader" if field == "ItemReader" else "a ResultWriter"
    resource = holder.get("Resource")
    action = parse_resource(resource).action if isinstance(resource, str) else None
    arguments = "Arguments" if state.language == "JSONata" else "Parameters"
    if action is not None and action in _CALLS:
        given = holder.get(arguments)
        if field == "ItemReader" and given is None and "Parameters" not in holder and "Arguments" not in holder:
            values = {"field": f"s3:{action}", "needs": arguments, "object": title}
            yield "companion-field", Match((*pointer, "Resource"), values, sure=False)
        elif isinstance(given, dict) and not is_unknown(given):
            yield from _arguments(action, given, (*pointer, arguments), damaged)
        if action == "getObject" and "ReaderConfig" not in holder:
            values = {"field": "s3:getObject", "needs": "ReaderConfig", "object": title}
            yield "companion-field", Match((*pointer, "Resource"), values, sure=False)
    config = holder.get("ReaderConfig")
    if field == "ItemReader" and isinstance(config, dict) and not is_unknown(config):
        yield from _reader_config(config, (*pointer, "ReaderConfig"), action)


def _arguments(action: str, given: Mapping[str, Any], pointer: Pointer, damaged: Set[Pointer]) -> Iterator[Observed]:
    """What the arguments get wrong, by the API of S3. Nobody has seen what the service says to it."""
    from asl_lint.aws.optimized_calls import MAP_CALLS
    from asl_lint.aws.service_index import service_index
    from asl_lint.facts.service_arguments import Arguments, argument_faults

    index, call = service_index(), MAP_CALLS[action]
    service = index.service(call.service)
    operation = service.operation(action) if service is not None else None
    if service is not None and operation is not None and operation.input is not None:
        asked = Arguments(
            f"s3:{action}", pointer, service, False, False, damaged, index.date, call.any_json, call.more, call.optional
        )
        for code, match in argument_faults(asked, given, operation.input):
            yield code, match._replace(sure=False)


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
