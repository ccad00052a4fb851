"""Suggestions: the nearest name, judged against the textbook's table of distances."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.near import _distance, _masks, near

SETTINGS = ["select", "extend-select", "ignore", "exclude", "extend-exclude", "severity", "baseline"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("selct", "select"),
        ("slecet", "select"),
        ("Select", "select"),
        ("extend_select", "extend-select"),
        ("ExtendSelect", "extend-select"),
        ("exclud", "exclude"),
        ("severities", "severity"),
        ("base line", "baseline"),
    ],
)
def test_the_setting_that_was_meant_is_found(name: str, meant: str) -> None:
    assert near(name, SETTINGS) == meant


@pytest.mark.parametrize("name", ["", "x", "colour", "line-length", "-", "_", "a" * 300])
def test_nothing_near_gives_no_suggestion(name: str) -> None:
    assert near(name, SETTINGS) is None


def test_no_candidates_give_no_suggestion() -> None:
    assert near("select", []) is None


def test_a_name_is_never_suggested_for_itself() -> None:
    assert near("Poll", ["Poll"]) is None
    assert near("Poll", ["Poll", "Pol"]) == "Pol"


def test_a_difference_in_case_alone_beats_a_single_letter() -> None:
    assert near("NEXT", ["NEXTS", "Next"]) == "Next"
    assert near("NEXT", ["Next", "NEXTS"]) == "Next"


def test_two_short_names_without_a_common_letter_are_not_near() -> None:
    assert near("A", ["B"]) is None
    assert near("ab", ["cd"]) is None


def test_a_swap_of_neighbours_counts_once() -> None:
    assert near("Nxet", ["Next"]) == "Next"


def test_a_long_name_is_compared_without_case_and_separators_only() -> None:
    long = "State-" * 60
    assert near(long.upper(), [long]) == long
    assert near(long + "x", [long]) is None


names = st.text(alphabet="abcdeAB-_ é", max_size=12)


@given(names, names)
@settings(deadline=None, max_examples=400)
def test_the_distance_is_that_of_the_textbook(left: str, right: str) -> None:
    assert _distance(_masks(left), len(left), right) == _table_distance(left, right)


@given(names, st.lists(names, max_size=8), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_the_order_of_candidates_does_not_matter(name: str, candidates: list[str], rng: random.Random) -> None:
    shuffled = list(candidates)
    rng.shuffle(shuffled)
    assert near(name, shuffled) == near(name, candidates)


@given(names, st.lists(names, max_size=8))
@settings(deadline=None, max_examples=200)
def test_no_other_candidate_is_nearer_than_the_suggestion(name: str, candidates: list[str]) -> None:
    suggestion = near(name, candidates)
    distances = {c: _table_distance(name.casefold(), c.casefold()) for c in candidates if c != name}
    if suggestion is None:
        for candidate, distance in distances.items():
            longer = max(len(name), len(candidate))
            assert distance > max(longer // 3, 1) or distance == longer
    elif _letters(suggestion) != _letters(name):
        assert distances[suggestion] == min(distances.values())


def _letters(name: str) -> str:
    return "".join(character for character in name.casefold() if character not in " -_.")


def _table_distance(left: str, right: str) -> int:
    rows = [[i + j if i * j == 0 else 0 for j in range(len(right) + 1)] for i in range(len(left) + 1)]
    for i in range(1, len(left) + 1):
        for j in range(1, len(right) + 1):
            replaced = rows[i - 1][j - 1] + (left[i - 1] != right[j - 1])
            rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, replaced)
            if i > 1 and j > 1 and left[i - 1] == right[j - 2] and left[i - 2] == right[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]
