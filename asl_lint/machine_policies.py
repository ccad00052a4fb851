"""The state machines of files and templates with what their roles must allow, for who writes the policies of these roles."""

from collections.abc import Callable, Iterator, Mapping

from asl_lint.facts.least_privilege import PolicyStatement, least_privilege
from asl_lint.facts.permissions import Deployment, UnknownNeed, needs
from asl_lint.late import NamedTuple
from asl_lint.machines import NamedMachine, named_machines
from asl_lint.model.machine import StateMachine
from asl_lint.source.failure import Failure
from asl_lint.source.read import read_source
from asl_lint.source.substitution import fill


class MachinePolicy(NamedTuple):
    """The policy of one machine, and the calls that it cannot speak of. ``name`` is the logical id, or the file's."""

    name: str
    file: str
    policy: tuple[PolicyStatement, ...]
    unknown: tuple[UnknownNeed, ...] = ()


def machine_policies(
    file: str,
    substitutions: Mapping[str, object],
    deployment: Deployment,
    root: str | None = None,
    read: Callable[[str], str | Failure | None] = read_source,
) -> Iterator[MachinePolicy | Failure]:
    """The policies of the machines of a file, in order; a Failure for what cannot be read or had.

    What a template says of its machines comes before ``deployment``; ``substitutions`` before what the template leaves open.
    ``read`` gives the text of the file.
    """
    for machine in named_machines(file, root, read):
        yield machine if isinstance(machine, Failure) else _policy(machine, file, substitutions, deployment)


def _policy(machine: NamedMachine, file: str, substitutions: Mapping[str, object], deployment: Deployment) -> MachinePolicy:
    document = fill(machine.document, substitutions)
    embedded = machine.embedded
    if embedded is None:
        words = StateMachine(document.value)
    else:
        from asl_lint.deployment import deployment_in, words_in

        words = words_in(embedded).machine(document)
        deployment = deployment_in(embedded, deployment)
    found = needs(words, deployment)
    return MachinePolicy(machine.name, file, least_privilege(found.needs), found.unknown)
