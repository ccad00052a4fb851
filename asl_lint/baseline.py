"""A baseline: the findings that a team has decided to live with for now, so that only new ones are reported.

A JSON file of fingerprints with how often each occurs. Moving lines changes nothing; a finding more of the same is new.
"""

import json
from collections import Counter
from collections.abc import Callable

from asl_lint.finding import Finding, Report, Suppressed
from asl_lint.late import Final, NamedTuple

VERSION: Final = 1

Key = tuple[str, str, str]
"""A finding, or several of the same: file, rule and fingerprint."""
Baseline = Counter[Key]
"""How often each finding is known."""
HasRun = Callable[[str, str], bool]
"""Whether a rule was selected for a file, or is none any more."""
Exists = Callable[[str], bool]


class BaselineError(Exception):
    """A baseline file that cannot be used, and why."""


def as_text(report: Report) -> str:
    """The baseline that silences all findings of a report, one finding a line, in a fixed order."""
    return _as_text(Counter(map(_key, report.findings)))


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


def apply(report: Report, known: Baseline, has_run: HasRun) -> tuple[Report, int]:
    """The report without the findings of the baseline, and how many of the baseline's entries occur no more.

    What could not have been found is not counted as gone.
    """
    left = Counter(known)
    left.subtract(_key(one.finding) for one in report.suppressed if one.by == "comparison")
    kept: list[Finding] = []
    silenced: list[Suppressed] = []
    for finding in report.findings:
        key = _key(finding)
        if left[key] > 0:
            left[key] -= 1
            silenced.append(Suppressed(finding, None, "baseline"))
        else:
            kept.append(finding)
    is_judged = _judge(report, has_run)
    gone = sum(count for key, count in left.items() if count > 0 and is_judged(key))
    return report._replace(findings=tuple(kept), suppressed=(*report.suppressed, *silenced)), gone


def moved(report: Report, known: Baseline, exists: Exists) -> tuple[str, str] | None:
    """A file as the baseline calls it and as the run does, where the names of the baseline are those of another folder."""
    files = report.files
    names = dict.fromkeys(file for file, _, _ in known)
    if not names.keys().isdisjoint(files) or any(map(exists, names)):
        return None
    return next(((name, file) for file in files for name in names if _ends(file, name) or _ends(name, file)), None)


def _ends(path: str, name: str) -> bool:
    return f"/{path}".replace("\\", "/").endswith(f"/{name}".replace("\\", "/"))


class Pruned(NamedTuple):
    """The text of a baseline without what occurs no more, how many findings that are, and how many nobody has looked for."""

    text: str
    gone: int
    unjudged: int


def prune(report: Report, known: Baseline, exists: Exists, has_run: HasRun) -> Pruned:
    """What could not have been found stays, unless its file does not exist any more. Raises BaselineError where none does."""
    there = {file: exists(file) for file, _, _ in known}
    if known and not any(there.values()):
        raise BaselineError("none of its files is here: run from the folder that it was written from, or name that by --root")
    found = Counter(map(_key, report.findings))
    is_judged = _judge(report, has_run)
    kept: Baseline = Counter()
    unjudged = 0
    for key, count in known.items():
        if there[key[0]]:
            judged = is_judged(key)
            kept[key] = min(count, found[key]) if judged else count
            unjudged += 0 if judged else count
    return Pruned(_as_text(kept), known.total() - kept.total(), unjudged)


def _judge(report: Report, has_run: HasRun) -> Callable[[Key], bool]:
    """Tells whether a run would have found an entry again: its file was read as a whole, and its rule could be judged."""
    checked = frozenset(report.files).difference(report.damaged, (one.file for one in report.unresolved))
    unsure: set[tuple[str | None, str]] = {(one.rule, one.file) for one in report.not_evaluated}
    unsure |= {(one.rule, one.file) for one in report.errors}

    def is_judged(key: Key) -> bool:
        file, rule, _ = key
        return file in checked and unsure.isdisjoint(((rule, file), (None, file))) and has_run(rule, file)

    return is_judged


def _key(finding: Finding) -> Key:
    return finding.file, finding.rule, finding.fingerprint
