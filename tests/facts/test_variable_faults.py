"""What is told of variables, by hand: what the examples of the rules do not show."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.match import Match
from asl_lint.facts.variables import variable_faults
from asl_lint.source.reading import read_document
from tests.facts.test_loops import PATIENCE, huge

pytestmark = pytest.mark.large

FUNCTION = "arn:aws:states:::lambda:invoke"
CATCH_ALL = {"ErrorEquals": ["States.ALL"]}


def facts_of(definition: Mapping[str, Any]) -> Facts:
    return Facts(Workflow("machine.asl.json", read_document(json.dumps(definition), "machine.asl.json")))


def jsonata(**states: Any) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states | {"Done": {"Type": "Succeed"}}}


def jsonpath(**states: Any) -> dict[str, Any]:
    return jsonata(**states) | {"QueryLanguage": "JSONPath"}


def sets(name: str, onward: str = "Read") -> dict[str, Any]:
    return {"Type": "Pass", "Assign": {name: 1}, "Next": onward}


def outputs(text: str, onward: str = "Done") -> dict[str, Any]:
    return {"Type": "Pass", "Output": f"{{% {text} %}}", "Next": onward}


def task(onward: str = "Read", **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": FUNCTION, "Next": onward} | fields


def maps(inner: Mapping[str, Any], mode: str = "INLINE", onward: str = "Done", **fields: Any) -> dict[str, Any]:
    processor = {"ProcessorConfig": {"Mode": mode}, "StartAt": next(iter(inner)), "States": inner}
    return {"Type": "Map", "ItemProcessor": processor, "Next": onward} | fields


def told(definition: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Codes and names of what is said, but of what is not read."""
    found = variable_faults(facts_of(definition))
    return [(code, match.values["name"]) for code, match in found if code != "unused-variable"]


def only(definition: Mapping[str, Any]) -> Match:
    (match,) = [match for code, match in variable_faults(facts_of(definition)) if code != "unused-variable"]
    return match


def before(definition: Mapping[str, Any], *pointer: str) -> tuple[set[str], set[str]]:
    """What must and what may be set before a state."""
    variables = facts_of(definition).variables
    found = variables.before[pointer]
    return tuple({name for name, bit in variables.bits.items() if bits & bit} for bits in found)  # type: ignore[return-value]


POSSIBLY = [("possibly-undefined-variable", "$v")]
UNDEFINED = [("undefined-variable", "$v")]
ASKED = {"Type": "Choice", "Choices": [{"Variable": "$v", "IsPresent": True, "Next": "Done"}], "Default": "Done"}
MAYBE = task(Assign={"v": 1}, Catch=[CATCH_ALL | {"Next": "Read"}])
"""Sets v, unless it fails."""


def test_a_catcher_sets_its_own_variables_and_not_those_of_the_state() -> None:
    work = task("Read", Assign={"v": 1}, Catch=[CATCH_ALL | {"Assign": {"w": 1}, "Next": "Report"}])
    whole = jsonata(Work=work, Read=outputs("$v"), Report=outputs("$w"))
    assert before(whole, "States", "Read") == ({"v"}, {"v"})
    assert before(whole, "States", "Report") == ({"w"}, {"w"})


def test_a_choice_sets_the_variables_of_its_state_on_the_default_alone() -> None:
    rule = {"Condition": "{% $states.input.a %}", "Assign": {"v": 1}, "Next": "Read"}
    choose = {"Type": "Choice", "Choices": [rule], "Assign": {"w": 1}, "Default": "Report"}
    whole = jsonata(Choose=choose, Read=outputs("$v"), Report=outputs("$w"))
    assert before(whole, "States", "Read") == ({"v"}, {"v"})
    assert before(whole, "States", "Report") == ({"w"}, {"w"})


def test_a_catcher_reads_what_was_set_before_the_state() -> None:
    work = task(Assign={"v": 1}, Catch=[CATCH_ALL | {"Output": "{% $v %}", "Next": "Read"}])
    assert told(jsonata(Work=work, Read={"Type": "Pass", "Next": "Done"})) == UNDEFINED


def test_a_state_that_goes_round_may_read_what_it_sets() -> None:
    again = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.again %}", "Next": "Work"}], "Default": "Done"}
    assert told(jsonata(Work=task("Check", Arguments={"v": "{% $v %}"}, Assign={"v": 1}), Check=again)) == POSSIBLY


def test_a_distributed_map_starts_with_nothing() -> None:
    whole = jsonata(
        Set=sets("v", "Each"), Each=maps({"Inner": outputs("$v", "Last"), "Last": {"Type": "Succeed"}}, "DISTRIBUTED")
    )
    assert told(whole) == UNDEFINED
    assert (
        only(whole).help == "the iterations of a distributed Map cannot read the variables outside it; pass it with ItemSelector"
    )


