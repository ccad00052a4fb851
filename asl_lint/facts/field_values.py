"""Expressions and paths whose value, as far as the text gives it, is not what their field needs; and those that find nothing.

Sources: developer guide, "Transforming data with JSONata" (what a field must yield); recordings of Maps over what is no array,
of numbers out of range read by a path, of ErrorPath and Choice variables that are not there.
"""

import re
from collections.abc import Iterator, Mapping

from asl_lint.facts.match import Match
from asl_lint.facts.sites import OFFSET, Site
from asl_lint.facts.values import shown
from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.expressions.jsonata.nodes import Expression
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
    for site in facts.sites:
        if site.kind == "jsonata":
            need = needed(site)
            if need is not None or _may_be_function(site):
                yield from _jsonata(facts, site, need)
        elif site.kind != "half-open" and _must_find_something(site):
            yield from _jsonpath(facts, site)


def _is_function(facts: "Facts", name: str) -> bool:
    """Whether a name that stands alone is a function's, and no variable hides it."""
    from asl_lint.expressions.jsonata.functions import SIGNATURES

    if name not in SIGNATURES:
        return False
    return "Assign" not in facts.document.text.content or name not in facts.variables.bits


def _unsuitable(value: Any, need: Need, site: Site) -> str | None:
    """Why a value is none for the field, as a clause; None where it is one."""
    found = _type(value)
    if found != need.type:
        return _of_type(found, need, site)
    if need.type == "number":
        below = need.least is not None and value < need.least
        above = need.most is not None and value > need.most
        if below or above or (need.integer and isinstance(value, float) and not value.is_integer()):
            return f"it gives {shown(value)}, and {site.field} takes {need.in_words}"
    if site.field.startswith("Timestamp") and not re.match(_DATE, value):
        return f"it gives {shown(value)}, and {site.field} takes a timestamp"
    return None


def _of_type(found: str, need: Need, site: Site) -> str | None:
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


def _fails(site: Site, within: Span, problem: str, hint: str | None = None) -> Observed:
    values = {"field": site.field, "value": shown(site.text), "problem": problem}
    return "fails-at-run-time", Match(site.pointer, values, within=within, help=hint)


# --- JSONata ----------------------------------------------------------------------------------------------------------------


def _may_be_function(site: Site) -> bool:
    """Whether the value of the site may be a function: a name that stands alone, or one that is written out."""
    text = site.text
    return site.jsonata[0].name is not None or "function" in text or "λ" in text or "|" in text


def _jsonata(facts: "Facts", site: Site, need: Need | None) -> Iterator[Observed]:
    text = site.text
    if has_placeholder(text) or site.jsonata[1]:
        return
    tree = site.jsonata[0]
    problem = _problem(facts, site, tree, need)
    hint = None
    if tree.name is not None and _is_function(facts, tree.name):
        problem, hint = f"${tree.name} is a function, which is no value of JSON", f"call it: ${tree.name}(…)"
    if problem is not None:
        inner = site.expression.strip()
        start = text.index(inner, OFFSET)
        yield _fails(site, Span(start, start + len(inner)), problem, hint)
    elif site.field == "Items" and need is not None:
        yield from _single_items(site)


def _single_items(site: Site) -> Iterator[Observed]:
    """Items that are an array only where there are two of them or more."""
    from asl_lint.expressions.jsonata.sequences import may_be_single

    tree, _ = site.jsonata
    node = may_be_single(tree)
    if node is None:
        return
    yield single_items(site, Span(OFFSET + node.start, OFFSET + node.end))


def single_items(site: Site, within: Span) -> Observed:
    """That an expression gives no array where what stands ``within`` finds one item."""
    whole = site.expression.strip()
    part = " ".join(site.text[within.start : within.end].split())
    hint = f"write {{% [{whole}] %}}" if len(whole) <= _SHOWN and "\n" not in whole else "put the whole between brackets: [ … ]"
    values = {"expression": part if len(part) <= _SHOWN else part[: _SHOWN - 1] + "…"}
    return "single-items", Match(site.pointer, values, within=within, help=hint)


_SHOWN: Final = 60
"""Characters of an expression that a message or a hint quotes at most."""


def _problem(facts: "Facts", site: Site, tree: "Expression", need: Need | None) -> str | None:
    # Only a variable and a path of plain steps need what is known before the state.
    kind = type(tree.body).__name__
    reads = kind in ("Variable", "Path")
    known = _known(facts, site, tree.body) if reads and need is not None else None
    if reads and known is None:
        return None
    if need is not None and kind not in _COMPUTED:
        from asl_lint.facts.constants import ABSENT, NOTHING_KNOWN, UNKNOWN, value_of_node

        value = value_of_node(tree.body, known or NOTHING_KNOWN)
        if value is ABSENT:
            return _nothing(shown(site.expression.strip()))
        if value is not UNKNOWN:
            return _unsuitable(value, need, site)
    from asl_lint.expressions.jsonata.certainty import type_or_nothing

    found = type_or_nothing(tree)
    if found == "function" and need is None:
        return "a function is no value of JSON"
    return _of_type(found, need, site) if found is not None and need is not None and found != need.type else None


_COMPUTED: Final = frozenset({"Binary", "Call", "Condition", "Apply"})
"""Nodes of which no value is told, but the type."""


def _known(facts: "Facts", site: Site, body: Any) -> "Known | None":
    """What is known before the state of a site that a variable, or a path from one, is."""
    first = body.steps[0] if type(body).__name__ == "Path" else body
    if type(first).__name__ != "Variable":
        return None
    return facts.constant_sources.known(site.state, None if first.name == "states" else first.name)


def _nothing(name: str) -> str:
    return f"the states before it give the same in every run, and {name} is not in it"


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
    problem = _unsuitable(value, need, site)
    if problem is not None:
        yield _fails(site, Span(path.start, path.end), problem)


def _leads_nowhere(site: Site, path: "Path", known: "Known") -> Observed:
    from asl_lint.facts.constants import ABSENT, follow

    at = next(i for i in range(len(path.steps)) if follow(path._replace(steps=path.steps[: i + 1]), known) is ABSENT)
    step = path.steps[at]
    return _fails(site, Span(step.start, step.end), _nothing(path.text[path.start : step.end]))
