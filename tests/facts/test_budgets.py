"""What an execution takes: by hand on small machines, on recorded executions, and on random machines that an interpreter runs."""

import gc
import json
import sys
import time
from collections import Counter as Tally
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from asl_lint.facts.amounts import INFINITE, formula, number, symbols_of, value
from asl_lint.facts.budgets import Execution
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.visits import Measure
from asl_lint.source.document import Pointer
from tests.definitions.rehearsal.scenario import DEFINITIONS
from tests.facts.budget_machines import machine as random_machine
from tests.facts.budget_runs import Chances, Run
from tests.facts.test_loops import huge
from tests.properties.definitions import facts, machine, task

PASS = {"Type": "Pass", "End": True}
RETRY = [{"ErrorEquals": ["E"], "MaxAttempts": 2, "IntervalSeconds": 1, "BackoffRate": 2}]


def execution(definition: Any, number: int = 0) -> Execution:
    return facts(definition).budgets.executions[number]


def told(definition: Any, measure: Measure = "events", number: int = 0) -> str:
    """At least and at most, as people read it: ``7…9·n + 4``."""
    one = execution(definition, number)
    least = one.least(measure)
    return f"{'?' if least is None else formula(least)}…{formula(one.most(measure))}"


def scope(**states: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def each(**fields: Any) -> dict[str, Any]:
    return {"Type": "Map", "ItemProcessor": scope(P=PASS), "End": True} | fields


DISTRIBUTED = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}} | scope(P=PASS)

