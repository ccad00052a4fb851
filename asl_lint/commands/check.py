"""``asl-lint check``: its options. ``plain`` does without them where none is given."""

import click

from asl_lint.commands.check_run import Output, checked
from asl_lint.commands.run_options import run_options
from asl_lint.late import Any
from asl_lint.output import FORMATS


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format",
    "-f",
    "format",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help="How to print the findings.",
)
@click.option(
    "--output", "-o", "outputs", multiple=True, metavar="FORMAT=FILE", help="Also write them to a file, in a format; repeatable."
)
@run_options
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--write-baseline", metavar="FILE", help="Write the present findings to a baseline, and exit with 0.")
@click.option("--prune-baseline", is_flag=True, help="Take out of the baseline what occurs no more.")
@click.option("--no-ignores", is_flag=True, help="Also report what directives, configuration or baseline silence.")
@click.option("--stdin-filename", metavar="NAME", help="The name of what is read from standard input (-).")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead of listing them.")
@click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether to colour the text.",
)
@click.option(
    "--hyperlinks",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether places in the text lead to their files.",
)
@click.option("--show-files", is_flag=True, help="List the files that would be read, and do nothing else.")
@click.option("--verbose", "-v", is_flag=True, help="Also show what is silenced, and why.")
@click.option("--quiet", "-q", is_flag=True, help="Show errors only.")
def check(paths: tuple[str, ...], **options: Any) -> int:
    """Check the state machine definitions in files, folders and globs (- for standard input).

    In folders these are *.asl.json, *.asl.yaml and *.asl.yml, and any other JSON or YAML file whose top level has StartAt and
    States; and the templates that declare state machines. A file that is named is read whatever it is called. What .gitignore
    leaves out is left out. Without a path: the current folder.
    """  # fmt: skip
    outputs = [_output(specification) for specification in options["outputs"]]
    return checked(paths, options, outputs, lambda text: click.echo(text, nl=False, color=True))


def _output(specification: str) -> Output:
    name, equals, file = specification.partition("=")
    if not equals or not file or name not in FORMATS:
        from asl_lint.near import near

        near_name = near(name, FORMATS)
        hint = f'did you mean "{near_name}"?' if near_name and name not in FORMATS else f"the formats are {', '.join(FORMATS)}"
        raise click.UsageError(f'--output wants FORMAT=FILE, not "{specification}"; {hint}')
    return name, file
