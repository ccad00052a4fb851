"""Whether what is taken is given back on every way: branches, iterations, further attempts, and keys that change in between."""

from typing import Any

import pytest

from asl_lint.facts.duties import Duties
from asl_lint.facts.graph import Edge
from tests.properties.definitions import caught, facts, machine, task

CONFLICT = "DynamoDB.ConditionalCheckFailedException"
DONE, STOP = {"Type": "Succeed"}, {"Type": "Fail", "Error": "Stopped"}
KEEP = {"Output": "{% $states.input %}"}


def take(next: str | None, key: str = "a", **fields: Any) -> dict[str, Any]:
    arguments = {"TableName": "locks", "Item": {"pk": {"S": key}}, "ConditionExpression": "attribute_not_exists(pk)"}
    return task("dynamodb:putItem", next, Arguments=arguments, **KEEP | fields)


def free(next: str | None = None, key: str = "a", **fields: Any) -> dict[str, Any]:
    return task("dynamodb:deleteItem", next, Arguments={"TableName": "locks", "Key": {"pk": {"S": key}}}, **KEEP | fields)


def scope(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


def parallel(*branches: Any, next: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"Type": "Parallel", "Branches": list(branches)} | fields | ({"Next": next} if next else {"End": True})


def each(processor: Any, next: str | None = None, **fields: Any) -> dict[str, Any]:
    found = {"Type": "Map", "Items": "{% $states.input.items %}", "ItemProcessor": processor}
    return found | fields | ({"Next": next} if next else {"End": True})


def answers(by_success: bool = False, **states: Any) -> list[str]:
    """Of each lock of a machine: proved, refuted or unknown, data errors and what nobody has seen left out."""

    def takes(edge: Edge) -> bool:
        return edge.sure and edge.fault != "data"

    found = facts(machine(**states))
    duties = Duties(found, [lock.duty for lock in found.locks], by_success)
    held = duties.held(takes)
    open_ = duties.open_at_ends(held)

    def of(i: int) -> str:
        if duties.is_proved(i, takes):
            assert not open_ >> i & 1
            return "proved"
        return "refuted" if open_ >> i & 1 and duties.witness(i, held) is not None else "unknown"

    return [of(i) for i in range(len(duties.duties))]


WORK = task(next="Free", Catch=caught("Free"))


def test_a_release_behind_all_work_is_proved() -> None:
    assert answers(Take=take("Work"), Work=WORK, Free=free()) == ["proved"]


def test_work_whose_error_nobody_catches_is_refuted() -> None:
    assert answers(Take=take("Work"), Work=task(next="Free"), Free=free()) == ["refuted"]


def test_a_lock_that_was_refused_is_not_held() -> None:
    taking = take("Free", Catch=caught("Stop", CONFLICT))
    assert answers(Take=taking, Free=free(), Stop=STOP) == ["proved"]


def test_a_taking_that_failed_is_no_duty() -> None:
    assert answers(Take=take("Free", Catch=caught("Stop")), Free=free(), Stop=STOP) == ["proved"]


# --- what counts as a release ---------------------------------------------------------------------------------------------------


def test_a_release_that_fails_was_tried() -> None:
    states = {"Take": take("Free"), "Free": free(Catch=caught("Stop")), "Stop": STOP}
    assert answers(**states) == ["proved"]
    assert answers(True, **states) == ["refuted"]


def test_who_is_refused_a_release_does_not_hold_the_lock_any_more() -> None:
    owner = {"ConditionExpression": "#o = :o", "ExpressionAttributeNames": {"#o": "o"}, "ExpressionAttributeValues": {":o": "me"}}
    freeing = free("Done", Catch=[*caught("Done", CONFLICT), *caught("Free")])
    freeing["Arguments"] |= owner
    assert answers(True, Take=take("Free"), Free=freeing, Done=DONE) == ["proved"]
    freeing["Catch"] = [*caught("Done", CONFLICT, "States.Timeout"), *caught("Free")]
    assert answers(True, Take=take("Free"), Free=freeing | {"TimeoutSeconds": 9}, Done=DONE) == ["refuted"]


# --- keys ---------------------------------------------------------------------------------------------------------------------

SET = {"Type": "Pass", "Assign": {"k": "a"}, "Next": "Take"}
VARIABLE, INPUT = "{% $k %}", "{% $states.input.k %}"


def test_a_key_in_a_variable_that_nothing_sets_again_is_the_same() -> None:
    assert answers(Set=SET, Take=take("Work", VARIABLE), Work=WORK, Free=free(None, VARIABLE)) == ["proved"]


@pytest.mark.parametrize("where", ["taking", "work", "catcher"])
def test_a_key_in_a_variable_that_is_set_again_is_unknown(where: str) -> None:
    again = {"Assign": {"k": "b"}}
    catch = caught("Free")
    catch[0] |= again if where == "catcher" else {}
    work = task(next="Free", Catch=catch, **again if where == "work" else {})
    taking = take("Work", VARIABLE, **again if where == "taking" else {})
    assert answers(Set=SET, Take=taking, Work=work, Free=free(None, VARIABLE)) == ["unknown"]


def test_a_variable_that_is_set_before_the_taking_does_not_matter() -> None:
    assert answers(Set=SET, Take=take("Free", VARIABLE), Free=free("Again", VARIABLE), Again=SET | {"Next": "Take"}) == ["proved"]


def test_one_lock_taken_while_another_one_is_held_makes_both_unknown() -> None:
    look = {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $k = 'a' %}", "Assign": {"k": "b"}, "Next": "Take"}],
        "Default": "Free",
    }
    taking = take("Look", VARIABLE, Catch=caught("Free"))
    assert answers(Set=SET, Take=taking, Look=look, Free=free(None, VARIABLE)) == ["unknown"]
    look["Choices"][0]["Next"] = "FreeFirst"
    assert answers(Set=SET, Take=taking, Look=look, FreeFirst=free("Take", VARIABLE), Free=free(None, VARIABLE)) == ["unknown"]
    del look["Choices"][0]["Assign"]
    assert answers(Set=SET, Take=taking, Look=look, FreeFirst=free("Take", VARIABLE), Free=free(None, VARIABLE)) == ["proved"]


