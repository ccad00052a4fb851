"""Paths that lead to a member that there cannot be, and JSONPath tests that can never hold, by the types of what they read."""

from collections.abc import Iterator, Mapping
from functools import reduce

from asl_lint.expressions.jsonpath import Path, Step
from asl_lint.facts.choice_types import kept_by_test
from asl_lint.facts.environments import View
from asl_lint.facts.match import Match
from asl_lint.facts.sites import Site
from asl_lint.facts.type_words import kinds_in_words, listed_members, unlisted_text
from asl_lint.facts.values import shown
from asl_lint.late import TYPE_CHECKING, Any, Final
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span
from asl_lint.types.jsonpath import follow, member, read
from asl_lint.types.lattice import ANY, Type, Undefined, common_source
from asl_lint.types.listing import listed
from asl_lint.types.membership import single_value

if TYPE_CHECKING:
    from asl_lint.facts.types import Types

Observed = tuple[str, Match]


def path_type_faults(site: Site, view: View) -> Iterator[Observed]:
    """Observations about the members that the paths of a site name."""
    for path in site.paths:
        if not path.steps or path.root == "context":
            continue
        found = _lost(path, view)
        if found is None or (site.state.type == "Choice" and _asks(_top_rule(site))):
            continue
        step, before, one = found
        names, sources, scalars = listed(before)
        name = step.names[0]
        if names is None and not scalars:
            continue
        problem, hint, sure = f'"{name}" is read from {kinds_in_words(before)}, which has no members', None, True
        if names is not None and before.object is not None:
            source = reduce(common_source, sources)
            problem, hint, sure = listed_members(name, names, source)
        sure = sure and one and site.state.type != "Choice"
        values = {"member": name, "problem": problem}
        yield "unknown-member", Match(site.pointer, values, within=_name_of(site, step), help=hint, sure=sure)


def _lost(path: Path, view: View) -> tuple[Step, Type, bool] | None:
    """The step of a member that no value has, what it is read from, and whether the path then leads nowhere at all."""
    before = view.start_of(path)
    one = True
    for i, step in enumerate(path.steps):
        if before.anything or before.is_nothing or before.undefined == Undefined.POSSIBLE:
            return None
        if step.kind == "member":
            after = member(before, step.names[0])
            if after.is_undefined:
                return step, before.defined(), one
        else:
            after = follow(before, (step,))
            if step.kind != "index":
                one = False
                after = after.array.element if after.array is not None else ANY
        before = after.defined() if after.undefined != Undefined.POSSIBLE else after
        if i > _LONGEST:
            return None
    return None


_LONGEST: Final = 40


def _name_of(site: Site, step: Step) -> Span:
    return Span(step.start + (site.text[step.start] == "."), step.end)


def _top_rule(site: Site) -> object:
    rules = site.state.body.get("Choices")
    at = site.pointer[len(site.state.pointer) :]
    return rules[at[1]] if isinstance(rules, list) and len(at) > 1 and at[0] == "Choices" and isinstance(at[1], int) else None


def _asks(rule: object) -> bool:
    """Whether a rule asks anywhere if a value is there."""
    pending = [rule]
    while pending:
        inner = pending.pop()
        if isinstance(inner, Mapping) and not is_unknown(inner):
            if "IsPresent" in inner:
                return True
            pending += [inner[name] for name in ("And", "Or", "Not") if name in inner]
        elif isinstance(inner, list):
            pending += inner
    return False


# --- tests ------------------------------------------------------------------------------------------------------------------

_COMPARING: Final = ("String", "Numeric", "Boolean", "Timestamp")


def test_faults(site: Site, types: "Types") -> Iterator[Observed]:
    """Observations about a test of a JSONPath choice rule, of which the site is the Variable."""
    if site.field != "Variable" or site.state.type != "Choice" or site.pointer[-1] != "Variable":
        return
    before = types.before(site.state)
    view = types.environment(site)
    test = _at(site.state.body, site.pointer[len(site.state.pointer) : -1])
    path = site.path
    if (
        view is None
        or before is None
        or "InputPath" in site.state.body
        or not isinstance(test, Mapping)
        or not isinstance(path, Path)
        or path.errors
        or has_placeholder(site.text)
    ):
        return
    # What the rules before it take is told of the rule, not of the comparison.
    found = read(path, {"input": before.input, "context": view.context}, before.variables).defined()
    if found.anything or found.is_nothing:
        return
    for name, operand in test.items():
        if name.startswith(_COMPARING) and not name.endswith("Path") and not is_unknown(operand) and not _is_open(operand):
            yield from _never(site, found, name, operand)


def _at(value: Any, pointer: tuple[str | int, ...]) -> object:
    for part in pointer:
        value = value[part]
    return value


def _is_open(operand: object) -> bool:
    return isinstance(operand, str) and has_placeholder(operand)


def _never(site: Site, found: Type, name: str, operand: object) -> Iterator[Observed]:
    strings = found.strings
    lists = strings is not None and strings.literals is not None and (strings.open or len(strings.literals) > 1)
    if name in ("StringEquals", "StringMatches") and isinstance(operand, str) and strings is not None and lists:
        kept = kept_by_test(found, name, operand, True)
        left = kept.strings.literals if kept is not None and kept.strings is not None else frozenset[str]()
        if left is None or left & (strings.literals or frozenset()):
            return
        problem, hint = unlisted_text(operand, found)
    else:
        kept = kept_by_test(found, name, operand, True)
        if kept is None or not kept.is_nothing or single_value(found) is not None:
            return
        problem, hint = f"{site.text} is {kinds_in_words(found)} here", None
    values = {"comparison": f"{name} {shown(operand)}", "outcome": "false", "problem": problem}
    yield "comparison-never-holds", Match((*site.pointer[:-1], name), values, help=hint)