def test_a_state_after_a_map_has_what_the_map_itself_sets() -> None:
    inner = {"Inner": {"Type": "Pass", "Assign": {"w": 1}, "End": True}}
    whole = jsonata(Each=maps(inner, onward="Read", Assign={"v": 1}), Read=outputs("$v"))
    assert before(whole, "States", "Read") == ({"v"}, {"v"})


def test_what_a_branch_reads_may_be_unset_on_a_way_outside_it() -> None:
    whole = jsonata(Work=MAYBE, Read=maps({"Inner": outputs("$v", "Last"), "Last": {"Type": "Succeed"}}))
    assert told(whole) == POSSIBLY
    assert [place.message for place in only(whole).path] == [
        'starts with "Work"', '"Work" fails and is caught: "Read"', 'starts with "Inner"',
    ]  # fmt: skip


def test_a_missing_variable_is_told_once_on_a_way() -> None:
    whole = jsonata(Work=MAYBE, Read=outputs("$v", "Again"), Again=outputs("$v + 1"))
    assert told(whole) == POSSIBLY


def test_a_condition_that_needs_a_variable_shows_that_it_is_set() -> None:
    rules = [{"Condition": "{% $length($v) > 3 %}", "Next": "Again"}]
    whole = jsonata(
        Work=MAYBE, Read={"Type": "Choice", "Choices": rules, "Default": "Last"}, Again=outputs("$v"), Last=outputs("$v")
    )
    assert told(whole) == POSSIBLY


def test_a_later_condition_shows_nothing_of_an_earlier_rule() -> None:
    rules = [
        {"Condition": "{% $states.input.go %}", "Next": "Again"},
        {"Condition": "{% $length($v) > 3 %}", "Next": "Done"},
    ]
    whole = jsonata(Work=MAYBE, Read={"Type": "Choice", "Choices": rules, "Default": "Done"}, Again=outputs("$v"))
    assert [place.pointer for place in only(whole).related] == [("States", "Again", "Output")]


def test_a_map_without_items_reads_nothing_for_them() -> None:
    each = maps({"Inner": {"Type": "Succeed"}}, onward="After", ItemSelector={"v": "{% $v %}"})
    match = only(jsonata(Work=MAYBE, Read=each, After=outputs("$v")))
    assert [place.pointer for place in match.related] == [("States", "After", "Output")]


def test_a_rule_reads_what_its_own_condition_shows() -> None:
    def choose(condition: str) -> dict[str, Any]:
        rule = {"Condition": f"{{% {condition} %}}", "Output": "{% $v %}", "Next": "Done"}
        return jsonata(Work=MAYBE, Read={"Type": "Choice", "Choices": [rule], "Default": "Done"})

    assert told(choose("$exists($v)")) == []
    assert told(choose("$not($exists($v))")) == POSSIBLY


def test_the_default_reads_what_the_rules_leave() -> None:
    rule = {"Condition": "{% $not($exists($v)) %}", "Next": "Done"}
    choose = {"Type": "Choice", "Choices": [rule], "Output": "{% $v %}", "Default": "Done"}
    assert told(jsonata(Work=MAYBE, Read=choose)) == []


@pytest.mark.parametrize("text", ["$exists($v)", "$exists($v) ? $v : 0", "$exists($v.id) and $v.id > 1"])
def test_a_variable_that_is_asked_for_need_not_be_set_anywhere_before(text: str) -> None:
    assert told(jsonata(Read=outputs(text, "Set"), Set=sets("v", "Done"))) == []


def test_a_test_of_a_variable_that_nothing_sets_before_is_told() -> None:
    whole = jsonata(Read=outputs("$v = 1", "Set"), Set=sets("v", "Done"))
    assert told(whole) == UNDEFINED
    assert not only(whole).sure


def test_a_path_rule_may_ask_before_it_compares() -> None:
    compared = {"Variable": "$v", "NumericEquals": 1}
    rule = {"And": [{"Variable": "$v", "IsPresent": True}, compared], "Next": "Done"}
    assert told(jsonpath(Work=MAYBE, Read={"Type": "Choice", "Choices": [rule], "Default": "Done"})) == []


def test_a_path_rule_that_takes_another_way_must_not_read_what_is_asked_for() -> None:
    other = {"Variable": "$.other", "IsPresent": True, "Assign": {"w.$": "$v"}, "Next": "Done"}
    choose = ASKED | {"Choices": [other, *ASKED["Choices"]]}
    assert told(jsonpath(Work=MAYBE, Read=choose)) == POSSIBLY