def test_a_key_in_the_input_is_the_same_while_the_input_is_kept() -> None:
    assert answers(
        Take=take("Work", INPUT), Work=WORK | KEEP | {"Catch": [caught("Free")[0] | KEEP]}, Free=free(None, INPUT)
    ) == ["proved"]
    assert answers(Take=take("Work", INPUT), Work=WORK, Free=free(None, INPUT)) == ["unknown"]


def test_the_input_of_an_inner_scope_is_another_one() -> None:
    inner = parallel(scope(Free=free(None, INPUT)))
    assert answers(Take=take("Inner", INPUT), Inner=inner) == ["unknown"]


def test_a_variable_of_an_outer_scope_is_the_same_inside() -> None:
    assert answers(Set=SET, Take=take("Inner", VARIABLE), Inner=parallel(scope(Free=free(None, VARIABLE)))) == ["proved"]


def test_a_variable_that_an_inner_scope_sets_is_another_one_outside() -> None:
    own = {"Type": "Pass", "Assign": {"k": "b"}, "Next": "Take"}
    inner = parallel(scope(Own=own, Take=take(None, VARIABLE, Catch=caught("End")), End=DONE), Next="Free")
    del inner["End"]
    assert answers(Set=SET | {"Next": "Inner"}, Inner=inner, Free=free(None, VARIABLE)) == ["unknown"]


# --- branches -----------------------------------------------------------------------------------------------------------------


def test_what_a_branch_takes_is_held_after_the_parallel() -> None:
    branch = scope(Take=take(None, Catch=caught("End")), End=DONE)
    assert answers(Both=parallel(branch, next="Free"), Free=free()) == ["proved"]
    assert answers(Both=parallel(branch, next="Look"), Look=task(next="Free"), Free=free()) == ["refuted"]


def test_a_branch_that_gives_back_is_enough() -> None:
    assert answers(Take=take("Both"), Both=parallel(scope(Free=free(Catch=caught("End")), End=DONE), scope(End2=DONE))) == [
        "proved"
    ]


def test_a_branch_that_may_not_give_back_is_not_enough() -> None:
    look = {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.x %}", "Next": "Free"}], "Default": "End"}
    inner = parallel(scope(Look=look, Free=free(Catch=caught("End")), End=DONE))
    assert answers(Take=take("Both"), Both=inner) == ["refuted"]


