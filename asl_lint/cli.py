"""The command line. Together with ``commands/`` the only place that prints, exits and shows progress.

Exit codes: 0 clean, 1 findings at or above ``--fail-on``, 2 misuse, unreadable input or an internal fault.
"""

import os
from collections.abc import Mapping
from importlib import import_module

import click

from asl_lint.ending import ReaderGoneError, end, exit_code
from asl_lint.late import Any, Final
from asl_lint.version import VERSION

COMMANDS: Final[Mapping[str, tuple[str, str]]] = {
    "check": ("asl_lint.commands.check:check", "Check the definitions in files, folders and globs."),
    "explain": ("asl_lint.commands.rules:explain", "Say what a rule wants, why, and how to mend it."),
    "explain-type": (
        "asl_lint.commands.explain_type:explain_type",
        "Say what is known of a value at a place, and where it comes from.",
    ),
    "rules": ("asl_lint.commands.rules:rules", "List the rules."),
    "report": ("asl_lint.commands.report:report", "Write the review of state machines: findings, bounds, permissions, changes."),
    "graph": ("asl_lint.commands.graph:graph", "Draw a state machine: as Mermaid, DOT or SVG."),
    "policy": ("asl_lint.commands.policy:policy", "Print the least IAM policy that lets a state machine run."),
    "budget": ("asl_lint.commands.budget:budget", "Print what an execution takes: history, time, transitions, price."),
    "test-rules": ("asl_lint.commands.rules:test_rules", "Run the examples of an organisation's own rules."),
    "schema": (
        "asl_lint.commands.schema:schema",
        "Print a JSON Schema: of the language, or of a file that asl-lint reads or writes.",
    ),
    "completion": ("asl_lint.commands.completion:completion", "Print the script that completes commands and options in a shell."),
}
"""Name -> where the command is, imported when it is called, and its line in the list of commands."""


class _Commands(click.Group):
    """A group that imports a command when it is called, and knows the others by their one line."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except BrokenPipeError as fault:
            raise ReaderGoneError from fault

    def list_commands(self, context: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name][0].partition(":")
        command: click.Command = getattr(import_module(module), attribute)
        return command

    def resolve_command(self, context: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name not in COMMANDS and not name.startswith("-"):
            from asl_lint.near import near

            near_name = near(name, COMMANDS)
            hint = f'did you mean "{near_name}"?' if near_name else "see asl-lint --help"
            if near_name is None and os.path.exists(name):  # noqa: PTH110
                hint = f"to check it: asl-lint check {name}"
            raise click.UsageError(f'there is no command "{name}"; {hint}', context)
        return super().resolve_command(context, args)

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 clean, 1 findings at or above --fail-on, 2 misuse, unreadable input or an internal fault.",
)
@click.version_option(VERSION, "-V", "--version", prog_name="asl-lint", message="%(prog)s %(version)s")
def commands() -> None:
    """A linter for Amazon States Language, the language of AWS Step Functions.

    asl-lint check . finds what the service would refuse, in JSON and YAML, JSONPath and JSONata.
    """


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its exit code; whatever goes wrong is told in words, never as a traceback."""
    end(lambda: _run(arguments))


def _run(arguments: list[str] | None) -> int:
    return exit_code(lambda: commands.main(arguments, standalone_mode=False))
