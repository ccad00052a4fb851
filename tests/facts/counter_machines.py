"""Random machines that count, and a small interpreter that runs them: what loops are said to do is held against what they do.

A machine is written in one of three ways: JSONata with variables, JSONPath with variables, JSONPath with counters in the input.
Tasks answer at random, or as they are told to. Only what these machines use is interpreted.
"""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

import jsonata

NAMES = ("n", "m")
STATUSES = ("again", "done")
Step = tuple[str, str, int]
"""A state, the kind of the edge by which it is left, and the number of the rule or Catcher."""


class FailedError(Exception):
    """An expression that cannot be evaluated."""


# --- making ------------------------------------------------------------------------------------------------------------------


def machine(seed: int) -> dict[str, Any]:
    """A machine with loops, most of which count in some way."""
    rng = random.Random(seed)
    style = rng.choice(("jsonata", "jsonata", "variables", "data"))
    return _Maker(rng, style).machine()


class _Maker:
    def __init__(self, rng: random.Random, style: str) -> None:
        self.rng = rng
        self.style = style
        self.states: dict[str, Any] = {}
        self.signs = {name: rng.choice((1, 1, 1, -1)) for name in NAMES}

    def machine(self) -> dict[str, Any]:
        rng = self.rng
        begin = {name: rng.choice((0, 0, 0, 1, 3, 9, -4)) for name in NAMES if rng.random() < 0.95}
        self.states["Begin"] = {"Type": "Pass", "Next": "S0"} | self._put({"flag": False, "status": "again"} | begin, first=True)
        if rng.random() < 0.4:
            names = [f"S{i}" for i in range(rng.randint(2, 6))]
            for i, name in enumerate(names):
                onward = names[(i + 1) % len(names)] if rng.random() < 0.85 else rng.choice(names)
                self.states[name] = self._state(onward, names, is_last=name == names[-1])
        else:
            self._nest(list(NAMES[: rng.choice((1, 1, 2))]))
            for _ in range(rng.choice((0, 1, 1, 2))):
                self._disturb()
        self.states["End"] = {"Type": "Succeed"}
        return {
            "StartAt": "Begin",
            "QueryLanguage": "JSONata" if self.style == "jsonata" else "JSONPath",
            "States": {name: self.states[name] for name in self._reached()},
        }

    def _reached(self) -> list[str]:
        """The states to which something leads; the service refuses others."""
        reached, pending = {"Begin": None}, ["Begin"]
        while pending:
            for target in re.findall(r'"(?:Next|Default)": "(\w+)"', json.dumps(self.states[pending.pop()])):
                if target not in reached:
                    reached[target] = None
                    pending.append(target)
        return list(reached)

    def _nest(self, counters: list[str]) -> None:
        """Loops in one another, each of which counts and is tested at its end: Set, (inner loop or work), Step, Check."""
        rng = self.rng
        order: list[tuple[str, str]] = []
        for depth, counter in enumerate(counters):
            order.append(("set" if depth else "pass", counter))
        order.append(("work", ""))
        order += [(kind, counter) for counter in reversed(counters) for kind in ("step", "check")]
        names = [f"S{i}" for i in range(len(order))] + ["End"]
        heads = {counter: names[i] for i, (kind, counter) in enumerate(order) if kind in ("set", "pass")}
        for i, (kind, counter) in enumerate(order):
            onward = names[i + 1]
            if kind == "check":
                sign = self.signs[counter]
                # An inner loop turns behind the state that sets its counter.
                head = heads[counter] if counter == counters[0] else names[names.index(heads[counter]) + 1]
                stay = (
                    "cmp",
                    counter,
                    rng.choice(("<", "<=", "!=") if sign > 0 else (">", ">=", "!=")),
                    rng.randint(2, 6) * sign,
                )
                leave = ("not", stay) if rng.random() < 0.3 else None
                extra = ("and", stay, ("status",)) if rng.random() < 0.4 else stay
                if leave is None:
                    self.states[names[i]] = {"Type": "Choice", "Choices": [self._rule(extra) | {"Next": head}], "Default": onward}
                else:
                    self.states[names[i]] = {"Type": "Choice", "Choices": [self._rule(leave) | {"Next": onward}], "Default": head}
            elif kind == "work":
                self.states[names[i]] = self._state(onward, names[:-1], is_last=False, kind="Task")
            else:
                change: Any = ("add", self.signs[counter] * rng.choice((1, 1, 1, 2))) if kind == "step" else 0
                changes = {} if kind == "pass" else {counter: change}
                self.states[names[i]] = {"Type": "Pass", "Next": onward} | self._put(changes)

    def _disturb(self) -> None:
        """One edit of the kind that people make: a transition elsewhere, another state in its place."""
        rng = self.rng
        names = [name for name in self.states if name != "Begin"]
        name = rng.choice(names)
        if rng.random() < 0.5 and "Next" in self.states[name]:
            self.states[name]["Next"] = rng.choice(names)
        else:
            onward = self.states[name].get("Next") or self.states[name]["Default"]
            self.states[name] = self._state(onward, names, is_last=False)

    def _state(self, onward: str, names: list[str], is_last: bool, kind: str = "") -> dict[str, Any]:
        rng = self.rng
        kind = kind or rng.choices(("Choice", "Pass", "Task"), (3, 3, 2))[0]
        if is_last and rng.random() < 0.7:
            kind = "Choice"
        if kind == "Choice":
            rules = []
            for _ in range(rng.randint(1, 2)):
                target = rng.choice((onward, onward, "End", rng.choice(names)))
                rules.append(self._rule(self._test(0)) | {"Next": target} | self._assign(0.2))
            default = {"Default": rng.choice(("End", "End", onward, rng.choice(names)))}
            return {"Type": "Choice", "Choices": rules} | default | self._assign(0.2)
        if kind == "Pass":
            return {"Type": "Pass", "Next": onward} | self._put(self._changes(0.7))
        state: dict[str, Any] = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": onward}
        if rng.random() < 0.5:
            catcher: dict[str, Any] = {"ErrorEquals": ["States.ALL"], "Next": rng.choice((rng.choice(names), onward, "End"))}
            if self.style != "jsonata" and rng.random() < 0.9:
                catcher["ResultPath"] = "$.error"
            state["Catch"] = [catcher | self._assign(0.3)]
        if self.style == "data":
            return state | {"ResultPath": "$.status"}
        taken = {"status": "{% $states.result %}"} if self.style == "jsonata" else {"status.$": "$"}
        assigned = self._assign(0.4).get("Assign", {})
        path = {} if self.style == "jsonata" else {"ResultPath": None}
        return state | path | {"Assign": taken | assigned}

    def _changes(self, share: float) -> dict[str, Any]:
        rng = self.rng
        if rng.random() > share:
            return {}
        name = rng.choice(NAMES)
        kind = rng.choices(("add", "set", "copy", "flag"), (8, 1.2, 0.6, 1))[0]
        if kind == "add":
            return {name: ("add", self.signs[name] * rng.choice((1, 1, 1, 1, 2, 3, -1)))}
        if kind == "set":
            return {name: rng.choice((0, 0, 1, 7))}
        if kind == "copy":
            return {name: ("copy", rng.choice(NAMES))}
        return {"flag": rng.random() < 0.9}

    def _assign(self, share: float) -> dict[str, Any]:
        """An Assign, where the style has variables."""
        changes = self._changes(share) if self.style != "data" else {}
        return (
            {"Assign": {key: value for name, change in changes.items() for key, value in [self._said(name, change)]}}
            if changes
            else {}
        )

    def _put(self, changes: Mapping[str, Any], first: bool = False) -> dict[str, Any]:
        """What a Pass state does to carry out the changes."""
        if not changes:
            return {}
        if self.style != "data":
            return {"Assign": dict(self._said(name, change) for name, change in changes.items())}
        if first:
            return {"Result": {name: {"v": value} for name, value in changes.items() if name != "status"} | {"status": "again"}}
        name, change = next(iter(changes.items()))
        key, value = self._said(name, change)
        return {"Parameters": {key.replace(name, "v", 1): value}, "ResultPath": f"$.{name}"}

    def _said(self, name: str, change: Any) -> tuple[str, Any]:
        if not isinstance(change, tuple):
            return name, change
        kind, amount = change
        if self.style == "jsonata":
            if kind == "copy":
                return name, f"{{% ${amount} %}}"
            sign = "+" if amount > 0 else "-"
            forms = [f"${name} {sign} {abs(amount)}"] + ([f"{amount} + ${name}"] if amount > 0 else [])
            return name, f"{{% {self.rng.choice(forms)} %}}"
        path = self._path(str(amount) if kind == "copy" else name)
        return f"{name}.$", path if kind == "copy" else f"States.MathAdd({path}, {amount})"

    def _path(self, name: str) -> str:
        if self.style == "data":
            return f"$.{name}" if name == "status" else f"$.{name}.v"
        return f"${name}"

    # Tests are trees: ("cmp", name, operator, number or name), ("status",), ("flag",), ("and", …), ("or", …), ("not", …).

    def _test(self, depth: int) -> Any:
        rng = self.rng
        kind = rng.choices(
            ("cmp", "status", "flag", "and", "or", "not"), (8, 1, 1, 3, 1.5, 1.5) if depth < 2 else (8, 1, 1, 0, 0, 0)
        )[0]
        if kind in ("and", "or"):
            return kind, self._test(depth + 1), self._test(depth + 1)
        if kind == "not":
            return kind, self._test(depth + 1)
        if kind == "cmp":
            operator = rng.choices(("<", "<=", ">", ">=", "!=", "="), (5, 3, 2, 3, 1.5, 1))[0]
            return kind, rng.choice(NAMES), operator, rng.choice(NAMES) if rng.random() < 0.1 else rng.randint(-3, 7)
        return (kind,)

    def _rule(self, test: Any) -> dict[str, Any]:
        return {"Condition": f"{{% {self._in_jsonata(test)} %}}"} if self.style == "jsonata" else self._in_jsonpath(test)

    def _in_jsonata(self, test: Any) -> str:
        kind = test[0]
        if kind in ("and", "or"):
            return f"({self._in_jsonata(test[1])} {kind} {self._in_jsonata(test[2])})"
        if kind == "not":
            return f"$not({self._in_jsonata(test[1])})"
        if kind == "cmp":
            other = f"${test[3]}" if isinstance(test[3], str) else str(test[3])
            if self.rng.random() < 0.2:
                mirrored = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(test[2], test[2])
                return f"{other} {mirrored} ${test[1]}"
            return f"${test[1]} {test[2]} {other}"
        return "$flag" if kind == "flag" else "$status = 'again'"

    def _in_jsonpath(self, test: Any) -> dict[str, Any]:
        kind = test[0]
        if kind in ("and", "or"):
            return {kind.capitalize(): [self._in_jsonpath(test[1]), self._in_jsonpath(test[2])]}
        if kind == "not":
            return {"Not": self._in_jsonpath(test[1])}
        if kind == "flag":
            return {"Variable": self._path("flag"), "BooleanEquals": True}
        if kind == "status":
            return {"Variable": self._path("status"), "StringEquals": "again"}
        words = {"<": "LessThan", "<=": "LessThanEquals", ">": "GreaterThan", ">=": "GreaterThanEquals"}
        word, operand = f"Numeric{words.get(test[2], 'Equals')}", test[3]
        if isinstance(operand, str):
            word, operand = word + "Path", self._path(operand)
        rule = {"Variable": self._path(test[1]), word: operand}
        return {"Not": rule} if test[2] == "!=" else rule


