"""The mutants of the five definitions and their template: many, of every kind, each one thing changed, and most of them found."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import pytest

from tests.definitions.breakages import whole
from tests.definitions.rehearsal.services import Tables
from tests.mutation import mutants, template_mutants
from tests.mutation.execution import EXECUTED, told_by, untold
from tests.mutation.judging import MODES
from tests.mutation.measure import FOUND, as_table, every_mutant, judged
from tests.mutation.mutants import all_mutants
from tests.mutation.page import PAGE, page
from tests.mutation.rest import reason
from tests.mutation.rules import NAMED_BY
from tests.mutation.template_mutants import whole_template

FEWEST: Final = 1500
FLOORS: Final = {"default": 0.8, "contracts": 0.95}
"""The share of all mutants that is found at least."""
CHECKED: Final = 24
"""Mutants of the definitions that are judged here; all are counted by ``python -m tests.mutation.measure``."""
EXECUTED_HERE: Final = 10
"""Mutants that are executed here; all are by ``python -m tests.mutation.execution``."""


def executed_ones() -> dict[str, list[str]]:
    table: dict[str, list[str]] = json.loads(EXECUTED.read_text(encoding="utf-8"))
    return table


def counted() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(FOUND.read_text(encoding="utf-8"))
    return table


def test_there_are_many_mutants_of_every_operator_and_no_two_alike() -> None:
    made = every_mutant()
    assert len(made) >= FEWEST
    assert Counter(mutant.operator for mutant in made).keys() == mutants.OPERATORS.keys() | template_mutants.OPERATORS.keys()
    assert len({mutant.name for mutant in made}) == len(made)


def test_every_operator_has_rules_that_may_name_it() -> None:
    assert NAMED_BY.keys() == mutants.OPERATORS.keys() | template_mutants.OPERATORS.keys()


def test_a_mutant_differs_from_its_definition_in_its_place() -> None:
    for mutant in all_mutants()[::40]:
        original, changed = whole(mutant.machine), mutant.definition
        assert original != changed
        assert any(value_at(original, place) != value_at(changed, place) for place in mutant.place), mutant.name


def test_a_mutant_of_the_template_differs_in_its_resource_alone() -> None:
    whole_one = whole_template()["Resources"]
    for mutant in template_mutants.template_mutants():
        resources = mutant.template["Resources"]
        assert [name for name in whole_one if whole_one[name] != resources[name]] == [mutant.resource]


def value_at(value: Any, pointer: Sequence[str | int]) -> Any:
    for part in pointer:
        value = value[part]
    return value


# --- how many are found -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_most_mutants_were_found(mode: str, record_property: Any) -> None:
    table = counted()
    made, found = sum(row["judged"] for row in table.values()), sum(row[mode] for row in table.values())
    record_property("figures", f"of {made} mutants judged, of {len(every_mutant())}, {found} are found with {mode}")
    assert found >= FLOORS[mode] * made


def test_what_was_counted_is_of_the_mutants_that_there_are() -> None:
    made = Counter(mutant.operator for mutant in every_mutant())
    assert {operator: row["made"] for operator, row in counted().items()} == {one: made[one] for one in counted()}
    names = {mutant.name for mutant in every_mutant()}
    assert [name for row in counted().values() for name in row["rest"] if name not in names] == []


@pytest.mark.large
def test_mutants_are_judged_as_they_were_counted() -> None:
    rest = {name: said for row in counted().values() for name, said in row["rest"].items()}
    for mutant in all_mutants()[:: len(all_mutants()) // CHECKED]:
        _, name, said = judged(mutant)
        assert dict(zip(MODES, said, strict=True)) == rest.get(name, dict.fromkeys(MODES, "found")), name


def test_every_mutant_that_is_not_found_has_a_reason() -> None:
    missed = [name for row in counted().values() for name, said in row["rest"].items() if said["contracts"] != "found"]
    assert [name for name in missed if reason(name) is None] == []


def test_every_mutant_that_nothing_tells_is_executed() -> None:
    assert sorted(executed_ones()) == sorted(mutant.name for mutant in untold(counted()))


def test_scenarios_tell_mutants_that_nothing_else_tells(tables: Tables) -> None:
    for mutant in untold(counted())[::2][:EXECUTED_HERE]:
        told = executed_ones()[mutant.name]
        assert told_by(mutant, tables, told[:1]) == told[:1], mutant.name


def test_no_scenario_tells_a_definition_that_is_as_it_was(tables: Tables) -> None:
    for name, mutant in {mutant.machine: mutant for mutant in untold(counted())}.items():
        told = executed_ones()[mutant.name]
        assert told_by(mutant._replace(definition=whole(name)), tables, told[:1]) == [], mutant.name


def test_all_mutants_were_judged() -> None:
    assert sum(row["judged"] for row in counted().values()) == len(every_mutant())


def test_the_page_shows_what_was_counted() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(counted())


def test_a_table_counts_by_operator_and_names_what_is_left() -> None:
    said = [("b", "one", ("found", "found")), ("b", "two", ("none", "found")), ("a", "three", ("many", "none"))]
    assert as_table(said, {"a": 1, "b": 7}) == {
        "a": {
            "made": 1,
            "judged": 1,
            "default": 0,
            "contracts": 0,
            "rest": {"three": {"default": "many", "contracts": "none"}},
        },
        "b": {"made": 7, "judged": 2, "default": 1, "contracts": 2, "rest": {"two": {"default": "none", "contracts": "found"}}},
    }
