"""States that begin with an object of known members, and read a member that it does not have.

Three things make such an object: a Catcher that replaces the input by the error, an ItemBatcher, and a ResultWriter. It is
followed through states that pass it on. Nothing is done where a machine has none of the three; else what a state reads is found
once, for each of them.
"""

from collections.abc import Iterator, Mapping

from asl_lint.facts.match import Match, Place
from asl_lint.late import TYPE_CHECKING, Any, Final, NamedTuple
from asl_lint.model.machine import Scope, State
from asl_lint.near import near
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.facts.sites import Site

Observed = tuple[str, Match]

_ERROR: Final = ("Error", "Cause")
_BATCH: Final = ("Items", "BatchInput")
_EXPORT: Final = ("MapRunArn", "ResultWriterDetails")

_STEPS: Final = 20
"""States through which an object is followed."""


class _Read(NamedTuple):
    """A read of a member that the object does not have: the site, the path as written, and the states passed on the way."""

    site: "Site"
    path: str
    way: tuple[State, ...]


def known_input_faults(facts: "Facts") -> Iterator[Observed]:
    """Observations about reads that find nothing."""
    reads = _Reads(facts)
    for state in facts.machine.states:
        body = state.body
        if isinstance(body.get("Catch"), list):
            yield from _catchers(state, body["Catch"], reads)
        if state.type == "Map" and state.is_language_known:
            yield from _map(state, reads)


def _catchers(state: State, catchers: list[Any], reads: "_Reads") -> Iterator[Observed]:
    for i, catcher in enumerate(catchers):
        if not isinstance(catcher, Mapping) or not state.is_language_known:
            continue
        replaced = catcher.get("ResultPath", "$") == "$" if state.language == "JSONPath" else "Output" not in catcher
        found = reads.after(state.scope, catcher.get("Next"), _ERROR) if replaced else None
        if found is None:
            continue
        pointer: Pointer = (*state.pointer, "Catch", i)
        reader = found.site.state
        keeps = 'a ResultPath ("$.error") keeps it' if state.language == "JSONPath" else "an Output keeps it"
        meant = near(found.path.rsplit(".", 1)[-1], ("Error", "Cause"))
        hint = f"the state's input is gone then; {keeps}" if meant is None else f'did you mean "{meant}"?'
        yield (
            "input-lost-by-catch",
            Match(
                pointer,
                {"state": state.name, "reader": reader.name, "path": found.path},
                help=hint,
                related=(Place(found.site.pointer, "read here"),),
                path=_chain((*pointer, "Next"), f'"{state.name}" fails and is caught', found),
            ),
        )


def _map(state: State, reads: "_Reads") -> Iterator[Observed]:
    body = state.body
    if isinstance(body.get("ItemBatcher"), Mapping) and not is_unknown(body["ItemBatcher"]):
        for scope in state.scopes:
            found = reads.after(scope, scope.body.get("StartAt"), _BATCH)
            if found is not None:
                values = {
                    "path": found.path,
                    "state": found.site.state.name,
                    "object": "a batch",
                    "members": "Items and BatchInput",
                }
                related = (Place((*state.pointer, "ItemBatcher"), "batches are made here", "key"),)
                start = ((*scope.pointer, "StartAt"), f'"{state.name}" starts an iteration')
                yield "read-of-nothing", Match(found.site.pointer, values, related=related, path=_chain(*start, found))
    if _exports(state):
        found = reads.after(state.scope, body.get("Next"), _EXPORT)
        if found is not None:
            values = {
                "path": found.path, "state": found.site.state.name, "object": "what a ResultWriter leaves",
                "members": "MapRunArn and ResultWriterDetails",
            }  # fmt: skip
            related = (Place((*state.pointer, "ResultWriter"), "the results are written to S3 here", "key"),)
            path = _chain((*state.pointer, "Next"), f'"{state.name}" is done', found)
            yield "read-of-nothing", Match(found.site.pointer, values, related=related, path=path)


def _exports(state: State) -> bool:
    """Whether a Map's output is what its ResultWriter says of the export, and nothing else."""
    body = state.body
    writer = body.get("ResultWriter")
    if not isinstance(writer, Mapping) or is_unknown(writer) or "Resource" not in writer:
        return False
    if state.language == "JSONata":
        return "Output" not in body
    return "ResultSelector" not in body and body.get("ResultPath", "$") == "$" and body.get("OutputPath", "$") == "$"


def _chain(pointer: Pointer, begin: str, found: _Read) -> tuple[Place, ...]:
    steps = [Place(pointer, f'{begin}: "{found.way[0].name}"')]
    steps += [
        Place((*before.pointer, "Next"), f'"{before.name}", then "{state.name}"')
        for before, state in zip(found.way, found.way[1:], strict=False)
    ]
    return tuple(steps)


