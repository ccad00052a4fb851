"""What loops are: by hand on small machines, on the five definitions and with one thing broken in them, and on random machines
against what an interpreter does.
"""

import copy
import gc
import json
import sys
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sfnx import testing

from asl_lint.facts.counters import Counter
from asl_lint.facts.cycles import goes_back
from asl_lint.facts.graph import Edge, FlowGraph, FlowGraphs
from asl_lint.facts.loops import Loop, least_events, least_wait, loops, turns_in_time, without_pause
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.regions import Region
from asl_lint.facts.tested_cells import settled_before
from asl_lint.model.machine import StateMachine
from asl_lint.source.reading import read_document
from tests.conftest import ROOT
from tests.facts.counter_machines import Environment, machine, run

DEFINITIONS = ROOT / "docs" / "step_functions_jsonata"
FUNCTION = "arn:aws:states:::lambda:invoke"


def found(definition: Mapping[str, Any]) -> list[Loop]:
    read = StateMachine(definition)
    return loops(read.scopes, FlowGraphs(read).of)


def only(definition: Mapping[str, Any]) -> Loop:
    (loop,) = found(definition)
    return loop


def jsonata(states: Mapping[str, Any], start: str = "Begin") -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": start, "States": {**states, "End": {"Type": "Succeed"}}}


def jsonpath(states: Mapping[str, Any], start: str = "Begin") -> dict[str, Any]:
    return {"StartAt": start, "States": {**states, "End": {"Type": "Succeed"}}}


def counting(condition: str, step: str = "{% $n + 1 %}", begin: object = 0, **work: Any) -> dict[str, Any]:
    """Begin sets n, Work steps it, Check goes round while the condition holds."""
    return jsonata({
        "Begin": {"Type": "Pass", "Assign": {"n": begin}, "Next": "Work"},
        "Work": {"Type": "Task", "Resource": FUNCTION, "Assign": {"n": step}, "Next": "Check"} | work,
        "Check": {"Type": "Choice", "Choices": [{"Condition": condition, "Next": "Work"}], "Default": "End"},
    })  # fmt: skip


# --- by hand ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "step", "begin", "most"),
    [
        ("{% $n < 9 %}", "{% $n + 1 %}", 0, 9),
        ("{% $n <= 9 %}", "{% $n + 1 %}", 0, 10),
        ("{% 9 > $n %}", "{% 1 + $n %}", 0, 9),
        ("{% $n < 9 %}", "{% $n + 2 %}", 0, 5),
        ("{% $n < 9 %}", "{% $n + 1 %}", 20, 1),
        ("{% $n > 0 %}", "{% $n - 1 %}", 9, 9),
        ("{% $n >= 0 %}", "{% $n - 1 %}", 9, 10),
        ("{% $n != 9 %}", "{% $n + 1 %}", 0, 9),
        ("{% $not($n = 9) %}", "{% $n + 1 %}", 0, 9),
        ("{% $not($n >= 9) %}", "{% $n + 1 %}", 0, 9),
        ("{% $n + 1 < 9 %}", "{% $n + 1 %}", 0, 8),
        ("{% $n < 9 and $states.input.go %}", "{% $n + 1 %}", 0, 9),
        ("{% ($states.input.a = 1 or $states.input.a = 2) and $n < 9 %}", "{% $n + 1 %}", 0, 9),
        ("{% $states.input.go ? $n < 9 : $n < 4 %}", "{% $n + 1 %}", 0, 9),
        ("{% $n < ${Most} %}", "{% $n + 1 %}", 0, None),
        ("{% $n < 9 %}", "{% $n + 1 %}", "{% $states.input.begin %}", None),
    ],
)
def test_a_counter_with_a_limit_is_counted(condition: str, step: str, begin: object, most: int | None) -> None:
    loop = only(counting(condition, step, begin))
    assert (loop.kind, loop.most) == ("counted", most)