# --- running -----------------------------------------------------------------------------------------------------------------


class Environment(NamedTuple):
    """How Tasks answer: the chance that one fails, and that one that does not says "again"."""

    failing: float
    again: float


def run(definition: Mapping[str, Any], environment: Environment, seed: int, most: int) -> Iterator[Step]:
    """The edges that an execution takes, ``most`` at most; it ends where nothing catches an error."""
    rng = random.Random(seed)
    states, language = definition["States"], definition["QueryLanguage"]
    evaluator = _jsonata_values if language == "JSONata" else _jsonpath_values
    name, variables, data = definition["StartAt"], dict[str, Any](), dict[str, Any]()
    for _ in range(most):
        state = states[name]
        result: Any = None
        try:
            if state["Type"] == "Succeed":
                yield name, "end", 0
                return
            if state["Type"] == "Choice":
                edge, holder, index = _chosen(state, variables, data, language)
                target = holder["Next"] if edge == "rule" else holder["Default"]
                assigned = evaluator(holder.get("Assign", {}), variables, data, None)
                yield name, edge, index
                variables = variables | assigned
                name = target
                continue
            if state["Type"] == "Task":
                if rng.random() < environment.failing:
                    raise FailedError("the work failed")
                result = "again" if rng.random() < environment.again else "done"
            assigned = evaluator(state.get("Assign", {}), variables, data, result)
            data = _output(state, variables, data, result, language)
        except FailedError:
            if not state.get("Catch"):
                return
            catcher = state["Catch"][0]
            try:
                assigned = evaluator(catcher.get("Assign", {}), variables, data, {"Error": "E"})
            except FailedError:
                return
            yield name, "catch", 0
            variables = variables | assigned
            data = data | {"error": {"Error": "E"}} if "ResultPath" in catcher else {"Error": "E"}
            name = catcher["Next"]
            continue
        yield name, "next", 0
        variables = variables | assigned
        name = state["Next"]


