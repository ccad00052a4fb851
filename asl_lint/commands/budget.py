"""``asl-lint budget``: what an execution takes, and of what that is made."""

from typing import Any

import click

from asl_lint.config import ConfigError


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
    from asl_lint.config.substitutions import load_substitutions
    from asl_lint.facts.budget_table import MachineBudget
    from asl_lint.machine_budgets import machine_budgets
    from asl_lint.output.budget_format import as_json, as_text

    try:
        substitutions = load_substitutions(options["substitutions"]) if options["substitutions"] else {}
    except ConfigError as fault:
        raise click.ClickException(str(fault)) from None
    found: list[MachineBudget] = []
    has_failed = False
    for file in files:
        for one in machine_budgets(file, substitutions, options["machine_type"], options["region"], options["root"]):
            if not isinstance(one, MachineBudget):
                has_failed = True
                click.echo(f"asl-lint: {one.file}: {one.message}", err=True)
            elif options["machine"] in (None, one.name):
                found.append(one)
    if not found and not has_failed:
        raise click.ClickException(f'there is no state machine "{options["machine"]}" in {", ".join(files)}')
    if found:
        region = options["region"]
        is_text = options["format"] == "text"
        click.echo(as_text(found, columns(), region) if is_text else as_json(found, region), nl=False)
    return 2 if has_failed else 0
