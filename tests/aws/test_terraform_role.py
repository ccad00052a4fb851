"""The role that a Terraform module gives to a state machine, and whether all that it holds is known."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl_lint.aws.policy_document import Policies, UnknownRole
from asl_lint.source.terraform import machines
from asl_lint.source.text import Text

pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")

from asl_lint.aws.terraform_role import role_of

MACHINE = 'resource "aws_sfn_state_machine" "m" {\n  name = "m"\n  definition = "{}"\n  role_arn = aws_iam_role.r.arn\n}\n'
ROLE = 'resource "aws_iam_role" "r" {\n  name = "machine"\n}\n'
TABLE = 'resource "aws_dynamodb_table" "orders" {\n  name = "orders"\n}\n'
READ = 'jsonencode({ Statement = [{ Effect = "Allow", Action = "dynamodb:GetItem", Resource = aws_dynamodb_table.orders.arn }] })'
ORDERS = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/orders"
OTHERS = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/others"


def role(content: str, files: dict[str, str] | None = None, **siblings: str) -> Policies | UnknownRole:
    beside = [(f"{name}.tf", text) for name, text in siblings.items()]
    [machine] = machines(Text(content), lambda: beside, (files or {}).get)
    assert machine.terraform is not None
    return role_of(machine.terraform, lambda name: name or "main.tf")


def held(content: str, files: dict[str, str] | None = None, **siblings: str) -> Policies:
    found = role(content, files, **siblings)
    assert isinstance(found, Policies)
    return found


def inline(policy: str, more: str = "") -> str:
    attached = f'resource "aws_iam_role_policy" "p" {{\n  role = aws_iam_role.r.id\n  policy = {policy}\n}}\n'
    return MACHINE + ROLE + TABLE + attached + more


def reads_orders(policies: Policies) -> bool:
    return (policies.allows("dynamodb:GetItem", ORDERS), policies.allows("dynamodb:PutItem", ORDERS)) == ("allowed", "missing")


DOCUMENT = """
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["dynamodb:GetItem"]
    resources = [aws_dynamodb_table.orders.arn]
  }
}
"""
HEREDOC = """<<EOF
{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": ["dynamodb:GetItem"],
 "Resource": "${aws_dynamodb_table.orders.arn}"}}
