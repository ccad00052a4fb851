"""The policies of the role that a Terraform module gives to a state machine.

The role's own ``inline_policy`` and ``managed_policy_arns``, and what the module attaches to it. What only the deployment knows
(variables, outputs of modules, ``dynamic`` blocks) makes the answer *not whole*: then nothing is called missing. Source: the AWS
provider's documentation of the resources ``aws_iam_role*`` and ``aws_iam_policy*``.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from asl_lint.aws.iam_patterns import matches
from asl_lint.aws.managed_policies import attached
from asl_lint.aws.policy_document import NOT_KNOWN, Policies, UnknownRole, together
from asl_lint.aws.terraform_policy import PolicyReader
from asl_lint.late import Final
from asl_lint.source.document import MISSING
from asl_lint.source.terraform_module import Declared, DeclaredMachine, Place
from asl_lint.source.terraform_texts import UNKNOWN, Scope, TerraformTexts
from asl_lint.source.text import FileRange, Range, Span

_ROLE: Final = re.compile(r"(?:one\(|try\()?\s*aws_iam_role\.([\w-]+)(?:\[[^\[\]]*\])?\.arn\b")
_ROLE_NAME: Final = re.compile(r"\$\{aws_iam_role\.([\w-]+)(?:\[[^\[\]]*\])?\.(?:name|id)\}\Z")
_POLICY: Final = re.compile(r"\$\{aws_iam_policy\.([\w-]+)(?:\[[^\[\]]*\])?\.(?:arn|id)\}\Z")
_AWS_POLICY: Final = re.compile(r"\$\{data\.aws_iam_policy\.([\w-]+)(?:\[[^\[\]]*\])?\.(?:arn|id)\}\Z")
_OTHER_MODULE: Final = re.compile(r"\$\{module\.[^{}]*\}\Z")
_EXCLUSIVE: Final = "aws_iam_role_policy_attachments_exclusive"

_MOST_STEPS: Final = 20
Locate = Callable[[str], str]
"""Name of a file in the module's folder (empty: of the one that is read) -> its path."""


def role_of(machine: DeclaredMachine, locate: Locate) -> Policies | UnknownRole:
    """What the role of a machine holds."""
    declared = machine.declared
    attributes = declared.attributes if declared is not None else {}
    if declared is not None and declared.kind == "module":
        takes = attributes.get("use_existing_role")
        if takes is None or TerraformTexts(machine.module).value(takes, {}) is not True:
            return UnknownRole("the module makes it")
    if "role_arn" not in attributes:
        return UnknownRole("the state machine names none")
    return _Reader(machine, locate).referred(attributes["role_arn"])


