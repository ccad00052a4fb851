"""Transitions, reachability and ends, as the service judges them."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.match import Match
from asl_lint.model.machine import StateMachine
from asl_lint.source.document import Document, format_pointer
from asl_lint.source.text import Text


def observed(value: object, code: str) -> list[Match]:
    document = Document(Text(""), "json", value, dict, lambda node: Text(""))
    return list(Facts(Workflow("a", document)).observations.get(code, ()))


def places(value: object, code: str) -> list[str]:
    return [format_pointer(match.pointer) for match in observed(value, code)]


def machine(states: Mapping[str, Any], start: str = "A") -> dict[str, Any]:
    return {"StartAt": start, "States": dict(states)}


PASS_END = {"Type": "Pass", "End": True}


def to(name: str) -> dict[str, Any]:
    return {"Type": "Pass", "Next": name}


def test_a_target_that_does_not_exist_is_named_with_the_near_state() -> None:
    (match,) = observed(machine({"A": to("Finnish"), "Finish": PASS_END}), "unknown-transition-target")
    assert match.help == 'did you mean "Finish"?'


def test_what_a_misspelt_target_meant_is_not_called_unreachable_as_well() -> None:
    assert not observed(machine({"A": to("Finnish"), "Finish": PASS_END}), "unreachable-state")


def test_a_target_in_another_scope_is_shown_where_it_is() -> None:
    branch = {"StartAt": "In", "States": {"In": to("Out")}}
    value = machine({"A": {"Type": "Parallel", "Branches": [branch], "Next": "Out"}, "Out": PASS_END})
    (match,) = observed(value, "unknown-transition-target")
    assert format_pointer(match.pointer) == "/States/A/Branches/0/States/In/Next"
    assert [place.pointer for place in match.related] == [("States", "Out")]


def test_a_state_that_nothing_targets_is_unreachable_and_its_chain_is_not_named() -> None:
    value = machine({"A": PASS_END, "B": to("C"), "C": PASS_END})
    assert places(value, "unreachable-state") == ["/States/B"]
    assert observed(value, "unreachable-state")[0].sure


def test_an_island_is_reported_once_and_less_surely() -> None:
    value = machine({"A": PASS_END, "B": to("C"), "C": to("B")})
    (match,) = observed(value, "unreachable-state")
    assert match.pointer == ("States", "B")
    assert not match.sure


def test_a_target_left_to_the_deployment_may_be_any_state() -> None:
    value = machine({"A": to("${Where}"), "B": PASS_END})
    assert not observed(value, "unreachable-state")
    assert not observed(value, "unknown-transition-target")


def test_catchers_rules_and_default_lead_to_states() -> None:
    value = machine(
        {
            "A": {"Type": "Task", "Resource": "${R}", "Next": "B", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "C"}]},
            "B": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": True, "Next": "D"}], "Default": "E"},
            "C": PASS_END,
            "D": PASS_END,
            "E": PASS_END,
        }
    )
    assert not observed(value, "unreachable-state")


def test_a_machine_without_an_end_is_told_so_and_nothing_more() -> None:
    value = machine({"A": to("B"), "B": to("A"), "C": to("A")})
    assert places(value, "no-terminal-state") == ["/States"]
    assert not observed(value, "unreachable-state")


def test_an_inner_scope_without_an_end_is_accepted() -> None:
    branch = {"StartAt": "B", "States": {"B": to("B")}}
    assert not observed(machine({"A": {"Type": "Parallel", "Branches": [branch], "End": True}}), "no-terminal-state")


def test_a_misspelt_start_does_not_make_the_whole_machine_unreachable() -> None:
    value = machine({"First": to("Second"), "Second": PASS_END}, start="Frist")
    assert places(value, "unknown-transition-target") == ["/StartAt"]
    assert not observed(value, "unreachable-state")


def test_a_state_without_next_may_have_led_anywhere() -> None:
    assert not observed(machine({"A": {"Type": "Pass"}, "B": PASS_END}), "unreachable-state")


NAMES = st.sampled_from("ABCDEFGH")


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, Any]:
    names = draw(st.lists(NAMES, min_size=1, max_size=8, unique=True))
    targets = st.sampled_from(names)
    states = {}
    for name in names:
        rules = draw(st.lists(targets, max_size=3))
        if rules:
            choices = [{"Variable": "$.x", "IsNull": True, "Next": rule} for rule in rules]
            states[name] = {"Type": "Choice", "Choices": choices, "Default": draw(targets)}
        else:
            states[name] = draw(st.one_of(st.just(PASS_END), st.builds(to, targets)))
    return machine(states, start=draw(targets))


@given(graphs())
@settings(deadline=None, max_examples=300)
def test_what_is_called_unreachable_is_so_in_networkx(value: dict[str, Any]) -> None:
    import networkx

    graph = StateMachine(value).to_networkx()
    reached = networkx.descendants(graph, ("States", value["StartAt"])) | {("States", value["StartAt"])}
    unreached = set(graph) - reached
    found = {match.pointer for match in observed(value, "unreachable-state")}
    assert found <= unreached
    if not observed(value, "no-terminal-state"):
        # Every unreached state is reported, or follows one that is.
        covered = set(found).union(*(networkx.descendants(graph, pointer) for pointer in found))
        assert unreached <= covered
