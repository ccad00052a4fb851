"""Runs rules over one workflow: selects them, isolates the one that crashes, places what they found, and silences what a
directive or the configuration silences. No I/O, no text but the rules' own messages.
"""

import json
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence

from asl_lint.catalog import Rule, fill
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.facts.match import Match, NotJudged, Place
from asl_lint.finding import (
    Confidence,
    Description,
    Edit,
    Failure,
    Finding,
    Fix,
    NotEvaluated,
    Related,
    Severity,
    Step,
    Suppressed,
)
from asl_lint.late import Final, NamedTuple, Pattern, imported
from asl_lint.near import near
from asl_lint.properties import KINDS, OF_TEMPLATES, SUBJECTS
from asl_lint.properties.kind import Kind
from asl_lint.source.document import Document, Pointer, format_pointer
from asl_lint.source.text import Range, Span
from asl_lint.suppress import MARK, Directive, directives, template_directives

Ignores = Callable[[Finding, Workflow], "str | None"]
Applies = Callable[[Rule, Workflow], bool]
Conceal = Callable[[str], str]
Describe = Callable[[Facts, "Outcome", "Selection"], object]

_OBSERVED: Final = "observed@1"


class Selection:
    """The rules of a run and what the configuration says of them.

    ``severities`` replace a rule's own. ``known`` are the names of all rules, selected or not. ``ignored`` says why the
    configuration silences a finding, or None. ``reason_required``: a directive without a reason is itself reported. ``applies``
    tells whether a rule that is meant for some files is meant for this one (None: every rule is). ``asked`` are the rules that
    somebody named, themselves or their category. ``describe`` is asked about each workflow when its findings are known.
    ``by_cause``: findings of one cause are told as one, but to ``describe``.
    """

    __slots__ = (
        "_always",
        "_waiting",
        "applies",
        "asked",
        "by_cause",
        "describe",
        "ignored",
        "known",
        "reason_required",
        "rules",
        "severities",
    )

    def __init__(
        self,
        rules: tuple[Rule, ...],
        known: frozenset[str],
        severities: Mapping[str, Severity] | None = None,
        ignored: Ignores | None = None,
        reason_required: bool = True,
        applies: Applies | None = None,
        asked: frozenset[str] = frozenset(),
        describe: "Describe | None" = None,
        by_cause: bool = False,
    ) -> None:
        self.rules = rules
        self.known = known
        self.severities = severities or {}
        self.ignored = ignored
        self.reason_required = reason_required
        self.applies = applies
        self.asked = asked
        self.describe = describe
        self.by_cause = by_cause
        self._always: list[tuple[int, Rule, str | None]] = []
        self._waiting: dict[str, list[tuple[int, Rule, None]]] = {}
        for i, rule in enumerate(rules):
            if rule.kind == _OBSERVED:
                for code in rule.parameters["codes"]:
                    self._waiting.setdefault(code, []).append((i, rule, None))
            else:
                self._always.append((i, rule, None if "acquire" in rule.parameters else SUBJECTS.get(rule.kind)))

    def asking(self, describe: "Describe") -> "Selection":
        """The same rules, with something else to be asked about each workflow."""
        return Selection(
            self.rules, self.known, self.severities, self.ignored, self.reason_required, self.applies, self.asked, describe,
            self.by_cause,
        )  # fmt: skip

    def concerned(self, codes: Iterable[str]) -> Sequence[tuple[int, Rule, str | None]]:
        """The rules, in their order, but for those that wait for observations of other codes: most of them.

        Each with its number and the fact that it speaks of: it has nothing to say of a machine that has none of it.
        """
        found = {one[0]: one for code in codes for one in self._waiting.get(code, ())}
        return sorted([*self._always, *found.values()], key=_number) if found else self._always


def _number(concerned: tuple[int, Rule, str | None]) -> int:
    return concerned[0]


