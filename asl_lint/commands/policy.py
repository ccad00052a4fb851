"""``asl-lint policy``: the least IAM policy that lets a state machine run."""

from collections.abc import Iterator

import click

from asl_lint.commands.machines import chosen, given_substitutions
from asl_lint.commands.terminal import standard_input
from asl_lint.late import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asl_lint.machine_policies import MachinePolicy
    from asl_lint.source.failure import Failure

_PSEUDO = {"partition": "AWS::Partition", "region": "AWS::Region", "account": "AWS::AccountId"}


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format", "-f", "format", type=click.Choice(["json", "sam", "terraform"]), default="json", show_default=True,
    help="A policy document, the Policies of a SAM state machine, or aws_iam_policy_document.",
)  # fmt: skip
@click.option("--machine", metavar="ID", help="Only the state machine with this logical id, or from the file of this name.")
@click.option(
    "--substitutions", metavar="FILE", help="What the deployment fills in for ${Name}: a JSON or YAML file of names and values."
)
@click.option("--name", metavar="NAME", help="The name of the state machine, for what it does to itself.")
@click.option("--logging", is_flag=True, help="It logs to CloudWatch (a template says so itself).")
@click.option("--tracing", is_flag=True, help="It is traced with X-Ray (a template says so itself).")
@click.option("--kms-key", metavar="ARN", help="The customer's key that encrypts it.")
@click.option("--partition", default="aws", show_default=True, help="In JSON.")
@click.option("--region", default="*", show_default=True, help="In JSON.")
@click.option("--account", default="*", show_default=True, help="In JSON.")
@click.option("--root", metavar="DIR", help="The folder below which a template may name files.  [default: its repository]")
@click.option("--stdin-filename", metavar="NAME", help="The name of what is read from standard input (-).")
def policy(files: tuple[str, ...], **options: Any) -> int:
    """Print the least IAM policy that lets the state machines in FILES run: definitions, or templates that have them (- for
    standard input).

    Statements go by tier, which their Sids tell: Start and PassRole (a call fails without them), Poll (.sync waits in vain),
    Cancel (the job runs on), Events (its end is noticed late), Conditional, Logging, Tracing, Encryption. What is not known is
    said on standard error, and is * in JSON.
    """  # fmt: skip
    from asl_lint.facts.permissions import Deployment
    from asl_lint.machine_policies import machine_policies
    from asl_lint.source.read import read_source

    if "-" in files and len(files) > 1:
        raise click.UsageError("- (standard input) cannot stand beside other files")
    substitutions = given_substitutions(options["substitutions"])
    default = Deployment()
    deployment = Deployment(options["name"] or default.name, options["logging"], options["tracing"], options["kms_key"])

    def every() -> "Iterator[MachinePolicy | Failure]":
        for file in files:
            name, read = (options["stdin_filename"] or "<stdin>", standard_input) if file == "-" else (file, read_source)
            yield from machine_policies(name, substitutions, deployment, options["root"], read)

    found, code = chosen(every(), options["machine"], files)
    for machine in found:
        for unknown in machine.unknown:
            click.echo(f'asl-lint: {machine.file}: state "{unknown.state.name}": {unknown.reason}', err=True)
    if found:
        click.echo(_shown(found, options), nl=False)
    return code


def _shown(found: list[Any], options: dict[str, Any]) -> str:
    from asl_lint.output.policy_format import as_json, as_sam, as_terraform, placeholders

    names = [one.name for one in found]
    policies = {one.name if names.count(one.name) == 1 else f"{one.file}#{one.name}": one.policy for one in found}
    if options["format"] == "sam":
        return as_sam(policies)
    if options["format"] == "terraform":
        return as_terraform(policies)
    for name in placeholders(policies.values()):
        where = "--name" if name == "StateMachineName" else "--substitutions"
        is_withheld = any(name in one.withheld for one in found)
        why = "is a secret, * stands for it" if is_withheld else f"is not known, * stands for it ({where} can say it)"
        click.echo(f"asl-lint: ${{{name}}} {why}", err=True)
    return as_json(policies, {pseudo: options[option] for option, pseudo in _PSEUDO.items()})
