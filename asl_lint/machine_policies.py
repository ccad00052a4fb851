"""The state machines of files and templates with what their roles must allow, for who writes the policies of these roles."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from asl_lint.facts.least_privilege import PolicyStatement, least_privilege
from asl_lint.facts.permissions import Deployment, UnknownNeed, needs
from asl_lint.model.machine import StateMachine
from asl_lint.source.document import Document
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.failure import Failure
from asl_lint.source.read import is_definition, looks_like_template, read_source
from asl_lint.source.reading import read_document
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
    content = read_source(file)
    if content is None or isinstance(content, Failure):
        yield content or Failure(file, "cannot be read")
        return
    if looks_like_template(content):
        from asl_lint.templates import read_template, root_of

        template = read_template(content, file)
        if template is not None:
            for machine in template.machines(template.document):
                yield _embedded(machine, file, root_of(file, root), substitutions, deployment)
            return
    document = read_document(content, file)
    if not is_definition(document.value):
        yield Failure(file, "holds no state machine")
        return
    yield _policy(_stem(file), file, document, substitutions, deployment)


def _embedded(
    machine: EmbeddedMachine, file: str, root: str, substitutions: Mapping[str, object], deployment: Deployment
) -> MachinePolicy | Failure:
    from asl_lint.templates import definition_in

    document = machine.document
    if machine.unresolved is not None:
        return Failure(file, f"{machine.logical_id}: {machine.unresolved.reason}")
    if document is None:
        found = definition_in(machine.file or "", file, root)
        if isinstance(found, str):
            return Failure(file, f"{machine.logical_id}: {found}")
        document = found.document
    texts = TemplateTexts(machine.template)
    said = deployment_of(machine.properties, texts, deployment)
    filled = {**filled_in(machine, texts), **substitutions}
    return _policy(machine.logical_id, file, document, filled, said)


def _policy(
    name: str, file: str, document: Document, substitutions: Mapping[str, object], deployment: Deployment
) -> MachinePolicy:
    found = needs(StateMachine(fill(document, substitutions).value), deployment)
    return MachinePolicy(name, file, least_privilege(found.needs), found.unknown)


def filled_in(machine: EmbeddedMachine, texts: TemplateTexts) -> dict[str, object]:
    """What a template fills in for placeholders: values, and references as the placeholders that they are in the template."""
    filled = dict(machine.substitutions or {})
    declared = machine.properties.get("DefinitionSubstitutions")
    for name, value in declared.items() if isinstance(declared, Mapping) else ():
        text = texts.text(value)
        if text is not None:
            filled[name] = text
    return filled


def deployment_of(properties: Mapping[str, Any], texts: TemplateTexts, otherwise: Deployment) -> Deployment:
    """What the properties of a state machine say of its name, logging, tracing and encryption (SAM's and CloudFormation's)."""
    name = texts.text(properties.get("Name", properties.get("StateMachineName"))) or otherwise.name
    logging = properties.get("Logging", properties.get("LoggingConfiguration"))
    is_off = logging is None or (isinstance(logging, Mapping) and logging.get("Level", "OFF") == "OFF")
    tracing = properties.get("Tracing", properties.get("TracingConfiguration"))
    is_traced = isinstance(tracing, Mapping) and tracing.get("Enabled") not in (False, "false", None)
    encryption = properties.get("EncryptionConfiguration")
    key = texts.text(encryption.get("KmsKeyId")) or "*" if isinstance(encryption, Mapping) and "KmsKeyId" in encryption else None
    return Deployment(name, otherwise.logs or not is_off, otherwise.traces or is_traced, key or otherwise.key)


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].partition(".")[0] or file
