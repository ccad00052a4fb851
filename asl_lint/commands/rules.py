"""``asl-lint rules``, ``explain`` and ``test-rules``: the catalogue, and an organisation's own rules put to the test."""

import os

import click

from asl_lint.catalog import CatalogError, load_own_rules, load_rules
from asl_lint.commands.terminal import columns
from asl_lint.config import ConfigError, Configurations
from asl_lint.late import Any

_OWN = click.option(
    "--rules", "own", multiple=True, metavar="PATH", help="Also these rules of your own: files or folders of YAML; repeatable."
)


def _own_and_configured(own: tuple[str, ...]) -> tuple[str, ...]:
    """The rules that the command line names, and those of the current folder's configuration."""
    try:
        configured = Configurations().of_folder(os.getcwd()).rules
    except ConfigError as fault:
        raise click.ClickException(str(fault)) from None
    named = {os.path.abspath(path) for path in own}  # noqa: PTH100
    return own + tuple(path for path in configured if path not in named)


@click.command()
@click.argument("rule")
@_OWN
def explain(rule: str, own: tuple[str, ...]) -> None:
    """Say what RULE wants, why it matters, how to mend it, and show an example."""
    from asl_lint.rule_docs import explain as explained

    try:
        click.echo(explained(rule, _own_and_configured(own), width=min(columns(), 100)), nl=False)
    except CatalogError as fault:
        raise click.ClickException(str(fault)) from None


@click.command()
@click.option("--format", "-f", "format", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@_OWN
def rules(format: str, own: tuple[str, ...]) -> None:
    """List the rules, by category."""
    from asl_lint.rule_docs import rules_json, rules_markdown, rules_text

    formats: dict[str, Any] = {"text": rules_text, "json": rules_json, "markdown": rules_markdown}
    try:
        click.echo(formats[format](load_rules(_own_and_configured(own))), nl=False)
    except CatalogError as fault:
        raise click.ClickException(str(fault)) from None


@click.command("test-rules")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--verbose", "-v", is_flag=True, help="Also list the examples that hold.")
def test_rules(paths: tuple[str, ...], verbose: bool) -> int:
    """Run the examples of the rules in files and folders: bad ones must be reported as they say, good ones not at all."""
    from asl_lint.rule_tests import run_examples

    try:
        own = load_own_rules(paths)
        results = list(run_examples(own))
    except CatalogError as fault:
        raise click.ClickException(str(fault)) from None
    failed = [result for result in results if result.problems]
    for result in results:
        if result.problems:
            click.echo(f"FAILED {result.title}")
            for problem in result.problems:
                click.echo(f"  {problem}")
        elif verbose:
            click.echo(f"ok     {result.title}")
    rules_said = f"{len(own)} rule{'' if len(own) == 1 else 's'}"
    click.echo(f"{rules_said}, {len(results)} examples, {len(failed)} failed")
    return 1 if failed else 0
