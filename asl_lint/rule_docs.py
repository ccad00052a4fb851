"""The catalogue for readers: one rule explained, all rules listed, a page a rule; as text, JSON or Markdown.

Prose and examples come from the rules' YAML (about 3 ms a rule), so this is for commands that people wait for, not for ``check``.
"""

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from asl_lint.catalog import load_explanations, load_prose, load_rules
from asl_lint.catalog.rule import CatalogError, Example, Rule, WholeRule
from asl_lint.engine import Selection
from asl_lint.finding import Report
from asl_lint.late import Final
from asl_lint.near import near
from asl_lint.output.style import RuleDescription, Style
from asl_lint.output.text_format import render
from asl_lint.rule_tests import file_name, run_example, select_all
from asl_lint.version import VERSION

CATEGORIES: Final[Mapping[str, str]] = {
    "conformance": "AWS refuses to create or update such a state machine.",
    "run-time": "AWS accepts it, and a run that gets there fails.",
    "calls": "What a Task calls at AWS does not exist, or does not take such arguments.",
    "variables": "What Assign sets and expressions read.",
    "types": "What types show: members that there are not, comparisons that never hold, statuses that are forgotten.",
    "flow": "Where control can go: loops and polls, their bounds and their ends.",
    "locks": "Items that an execution takes for itself, and gives back.",
    "reliability": "It works until something outside fails: retries, time-outs, Catchers, starts that are made twice.",
    "permissions": "The role of the state machine against what its calls need, where the role is known.",
    "security": "Secrets in a definition, and targets, rights and starts that somebody else can choose or repeat.",
    "deployment": "How a template deploys the state machine: logging, tracing, encryption, who can start it and take its role.",
    "suspicious": "AWS accepts it, and it is hardly what was meant.",
    "style": "It works; there is a better way to write it.",
    "suppression": "Directives that silence rules.",
}
"""The shipped categories in the order in which they are shown, and what each means."""

_PAGE_WIDTH: Final = 100
_ANALYSES: Final[Mapping[str, tuple[str, str]]] = {
    "calls": ("Calls and permissions", "permissions"),
    "variables": ("Variables", "variables"),
    "types": ("Types", "types"),
    "flow": ("Loops", "loops"),
    "locks": ("Locks", "locks"),
    "reliability": ("Graph and paths", "paths"),
    "permissions": ("Calls and permissions", "permissions"),
    "deployment": ("Templates", "templates"),
}
"""Category -> the page that tells how such faults are found, where one does."""


# --- one rule ---------------------------------------------------------------------------------------------------------------


def find_rule(name: str, rules: Sequence[Rule]) -> Rule:
    """The rule of that name. Raises CatalogError, with the near name, where there is none."""
    for rule in rules:
        if rule.name == name:
            return rule
    nearest = near(name, [rule.name for rule in rules])
    hint = f'did you mean "{nearest}"?' if nearest else "asl-lint rules lists them all"
    raise CatalogError(f'there is no rule "{name}"; {hint}')


def explain(name: str, extra: Sequence[str] = (), width: int = 80) -> str:
    """What a rule says, why, how to mend it, and an example with what is reported, as text for a terminal.

    Raises CatalogError where there is no such rule.
    """
    whole = _whole(find_rule(name, load_rules(extra)))
    rule, prose = whole
    lines = [f"{rule.name}: {rule.summary}", "", _standing(rule), ""]
    lines += _wrapped("Why", prose.why, width) + _wrapped("How to mend it", prose.fix, width)
    bad, good = (next(e for e in prose.examples if e.verdict == verdict) for verdict in ("bad", "good"))
    lines += [_titled("Reported", bad), "", textwrap.indent(bad.shown.rstrip("\n"), "    "), ""]
    lines += [textwrap.indent(rendered(whole, bad, select_all([whole]), width - 4), "    "), ""]
    lines += [_titled("Not reported", good), "", textwrap.indent(good.shown.rstrip("\n"), "    "), ""]
    if prose.references:
        lines += ["References", "", *(f"    {reference}" for reference in prose.references), ""]
    return "\n".join(lines)


