"""The names of errors in the Retry and Catch of a call, against those that the call can end with.

An error of an ``aws-sdk`` call is ``<prefix>.<Name>Exception`` of the API's model, or ``<prefix>.<prefix>Exception`` for what the
model does not name. Of optimized integrations only the prefixes of some are known, and what follows can be anything. The errors
of functions, activities and callbacks are what their author names them: nothing is said of those.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from asl_lint.aws.naming import error_name
from asl_lint.aws.optimized_errors import PREFIXES
from asl_lint.aws.resource import ResourceKind
from asl_lint.aws.service_index import Service, service_index
from asl_lint.facts.calls import Call
from asl_lint.facts.error_sets import NO_ERROR, TIMEOUTS, ErrorSet
from asl_lint.facts.handlers import Retrier
from asl_lint.facts.match import Match
from asl_lint.facts.values import alternatives
from asl_lint.late import Final, NamedTuple
from asl_lint.near import near
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder

Observed = tuple[str, Match]

_HANDLERS: Final = (("Retry", "Retrier"), ("Catch", "Catcher"))

_OF_THE_CLIENT: Final = frozenset((
    "AbortedException", "ApiCallAttemptTimeoutException", "ApiCallTimeoutException", "SdkClientException", "SdkException",
    "SdkServiceException",
))  # fmt: skip
"""Errors that the SDK for Java raises itself, before or after the API has been asked; one has been recorded."""

_TRANSIENT: Final = frozenset(
    name + "Exception"
    for name in (
        "Internal", "InternalError", "InternalFailure", "InternalServer", "InternalServerError", "InternalService",
        "InternalServiceError", "ProvisionedThroughputExceeded", "RequestLimitExceeded", "RequestThrottled", "RequestTimeout",
        "Server", "ServiceUnavailable", "ServiceUnavailableError", "SlowDown", "Throttled", "Throttling", "TooManyRequests",
        "Unavailable",
    )
)  # fmt: skip
"""Errors of an API's model that come and go, whatever is asked."""


class _Named(NamedTuple):
    """An error's name in a handler. ``siblings`` are all names of the handler, itself included."""

    name: str
    pointer: Pointer
    title: str
    siblings: Sequence[object]


class _Problem(NamedTuple):
    """Why a name never matches, and what would. ``is_foreign``: it is an error of something else, rightly spelled."""

    said: str
    meant: str | None
    is_foreign: bool = False


def call_error_faults(call: Call, service: Service, action: str | None, retriers: Sequence[Retrier]) -> Iterator[Observed]:
    """Observations about the handlers of a call: names that never come, and passing errors that none of ``retriers``, its own,
    takes.
    """
    unmatched = list((_of_sdk_call if call.kind == "sdk" else _of_integration)(call, service))
    yield from unmatched
    if action is not None and not any("Retry" in match.pointer for _, match in unmatched):
        yield from _not_retried(call, _transient(call.kind, call.service, service, action), retriers)


def _of_sdk_call(call: Call, service: Service) -> Iterator[Observed]:
    if call.pattern != "" or not service.has_model:
        return  # who answers a callback names the error
    for named in _names(call):
        problem = _of_sdk(service, named.name)
        # In a list that serves many calls, what belongs to others does no harm.
        if problem is None or (problem.is_foreign and _has_match(named, service)):
            continue
        yield _unmatched(named, problem)


def _of_integration(call: Call, service: Service) -> Iterator[Observed]:
    prefix = PREFIXES.get(call.service or "")
    if prefix is None or call.pattern is None or call.pattern == "waitForTaskToken":
        return
    for named in _names(call):
        before, dot, after = named.name.partition(".")
        problem = None
        if dot and before != prefix and before.casefold() in (prefix.casefold(), service.prefix.casefold()):
            problem = _Problem(f"the errors of this integration begin with {prefix}.", f"{prefix}.{after}")
        elif not dot and named.name in service.errors:
            problem = _Problem(f"the errors of this integration begin with {prefix}.", f"{prefix}.{named.name}")
        if problem is not None:
            yield _unmatched(named, problem)


