"""``released-on-every-path@1``: what a call takes is given back."""

from typing import Any

import pytest

from asl_lint.properties.released_on_every_path import KIND
from tests.properties.definitions import caught, facts, machine, only, refused, task, told, unjudged

ACQUIRE, RELEASE = "ec2:startInstances", {"call": "ec2:stopInstances"}
WORK = "glue:startJobRun.sync"
FAIL = {"Type": "Fail", "Error": "Stopped"}
NOBODY = "fails with an error that nothing catches"


def started(work: dict[str, Any], stop: dict[str, Any] | None = None, **states: dict[str, Any]) -> dict[str, Any]:
    """A machine that starts an instance, works, and stops it."""
    start = task("aws-sdk:ec2:startInstances", next="Work", Arguments={"InstanceIds": ["i"]})
    stop = stop or task("aws-sdk:ec2:stopInstances", Arguments={"InstanceIds": ["i"]})
    return machine(Start=start, Work=task(WORK, next="Stop") | work, Stop=stop, **states)


def left(definition: Any, **parameters: Any) -> list[tuple[str, str]]:
    return told(KIND, definition, "end", **{"acquire": ACQUIRE, "release": RELEASE} | parameters)


def locked(**work: Any) -> dict[str, Any]:
    """A machine that takes a lock that the linter recognises."""
    take = {"TableName": "locks", "Item": {"pk": {"S": "a"}}, "ConditionExpression": "attribute_not_exists(pk)"}
    free = {"TableName": "locks", "Key": {"pk": {"S": "a"}}}
    return machine(
        Take=task("dynamodb:putItem", next="Work", Arguments=take),
        Work=task(WORK, next="Free") | work,
        Free=task("dynamodb:deleteItem", Arguments=free),
        Else=FAIL,
    )


def test_a_way_past_the_release_is_told_where_it_leaves_the_others() -> None:
    definition = started({"Catch": caught("Else")}, Else=FAIL)
    match = only(KIND, definition, acquire=ACQUIRE, release=RELEASE)
    assert match.pointer == ("States", "Work", "Catch", 0, "Next")
    assert match.values == {
        "state": "Start", "lock": 'what "Start" took', "where": "Work", "end": 'ends in "Else"',
    }  # fmt: skip
    assert [(place.pointer, place.message) for place in match.related] == [
        (("States", "Start"), "taken here"), (("States", "Stop"), "given back here"),
    ]  # fmt: skip


def test_a_release_on_every_way_is_enough() -> None:
    assert left(started({"Catch": caught("Stop")})) == []


def test_an_error_that_nobody_catches_leaves_it() -> None:
    assert left(started({})) == [("/States/Work", NOBODY)]


def test_a_machine_without_the_release_keeps_it() -> None:
    assert left(machine(Start=task("aws-sdk:ec2:startInstances", next="Done"), Done={"Type": "Succeed"})) == [
        ("/States/Start/Next", "succeeds")
    ]


def test_where_nothing_is_taken_nothing_is_judged() -> None:
    needs = "something that the machine does not have: a call of ec2:startInstances"
    assert unjudged(KIND, machine(Work=task()), acquire=ACQUIRE, release=RELEASE) == [needs]
    assert unjudged(KIND, machine(Work=task())) == []


def test_a_definition_that_could_not_be_read_whole_is_not_judged() -> None:
    damaged = facts('{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": }}}')
    assert unjudged(KIND, damaged, acquire=ACQUIRE, release=RELEASE) == ["a definition that can be read whole"]


def test_nothing_is_proved_where_a_transition_is_left_to_the_deployment() -> None:
    definition = started({"Catch": caught("Stop")}, task("aws-sdk:ec2:stopInstances", next="${After}"))
    needs = ["a definition that says where every transition leads"]
    assert unjudged(KIND, definition, acquire=ACQUIRE, release=RELEASE) == needs


def test_only_the_ends_that_are_meant_count() -> None:
    definition = started({"Catch": caught("Else")}, Else=FAIL)
    assert left(definition, ends=["succeeded", "error"]) == []
    assert len(left(definition, ends=["failed"])) == 1


def test_an_attempt_to_give_back_is_enough_unless_success_is_asked_for() -> None:
    definition = started({"Catch": caught("Stop")})
    assert left(definition, discharged_by="attempt") == []
    assert left(definition, discharged_by="success") == [("/States/Stop", NOBODY)]


