"""Runs a definition with sfnx's interpreter, on the virtual clock and with what sfnx leaves out.

Added here: retry delays (the longest that full jitter allows), the machine's TimeoutSeconds, an execution id per run
and per child, concurrent children, history events by the table of one visit, and the edges that were taken.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from unittest.mock import patch

from jsonata.parser import Parser
from sfnx import testing

from tests.definitions.rehearsal.clock import Clock, MachineTimedOut
from tests.definitions.rehearsal.edges import Edges, states

EVENTS = {"Pass": 2, "Wait": 2, "Choice": 2, "Succeed": 2, "Fail": 1, "Task": 2, "Parallel": 4, "Map": 4}
ORIGINAL = {name: getattr(testing, name) for name in ("attempt", "entered", "evaluate", "run_map", "scope", "settled")}
ACCOUNT = "eu-central-1:123456789012"


@dataclass(frozen=True)
class Evaluation:
    """One expression as it was evaluated: what it could read, and its value or None with `failed`."""

    code: str
    variables: Mapping[str, Any]
    states: Mapping[str, Any]
    millis: int
    value: Any
    failed: bool


@dataclass
class Tally:
    """What an execution takes: virtual seconds, and history events, beginning and end included."""

    seconds: float = 0
    events: int = 2


@dataclass
class Run:
    """What one execution did."""

    execution_id: str
    entered: list[str] = field(default_factory=list)
    calls: list[testing.Call] = field(default_factory=list)
    callers: list[int] = field(default_factory=list)  # of each call: 0 for the execution itself, n for its nth child
    output: Any = None
    error: str | None = None
    cause: str | None = None
    timed_out: bool = False
    tally: Tally = field(default_factory=Tally)
    children: list[Tally] = field(default_factory=list)
    results: list[Any] = field(default_factory=list)  # of each child: its output, None if it failed
    evaluations: list[Evaluation] = field(default_factory=list)


class _Entered(list[str]):
    """The names of entered states, telling a listener of each."""

    def __init__(self, listen: Callable[[str], None]) -> None:
        super().__init__()
        self.listen = listen

    def append(self, name: str) -> None:
        super().append(name)
        self.listen(name)


class Interpreter:
    """One definition, ready to run many times; `edges` gathers over all of them."""

    def __init__(self, machine: Mapping[str, Any]) -> None:
        testing.check(machine)
        self.machine = machine
        self.states = states(machine)
        self.edges = Edges(machine)
        self.child: Any = None  # the input of the child execution that runs, if one does

    def run(self, execution_input: Any, tasks: testing.Tasks, clock: Clock, name: str, begin_map: Callable[[str], None]) -> Run:
        """Run to the end, to the machine's time-out or to an error; `begin_map` may fail a map run."""
        run = Run(f"arn:aws:states:{ACCOUNT}:execution:machine:{name}")
        start, outer = clock.millis, clock.deadline
        if "TimeoutSeconds" in self.machine:
            clock.deadline = start + self.machine["TimeoutSeconds"] * 1000

        def called(call: testing.Call) -> Any:
            run.callers.append(0 if self.child is None else len(run.children))
            return tasks(call)

        context = testing.execution_context(execution_input, clock.iso())
        context["Execution"] |= {"Id": run.execution_id, "Name": name}
        record = testing.Record(called, lambda wait: clock.advance(wait.seconds or 0))
        record.states = _Entered(lambda state: self._count(run, state))
        replaced = testing.REPLACED.set({"millis": lambda: clock.millis, "now": clock.iso})
        try:
            with (
                patch.multiple(testing, **self._replacements(run, clock, begin_map)),
                patch.object(Parser, "parse", _parsed_once),
            ):
                run.output = testing.scope(self.machine, {}, execution_input, context, record)
        except testing.Failure as failure:
            run.error, run.cause = failure.error, failure.cause
        except MachineTimedOut:
            run.timed_out = True
        finally:
            testing.REPLACED.reset(replaced)
            clock.deadline = outer
        run.entered, run.calls = list(record.states), record.calls
        run.tally.seconds = (clock.millis - start) / 1000
        return run

    def _count(self, run: Run, name: str) -> None:
        state = self.states[name]
        self._tally(run).events += EVENTS[state["Type"]]
        if state["Type"] in {"Succeed", "Fail"}:
            self.edges.take(state)

    def _tally(self, run: Run) -> Tally:
        return run.tally if self.child is None else run.children[-1]

    def _replacements(self, run: Run, clock: Clock, begin_map: Callable[[str], None]) -> dict[str, Any]:
        """What stands in for the interpreter's own functions of these names."""

        def entered(context: Any, name: str, state: Any, retries: int = 0) -> Any:
            about = ORIGINAL["entered"](context, name, state, retries)
            about["State"]["EnteredTime"] = clock.iso()
            return about

        def evaluate(code: str, variables: Mapping[str, Any], frame: Any) -> Any:
            value, failure = _evaluated(code, variables, frame, clock.millis)
            failed = failure is not None
            run.evaluations.append(Evaluation(code, dict(variables), frame, clock.millis, value, failed))
            if failure is not None:
                raise testing.Failure(failure.error, failure.cause)
            return value

        def settled(fields: Mapping[str, Any], variables: Any, frame: Any, default: Any) -> Any:
            if "errorOutput" in frame and not frame["errorOutput"].get("Cause"):
                frame = {**frame, "errorOutput": {"Error": frame["errorOutput"]["Error"]}}  # a time-out has no cause
            result = ORIGINAL["settled"](fields, variables, frame, default)
            self.edges.take(fields)
            return result

        def attempt(state: Any, name: str, *rest: Any) -> Any:
            if state["Type"] == "Task":
                self._tally(run).events += 4 if state["Resource"].endswith((".sync", ".sync:2")) else 3
            return ORIGINAL["attempt"](state, name, *rest)

        def retried(state: Any, name: str, variables: Any, given: Any, context: Any, record: Any, retries: list[int]) -> Any:
            retriers = state.get("Retry", [])
            retries[:] = [0] * len(retriers)
            while True:
                frame = {"input": given, "context": entered(context, name, state, sum(retries))}
                try:
                    return attempt(state, name, variables, frame, context, record)
                except testing.Failure as failure:
                    matching = (i for i, retrier in enumerate(retriers) if testing.matches(retrier["ErrorEquals"], failure.error))
                    index = next(matching, None)
                    if index is None or retries[index] >= retriers[index].get("MaxAttempts", 3):
                        raise
                    self.edges.take(retriers[index])
                    clock.advance(_delay(retriers[index], retries[index]))
                    retries[index] += 1

        def run_map(state: Any, name: str, variables: Any, frame: Any, context: Any, record: Any) -> Any:
            width = testing.value(state.get("MaxConcurrency", 0), variables, frame)
            if isinstance(width, bool) or not isinstance(width, int) or width < 0:
                raise testing.Failure("States.QueryEvaluationError", f"MaxConcurrency is {width!r}")
            begin_map(name)
            if state["ItemProcessor"].get("ProcessorConfig", {}).get("Mode") != "DISTRIBUTED":
                results = ORIGINAL["run_map"](state, name, variables, frame, context, record)
                self._tally(run).events += 2 * len(results)  # each iteration begins and ends
                return results
            run.tally.events += 2  # the map run begins and ends
            start, ends = clock.millis, [0] * (width or 10_000)

            def scope(definition: Any, inner: Any, child_input: Any, context: Any, record: Any) -> Any:
                if definition is not state["ItemProcessor"]:
                    return ORIGINAL["scope"](definition, inner, child_input, context, record)
                run.children.append(Tally())
                child = f"child-{len(run.children)}"
                execution = {**context["Execution"], "Id": f"{run.execution_id}/{name}:{child}", "Name": child}
                self.child, clock.millis, deadline, clock.deadline = child_input, start, clock.deadline, None
                run.results.append(None)
                try:
                    run.results[-1] = ORIGINAL["scope"](
                        definition, inner, child_input, {**context, "Execution": execution}, record
                    )
                    return run.results[-1]
                finally:
                    run.children[-1].seconds = (clock.millis - start) / 1000
                    heapq.heapreplace(ends, ends[0] + clock.millis - start)
                    self.child, clock.deadline = None, deadline

            with patch.object(testing, "scope", scope):
                result = ORIGINAL["run_map"](state, name, variables, frame, context, record)
            clock.millis = start
            clock.advance(max(ends) / 1000)
            return result

        return {
            "attempt": attempt,
            "entered": entered,
            "evaluate": evaluate,
            "retried": retried,
            "run_map": run_map,
            "settled": settled,
        }


