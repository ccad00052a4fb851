"""Random machines of every kind of state, with loops that count, scopes in scopes, and handlers: for what an execution takes.

Texts are few and alike, so that an interpreter need not evaluate JSONata: ``{% $x + 1 %}``, ``{% $x < 4 %}``, ``{% $coin %}``
(which holds as the run decides), and ``{% $states.input %}`` for anything else. A quarter is in JSONPath, without loops.
"""

import random
from collections.abc import Mapping
from typing import Any, Final

ERRORS: Final = ("E1", "E2")
TIMEOUT: Final = "States.Timeout"
EVALUATION: Final = "States.QueryEvaluationError"
_LISTED: Final = (["E1"], ["E2"], ["States.ALL"], ["States.TaskFailed"], [TIMEOUT], [EVALUATION], ["E1", TIMEOUT])

States = dict[str, dict[str, Any]]


def machine(seed: int) -> dict[str, Any]:
    """A machine."""
    return _Maker(random.Random(seed)).machine()


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.count = 0
        self.jsonata = rng.random() < 0.75

    def machine(self) -> dict[str, Any]:
        return {"QueryLanguage": "JSONata" if self.jsonata else "JSONPath"} | self.scope(0)

    def name(self, kind: str) -> str:
        self.count += 1
        return f"{kind}{self.count}"

    def scope(self, depth: int) -> dict[str, Any]:
        """Blocks one behind the other, each of which leads to the next; then some edits."""
        rng = self.rng
        states: States = {}
        ends = [self.name("End")]
        if rng.random() < 0.5:
            ends.append(self.name("Bad"))
        onward = ends[0]
        for _ in range(rng.randint(1, 4 if depth else 5)):
            onward = self.block(states, onward, depth, 0)
        for end in ends:
            states[end] = {"Type": "Succeed"} if end.startswith("End") else {"Type": "Fail", "Error": rng.choice(ERRORS)}
        names = list(states)
        for i, (name, state) in enumerate(states.items()):
            if state["Type"] in ("Task", "Parallel", "Map"):
                # What was made before comes after it.
                state |= self.handlers(names if rng.random() < 0.1 else [*names[:i], *ends])
            if "Next" in state and rng.random() < 0.04:
                states[name]["Next"] = rng.choice(names)
        return {"StartAt": onward, "States": _reached(onward, states)}

    # --- blocks: each puts its states into ``states``, and gives the one at which it begins -------------------------------------

    def block(self, states: States, onward: str, depth: int, loops: int) -> str:
        deep = 1.0 if depth < 2 else 0
        looping = 1.6 if self.jsonata and loops < 2 else 0
        kind = self.rng.choices(
            ("plain", "wait", "task", "choice", "loop", "parallel", "map"), (1, 1, 2.2, 1, looping, deep, deep)
        )[0]
        name = self.name(kind[0].upper())
        if kind == "loop":
            return self.loop(states, onward, depth, loops)
        if kind == "choice":
            other = self.block(states, onward, depth, loops) if self.rng.random() < 0.7 else onward
            states[name] = {"Type": "Choice", "Choices": [self.coin() | {"Next": other}]}
            states[name] |= {"Default": onward} if self.rng.random() < 0.8 else {}
            return name
        states[name] = getattr(self, f"of_{kind}")(depth) | {"Next": onward}
        return name

    def of_plain(self, depth: int) -> dict[str, Any]:
        return {"Type": "Pass"} | self.output(0.4)

    def of_wait(self, depth: int) -> dict[str, Any]:
        return {"Type": "Wait", "Seconds": self.rng.choice((0, 1, 20, 60))} | self.output(0.2)

    def of_task(self, depth: int) -> dict[str, Any]:
        pattern = self.rng.choice(("lambda:invoke", "lambda:invoke", "glue:startJobRun.sync"))
        within = {"TimeoutSeconds": self.rng.choice((5, 10, 300))} if self.rng.random() < 0.85 else {}
        given = {"Arguments": {"x": "{% $states.input %}"}} if self.jsonata and self.rng.random() < 0.5 else {}
        return {"Type": "Task", "Resource": f"arn:aws:states:::{pattern}"} | within | given | self.output(0.5)

    def of_parallel(self, depth: int) -> dict[str, Any]:
        branches = [self.scope(depth + 1) for _ in range(self.rng.randint(1, 3))]
        return {"Type": "Parallel", "Branches": branches} | self.output(0.3)

    def of_map(self, depth: int) -> dict[str, Any]:
        rng = self.rng
        processor: dict[str, Any] = {}
        body: dict[str, Any] = {"Type": "Map", "MaxConcurrency": rng.choice((0, 1, 2))}
        if rng.random() < 0.25:
            processor["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
        if self.jsonata:
            known = rng.random() < 0.7
            body["Items"] = list(range(rng.randint(0, 4))) if known else "{% $states.context.Execution.Input.items %}"
        else:
            # Nothing is known of them: an interpreter that follows no data may give any number.
            body["ItemsPath"] = "$$.Execution.Input.items"
        return body | {"ItemProcessor": processor | self.scope(depth + 1)} | self.output(0.3)

    def loop(self, states: States, onward: str, depth: int, loops: int) -> str:
        """A loop that counts: tested at its head or at its end, or a poll; now and then something is wrong with it."""
        rng = self.rng
        variable, limit = self.name("x").lower(), rng.randint(1, 4)
        begin, check, step = self.name("Begin"), self.name("Check"), self.name("Step")
        stay = {"Condition": f"{{% ${variable} < {limit} %}}"}
        if rng.random() < 0.3:
            stay = {"Condition": f"{{% $coin and ${variable} < {limit} %}}"}
        states[begin] = {"Type": "Pass", "Assign": {variable: rng.choice((0, 0, 1))}}
        counts = {"Assign": {variable: f"{{% ${variable} + {rng.choice((1, 1, 2))} %}}"}}
        at_head = rng.random() < 0.4
        if rng.random() < 0.5:
            states[step] = {"Type": "Pass", "Next": check} | counts
        else:
            states[step] = self.of_task(depth) | {"Next": check} | counts
        body = self.block(states, step, depth, loops + 1)
        states[begin]["Next"] = check if at_head else body
        states[check] = {"Type": "Choice", "Choices": [stay | {"Next": body}], "Default": onward}
        return begin

    def coin(self) -> dict[str, Any]:
        return {"Condition": "{% $coin %}"} if self.jsonata else {"Variable": "$.coin", "BooleanEquals": True}

    def output(self, share: float) -> dict[str, Any]:
        return {"Output": "{% $states.input %}"} if self.jsonata and self.rng.random() < share else {}

    def handlers(self, names: list[str]) -> dict[str, Any]:
        rng = self.rng
        found: dict[str, Any] = {}
        if rng.random() < 0.5:
            found["Retry"] = []
            for listed in rng.sample(_LISTED, rng.choice((1, 1, 2))):
                retrier: dict[str, Any] = {"ErrorEquals": listed}
                for field, values in _RETRY.items():
                    if rng.random() < 0.5:
                        retrier[field] = rng.choice(values)
                found["Retry"].append(retrier)
        if rng.random() < 0.5:
            found["Catch"] = [
                {"ErrorEquals": listed, "Next": rng.choice(names)} | self.output(0.3)
                for listed in rng.sample(_LISTED, rng.choice((1, 1, 2)))
            ]
        for handlers in found.values():
            handlers.sort(key=lambda one: one["ErrorEquals"] == ["States.ALL"])
        return found


_RETRY: Final[Mapping[str, tuple[Any, ...]]] = {
    "IntervalSeconds": (1, 3), "MaxAttempts": (0, 1, 2), "BackoffRate": (1.0, 1.5, 2.0), "MaxDelaySeconds": (2, 4),
    "JitterStrategy": ("FULL", "NONE"),
}  # fmt: skip


def targets(body: Mapping[str, Any]) -> list[str]:
    """The states to which a state, its rules and its Catchers lead."""
    holders = (body, *body.get("Choices", ()), *body.get("Catch", ()))
    return [holder[field] for holder in holders for field in ("Next", "Default") if field in holder]


def _reached(start: str, states: States) -> States:
    """The states to which something leads, in an order of their own; the service refuses others."""
    reached = [start]
    for name in reached:  # grows while it is walked
        reached += sorted(set(targets(states[name])).difference(reached))
    return {name: states[name] for name in reached}
