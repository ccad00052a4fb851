"""The table of the policies that AWS maintains: what it holds, how it is asked, and what an ARN that it does not have gives."""

import json

import pytest

from asl_lint.aws.managed_policies import ManagedPolicies, attached, managed_policies
from asl_lint.aws.policy_document import NOT_KNOWN, read_document


def test_every_policy_that_a_role_can_have_says_what_its_document_says() -> None:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    table = managed_policies()
    policies = json.loads(aws_managed_policies_data)
    kept = {one["Path"][1:] + name: one["Document"] for name, one in policies.items() if one["Path"] in ("/", "/service-role/")}
    assert len(kept) > 1000
    for name, document in kept.items():
        assert table.statements(name) == read_document(document), name


@pytest.mark.parametrize("arn", [
    "arn:aws:iam::aws:policy/service-role/AWSLambdaRole",
    "arn:aws-cn:iam::aws:policy/service-role/AWSLambdaRole",
    "arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaRole",
    "AWSLambdaRole",
])  # fmt: skip
def test_a_policy_is_found_by_its_arn_in_any_partition_and_by_its_name(arn: str) -> None:
    found = attached(arn)
    assert found.allows("lambda:InvokeFunction", "*") == "allowed"
    assert found.allows("lambda:DeleteFunction", "*") == "missing"
    assert (found.as_of, {one.policy for one in found.statements}) == (managed_policies().date, {"AWSLambdaRole"})


@pytest.mark.parametrize("arn", [
    None, "", "arn:aws:iam::aws:policy/AWSLambdaRole", "arn:aws:iam::aws:policy/PolicyOfTomorrow", "${Managed}",
    "arn:aws:iam::123456789012:policy/service-role/AWSLambdaRole", "arn:aws:iam::aws:policy/${Name}",
])  # fmt: skip
def test_what_the_table_does_not_have_is_not_known(arn: str | None) -> None:
    assert attached(arn) == NOT_KNOWN


def test_another_file_is_refused() -> None:
    with pytest.raises(ValueError, match="no table"):
        ManagedPolicies(b"{}")
