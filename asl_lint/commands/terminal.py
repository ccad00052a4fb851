"""What the commands share of the terminal: colour, width, progress, standard input, files to write."""

import os
import sys
import time
from collections.abc import Iterable, Iterator

from asl_lint.commands.hyperlinks import wants_hyperlinks
from asl_lint.finding import Failure, Severity
from asl_lint.late import TYPE_CHECKING, Any, Final, TypeVar
from asl_lint.output import RuleDescription, Style
from asl_lint.version import VERSION

if TYPE_CHECKING:
    from typing import IO

Result = TypeVar("Result")

PATIENCE: Final = 1.0
"""Seconds after which a terminal is shown that work is going on."""
_WIDEST: Final = 140


def style_of(options: dict[str, Any], fail_on: Severity, *, to_file: bool = False) -> Style:
    """How a report is to look on standard output, or in a file."""
    return Style(
        colour=not to_file and _wants_colour(options["colour"], sys.stdout),
        hyperlinks=not to_file and wants_hyperlinks(options["hyperlinks"], os.environ, is_terminal=is_terminal(sys.stdout)),
        width=min(columns(), _WIDEST),
        verbose=options["verbose"],
        rules=_descriptions,
        version=VERSION,
        fail_on=fail_on,
    )


def is_terminal(stream: "IO[str] | None") -> bool:
    """Whether somebody looks at a stream; one that was closed before we began is None."""
    return stream is not None and stream.isatty()


def _wants_colour(choice: str, stream: "IO[str] | None") -> bool:
    """As https://no-color.org and its companions have it; an option says more than the environment."""
    if choice != "auto":
        return choice == "always"
    environment = os.environ
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in ("", "0") or environment.get("CLICOLOR_FORCE", "0") not in ("", "0"):
        return True
    return is_terminal(stream) and environment.get("TERM") != "dumb" and environment.get("CLICOLOR") != "0"


def columns() -> int:
    """The width of the terminal in cells, as COLUMNS or the terminal itself has it; 100 where nothing says."""
    try:
        return int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        pass
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or 100
    except (OSError, ValueError, AttributeError):  # no terminal, a stream that stands in for one, none at all
        return 100


def _descriptions() -> "dict[str, RuleDescription]":
    from asl_lint.rule_docs import descriptions

    return dict(descriptions())


def progress_of(options: dict[str, Any], results: Iterable[Result], total: int) -> Iterator[Result]:
    """The results as they come, and on a terminal a line that counts them once the run has lasted a while."""
    stream = sys.stderr
    if options["progress"] is False or not is_terminal(stream) or options["quiet"]:
        yield from results
        return
    started = time.monotonic()
    shown = 0.0
    for done, result in enumerate(results, 1):
        now = time.monotonic()
        if now - started > PATIENCE and now - shown > 0.1:
            shown = now
            stream.write(f"\r\x1b[Kchecking: {done} of {total} files")
            stream.flush()
        yield result
    if shown:
        stream.write("\r\x1b[K")
        stream.flush()


def standard_input(name: str) -> str | Failure:
    """What standard input holds, as text, or why it cannot be used."""
    from asl_lint.source.read import LARGEST_FILE, decode

    if sys.stdin is None or sys.stdin.closed:
        return Failure(name, "there is no standard input")
    content = sys.stdin.buffer.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        return Failure(
            name, f"is larger than {LARGEST_FILE // 1024 // 1024} MiB, and a definition has at most 1,048,576 characters"
        )
    return decode(name, content)


def write_file(file: str, chunks: Iterable[str]) -> None:
    """Write a file whole. Raises click's error where that fails."""
    try:
        with open(file, "w", encoding="utf-8", errors="backslashreplace", newline="") as stream:  # noqa: PTH123
            stream.writelines(chunks)
    except OSError as fault:
        import click

        raise click.ClickException(f"cannot write {file}: {fault.strerror}") from None
