"""Witnesses: the shortest way that a claim says nobody takes, and the ways that contradict themselves."""

from typing import Any

import pytest

from asl_lint.facts.graph import Edge
from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.paths import Question, Solution
from asl_lint.facts.routes import Route, Search, places, route
from tests.properties.definitions import caught, facts, machine, task

DONE = {"Type": "Succeed"}


def any_edge(edge: Edge) -> bool:
    return edge.fault != "data" and edge.sure


def way(found: Facts, source: str, goal: str, **search: bool) -> Route | None:
    """The shortest way from when control comes to one state to when it comes to another."""
    solution = Solution(found.nesting, Question({}, {}, must=False, takes=any_edge))
    points = {state.name: found.nesting.point(state) for state in found.machine.states}
    asked = Search(solution, 1, frozenset((points[goal],)), **search)
    return route(found.nesting, asked, [(points[source], None)], found.constants)


def states(found: Facts, walked: Route | None) -> list[str] | None:
    """The states that a way comes to."""
    if walked is None:
        return None
    reached = (found.nesting.state((step.g, step.edge.target)) for step in walked.steps)
    return ["" if state is None else state.name for state in reached]


def passed(definition: Any, source: str, goal: str, **search: bool) -> list[str] | None:
    found = facts(definition)
    return states(found, way(found, source, goal, **search))


def choice(*rules: tuple[str, str], default: str) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{"Condition": f"{{% {test} %}}", "Next": to} for test, to in rules], "Default": default}


def sets(value: object, next: str) -> dict[str, Any]:
    return {"Type": "Pass", "Assign": {"x": value}, "Next": next}


def scope(**inner: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(inner)), "States": inner}


def parallel(*branches: Any, **fields: Any) -> dict[str, Any]:
    return {"Type": "Parallel", "Branches": list(branches)} | ({} if "Next" in fields else {"End": True}) | fields


# --- values -------------------------------------------------------------------------------------------------------------------


def test_the_shortest_way_is_found() -> None:
    definition = machine(A=task(next="B", Catch=caught("C")), B=task(next="C"), C=DONE)
    assert passed(definition, "A", "C") == ["C"]


def test_there_is_no_way_against_the_edges() -> None:
    assert passed(machine(A=task(next="B"), B=DONE), "B", "A") is None


@pytest.mark.parametrize(
    ("value", "comes"), [("yes", ["Set", "Look", "Goal"]), ("no", None), ("{% $states.input.x %}", ["Set", "Look", "Goal"])]
)
def test_a_way_does_not_take_a_rule_that_its_own_value_rules_out(value: str, comes: list[str] | None) -> None:
    definition = machine(
        Begin=task(next="Set"),
        Set=sets(value, "Look"),
        Look=choice(("$x = 'yes'", "Goal"), default="Other"),
        Goal=DONE,
        Other=DONE,
    )
    assert passed(definition, "Begin", "Goal") == comes


def test_a_way_does_not_answer_one_question_in_two_ways() -> None:
    definition = machine(
        Begin=choice(("$x = 'yes'", "One"), default="Other"),
        One=task(next="Look"),
        Look=choice(("$x = 'no'", "Goal"), default="Other"),
        Goal=DONE,
        Other=DONE,
    )
    assert passed(definition, "Begin", "Goal") is None
    definition["States"]["One"]["Assign"] = {"x": "{% $states.result %}"}
    assert passed(definition, "Begin", "Goal") == ["One", "Look", "Goal"]


def test_a_longer_way_is_taken_where_the_shortest_contradicts_itself() -> None:
    definition = machine(
        Begin=task(next="Set"),
        Set=sets("no", "Look"),
        Look=choice(("$x = 'yes'", "Goal"), default="Work"),
        Work=task(next="Look", Assign={"x": "{% $states.result %}"}),
        Goal=DONE,
    )
    assert passed(definition, "Begin", "Goal") == ["Set", "Look", "Work", "Look", "Goal"]


