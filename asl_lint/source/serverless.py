"""The state machines that a ``serverless.yml`` declares for the plugin serverless-step-functions.

Variables (``${self:…}``) stay placeholders, and what they stand for is unknown: the framework fills them in, and the plugin makes
ARNs of names. Sources: the plugin's README, "Setup" and "Express Workflow".
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final, Literal

from asl_lint.source.document import Document, Pointer, is_unknown
from asl_lint.source.embedded import EmbeddedMachine, Unresolved
from asl_lint.source.machine_settings import MachineSettings, Setting, renamed, setting
from asl_lint.source.placeholders import Placeholder

_FILE: Final = re.compile(r"\$\{file\(([^()${}]+)\)\}\Z")
"""A whole file; one with a path behind a colon is a part of it."""
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
    """``stepFunctions.stateMachines`` of a parsed file; None if it has none that can be read."""
    section = value.get("stepFunctions") if isinstance(value, dict) else None
    found = section.get("stateMachines") if isinstance(section, dict) else None
    return found if isinstance(found, dict) and not is_unknown(found) else None


def machines(document: Document) -> Iterator[EmbeddedMachine]:
    """The state machines of a file (read with ``functions``), in the order of its text."""
    content = document.value
    assert isinstance(content, dict)
    for name, machine in (declared(content) or {}).items():
        at: Pointer = ("stepFunctions", "stateMachines", name)
        if not isinstance(machine, dict) or is_unknown(machine):
            yield EmbeddedMachine(name, unresolved=Unresolved("it stands elsewhere", document.span(at, "key")))
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
    at: Pointer = ("stepFunctions", "stateMachines", name)

    def found(member: str, *, is_whole: bool = True) -> Setting:
        return renamed(setting(machine, (member,), at, at, is_whole=is_whole), _MEMBERS)

    return MachineSettings(
        document, name, at, machine_type, found("loggingConfig"), found("tracingConfig"), found("encryptionConfig"),
        found("tags", is_whole=False), Setting("absent", at),
    )  # fmt: skip


def _machine(document: Document, name: str, at: Pointer, definition: object) -> EmbeddedMachine:
    if isinstance(definition, dict) and not is_unknown(definition):
        return EmbeddedMachine(name, document.part(at, definition))
    text = definition.text if isinstance(definition, Placeholder) else definition
    if isinstance(text, str) and (found := _FILE.match(text)):
        return EmbeddedMachine(name, file=found[1].strip())
    reason = "it has no definition" if definition is None else "its definition is made of variables"
    return EmbeddedMachine(name, unresolved=Unresolved(reason, document.span(at, "key")))
