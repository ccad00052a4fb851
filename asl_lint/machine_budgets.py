"""What the executions of the machines in files and templates take, for who sets limits and time-outs."""

from collections.abc import Iterator, Mapping

from asl_lint.aws.prices import USUAL_REGION
from asl_lint.definitions import definitions
from asl_lint.facts.budget_table import MachineBudget, budget_table
from asl_lint.facts.machine_facts import Facts, MachineType, Workflow
from asl_lint.source.failure import Failure


def machine_budgets(
    file: str,
    substitutions: Mapping[str, object],
    machine_type: MachineType | None = None,
    region: str = USUAL_REGION,
    root: str | None = None,
) -> Iterator[MachineBudget | Failure]:
    """The budgets of the machines of a file, in order; a Failure for what cannot be read or had.

    ``machine_type`` holds where a template says nothing.
    """
    for one in definitions(file, substitutions, root):
        if isinstance(one, Failure):
            yield one
        else:
            said = machine_type if one.machine is None else one.machine.machine_type or machine_type
            yield budget_table(Facts(Workflow(one.file, one.deployed, said)), one.name, region)
