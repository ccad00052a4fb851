"""The policies of the role that a CloudFormation or SAM template gives to a state machine.

The role's own policies, the policies and managed policies that name it, SAM's policies, policy templates and connectors. What is
attached and not known here makes the answer *not whole*: then nothing is called missing.
"""

import re
from collections.abc import Iterator, Mapping
from functools import partial

from asl_lint.aws.managed_policies import attached
from asl_lint.aws.origin import Origin
from asl_lint.aws.policy_document import NOT_KNOWN, Policies, PolicyError, Statement, read_document, together
from asl_lint.aws.sam_policies import REFERENCE_IS_ARN, STATE_MACHINES, of_connector, of_template, policy_templates
from asl_lint.late import Any, Final, NamedTuple
from asl_lint.near import near
from asl_lint.source.document import Pointer
from asl_lint.source.template_texts import TemplateTexts

_POLICY_TYPES: Final = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy")
_TRANSFORMS: Final = frozenset({"AWS::Serverless-2016-10-31", "AWS::LanguageExtensions", "AWS::SecretsManager-2020-07-23"})
_TRACING: Final = Statement("Allow", ("xray:*",), ("*",), policy="what SAM adds for tracing")
_UNKNOWN: Final = "${?unknown}"
_STACKS: Final = ("AWS::CloudFormation::Stack", "AWS::Serverless::Application")
_CONNECTOR: Final = "AWS::Serverless::Connector"


class Role(NamedTuple):
    """The role of a state machine: its logical id (None: SAM makes one), and what it holds."""

    logical_id: str | None
    policies: Policies


def role_of(template: Mapping[str, Any], machine: str, origin: Origin | None = None) -> Role | None:
    """The role of the state machine with a logical id; None where the template does not have it."""
    resources = template.get("Resources")
    resource = resources.get(machine) if isinstance(resources, Mapping) else None
    properties = resource.get("Properties") if isinstance(resource, Mapping) else None
    if not isinstance(resources, Mapping) or not isinstance(properties, Mapping) or not isinstance(resource, Mapping):
        return None
    reader = _Reader(template, resources, origin)
    is_sam = resource.get("Type") == "AWS::Serverless::StateMachine"
    named = properties.get("Role" if is_sam else "RoleArn")
    if named is None and is_sam:
        return Role(None, reader.of_sam(machine, properties))
    return reader.named(named, machine)


def named_role(template: Mapping[str, Any], value: object, origin: Origin | None = None) -> Role | None:
    """The role of a template that a value refers to; None where it does not have it."""
    resources = template.get("Resources")
    return _Reader(template, resources, origin).named(value, None) if isinstance(resources, Mapping) else None


def policies_of(value: object, origin: Origin | None = None) -> Policies:
    """The policies in a file of them: a policy document, a list, or an object with ``Policies`` or ``PolicyDocument``.

    Raises PolicyError where there is none.
    """
    at: Pointer = ()
    if isinstance(value, Mapping) and "Policies" in value:
        value, at = value["Policies"], ("Policies",)
    reader = _Reader({}, {}, origin)
    found: list[Policies] = []
    for i, one in enumerate(value if isinstance(value, list) else [value]):
        place = (*at, i) if isinstance(value, list) else at
        if isinstance(one, Mapping) and "PolicyDocument" in one:
            one, place = one["PolicyDocument"], (*place, "PolicyDocument")
        if isinstance(one, Mapping) and "Statement" in one:
            read_document(one)
        elif not isinstance(one, str) and not (isinstance(one, Mapping) and len(one) == 1):
            raise PolicyError("a policy document is an object with a Statement")
        elif isinstance(one, Mapping):
            _refuse_odd(next(iter(one)))
        found.append(reader.sam_policy(one, place))
    return together(found)


def _refuse_odd(name: str) -> None:
    """Raise PolicyError for an object that is neither a function of a template nor one of SAM's policy templates."""
    if name != "Ref" and not name.startswith("Fn::") and name not in policy_templates():
        meant = near(name, policy_templates())
        hint = f'; did you mean "{meant}"?' if meant else ", and a policy document has a Statement"
        raise PolicyError(f'there is no SAM policy template "{name}"{hint}')