EOF"""


@pytest.mark.parametrize("policy", [
    READ,
    HEREDOC,
    "data.aws_iam_policy_document.d.json",
    "data.aws_iam_policy_document.d.minified_json",
    "local.policy",
    'file("${path.module}/policy.json")',
    'templatefile("policy.tpl", { table = aws_dynamodb_table.orders.arn })',
])  # fmt: skip
def test_a_policy_of_the_role_however_its_document_is_written(policy: str) -> None:
    files = {
        "./policy.json": '{"Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "*"}]}',
        "policy.tpl": '{"Statement": [{"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": "${table}"}]}',
    }
    assert reads_orders(held(inline(policy, f"{DOCUMENT}locals {{\n  policy = {READ}\n}}\n"), files))


def test_a_right_is_one_on_the_resource_that_is_referred_to() -> None:
    policies = held(inline(READ))
    assert policies.allows("dynamodb:GetItem", OTHERS) == "missing"


ATTACHED = {
    "inline_policy": f'resource "aws_iam_role" "r" {{\n  inline_policy {{\n    name = "p"\n    policy = {READ}\n  }}\n}}\n',
    "managed_policy_arns": 'resource "aws_iam_role" "r" {\n  managed_policy_arns = [aws_iam_policy.p.arn]\n}\n',
    "attachment": ROLE + 'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n'
    "  policy_arn = aws_iam_policy.p.arn\n}\n",
    "attachment by the role's own name": ROLE + 'resource "aws_iam_role_policy_attachment" "a" {\n  role = "machine"\n'
    "  policy_arn = aws_iam_policy.p.arn\n}\n",
    "attachment to several roles": ROLE + 'resource "aws_iam_policy_attachment" "a" {\n'
    "  roles = [aws_iam_role.other.name, aws_iam_role.r.name]\n  policy_arn = aws_iam_policy.p.arn\n}\n",
    "attachment for each": ROLE + 'resource "aws_iam_role_policy_attachment" "a" {\n  for_each = toset([aws_iam_policy.p.arn])\n'
    "  role = aws_iam_role.r.name\n  policy_arn = each.value\n}\n",
    "attachment for each key": ROLE + 'resource "aws_iam_role_policy_attachment" "a" {\n'
    "  for_each = { read = aws_iam_policy.p.arn }\n  role = aws_iam_role.r.name\n  policy_arn = each.value\n}\n",
    "exclusive": ROLE + 'resource "aws_iam_role_policy_attachments_exclusive" "a" {\n  role_name = aws_iam_role.r.name\n'
    "  policy_arns = [aws_iam_policy.p.arn]\n}\n",
}  # fmt: skip


@pytest.mark.parametrize("attached", ATTACHED.values(), ids=list(ATTACHED))
def test_what_is_attached_to_the_role(attached: str) -> None:
    policy = f'resource "aws_iam_policy" "p" {{\n  policy = {READ}\n}}\n'
    assert reads_orders(held(MACHINE + TABLE, attached=attached, policies=policy))


@pytest.mark.parametrize("arn", [
    '"arn:aws:iam::aws:policy/service-role/AWSLambdaRole"',
    '"arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaRole"',
    "data.aws_iam_policy.lambda.arn",
])  # fmt: skip
def test_a_policy_of_aws(arn: str) -> None:
    attached = f'resource "aws_iam_role_policy_attachment" "a" {{\n  role = aws_iam_role.r.name\n  policy_arn = {arn}\n}}\n'
    data = 'data "aws_partition" "current" {}\ndata "aws_iam_policy" "lambda" {\n  name = "AWSLambdaRole"\n}\n'
    policies = held(MACHINE + ROLE + attached + data)
    assert policies.allows("lambda:InvokeFunction", "*") == "allowed"
    assert policies.allows("dynamodb:GetItem", ORDERS) == "missing"
    assert policies.as_of is not None


UNSURE: dict[str, Any] = {
    "a variable": inline("var.policy"),
    "an output of a module": inline("module.policies.json"),
    "a condition": inline(f"var.reads ? {READ} : {READ}"),
    "statements that are dynamic": inline(
        "data.aws_iam_policy_document.d.json",
        'data "aws_iam_policy_document" "d" {\n  dynamic "statement" {\n    for_each = var.all\n  }\n}\n',
    ),
    "a document that is not in the module": inline("data.aws_iam_policy_document.gone.json"),
    "a document made of one that is not known": inline(
        "data.aws_iam_policy_document.d.json",
        'data "aws_iam_policy_document" "d" {\n  source_policy_documents = [var.base]\n}\n',
    ),
    "an attachment of what is not known": MACHINE + ROLE
    + 'resource "aws_iam_role_policy_attachment" "a" {\n  role = aws_iam_role.r.name\n  policy_arn = var.arn\n}\n',
    "an attachment to a role that is not known": MACHINE + ROLE
    + 'resource "aws_iam_role_policy_attachment" "a" {\n  role = var.role\n  policy_arn = var.arn\n}\n',
    "an attachment for each of what is not known": MACHINE + ROLE
    + 'resource "aws_iam_role_policy_attachment" "a" {\n  for_each = var.arns\n  role = aws_iam_role.r.name\n'
    "  policy_arn = each.value\n}\n",
    "a role whose name goes into a module": MACHINE + ROLE + 'module "m" {\n  role = aws_iam_role.r.name\n}\n',
    "a role whose name leaves the module": MACHINE + ROLE + 'output "o" {\n  value = aws_iam_role.r.id\n}\n',
    "a role whose name a local value has": MACHINE + ROLE + "locals {\n  n = aws_iam_role.r.name\n}\n",
    "inline policies that are dynamic": MACHINE
    + 'resource "aws_iam_role" "r" {\n  dynamic "inline_policy" {\n    for_each = var.all\n  }\n}\n',
    "managed policies that are not known": MACHINE + 'resource "aws_iam_role" "r" {\n  managed_policy_arns = var.arns\n}\n',
    "a file of the module that is no HCL": MACHINE + ROLE + 'resource "aws_iam_role_policy" "p" {\n',
}  # fmt: skip


@pytest.mark.parametrize("content", UNSURE.values(), ids=list(UNSURE))
def test_what_is_not_known_makes_nothing_missing(content: str) -> None:
    assert held(content).allows("dynamodb:PutItem", ORDERS) == "unknown"


@pytest.mark.parametrize("more", [
    'module "m" {\n  role_arn = aws_iam_role.r.arn\n}\n',
    'output "o" {\n  value = aws_iam_role.r.arn\n}\n',
    'resource "aws_iam_role_policy" "o" {\n  role = aws_iam_role.other.id\n  policy = var.policy\n}\n',
    'resource "aws_iam_role_policy_attachment" "o" {\n  role = module.other.role_name\n  policy_arn = var.arn\n}\n',
    'resource "aws_iam_role_policy_attachment" "o" {\n  role = "others"\n  policy_arn = var.arn\n}\n',
])  # fmt: skip
def test_what_is_about_other_roles_leaves_this_one_known(more: str) -> None:
    assert reads_orders(held(inline(READ, more)))


def test_a_policy_that_may_not_be_there_leaves_it_open() -> None:
    content = inline(READ).replace("  role = aws_iam_role.r.id", "  count = var.reads ? 1 : 0\n  role = aws_iam_role.r.id")
    assert held(content).allows("dynamodb:GetItem", ORDERS) == "unknown"


def test_a_policy_that_is_there_whenever_its_role_is() -> None:
    content = inline(READ).replace("  role = aws_iam_role.r.id", "  count = var.reads ? 1 : 0\n  role = aws_iam_role.r[0].id")
    content = content.replace('  name = "machine"', "  count = var.reads ? 1 : 0").replace(
        "aws_iam_role.r.arn", "aws_iam_role.r[0].arn"
    )
    assert reads_orders(held(content))


def test_a_later_statement_takes_the_place_of_one_with_its_sid() -> None:
    def statement(sid: str, action: str) -> str:
        return f'  statement {{\n    sid = "{sid}"\n    actions = ["dynamodb:{action}"]\n    resources = ["*"]\n  }}\n'

    documents = (
        f'data "aws_iam_policy_document" "base" {{\n{statement("A", "GetItem")}{statement("B", "Query")}}}\n'
        f'data "aws_iam_policy_document" "over" {{\n{statement("C", "Scan")}}}\n'
        'data "aws_iam_policy_document" "d" {\n'
        "  source_policy_documents = [data.aws_iam_policy_document.base.json]\n"
        "  override_policy_documents = [data.aws_iam_policy_document.over.json]\n"
        f"{statement('A', 'PutItem')}{statement('C', 'DeleteItem')}}}\n"
    )
    policies = held(inline("data.aws_iam_policy_document.d.json", documents))
    answers = {
        action: policies.allows(f"dynamodb:{action}", ORDERS) for action in ("PutItem", "Query", "Scan", "GetItem", "DeleteItem")
    }
    assert answers == {"PutItem": "allowed", "Query": "allowed", "Scan": "allowed", "GetItem": "missing", "DeleteItem": "missing"}


def test_a_condition_makes_a_statement_one_that_may_hold() -> None:
    document = """
