"""The state machines of files and templates with what their roles must allow, for who writes the policies of these roles."""

from collections.abc import Callable, Iterator, Mapping

from asl_lint.facts.least_privilege import PolicyStatement, least_privilege
from asl_lint.facts.permissions import Deployment, UnknownNeed, needs
from asl_lint.late import NamedTuple
from asl_lint.model.machine import StateMachine
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.failure import Failure
from asl_lint.source.read import is_definition, is_terraform, looks_like_template, read_source
from asl_lint.source.reading import read_document
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
    content = read(file)
    if content is None or isinstance(content, Failure):
        yield content or Failure(file, "cannot be read")
        return
    if is_terraform(file) or looks_like_template(content):
        from asl_lint.templates import read_template, root_of

        below = root_of(file, root)
        template = read_template(content, file, below)
        if template is not None:
            for machine in template.machines():
                yield _embedded(machine, file, below, substitutions, deployment)
            return
    document = read_document(content, file)
    broken = next((problem for problem in document.problems if problem.code == "syntax-error"), None)
    if broken is not None:
        line = document.text.position(broken.span.start).line
        yield Failure(file, f"line {line}: {broken.values['problem']}")
        return
    if not is_definition(document.value):
        yield Failure(file, "holds no state machine")
        return
    yield _policy(_stem(file), file, StateMachine(fill(document, substitutions).value), deployment)


def _embedded(
    machine: EmbeddedMachine, file: str, root: str, substitutions: Mapping[str, object], deployment: Deployment
) -> MachinePolicy | Failure:
    from asl_lint.deployment import deployment_in, words_in
    from asl_lint.templates import definition_in

    document = machine.document
    if machine.unresolved is not None:
        return Failure(file, f"{machine.logical_id}: {machine.unresolved.reason}")
    if document is None:
        found = definition_in(machine, file, root)
        if isinstance(found, str):
            return Failure(file, f"{machine.logical_id}: {found}")
        document, machine = found.document, found.machine
    words = words_in(machine).machine(fill(document, substitutions))
    return _policy(machine.logical_id, file, words, deployment_in(machine, deployment))


def _policy(name: str, file: str, machine: StateMachine, deployment: Deployment) -> MachinePolicy:
    found = needs(machine, deployment)
    return MachinePolicy(name, file, least_privilege(found.needs), found.unknown)


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].partition(".")[0] or file
