"""Every scenario runs as it is told."""

from __future__ import annotations

from functools import cache

import pytest

from tests.definitions.rehearsal.interpreter import Interpreter
from tests.definitions.rehearsal.scenario import Scenario, definition, files, read, rehearse
from tests.definitions.rehearsal.services import Tables

ALL = [scenario for path in files() for scenario in read(path)]


@cache
def interpreter(machine: str) -> Interpreter:
    return Interpreter(definition(machine))


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: f"{s.machine.removesuffix('.json')}: {s.name}")
def test_a_scenario_runs_as_it_is_told(scenario: Scenario, tables: Tables) -> None:
    _, differences = rehearse(scenario, interpreter(scenario.machine), tables)
    assert not differences, "\n".join(differences)
