"""An organisation's own rules that a machine was held against, and whether they hold."""

from asl_lint.engine import Outcome, Selection
from asl_lint.facts.machine_facts import Facts
from asl_lint.late import Any


def contracts(facts: Facts, outcome: Outcome, selection: Selection) -> list[dict[str, Any]]:
    """Each with ``state``: ``holds``, ``broken``, ``silenced`` (broken, and somebody silences all of that), ``not evaluated`` or
    ``failed``. In the order of the catalogue.
    """
    workflow = facts.workflow
    own = [rule for rule in selection.rules if rule.path is not None]
    broken = {finding.rule for finding in outcome.findings}
    silenced = {one.finding.rule for one in outcome.suppressed}
    needs = {one.rule: one.needs for one in outcome.not_evaluated}
    failed = {failure.rule for failure in outcome.failures}
    found: list[dict[str, Any]] = []
    for rule in own:
        if selection.applies is not None and not selection.applies(rule, workflow):
            continue
        state = "holds"
        for name, rules in (("failed", failed), ("broken", broken), ("not evaluated", needs), ("silenced", silenced)):
            if rule.name in rules:
                state = name
                break
        found.append({"rule": rule.name, "summary": rule.summary, "state": state, "needs": needs.get(rule.name)})
    return found
