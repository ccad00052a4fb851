"""What the roles of real templates allow of what their machines need; what is missing has been read (verdicts.jsonl)."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from asl_lint.aws.policy_document import UnknownRole
from asl_lint.deployment import role_in
from asl_lint.facts.given_role import GivenRole, needs_of
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.source.boundary import root_of
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.read import is_terraform, looks_like_template, read_source
from asl_lint.source.substitution import fill
from asl_lint.templates import definition_in, read_template


def machines(corpus: Path) -> Iterator[tuple[str, EmbeddedMachine, str]]:
    """Tool, machine and template of all that can be had."""
    for path in sorted((corpus / "iac").rglob("*")):
        file = str(path)
        content = read_source(file, certain=False) if path.is_file() else None
        if not isinstance(content, str) or not (is_terraform(file) or looks_like_template(content)):
            continue
        template = read_template(content, file, root_of(file, None))
        for machine in template.machines() if template is not None else ():
            if machine.terraform is not None:
                yield "Terraform", machine, file
            elif "stepFunctions" in machine.template:
                yield "Serverless Framework", machine, file
            elif machine.template:
                yield "CloudFormation", machine, file


def with_definition(machine: EmbeddedMachine, file: str) -> EmbeddedMachine:
    """The machine with its definition, if that lies in a file of its own."""
    if machine.document is not None or machine.file is None:
        return machine
    found = definition_in(machine, file, root_of(file, None))
    return machine if isinstance(found, str) else found.machine._replace(document=found.document)


def answers(machine: EmbeddedMachine, file: str, role: GivenRole) -> Iterator[tuple[str, str]]:
    """Tier and answer for every action on every resource that a machine needs."""
    if machine.document is None:
        return
    facts = Facts(Workflow(file, fill(machine.document, machine.substitutions or {})))
    for need in needs_of(facts, role).needs:
        for action in need.actions:
            for resource in need.resources:
                yield need.tier, role.policies.allows(action, resource)


def test_how_much_is_known_of_the_roles_of_real_templates(corpus: Path, record_property: Any) -> None:
    roles: Counter[tuple[str, str]] = Counter()
    found: Counter[tuple[str, str]] = Counter()
    for tool, declared, file in machines(corpus):
        machine = with_definition(declared, file)
        role = role_in(machine, file)
        if not isinstance(role, GivenRole):
            roles[tool, "not known" if isinstance(role, UnknownRole) else "none"] += 1
            continue
        roles[tool, "whole" if role.policies.is_whole else "in part"] += 1
        found.update(answers(machine, file, role))
    for tool in sorted({tool for tool, _ in roles}):
        held = ", ".join(f"{count} {how}" for (other, how), count in sorted(roles.items()) if other == tool)
        record_property("figures", f"roles of machines, {tool}: {held}")
    for tier in dict.fromkeys(tier for tier, _ in found):
        told = ", ".join(f"{found[tier, answer]} {answer}" for answer in ("allowed", "missing", "unknown"))
        record_property("figures", f"what machines need of their roles, {tier}: {told}")
    known = sum(count for (_, answer), count in found.items() if answer != "unknown")
    assert known >= 0.5 * sum(found.values())
    assert sum(count for (tool, how), count in roles.items() if tool == "Terraform" and how == "whole") >= 15
