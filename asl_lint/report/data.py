"""The data of a machine: its variables, where they are set and read, and the placeholders that its deployment fills in."""

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.late import Any
from asl_lint.report.variable_types import VariableTypes
from asl_lint.source.document import Missing, format_pointer
from asl_lint.source.placeholders import PLACEHOLDER


def variables(facts: Facts) -> dict[str, Any]:
    """``names``: each variable with where it is set, the sites that read it, and the type of its values. ``before``: for each
    state that is reached what is set there on every way (``must``) and on some (``may``), null where a scope hides what it sets,
    with the types that are narrower there. ``after``: for each state that sets some the types of what it sets.
    """
    found = facts.variables
    types = VariableTypes(facts)
    names = list(dict.fromkeys([*found.bits, *(read.name for read in found.reads if not read.called)]))
    reads: dict[str, dict[str, None]] = {name: {} for name in names}
    for read in found.reads:
        if read.name in reads:
            reads[read.name][format_pointer(read.site.pointer)] = None
    return {
        "names": [
            {
                "name": name,
                "set": [format_pointer(one.pointer) for one in found.assignments_of(name)],
                "read": list(reads[name]),
                "type": types.of(name),
            }
            for name in names
        ],
        "before": _before(facts, types) if found.bits else [],
        "after": types.after(),
    }


def _before(facts: Facts, types: VariableTypes) -> list[dict[str, Any]]:
    found = facts.variables

    def named(bits: int) -> list[str]:
        return [name for name, bit in found.bits.items() if bits & bit]

    return [
        {
            "state": format_pointer(state.pointer),
            "must": named(before.must) if found.is_known(state.scope) else None,
            "may": named(before.may) if found.is_known(state.scope) else None,
            "types": types.narrower_before(state, named(before.may)),
        }
        for state in facts.machine.states
        if (before := found.before.get(state.pointer)) is not None
    ]


def placeholders(workflow: Workflow) -> list[dict[str, Any]]:
    """Each ``${Name}`` in the order of the text. ``known``: somebody said what fills it in; ``value``: what that is, null where
    only the deployment has it.
    """
    content = workflow.document.text.content
    if "${" not in content and "{{" not in content:
        return []
    found: dict[str, int] = {}
    for match in PLACEHOLDER.finditer(content):
        found[match[0]] = found.get(match[0], 0) + 1
    said = workflow.substitutions or {}
    return [_placeholder(text, times, said.get(text[2:-1], _UNSAID)) for text, times in found.items()]


_UNSAID: Any = object()


def _placeholder(text: str, times: int, value: Any) -> dict[str, Any]:
    is_said = value is not _UNSAID
    return {"text": text, "times": times, "known": is_said, "value": None if not is_said or isinstance(value, Missing) else value}
