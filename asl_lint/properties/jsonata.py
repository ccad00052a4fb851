"""``jsonata@1``: an expression is true of every state, or of the machine, as ``schemas/view.schema.json`` publishes it.

The way for an organisation to demand what no other kind speaks of. Some 0.3 ms a state and expression.
"""

import json
from collections.abc import Iterable, Iterator, Mapping

from asl_lint.expressions.jsonata_engine import UNDEFINED, ExpressionError, compile_expression
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.view import machine_view, resolve
from asl_lint.late import Any, Final
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import Pointer, parse_pointer

_EXPRESSION: Final = {"type": "string", "minLength": 1}
_GIVEN: Final[Mapping[str, tuple[str, ...]]] = {"state": ("state", "type"), "machine": ()}
"""What every rule can use in its message besides ``values``: the state's name and its type."""


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset(_GIVEN[parameters.get("each", "state")]).union(parameters.get("values", ()))


def _faults(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    for pointer, expression in _expressions(parameters):
        try:
            compile_expression(expression)
        except ExpressionError as error:
            place = "" if error.position is None else f" (at character {error.position})"
            yield pointer, f"is no JSONata expression: {error.problem}{place}"
    for name in parameters.get("values", ()):
        if name in _GIVEN[parameters.get("each", "state")]:
            yield ("values", name), "is supplied already; choose another name"


def _expressions(parameters: Parameters) -> Iterator[tuple[Pointer, str]]:
    for name in ("where", "assert", "at"):
        if name in parameters:
            yield (name,), parameters[name]
    for name, expression in parameters.get("values", {}).items():
        yield ("values", name), expression


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    machine, damaged = facts.machine, facts.document.damaged
    if parameters.get("each", "state") == "machine":
        # Where recovery mended the text, what seems to be missing may only be unreadable.
        if not damaged:
            yield from _judge(machine_view(machine, facts.workflow.machine_type), machine.body, (), parameters)
        return
    for state, view in zip(machine.states, facts.views, strict=True):
        if any(pointer[: len(state.pointer)] == state.pointer for pointer in damaged):
            continue
        yield from _judge(view, state.body, state.pointer, parameters)


def _judge(view: Mapping[str, Any], body: Mapping[str, Any], pointer: Pointer, parameters: Parameters) -> Iterator[Match]:
    if "where" in parameters and not _truth(parameters["where"], view, "where"):
        return
    if _truth(parameters["assert"], view, "assert"):
        return
    place = _place(parameters["at"], view, body) if "at" in parameters else ()
    values = {name: str(view.get(member, "")) for name, member in (("state", "name"), ("type", "type"))} if pointer else {}
    for name, expression in parameters.get("values", {}).items():
        values[name] = _text(compile_expression(expression).evaluate(view))
    yield Match(pointer + place, values, part="value" if place else "key")


def _truth(expression: str, view: Mapping[str, Any], name: str) -> bool:
    """Whether an expression is true; nothing at all counts as false. Raises ExpressionError for any other value."""
    value = compile_expression(expression).evaluate(view)
    if value is UNDEFINED:
        return False
    if not isinstance(value, bool):
        raise ExpressionError(expression, f'"{name}" must give true or false, not {_text(value)},')
    return value


def _place(expression: str, view: Mapping[str, Any], body: Mapping[str, Any]) -> Pointer:
    """The place that ``at`` gives; the state itself where it gives nothing. Raises ExpressionError where there is none."""
    value = compile_expression(expression).evaluate(view)
    if value is UNDEFINED:
        return ()
    try:
        parts = parse_pointer(value) if isinstance(value, str) else None
    except ValueError:
        parts = None
    pointer = None if parts is None else resolve(body, parts)
    if pointer is None:
        raise ExpressionError(expression, f'"at" must give a JSON pointer to something that is there, not {_text(value)},')
    return pointer


def _text(value: object) -> str:
    if value is UNDEFINED:
        return "nothing"
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    return json.dumps(value, ensure_ascii=False)


KIND: Final = Kind(
    name="jsonata@1",
    summary="A JSONata expression is true of each state, or of the machine.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["assert"],
        "properties": {
            "each": {
                "description": "What is judged: each state, or the machine.",
                "enum": ["state", "machine"],
                "default": "state",
            },
            "where": {"description": "Which ones are judged: those of which this is true.", **_EXPRESSION},
            "assert": {"description": "What must be true; nothing counts as false.", **_EXPRESSION},
            "at": {"description": "The place to report: a JSON pointer relative to the state.", **_EXPRESSION},
            "values": {
                "description": "Names that the message may use, and what they stand for.",
                "type": "object",
                "propertyNames": {"pattern": "^[a-z][a-z0-9_]*$"},
                "additionalProperties": _EXPRESSION,
            },
        },
    },
    values=_values,
    check=_check,
    faults=_faults,
)