@pytest.mark.parametrize(
    ("condition", "step", "begin"),
    [
        ("{% $n < 9 or $states.input.go %}", "{% $n + 1 %}", 0),
        ("{% $n != 9 %}", "{% $n + 1 %}", 9),
        ("{% $n != 9 %}", "{% $n + 1 %}", "{% $states.input.begin %}"),
        ("{% $n < 9 %}", "{% $n * 2 %}", 1),
        ("{% $n < $random() * 10 %}", "{% $n + 1 %}", 0),
        ("{% $millis() < $n %}", "{% $n + 1 %}", 0),
    ],
)
def test_a_limit_that_may_be_missed_proves_nothing(condition: str, step: str, begin: object) -> None:
    assert only(counting(condition, step, begin)).kind == "unknown"


@pytest.mark.parametrize(
    ("condition", "step", "begin", "reason"),
    [
        ("{% $n > 0 %}", "{% $n + 1 %}", 1, "$n only gets more, from 1"),
        ("{% $n < 9 %}", "{% $n - 1 %}", 9, None),
        ("{% $n < 9 %}", "{% $n - 1 %}", 8, "$n only gets less, from 8"),
        ("{% $n != 9 %}", "{% $n + 2 %}", 0, "$n goes from 0 by 2 and is never 9"),
        ("{% $n != 9 %}", "{% $n + 3 %}", 0, None),
        ("{% $n != 9 %}", "{% $n + 1 %}", 10, "$n goes from 10 away from 9"),
        ("{% $n != 9 or $states.input.go %}", "{% $n + 2 %}", 0, "$n goes from 0 by 2 and is never 9"),
        ("{% $n != 9 and $states.input.go %}", "{% $n + 2 %}", 0, None),
        ("{% $n != 9 %}", "{% $n + 2 %}", "{% $states.input.begin %}", None),
    ],
)
def test_a_counter_that_cannot_be_what_is_waited_for_makes_a_trap(
    condition: str, step: str, begin: object, reason: str | None
) -> None:
    loop = only(counting(condition, step, begin))
    assert (loop.reason if loop.kind == "trap" else None) == reason


@pytest.mark.parametrize(
    ("step", "kind"), [("{% $most + 1 %}", "trap"), ("{% $most + 2 %}", "unknown"), ("{% $most %}", "counted")]
)
def test_a_limit_that_goes_with_its_counter_is_never_reached(step: str, kind: str) -> None:
    states = {
        "Begin": {"Type": "Pass", "Assign": {"n": 0, "most": 5}, "Next": "Work"},
        "Work": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}", "most": step}, "Next": "Check"},
        "Check": {"Type": "Choice", "Choices": [{"Condition": "{% $n < $most %}", "Next": "Work"}], "Default": "End"},
        "End": {"Type": "Succeed"},
    }
    loop = only(jsonata(states))
    assert (loop.kind, loop.reason == "$n and $most change alike") == (kind, kind == "trap")


@pytest.mark.parametrize(
    ("rest", "most"),
    [
        ("{% $count($l) > 1 ? $l[[1..$count($l) - 1]] : [] %}", 3),
        ("{% $count($l) = 1 ? [] : $l[[2..$count($l)]] %}", 3),
        ("{% $count($l) > 1 ? $l[[1..$count($l) - 1]] : $l %}", None),
    ],
)
def test_a_list_that_is_emptied_at_last_is_counted(rest: str, most: int | None) -> None:
    states = {
        "Begin": {"Type": "Pass", "Assign": {"l": ["a", "b", "c"]}, "Next": "Check"},
        "Check": {"Type": "Choice", "Choices": [{"Condition": "{% $count($l) > 0 %}", "Next": "Work"}], "Default": "End"},
        "Work": {"Type": "Pass", "Assign": {"l": rest}, "Next": "Check"},
        "End": {"Type": "Succeed"},
    }
    loop = only(jsonata(states))
    assert (loop.most, loop.kind == "counted") == (most, most is not None)


