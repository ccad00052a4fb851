"""What each state makes of the types before it: on every edge out of it the input and the variables of the next state."""

import re
from collections.abc import Callable, Mapping

from asl_lint.expressions.jsonpath import Step
from asl_lint.facts import map_types
from asl_lint.facts.choice_types import narrowed
from asl_lint.facts.environments import UNKNOWN, Environment, View, parsed_path
from asl_lint.facts.field_types import FieldTypes, selected, written
from asl_lint.facts.graph import Edge
from asl_lint.late import TYPE_CHECKING, Any, Final, Pattern
from asl_lint.model.machine import Scope, State
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder
from asl_lint.types.answers import optimized_answer, sdk_answer
from asl_lint.types.context import context_object
from asl_lint.types.jsonpath import write
from asl_lint.types.lattice import NULL, SOMETHING, STRING, Source, Type, Undefined, array_of_items, join, object_of

if TYPE_CHECKING:
    from asl_lint.facts.calls import Call
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.facts.sites import Site

_ERROR: Final = object_of({"Error": STRING, "Cause": STRING.or_undefined(Undefined.UNSAID)}, source=Source("the error output"))
"""What a Catcher gets."""
_UNNAMED_ERROR: Final = object_of(
    {"Error": join(STRING, NULL), "Cause": join(STRING, NULL).or_undefined(Undefined.UNSAID)}, source=Source("the error output")
)
"""What a Catcher gets where whoever has the token can say of a failure neither a name nor a cause: both are null (recorded)."""
_FAILED_WITHOUT_NAME: Final = object_of(
    dict.fromkeys(("Error", "Cause"), join(STRING, NULL).or_undefined(Undefined.UNSAID)), source=Source("the error output")
)
"""What a Catcher gets where a Fail state says no Error: the history has none then (recorded), of the output nothing is known."""

_WORKING: Final = ("Task", "Parallel", "Map", "Pass")
_PASSING: Final = ("Choice", "Pass", "Wait", "Succeed")
_CHANGING: Final = frozenset(
    {"Assign", "InputPath", "Output", "OutputPath", "Parameters", "Result", "ResultPath", "ResultSelector"}
)
"""Fields without which states that pass their input on leave all as it is."""

RunScope = Callable[[Scope, Environment], Type | None]
"""Gives the output of a scope that starts so; None where it comes to no end."""


class Visit:
    """A state with the types before it, and what it makes of them. ``result`` is None where it has none, or cannot succeed.

    Of a Choice, ``tried`` holds what is known where each rule is tried, ``taken`` where it is taken (None: never), and ``left``
    what no rule takes.
    """

    __slots__ = ("before", "items", "left", "result", "state", "taken", "tried", "view", "worked")

    def __init__(self, state: State, before: Environment, view: View) -> None:
        self.state = state
        self.before = before
        self.view = view
        self.result: Type | None = None
        self.items: map_types.Items | None = None
        self.tried: list[Environment | None] = []
        self.taken: list[Environment | None] = []
        self.left: Environment | None = None
        self.worked: Type | None = None
        """What ``StateTypes.worked`` has found."""