_PARSE, _PARSED = Parser.parse, dict[str, Any]()
_VALUES: dict[Any, tuple[Any, testing.Failure | None]] = {}


def _parsed_once(parser: Parser, code: str, regex_engine: Any) -> Any:
    """The syntax tree of an expression, which evaluation does not change."""
    if code not in _PARSED:
        _PARSED[code] = _PARSE(parser, code, regex_engine)
    return _PARSED[code]


def _evaluated(code: str, variables: Mapping[str, Any], frame: Any, millis: int) -> tuple[Any, testing.Failure | None]:
    """The value or the failure of an expression; most scenarios of a machine begin alike, so both are kept."""
    names, parts, timed = _read_by(code)
    read = [variables.get(name, ...) for name in names], [frame.get(part, ...) for part in parts], millis if timed else ...
    key = code, repr(read)
    if key not in _VALUES:
        try:
            _VALUES[key] = ORIGINAL["evaluate"](code, variables, frame), None
        except testing.Failure as failure:
            _VALUES[key] = None, failure
    return _VALUES[key]


@cache
def _read_by(code: str) -> tuple[list[str], list[str], bool]:
    """The variables and the parts of $states that an expression can read, and whether it reads the clock."""
    names = set(re.findall(r"\$(\w+)", code))
    whole = "$states" in re.sub(r"\$states\.\w", "", code)
    parts = ["input", "context", "result", "errorOutput"] if whole else sorted(set(re.findall(r"\$states\.(\w+)", code)))
    return sorted(names - {"states"}), parts, not names.isdisjoint({"millis", "now", "random", "uuid"})


def _delay(retrier: Mapping[str, Any], retries: int) -> float:
    """The longest delay before the next attempt."""
    delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** retries
    return min(delay, retrier.get("MaxDelaySeconds", delay))
