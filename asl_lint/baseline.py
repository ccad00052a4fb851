"""A baseline: the findings that a team has decided to live with for now, so that only new ones are reported.

A JSON file of fingerprints with how often each occurs. Moving lines changes nothing; a finding more of the same is new.
"""

import json
from collections import Counter
from collections.abc import Callable
from typing import Final

from asl_lint.finding import Finding, Report, Suppressed

VERSION: Final = 1

Baseline = Counter[tuple[str, str, str]]
"""How often each finding is known: file, rule and fingerprint."""


class BaselineError(Exception):
    """A baseline file that cannot be used, and why."""


def as_text(report: Report) -> str:
    """The baseline that silences all findings of a report, one finding a line, in a fixed order."""
    return _as_text(Counter((finding.file, finding.rule, finding.fingerprint) for finding in report.findings))


def _as_text(counts: Baseline) -> str:
    lines = ",\n".join(
        json.dumps({"file": file, "rule": rule, "fingerprint": fingerprint, "count": count}, ensure_ascii=False)
        for (file, rule, fingerprint), count in sorted(counts.items())
        if count > 0
    )
    return f'{{"version": {VERSION}, "findings": [\n{lines}\n]}}\n' if lines else f'{{"version": {VERSION}, "findings": []}}\n'


def parse(text: str, name: str) -> Baseline:
    """The fingerprints of a baseline's text. Raises BaselineError where it is none."""
    try:
        document = json.loads(text)
        version = document["version"]
        if version != VERSION:
            raise BaselineError(f"{name}: its version is {version!r}; this asl-lint reads version {VERSION}")
        return Counter({(e["file"], e["rule"], e["fingerprint"]): int(e["count"]) for e in document["findings"]})
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BaselineError(f"{name}: this is no baseline; write one with --write-baseline") from None


def apply(report: Report, known: Baseline) -> tuple[Report, int]:
    """The report without the findings of the baseline, and how many of the baseline's entries occur no more.

    Entries of files that were not checked are not counted as gone.
    """
    left = Counter(known)
    kept: list[Finding] = []
    silenced: list[Suppressed] = []
    for finding in report.findings:
        key = (finding.file, finding.rule, finding.fingerprint)
        if left[key] > 0:
            left[key] -= 1
            silenced.append(Suppressed(finding, None, "baseline"))
        else:
            kept.append(finding)
    checked = frozenset(report.files)
    gone = sum(count for (file, _, _), count in left.items() if file in checked and count > 0)
    return report._replace(findings=tuple(kept), suppressed=(*report.suppressed, *silenced)), gone


def prune(report: Report, known: Baseline, exists: Callable[[str], bool]) -> tuple[str, int]:
    """The text of the baseline without what occurs no more, and how many findings that are.

    Entries of files that were not checked stay, unless the file does not exist any more.
    """
    found = Counter((finding.file, finding.rule, finding.fingerprint) for finding in report.findings)
    checked = frozenset(report.files)
    kept = Counter({
        key: min(count, found[key]) if key[0] in checked else count for key, count in known.items() if exists(key[0])
    })  # fmt: skip
    return _as_text(kept), known.total() - kept.total()
