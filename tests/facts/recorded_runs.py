"""Recorded executions as what they did: passes through scopes, each a row of states visited, from the events of a history.

The recordings normalise identifiers, drop ParallelStateSucceeded events, and fold the events of concurrent branches: those have
the id ``[0]`` and are sorted by type and name, so that of them only the states entered in each branch are known.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Event = Mapping[str, Any]
Outcome = Literal["succeeded", "failed", "aborted", "stopped"]
"""How a pass ended; ``stopped`` where something around it ended it."""

_FAULTS = frozenset({"TaskFailed", "TaskTimedOut", "LambdaFunctionFailed", "ActivityFailed", "ActivityTimedOut", "MapRunFailed"})
_ANSWERS = frozenset({"TaskSucceeded", "LambdaFunctionSucceeded", "ActivitySucceeded", "MapRunSucceeded", "MapStateSucceeded"})


NOT_RECORDED: Final = object()
"""Stands for a value of which there is no record."""


@dataclass
class Visit:
    """A stay in a state. ``error`` is what its last attempt ended with, None for none, ``""`` where no name was recorded.

    ``result`` is what a Task's work gave.
    """

    state: str
    input: Any
    exited: bool = False
    error: str | None = None
    assigned: Mapping[str, Any] = field(default_factory=dict)
    passes: list["Pass"] = field(default_factory=list)
    starts: int = 0
    """How often its scopes were started: once, and once more for each retry."""
    result: Any = NOT_RECORDED
    output: Any = NOT_RECORDED


@dataclass
class Pass:
    """A run through a scope: ``branch`` numbers the scope inside the state. ``ordered`` is False where events were folded."""

    parent: Visit | None = None
    around: "Pass | None" = None
    branch: int = 0
    is_iteration: bool = False
    visits: list[Visit] = field(default_factory=list)
    outcome: Outcome = "stopped"
    error: str | None = None
    ordered: bool = True


class Run:
    """One recorded execution."""

    def __init__(self, recording: Mapping[str, Any]) -> None:
        self.name: str = recording["test"].rpartition("::")[2]
        self.definition: Any = recording["definition"]
        self.root = Pass()
        self._at: dict[int, Pass] = {0: self.root}
        self._last = self.root
        for event in recording["events"]:
            number = event["id"]
            where = self._at.get(event["previousEventId"], self._last)
            self._last = where = self._read(event, where, folded=isinstance(number, list))
            if isinstance(number, int):
                self._at[number] = where

    def passes(self) -> Iterator[Pass]:
        """Every pass, an outer one before those inside it."""
        pending = [self.root]
        while pending:
            one = pending.pop(0)
            yield one
            pending += [inner for visit in one.visits for inner in visit.passes]

    def _read(self, event: Event, where: Pass, folded: bool) -> Pass:
        kind = event["type"]
        details = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
        if kind.startswith("Execution"):
            if kind != "ExecutionStarted":
                self._end(self.root, {"Succeeded": "succeeded", "Aborted": "aborted"}.get(kind[9:], "failed"), details)
            return self.root
        if kind.endswith("StateEntered"):
            return self._enter(details, where, folded)
        if kind.endswith("StateExited"):
            return self._leave(details, self._within(where, details["name"], folded))
        if folded:
            return where  # whose task it is was lost
        if kind == "MapIterationStarted":
            holder = self._open(where, details["name"])
            visit = holder.visits[-1]
            visit.passes.append(Pass(visit, holder, is_iteration=True))
            return visit.passes[-1]
        if kind in ("MapIterationSucceeded", "MapIterationFailed"):
            while not (where.is_iteration and where.parent is not None and where.parent.state == details["name"]):
                where = _outer(where)
            self._end(where, "succeeded" if kind == "MapIterationSucceeded" else "failed", details)
            return where
        return self._within_visit(kind, details, where)

    def _within_visit(self, kind: str, details: Mapping[str, Any], where: Pass) -> Pass:
        """An event of a state between its entry and its exit."""
        if "state" in details:
            where = self._open(where, details["state"])
        elif kind.startswith(("MapState", "ParallelState", "MapRun")):
            where = self._open(where, None)
        visit = where.visits[-1]
        if kind in ("MapStateStarted", "ParallelStateStarted"):
            self._fail_inside(visit)
            visit.starts += 1
            visit.error = None
        elif kind in _ANSWERS:
            visit.error = None
            visit.result = _json(details["output"]) if "output" in details else NOT_RECORDED
        elif kind in _FAULTS or kind == "EvaluationFailed":
            visit.error = details.get("error", "")
        elif kind in ("MapStateFailed", "ParallelStateFailed") and visit.error is None:
            self._fail_inside(visit)
            visit.error = ""
        return where

    def _fail_inside(self, visit: Visit) -> None:
        """A state with scopes failed: so did the branch that was not left. Of iterations it is recorded."""
        for one in visit.passes:
            if one.outcome == "stopped" and not one.is_iteration and one.visits and not one.visits[-1].exited:
                one.outcome = "failed"

    def _enter(self, details: Mapping[str, Any], where: Pass, folded: bool) -> Pass:
        name, visit = details["name"], where.visits[-1] if where.visits else None
        if folded or (visit is not None and not visit.exited and visit.starts):
            where = self._branch(self._open(where, None), name, folded)
        elif where.parent is not None and name not in self._states(where):
            where = self._branch(self._open(_outer(where), None), name, folded)
        where.visits.append(Visit(name, _json(details.get("input"))))
        return where

    def _branch(self, holder: Pass, name: str, folded: bool) -> Pass:
        """The pass of a branch that has a state of this name: the one that is going on, or a new one."""
        visit = holder.visits[-1]
        branches = self._states(holder)[visit.state]["Branches"]
        (number,) = (i for i, branch in enumerate(branches) if name in branch["States"])
        for one in visit.passes:
            if folded and one.branch == number:
                return one
        visit.passes.append(Pass(visit, holder, number, ordered=not folded))
        return visit.passes[-1]

    def _leave(self, details: Mapping[str, Any], where: Pass) -> Pass:
        visit = next(one for one in reversed(where.visits) if one.state == details["name"] and not one.exited)
        visit.exited = True
        visit.output = _json(details["output"]) if "output" in details else NOT_RECORDED
        visit.assigned = {name: _json(value) for name, value in details.get("assignedVariables", {}).items()}
        if visit.error is None:
            for one in visit.passes:
                if one.outcome == "stopped" and not one.is_iteration:
                    one.outcome = "succeeded"  # nothing else is recorded of branches
        return where

    def _within(self, where: Pass, name: str, folded: bool) -> Pass:
        """The pass, here or around, in which a state of this name has not been left."""
        if folded:
            branches = self._open(where, None).visits[-1].passes
            return next(one for one in branches if any(visit.state == name and not visit.exited for visit in one.visits))
        return self._open(where, name)

    def _open(self, where: Pass, name: str | None) -> Pass:
        """The innermost pass, here or around, whose last state is still there: one of this name, or any that holds scopes."""
        while True:
            visit = where.visits[-1] if where.visits else None
            if visit is not None and not visit.exited:
                holds = self._states(where)[visit.state]["Type"] in ("Map", "Parallel")
                if visit.state == name or (name is None and holds):
                    return where
            where = _outer(where)

    def _states(self, one: Pass) -> Mapping[str, Any]:
        return self.scope_of(one)["States"]

    def scope_of(self, one: Pass) -> Mapping[str, Any]:
        """The definition of the scope that a pass goes through."""
        if one.parent is None or one.around is None:
            return self.definition
        holder = self._states(one.around)[one.parent.state]
        return holder["Branches"][one.branch] if "Branches" in holder else holder.get("ItemProcessor") or holder["Iterator"]

    def pointer_of(self, one: Pass) -> tuple[str | int, ...]:
        """The pointer of that scope."""
        if one.parent is None or one.around is None:
            return ()
        holder = self._states(one.around)[one.parent.state]
        inner = (
            ("Branches", one.branch) if "Branches" in holder else ("ItemProcessor" if "ItemProcessor" in holder else "Iterator",)
        )
        return (*self.pointer_of(one.around), "States", one.parent.state, *inner)

    def _end(self, one: Pass, outcome: Outcome, details: Mapping[str, Any]) -> None:
        one.outcome = outcome
        if outcome == "failed":
            one.error = details.get("error")


def _outer(one: Pass) -> Pass:
    if one.around is None:
        raise ValueError("an event belongs to no state that has been entered")
    return one.around


def _json(value: Any) -> Any:
    """JSON that is recorded as a value or as its text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
