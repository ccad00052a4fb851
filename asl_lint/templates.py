"""Checks the state machines of a template: each definition as its deployment makes it, and where it cannot be had, why not.

A definition in a file of its own is read from beside the template, but never outside of the ``root`` that a run may read.
"""
# ruff: noqa: PTH110, PTH118, PTH120, PTH208
# (Strings and os.path, as where files are found.)

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from asl_lint.config import Config
from asl_lint.engine import Outcome, Selection, check
from asl_lint.facts.machine_facts import MachineType, Workflow
from asl_lint.finding import Unresolved
from asl_lint.schemas.input_schema import declared_input
from asl_lint.source.document import MISSING, Document
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.failure import Failure
from asl_lint.source.read import is_terraform, read_source
from asl_lint.source.reading import read_text
from asl_lint.source.text import Text

if TYPE_CHECKING:
    from asl_lint.facts.given_role import GivenRole
    from asl_lint.facts.permissions import Deployment
    from asl_lint.source.template_texts import TemplateTexts


class Deployed(NamedTuple):
    """What became of one machine of a template: the file of its definition, its text, and the outcome, or why there is none."""

    file: str
    source: str | None
    outcome: Outcome | None = None
    unresolved: Unresolved | None = None


class Run(NamedTuple):
    """What is asked of every machine, and what holds where a template says nothing: ``machine_type`` and ``role``."""

    selection: Selection
    machine_type: MachineType | None = None
    role: "GivenRole | None" = None
    config: Config = Config()


class Template(NamedTuple):
    """A template's text and what reads its machines."""

    text: Text
    machines: Callable[[], Iterator[EmbeddedMachine]]


def read_template(content: str, name: str, root: str) -> Template | None:
    """The template that a text holds, None if it is none. Terraform's files below the ``root`` belong to those beside them."""
    if is_terraform(name):
        from asl_lint.source import terraform

        text = Text(content)
        return Template(text, partial(terraform.machines, text, partial(_siblings, name, root)))
    from asl_lint.source import cloudformation, serverless

    text = Text(content)
    if name.lower().endswith((".json", ".template")) and content.lstrip()[:1] == "{":
        from asl_lint.source.json_text import read_json

        document = read_json(text)
    else:
        from asl_lint.source.yaml_text import read_yaml

        document = read_yaml(text, functions=True)
    if cloudformation.is_template(document.value):
        return Template(text, partial(cloudformation.machines, document))
    if serverless.declared(document.value) is not None:
        return Template(text, partial(serverless.machines, document))
    return None


def check_template(template: Template, file: str, root: str, run: Run) -> Iterator[Deployed]:
    """What becomes of each machine of a template, in the order of its text."""
    for machine in template.machines():
        if machine.unresolved is not None:
            at = template.text.range(machine.unresolved.span)
            yield Deployed(file, None, unresolved=Unresolved(file, machine.logical_id, machine.unresolved.reason, at))
        elif machine.document is not None:
            beside = None if machine.file is None else machine.document.text.root.content
            place = file if machine.file is None else os.path.join(os.path.dirname(file), machine.file)
            yield Deployed(place, beside, _checked(machine, machine.document, place, run))
        elif machine.file is not None:
            yield _in_its_file(machine, file, root, run)


def root_of(file: str, root: str | None) -> str:
    """The folder below which files may be read for a template: the one given, else the repository that the template is in.

    Where there is neither, the current folder if the template is below it, else the template's own.
    """
    if root is not None:
        return os.path.realpath(root)
    folder = start = os.path.dirname(os.path.realpath(file))
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            current = os.path.realpath(os.curdir)
            return current if _is_below(start, current) else start
        folder = above
    return folder


def _siblings(name: str, root: str) -> Iterator[tuple[str, str]]:
    """Name and text of Terraform's other files in the folder of one, as far as they can be read."""
    folder, own = os.path.split(name)
    try:
        beside = sorted(os.listdir(folder or os.curdir))
    except OSError:
        return
    for one in beside:
        path = os.path.join(folder, one)
        if one != own and is_terraform(one) and _is_below(os.path.realpath(path), root):
            content = read_source(path)
            if isinstance(content, str):
                yield one, content


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


class DefinitionFile(NamedTuple):
    """The file that a template names for a definition, and the machine as what is filled in there makes it."""

    path: str
    content: str
    document: Document
    machine: EmbeddedMachine


