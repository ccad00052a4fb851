"""What is told of the expressions of a machine: where, how surely, and what to write instead."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.match import Match
from asl_lint.source.reading import read_document

ABOUT_EXPRESSIONS = (
    "unknown-function", "wrong-argument", "wrong-operand", "wrong-object-key", "never-equal", "text-as-filter",
    "constant-condition", "in-without-array", "count-of-single-value", "expression-without-effect", "division-by-zero",
    "sort-by-number", "missing-dollar", "condition-without-else",
)  # fmt: skip


def observed(definition: Mapping[str, Any]) -> Mapping[str, Any]:
    facts = Facts(Workflow("a.asl.json", read_document(json.dumps(definition), "a.asl.json")))
    observations = facts.observations
    assert facts.crashes == []
    assert facts.machine.states
    return observations


def machine(**states: Mapping[str, Any]) -> dict[str, Any]:
    return {"QueryLanguage": "JSONata", "StartAt": next(iter(states)), "States": states}


def output(expression: str) -> dict[str, Any]:
    return {"Type": "Pass", "Output": f"{{% {expression} %}}", "End": True}


def told(expression: str) -> list[tuple[str, str, bool]]:
    """Code, text at fault and sureness of what is told of one expression."""
    text = f"{{% {expression} %}}"
    observations = observed(machine(A=output(expression)))
    matches = [(code, match) for code in (*ABOUT_EXPRESSIONS, "unsupported-reference") for match in observations.get(code, ())]
    return [(code, text[slice(*match.within)], match.sure) for code, match in matches]


def only(definition: Mapping[str, Any], code: str) -> Match:
    (match,) = observed(definition)[code]
    return match


# --- placeholders -----------------------------------------------------------------------------------------------------------


def test_an_expression_whose_texts_alone_are_open_is_judged() -> None:
    assert told("$merge($states.input, {'a': '${Name}'})") == [
        ("wrong-argument", "$merge($states.input, {'a': '${Name}'})", True)
    ]


def test_a_comment_may_be_open_too() -> None:
    assert told("/* ${Stage} */ $upper('a')") == [("unknown-function", "$upper", True)]


@pytest.mark.parametrize("expression", ["$merge($states.input, ${Name})", "${Name} = $upper('a')", "'${Open} = $upper(1"])
def test_an_expression_that_is_open_elsewhere_is_not_judged(expression: str) -> None:
    assert told(expression) == []


# --- variables in the place of functions ------------------------------------------------------------------------------------


def counting(first: Mapping[str, Any], expression: str = "$count([1, 2])") -> dict[str, Any]:
    return machine(First={"Type": "Pass", "Next": "Second", **first}, Second=output(expression))


def test_a_variable_takes_the_place_of_the_function_it_is_named_as() -> None:
    match = only(counting({"Assign": {"count": 0}}), "unknown-function")
    assert match.sure
    assert match.values["problem"] == "a variable of that name takes the place of the function"
    assert [place.pointer for place in match.related] == [("States", "First", "Assign", "count")]


def test_the_state_that_sets_it_still_has_the_function() -> None:
    assert "unknown-function" not in observed(machine(A={**output("$count([1])"), "Assign": {"count": 0}}))


def test_what_the_expression_binds_itself_is_not_the_variable() -> None:
    expression = "($count := function($x) { 1 }; $count([1, 2]))"
    assert "unknown-function" not in observed(counting({"Assign": {"count": 0}}, expression))


def test_where_the_variable_is_set_on_some_ways_alone_it_is_not_sure() -> None:
    choice = {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input.a %}", "Assign": {"count": 1}, "Next": "Second"}],
        "Default": "Second",
    }
    assert not only(machine(First=choice, Second=output("$count([1, 2])")), "unknown-function").sure


def test_the_variable_of_a_branch_hides_nothing_outside_it() -> None:
    branch = {"StartAt": "In", "States": {"In": {"Type": "Pass", "Assign": {"count": 1}, "End": True}}}
    parallel = {"Type": "Parallel", "Branches": [branch], "Next": "Second"}
    assert "unknown-function" not in observed(machine(First=parallel, Second=output("$count([1, 2])")))


def test_a_variable_holds_no_function() -> None:
    match = only(counting({"Assign": {"double": 0}}, "$double(2)"), "unknown-function")
    assert match.values["problem"] == "a variable holds a value, never a function"


# --- names without a context ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "help"),
    [
        ("{name: 1}", "the key of an object is a text: 'name'"),
        ("{'a': 1, name: 1}", "the key of an object is a text: 'name'"),
        ("true ? name : 1", "the state's input is $states.input.name"),
        ("$states.input.my-key", "- subtracts; a name with a hyphen stands between backquotes: `my-key`"),
        ("$total-key", "the state's input is $states.input.key"),
        ("5 - key", "the state's input is $states.input.key"),
        ("uppercase('a')", "the function is $uppercase"),
        ("`Hello all`", "a text stands between quotes, and parts are joined with &; backquotes are for the names of fields"),
        ("States.UUID()", "intrinsic functions are for JSONPath states; JSONata has functions of its own"),
        ("True", "write true"),
        ("states.input.name", "the variable is $states"),
        ("($x := 1; x + 1)", "the variable is $x"),
    ],
)
def test_a_name_without_a_context_is_met_with_what_was_meant(expression: str, help: str) -> None:
    assert [match.help for match in observed(machine(A=output(expression)))["unsupported-reference"]] == [help]


def test_a_field_that_is_called_is_told_once() -> None:
    assert told("size($states.input)") == [("unsupported-reference", "size", False)]
    assert told("$states.input.items.size()") == [("unknown-function", "size", False)]


# --- conditions without an alternative --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "part"),
    [
        ("$states.input.a ? 1", "$states.input.a ? 1"),
        ("($x := 1; $states.input.a ? $x)", "$states.input.a ? $x"),
        ("$states.input.a ? 1 : $states.input.b ? 2", "$states.input.b ? 2"),
    ],
)
def test_a_condition_without_an_alternative_that_gives_the_value_is_told(expression: str, part: str) -> None:
    assert told(expression) == [("condition-without-else", part, True)]


@pytest.mark.parametrize(
    "expression",
    ["$states.input.a ? 1 : 2", "[$states.input.a ? 1]", "{'a': $states.input.a ? 1}", "'a' & ($states.input.a ? 'b')"],
)
def test_where_nothing_will_do_it_is_not(expression: str) -> None:
    assert told(expression) == []


# --- real definitions -------------------------------------------------------------------------------------------------------


def _evaluated(definition: Mapping[str, Any], events: list[Mapping[str, Any]]) -> set[str]:
    """The states that a recorded run left without a fault."""
    return {event["stateExitedEventDetails"]["name"] for event in events if "stateExitedEventDetails" in event} & definition[
        "States"
    ].keys()


def test_no_recorded_state_that_was_left_has_a_sure_fault(corpus: Path) -> None:
    states = 0
    wrong = []
    for line in (corpus / "recordings.jsonl").read_text(encoding="utf-8").split("\n"):
        recording = json.loads(line) if line else None
        if recording is None or "JSONata" not in json.dumps(recording["definition"]):
            continue
        left = _evaluated(recording["definition"], recording["events"])
        states += len(left)
        observations = observed(recording["definition"])
        for code in ("unknown-function", "wrong-argument", "wrong-operand", "wrong-object-key"):
            for match in observations.get(code, ()):
                # What stands in a Catcher or a rule need not have been evaluated.
                if match.sure and match.pointer[1] in left and match.pointer[2] in ("Output", "Arguments", "Assign"):
                    wrong.append((recording["test"], code, match.pointer))
    assert states > 70
    assert wrong == []


@pytest.mark.parametrize(
    ("name", "code"), [("floci-2737-eval", "unknown-function"), ("asl-validator-171-string-divided-by-number", "wrong-operand")]
)
def test_a_run_that_is_known_to_fail_is_told_surely(corpus: Path, name: str, code: str) -> None:
    text = (corpus / "executions" / "aws-issues" / f"{name}.asl.json").read_text(encoding="utf-8")
    assert only(json.loads(text), code).sure
