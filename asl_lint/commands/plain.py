"""``asl-lint check PATH…`` without an option, the most frequent command: without the parser of options, a fifth of its start."""

import os
import sys
from collections.abc import Mapping, Sequence

from asl_lint.ending import exit_code
from asl_lint.late import Any, Final

OPTIONS: Final[Mapping[str, Any]] = {
    "against": None,
    "baseline": None,
    "colour": "auto",
    "config_file": None,
    "exit_zero": False,
    "extend_select": (),
    "fail_on": None,
    "force_exclude": False,
    "format": "text",
    "hyperlinks": "auto",
    "ignore": (),
    "jobs": 0,
    "machine_type": None,
    "no_config": False,
    "no_ignores": False,
    "outputs": (),
    "progress": None,
    "prune_baseline": False,
    "quiet": False,
    "role": None,
    "root": None,
    "select": (),
    "show_files": False,
    "statistics": False,
    "stdin_filename": None,
    "substitutions": None,
    "verbose": False,
    "write_baseline": None,
}
"""What the options of ``check`` are where none is given."""


def is_plain(arguments: Sequence[str]) -> bool:
    """Whether a command line is such a check, and nothing else is asked of its parser: completion, or what a terminal needs."""
    return (
        os.name == "posix"
        and arguments[:1] == ["check"]
        and not any(argument.startswith("-") for argument in arguments)
        and not any(name.endswith("_COMPLETE") for name in os.environ)
        and sys.stdout is not None
        and sys.stdout.encoding.lower() == "utf-8"
    )


def check(paths: Sequence[str]) -> int:
    """The exit code of the check of these paths."""
    return exit_code(lambda: _check(paths))


def _check(paths: Sequence[str]) -> int:
    from asl_lint.commands.check_run import checked

    try:
        return checked(tuple(paths), dict(OPTIONS), [], _say)
    except KeyboardInterrupt:  # as the parser has it: the next word is on a line of its own
        import click

        click.echo(err=True)
        raise click.Abort from None


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