def _not_retried(call: Call, transient: Sequence[str], retriers: Sequence[Retrier]) -> Iterator[Observed]:
    retry = call.state.body.get("Retry")
    if not transient or is_unknown(retry) or call.pattern is None:
        return
    retried, off = NO_ERROR, NO_ERROR
    for one in retriers:
        if one.is_off:
            off |= one.errors
        else:
            retried |= one.errors - off
    missing = [name for name in transient if not retried.has(name)]
    if not missing or (call.kind == "optimized" and (len(missing) < len(transient) or _takes_the_unnamed(call, retried))):
        return
    shown = alternatives(missing if len(missing) <= 3 else [*missing[:2], f"{len(missing) - 2} more"], "and")
    values = {"state": call.state.name, "errors": shown}
    if not (retried - TIMEOUTS).is_empty:
        yield "transient-error-not-retried", Match((*call.state.pointer, "Retry"), values, part="key")
    elif not retry:
        yield "call-without-retry", Match(call.state.pointer, values, part="key")


def _takes_the_unnamed(call: Call, retried: ErrorSet) -> bool:
    """Whether an integration's own general error is tried again: which errors arrive under its name, nobody has recorded."""
    prefix = PREFIXES[call.service or ""]
    return retried.has(f"{prefix}.Amazon{prefix}Exception")


def _names(call: Call) -> Iterator[_Named]:
    """The names that are not the service's own and not left to the deployment."""
    for field, title in _HANDLERS:
        handlers = call.state.body.get(field)
        for i, handler in enumerate(handlers if isinstance(handlers, list) else ()):
            names = handler.get("ErrorEquals") if isinstance(handler, dict) else None
            if not isinstance(names, list):
                continue
            for j, name in enumerate(names):
                if isinstance(name, str) and not name.startswith("States.") and not has_placeholder(name):
                    yield _Named(name, (*call.state.pointer, field, i, "ErrorEquals", j), title, names)


def _unmatched(named: _Named, problem: _Problem) -> Observed:
    values = {"name": named.name, "handler": named.title, "problem": problem.said}
    hint = f'did you mean "{problem.meant}"?' if problem.meant else None
    return "unmatched-error", Match(named.pointer, values, help=hint, sure=False)


def _has_match(named: _Named, service: Service) -> bool:
    return any(
        not isinstance(name, str) or name.startswith("States.") or has_placeholder(name) or _of_sdk(service, name) is None
        for name in named.siblings
    )


@lru_cache(maxsize=1024)
def _of_sdk(service: Service, name: str) -> _Problem | None:
    """What is wrong with the name as one of an ``aws-sdk`` call's errors, None for nothing. Calls share lists of names."""
    prefix, unnamed = service.prefix, service.prefix + "Exception"
    before, dot, after = name.rpartition(".")
    is_own = before == prefix
    if is_own and (after in service.errors or after == unnamed or after in _OF_THE_CLIENT):
        return None
    spelled = error_name(after)
    if spelled.removeprefix("Amazon").removeprefix("Aws") == unnamed:
        spelled = unnamed
    is_known = spelled in service.errors or spelled == unnamed
    meant = f"{prefix}.{spelled}" if is_known else None
    if not is_own:
        others = _is_of_another(before, after, prefix)
        if meant is None and not others:
            meant = f"{prefix}.{unnamed}" if spelled in _TRANSIENT else None
        return _Problem(f"the errors of this call begin with {prefix}.", meant, is_foreign=others)
    if is_known:
        return _Problem("an error of an aws-sdk call is spelled as the SDK for Java does, and ends with Exception", meant)
    if dot:
        near_name = near(after, service.errors)
        meant = f"{prefix}.{near_name}" if near_name else f"{prefix}.{unnamed}"
    said = f"the API named no such error on {service_index().date}, and what it does not name comes as {prefix}.{unnamed}"
    return _Problem(said, meant)


def _is_of_another(before: str, after: str, prefix: str) -> bool:
    """Whether it is the error of a function, or of another service that is called."""
    if not before:
        return not after.endswith("Exception")
    return before.casefold() != prefix.casefold()


@lru_cache(maxsize=1024)
def _transient(kind: ResourceKind, integration: str | None, service: Service, action: str) -> Sequence[str]:
    """The errors of a call that come and go, as its handlers must name them; none where the API has no such operation."""
    operation = service.operation(action)
    if operation is None:
        return ()
    named = [error for error in operation.errors if error in _TRANSIENT]
    if kind == "sdk":
        return [f"{service.prefix}.{error}" for error in named or [service.prefix + "Exception"]]
    prefix = PREFIXES.get(integration or "")
    # Whether an integration's names have the suffix where the API's have none, nobody has recorded.
    return () if prefix is None else [f"{prefix}.{error}" for error in named if "Thrott" in error or "Throughput" in error]
