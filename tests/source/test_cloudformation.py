"""The state machines that CloudFormation and SAM templates declare: their texts, places, and what is filled in."""

import json
from typing import Any

import pytest

from asl_lint.source.cloudformation import is_template, machines
from asl_lint.source.document import MISSING, Document
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.json_text import read_json
from asl_lint.source.text import Span, Text
from asl_lint.source.yaml_text import read_yaml


def read(content: str) -> Document:
    text = Text(content)
    return read_json(text) if content.startswith("{") else read_yaml(text, functions=True)


def only(content: str) -> EmbeddedMachine:
    document = read(content)
    assert is_template(document.value) and not document.problems
    (machine,) = machines(document)
    return machine


def template(properties: str, *, sam: bool = False, head: str = "", more: str = "") -> str:
    kind = "AWS::Serverless::StateMachine" if sam else "AWS::StepFunctions::StateMachine"
    indented = "".join(f"      {line}\n" for line in properties.strip("\n").split("\n"))
    return f"{head}Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n{more}  Pay:\n    Type: {kind}\n    Properties:\n{indented}"


def quoted(machine: EmbeddedMachine, *pointer: str | int) -> str:
    """The text of the template at a value of the definition."""
    assert machine.document is not None
    root = machine.document.text.root.content
    return root[slice(*machine.document.span(pointer))]


DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "%s", "End": true}}}'


def test_an_object_is_a_definition_where_it_stands() -> None:
    machine = only(template("Definition:\n  StartAt: A\n  States:\n    A: {Type: Succeed}\nType: EXPRESS", sam=True))
    assert machine.document is not None and machine.document.is_part
    assert machine.document.value == {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    assert quoted(machine, "States", "A", "Type") == "Succeed"
    assert (machine.logical_id, machine.machine_type) == ("Pay", "EXPRESS")


def test_a_short_form_is_the_function_it_stands_for() -> None:
    machine = only(
        template("Definition:\n  StartAt: A\n  States:\n    A: {Type: Task, Resource: !GetAtt Queue.Arn, End: true}", sam=True)
    )
    assert machine.document is not None
    value: Any = machine.document.value
    assert value["States"]["A"]["Resource"] == {"Fn::GetAtt": "Queue.Arn"}
    assert quoted(machine, "States", "A", "Resource") == "!GetAtt Queue.Arn"


def test_a_text_is_read_as_the_json_that_it_holds() -> None:
    machine = only(template("DefinitionString: |\n  " + DEFINITION % "arn:aws:states:::sns:publish"))
    assert quoted(machine, "States", "A", "Resource") == '"arn:aws:states:::sns:publish"'
    assert machine.substitutions == {}
    assert machine.machine_type == "STANDARD"


def test_a_text_in_json_is_traced_through_its_escapes() -> None:
    text = DEFINITION % "ar\\u006e:x"
    content = '{"Resources": {"Pay": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": "%s"}}}}'
    machine = only(content % text.replace("\\", "\\\\").replace('"', '\\"'))
    assert quoted(machine, "States", "A", "Resource") == '\\"ar\\\\u006e:x\\"'


def test_sub_fills_in_what_the_template_has() -> None:
    text = DEFINITION % "${Queue.Arn}-${AWS::Region}-${Nothing}"
    machine = only(template(f"DefinitionString: !Sub |\n  {text}"))
    assert machine.substitutions == {"Queue.Arn": MISSING, "AWS::Region": MISSING}


def test_sub_has_variables_of_its_own() -> None:
    text = DEFINITION % "${Name}/${Other}"
    machine = only(template(f"DefinitionString:\n  Fn::Sub:\n    - '{text}'\n    - {{Name: orders, Other: !Ref Queue}}"))
    assert machine.substitutions == {"Name": "orders", "Other": MISSING}


def test_what_sub_leaves_alone_stands_without_its_mark() -> None:
    machine = only(template("DefinitionString: !Sub |\n  " + DEFINITION % "${!Name}"))
    assert machine.document is not None
    value: Any = machine.document.value
    assert value["States"]["A"]["Resource"] == "${Name}"
    assert quoted(machine, "States", "A", "End") == "true"


def test_what_sub_leaves_alone_is_unknown_unless_it_is_declared() -> None:
    text = "DefinitionString: !Sub |\n  " + DEFINITION % "${!Queue} ${Queue}"
    assert only(template(text)).substitutions == {"Queue": MISSING}
    assert only(template(text + "\nDefinitionSubstitutions: {Queue: x}")).substitutions == {"Queue": "x"}


def test_join_puts_texts_and_placeholders_together() -> None:
    parts = ['{"StartAt": "A", "States": {"A": {"Type": "Task", "End": true, "Resource": "arn:', {"Ref": "AWS::Partition"},
             ':states:::sqs:sendMessage", "Parameters": {"QueueUrl": "', {"Fn::GetAtt": ["Queue", "Arn"]}, '"}}}}']  # fmt: skip

    content = {
        "Resources": {
            "Pay": {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"DefinitionString": {"Fn::Join": ["", parts]}}}
        }
    }
    machine = only(json.dumps(content))
    assert machine.document is not None
    value: Any = machine.document.value
    assert value["States"]["A"]["Resource"] == "arn:${AWS::Partition}:states:::sqs:sendMessage"
    assert machine.substitutions == {"AWS::Partition": "aws", "Queue.Arn": MISSING}
    assert quoted(machine, "States", "A", "Parameters", "QueueUrl") == '\\"", {"Fn::GetAtt": ["Queue", "Arn"]}, "\\"'


