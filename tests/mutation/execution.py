"""Executes the mutants that nothing tells: ``python -m tests.mutation.execution``.

Each runs all scenarios of its machine. Where one goes otherwise than it expects, the mutant is told when it is executed; where
none does, it is harmless as far as the scenarios go. ``executed.json`` holds the names of those that tell it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tests.definitions.rehearsal.interpreter import Interpreter
from tests.definitions.rehearsal.scenario import SUBSTITUTIONS, files, read, rehearse
from tests.definitions.rehearsal.services import Tables
from tests.mutation.mutants import Mutant, all_mutants

EXECUTED: Final = Path(__file__).parent / "executed.json"


def untold(table: Mapping[str, Any]) -> list[Mutant]:
    """The mutants of the definitions that no finding tells, whatever the mode."""
    names = {name for row in table.values() for name, said in row["rest"].items() if set(said.values()) == {"none"}}
    return [mutant for mutant in all_mutants() if mutant.name in names]


def told_by(mutant: Mutant, tables: Tables, among: Sequence[str] | None = None) -> list[str]:
    """The scenarios, all or those named, in which the machine does other than it should, in their order."""
    interpreter = Interpreter(_substituted(mutant.definition))
    return [
        scenario.name
        for path in files()
        for scenario in read(path)
        if scenario.machine.removesuffix(".json") == mutant.machine
        and (among is None or scenario.name in among)
        and _differs(scenario, interpreter, tables)
    ]


def _substituted(definition: Any) -> Any:
    text = json.dumps(definition)
    for placeholder, value in SUBSTITUTIONS.items():
        text = text.replace(f"${{{placeholder}}}", value)
    return json.loads(text)


def _differs(scenario: Any, interpreter: Interpreter, tables: Tables) -> bool:
    try:
        return rehearse(scenario, interpreter, tables)[1] != []
    except (LookupError, ValueError, AssertionError):  # it asks for what the scenario does not give
        return True


def executed(mutants: Sequence[Mutant]) -> dict[str, list[str]]:
    """By the name of a mutant, the scenarios that tell it."""
    from moto import mock_aws

    with mock_aws():
        tables = Tables()
        return {mutant.name: told_by(mutant, tables) for mutant in mutants}


def main() -> None:
    from tests.mutation.measure import FOUND

    found = executed(untold(json.loads(FOUND.read_text(encoding="utf-8"))))
    EXECUTED.write_text(json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
