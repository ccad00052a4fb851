"""Fixed values that the service accepts and on which every run then fails, as recorded on it; and pairs that contradict."""

from collections.abc import Iterator

from asl_lint.facts.match import Match, Place
from asl_lint.facts.values import shown
from asl_lint.late import Any, Final, Pattern, TypeGuard
from asl_lint.model.forms import RFC3339
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.document import Pointer, is_unknown

Observed = tuple[str, Match]

_TIMESTAMP: Final = Pattern(f"{RFC3339}\\Z")


def run_time_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about fixed values: what fails when it runs, dates that no calendar has, limits that contradict."""
    for state in machine.of_type("Map"):
        yield from _reader(state)
        yield from _items(state)
    for state in machine.of_type("Choice"):
        yield from _operands(state)
    for state in machine.of_type("Task"):
        if "HeartbeatSeconds" in state.body:
            yield from _heartbeat(state)
    for state in machine.of_type("Wait"):
        yield from _calendar(state)
    for state in machine.states:
        if isinstance(state.body.get("Retry"), list):
            yield from _retriers(state)


def _reader(state: State) -> Iterator[Observed]:
    reader = state.body.get("ItemReader")
    config = reader.get("ReaderConfig") if isinstance(reader, dict) else None
    if not isinstance(config, dict):
        return
    pointer = (*state.pointer, "ItemReader", "ReaderConfig")
    most = config.get("MaxItems")
    if _is_number(most) and (most < 0 or (isinstance(most, float) and not most.is_integer())):
        problem = "it must not be negative" if most < 0 else "it must be an integer"
        yield "fails-at-run-time", Match((*pointer, "MaxItems"), {"field": "MaxItems", "value": shown(most), "problem": problem})
    headers = config.get("CSVHeaders")
    seen: dict[str, int] = {}
    for i, header in enumerate(headers if isinstance(headers, list) else ()):
        if isinstance(header, str) and seen.setdefault(header, i) != i:
            related = (Place((*pointer, "CSVHeaders", seen[header]), "first here"),)
            values = {"field": "CSVHeaders", "value": shown(header)}
            yield "duplicate-element", Match((*pointer, "CSVHeaders", i), values, related=related)


def _items(state: State) -> Iterator[Observed]:
    """An inline Map iterates over an array; recorded for an object: an unexpected result type (A)."""
    items = state.body.get("Items")
    inline = bool(state.scopes) and all("ProcessorConfig" not in scope.body for scope in state.scopes)
    if state.language == "JSONata" and inline and isinstance(items, dict) and not is_unknown(items):
        values = {"field": "Items", "value": shown(items), "problem": "an inline Map takes an array"}
        yield "fails-at-run-time", Match((*state.pointer, "Items"), values)


def _operands(state: State) -> Iterator[Observed]:
    """Operands of comparisons, in rules nested at any depth."""
    choices = state.body.get("Choices")
    pending: list[tuple[Any, Pointer]] = [(choices, (*state.pointer, "Choices"))]
    while pending:
        value, pointer = pending.pop()
        if isinstance(value, list):
            pending += [(rule, (*pointer, i)) for i, rule in enumerate(value)]
        elif isinstance(value, dict):
            for field, operand in value.items():
                if field in ("And", "Or", "Not"):
                    pending.append((operand, (*pointer, field)))
                elif isinstance(operand, str) and field.startswith(("StringMatches", "Timestamp")) and not is_unknown(operand):
                    yield from _operand(field, operand, (*pointer, field))


def _operand(field: str, operand: str, pointer: Pointer) -> Iterator[Observed]:
    if field == "StringMatches":
        if (len(operand) - len(operand.rstrip("\\"))) % 2:
            problem = "the escape at its end escapes nothing"
            yield "fails-at-run-time", Match(pointer, {"field": field, "value": shown(operand), "problem": problem})
    elif field.startswith("Timestamp") and not field.endswith("Path") and _TIMESTAMP.match(operand) and not is_moment(operand):
        values = {"field": field, "value": shown(operand), "expected": "a day and hour that the calendar has"}
        yield "invalid-format", Match(pointer, values, sure=False)


def _heartbeat(state: State) -> Iterator[Observed]:
    heartbeat, timeout = state.body.get("HeartbeatSeconds"), state.body.get("TimeoutSeconds")
    if _is_number(heartbeat) and _is_number(timeout) and heartbeat >= timeout > 0:
        values = {
            "field": "HeartbeatSeconds",
            "value": shown(heartbeat),
            "range": f"below TimeoutSeconds, which is {shown(timeout)}",
        }
        related = (Place((*state.pointer, "TimeoutSeconds"), "the timeout"),)
        yield "value-out-of-range", Match((*state.pointer, "HeartbeatSeconds"), values, related=related, sure=False)


def _retriers(state: State) -> Iterator[Observed]:
    for i, retrier in enumerate(state.body["Retry"]):
        if not isinstance(retrier, dict) or "MaxDelaySeconds" not in retrier:
            continue
        longest, first = retrier.get("MaxDelaySeconds"), retrier.get("IntervalSeconds", 1)
        if _is_number(longest) and _is_number(first) and 0 < longest < first:
            pointer = (*state.pointer, "Retry", i, "MaxDelaySeconds")
            said = f"at least IntervalSeconds, which is {shown(first)}"
            values = {"field": "MaxDelaySeconds", "value": shown(longest), "range": said}
            yield "value-out-of-range", Match(pointer, values, sure=False)


def _calendar(state: State) -> Iterator[Observed]:
    """A timestamp of the right form can still name no day or hour; creation checks that too (A)."""
    timestamp = state.body.get("Timestamp")
    if isinstance(timestamp, str) and _TIMESTAMP.match(timestamp) and not is_moment(timestamp):
        values = {"field": "Timestamp", "value": shown(timestamp), "expected": "a day and hour that the calendar has"}
        yield "invalid-format", Match((*state.pointer, "Timestamp"), values)


def is_moment(timestamp: str) -> bool:
    """Whether an RFC 3339 timestamp of the right form names a moment; a leap second does."""
    import datetime  # two milliseconds that only a fixed Wait pays

    date, time = timestamp[:10], timestamp[11:19]
    if time.endswith(":60"):
        time = time[:-2] + "59"
    try:
        datetime.datetime.fromisoformat(f"{date}T{time}")
    except ValueError:
        return False
    offset = timestamp[-6:]
    return timestamp.endswith("Z") or (int(offset[1:3]) < 24 and int(offset[4:6]) < 60)


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
