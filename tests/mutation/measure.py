"""Counts the mutants that are found: ``python -m tests.mutation.measure [--first N] [--write]``.

Each mutant is checked with the default rules alone and with the contracts; of the whole that takes an hour on two cores.
``--write`` writes what was counted to ``found.json``; without it the counts are printed, and the mutants that were not found.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

from tests.mutation.judging import MODES, Verdict, findings, findings_in_template, verdict, verdict_on_template
from tests.mutation.mutants import Mutant, all_mutants
from tests.mutation.template_mutants import TemplateMutant, template_mutants

FOUND: Final = Path(__file__).parent / "found.json"
Judged = tuple[str, str, tuple[Verdict, ...]]
"""Operator and name of a mutant, and its verdict in each of ``MODES``."""


def every_mutant() -> tuple[Mutant | TemplateMutant, ...]:
    """All, in an order in which each part has some of every operator."""
    found: list[Mutant | TemplateMutant] = [*all_mutants(), *template_mutants()]
    return tuple(sorted(found, key=lambda mutant: (zlib.crc32(mutant.name.encode()), mutant.name)))


def judged(mutant: Mutant | TemplateMutant) -> Judged:
    """How one mutant is told."""
    if isinstance(mutant, Mutant):
        said = tuple(verdict(mutant, findings(mutant, mode)) for mode in MODES)
    else:
        said = tuple(verdict_on_template(mutant, findings_in_template(mutant, mode)) for mode in MODES)
    return mutant.operator, mutant.name, said


def measured(chosen: Sequence[Mutant | TemplateMutant]) -> Iterator[Judged]:
    """How each is told, by two processes."""
    with ProcessPoolExecutor(2) as pool:
        yield from pool.map(judged, chosen, chunksize=4)


def as_table(said: Sequence[Judged], made: Mapping[str, int]) -> dict[str, Any]:
    """Counts by operator, and by verdict the mutants that one of the modes does not find."""
    table: dict[str, Any] = {}
    for operator, name, verdicts in sorted(said):
        row = table.setdefault(operator, {"made": made[operator], "judged": 0, **dict.fromkeys(MODES, 0), "rest": {}})
        row["judged"] += 1
        for mode, one in zip(MODES, verdicts, strict=True):
            row[mode] += one == "found"
        if any(one != "found" for one in verdicts):
            row["rest"][name] = dict(zip(MODES, verdicts, strict=True))
    return table


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, help="judge only so many, the first in an order that mixes them")
    parser.add_argument("--write", action="store_true", help=f"write {FOUND.name}")
    given = parser.parse_args()
    mutants = every_mutant()
    made: dict[str, int] = {}
    for mutant in mutants:
        made[mutant.operator] = made.get(mutant.operator, 0) + 1
    table = as_table(list(measured(mutants[: given.first])), made)
    text = json.dumps(table, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if given.write:
        FOUND.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
