"""What a template says of how a machine is deployed: its role, its name, logging, tracing and key, in the template's own words.

CloudFormation and SAM, Terraform, and the Serverless Framework; each word as the readers of that tool's files give it.
"""

# ruff: noqa: PTH118, PTH120
# (Strings and os.path, as where files are found.)

import json
import os
from collections.abc import Mapping
from functools import partial

from asl_lint.aws.policy_document import Policies, UnknownRole
from asl_lint.facts.given_role import GivenRole, Words
from asl_lint.facts.permissions import Deployment
from asl_lint.late import Any, Final
from asl_lint.source.document import MISSING, is_unknown
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.machine_settings import NO_VALUE
from asl_lint.source.serverless import declared as declared_in_serverless
from asl_lint.source.template_texts import TemplateTexts
from asl_lint.source.terraform_module import DeclaredMachine
from asl_lint.source.words import ResourceName

_OTHER_FILE: Final = "it is not in the template"


def role_in(machine: EmbeddedMachine, file: str) -> GivenRole | UnknownRole | None:
    """The role that a template gives to a machine, and why it is not known; None for what is in no template."""
    policies = _policies(machine, file)
    if isinstance(policies, Policies):
        return GivenRole(policies, deployment_in(machine, Deployment()), words_in(machine))
    return policies


def _policies(machine: EmbeddedMachine, file: str) -> Policies | UnknownRole | None:
    if machine.terraform is not None:
        from asl_lint.aws import terraform_role

        return terraform_role.role_of(machine.terraform, partial(_beside, file))
    if not machine.template or machine.source is None:
        return None
    if declared_in_serverless(machine.template) is not None:
        from asl_lint.aws import serverless_role

        return serverless_role.role_of(machine.template, machine.logical_id, file, machine.source)
    from asl_lint.aws.origin import Origin
    from asl_lint.aws.template_role import role_of

    role = role_of(machine.template, machine.logical_id, Origin(file, machine.source))
    return UnknownRole(_OTHER_FILE) if role is None else role.policies


def _beside(file: str, name: str) -> str:
    return os.path.join(os.path.dirname(file), name) if name else file


def words_in(machine: EmbeddedMachine) -> Words:
    """What a template puts into a definition: values, and references as the placeholders that they are in the template."""
    if machine.terraform is not None:
        return Words(_filled_in_terraform(machine, machine.terraform))
    texts = TemplateTexts(machine.template)
    return Words(_filled_in(machine, texts), texts.evaluated)


def _filled_in(machine: EmbeddedMachine, texts: TemplateTexts) -> dict[str, str]:
    given: dict[str, object] = {}
    for name, value in (machine.substitutions or {}).items():
        given[name] = value if value is not MISSING else {"Fn::GetAtt": name} if "." in name else {"Ref": name}
    declared = machine.properties.get("DefinitionSubstitutions")
    given.update(declared if isinstance(declared, Mapping) else {})
    filled: dict[str, str] = {}
    for name, value in given.items():
        text, function = _written(value) or texts.text(value), texts.function_arn(value)
        if text is not None:
            filled[name] = text if function is None else ResourceName(text, function)
    return filled


def _filled_in_terraform(machine: EmbeddedMachine, declared: DeclaredMachine) -> dict[str, str]:
    from asl_lint.source.terraform_texts import TerraformTexts

    texts = TerraformTexts(declared.module)
    filled: dict[str, str] = {}
    for name, value in (machine.substitutions or {}).items():
        place, text, function = declared.variables.get(name), _written(value), None
        if value is MISSING:
            text = _written(texts.reference(name) if place is None else texts.value(place, {}))
            function = texts.function_arn(name if place is None else place.unwrapped().written)
        if text is not None:
            filled[name] = text if function is None else ResourceName(text, function)
    return filled


def _written(value: object) -> str | None:
    """A text, a number or a boolean as characters; None for all else."""
    return value if isinstance(value, str) else json.dumps(value) if isinstance(value, bool | int | float) else None


# --- how it is deployed -----------------------------------------------------------------------------------------------------


def deployment_in(machine: EmbeddedMachine, otherwise: Deployment) -> Deployment:
    """What a template says of a machine's name, logging, tracing and encryption; ``otherwise`` where it says nothing."""
    if machine.terraform is not None:
        return _in_terraform(machine.terraform, otherwise)
    properties, texts = machine.properties, TemplateTexts(machine.template)
    name = _first(properties, "Name", "StateMachineName", "name")
    logging = _first(properties, "Logging", "LoggingConfiguration", "loggingConfig")
    logs = _is_on(logging, "Level", "level", off=(None, "OFF", False))
    tracing = _first(properties, "Tracing", "TracingConfiguration", "tracingConfig")
    traces = _is_on(tracing, "Enabled", "enabled", off=(None, "false", False))
    encryption = properties.get("EncryptionConfiguration")
    key = texts.text(encryption.get("KmsKeyId")) or "*" if isinstance(encryption, Mapping) and "KmsKeyId" in encryption else None
    return Deployment(
        texts.text(name) or otherwise.name, otherwise.logs or logs, otherwise.traces or traces, key or otherwise.key
    )


def _is_on(setting: object, *names: str, off: tuple[object, ...]) -> bool | None:
    """Whether a setting's member, which has one of the names, switches it on; None where only the deployment knows."""
    if setting is None or setting == NO_VALUE:
        return False
    if is_unknown(setting):
        return None
    value = _first(setting, *names) if isinstance(setting, Mapping) else None
    if value == NO_VALUE:
        return False
    return None if is_unknown(value) else value not in off


def _first(properties: Mapping[str, Any], *names: str) -> Any:
    """The first of some members that is there, as CloudFormation, SAM and the Serverless Framework call the same thing."""
    return next((properties[name] for name in names if name in properties), None)


def _in_terraform(machine: DeclaredMachine, otherwise: Deployment) -> Deployment:
    from asl_lint.source.terraform_texts import UNKNOWN, TerraformTexts

    declared = machine.declared
    if declared is None:
        return otherwise
    texts = TerraformTexts(machine.module)
    name = texts.text(declared.attributes.get("name"))
    said = {
        block.type: {key: texts.value(body.at(node), {}) for key, node in body.hcl.attributes(body.node).items()}
        for block, body in declared.blocks
    }
    level = said.get("logging_configuration", {}).get("level", "OFF")
    key = said.get("encryption_configuration", {}).get("kms_key_id")
    return Deployment(
        otherwise.name if UNKNOWN in name else name,
        otherwise.logs or level in ("ALL", "ERROR", "FATAL"),
        otherwise.traces or said.get("tracing_configuration", {}).get("enabled") is True,
        key if isinstance(key, str) else otherwise.key,
    )
