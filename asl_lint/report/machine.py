"""All that is known of one machine but for its findings, as JSON: what ``engine.Selection.describe`` asks for."""

from asl_lint.engine import Outcome, Selection
from asl_lint.facts.digests import digests
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.view import as_json
from asl_lint.late import Any
from asl_lint.report.bounds import bounds
from asl_lint.report.contracts import contracts
from asl_lint.report.data import placeholders, variables
from asl_lint.report.errors import error_handling
from asl_lint.report.flow import locks, loops
from asl_lint.report.graph import graph
from asl_lint.report.permissions import calls, permissions
from asl_lint.report.secrecy import plain, without_forms, without_secrets


def describe(facts: Facts, outcome: Outcome, selection: Selection) -> dict[str, Any]:
    """The members of a machine in ``schemas/report.schema.json``, without those that the whole run decides.

    ``digests``, and the machine's ``own`` fields, are for comparisons only (``changes``): the document does not have them.
    """
    workflow, body = facts.workflow, facts.machine.body
    comment = body.get("Comment")
    described = {
        "type": workflow.machine_type,
        "language": facts.machine.language if facts.machine.root.is_language_known else None,
        "comment": comment if isinstance(comment, str) else None,
        "damaged": bool(facts.document.damaged),
        **bounds(facts),
        "graph": graph(facts),
        "loops": loops(facts),
        "locks": locks(facts),
        "calls": calls(facts),
        "permissions": without_forms(permissions(facts)),
        "variables": variables(facts),
        "contracts": contracts(facts, outcome, selection),
        "placeholders": placeholders(workflow),
        "error_handling": error_handling(facts),
        "digests": digests(facts),
        "own": as_json({field: value for field, value in body.items() if field != "States"}),
        "not_evaluated": [{"rule": one.rule, "needs": one.needs} for one in dict.fromkeys(outcome.not_evaluated)],
    }
    return without_secrets(plain(described), facts)
