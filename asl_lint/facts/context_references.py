"""What expressions read of the context object: members that it does not have, members out of place, and tokens not passed on.

``Map.Item`` is there in a Map's ItemSelector (or its older name, Parameters) alone, ``Task.Token`` in Tasks that wait for a token
or for a job (D: Context object; recorded). A callback whose token nobody gets waits for its timeout (recorded). Linear.
"""

from collections.abc import Iterator, Sequence

from asl_lint.facts.match import Match, Place
from asl_lint.facts.sites import OFFSET, Site
from asl_lint.facts.values import alternatives
from asl_lint.late import TYPE_CHECKING, Final, NamedTuple
from asl_lint.source.document import Pointer, is_unknown
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
    waiting = {number: call for number, call in facts.calls.items() if call.pattern == "waitForTaskToken" and call.is_offered}
    content = facts.document.text.content
    if not waiting and "$$" not in content and "context" not in content:
        return
    for site in facts.sites:
        is_argument = bool(waiting) and site.state.number in waiting and site.field in ("Arguments", "Parameters", "InputPath")
        if "$$" in site.text or "context" in site.text:
            references = list(_references(site))
            if site.field != "ResultPath":
                for reference in references:
                    yield from _judge(facts, site, reference)
        elif not is_argument:
            continue
        else:
            references = []
        if is_argument and (_can_hold_any(site) or any(reference.names[:2] in _CARRIERS for reference in references)):
            del waiting[site.state.number]
    for call in waiting.values():
        if not _holds_unknown(call.arguments):
            state = call.state
            written = next(_texts_about_token(call.arguments, call.pointer), None)
            yield (
                "callback-without-token",
                Match(
                    (*state.pointer, "Resource"),
                    {"state": state.name},
                    help=f"pass {_TOKEN[state.language]}",
                    related=(Place(written, "this is passed as it is written"),) if written else (),
                ),
            )


_TOKEN: Final = {
    "JSONata": "{% $states.context.Task.Token %}",
    "JSONPath": "$$.Task.Token under a key that ends in .$",
}
_CARRIERS: Final[Sequence[tuple[str, ...]]] = ((), ("Task",), ("Task", "Token"))
"""What of the context object holds the token."""


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
        parsed = site.path
        for path in parsed.paths():
            if path.root == "context" and not parsed.errors:
                steps = []
                for step in path.steps:
                    if step.kind != "member":
                        break
                    steps.append(step)
                yield _Reference(tuple(s.names[0] for s in steps), tuple(Span(s.start, s.end) for s in steps), "$$")


def _judge(facts: "Facts", site: Site, reference: _Reference) -> Iterator[Observed]:
    from asl_lint.expressions.context_object import availability, unknown_context_name

    names = reference.names
    unknown = unknown_context_name(names)
    if unknown is not None:
        hint = None
        if unknown.near is not None:
            prefix = (reference.root, *names[: unknown.position]) if "." not in unknown.near else (reference.root,)
            hint = f"did you mean {'.'.join((*prefix, unknown.near))}?"
        elif unknown.known:
            hint = f"there are {alternatives(unknown.known, 'and')}" if len(unknown.known) > 1 else f"there is {unknown.known[0]}"
        within = reference.places[unknown.position]
        shown = _spelled(reference.root, names[: unknown.position + 1])
        yield "unknown-context-member", Match(site.pointer, {"reference": shown}, within=within, help=hint)
        return
    available = availability(names)
    if available == "always" or _tests_presence(site):
        return
    shown = ".".join((reference.root, *names[:2]))
    if available == "in-map-items":
        if not (site.owner == "Map" and site.field in ("ItemSelector", "Parameters")):
            problem = "Map.Item can be read in the ItemSelector of a Map alone"
            hint = "let the ItemSelector put it into the item's input"
            yield _misplaced(site, reference, shown, problem, hint)
    elif available == "in-tasks-with-token" and not _may_have_token(facts, site):
        problem = "there is a token only in a Task whose Resource ends in .waitForTaskToken or .sync"
        hint = "end the Resource with .waitForTaskToken" if site.state.type == "Task" else None
        yield _misplaced(site, reference, shown, problem, hint)


def _spelled(root: str, names: Sequence[str]) -> str:
    """The way to a member as it is written in the language of the root: a name that is no plain one in its marks."""
    mark = "['{}']" if root == "$$" else ".`{}`"
    return root + "".join(f".{name}" if name.replace("-", "_").isidentifier() else mark.format(name) for name in names)


def _may_have_token(facts: "Facts", site: Site) -> bool:
    """Whether the state has a token, or may: what a Resource says is not always known, and an activity is given one."""
    call = facts.calls.get(site.state.number)
    if call is None:
        return site.state.type == "Task"
    return call.pattern != "" or call.kind not in ("optimized", "sdk", "lambda")


def _tests_presence(site: Site) -> bool:
    """Whether the site asks if the member is there, so that its absence is no surprise."""
    if site.kind == "jsonata":
        return "$exists" in site.text
    if site.field != "Variable":
        return False
    rule = site.state.body
    for part in site.holder[len(site.state.pointer) :]:
        rule = rule[part]  # type: ignore[index]
    return "IsPresent" in rule


def _misplaced(site: Site, reference: _Reference, shown: str, problem: str, hint: str | None) -> Observed:
    within = Span(reference.places[0].start, reference.places[-1].end)
    values = {"reference": shown, "problem": problem}
    return "misplaced-context-member", Match(site.pointer, values, within=within, help=hint)


def _can_hold_any(site: Site) -> bool:
    """Whether nobody can say what an argument reads: a text that is not whole or has errors, or ``$states`` as a whole."""
    if has_placeholder(site.text):
        return True
    if site.kind == "half-open":
        return False
    if site.kind != "jsonata":
        return bool(site.path.errors)
    from asl_lint.expressions.jsonata.walk import states_references

    tree, errors = site.jsonata
    return bool(errors) or any(not reference.members for reference in states_references(tree))


def _texts_about_token(value: object, pointer: Pointer) -> Iterator[Pointer]:
    """Where a fixed text names the token."""
    pending = [(value, pointer)]
    while pending:
        inner, at = pending.pop()
        if isinstance(inner, str) and "Task.Token" in inner:
            yield at
        elif isinstance(inner, dict):
            pending += [(member, (*at, key)) for key, member in inner.items()]
        elif isinstance(inner, list):
            pending += [(member, (*at, i)) for i, member in enumerate(inner)]


_TARGETS: Final = frozenset({
    "QueueUrl", "FunctionName", "TopicArn", "TargetArn", "PhoneNumber", "Cluster", "TaskDefinition", "StateMachineArn",
    "EventBusName", "TableName", "JobQueue", "JobDefinition", "ApiEndpoint", "Stage", "Method", "MessageGroupId", "Qualifier",
    "InvocationType",
})  # fmt: skip
"""Arguments that say whom or what a call is for: a token in them would reach nobody."""


def _holds_unknown(value: object) -> bool:
    """Whether the deployment may put a reference into the arguments."""
    if isinstance(value, dict) and not is_unknown(value):
        value = [member for name, member in value.items() if name.removesuffix(".$") not in _TARGETS]
    pending = [value]
    while pending:
        inner = pending.pop()
        if isinstance(inner, str):
            if has_placeholder(inner) and inner.startswith(("{%", "$")):
                return True
        elif is_unknown(inner):
            return True
        elif isinstance(inner, dict):
            pending += inner.values()
        elif isinstance(inner, list):
            pending += inner
    return False