def rendered(whole: WholeRule, example: Example, selection: Selection, width: int = _PAGE_WIDTH) -> str:
    """What the text format prints for an example: of what the selected rules find the rule's own, without the summary."""
    outcome, document = run_example(example, selection)
    name = file_name(example)
    findings = tuple(finding for finding in outcome.findings if finding.rule == whole.rule.name)
    report = Report((name,), findings, sources={name: document.text.content})
    style = Style(False, False, width, False, dict, VERSION, "warning")
    return "".join(list(render(report, style))[:-1]).rstrip("\n")


def _whole(rule: Rule) -> WholeRule:
    return WholeRule(rule, load_prose(rule))


def _standing(rule: Rule) -> str:
    standing = f"{rule.severity}, {rule.category}, confidence {rule.confidence}"
    if rule.since:
        standing += f", since {rule.since}"
    if rule.preview:
        return standing + "; a preview, off by default"
    return standing if rule.enabled else standing + "; off by default"


def _titled(title: str, example: Example) -> str:
    note = f": {example.note}" if example.note else ""
    machine = f" (in a machine of type {example.machine_type})" if example.machine_type else ""
    given = ", ".join(f"{name} = {value}" for name, value in (example.substitutions or {}).items())
    return title + note + machine + (f" (deployed with {given})" if given else "")


def _wrapped(title: str, prose: str, width: int) -> list[str]:
    paragraphs = [" ".join(paragraph.split()) for paragraph in prose.split("\n\n")]
    texts = [
        textwrap.fill(
            text, width, initial_indent="    ", subsequent_indent="    ", break_on_hyphens=False, break_long_words=False
        )
        for text in paragraphs
    ]
    return [title, "", "\n\n".join(texts), ""]


# --- all rules --------------------------------------------------------------------------------------------------------------


def rules_text(rules: Sequence[Rule]) -> str:
    """A line a rule, by category."""
    lines: list[str] = []
    longest = max((len(rule.name) for rule in rules), default=0)
    for category, members in by_category(rules).items():
        said = CATEGORIES.get(category)
        lines += [f"{category}: {said}" if said else category, ""]
        for rule in members:
            aside = " (preview)" if rule.preview else "" if rule.enabled else " (off by default)"
            lines.append(f"  {rule.name:<{longest}}  {rule.severity:<7}  {rule.summary}{aside}")
        lines.append("")
    return "\n".join(lines)


def rules_json(rules: Sequence[Rule]) -> str:
    """All that a rule is, prose included and examples left out; an array in the order of the rules."""
    listed = []
    shipped = load_explanations()
    for rule in rules:
        prose = shipped[rule.name] if rule.path is None else load_prose(rule)
        listed.append(
            {
                "name": rule.name,
                "category": rule.category,
                "summary": rule.summary,
                "severity": rule.severity,
                "confidence": rule.confidence,
                "since": rule.since or None,
                "enabled": rule.enabled,
                "preview": rule.preview,
                "message": rule.message,
                "why": prose.why,
                "fix": prose.fix,
                "references": list(prose.references),
                "property": {"kind": rule.kind, **rule.parameters},
                "url": rule.url,
            }
        )
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def rules_markdown(rules: Sequence[Rule], linked: bool = False) -> str:
    """A table a category; ``linked`` makes each name a link to the rule's page beside it."""
    lines: list[str] = []
    for category, members in by_category(rules).items():
        lines += [f"## {category}", ""]
        if category in CATEGORIES:
            lines += [CATEGORIES[category], ""]
        lines += ["| rule | severity | what it reports |", "|---|---|---|"]
        for rule in members:
            name = f"[`{rule.name}`]({rule.name}.md)" if linked else f"`{rule.name}`"
            aside = " (preview, off by default)" if rule.preview else "" if rule.enabled else " (off by default)"
            lines.append(f"| {name} | {rule.severity} | {_cell(rule.summary)}{aside} |")
        lines.append("")
    return "\n".join(lines)