@pytest.mark.parametrize(
    ("check", "work", "reason"),
    [
        ("{% $n < 9 or $states.input.go %}", {}, "$n is counted, but no test of it alone decides whether it goes on"),
        ("{% $n < 9 %}", {"Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Begin"}]}, "$n is counted and set back in it"),
    ],
)
def test_what_keeps_a_counter_from_ending_the_loop_is_said(check: str, work: dict[str, Any], reason: str) -> None:
    states = {
        "Begin": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Work"},
        "Work": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Next": "Check"},
        "Check": {"Type": "Choice", "Choices": [{"Condition": check, "Next": "Work"}], "Default": "Last"},
        "Last": {"Type": "Task", "Resource": FUNCTION, "Next": "End"} | work,
        "End": {"Type": "Succeed"},
    }
    loop = only(jsonata(states))
    assert (loop.kind, loop.reason) == ("unknown", reason)


def test_a_test_that_did_not_hold_is_no_limit_where_a_value_may_be_missing() -> None:
    """``$states.input.most`` may be missing: then ``>=`` yields nothing, which ``or`` takes for false, for ever."""
    states = counting("")["States"]
    leave = {"Condition": "{% $n >= $states.input.most or $states.input.stop %}", "Next": "End"}
    states["Check"] = {"Type": "Choice", "Choices": [leave], "Default": "Work"}
    assert only(jsonata(states)).kind == "unknown"
    leave["Condition"] = "{% $n >= 5 or $states.input.stop %}"
    assert only(jsonata(states)).most == 5


def test_only_the_answer_of_a_task_ends_it() -> None:
    loop = only(counting("{% $status != 'done' %}", Assign={"status": "{% $states.result.status %}"}))
    assert loop.kind == "external"


def test_a_loop_without_an_exit_is_a_trap() -> None:
    loop = only(jsonata({"Begin": {"Type": "Wait", "Seconds": 5, "Next": "Work"}, "Work": {"Type": "Pass", "Next": "Begin"}}))
    assert loop.kind == "trap"


def test_an_exit_that_is_left_to_the_deployment_makes_a_trap_unknown() -> None:
    states = {
        "Begin": {"Type": "Choice", "Choices": [{"Condition": "{% true %}", "Next": "${After}"}], "Default": "Work"},
        "Work": {"Type": "Pass", "Next": "Begin"},
    }
    assert only(jsonata(states)).kind == "unknown"


def test_a_catch_that_goes_back_without_counting_is_found() -> None:
    loop = only(counting("{% $n < 9 %}", Catch=[{"ErrorEquals": ["States.ALL"], "Next": "Work"}]))
    assert (loop.kind, loop.reason) == ("external", "it can go round without stepping $n")
    assert [edge.kind for edge in loop.cycle] == ["catch"]


def test_a_catch_that_counts_as_well_is_counted() -> None:
    catch = [{"ErrorEquals": ["States.ALL"], "Assign": {"n": "{% $n + 1 %}"}, "Next": "Check"}]
    loop = only(counting("{% $n < 9 %}", Catch=catch))
    assert (loop.kind, loop.most) == ("counted", 10)


def test_a_limit_that_is_tested_on_one_way_round_only_is_found() -> None:
    states = counting("{% $n < 9 %}", Next="Which")["States"]
    states["Which"] = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.a %}", "Next": "Work"}], "Default": "Check"}
    loop = only(jsonata(states))
    assert (loop.kind, loop.reason) == ("external", "it can go round without testing $n")


def test_a_counter_that_is_set_back_inside_is_found() -> None:
    states = counting("{% $n < 9 %}")["States"]
    states["Check"]["Choices"][0]["Assign"] = {"n": 0}
    loop = only(jsonata(states))
    assert (loop.kind, loop.reason) == ("external", "$n is set back in it")


def test_an_inner_loop_may_set_its_counter_anew() -> None:
    loop = only(jsonata({
        "Begin": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Inner"},
        "Inner": {"Type": "Pass", "Assign": {"m": 0}, "Next": "Work"},
        "Work": {"Type": "Task", "Resource": FUNCTION, "Assign": {"m": "{% $m + 1 %}"}, "Next": "More"},
        "More": {"Type": "Choice", "Choices": [{"Condition": "{% $m < 4 %}", "Next": "Work"}], "Default": "Step"},
        "Step": {"Type": "Pass", "Assign": {"n": "{% $n + 1 %}"}, "Next": "Check"},
        "Check": {"Type": "Choice", "Choices": [{"Condition": "{% $n < 3 %}", "Next": "Inner"}], "Default": "End"},
    }))  # fmt: skip
    assert loop.kind == "counted"
    assert loop.most == 3
    assert loop.counter is not None
    assert [inner.counter.most for inner in loop.counter.inner] == [4]


