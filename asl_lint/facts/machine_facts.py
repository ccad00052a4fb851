"""Facts about one workflow, each computed when first asked for and kept as long as the workflow is."""

from collections.abc import Callable, Mapping, Sequence

from asl_lint.facts.match import Match
from asl_lint.late import TYPE_CHECKING, Final, Literal, NamedTuple, cached_property
from asl_lint.model.machine import Scope, StateMachine
from asl_lint.source.document import Document, Pointer
from asl_lint.source.secret_words import suspicious_words
from asl_lint.source.text import Span

if TYPE_CHECKING:
    from asl_lint.aws.policy_document import UnknownRole
    from asl_lint.facts.budgets import Budgets
    from asl_lint.facts.calls import Call
    from asl_lint.facts.constant_sources import Sources
    from asl_lint.facts.constants import Known
    from asl_lint.facts.given_role import GivenRole
    from asl_lint.facts.graph import FlowGraphs
    from asl_lint.facts.handlers import Retrier
    from asl_lint.facts.locks import Lock
    from asl_lint.facts.loops import Loop
    from asl_lint.facts.nesting import Nesting
    from asl_lint.facts.polls import Poll
    from asl_lint.facts.secrets import Secrets
    from asl_lint.facts.sites import Holdings, Site
    from asl_lint.facts.types import Types
    from asl_lint.facts.variables import Variables
    from asl_lint.facts.view import View
    from asl_lint.schemas.input_schema import InputSchema
    from asl_lint.source.machine_settings import MachineSettings
    from asl_lint.types.lattice import Type

MachineType = Literal["STANDARD", "EXPRESS"]


_STARTS: Final = ("startExecution", "startSyncExecution")


class NestedMachine(NamedTuple):
    """A state machine that another one starts: its name, and the seconds that its executions can last, None if nobody knows.

    ``output`` tells what an execution ends with that succeeds, None if nothing is known of it.
    """

    name: str
    seconds: float | None
    output: "Callable[[], Type | None]" = lambda: None


class Workflow(NamedTuple):
    """The unit that is checked: a definition, where it came from, and what is known of its deployment.

    ``file`` is its name as it was given, ``machine_type`` None where nobody said it. ``substitutions`` is what the deployment
    fills in, MISSING for a value that only it knows; None: nothing is known of the deployment. Of these, ``declared`` are said
    for this definition alone, and where (None: not in this file). ``role`` is what it runs with, None where nobody says it.
    ``input_schema`` is what somebody declares the input of an execution to be. ``as_yaml``: filled in, it is read as YAML
    where it is no JSON. ``as_texts``: SAM writes it as JSON before it is filled in, with texts in place of functions.
    ``settings`` are what a template says of how it runs: the document is the template's then, and no definition.
    ``nested`` tells of a machine that the same template deploys, by its ARN as a definition has it.
    """

    file: str
    document: Document
    machine_type: MachineType | None = None
    logical_id: str | None = None
    substitutions: Mapping[str, object] | None = None
    declared: Mapping[str, Span | None] = {}
    role: "GivenRole | UnknownRole | None" = None
    input_schema: "InputSchema | None" = None
    as_yaml: bool = False
    as_texts: bool = False
    settings: "MachineSettings | None" = None
    nested: Callable[[str], NestedMachine | None] | None = None