def test_a_call_of_something_else_gives_nothing_back() -> None:
    same = {"release": RELEASE | {"same": ["InstanceIds"]}}
    definition = started({"Catch": caught("Stop")}, task("aws-sdk:ec2:stopInstances", Arguments={"InstanceIds": ["j"]}))
    assert left(definition) == []
    assert left(definition, **same) == [("/States/Start/Next", "succeeds")]
    assert left(started({"Catch": caught("Stop")}), **same) == []


def test_what_may_be_the_same_has_the_benefit_of_the_doubt_unless_proof_is_asked_for() -> None:
    stop = task("aws-sdk:ec2:stopInstances", Arguments={"InstanceIds": "{% $states.input.ids %}"})
    definition = started({"Catch": caught("Stop")}, stop)
    same = {"release": RELEASE | {"same": ["InstanceIds"]}}
    assert left(definition, **same) == []
    assert left(definition, **same, proved=False) == []
    assert left(definition, **same, proved=True) == [("/States/Stop", "succeeds")]


def test_any_of_several_releases_will_do() -> None:
    terminated = task("aws-sdk:ec2:terminateInstances", Arguments={"InstanceIds": ["i"]})
    definition = started({"Catch": caught("End")}, End=terminated)
    assert left(definition) == [("/States/Work/Catch/0/Next", "succeeds")]
    assert left(definition, release=[RELEASE, {"call": "ec2:terminateInstances"}]) == []
    assert left(definition, release={"calls": ["ec2:stopInstances", "ec2:terminateInstances"]}) == []


def test_a_selector_of_arguments_tells_what_is_taken() -> None:
    definition = started({})
    assert len(left(definition, acquire={"call": ACQUIRE, "where": {"InstanceIds": "i"}})) == 1
    given = {"acquire": {"call": ACQUIRE, "where": {"InstanceIds": "j"}}, "release": RELEASE}
    assert len(unjudged(KIND, definition, **given)) == 1


def test_expressions_that_may_fail_are_no_way_out_unless_the_rule_says_so() -> None:
    count = {"Type": "Pass", "Assign": {"n": "{% $states.input.n + 1 %}"}, "Next": "Stop"}
    definition = started({"Catch": caught("Count"), "Next": "Count"}, Count=count)
    assert left(definition) == []
    assert left(definition, data_errors="include") != []


def test_without_calls_it_speaks_of_the_locks_that_are_recognised() -> None:
    assert told(KIND, locked(), "lock") == [("/States/Work", 'the lock "locks"')]
    assert told(KIND, locked(Catch=caught("Free")), "lock") == []
    assert told(KIND, locked(Catch=caught("Else")), "end") == [("/States/Work/Catch/0/Next", 'ends in "Else"')]


@pytest.mark.parametrize(
    ("parameters", "at", "problem"),
    [
        (
            {"acquire": ACQUIRE},
            ("acquire",),
            'goes with "release"; without both, the rule speaks of the locks that are recognised',
        ),
        (
            {"release": RELEASE},
            ("release",),
            'goes with "acquire"; without both, the rule speaks of the locks that are recognised',
        ),
        ({"acquire": ACQUIRE, "release": {"same": ["A"]}}, ("release",), 'needs one of "call" and "calls"'),
        ({"acquire": ACQUIRE, "release": [RELEASE, {}]}, ("release", 1), 'needs one of "call" and "calls"'),
        ({"acquire": "x", "release": RELEASE}, ("acquire",), 'acquire is "x"; a call is service:action, * for any part'),
        ({"acquire": ACQUIRE, "release": "ec2:x"}, ("release",), 'release must be a mapping or a list, not "ec2:x"'),
        ({"discharged-by": "luck"}, ("discharged-by",), 'discharged-by cannot be "luck"; it can be "attempt" or "success"'),
        ({"proved": "yes"}, ("proved",), 'proved must be true or false, not "yes"'),
    ],
)
def test_wrong_parameters_are_refused_at_their_place(parameters: dict[str, Any], at: Any, problem: str) -> None:
    assert refused(KIND, **parameters) == [(at, problem)]


def test_a_regular_expression_that_is_none_is_refused_at_its_place() -> None:
    where = {"where": {"A": "("}}
    faults = refused(KIND, acquire={"call": ACQUIRE} | where, release=[RELEASE, RELEASE | where])
    assert [at for at, _ in faults] == [("acquire", "where", "A"), ("release", 1, "where", "A")]
