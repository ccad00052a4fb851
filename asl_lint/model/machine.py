"""A machine as scopes, states and transitions, built from any JSON value whatever in one walk without recursion.

Total: what has the wrong shape is left out here and reported by the checks of fields. Linear in the definition's size.
"""

from collections.abc import Iterator, Mapping, Sequence

from asl_lint.late import Any, Final, Literal, NamedTuple
from asl_lint.source.document import Pointer, is_unknown

Language = Literal["JSONPath", "JSONata"]
ScopeKind = Literal["machine", "branch", "processor"]
StateType = Literal["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"]
TransitionKind = Literal["next", "default", "rule", "catch"]

STATE_TYPES: Final = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")

_NOTHING: Mapping[str, Any] = {}


class Transition:
    """An arrow that a state draws: ``target`` as written (any JSON value), ``pointer`` to where it is written."""

    __slots__ = ("index", "kind", "pointer", "source", "target")

    def __init__(self, kind: TransitionKind, index: int, source: "State", target: object, pointer: Pointer) -> None:
        self.kind = kind
        self.index = index
        self.source = source
        self.target = target
        self.pointer = pointer


class State:
    """A member of a ``States`` object. ``body`` is empty where the member is no object; ``type`` None where it is no string.

    ``is_language_known`` is False where the deployment fills the query language in; ``language`` is then a guess.
    ``number`` counts the states of the whole machine from 0, scope by scope, outer scopes first.
    """

    __slots__ = (
        "_transitions", "body", "is_language_known", "language", "name", "number", "pointer", "scope", "scopes", "type",
    )  # fmt: skip

    def __init__(self, name: str, pointer: Pointer, body: Mapping[str, Any], scope: "Scope", number: int) -> None:
        self.name = name
        self.pointer = pointer
        self.body = body
        self.scope = scope
        self.number = number
        kind = body.get("Type")
        self.type: str | None = kind if isinstance(kind, str) else None
        own = body.get("QueryLanguage")
        self.language: Language = scope.machine_language
        self.is_language_known = scope.is_language_known
        if own is not None:
            self.language = _language(own, scope.machine_language)
            self.is_language_known = not is_unknown(own) and (isinstance(own, str) or scope.is_language_known)
        self.scopes: list[Scope] = []
        self._transitions: list[Transition] | None = None

    def transitions(self) -> Sequence[Transition]:
        """The arrows out of this state, in the order: Next, rules, Default, Catchers. ``End`` draws none."""
        if self._transitions is None:
            self._transitions = self._draw()
        return self._transitions

    def _draw(self) -> list[Transition]:
        body, pointer, kind = self.body, self.pointer, self.type
        drawn: list[Transition] = []
        if kind == "Choice":
            for i, rule in enumerate(_list(body.get("Choices"))):
                if isinstance(rule, dict) and "Next" in rule:
                    drawn.append(Transition("rule", i, self, rule["Next"], (*pointer, "Choices", i, "Next")))
            if "Default" in body:
                drawn.append(Transition("default", 0, self, body["Default"], (*pointer, "Default")))
        elif "Next" in body and kind not in ("Succeed", "Fail"):
            drawn.append(Transition("next", 0, self, body["Next"], (*pointer, "Next")))
        if "Catch" in body:
            for i, catcher in enumerate(_list(body["Catch"])):
                if isinstance(catcher, dict) and "Next" in catcher:
                    drawn.append(Transition("catch", i, self, catcher["Next"], (*pointer, "Catch", i, "Next")))
        return drawn

    @property
    def is_terminal(self) -> bool:
        """Whether the scope can end here: Succeed, Fail, or ``End`` that is true or left to the deployment."""
        if self.type in ("Succeed", "Fail"):
            return True
        end = self.body.get("End", False)
        return end is not False and self.type != "Choice"


class Arrows(NamedTuple):
    """Where the arrows of a scope lead, its states counted from 0 in the order of the text: the targets of each state.

    ``are_known``: every target is a state of the scope; ``go_on``: every arrow leads to a state further below.
    """

    targets: Sequence[Sequence[int]]
    are_known: bool
    go_on: bool


