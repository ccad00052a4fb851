"""Runs the examples of rules: a bad one must give exactly what it expects, a good one nothing of its rule.

Every example runs with all shipped rules, so that directives and the like mean what they mean in a real run. Judged are the
findings of the example's own rule, and what no example may have: anything that AWS would refuse. About 1 ms an example.
"""

from collections.abc import Callable, Iterator, Sequence

from asl_lint.catalog.pack import shipped_rules
from asl_lint.catalog.rule import Example, Expectation, Rule, WholeRule
from asl_lint.engine import Outcome, Selection, check, check_deployment
from asl_lint.facts.machine_facts import NestedMachine, Workflow
from asl_lint.finding import Failure, Finding
from asl_lint.late import Final, NamedTuple
from asl_lint.source.document import Document
from asl_lint.source.text import Text

_CONFORMANCE: Final = "conformance"


class ExampleResult(NamedTuple):
    """What became of one example: ``number`` counts from 1 within its verdict; no ``problems`` means that it holds."""

    rule: Rule
    example: Example
    number: int
    problems: tuple[str, ...]

    @property
    def title(self) -> str:
        """``lock-not-released: bad example 2 (line 31)``."""
        return f"{self.rule.name}: {self.example.verdict} example {self.number} (line {self.example.line})"


def run_examples(rules: Sequence[WholeRule], selection: Selection | None = None) -> Iterator[ExampleResult]:
    """The result of every example of the rules, in order. ``rules`` are an organisation's own, or shipped ones.

    They are run among the rules of the selection: all shipped ones and these, where none is given.
    Raises CatalogError where the shipped rules cannot be read.
    """
    if selection is None:
        selection = select_all(rules)
    for whole in rules:
        counts = {"bad": 0, "good": 0}
        for example in whole.prose.examples:
            counts[example.verdict] += 1
            outcome, document = run_example(example, selection)
            problems = tuple(_problems(whole.rule, example, outcome, document))
            yield ExampleResult(whole.rule, example, counts[example.verdict], problems)


def run_example(example: Example, selection: Selection) -> tuple[Outcome, Document]:
    """What a selection of rules says of one example."""
    if example.is_template:
        return _run_template(example, selection)
    text = Text(example.text)
    if example.format == "yaml":
        from asl_lint.source.yaml_text import read_yaml

        document = read_yaml(text)
    else:
        from asl_lint.source.json_text import read_json

        document = read_json(text)
    substitutions = example.substitutions
    if substitutions is not None:
        from asl_lint.source.substitution import fill

        document = fill(document, substitutions)
    role = None
    if example.role is not None:
        from asl_lint.aws.policy_document import Policies, read_document
        from asl_lint.facts.given_role import GivenRole

        role = GivenRole(Policies(read_document(example.role)))
    workflow = Workflow(
        file_name(example),
        document,
        example.machine_type,
        substitutions=substitutions,
        declared=dict.fromkeys(substitutions or ()),
        role=role,
        nested=_nested(example),
    )
    return check(workflow, selection), document


def _run_template(example: Example, selection: Selection) -> tuple[Outcome, Document]:
    """What the rules about deployment say of the machines of a template."""
    from asl_lint.source.yaml_text import read_yaml
    from asl_lint.templates import read_template

    name = file_name(example)
    template = read_template(example.text, name, "")
    found = [one.settings() for one in template.machines() if one.settings is not None] if template is not None else []
    outcomes = [
        check_deployment(Workflow(name, one.document, one.machine_type, one.name, settings=one), selection) for one in found
    ]
    findings = sorted((one for outcome in outcomes for one in outcome.findings), key=lambda one: one.span.start.offset)
    failures = tuple(one for outcome in outcomes for one in outcome.failures)
    if not found:
        failures = (Failure(name, "the template declares no state machine"),)
    return Outcome(tuple(findings), failures=failures), found[0].document if found else read_yaml(Text(example.text))


def _nested(example: Example) -> Callable[[str], NestedMachine | None] | None:
    """What the example says of the machines that its template deploys."""
    seconds = example.nested
    if seconds is None:
        return None
    return lambda arn: NestedMachine(f'"{arn}"', seconds[arn]) if arn in seconds else None


def file_name(example: Example) -> str:
    """The name under which an example is checked."""
    return "template.yaml" if example.is_template else f"example.asl.{example.format}"


def select_all(rules: Sequence[WholeRule]) -> Selection:
    """All shipped rules and these."""
    selected = {rule.name: rule for rule in shipped_rules()} | {whole.rule.name: whole.rule for whole in rules}
    return Selection(tuple(selected.values()), frozenset(selected))


def _problems(rule: Rule, example: Example, outcome: Outcome, document: Document) -> Iterator[str]:
    for failure in outcome.failures:
        yield f"{failure.rule} crashed: {failure.message}" if failure.rule else failure.message
    for missing in outcome.not_evaluated:
        if missing.rule == rule.name:
            yield f"{rule.name} needs {missing.needs}, which an example does not have"
    own = [finding for finding in outcome.findings if finding.rule == rule.name]
    yield from _unexpected(list(example.expect), own, document)
    others = {finding.rule for finding in outcome.findings} - {rule.name}
    for finding in outcome.findings:
        refused = finding.category == _CONFORMANCE and finding.severity == "error"
        if refused and finding.rule in others and finding.rule not in example.also:
            yield f"AWS would refuse this: {_told(finding, document)} [{finding.rule}]; mend it, or name the rule in also"
    for name in example.also:
        if name not in others:
            yield f'also names "{name}", which reports nothing here'


def _unexpected(expected: list[Expectation], found: list[Finding], document: Document) -> Iterator[str]:
    """Expectations without a finding and findings without an expectation, each told once."""
    left = list(found)
    open_: list[Expectation] = []
    for expectation in expected:
        match = next((finding for finding in left if not list(_differences(expectation, finding, document))), None)
        if match is None:
            open_.append(expectation)
        else:
            left.remove(match)
    for expectation in open_:
        near = next((finding for finding in left if finding.pointer == expectation.at), None)
        if near is not None:
            left.remove(near)
            yield f"at {_at(expectation.at)}: " + "; ".join(_differences(expectation, near, document))
        elif left:
            other = left.pop(0)
            yield f"expected a finding at {_at(expectation.at)}, got {_told(other, document)}"
        else:
            yield f"expected a finding at {_at(expectation.at)}, got none"
    for finding in left:
        yield f"expected nothing more, got {_told(finding, document)}"


def _differences(expectation: Expectation, finding: Finding, document: Document) -> Iterator[str]:
    covered = _covered(finding, document)
    if finding.pointer != expectation.at:
        yield f"expected a finding at {_at(expectation.at)}, got one at {_at(finding.pointer)}"
    if expectation.quote is not None and covered != expectation.quote:
        yield f"expected the span to cover {expectation.quote!r}, got {covered!r}"
    if expectation.message is not None and finding.message != expectation.message:
        yield f"expected the message {expectation.message!r}, got {finding.message!r}"
    if expectation.severity is not None and finding.severity != expectation.severity:
        yield f"expected the severity {expectation.severity}, got {finding.severity}"


def _covered(finding: Finding, document: Document) -> str:
    text = document.text.content[finding.span.start.offset : finding.span.end.offset]
    return text if len(text) <= 200 else text[:199] + "…"


def _told(finding: Finding, document: Document) -> str:
    return f"{finding.severity} at {_at(finding.pointer)} ({_covered(finding, document)!r}): {finding.message}"


def _at(pointer: str) -> str:
    return pointer or "the top"
