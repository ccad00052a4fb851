"""Random machines that set and read variables: every state with an ``Assign``, scopes in scopes, both query languages.

What control does depends on coins: each state's input holds some under ``coins``, with the ``items`` of a Map, and a Task answers
with new ones. Texts are so that a fault in them comes from a variable that is not set; the numbers in them do not matter.
"""

import random
from collections.abc import Iterator, Mapping
from typing import Any, Final

COINS: Final = ("c0", "c1", "c2")
ERRORS: Final = ("E1", "E2")
TIMEOUT: Final = "States.Timeout"
NEVER_SET: Final = "z"

_POOLS: Final = (("a", "b", "c", "d"), ("p", "q"), ("r", "s"))
"""The names that a scope sets, by its depth."""
_SIZES: Final = ((5, 9), (1, 4), (1, 2))
"""The fewest and the most states of a scope, by its depth."""

VALUES: Final = (
    "$v", "$v", "$v + 1", "2 * $v", "-$v", "$abs($v)", "($v)", "($x := $v; $x + 1)", "$sum([$v, 1])", "[$v, 0][0]", "$v + $w",
    "$exists($v) ? $v : 0", "$v ? $v : 1", "$exists($v) and $v > 1 ? $v : 2", "$not($exists($v)) ? 0 : $v", "$v > 1 ? $v : 3",
    "$v = 1 ? 1 : 2", "$count($v)", "$append($v, 1)[0]", "$type($v) = 'number' ? $v : 4", "$not($v) ? 1 : 0",
    "($v := 7; $v)", "$map([1, 2], function($v) { $v + 1 })[0]", "($x := $v; $v := 2; $v)", "$exists($w) ? $v : $w",
    "$v > 0 or $exists($w) ? 1 : 0", "$string($v) = '1' ? $v : 0", "$exists($v) or $exists($w) ? $max([$v, $w]) : 0",
    "$exists($v) or $exists($w) ? $v : 0", "$not($exists($v) and $exists($w)) ? 0 : $v",
)  # fmt: skip
"""JSONata that makes a number, if what it needs is set."""
SHOWN: Final = (
    *VALUES, "$string($v)", "$v & '.'", "[$v]", "{'x': $v}", "$not($v)", "$type($v)", "$boolean($v)", "$merge({'x': $v})",
    "$v = 1", "$v > 1", "$v and $w", "$v in [1, 2]", "$lookup({'x': 1}, 'x') + $v", "[1..$v]",
)  # fmt: skip
"""JSONata that makes anything."""
CONDITIONS: Final = (
    "$exists($v)", "$exists($v)", "$not($exists($v))", "$v > 1", "$v = 1", "$not($v = 1)", "$v != 2", "$exists($v) and $v > 1",
    "$exists($v) ? $v > 1 : $coin", "$not($exists($v)) or $v < 2", "$boolean($v)", "$v in [1, 2]", "$type($v) = 'number'",
    "$count($v) = 1", "$not($v < 3)", "1 <= $v", "$coin ? $exists($v) : $exists($w)", "$not($exists($v) or $v > $w)",
)  # fmt: skip


def machine(seed: int) -> dict[str, Any]:
    """A machine in JSONata, in JSONPath, or in JSONPath with states in JSONata."""
    rng = random.Random(seed)
    style = rng.choice(("JSONata", "JSONata", "JSONPath", "JSONPath", "both"))
    return _Maker(rng, style).machine()


