"""An interpreter for the machines of ``budget_machines`` that counts: history events as the service was seen to write them, one
by one, transitions, and the seconds of a virtual clock.

Branches and iterations run beside each other. When one fails, the others end at that moment wherever they are, and what is open
in them is aborted. Calls take as long, fail, and coins fall, as a script of chances says.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tests.facts.budget_machines import ERRORS, EVALUATION, TIMEOUT

Pointer = tuple[str | int, ...]


class Chances(NamedTuple):
    """That a call fails, that this is by its timeout, that an expression does, that a coin holds; ``slow``: each call takes as
    long as it can, and each jitter delays as much as it can; ``most`` states are entered.
    """

    failing: float
    timing_out: float
    evaluation: float
    coin: float
    slow: bool
    most: int = 1500


class FailedError(Exception):
    """An error of the language, by its name."""


class CutError(Exception):
    """More states were entered than may be."""


@dataclass
class Tally:
    """What happened: at each moment so many events and transitions. ``open`` are the moments at which what is entered and not
    left was entered.
    """

    ticks: list[tuple[float, int, int]] = field(default_factory=list)
    open: list[tuple[float, float]] = field(default_factory=list)

    def add(self, at: float, events: int, transitions: int = 0) -> None:
        self.ticks.append((at, events, transitions))

    def take(self, other: "Tally", until: float | None = None) -> None:
        """What happened in another run, up to a moment, at which what is open there is aborted."""
        for at, events, transitions in other.ticks:
            if until is None or at <= until:
                self.add(at, events, transitions)
        for entered, left in other.open:
            if until is not None and entered <= until < left:
                self.add(until, 1)
            self.open.append((entered, left if until is None else min(left, until)))

    @property
    def events(self) -> int:
        return sum(events for _, events, _ in self.ticks)

    @property
    def transitions(self) -> int:
        return sum(transitions for _, _, transitions in self.ticks)


class Ended(NamedTuple):
    """How a run through a scope ended: when, with which error, and what happened in it."""

    at: float
    error: str | None
    tally: Tally


class Run:
    """An execution: ``children`` are those of distributed Maps, by the Map's pointer; ``sizes`` the most items of each Map."""

    def __init__(self, definition: Mapping[str, Any], chances: Chances, seed: int) -> None:
        self.rng = random.Random(seed)
        self.chances = chances
        self.language = definition["QueryLanguage"]
        self.entered = 0
        self.children: list[tuple[Pointer, Ended]] = []
        self.sizes: dict[str, int] = {}
        self.whole: Ended | None = None
        try:
            ended = self.scope(definition, (), 0.0, {}, is_inner=False)
        except CutError:
            return
        ended.tally.add(0, 2)
        self.whole = ended

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def scope(self, body: Mapping[str, Any], pointer: Pointer, at: float, outer: Mapping[str, Any], is_inner: bool) -> Ended:
        tally, variables, name = Tally(), dict(outer), body["StartAt"]
        while True:
            self.entered += 1
            if self.entered > self.chances.most:
                raise CutError
            state = body["States"][name]
            visit = _Visit(self, name, state, (*pointer, "States", name), tally, at, variables)
            begun = at
            try:
                target = visit.left()
            except FailedError as failed:
                if is_inner and state["Type"] in ("Task", "Parallel", "Map"):
                    tally.add(visit.at, 1)  # aborted
                return Ended(visit.at, str(failed), tally)
            at = visit.at
            if state["Type"] in ("Task", "Wait", "Parallel", "Map"):
                tally.open.append((begun, at))
            if target is None:
                return Ended(at, None, tally)
            name = target


