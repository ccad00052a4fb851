"""``asl-lint explain-type``: the type of a value at a place of a definition, and where it comes from."""

import click

from asl_lint.config import ConfigError, Configurations
from asl_lint.late import TYPE_CHECKING

if TYPE_CHECKING:
    from asl_lint.definitions import Definition


@click.command(name="explain-type")
@click.argument("file", metavar="FILE")
@click.argument("pointer", metavar="[POINTER]", default="")
@click.option("--variable", metavar="NAME", help="Of this variable, when the state is entered.")
@click.option("--expression", metavar="TEXT", help="Of this expression, as if it stood there.")
@click.option("--machine", metavar="ID", help="The state machine with this logical id, of a template with several.")
@click.option("--format", "-f", "format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--root", metavar="DIR", help="The folder below which a template may name files.  [default: its repository]")
def explain_type(
    file: str, pointer: str, variable: str | None, expression: str | None, machine: str | None, format: str, root: str | None
) -> int:
    """Print what is known of the value at POINTER in FILE, and where it comes from.

    POINTER is a JSON pointer (/States/Check/Choices/0/Condition) or the name of a state. Of a state it is the input, the
    variables, the result and the output; of a field what is evaluated in it; without POINTER the input of the execution.
    Types are written as in TypeScript; "any" is what nothing is known of, and ? marks members that may be missing.
    """
    from asl_lint.facts.machine_facts import Facts, Workflow
    from asl_lint.output.type_format import as_json, as_text
    from asl_lint.schemas.input_schema import declared_input
    from asl_lint.type_explanations import NotFoundError, explain_type

    found = _machine(file, machine, root)
    document = found.deployed
    try:
        schema, failures = declared_input(Configurations().of_file(found.path), found.path)
    except ConfigError as fault:
        raise click.ClickException(str(fault)) from None
    for failure in failures:
        click.echo(f"asl-lint: {failure.file}: {failure.message}", err=True)
    facts = Facts(Workflow(found.path, document, logical_id=found.name, input_schema=schema))
    conceal = str if facts.secrets is None else facts.secrets.conceal
    try:
        explained = explain_type(facts, pointer, variable, expression)
    except NotFoundError as fault:
        raise click.ClickException(f"{found.path}: {conceal(str(fault))}") from None
    click.echo(conceal((as_json if format == "json" else as_text)(explained, document, found.path)), nl=False)
    return 0


def _machine(file: str, name: str | None, root: str | None) -> "Definition":
    from asl_lint.definitions import Definition, definitions

    every = list(definitions(file, {}, root))
    found = [one for one in every if isinstance(one, Definition) and name in (None, one.name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(one.name for one in every if isinstance(one, Definition))
    if found:
        raise click.ClickException(f"{file} has several state machines; say which with --machine: {names}")
    failures = [one.message for one in every if not isinstance(one, Definition)]
    if name is not None and names:
        raise click.ClickException(f'{file} has no state machine "{name}"; there is {names}')
    raise click.ClickException(f"{file} {failures[0]}" if failures else f"{file} has no state machine")