# --- the table of visits ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "events"),
    [
        ({"A": {"Type": "Pass", "End": True}}, "4…4"),
        ({"A": {"Type": "Wait", "Seconds": 5, "End": True}}, "4…4"),
        ({"A": {"Type": "Succeed"}}, "4…4"),
        ({"A": {"Type": "Fail"}}, "3…3"),
        ({"A": task()}, "7…7"),
        ({"A": task("glue:startJobRun.sync")}, "8…8"),
        ({"A": task("sqs:sendMessage.waitForTaskToken")}, "8…8"),
        ({"A": task(Retry=RETRY)}, "7…13"),
        ({"A": task("glue:startJobRun.sync", Retry=RETRY)}, "8…16"),
        ({"A": task(Retry=[{"ErrorEquals": ["States.ALL"]}])}, "7…16"),
        # What a call answered can be evaluated in vain, and the call is made again.
        ({"A": task(Retry=[{"ErrorEquals": ["States.ALL"]}], Output="{% 1 %}")}, "7…19"),
        ({"A": task(Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B"}]), "B": PASS}, "6…9"),
        ({"A": {"Type": "Parallel", "Branches": [scope(P=PASS), scope(P=task())], "End": True}}, "13…13"),
        ({"A": each(Items=[1, 2, 3])}, "18…18"),
        ({"A": each(Items=[])}, "6…6"),
        ({"A": each(Items="{% $states.input.items %}")}, "6…4·n + 6"),
        ({"A": each(Items=[1, 2, 3], Retry=RETRY)}, "18…44"),
        ({"A": each(ItemProcessor=DISTRIBUTED)}, "8…8"),
        ({"A": each(ItemProcessor=DISTRIBUTED, Retry=RETRY)}, "8…16"),
        ({"A": {"Type": "Choice", "Choices": [{"Condition": "{% $x %}", "Next": "B"}], "Default": "C"}, "B": PASS, "C": task()},
         "6…9"),
    ],
)  # fmt: skip
def test_the_events_of_a_visit_are_those_of_the_table(states: dict[str, Any], events: str) -> None:
    assert told(machine(**states)) == events


def test_a_child_of_a_distributed_map_is_an_execution_of_its_own() -> None:
    whole = machine(A=each(ItemProcessor={**DISTRIBUTED, **scope(P=task(next="Q"), Q=PASS)}))
    assert [one.pointer for one in facts(whole).budgets.executions] == [(), ("States", "A")]
    assert (told(whole), told(whole, number=1)) == ("8…8", "9…9")


def test_a_machine_that_cannot_end_well_is_measured_by_how_it_fails() -> None:
    assert told(machine(A=task(next="B"), B={"Type": "Fail"})) == "8…8"


def test_a_list_that_an_earlier_state_writes_out_is_counted() -> None:
    given = {"Type": "Pass", "Result": [1, 2], "Next": "A"}
    assert told(machine(language="JSONPath", G=given, A=each())) == "16…16"
    assert told(machine(G={"Type": "Pass", "Assign": {"l": [1, 2]}, "Next": "A"}, A=each(Items="{% $l %}"))) == "16…16"


@pytest.mark.parametrize(
    ("items", "events"),
    [
        ("[$count($states.input.a), 3]", "16…16"),
        ("[$l, $l[$ > $states.input.a]]", "16…24"),
        ("[1..$count($l)]", "16…16"),
        ("[1..$states.input.a]", "8…4·n + 8"),
        ("$states.input.b", "8…4·n + 8"),
    ],
)
def test_the_items_that_an_expression_makes_are_counted_as_far_as_types_tell(items: str, events: str) -> None:
    before = {"Type": "Pass", "Assign": {"l": [1, 2]}, "Output": {"a": "{% $x %}", "b": "{% $y %}"}, "Next": "A"}
    assert told(machine(G=before, A=each(Items=f"{{% {items} %}}"))) == events


@pytest.mark.parametrize(
    ("states", "transitions", "seconds"),
    [
        ({"A": {"Type": "Wait", "Seconds": 5, "End": True}}, "1…1", "5…5"),
        ({"A": {"Type": "Wait", "SecondsPath": "$.s", "End": True}}, "1…1", "0…∞"),
        ({"A": task()}, "1…1", "0…∞"),
        ({"A": task(TimeoutSeconds=10)}, "1…1", "0…10"),
        ({"A": task("http:invoke")}, "1…1", "0…60"),
        ({"A": {"Type": "Wait", "Seconds": "{% 30 * 2 %}", "End": True}}, "1…1", "60…60"),
        ({"A": {"Type": "Pass", "Assign": {"s": 7}, "Next": "B"}, "B": {"Type": "Wait", "Seconds": "{% $s %}", "End": True}},
         "2…2", "7…7"),
        ({"A": {"Type": "Pass", "Result": {"s": 7}, "Next": "B"}, "B": {"Type": "Wait", "SecondsPath": "$.s", "End": True}},
         "2…2", "7…7"),
        ({"A": {"Type": "Wait", "Timestamp": "2016-03-14T01:59:00Z", "End": True}}, "1…1", "0…0"),
        ({"A": {"Type": "Wait", "Timestamp": "2999-03-14T01:59:00Z", "End": True}}, "1…1", "0…∞"),
        ({"A": task(TimeoutSeconds="{% 60 %}")}, "1…1", "0…60"),
        # Throttling comes back at once; a function may call its own errors what it likes.
        ({"A": task(TimeoutSeconds=10, Retry=[RETRY[0] | {"ErrorEquals": ["Lambda.TooManyRequestsException"]}])}, "1…3", "0…13"),
        ({"A": task(TimeoutSeconds=10, Retry=[RETRY[0] | {"ErrorEquals": ["Own.ThrottlingException"]}])}, "1…3", "0…33"),
        ({"A": task("aws-sdk:sns:publish", TimeoutSeconds=9, Retry=[RETRY[0] | {"ErrorEquals": ["Sns.ThrottledException"]}])},
         "1…3", "0…12"),
        # Two more attempts of ten seconds, after one second and two.
        ({"A": task(TimeoutSeconds=10, Retry=RETRY)}, "1…3", "0…33"),
        # The call that starts a job comes back at once; the job runs once.
        ({"A": task("glue:startJobRun.sync", TimeoutSeconds=10, Retry=RETRY)}, "1…3", "0…13"),
        (
            {"A": {"Type": "Parallel", "Branches": [scope(P=PASS), scope(P={"Type": "Wait", "Seconds": 7, "End": True})],
                   "End": True}},
            "3…3", "7…7",
        ),
        ({"A": each(Items=[1, 2, 3], MaxConcurrency=2, ItemProcessor=scope(P={"Type": "Wait", "Seconds": 7, "End": True}))},
         "4…4", "14…21"),
        ({"A": each(ItemProcessor=DISTRIBUTED)}, "1…n + 1", "0…0"),
    ],
)  # fmt: skip
def test_a_visit_takes_transitions_and_time(states: dict[str, Any], transitions: str, seconds: str) -> None:
    language = "JSONPath" if "SecondsPath" in str(states) else "JSONata"
    assert told(machine(language=language, **states), "transitions") == transitions
    assert told(machine(language=language, **states), "seconds") == seconds


def batched(**batcher: Any) -> dict[str, Any]:
    inner = DISTRIBUTED | scope(P={"Type": "Wait", "Seconds": 10, "End": True})
    return machine(A=each(Items=[1, 2, 3, 4, 5], MaxConcurrency=1, ItemBatcher=batcher, ItemProcessor=inner))


def test_a_child_execution_takes_a_batch_where_the_text_says_how_many_items_that_has() -> None:
    assert (told(batched(MaxItemsPerBatch=2), "seconds"), told(batched(MaxItemsPerBatch=2), "transitions")) == ("0…30", "1…4")
    assert told(batched(MaxItemsPerBatch=2, MaxInputBytesPerBatch=1000), "seconds") == "0…50"


def test_express_child_executions_end_after_five_minutes_and_cost_by_their_time() -> None:
    express = {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}} | scope(P=task())
    definition = machine(A=each(Items=[1, 2, 3], ItemProcessor=express))
    parent, child = execution(definition), execution(definition, 1)
    assert (told(definition, "seconds"), child.most("seconds"), child.lasts()) == ("0…900", INFINITE, 300)
    each_costs = 0.000001 + 300 * 0.00001667 / 16
    assert child.cost() == pytest.approx(each_costs)
    assert parent.cost() == pytest.approx(0.000025 + 3 * each_costs)


# --- loops --------------------------------------------------------------------------------------------------------------------


def poll(limit: object, **check: Any) -> dict[str, Any]:
    rule = {"Condition": f"{{% $status = 'busy' and $polls < {limit} %}}", "Next": "Rest"}
    asked = {"polls": "{% $polls + 1 %}", "status": "{% $states.result.s %}"}
    return machine(
        Begin={"Type": "Pass", "Assign": {"polls": 0}, "Next": "Rest"},
        Rest={"Type": "Wait", "Seconds": 30, "Next": "Ask"},
        Ask=task("aws-sdk:glue:getJobRun", "Check", TimeoutSeconds=5, Assign=asked),
        Check={"Type": "Choice", "Choices": [rule], "Default": "Done"} | check,
        Done={"Type": "Succeed"},
    )


def test_a_poll_turns_exactly_as_often_as_its_limit_says() -> None:
    assert told(poll(10)) == "15…96"  # 2 + 2 + 10 * 9 + 2
    assert told(poll(10), "seconds") == "30…350"
    assert told(poll(10), "transitions") == "5…32"


def test_a_limit_that_only_the_run_knows_is_a_symbol() -> None:
    budgets = facts(poll("$most")).budgets
    assert formula(budgets.executions[0].most("events")) == "9·k + 11"
    assert budgets.symbols == {"k": 'turns of the loop at "Rest", up to $most'}


def test_a_loop_that_nothing_counts_has_no_bound_and_the_reason_is_told() -> None:
    one = execution(poll(10, Choices=[{"Condition": "{% $status = 'busy' %}", "Next": "Rest"}]))
    assert one.most("events") == INFINITE
    assert [(cause.pointer[-1], cause.reason) for cause in one.causes("events")] == [
        ("Rest", "only what happens outside the machine ends it")
    ]


def test_loops_in_loops_multiply() -> None:
    def loop(name: str, limit: int, body: str, onward: str) -> dict[str, Any]:
        return {
            f"Begin{name}": {"Type": "Pass", "Assign": {name: 0}, "Next": body},
            f"Step{name}": {"Type": "Pass", "Assign": {name: f"{{% ${name} + 1 %}}"}, "Next": f"Check{name}"},
            f"Check{name}": {
                "Type": "Choice", "Default": onward, "Choices": [{"Condition": f"{{% ${name} < {limit} %}}", "Next": body}],
            },
        }  # fmt: skip

    states = (
        loop("n", 3, "Beginm", "End") | loop("m", 4, "Work", "Stepn") | {"Work": task(next="Stepm"), "End": {"Type": "Succeed"}}
    )
    # Each of 4 inner turns writes 9 events; each of 3 outer ones 2 + 36 + 4; and 2 for Begin, End and the execution each.
    assert told(machine(**states)) == "21…132"


def test_a_fault_of_the_data_that_leads_back_is_a_loop() -> None:
    again = [{"ErrorEquals": ["States.QueryEvaluationError"], "Next": "A"}]
    one = execution(machine(A=task(next="B", Output="{% 1 %}", Catch=again), B={"Type": "Succeed"}))
    assert one.most("events") == INFINITE
    assert [cause.reason for cause in one.causes("events")] == ["it can go round through a fault of the data"]


def test_where_control_goes_on_is_hidden_nothing_is_known() -> None:
    one = execution(machine(A={"Type": "Pass", "Next": "${Next}"}, B=PASS))
    assert (one.least("events"), one.most("events")) == (None, INFINITE)
    assert [cause.reason for cause in one.causes("events")] == ["where it leads is left to the deployment"]


def test_what_has_no_time_limit_is_told() -> None:
    wait = {"Type": "Wait", "Timestamp": "{% $states.input.at %}", "Next": "B"}
    one = execution(machine(A=wait, B=task(Retry=[{"ErrorEquals": ["E"], "MaxAttempts": "${Attempts}"}])))
    assert [(cause.pointer[-1], cause.reason) for cause in one.causes("seconds")] == [
        ("A", "how long it waits is said when it runs"),
        ("B", "it has no TimeoutSeconds, or gets them when it runs"),
    ]
    assert [cause.reason for cause in one.causes("events")] == ["how often it is tried again is left to the deployment"]


# --- the five definitions -----------------------------------------------------------------------------------------------------

TABLE: Mapping[str, tuple[str, str, str]] = {
    "prediction_publication": ("1,286", "124", "292"),
    "15m_features_inference": ("4,934", "318", "754"),
    "monthly_fg_b_baselines": ("52,816", "2,737", "6,385"),
    "training_orchestrator": ("200,801", "6,443", "15,071"),
    "backfill_reprocessing": ("4,518·n + 24,275", "1,137", "2,637"),
}
"""Worst time, events without a retry, events. Of them up to three are a last failure after the last call: its Catcher, and the
cause of the Fail state, which can fail to be evaluated; the scenarios run the longest times instead.
"""


@pytest.mark.parametrize("name", TABLE)
def test_the_numbers_of_the_definitions_are_reproduced(name: str) -> None:
    one = execution((DEFINITIONS / f"sfn_ndr_{name}.json").read_text(encoding="utf-8"))
    assert tuple(formula(one.most(measure)) for measure in ("seconds", "untried", "events")) == TABLE[name]


def test_the_numbers_of_a_backfill_window_are_reproduced() -> None:
    one = execution((DEFINITIONS / "sfn_ndr_backfill_reprocessing.json").read_text(encoding="utf-8"), 1)
    assert [one.most(measure) for measure in ("seconds", "untried", "events")] == [4_518, 376, 880]
    # 500 rounds of children at most, one behind the other.
    whole = execution((DEFINITIONS / "sfn_ndr_backfill_reprocessing.json").read_text(encoding="utf-8"))
    assert value(whole.most("seconds"), {"n": 500}) == 2_283_275


# --- recorded executions ------------------------------------------------------------------------------------------------------

EXECUTIONS = 309


def items_in(recording: Mapping[str, Any]) -> int:
    """The most items that a Map of a recorded execution had."""
    lengths = [event.get("mapStateStartedEventDetails", {}).get("length", 0) for event in recording["events"]]
    return max(lengths, default=0)


def is_straight(machine_facts: Facts) -> bool:
    """Whether every execution that succeeds goes the same way: nothing chooses, tries again, or catches."""
    states = machine_facts.machine.states
    return not any(state.type == "Choice" or "Retry" in state.body or "Catch" in state.body for state in states)


def test_the_events_of_every_recorded_execution_lie_within_the_bounds(corpus: Path, record_property: Any) -> None:
    lines = (corpus / "recordings.jsonl").read_text(encoding="utf-8").split("\n")
    recordings = [json.loads(line) for line in lines if line]
    tally = Tally[str]()
    for recording in recordings:
        known = facts(recording["definition"])
        one = known.budgets.executions[0]
        made = max(max(number) if isinstance(number := event["id"], list) else number for event in recording["events"])
        is_well = recording["events"][-1]["type"] == "ExecutionSucceeded"
        sizes = dict.fromkeys(known.budgets.symbols, items_in(recording))
        most, most_well, least = value(one.most("events"), sizes), value(one.most_well("events"), sizes), one.least("events")
        assert made <= (most_well if is_well else most), recording["test"]
        assert not is_well or (least is not None and least <= made), recording["test"]
        if is_well and is_straight(known):
            assert made == most_well, recording["test"]
            assert symbols_of(one.most_well("events")) or made == least, recording["test"]
            tally["straight ones are exact"] += 1
        uncounted = [loop for loop in known.budgets.loops if loop.counter is None]
        assert (most == INFINITE) is bool(uncounted), recording["test"]
        tally["have a Map of unknown size" if known.budgets.symbols else "have no bound" if uncounted else "are bounded"] += 1
        tally["take the most events that they can"] += made == (most_well if is_well else most)
    figures = ", ".join(f"{count} {name}" for name, count in sorted(tally.items()))
    record_property("figures", f"events of {len(recordings)} recorded executions lie within their bounds: {figures}")
    assert len(recordings) == EXECUTIONS
    assert tally["straight ones are exact"] > 200
    assert tally["have no bound"] == 3


# --- random machines ----------------------------------------------------------------------------------------------------------

MACHINES = 600
SHARDS = 4
CHANCES = (
    Chances(0, 0, 0, 0.9, slow=False),
    Chances(0.5, 0.5, 0, 0.5, slow=False),
    Chances(0.9, 0.5, 0.02, 0.5, slow=True),
    Chances(0.3, 0.2, 0.1, 0.5, slow=True),
    Chances(0, 0, 0, 1, slow=True),
    Chances(0.97, 0.9, 0, 0.8, slow=True),
)
TURNS = 5
"""More turns than a loop of these machines makes that counts."""
EXACT = 1e-6


@pytest.mark.large
@pytest.mark.parametrize("shard", range(SHARDS))
def test_random_executions_take_no_less_and_no_more_than_is_said(shard: int, record_property: Any) -> None:
    tally = Tally[str]()
    for seed in range(shard * MACHINES, (shard + 1) * MACHINES):
        whole = random_machine(seed)
        budgets = facts(whole).budgets
        executions: dict[Pointer, Execution] = {one.pointer: one for one in budgets.executions}
        maps = {meaning.split('"')[1]: name for name, meaning in budgets.symbols.items() if meaning.startswith("items")}
        for i, chances in enumerate(CHANCES):
            run = Run(whole, chances, seed * len(CHANCES) + i)
            if run.whole is None:
                tally["cut"] += 1
                continue
            sizes = dict.fromkeys(budgets.symbols, TURNS) | {maps[name]: n for name, n in run.sizes.items() if name in maps}
            for pointer, ended in ((), run.whole), *run.children:
                events, transitions = ended.tally.events, ended.tally.transitions
                taken: dict[Measure, float] = {"events": events, "transitions": transitions, "seconds": ended.at}
                for measure, amount in taken.items():
                    what = f"{seed}/{i} {pointer} {measure}"
                    held = _held(executions[pointer], measure, amount, ended.error, sizes, what)
                    tally.update(f"{measure} {how}" for how in held)
    figures = ", ".join(f"{count} {name}" for name, count in sorted(tally.items()))
    record_property("figures", f"what {MACHINES} random machines take (shard {shard}): {figures}")
    for measure in ("events", "transitions", "seconds"):
        assert tally[f"{measure} at least"] > MACHINES / 2
        assert tally[f"{measure} at most"] > MACHINES / 2
        assert tally[f"{measure} within"] > MACHINES * 2


def _held(one: Execution, measure: Measure, amount: float, error: str | None, sizes: Mapping[str, float], what: str) -> list[str]:
    """How an amount lies within what is said."""
    most, least = value(one.most(measure) if error else one.most_well(measure), sizes), one.least(measure)
    assert amount <= most + EXACT, what
    found = ["without bound" if most == INFINITE else "at most" if amount >= most - EXACT else "within"]
    if error is None:
        assert least is not None
        assert amount >= least - EXACT, what
        found += ["at least"] if amount <= least + EXACT else []
    return found


# --- real definitions ---------------------------------------------------------------------------------------------------------


def test_real_definitions_have_bounds(corpus: Path, record_property: Any) -> None:
    tally = Tally[str]()
    for path in sorted((corpus / "good").rglob("*.json")):
        try:
            definition = json.loads(path.read_text(encoding="utf-8-sig"))
        except ValueError:
            continue
        if not isinstance(definition, dict) or "States" not in definition:
            continue
        one = execution(definition)
        tally["machines"] += 1
        for measure in ("events", "seconds"):
            most = one.most(measure)
            bound = "∞" if most == INFINITE else "a number" if number(most) is not None else "a formula"
            tally[f"{measure}: {bound}"] += 1
    figures = ", ".join(f"{name} {count}" for name, count in sorted(tally.items()))
    record_property("figures", f"budgets of good/: {figures}")
    assert tally["events: a number"] + tally["events: a formula"] > 0.8 * tally["machines"]


# --- ten thousand states ------------------------------------------------------------------------------------------------------

PATIENCE = 12 if "coverage" in sys.modules else 1.2
"""Seconds of processor."""


@pytest.mark.large
def test_ten_thousand_states_in_nested_loops_take_about_a_second() -> None:
    took: list[float] = []
    while len(took) < 3 and min(took, default=PATIENCE) >= PATIENCE:  # a busy machine makes a run longer, never shorter
        known = facts(huge("JSONata", "End"))
        assert len(known.loops) == 1_250
        gc.collect()
        gc.freeze()  # what other tests have left is not looked through again
        start = time.process_time()
        one = known.budgets.executions[0]
        most = [formula(one.most(measure)) for measure in ("events", "transitions")]
        took.append(time.process_time() - start)
        gc.unfreeze()
        assert most == ["173,754", "58,751"]
    assert min(took) < PATIENCE
