"""Faults that types show: certain ones fail whenever a run comes there, each is told once, and what is not known never."""

import random
from collections import Counter
from typing import Any

import pytest

from asl_lint.facts.field_type_faults import field_type_faults
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.path_type_faults import path_type_faults
from asl_lint.facts.type_faults import type_faults
from asl_lint.facts.undefined_values import undefined_faults
from asl_lint.source.document import Pointer
from asl_lint.types.lattice import join_all, literal
from tests.facts.type_machines import Machine
from tests.facts.type_runs import Run
from tests.properties.definitions import facts, machine

SHARDS, MACHINES, RUNS, LONGEST = 4, 150, 4, 60

TASK = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sagemaker:describePipelineExecution"}


def told(definition: Any) -> list[tuple[str, Match]]:
    return list(type_faults(facts(definition), ()))


def codes(definition: Any) -> list[tuple[str, Pointer]]:
    return [(code, match.pointer) for code, match in told(definition)]


# --- against an interpreter -------------------------------------------------------------------------------------------------


def certain_places(found: Facts) -> set[Pointer]:
    """The sites of which it is said that they fail in every run that evaluates them."""
    places: set[Pointer] = set()
    for site in found.sites:
        view = found.types.environment(site)
        type_ = found.types.type_of(site)
        if view is None or type_ is None or site.kind == "half-open":
            continue
        made = [*field_type_faults(site, type_), *undefined_faults(site, type_, view)]
        if site.kind != "jsonata":
            made += path_type_faults(site, view)
        elif (inferred := found.types.inferred(site)) is not None:
            failing = {"wrong-operand", "wrong-argument", "not-a-function"}
            places |= {site.pointer for one in inferred.faults if one.certain and one.met and one.kind in failing}
        places |= {match.pointer for _, match in made if match.sure}
    return places


@pytest.mark.large
@pytest.mark.parametrize("shard", range(SHARDS))
def test_what_is_certain_to_fail_never_gives_a_value(shard: int, record_property: Any) -> None:
    """A text that a run evaluated to a value is at no place of which it was said that it fails."""
    wrong: list[str] = []
    counted: Counter[str] = Counter()
    for seed in range(shard * MACHINES, (shard + 1) * MACHINES):
        one = Machine(seed)
        found = facts(one.definition)
        found.input_type = join_all(map(literal, one.inputs))
        places = certain_places(found)
        counted["places"] += len(places)
        for number in range(RUNS):
            rng = random.Random(seed * RUNS + number)
            run = Run(one.definition, rng.choice(one.inputs), one.answers, rng.randint(0, 1 << 30), LONGEST)
            counted["runs"] += 1
            wrong += [f"{seed}: {evaluated.text}" for evaluated in run.evaluated if evaluated.text in places]
    assert wrong == []
    assert counted["places"] > MACHINES // 4
    record_property("figures", f"certain faults: {counted['places']} places in {MACHINES} machines, {counted['runs']} runs")


# --- what follows is not told again -----------------------------------------------------------------------------------------


def test_what_follows_from_a_misspelt_member_is_not_told() -> None:
    definition = machine(
        Ask={**TASK, "Arguments": {}, "Assign": {"status": "{% $states.result.PipelineStatus %}"}, "Next": "Look"},
        Look={"Type": "Choice", "Choices": [{"Condition": "{% $status = 'Succeeded' %}", "Next": "Done"}], "Default": "Done"},
        Done={"Type": "Succeed", "Output": "{% $status.inner %}"},
    )
    assert codes(definition) == [("unknown-member", ("States", "Ask", "Assign", "status"))]


def test_a_member_that_is_lost_is_told_once_with_the_other_reads() -> None:
    definition = machine(
        Ask={**TASK, "Arguments": {}, "Next": "First"},
        First={"Type": "Pass", "Assign": {"a": "{% $states.input.order %}"}, "Next": "Second"},
        Second={"Type": "Pass", "Assign": {"b": "{% $states.input.order %}"}, "Next": "Done"},
        Done={"Type": "Succeed"},
    )
    (found,) = told(definition)
    assert found[1].pointer == ("States", "First", "Assign", "a")
    assert [place.pointer for place in found[1].related] == [("States", "Second", "Assign", "b")]


def test_a_wrong_status_says_nothing_of_the_rules_behind_it() -> None:
    status = {"Assign": {"status": "{% $states.result.PipelineExecutionStatus %}"}}
    rules = [{"Condition": "{% $status = 'Suceeded' %}", "Next": "Done"}, {"Condition": "{% $status = 'Failed' %}", "Next": "No"}]
    definition = machine(
        Ask={**TASK, "Arguments": {}, **status, "Next": "Look"},
        Look={"Type": "Choice", "Choices": rules, "Default": "No"},
        Done={"Type": "Succeed"},
        No={"Type": "Fail"},
    )
    assert codes(definition) == [("comparison-never-holds", ("States", "Look", "Choices", 0, "Condition"))]