class _Maker:
    def __init__(self, rng: random.Random, style: str) -> None:
        self.rng = rng
        self.style = style
        self.apart = rng.random() < 0.8
        """Whether inner scopes set names of their own, as the service demands where the outer ones can be set."""
        self.jsonata = style == "JSONata"
        """Whether the state that is being made is in JSONata."""
        self.count = 0
        self.assigned: list[str] = []
        """Names that were set in texts so far."""

    def machine(self) -> dict[str, Any]:
        return {"QueryLanguage": "JSONata" if self.style == "JSONata" else "JSONPath"} | self.scope(0)

    # --- states -------------------------------------------------------------------------------------------------------------

    def scope(self, depth: int) -> dict[str, Any]:
        outside = list(self.assigned)
        names = [f"S{self.count + i}" for i in range(self.rng.randint(*_SIZES[depth]))]
        self.count += len(names)
        states = {name: self.state(name, names, depth) for name in names}
        if depth:
            self.assigned = outside if self.rng.random() < 0.9 else self.assigned
        return {"StartAt": names[0], "States": {name: states[name] for name in _reached(names[0], states)}}

    def state(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        rng = self.rng
        if self.style == "both":
            self.jsonata = rng.random() < 0.5
        is_last, is_first = name == names[-1], name == names[0]
        if is_last and rng.random() < 0.5:
            body = self.end(depth)
        elif not is_last and rng.random() < 0.3:
            body = self.choice(name, names, depth)
        else:
            onward = {"End": True} if is_last else {"Next": self.onward(name, names)}
            deep = 2.5 if depth < 2 else 0
            kind = rng.choices(("Pass", "Task", "Parallel", "Map"), (5 if is_first else 3, 4, deep, deep))[0]
            jsonata = self.jsonata
            body = {"Type": kind, **getattr(self, f"do_{kind.lower()}")(depth)}
            self.jsonata = jsonata  # an inner state of the other language came between
            assign = self.begin() if not depth and is_first else self.assign(depth, 0.7, takes_result=kind == "Task")
            body |= self.output(kind) | assign | onward
            if kind != "Pass":
                body |= self.handlers(name, names, depth)
        if self.style == "both" and self.jsonata:
            body["QueryLanguage"] = "JSONata"
        return body

    def onward(self, name: str, names: list[str]) -> str:
        return names[names.index(name) + 1] if self.rng.random() < 0.8 else self.target(name, names)

    def target(self, name: str, names: list[str]) -> str:
        """Mostly a state further down."""
        return self.rng.choice(names[names.index(name) + 1 :] if self.rng.random() < 0.75 and name != names[-1] else names)

    def end(self, depth: int) -> dict[str, Any]:
        rng = self.rng
        if depth and rng.random() < 0.3:
            return {"Type": "Fail", "Error": rng.choice(ERRORS)}
        reads = self.jsonata and rng.random() < 0.5
        return {"Type": "Succeed"} | ({"Output": {"seen": self.seen()}} if reads else {})

    def choice(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        rng = self.rng
        rules = [
            self.rule() | {"Next": self.target(name, names)} | self.assign(depth, 0.4) | self.output("rule")
            for _ in range(rng.randint(1, 3))
        ]
        body: dict[str, Any] = {"Type": "Choice", "Choices": rules} | self.assign(depth, 0.4) | self.output("rule")
        return body | ({"Default": self.onward(name, names)} if rng.random() < 0.85 else {})

    def do_pass(self, depth: int) -> dict[str, Any]:
        return {}

    def do_task(self, depth: int) -> dict[str, Any]:
        body: dict[str, Any] = {"Resource": "arn:aws:states:::lambda:invoke"}
        if self.rng.random() < 0.3:
            body["TimeoutSeconds"] = 60
        if self.rng.random() < 0.25:
            body["Arguments" if self.jsonata else "Parameters"] = self.member("seen", self.seen())
        return body

    def do_parallel(self, depth: int) -> dict[str, Any]:
        body: dict[str, Any] = {}
        if self.rng.random() < 0.3:
            body["Arguments" if self.jsonata else "Parameters"] = self.coins() | self.member("seen", self.seen())
        return body | {"Branches": [self.scope(depth + 1) for _ in range(self.rng.randint(1, 2))]}

    def do_map(self, depth: int) -> dict[str, Any]:
        body: dict[str, Any] = {"ItemsPath": "$.coins.items"}
        if self.jsonata:
            body = {"Items": "{% $states.input.coins.items %}"}
        if self.rng.random() < 0.4:
            body["ItemSelector"] = self.coins("context.Map.Item.Value", "$.Map.Item.Value") | self.member("seen", self.seen())
        processor: dict[str, Any] = {}
        if self.rng.random() < 0.25:
            processor["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
            if self.rng.random() < 0.5:
                body["ToleratedFailurePercentage"] = 100
        return body | {"ItemProcessor": processor | self.scope(depth + 1)}

    def handlers(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        rng, body = self.rng, dict[str, Any]()
        if rng.random() < 0.4:
            listed = rng.choice((["E1"], ["States.ALL"], ["States.TaskFailed"], ["E2", TIMEOUT]))
            body["Retry"] = [{"ErrorEquals": listed, "MaxAttempts": rng.randint(0, 2)}]
        if rng.random() < 0.6:
            listed = rng.choice((["E1"], ["E2", TIMEOUT], ["States.TaskFailed"], ["States.QueryEvaluationError"]))
            every = [listed, ["States.ALL"]][rng.choice((0, 1, 1)) :] if rng.random() < 0.7 else [listed, ["States.ALL"]]
            body["Catch"] = [self.catcher(one, name, names, depth) for one in every]
        return body

    def catcher(self, errors: list[str], name: str, names: list[str], depth: int) -> dict[str, Any]:
        body = {"ErrorEquals": errors, "Next": self.target(name, names)} | self.assign(depth, 0.6)
        return body | ({"Output": self.coins()} if self.jsonata else {"ResultPath": None})

    # --- what they set and read ---------------------------------------------------------------------------------------------

    def assign(self, depth: int, share: float, takes_result: bool = False) -> dict[str, Any]:
        rng = self.rng
        if rng.random() > share:
            return {}
        pool = _POOLS[depth] if self.apart else _POOLS[0]
        names = rng.sample(pool, rng.choice((1, 1, 2)))
        found: dict[str, Any] = {}
        for name in names:
            found |= self.member(name, self.value(takes_result))
        self.assigned += names
        return {"Assign": found}

    def begin(self) -> dict[str, Any]:
        """What the first state sets, from nothing."""
        self.assigned = self.rng.sample(_POOLS[0], self.rng.randint(0, 3))
        return {"Assign": {name: self.rng.randint(0, 3) for name in self.assigned}} if self.assigned else {}

    def name(self) -> str:
        """A variable to read: mostly one that was set further up in the text."""
        rng = self.rng
        if self.assigned and rng.random() < 0.92:
            return rng.choice(self.assigned)
        return rng.choice((*_POOLS[0], *_POOLS[1], *_POOLS[2], NEVER_SET))

    def value(self, takes_result: bool) -> Any:
        """A number, or what makes one: a text for ``member``."""
        rng = self.rng
        if rng.random() < 0.65:
            return rng.randint(0, 3)
        if takes_result and rng.random() < 0.3:
            return "{% $states.result.n %}" if self.jsonata else "$.n"
        if self.jsonata:
            return self.jsonata_of(VALUES)
        return rng.choice((f"${self.name()}", f"States.MathAdd(${self.name()}, 1)"))

    def seen(self) -> str:
        if self.jsonata:
            return self.jsonata_of(SHOWN)
        name = self.name()
        return self.rng.choice((f"${name}", f"States.Format('{{}}', ${name})"))

    def jsonata_of(self, forms: tuple[str, ...]) -> str:
        form = self.rng.choice(forms).replace("$coin", f"$states.input.coins.{self.rng.choice(COINS)}")
        return f"{{% {form.replace('$v', f'${self.name()}').replace('$w', f'${self.name()}')} %}}"

    def member(self, name: str, value: Any) -> dict[str, Any]:
        """A member of an object that is evaluated."""
        dynamic = isinstance(value, str) and not self.jsonata
        return {f"{name}.$" if dynamic else name: value}

    def coins(self, states: str = "input", path: str = "") -> dict[str, Any]:
        return {"coins": f"{{% $states.{states}.coins %}}"} if self.jsonata else {"coins.$": f"${path}.coins"}

    def output(self, kind: str) -> dict[str, Any]:
        """What keeps the coins: a Task's answer holds new ones, the results of inner scopes hold none."""
        reads = self.rng.random() < 0.15
        if not self.jsonata:
            if kind == "Pass":
                return {"Parameters": self.coins() | self.member("seen", self.seen())} if reads else {}
            if kind == "Task" and reads:
                selector = {"coins.$": "$.coins", "n.$": "$.n"}
                return {"ResultSelector": selector | self.member("seen", self.seen())}
            return {"ResultPath": None} if kind in ("Parallel", "Map") else {}
        source = self.coins("result") if kind == "Task" else self.coins()
        if reads:
            return {"Output": source | self.member("seen", self.seen())}
        return {"Output": source} if kind in ("Parallel", "Map") else {}

    # --- rules --------------------------------------------------------------------------------------------------------------

    def rule(self) -> dict[str, Any]:
        return {"Condition": f"{{% {self.condition(0)} %}}"} if self.jsonata else self.test(0)

    def condition(self, depth: int) -> str:
        rng = self.rng
        kind = rng.choices(("coin", "variable", "and", "or", "not"), (3, 4, 1, 1, 0.5) if depth < 2 else (3, 4, 0, 0, 0))[0]
        if kind in ("and", "or"):
            return f"({self.condition(depth + 1)} {kind} {self.condition(depth + 1)})"
        if kind == "not":
            return f"$not({self.condition(depth + 1)})"
        return self.jsonata_of(CONDITIONS)[3:-3] if kind == "variable" else f"$states.input.coins.{rng.choice(COINS)}"

    def test(self, depth: int) -> dict[str, Any]:
        rng = self.rng
        kind = rng.choices(("coin", "variable", "And", "Or", "Not"), (3, 4, 1, 1, 0.5) if depth < 2 else (3, 4, 0, 0, 0))[0]
        if kind in ("And", "Or"):
            return {kind: [self.test(depth + 1), self.test(depth + 1)]}
        if kind == "Not":
            return {"Not": self.test(depth + 1)}
        if kind == "coin":
            return {"Variable": f"$.coins.{rng.choice(COINS)}", "BooleanEquals": True}
        variable = {"Variable": f"${self.name()}"}
        present = variable | {"IsPresent": rng.random() < 0.7}
        compared = variable | {rng.choice(("NumericGreaterThan", "NumericEquals")): rng.randint(0, 2)}
        return rng.choice((present, present, compared, {"And": [variable | {"IsPresent": True}, compared]}))


def targets(body: Mapping[str, Any]) -> Iterator[str]:
    """The states to which a state, its rules and its Catchers lead."""
    for holder in (body, *body.get("Choices", ()), *body.get("Catch", ())):
        yield from (holder[field] for field in ("Next", "Default") if field in holder)


def _reached(start: str, states: Mapping[str, Any]) -> list[str]:
    """The states to which something leads; the service refuses others."""
    reached = [start]
    for name in reached:  # grows while it is walked
        reached += sorted(set(targets(states[name])).difference(reached))
    return reached
