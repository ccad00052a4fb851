"""The budget of a machine as a table: each measure with its arithmetic and its limit, each loop, what has no bound and why."""

from collections.abc import Callable, Mapping

from asl_lint.aws.prices import USUAL_REGION
from asl_lint.facts.amounts import INFINITE, Amount
from asl_lint.facts.arithmetic import Term, terms
from asl_lint.facts.budgets import MOST_EVENTS, Budgets, Execution
from asl_lint.facts.time_limits import EXPRESS_ENDS, timeout
from asl_lint.late import TYPE_CHECKING, Final, NamedTuple
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.facts.visits import Measure

_ROWS: Final[tuple[tuple[str, "Measure"], ...]] = (
    ("history events", "events"), ("seconds", "seconds"), ("transitions", "transitions"),
)  # fmt: skip


class Row(NamedTuple):
    """A measure of an execution: at least (None: not known), at most without a retry (None: no matter), at most, and the limit
    with its name (None: there is none). ``terms`` are the arithmetic of the most, None where no one way has it.
    """

    name: str
    least: float | None
    untried: Amount | None
    most: Amount
    limit: float | None
    limited_by: str
    terms: tuple[Term, ...] | None


class LoopRow(NamedTuple):
    """A loop: its first state, its turns and what ends it, and a turn in events, least and most, and in seconds."""

    pointer: Pointer
    state: str
    depth: int
    turns: Amount
    reason: str
    events: tuple[Amount | None, Amount | None]
    seconds: Amount | None


class ExecutionBudget(NamedTuple):
    """An execution of a machine, or of an iteration of a distributed Map; ``unknown`` is what has no bound, with the reason."""

    pointer: Pointer
    is_express: bool | None
    rows: tuple[Row, ...]
    loops: tuple[LoopRow, ...]
    cost: tuple[float | None, Amount]
    unknown: tuple[tuple[str, Pointer, str], ...]


class MachineBudget(NamedTuple):
    """The budget of one machine; ``symbols`` says what each symbol in an amount stands for.

    ``conceal`` takes the secrets of the definition out of the names, pointers and reasons in it.
    """

    name: str
    file: str
    executions: tuple[ExecutionBudget, ...]
    symbols: Mapping[str, str]
    conceal: Callable[[str], str] = str


def budget_table(facts: "Facts", name: str, region: str = USUAL_REGION) -> MachineBudget:
    """The budget of a machine of this name, at the prices of a region."""
    executions = tuple(_execution(facts, execution, region) for execution in facts.budgets.executions)
    conceal = str if facts.secrets is None else facts.secrets.conceal_names
    return MachineBudget(name, facts.workflow.file, executions, facts.budgets.symbols, conceal)


def _execution(facts: "Facts", one: Execution, region: str) -> ExecutionBudget:
    unknown: dict[tuple[Pointer, str], str] = {}
    for name, measure in _ROWS:
        if measure == "seconds" and one.lasts() != INFINITE:
            continue
        for cause in one.causes(measure):
            unknown.setdefault((cause.pointer, cause.reason), name)
    rows = tuple(_row(facts, one, name, measure) for name, measure in _ROWS)
    found = tuple((name, pointer, reason) for (pointer, reason), name in unknown.items())
    cost = one.least_cost(region), one.cost(region)
    return ExecutionBudget(one.pointer, one.is_express, rows, _loops(facts.budgets, one), cost, found)


def _row(facts: "Facts", one: Execution, name: str, measure: "Measure") -> Row:
    limit: float | None = None
    limited_by = ""
    if measure == "events" and not one.is_express:
        limit, limited_by = MOST_EVENTS, "of a history"
    elif measure == "seconds":
        limit, limited_by = one.ends_after, _end_of(facts, one)
    found = terms(facts.budgets, one.scope, one.graph, measure)
    untried = one.most("untried") if measure == "events" else None
    most = one.lasts() if measure == "seconds" else one.most(measure)
    return Row(name, one.least(measure), untried, most, limit, limited_by, None if found is None else tuple(found))


def _end_of(facts: "Facts", one: Execution) -> str:
    if one.ends_after == timeout(facts):
        return "TimeoutSeconds"
    return "of an Express execution" if one.ends_after == EXPRESS_ENDS else "a year"


def _loops(budgets: Budgets, one: Execution) -> tuple[LoopRow, ...]:
    rows = []
    for loop in one.loops():
        turn: dict[Measure, Amount | None] = {
            measure: budgets.turn(loop, measure) for measure in ("untried", "events", "seconds")
        }
        events = turn["untried"], turn["events"]
        rows.append(LoopRow(loop.first.pointer, loop.first.name, loop.depth, loop.turns, loop.reason, events, turn["seconds"]))
    return tuple(rows)
