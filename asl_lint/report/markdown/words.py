"""Numbers and names of a review in words: bounds, times, the way to a state."""

from collections.abc import Callable, Sequence

from asl_lint.aws.prices import dollars
from asl_lint.finding import SEVERITIES
from asl_lint.late import Any
from asl_lint.output.summary import counted
from asl_lint.report.markdown.text import code

Show = Callable[[float], str]


def name(machine: dict[str, Any]) -> str:
    """What a machine is called: its file, and its logical id where it is in a template."""
    return str(machine["file"]) if machine["machine"] is None else f"{machine['file']}: {machine['machine']}"


def way(pointer: str) -> str:
    """The names of the states on the way to one: ``Map / Inner``."""
    names = [part.partition("/")[0] for part in pointer.split("/States/")[1:]]
    return " / ".join(name.replace("~1", "/").replace("~0", "~") for name in names)


def counts(findings: Sequence[dict[str, Any]]) -> str:
    """``1 error, 2 warnings (1 new)``; empty for no findings."""
    numbers = {severity: sum(one["severity"] == severity for one in findings) for severity in SEVERITIES}
    words = [counted(number, word, "info" if word == "info" else None) for word, number in numbers.items() if number]
    new = sum(one["status"] == "new" for one in findings)
    return ", ".join(words) + (f" ({new} new)" if new else "")


def most(bound: dict[str, Any] | None, show: Show) -> str:
    """The greatest value of a bound, or the formula that says it."""
    if bound is None:
        return "?"
    if bound["max"] is not None:
        return show(bound["max"])
    return bound["formula"] if bound["formula"] in ("∞", "?") else code(bound["formula"], in_table=True)


def number(value: float) -> str:
    """``12,345``."""
    return f"{value:,.10g}"


def money(amount: float) -> str:
    """About: ``$0.0012``, ``$12.35``."""
    return f"${dollars(amount)}"


def time(seconds: float) -> str:
    """``1 h 5 min``, ``90 s`` as ``1 min 30 s``."""
    days, rest = divmod(round(seconds), 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (left, "s")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"