def _chosen(state: Any, variables: Any, data: Any, language: str) -> tuple[str, Any, int]:
    for index, rule in enumerate(state["Choices"]):
        if language == "JSONata":
            holds = _evaluated(rule["Condition"], tuple(sorted(variables.items())))
            if not isinstance(holds, bool):
                raise FailedError("the condition is neither true nor false")
        else:
            holds = _holds(rule, variables, data)
        if holds:
            return "rule", rule, index
    return "default", state, 0


def _jsonata_values(template: Mapping[str, Any], variables: Any, data: Any, result: Any) -> dict[str, Any]:
    frame = tuple(sorted(variables.items()))
    values: dict[str, Any] = {}
    for name, value in template.items():
        if value == "{% $states.result %}":
            values[name] = result
        elif isinstance(value, str) and value.startswith("{%"):
            found = _evaluated(value, frame)
            if found is None:
                raise FailedError("nothing to assign")
            values[name] = found
        else:
            values[name] = value
    return values


@cache
def _parsed(text: str) -> jsonata.Jsonata:
    return jsonata.Jsonata(text[2:-2])


@cache
def _evaluated(text: str, variables: tuple[tuple[str, Any], ...]) -> Any:
    expression = _parsed(text)
    frame = expression.create_frame()
    for name, value in variables:
        frame.bind(name, value)
    try:
        return expression.evaluate(None, frame)
    except jsonata.JException as error:
        raise FailedError(str(error)) from error


