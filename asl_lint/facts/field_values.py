"""Expressions and paths whose value, as far as the text gives it, is not what their field needs; and those that find nothing.

Sources: developer guide, "Transforming data with JSONata" (what a field must yield); recordings of Maps over what is no array,
of numbers out of range read by a path, of ErrorPath and Choice variables that are not there.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from asl_lint.facts.match import Match
from asl_lint.facts.sites import Site
from asl_lint.facts.values import shown
from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.expressions.jsonpath import Path
    from asl_lint.facts.constants import Known
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


class Need(NamedTuple):
    """What a field takes: a JSON type, and of numbers the least and the greatest, and whether they must be integers."""

    type: str
    least: float | None = None
    most: float | None = None
    integer: bool = False

    @property
    def in_words(self) -> str:
        """With its article, and of a number what it can be."""
        return _A[self.type] if self.least is None else _numbers(self)


_BOOLEAN: Final = Need("boolean")
_STRING: Final = Need("string")
_OBJECT: Final = Need("object")
_COUNT: Final = Need("number", 0, None, True)
_POSITIVE: Final = Need("number", 1, None, True)

_NEEDS: Final[Mapping[tuple[str, str], Need]] = {
    ("ChoiceRule", "Condition"): _BOOLEAN,
    ("Wait", "Seconds"): _COUNT,
    ("Wait", "Timestamp"): _STRING,
    ("Task", "TimeoutSeconds"): _POSITIVE,
    ("Task", "HeartbeatSeconds"): _POSITIVE,
    ("Map", "MaxConcurrency"): _COUNT,
    ("Map", "ToleratedFailureCount"): _COUNT,
    ("Map", "ToleratedFailurePercentage"): Need("number", 0, 100),
    ("Map", "Items"): Need("array"),
    ("ItemBatcher", "MaxItemsPerBatch"): _POSITIVE,
    ("ItemBatcher", "MaxInputBytesPerBatch"): _POSITIVE,
    ("ReaderConfig", "MaxItems"): _COUNT,
    ("ItemReader", "Arguments"): _OBJECT,
    ("ResultWriter", "Arguments"): _OBJECT,
    ("Fail", "Error"): _STRING,
    ("Fail", "Cause"): _STRING,
    ("Credentials", "RoleArn"): _STRING,
}
"""Owner and field -> what the expression must yield. A field that ends in Path needs the same of what it leads to."""

_A: Final[Mapping[str, str]] = {
    "string": "a string", "number": "a number", "boolean": "a boolean", "null": "null", "array": "an array",
    "object": "an object", "function": "a function",
}  # fmt: skip
# Patterns are compiled when first asked: most definitions have no text that needs them.
NUMERAL: Final = r"\s*[-+]?[\d.]+\s*\Z"
_DATE: Final = r"\d{4}-\d{2}-\d{2}"


def needed(site: Site) -> Need | None:
    """What the value of a site must be, where the site is the whole value of a field that takes only some."""
    if site.kind == "jsonata":
        need = _NEEDS.get((site.owner, site.field))
        return need if need is not None and site.pointer == (*site.holder, site.field) else None
    # Of what ErrorPath and CausePath lead to, nothing is recorded.
    is_path = site.field.endswith("Path") and site.owner != "Fail"
    return _NEEDS.get((site.owner, site.field.removesuffix("Path"))) if is_path else None


def field_value_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about the values of expression sites."""
    of_jsonata: Callable[[Facts, Site, Need | None], Iterable[Observed]] | None = None
    for site in facts.sites:
        if site.kind == "jsonata":
            need = needed(site)
            if need is not None or _may_be_function(site):
                if of_jsonata is None:
                    of_jsonata = _jsonata_reader()
                yield from of_jsonata(facts, site, need)
        elif site.kind != "half-open" and _must_find_something(site):
            yield from _jsonpath(facts, site)


def _may_be_function(site: Site) -> bool:
    """Whether the value of the site may be a function: a name that stands alone, or one that is written out."""
    text = site.text
    return site.jsonata[0].name is not None or "function" in text or "λ" in text or "|" in text


def _jsonata_reader() -> "Callable[[Facts, Site, Need | None], Iterable[Observed]]":
    from asl_lint.facts.jsonata_field_values import jsonata_value_faults

    return jsonata_value_faults


def unsuitable(value: Any, need: Need, site: Site) -> str | None:
    """Why a value is none for the field, as a clause; None where it is one."""
    found = _type(value)
    if found != need.type:
        return of_type(found, need, site)
    if need.type == "number":
        below = need.least is not None and value < need.least
        above = need.most is not None and value > need.most
        if below or above or (need.integer and isinstance(value, float) and not value.is_integer()):
            return f"it gives {shown(value)}, and {site.field} takes {need.in_words}"
    if site.field.startswith("Timestamp") and not re.match(_DATE, value):
        return f"it gives {shown(value)}, and {site.field} takes a timestamp"
    return None


