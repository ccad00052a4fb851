"""What is wrong with the expressions of a definition as far as the service itself reads them when a machine is created.

Paths, intrinsic calls and JSONata, each parsed once at its site; places are exact to the character. Parsers are imported when a
site needs them, so a machine without JSONata does not pay for it.
"""

from collections.abc import Callable, Iterable, Iterator

from asl_lint.facts.match import Match
from asl_lint.facts.sites import Site
from asl_lint.facts.values import alternatives, shown
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.model.forms import STRING_FUNCTIONS
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.expressions.intrinsics import Intrinsic
    from asl_lint.expressions.jsonpath import Path, PathError
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]

_STRING_FUNCTIONS: Final = tuple(f"States.{name}" for name in STRING_FUNCTIONS)


def expression_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about every expression site of the machine."""
    of_jsonata: Callable[[Site], Iterable[Observed]] | None = None
    for site in facts.sites:
        if site.kind == "jsonata":
            if of_jsonata is None:
                of_jsonata = _jsonata_reader(facts)
            yield from of_jsonata(site)
        elif site.kind == "half-open":
            yield _half_open(site)
        elif site.path.errors or site.kind not in _ANY_PATH or "$states" in site.text:
            yield from _dynamic(site) if site.kind == "dynamic" else _path(site)


_ANY_PATH: Final = frozenset({"path", "dynamic"})
"""Kinds of sites where any path or call stands that can be read."""


def _jsonata_reader(facts: "Facts") -> "Callable[[Site], Iterable[Observed]]":
    from asl_lint.facts.jsonata_expressions import hiding_names, jsonata_faults

    hiding = hiding_names(facts)
    return lambda site: jsonata_faults(site, facts, hiding)


def _half_open(site: Site) -> Observed:
    """The guide says that it is refused; nobody has recorded the answer."""
    missing, at = ("%}", len(site.text)) if site.text.startswith("{%") else ("{%", 0)
    where = "end" if missing == "%}" else "beginning"
    values = {"problem": f"the delimiter {missing} is missing at the {where}", "code": "half-open"}
    within = Span(max(at - 1, 0), max(at, 1))
    return "invalid-jsonata", Match(
        site.pointer, values, within=within, help="an expression stands between {% and %}", sure=False
    )


# --- JSONPath ---------------------------------------------------------------------------------------------------------------


def _path(site: Site) -> Iterator[Observed]:
    from asl_lint.expressions.jsonpath import Path

    path = site.path
    if not isinstance(path, Path):
        yield from _string_function(site, path)
        yield from _states_of_jsonata(site, path.paths())
        return
    yield from _states_of_jsonata(site, (path,))
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


def _states_of_jsonata(site: Site, paths: Iterable["Path"]) -> Iterator[Observed]:
    """``$states`` is reserved, so that no variable can have that name; what the service says of reading it is not recorded."""
    if "$states" not in site.text:
        return
    for path in paths:
        if path.root == "variable" and path.variable == "states":
            first = path.steps[0] if path.steps and path.steps[0].kind == "member" else None
            rest = path.text[first.end : path.end] if first else ""
            instead = {"input": f"the input is ${rest}", "context": f"the context object is $${rest}"}
            values = {"reference": "$states", "problem": "it is there in JSONata states alone"}
            within = Span(path.start, path.start + len("$states"))
            hint = instead.get(first.names[0]) if first else None
            yield "unsupported-reference", Match(site.pointer, values, within=within, help=hint, sure=False)


def _at_path(site: Site, error: "PathError") -> Observed:
    within = Span(error.start, error.end)
    if error.stage == "run":
        values = _path_values(site, error.message)
        return "fails-at-run-time", Match(site.pointer, values, within=within, help=error.help, sure=error.sure)
    return "invalid-path", Match(site.pointer, _path_values(site, error.message), within=within, help=error.help, sure=error.sure)


def _path_values(site: Site, problem: str) -> dict[str, str]:
    return {"field": site.field, "value": shown(site.text), "problem": problem}


def _string_function(site: Site, parsed: "Intrinsic") -> Iterator[Observed]:
    for error in parsed.errors:
        yield _at_path(site, error)
    if parsed.call is not None and not parsed.errors and parsed.call.name not in _STRING_FUNCTIONS:
        said = f"{parsed.call.name} gives no string"
        hint = f"here stand a reference path, or {alternatives(_STRING_FUNCTIONS)}"
        yield "invalid-path", Match(site.pointer, _path_values(site, said), within=Span(0, len(parsed.call.name)), help=hint)


def _dynamic(site: Site) -> Iterator[Observed]:

    parsed = site.path
    yield from _states_of_jsonata(site, parsed.paths())
    key = str(site.pointer[-1])
    for error in parsed.errors:
        within = Span(error.start, error.end)
        if error.stage == "run":
            values = {"field": key, "value": shown(site.text), "problem": error.message}
            yield "fails-at-run-time", Match(site.pointer, values, within=within, help=error.help, sure=error.sure)
        else:
            values = {"key": key, "problem": error.message}
            yield "invalid-template", Match(site.pointer, values, within=within, help=error.help, sure=error.sure)
