"""What Choice edges say: by hand, and against the evaluation of random conditions on values that may be missing."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

import jsonata
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from asl_lint.facts.cells import Cell, parse_cell
from asl_lint.facts.conditions import Condition, edge_condition
from asl_lint.facts.conditions import Test as Outcome
from asl_lint.facts.graph import FlowGraph, FlowGraphs
from asl_lint.model.machine import StateMachine

STATUS, COUNT = Cell("variable", "status"), Cell("variable", "n")


def choice(rules: list[dict[str, Any]], language: str = "JSONata", **fields: Any) -> FlowGraph:
    ends = {"A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}}
    state = {"Type": "Choice", "Choices": [rule | {"Next": "A"} for rule in rules], "Default": "B"} | fields
    return FlowGraphs(StateMachine({"QueryLanguage": language, "StartAt": "Choose", "States": {"Choose": state, **ends}})).root


def conditions(graph: FlowGraph) -> list[Condition | None]:
    """Of each rule in order, and of the Default."""
    return [edge_condition(graph, edge) for edge in graph.edges if edge.kind in ("rule", "default")]


def of(*texts: str) -> list[Condition | None]:
    return conditions(choice([{"Condition": f"{{% {text} %}}"} for text in texts]))


def cases(condition: Condition | None) -> list[list[str]] | None:
    return None if condition is None else [[said(test) for test in case] for case in condition.cases]


def said(test: Outcome) -> str:
    operand = test.operand
    value = f"{operand.cell}{operand.offset:+}" if operand.kind == "cell" else repr(operand.value)
    about = f"{test.cell} {test.operator}" + ("" if test.operator in ("exists", "true", "unknown") else f" {value}")
    return ("" if test.holds else "not! " if test.strict else "not ") + about


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$status = 'Done'", [["$status = 'Done'"]]),
        ("'Done' = $status", [["$status = 'Done'"]]),
        ("($n < 9)", [["$n < 9"]]),
        ("9 > $n + 1", [["$n < 8"]]),
        ("$n - 1 <= $m + 2", [["$n <= $m+3"]]),
        ("$status in ['A', 'B']", [["$status = 'A'"], ["$status = 'B'"]]),
        ("$status = 'A' and $n < 2", [["$status = 'A'", "$n < 2"]]),
        ("$status = 'A' or $n < 2", [["$status = 'A'"], ["$n < 2"]]),
        ("$exists($v.a)", [["$v.a exists"]]),
        ("$not($exists($v))", [["not $v exists"]]),
        ("$not($n < 2)", [["not! $n < 2"]]),
        ("$not($n < 2 or $n > 7)", [["not $n < 2", "not $n > 7"]]),
        ("$flag", [["$flag = True"]]),
        ("$flag and $n < 2", [["$flag true", "$n < 2"]]),
        ("$states.input.a.b = 1", [["$states.input.a.b = 1"]]),
        ("$l[0].a = null", [["$l[0].a = None"]]),
        ("$count($l) > 0", [["$count($l) > 0"]]),
        ("$contains($status, 'x')", [["None unknown"]]),
        ("$n < ${Most}", [["$n < None"]]),
        ("$status = '${Name}'", [["$status = '\ue000\ue000\ue000\ue000\ue000\ue000\ue000'"]]),
        ("$a ? $n < 2 : $n < 3", [["$a true", "$n < 2"], ["not $a true", "$n < 3"]]),
        ("true", [[]]),
        ("$n < ", [["None unknown"]]),
    ],
)
def test_a_condition_is_read(text: str, expected: list[list[str]]) -> None:
    first = of(text)[0]
    found = cases(first)
    if "${Name}" in text:
        assert first is not None
        assert first.cases[0][0].operand.kind == "placeholder"
    else:
        assert found == expected


def test_a_later_rule_holds_where_the_ones_before_did_not() -> None:
    first, second, default = of("$status = 'A'", "$n < 3")
    assert cases(first) == [["$status = 'A'"]]
    assert cases(second) == [["not $status = 'A'", "$n < 3"]]
    assert cases(default) == [["not $status = 'A'", "not! $n < 3"]]


def test_cases_that_contradict_themselves_are_left_out() -> None:
    _, second, _ = of("$status = 'A'", "$status = 'A' or $status = 'B'")
    assert cases(second) == [["not $status = 'A'", "$status = 'B'"]]
    _, never, _ = of("$status = 'A'", "$status = 'A' and $n < 1")
    assert cases(never) == []


def test_more_cases_than_can_be_told_apart_are_unknown() -> None:
    wide, default = of(" or ".join(f"$a{i} = 1" for i in range(9)))
    assert cases(wide) == [["None unknown"]]
    assert default is not None
    assert len(default.cases[0]) == 9


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ({"Variable": "$.a.b", "StringEquals": "x"}, [["$states.input.a.b exists", "$states.input.a.b = 'x'"]]),
        ({"Variable": "$n", "NumericLessThan": 4}, [["$n exists", "$n < 4"]]),
        ({"Variable": "$n", "NumericGreaterThanEqualsPath": "$.most"}, [["$n exists", "$n >= $states.input.most+0"]]),
        ({"Not": {"Variable": "$.a", "BooleanEquals": True}}, [["$states.input.a exists", "not $states.input.a = True"]]),
        ({"Variable": "$.a[0]", "IsPresent": True}, [["$states.input.a[0] exists"]]),
        ({"Variable": "$.a", "IsPresent": False}, [["not $states.input.a exists"]]),
        ({"Variable": "$.a", "IsNull": True}, [["$states.input.a exists", "$states.input.a = None"]]),
        ({"Variable": "$.a", "StringMatches": "x*"}, [["None unknown"]]),
        (
            {"And": [{"Variable": "$.a", "StringEquals": "x"}, {"Variable": "$.b", "NumericLessThan": 1}]},
            [["$states.input.a exists", "$states.input.a = 'x'", "$states.input.b exists", "$states.input.b < 1"]],
        ),
        (
            {"Not": {"And": [{"Variable": "$.a", "StringEquals": "x"}, {"Variable": "$.b", "NumericLessThan": 1}]}},
            [["$states.input.a exists", "not $states.input.a = 'x'"], ["$states.input.b exists", "not $states.input.b < 1"]],
        ),
    ],
)
def test_a_jsonpath_rule_is_read(rule: dict[str, Any], expected: list[list[str]]) -> None:
    assert cases(conditions(choice([rule], "JSONPath"))[0]) == expected


def test_an_input_path_is_seen_through() -> None:
    rule = {"Variable": "$.b", "StringEquals": "x"}
    assert cases(conditions(choice([rule], "JSONPath", InputPath="$.a"))[0]) == [
        ["$states.input.a.b exists", "$states.input.a.b = 'x'"]
    ]
    assert cases(conditions(choice([rule], "JSONPath", InputPath="$.a[*]"))[0]) == [["None unknown"]]


def test_a_comparison_in_jsonpath_shows_that_there_was_a_value_however_it_came_out() -> None:
    rule, default = conditions(choice([{"Variable": "$status", "StringEquals": "A"}], "JSONPath"))
    assert rule is not None
    assert default is not None
    assert rule.implies_exists(STATUS)
    assert default.implies_exists(STATUS)


def test_what_a_condition_implies() -> None:
    first, second, default = of("$status = 'A'", "$status = 'B' or $exists($n)")
    assert first is not None
    assert second is not None
    assert default is not None
    assert first.implies_equals(STATUS, "A")
    assert not first.implies_equals(STATUS, "B")
    assert first.implies_exists(STATUS)
    assert not second.implies_exists(STATUS)
    assert default.allows_equals(STATUS, "C")
    assert not default.allows_equals(STATUS, "B")
    assert not default.implies_exists(COUNT)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("$n", Cell("variable", "n")),
        ("$state.polls", Cell("variable", "state", ("polls",))),
        ("$.a.b", Cell("input", "", ("a", "b"))),
        ("$states.input.a.b", Cell("input", "", ("a", "b"))),
        ("$.l[0]", Cell("input", "", ("l", 0))),
        ("$$.Execution.Id", Cell("context", "", ("Execution", "Id"))),
        ("$n + 1", None),
        ("$.l[*]", None),
        ("", None),
    ],
)
def test_a_cell_is_read_from_either_spelling(text: str, cell: Cell | None) -> None:
    assert parse_cell(text) == cell


# --- against evaluation -------------------------------------------------------------------------------------------------------

LITERALS = ("0", "1", "2", "'x'", "true", "null")
atoms = st.one_of(
    st.builds("{} {} {}".format, st.sampled_from(("$a", "$b")), st.sampled_from(("=", "!=")), st.sampled_from((*LITERALS, "$b"))),
    st.builds(
        "{} {} {}".format,
        st.sampled_from(("$a", "$b", "$a + 1")),
        st.sampled_from(("<", "<=", ">", ">=")),
        st.sampled_from(("0", "1", "$b", "$b - 1")),
    ),
    st.sampled_from(("$a", "$exists($a)", "$boolean($b)", "$a in ['x', 'y']", "$string($a) = '1'", "1 < $a", "true")),
)
texts = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("$not({})".format, inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=4,
)
values = st.dictionaries(st.sampled_from(("a", "b")), st.sampled_from((0, 1, 2, 3, "x", True, False)))
ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def outcome(text: str, variables: Mapping[str, Any]) -> Any:
    expression = jsonata.Jsonata(text)
    frame = expression.create_frame()
    for name, value in variables.items():
        frame.bind(name, value)
    return expression.evaluate(None, frame)


def agrees(test: Outcome, variables: Mapping[str, Any]) -> bool:
    """Whether the test came out as it says, in JSONata's own terms."""
    if test.cell is None:
        return True
    value = variables.get(test.cell.name)
    if test.operator == "exists":
        return (value is not None) is test.holds
    if test.operator == "true":
        return bool(value) is test.holds
    operand = test.operand
    if operand.kind == "cell" and operand.cell is not None:
        other = variables.get(operand.cell.name)
        if operand.offset:
            other = other + operand.offset if isinstance(other, int) else None
    else:
        other = operand.value
    if operand.kind == "unknown":
        return True
    if test.operator in ("=", "!="):
        if value is None or (operand.kind == "cell" and other is None):
            return not test.holds
        same = type(value) is type(other) and value == other
        return (same is (test.operator == "=")) is test.holds
    if not all(type(side) is int for side in (value, other)) and not all(type(side) is str for side in (value, other)):
        return not test.holds and not test.strict
    return ORDERS[test.operator](value, other) is test.holds


@settings(deadline=None, max_examples=150)
@given(st.lists(texts, min_size=1, max_size=2), values)
def test_the_edge_that_is_taken_has_a_case_that_came_out_so(rules: list[str], variables: dict[str, Any]) -> None:
    taken = len(rules)
    for i, text in enumerate(rules):
        try:
            holds = outcome(text, variables)
        except jsonata.JException:
            assume(False)
        assume(isinstance(holds, bool))  # anything else fails the state
        if holds:
            taken = i
            break
    condition = of(*rules)[taken]
    if condition is not None:
        assert any(all(agrees(test, variables) for test in case) for case in condition.cases), cases(condition)
