"""All observations of one workflow, in one place: which reader of the machine makes which."""

from collections.abc import Callable, Iterator, Mapping

from asl_lint.facts.context_references import context_faults
from asl_lint.facts.errors import handler_faults
from asl_lint.facts.expressions import expression_faults
from asl_lint.facts.field_values import field_value_faults
from asl_lint.facts.fields import field_faults
from asl_lint.facts.flow import flow_faults
from asl_lint.facts.known_inputs import known_input_faults
from asl_lint.facts.map_data import map_data_faults
from asl_lint.facts.match import Match, Place
from asl_lint.facts.missing_defaults import missing_default_faults
from asl_lint.facts.names import name_faults
from asl_lint.facts.resources import resource_faults
from asl_lint.facts.run_time import run_time_faults
from asl_lint.facts.static_texts import static_text_faults
from asl_lint.facts.templates import template_faults
from asl_lint.facts.unlike_calls import unlike_call_faults
from asl_lint.facts.variable_reads import may_read
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.source.document import MISSING, Pointer

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

Observation = tuple[str, Match]

LARGEST: Final = 1_048_576
"""Characters that a definition can have (B: CreateStateMachine)."""


_SHORTEST_OF_LARGE: Final = 65_536
"""Characters of a text that can hold more bytes than go from state to state."""

_READERS: Final[Mapping[str, Callable[["Facts"], Iterator[Observation]]]] = {
    "fields": lambda facts: field_faults(facts.machine, facts.document, facts.workflow),
    "flow": lambda facts: flow_faults(facts.machine, facts.document),
    "names": lambda facts: name_faults(facts.machine),
    "resources": lambda facts: resource_faults(facts.machine, facts.workflow.machine_type),
    "service calls": lambda facts: _service_call_faults(facts),
    "handlers": lambda facts: handler_faults(facts.machine),
    "map data": lambda facts: map_data_faults(facts.machine, facts.document.damaged),
    "templates": lambda facts: template_faults(facts.holdings),
    "static texts": static_text_faults,
    "expressions": expression_faults,
    "context object": context_faults,
    "values of fields": field_value_faults,
    "variables": lambda facts: _variable_faults(facts),
    "known inputs": known_input_faults,
    "choices": missing_default_faults,
    "run time": lambda facts: run_time_faults(facts.machine),
    "secrets": lambda facts: _secret_faults(facts),
    "unlike calls": unlike_call_faults,
    "payloads": lambda facts: _payload_faults(facts),
    "nested runs": lambda facts: _nested_run_faults(facts),
}


TELLING: Final = frozenset({
    "invalid-jsonata", "invalid-path", "invalid-template", "unsupported-reference", "unknown-context-member",
    "misplaced-context-member", "fails-at-run-time", "input-lost-by-catch", "read-of-nothing", "unknown-function",
    "wrong-argument", "wrong-operand", "wrong-object-key", "never-equal", "text-as-filter", "constant-condition",
    "in-without-array", "count-of-single-value", "missing-dollar", "condition-without-else", "single-items", "undefined-variable",
    "possibly-undefined-variable", "field-of-other-language", "wrong-type",
})  # fmt: skip
"""Observations about what a place gives: the types of values say nothing more of it."""


def observe(facts: "Facts", crashes: list[tuple[str, str]]) -> Iterator[Observation]:
    """Every observation: first those of the text, then, where it holds a value, those of the machine.

    A reader that fails is named in ``crashes``, and the others go on.
    """
    yield from _text_faults(facts)
    if facts.document.value is MISSING:
        return
    told: set[Pointer] = set()
    readers: Mapping[str, Callable[[Facts], Iterator[Observation]]] = {
        **_READERS,
        "types": lambda facts: _type_faults(facts, told),
    }
    for name, reader in readers.items():
        try:
            for code, match in reader(facts):
                if code in TELLING:
                    told.add(match.pointer)
                    told.update(place.pointer for place in match.related)
                yield code, match
        except Exception as fault:
            crashes.append((name, f"{type(fault).__name__}: {fault}"))


def _service_call_faults(facts: "Facts") -> Iterator[Observation]:
    """Nothing to import and no index to open where no service is called."""
    if any(call.kind in ("sdk", "optimized", "activity") for call in facts.calls.values()):
        from asl_lint.facts.service_calls import service_call_faults

        yield from service_call_faults(facts)


def _type_faults(facts: "Facts", told: set[Pointer]) -> Iterator[Observation]:
    """Nothing to import where no value is known. ``told`` are the places of the observations before."""
    from asl_lint.facts.type_faults import type_faults

    yield from type_faults(facts, told)


def _secret_faults(facts: "Facts") -> Iterator[Observation]:
    """Nothing to import where no word suggests one."""
    if facts.secrets is not None:
        from asl_lint.facts.secrets import secret_faults

        yield from secret_faults(facts.secrets)


def _variable_faults(facts: "Facts") -> Iterator[Observation]:
    """Nothing to import where nothing sets or reads a variable."""
    if "Assign" in facts.document.text.content or may_read(facts.sites):
        from asl_lint.facts.variables import variable_faults

        yield from variable_faults(facts)


def _payload_faults(facts: "Facts") -> Iterator[Observation]:
    """Nothing to import where the whole text is shorter than what fits."""
    if len(facts.document.text.content) > _SHORTEST_OF_LARGE:
        from asl_lint.facts.payloads import payload_faults

        yield from payload_faults(facts.machine)


def _nested_run_faults(facts: "Facts") -> Iterator[Observation]:
    """Nothing to import where no template says which machines there are."""
    if facts.workflow.nested is not None:
        from asl_lint.facts.nested_runs import nested_run_faults

        yield from nested_run_faults(facts)


def _text_faults(facts: "Facts") -> Iterator[Observation]:
    document = facts.document
    trace = document.text.trace
    for problem in document.problems:
        related = tuple(Place(problem.pointer, note.message, span=trace(*note.span)) for note in problem.related)
        yield problem.code, Match(problem.pointer, problem.values, span=trace(*problem.span), help=problem.help, related=related)
    size = len(document.text.content)
    if document.format == "json" and size > LARGEST and not document.is_part:
        yield (
            "definition-too-large",
            Match((), {"size": f"{size:,}", "limit": f"{LARGEST:,}"}, span=trace(LARGEST, LARGEST)),
        )
