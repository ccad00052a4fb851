"""An interpreter for the machines of ``lock_machines``: branches and iterations take turns at random, calls fail as a script of
chances says, and an error stops what runs beside it wherever that is. Only what these machines use is interpreted.
"""

import random
import re
from collections.abc import Generator, Iterator, Mapping
from typing import Any, Final, NamedTuple

Pointer = tuple[str | int, ...]
Fields = Mapping[str, Any]
Turns = Generator[None, None, Any]
"""What runs beside others: it yields whenever another one can have its turn."""

LONGEST: Final = 150
"""Steps after which a run is broken off."""


class Environment(NamedTuple):
    """The chances that work fails, that another execution has a lock, that a call of DynamoDB fails, that an expression does."""

    failing: float
    taken: float
    unavailable: float
    evaluation: float = 0.0


class Step(NamedTuple):
    """Something that happened: control came to a state (``enter``), left it by an edge of this kind, or the execution has ended
    (``ended``, with how as ``name``). ``place`` is where that is written.

    ``scope`` numbers the branch or iteration; ``attempts`` tell for each Parallel and Map around it which visit it was and which
    attempt of a Retry.
    """

    kind: str
    name: str
    place: Pointer
    state: Fields
    assigns: frozenset[str]
    scope: int
    attempts: tuple[tuple[int, int], ...]


class Run:
    """One execution. ``open``: the locks, by the state that took them, that no state has tried to give back since;
    ``unreleased``: that no answered call has given back; ``end``: how it ended, None if it was broken off.
    """

    def __init__(self, definition: Fields, environment: Environment, seed: int) -> None:
        self.steps: list[Step] = []
        self.end: str | None = None
        self.had_data_error = False
        self._rng = random.Random(seed)
        self._environment = environment
        self._language: str = definition["QueryLanguage"]
        self._open: set[tuple[str, _Item]] = set()
        self._unreleased: set[tuple[str, _Item]] = set()
        self._items: set[_Item] = set()
        self._scopes = self._visits = 0
        machine = self._scope(definition, (), {"k": "a", "flag": self._rng.choice("ab")}, {}, ())
        try:
            while True:
                next(machine)
        except StopIteration:
            self._finish("succeeded")
        except FailedError as error:
            self._finish("failed" if error.is_named else "error")
        except _CutError:
            pass

    def _finish(self, how: str) -> None:
        self.end = how
        self.steps.append(Step("ended", how, (), {}, frozenset(), 0, ()))

    @property
    def open(self) -> set[str]:
        """The states whose lock nobody has tried to give back."""
        return {state for state, _ in self._open}

    @property
    def unreleased(self) -> set[str]:
        """The states whose lock is not given back for certain."""
        return {state for state, _ in self._unreleased}

    # --- scopes -------------------------------------------------------------------------------------------------------------

    def _scope(self, scope: Fields, pointer: Pointer, data: Any, outer: Fields, attempts: tuple[tuple[int, int], ...]) -> Turns:
        variables = dict(outer)
        number, self._scopes = self._scopes, self._scopes + 1
        name = scope["StartAt"]
        while True:
            state = scope["States"][name]
            visit = _Visit(
                self, name, state, (*pointer, "States", name), number, attempts, state.get("QueryLanguage", self._language)
            )
            yield
            visit.tell("enter", visit.pointer)
            yield
            if state["Type"] == "Fail":
                raise FailedError(state["Error"], is_named=True)
            target, data = yield from visit.leave(data, variables)
            if target is None:
                return data
            name = target

    def count_visit(self) -> int:
        """A number for a visit of a Parallel or Map."""
        self._visits += 1
        return self._visits

    def chance(self, probability: float) -> bool:
        """Whether something that happens so often happens now."""
        return self._rng.random() < probability

    def choose(self, values: Any) -> Any:
        """One of them."""
        return self._rng.choice(values)

    def tell(self, step: Step) -> None:
        """Write down what happened."""
        if len(self.steps) >= LONGEST:
            raise _CutError
        self.steps.append(step)

    @property
    def environment(self) -> Environment:
        """The chances."""
        return self._environment

    # --- locks --------------------------------------------------------------------------------------------------------------

    def write(self, resource: str, arguments: Fields) -> None:
        """A call of DynamoDB is carried out, or refused, or fails; that may be after it was carried out."""
        item = _item(arguments)
        prefix = "DynamoDb" if "aws-sdk" in resource else "DynamoDB"
        condition = arguments.get("ConditionExpression", "")
        taking = _takes(arguments)
        fails = self.chance(self._environment.unavailable)
        if fails and self.chance(0.5):
            raise FailedError(f"{prefix}.InternalServerError")
        is_refused = (
            item in self._items and "#owner = :owner" not in condition if taking else condition and item not in self._items
        )
        if is_refused or (taking and self.chance(self._environment.taken)):
            raise FailedError(f"{prefix}.ConditionalCheckFailedException")
        (self._items.add if taking else self._items.discard)(item)
        if fails:
            raise FailedError(f"{prefix}.InternalServerError")

    def attempt(self, arguments: Fields) -> None:
        """A state is reached that gives a lock back."""
        self._open = {(state, item) for state, item in self._open if item != _item(arguments)}

    def answered(self, name: str, arguments: Fields) -> None:
        """A call was answered: a lock is taken, or given back."""
        item = _item(arguments)
        if _takes(arguments):
            self._open.add((name, item))
            self._unreleased.add((name, item))
        else:
            self._unreleased = {(state, other) for state, other in self._unreleased if other != item}

    def refused(self, arguments: Fields) -> None:
        """A release was told that the lock is not held."""
        self._unreleased = {(state, other) for state, other in self._unreleased if other != _item(arguments)}


