"""Expressions whose value, as far as the text gives it, is not what their field needs; and paths that lead to nothing.

Sources: developer guide, "Transforming data with JSONata" (what a field must yield); recordings of Maps over what is no array,
and of ErrorPath and Choice variables that are not there.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from asl_lint.facts.match import Match
from asl_lint.facts.sites import OFFSET, Site
from asl_lint.facts.values import shown
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.facts.constants import Known
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]

_NEEDS: Final[Mapping[tuple[str, str], str]] = {
    ("ChoiceRule", "Condition"): "boolean",
    ("Choice", "Condition"): "boolean",
    ("Wait", "Seconds"): "number",
    ("Wait", "Timestamp"): "string",
    ("Task", "TimeoutSeconds"): "number",
    ("Task", "HeartbeatSeconds"): "number",
    ("Map", "MaxConcurrency"): "number",
    ("Map", "ToleratedFailureCount"): "number",
    ("Map", "ToleratedFailurePercentage"): "number",
    ("Map", "Items"): "array",
    ("Fail", "Error"): "string",
    ("Fail", "Cause"): "string",
    ("Credentials", "RoleArn"): "string",
}
"""Owner and field -> the JSON type that the expression must yield."""

_A: Final[Mapping[str, str]] = {
    "string": "a string", "number": "a number", "boolean": "a boolean", "null": "null", "array": "an array",
    "object": "an object", "function": "a function",
}  # fmt: skip


def field_value_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about the values of expression sites."""
    for site in facts.sites:
        if site.kind == "jsonata":
            yield from _jsonata(facts, site)
        elif site.kind != "half-open" and _reads_input(site):
            yield from _jsonpath(facts, site)


# --- JSONata ----------------------------------------------------------------------------------------------------------------


def _jsonata(facts: "Facts", site: Site) -> Iterator[Observed]:
    is_whole = site.pointer == (*site.holder, site.field)
    needed = _NEEDS.get((site.owner, site.field)) if is_whole else None
    if has_placeholder(site.text) or (needed is None and "function" not in site.text and "λ" not in site.text):
        return
    tree, errors = site.jsonata
    if errors:
        return
    from asl_lint.expressions.jsonata.certainty import type_or_nothing

    found: str | None = type_or_nothing(tree)
    value: Any = None
    if found is None and "$" in site.text and needed is not None and _is_short(tree.body):
        from asl_lint.facts.constants import ABSENT, UNKNOWN, value_of_node

        known = facts.constants.get(site.state.pointer)
        value = UNKNOWN if known is None else value_of_node(tree.body, known)
        found = None if value is UNKNOWN or value is ABSENT else _type(value)
    if found is None or found == needed or (found != "function" and needed is None):
        return
    if site.field == "Items" and found == "object" and any(scope.is_distributed for scope in site.state.scopes):
        return  # a distributed Map iterates over the members of an object
    if needed is not None or found == "function":
        said = f"it gives {_A[found]}, and {site.field} takes {_A[needed]}" if needed else "a function is no value of JSON"
        text = site.expression.strip()
        start = site.text.index(text) if text else OFFSET
        values = {"field": site.field, "value": shown(text), "problem": said}
        yield "fails-at-run-time", Match(site.pointer, values, within=Span(start, start + max(len(text), 1)))


def _is_short(node: Any) -> bool:
    """A variable, or a path of plain steps: what ``constants`` can follow."""
    return type(node).__name__ in ("Variable", "Path")


def _type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return {"str": "string", "dict": "object", "list": "array"}[type(value).__name__]


# --- JSONPath ---------------------------------------------------------------------------------------------------------------

_OF_THE_INPUT: Final = frozenset(
    {"InputPath", "Parameters", "ItemsPath", "ErrorPath", "CausePath", "SecondsPath", "TimestampPath"}
)


def _reads_input(site: Site) -> bool:
    """Whether the site reads the state's own input, untouched by InputPath, and must find something."""
    if "InputPath" in site.state.body and site.field != "InputPath":
        return False
    if site.owner == "ChoiceRule" or site.state.type == "Choice":
        return site.field == "Variable"
    return site.field in _OF_THE_INPUT and site.owner == site.state.type


def _jsonpath(facts: "Facts", site: Site) -> Iterator[Observed]:
    from asl_lint.expressions.jsonpath import Path

    path = site.path
    if not isinstance(path, Path) or path.errors or path.root != "input" or not path.steps or has_placeholder(site.text):
        return
    if site.field == "Variable" and not _must_be_there(site):
        return
    if not _has_fixed_output(facts):
        return
    from asl_lint.facts.constants import ABSENT, follow

    known: Known | None = facts.constants.get(site.state.pointer)
    if known is not None and follow(path, known) is ABSENT:
        said = f"the input is always {shown(known.input)}"
        values = {"field": site.field, "value": shown(site.text), "problem": said}
        yield "fails-at-run-time", Match(site.pointer, values, within=Span(path.start, path.end))


def _has_fixed_output(facts: "Facts") -> bool:
    """Whether some Pass state may give a fixed output; without one no input is known."""
    return any(state.type == "Pass" and ("Result" in state.body or "Parameters" in state.body) for state in facts.machine.states)


def _must_be_there(site: Site) -> bool:
    """Whether the first rule of the Choice tests it, alone, by anything but IsPresent: a later rule may never be asked."""
    if site.pointer[len(site.state.pointer) :] != ("Choices", 0, "Variable"):
        return False
    return "IsPresent" not in site.state.body["Choices"][0]
