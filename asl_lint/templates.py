"""Checks the state machines of a template: each definition as its deployment makes it, and where it cannot be had, why not.

A definition in a file of its own is read from beside the template, but never outside of the ``root`` that a run may read.
"""
# ruff: noqa: PTH118, PTH120, PTH208
# (Strings and os.path, as where files are found.)

import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from asl_lint.config import Config
from asl_lint.engine import Outcome, Selection, check, check_deployment
from asl_lint.facts.machine_facts import MachineType, Workflow
from asl_lint.finding import Unresolved
from asl_lint.late import TYPE_CHECKING, Final, NamedTuple
from asl_lint.properties import OF_TEMPLATES
from asl_lint.schemas.input_schema import declared_input
from asl_lint.sibling_machines import Siblings
from asl_lint.source.boundary import is_below
from asl_lint.source.document import Document, part_of
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.failure import Failure
from asl_lint.source.machine_settings import MachineSettings
from asl_lint.source.read import is_terraform, read_source
from asl_lint.source.reading import read_text
from asl_lint.source.text import Text

if TYPE_CHECKING:
    from asl_lint.aws.policy_document import UnknownRole
    from asl_lint.facts.given_role import GivenRole


_OLD_BOOLEAN: Final = re.compile(r"[\s:\[,-]\s(?:yes|no|on|off)\s*(?:[,}\]#]|$)", re.IGNORECASE | re.MULTILINE)
"""What may be a boolean of YAML 1.1."""


class Deployed(NamedTuple):
    """What became of one machine of a template: the file of its definition, its text, and the outcome, or why there is none.

    ``deployment`` is what the rules say of how the template deploys it, in the template's own file (None: nothing).
    """

    file: str
    source: str | None
    outcome: Outcome | None = None
    unresolved: Unresolved | None = None
    deployment: Outcome | None = None


class Run(NamedTuple):
    """What is asked of every machine, and what holds where a template says nothing: ``machine_type`` and ``role``."""

    selection: Selection
    machine_type: MachineType | None = None
    role: "GivenRole | None" = None
    config: Config = Config()
    siblings: Siblings | None = None


class Template(NamedTuple):
    """A template's text and what reads its machines. ``is_whole``: nothing of it is known to be lost."""

    text: Text
    machines: Callable[[], Iterator[EmbeddedMachine]]
    is_whole: bool = True


def read_template(content: str, name: str, root: str) -> Template | None:
    """The template that a text holds, None if it is none. Terraform's files below the ``root`` belong to those beside them."""
    if is_terraform(name):
        from asl_lint.source import terraform
        from asl_lint.source.terraform_json import is_json, native

        text = native(Text(content)) if is_json(name) else Text(content)
        return Template(text, partial(terraform.machines, text, partial(_siblings, name, root), partial(_beside, name, root)))
    from asl_lint.source import cloudformation, serverless

    text = Text(content)
    if name.lower().endswith((".json", ".template")) and content.lstrip()[:1] == "{":
        from asl_lint.source.json_text import read_json

        document = read_json(text)
    else:
        from asl_lint.source.yaml_text import read_yaml

        document = read_yaml(text, functions=True)
        if _OLD_BOOLEAN.search(content) and cloudformation.is_template(document.value):
            document = read_yaml(text, functions=True, old_booleans=True)
    if cloudformation.is_template(document.value):
        return Template(text, partial(cloudformation.machines, document), document.is_read)
    if serverless.declared(document.value) is not None:
        return Template(text, partial(serverless.machines, document), document.is_read)
    return None


def check_template(template: Template, file: str, root: str, run: Run) -> Iterator[Deployed]:
    """What becomes of each machine of a template, in the order of its text."""
    asks = any(rule.kind in OF_TEMPLATES for rule in run.selection.rules)
    run = run._replace(siblings=Siblings(template.machines, partial(_definition, file, root), _texts_in))
    for machine in template.machines():
        found = _judged(template, machine, file, root, run)
        if asks and machine.settings is not None:
            outcome = _deployment(machine.logical_id, machine.settings, file, run)
            found = found._replace(deployment=None if outcome == Outcome(()) else outcome)
        yield found


def _judged(template: Template, machine: EmbeddedMachine, file: str, root: str, run: Run) -> Deployed:
    """What became of a machine's definition."""
    if machine.unresolved is not None:
        at = template.text.root.range(template.text.trace(*machine.unresolved.span))
        return Deployed(file, None, unresolved=Unresolved(file, machine.logical_id, machine.unresolved.reason, at))
    if machine.document is None:
        return _in_its_file(machine, file, root, run)
    beside = None if machine.file is None else machine.document.text.root.content
    place = file if machine.file is None else os.path.join(os.path.dirname(file), machine.file)
    return Deployed(place, beside, _checked(machine, machine.document, place, file, run))


