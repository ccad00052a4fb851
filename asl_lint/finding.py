"""What a run reports: findings and the places they point at, and what became of each file.

Values only; nothing here reads, decides or prints. Severities: ``error`` (AWS refuses it, or the run must fail there),
``warning`` (a fault on some path, or a broken promise), ``info`` (advice).
"""

from collections.abc import Callable, Mapping

from asl_lint.late import Literal, NamedTuple
from asl_lint.source.failure import Failure
from asl_lint.source.text import Range

__all__ = [
    "SEVERITIES", "Comparison", "Confidence", "Description", "Edit", "Failure", "Finding", "Fix", "NotEvaluated", "Related",
    "Report", "Severity", "Step", "Suppressed", "Unresolved",
]  # fmt: skip

Severity = Literal["error", "warning", "info"]
Confidence = Literal["high", "medium", "low"]

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")


class Related(NamedTuple):
    """A second place that the finding speaks of; in another ``file``, unless that is None."""

    message: str
    pointer: str
    span: Range
    file: str | None = None


class Step(NamedTuple):
    """One step of a witness: a path through the machine, in order."""

    message: str
    pointer: str
    span: Range


class Edit(NamedTuple):
    """Replace the characters of ``span`` by ``text``."""

    span: Range
    text: str


class Fix(NamedTuple):
    """How to mend a finding by editing the file; ``safe`` if it cannot change what a working definition does."""

    title: str
    safe: bool
    edits: tuple[Edit, ...]


class Finding(NamedTuple):
    """One fault, at one place. ``pointer`` is an RFC 6901 pointer into the definition; ``fingerprint`` survives moved lines."""

    rule: str
    category: str
    severity: Severity
    confidence: Confidence
    message: str
    help: str | None
    file: str
    machine: str | None
    pointer: str
    span: Range
    path: tuple[Step, ...] = ()
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    fingerprint: str = ""
    url: str | None = None


class Suppressed(NamedTuple):
    """A finding that is silenced; ``reason`` as its author gave it, ``by`` what silenced it (``comparison``: it is not new)."""

    finding: Finding
    reason: str | None
    by: Literal["directive", "configuration", "baseline", "comparison"]


class NotEvaluated(NamedTuple):
    """A rule that could not be judged for a file, and what it needs (``role``, ``substitutions``, …)."""

    rule: str
    needs: str
    file: str


class Unresolved(NamedTuple):
    """A state machine of a template that was not checked: its logical id, why its definition cannot be had, and the place."""

    file: str
    machine: str
    reason: str
    span: Range | None


class Description(NamedTuple):
    """What whoever asked wanted to know of one machine: a value of theirs. ``machine`` as in ``Finding``."""

    file: str
    machine: str | None
    said: object


class Comparison(NamedTuple):
    """What became of the findings of an earlier version: those that are gone, and how many are left. ``against`` names it."""

    against: str
    fixed: tuple[Finding, ...]
    unchanged: int


class Report(NamedTuple):
    """All that one run has to say.

    ``files`` are the definitions that were checked, in order; ``sources`` holds the text of each file that has findings;
    ``unresolved`` are the machines of templates that could not be checked. ``machines`` were checked: more than there are files
    where one holds several, or is deployed as several; 0: as many. ``descriptions`` are there where somebody asked for
    them, ``comparison`` where the findings are those that an earlier version does not have. ``damaged`` are the files of which
    not all could be read: what is not found there may well be there.
    """

    files: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    not_evaluated: tuple[NotEvaluated, ...] = ()
    errors: tuple[Failure, ...] = ()
    sources: Mapping[str, str] = {}
    unresolved: tuple[Unresolved, ...] = ()
    machines: int = 0
    descriptions: tuple[Description, ...] = ()
    comparison: Comparison | None = None
    damaged: frozenset[str] = frozenset()

    def renamed(self, shown: Callable[[str], str]) -> "Report":
        """The report with every file by the name that ``shown`` gives it."""

        def finding(one: Finding) -> Finding:
            if any(place.file is not None for place in one.related):
                places = (place._replace(file=place.file and shown(place.file)) for place in one.related)
                one = one._replace(related=tuple(places))
            return one._replace(file=shown(one.file))

        return self._replace(
            files=tuple(map(shown, self.files)),
            findings=tuple(map(finding, self.findings)),
            suppressed=tuple(one._replace(finding=finding(one.finding)) for one in self.suppressed),
            not_evaluated=tuple(one._replace(file=shown(one.file)) for one in self.not_evaluated),
            errors=tuple(one._replace(file=shown(one.file)) for one in self.errors),
            sources={shown(file): text for file, text in self.sources.items()},
            unresolved=tuple(one._replace(file=shown(one.file)) for one in self.unresolved),
            descriptions=tuple(one._replace(file=shown(one.file)) for one in self.descriptions),
            damaged=frozenset(map(shown, self.damaged)),
        )
