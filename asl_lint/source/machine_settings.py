"""What a template says of how a state machine runs: logging, tracing, encryption, tags, in the words of CloudFormation.

A setting is *absent*, *given*, or *unknown*: a function, a variable or a macro decides it, and nobody judges it.
"""

from collections.abc import Mapping

from asl_lint.late import Any, Final, Literal, NamedTuple
from asl_lint.source.document import MISSING, Document, Pointer, is_unknown

MachineType = Literal["STANDARD", "EXPRESS"]


class Member(NamedTuple):
    """A member of a setting: its value, MISSING where only the deployment knows it, and its place in the template."""

    value: Any
    pointer: Pointer


class Setting(NamedTuple):
    """One setting. ``pointer`` leads to it, or to the state machine where it is absent; ``members`` are what is written of it."""

    state: Literal["absent", "given", "unknown"]
    pointer: Pointer
    members: Mapping[str, Member] = {}

    def value(self, name: str, default: object = None) -> Any:
        """The value of a member, ``default`` where it is not written."""
        return self.members[name].value if name in self.members else default

    def place(self, name: str) -> Pointer:
        """Where a member is written, or the setting where it is not."""
        return self.members[name].pointer if name in self.members else self.pointer


class MachineSettings(NamedTuple):
    """A state machine as its template declares it, at ``pointer`` of the template's ``document``.

    ``template`` is the value of a CloudFormation or SAM template, empty for others. ``takes_key``: an encryption key can be set.
    """

    document: Document
    name: str
    pointer: Pointer
    machine_type: MachineType | None
    logging: Setting
    tracing: Setting
    encryption: Setting
    tags: Setting
    location: Setting
    template: Mapping[str, Any] = {}
    takes_key: bool = True


NO_VALUE: Final = {"Ref": "AWS::NoValue"}
"""What stands for nothing, as if it were not written."""


def setting(properties: Mapping[str, Any], names: tuple[str, ...], at: Pointer, owner: Pointer, *, is_whole: bool) -> Setting:
    """The setting that has one of these names. ``is_whole``: nothing else adds properties, so that what is absent is absent."""
    for name in names:
        value = properties.get(name)
        if name not in properties or value == NO_VALUE or value is None:
            continue
        pointer = (*at, name)
        if not isinstance(value, Mapping) or is_unknown(value):
            return Setting("given" if isinstance(value, list) and value else "unknown", pointer)
        members = {
            key: Member(MISSING if is_unknown(member) else member, (*pointer, key))
            for key, member in value.items()
            if member != NO_VALUE and member is not None
        }
        return Setting("unknown" if any(key.startswith("Fn::") for key in members) else "given", pointer, members)
    is_closed = is_whole and not any(key.startswith("Fn::") for key in properties)
    return Setting("absent" if is_closed else "unknown", owner)


def renamed(found: Setting, names: Mapping[str, str]) -> Setting:
    """The setting with its members under CloudFormation's names."""
    return found._replace(members={names.get(name, name): member for name, member in found.members.items()})
