"""The policies of the role that a file for the Serverless Framework gives to a state machine of serverless-step-functions.

A role of its section ``resources`` is read as in any template. Where none is named, the plugin makes one of the definition, by
rules of its own that differ from version to version: of that only the statements are known that the machine adds. Source: the
plugin's README, "Specifying a role", and its schema of state machines.
"""

from collections.abc import Mapping

from asl_lint.aws.origin import Origin
from asl_lint.aws.policy_document import Policies, PolicyError, UnknownRole
from asl_lint.aws.template_role import named_role, policies_of
from asl_lint.late import Any
from asl_lint.source.document import Document


def role_of(content: Mapping[str, Any], name: str, file: str, document: Document) -> Policies | UnknownRole:
    """What the role of the state machine of that name holds."""
    machine = content["stepFunctions"]["stateMachines"][name]
    if not isinstance(machine, Mapping):
        return UnknownRole("the machine stands elsewhere")
    if "role" in machine:
        template = content.get("resources")
        if isinstance(template, Mapping) and "extensions" not in template:
            found = named_role(template, machine["role"], Origin(file, document, ("resources",)))
            if found is not None:
                return found.policies
        return UnknownRole("it is not in the section resources")
    added = machine.get("iamRoleStatements")
    if isinstance(added, list):
        at = ("stepFunctions", "stateMachines", name, "iamRoleStatements")
        try:
            found_policies = policies_of([{"Statement": [one]} for one in added], Origin(file, document, at))
        except PolicyError:
            found_policies = Policies(())
        return found_policies._replace(is_whole=False)
    return UnknownRole("the plugin makes it of the definition")
