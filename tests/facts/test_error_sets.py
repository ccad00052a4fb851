"""Error sets are sets: finite and co-finite ones obey the laws on every name, and handlers match what the service says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl_lint.facts.error_sets import UNCATCHABLE, ErrorSet, all_but, matched_by, these

NAMES = ("A", "B", "C", "D")
SOME_OTHER = "E"
"""Stands for all names that no set mentions."""

sets = st.builds(ErrorSet, st.frozensets(st.sampled_from(NAMES)), st.booleans())


def members(errors: ErrorSet) -> set[str]:
    return {name for name in (*NAMES, SOME_OTHER) if name in errors}


@given(sets, sets)
def test_the_operations_are_those_of_sets(one: ErrorSet, other: ErrorSet) -> None:
    assert members(one | other) == members(one) | members(other)
    assert members(one & other) == members(one) & members(other)
    assert members(one - other) == members(one) - members(other)
    assert members(~one) == {*NAMES, SOME_OTHER} - members(one)


@given(sets, sets, sets)
def test_equal_sets_are_equal_values(one: ErrorSet, other: ErrorSet, third: ErrorSet) -> None:
    assert one | other == other | one
    assert one & (other | third) == (one & other) | (one & third)
    assert ~(one | other) == ~one & ~other
    assert one - other == one & ~other


@given(sets)
def test_a_set_is_empty_if_no_name_is_in_it(errors: ErrorSet) -> None:
    assert errors.is_empty is (not members(errors))


@pytest.mark.parametrize(
    ("handler", "error", "takes"),
    [
        (["A"], "A", True),
        (["A"], "B", False),
        (["A", "B"], "B", True),
        (["States.ALL"], "A", True),
        (["States.ALL"], "States.DataLimitExceeded", True),
        (["States.ALL"], "States.Timeout", True),
        (["States.ALL"], "States.Runtime", False),
        (["States.Runtime"], "States.Runtime", False),
        (["States.TaskFailed"], "A", True),
        (["States.TaskFailed"], "States.HeartbeatTimeout", True),
        (["States.TaskFailed"], "States.Timeout", False),
        (["States.Timeout"], "States.HeartbeatTimeout", True),
        (["States.HeartbeatTimeout"], "States.Timeout", False),
        (["States.DataLimitExceeded"], "States.DataLimitExceeded", True),
    ],
)
def test_what_a_handler_takes(handler: list[str], error: str, takes: bool) -> None:
    assert (error in matched_by(handler)) is takes


def test_sets_are_told_in_words() -> None:
    assert [str(errors) for errors in (these("B", "A"), all_but("A"), these(), ~these())] == [
        "A, B", "all but A", "no error", "all errors",
    ]  # fmt: skip
    assert (matched_by(["States.ALL"]) & UNCATCHABLE).is_empty
