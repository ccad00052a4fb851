"""The state machines of files and templates with what their roles must allow, for who writes the policies of these roles."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from asl_lint.facts.least_privilege import PolicyStatement, least_privilege
from asl_lint.facts.permissions import Deployment, UnknownNeed, needs
from asl_lint.machines import NamedMachine, named_machines
from asl_lint.model.machine import StateMachine
from asl_lint.source.failure import Failure
from asl_lint.source.substitution import fill
from asl_lint.source.template_texts import TemplateTexts


class MachinePolicy(NamedTuple):
    """The policy of one machine, and the calls that it cannot speak of. ``name`` is the logical id, or the file's."""

    name: str
    file: str
    policy: tuple[PolicyStatement, ...]
    unknown: tuple[UnknownNeed, ...] = ()


def machine_policies(
    file: str, substitutions: Mapping[str, object], deployment: Deployment, root: str | None = None
) -> Iterator[MachinePolicy | Failure]:
    """The policies of the machines of a file, in order; a Failure for what cannot be read or had.

    What a template says of its machines comes before ``deployment``; ``substitutions`` before what the template leaves open.
    """
    for machine in named_machines(file, root):
        yield machine if isinstance(machine, Failure) else _policy(machine, file, substitutions, deployment)


def _policy(machine: NamedMachine, file: str, substitutions: Mapping[str, object], deployment: Deployment) -> MachinePolicy:
    embedded = machine.embedded
    if embedded is not None:
        from asl_lint.templates import deployment_of, filled_in

        texts = TemplateTexts(embedded.template)
        deployment = deployment_of(embedded.properties, texts, deployment)
        substitutions = {**filled_in(embedded, texts), **substitutions}
    found = needs(StateMachine(fill(machine.document, substitutions).value), deployment)
    return MachinePolicy(machine.name, file, least_privilege(found.needs), found.unknown)