class Facts:
    """What is true of a workflow. Each property is computed once, on demand."""

    def __init__(self, workflow: Workflow) -> None:
        self.workflow: Workflow = workflow
        self.document: Document = workflow.document
        self.crashes: list[tuple[str, str]] = []
        """Readers of the definition that failed, and how: the others went on."""
        self.settings: MachineSettings | None = workflow.settings

    @cached_property
    def machine(self) -> StateMachine:
        """The definition as states, scopes and transitions."""
        return StateMachine(self.document.value)

    @cached_property
    def holdings(self) -> "Holdings":
        """The fields of each state that hold what is evaluated, or may."""
        from asl_lint.facts.sites import holdings

        return holdings(self.machine)

    @cached_property
    def sites(self) -> "Sequence[Site]":
        """Every string that is evaluated."""
        from asl_lint.facts.sites import sites

        return sites(self.holdings)

    @cached_property
    def text_graph(self) -> "FlowGraphs":
        """Where control can go as far as the text alone tells, scope by scope: what variables and types are found over."""
        from asl_lint.facts.graph import FlowGraphs

        return FlowGraphs(self.machine, self.document)

    @cached_property
    def graph(self) -> "FlowGraphs":
        """Where control can go, scope by scope. A Choice of which types prove that a rule always holds raises nothing.

        The numbers of its edges need not be those of ``text_graph``.
        """
        from asl_lint.facts.exhaustive_choices import exhaustive_choices

        exhaustive = exhaustive_choices(self)
        if not exhaustive:
            return self.text_graph
        from asl_lint.facts.graph import FlowGraphs

        return FlowGraphs(self.machine, self.document, exhaustive)

    @cached_property
    def nesting(self) -> "Nesting":
        """The graphs of all scopes, put into each other."""
        from asl_lint.facts.nesting import Nesting

        return Nesting(list(self.graph))

    @cached_property
    def variables(self) -> "Variables":
        """Which variables are set before each state, and which are read."""
        from asl_lint.facts.variables import Variables

        return Variables(self)

    @property
    def variable_names(self) -> Sequence[str]:
        """The names that are assigned anywhere. Nothing to import where none is."""
        return tuple(self.variables.bits) if "Assign" in self.document.text.content else ()

    @cached_property
    def types(self) -> "Types":
        """The types of the values at every point."""
        from asl_lint.facts.types import Types

        return Types(self)

    @cached_property
    def input_type(self) -> "Type":
        """The type of the input that an execution starts with."""
        from asl_lint.types.lattice import SOMETHING, Source

        declared = self.workflow.input_schema
        if declared is None:
            return SOMETHING
        from asl_lint.types.from_schema import type_of_schema

        found = type_of_schema(declared.schema, Source(declared.file))
        return SOMETHING if found.is_nothing else found.defined()

    @cached_property
    def cyclic_scopes(self) -> "Sequence[Scope]":
        """The scopes in which a transition leads back."""
        from asl_lint.facts.cycles import goes_back

        return [scope for scope in self.machine.scopes if goes_back(scope)]

    @cached_property
    def loops(self) -> "Sequence[Loop]":
        """The loops of every scope, and what ends each of them."""
        if not self.cyclic_scopes:
            return ()
        from asl_lint.facts.loops import loops

        return loops(self.cyclic_scopes, self.graph.of)

    @cached_property
    def polls(self) -> "Sequence[Poll]":
        """The loops that ask for the state of work, with what started it."""
        if not self.loops:
            return ()
        from asl_lint.facts.polls import polls

        return polls(self.loops, self.calls)

    @cached_property
    def constants(self) -> "Mapping[Pointer, Known]":
        """The values before each state that are the same in every run, by the state's pointer."""
        from asl_lint.facts.constants import known_values

        return known_values(self)

    @cached_property
    def constant_sources(self) -> "Sources":
        """What may be among the constants at all."""
        from asl_lint.facts.constant_sources import Sources

        return Sources(self)

    @cached_property
    def calls(self) -> "Mapping[int, Call]":
        """What each Task calls, by the number of its state."""
        from asl_lint.facts.calls import calls

        return calls(self.machine)

    @cached_property
    def executions_started(self) -> "Sequence[Call]":
        """The calls that start an execution of a state machine."""
        return [call for call in self.calls.values() if call.service == "states" and call.action in _STARTS]

    @cached_property
    def retriers(self) -> "Mapping[int, Sequence[Retrier]]":
        """The Retriers of each state that has some, by the number of the state."""
        retried = [state for state in self.machine.states if state.body.get("Retry")]
        if not retried:
            return {}
        from asl_lint.facts.handlers import retriers

        return {state.number: list(retriers(state)) for state in retried}

    @cached_property
    def reached_retriers(self) -> "Mapping[int, Sequence[Retrier]]":
        """The same with the errors that come to each."""
        if not self.retriers:
            return {}
        from asl_lint.facts.handlers import as_reached

        return {number: as_reached(found) for number, found in self.retriers.items()}

    @cached_property
    def secrets(self) -> "Secrets | None":
        """The secrets that the definition holds written out; None where no word of it suggests one."""
        words = suspicious_words(self.document.text.content)
        given = self.workflow.substitutions or {}
        for name, value in given.items():  # what is filled in stands elsewhere
            words += (*suspicious_words(name), *suspicious_words(value)) if isinstance(value, str) else ()
        if not words:
            return None
        from asl_lint.facts.secrets import secrets

        return secrets(self.document, words, given)

    @cached_property
    def budgets(self) -> "Budgets":
        """What an execution takes, at least and at most."""
        from asl_lint.facts.budgets import Budgets

        return Budgets(self)

    @cached_property
    def locks(self) -> "Sequence[Lock]":
        """The items of DynamoDB that the machine takes as locks."""
        # One write takes a lock, under a condition, and another gives it back.
        if "ConditionExpression" not in self.document.text.content:
            return ()
        if sum(call.service == "dynamodb" for call in self.calls.values()) < 2:
            return ()
        from asl_lint.facts.locks import locks

        return locks(self)

    @cached_property
    def views(self) -> "Sequence[View]":
        """Each state as rules of one's own see it, in the order of the machine's; many expressions read them."""
        from asl_lint.facts.view import state_view

        return [state_view(state) for state in self.machine.states]

    @cached_property
    def observations(self) -> Mapping[str, Sequence[Match]]:
        """Every fault that falls out of reading the definition, by code (see ``observations.py``)."""
        from asl_lint.facts.reading import observe

        found: dict[str, list[Match]] = {}
        for code, match in observe(self, self.crashes):
            found.setdefault(code, []).append(match)
        return found
