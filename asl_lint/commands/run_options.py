"""The options that the commands which make a run have in common."""

from collections.abc import Callable

import click

from asl_lint.finding import SEVERITIES
from asl_lint.late import Any, Final, TypeVar

Command = TypeVar("Command", bound=Callable[..., Any])

_OPTIONS: Final[tuple[Callable[[Any], Any], ...]] = (
    click.option("--select", metavar="RULES", multiple=True, help="Only these rules or categories (commas between), or ALL."),
    click.option("--extend-select", metavar="RULES", multiple=True, help="These rules or categories as well."),
    click.option("--ignore", metavar="RULES", multiple=True, help="Not these rules or categories."),
    click.option(
        "--fail-on",
        type=click.Choice((*SEVERITIES, "new")),
        help="The least severity that gives exit code 1; new: whatever --against does not know.",
    ),
    click.option(
        "--against", metavar="REV|DIR", help="Compare with a revision of git, or with the same files in another folder."
    ),
    click.option(
        "--machine-type",
        type=click.Choice(["standard", "express"], case_sensitive=False),
        help="The type of the state machines, where it is known.",
    ),
    click.option(
        "--substitutions",
        metavar="FILE",
        help="What the deployment fills in for ${Name}: a JSON or YAML file of names and values.",
    ),
    click.option(
        "--role", metavar="FILE", help="The policies of the state machines' role, for the rules of permissions: JSON or YAML."
    ),
    click.option(
        "--config", "config_file", metavar="FILE", help="This configuration for all files, instead of each one's nearest."
    ),
    click.option("--no-config", is_flag=True, help="No configuration file at all."),
    click.option("--baseline", metavar="FILE", help="Report only what this file does not have."),
    click.option(
        "--jobs",
        "-j",
        type=click.IntRange(min=0),
        metavar="N",
        default=0,
        help="Processes to use; 0 decides by the work that there is.  [default: 0]",
    ),
    click.option("--root", metavar="DIR", help="Show paths relative to this folder."),
    click.option("--force-exclude", is_flag=True, help="Leave out excluded files even if they are named."),
    click.option(
        "--progress/--no-progress", default=None, help="Whether to show progress, on a terminal, in runs of over a second."
    ),
)


def run_options(command: Command) -> Command:
    """Gives a command the options of a run, in their order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