def test_a_flag_that_is_set_once_counts() -> None:
    loop = only(jsonata({
        "Begin": {"Type": "Pass", "Assign": {"again": True}, "Next": "Work"},
        "Work": {
            "Type": "Task", "Resource": FUNCTION, "Next": "End",
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Check"}],
        },
        "Check": {
            "Type": "Choice", "Default": "End",
            "Choices": [{"Condition": "{% $again %}", "Assign": {"again": False}, "Next": "Work"}],
        },
    }))  # fmt: skip
    assert (loop.kind, loop.most) == ("counted", 1)


@pytest.mark.parametrize(
    ("condition", "rest", "kind"),
    [
        ("{% $count($l) > 1 %}", "{% $l[[1..$count($l)-1]] %}", "counted"),
        ("{% $count($l) > 0 %}", "{% $l[[2..99]] %}", "counted"),
        ("{% $exists($l[0]) %}", "{% $filter($l, function($v, $i) { $i > 0 }) %}", "counted"),
        ("{% $count($l) > 0 %}", "{% $l[[0..9]] %}", "unknown"),
        ("{% $count($l) > 0 %}", "{% $append($l, 1) %}", "unknown"),
    ],
)
def test_a_list_that_loses_items_counts(condition: str, rest: str, kind: str) -> None:
    states = {
        "Begin": {"Type": "Pass", "Assign": {"l": "{% $states.input.list %}"}, "Next": "Check"},
        "Check": {"Type": "Choice", "Choices": [{"Condition": condition, "Next": "Work"}], "Default": "End"},
        "Work": {"Type": "Pass", "Assign": {"l": rest}, "Next": "Check"},
    }
    assert only(jsonata(states)).kind == kind


def test_an_index_that_runs_over_a_list_counts() -> None:
    assert only(counting("{% $n < $count($states.input.list) %}", Output="{% $states.input %}")).kind == "counted"
    assert only(counting("{% $n < $states.input.most %}", Output="{% $states.input %}")).kind == "counted"
    assert only(counting("{% $n < $count($states.input.list) %}")).kind == "unknown"


def carried(**work: Any) -> dict[str, Any]:
    """A counter in the input of a JSONPath machine."""
    return jsonpath({
        "Begin": {"Type": "Pass", "Result": {"n": 0}, "Next": "Work"},
        "Work": {"Type": "Task", "Resource": FUNCTION, "Next": "Step"} | work,
        "Step": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "status.$": "$.status"}, "Next": "Check"},
        "Check": {"Type": "Choice", "Choices": [{"Variable": "$.n", "NumericLessThan": 5, "Next": "Work"}], "Default": "End"},
    })  # fmt: skip


def test_a_counter_carried_in_the_input_counts_if_every_state_keeps_it() -> None:
    assert only(carried(ResultPath="$.status")).most == 5
    assert only(carried(ResultPath=None)).most == 5
    assert only(carried()).kind == "unknown"
    assert only(carried(ResultPath="$.n")).kind == "unknown"
    assert only(carried(ResultPath="$.status", OutputPath="$.status")).kind == "unknown"


def test_a_catcher_that_replaces_the_input_loses_the_counter() -> None:
    catch = {"ErrorEquals": ["States.ALL"], "Next": "Check"}
    assert only(carried(ResultPath="$.status", Catch=[catch])).kind == "unknown"
    assert only(carried(ResultPath="$.status", Catch=[catch | {"ResultPath": "$.error", "Next": "Step"}])).most == 5


