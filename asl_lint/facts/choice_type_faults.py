"""Rules of a Choice that none of the values that come to them can take, because earlier rules take all of them."""

from collections.abc import Iterator, Mapping

from asl_lint.facts.choice_subjects import Subject, subjects, texts_at, type_at
from asl_lint.facts.match import Match
from asl_lint.late import TYPE_CHECKING
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown
from asl_lint.types.lattice import Type
from asl_lint.types.membership import single_value

if TYPE_CHECKING:
    from asl_lint.facts.environments import Environment
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


def unreachable_rule_faults(facts: "Facts", state: State) -> Iterator[Observed]:
    """Observations about the rules that are possible by themselves, and not behind those before them."""
    rules = state.body.get("Choices")
    before = facts.types.before(state)
    if not isinstance(rules, list) or before is None:
        return
    asked = subjects(facts, state)
    if any(_is_settled(type_at(before, subject)) for subject in asked):
        return  # a switch: one constant of the definition is compared with others
    for i, rule in enumerate(rules):
        if i == 0 or not isinstance(rule, Mapping) or is_unknown(rule):
            continue
        tried, taken = facts.types.tried(state, i), facts.types.taken(state, i)
        gone = taken is not None and tried is not None and any(_is_gone(before, tried, taken, subject) for subject in asked)
        if gone or (taken is None and facts.types.alone(state, i) is not None):
            how = "a rule before it always holds" if tried is None else "the rules before it take all values for which it holds"
            yield "unreachable-rule", Match((*state.pointer, "Choices", i), {"problem": how})
            if tried is None:
                return


def _is_gone(before: "Environment", tried: "Environment", taken: "Environment", subject: Subject) -> bool:
    """Whether a rule wants only texts of a list that the rules before it have taken. (A list that may have grown never ends.)"""
    listed, left, wanted = (texts_at(one, subject) for one in (before, tried, taken))
    if not wanted or listed is None or left is None:
        return False
    return wanted <= listed and not wanted & left


def _is_settled(type_: Type) -> bool:
    return single_value(type_.defined()) is not None or type_.is_undefined