def _jsonpath_values(template: Mapping[str, Any], variables: Any, data: Any, result: Any) -> dict[str, Any]:
    return {
        name.removesuffix(".$"): _dynamic(value, variables, data if result is None else result) if name.endswith(".$") else value
        for name, value in template.items()
    }


def _dynamic(text: str, variables: Any, data: Any) -> Any:
    added = re.fullmatch(r"States\.MathAdd\((\S+), (-?\d+)\)", text)
    if added is None:
        return _at(text, variables, data)
    value = _at(added[1], variables, data)
    if isinstance(value, bool) or not isinstance(value, int):
        raise FailedError("no number")
    return value + int(added[2])


def _at(path: str, variables: Any, data: Any) -> Any:
    variable, _, members = path[1:].partition(".")
    value = variables if variable else data
    for member in ([variable] if variable else []) + [part for part in members.split(".") if part]:
        if not isinstance(value, dict) or member not in value:
            raise FailedError("there is no such value")
        value = value[member]
    return value


_TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "NumericLessThan": lambda a, b: a < b,
    "NumericLessThanEquals": lambda a, b: a <= b,
    "NumericGreaterThan": lambda a, b: a > b,
    "NumericGreaterThanEquals": lambda a, b: a >= b,
    "NumericEquals": lambda a, b: a == b,
}


def _holds(rule: Any, variables: Any, data: Any) -> bool:
    if "And" in rule:
        return all(_holds(part, variables, data) for part in rule["And"])
    if "Or" in rule:
        return any(_holds(part, variables, data) for part in rule["Or"])
    if "Not" in rule:
        return not _holds(rule["Not"], variables, data)
    value = _at(rule["Variable"], variables, data)
    operator = next(key for key in rule if key not in ("Variable", "Next", "Assign"))
    operand = _at(rule[operator], variables, data) if operator.endswith("Path") else rule[operator]
    test = _TESTS.get(operator.removesuffix("Path"))
    if test is None:
        return type(value) is type(operand) and value == operand
    return all(isinstance(side, int) and not isinstance(side, bool) for side in (value, operand)) and test(value, operand)


def _output(state: Any, variables: Any, data: Any, result: Any, language: str) -> Any:
    if language == "JSONata":
        return data
    if state["Type"] == "Task":
        return data if state["ResultPath"] is None else data | {state["ResultPath"][2:]: result}
    if "Result" in state:
        return state["Result"]
    if "Parameters" in state:
        return data | {state["ResultPath"][2:]: _jsonpath_values(state["Parameters"], variables, data, None)}
    return data
