"""What templates of every kind say of logging, tracing, encryption and tags."""

from textwrap import dedent, indent

import pytest

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.properties.deployed_with import KIND
from asl_lint.source.document import format_pointer
from asl_lint.templates import read_template
from tests.properties.definitions import refused


def asked(name: str, text: str, demand: str, **parameters: str) -> list[tuple[str, str, str]]:
    """Place, underlined text and problem of each match in a template."""
    given = {"demand": demand, **{key.replace("_", "-"): value for key, value in parameters.items()}}
    assert refused(KIND, **given) == []
    template = read_template(text, name, "/nowhere")
    assert template is not None
    found = []
    for machine in template.machines():
        assert machine.settings is not None
        settings = machine.settings()
        facts = Facts(Workflow(name, settings.document, settings.machine_type, settings.name, settings=settings))
        for match in KIND.check(facts, given):
            span = settings.document.span(match.pointer, match.part)
            covered = text[span.start : span.end]
            found.append((format_pointer(match.pointer), covered, match.values["problem"]))
    return found


def sam(properties: str = "", head: str = "") -> str:
    resource = "Resources:\n  Pay:\n    Type: AWS::Serverless::StateMachine\n    Properties:\n      DefinitionUri: a.json\n"
    return head + resource + indent(dedent(properties), "      ")


def cfn(properties: str = "", head: str = "") -> str:
    resource = "Resources:\n  Pay:\n    Type: AWS::StepFunctions::StateMachine\n    Properties:\n"
    return head + resource + "      DefinitionS3Location: {Bucket: b, Key: k}\n" + indent(dedent(properties), "      ")


def sls(members: str = "", head: str = "") -> str:
    machine = "stepFunctions:\n  stateMachines:\n    pay:\n      definition: ${file(a.yml)}\n"
    return head + machine + indent(dedent(members), "      ")


def hcl(body: str = "") -> str:
    pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")
    return 'resource "aws_sfn_state_machine" "pay" {\n  definition = file("a.json")\n' + indent(dedent(body), "  ") + "}\n"


SETTINGS = {
    "sam": {
        "logging": (
            "Logging: {Level: ERROR, Destinations: [{CloudWatchLogsLogGroup: {LogGroupArn: !Ref L}}]}\n",
            "Logging: {Level: 'OFF'}\n",
        ),
        "tracing": ("Tracing: {Enabled: true}\n", "Tracing: {Enabled: false}\n"),
    },
    "cfn": {
        "logging": ("LoggingConfiguration: {Level: ALL, Destinations: [a]}\n", "LoggingConfiguration: {Level: 'OFF'}\n"),
        "tracing": ("TracingConfiguration: {Enabled: 'true'}\n", "TracingConfiguration: {Enabled: 'false'}\n"),
        "customer-key": (
            "EncryptionConfiguration: {Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: !Ref K}\n",
            "EncryptionConfiguration: {Type: AWS_OWNED_KEY}\n",
        ),
    },
    "sls": {
        "logging": ("loggingConfig: {level: FATAL, destinations: [a]}\n", "loggingConfig: {level: 'OFF'}\n"),
        "tracing": ("tracingConfig: {enabled: true}\n", "tracingConfig: {enabled: false}\n"),
        "customer-key": (
            "encryptionConfig: {Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: k}\n",
            "encryptionConfig: {Type: AWS_OWNED_KEY}\n",
        ),
    },
    "hcl": {
        "logging": (
            'logging_configuration {\n  level = "ERROR"\n  log_destination = "${aws_cloudwatch_log_group.a.arn}:*"\n}\n',
            'logging_configuration {\n  level = "OFF"\n}\n',
        ),
        "tracing": ("tracing_configuration {\n  enabled = true\n}\n", "tracing_configuration {\n  enabled = false\n}\n"),
        "customer-key": (
            'encryption_configuration {\n  type = "CUSTOMER_MANAGED_KMS_KEY"\n  kms_key_id = aws_kms_key.a.arn\n}\n',
            'encryption_configuration {\n  type = "AWS_OWNED_KEY"\n}\n',
        ),
    },
}  # fmt: skip
FORMS = {"sam": (sam, "t.yaml"), "cfn": (cfn, "t.yaml"), "sls": (sls, "serverless.yml"), "hcl": (hcl, "main.tf")}
CASES = [(form, demand) for form, demands in SETTINGS.items() for demand in demands]


@pytest.mark.parametrize(("form", "demand"), CASES)
def test_what_is_set_as_it_should_be_is_not_reported(form: str, demand: str) -> None:
    write, name = FORMS[form]
    assert asked(name, write(SETTINGS[form][demand][0]), demand) == []


