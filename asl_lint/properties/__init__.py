"""What a rule can demand of a machine: one module per kind, named here and imported when a rule uses it."""

from collections.abc import Mapping

from asl_lint.late import Final

KINDS: Final[Mapping[str, str]] = {
    "observed@1": "asl_lint.properties.observed:KIND",
    "field@1": "asl_lint.properties.field:KIND",
    "retries@1": "asl_lint.properties.retries:KIND",
    "times-out@1": "asl_lint.properties.times_out:KIND",
    "text-never-matches@1": "asl_lint.properties.text_never_matches:KIND",
    "placeholders-resolved@1": "asl_lint.properties.placeholders_resolved:KIND",
    "catches@1": "asl_lint.properties.catches:KIND",
    "arguments-include@1": "asl_lint.properties.arguments_include:KIND",
    "jsonata@1": "asl_lint.properties.jsonata:KIND",
    "loops@1": "asl_lint.properties.loops:KIND",
    "polls-until-finished@1": "asl_lint.properties.polls_until_finished:KIND",
    "always-preceded-by@1": "asl_lint.properties.always_preceded_by:KIND",
    "always-followed-by@1": "asl_lint.properties.always_followed_by:KIND",
    "never-followed-by@1": "asl_lint.properties.never_followed_by:KIND",
    "at-most-once@1": "asl_lint.properties.at_most_once:KIND",
    "released-on-every-path@1": "asl_lint.properties.released_on_every_path:KIND",
    "iam-allows-calls@1": "asl_lint.properties.iam_allows_calls:KIND",
    "locks@1": "asl_lint.properties.locks:KIND",
    "not-from-input@1": "asl_lint.properties.not_from_input:KIND",
    "starts-no-copy@1": "asl_lint.properties.starts_no_copy:KIND",
    "deployed-with@1": "asl_lint.properties.deployed_with:KIND",
    "role-in-template@1": "asl_lint.properties.role_in_template:KIND",
    "within-budget@1": "asl_lint.properties.within_budget:KIND",
}
"""Kind and version, as rules name it -> module and attribute that hold its ``Kind``."""

SUBJECTS: Final[Mapping[str, str]] = {
    "loops@1": "loops",
    "locks@1": "locks",
    "released-on-every-path@1": "locks",
    "starts-no-copy@1": "executions_started",
    "deployed-with@1": "settings",
    "role-in-template@1": "settings",
}
"""Kind -> the fact that it speaks of, unless a rule names calls of its own (``acquire``): in a machine that has none of it there
is nothing to ask, nor a module to import."""

OF_TEMPLATES: Final = frozenset(("deployed-with@1", "role-in-template@1"))
"""Kinds that ask of a template how it deploys a state machine, and nothing of the definition."""