def test_join_puts_its_delimiter_between() -> None:
    machine = only(
        template('DefinitionString: !Join [\'"A"\', [\'{"StartAt": \', \', "States": {\', \': {"Type": "Succeed"}}}\']]')
    )
    assert machine.document is not None
    assert machine.document.value == {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}


PARAMETERS = (
    "Parameters:\n  One: {Type: String, AllowedValues: [sns]}\n  Two: {Type: String, AllowedValues: [sns, sqs], Default: sns}\n"
    "  Free: {Type: String, Default: sns}\n  Stored: {Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: [sns]}\n"
)
FIXED = [
    "!Sub arn:aws:states:::sns:publish",
    "!Sub 'arn:${AWS::Partition}:states:::sns:publish'",
    "!Sub 'arn:aws:states:::${One}:publish'",
    "!Sub ['arn:${P}:states:::${S}:publish', {P: !Ref AWS::Partition, S: sns}]",
    "!Join ['', ['arn:', !Ref AWS::Partition, ':states:::sns:publish']]",
    "!Join [':', [arn, !Sub '${AWS::Partition}', 'states::', !Ref One, publish]]",
]
OPEN = [
    "!Sub 'arn:aws:states:::${Two}:publish'",
    "!Sub 'arn:aws:states:::${Free}:publish'",
    "!Sub 'arn:aws:states:::${Stored}:publish'",
    "!Sub 'arn:aws:states:::${!One}:publish'",
    "!Sub 'arn:aws:states:::${Nothing}:publish'",
    "!Sub 'arn:${AWS::Partition}:sqs:${AWS::Region}:x'",
    "!Sub '{{resolve:ssm:topic}}'",
    "!Join ['', ['arn:aws:states:::', !ImportValue X, ':publish']]",
    "!Join ['', [!Sub ['${S}', {S: sns}], !Sub ['${S}', {S: sqs}]]]",
    "!Ref Free",
    "!ImportValue X",
]


@pytest.mark.parametrize("written", FIXED)
def test_a_function_that_gives_the_same_wherever_it_is_deployed_is_evaluated(written: str) -> None:
    machine = only(template(f"DefinitionUri: x.json\nDefinitionSubstitutions:\n  Call: {written}", sam=True, head=PARAMETERS))
    assert machine.substitutions == {"Call": "arn:aws:states:::sns:publish"}
    inline = f"Definition:\n  StartAt: A\n  States:\n    A:\n      Type: Task\n      Resource: {written}"
    document = only(template(inline, sam=True, head=PARAMETERS)).document
    assert document is not None
    value: Any = document.value
    assert value["States"]["A"]["Resource"] == "arn:aws:states:::sns:publish"
    assert document.string(("States", "A", "Resource")).content == "arn:aws:states:::sns:publish"


@pytest.mark.parametrize("written", OPEN)
def test_a_function_that_a_deployment_decides_stays_unknown(written: str) -> None:
    machine = only(template(f"DefinitionUri: x.json\nDefinitionSubstitutions:\n  Call: {written}", sam=True, head=PARAMETERS))
    assert machine.substitutions == {"Call": MISSING}
    inline = f"Definition:\n  StartAt: A\n  States:\n    A:\n      Type: Task\n      Resource: {written}"
    document = only(template(inline, sam=True, head=PARAMETERS)).document
    assert document is not None
    value: Any = document.value
    assert isinstance(value["States"]["A"]["Resource"], dict)