def _deployment(name: str, settings: Callable[[], MachineSettings], file: str, run: Run) -> Outcome:
    """What the rules about deployment say of a machine; nothing makes the template a definition that was checked."""
    try:
        found = settings()
        if found.machine_type is None:
            found = found._replace(machine_type=run.machine_type)
        return check_deployment(Workflow(file, found.document, found.machine_type, name, settings=found), run.selection)
    except Exception as fault:  # a mistake of ours, as below
        return Outcome((), failures=(Failure(file, f"internal fault: {type(fault).__name__}: {fault}"),))


def _texts_in(machine: EmbeddedMachine) -> Mapping[str, str]:
    """What the template fills in for the placeholders of a machine."""
    from asl_lint.deployment import words_in

    return words_in(machine).texts


def _definition(file: str, root: str, machine: EmbeddedMachine) -> Document | None:
    """The definition of a machine, in the template or in its own file; None where it cannot be had."""
    if machine.document is not None or machine.file is None:
        return machine.document
    found = definition_in(machine, file, root)
    return None if isinstance(found, str) else found.document


def _siblings(name: str, root: str) -> Iterator[tuple[str, str]]:
    """Name and text of Terraform's other files in the folder of one, as far as they can be read."""
    folder, own = os.path.split(name)
    try:
        beside = sorted(os.listdir(folder or os.curdir))
    except OSError:
        return
    for one in beside:
        path = os.path.join(folder, one)
        if one != own and is_terraform(one) and is_below(os.path.realpath(path), root):
            content = read_source(path)
            if isinstance(content, str):
                yield one, content


def _beside(name: str, root: str, path: str) -> str | None:
    """The text of the file at a path from the folder of a file, if it is one that may be read."""
    found = os.path.normpath(os.path.join(os.path.dirname(name), path))
    content = read_source(found) if is_below(os.path.realpath(found), root) else None
    return content if isinstance(content, str) else None


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
    if not is_below(os.path.realpath(path), root):
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
    document: Document | None = read_text(text, path.replace("\\", "/"))
    if machine.part and document is not None:
        document = part_of(document, machine.part)
        if document is None:
            return f"{named} holds no definition at {'.'.join(map(str, machine.part))}"
    assert document is not None
    return DefinitionFile(path, content, document, machine)


def _in_its_file(machine: EmbeddedMachine, file: str, root: str, run: Run) -> Deployed:
    found = definition_in(machine, file, root)
    if isinstance(found, str):
        return Deployed(file, None, unresolved=Unresolved(file, machine.logical_id, found, None))
    return Deployed(found.path, found.content, _checked(found.machine, found.document, found.path, file, run))


def _checked(machine: EmbeddedMachine, document: Document, file: str, template: str, run: Run) -> Outcome:
    try:
        substitutions, as_yaml = machine.substitutions, is_uploaded(machine)
        if substitutions is not None:
            document = _filled(document, substitutions, as_yaml)
        schema, failures = declared_input(run.config, file)
        workflow = Workflow(
            file, document, machine.machine_type or run.machine_type, machine.logical_id, substitutions,
            machine.declared if machine.file is None else dict.fromkeys(machine.declared), _role(machine, template, run), schema,
            as_yaml, machine.properties.get("Definition") is not None and machine.is_sam,
            nested=None if run.siblings is None else run.siblings.of(machine),
        )  # fmt: skip
        outcome = check(workflow, run.selection)
        return outcome._replace(failures=(*outcome.failures, *failures)) if failures else outcome
    except Exception as fault:  # a mistake of ours: it is told, and costs no finding of another machine
        return Outcome((), failures=(Failure(file, f"internal fault: {type(fault).__name__}: {fault}"),))


def _role(machine: EmbeddedMachine, template: str, run: Run) -> "GivenRole | UnknownRole | None":
    """The role that the template gives to a machine; where that is not known, the one that somebody said."""
    from asl_lint.aws.policy_document import UnknownRole
    from asl_lint.deployment import role_in

    found = role_in(machine, template)
    return run.role or found if isinstance(found, UnknownRole) else found or run.role


def is_uploaded(machine: EmbeddedMachine) -> bool:
    """Whether CloudFormation reads the definition from a file: it fills that in first, and reads what is no JSON then as YAML."""
    return machine.file is not None and bool(machine.template)


def _filled(document: Document, substitutions: Mapping[str, object], as_yaml: bool) -> Document:
    from asl_lint.source.substitution import fill

    return fill(document, substitutions, as_yaml=as_yaml)
