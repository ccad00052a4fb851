"""The state machines that a ``serverless.yml`` declares for the plugin serverless-step-functions.

Variables (``${self:…}``) stay placeholders, and what they stand for is unknown: the framework fills them in, and the plugin makes
ARNs of names. Sources: the plugin's README, "Setup" and "Express Workflow".
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from asl_lint.late import Any, Final, Literal
from asl_lint.source.cloudformation import with_texts
from asl_lint.source.document import Document, Pointer, is_unknown, part_of
from asl_lint.source.embedded import EmbeddedMachine, Unresolved
from asl_lint.source.machine_settings import MachineSettings, Setting, renamed, setting
from asl_lint.source.placeholders import Placeholder

_SECTIONS: Final = ("stepFunctions", "stateMachines")
_FILE: Final = re.compile(r"\$\{file\(([^()${}]+)\)(?::([\w.-]+))?\}\Z")
"""A whole file, or what stands in it at a path of keys."""
_SELF: Final = re.compile(r"\$\{self:([\w.-]+)\}\Z")
"""What stands in this file at a path of keys."""
_CODE: Final = (".js", ".cjs", ".mjs", ".ts", ".cts", ".mts")
_TYPES: Final[Mapping[str | None, Literal["STANDARD", "EXPRESS"]]] = {
    None: "STANDARD",
    "STANDARD": "STANDARD",
    "EXPRESS": "EXPRESS",
}

_MEMBERS: Final[Mapping[str, str]] = {
    "level": "Level",
    "includeExecutionData": "IncludeExecutionData",
    "destinations": "Destinations",
    "enabled": "Enabled",
}
"""The plugin's names of members -> CloudFormation's."""


def declared(value: object) -> Mapping[str, Any] | None:
    """``stepFunctions.stateMachines`` of a parsed file, empty where they stand in another one; None if it has none."""
    found = value
    for section in _SECTIONS:
        found = found.get(section) if isinstance(found, dict) else None
        if _FILE.match(_written(found)):
            return {}
    return found if isinstance(found, dict) and not is_unknown(found) else None


def _written(value: object) -> str:
    """A text, or the variable that stands for a value; empty for all else."""
    return value.text if isinstance(value, Placeholder) else value if isinstance(value, str) else ""


def machines(document: Document) -> Iterator[EmbeddedMachine]:
    """The state machines of a file (read with ``functions``), in the order of its text."""
    content = document.value
    assert isinstance(content, dict)
    yield from _elsewhere(document)
    for name, machine in (declared(content) or {}).items():
        at: Pointer = (*_SECTIONS, name)
        if not isinstance(machine, dict) or is_unknown(machine):
            found = _named(document, name, at, machine, ("definition",))
            yield found._replace(template=content, source=document)
        else:
            kind = machine.get("type")
            found = _machine(document, name, (*at, "definition"), machine.get("definition"))
            machine_type = _TYPES.get(kind) if isinstance(kind, str | None) else None
            yield found._replace(
                machine_type=machine_type,
                properties=machine,
                template=content,
                source=document,
                settings=partial(_settings, document, name, machine, machine_type),
            )


def _settings(
    document: Document, name: str, machine: Mapping[str, Any], machine_type: Literal["STANDARD", "EXPRESS"] | None
) -> MachineSettings:
    """What a machine says of logging and the like; tags can come from the provider's as well."""
    at: Pointer = (*_SECTIONS, name)

    def found(member: str, *, is_whole: bool = True) -> Setting:
        return renamed(setting(machine, (member,), at, at, is_whole=is_whole), _MEMBERS)

    return MachineSettings(
        document, name, at, machine_type, found("loggingConfig"), found("tracingConfig"), found("encryptionConfig"),
        found("tags", is_whole=False), Setting("absent", at),
    )  # fmt: skip


def _elsewhere(document: Document) -> Iterator[EmbeddedMachine]:
    """What is told where a file is named for all state machines: which there are nobody knows here."""
    value: object = document.value
    for i, section in enumerate(_SECTIONS):
        value = value.get(section) if isinstance(value, dict) else None
        found = _FILE.match(_written(value))
        if found is not None:
            where = document.span(_SECTIONS[: i + 1], "key")
            yield EmbeddedMachine(section, unresolved=Unresolved(f"they stand in {found[1].strip()}", where))


def _machine(document: Document, name: str, at: Pointer, definition: object) -> EmbeddedMachine:
    if isinstance(definition, dict) and not is_unknown(definition):
        resources = document.value.get("resources") if isinstance(document.value, dict) else None
        template = resources if isinstance(resources, dict) else {}
        return EmbeddedMachine(name, with_texts(document, template, at, document.part(at, definition)))
    return _named(document, name, at, definition, ())


def _named(document: Document, name: str, at: Pointer, value: object, below: Pointer) -> EmbeddedMachine:
    """The machine whose definition stands ``below`` what a variable names: a file, a part of one, or a part of this one."""
    text = _written(value)
    file, own = _FILE.match(text), _SELF.match(text)
    if file is not None and file[1].strip().lower().endswith(_CODE):
        reason = f"{file[1].strip()} is code, and is not run"
    elif file is not None:
        return EmbeddedMachine(name, file=file[1].strip(), part=(*(file[2].split(".") if file[2] else ()), *below))
    else:
        found = None if own is None else part_of(document, (*own[1].split("."), *below))
        if found is not None:
            return EmbeddedMachine(name, found)
        reason = "it has no definition" if value is None else "its definition is made of variables"
    return EmbeddedMachine(name, unresolved=Unresolved(reason, document.span(at, "key")))