def test_an_evaluated_text_is_traced_to_the_template() -> None:
    inline = "Definition:\n  StartAt: A\n  States:\n    A: {Resource: !Sub 'arn:${AWS::Partition}:states:::sns:publish'}"
    document = only(template(inline, sam=True)).document
    assert document is not None
    at = ("States", "A", "Resource")
    content = document.text.root.content
    assert content[slice(*document.span(at, within=Span(17, 20)))] == "sns"
    assert content[slice(*document.span(at))] == "!Sub 'arn:${AWS::Partition}:states:::sns:publish'"


def test_an_object_made_to_text_is_the_object() -> None:
    machine = only(template("DefinitionString:\n  Fn::ToJsonString: {StartAt: A, States: {A: {Type: Succeed}}}"))
    assert machine.document is not None
    assert quoted(machine, "StartAt") == "A"


def test_a_file_is_named_with_what_is_filled_in() -> None:
    machine = only(
        template("DefinitionUri: flow/pay.asl.json\nDefinitionSubstitutions:\n  Table: orders\n  Url: !Ref Queue", sam=True)
    )
    assert (machine.file, machine.document) == ("flow/pay.asl.json", None)
    assert machine.substitutions == {"Table": "orders", "Url": MISSING}
    assert set(machine.declared) == {"Table", "Url"}


@pytest.mark.parametrize(
    ("properties", "sam", "reason"),
    [
        ("DefinitionUri: s3://bucket/key", True, "its definition lies at s3://bucket/key"),
        ("DefinitionUri: {Bucket: b, Key: k}", True, "its definition lies in S3"),
        ("DefinitionUri: !Sub '${Queue}/x'", True, "its definition lies where Fn::Sub says"),
        ("DefinitionS3Location: {Bucket: b, Key: k}", False, "its definition lies in S3"),
        ("DefinitionString: !ImportValue x", False, "Fn::ImportValue is not evaluated"),
        ("Definition: !If [A, {}, {}]", True, "Fn::If is not evaluated"),
        ("RoleArn: x", False, "it has no definition"),
    ],
)
def test_what_cannot_be_had_is_told(properties: str, sam: bool, reason: str) -> None:
    machine = only(template(properties, sam=sam))
    assert machine.document is None and machine.file is None
    assert machine.unresolved is not None and machine.unresolved.reason == reason


def test_a_macro_may_fill_in_anything() -> None:
    text = "DefinitionString: '" + DEFINITION % "${Name}" + "'"
    assert only(template(text, head="Transform: [AWS::Serverless-2016-10-31]\n")).substitutions == {}
    assert only(template(text, head="Transform: [AWS::Serverless-2016-10-31, Ours]\n")).substitutions is None


def test_a_fragment_of_another_tool_is_filled_in_by_it() -> None:
    more = "  Topic:\n    Type: AWS::SNS::Topic\n    Properties: {TopicName: '${self:service}'}\n"
    assert only(template("DefinitionString: '" + DEFINITION % "${Name}" + "'", more=more)).substitutions is None


@pytest.mark.parametrize("kind", ["!Ref Kind", "Fast"])
def test_a_type_that_the_deployment_decides_is_unknown(kind: str) -> None:
    assert only(template(f"DefinitionUri: x.json\nType: {kind}", sam=True)).machine_type is None


def test_other_resources_and_odd_ones_are_left_alone() -> None:
    assert list(machines(read("Resources:\n  A: {Type: AWS::SQS::Queue}\n  B: text\n"))) == []


@pytest.mark.parametrize("properties", ["", ", Properties: 1", ", Properties: !Ref P"])
def test_a_machine_without_properties_is_told(properties: str) -> None:
    (machine,) = machines(read(f"Resources:\n  C: {{Type: AWS::Serverless::StateMachine{properties}}}\n"))
    assert machine.unresolved is not None and machine.unresolved.reason == "it has no Properties that can be read"


def test_what_a_loop_makes_is_told_as_not_checked() -> None:
    text = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Outer:
    - Name
    - [Pay, Ship]
    - ${Name}Machine: {Type: AWS::StepFunctions::StateMachine, Properties: {DefinitionString: "{}"}}
      Fn::ForEach::Inner:
        - Size
        - !Ref Sizes
        - ${Name}${Size}: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: a.json}}
          Queue: {Type: AWS::SQS::Queue}
  Fn::ForEach::Odd: [1]
"""
    found = list(machines(read_yaml(Text(text), functions=True)))
    assert [(one.logical_id, one.unresolved and one.unresolved.reason) for one in found] == [
        ("${Name}Machine", "Fn::ForEach makes it, and is not evaluated"),
        ("${Name}${Size}", "Fn::ForEach makes it, and is not evaluated"),
    ]