def test_a_way_whose_tests_depend_on_each_other_is_not_plain() -> None:
    def plain(second: str) -> bool:
        definition = machine(
            Begin=choice(("$x > 1", "Look"), default="Other"),
            Look=choice((second, "Goal"), default="Other"),
            Goal=DONE,
            Other=DONE,
        )
        found = facts(definition)
        walked = way(found, "Begin", "Goal")
        assert walked is not None
        return walked.is_plain

    assert plain("$y > 2")
    assert not plain("$x > 2")
    assert not plain("$f($y)")


# --- scopes -------------------------------------------------------------------------------------------------------------------


def test_a_way_leaves_a_scope_only_where_it_may() -> None:
    definition = machine(Both=parallel(scope(In=task()), Next="Goal"), Goal=DONE)
    assert passed(definition, "In", "Goal") is None
    assert passed(definition, "In", "Goal", climbs=True) == ["", "Goal"]


def test_a_way_goes_into_a_scope_only_where_it_may_and_stays_there() -> None:
    definition = machine(
        Begin=task(next="Both"), Both=parallel(scope(First=task(next="Goal"), Goal=task()), Next="After"), After=DONE
    )
    assert passed(definition, "Begin", "Goal") is None
    assert passed(definition, "Begin", "Goal", descends=True) == ["Both", "First", "Goal"]


def test_a_way_goes_on_in_a_sibling_branch() -> None:
    definition = machine(Both=parallel(scope(Here=task()), scope(There=task())))
    assert passed(definition, "Here", "There", climbs=True) is None
    assert passed(definition, "Here", "There", climbs=True, beside=True) == ["There"]


def test_a_way_goes_on_in_a_sibling_of_a_scope_further_out() -> None:
    turning = scope(Here=choice(("$x", "Here"), default="Here"))
    definition = machine(Both=parallel(scope(Inner=parallel(turning)), scope(There=task())))
    assert passed(definition, "Here", "There", climbs=True, beside=True) == ["There"]


def test_a_branch_is_stopped_where_it_is_when_another_one_fails() -> None:
    turning = scope(Here=choice(("$x", "Here"), default="Here"))
    definition = machine(Both=parallel(turning, scope(There=task()), Catch=caught("Goal")), Goal=DONE)
    assert passed(definition, "Here", "Goal", climbs=True) == ["Goal"]
    definition["States"]["Both"]["Branches"][1] = scope(There=DONE)
    assert passed(definition, "Here", "Goal", climbs=True) is None


def test_a_branch_is_stopped_when_something_further_out_fails() -> None:
    turning = scope(Here=choice(("$x", "Here"), default="Here"))
    definition = machine(Both=parallel(scope(Inner=parallel(turning)), scope(There=task()), Catch=caught("Goal")), Goal=DONE)
    assert passed(definition, "Here", "Goal", climbs=True) == ["Goal"]


def test_a_failure_that_a_map_tolerates_leads_on() -> None:
    processor = scope(Here=task(next="Stop"), Stop={"Type": "Fail"}) | {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}
    run = {"Type": "Map", "ItemProcessor": processor, "Next": "Goal"}
    assert passed(machine(Run=run, Goal=DONE), "Stop", "Goal", climbs=True) is None
    assert passed(machine(Run=run | {"ToleratedFailureCount": 1}, Goal=DONE), "Stop", "Goal", climbs=True) == ["", "Goal"]


def test_a_state_that_failed_is_tried_again_and_goes_on() -> None:
    branch = scope(Look=choice(("$x", "End"), default="Stop"), Stop={"Type": "Fail"}, End=DONE)
    definition = machine(Both=parallel(branch, Next="Goal"), Goal=DONE)
    assert passed(definition, "Stop", "Goal", climbs=True) is None
    assert passed(definition, "Stop", "Look", climbs=True) is None
    definition["States"]["Both"]["Retry"] = [{"ErrorEquals": ["States.ALL"]}]
    assert passed(definition, "Stop", "Goal", climbs=True) == ["", "Goal"]
    assert passed(definition, "Stop", "Look", climbs=True) == ["", "Look"]


def test_steps_are_told_as_a_chain_of_states() -> None:
    found = facts(machine(A=task(next="Both"), Both=parallel(scope(In=task()), Next="Goal"), Goal=DONE))
    walked = way(found, "A", "Goal")
    assert walked is not None
    assert [place.message for place in places(found.nesting, walked.steps)] == ['"A", then "Both"', '"Both", then "Goal"']