class _Reader:
    def __init__(self, machine: DeclaredMachine, locate: Locate) -> None:
        self._module = machine.module
        self._machine = machine.declared
        self._texts = TerraformTexts(machine.module)
        self._documents = PolicyReader(self._texts, locate)
        self._locate = locate

    def referred(self, given: Place) -> Policies | UnknownRole:
        """The role that an expression leads to."""
        place = given.unwrapped()
        while place.steps < _MOST_STEPS and (found := re.match(r"local\.([\w-]+)\Z", place.written)):
            local = self._module.find("local", found[1])
            if local is None:
                break
            place = local._replace(steps=place.steps + 1).unwrapped()
        found = _ROLE.match(place.written)
        role = self._module.declares("resource", "aws_iam_role", found[1]) if found is not None else None
        if role is None:
            return UnknownRole(f"it is {' '.join(place.written.split())[:60]}")
        return self._of_role(role)

    def _of_role(self, role: Declared) -> Policies:
        attributes = role.attributes
        found = [
            Policies((), self._module.is_readable and not self._is_handed_on(role)),
            *self._inline(role),
            *(one for declared in self._module.declared for one in self._attached(declared, role)),
        ]
        if "managed_policy_arns" in attributes:
            place = attributes["managed_policy_arns"]
            found += [self._managed(text, place) for text in self._texts.texts(place)]
        boundary = attributes.get("permissions_boundary")
        bound = None if boundary is None else self._managed(self._texts.text(boundary), boundary)
        at = partial(_head, self._locate(role.body.hcl.name), role)
        return together(found, bound)._replace(at=at, is_shared=self._is_shared(role))

    def _is_shared(self, role: Declared) -> bool:
        """Whether something else of the module, or a module that it calls, is given the role to run with."""
        named = re.compile(rf"\baws_iam_role\.{re.escape(role.name)}(?![\w-])(?:\[[^\[\]]*\])?\s*\.\s*arn\b")
        own = self._machine.written if self._machine is not None else ""
        others = (one for one in self._module.declared if one.kind == "module" or not one.type.startswith("aws_iam_"))
        return any(named.search(one.written) for one in others if one.kind in ("module", "resource") and one.written != own)

    def _is_handed_on(self, role: Declared) -> bool:
        """Whether the name of the role, which attaching asks for, leaves the module or may go into another."""
        named = re.compile(rf"\baws_iam_role\.{re.escape(role.name)}(?![\w-])(?:\[[^\[\]]*\])?(?!\s*\.\s*arn\b)")
        given = [one.written for one in self._module.declared if one.kind in ("module", "output")]
        return any(named.search(one) for one in [*given, *(place.written for place in self._module.local_values)])

    def _inline(self, role: Declared) -> Iterator[Policies]:
        for block, body in role.blocks:
            if block.type == "dynamic":
                yield NOT_KNOWN
            elif block.type == "inline_policy":
                policy = body.hcl.attributes(body.node).get("policy")
                if policy is not None:
                    yield self._documents.policies(body.at(policy))

    # --- what is attached ---------------------------------------------------------------------------------------------------

    def _attached(self, declared: Declared, role: Declared) -> Iterator[Policies]:
        """What one resource of the module attaches to the role."""
        if declared.kind != "resource" or declared.type not in _ATTACHING:
            return
        named, attach = _ATTACHING[declared.type]
        attributes = declared.attributes
        for scope, is_sure in self._instances(declared, role):
            place = attributes.get(named)
            texts = (UNKNOWN,) if place is None else self._texts.texts(place, scope)
            is_ours = [self._is_role(text, role) for text in texts]
            if True in is_ours:
                for found in attach(self, attributes, scope):
                    yield found if is_sure else _may_be(found)
            elif None in is_ours:
                yield NOT_KNOWN

    def _instances(self, declared: Declared, role: Declared) -> Iterator[tuple[Scope, bool]]:
        """What ``each`` is in every instance of a resource, and whether there is one."""
        attributes = declared.attributes
        if "for_each" in attributes:
            found = self._texts.value(attributes["for_each"], {})
            if isinstance(found, list) and MISSING not in found:
                yield from (({"key": one, "value": one}, True) for one in found)
            elif isinstance(found, dict):
                yield from (({"key": key, "value": value}, True) for key, value in found.items())
            else:
                yield {}, False
        elif "count" in attributes:
            count = attributes["count"]
            with_it = [one.attributes["count"] for one in (role, self._machine) if one is not None and "count" in one.attributes]
            yield {}, self._texts.value(count, {}) == 1 or any(one.written == count.written for one in with_it)
        else:
            yield {}, True

    def _is_role(self, named: str, role: Declared) -> bool | None:
        """Whether a text is the name of the role; None where that is not known."""
        found = _ROLE_NAME.match(named)
        if found is not None:
            return found[1] == role.name
        if _OTHER_MODULE.match(named):
            return False  # what knows the name of this role was given it
        place = role.attributes.get("name")
        if place is None:  # its name is made up when it is created
            return None if "${" in named else False
        return {"yes": True, "no": False}.get(matches(self._texts.text(place), named))

    def _policy(self, attributes: Mapping[str, Place], scope: Scope) -> Iterator[Policies]:
        if "policy" in attributes:
            yield self._documents.policies(attributes["policy"], scope)

    def _attachment(self, attributes: Mapping[str, Place], scope: Scope) -> Iterator[Policies]:
        place = attributes.get("policy_arn")
        if place is not None:
            yield self._managed(self._texts.text(place, scope), place)

    def _attachments(self, attributes: Mapping[str, Place], scope: Scope) -> Iterator[Policies]:
        place = attributes.get("policy_arns")
        if place is not None:
            yield from (self._managed(text, place) for text in self._texts.texts(place, scope))

    def _managed(self, arn: str, place: Place) -> Policies:
        """A policy of the module or of AWS."""
        if found := _POLICY.match(arn):
            policy = self._module.declares("resource", "aws_iam_policy", found[1])
            document = policy.attributes.get("policy") if policy is not None else None
            return NOT_KNOWN if document is None else self._documents.policies(document)
        if found := _AWS_POLICY.match(arn):
            source = self._module.declares("data", "aws_iam_policy", found[1])
            given = source.attributes if source is not None else {}
            arn = self._texts.text(given.get("arn", given.get("name")))
        elif not arn.startswith("arn:"):
            return NOT_KNOWN
        at = partial(_whole, FileRange(self._locate(place.hcl.name), _range(place)))
        policies = attached(arn)
        return policies._replace(statements=tuple(one._replace(at=at) for one in policies.statements))


_ATTACHING: Final = {
    "aws_iam_role_policy": ("role", _Reader._policy),
    "aws_iam_role_policy_attachment": ("role", _Reader._attachment),
    "aws_iam_policy_attachment": ("roles", _Reader._attachment),
    _EXCLUSIVE: ("role_name", _Reader._attachments),
}
"""Resources that attach policies to roles: the argument that names the role, and what reads the policies."""


def _range(place: Place) -> Range:
    return place.hcl.range(place.hcl.span(place.node))


def _head(file: str, declared: Declared) -> FileRange:
    """The type and the labels of a block."""
    hcl = declared.body.hcl
    head = [hcl.span(child) for child in declared.block.node.children if child.type in ("identifier", "string_lit")]
    return FileRange(file, hcl.range(Span(head[0].start, head[-1].end)))


def _whole(at: FileRange, action: str) -> FileRange:
    return at


def _may_be(policies: Policies) -> Policies:
    return policies._replace(statements=tuple(one._replace(is_conditional=True) for one in policies.statements))
