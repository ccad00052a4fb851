"""``asl-lint schema``: the JSON Schemas that editors and other tools can use."""

from pathlib import Path

import click

_SCHEMAS = Path(__file__).parent.parent / "schemas"


@click.command()
@click.option("--config", "which", flag_value="config", help="Of asl-lint.toml and [tool.asl-lint].")
@click.option("--rules", "which", flag_value="rule", help="Of a rule's YAML file.")
@click.option("--output", "which", flag_value="output", help="Of what check --format json prints.")
@click.option("--report", "which", flag_value="report", help="Of what report --format json writes.")
@click.option("--facts", "which", flag_value="view", help="Of what rules of kind jsonata see of a state.")
def schema(which: str | None) -> None:
    """Print the JSON Schema (2020-12) of Amazon States Language, for editors; or another one."""
    click.echo((_SCHEMAS / f"{which or 'asl'}.schema.json").read_text(encoding="utf-8"), nl=False)
