"""Writes docs/mutation.md from what was counted: ``python -m tests.mutation.page``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.conftest import ROOT
from tests.mutation.execution import EXECUTED
from tests.mutation.judging import MODES, MOST_FINDINGS
from tests.mutation.measure import FOUND, every_mutant
from tests.mutation.rest import reason

PAGE: Final = ROOT / "docs" / "mutation.md"
_HEAD: Final = """# What is found when one thing is broken

A generator that knows no rule breaks the [five definitions](step_functions_jsonata/README.md) and their template in every
systematic way, one thing at a time.

A mutant counts as found if a rule that may name what was done to it tells it, in the place that was
changed (itself, by a step of its way or by a place that it shows), with at most two findings in all.

    python -m tests.mutation.measure            # judges every mutant
    python -m tests.mutation.measure --first N  # the first N in an order that mixes all operators

"""


def page(table: Mapping[str, Any]) -> str:
    """The page as text."""
    return _HEAD + "\n".join([*_counts(table), "", *_left(table), "", *_executed(table)]) + "\n"


def _counts(table: Mapping[str, Any]) -> Iterator[str]:
    judged = sum(row["judged"] for row in table.values())
    total = len(every_mutant())
    yield (
        f"There are {total:,} mutants; {judged:,} of them were judged."
        if judged < total
        else f"All {total:,} mutants were judged."
    )
    yield ""
    yield "| operator | mutants | judged | default rules alone | with contracts |"
    yield "|---|---|---|---|---|"
    for operator, row in table.items():
        shares = " | ".join(_share(row[mode], row["judged"]) for mode in MODES)
        yield f"| {operator} | {row['made']} | {row['judged']} | {shares} |"
    shares = " | ".join(_share(sum(row[mode] for row in table.values()), judged) for mode in MODES)
    yield f"| all | {sum(row['made'] for row in table.values())} | {judged} | {shares} |"


def _share(found: int, judged: int) -> str:
    return f"{found} ({100 * found / judged:.0f} %)"


def _left(table: Mapping[str, Any]) -> Iterator[str]:
    left = [(name, said["contracts"]) for row in table.values() for name, said in row["rest"].items()]
    of = Counter(verdict for _, verdict in left if verdict != "found")
    yield (
        f"Of the {of.total()} that are not found even with the contracts, {of['many']} are told with more than {MOST_FINDINGS}"
        f" findings, {of['elsewhere']} at another place, {of['other rule']} by another rule, and {of['none']} not at all. Why:"
    )
    yield ""
    yield "| operator | left | not told | reason |"
    yield "|---|---|---|---|"
    for operator, row in table.items():
        reasons: dict[str, Counter[str]] = {}
        for name, said in row["rest"].items():
            if said["contracts"] != "found":
                reasons.setdefault(reason(name) or "", Counter())[said["contracts"]] += 1
        for why, count in reasons.items():
            yield f"| {operator} | {count.total()} | {count['none']} | {why} |"


def _executed(table: Mapping[str, Any]) -> Iterator[str]:
    told = json.loads(EXECUTED.read_text(encoding="utf-8"))
    silent = sum(not scenarios for scenarios in told.values())
    left = [said["contracts"] for row in table.values() for said in row["rest"].values()]
    yield f"What is not told at all was executed: {len(told)} mutants of the definitions, each in all scenarios of its machine."
    yield (
        f"In {len(told) - silent} of them a scenario goes otherwise than it should (another call, end, output or time):"
        " the tests that execute the definitions tell these."
    )
    yield f"The other {left.count('none') - len(told)} are of the template, which no scenario deploys."
    yield "What is told, but not as strictly as is counted here, was not executed."
    yield ""
    yield "| mutant | scenarios that tell it | the first |"
    yield "|---|---|---|"
    for name, scenarios in told.items():
        yield f"| `{name.replace('|', chr(92) + '|')}` | {len(scenarios)} | {scenarios[0] if scenarios else 'harmless in all'} |"


if __name__ == "__main__":
    PAGE.write_text(page(json.loads(FOUND.read_text(encoding="utf-8"))), encoding="utf-8")
