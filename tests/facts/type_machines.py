"""Random machines whose data matters: values that are built, read, tested, counted and put together, in both query languages.

The first input and the answers of Tasks are drawn from a few values each, so that a type of them says much.
"""

import random
from collections.abc import Callable, Mapping
from typing import Any, Final

TEXTS: Final = ("a", "b", "c", "done")
MEMBERS: Final = ("s", "n", "f", "o", "l", "x")
"""Members of values: a text, a number, a flag, an object, a list, and whatever."""
_SIZES: Final = ((4, 8), (1, 4), (1, 2))
_POOLS: Final = (("va", "vb", "vc"), ("wa", "wb"), ("ua", "ub"))
LAMBDA: Final = "arn:aws:lambda:eu-central-1:123456789012:function:work"


class Machine:
    """A definition, the inputs that it may start with, and the answers of its Tasks, by their names."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.language = self.rng.choice(("JSONata", "JSONPath", "JSONPath", "both"))
        self.jsonata = self.language == "JSONata"
        self.count = 0
        self.answers: dict[str, list[Any]] = {}
        self.inputs = [self.value(3, "o") for _ in range(self.rng.randint(1, 3))]
        top = "JSONata" if self.jsonata else "JSONPath"
        self.definition: dict[str, Any] = {"QueryLanguage": top} | self.scope(0)

    # --- values -------------------------------------------------------------------------------------------------------------

    def value(self, depth: int, kind: str | None = None) -> Any:
        """A JSON value of the kind that a member of that name mostly has."""
        rng = self.rng
        kind = rng.choice(MEMBERS) if kind is None or rng.random() < 0.04 else kind
        if kind == "o" and depth:
            return {name: self.value(depth - 1, name) for name in MEMBERS if rng.random() < 0.9}
        if kind == "l" and depth:
            element = rng.choice(MEMBERS)
            return [self.value(depth - 1, element) for _ in range(rng.randint(0, 3))]
        if kind == "f":
            return rng.random() < 0.5
        if kind == "x":
            # Of null the functions of the engine that the tests run know less than the language does.
            return rng.choice((None if self.language == "JSONPath" else "none", 1.5, "x", 7, True, []))
        return rng.choice(TEXTS) if kind == "s" else rng.randint(0, 4)

    # --- scopes and states --------------------------------------------------------------------------------------------------

    def scope(self, depth: int) -> dict[str, Any]:
        names = [f"S{self.count + i}" for i in range(self.rng.randint(*_SIZES[depth]))]
        self.count += len(names)
        return {"StartAt": names[0], "States": {name: self.state(name, names, depth) for name in names}}

    def state(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        rng = self.rng
        if self.language == "both":
            self.jsonata = rng.random() < 0.5
        jsonata = self.jsonata
        body = self.body(name, names, depth)
        self.jsonata = jsonata
        if self.language == "both" and jsonata:
            body["QueryLanguage"] = "JSONata"
        return body

    def processor(self, depth: int) -> dict[str, Any]:
        config = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}} if self.rng.random() < 0.2 else {}
        return {"ItemProcessor": config | self.scope(depth + 1)}

    def body(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        rng = self.rng
        is_last = name == names[-1]
        if is_last and rng.random() < 0.4:
            if depth and rng.random() < 0.3:
                return {"Type": "Fail", "Error": "E"}
            return {"Type": "Succeed"} | (self.output("input") if self.jsonata else self.paths("OutputPath"))
        if not is_last and rng.random() < 0.35:
            return self.choice(name, names, depth)
        onward = {"End": True} if is_last else {"Next": self.target(name, names)}
        deep = 2 if depth < 2 else 0
        kind = rng.choices(("Pass", "Task", "Wait", "Parallel", "Map"), (6, 4, 1, deep, deep))[0]
        jsonata = self.jsonata
        body = {"Type": kind} | getattr(self, f"{'jsonata' if jsonata else 'jsonpath'}_{kind.lower()}")(name, depth)
        self.jsonata = jsonata
        body |= self.assign(depth, kind) | onward
        if kind in ("Task", "Parallel", "Map") and rng.random() < 0.6:
            catcher = {"ErrorEquals": ["States.ALL"], "Next": self.target(name, names)} | self.assign(depth, "error")
            if jsonata:
                catcher |= self.output("error") if rng.random() < 0.5 else {}
            else:
                catcher |= rng.choice(({}, {"ResultPath": "$.error"}, {"ResultPath": None}, {"ResultPath": "$.o.error"}))
            body["Catch"] = [catcher]
        return body

    def target(self, name: str, names: list[str]) -> str:
        after = names[names.index(name) + 1 :]
        return self.rng.choice(after if after and self.rng.random() < 0.8 else names)

    def choice(self, name: str, names: list[str], depth: int) -> dict[str, Any]:
        rng = self.rng
        make: Callable[[], dict[str, Any]] = self.condition if self.jsonata else lambda: self.test(0)
        rules = []
        for _ in range(rng.randint(1, 3)):
            rule = make() | {"Next": self.target(name, names)} | self.assign(depth, "Choice")
            rules.append(rule | (self.output("input") if self.jsonata and rng.random() < 0.2 else {}))
        body: dict[str, Any] = {"Type": "Choice", "Choices": rules} | self.assign(depth, "Choice")
        if not self.jsonata and rng.random() < 0.15:
            body["InputPath"] = rng.choice(("$.o", "$.l"))
        return body | ({"Default": self.target(name, names)} if rng.random() < 0.85 else {})

    # --- JSONata ------------------------------------------------------------------------------------------------------------

    def read(self, source: str = "input") -> str:
        """An expression that reads something."""
        rng = self.rng
        root = {"result": "$states.result", "error": "$states.errorOutput", "item": "$states.context.Map.Item"}.get(source)
        root = root if root and rng.random() < 0.6 else rng.choice(("$states.input", "$states.input", f"${self.variable()}"))
        members = ("Error", "Cause") if "errorOutput" in root else ("Value", "Index") if "Item" in root else MEMBERS
        path = "".join(f".{rng.choice(members if not i else MEMBERS)}" for i in range(rng.choice((0, 1, 1, 1, 2))))
        return root + path + (f"[{rng.choice((0, -1))}]" if rng.random() < 0.1 else "")

    def expression(self, source: str) -> str:
        """One that gives something for most inputs, or, more seldom, any."""
        rng, one = self.rng, self.read(source)
        safe = (
            f"$exists({one}) ? {one} : 0", f"$exists({one}) ? {one} : 0", f"[{one}]", f"{{'k': {one}}}", f"$count({one})",
            f"{one} & '!'", f"{one} = 'a'", f"$append({one}, 1)", f"[{one}, 1]", "1", "'done'", f"$exists({one})",
            f"$type({one}) = 'number' ? {one} + 1 : {one} = 1", "$merge([{'s': 'a'}, $states.input.o])", f"$count({one}) + 1",
            f"$not($exists({one}) and $boolean({one}))", f"[$map({one}, function($v) {{ $v }})]", f"$string([{one}])",
            f"[$filter({one}, function($v) {{ $v = 'a' }})]",
        )  # fmt: skip
        others = (
            one, f"{one} + 1", f"$string({one})", f"$type({one})", f"$merge([{one}, {{'s': 'a'}}])", f"$sum({one})",
            f"$append({one}, {self.read(source)})", f"$map({one}, function($v) {{ $v }})", f"$length({one})", f"$keys({one})",
            f"$not({one})", f"{one}[n > 1]", f"$filter({one}, function($v) {{ $v = 'a' }})", f"$boolean({one})",
        )  # fmt: skip
        return rng.choice(safe if rng.random() < 0.9 else others)

    def text(self, source: str) -> Any:
        if self.rng.random() < 0.3:
            return self.value(1)
        return f"{{% {self.expression(source)} %}}"

    def output(self, source: str) -> dict[str, Any]:
        if self.rng.random() < 0.2:
            return {"Output": self.text(source)}
        here = "$states.input"
        kept = {name: f"{{% $exists({here}.{name}) ? {here}.{name} : 0 %}}" for name in MEMBERS if self.rng.random() < 0.5}
        return {"Output": kept | {name: self.text(source) for name in MEMBERS if self.rng.random() < 0.4}}

    def condition(self) -> dict[str, Any]:
        rng, one = self.rng, self.read()
        safe = (
            f"$exists({one})", f"$not($exists({one}))", f"{one} = '{rng.choice(TEXTS)}'", f"{one} != 'a'", f"{one} = 1",
            f"$type({one}) = 'string'", f"{one} in ['a', 'b']", f"$count({one}) > 0", f"{one} = null", "true",
            f"$type({one}) = 'number' and {one} > {rng.randint(0, 3)}", f"$type({one}) = 'number' ? {one} <= 2 : false",
            f"$exists({one}) and $boolean({one})",
        )  # fmt: skip
        tests = safe if rng.random() < 0.9 else (f"{one} > {rng.randint(0, 3)}", f"{one} <= 2", f"$boolean({one})")
        test = rng.choice(tests)
        kind = rng.random()
        if kind < 0.2:
            test = f"{test} and {rng.choice(tests)}"
        elif kind < 0.35:
            test = f"{test} or {rng.choice(tests)}"
        elif kind < 0.45:
            test = f"$not({test})"
        return {"Condition": f"{{% {test} %}}"}

    def jsonata_pass(self, name: str, depth: int) -> dict[str, Any]:
        return self.output("input") if self.rng.random() < 0.8 else {}

    def jsonata_wait(self, name: str, depth: int) -> dict[str, Any]:
        return {"Seconds": 1} | (self.output("input") if self.rng.random() < 0.3 else {})

    def jsonata_task(self, name: str, depth: int) -> dict[str, Any]:
        self.answers[name] = [self.value(3, "o") for _ in range(self.rng.randint(1, 3))]
        return {"Resource": LAMBDA} | (self.output("result") if self.rng.random() < 0.5 else {})

    def jsonata_parallel(self, name: str, depth: int) -> dict[str, Any]:
        given = {"Arguments": self.output("input")["Output"]} if self.rng.random() < 0.4 else {}
        branches = [self.scope(depth + 1) for _ in range(self.rng.randint(1, 2))]
        return given | {"Branches": branches} | (self.output("result") if self.rng.random() < 0.4 else {})

    def jsonata_map(self, name: str, depth: int) -> dict[str, Any]:
        rng = self.rng
        body: dict[str, Any] = {"Items": rng.choice(("{% $states.input.l %}", [1, "a"], "{% [$states.input] %}"))}
        if rng.random() < 0.4:
            body["ItemSelector"] = {name: self.text("item") for name in MEMBERS if rng.random() < 0.5}
        return body | self.processor(depth) | (self.output("result") if rng.random() < 0.4 else {})

    # --- JSONPath -----------------------------------------------------------------------------------------------------------

    def path(self, root: str | None = None) -> str:
        rng = self.rng
        root = root or rng.choice(("$", "$", "$", "$", "$", f"${self.variable()}"))
        steps = "".join(f".{rng.choice(MEMBERS)}" for _ in range(rng.choice((0, 1, 1, 1, 1, 1, 2))))
        ends = ("", "[0]", "[*]", "[0:2]", "[*].s", "[-1]")
        return root + steps + rng.choice(ends if rng.random() < 0.2 else ("",))

    def dynamic(self) -> str:
        rng, one, other = self.rng, self.path(), self.path()
        safe = (
            one, one, one, f"States.Array({one}, {other}, 'a')", f"States.Format('{{}}', {one})", f"States.JsonToString({one})",
            "States.ArrayRange(0, 4, 2)", "$$.State.Name", "States.StringToJson('[1, 2]')", "States.MathAdd($.n, 1)",
            "States.ArrayLength($.l)", "States.JsonMerge($.o, $, false)", "States.ArrayUnique($.l)", "$.l[*]", "$.l[*].s",
            "States.ArrayPartition($.l, 2)", "States.ArrayContains($.l, 'a')", "States.StringSplit($.s, 'o')",
            "States.MathAdd($.n, States.ArrayLength($.l))", "$.o.s", "$.l[0:1]",
        )  # fmt: skip
        others = (
            f"States.MathAdd({one}, 1)", f"States.ArrayLength({one})", f"States.ArrayGetItem({one}, 0)",
            f"States.JsonMerge({one}, {other}, false)", f"States.ArrayUnique({one})", f"States.StringSplit({one}, ',')",
        )  # fmt: skip
        return rng.choice(safe if rng.random() < 0.9 else others)

    def template(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in MEMBERS:
            kind = self.rng.random()
            if kind < 0.15:
                found[name + ".$"] = self.dynamic()
            elif kind < 0.4:
                found[name + ".$"] = f"$.{name}"
            elif kind < 0.6:
                found[name] = self.value(2, name)
            elif kind < 0.7:
                found[name] = {"s.$": self.dynamic(), "n": 1}
        return found

    def paths(self, *fields: str) -> dict[str, Any]:
        choices = {
            "InputPath": ("$.o", "$.l[0]", "$", None), "OutputPath": ("$.o", "$", "$.x", None),
            "ResultPath": ("$.o", "$.x", "$.o.o", "$.s.n", "$", None),
        }  # fmt: skip
        found = {field: self.rng.choice(choices[field]) for field in fields if self.rng.random() < 0.15}
        return ({"ResultPath": self.rng.choice(("$.o", "$.l", "$.x"))} if "ResultPath" in fields else {}) | found

    def jsonpath_pass(self, name: str, depth: int) -> dict[str, Any]:
        rng = self.rng
        body = self.paths("InputPath", "OutputPath", "ResultPath")
        kind = rng.random()
        return body | ({"Parameters": self.template()} if kind < 0.5 else {"Result": self.value(2)} if kind < 0.8 else {})

    def jsonpath_wait(self, name: str, depth: int) -> dict[str, Any]:
        return {"Seconds": 1} | self.paths("InputPath", "OutputPath")

    def jsonpath_task(self, name: str, depth: int) -> dict[str, Any]:
        self.answers[name] = [self.value(3, "o") for _ in range(self.rng.randint(1, 3))]
        body = {"Resource": LAMBDA} | self.paths("InputPath", "OutputPath", "ResultPath")
        return body | ({"ResultSelector": self.template()} if self.rng.random() < 0.3 else {})

    def jsonpath_parallel(self, name: str, depth: int) -> dict[str, Any]:
        given = {"Parameters": self.template()} if self.rng.random() < 0.4 else {}
        branches = [self.scope(depth + 1) for _ in range(self.rng.randint(1, 2))]
        return given | {"Branches": branches} | self.paths("InputPath", "ResultPath")

    def jsonpath_map(self, name: str, depth: int) -> dict[str, Any]:
        body: dict[str, Any] = {"ItemsPath": self.rng.choice(("$.l", "$.o.l"))} | self.paths("ResultPath")
        if self.rng.random() < 0.4:
            body["ItemSelector"] = self.template() | {"v.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"}
        return body | self.processor(depth)

    def test(self, depth: int) -> dict[str, Any]:
        rng = self.rng
        kind = rng.choices(("test", "And", "Or", "Not"), (6, 1, 1, 1) if depth < 2 else (1, 0, 0, 0))[0]
        if kind in ("And", "Or"):
            return {kind: [self.test(depth + 1), self.test(depth + 1)]}
        if kind == "Not":
            return {"Not": self.test(depth + 1)}
        variable = {"Variable": "$" + "".join(f".{rng.choice(MEMBERS)}" for _ in range(rng.choice((1, 1, 2))))}
        if rng.random() < 0.3:
            variable = {"Variable": f"${self.variable()}" + rng.choice(("", ".s", ".n"))}
        flag = rng.random() < 0.6
        compared: dict[str, Any] = rng.choice((
            {"StringEquals": rng.choice(TEXTS)}, {"StringMatches": rng.choice(("d*", "*", "a"))},
            {"NumericEquals": rng.randint(0, 3)},
            {"NumericLessThan": rng.randint(0, 4)}, {"NumericGreaterThanEquals": rng.randint(0, 4)}, {"BooleanEquals": flag},
            {"IsNull": flag}, {"IsString": flag}, {"IsNumeric": flag}, {"IsBoolean": flag}, {"StringLessThan": "b"},
            {"IsPresent": flag}, {"NumericGreaterThan": 1.5},
        ))  # fmt: skip
        if rng.random() < 0.7:
            return {"And": [variable | {"IsPresent": True}, variable | compared]}
        return variable | compared

    # --- variables ----------------------------------------------------------------------------------------------------------

    def variable(self) -> str:
        return self.rng.choice(self.rng.choice(_POOLS[:2]))

    def assign(self, depth: int, kind: str) -> dict[str, Any]:
        rng = self.rng
        if rng.random() < 0.5:
            return {}
        names = rng.sample(_POOLS[depth], rng.choice((1, 1, 2)))
        if self.jsonata:
            source = "error" if kind == "error" else "result" if kind in ("Task", "Parallel", "Map") else "input"
            return {"Assign": {name: self.text(source) for name in names}}
        found: Mapping[str, Any] = {(name if rng.random() < 0.3 else f"{name}.$"): "" for name in names}
        return {"Assign": {key: self.dynamic() if key.endswith(".$") else self.value(1) for key in found}}
