"""Random machines that take locks in DynamoDB and give them back: in branches, iterations and loops, with Catchers, Retriers and
keys that are literals, variables (set again in some), places of the input, or the execution's own. ``lock_runs`` runs them.
"""

import random
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

FUNCTIONS: Final = ("f0", "f1", "f2")
VALUES: Final = ("a", "b")
_LAMBDA: Final = "arn:aws:states:::lambda:invoke"
_DEEPEST: Final = 2
Fields = dict[str, Any]


class _Lock(NamedTuple):
    """A lock of a machine: the number of its table, the integration, and where its key comes from."""

    table: int
    integration: str
    key: str
    """A literal, ``$name``, ``.member`` of the input, or ``run`` for the execution's name."""

    @property
    def refused(self) -> str:
        """The error of a write whose condition does not hold."""
        return f"{'DynamoDb' if 'sdk' in self.integration else 'DynamoDB'}.ConditionalCheckFailedException"


def machine(seed: int) -> Fields:
    """A machine with at least one lock."""
    return _Maker(random.Random(seed)).machine()


class _Maker:
    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.language = rng.choice(("JSONata", "JSONPath"))
        self.is_mixed = rng.random() < 0.15
        self.tidiness = rng.choice((0.6, 0.9, 1.0))
        """How often a state does what an author would have it do."""
        self.key_changes = rng.choice((0.0, 0.0, 0.5))
        """How often an assignment sets a key rather than something else."""
        self.acts = [rng.choice(("delete", "delete", "remove", "status")) for _ in range(2)]
        self.count = 0
        self.scopes = 0

    def machine(self) -> Fields:
        return {"QueryLanguage": self.language} | self._scope(0, (), ())

    # --- scopes -------------------------------------------------------------------------------------------------------------

    def _scope(self, depth: int, outer: tuple[str, ...], locks: tuple[_Lock, ...]) -> Fields:
        """A scope that sees the variables ``outer``, with ways to give back the locks that may be held when it begins."""
        rng = self.rng
        number, self.scopes = self.scopes, self.scopes + 1
        own = tuple(f"{name}{number}" for name in ("k", "x"))
        seen = outer + own
        mine = [self._lock(seen) for _ in range(rng.choice((0, 1, 1) if depth else (1, 1, 2)))]
        plan: list[tuple[str, _Lock | None]] = []
        if locks and rng.random() < 0.4:
            plan.append(("free", rng.choice(locks)))
        for lock in mine:
            inner = [(self._kind(depth), None) for _ in range(rng.choice((0, 1, 1, 2)))]
            if lock.key == f"${own[0]}" and rng.random() < self.key_changes:
                inner = [("again", lock)]
            plan += [("take", lock), *inner, ("free", lock)] if rng.random() < self.tidiness else [*inner, ("take", lock)]
        plan += [(self._kind(depth), None) for _ in range(rng.choice((0, 0, 1) if mine else (1, 2)))]
        names = [self._name(kind.capitalize()) for kind, _ in plan]
        begin, done, stop = self._name("Begin"), self._name("Done"), self._name("Stop")
        reachable = (*locks, *mine)
        frees = {lock: self._name("FreeAfterFault") for lock in mine}
        states: Fields = {begin: self._begin(own, outer) | {"Next": names[0]}}
        held: list[_Lock] = []
        taken = begin
        for i, (name, (kind, lock)) in enumerate(zip(names, plan, strict=True)):
            onward = names[i + 1] if i + 1 < len(names) else done
            if rng.random() > max(self.tidiness, 0.85):
                onward = rng.choice((*names, done, stop))
            handler = frees[held[-1]] if held and rng.random() < self.tidiness + 0.05 else rng.choice((stop, stop, done, *names))
            if kind == "take" and lock is not None and rng.random() < 0.3:
                handler = frees[lock]
            if kind == "free" and rng.random() < 0.2:
                handler = name  # until it is given back
            fields = self._state(kind, lock, depth, seen, own, reachable, handler, stop, [*names, done, stop])
            if kind == "again" and lock is not None:
                self._exchange(states[taken], fields, own[0], taken, frees[lock])
                onward = names[i + 1]
            states[name] = fields if fields["Type"] == "Choice" else fields | {"Next": onward}
            if fields["Type"] == "Choice" and rng.random() < 0.9:
                fields["Default"] = onward
            if kind == "take" and lock is not None:
                taken = name
                held.append(lock)
            elif kind == "free" and lock in held:
                held.remove(lock)
        for lock, name in frees.items():
            states[name] = self._free(lock, seen, rng.choice((stop, stop, name)), stop) | {"Next": rng.choice((stop, stop, done))}
        states[done] = {"Type": "Succeed"} if rng.random() < 0.5 else {"Type": "Pass", "End": True}
        states[stop] = {"Type": "Fail", "Error": rng.choice(("E1", "Stopped"))}
        return {"StartAt": begin, "States": states}

    def _exchange(self, take: Fields, choice: Fields, key: str, taken: str, free: str) -> None:
        """The lock is taken once more, with another key, before the first one is given back."""
        language = choice.get("QueryLanguage", self.language)
        first, other = self.rng.sample(VALUES, 2)
        test = (
            {"Condition": f"{{% ${key} = '{first}' %}}"}
            if language == "JSONata"
            else {"Variable": f"${key}", "StringEquals": first}
        )
        choice["Choices"] = [test | {"Next": taken, "Assign": {key: other}}]
        choice.pop("Assign", None)
        take.pop("Assign", None)
        take["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": free}]

    def _name(self, word: str) -> str:
        self.count += 1
        return f"{word}{self.count}"

    def _kind(self, depth: int) -> str:
        deeper = 2 if depth < _DEEPEST else 0
        return self.rng.choices(("work", "pass", "choice", "parallel", "map"), (4, 2, 2, deeper, deeper))[0]

    def _lock(self, seen: tuple[str, ...]) -> _Lock:
        rng = self.rng
        key = rng.choice(("a", "b", "run", ".k", *(f"${name}" for name in (*seen[-2:], *seen) if name[0] == "k")))
        return _Lock(rng.randrange(2), rng.choice(("dynamodb", "dynamodb", "aws-sdk:dynamodb")), key)

    # --- states -------------------------------------------------------------------------------------------------------------

    def _state(
        self,
        kind: str,
        lock: _Lock | None,
        depth: int,
        seen: tuple[str, ...],
        own: tuple[str, ...],
        locks: tuple[_Lock, ...],
        handler: str,
        stop: str,
        names: list[str],
    ) -> Fields:
        rng, language = self.rng, self._language()
        said = {} if language == self.language else {"QueryLanguage": language}
        if kind == "take" and lock is not None:
            return said | self._take(lock, seen, own, rng.choice((stop, stop, names[-2])), handler, language)
        if kind == "free" and lock is not None:
            used = lock if rng.random() < max(self.tidiness, 0.9) else rng.choice(locks)
            return self._free(used, seen, handler, stop)
        if kind in ("choice", "again"):
            rules = [
                self._test(seen, language) | {"Next": rng.choice(names)} | self._assign(own, seen, language, 0.4)
                for _ in range(rng.randint(1, 2))
            ]
            return said | {"Type": "Choice", "Choices": rules} | self._assign(own, seen, language, 0.2)
        if kind == "pass":
            return said | {"Type": "Pass"} | self._assign(own, seen, language, 0.6) | self._new_input(language)
        if kind == "work":
            work = {"Type": "Task", "Resource": _LAMBDA, self._arguments(language): {"FunctionName": rng.choice(FUNCTIONS)}}
            timeout = {"TimeoutSeconds": 9} if rng.random() < 0.3 else {}
            return said | work | timeout | self._after_work(own, seen, language) | self._handlers(handler, language, own, seen)
        rest = self._after_work(own, seen, language) | self._handlers(handler, language, own, seen)
        if kind == "parallel":
            branches = [self._scope(depth + 1, seen, locks) for _ in range(rng.choice((1, 2, 2, 3)))]
            return said | {"Type": "Parallel", "Branches": branches} | rest
        return said | self._map(depth, seen, locks, language) | rest

    def _map(self, depth: int, seen: tuple[str, ...], locks: tuple[_Lock, ...], language: str) -> Fields:
        rng = self.rng
        is_distributed = rng.random() < 0.15
        config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} if is_distributed else {"Mode": "INLINE"}
        scope = self._scope(depth + 1, () if is_distributed else seen, () if is_distributed else locks)
        fields: Fields = {"Type": "Map", "ItemProcessor": {"ProcessorConfig": config} | scope}
        if is_distributed and rng.random() < 0.5:
            fields |= {"ToleratedFailureCount": 1}
        if rng.random() < 0.3:
            fields["MaxConcurrency"] = rng.choice((1, 2))
        if language == "JSONata":
            items = [{"k": rng.choice(VALUES)} for _ in range(rng.choice((0, 1, 1, 2)))]
            fields["Items"] = items if rng.random() < 0.5 else "{% $states.input.items %}"
        elif rng.random() < 0.5:
            fields["ItemsPath"] = "$.items"
        return fields

    def _take(self, lock: _Lock, seen: tuple[str, ...], own: tuple[str, ...], stop: str, handler: str, language: str) -> Fields:
        rng, act = self.rng, self.acts[lock.table]
        owner = {"S": "{% $states.context.Execution.Id %}"} if language == "JSONata" else {"S.$": "$$.Execution.Id"}
        mine = rng.random() < 0.3
        arguments: Fields = {"TableName": f"locks-{lock.table}"}
        key = {"pk": self._key(lock, language)}
        if act == "delete":
            arguments |= {"Item": key | {"owner": owner}, "ConditionExpression": "attribute_not_exists(pk)"}
        elif act == "remove":
            arguments |= {"Key": key, "UpdateExpression": "SET #owner = :owner"}
            arguments |= {"ConditionExpression": "attribute_not_exists(#owner)"}
        else:
            arguments |= {"Key": key, "UpdateExpression": "SET #status = :held"}
            arguments |= {"ConditionExpression": "attribute_not_exists(pk) OR #status = :free"}
        names, values = self._words(arguments, owner, mine and act != "status")
        action = "putItem" if act == "delete" else "updateItem"
        state = self._call(lock, action, arguments | names | values, language) | self._after_work(own, seen, language)
        catch = [self._catcher([lock.refused], stop, language, own, seen)] if rng.random() < 0.7 else []
        if rng.random() < 0.4:
            catch.append(self._catcher(["States.ALL"], rng.choice((handler, stop)), language, own, seen))
        return state | ({"Catch": catch} if catch else {}) | self._retry(0.3)

    def _words(self, arguments: Fields, owner: Fields, mine: bool) -> tuple[Fields, Fields]:
        """The names and values of the expressions; ``mine`` lets the execution take what it has already."""
        if mine:
            arguments["ConditionExpression"] += " OR #owner = :owner"
        text = arguments.get("UpdateExpression", "") + arguments.get("ConditionExpression", "")
        names = {f"#{name}": name for name in ("owner", "status") if f"#{name}" in text}
        known = {":owner": owner, ":held": {"S": "HELD"}, ":free": {"S": "FREE"}}
        values = {name: value for name, value in known.items() if name in text}
        said: Fields = {"ExpressionAttributeNames": names} if names else {}
        return said, {"ExpressionAttributeValues": values} if values else {}

    def _free(self, lock: _Lock, seen: tuple[str, ...], handler: str, stop: str) -> Fields:
        rng, act, language = self.rng, self.acts[lock.table], self.language
        owner = {"S": "{% $states.context.Execution.Id %}"} if language == "JSONata" else {"S.$": "$$.Execution.Id"}
        arguments: Fields = {"TableName": f"locks-{lock.table}", "Key": {"pk": self._key(lock, language)}}
        is_conditional = rng.random() < 0.4
        if act == "remove":
            arguments["UpdateExpression"] = "REMOVE #owner"
        elif act == "status":
            arguments["UpdateExpression"] = "SET #status = :free"
        if is_conditional:
            arguments["ConditionExpression"] = "#status = :held" if act == "status" else "#owner = :owner"
        names, values = self._words(arguments, owner, False)
        action = "deleteItem" if act == "delete" else "updateItem"
        state = self._call(lock, action, arguments | names | values, language) | self._after_work((), seen, language)
        catch = [self._catcher([lock.refused], stop, language, (), ())] if rng.random() < 0.3 else []
        if rng.random() < 0.4:
            catch.append(self._catcher(["States.ALL"], handler, language, (), ()))
        return state | ({"Catch": catch} if catch else {}) | self._retry(0.4)

    def _call(self, lock: _Lock, action: str, arguments: Fields, language: str) -> Fields:
        resource = f"arn:aws:states:::{lock.integration}:{action}"
        return {"Type": "Task", "Resource": resource, self._arguments(language): arguments}

    # --- parts of states ----------------------------------------------------------------------------------------------------

    def _language(self) -> str:
        """JSONPath machines may have states in JSONata, not the other way round."""
        return "JSONata" if self.is_mixed and self.language == "JSONPath" and self.rng.random() < 0.3 else self.language

    @staticmethod
    def _arguments(language: str) -> str:
        return "Arguments" if language == "JSONata" else "Parameters"

    def _key(self, lock: _Lock, language: str) -> Fields:
        if lock.key in VALUES:
            return {"S": lock.key}
        if language == "JSONata":
            spelt = {"run": "$states.context.Execution.Name", ".k": "$states.input.k"}.get(lock.key, lock.key)
            return {"S": f"{{% {spelt} %}}"}
        return {"S.$": {"run": "$$.Execution.Name", ".k": "$.k"}.get(lock.key, lock.key)}

    def _begin(self, own: tuple[str, ...], outer: tuple[str, ...]) -> Fields:
        values: Fields = {name: self.rng.choice(VALUES) for name in own}
        if self.rng.random() < 0.3:
            key = next(name for name in own if name[0] == "k")
            del values[key]
            values |= {key: "{% $states.input.k %}"} if self.language == "JSONata" else {f"{key}.$": "$.k"}
        return {"Type": "Pass", "Assign": values}

    def _assign(self, own: tuple[str, ...], seen: tuple[str, ...], language: str, share: float, result: bool = False) -> Fields:
        rng = self.rng
        if not own or rng.random() > share:
            return {}
        name = own[0] if rng.random() < self.key_changes else own[1]
        kind = rng.choice(("literal", "literal", "copy", "result") if result else ("literal", "literal", "copy"))
        if kind == "literal":
            return {"Assign": {name: rng.choice(VALUES)}}
        source = rng.choice(seen)
        if language == "JSONata":
            return {"Assign": {name: "{% $states.result.v %}" if kind == "result" else f"{{% ${source} %}}"}}
        return {"Assign": {f"{name}.$": "$.v" if kind == "result" else f"${source}"}}

    def _after_work(self, own: tuple[str, ...], seen: tuple[str, ...], language: str) -> Fields:
        """What becomes of the input after work, and what is assigned."""
        rng = self.rng
        keeps = rng.random() < 0.85
        if language == "JSONata":
            output = {"Output": "{% $states.input %}"} if keeps else {}
        else:
            output = {"ResultPath": rng.choice((None, "$.r"))} if keeps else {}
        return output | self._assign(own, seen, language, 0.25)

    def _new_input(self, language: str) -> Fields:
        rng = self.rng
        if rng.random() < self.tidiness:
            return {}
        value = rng.choice(VALUES)
        if language == "JSONata":
            return {"Output": {"k": value, "flag": rng.choice(VALUES)}}
        return {"Result": value, "ResultPath": rng.choice(("$.k", "$.flag", "$.other"))}

    def _handlers(self, handler: str, language: str, own: tuple[str, ...], seen: tuple[str, ...]) -> Fields:
        rng = self.rng
        catch = []
        if rng.random() < 0.25:
            catch.append(self._catcher([rng.choice(("E1", "E2", "States.Timeout", "Stopped"))], handler, language, own, seen))
        if rng.random() < max(self.tidiness - 0.1, 0.6):
            names = ["States.ALL"] if rng.random() < 0.85 else ["States.TaskFailed"]
            catch.append(self._catcher(names, handler, language, own, seen))
        return ({"Catch": catch} if catch else {}) | self._retry(0.35)

    def _catcher(self, errors: list[str], target: str, language: str, own: tuple[str, ...], seen: tuple[str, ...]) -> Fields:
        keeps: Fields = {}
        if self.rng.random() < 0.85:
            keeps = {"Output": "{% $states.input %}"} if language == "JSONata" else {"ResultPath": "$.error"}
        return {"ErrorEquals": errors, "Next": target} | keeps | self._assign(own, seen, language, 0.15)

    def _retry(self, share: float) -> Fields:
        rng = self.rng
        if rng.random() > share:
            return {}
        errors = rng.choice((["States.ALL"], ["E1"], ["States.TaskFailed"]))
        return {"Retry": [{"ErrorEquals": errors, "MaxAttempts": rng.choice((0, 1, 1, 2))}]}

    def _test(self, seen: tuple[str, ...], language: str) -> Fields:
        rng = self.rng
        tests = [
            (rng.choice((*(f"${name}" for name in seen), ".flag")), rng.choice(VALUES), rng.random() < 0.75)
            for _ in range(rng.choice((1, 1, 2)))
        ]
        if language == "JSONata":
            spelt = [
                f"{place.replace('.flag', '$states.input.flag')} {'=' if holds else '!='} '{value}'"
                for place, value, holds in tests
            ]
            return {"Condition": f"{{% {' and '.join(spelt)} %}}"}
        rules = [_rule(place, value, holds) for place, value, holds in tests]
        return rules[0] if len(rules) == 1 else {"And": rules}


def _rule(place: str, value: str, holds: bool) -> Mapping[str, Any] | Fields:
    rule = {"Variable": place.replace(".flag", "$.flag"), "StringEquals": value}
    return rule if holds else {"Not": rule}
