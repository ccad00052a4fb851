"""Values of templates as texts: the same thing gives the same text, however it is written."""

from typing import Any

import pytest

from asl_lint.source.template_texts import TemplateTexts

RESOURCES = {
    "Orders": {"Type": "AWS::DynamoDB::Table"},
    "Send": {"Type": "AWS::Serverless::Function"},
    "Jobs": {"Type": "AWS::SQS::Queue"},
    "Files": {"Type": "AWS::S3::Bucket"},
    "Child": {"Type": "AWS::Serverless::StateMachine", "Properties": {"Name": {"Fn::Sub": "${Stage}-child"}}},
    "Nameless": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {}},
}
TABLE = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"
CHILD = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:${Stage}-child"


@pytest.mark.parametrize(("value", "text"), [
    ("plain", "plain"),
    ({"Ref": "Stage"}, "${Stage}"),
    ({"Ref": "Orders"}, "${Orders}"),
    ({"Fn::GetAtt": ["Orders", "Arn"]}, TABLE),
    ({"Fn::GetAtt": "Orders.Arn"}, TABLE),
    ({"Fn::Sub": "${Orders.Arn}/index/*"}, f"{TABLE}/index/*"),
    ({"Fn::Join": ["/", [{"Fn::GetAtt": ["Files", "Arn"]}, "*"]]}, "arn:${AWS::Partition}:s3:::${Files}/*"),
    ({"Fn::Sub": ["${A}-${Stage}", {"A": {"Ref": "Orders"}}]}, "${Orders}-${Stage}"),
    ({"Fn::Sub": "${!aws:username}"}, "${aws:username}"),
    ({"Fn::GetAtt": ["Send", "Arn"]}, "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Send}"),
    ({"Fn::GetAtt": ["Jobs", "Arn"]}, "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Jobs.QueueName}"),
    ({"Ref": "Jobs"}, "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${Jobs.QueueName}"),
    ({"Ref": "Child"}, CHILD),
    ({"Fn::GetAtt": ["Child", "Arn"]}, CHILD),
    ({"Ref": "ChildAliaslive"}, CHILD),
    ({"Ref": "Nameless"}, "${Nameless}"),
    ({"Fn::GetAtt": ["Function", "Arn"]}, "${Function.Arn}"),
    ({"Fn::ImportValue": "table"}, None),
    ({"Fn::Join": ["", ["a", {"Fn::ImportValue": "table"}]]}, "a${?unknown}"),
    ({"Fn::If": ["C", "a", "b"]}, None),
    (7, None),
])  # fmt: skip
def test_a_value_as_a_text(value: Any, text: str | None) -> None:
    assert TemplateTexts({"Resources": RESOURCES}).text(value) == text


def test_a_name_that_refers_to_itself_ends() -> None:
    machine = {"Type": "AWS::Serverless::StateMachine", "Properties": {"Name": {"Ref": "Loop"}}}
    assert TemplateTexts({"Resources": {"Loop": machine}}).text({"Ref": "Loop"}) is not None


def test_the_functions_in_a_value_are_evaluated_and_what_is_not_stays() -> None:
    texts = TemplateTexts({"Resources": {"Work": {"Type": "AWS::Lambda::Function"}, "Jobs": {"Type": "AWS::SNS::Topic"}}})
    unknown = {"Fn::If": ["C", "a", "b"]}
    assert texts.evaluated(
        {"a": [{"Ref": "Jobs"}, 3], "b": {"Fn::Sub": "${AWS::Region}-x"}, "c": unknown, "d": {"Ref": "Work"}}
    ) == {
        "a": ["arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:${Jobs.TopicName}", 3],
        "b": "${AWS::Region}-x",
        "c": unknown,
        "d": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Work}",
    }


@pytest.mark.parametrize("value", [{"Ref": "Odd"}, {"Fn::GetAtt": ["Odd", "Arn"]}, {"Fn::GetAtt": "Odd.Name"}])
def test_a_resource_whose_type_is_no_text_is_a_resource_of_no_known_type(value: Any) -> None:
    texts = TemplateTexts({"Resources": {"Odd": {"Type": ["a"]}}})
    assert texts.function_arn(value) is None
    assert (texts.text(value) or "").startswith("${Odd")
