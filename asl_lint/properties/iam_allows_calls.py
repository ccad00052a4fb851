"""``iam-allows-calls@1``: the role allows all that the machine needs; or nothing but that.

Judged only where the role is known: from a template, from ``--role`` or from the configuration. What the role may allow, by a
condition or by a policy that is not at hand, is not called missing.
"""

from collections.abc import Iterable, Iterator, Sequence

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged, Place
from asl_lint.facts.values import alternatives
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.properties.kind import Kind, Parameters

if TYPE_CHECKING:
    from asl_lint.aws.policy_document import Policies, Statement
    from asl_lint.facts.given_role import GivenRole, Lack
    from asl_lint.facts.permissions import Needs
    from asl_lint.source.text import FileRange

_EFFECTS: Final = {
    "start": "the call fails",
    "pass-role": "the call fails",
    "poll": "the job may be waited for in vain",
    "cancel": "the job runs on when the execution is stopped",
    "events": "the end of the job is noticed late, and the state machine may be refused when it is created",
    "conditional": "it may fail",
    "logging": "the state machine may be refused when it is created",
    "tracing": "there are no traces",
    "encryption": "executions fail",
}
_MAP_EFFECTS: Final = {
    "poll": "what became of its child executions may not be known",
    "cancel": "its child executions run on when the execution is stopped",
}
"""Of a distributed Map: the guide asks for these rights, and Maps have run without them."""
_UNSURE: Final = frozenset(("poll", "events", "logging", "encryption"))
_UNSEEN: Final = frozenset(("cancel", "conditional", "tracing"))
_UNCOUNTED: Final = ("kms:", "logs:", "xray:", "s3:", "iam:", "lakeformation:", "ec2:")
"""Services that calls need on behalf of others: which rights they are depends on more than the definition."""
_ON_BEHALF: Final = {
    "athena": ("glue:",),  # its queries read and write the catalogue
    "sagemaker": ("sagemaker:addtags", "sagemaker:listtags", "ecr:", "cloudwatch:"),
    "states": ("states:redriveexecution",),
    "translate": ("comprehend:detectdominantlanguage",),  # where the language of a text is not told
}
"""Service that is called -> what it may need with the rights of the caller (the guide's IAM templates; Translate's API)."""
_SHARED: Final = ("s3:", "sqs:", "sns:", "kms:", "secretsmanager:")
"""Services whose resources' own policies are often what lets a role in."""
_MOST: Final = 2
_MOST_RELATED: Final = 10


def _values(parameters: Parameters) -> frozenset[str]:
    return frozenset({
        None: ("actions", "resources", "effect"), "excess": ("action",), "wildcards": ("action", "needed"),
    }[parameters.get("report")])  # fmt: skip


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match | NotJudged]:
    role = facts.workflow.role
    if role is None:
        yield NotJudged("role", is_expected=True)
        return
    from asl_lint.aws.policy_document import UnknownRole
    from asl_lint.facts.given_role import is_open, lacks, needs_of

    if isinstance(role, UnknownRole):
        yield NotJudged(f"role: {role.reason}", is_expected=True)
        return
    found = needs_of(facts, role)
    if parameters.get("report") is None:
        strict = parameters.get("unknown") == "fault"
        same: dict[object, list[Lack]] = {}
        for lack in lacks(found, role.policies, strict=strict):
            same.setdefault((lack.need.tier, lack.actions), []).append(lack)
        for several in same.values():
            yield _missing(several, role.policies)
        if not strict and is_open(found, role.policies):
            yield NotJudged(
                "all of the role's policies and conditions: what they say of some calls is not known", is_expected=True
            )
    elif found.unknown:
        yield NotJudged(f"the actions of every call: {found.unknown[0].reason}")
    elif role.policies.is_shared and parameters["report"] == "excess":
        yield NotJudged("the calls of all that run with the role", is_expected=True)
    else:
        yield from _too_much(found, role, wildcards=parameters["report"] == "wildcards")


