"""What a run reports: findings and the places they point at, and what became of each file.

Values only; nothing here reads, decides or prints. Severities: ``error`` (AWS refuses it, or the run must fail there),
``warning`` (a fault on some path, or a broken promise), ``info`` (advice).
"""

from collections.abc import Mapping
from typing import Literal

from asl_lint.late import NamedTuple
from asl_lint.source.failure import Failure
from asl_lint.source.text import Range

__all__ = [
    "SEVERITIES", "Confidence", "Edit", "Failure", "Finding", "Fix", "NotEvaluated", "Related", "Report", "Severity", "Step",
    "Suppressed", "Unresolved",
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
    """A finding that a directive or the configuration silences; ``reason`` as its author gave it, ``by`` what silenced it."""

    finding: Finding
    reason: str | None
    by: Literal["directive", "configuration", "baseline"]


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


class Report(NamedTuple):
    """All that one run has to say.

    ``files`` are the definitions that were checked, in order; ``sources`` holds the text of each file that has findings;
    ``unresolved`` are the machines of templates that could not be checked. ``machines`` were checked: more than there are files
    where one holds several, or is deployed as several; 0: as many.
    """

    files: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    not_evaluated: tuple[NotEvaluated, ...] = ()
    errors: tuple[Failure, ...] = ()
    sources: Mapping[str, str] = {}
    unresolved: tuple[Unresolved, ...] = ()
    machines: int = 0
