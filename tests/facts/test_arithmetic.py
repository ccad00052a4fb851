"""The terms of the longest way add up to it, in random machines and in the five definitions."""

from collections import Counter as Tally

import pytest

from asl_lint.facts.amounts import INFINITE, Amount, number, times
from asl_lint.facts.arithmetic import Term, terms
from asl_lint.facts.visits import Measure
from tests.definitions.rehearsal.scenario import DEFINITIONS
from tests.facts.budget_machines import machine as random_machine
from tests.properties.definitions import facts, machine, task

MEASURES: tuple[Measure, ...] = ("events", "seconds", "transitions")
MACHINES = 300


def total(found: list[Term]) -> Amount:
    whole: Amount = 0
    for term in found:
        whole += term.amount
    return whole


@pytest.mark.large
@pytest.mark.parametrize("measure", MEASURES)
def test_the_terms_add_up_to_the_longest_way(measure: Measure) -> None:
    tally = Tally[str]()
    for seed in range(MACHINES):
        whole = random_machine(seed)
        known = facts(whole)
        for one in known.budgets.executions:
            found = terms(known.budgets, one.scope, one.graph, measure)
            most = one.most(measure)
            if most == INFINITE:
                assert found is None, seed
                continue
            tally["told" if found is not None else "not told"] += 1
            if found is None:
                assert number(most) is None, seed  # the greater of two formulas may be neither of them
                continue
            frame = 2 if measure == "events" else 0
            plain = number(most)
            summed = total(found) + frame
            if plain is None:
                assert summed == most, seed
            else:
                assert summed == pytest.approx(plain), seed
            for term in found:
                if term.turns:
                    assert term.amount == times(term.turns, term.turn) + term.rest, seed
                    tally["loops"] += 1
    assert tally["told"] > MACHINES / 3
    assert tally["told"] > 5 * tally["not told"]
    assert tally["loops"] > MACHINES / 20


def test_a_loop_is_a_term_of_turns() -> None:
    known = facts((DEFINITIONS / "sfn_ndr_prediction_publication.json").read_text(encoding="utf-8"))
    one = known.budgets.executions[0]
    found = terms(known.budgets, one.scope, one.graph, "events") or []
    assert [(term.state.name, term.amount) for term in found if term.turns == 0] == [
        ("ReadIncomingMessage", 8), ("LoadProjectParameters", 17), ("CheckProjectParameters", 2),
        ("ResolvePipelineRuntimeParams", 2), ("AcquirePublicationLock", 17), ("StartPredictionJoinPipeline", 17),
        ("StopPredictionJoinPipeline", 17), ("MarkPublicationFailed", 17), ("ChoosePublicationFailure", 2),
        ("PredictionJoinPipelineFailed", 2),
    ]  # fmt: skip
    assert [(t.state.name, t.turns, t.turn, t.rest) for t in found if t.turns] == [("WaitForPredictionJoinPipeline", 9, 21, 0)]


def test_what_has_no_bound_has_no_terms() -> None:
    known = facts(machine(A=task()))
    one = known.budgets.executions[0]
    assert terms(known.budgets, one.scope, one.graph, "seconds") is None
