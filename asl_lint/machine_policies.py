"""The state machines of files and templates with what their roles must allow, for who writes the policies of these roles."""

from collections.abc import Callable, Iterator, Mapping

from asl_lint.definitions import Definition, definitions
from asl_lint.facts.least_privilege import PolicyStatement, least_privilege
from asl_lint.facts.permissions import Deployment, UnknownNeed, needs
from asl_lint.late import NamedTuple
from asl_lint.model.machine import StateMachine
from asl_lint.source.failure import Failure
from asl_lint.source.read import read_source
from asl_lint.source.secrets import secret_values


class MachinePolicy(NamedTuple):
    """The policy of one machine, and the calls that it cannot speak of, or not wholly. ``name`` is the logical id, or the file's.

    ``withheld`` are the placeholders whose values are known, but are secrets.
    """

    name: str
    file: str
    policy: tuple[PolicyStatement, ...]
    unknown: tuple[UnknownNeed, ...] = ()
    withheld: frozenset[str] = frozenset()


def machine_policies(
    file: str,
    substitutions: Mapping[str, object],
    deployment: Deployment,
    root: str | None = None,
    read: Callable[[str], str | Failure | None] = read_source,
) -> Iterator[MachinePolicy | Failure]:
    """The policies of the machines of a file, in order; a Failure for what cannot be read or had.

    What a template says of its machines comes before ``deployment``; ``substitutions`` before what the template leaves open.
    Values that are secrets are left out of both. ``read`` gives the text of the file.
    """
    secret = _secret_names(substitutions)
    given = {name: value for name, value in substitutions.items() if name not in secret}
    for one in definitions(file, given, root, read):
        yield one if isinstance(one, Failure) else _policy(one, deployment, secret)


def _secret_names(given: Mapping[str, object]) -> frozenset[str]:
    return frozenset(name for name, _ in secret_values(given))


def _policy(one: Definition, deployment: Deployment, secret: frozenset[str]) -> MachinePolicy:
    if one.machine is None:
        machine = StateMachine(one.document.value)
    else:
        from asl_lint.deployment import deployment_in, words_in

        words = words_in(one.machine)
        secret |= _secret_names(words.texts)
        words = words._replace(texts={name: text for name, text in words.texts.items() if name not in secret})
        machine, deployment = words.machine(one.document), deployment_in(one.machine, deployment)
    found = needs(machine, deployment)
    return MachinePolicy(one.name, one.file, least_privilege(found.needs), (*found.unknown, *found.partly), secret)