def of_type(found: str, need: Need, site: Site) -> str | None:
    """Why a value of a type that the field does not take is none for it; None where it is one after all."""
    if site.field.startswith("Items") and found == "object" and any(scope.is_distributed for scope in site.state.scopes):
        return None  # a distributed Map iterates over the members of an object
    return f"it gives {_A[found]}, and {site.field} takes {need.in_words}"


def _numbers(need: Need) -> str:
    kind = "an integer" if need.integer else "a number"
    return f"{kind} of at least {need.least}" if need.most is None else f"{kind} from {need.least} to {need.most}"


def _type(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "number"
    return {"str": "string", "dict": "object", "list": "array"}[type(value).__name__]


def fails(site: Site, within: Span, problem: str, hint: str | None = None) -> Observed:
    """That a field fails whenever its state runs."""
    values = {"field": site.field, "value": shown(site.text), "problem": problem}
    return "fails-at-run-time", Match(site.pointer, values, within=within, help=hint)


def nothing(name: str) -> str:
    """Why a path leads nowhere."""
    return f"the states before it give the same in every run, and {name} is not in it"


def single_items(site: Site, within: Span) -> Observed:
    """That an expression gives no array where what stands ``within`` finds one item."""
    whole = site.expression.strip()
    part = " ".join(site.text[within.start : within.end].split())
    hint = f"write {{% [{whole}] %}}" if len(whole) <= _SHOWN and "\n" not in whole else "put the whole between brackets: [ … ]"
    values = {"expression": part if len(part) <= _SHOWN else part[: _SHOWN - 1] + "…"}
    return "single-items", Match(site.pointer, values, within=within, help=hint)


_SHOWN: Final = 60
"""Characters of an expression that a message or a hint quotes at most."""


# --- JSONPath ---------------------------------------------------------------------------------------------------------------

_OF_THE_INPUT: Final = frozenset(
    {"InputPath", "Parameters", "ItemsPath", "ErrorPath", "CausePath", "SecondsPath", "TimestampPath", "TimeoutSecondsPath",
     "HeartbeatSecondsPath", "MaxConcurrencyPath", "ToleratedFailureCountPath", "ToleratedFailurePercentagePath"}
)  # fmt: skip
"""Fields that read a state's effective input, each time the state runs."""


def _must_find_something(site: Site) -> bool:
    """Whether the site is evaluated whenever its state runs, on the state's own input, and fails on a path to nothing."""
    body, field = site.state.body, site.field
    if "InputPath" in body and field != "InputPath":
        return False
    if site.state.type == "Choice":
        # A later rule may never be asked, and IsPresent is asked of what may be missing.
        is_first = site.pointer[len(site.state.pointer) :] == ("Choices", 0, "Variable")
        return is_first and "IsPresent" not in body["Choices"][0]
    if field not in _OF_THE_INPUT or site.owner != site.state.type:
        return False
    if field == "Parameters":
        return site.owner != "Map"  # read once an item, so never if there is none
    # Whether a Task's seconds are read from its input or from its Parameters is not recorded.
    return not (field.endswith("SecondsPath") and "Parameters" in body)


def _jsonpath(facts: "Facts", site: Site) -> Iterator[Observed]:
    from asl_lint.expressions.jsonpath import Path

    path = site.path
    if not isinstance(path, Path) or path.errors or path.root not in ("input", "variable") or has_placeholder(site.text):
        return
    known = facts.constant_sources.known(site.state, path.variable)
    if known is None:
        return
    from asl_lint.facts.constants import ABSENT, UNKNOWN, follow

    value = follow(path, known)
    if value is UNKNOWN:
        return
    if value is ABSENT:
        yield _leads_nowhere(site, path, known)
        return
    need = needed(site)
    # The service reads a numeral as the number.
    if need is None or (need.type == "number" and isinstance(value, str) and re.match(NUMERAL, value)):
        return
    problem = unsuitable(value, need, site)
    if problem is not None:
        yield fails(site, Span(path.start, path.end), problem)


def _leads_nowhere(site: Site, path: "Path", known: "Known") -> Observed:
    from asl_lint.facts.constants import ABSENT, follow

    at = next(i for i in range(len(path.steps)) if follow(path._replace(steps=path.steps[: i + 1]), known) is ABSENT)
    step = path.steps[at]
    return fails(site, Span(step.start, step.end), nothing(path.text[path.start : step.end]))
