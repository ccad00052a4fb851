"""The template that deploys the five definitions, broken in every systematic way by operators that know no rule.

A mutant changes one thing of a role, of what fills in a placeholder, or of how a machine is deployed. Its ``resource`` is the
resource of the template that the change lies in, ``placeholder`` the name that is not filled in any more.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from asl_lint.source.document import Pointer
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml
from tests.definitions.rehearsal.scenario import DEFINITIONS
from tests.mutation.mutants import DROP, at, misspelt

Template = dict[str, Any]


class TemplateMutant(NamedTuple):
    """A template with one thing changed: by which operator, in which resource, and in a few words how."""

    operator: str
    resource: str
    change: str
    template: Template
    placeholder: str | None = None

    @property
    def name(self) -> str:
        return f"template {self.operator} {self.change}"


class Change(NamedTuple):
    """What an operator does at a pointer: ``value`` is put there, or it is dropped."""

    pointer: Pointer
    value: Any
    words: str
    placeholder: str | None = None


Operator = Callable[[Template], Iterator[Change]]


@cache
def whole_template() -> Template:
    """The template as it is, with its short functions in their long form."""
    read: Template = read_yaml(Text((DEFINITIONS / "template.yaml").read_text(encoding="utf-8")), functions=True).value
    return read


def _of_type(template: Template, kind: str) -> Iterator[tuple[Pointer, Template]]:
    for name, resource in template["Resources"].items():
        if resource["Type"] == kind:
            yield ("Resources", name, "Properties"), resource["Properties"]


def _statements(template: Template) -> Iterator[tuple[Pointer, list[Template]]]:
    """The list of statements of each policy."""
    for pointer, role in _of_type(template, "AWS::IAM::Role"):
        for i, policy in enumerate(role["Policies"]):
            yield (*pointer, "Policies", i, "PolicyDocument", "Statement"), policy["PolicyDocument"]["Statement"]
    for pointer, policy in _of_type(template, "AWS::IAM::ManagedPolicy"):
        yield (*pointer, "PolicyDocument", "Statement"), policy["PolicyDocument"]["Statement"]


def _members(field: str) -> Operator:
    """Drops each of several members of a statement."""

    def operator(template: Template) -> Iterator[Change]:
        for pointer, statements in _statements(template):
            for i, statement in enumerate(statements):
                if isinstance(statement[field], list):
                    for j, member in enumerate(statement[field]):
                        yield Change((*pointer, i, field, j), DROP, str(member))

    return operator


def _drop_statement(template: Template) -> Iterator[Change]:
    for pointer, statements in _statements(template):
        for i, statement in enumerate(statements):
            yield Change((*pointer, i), DROP, f"{statement['Action']} on {statement['Resource']}")


def _drop_policy(template: Template) -> Iterator[Change]:
    for pointer, _ in _of_type(template, "AWS::IAM::Role"):
        for field in ("ManagedPolicyArns", "Policies"):
            yield Change((*pointer, field), DROP, field)


def _drop_trust(template: Template) -> Iterator[Change]:
    for pointer, role in _of_type(template, "AWS::IAM::Role"):
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        where = (*pointer, "AssumeRolePolicyDocument", "Statement", 0)
        yield Change((*where, "Condition"), DROP, "Condition")
        for operator in statement["Condition"]:
            yield Change((*where, "Condition", operator), DROP, operator)


def _substitutions(template: Template) -> Iterator[tuple[Pointer, dict[str, Any], str]]:
    for pointer, machine in _of_type(template, "AWS::Serverless::StateMachine"):
        for name in machine["DefinitionSubstitutions"]:
            yield (*pointer, "DefinitionSubstitutions"), machine["DefinitionSubstitutions"], name


def _drop_substitution(template: Template) -> Iterator[Change]:
    for pointer, _, name in _substitutions(template):
        yield Change((*pointer, name), DROP, name, name)


def _rename_substitution(template: Template) -> Iterator[Change]:
    for pointer, all_, name in _substitutions(template):
        yield Change(pointer, {misspelt(key) if key == name else key: value for key, value in all_.items()}, name, name)


def _drop_setting(*fields: str) -> Operator:
    """Drops properties of each state machine."""

    def operator(template: Template) -> Iterator[Change]:
        for pointer, _ in _of_type(template, "AWS::Serverless::StateMachine"):
            for field in fields:
                yield Change((*pointer, field), DROP, field)

    return operator


OPERATORS: Final[dict[str, Operator]] = {
    "drop-action": _members("Action"),
    "drop-resource": _members("Resource"),
    "drop-statement": _drop_statement,
    "drop-policy": _drop_policy,
    "drop-trust-condition": _drop_trust,
    "drop-substitution": _drop_substitution,
    "rename-substitution": _rename_substitution,
    "drop-role": _drop_setting("Role"),
    "drop-logging": _drop_setting("Logging"),
    "drop-tracing": _drop_setting("Tracing"),
}


@cache
def template_mutants() -> tuple[TemplateMutant, ...]:
    """Every mutant of the template, operator by operator."""
    return tuple(mutant for name, operator in OPERATORS.items() for mutant in _mutants(name, operator))


def _mutants(name: str, operator: Operator) -> Iterator[TemplateMutant]:
    for change in operator(whole_template()):
        template = copy.deepcopy(whole_template())
        holder = at(template, change.pointer[:-1])
        if change.value is DROP:
            del holder[change.pointer[-1]]
        else:
            holder[change.pointer[-1]] = change.value
        where = "/".join(str(part) for part in change.pointer[1:] if part not in ("Properties", "PolicyDocument"))
        yield TemplateMutant(name, str(change.pointer[1]), f"{where} {change.words}", template, change.placeholder)


def text_of(mutant: TemplateMutant) -> str:
    """The template as a file's text."""
    return json.dumps(mutant.template, indent=2, ensure_ascii=False)
