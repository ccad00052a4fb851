"""``deployed-with@1``: a template deploys the state machine with logs, traces, a key, tags, or as the service takes it.

Asked of templates only, and reported at their lines. What a function or a variable decides is unknown and not reported.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.values import alternatives, shown
from asl_lint.late import Any, Final, Literal, NamedTuple
from asl_lint.properties.kind import Kind, Parameters
from asl_lint.source.document import MISSING, Pointer, is_unknown
from asl_lint.source.machine_settings import MachineSettings, Setting

_LEVELS: Final = ("ALL", "ERROR", "FATAL", "OFF")
_ENCRYPTIONS: Final = ("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY")
_REUSE: Final = range(60, 901)
"""Seconds (API_EncryptionConfiguration)."""


class Problem(NamedTuple):
    """What is wrong, at a place of the template."""

    pointer: Pointer
    said: str
    part: Literal["key", "value"] = "key"


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    settings = facts.settings
    if settings is None or ("machine-type" in parameters and settings.machine_type != parameters["machine-type"]):
        return
    if "not-machine-type" in parameters and settings.machine_type == parameters["not-machine-type"]:
        return
    for problem in _DEMANDS[parameters["demand"]](settings):
        yield Match(problem.pointer, {"machine": settings.name, "problem": problem.said}, problem.part)


def _logs(settings: MachineSettings) -> Iterator[Problem]:
    logging = settings.logging
    if logging.state == "absent":
        yield Problem(logging.pointer, "it has no logging")
    elif logging.state == "given" and logging.value("Level", "OFF") == "OFF":
        written = "Level" in logging.members
        said = "its logs have the level OFF" if written else "its logs have no level, which is OFF"
        yield Problem(logging.place("Level"), said, "value" if written else "key")


def _traces(settings: MachineSettings) -> Iterator[Problem]:
    tracing = settings.tracing
    if tracing.state == "absent":
        yield Problem(tracing.pointer, "it has no tracing")
    elif tracing.state == "given" and _is_false(tracing.value("Enabled", False)):
        written = "Enabled" in tracing.members
        yield Problem(tracing.place("Enabled"), "its tracing is off", "value" if written else "key")


def _has_key(settings: MachineSettings) -> Iterator[Problem]:
    encryption = settings.encryption
    if not settings.takes_key:
        return
    if encryption.state == "absent":
        yield Problem(encryption.pointer, "nothing names a key")
    elif encryption.state == "given" and encryption.value("Type") == "AWS_OWNED_KEY":
        yield Problem(encryption.place("Type"), "its Type is AWS_OWNED_KEY", "value")


def _is_tagged(settings: MachineSettings) -> Iterator[Problem]:
    tags = settings.tags
    if tags.state == "absent":
        yield Problem(tags.pointer, "it has no tags")


def _keeps_data(settings: MachineSettings) -> Iterator[Problem]:
    logging = settings.logging
    is_on = logging.value("IncludeExecutionData", False) in (True, "true")
    if logging.state == "given" and is_on and logging.value("Level", "OFF") not in ("OFF", MISSING):
        yield Problem(logging.place("IncludeExecutionData"), "IncludeExecutionData is on", "value")


def _pins(settings: MachineSettings) -> Iterator[Problem]:
    location = settings.location
    if location.state == "given" and "Bucket" in location.members and "Version" not in location.members:
        yield Problem(location.pointer, "it names no Version of the object in S3")


def _logging_is_valid(settings: MachineSettings) -> Iterator[Problem]:
    logging = settings.logging
    level = logging.value("Level", "OFF")
    if logging.state != "given" or level is MISSING:
        return
    if level not in _LEVELS:
        yield Problem(logging.place("Level"), f"Level is {shown(level)}, and can be {alternatives(_LEVELS)}", "value")
        return
    destinations = logging.value("Destinations", [])
    if level == "OFF" or not isinstance(destinations, list) or MISSING in destinations:
        return
    if not destinations:
        yield Problem(logging.place("Destinations"), f"logs of the level {level} need a destination")
    elif len(destinations) > 1:
        yield Problem(logging.place("Destinations"), f"there are {len(destinations)} destinations, and one is taken")


def _encryption_is_valid(settings: MachineSettings) -> Iterator[Problem]:
    encryption = settings.encryption
    if encryption.state != "given":
        return
    kind = encryption.value("Type", "")
    # Without a Type, Terraform's provider takes one by the key.
    if kind is not MISSING and kind not in _ENCRYPTIONS and ("Type" in encryption.members or settings.document.format != "hcl"):
        said = f"Type is {shown(kind)}, and can be" if "Type" in encryption.members else "it has no Type, which is"
        yield Problem(encryption.place("Type"), f"{said} {alternatives(_ENCRYPTIONS)}", _part(encryption, "Type"))
    if kind == "CUSTOMER_MANAGED_KMS_KEY" and "KmsKeyId" not in encryption.members:
        yield Problem(encryption.pointer, "CUSTOMER_MANAGED_KMS_KEY needs a KmsKeyId")
    seconds = _integer(encryption.value("KmsDataKeyReusePeriodSeconds"))
    if seconds is not None and seconds not in _REUSE:
        place = encryption.place("KmsDataKeyReusePeriodSeconds")
        yield Problem(place, f"KmsDataKeyReusePeriodSeconds is {seconds}, and can be 60 to 900", "value")


def _is_guarded(settings: MachineSettings) -> Iterator[Problem]:
    """The events of SAM and of the Serverless Framework by which anybody on the network starts the machine."""
    whole = settings.document.value
    if settings.template:
        at = (*settings.pointer, "Properties", "Events")
        for name, event in _mapping(_at(whole, at)).items():
            if _mapping(event).get("Type") in ("Api", "HttpApi") and _is_open_in_sam(_mapping(whole), _mapping(event)):
                yield Problem((*at, name), "nobody has to say who they are")
        return
    at = (*settings.pointer, "events")
    events = _at(whole, at)
    gateway = _mapping(_at(whole, ("provider", "apiGateway")))
    for i, event in enumerate(events if isinstance(events, list) and "resourcePolicy" not in gateway else ()):
        http = _mapping(event).get("http")
        if isinstance(http, Mapping) and not is_unknown(http) and http.keys().isdisjoint(("authorizer", "private")):
            yield Problem((*at, i, "http"), "nobody has to say who they are")


def _is_open_in_sam(template: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Whether neither the event, nor its API, nor what holds for all APIs asks for anything."""
    kind = event["Type"]
    properties = event.get("Properties")
    if not isinstance(properties, Mapping) or is_unknown(properties) or "Auth" in properties:
        return False
    if "Auth" in _mapping(_at(template, ("Globals", kind))):
        return False
    api = properties.get("RestApiId", properties.get("ApiId"))
    if api is None:
        return True
    found = _at(template, ("Resources", _mapping(api).get("Ref", "")))
    body = _mapping(_mapping(found).get("Properties"))
    is_sam = _mapping(found).get("Type") in ("AWS::Serverless::Api", "AWS::Serverless::HttpApi")
    return is_sam and body.keys().isdisjoint(("Auth", "DefinitionBody", "DefinitionUri", "EndpointConfiguration"))


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _at(value: object, pointer: Pointer) -> object:
    for key in pointer:
        value = _mapping(value).get(str(key))
    return value


