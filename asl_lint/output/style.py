"""How a report is to look, and what a format may ask of the catalogue: the second argument of every ``render``."""

from collections.abc import Callable, Mapping

from asl_lint.finding import Severity
from asl_lint.late import NamedTuple


class RuleDescription(NamedTuple):
    """A rule in prose: what it says (``summary``), why that matters, how to mend it, where that is written, and its page."""

    name: str
    category: str
    summary: str
    severity: Severity
    why: str
    fix: str
    references: tuple[str, ...] = ()
    url: str | None = None


class Style(NamedTuple):
    """``width`` counts terminal cells. ``rules`` reads the catalogue's prose when a format calls it; most never do.

    ``fail_on`` is the least severity that fails the run; ``version`` the linter's own.
    """

    colour: bool
    hyperlinks: bool
    width: int
    verbose: bool
    rules: Callable[[], Mapping[str, RuleDescription]]
    version: str
    fail_on: Severity
