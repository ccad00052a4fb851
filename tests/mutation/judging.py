"""Whether a mutant is found: a rule that may name what its operator does tells it, in its place, with at most two findings."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

from asl_lint.config import Config, load_config
from asl_lint.finding import Finding, Related
from asl_lint.run import check_paths, check_text
from asl_lint.source.document import Pointer, format_pointer
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml
from tests.definitions.rehearsal.scenario import DEFINITIONS
from tests.mutation import mutants, template_mutants
from tests.mutation.mutants import Mutant
from tests.mutation.rules import may_name
from tests.mutation.template_mutants import TemplateMutant

Verdict = Literal["found", "none", "many", "elsewhere", "other rule"]
Mode = Literal["default", "contracts"]
MODES: Final[tuple[Mode, ...]] = ("default", "contracts")
MOST_FINDINGS: Final = 2
"""Of one thing that was changed."""


@cache
def configuration(mode: Mode) -> Config:
    """The default rules alone, or with what the definitions promise besides."""
    config = load_config(str(DEFINITIONS / "asl-lint.toml"))
    return config if mode == "contracts" else config._replace(rules=(), ignore=(), extend_select=())


def findings(mutant: Mutant, mode: Mode) -> tuple[Finding, ...]:
    """What is told of a definition."""
    report = check_text(mutants.text_of(mutant), name=str(DEFINITIONS / f"{mutant.machine}.json"), config=configuration(mode))
    assert not report.errors, f"{mutant.name}: {report.errors}"
    return report.findings


def findings_in_template(mutant: TemplateMutant, mode: Mode) -> tuple[Finding, ...]:
    """What is told of the template and of the definitions as it deploys them."""
    with TemporaryDirectory() as folder:
        for path in DEFINITIONS.glob("sfn_*.json"):
            shutil.copy(path, folder)
        template = Path(folder) / "template.yaml"
        template.write_text(template_mutants.text_of(mutant), encoding="utf-8")
        report = check_paths([str(template)], config=configuration(mode))
    assert not report.errors, f"{mutant.name}: {report.errors}"
    return report.findings


def verdict(mutant: Mutant, told: Sequence[Finding]) -> Verdict:
    """How a mutant of a definition is told."""
    places = [format_pointer(place) for place in mutant.place]
    at = [one for one in told if any(_is_inside(pointer, place) for pointer in _shown(one) for place in places)]
    return _verdict(mutant.operator, told, at)


def verdict_on_template(mutant: TemplateMutant, told: Sequence[Finding]) -> Verdict:
    """How a mutant of the template is told: in the resource that was changed, or where the placeholder stands."""
    document = read_yaml(Text(template_mutants.text_of(mutant)), functions=True)
    node = document.node(("Resources", mutant.resource))
    assert node.key is not None
    resource: Pointer = ("Resources", mutant.resource)

    def is_there(one: Finding) -> bool:
        if mutant.placeholder is not None and f"${{{mutant.placeholder}}}" in one.message:
            return True
        if one.file.endswith("template.yaml") and _is_inside(one.pointer, format_pointer(resource)):
            return True
        spans = [place.span for place in one.related if (place.file or one.file).endswith("template.yaml")]
        spans += [one.span] if one.file.endswith("template.yaml") else []
        return any(node.key is not None and node.key.start <= span.start.offset < node.value.end for span in spans)

    return _verdict(mutant.operator, told, [one for one in told if is_there(one)])


def _verdict(operator: str, told: Sequence[Finding], at: Sequence[Finding]) -> Verdict:
    if not told:
        return "none"
    if len(told) > MOST_FINDINGS:
        return "many"
    if not at:
        return "elsewhere"
    return "found" if any(may_name(operator, rule) for one in at for rule in _rules(one)) else "other rule"


def _rules(finding: Finding) -> Iterator[str]:
    """The rule of a finding, and those that tell the same cause."""
    yield finding.rule
    yield from (place.message.partition(": ")[0] for place in finding.related)


def _shown(finding: Finding) -> Iterable[str]:
    related: tuple[Related, ...] = finding.related
    return finding.pointer, *(step.pointer for step in finding.path), *(place.pointer for place in related)


def _is_inside(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(place + "/")