def test_jsonpath_variables_and_lists_count() -> None:
    check = {
        "Type": "Choice",
        "Choices": [{"Not": {"Variable": "$n", "NumericGreaterThanEquals": 7}, "Next": "Work"}],
        "Default": "End",
    }
    states = {
        "Begin": {"Type": "Pass", "Assign": {"n": 0}, "Next": "Work"},
        "Work": {"Type": "Task", "Resource": FUNCTION, "Assign": {"n.$": "States.MathAdd($n, 1)"}, "Next": "Check"},
        "Check": check,
    }
    assert only(jsonpath(states)).most == 7
    states = {
        "Begin": {"Type": "Choice", "Choices": [{"Variable": "$.l[0]", "IsPresent": True, "Next": "Work"}], "Default": "End"},
        "Work": {"Type": "Pass", "Parameters": {"l.$": "$.l[1:]"}, "Next": "Begin"},
    }
    assert only(jsonpath(states)).kind == "counted"


def test_a_test_of_the_first_item_ends_a_jsonpath_list_that_runs_out_of_items() -> None:
    states = {
        "Begin": {
            "Type": "Choice",
            "Choices": [{"Not": {"Variable": "$.l[0]", "StringEquals": "DONE"}, "Next": "Work"}],
            "Default": "End",
        },
        "Work": {"Type": "Pass", "Parameters": {"l.$": "$.l[1:]"}, "Next": "Begin"},
    }
    assert only(jsonpath(states)).kind == "counted"
    states["Begin"]["Choices"][0] = {"Not": {"Variable": "$.l[1]", "StringEquals": "DONE"}, "Next": "Work"}
    assert only(jsonpath(states)).kind == "unknown"
    states["Begin"]["Choices"] = [{"Variable": "$.l[0]", "IsPresent": False, "Next": "End"}]
    states["Begin"]["Default"] = "Work"
    assert only(jsonpath(states)).kind == "counted"


def test_a_loop_in_a_branch_or_a_map_is_a_loop_of_its_own() -> None:
    inner = counting("{% $n < 9 %}")
    branch = {"StartAt": inner["StartAt"], "States": inner["States"]}
    outer = jsonata({"Begin": {"Type": "Parallel", "Branches": [branch], "Next": "End"}})
    assert [loop.most for loop in found(outer)] == [9]


def test_what_a_turn_waits_and_writes() -> None:
    states = counting("{% $n < 9 %}")["States"]
    states["Check"]["Choices"][0]["Next"] = "Rest"
    states["Rest"] = {"Type": "Wait", "Seconds": 20, "Next": "Work"}
    loop = only(jsonata(states))
    assert (least_wait(loop.region), without_pause(loop.region), least_events(loop)) == (20, None, 9)
    assert turns_in_time(loop, 100) == 6
    states["Work"]["Catch"] = [{"ErrorEquals": ["States.ALL"], "Next": "Work"}]
    loop = only(jsonata(states))
    assert least_wait(loop.region) == 0
    assert without_pause(loop.region) is not None


def test_whether_a_scope_goes_back_is_seen_without_its_order() -> None:
    def scope(**following: str) -> Any:
        states = {name: {"Type": "Pass", "Next": target} if target else {"Type": "Succeed"} for name, target in following.items()}
        return StateMachine({"StartAt": next(iter(states)), "States": states}).root

    assert not goes_back(scope(A="B", B="C", C=""))
    assert not goes_back(scope(C="", B="C", A="B"))
    assert goes_back(scope(A="B", B="A"))
    assert goes_back(scope(A="A"))


# --- the five definitions -----------------------------------------------------------------------------------------------------

POLLS = {
    "sfn_ndr_prediction_publication": [9],
    "sfn_ndr_15m_features_inference": [18, 11],
    "sfn_ndr_monthly_fg_b_baselines": [120, 180],
    "sfn_ndr_training_orchestrator": [3, 60, 60, 288, 30, 30, 60],
    "sfn_ndr_backfill_reprocessing": [120, 40],
}
"""How often each loop polls or tries at most: the table "Numbers that hold together"."""