def _part(setting: Setting, name: str) -> Literal["key", "value"]:
    return "value" if name in setting.members else "key"


def _is_false(value: object) -> bool:
    return value is False or value == "false"


def _integer(value: object) -> int | None:
    """A number as templates write it, in quotes or without."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


_DEMANDS: Final[Mapping[str, Callable[[MachineSettings], Iterable[Problem]]]] = {
    "logging": _logs,
    "tracing": _traces,
    "customer-key": _has_key,
    "tags": _is_tagged,
    "no-execution-data": _keeps_data,
    "pinned-definition": _pins,
    "guarded-start": _is_guarded,
    "valid-logging": _logging_is_valid,
    "valid-encryption": _encryption_is_valid,
}
_TYPE: Final[Mapping[str, Any]] = {"enum": ["STANDARD", "EXPRESS"]}

KIND: Final = Kind(
    name="deployed-with@1",
    summary="A template deploys the state machine with logs, traces, a key of one's own, tags; asked of templates only.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["demand"],
        "properties": {
            "demand": {
                "description": "What must be so: logging or tracing is on, a customer's key encrypts, there are tags, the logs "
                "hold no execution data, a definition in S3 has a version, who starts it over HTTP is asked who they are, "
                "logging or encryption is as the service takes it.",
                "enum": list(_DEMANDS),
            },
            "machine-type": {**_TYPE, "description": "Only state machines that are known to be of this type."},
            "not-machine-type": {**_TYPE, "description": "Not those of this type."},
        },
    },
    values=lambda parameters: frozenset(("machine", "problem")),
    check=_check,
)
