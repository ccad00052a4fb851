"""What is wrong with the expressions of a definition as far as the service itself reads them when a machine is created.

Paths, intrinsic calls and JSONata, each parsed once at its site; places are exact to the character. Parsers are imported when a
site needs them, so a machine without JSONata does not pay for it.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from asl_lint.expressions.jsonata.errors import TOO_DEEP, Error
from asl_lint.facts.match import Match
from asl_lint.facts.sites import OFFSET, Site, sites
from asl_lint.facts.values import alternatives, shown
from asl_lint.model.forms import STRING_FUNCTIONS
from asl_lint.model.machine import StateMachine
from asl_lint.near import near
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.expressions.intrinsics import Intrinsic
    from asl_lint.expressions.jsonata.nodes import Expression
    from asl_lint.expressions.jsonata.walk import TopLevelName
    from asl_lint.expressions.jsonpath import Path, PathError

Observed = tuple[str, Match]

_STRING_FUNCTIONS: Final = tuple(f"States.{name}" for name in STRING_FUNCTIONS)


def expression_faults(machine: StateMachine) -> Iterator[Observed]:
    """Observations about every expression site of the machine."""
    for site in sites(machine):
        if site.kind == "jsonata":
            yield from _jsonata(site)
        elif site.kind == "dynamic":
            yield from _dynamic(site)
        else:
            yield from _path(site)


# --- JSONPath ---------------------------------------------------------------------------------------------------------------


def _path(site: Site) -> Iterator[Observed]:
    from asl_lint.expressions.jsonpath import parse_path

    if site.kind == "string-path" and "(" in site.text:
        yield from _string_function(site)
        return
    path = parse_path(site.text)
    for error in path.errors:
        yield _at_path(site, error)
    if path.errors or site.kind == "path":
        return
    if site.field == "ResultPath" and path.root in ("context", "variable"):
        said = "the context object cannot be written to"
        if path.root == "variable":
            said = "a variable is set with Assign, not with ResultPath"
        yield "invalid-path", Match(site.pointer, _path_values(site, said), within=Span(path.start, path.end))
        return
    stray = path.not_reference
    if stray is not None:
        yield _at_path(site, stray)


def _at_path(site: Site, error: "PathError") -> Observed:
    within = Span(error.start, error.end)
    if error.stage == "run":
        values = _path_values(site, error.message)
        return "fails-at-run-time", Match(site.pointer, values, within=within, help=error.help, sure=error.sure)
    return "invalid-path", Match(site.pointer, _path_values(site, error.message), within=within, help=error.help, sure=error.sure)


def _path_values(site: Site, problem: str) -> dict[str, str]:
    return {"field": site.field, "value": shown(site.text), "problem": problem}


def _string_function(site: Site) -> Iterator[Observed]:
    from asl_lint.expressions.intrinsics import parse_intrinsic

    parsed = parse_intrinsic(site.text)
    for error in parsed.errors:
        yield _at_path(site, error)
    if parsed.call is not None and not parsed.errors and parsed.call.name not in _STRING_FUNCTIONS:
        said = f"{parsed.call.name} gives no string"
        hint = f"here stand a reference path, or {alternatives(_STRING_FUNCTIONS)}"
        yield "invalid-path", Match(site.pointer, _path_values(site, said), within=Span(0, len(parsed.call.name)), help=hint)


def _dynamic(site: Site) -> Iterator[Observed]:
    from asl_lint.expressions.intrinsics import parse_dynamic

    parsed: Path | Intrinsic = parse_dynamic(site.text)
    key = str(site.pointer[-1])
    for error in parsed.errors:
        within = Span(error.start, error.end)
        if error.stage == "run":
            values = {"field": key, "value": shown(site.text), "problem": error.message}
            yield "fails-at-run-time", Match(site.pointer, values, within=within, help=error.help, sure=error.sure)
        else:
            values = {"key": key, "problem": error.message}
            yield "invalid-template", Match(site.pointer, values, within=within, help=error.help, sure=error.sure)


# --- JSONata ----------------------------------------------------------------------------------------------------------------


def _jsonata(site: Site) -> Iterator[Observed]:
    from asl_lint.expressions.jsonata import parse

    expression = site.expression
    if has_placeholder(expression):
        return  # what the deployment puts in may be any part of the expression
    tree, errors = parse(expression)
    for error in errors:
        values = {"problem": error.message, "code": error.code}
        # Beyond its own bounds the parser does not know what the service would say.
        sure = error.code != TOO_DEEP
        yield "invalid-jsonata", Match(site.pointer, values, within=_inside(error), help=error.help or None, sure=sure)
    if not errors:
        yield from _references(site, tree)


def _inside(place: "Error | TopLevelName | Span") -> Span:
    start, end = (place.start, place.end) if isinstance(place, Error | Span) else place.span
    return Span(OFFSET + start, OFFSET + end)


def _references(site: Site, tree: "Expression") -> Iterator[Observed]:
    """References that need an input document, and members of ``$states`` that this field does not have."""
    from asl_lint.expressions.jsonata.walk import states_references, top_level_names

    for name in top_level_names(tree):
        read = "$states.input" if name.name.startswith("$") else f"$states.input.{name.name}"
        values = {"reference": name.name, "problem": "there is no input document to read it from"}
        yield (
            "unsupported-reference",
            Match(site.pointer, values, within=_inside(name), help=f"the state's input is {read}", sure=name.sure),
        )
    for reference in states_references(tree):
        if reference.members:
            problem = _unavailable(site, reference.members[0])
            if problem is not None:
                said, hint, sure = problem
                values = {"reference": f"$states.{reference.members[0]}", "problem": said}
                within = _inside(Span(reference.span.start, reference.places[0].end))
                yield "unsupported-reference", Match(site.pointer, values, within=within, help=hint, sure=sure)


def _unavailable(site: Site, member: str) -> tuple[str, str | None, bool] | None:
    """Why a member of ``$states`` cannot be read in a field, a hint, and whether that is sure (S, F: facts of the language)."""
    results = site.field in ("Output", "Assign")
    if member in ("input", "context"):
        return None
    if member == "result":
        if results and site.owner in ("Task", "Parallel", "Map"):
            return None
        return "only Output and Assign of a Task, Parallel or Map have a result, and not those of a Catcher", None, True
    if member == "errorOutput":
        if results and site.owner == "Catcher":
            return None
        return "only Output and Assign of a Catcher have an error", None, True
    near_name = near(member, ("input", "context", "result", "errorOutput"))
    hint = f"did you mean $states.{near_name}?" if near_name else "there are input, context, result and errorOutput"
    return "$states has no such member", hint, False