class _Reads:
    """What states read, each state and object looked at once."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._sites: dict[int, list[Site]] | None = None
        self._known: dict[tuple[int, frozenset[str]], tuple[Site, str] | None] = {}
        self._followed: dict[tuple[int, tuple[str, ...]], _Read | None] = {}

    def after(self, scope: Scope, target: object, members: tuple[str, ...]) -> _Read | None:
        """The first read that must fail if the target begins with an object of these members; None if nothing is sure to."""
        state = scope.states.get(target) if isinstance(target, str) else None
        if state is None:
            return None
        key = state.number, members
        if key not in self._followed:
            self._followed[key] = self._follow(state, frozenset(members))
        return self._followed[key]

    def _follow(self, first: State, members: frozenset[str]) -> _Read | None:
        way: list[State] = []
        state: State | None = first
        held: frozenset[str] | None = members
        while state is not None and held is not None and state not in way and len(way) < _STEPS:
            if not state.is_language_known or not self._facts.document.is_whole(state.pointer):
                return None
            way.append(state)
            found = self._first_read(state, held)
            if found is not None:
                return _Read(*found, tuple(way))
            held = _passed_on(state, held)
            target = state.body.get("Next")
            state = state.scope.states.get(target) if isinstance(target, str) else None
        return None

    def _first_read(self, state: State, members: frozenset[str]) -> "tuple[Site, str] | None":
        key = state.number, members
        if key not in self._known:
            if self._sites is None:
                self._sites = {}
                for site in self._facts.sites:
                    self._sites.setdefault(site.state.number, []).append(site)
            sites = self._sites.get(state.number, [])
            self._known[key] = next((found for site in sites if (found := _missing_read(site, members)) is not None), None)
        return self._known[key]


def _passed_on(state: State, members: frozenset[str]) -> frozenset[str] | None:
    """The members of the state's output, None where it is another value."""
    body = state.body
    if state.type == "Wait":
        if state.language == "JSONata":
            return members if "Output" not in body else None
        return members if body.get("InputPath", "$") == "$" and body.get("OutputPath", "$") == "$" else None
    if state.type not in ("Pass", "Task", "Parallel", "Map") or state.language == "JSONata":
        return members if state.type == "Pass" and "Output" not in body else None
    if body.get("OutputPath", "$") != "$":
        return None
    result_path = body.get("ResultPath", "$")
    if result_path is None:
        return members
    if isinstance(result_path, str) and result_path.startswith("$.") and not has_placeholder(result_path):
        # The result goes beside what is there: under the first name of the path.
        return members | {result_path[2:].partition(".")[0].partition("[")[0]}
    replaced = state.type != "Pass" or any(field in body for field in ("Result", "Parameters"))
    return None if replaced or body.get("InputPath", "$") != "$" else members


# --- reads that must find something -------------------------------------------------------------------------------------------

_OF_INPUT: Final = frozenset({
    "InputPath", "Parameters", "ItemsPath", "ItemSelector", "SecondsPath", "TimestampPath", "TimeoutSecondsPath",
    "HeartbeatSecondsPath", "ErrorPath", "CausePath", "MaxConcurrencyPath",
})  # fmt: skip
"""Fields of JSONPath states whose paths start at the state's input, and fail the state where they find nothing (recorded)."""
_SEES_PART: Final = frozenset({"Parameters", "ItemsPath", "ItemSelector", "SecondsPath", "TimestampPath"})
"""Of these, fields that see the input through InputPath."""
_NO_INPUT: Final = frozenset({"Catcher", "Retrier"})


def _missing_read(site: "Site", members: frozenset[str]) -> tuple["Site", str] | None:
    """The site with a path of it that finds nothing in an object of these members; None where none is sure to."""
    if site.owner in _NO_INPUT or has_placeholder(site.text):
        return None
    if site.kind == "jsonata":
        return _missing_in_jsonata(site, members)
    if site.state.language == "JSONata" or site.kind == "half-open":
        return None
    if site.field in _OF_INPUT:
        if site.field in _SEES_PART and site.state.body.get("InputPath", "$") != "$":
            return None
    elif not _is_first_test(site):
        return None
    return _missing_in_path(site, members)


def _is_first_test(site: "Site") -> bool:
    """Whether this is the Variable of a Choice's first rule, which is looked at whatever the others say."""
    state = site.state
    if state.type != "Choice" or site.pointer != (*state.pointer, "Choices", 0, "Variable"):
        return False
    return "IsPresent" not in state.body["Choices"][0] and state.body.get("InputPath", "$") == "$"


def _missing_in_path(site: "Site", members: frozenset[str]) -> tuple["Site", str] | None:

    parsed = site.path
    if parsed.errors:
        return None
    for path in parsed.paths():
        if path.root != "input" or not path.steps:
            continue
        step = path.steps[0]
        # A path of several places finds an empty list.
        definite = all(step.kind in ("member", "index") for step in path.steps)
        if definite and step.kind == "member" and step.names[0] not in members:
            return site, path.source
    return None


def _missing_in_jsonata(site: "Site", members: frozenset[str]) -> tuple["Site", str] | None:
    """An expression that is a path alone: where it finds nothing, the state fails (recorded)."""
    if "$states.input" not in site.text or site.owner == "ChoiceRule":
        return None
    from asl_lint.facts.cells import cell_of_node

    tree, errors = site.jsonata
    cell = None if errors else cell_of_node(tree)
    if cell is None or cell.root != "input" or cell.measure or not cell.members or not isinstance(cell.members[0], str):
        return None
    return (site, str(cell)) if cell.members[0] not in members else None
