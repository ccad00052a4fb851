"""A rule as data: what a run needs of it, what people read of it, and the text of its message.

Values only; nothing here reads a file. ``fill`` costs about 1 µs.
"""

from collections.abc import Mapping

from asl_lint.finding import Confidence, Severity
from asl_lint.late import Any, Final, Literal, NamedTuple, Pattern

_PLACEHOLDER: Final = Pattern(r"\{([a-z][a-z0-9_]*)\}")


class CatalogError(Exception):
    """A rule that cannot be used, and why. ``file`` and ``line`` (from 1) say where, as far as that is known."""

    def __init__(self, problem: str, file: str | None = None, line: int | None = None) -> None:
        self.problem = problem
        self.file = file
        self.line = line
        place = "" if file is None else f"{file}: " if line is None else f"{file}:{line}: "
        super().__init__(place + problem)


class Rule(NamedTuple):
    """What a run needs of a rule.

    ``kind`` and ``parameters`` are its property; ``enabled`` says whether the default set has it, ``preview`` that it is still
    being proven; ``files`` are globs of the files for which it is meant (none: all); ``path`` is the YAML file of an
    organisation's own rule, None for a shipped one.
    """

    name: str
    category: str
    summary: str
    severity: Severity
    confidence: Confidence
    since: str
    message: str
    kind: str
    parameters: Mapping[str, Any]
    enabled: bool = True
    url: str | None = None
    preview: bool = False
    files: tuple[str, ...] = ()
    path: str | None = None


class Expectation(NamedTuple):
    """A finding that a bad example must give: where, and what its span, message and severity must be (None: anything)."""

    at: str
    quote: str | None = None
    message: str | None = None
    severity: Severity | None = None


class Example(NamedTuple):
    """A definition that a rule must report (``expect``), or must not (``expect`` is empty).

    ``text`` is the definition as it is checked, ``shown`` as people see it: the same but for long repetitions. ``also`` names
    other rules that report it too; ``substitutions`` are what its deployment fills in; ``role`` is the policy document of its
    role; ``nested`` how many seconds the machines that the same template deploys can run, by their ARN; ``line`` is where the
    example stands in the rule's file. ``is_template``: it is a template that declares a machine.
    """

    verdict: Literal["bad", "good"]
    text: str
    format: Literal["json", "yaml"]
    shown: str
    expect: tuple[Expectation, ...] = ()
    also: tuple[str, ...] = ()
    machine_type: Literal["STANDARD", "EXPRESS"] | None = None
    substitutions: Mapping[str, object] | None = None
    role: Mapping[str, object] | None = None
    nested: Mapping[str, float] | None = None
    note: str | None = None
    line: int = 1
    is_template: bool = False


class Explanation(NamedTuple):
    """Why a rule matters, how to mend what it reports, and where that is written."""

    why: str
    fix: str
    references: tuple[str, ...]


class RuleProse(NamedTuple):
    """What people read of a rule, and its examples, the bad ones first."""

    why: str
    fix: str
    references: tuple[str, ...]
    examples: tuple[Example, ...]


class WholeRule(NamedTuple):
    """A rule with its prose, as its YAML file has it."""

    rule: Rule
    prose: RuleProse


def placeholders(message: str) -> tuple[str, ...]:
    """The names that a message takes from its property, in order, each once."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(message)))


def fill(message: str, values: Mapping[str, str]) -> str:
    """The message with each ``{name}`` replaced by its value.

    Nothing but ``{name}`` means anything: no format specification, no attribute, no escape; other braces stay as they are, and
    so do braces inside values. Raises KeyError for a name without a value.
    """
    return _PLACEHOLDER.sub(lambda found: values[found[1]], message)