@pytest.mark.parametrize(("form", "demand"), CASES)
def test_what_is_off_is_reported_at_its_value(form: str, demand: str) -> None:
    write, name = FORMS[form]
    ((_, covered, _),) = asked(name, write(SETTINGS[form][demand][1]), demand)
    assert covered.strip("'\"") in ("OFF", "false", "AWS_OWNED_KEY")


@pytest.mark.parametrize(("form", "demand"), CASES)
def test_what_is_absent_is_reported_at_the_machine(form: str, demand: str) -> None:
    write, name = FORMS[form]
    ((_, covered, _),) = asked(name, write(), demand)
    assert covered in ("Pay", "pay", 'resource "aws_sfn_state_machine" "pay"')


@pytest.mark.parametrize(
    ("name", "text", "demand"),
    [
        ("t.yaml", sam("Logging: !If [C, {Level: ALL}, !Ref AWS::NoValue]\n"), "logging"),
        ("t.yaml", sam("Logging: {Level: !Ref Level}\n"), "logging"),
        ("t.yaml", sam("Tracing: {Enabled: !Ref Traced}\n"), "tracing"),
        ("t.yaml", sam(head="Transform: [AWS::Serverless-2016-10-31, OurMacro]\n"), "logging"),
        ("t.yaml", sam("'Fn::Transform': {Name: AWS::Include}\n"), "tracing"),
        ("t.yaml", cfn("EncryptionConfiguration: !Ref E\n"), "customer-key"),
        ("t.yaml", sam(), "customer-key"),
        ("serverless.yml", sls("loggingConfig: ${self:custom.logging}\n"), "logging"),
        ("serverless.yml", sls("loggingConfig: {level: '${self:custom.level}'}\n"), "logging"),
        ("serverless.yml", sls(), "tags"),
    ],
)
def test_what_only_the_deployment_knows_is_not_reported(name: str, text: str, demand: str) -> None:
    assert asked(name, text, demand) == []


@pytest.mark.parametrize(
    "body",
    [
        'dynamic "logging_configuration" {\n  for_each = var.logs\n  content {\n    level = "ALL"\n  }\n}\n',
        "logging_configuration {\n  level = var.level\n}\n",
    ],
)
def test_what_only_terraform_s_variables_know_is_not_reported(body: str) -> None:
    assert asked("main.tf", hcl(body), "logging") == []


def test_a_local_value_of_terraform_is_followed() -> None:
    text = hcl("logging_configuration {\n  level = local.level\n}\n") + 'locals {\n  level = "OFF"\n}\n'
    assert [problem for _, _, problem in asked("main.tf", text, "logging")] == ["its logs have the level OFF"]


def test_no_value_is_as_good_as_nothing() -> None:
    assert [problem for *_, problem in asked("t.yaml", sam("Logging: !Ref AWS::NoValue\n"), "logging")] == ["it has no logging"]


def test_a_rule_can_mean_one_type_of_machine() -> None:
    text = sam("Type: EXPRESS\n")
    assert len(asked("t.yaml", text, "logging", machine_type="EXPRESS")) == 1
    assert asked("t.yaml", text, "logging", not_machine_type="EXPRESS") == []
    assert asked("t.yaml", sam(), "logging", machine_type="EXPRESS") == []
    assert asked("t.yaml", sam("Type: !Ref Type\n"), "logging", machine_type="EXPRESS") == []


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ("{Level: ERROR}", "logs of the level ERROR need a destination"),
        ("{Level: ERROR, Destinations: []}", "logs of the level ERROR need a destination"),
        ("{Level: ERROR, Destinations: [a, b]}", "there are 2 destinations, and one is taken"),
        ("{Level: Debug}", 'Level is "Debug", and can be ALL, ERROR, FATAL or OFF'),
        ("{Level: 'OFF'}", None),
        ("{Destinations: [a]}", None),
        ("{Level: ERROR, Destinations: !Ref Destinations}", None),
        ("{Level: ERROR, Destinations: [a]}", None),
        ("{Level: !Ref Level}", None),
    ],
)
def test_logging_is_as_the_service_takes_it(properties: str, problem: str | None) -> None:
    found = asked("t.yaml", sam(f"Logging: {properties}\n"), "valid-logging")
    assert [said for *_, said in found] == ([] if problem is None else [problem])


