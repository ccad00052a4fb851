"""A policy in the form that its reader wants: JSON, a SAM or CloudFormation block, or a Terraform data source.

In JSON nothing is filled in later, and ``${…}`` would be a policy variable: what is not known is ``*`` there.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping

from asl_lint.facts.least_privilege import PolicyStatement
from asl_lint.late import Final

_VARIABLE: Final = re.compile(r"\$\{([^{}]*)\}")
_TERRAFORM: Final = {
    "AWS::Partition": "data.aws_partition.current.partition",
    "AWS::Region": "data.aws_region.current.name",
    "AWS::AccountId": "data.aws_caller_identity.current.account_id",
}
_DATA: Final = {
    "data.aws_partition.": 'data "aws_partition" "current" {}',
    "data.aws_region.": 'data "aws_region" "current" {}',
    "data.aws_caller_identity.": 'data "aws_caller_identity" "current" {}',
}

Policy = tuple[PolicyStatement, ...]


def placeholders(policies: Iterable[Policy]) -> tuple[str, ...]:
    """The names of placeholders that policies have, without those of CloudFormation itself, sorted."""
    found = {name for policy in policies for one in policy for text in one.resources for name in _VARIABLE.findall(text)}
    return tuple(sorted(name for name in found if not name.startswith("AWS::")))


def as_json(policies: Mapping[str, Policy], known: Mapping[str, str]) -> str:
    """One policy document; of several machines an object of one each. ``known`` are the values of placeholders."""

    def text(resource: str) -> str:
        return re.sub(r"\*+", "*", _VARIABLE.sub(lambda found: known.get(found[1], "*"), resource))

    documents = {name: _document(policy, text) for name, policy in policies.items()}
    shown: object = documents if len(documents) != 1 else next(iter(documents.values()))
    return json.dumps(shown, indent=2) + "\n"


def _document(policy: Policy, text: Callable[[str], str]) -> dict[str, object]:
    statements = []
    for one in policy:
        statement: dict[str, object] = {"Sid": one.sid, "Effect": "Allow", "Action": list(one.actions)}
        statement["Resource"] = list(dict.fromkeys(text(resource) for resource in one.resources))
        if one.conditions:
            statement["Condition"] = {operator: {key: value} for operator, key, value in one.conditions}
        statements.append(statement)
    return {"Version": "2012-10-17", "Statement": statements}


def as_sam(policies: Mapping[str, Policy]) -> str:
    """The ``Policies`` of ``AWS::Serverless::StateMachine``; the document in it is that of an ``AWS::IAM::Policy``, too."""
    lines: list[str] = []
    for name, policy in policies.items():
        lines += [f"# {name}", "Policies:", '  - Version: "2012-10-17"', "    Statement:" + ("" if policy else " []")]
        for one in policy:
            lines += [f"      - Sid: {one.sid}", "        Effect: Allow", "        Action:"]
            lines += [f"          - {action}" for action in one.actions]
            lines.append("        Resource:")
            lines += [f"          - {'!Sub ' if '${' in resource else ''}{_quoted(resource)}" for resource in one.resources]
            if one.conditions:
                lines.append("        Condition:")
                for operator, key, value in one.conditions:
                    lines += [f"          {operator}:", f"            {key}: {_quoted(value)}"]
    return "\n".join(lines) + "\n"


def as_terraform(policies: Mapping[str, Policy]) -> str:
    """A data source ``aws_iam_policy_document`` for each machine, and those that it refers to."""
    blocks = []
    for name, policy in policies.items():
        lines = [f'data "aws_iam_policy_document" "{_identifier(name)}" {{']
        for one in policy:
            lines += ["  statement {", f"    sid     = {_quoted(one.sid)}", '    effect  = "Allow"', "    actions = ["]
            lines += [f"      {_quoted(action)}," for action in one.actions]
            lines += ["    ]", "    resources = ["]
            lines += [f"      {_quoted(_VARIABLE.sub(_reference, resource))}," for resource in one.resources]
            lines.append("    ]")
            for operator, key, value in one.conditions:
                lines += ["    condition {", f"      test     = {_quoted(operator)}", f"      variable = {_quoted(key)}"]
                lines += [f"      values   = [{_quoted(value)}]", "    }"]
            lines.append("  }")
        blocks.append("\n".join([*lines, "}"]))
    text = "\n\n".join(blocks)
    used = [block for reference, block in _DATA.items() if reference in text]
    return "\n\n".join([*used, text]) + "\n"


def _reference(found: re.Match[str]) -> str:
    return f"${{{_TERRAFORM.get(found[1]) or 'var.' + _identifier(found[1])}}}"


def _identifier(name: str) -> str:
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    return plain if plain[:1].isalpha() else f"_{plain}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
