"""What the fields of a definition get wrong, by the table of fields: the schema's faults, put in the language's terms.

The closures of the schema run over every object; only where one of them fails is the table itself consulted.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from asl_lint.facts.match import Match
from asl_lint.late import TYPE_CHECKING, Any
from asl_lint.model.machine import STATE_TYPES, State, StateMachine
from asl_lint.schemas.compile import QUOTED, Check, Checks, Fault, load
from asl_lint.source.document import Document, Pointer, is_unknown
from asl_lint.source.placeholders import PLACEHOLDER, has_placeholder, is_template_function

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Workflow

_CONTAINERS = ("Parallel", "Map")
_DISTRIBUTED_ONLY = ("ItemReader", "ItemBatcher", "ResultWriter")


@lru_cache(maxsize=1)
def _checks() -> Checks:
    return load()


def schema_faults(machine: StateMachine, value: object) -> list[Fault]:
    """What the schema does not allow, in every scope and state of a definition (``value`` is the definition itself)."""
    checks, faults = _checks(), list[Fault]()
    compiled: dict[tuple[str, str], Check] = {}
    checks.definition(f"Machine.{machine.language}")(value, (), faults)
    for scope in machine.scopes:
        if scope.kind != "machine":
            owner = "Branch" if scope.kind == "branch" else "Processor"
            checks.definition(f"{owner}.{machine.language}")(scope.body, scope.pointer, faults)
        states = scope.body.get("States")
        if type(states) is not dict:
            continue
        checks.definition(f"States.{machine.language}")(states, (*scope.pointer, "States"), faults)
        check_state = checks.definition(f"State.{machine.language}")
        for name, state in scope.states.items():
            kind, body = state.type, state.body
            is_known = kind in STATE_TYPES
            if not is_known or "QueryLanguage" in body:  # it speaks of these two fields alone
                check_state(states[name], state.pointer, faults)
            if is_known and kind is not None and state.is_language_known:
                check = compiled.get((kind, state.language))
                if check is None:
                    check = compiled[kind, state.language] = checks.definition(_definition(state, machine))
                check(body, state.pointer, faults)
    return faults


def _definition(state: State, machine: StateMachine) -> str:
    if state.type in _CONTAINERS:
        return f"{state.type}.{state.language}.{machine.language}"
    return f"{state.type}.{state.language}"


def field_faults(machine: StateMachine, document: Document, workflow: "Workflow | None" = None) -> Iterator[tuple[str, Match]]:
    """Observations about fields: unknown, missing, of the wrong type, out of range, in conflict, of the other language."""
    value = document.value
    if not isinstance(value, dict) and any(problem.code == "syntax-error" for problem in document.problems):
        return  # what is no JSON is no object either: that fault is told
    if isinstance(value, dict) and value.get("Type") in STATE_TYPES and not {"StartAt", "States"} & value.keys():
        hint = "this is one state; a state machine holds it in States, under its name, and says where to start"
        yield "missing-field", Match((), {"fields": "StartAt and States", "object": "a state machine"}, "key", help=hint)
        return
    if isinstance(value, dict) and ("AWSTemplateFormatVersion" in value or isinstance(value.get("Resources"), dict)):
        hint = "this is a CloudFormation template, and it declares no state machine"
        yield "missing-field", Match((), {"fields": "StartAt and States", "object": "a state machine"}, "key", help=hint)
        return
    faults = schema_faults(machine, value)
    misplaced = list(_map_faults(machine))
    if faults:
        from asl_lint.facts.field_words import describe

        told = {match.pointer for code, match in misplaced if code == "field-of-distributed-map"}
        faults = [_as_deployed(fault) for fault in faults if fault.keyword != QUOTED or _is_string(fault.value, workflow)]
        if document.format == "yaml":
            told |= document.damaged  # an array that seems never to end may be none
        faults = [fault for fault in _once(faults) if fault.keyword != "type" or fault.pointer not in told]
        for code, match in describe(faults, document.damaged):
            if code == "wrong-type":
                match = _doubted_in_yaml(_mended_at_the_placeholder(match, document), document)
            yield code, match
    yield from misplaced


def _is_string(value: object, workflow: "Workflow | None") -> bool:
    """Whether the deployment only puts characters into a string, so that it is one whatever these are."""
    if workflow is None or workflow.substitutions is None:
        return False
    if isinstance(value, dict):
        return workflow.as_texts
    return all(found[0][2:-1] in workflow.substitutions for found in PLACEHOLDER.finditer(str(value)))


def _as_deployed(fault: Fault) -> Fault:
    if fault.keyword != QUOTED:
        return fault
    return fault._replace(keyword="type")


def _mended_at_the_placeholder(match: Match, document: Document) -> Match:
    """What to do where the text has a placeholder in quotes: the value alone could not be written otherwise."""
    written: Any = document.written.value
    try:
        for part in match.pointer:
            written = written[part]
    except (KeyError, IndexError, TypeError):
        return match  # the name of a key was filled in
    is_function = isinstance(written, dict) and is_template_function(written)
    if document.format == "hcl" or not (is_function or (isinstance(written, str) and has_placeholder(written))):
        return match
    if document.is_part:
        hint = "what is filled into an object is always a text: put the definition into a file, or write the value here"
        values = {**match.values, "actual": f"what {next(iter(written))} gives, a text"} if is_function else match.values
        return match._replace(values=values, help=hint)
    return match._replace(help=f"write it without quotes: {written}")


def _doubted_in_yaml(match: Match, document: Document) -> Match:
    """Whether a plain yes, no, on or off is a text depends on who reads the file: not in YAML 1.1."""
    if document.format != "yaml" or match.values["expected"] != "true or false":
        return match
    written = document.text.content[slice(*document.node(match.pointer).value)]
    if written.lower() not in ("yes", "no", "on", "off"):
        return match
    hint = f"YAML 1.2 takes {written} for a text: write {'true' if written.lower() in ('yes', 'on') else 'false'}"
    return match._replace(sure=False, help=hint)


def _once(faults: Sequence[Fault]) -> list[Fault]:
    """Without the faults that another one at the same place already tells: a value of the wrong type is in no enum either."""
    mistyped: set[Pointer] = {fault.pointer for fault in faults if fault.keyword == "type"}
    return [fault for fault in faults if fault.keyword not in ("enum", "const", "pattern") or fault.pointer not in mistyped]


def _map_faults(machine: StateMachine) -> Iterator[tuple[str, Match]]:
    for state in machine.of_type("Map"):
        for old, new in (("Iterator", "ItemProcessor"), ("Parameters", "ItemSelector")):
            if old in state.body and new not in state.body and not (old == "Parameters" and state.language == "JSONata"):
                values = {"field": old, "object": "a Map state", "replacement": new}
                yield "deprecated-field", Match((*state.pointer, old), values, "key")
        yield from _inline_faults(state)


def _inline_faults(state: State) -> Iterator[tuple[str, Match]]:
    """Fields that only a Map with child executions has; the mode is INLINE where nothing says otherwise."""
    for scope in state.scopes:
        config = scope.body.get("ProcessorConfig", {})
        if not isinstance(config, dict) or is_unknown(config) or is_unknown(scope.body):
            return
        mode = config.get("Mode", "INLINE")
        if mode != "INLINE":
            return
        if "ExecutionType" in config:
            values = {"field": "ExecutionType", "object": "a ProcessorConfig"}
            yield (
                "field-of-distributed-map",
                Match((*scope.pointer, "ProcessorConfig", "ExecutionType"), values, "key", sure=False),
            )
    if state.scopes:
        for field in _DISTRIBUTED_ONLY:
            if field in state.body and not is_unknown(state.body[field]):
                values = {"field": field, "object": "a Map state"}
                yield "field-of-distributed-map", Match((*state.pointer, field), values, "key")