def definition(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DEFINITIONS / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def counters(counted: Iterable[tuple[Region, Counter]]) -> Iterator[tuple[Region, Counter]]:
    for region, counter in counted:
        yield region, counter
        yield from counters((inner.region, inner.counter) for inner in counter.inner)


@pytest.mark.parametrize("name", POLLS)
def test_each_loop_of_the_five_is_counted_with_its_limit(name: str) -> None:
    all_loops = found(definition(name))
    assert {loop.kind for loop in all_loops} == {"counted"}
    every = counters((loop.region, loop.counter) for loop in all_loops if loop.counter is not None)
    assert sorted(counter.most or 0 for _, counter in every) == sorted(POLLS[name])


def scopes(part: Any) -> Iterator[dict[str, Any]]:
    """The States objects, at any depth."""
    if isinstance(part, dict):
        if isinstance(part.get("States"), dict):
            yield part["States"]
        for inner in part.values():
            yield from scopes(inner)
    elif isinstance(part, list):
        for inner in part:
            yield from scopes(inner)


def polling(states: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The name of each poll's Wait, its Describe and its Check."""
    for name, state in states.items():
        if state["Type"] == "Wait":
            yield name, state["Next"], states[state["Next"]]["Next"]


def drop_step(states: dict[str, Any], wait: str, describe: str, check: str) -> None:
    states[describe]["Assign"] = {k: v for k, v in states[describe]["Assign"].items() if not k.endswith("_polls")}


def set_back(states: dict[str, Any], wait: str, describe: str, check: str) -> None:
    (name,) = (k for k in states[describe]["Assign"] if k.endswith("_polls"))
    states[wait]["Assign"] = {name: 0}


def drop_limit(states: dict[str, Any], wait: str, describe: str, check: str) -> None:
    (rule,) = (rule for rule in states[check]["Choices"] if rule["Next"] == wait)
    rule["Condition"] = rule["Condition"].rpartition(" and ")[0] + " %}"


def go_back_uncounted(states: dict[str, Any], wait: str, describe: str, check: str) -> None:
    states[describe]["Catch"][0]["Next"] = wait


@pytest.mark.parametrize("broken", [drop_step, set_back, drop_limit, go_back_uncounted])
@pytest.mark.parametrize("name", POLLS)
def test_a_poll_of_the_five_with_one_thing_broken_is_found(name: str, broken: Callable[..., None]) -> None:
    whole = definition(name)
    count = sum(1 for states in scopes(whole) for _ in polling(states))
    assert count == sum(1 for most in POLLS[name] if most != 3)
    for number in range(count):
        changed = copy.deepcopy(whole)
        states, poll = [(states, poll) for states in scopes(changed) for poll in polling(states)][number]
        broken(states, *poll)
        kinds = {loop.kind for loop in found(changed) if any(state.name == poll[1] for state in loop.states)}
        assert kinds == {"external"}, poll


# --- random machines ----------------------------------------------------------------------------------------------------------

ENVIRONMENTS = [Environment(failing, again) for failing in (0, 0.3, 1) for again in (0, 0.7, 1)]
LONGEST = 400
SHARDS, MACHINES = 4, 300


def taken(graph: FlowGraph, whole: Mapping[str, Any], environment: Environment, seed: int) -> list[Edge]:
    edges = {(graph.states[e.source].name, e.kind, e.index): e for e in graph.edges if e.source < len(graph.states)}
    return [edges[step] for step in run(whole, environment, seed, LONGEST)]


def stays(trace: Iterable[Edge], region: Region) -> Iterator[list[Edge]]:
    """The edges of each stay in the region: from where it is entered to where an edge that is none of it is taken."""
    inside, nodes = {edge.number for edge in region.edges}, set(region.nodes)
    stay: list[Edge] | None = None
    for edge in trace:
        if edge.number in inside:
            stay = stay or []
            stay.append(edge)
        else:
            if stay is not None:
                yield stay
            stay = [] if edge.target in nodes else None
    if stay is not None:
        yield stay


@pytest.mark.large
@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_random_loop_that_is_counted_runs_longer_than_its_bound(shard: int, record_property: Any) -> None:
    tally = Tally[str]()
    for seed in range(shard * MACHINES, (shard + 1) * MACHINES):
        whole = machine(seed)
        read = StateMachine(whole)
        graph = FlowGraphs(read).root
        all_loops = loops(read.scopes, lambda scope, graph=graph: graph)  # type: ignore[misc]
        tally.update(loop.kind for loop in all_loops)
        if not any(loop.kind in ("counted", "trap") for loop in all_loops):
            continue
        traces = [taken(graph, whole, environment, seed) for environment in ENVIRONMENTS]
        for loop in all_loops:
            if loop.kind == "trap":
                assert not any(edge in loop.exits for trace in traces for edge in trace), seed
            for region, counter in counters([(loop.region, loop.counter)] if loop.counter else []):
                steps = {edge.number for edge in counter.steps}
                for trace in traces:
                    for stay in stays(trace, region):
                        turns = sum(edge.number in steps for edge in stay)
                        assert len(stay) < LONGEST / 2, (seed, counter.cell)
                        assert counter.most is None or turns <= counter.most, (seed, counter.cell)
                        tally["a bound is reached"] += turns == counter.most
    assert tally["counted"] > MACHINES / 10
    assert tally["a bound is reached"] > MACHINES / 10
    figures = ", ".join(f"{name} {count}" for name, count in sorted(tally.items()))
    record_property("figures", f"loops of {MACHINES} random machines (shard {shard}): {figures}")


def exits_late(trace: Iterable[Edge], region: Region) -> bool:
    """Whether the trace leaves the region at a state from which it had gone on in it before, in the same stay."""
    inside, nodes = {edge.number for edge in region.edges}, set(region.nodes)
    passed: set[int] = set()
    for edge in trace:
        if edge.number in inside:
            passed.add(edge.source)
        elif edge.source in passed and edge.target not in nodes and edge.kind != "error":
            return True
        else:
            passed = set()
    return False


@pytest.mark.large
def test_no_random_loop_whose_ways_out_are_settled_is_left_in_a_later_turn(record_property: Any) -> None:
    settled, left = 0, Tally[bool]()
    for seed in range(SHARDS * MACHINES):
        whole = machine(seed)
        read = StateMachine(whole)
        graph = FlowGraphs(read).root
        external = [loop for loop in loops(read.scopes, lambda scope, graph=graph: graph) if loop.kind == "external"]  # type: ignore[misc]
        if not external:
            continue
        traces = [taken(graph, whole, environment, seed) for environment in ENVIRONMENTS]
        for loop in external:
            late = any(exits_late(trace, loop.region) for trace in traces)
            if settled_before(loop.region) is None:
                left[late] += 1
            else:
                settled += 1
                assert not late, seed
    assert settled > 10
    assert left[True] > 50
    record_property("figures", f"of {settled + left.total()} random loops that only the outside ends, {settled} are settled")


@pytest.mark.large
def test_the_interpreter_of_these_tests_agrees_with_another_one() -> None:
    """On the JSONata machines, with the same answers, both enter the same states."""
    compared = 0
    for seed in range(150):
        whole = machine(seed)
        if whole["QueryLanguage"] != "JSONata" or "End" not in whole["States"]:  # one without an end is refused
            continue
        for environment in ENVIRONMENTS[::2]:
            steps = list(run(whole, environment, seed, LONGEST))
            if len(steps) == LONGEST:
                continue
            execution = testing.run(whole, {}, answers(environment, seed))
            entered = [step[0] for step in steps]
            assert list(execution.states)[: len(entered)] == entered, seed
            assert len(execution.states) <= len(entered) + 1  # the state in which it failed
            compared += 1
    assert compared > 100


def answers(environment: Environment, seed: int) -> Callable[[testing.Call], object]:
    import random

    rng = random.Random(seed)

    def answer(call: testing.Call) -> object:
        if rng.random() < environment.failing:
            raise testing.Failure("E", "")
        return "again" if rng.random() < environment.again else "done"

    return answer


# --- real definitions ---------------------------------------------------------------------------------------------------------


def test_real_definitions_hold_no_traps(corpus: Path, record_property: Any) -> None:
    """Each class was counted, and every loop that is counted or a trap was read by a person: the traps were none."""
    tally = Tally[str]()
    for path in sorted((corpus / "good").rglob("*.json")):
        try:
            value = json.loads(path.read_text(encoding="utf-8-sig"))
        except ValueError:
            continue
        if isinstance(value, dict) and "States" in value:
            tally.update(loop.kind for loop in found(value))
    record_property("figures", "loops of good/: " + ", ".join(f"{kind} {count}" for kind, count in sorted(tally.items())))
    assert tally["trap"] == 0
    assert tally["external"] > tally["counted"] > 0


# --- ten thousand states ------------------------------------------------------------------------------------------------------


def huge(language: str, onward: str, number: int = 1_250) -> dict[str, Any]:
    """Loops in loops, one behind the other, eight states each; every Task catches to one handler, which goes on to ``onward``."""
    states: dict[str, Any] = {}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "Handler"} | ({} if language == "JSONata" else {"ResultPath": "$.error"})]

    def step(name: str) -> dict[str, Any]:
        return {name: f"{{% ${name} + 1 %}}"} if language == "JSONata" else {f"{name}.$": f"States.MathAdd(${name}, 1)"}

    def below(name: str, limit: int) -> dict[str, Any]:
        if language == "JSONata":
            return {"Condition": f"{{% $status = 'Busy' and ${name} < {limit} %}}"}
        return {"And": [{"Variable": "$.status", "StringEquals": "Busy"}, {"Variable": f"${name}", "NumericLessThan": limit}]}

    for i in range(number):
        n, m = f"n{i}", f"m{i}"
        states |= {
            f"Set{i}": {"Type": "Pass", "Assign": {n: 0}, "Next": f"Inner{i}"},
            f"Inner{i}": {"Type": "Pass", "Assign": {m: 0}, "Next": f"Wait{i}"},
            f"Wait{i}": {"Type": "Wait", "Seconds": 5, "Next": f"Ask{i}"},
            f"Ask{i}": {
                "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:glue:getJobRun", "Assign": step(m), "Catch": catch,
                "Next": f"More{i}",
            } | ({} if language == "JSONata" else {"ResultPath": "$.status"}),
            f"More{i}": {"Type": "Choice", "Choices": [below(m, 4) | {"Next": f"Wait{i}"}], "Default": f"Step{i}"},
            f"Step{i}": {"Type": "Task", "Resource": FUNCTION, "Assign": step(n), "Catch": catch, "Next": f"Check{i}"},
            f"Check{i}": {"Type": "Choice", "Choices": [below(n, 3) | {"Next": f"Inner{i}"}], "Default": f"Next{i}"},
            f"Next{i}": {"Type": "Pass", "Next": f"Set{i + 1}" if i + 1 < number else "End"},
        }  # fmt: skip
    states["Handler"] = {"Type": "Pass", "Next": onward}
    return {"QueryLanguage": language, "StartAt": "Set0", "States": {**states, "End": {"Type": "Succeed"}}}


PATIENCE = 20 if "coverage" in sys.modules else 2
"""Seconds of processor."""


@pytest.mark.large
@pytest.mark.parametrize("onward", ["End", "Set0"])
@pytest.mark.parametrize("language", ["JSONata", "JSONPath"])
def test_ten_thousand_states_in_nested_loops_take_less_than_two_seconds(language: str, onward: str) -> None:
    document = read_document(json.dumps(huge(language, onward)), "huge.asl.json")
    took: list[float] = []
    while len(took) < 3 and min(took, default=PATIENCE) >= PATIENCE:  # a busy machine makes a run longer, never shorter
        facts = Facts(Workflow("huge.asl.json", document))
        gc.collect()
        gc.freeze()  # what other tests have left is not looked through again
        start = time.process_time()
        kinds = Tally(loop.kind for loop in facts.loops)
        asked = len(facts.polls)
        took.append(time.process_time() - start)
        gc.unfreeze()
        assert kinds == ({"counted": 1_250} if onward == "End" else {"external": 1})
        assert asked == 1_250
    assert min(took) < PATIENCE
