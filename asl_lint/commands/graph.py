"""``asl-lint graph``: the drawing of a state machine."""

import click

from asl_lint.commands.terminal import write_file
from asl_lint.config import Config, Configurations
from asl_lint.late import TYPE_CHECKING, Any
from asl_lint.report.drawing import FORMATS, Drawing, draw

if TYPE_CHECKING:
    from asl_lint.engine import Outcome, Selection
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.finding import Description


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "-f", "format", type=click.Choice(list(FORMATS)), help="How to draw.  [default: by FILE, else mermaid]")
@click.option("--output", "-o", metavar="FILE", help="Where to write it.  [default: standard output]")
@click.option("--machine", metavar="ID", help="Only the state machine with this logical id, or of the file of this name.")
@click.option("--root", metavar="DIR", help="The folder below which a template may name files.  [default: its repository]")
def graph(paths: tuple[str, ...], **options: Any) -> int:
    """Draw the state machines in files, folders and globs: definitions, or templates that have them.

    Scopes are boxes, the arrows of Catchers dashed. Of several machines Mermaid and DOT print one drawing after the other; an
    SVG holds one: --machine says which.
    """
    from asl_lint.run import plan_paths

    configurations = Configurations(Config(select=()))  # no rule: broken definitions are drawn as far as they can be read
    plan = plan_paths(paths, configurations, root=options["root"], describe=_graph)
    found = plan.report(plan.results())
    for failure in found.errors:
        click.echo(f"asl-lint: {failure.file}: {failure.message}", err=True)
    for one in found.unresolved:
        click.echo(f"asl-lint: {one.file}: {one.machine}: {one.reason}", err=True)
    chosen = [said for said in found.descriptions if options["machine"] in (None, said.machine, _stem(said.file))]
    if not chosen:
        if found.descriptions:
            names = ", ".join(dict.fromkeys(one.machine or _stem(one.file) for one in found.descriptions))
            raise click.ClickException(f'there is no state machine "{options["machine"]}"; there are {names}')
        return 2
    text = _drawn(chosen, options["format"] or _format_of(options["output"]))
    if options["output"]:
        write_file(options["output"], [text])
    else:
        click.echo(text, nl=False)
    return 2 if found.errors else 0


def _graph(facts: "Facts", outcome: "Outcome", selection: "Selection") -> dict[str, Any]:
    """The graph of a machine, in whichever process it is read."""
    from asl_lint.report.graph import graph
    from asl_lint.report.secrecy import without_secrets

    return without_secrets(graph(facts), facts)


def _drawn(machines: "list[Description]", format: str) -> str:
    if format == "svg" and len(machines) > 1:
        names = ", ".join(one.machine or _stem(one.file) for one in machines)
        raise click.UsageError(f"an SVG holds one drawing; choose one by --machine: {names}")
    drawings = []
    for one in machines:
        assert isinstance(one.said, dict)
        title = one.file if one.machine is None else f"{one.file}: {one.machine}"
        drawings.append(draw(format, Drawing(title, one.said)))
    return "\n".join(drawings)


def _format_of(file: str | None) -> str:
    name = (file or "").lower()
    return "svg" if name.endswith(".svg") else "dot" if name.endswith((".dot", ".gv")) else "mermaid"


def _stem(file: str) -> str:
    return file.replace("\\", "/").rpartition("/")[2].partition(".")[0] or file