class StateTypes:
    """The types that the states of one machine make. ``run`` types an inner scope."""

    def __init__(self, facts: "Facts", execution_input: Type, run: RunScope) -> None:
        self._facts = facts
        self._run = run
        self._execution_input = execution_input
        self._contexts: dict[int, Type] = {}
        self._answers: dict[int, Type] = {}
        self._reads_context = {site.state.number for site in facts.sites if _may_read_context(site)}
        self.fields = FieldTypes(facts)
        self._error_of_scopes = _error_of_scopes(facts)

    def context(self, state: State, item: Type | None = None) -> Type:
        """The context object in a state; ``item`` is Map.Item where it can be read. SOMETHING where no text of it reads it."""
        if state.number not in self._reads_context:
            return SOMETHING
        found = self._contexts.get(state.number) if item is None else None
        if found is None:
            call = self._facts.calls.get(state.number)
            has_token = call is not None and bool(call.pattern)
            execution_input = SOMETHING if _in_child(state) else self._execution_input
            found = context_object(state.name, execution_input, has_token=has_token, item=item)
            if item is None:
                self._contexts[state.number] = found
        return found

    def visit(self, state: State, before: Environment) -> Visit:
        """A state entered with these types: its result, and the rules of a Choice."""
        view = View(before.input, self.context(state), before.variables)
        visit = Visit(state, before, view)
        if state.language == "JSONPath" and "InputPath" in state.body:
            visit.view = view._replace(input=selected(state.body["InputPath"], view))
        if not state.is_language_known:
            for scope in state.scopes:
                self._run(scope, UNKNOWN)
            visit.result, visit.left = SOMETHING, before
        elif state.type == "Task":
            visit.result = self.answer(state)
        elif state.type == "Parallel":
            visit.result = self._branches(visit)
        elif state.type == "Map":
            visit.result = self._iterations(visit)
        elif state.type == "Choice":
            self._choose(visit)
        return visit

    def visit_unknown(self, state: State) -> Visit:
        """A state of which nothing is known but what it does itself."""
        visit = Visit(state, UNKNOWN, View(SOMETHING, self.context(state), {}))
        visit.result = self.answer(state) if state.type == "Task" else SOMETHING
        rules = state.body.get("Choices")
        visit.tried = visit.taken = [UNKNOWN] * len(rules) if isinstance(rules, list) else []
        visit.left = UNKNOWN
        return visit

    def after(self, visit: Visit, edge: Edge) -> Environment | None:
        """What is known where control takes an edge out of the state; None where it cannot be taken."""
        state, kind = visit.state, edge.kind
        if kind == "rule":
            before = visit.taken[edge.index] if edge.index < len(visit.taken) else visit.before
            pointer: Pointer = (*state.pointer, "Choices", edge.index)
            holder = state.body["Choices"][edge.index]
        elif kind == "catch":
            before, pointer, holder = visit.before, (*state.pointer, "Catch", edge.index), state.body["Catch"][edge.index]
        else:
            before = visit.left if kind == "default" else visit.before
            pointer, holder = state.pointer, state.body
            if state.type in ("Task", "Parallel", "Map") and visit.result is None:
                return None
        if before is None:
            return None
        if not state.is_language_known:
            return Environment(SOMETHING, _without(before.variables, edge.assigns))
        if state.type in _PASSING and _CHANGING.isdisjoint(state.body) and (kind != "rule" or _CHANGING.isdisjoint(holder)):
            return before
        make = self._after_jsonata if state.language == "JSONata" else self._after_jsonpath
        return make(visit, edge, before, holder, pointer)

    def answer(self, state: State) -> Type:
        """What a Task's call gives."""
        found = self._answers.get(state.number)
        if found is None:
            call = self._facts.calls.get(state.number)
            found = SOMETHING if call is None else answer_of(call)
            if call is not None and call.name == "states:startExecution" and call.pattern == "sync:2":
                found = self._with_output(call, found)
            self._answers[state.number] = found
        return found

    def _with_output(self, call: "Call", answer: Type) -> Type:
        """The answer of a nested execution, with the output of the machine that the same template deploys."""
        tell = self._facts.workflow.nested
        if tell is None or answer.object is None:
            return answer
        from asl_lint.facts.nested_runs import awaited_machine

        arn = awaited_machine(call)
        child = None if arn is None else tell(arn)
        output = None if child is None else child.output()
        if output is None or output.anything:
            return answer
        return answer._replace(object=answer.object.with_member("Output", output))

    def error_output(self, state: State) -> Type:
        """What the Catchers of a state get."""
        if not state.scopes:
            call = self._facts.calls.get(state.number)
            return _UNNAMED_ERROR if call is None or _may_be_unnamed(call) else _ERROR
        return self._error_of_scopes

    # --- inner scopes -------------------------------------------------------------------------------------------------------

    def _branches(self, visit: Visit) -> Type | None:
        state, view = visit.state, visit.view
        field = "Arguments" if state.language == "JSONata" else "Parameters"
        start = view.input
        if field in state.body:
            make = self.fields.payload if state.language == "JSONata" else self.fields.template
            start = make(state.body[field], (*state.pointer, field), view)
        outputs = [self._run(scope, Environment(start, visit.before.variables)) for scope in state.scopes]
        branches = state.body.get("Branches")
        if not isinstance(branches, list) or not branches or len(branches) != len(outputs):
            return SOMETHING  # none at all: somebody will put them in
        if any(output is None for output in outputs):
            return None
        return array_of_items([output for output in outputs if output is not None])

    def _iterations(self, visit: Visit) -> Type | None:
        state, view = visit.state, visit.view
        found = visit.items = map_types.items(state, self.fields, view)
        start = map_types.starts_with(state, self.fields, view, found, self.context(state, found.item))
        outputs = [self._run(scope, Environment(start, visit.before.variables)) for scope in state.scopes]
        return map_types.result(state, found, outputs[0]) if len(outputs) == 1 else SOMETHING

    # --- choices ------------------------------------------------------------------------------------------------------------

    def _choose(self, visit: Visit) -> None:
        rules = visit.state.body.get("Choices")
        before: Environment | None = visit.before
        for i, rule in enumerate(rules if isinstance(rules, list) else ()):
            visit.tried.append(before)
            taken = before
            if before is not None and isinstance(rule, Mapping) and not is_unknown(rule):
                taken, before = self._rule(visit, i, rule, before)
            visit.taken.append(taken)
        visit.left = before

    def rule_alone(self, visit: Visit, i: int) -> Environment | None:
        """What is known where a rule of a Choice is taken if no other is tried before it."""
        rule = visit.state.body["Choices"][i]
        return self._rule(visit, i, rule, visit.before)[0]

    def _rule(self, visit: Visit, i: int, rule: Mapping[str, Any], before: Environment) -> tuple[Environment | None, ...]:
        """What is known where a rule holds, and where it does not."""
        state = visit.state
        if state.language == "JSONPath":
            prefix = _reference(state.body.get("InputPath", "$"))
            return tuple(narrowed(rule, before, visit.view, prefix, holds) for holds in (True, False))
        site = self.fields.site((*state.pointer, "Choices", i, "Condition"))
        inferred = None
        if site is not None and site.kind == "jsonata":
            view = View(before.input, visit.view.context, before.variables)
            inferred = self.fields.inferred(site, view)
        if site is None or inferred is None:
            return before, before
        from asl_lint.types.narrowing import narrow_both

        names = self.fields.names(view)
        return tuple(
            None if kept is None else before if kept is names else _environment(kept, before)
            for kept in narrow_both(site.jsonata[0], inferred, names)
        )

    # --- leaving ------------------------------------------------------------------------------------------------------------

    def _after_jsonata(
        self, visit: Visit, edge: Edge, before: Environment, holder: Mapping[str, Any], pointer: Pointer
    ) -> Environment:
        view = self.leaving(visit, before, edge.kind == "catch")
        if "Output" in holder:
            output = self.fields.payload(holder["Output"], (*pointer, "Output"), view)
        elif view.error is not None:
            output = view.error
        else:
            output = before.input if view.result is None else view.result
        return Environment(output, self._assigned(visit.state, before, holder, pointer, view))

    def leaving(self, visit: Visit, before: Environment, caught: bool) -> View:
        """What the Assign and Output of a JSONata state read: ``before`` as a rule or the Default narrows it."""
        context = visit.view.context
        if caught:
            return View(before.input, context, before.variables, None, self.error_output(visit.state))
        return View(before.input, context, before.variables, visit.result)

    def _after_jsonpath(
        self, visit: Visit, edge: Edge, before: Environment, holder: Mapping[str, Any], pointer: Pointer
    ) -> Environment:
        state, body = visit.state, visit.state.body
        if edge.kind == "catch":
            error = self.error_output(state)
            output = _put(holder, before.input, error)
            if "Assign" not in holder:
                return Environment(output, before.variables)
            inside = View(error, visit.view.context, before.variables)
        else:
            output = self.combined(visit, before)
            if "OutputPath" in body:
                output = selected(body["OutputPath"], View(output, visit.view.context, before.variables))
            if "Assign" not in holder:
                return Environment(output, before.variables)
            inside = self.assigning(visit, before)
        return Environment(output, self._assigned(state, before, holder, pointer, inside))

    def combined(self, visit: Visit, before: Environment) -> Type:
        """What OutputPath selects from: the input with the result at its ResultPath, of a state that has none what it got."""
        if visit.state.type in _WORKING:
            return _put(visit.state.body, before.input, self.worked(visit))
        return self.effective(visit, before)

    def effective(self, visit: Visit, before: Environment) -> Type:
        """What InputPath leaves of the input of a JSONPath state."""
        if before is visit.before:
            return visit.view.input
        view = View(before.input, visit.view.context, before.variables)
        return selected(visit.state.body.get("InputPath", "$"), view)

    def worked(self, visit: Visit) -> Type:
        """What a JSONPath state puts at its ResultPath."""
        if visit.worked is None:
            visit.worked = self._worked(visit)
        return visit.worked

    def _worked(self, visit: Visit) -> Type:
        state, body = visit.state, visit.state.body
        if state.type == "Pass":
            found = visit.view.input
            if "Parameters" in body:
                found = self.fields.template(body["Parameters"], (*state.pointer, "Parameters"), visit.view)
            if "Result" in body:
                # Which of the two it is where both stand has not been recorded.
                result = written(body["Result"])
                found = join(found, result) if "Parameters" in body else result
            return found
        found = SOMETHING if visit.result is None else visit.result
        if "ResultSelector" in body:
            view = visit.view._replace(input=found)
            found = self.fields.template(body["ResultSelector"], (*state.pointer, "ResultSelector"), view)
        return found

    def assigning(self, visit: Visit, before: Environment) -> View:
        """What the Assign of a JSONPath state reads; whether before or behind a ResultSelector is not known."""
        state = visit.state
        if state.type == "Pass":
            found = self.worked(visit)
        elif state.type in ("Task", "Parallel", "Map"):
            found = SOMETHING if "ResultSelector" in state.body else visit.result or SOMETHING
        else:
            found = self.effective(visit, before)
        return View(found, visit.view.context, before.variables)

    def _assigned(
        self, state: State, before: Environment, holder: Mapping[str, Any], pointer: Pointer, view: View
    ) -> Mapping[str, Type]:
        assign = holder.get("Assign")
        if assign is None:
            return before.variables
        if not isinstance(assign, Mapping) or is_unknown(assign) or any(is_unknown(name) for name in assign):
            return {}  # it may set any
        found = self.fields.assigned(assign, (*pointer, "Assign"), view, jsonata=state.language == "JSONata")
        # A variable that is not among those before is not followed.
        return {**before.variables, **{name: type_ for name, type_ in found.items() if name in before.variables}}


