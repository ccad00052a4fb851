"""Which rules may name what an operator does: rules and contracts by name, and contracts by the kind of what they demand."""

from __future__ import annotations

from functools import cache
from typing import Final

from asl_lint.catalog import load_rules
from tests.definitions.rehearsal.scenario import DEFINITIONS

_PATHS: Final = (
    "always-preceded-by@1", "always-followed-by@1", "never-followed-by@1", "at-most-once@1", "released-on-every-path@1",
    "polls-until-finished@1", "loops@1",
)  # fmt: skip
"""What a way through the machine can break."""
_WAYS: Final = (
    "unreachable-state", "possibly-undefined-variable", "undefined-variable", "undefined-value", "catch-loses-input",
    "lock-not-released", "poll-gives-up-without-stop", "poll-without-wait", "unbounded-poll-loop", "loop-without-change",
    "trap-loop",
    "unbounded-loop-under-lock", "unfinished-status-left-out", "failed-status-as-success", "success-status-as-failure",
    "unreachable-rule", "duration-over-timeout", "loop-outlives-history", "history-over-budget", "lock-shorter-than-work",
)  # fmt: skip
"""What shipped rules tell of a wrong way."""
_VARIABLES: Final = ("undefined-variable", "possibly-undefined-variable", "unused-variable", "unbounded-poll-loop")
_ARGUMENTS: Final = "arguments-include@1"

NAMED_BY: Final[dict[str, tuple[str, ...]]] = {
    "drop-catcher": ("call-unlike-others", "uncaught-task-error", "lock-not-released", "lock-conflict-not-handled",
                     "unreachable-state", "call-not-caught", *_PATHS),
    "drop-retrier": ("call-unlike-others", "describe-without-retry", "release-not-retried", "call-outside-retry-policy"),
    "drop-release": (*_WAYS, "unused-substitution", *_PATHS),
    "drop-call": (*_WAYS, "unused-substitution", "unused-variable", *_PATHS),
    "drop-default": ("missing-default", "lock-not-released", "unreachable-state", "invalid-message-misnamed", *_PATHS),
    "drop-wait": ("poll-without-wait", "poll-interval-too-short", *_PATHS),
    "drop-step": ("unbounded-poll-loop", "unreachable-rule", "unused-variable", "loop-without-change", "pipeline-of-another-name",
                  *_PATHS),
    "drop-limit": ("unbounded-poll-loop", "unfinished-status-left-out", "unreachable-state", *_PATHS),
    "drop-condition": ("release-of-any-owner", "lock-conflict-not-handled", "lock-not-released", "unmatched-error",
                       "unreachable-handler", _ARGUMENTS, *_PATHS),
    "drop-token": ("start-without-token", _ARGUMENTS),
    "drop-argument": ("missing-argument", "unused-substitution", "release-of-any-owner", "lock-not-released",
                      "parameter-of-another-name", "event-without-execution-id", "backfill-event-of-another-type",
                      "lease-within-run", "pipeline-of-another-name", _ARGUMENTS, *_PATHS),
    "drop-timeout": ("call-unlike-others", "machine-without-timeout", "missing-timeout", "call-without-time-limit",
                     "machine-without-deadline", "lease-within-run", "times-out@1"),
    "rename-assignment": (*_VARIABLES, "pipeline-of-another-name", *_PATHS),
    "rename-read": (*_VARIABLES, "pipeline-of-another-name", "parameter-of-another-name"),
    "misspell-member": ("unknown-member", "unsupported-reference", "unknown-context-member", "undefined-value",
                        "comparison-never-holds", "member-of-another-name", "pipeline-of-another-name", _ARGUMENTS),
    "change-status": ("comparison-never-holds", "other-pipeline-status", "success-status-as-failure",
                      "unfinished-status-left-out", *_PATHS),
    "shorten-lease": ("lock-shorter-than-work", "lease-within-run"),
    "lengthen-wait": ("duration-over-timeout", "lock-shorter-than-work", "child-outlives-parent", "polls-until-finished@1"),
    "raise-limit": ("duration-over-timeout", "lock-shorter-than-work", "child-outlives-parent", "history-over-budget",
                    "loop-outlives-history", "manifest-not-measured", "too-many-windows-run", "history-nearly-full", "loops@1",
                    "polls-until-finished@1", "always-preceded-by@1"),
    "reroute": (*_WAYS, "invalid-message-misnamed", "window-falsely-succeeded", *_PATHS),
    "drop-action": ("missing-iam-action", "right-not-given"),
    "drop-resource": ("missing-iam-action", "right-not-given"),
    "drop-statement": ("missing-iam-action", "right-not-given"),
    "drop-policy": ("missing-iam-action", "right-not-given"),
    "drop-role": ("missing-iam-action", "right-not-given"),
    "drop-trust-condition": ("unguarded-trust",),
    "drop-substitution": ("unresolved-placeholder",),
    "rename-substitution": ("unresolved-placeholder", "unused-substitution"),
    "drop-logging": ("logging-off",),
    "drop-tracing": ("tracing-off",),
}  # fmt: skip
"""Operator -> names of rules, and kinds of contracts."""


@cache
def _kinds() -> dict[str, str]:
    """The kind of each contract."""
    return {rule.name: rule.kind for rule in load_rules((str(DEFINITIONS / "contracts"),)) if rule.path is not None}


def may_name(operator: str, rule: str) -> bool:
    """Whether a rule is one of those that may tell what the operator does."""
    named = NAMED_BY[operator]
    return rule in named or _kinds().get(rule) in named