def referred(value: object) -> str | None:
    """The logical id that a Ref or the attribute Arn is of."""
    if isinstance(value, Mapping) and len(value) == 1:
        function, argument = next(iter(value.items()))
        if function == "Fn::GetAtt":
            argument = argument[0] if isinstance(argument, list) and argument else argument
            argument = argument.partition(".")[0] if isinstance(argument, str) else None
        elif function == "Fn::Sub" and isinstance(argument, str):
            found = re.fullmatch(r"\$\{(\w+)(?:\.Arn)?\}", argument)
            argument = found[1] if found else None
        elif function != "Ref":
            return None
        return argument if isinstance(argument, str) else None
    return None


class _Reader:
    def __init__(self, template: Mapping[str, Any], resources: Mapping[str, Any], origin: Origin | None) -> None:
        self._resources = resources
        self._origin = origin
        outputs = template.get("Outputs")
        self._outputs: Mapping[str, Any] = outputs if isinstance(outputs, Mapping) else {}
        self._texts = TemplateTexts(template)
        transforms = template.get("Transform", [])
        self._is_plain = all(
            isinstance(one, str) and one in _TRANSFORMS for one in (transforms if isinstance(transforms, list) else [transforms])
        ) and not any(name.startswith("Fn::") for name in resources)

    def named(self, value: object, machine: str | None) -> Role | None:
        """The role that a value refers to, with which the machine of that logical id runs."""
        name = referred(value)
        role = self._resources.get(name) if name is not None else None
        if name is None or not isinstance(role, Mapping) or role.get("Type") != "AWS::IAM::Role":
            return None
        policies = self._of_role(name, role)._replace(is_shared=any(self._runs_with(name, machine)))
        return Role(name, self._located(policies, ("Resources", name)))

    def _runs_with(self, role: str, machine: str | None) -> Iterator[bool]:
        """Of every property of other resources, policies apart, whether it refers to the role."""
        for name, resource in self._resources.items():
            properties = resource.get("Properties") if isinstance(resource, Mapping) and name != machine else None
            if isinstance(properties, Mapping) and resource.get("Type") not in _POLICY_TYPES:
                yield from (referred(value) == role for value in properties.values())

    def of_sam(self, machine: str, properties: Mapping[str, Any]) -> Policies:
        """The policies of the role that SAM makes."""
        at: Pointer = ("Resources", machine, "Properties", "Policies")
        listed = properties.get("Policies", [])
        found = [self.sam_policy(one, (*at, i)) for i, one in enumerate(listed)] if isinstance(listed, list) else []
        if not isinstance(listed, list):
            found.append(self.sam_policy(listed, at))
        if properties.get("Tracing") is not None:
            found.append(Policies((self._out_of(_TRACING, ("Resources", machine, "Properties", "Tracing")),)))
        role = f"{machine}Role"
        found += [Policies((), self._is_plain and not self._is_handed_on(role)), *self._connected(role)]
        held = together(found, self._boundary(("Resources", machine, "Properties"), properties))
        return self._located(held, at if "Policies" in properties else ("Resources", machine))

    def _of_role(self, name: str, role: Mapping[str, Any]) -> Policies:
        properties = role.get("Properties")
        properties = properties if isinstance(properties, Mapping) else {}
        at: Pointer = ("Resources", name, "Properties")
        found = [
            Policies((), self._is_plain and not self._is_handed_on(name)),
            *self._inline((*at, "Policies"), properties.get("Policies", [])),
            *self._managed((*at, "ManagedPolicyArns"), properties.get("ManagedPolicyArns", [])),
            *self._naming(name, properties),
            *self._connected(name),
        ]
        return together(found, self._boundary(at, properties))

    def _is_handed_on(self, role: str) -> bool:
        """Whether the name of the role, which attaching asks for, is an output of the template, or goes into another stack."""
        given = [one.get("Value") for one in self._outputs.values() if isinstance(one, Mapping)]
        for resource in self._resources.values():
            if isinstance(resource, Mapping) and resource.get("Type") in _STACKS:
                properties = resource.get("Properties")
                parameters = properties.get("Parameters") if isinstance(properties, Mapping) else None
                given += parameters.values() if isinstance(parameters, Mapping) else ()
        return any(f"${{{role}}}" in (self._texts.text(value) or "") for value in given)

    def _boundary(self, at: Pointer, properties: Mapping[str, Any]) -> Policies | None:
        if "PermissionsBoundary" not in properties:
            return None
        return together(self._managed((*at, "PermissionsBoundary"), [properties["PermissionsBoundary"]]))

    def _inline(self, at: Pointer, policies: object) -> Iterator[Policies]:
        if not isinstance(policies, list):
            yield NOT_KNOWN
            return
        for i, policy in enumerate(policies):
            if isinstance(policy, Mapping) and "PolicyDocument" in policy:
                yield self._document((*at, i, "PolicyDocument"), policy["PolicyDocument"])
            else:
                yield NOT_KNOWN

    def _managed(self, at: Pointer, arns: object) -> Iterator[Policies]:
        if not isinstance(arns, list):
            yield NOT_KNOWN
            return
        for i, arn in enumerate(arns):
            name = referred(arn) or ""
            found = self._resources.get(name)
            if isinstance(found, Mapping) and found.get("Type") == "AWS::IAM::ManagedPolicy":
                yield self._of_resource(name, found)
            else:
                yield self._brought_in(attached(self._texts.text(arn)), (*at, i))

    def _naming(self, role: str, properties: Mapping[str, Any]) -> Iterator[Policies]:
        """The policies of the template that name the role."""
        own = self._texts.text(properties.get("RoleName"))
        for name, resource in self._resources.items():
            if not isinstance(resource, Mapping) or resource.get("Type") not in _POLICY_TYPES:
                continue
            other = resource.get("Properties")
            named = other.get("Roles", other.get("RoleName", [])) if isinstance(other, Mapping) else []
            for one in named if isinstance(named, list) else [named]:
                if referred(one) == role or (own is not None and self._texts.text(one) == own):
                    yield self._of_resource(name, resource)
                elif referred(one) not in self._resources and not isinstance(one, str):
                    yield NOT_KNOWN

    def _of_resource(self, name: str, resource: Mapping[str, Any]) -> Policies:
        properties = resource.get("Properties")
        document = properties.get("PolicyDocument") if isinstance(properties, Mapping) else None
        found = self._document(("Resources", name, "Properties", "PolicyDocument"), document)
        if "Condition" in resource:
            return found._replace(statements=tuple(one._replace(is_conditional=True) for one in found.statements))
        return found

    def sam_policy(self, policy: object, at: Pointer) -> Policies:
        """One of the Policies of a state machine of SAM."""
        if isinstance(policy, Mapping) and "Statement" in policy:
            return self._document(at, policy)
        if isinstance(policy, Mapping) and len(policy) == 1:
            name, parameters = next(iter(policy.items()))
            if name in policy_templates():
                given = parameters if isinstance(parameters, Mapping) else {}
                return self._brought_in(of_template(name, lambda parameter: self._texts.text(given.get(parameter))), at)
        found = referred(policy) or ""
        resource = self._resources.get(found)
        if isinstance(resource, Mapping) and resource.get("Type") == "AWS::IAM::ManagedPolicy":
            return self._of_resource(found, resource)
        return self._brought_in(attached(self._texts.text(policy)), at)

    # --- connectors ---------------------------------------------------------------------------------------------------------

    def _connected(self, role: str) -> Iterator[Policies]:
        """What SAM's connectors attach to the role with a logical id."""
        for name, resource in self._resources.items():
            if not isinstance(resource, Mapping):
                continue
            at: Pointer = ("Resources", name)
            if resource.get("Type") == _CONNECTOR:
                yield from self._connector((*at, "Properties"), resource, resource.get("Properties"), role)
            embedded = resource.get("Connectors")
            for inner, connector in embedded.items() if isinstance(embedded, Mapping) else ():
                properties = connector.get("Properties") if isinstance(connector, Mapping) else None
                if isinstance(properties, Mapping):
                    properties = {**properties, "Source": {"Id": name}}
                yield from self._connector((*at, "Connectors", inner, "Properties"), resource, properties, role)

    def _connector(self, at: Pointer, resource: Mapping[str, Any], properties: object, role: str) -> Iterator[Policies]:
        source = properties.get("Source") if isinstance(properties, Mapping) else None
        if not isinstance(properties, Mapping) or not isinstance(source, Mapping):
            yield NOT_KNOWN
            return
        kind = self._connects(source, role)
        if kind is None:
            return
        listed, permissions = properties.get("Destination"), properties.get("Permissions")
        if kind not in STATE_MACHINES or not isinstance(permissions, list) or "Condition" in resource:
            yield NOT_KNOWN
            return
        for destination in listed if isinstance(listed, list) else [listed]:
            yield self._brought_in(self._connection(destination, permissions), at)

    def _connects(self, source: Mapping[str, Any], role: str) -> str | None:
        """The type of a connector's source, if that runs with the role; it may, where that is not known."""
        if "Id" not in source:
            named = referred(source.get("RoleName"))
            return str(source.get("Type")) if named in (role, None) else None
        name = source["Id"]
        found = self._resources.get(name) if isinstance(name, str) else None
        if not isinstance(found, Mapping):
            return ""
        properties = found.get("Properties")
        properties = properties if isinstance(properties, Mapping) else {}
        given = properties.get("Role", properties.get("RoleArn"))
        runs_with = f"{name}Role" if given is None else referred(given)
        return str(found.get("Type")) if runs_with in (role, None) else None

    def _connection(self, destination: object, permissions: list[object]) -> Policies:
        if not isinstance(destination, Mapping):
            return NOT_KNOWN
        name = destination.get("Id")
        if name is None:
            arn = self._texts.text(destination.get("Arn"))
            return of_connector(_text(destination.get("Type")), permissions, arn, self._texts.text(destination.get("Name")))
        found = self._resources.get(name) if isinstance(name, str) else None
        kind = _text(found.get("Type")) if isinstance(found, Mapping) else None
        arn = self._texts.text({"Ref": name} if kind in REFERENCE_IS_ARN else {"Fn::GetAtt": [name, "Arn"]})
        return of_connector(kind, permissions, arn, self._texts.text({"Fn::GetAtt": [name, "Name"]}))

    # --- documents ----------------------------------------------------------------------------------------------------------

    def _document(self, at: Pointer, document: object) -> Policies:
        """The statements of a policy document, as far as it is written out."""
        if not isinstance(document, Mapping):
            return NOT_KNOWN
        written = document.get("Statement", [])
        statements: list[Statement] = []
        is_whole = True
        for i, one in enumerate(written if isinstance(written, list) else [written]):
            try:
                found = read_document({"Statement": self._evaluated(one)})
            except PolicyError:
                is_whole = False
                continue
            if self._origin is not None:
                place = (*at, "Statement", i) if isinstance(written, list) else (*at, "Statement")
                found = tuple(statement._replace(at=self._origin.actions(place, one)) for statement in found)
            statements += found
        return Policies(tuple(statements), is_whole)

    def _evaluated(self, statement: object) -> object:
        if not isinstance(statement, Mapping):
            return statement
        found = dict(statement)
        for member in ("Action", "NotAction", "Resource", "NotResource"):
            if member in found:
                listed = found[member] if isinstance(found[member], list) else [found[member]]
                found[member] = [self._texts.text(one) or _UNKNOWN for one in listed]
        return found

    # --- places -------------------------------------------------------------------------------------------------------------

    def _brought_in(self, policies: Policies, at: Pointer) -> Policies:
        """The policies, of which what stands at a pointer is all that is written."""
        return policies._replace(statements=tuple(self._out_of(one, at) for one in policies.statements))

    def _out_of(self, statement: Statement, at: Pointer) -> Statement:
        return statement if self._origin is None else statement._replace(at=self._origin.whole(at))

    def _located(self, policies: Policies, at: Pointer) -> Policies:
        return policies if self._origin is None else policies._replace(at=partial(self._origin.place, at, "key"))


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
