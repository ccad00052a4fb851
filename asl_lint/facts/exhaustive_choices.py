"""Choices without a Default of which types prove that a rule holds whatever comes: they never end with NoChoiceMatched."""

from asl_lint.late import TYPE_CHECKING
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts


def exhaustive_choices(facts: "Facts") -> frozenset[Pointer]:
    """The pointers of these states. Nothing is typed where no Choice is without a Default, or no type says anything."""
    choices = [state for state in facts.machine.states if state.type == "Choice" and "Default" not in state.body]
    if not choices:
        return frozenset()
    from asl_lint.facts.type_faults import types_say

    if not types_say(facts):
        return frozenset()
    types = facts.types
    return frozenset(
        state.pointer
        for state in choices
        if state.is_language_known and types.before(state) is not None and types.left(state) is None
    )
