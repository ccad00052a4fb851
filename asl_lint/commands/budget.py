"""``asl-lint budget``: what an execution takes, and of what that is made."""

import click

from asl_lint.commands.machines import chosen, given_substitutions
from asl_lint.late import Any


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format", "-f", "format", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="Tables for people, or JSON.",
)  # fmt: skip
@click.option("--machine", metavar="ID", help="Only the state machine with this logical id, or from the file of this name.")
@click.option(
    "--machine-type", type=click.Choice(["STANDARD", "EXPRESS"], case_sensitive=False),
    help="The type of the machines, where no template says it.",
)  # fmt: skip
@click.option(
    "--substitutions", metavar="FILE", help="What the deployment fills in for ${Name}: a JSON or YAML file of names and values."
)
@click.option("--region", default="us-east-1", show_default=True, help="Whose price of a transition counts.")
@click.option("--root", metavar="DIR", help="The folder below which a template may name files.  [default: its repository]")
def budget(files: tuple[str, ...], **options: Any) -> int:
    """Print what an execution of the state machines in FILES takes: definitions, or templates that have them.

    History events, seconds, transitions and about what they cost, at least on the way to success and at most on any way with
    every Retry used up; the loops with their turns; and of what the most is made. What only a run knows is a symbol, or is told
    with the reason.
    """  # fmt: skip
    from asl_lint.commands.terminal import columns
    from asl_lint.machine_budgets import machine_budgets
    from asl_lint.output.budget_format import as_json, as_text

    substitutions, region = given_substitutions(options["substitutions"]), options["region"]
    every = (
        one for file in files for one in machine_budgets(file, substitutions, options["machine_type"], region, options["root"])
    )
    found, code = chosen(every, options["machine"], files)
    if found:
        click.echo(as_text(found, columns(), region) if options["format"] == "text" else as_json(found, region), nl=False)
    return code