def by_category(rules: Sequence[Rule]) -> dict[str, list[Rule]]:
    """The rules of each category: the shipped categories first, in their order, then an organisation's by name."""
    names = dict.fromkeys(rule.category for rule in rules)
    order = [name for name in CATEGORIES if name in names] + sorted(name for name in names if name not in CATEGORIES)
    return {name: [rule for rule in rules if rule.category == name] for name in order}


def descriptions(extra: Sequence[str] = ()) -> Mapping[str, RuleDescription]:
    """Every rule in prose, by name, for formats that carry the catalogue. Raises CatalogError."""
    described: dict[str, RuleDescription] = {}
    explanations = load_explanations(extra)
    for rule in load_rules(extra):
        prose = explanations[rule.name]
        described[rule.name] = RuleDescription(
            name=rule.name,
            category=rule.category,
            summary=rule.summary,
            severity=rule.severity,
            why=" ".join(prose.why.split()),
            fix=" ".join(prose.fix.split()),
            references=prose.references,
            url=rule.url,
        )
    return described


# --- pages ------------------------------------------------------------------------------------------------------------------


def pages(rules: Sequence[WholeRule]) -> Iterator[tuple[str, str]]:
    """File name and Markdown of each page: the index, then a page a rule."""
    index = rules_markdown([whole.rule for whole in rules], linked=True)
    yield "README.md", f"<!-- generated from rules/ by scripts/generate_rule_docs.py -->\n\n# Rules\n\n{index.rstrip()}\n"
    selection = select_all(rules)
    for whole in rules:
        yield f"{whole.rule.name}.md", page(whole, selection)


def page(whole: WholeRule, selection: Selection) -> str:
    """The Markdown page of one rule, with every example and what the linter prints for it among the selected rules."""
    rule, prose = whole
    lines = ["<!-- generated from rules/ by scripts/generate_rule_docs.py -->", "", f"# {rule.name}", "", f"{rule.summary}.", ""]
    lines += [f"*{_standing(rule)}*", "", "## Why", "", prose.why, "", "## How to mend it", "", prose.fix, "", "## Reported", ""]
    for example in prose.examples:
        if example.verdict == "bad":
            lines += [*_shown(example), "```text", rendered(whole, example, selection), "```", ""]
    lines += ["## Not reported", ""]
    for example in prose.examples:
        if example.verdict == "good":
            lines += _shown(example)
    lines += ["## How it is found", "", *_property(rule)]
    if prose.references:
        lines += ["## References", "", *(f"- <{reference}>" for reference in prose.references), ""]
    return "\n".join(lines).rstrip() + "\n"


def _property(rule: Rule) -> list[str]:
    """What the rule demands, as a rule of one's own would write it, and where the analysis is described."""
    from yaml import safe_dump

    kind = f"[`{rule.kind}`](../property-kinds.md#{rule.kind.replace('@', '')})"
    written = safe_dump(
        {"property": {"kind": rule.kind, **rule.parameters}}, sort_keys=False, allow_unicode=True, width=_PAGE_WIDTH
    )
    title, page = _ANALYSES.get(rule.category, ("How it works", "index"))
    known = f"How that is found out, and what cannot be known: [{title}](../analyses/{page}.md)."
    return [f"It is a rule of the kind {kind}:", "", "```yaml", written.rstrip("\n"), "```", "", known, ""]


def _shown(example: Example) -> list[str]:
    title = _titled("", example).removeprefix(": ").strip()
    heading = [title if title.endswith(("?", ".", "!")) else title + ":", ""] if title else []
    return [*heading, f"```{example.format}", example.shown.rstrip("\n"), "```", ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