_OTHER_MEMBERS: Final = Pattern(r"\$states\.(?:input|result|errorOutput)\b")


def _may_read_context(site: "Site") -> bool:
    """Whether a site reads the context object, or ``$states`` in a way that does not say which member it reads."""
    text = site.text
    return "$$" in text or ("$states" in text and text.count("$states") != len(_OTHER_MEMBERS.findall(text)))


def _without(variables: Mapping[str, Type], names: frozenset[str]) -> Mapping[str, Type]:
    return {name: type_ for name, type_ in variables.items() if name not in names} if names else variables


def _put(holder: Mapping[str, Any], raw: Type, result: Type) -> Type:
    """The state's input with a result at the ResultPath of the state or the Catcher."""
    path = holder.get("ResultPath", "$")
    if path is None:
        return raw
    if path == "$":
        return result
    if not isinstance(path, str) or has_placeholder(path):
        return SOMETHING
    parsed = parsed_path(path)
    if parsed.errors or parsed.root != "input":
        return SOMETHING
    return write(raw, parsed.steps, result)


def _reference(path: object) -> tuple[Step, ...] | None:
    """The steps of an InputPath that only names members; None of any other."""
    if not isinstance(path, str) or has_placeholder(path):
        return None
    parsed = parsed_path(path)
    is_plain = not parsed.errors and parsed.root == "input" and all(step.kind == "member" for step in parsed.steps)
    return parsed.steps if is_plain else None


