"""All scenarios of a file in one go: what they walk and evaluate together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.definitions.rehearsal.edges import Edges
from tests.definitions.rehearsal.interpreter import Evaluation, Interpreter
from tests.definitions.rehearsal.scenario import definition, read, rehearse
from tests.definitions.rehearsal.services import Tables


@dataclass(frozen=True)
class Walk:
    machine: str
    scenarios: int
    edges: Edges
    evaluations: list[Evaluation]


@cache
def walk(path: Path, tables: Tables) -> Walk:
    scenarios = read(path)
    interpreter = Interpreter(definition(scenarios[0].machine))
    evaluations: list[Evaluation] = []
    for scenario in scenarios:
        runs, _ = rehearse(scenario, interpreter, tables)
        evaluations += [evaluation for run in runs for evaluation in run.evaluations]
    return Walk(path.stem, len(scenarios), interpreter.edges, evaluations)