data "aws_iam_policy_document" "d" {
  statement {
    not_actions   = ["iam:*"]
    not_resources = ["arn:aws:s3:::x"]
    condition {
      test     = "StringEquals"
      variable = "aws:RequestedRegion"
      values   = ["eu-west-1"]
    }
  }
}
"""
    policies = held(inline("data.aws_iam_policy_document.d.json", document))
    assert policies.allows("dynamodb:GetItem", ORDERS) == "unknown"
    assert policies.allows("iam:PassRole", "arn:aws:iam::123456789012:role/a") == "missing"


def test_a_boundary_bounds_the_role() -> None:
    bound = 'resource "aws_iam_policy" "b" {\n  policy = jsonencode({ Statement = [] })\n}\n'
    content = inline(READ, bound).replace('  name = "machine"', "  permissions_boundary = aws_iam_policy.b.arn")
    assert held(content).allows("dynamodb:GetItem", ORDERS) == "missing"
    assert held(content.replace("aws_iam_policy.b.arn", "var.boundary")).allows("dynamodb:GetItem", ORDERS) == "unknown"


@pytest.mark.parametrize(("arn", "reason"), [
    ("var.role", "it is var.role"),
    ("module.roles.arn", "it is module.roles.arn"),
    ("data.aws_iam_role.r.arn", "it is data.aws_iam_role.r.arn"),
    ("aws_iam_role.gone.arn", "it is aws_iam_role.gone.arn"),
])  # fmt: skip
def test_a_role_that_is_not_in_the_module_is_not_known(arn: str, reason: str) -> None:
    assert role(MACHINE.replace("aws_iam_role.r.arn", arn) + ROLE) == UnknownRole(reason)


@pytest.mark.parametrize("arn", ["local.role", "one(aws_iam_role.r[*].arn)", '"${aws_iam_role.r.arn}"', "aws_iam_role.r[0].arn"])
def test_a_role_of_the_module_however_it_is_referred_to(arn: str) -> None:
    content = inline(READ, "locals {\n  role = aws_iam_role.r.arn\n}\n").replace(
        "role_arn = aws_iam_role.r.arn", f"role_arn = {arn}"
    )
    assert reads_orders(held(content))


MODULE = 'module "m" {\n  source = "terraform-aws-modules/step-functions/aws"\n  definition = "{}"\n'


def test_the_module_for_step_functions_makes_a_role_of_its_own() -> None:
    assert role(MODULE + "}\n" + ROLE) == UnknownRole("the module makes it")


def test_the_module_for_step_functions_takes_a_role_where_it_is_told_to() -> None:
    content = MODULE + "  use_existing_role = true\n  role_arn = aws_iam_role.r.arn\n}\n"
    assert reads_orders(held(content + inline(READ).removeprefix(MACHINE)))


def test_the_role_and_its_actions_are_found_in_their_files() -> None:
    policies = held(MACHINE + TABLE, iam=ROLE + inline(READ).partition(TABLE)[2])
    assert policies.at is not None
    assert (policies.at().file, policies.at().range.start.line) == ("iam.tf", 1)
    [statement] = policies.statements
    assert statement.at is not None
    file, where = statement.at("dynamodb:GetItem")
    assert (file, where.start.line, where.end.column - where.start.column) == ("iam.tf", 6, len('"dynamodb:GetItem"'))


@pytest.mark.parametrize(("more", "is_shared"), [
    ("", False),
    ('resource "aws_lambda_function" "f" {\n  role = aws_iam_role.r.arn\n}\n', True),
    ('module "m" {\n  role_arn = aws_iam_role.r.arn\n}\n', True),
    ('output "o" {\n  value = aws_iam_role.r.arn\n}\n', False),
])  # fmt: skip
def test_a_role_that_something_else_runs_with_is_shared(more: str, is_shared: bool) -> None:
    assert held(inline(READ, more)).is_shared == is_shared


def test_documents_of_documents_and_locals_of_locals_stay_small() -> None:
    documents = ['statement {\n    actions = ["s3:GetObject"]\n    resources = ["*"]\n  }']
    documents += [f"source_policy_documents = [{', '.join([f'data.aws_iam_policy_document.d{i}.json'] * 2)}]" for i in range(40)]
    blocks = [f'data "aws_iam_policy_document" "d{i}" {{\n  {body}\n}}\n' for i, body in enumerate(documents)]
    lists = "".join(f"  l{i + 1} = flatten([local.l{i}, local.l{i}])\n  n{i + 1} = [local.n{i}, local.n{i}]\n" for i in range(40))
    content = inline("data.aws_iam_policy_document.d40.json", "".join(blocks) + f"locals {{\n  l0 = []\n  n0 = []\n{lists}}}\n")
    content += 'resource "aws_iam_role_policy_attachment" "a" {\n  for_each = toset(concat(local.l40, local.n40))\n'
    content += "  role = aws_iam_role.r.name\n  policy_arn = each.value\n}\n"
    assert held(content).allows("s3:PutObject", "*") == "unknown"


@given(st.data())
def test_no_text_makes_reading_a_role_fail(data: st.DataObject) -> None:
    content = inline(
        "data.aws_iam_policy_document.d.json", DOCUMENT + f"locals {{\n  policy = {READ}\n}}\n" + "".join(ATTACHED.values())
    )
    at = data.draw(st.integers(0, len(content)))
    behind = data.draw(st.integers(at, min(len(content), at + 40)))
    put = data.draw(
        st.sampled_from(["", "}", "{", '"', "${", "[0]", "*", "local.policy", "<<EOF\n", ".", "null", "(", "each.value"])
    )
    broken = content[:at] + put + content[behind:]
    for machine in machines(Text(broken), list):
        if machine.terraform is not None:
            assert isinstance(role_of(machine.terraform, str), Policies | UnknownRole)