class Scope:
    """One ``States`` object: the machine's, a branch's, or an item processor's. ``parent`` is the state that holds it."""

    __slots__ = (
        "_arrows", "_positions", "body", "is_language_known", "kind", "machine_language", "parent", "pointer", "states",
    )  # fmt: skip

    def __init__(
        self, kind: ScopeKind, pointer: Pointer, body: Mapping[str, Any], parent: State | None, machine_language: Language
    ) -> None:
        self.is_language_known = True
        self.kind = kind
        self.pointer = pointer
        self.body = body
        self.parent = parent
        self.machine_language = machine_language
        self.states: dict[str, State] = {}
        self._arrows: Arrows | None = None
        self._positions: dict[str, int] | None = None

    @property
    def positions(self) -> Mapping[str, int]:
        """Where in ``states`` each state stands, by its name."""
        if self._positions is None:
            self._positions = {name: i for i, name in enumerate(self.states)}
        return self._positions

    @property
    def arrows(self) -> Arrows:
        """Where the arrows of its states lead."""
        if self._arrows is None:
            self._arrows = self._follow()
        return self._arrows

    def _follow(self) -> Arrows:
        position = self.positions
        targets: list[list[int]] = []
        are_known = go_on = True
        for i, state in enumerate(self.states.values()):
            out: list[int] = []
            for transition in state.transitions():
                name = transition.target
                target = position.get(name) if isinstance(name, str) else None
                if target is None:
                    are_known = False
                    continue
                out.append(target)
                if target <= i:
                    go_on = False
            targets.append(out)
        return Arrows(targets, are_known, go_on)

    @property
    def start(self) -> State | None:
        """The state that ``StartAt`` names, if there is one."""
        name = self.body.get("StartAt")
        return self.states.get(name) if isinstance(name, str) else None

    @property
    def is_distributed(self) -> bool:
        """Whether this is a processor whose iterations are child executions."""
        config = self.body.get("ProcessorConfig")
        return self.kind == "processor" and isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED"

    @property
    def depth(self) -> int:
        """How many states enclose the scope: 0 for the machine's."""
        depth, parent = 0, self.parent
        while parent is not None:
            depth, parent = depth + 1, parent.scope.parent
        return depth


class StateMachine:
    """A whole definition. ``scopes`` and ``states`` are in a fixed order; the first scope is the machine's own."""

    __slots__ = ("_of_type", "body", "language", "scopes", "states")

    def __init__(self, value: object) -> None:
        self.body: Mapping[str, Any] = value if isinstance(value, dict) else _NOTHING
        self.language: Language = _language(self.body.get("QueryLanguage"), "JSONPath")
        self.scopes: list[Scope] = []
        self.states: list[State] = []
        self._of_type: dict[str | None, list[State]] = {}
        root = Scope("machine", (), self.body, None, self.language)
        root.is_language_known = not is_unknown(self.body.get("QueryLanguage"))
        pending = [root]
        while pending:
            scope = pending.pop()
            self.scopes.append(scope)
            pending.extend(reversed(self._read(scope)))

    def _read(self, scope: Scope) -> list[Scope]:
        inner: list[Scope] = []
        states = scope.body.get("States")
        if not isinstance(states, dict) or is_unknown(states):
            return inner
        for name, body in states.items():
            pointer = (*scope.pointer, "States", name)
            state = State(name, pointer, body if isinstance(body, dict) else _NOTHING, scope, len(self.states))
            scope.states[name] = state
            self.states.append(state)
            self._of_type.setdefault(state.type, []).append(state)
            if state.type not in ("Parallel", "Map"):
                continue
            state.scopes = list(_inner_scopes(state, self.language))
            for inner_scope in state.scopes:
                inner_scope.is_language_known = scope.is_language_known
            inner += state.scopes
        return inner

    def of_type(self, kind: StateType) -> Sequence[State]:
        """The states of a type, in the order of ``states``."""
        return self._of_type.get(kind, ())

    @property
    def root(self) -> Scope:
        """The machine's own scope."""
        return self.scopes[0]

    def to_networkx(self) -> Any:
        """The transitions as a ``networkx.MultiDiGraph``: nodes are pointers of states, edges carry ``kind`` and ``index``."""
        import networkx

        graph: Any = networkx.MultiDiGraph()
        graph.add_nodes_from((state.pointer, {"name": state.name, "type": state.type}) for state in self.states)
        for state in self.states:
            for transition in state.transitions():
                target = transition.target
                if isinstance(target, str) and target in state.scope.states:
                    node = state.scope.states[target].pointer
                    graph.add_edge(state.pointer, node, kind=transition.kind, index=transition.index)
        return graph


def _inner_scopes(state: State, language: Language) -> Iterator[Scope]:
    body, pointer = state.body, state.pointer
    if state.type == "Parallel":
        for i, branch in enumerate(_list(body.get("Branches"))):
            if isinstance(branch, dict):
                yield Scope("branch", (*pointer, "Branches", i), branch, state, language)
    elif state.type == "Map":
        for field in ("ItemProcessor", "Iterator"):
            processor = body.get(field)
            if isinstance(processor, dict):
                yield Scope("processor", (*pointer, field), processor, state, language)


def _language(value: object, inherited: Language) -> Language:
    """The service takes whatever string is not exactly ``JSONPath`` for JSONata, and complains of the value alone (F)."""
    if not isinstance(value, str) or is_unknown(value):
        return inherited
    return "JSONPath" if value == "JSONPath" else "JSONata"


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else ()
