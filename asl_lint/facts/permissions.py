"""What the role of a machine must allow: for every call the IAM actions by tier, on resources as narrow as its text is certain.

What is not known is said, not guessed: a call whose actions are not in the tables is among ``unknown``, a resource that only a
run decides is ``*``. Linear in the definition, but for variables, which are followed to where they are assigned.
"""

import re
from collections.abc import Iterator, Mapping

from asl_lint.aws.call_resources import (
    ANY,
    arn,
    execution_arns,
    global_arn,
    is_arn,
    is_arn_placeholder,
    pipeline_executions,
    resources,
    s3_object,
    table_arn,
)
from asl_lint.aws.iam_actions import iam_actions, role_members
from asl_lint.aws.integration_permissions import MEMBER_PERMISSIONS, PERMISSIONS, RULE_ACTIONS, Permissions
from asl_lint.facts.argument_texts import ArgumentTexts
from asl_lint.facts.calls import Call, calls
from asl_lint.facts.item_actions import item_actions
from asl_lint.late import Any, Final, Literal, NamedTuple
from asl_lint.model.machine import State, StateMachine
from asl_lint.source.secrets import starred

Tier = Literal["start", "pass-role", "poll", "cancel", "events", "conditional", "logging", "tracing", "encryption"]
TIERS: Final[tuple[Tier, ...]] = (
    "start", "pass-role", "poll", "cancel", "events", "conditional", "logging", "tracing", "encryption",
)  # fmt: skip
"""In the order of what it costs to lack them: a call fails, a job is waited for in vain, runs on, or its end is noticed late."""


class Need(NamedTuple):
    """Actions on resources that the role must allow. ``state`` needs them; None: the machine as a whole does.

    ``is_any``: which of the actions it is only a run tells, one of them at least. ``conditions`` may narrow the statement.
    ``is_certain``: that it needs them does not depend on what only the deployment knows.
    """

    tier: Tier
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    state: State | None = None
    is_any: bool = False
    conditions: tuple[tuple[str, str, str], ...] = ()
    is_certain: bool = True


class UnknownNeed(NamedTuple):
    """A call of which the actions are not known, and why."""

    state: State
    reason: str


class Needs(NamedTuple):
    """All that a machine needs, in the order of its states. Calls that are ``partly`` known need more than is told."""

    needs: tuple[Need, ...]
    unknown: tuple[UnknownNeed, ...]
    partly: tuple[UnknownNeed, ...] = ()


class Deployment(NamedTuple):
    """What is known of how a machine is deployed. ``name`` is a text or a placeholder; ``key`` the ARN of a customer's key.

    ``logs`` and ``traces`` are None where only the deployment knows.
    """

    name: str = "${StateMachineName}"
    logs: bool | None = False
    traces: bool | None = False
    key: str | None = None