def definition_in(machine: EmbeddedMachine, file: str, root: str) -> DefinitionFile | str:
    """The definition in the file that a template names for a machine, or why it cannot be had."""
    named = machine.file or ""
    path = os.path.normpath(os.path.join(os.path.dirname(file), named))
    if not _is_below(os.path.realpath(path), root):
        return f"{named} lies outside of {root}, and is not read"
    content = read_source(path)
    if content is None or isinstance(content, Failure):
        return f"{named} {content.message if isinstance(content, Failure) else 'cannot be read'}"
    text = Text(content)
    if machine.expand is not None:
        text, substitutions, declared, reason = machine.expand(text)
        if reason is not None:
            return f"{named} {reason}"
        machine = machine._replace(substitutions=substitutions, declared=declared)
    return DefinitionFile(path, content, read_text(text, path.replace("\\", "/")), machine)


def _in_its_file(machine: EmbeddedMachine, file: str, root: str, run: Run) -> Deployed:
    found = definition_in(machine, file, root)
    if isinstance(found, str):
        return Deployed(file, None, unresolved=Unresolved(file, machine.logical_id, found, None))
    return Deployed(found.path, found.content, _checked(found.machine, found.document, found.path, run))


def _checked(machine: EmbeddedMachine, document: Document, file: str, run: Run) -> Outcome:
    try:
        substitutions = machine.substitutions
        if substitutions is not None:
            document = _filled(document, substitutions)
        schema, failures = declared_input(run.config, file)
        workflow = Workflow(
            file, document, machine.machine_type or run.machine_type, machine.logical_id, substitutions,
            dict.fromkeys(machine.declared), role_in(machine) or run.role, schema,
        )  # fmt: skip
        outcome = check(workflow, run.selection)
        return outcome._replace(failures=(*outcome.failures, *failures)) if failures else outcome
    except Exception as fault:  # a mistake of ours: it is told, and costs no finding of another machine
        return Outcome((), failures=(Failure(file, f"internal fault: {type(fault).__name__}: {fault}"),))


def _filled(document: Document, substitutions: Mapping[str, object]) -> Document:
    from asl_lint.source.substitution import fill

    return fill(document, substitutions)


# --- the role of a machine ---------------------------------------------------------------------------------------------------


def role_in(machine: EmbeddedMachine) -> "GivenRole | None":
    """The role that a template gives to a machine; None where the template does not have it."""
    if not machine.template:
        return None
    from asl_lint.aws.template_role import role_of
    from asl_lint.facts.given_role import GivenRole
    from asl_lint.facts.permissions import Deployment
    from asl_lint.source.template_texts import TemplateTexts

    found = role_of(machine.template, machine.logical_id)
    if found is None:
        return None
    texts = TemplateTexts(machine.template)
    return GivenRole(found.policies, deployment_of(machine.properties, texts, Deployment()), filled_in(machine, texts))


def filled_in(machine: EmbeddedMachine, texts: "TemplateTexts") -> dict[str, object]:
    """What a template fills in for placeholders: values, and references as the placeholders that they are in the template."""
    filled = dict(machine.substitutions or {})
    for name, value in filled.items():
        if value is MISSING:
            filled[name] = texts.text({"Fn::GetAtt": name} if "." in name else {"Ref": name})
    declared = machine.properties.get("DefinitionSubstitutions")
    for name, value in declared.items() if isinstance(declared, Mapping) else ():
        text = texts.text(value)
        if text is not None:
            filled[name] = text
    return filled


def deployment_of(properties: Mapping[str, Any], texts: "TemplateTexts", otherwise: "Deployment") -> "Deployment":
    """What the properties of a state machine say of its name, logging, tracing and encryption (SAM's and CloudFormation's)."""
    name = texts.text(properties.get("Name", properties.get("StateMachineName"))) or otherwise.name
    logging = properties.get("Logging", properties.get("LoggingConfiguration"))
    is_off = logging is None or (isinstance(logging, Mapping) and logging.get("Level", "OFF") == "OFF")
    tracing = properties.get("Tracing", properties.get("TracingConfiguration"))
    is_traced = isinstance(tracing, Mapping) and tracing.get("Enabled") not in (False, "false", None)
    encryption = properties.get("EncryptionConfiguration")
    key = texts.text(encryption.get("KmsKeyId")) or "*" if isinstance(encryption, Mapping) and "KmsKeyId" in encryption else None
    return otherwise._replace(
        name=name, logs=otherwise.logs or not is_off, traces=otherwise.traces or is_traced, key=key or otherwise.key
    )