def _missing(lacks: "Sequence[Lack]", policies: "Policies") -> Match:
    """Actions that a role lacks, at the first of the states that need them."""
    lack = lacks[0]
    need = lack.need
    others = [one.need.state for one in lacks[1:] if one.need.state is not None]
    is_map = need.state is not None and need.state.type == "Map"
    effect = _MAP_EFFECTS.get(need.tier, _EFFECTS[need.tier]) if is_map else _EFFECTS[need.tier]
    pointer = () if need.state is None else need.state.pointer
    is_task = need.state is not None and need.state.type == "Task"
    return Match(
        (*pointer, "Resource") if is_task else pointer,
        {
            "actions": _listed(lack.actions),
            "resources": _listed(tuple(dict.fromkeys(_short(about) for one in lacks for about in one.resources))),
            "effect": effect,
        },
        "value" if is_task else "key",
        help=_help(lack, policies),
        sure=need.tier not in _UNSURE and policies.as_of is None and not all(one.startswith(_SHARED) for one in lack.actions),
        related=(
            *_denials(lack),
            *(() if policies.at is None else (Place((), "the role", elsewhere=policies.at()),)),
            *(Place(state.pointer, "needs it too", "key") for state in others[:_MOST_RELATED]),
        ),
        seen=need.tier not in _UNSEEN and not (is_map and need.tier in _MAP_EFFECTS),
    )  # fmt: skip


def _help(lack: "Lack", policies: "Policies") -> str | None:
    said = [*_left_out(lack.actions), *_left_out(tuple(map(_short, lack.resources)))]
    if lack.is_bounded:
        said.append("it is the permissions boundary of the role that does not allow it")
    if policies.as_of is not None:
        said.append(f"of the policies that AWS maintains it is known what they allowed on {policies.as_of}")
    return "; ".join(said) or None


def _denials(lack: "Lack") -> Iterator[Place]:
    """The statements that forbid what is lacked, each once, whatever else may allow it."""
    told: list[FileRange] = []
    for action, statement in lack.denied.items():
        at = statement.place(action)
        if at is not None and at not in told:
            told.append(at)
            yield Place((), "this Deny forbids it" if statement.policy is None else f"{statement.policy} denies it", elsewhere=at)


def _too_much(found: "Needs", role: "GivenRole", *, wildcards: bool) -> Iterator[Match]:
    """What an Allow names beyond the needs: each pattern once. Of a policy of AWS or SAM nobody can take out an action."""
    from asl_lint.aws.iam_patterns import covers

    needed = sorted({action for need in found.needs for action in need.actions})
    called = {action.partition(":")[0] for action in needed}
    uncounted = (*_UNCOUNTED, *(one for service in sorted(called) for one in _ON_BEHALF.get(service, ())))
    for action, statement in _granted(role):
        taken = [one for one in needed if covers(action.lower(), one.lower())]
        at = None if statement.at is None else statement.at(action)
        if wildcards:
            if "*" in action.replace("${?unknown}", ""):
                values = {"action": action, "needed": _listed(taken) if taken else "nothing"}
                yield Match((), values, "key", help="; ".join(_left_out(taken)) or None, elsewhere=at)
        elif not (taken or statement.policy or "*" in action or "?" in action or action.lower().startswith(uncounted)):
            yield Match((), {"action": action}, "key", elsewhere=at)


def _granted(role: "GivenRole") -> "Iterator[tuple[str, Statement]]":
    """Each pattern of an action that is allowed, with the first statement that has it."""
    granted: dict[str, Statement] = {}
    for statement in role.policies.statements:
        if statement.effect == "Allow" and not statement.excludes_actions:
            for action in statement.actions:
                granted.setdefault(action, statement)
    yield from granted.items()


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_MOST]) if len(names) > _MOST + 1 else ", ".join(names)
    return f"{shown} and {len(names) - _MOST} more" if len(names) > _MOST + 1 else shown


def _left_out(names: Sequence[str]) -> Iterator[str]:
    """The names that a message says only the number of."""
    if len(names) > _MOST + 1:
        yield f"the {len(names) - _MOST} more are {alternatives(names[_MOST:], 'and')}"


def _short(arn: str) -> str:
    return "any resource" if arn == "*" else arn


KIND: Final = Kind(
    name="iam-allows-calls@1",
    summary="The role of the machine allows what its calls need.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "report": {
                "description": "Report instead what the role allows and nothing needs (excess), or actions with * (wildcards).",
                "enum": ["excess", "wildcards"],
            },
            "unknown": {
                "description": "What it means that the text does not say whether the role allows something: nothing, or a fault.",
                "enum": ["not-evaluated", "fault"],
                "default": "not-evaluated",
            },
        },
    },
    values=_values,
    check=_check,
)