LOGGING: Final = (
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
)  # fmt: skip
TRACING: Final = (
    "xray:PutTraceSegments", "xray:PutTelemetryRecords", "xray:GetSamplingRules", "xray:GetSamplingTargets",
)  # fmt: skip
"""These actions know no resources."""
_ON_BEHALF: Final = {
    "athena:startQueryExecution": "its query needs more, by what it reads and where its workgroup writes: rights of Glue on the "
    "catalogue, of S3 on the data and the results, of Lake Formation (lakeformation:GetDataAccess), athena:GetDataCatalog",
}  # fmt: skip
"""Calls that do something with the role's rights that their arguments do not tell (the guide: athena-iam)."""
_PROFILES: Final = ("JobFlowRole", "InstanceRole")
"""Members that name an instance profile, of EMR and Batch."""
_STARTED: Final = {
    "athena:GetQueryExecution": ("QueryExecutionId", "athena:startQueryExecution"),
    "athena:GetQueryResults": ("QueryExecutionId", "athena:startQueryExecution"),
    "athena:StopQueryExecution": ("QueryExecutionId", "athena:startQueryExecution"),
    "sagemaker:DescribePipelineExecution": ("PipelineExecutionArn", "sagemaker:startPipelineExecution"),
    "sagemaker:StopPipelineExecution": ("PipelineExecutionArn", "sagemaker:startPipelineExecution"),
}  # fmt: skip
"""IAM action -> the member that names a run, and the call that starts one and gives it back under that name."""
_NO_SUCH_KEY: Final = re.compile(r"S3\.NoSuch(?:Key|Bucket)")
_WRITER: Final = ("s3:PutObject", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload")


def needs(machine: StateMachine, deployment: Deployment = Deployment()) -> Needs:  # noqa: B008 (it does not change)
    """What the role of a machine must allow."""
    reader = _Reader(machine, deployment)
    found: list[Need] = []
    unknown: list[UnknownNeed] = []
    for state in machine.states:
        for one in reader.of_state(state):
            if isinstance(one, UnknownNeed):
                unknown.append(one)
            else:
                found.append(one)
    found += _of_deployment(deployment)
    return Needs(tuple(found), tuple(unknown), tuple(reader.partly()))


def _of_deployment(deployment: Deployment) -> Iterator[Need]:
    if deployment.logs is not False:
        yield Need("logging", LOGGING, (ANY,), is_certain=deployment.logs is True)
    if deployment.traces is not False:
        yield Need("tracing", TRACING, (ANY,), is_certain=deployment.traces is True)
    if deployment.key is not None:
        yield Need("encryption", ("kms:Decrypt", "kms:GenerateDataKey"), (deployment.key,))


class _Reader:
    def __init__(self, machine: StateMachine, deployment: Deployment) -> None:
        self._calls = calls(machine)
        self._texts = ArgumentTexts(machine)
        self._own = arn("states", f"stateMachine:{deployment.name}")

    def partly(self) -> Iterator[UnknownNeed]:
        """The calls that act with the role on more than their arguments tell."""
        for call in self._calls.values():
            reason = _ON_BEHALF.get(call.name or "") if "Credentials" not in call.state.body else None
            if reason is not None:
                yield UnknownNeed(call.state, reason)

    def of_state(self, state: State) -> Iterator[Need | UnknownNeed]:
        if state.type == "Map":
            yield from self._of_map(state)
        call = self._calls.get(state.number)
        if call is None and state.type == "Task" and "Resource" in state.body:
            yield UnknownNeed(state, "a function of its template hides what it calls")
        if call is None or call.kind == "invalid" or call.kind == "activity":
            return  # an activity asks for nothing of the role: its worker does
        credentials = state.body.get("Credentials")
        if isinstance(credentials, Mapping):
            # What the call itself needs, the role that is assumed must allow.
            yield Need("start", ("sts:AssumeRole",), self._member(state, credentials, "RoleArn") or (ANY,), state)
        elif call.service is None or call.action is None or call.pattern is None:
            yield UnknownNeed(state, "a placeholder hides what it calls")
        elif call.kind == "optimized":
            yield from self._of_integration(state, call)
        elif call.kind == "lambda":
            yield Need("start", ("lambda:InvokeFunction",), (state.body["Resource"],), state)
        else:
            yield from self._of_sdk(state, call)

    def _member(self, state: State, arguments: object, path: str) -> tuple[str, ...] | None:
        return self._texts.member(state, arguments, path)

    def _about(self, state: State, call: Call, action: str) -> tuple[str, ...]:
        """What an IAM action is about, as far as the call tells."""
        return self._of_own_start(state, call, action) or resources(
            action, lambda path: self._member(state, call.arguments, path)
        )

    def _needed(self, tier: Tier, actions: tuple[str, ...], state: State, call: Call, *, is_any: bool = False) -> Iterator[Need]:
        """The needs of a call: actions on the same resources together; where one of them is enough, all on those of all."""
        about = {action: self._about(state, call, action) for action in actions}
        if is_any and len(set(about.values())) > 1:
            about = dict.fromkeys(actions, tuple(dict.fromkeys(one for found in about.values() for one in found)))
        for found in dict.fromkeys(about.values()):
            yield Need(tier, tuple(one for one in actions if about[one] == found), found, state, is_any)

    def _of_own_start(self, state: State, call: Call, action: str) -> tuple[str, ...] | None:
        """Of a run that is asked for by its id: what this machine starts it on, if it can be no other; None: not known."""
        member, starter = _STARTED.get(action, ("", ""))
        argument = call.argument(member) if member else None
        if argument is None:
            return None
        if action.startswith("sagemaker:"):
            for text in self._texts.texts(state, argument[1]):
                if is_arn(text):
                    return (text,)
        origins = self._texts.origins(state, argument[1], member)
        starts = [self._calls.get(one.number) for one in origins or ()]
        if not starts or not all(one is not None and one.name == starter for one in starts):
            return None
        begun = starter.replace(":s", ":S", 1)
        found = tuple(dict.fromkeys(one for start in starts if start for one in self._about(start.state, start, begun)))
        return pipeline_executions(found) if action.startswith("sagemaker:") else found

    # --- kinds of calls -----------------------------------------------------------------------------------------------------

    def _of_sdk(self, state: State, call: Call) -> Iterator[Need | UnknownNeed]:
        assert call.service is not None and call.action is not None
        actions = iam_actions(call.service, call.action)
        if actions is None:
            yield UnknownNeed(state, f"which action {call.name} needs is not known")
            return
        if call.name in ("s3:copyObject", "s3:uploadPartCopy"):
            yield Need("start", ("s3:GetObject",), self._copied(state, call), state)
            yield Need("start", ("s3:PutObject",), self._object(state, call.arguments), state)
        else:
            yield from self._of_content(state, call, actions)
        yield from self._passed(state, call, role_members(call.service, call.action))
        yield from self._absent_object(state, call)

    def _of_content(self, state: State, call: Call, actions: tuple[str, ...]) -> Iterator[Need]:
        """The actions of the operation; or, where its items decide them, those of the items, and any of all if one is hidden."""
        found = item_actions(call.name or "", call.arguments, lambda value, path: self._member(state, value, path))
        if found is None:
            yield from self._needed("start", actions, state, call)
            return
        for action, about in found.resources.items():
            yield Need("start", (action,), about, state)
        if not found.is_whole:
            yield Need("start", actions, (table_arn(ANY),), state, is_any=True)

    def _of_integration(self, state: State, call: Call) -> Iterator[Need | UnknownNeed]:
        if call.name == "http:invoke":
            yield from self._of_http(state, call)
            return
        found = PERMISSIONS.get(call.name or "")
        if found is None:
            yield UnknownNeed(state, f"which actions {call.name} needs is not known")
            return
        if call.name == "apigateway:invoke":
            yield from self._of_api(state, call, found)
            return
        yield from self._needed("start", found.start, state, call)
        yield from self._passed(state, call, found.roles)
        yield from self._of_members(state, call)
        if call.pattern in ("sync", "sync:2"):
            yield from self._of_job(state, call, found)

    def _of_members(self, state: State, call: Call) -> Iterator[Need]:
        """What a call needs for members that not every call has."""
        if not isinstance(call.arguments, Mapping):
            return  # which members it has only a run tells
        for member, action in MEMBER_PERMISSIONS.get(call.name or "", {}).items():
            texts = self._member(state, call.arguments, member)
            if texts is not None and action.startswith("s3:"):
                yield Need("start", (action,), tuple(dict.fromkeys(map(s3_object, texts))), state)
            elif texts is not None:
                yield Need("conditional", (action,), (ANY,), state)

    def _of_job(self, state: State, call: Call, found: Permissions) -> Iterator[Need]:
        if call.name == "states:startExecution":
            machines = self._member(state, call.arguments, "StateMachineArn") or (ANY,)
            running = tuple(dict.fromkeys(map(execution_arns, machines)))
            yield Need("poll", found.poll, running, state)
            yield Need("cancel", found.cancel, running, state)
        else:
            yield from self._needed("poll", found.poll, state, call, is_any=len(found.poll) > 1)
            yield from self._needed("cancel", found.cancel, state, call)
        if found.rule is not None:
            yield Need("events", RULE_ACTIONS, (arn("events", f"rule/{found.rule}"),), state)

    def _of_http(self, state: State, call: Call) -> Iterator[Need]:
        conditions = []
        for key, operator, member in (
            ("states:HTTPMethod", "StringEquals", "Method"), ("states:HTTPEndpoint", "StringLike", "ApiEndpoint"),
        ):  # fmt: skip
            texts = self._member(state, call.arguments, member) or (ANY,)
            if len(texts) == 1 and "${" not in texts[0] and (operator == "StringLike" or ANY not in texts[0]) and texts[0] != ANY:
                conditions.append((operator, key, starred(texts[0]) if operator == "StringLike" else texts[0]))
        yield Need("start", ("states:InvokeHTTPEndpoint",), (self._own,), state, conditions=tuple(conditions))
        connection = self._member(state, call.arguments, "Authentication.ConnectionArn")
        connection = connection or self._member(state, call.arguments, "InvocationConfig.ConnectionArn") or (ANY,)
        yield Need("start", ("events:RetrieveConnectionCredentials",), connection, state)
        secrets = "arn:${AWS::Partition}:secretsmanager:*:*:secret:events!connection/*"
        yield Need("start", ("secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"), (secrets,), state)

    def _of_api(self, state: State, call: Call, found: Permissions) -> Iterator[Need]:
        kinds = self._member(state, call.arguments, "AuthType") or ("NO_AUTH",)
        if kinds == ("NO_AUTH",):
            return
        is_sure = all(kind in ("IAM_ROLE", "RESOURCE_POLICY") for kind in kinds)
        paths = self._member(state, call.arguments, "Path") or ("/",)
        is_socket = [path.lstrip("/").startswith("@connections") for path in paths]
        is_open = any(path[:1] in (ANY, "$") for path in paths)
        actions = ("execute-api:ManageConnections",) if all(is_socket) else found.start
        if is_open or (any(is_socket) and not all(is_socket)):
            actions = ("execute-api:Invoke", "execute-api:ManageConnections")
        tier: Tier = "start" if is_sure else "conditional"
        yield from self._needed(tier, actions, state, call, is_any=len(actions) > 1)

    # --- what goes with a call ----------------------------------------------------------------------------------------------

    def _passed(self, state: State, call: Call, members: tuple[str, ...]) -> Iterator[Need]:
        found: list[str] = []
        for path in members:
            is_profile = path.rpartition(".")[2] in _PROFILES
            found += [_role(text, is_profile) for text in self._member(state, call.arguments, path) or ()]
        if found:
            yield Need("pass-role", ("iam:PassRole",), tuple(dict.fromkeys(found)), state)

    def _absent_object(self, state: State, call: Call) -> Iterator[Need]:
        """Who handles a missing object must be told of it: without the right to list, S3 answers that access is denied."""
        if call.name in ("s3:getObject", "s3:headObject") and any(map(_NO_SUCH_KEY.match, _handled(state))):
            yield Need("conditional", ("s3:ListBucket",), self._bucket(state, call.arguments), state)

    def _bucket(self, state: State, arguments: object) -> tuple[str, ...]:
        return tuple(global_arn("s3", bucket) for bucket in self._member(state, arguments, "Bucket") or (ANY,))

    def _object(self, state: State, arguments: object, key: str = "Key") -> tuple[str, ...]:
        return resources("s3:GetObject", lambda path: self._member(state, arguments, key if path == "Key" else path))

    def _copied(self, state: State, call: Call) -> tuple[str, ...]:
        found = self._member(state, call.arguments, "CopySource") or (ANY,)
        return tuple(one if one == ANY else global_arn("s3", one.lstrip("/").partition("?")[0]) for one in found)

    # --- Map ----------------------------------------------------------------------------------------------------------------

    def _of_map(self, state: State) -> Iterator[Need]:
        if not any(scope.is_distributed for scope in state.scopes):
            return
        yield Need("start", ("states:StartExecution",), (self._own,), state)
        label = state.body.get("Label")
        runs = (execution_arns(self._own), execution_arns(f"{self._own}/{label if isinstance(label, str) else ANY}"))
        yield Need("poll", ("states:DescribeExecution",), runs, state)
        yield Need("cancel", ("states:StopExecution",), runs, state)
        for field in ("ItemReader", "ResultWriter"):
            place = state.body.get(field)
            if isinstance(place, Mapping) and isinstance(place.get("Resource"), str):
                arguments = place.get("Arguments" if state.language == "JSONata" else "Parameters")
                yield from self._of_items(state, place, arguments)

    def _of_items(self, state: State, place: Mapping[str, Any], arguments: object) -> Iterator[Need]:
        action = place["Resource"].rpartition(":")[2]
        settings = place.get("ReaderConfig")
        settings = settings if isinstance(settings, Mapping) else {}
        if action == "listObjectsV2":
            yield Need("start", ("s3:ListBucket",), self._bucket(state, arguments), state)
            if settings.get("Transformation") == "LOAD_AND_FLATTEN":
                yield Need("start", ("s3:GetObject",), self._objects_below(state, arguments, "Prefix"), state)
        elif action == "getObject":
            yield Need("start", ("s3:GetObject",), self._object(state, arguments), state)
            if settings.get("InputType") == "MANIFEST":  # which names objects of its bucket, that are read too
                yield Need("start", ("s3:GetObject",), self._objects_below(state, arguments), state)
        elif action == "putObject":
            buckets = self._member(state, arguments, "Bucket") or (ANY,)
            prefixes = self._member(state, arguments, "Prefix") or ("",)
            about = [global_arn("s3", f"{bucket}/{_folder(prefix)}*") for bucket in buckets for prefix in prefixes]
            yield Need("start", _WRITER, tuple(dict.fromkeys(about)), state)

    def _objects_below(self, state: State, arguments: object, member: str | None = None) -> tuple[str, ...]:
        """The objects of a bucket whose keys begin with what a member says."""
        prefixes = (member and self._member(state, arguments, member)) or ("",)
        about = [f"{bucket}/{prefix.rstrip(ANY)}*" for bucket in self._bucket(state, arguments) for prefix in prefixes]
        return tuple(dict.fromkeys(about))


def _role(text: str, is_profile: bool) -> str:
    """The role that a text names, by its ARN or its name, which may stand behind a path in its ARN.

    Which one an instance profile has, its name does not tell.
    """
    is_whole = text.startswith("arn:") or is_arn_placeholder(text)
    if is_profile and not (is_whole and ":role/" in text):
        text, is_whole = ANY, False
    name = ANY if ANY in text or "${" in text else text if "/" in text else f"{ANY}{text}"
    return text if is_whole else global_arn("iam", f"role/{name}").replace(":::", "::${AWS::AccountId}:")


def _folder(prefix: str) -> str:
    return "" if prefix in ("", ANY) else prefix if prefix.endswith(("/", ANY)) else prefix + "/"


def _handled(state: State) -> Iterator[str]:
    """The names of errors that the state's Retriers and Catchers handle."""
    for field in ("Retry", "Catch"):
        held = state.body.get(field)
        for one in held if isinstance(held, list) else ():
            names = one.get("ErrorEquals") if isinstance(one, Mapping) else None
            yield from (name for name in (names if isinstance(names, list) else ()) if isinstance(name, str))