# --- silence ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "expression",
    [
        "$states.input.anything.at.all",
        "$states.result.Payload.status = 'odd'",
        "$exists($states.result.Nothing)",
        "$states.result.Payload[0].name",
        "$states.input.a + $states.input.b",
    ],
)
def test_nothing_is_told_of_what_is_not_known(expression: str) -> None:
    work = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "work"}}
    assert told(machine(Work={**work, "Output": f"{{% {expression} %}}", "End": True})) == []


def test_a_list_of_which_no_value_is_named_is_none_of_ours() -> None:
    """Behind a failed status that a state of its own handles, an end is the writer's choice."""
    rules = [{"Condition": "{% $status = 'Succeeded' %}", "Next": "Use"}]
    definition = machine(
        Ask={**TASK, "Arguments": {}, "Assign": {"status": "{% $states.result.PipelineExecutionStatus %}"}, "Next": "Look"},
        Look={"Type": "Choice", "Choices": rules, "Default": "Note"},
        Use={"Type": "Pass", "End": True},
        Note={"Type": "Pass", "End": True},
    )
    assert told(definition) == []


def test_a_definition_of_which_nothing_is_known_imports_no_types() -> None:
    found = facts(machine(language="JSONPath", A={"Type": "Wait", "SecondsPath": "$.n", "End": True}))
    assert list(type_faults(found, ())) == []
    assert "types" not in vars(found)


# --- arguments --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argument", "code"),
    [
        ({"MaxResults": "{% $states.context %}"}, "wrong-argument-type"),
        ({"SortOrder": "{% $states.context.Execution.Name = 'x' ? 'Up' : 'Down' %}"}, "argument-value"),
        ({"SortOrder": "{% $states.context.Execution.Name = 'x' ? 'Ascending' : 'Down' %}"}, None),
        ({"MaxResults": "{% $string(5) %}"}, None),
        ({"PipelineName": "{% $states.context.Execution %}"}, None),
        ({"MaxResults": "{% $states.input.n %}"}, None),
    ],
)
def test_an_argument_that_no_value_of_the_expression_can_be_is_told(argument: dict[str, str], code: str | None) -> None:
    listed = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sagemaker:listPipelineExecutions", "End": True}
    assert [found for found, _ in told(machine(List={**listed, "Arguments": argument}))] == ([] if code is None else [code])


# --- choices ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("conditions", "missing"), [(("'a'", "'b'"), False), (("'a'",), True)])
def test_rules_that_take_every_value_need_no_default(conditions: tuple[str, ...], missing: bool) -> None:
    rules = [{"Condition": f"{{% $kind = {text} %}}", "Next": "Done"} for text in conditions]
    definition = machine(
        Which={"Type": "Choice", "Choices": [{"Condition": "{% $states.input.x = true %}", "Next": "A"}], "Default": "B"},
        A={"Type": "Pass", "Assign": {"kind": "a"}, "Next": "Look"},
        B={"Type": "Pass", "Assign": {"kind": "b"}, "Next": "Look"},
        Look={"Type": "Choice", "Choices": rules},
        Done={"Type": "Succeed"},
    )
    found = facts(definition).observations.get("missing-default", [])
    assert bool(found) is missing
    assert not missing or found[0].help == 'no rule holds where $kind is "b"'


@pytest.mark.parametrize(
    ("expression", "places"),
    [
        ("$states.input.days + 1", []),
        ("1 - $states.input.late", ["$states.input.late"]),
        ("-($states.input.late)", ["$states.input.late"]),
        ("$uppercase($states.input.note)", ["$states.input.note"]),
        ("$states.input.note & '!'", []),
        ("$exists($states.input.late) ? $states.input.late + 1 : 0", []),
        ("$states.input.days > 0 ? $states.input.late : 0", ["$states.input.late"]),
        ("$states.input.days = 1 ? $states.input.late : 0", []),
        ("$count($states.input.late)", []),
        ("[$states.input.late]", []),
        ("$split('a,b', $states.input.note)", ["$states.input.note"]),
        ("{'has': $contains('a,b', $states.input.note)}", ["$states.input.note"]),
        ("$states.input.note ? $contains('a,b', $states.input.note) : false", []),
        ("$contains($states.input.note, 'a') = true", []),
        ("$substring('abc', $states.input.late)", []),
    ],
)
def test_a_value_that_a_way_leaves_out_is_told_where_nothing_comes_of_it(expression: str, places: list[str]) -> None:
    ways = {
        "Which": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.x = 1 %}", "Next": "One"}], "Default": "Two"},
        "One": {"Type": "Pass", "Output": {"days": 1, "late": 2, "note": "n"}, "Next": "Use"},
        "Two": {"Type": "Pass", "Output": {"days": 5}, "Next": "Use"},
        "Use": {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True},
    }
    found = [match for code, match in told(machine(**ways)) if code == "undefined-value"]
    assert [match.values["expression"] for match in found] == places
    assert not any(match.sure for match in found)