_Item = tuple[str, str]


def _item(arguments: Fields) -> _Item:
    """The table and the key of a call."""
    return arguments["TableName"], (arguments.get("Key") or arguments["Item"])["pk"]["S"]


def _takes(arguments: Fields) -> bool:
    """Whether a call takes a lock rather than gives it back."""
    return "Item" in arguments or arguments.get("UpdateExpression") in ("SET #owner = :owner", "SET #status = :held")


class FailedError(Exception):
    """An error by its name; ``is_named``: a Fail state gave it."""

    def __init__(self, name: str, is_named: bool = False, is_data: bool = False) -> None:
        super().__init__(name)
        self.name = name
        self.is_named = is_named
        self.is_data = is_data


class _CutError(Exception):
    """The run is broken off: it is too long, or meets an error that nothing can catch."""


class _Visit:
    """One visit of a state."""

    def __init__(
        self,
        run: Run,
        name: str,
        state: Fields,
        pointer: Pointer,
        scope: int,
        attempts: tuple[tuple[int, int], ...],
        language: str,
    ) -> None:
        self.run = run
        self.name = name
        self.state = state
        self.pointer = pointer
        self.scope = scope
        self.attempts = attempts
        self.language = language

    def tell(self, kind: str, place: Pointer, assigns: frozenset[str] = frozenset()) -> None:
        self.run.tell(Step(kind, self.name, place, self.state, assigns, self.scope, self.attempts))

    def leave(self, data: Any, variables: dict[str, Any]) -> Generator[None, None, tuple[str | None, Any]]:
        """The state is run; answers where it leads and the next state's input, and sets the variables."""
        state = self.state
        if state["Type"] == "Choice":
            return self._choose(data, variables)
        if state["Type"] == "Succeed":
            self.tell("end", self.pointer)
            return None, data
        try:
            result = yield from self._retried(data, variables)
            assigned = self._assigned(state, data if state["Type"] == "Pass" else result, variables, data)
            output = self._output(state, data, result, variables)
            self._may_fail_to_evaluate()
        except FailedError as error:
            return self._caught(error, data, variables)
        kind = "next" if "Next" in state else "end"
        self._answer(kind, "", data, variables)
        self.tell(kind, (*self.pointer, "Next" if kind == "next" else "End"), _names(state))
        variables |= assigned
        return state.get("Next"), output

    def _choose(self, data: Any, variables: dict[str, Any]) -> tuple[str, Any]:
        self._may_fail_to_evaluate(self._fail_uncaught)
        for index, rule in enumerate(self.state["Choices"]):
            if self._holds(rule, data, variables):
                place: Pointer = (*self.pointer, "Choices", index, "Next")
                return self._go("rule", place, rule, rule["Next"], data, variables), data
        if "Default" not in self.state:
            self._fail_uncaught(FailedError("States.NoChoiceMatched"))
        return self._go("default", (*self.pointer, "Default"), self.state, self.state["Default"], data, variables), data

    def _go(self, kind: str, place: Pointer, holder: Fields, target: str, data: Any, variables: dict[str, Any]) -> str:
        assigned = self._assigned(holder, data, variables, data)
        self.tell(kind, place, _names(holder))
        variables |= assigned
        return target

    def _fail_uncaught(self, error: FailedError) -> None:
        self.tell("error", self.pointer)
        raise FailedError(error.name, is_data=error.is_data)

    def _caught(self, error: FailedError, data: Any, variables: dict[str, Any]) -> tuple[str, Any]:
        for index, catcher in enumerate(self.state.get("Catch", ())):
            if matches(catcher["ErrorEquals"], error.name):
                try:
                    assigned = self._assigned(catcher, {"Error": error.name}, variables, data)
                    output = self._output(catcher, data, {"Error": error.name}, variables)
                except FailedError:
                    raise _CutError from error  # what follows a Catcher that cannot be evaluated is not known
                self._answer("catch", error.name, data, variables)
                self.tell("catch", (*self.pointer, "Catch", index, "Next"), _names(catcher))
                variables |= assigned
                return catcher["Next"], output
        self._answer("error", error.name, data, variables)
        self._fail_uncaught(error)
        raise AssertionError

    def _retried(self, data: Any, variables: dict[str, Any]) -> Turns:
        left = [retrier["MaxAttempts"] for retrier in self.state.get("Retry", ())]
        visit = self.run.count_visit()
        if _is_write(self.state) and not _takes(self.state.get("Arguments") or self.state["Parameters"]):
            self.run.attempt(self._arguments(data, variables))
        items = self._items() if self.state["Type"] == "Map" else []
        attempt = 0
        while True:
            try:
                self._may_fail_to_evaluate()
                return (yield from self._work(data, variables, items, (*self.attempts, (visit, attempt))))
            except FailedError as error:
                for i, retrier in enumerate(self.state.get("Retry", ())):
                    if matches(retrier["ErrorEquals"], error.name):
                        if not left[i]:
                            raise
                        left[i] -= 1
                        break
                else:
                    raise
            attempt += 1
            self.tell("attempt", self.pointer)
            yield

    def _work(self, data: Any, variables: dict[str, Any], items: list[Any], attempts: tuple[tuple[int, int], ...]) -> Turns:
        state, run = self.state, self.run
        if state["Type"] == "Parallel":
            scopes = [(branch, (*self.pointer, "Branches", i), data) for i, branch in enumerate(state["Branches"])]
            return (yield from self._beside(scopes, variables, attempts, 0))
        if state["Type"] == "Map":
            return (yield from self._map(variables, items, attempts))
        if state["Type"] != "Task":
            return state.get("Result", data)
        if _is_write(state):
            arguments = self._arguments(data, variables)
            yield
            run.write(state["Resource"], arguments)
        elif run.chance(run.environment.failing):
            raise FailedError(run.choose(("E1", "E2", "States.Timeout") if "TimeoutSeconds" in state else ("E1", "E2")))
        yield
        return {"v": run.choose("ab")}

    def _items(self) -> list[Any]:
        """The items of a Map, the same for all its attempts."""
        written = self.state.get("Items")
        return (
            written if isinstance(written, list) else [{"k": self.run.choose("ab")} for _ in range(self.run.choose((0, 1, 2, 2)))]
        )

    def _map(self, variables: dict[str, Any], items: list[Any], attempts: tuple[tuple[int, int], ...]) -> Turns:
        state, processor = self.state, self.state["ItemProcessor"]
        is_distributed = processor["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
        scopes = [(processor, (*self.pointer, "ItemProcessor"), item) for item in items]
        tolerated = state.get("ToleratedFailureCount", 0)
        try:
            return (yield from self._beside(scopes, {} if is_distributed else variables, attempts, tolerated))
        except FailedError as error:
            if not is_distributed:
                raise
            raise FailedError("States.ExceedToleratedFailureThreshold") from error

    def _beside(self, scopes: Any, variables: Fields, attempts: tuple[tuple[int, int], ...], tolerated: int) -> Turns:
        """Branches or iterations take turns; when more of them have failed than are tolerated, the others stop where they are."""
        run = self.run
        turns = [run._scope(scope, pointer, data, variables, attempts) for scope, pointer, data in scopes]
        most = self.state.get("MaxConcurrency") or len(turns)
        results: dict[int, Any] = {}
        waiting = list(range(len(turns)))
        while waiting:
            i = run.choose(waiting[:most])
            try:
                next(turns[i])
            except StopIteration as finished:
                results[i] = finished.value
                waiting.remove(i)
            except FailedError:
                if not tolerated:
                    raise
                tolerated -= 1
                waiting.remove(i)
            yield
        return [results[i] for i in sorted(results)]

    def _answer(self, kind: str, error: str, data: Any, variables: Fields) -> None:
        """What a call of DynamoDB that has ended says of locks."""
        if _is_write(self.state):
            if kind in ("next", "end"):
                self.run.answered(self.name, self._arguments(data, variables))
            elif error.endswith("ConditionalCheckFailedException"):
                self.run.refused(self._arguments(data, variables))

    # --- values -------------------------------------------------------------------------------------------------------------

    def _may_fail_to_evaluate(self, raising: Any = None) -> None:
        chance = self.run.environment.evaluation
        if chance and _has_expression(self.state, self.language) and self.run.chance(chance):
            try:
                self._data_error()
            except FailedError as error:
                if raising is None:
                    raise
                raising(error)

    def _data_error(self) -> None:
        self.run.had_data_error = True
        name = "States.QueryEvaluationError" if self.language == "JSONata" else "States.ParameterPathFailure"
        raise FailedError(name, is_data=True)

    def _arguments(self, data: Any, variables: Fields) -> Any:
        return self._value(self.state.get("Arguments") or self.state["Parameters"], data, variables, None)

    def _assigned(self, holder: Fields, base: Any, variables: Fields, data: Any) -> dict[str, Any]:
        if "Assign" not in holder:
            return {}
        found: dict[str, Any] = self._value(holder["Assign"], base if self.language == "JSONPath" else data, variables, base)
        return found

    def _output(self, holder: Fields, data: Any, result: Any, variables: Fields) -> Any:
        if self.language == "JSONata":
            return self._value(holder["Output"], data, variables, result) if "Output" in holder else result
        path = holder.get("ResultPath", "$")
        if path is None or path == "$":
            return data if path is None else result
        if not isinstance(data, dict):
            self._data_error()
        return data | {path[2:]: result}

    def _value(self, written: Any, data: Any, variables: Fields, result: Any) -> Any:
        if isinstance(written, dict):
            found = {}
            for name, value in written.items():
                if name.endswith(".$"):
                    found[name[:-2]] = self._found(_place_of_path(value), data, variables, result)
                else:
                    found[name] = self._value(value, data, variables, result)
            return found
        if isinstance(written, str) and written.startswith("{%"):
            return self._found(_place_of_expression(written[2:-2].strip()), data, variables, result)
        return written

    def _found(self, place: tuple[str, ...], data: Any, variables: Fields, result: Any) -> Any:
        found = _look_up(place, data, variables, result)
        if found is _NOTHING:
            self._data_error()
        return found

    def _holds(self, rule: Fields, data: Any, variables: Fields) -> bool:
        if "Condition" in rule:
            tests = rule["Condition"][2:-2].strip().split(" and ")
            return all(self._is_so(test, data, variables) for test in tests)
        if "And" in rule:
            return all(self._holds(part, data, variables) for part in rule["And"])
        if "Not" in rule:
            return not self._holds(rule["Not"], data, variables)
        found = _look_up(_place_of_path(rule["Variable"]), data, variables, None)
        if found is _NOTHING:
            raise _CutError
        return bool(found == rule["StringEquals"])

    def _is_so(self, test: str, data: Any, variables: Fields) -> bool:
        said = re.fullmatch(r"(\S+) (=|!=) '(\w)'", test)
        assert said is not None, test
        found = _look_up(_place_of_expression(said[1]), data, variables, None)
        return found is not _NOTHING and (found == said[3]) is (said[2] == "=")


class _Nothing:
    """No value."""


_NOTHING: Final = _Nothing()


def matches(names: list[str], error: str) -> bool:
    """Whether a handler of these names takes the error."""
    for name in names:
        if name == error or name == "States.ALL" or (name == "States.Timeout" and error == "States.HeartbeatTimeout"):
            return True
        if name == "States.TaskFailed" and error not in ("States.Timeout", "States.QueryEvaluationError"):
            return True
    return False


def _names(holder: Fields) -> frozenset[str]:
    return frozenset(name.removesuffix(".$") for name in holder.get("Assign", ()))


def _is_write(state: Fields) -> bool:
    return "dynamodb" in state.get("Resource", "")


_UNEVALUATED: Final = {
    "Type",
    "Next",
    "End",
    "QueryLanguage",
    "Resource",
    "Retry",
    "Catch",
    "Branches",
    "ItemProcessor",
    "Default",
    "Result",
}


def _has_expression(state: Fields, language: str) -> bool:
    return not _UNEVALUATED.issuperset(state)


def _place_of_path(text: str) -> tuple[str, ...]:
    if text.startswith("$$."):
        return ("context", *text[3:].split("."))
    return ("input", *text[2:].split(".")) if text.startswith("$.") else ("variable", text[1:])


def _place_of_expression(text: str) -> tuple[str, ...]:
    return tuple(text[8:].split(".")) if text.startswith("$states.") else ("variable", text[1:])


def _look_up(place: tuple[str, ...], data: Any, variables: Fields, result: Any) -> Any:
    roots: dict[str, Any] = {"input": data, "variable": variables, "result": result}
    roots["context"] = {"Execution": {"Name": "this run", "Id": "its id"}}
    value = roots[place[0]]
    for member in place[1:]:
        if not isinstance(value, dict) or member not in value:
            return _NOTHING
        value = value[member]
    return value


def all_pairs(steps: list[Step]) -> Iterator[tuple[Step, Step]]:
    """Each step with each one after it."""
    return ((one, other) for i, one in enumerate(steps) for other in steps[i + 1 :])