def _environment(names: Mapping[str, Type], before: Environment) -> Environment:
    """The environment that the names of an expression stand for, after narrowing."""
    states = names["states"].object
    input = before.input if states is None else states.member("input")
    return Environment(input, {name: names.get(name, type_) for name, type_ in before.variables.items()})


def _in_child(state: State) -> bool:
    scope: Scope | None = state.scope
    while scope is not None:
        if scope.is_distributed:
            return True
        scope = scope.parent.scope if scope.parent is not None else None
    return False


def _error_of_scopes(facts: "Facts") -> Type:
    """What Catchers get of errors that come out of scopes, coarsely: wherever in the machine their states are."""
    for state in facts.machine.states:
        if state.type == "Fail" and "Error" not in state.body and "ErrorPath" not in state.body:
            return _FAILED_WITHOUT_NAME
    return _UNNAMED_ERROR if any(_may_be_unnamed(call) for call in facts.calls.values()) else _ERROR


def _may_be_unnamed(call: "Call") -> bool:
    return call.pattern is None or call.pattern == "waitForTaskToken" or call.kind not in ("sdk", "optimized", "lambda")


_TOKEN: Final = r"(\$\$|context)(?!\.(?!Task))"
"""A text that reads the context object, and not some other member of it than ``Task``."""


def _hands_token_on(arguments: object) -> bool:
    """Whether the task's token is among the arguments: who gets it can end a ``.sync`` task too, with any result (recorded)."""
    pending = [arguments]
    while pending:
        inner = pending.pop()
        if isinstance(inner, str) and ("$$" in inner or "context" in inner) and re.search(_TOKEN, inner):
            return True
        if isinstance(inner, Mapping):
            pending += inner.values()
        elif isinstance(inner, list):
            pending += inner
    return False


def answer_of(call: "Call") -> Type:
    """What a call gives: of a function or an activity whatever it answers."""
    if call.service is None or call.action is None or call.pattern is None or call.kind not in ("sdk", "optimized"):
        return SOMETHING
    if call.pattern and _hands_token_on(call.arguments):
        return SOMETHING
    if call.kind == "optimized":
        return optimized_answer(call.service, call.action, call.pattern)
    if call.pattern:
        return SOMETHING
    service = str(call.state.body["Resource"]).split(":aws-sdk:", 1)[1].split(":", 1)[0]
    return sdk_answer(service, call.action)