class _Visit:
    def __init__(
        self, run: Run, name: str, state: Mapping[str, Any], pointer: Pointer, tally: Tally, at: float, variables: dict[str, Any]
    ) -> None:
        self.run = run
        self.name = name
        self.state = state
        self.pointer = pointer
        self.tally = tally
        self.at = at
        self.variables = variables

    def left(self) -> str | None:
        """The state that comes next, None where the scope ends."""
        state, kind = self.state, self.state["Type"]
        self.tally.add(self.at, 1, 1)  # entered
        if kind == "Fail":
            raise FailedError(state["Error"])
        if kind == "Choice":
            holder = self.chosen()
        else:
            try:
                self.retried()
                holder = state
            except FailedError as failed:
                holder = self.caught(str(failed))
        self.tally.add(self.at, 1)  # exited
        target = holder.get("Next", holder.get("Default"))
        return None if target is None else str(target)

    def chosen(self) -> Mapping[str, Any]:
        for rule in self.state["Choices"]:
            if self.run.language != "JSONata":
                holds = self.run.chance(self.run.chances.coin)
            else:
                self.evaluate()
                coin, compared = "$coin" in rule["Condition"], re.search(r"\$(x\d+) < (\d+)", rule["Condition"])
                holds = not coin or self.run.chance(self.run.chances.coin)
                if compared is not None:
                    if compared[1] not in self.variables:
                        self.fail_evaluation()
                    holds = holds and self.variables[compared[1]] < int(compared[2])
            if holds:
                return dict(rule)
        if "Default" not in self.state:
            raise FailedError("States.NoChoiceMatched")
        return self.state

    def caught(self, error: str) -> Mapping[str, Any]:
        for catcher in self.state.get("Catch", ()):
            if matches(catcher["ErrorEquals"], error):
                self.settle(catcher)
                return dict(catcher)
        raise FailedError(error)

    def retried(self) -> None:
        retriers: Sequence[Mapping[str, Any]] = self.state.get("Retry", ())
        made = [0] * len(retriers)
        while True:
            try:
                self.attempt()
                self.settle(self.state)
                return
            except FailedError as failed:
                index = next((i for i, one in enumerate(retriers) if matches(one["ErrorEquals"], str(failed))), None)
                if index is None or made[index] == retriers[index].get("MaxAttempts", 3):
                    if self.state["Type"] in ("Parallel", "Map") and str(failed) != EVALUATION:
                        self.tally.add(self.at, 1)  # the state failed
                    raise
                self.at += self.delay(retriers[index], made[index])
                made[index] += 1
                self.tally.add(self.at, 0, 1)

    def delay(self, retrier: Mapping[str, Any], made: int) -> float:
        delay = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2.0) ** made
        delay = min(delay, retrier.get("MaxDelaySeconds", delay))
        is_full = retrier.get("JitterStrategy") == "FULL" and not self.run.chances.slow
        return float(delay * (self.run.rng.random() if is_full else 1))

    # --- attempts ---------------------------------------------------------------------------------------------------------------

    def attempt(self) -> None:
        kind = self.state["Type"]
        if kind == "Wait":
            self.at += self.state["Seconds"]
        elif kind == "Task":
            self.call()
        elif kind == "Parallel":
            self.tally.add(self.at, 1)  # started
            self.beside([(branch, (*self.pointer, "Branches", i)) for i, branch in enumerate(self.state["Branches"])], 0)
            self.tally.add(self.at, 1)  # succeeded
        elif kind == "Map":
            self.map()

    def call(self) -> None:
        run, within = self.run, self.state.get("TimeoutSeconds")
        if "Arguments" in self.state:
            self.evaluate()
        is_job = self.state["Resource"].endswith(".sync")
        takes = float(within or 1000) if run.chances.slow else run.rng.uniform(0, within or 1000)
        self.tally.add(self.at, 3 if is_job else 2)  # scheduled, started, submitted
        if run.chance(run.chances.failing):
            error = TIMEOUT if within is not None and run.chance(run.chances.timing_out) else run.rng.choice(ERRORS)
            self.at += within if error == TIMEOUT else 0 if is_job else takes
            self.tally.add(self.at, 1)  # failed or timed out
            raise FailedError(error)
        self.at += takes
        self.tally.add(self.at, 1)  # succeeded

    def map(self) -> None:
        run = self.run
        items = self.state.get("Items")
        if isinstance(items, str):
            self.evaluate()
        size = len(items) if isinstance(items, list) else run.rng.randint(0, 3)
        run.sizes[self.name] = max(run.sizes.get(self.name, 0), size)
        processor, at = self.state["ItemProcessor"], (*self.pointer, "ItemProcessor")
        if "ProcessorConfig" not in processor:
            self.tally.add(self.at, 1)  # started
            self.beside([(processor, at)] * size, self.state["MaxConcurrency"], is_iteration=True)
            self.tally.add(self.at, 1)  # succeeded
            return
        self.tally.add(self.at, 2)  # started, and its run
        ended = list(self.started([(processor, at)] * size, self.state["MaxConcurrency"], is_child=True))
        self.at = max((one.at for one in ended), default=self.at)
        self.tally.add(self.at, 1)  # the run ended
        for one in ended:
            self.tally.ticks += [(moment, 0, transitions) for moment, _, transitions in one.tally.ticks]
        if any(one.error is not None for one in ended):
            raise FailedError("States.ExceedToleratedFailureThreshold")
        self.tally.add(self.at, 1)  # succeeded

    def started(self, scopes: Sequence[tuple[Any, Pointer]], width: int, is_child: bool) -> Iterator[Ended]:
        """Runs through scopes, so many at once, each when one before it has ended."""
        free = [self.at] * (width or len(scopes))
        for body, pointer in scopes:
            begin = min(free)
            ended = self.run.scope(body, pointer, begin, {} if is_child else self.variables, is_inner=not is_child)
            free[free.index(begin)] = ended.at
            if is_child:
                tally = Tally([*ended.tally.ticks, (begin, 2, 0)])
                self.run.children.append((self.pointer, Ended(ended.at - begin, ended.error, tally)))
            yield ended if is_child else Ended(ended.at, ended.error, _with_begin(ended.tally, begin))

    def beside(self, scopes: Sequence[tuple[Any, Pointer]], width: int, is_iteration: bool = False) -> None:
        ended = list(self.started(scopes, width, is_child=False))
        failed = [one for one in ended if one.error is not None]
        until = min((one.at for one in failed), default=None)
        for one in ended:
            begin = one.tally.ticks[0][0]
            if until is not None and begin > until:
                continue  # it was not begun
            self.tally.take(one.tally, until)
            if is_iteration:
                self.tally.add(begin, 2)  # begun and ended
        self.at = max((one.at for one in ended), default=self.at) if until is None else until
        if failed:
            raise FailedError(str(next(one.error for one in failed if one.at == until)))

    # --- expressions ------------------------------------------------------------------------------------------------------------

    def settle(self, holder: Mapping[str, Any]) -> None:
        if self.run.language != "JSONata" or not {"Assign", "Output"} & holder.keys():
            return
        self.evaluate()
        for name, value in holder.get("Assign", {}).items():
            counted = re.fullmatch(r"{% \$(\w+) \+ (\d) %}", value) if isinstance(value, str) else None
            if counted is not None and counted[1] not in self.variables:
                self.fail_evaluation()
            self.variables[name] = self.variables[counted[1]] + int(counted[2]) if counted is not None else value

    def evaluate(self) -> None:
        if self.run.chance(self.run.chances.evaluation):
            self.fail_evaluation()

    def fail_evaluation(self) -> None:
        self.tally.add(self.at, 1)  # the evaluation failed
        raise FailedError(EVALUATION)


def _with_begin(tally: Tally, begin: float) -> Tally:
    return Tally([(begin, 0, 0), *tally.ticks], tally.open)


def matches(listed: Sequence[str], error: str) -> bool:
    """Whether a handler of these names takes the error."""
    wide = "States.TaskFailed" in listed and error not in (TIMEOUT, EVALUATION)
    return wide or error in listed or "States.ALL" in listed
