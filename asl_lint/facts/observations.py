"""The table of observations: every fault that falls out of reading a definition, and the values that come with it.

A code is what rules of kind ``observed`` name; its values are what their messages may use.
"""

from collections.abc import Mapping

from asl_lint.late import Final

OBSERVATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    # the text
    "syntax-error": ("problem",),
    "duplicate-key": ("key",),
    "nested-too-deeply": ("limit",),
    "boolean-like-name": ("name",),
    "definition-too-large": ("size", "limit"),
    # fields, from the table of fields
    "unknown-field": ("field", "object"),
    "field-of-other-language": ("field", "object", "language", "other"),
    "missing-field": ("fields", "object"),
    "wrong-type": ("field", "expected", "actual"),
    "value-out-of-range": ("field", "value", "range"),
    "not-one-of": ("field", "value", "allowed"),
    "empty-value": ("field", "expected"),
    "invalid-format": ("field", "value", "expected"),
    "duplicate-element": ("field", "value"),
    "conflicting-fields": ("fields", "object"),
    "companion-field": ("field", "needs", "object"),
    "field-of-distributed-map": ("field", "object"),
    "deprecated-field": ("field", "object", "replacement"),
    "fails-at-run-time": ("field", "value", "problem"),
    "payload-over-limit": ("field", "size", "limit"),
    "child-outlives-parent": ("state", "problem"),
    # strings that hold a little language of their own
    "invalid-path": ("field", "value", "problem"),
    "invalid-template": ("key", "problem"),
    "duplicate-template-key": ("key", "other"),
    "invalid-jsonata": ("problem", "code"),
    "unsupported-reference": ("reference", "problem"),
    "unknown-context-member": ("reference",),
    "misplaced-context-member": ("reference", "problem"),
    "callback-without-token": ("state",),
    "unevaluated-text": ("text", "problem"),
    # states and the flow between them
    "query-language-downgrade": ("state",),
    "unknown-transition-target": ("target", "field"),
    "unreachable-state": ("state",),
    "no-terminal-state": ("object",),
    "duplicate-state-name": ("state",),
    "invalid-state-name": ("state", "problem"),
    "invalid-variable-name": ("name", "problem"),
    "duplicate-label": ("label",),
    "invalid-label": ("label", "problem"),
    # tasks
    "invalid-resource": ("resource", "problem"),
    "unsupported-by-express": ("feature", "state"),
    # calls, from the index of services
    "unknown-service": ("service", "date"),
    "unknown-action": ("service", "action", "problem"),
    "unsupported-operation": ("service", "action"),
    "unknown-argument": ("argument", "call", "problem"),
    "missing-argument": ("arguments", "call"),
    "wrong-argument-type": ("argument", "call", "expected", "actual"),
    "argument-value": ("argument", "call", "problem"),
    "credentials-of-activity": ("state",),
    # errors
    "misplaced-states-all": ("handler", "problem"),
    "unreachable-handler": ("handler", "earlier"),
    "unknown-states-error": ("name",),
    "unmatched-error": ("name", "handler", "problem"),
    "transient-error-not-retried": ("state", "errors"),
    "call-without-retry": ("state", "errors"),
    "unlike-other-calls": ("state", "lacks", "others"),
    # reads of objects of which the members are known
    "input-lost-by-catch": ("state", "reader", "path"),
    "read-of-nothing": ("path", "state", "object", "members"),
    "missing-default": ("state",),
    # what an expression does, whatever the data
    "unknown-function": ("subject", "problem"),
    "wrong-argument": ("subject", "problem"),
    "wrong-operand": ("subject", "problem"),
    "wrong-object-key": ("subject", "problem"),
    "never-equal": ("subject", "problem"),
    "text-as-filter": ("subject", "problem"),
    "constant-condition": ("subject", "problem"),
    "in-without-array": ("subject", "problem"),
    "count-of-single-value": ("subject", "problem"),
    "expression-without-effect": ("subject", "problem"),
    "division-by-zero": ("subject", "problem"),
    "sort-by-number": ("subject", "problem"),
    "missing-dollar": ("subject", "problem"),
    "condition-without-else": ("condition",),
    "single-items": ("expression",),
    # variables
    "undefined-variable": ("name", "state", "them"),
    "possibly-undefined-variable": ("name", "state", "them"),
    "outer-variable-assigned": ("name", "state"),
    "unused-variable": ("name",),
    "hidden-function": ("name",),
    # what the types of values show
    "unknown-member": ("member", "problem"),
    "comparison-never-holds": ("comparison", "outcome", "problem"),
    "wrong-field-type": ("field", "needed", "found"),
    "possibly-wrong-type": ("value", "found", "needed"),
    "undefined-value": ("expression", "how"),
    "index-of-single-value": ("value",),
    "unreachable-rule": ("problem",),
    "failed-status-as-success": ("values", "subject", "target"),
    "success-status-as-failure": ("values", "subject", "target"),
    "unfinished-status-left-out": ("subject", "target", "problem"),
    # secrets
    "secret-in-definition": ("what",),
    # directives
    "unused-suppression": ("rule",),
    "suppression-without-reason": ("rule",),
    "unknown-suppressed-rule": ("rule",),
}