def test_a_path_rule_that_asks_shows_that_the_variable_is_set() -> None:
    rule = {"Variable": "$v", "IsPresent": True, "Next": "Show"}
    show = {"Type": "Pass", "Parameters": {"v.$": "$v"}, "Next": "Done"}
    assert told(jsonpath(Work=MAYBE, Read={"Type": "Choice", "Choices": [rule], "Default": "Done"}, Show=show)) == []
    rule["IsPresent"] = False
    assert told(jsonpath(Work=MAYBE, Read={"Type": "Choice", "Choices": [rule], "Default": "Done"}, Show=show)) == POSSIBLY


def test_a_read_that_must_fail_is_sure_and_one_inside_a_rule_is_not() -> None:
    compared = {"Variable": "$v", "NumericEquals": 1}
    for rule, sure in (({**compared, "Next": "Done"}, True), ({"Not": compared, "Next": "Done"}, False)):
        assert only(jsonpath(Read={"Type": "Choice", "Choices": [rule], "Default": "Done"})).sure is sure


def test_asking_outside_for_an_inner_variable_makes_it_no_outer_one() -> None:
    inner = {"Inner": {"Type": "Pass", "Assign": {"v": 1}, "Next": "Last"}, "Last": {"Type": "Succeed", "Output": "{% $v %}"}}
    ask = {"Type": "Choice", "Choices": [{"Condition": "{% $exists($v) %}", "Next": "Each"}], "Default": "Done"}
    assert told(jsonata(Ask=ask, Each=maps(inner))) == []


def test_sibling_branches_may_set_one_name() -> None:
    branch = {"Type": "Pass", "Assign": {"v": 1}, "End": True}
    branches = [{"StartAt": name, "States": {name: branch}} for name in ("One", "Two")]
    assert told(jsonata(Both={"Type": "Parallel", "Branches": branches, "Next": "Done"})) == []


def test_an_outer_variable_that_is_set_only_later_may_be_set_inside() -> None:
    inner = {"Inner": {"Type": "Pass", "Assign": {"v": 1}, "End": True}}
    assert told(jsonata(Each=maps(inner, onward="Set"), Set=sets("v", "Done"))) == []


@pytest.mark.parametrize("hidden", [{"Assign": {"Fn::Sub": "x"}}, {"Next": "${After}"}])
def test_where_a_way_or_an_assign_is_hidden_nothing_is_said(hidden: dict[str, Any]) -> None:
    assert told(jsonata(Work=MAYBE, Read=outputs("$v", "Last"), Last={"Type": "Pass", "Next": "Done"} | hidden)) == []


def test_a_state_that_nothing_leads_to_is_left_out() -> None:
    assert told(jsonata(Set=sets("v", "Done"), Alone=outputs("$v"))) == []


@pytest.mark.parametrize(
    ("states", "hint"),
    [
        ({"Read": task("Done", Output="{% $v %}", Assign={"v": 1})},
         "Assign sets it in this same state: the new value can be read from the next state on"),
        ({"Read": outputs("$v", "Set"), "Set": sets("v", "Done")}, 'it is set only in "Set", which does not come before'),
        ({"Each": maps({"Inner": {"Type": "Pass", "Assign": {"v": 1}, "End": True}}, onward="Read"), "Read": outputs("$v")},
         "a variable that is set inside a branch or an item processor ends with it; pass it out in the Output"),
        ({"Set": sets("order"), "Read": outputs("$oder")}, "did you mean $order?"),
        ({"Set": sets("order"), "Read": outputs("$total")}, "no Assign sets a variable of this name"),
    ],
)  # fmt: skip
def test_a_hint_says_why_a_variable_is_not_set(states: dict[str, Any], hint: str) -> None:
    assert only(jsonata(**states)).help == hint


def test_a_longer_name_does_not_use_a_shorter_one() -> None:
    whole = jsonata(Set=sets("v", "Again"), Again=sets("v_2"), Read=outputs("$v_2"))
    assert [m.values["name"] for code, m in variable_faults(facts_of(whole)) if code == "unused-variable"] == ["v"]


@pytest.mark.parametrize("language", ["JSONata", "JSONPath"])
def test_the_variables_of_ten_thousand_states_are_followed_in_less_than_two_seconds(language: str) -> None:
    facts = facts_of(huge(language, "Set0"))
    assert len(facts.machine.states) > 10_000
    assert facts.graph.is_complete
    assert facts.sites
    took: list[float] = []
    while len(took) < 3 and min(took, default=PATIENCE) >= PATIENCE:  # a busy machine makes it longer, never shorter
        facts.__dict__.pop("variables", None)
        start = time.process_time()
        codes = {code for code, _ in variable_faults(facts)}
        took.append(time.process_time() - start)
        assert codes == ({"undefined-variable"} if language == "JSONata" else set())  # nothing sets $status
    assert min(took) < PATIENCE