def test_a_branch_that_fails_stops_the_others_wherever_they_are() -> None:
    taking = scope(Take=take("Free", Catch=caught("End")), Free=free("End", Catch=caught("End")), End=DONE)
    failing = scope(Work=task())
    assert answers(Both=parallel(taking)) == ["proved"]
    assert answers(Both=parallel(taking, failing)) == ["refuted"]
    assert answers(Both=parallel(taking, failing, Catch=caught("FreeAfter")), FreeAfter=free()) == ["proved"]


def test_a_failure_further_out_stops_what_is_further_in() -> None:
    taking = scope(Take=take("Free", Catch=caught("End")), Free=free("End", Catch=caught("End")), End=DONE)
    assert answers(Outer=parallel(scope(Inner=parallel(taking)), scope(Work=task()))) == ["refuted"]


def test_a_further_attempt_begins_with_what_the_one_before_has_taken() -> None:
    taking = scope(Take=take("Free", Catch=caught("End")), Free=free("End", Catch=caught("End")), End=DONE)
    both = parallel(taking, scope(Work=task()), next="Done", Catch=caught("FreeAfter"))
    after = {"FreeAfter": free("Done"), "Done": DONE}
    assert answers(Both=both, **after) == ["proved"]
    assert answers(Both=both | {"Retry": [{"ErrorEquals": ["States.ALL"]}]}, **after) == ["refuted"]
    assert answers(Both=both | {"Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 0}]}, **after) == ["proved"]


# --- iterations ---------------------------------------------------------------------------------------------------------------


def test_a_release_inside_a_map_may_never_run() -> None:
    freeing = scope(Free=free(Catch=caught("End")), End=DONE)
    assert answers(Take=take("Each"), Each=each(freeing)) == ["refuted"]
    assert answers(Take=take("Each"), Each=each(freeing, Items=[1])) == ["proved"]
    assert answers(Take=take("Each"), Each=each(freeing, Items=[])) == ["refuted"]


def test_an_iteration_that_fails_stops_the_others() -> None:
    iteration = scope(Take=take("Free", Catch=caught("End")), Free=free("Work", Catch=caught("End")), Work=task(), End=DONE)
    assert answers(Each=each(iteration)) == ["refuted"]
    assert answers(Each=each(iteration, Items=[1])) == ["proved"]


def test_a_key_that_each_iteration_sets_for_itself_is_the_same_in_it() -> None:
    own = {"Type": "Pass", "Assign": {"k": "{% $states.context.Map.Item.Value %}"}, "Next": "Take"}
    iteration = scope(
        Own=own, Take=take("Free", VARIABLE, Catch=caught("End")), Free=free(None, VARIABLE, Catch=caught("End")), End=DONE
    )
    assert answers(Each=each(iteration)) == ["proved"]


def test_a_failure_that_a_map_tolerates_does_not_hide_what_was_held() -> None:
    processor = scope(
        Take=take("Work", Catch=caught("End")), Work=task(next="Free"), Free=free("End", Catch=caught("End")), End=DONE
    )
    processor["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    run = each(processor, next="Done", Catch=caught("FreeAfter"))
    after = {"FreeAfter": free("Done"), "Done": DONE}
    assert answers(Run=run, **after) == ["proved"]
    assert answers(Run=run | {"ToleratedFailureCount": 1}, **after) == ["refuted"]


# --- data errors --------------------------------------------------------------------------------------------------------------


def test_a_parallel_may_fail_by_an_expression_of_its_own_where_data_errors_count() -> None:
    freeing = scope(Free=free("Work", Catch=caught("End")), Work=task(), End=DONE)
    both = parallel(freeing, next="Done", Catch=caught("Done"), Output="{% $states.result.x %}")
    found = facts(machine(Take=take("Both"), Both=both, Done=DONE))
    taken = [lock.duty for lock in found.locks]
    assert Duties(found, taken).is_proved(0, lambda edge: edge.fault != "data")
    with_data = Duties(found, taken, data=True)
    assert not with_data.is_proved(0, lambda edge: True)
    way = with_data.witness(0, with_data.held(lambda edge: True))
    assert way is not None
    assert [step.edge.kind for step in way.steps] == ["next", "catch", "end"]
