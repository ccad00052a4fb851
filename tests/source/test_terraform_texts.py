"""The values of a Terraform module as texts: what is known is filled in, and the same thing is always the same text."""

from typing import Any

import pytest

from asl_lint.source.document import MISSING
from asl_lint.source.text import Text

pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")

from asl_lint.source.hcl import Hcl
from asl_lint.source.terraform_module import MATTERS, Module, Place
from asl_lint.source.terraform_texts import _HOSTS, _KINDS, UNKNOWN, TerraformTexts

HERE = "${AWS::Region}:${AWS::AccountId}"
RESOURCES = """
locals {
  name   = "orders-${var.stage}"
  tables = { orders = aws_dynamodb_table.orders.arn, both = ["a", "b"] }
}
resource "aws_dynamodb_table" "orders" {
  name = local.name
}
resource "aws_dynamodb_table" "many" {
  for_each = var.tables
  name     = each.key
}
resource "aws_dynamodb_table" "far" {
  provider = aws.far
  name     = "far"
}
resource "aws_lambda_function" "work" {
  function_name = "work"
}
resource "aws_sqs_queue" "jobs" {
  name = "jobs"
}
data "aws_region" "here" {}
data "aws_region" "far" {
  provider = aws.far
}
data "aws_caller_identity" "me" {}
"""


def value(expression: str, scope: Any = None) -> object:
    hcl = Hcl(Text(f"locals {{\n  asked = {expression}\n}}\n{RESOURCES}"))
    module = Module(hcl, list)
    place = module.find("local", "asked")
    assert isinstance(place, Place)
    return TerraformTexts(module).value(place, scope or {})


@pytest.mark.parametrize(("expression", "expected"), [
    ('"a"', "a"),
    ("3", 3),
    ("null", None),
    ("local.name", "orders-${var.stage}"),
    ('"x-${local.name}"', "x-orders-${var.stage}"),
    ("aws_dynamodb_table.orders.name", "orders-${var.stage}"),
    ("aws_dynamodb_table.orders.id", "orders-${var.stage}"),
    ("aws_dynamodb_table.orders.arn", f"arn:${{AWS::Partition}}:dynamodb:{HERE}:table/orders-${{var.stage}}"),
    ('"${aws_dynamodb_table.orders.name}/index/*"', "orders-${var.stage}/index/*"),
    ('local.tables["orders"]', f"arn:${{AWS::Partition}}:dynamodb:{HERE}:table/orders-${{var.stage}}"),
    ("local.tables.both[1]", "b"),
    ("aws_lambda_function.work.arn", f"arn:${{AWS::Partition}}:lambda:{HERE}:function:work"),
    ("aws_sqs_queue.jobs.url", "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/jobs"),
    ('"arn:aws:x:${data.aws_region.here.name}:${data.aws_caller_identity.me.account_id}:y"', f"arn:aws:x:{HERE}:y"),
    ('concat(["a"], local.tables.both, [var.c])', ["a", "a", "b", "${var.c}"]),
    ('join("/", ["a", var.b])', "a/${var.b}"),
    ('format("%s:%s", "a", var.b)', "a:${var.b}"),
    ('{ a = "b", "c" = [true] }', {"a": "b", "c": [True]}),
])  # fmt: skip
def test_what_the_module_says_is_filled_in(expression: str, expected: object) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(("expression", "expected"), [
    ("var.name", "${var.name}"),
    ("module.a.arn", "${module.a.arn}"),
    ("local.gone", "${local.gone}"),
    ("local.tables.gone", "${local.tables.gone}"),
    ("aws_dynamodb_table.gone.arn", "${aws_dynamodb_table.gone.arn}"),
    ("aws_dynamodb_table.far.arn", "${aws_dynamodb_table.far.arn}"),
    ("data.aws_region.far.name", "${data.aws_region.far.name}"),
    ("aws_lambda_function.work.invoke_arn", "${aws_lambda_function.work.invoke_arn}"),
    ("aws_dynamodb_table.many[each.key].name", "${aws_dynamodb_table.many[each.key].name}"),
    ("each.value", "${each.value}"),
])  # fmt: skip
def test_what_only_the_deployment_knows_is_a_placeholder_of_its_own_name(expression: str, expected: str) -> None:
    assert value(expression) == expected


@pytest.mark.parametrize(
    "expression", ['var.a ? "b" : "c"', "[for a in var.b : a][0]", 'upper("a")', '"%{ if var.a }b%{ endif }"']
)
def test_what_is_not_evaluated_is_missing_or_unknown(expression: str) -> None:
    found = value(expression)
    assert found is MISSING or (isinstance(found, str) and found.startswith("${"))


def test_an_unknown_text_is_told_as_such() -> None:
    hcl = Hcl(Text('locals {\n  a = var.b ? "c" : "d"\n}\n'))
    module = Module(hcl, list)
    texts = TerraformTexts(module)
    place = module.find("local", "a")
    assert place is not None
    assert (texts.text(place), texts.texts(place), texts.text(None)) == (UNKNOWN, (UNKNOWN,), UNKNOWN)


def test_each_is_what_the_scope_says() -> None:
    assert value("each.value.arn", {"value": {"arn": "x"}}) == "x"
    assert value('"${each.key}-role"', {"key": "a"}) == "a-role"


def test_the_name_of_a_function_is_one_of_its_arn() -> None:
    module = Module(Hcl(Text(RESOURCES)), list)
    texts = TerraformTexts(module)
    assert texts.function_arn("aws_lambda_function.work.function_name") == f"arn:${{AWS::Partition}}:lambda:{HERE}:function:work"
    assert texts.function_arn("aws_lambda_function.work.arn") is None
    assert texts.function_arn("var.work") is None


def test_a_circle_has_no_value() -> None:
    hcl = Hcl(Text('locals {\n  a = local.b\n  b = "${local.a}"\n}\n'))
    texts = TerraformTexts(Module(hcl, list))
    assert str(texts.reference("local.a")).startswith("${local.")


def test_what_is_nested_deeply_is_not_followed() -> None:
    assert MISSING not in (value("[" * 10 + '"a"' + "]" * 10),)
    assert isinstance(value("[" * 3000 + '"a"' + "]" * 3000), list)


def test_a_file_that_declares_what_has_a_text_is_read() -> None:
    for kind in [*_KINDS, *(kind for kind, _ in _HOSTS)]:
        assert MATTERS.search(f'resource "{kind}" "x" {{}}'), kind
    assert not MATTERS.search('variable "x" {}\noutput "y" {\n  value = aws_lambda_function.f.arn\n}\n')