@pytest.mark.parametrize(
    ("properties", "problem"),
    [
        ("{KmsKeyId: k}", "it has no Type, which is AWS_OWNED_KEY or CUSTOMER_MANAGED_KMS_KEY"),
        ("{Type: KMS, KmsKeyId: k}", 'Type is "KMS", and can be AWS_OWNED_KEY or CUSTOMER_MANAGED_KMS_KEY'),
        ("{Type: CUSTOMER_MANAGED_KMS_KEY}", "CUSTOMER_MANAGED_KMS_KEY needs a KmsKeyId"),
        (
            "{Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: k, KmsDataKeyReusePeriodSeconds: 59}",
            "KmsDataKeyReusePeriodSeconds is 59, and can be 60 to 900",
        ),
        (
            "{Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: k, KmsDataKeyReusePeriodSeconds: '901'}",
            "KmsDataKeyReusePeriodSeconds is 901, and can be 60 to 900",
        ),
        ("{Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: k, KmsDataKeyReusePeriodSeconds: 60}", None),
        ("{Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: k, KmsDataKeyReusePeriodSeconds: 900}", None),
        ("{Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: k, KmsDataKeyReusePeriodSeconds: !Ref S}", None),
        ("{Type: CUSTOMER_MANAGED_KMS_KEY, KmsKeyId: !If [C, k, !Ref AWS::NoValue]}", None),
        ("{Type: AWS_OWNED_KEY}", None),
        ("{Type: !Ref Type}", None),
    ],
)
def test_encryption_is_as_the_service_takes_it(properties: str, problem: str | None) -> None:
    found = asked("t.yaml", cfn(f"EncryptionConfiguration: {properties}\n"), "valid-encryption")
    assert [said for *_, said in found] == ([] if problem is None else [problem])


def test_terraform_takes_the_type_of_encryption_by_the_key() -> None:
    assert asked("main.tf", hcl('encryption_configuration {\n  kms_key_id = "k"\n}\n'), "valid-encryption") == []


def test_data_is_logged_only_where_logs_are() -> None:
    on = "Logging: {Level: ALL, IncludeExecutionData: true, Destinations: [a]}\n"
    assert [place for place, *_ in asked("t.yaml", sam(on), "no-execution-data")] == [
        "/Resources/Pay/Properties/Logging/IncludeExecutionData"
    ]
    assert asked("t.yaml", sam(on.replace("ALL", "'OFF'")), "no-execution-data") == []
    assert asked("t.yaml", sam(on.replace("true", "false")), "no-execution-data") == []


@pytest.mark.parametrize(
    ("events", "head", "is_open"),
    [
        ("{Type: Api, Properties: {Path: /, Method: post}}", "", True),
        ("{Type: HttpApi, Properties: {Path: /, Method: post}}", "", True),
        ("{Type: Schedule, Properties: {Schedule: rate(1 day)}}", "", False),
        ("{Type: Api, Properties: {Path: /, Method: post, Auth: {ApiKeyRequired: true}}}", "", False),
        ("{Type: Api, Properties: {Path: /, Method: post}}", "Globals: {Api: {Auth: {DefaultAuthorizer: AWS_IAM}}}\n", False),
        ("{Type: Api, Properties: {Path: /, Method: post, RestApiId: !Ref Elsewhere}}", "", False),
        ("{Type: Api, Properties: !Ref P}", "", False),
    ],
)
def test_an_event_over_http_asks_who_it_is(events: str, head: str, is_open: bool) -> None:
    found = asked("t.yaml", sam(f"Events:\n  Post: {events}\n", head), "guarded-start")
    assert [place for place, *_ in found] == (["/Resources/Pay/Properties/Events/Post"] if is_open else [])


@pytest.mark.parametrize(
    ("http", "is_open"),
    [
        ("{path: a, method: POST}", True),
        ("{path: a, method: POST, private: true}", False),
        ("{path: a, method: POST, authorizer: aws_iam}", False),
        ("${self:custom.http}", False),
    ],
)
def test_an_event_of_the_serverless_framework_asks_who_it_is(http: str, is_open: bool) -> None:
    found = asked("serverless.yml", sls(f"events:\n  - http: {http}\n"), "guarded-start")
    assert [place for place, *_ in found] == (["/stepFunctions/stateMachines/pay/events/0/http"] if is_open else [])


def test_a_definition_in_s3_is_pinned_by_its_version() -> None:
    assert [place for place, *_ in asked("t.yaml", cfn(), "pinned-definition")] == [
        "/Resources/Pay/Properties/DefinitionS3Location"
    ]
    assert asked("t.yaml", cfn().replace("Key: k", "Key: k, Version: v"), "pinned-definition") == []
    assert asked("t.yaml", sam(), "pinned-definition") == []