class Outcome(NamedTuple):
    """What one workflow gave. ``secrets`` are the places of its file that nothing may show; ``is_whole``: all could be read."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...] = ()
    not_evaluated: tuple[NotEvaluated, ...] = ()
    failures: tuple[Failure, ...] = ()
    secrets: tuple[Span, ...] = ()
    descriptions: tuple[Description, ...] = ()
    is_whole: bool = True


def check(workflow: Workflow, selection: Selection) -> Outcome:
    """All findings of the selected rules on one workflow, sorted by place. Never raises for a fault of a rule."""
    facts = Facts(workflow)
    failures: list[Failure] = []
    not_evaluated: list[NotEvaluated] = []
    findings: list[Finding] = []
    made: dict[int, tuple[Rule, Match]] = {}
    conceal = _concealer(facts)
    for _, rule, subject in selection.concerned(facts.observations):
        if selection.applies is not None and not selection.applies(rule, workflow):
            continue
        try:
            if subject is not None and not getattr(facts, subject):
                continue
            kind = kind_named(rule.kind)
            if kind.needs:
                not_evaluated += [NotEvaluated(rule.name, need, workflow.file) for need in kind.needs]
                continue
            for match in kind.check(facts, rule.parameters):
                if isinstance(match, NotJudged):
                    if match.is_expected and rule.name not in selection.asked:
                        continue
                    not_evaluated.append(NotEvaluated(rule.name, match.said, workflow.file))
                else:
                    findings.append(_finding(rule, match, workflow, selection, conceal))
                    made[id(findings[-1])] = rule, match
        except Exception as fault:
            failures.append(Failure(workflow.file, f"{type(fault).__name__}: {fault}", rule.name))
    failures += [Failure(workflow.file, message, reader) for reader, message in facts.crashes]
    findings.sort(key=_order)
    kept, suppressed = _silence(findings, facts, selection, whole=not failures)
    outcome = Outcome(
        tuple(kept), tuple(suppressed), tuple(not_evaluated), tuple(failures), is_whole=facts.document.is_read
    )  # fmt: skip
    if conceal is not None and facts.secrets is not None:
        outcome = _without_secrets(outcome, conceal.text, facts.secrets.spans)
    if selection.describe is not None:
        outcome = _described(outcome, facts, selection, selection.describe)
    return _by_cause(outcome, facts, made) if selection.by_cause and len(outcome.findings) > 1 else outcome


def _by_cause(outcome: Outcome, facts: Facts, made: Mapping[int, tuple[Rule, Match]]) -> Outcome:
    """The outcome with the findings of one cause told as one; ``made``: of what, by the identity of each."""
    from asl_lint.causes import Told, by_cause

    told = [Told(finding, *made[id(finding)]) for finding in outcome.findings if id(finding) in made]
    others = [finding for finding in outcome.findings if id(finding) not in made]
    try:
        found = sorted([*by_cause(told, facts), *others], key=_order)
    except Exception as fault:  # a mistake of ours: it costs no finding
        failure = Failure(facts.workflow.file, f"internal fault: {type(fault).__name__}: {fault}")
        return outcome._replace(failures=(*outcome.failures, failure))
    return outcome._replace(findings=tuple(found))


def _described(outcome: Outcome, facts: Facts, selection: Selection, describe: Describe) -> Outcome:
    workflow = facts.workflow
    try:
        said = describe(facts, outcome, selection)
    except Exception as fault:  # a mistake of ours: it is told, and costs no finding
        failure = Failure(workflow.file, f"it cannot be described: {type(fault).__name__}: {fault}")
        return outcome._replace(failures=(*outcome.failures, failure))
    return outcome._replace(descriptions=(Description(workflow.file, workflow.logical_id, said),))


def check_deployment(workflow: Workflow, selection: Selection) -> Outcome:
    """All findings of the selected rules on how a template deploys a state machine; ``workflow`` has its ``settings``."""
    facts = Facts(workflow)
    failures: list[Failure] = []
    findings: list[Finding] = []
    for rule in selection.rules:
        if rule.kind in OF_TEMPLATES and (selection.applies is None or selection.applies(rule, workflow)):
            try:
                found = kind_named(rule.kind).check(facts, rule.parameters)
                conceal = Concealers(_masked, _masked)
                findings += [_finding(rule, one, workflow, selection, conceal) for one in found if isinstance(one, Match)]
            except Exception as fault:
                failures.append(Failure(workflow.file, f"{type(fault).__name__}: {fault}", rule.name))
    findings.sort(key=_order)
    kept, suppressed = findings, list[Suppressed]()
    own, others = _about_deployment(template_directives(workflow.document), facts, selection)
    for said, whole in ((own, not failures), (others, False)):
        if said:
            kept, more = _by_directives(kept, said, facts, selection, whole)
            suppressed += more
    kept, more = _by_configuration(kept, workflow, selection)
    return Outcome(tuple(kept), (*suppressed, *more), failures=tuple(failures))


def _masked(text: str) -> str:
    """A text without what is secret by its form: nobody has looked at every value of a template."""
    from asl_lint.source.secrets import masked

    return masked(text)


def _about_deployment(found: Iterable[Directive], facts: Facts, selection: Selection) -> tuple[list[Directive], list[Directive]]:
    """The directives for rules about deployment: those in the lines of a state machine, and others, which nobody calls unused.

    What stands in its definition is for the definition.
    """
    assert facts.settings is not None
    names = {rule.name for rule in selection.rules if rule.kind in OF_TEMPLATES}
    at = facts.settings.pointer
    own, others = list[Directive](), list[Directive]()
    for directive in found:
        named = tuple(one for one in directive.rules if one.rule in names)
        covers = directive.covers
        if not named or covers is None:
            continue
        if covers[: len(at)] != at:
            others.append(directive._replace(rules=named))
        elif not any(str(part).lower().startswith("definition") for part in covers[len(at) : len(at) + 2]):
            own.append(directive._replace(rules=named))
    return own, others


class Concealers(NamedTuple):
    """What takes secrets out of texts that quote a definition, and out of pointers."""

    text: Conceal
    pointer: Conceal


def _concealer(facts: Facts) -> Concealers | None:
    """What takes the secrets of a definition out of all that is said about it; None where it has none."""
    found = facts.secrets
    return None if found is None or found.conceal is str else Concealers(found.conceal, found.conceal_names)


def _without_secrets(outcome: Outcome, conceal: Conceal, spans: tuple[Span, ...]) -> Outcome:
    """What is said beside the findings, which are made without."""
    return outcome._replace(
        suppressed=tuple(one._replace(reason=None if one.reason is None else conceal(one.reason)) for one in outcome.suppressed),
        not_evaluated=tuple(one._replace(needs=conceal(one.needs)) for one in outcome.not_evaluated),
        failures=tuple(one._replace(message=conceal(one.message)) for one in outcome.failures),
        secrets=spans,
    )


_kinds: dict[str, Kind] = {}


def kind_named(name: str) -> Kind:
    """The kind of a rule, imported when first used. Raises KeyError for a name that is not in ``KINDS``."""
    kind = _kinds.get(name)
    if kind is None:
        module, _, attribute = KINDS[name].partition(":")
        kind = _kinds[name] = getattr(imported(module), attribute)
    return kind


def _order(finding: Finding) -> tuple[int, int, str, str]:
    return finding.span.start.offset, finding.span.end.offset, finding.rule, finding.pointer


# --- from a match to a finding ----------------------------------------------------------------------------------------------


def _finding(rule: Rule, match: Match, workflow: Workflow, selection: Selection, conceal: Concealers | None) -> Finding:
    document = workflow.document
    fix = _fix(match, document)
    place = _range(match, document)
    if conceal is not None:
        match = _without(match, conceal.text)
        fix = None if fix is not None and any(conceal.text(edit.text) != edit.text for edit in fix.edits) else fix
    severity = selection.severities.get(rule.name, rule.severity)
    if severity == "error" and not match.sure:
        severity = "warning"
    if not match.seen:
        severity = "info"
    text = document.text.root

    def written(pointer: Pointer) -> str:
        return written_text(format_pointer(pointer))

    def written_text(pointer: str) -> str:
        return pointer if conceal is None else conceal.pointer(pointer)

    pointer = written(match.pointer)
    return Finding(
        rule=rule.name,
        category=rule.category,
        severity=severity,
        confidence=_confidence(rule, match),
        message=_one_line(fill(rule.message, match.values)),
        help=match.help,
        file=workflow.file if match.elsewhere is None else match.elsewhere.file,
        machine=workflow.logical_id,
        pointer=pointer,
        span=place,
        path=tuple(Step(p.message, written(p.pointer), text.range(_span(document, p))) for p in match.path),
        related=tuple(one._replace(pointer=written_text(one.pointer)) for one in (_related(p, workflow) for p in match.related)),
        fix=fix,
        fingerprint=_fingerprint(rule.name, pointer, match.values)
        if match.subject is None
        else _fingerprint(rule.name, written(match.subject), {}),
        url=rule.url,
    )


def _range(match: Match, document: Document) -> Range:
    if match.elsewhere is not None:
        return match.elsewhere.range
    return document.text.root.range(match.span or _place(document, match.pointer, match.part, match.within))


def _related(place: Place, workflow: Workflow) -> Related:
    if place.elsewhere is not None:
        file, where = place.elsewhere
        return Related(place.message, "", where, None if file == workflow.file else file)
    document = workflow.document
    return Related(place.message, format_pointer(place.pointer), document.text.root.range(_span(document, place)))


def _without(match: Match, conceal: Conceal) -> Match:
    """The match as it is told: no text of it holds a secret of the definition."""
    return match._replace(
        values={name: conceal(value) for name, value in match.values.items()},
        help=None if match.help is None else conceal(match.help),
        path=tuple(place._replace(message=conceal(place.message)) for place in match.path),
        related=tuple(place._replace(message=conceal(place.message)) for place in match.related),
    )


def _confidence(rule: Rule, match: Match) -> Confidence:
    """The lower one of the rule's and the match's; what is not sure is never high."""
    found: tuple[Confidence, ...] = (rule.confidence, match.confidence, "high" if match.sure and match.seen else "medium")
    if "low" in found:
        return "low"
    return "medium" if "medium" in found else "high"


_BREAKS: Final = Pattern("[\x00-\x1f\x7f\x85\u2028\u2029]")


def _one_line(message: str) -> str:
    """The message on one line, whatever it quotes: line breaks and control characters as their escapes."""
    if message.isprintable():
        return message
    return _BREAKS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), message)


def _span(document: Document, place: Place) -> Span:
    return place.span or _place(document, place.pointer, place.part, None)


def _place(document: Document, pointer: Pointer, part: str, within: Span | None) -> Span:
    if part == "key" and within is None:
        node = document.node(pointer)
        # An element of an array, and the whole text, have no key: their first character stands for them.
        return document.text.trace(*(node.key or Span(node.value.start, min(node.value.start + 1, node.value.end))))
    return document.span(pointer, "value", within)


def _fix(match: Match, document: Document) -> Fix | None:
    if match.fix is None or document.text.parent is not None:  # inside a string, the text would have to be escaped
        return None
    place = document.text.root.range(_place(document, match.fix.pointer, match.fix.part, None))
    return Fix(match.fix.title, match.fix.safe, (Edit(place, match.fix.text),))


def _fingerprint(rule: str, pointer: str, values: Mapping[str, str]) -> str:
    """The same for the same fault wherever its lines have moved: rule, pointer and what is at fault."""
    said = json.dumps([rule, pointer, sorted(values.items())]).encode("utf-8")
    return f"{zlib.crc32(said):08x}{zlib.adler32(said):08x}"


# --- what is silenced -------------------------------------------------------------------------------------------------------


def _silence(
    findings: Sequence[Finding], facts: Facts, selection: Selection, whole: bool
) -> tuple[list[Finding], list[Suppressed]]:
    """The findings that stay, and those that are silenced. ``whole``: every rule could say what it had to say."""
    kept, suppressed = list(findings), list[Suppressed]()
    found = directives(facts.document, facts.machine)
    if found:
        kept, suppressed = _by_directives(kept, found, facts, selection, whole and facts.document.is_read)
    kept, more = _by_configuration(kept, facts.workflow, selection)
    return kept, [*suppressed, *more]


def _by_configuration(
    findings: list[Finding], workflow: Workflow, selection: Selection
) -> tuple[list[Finding], list[Suppressed]]:
    if selection.ignored is None:
        return findings, []
    kept, suppressed = list[Finding](), list[Suppressed]()
    for finding in findings:
        reason = selection.ignored(finding, workflow)
        if reason is None:
            kept.append(finding)
        else:
            suppressed.append(Suppressed(finding, reason, "configuration"))
    return kept, suppressed


def _by_directives(
    findings: Iterable[Finding], found: Sequence[Directive], facts: Facts, selection: Selection, whole: bool
) -> tuple[list[Finding], list[Suppressed]]:
    kept, suppressed = list[Finding](), list[Suppressed]()
    used: set[tuple[int, str]] = set()
    covering: dict[tuple[str, str], int] = {}
    for i, directive in enumerate(found):
        if directive.covers is not None:
            for name in directive.rules:
                covering.setdefault((format_pointer(directive.covers), name.rule), i)
    for finding in findings:
        covered_by = _outermost(finding, covering)
        if covered_by is None:
            kept.append(finding)
        else:
            used.add((covered_by, finding.rule))
            suppressed.append(Suppressed(finding, found[covered_by].reason or None, "directive"))
    by_code = {code: rule for rule in selection.rules for code in rule.parameters.get("codes", ())}
    for code, match in _about_directives(found, used, selection, whole):
        rule = by_code.get(code)
        if rule is not None:
            kept.append(_finding(rule, match, facts.workflow, selection, _concealer(facts)))
    kept.sort(key=_order)
    return kept, suppressed


def _outermost(finding: Finding, covering: Mapping[tuple[str, str], int]) -> int | None:
    """The directive for a finding's rule that covers the largest object around it: those further in are not needed."""
    pointer, outermost = finding.pointer, None
    while True:
        outermost = covering.get((pointer, finding.rule), outermost)
        if not pointer:
            return outermost
        pointer = pointer.rpartition("/")[0]


def _about_directives(
    found: Sequence[Directive], used: set[tuple[int, str]], selection: Selection, whole: bool
) -> Iterable[tuple[str, Match]]:
    selected = {rule.name for rule in selection.rules}
    for i, directive in enumerate(found):
        for name, span in directive.rules:
            values = {"rule": name}
            if name not in selection.known:
                near_name = near(name, sorted(selection.known))
                hint = f'did you mean "{near_name}"?' if near_name else None
                if name.startswith(MARK):
                    hint = "a directive is written asl-lint: ignore[rule] reason"
                yield "unknown-suppressed-rule", Match(directive.at, values, span=span, help=hint)
            elif whole and name in selected and (i, name) not in used:
                yield "unused-suppression", Match(directive.at, values, span=span)
        if not directive.rules:
            hint = "name the rules between the brackets: ignore[rule] reason"
            yield "unknown-suppressed-rule", Match(directive.at, {"rule": ""}, span=directive.span, help=hint)
        elif selection.reason_required and not directive.reason:
            names = ", ".join(name.rule for name in directive.rules)
            yield "suppression-without-reason", Match(directive.at, {"rule": names}, span=directive.span)
