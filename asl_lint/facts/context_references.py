"""What expressions read of the context object: members that it does not have, members out of place, and tokens not passed on.

``Map.Item`` is there in a Map's ItemSelector (or its older name, Parameters) alone, ``Task.Token`` in Tasks that wait for a token
or for a job (D: Context object; recorded). A callback whose token nobody gets waits for its timeout (recorded). Linear.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from asl_lint.facts.match import Match
from asl_lint.facts.sites import OFFSET, Site
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

Observed = tuple[str, Match]


class _Reference(NamedTuple):
    """The members that are read, each with its place in the site's text, and how the context object is spelled there."""

    names: tuple[str, ...]
    places: tuple[Span, ...]
    root: str


def context_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about every reference to the context object, and about callbacks without one."""
    for site in facts.sites:
        if site.field != "ResultPath" and ("$$" in site.text or "context" in site.text):
            for reference in _references(site):
                yield from _judge(facts, site, reference)
    for number, call in facts.calls.items():
        if call.pattern == "waitForTaskToken" and not _passes_token(facts, number, call.arguments):
            state = call.state
            yield (
                "callback-without-token",
                Match((*state.pointer, "Resource"), {"state": state.name}, help=_token_hint(state.language)),
            )


def _token_hint(language: str) -> str:
    return "pass {% $states.context.Task.Token %}" if language == "JSONata" else "pass $$.Task.Token under a key that ends in .$"


def _references(site: Site) -> Iterator[_Reference]:
    if has_placeholder(site.text):
        return
    if site.kind == "jsonata":
        from asl_lint.expressions.jsonata.walk import states_references

        tree, errors = site.jsonata
        for reference in states_references(tree) if not errors else ():
            if reference.members[:1] == ("context",):
                places = tuple(Span(OFFSET + place.start, OFFSET + place.end) for place in reference.places[1:])
                yield _Reference(reference.members[1:], places, "$states.context")
    elif site.kind != "half-open":
        from asl_lint.expressions.jsonpath import Path

        parsed = site.path
        for path in (parsed,) if isinstance(parsed, Path) else tuple(parsed.paths()):
            if path.root == "context" and not parsed.errors:
                steps = []
                for step in path.steps:
                    if step.kind != "member":
                        break
                    steps.append(step)
                yield _Reference(tuple(s.names[0] for s in steps), tuple(Span(s.start, s.end) for s in steps), "$$")


def _judge(facts: "Facts", site: Site, reference: _Reference) -> Iterator[Observed]:
    from asl_lint.expressions.context_object import unknown_context_name

    names = reference.names
    unknown = unknown_context_name(names)
    shown = ".".join((reference.root, *names[: (unknown.position if unknown else 1) + 1]))
    if unknown is not None:
        hint = None
        if unknown.near is not None:
            prefix = (reference.root, *names[: unknown.position]) if "." not in unknown.near else (reference.root,)
            hint = f"did you mean {'.'.join((*prefix, unknown.near))}?"
        elif unknown.known:
            hint = f"there are {', '.join(unknown.known)}"
        within = Span(reference.places[0].start, reference.places[unknown.position].end)
        yield "unknown-context-member", Match(site.pointer, {"reference": shown}, within=within, help=hint)
    elif names[:1] == ("Map",):
        if not (site.owner == "Map" and site.field in ("ItemSelector", "Parameters")):
            problem = "Map.Item can be read in the ItemSelector of a Map alone"
            hint = "let ItemSelector put it into the item's input"
            yield _misplaced(site, reference, shown, problem, hint)
    elif names[:1] == ("Task",):
        call = facts.calls.get(site.state.number)
        if site.state.type != "Task" or (call is not None and call.pattern == "" and call.kind in ("optimized", "sdk", "lambda")):
            problem = "there is a token only in a Task whose Resource ends in .waitForTaskToken or .sync"
            hint = "end the Resource with .waitForTaskToken" if site.state.type == "Task" else None
            yield _misplaced(site, reference, shown, problem, hint)


def _misplaced(site: Site, reference: _Reference, shown: str, problem: str, hint: str | None) -> Observed:
    within = Span(reference.places[0].start, reference.places[-1].end)
    values = {"reference": shown, "problem": problem}
    return "misplaced-context-member", Match(site.pointer, values, within=within, help=hint)


_CARRIERS: Final[Sequence[tuple[str, ...]]] = ((), ("Task",), ("Task", "Token"))


def _passes_token(facts: "Facts", number: int, arguments: Any) -> bool:
    """Whether an argument of the call may hold the token: a reference to it or to what contains it, or a text nobody knows."""
    if is_unknown(arguments) or _holds_unknown(arguments):
        return True
    for site in facts.sites:
        if site.state.number != number or site.field not in ("Arguments", "Parameters"):
            continue
        if any(reference.names[:2] in _CARRIERS for reference in _references(site)):
            return True
        if site.kind == "jsonata":
            if "$states" in site.text.replace("$states.", "") or site.jsonata[1]:
                return True  # $states as a whole
        elif site.path.errors:
            return True
    return False


def _holds_unknown(value: object) -> bool:
    pending = [value]
    while pending:
        inner = pending.pop()
        if is_unknown(inner) or (isinstance(inner, str) and inner.startswith(("{%", "$")) and has_placeholder(inner)):
            return True
        if isinstance(inner, dict):
            pending += inner.values()
        elif isinstance(inner, list):
            pending += inner
    return False
