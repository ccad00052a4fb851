"""Every scenario runs as it is told, and together they take every edge and retrier of their machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from rehearsal.interpreter import Interpreter
from rehearsal.scenario import Scenario, definition, files, read, rehearse
from rehearsal.services import Tables

ALL = [scenario for path in files() for scenario in read(path)]


@cache
def interpreter(machine: str) -> Interpreter:
    return Interpreter(definition(machine))


@pytest.mark.parametrize("scenario", ALL, ids=lambda s: f"{s.machine.removesuffix('.json')}: {s.name}")
def test_a_scenario_runs_as_it_is_told(scenario: Scenario, tables: Tables) -> None:
    _, differences = rehearse(scenario, interpreter(scenario.machine), tables)
    assert not differences, "\n".join(differences)


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_edge_and_every_retrier_is_taken(path: Path, tables: Tables, capsys: pytest.CaptureFixture[str]) -> None:
    scenarios = list(read(path))
    walked = Interpreter(definition(scenarios[0].machine))
    for scenario in scenarios:
        rehearse(scenario, walked, tables)
    edges = walked.edges
    with capsys.disabled():
        taken = len(edges.taken) - len(edges.missing())
        print(f"\n{path.stem}: {len(scenarios)} scenarios take {taken} of {len(edges.taken)} edges and retriers")
    assert not edges.missing(), "no scenario takes: " + ", ".join(edges.missing())
