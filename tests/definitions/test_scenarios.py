"""Every scenario runs as it is told, and together they take every edge and retrier of their machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from rehearsal.interpreter import Interpreter
from rehearsal.scenario import Scenario, definition, files, read, rehearse
from rehearsal.services import Tables
from rehearsal.walk import walk

ALL = [scenario for path in files() for scenario in read(path)]


@cache
def interpreter(machine: str) -> Interpreter:
    return Interpreter(definition(machine))


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: f"{s.machine.removesuffix('.json')}: {s.name}")
def test_a_scenario_runs_as_it_is_told(scenario: Scenario, tables: Tables) -> None:
    _, differences = rehearse(scenario, interpreter(scenario.machine), tables)
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_edge_and_every_retrier_is_taken(path: Path, tables: Tables, record_property: Any) -> None:
    walked = walk(path, tables)
    missing = walked.edges.missing()
    every = len(walked.edges.taken)
    record_property(
        "figures", f"{path.stem}: {walked.scenarios} scenarios take {every - len(missing)} of {every} edges and retriers"
    )
    assert not missing, "no scenario takes: " + ", ".join(missing)
