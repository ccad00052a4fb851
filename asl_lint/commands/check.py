"""``asl-lint check``: from options to a run, from a run to formats and an exit code."""

from typing import Any, Final

import click

from asl_lint.commands.checking import Adjusted, read_baseline, relative, run, run_earlier, run_options, without_known
from asl_lint.commands.terminal import style_of, write_file
from asl_lint.config import ConfigError, Configurations
from asl_lint.finding import SEVERITIES, Report, Severity
from asl_lint.output import FORMATS, render

_SHOWS_SOURCE: Final = ("text",)
"""Formats that show the text of the file."""

Output = tuple[str, str]


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
    from asl_lint.baseline import BaselineError
    from asl_lint.catalog import CatalogError

    outputs = [_output(specification) for specification in options["outputs"]]
    try:
        return _check(paths or (".",), options, outputs)
    except (ConfigError, CatalogError, BaselineError) as fault:
        raise click.ClickException(str(fault)) from None


def _check(paths: tuple[str, ...], options: dict[str, Any], outputs: list[Output]) -> int:
    if options["fail_on"] == "new" and options["against"] is None:
        raise click.UsageError("--fail-on new needs --against, which says what is not new")
    configurations = Adjusted(options)
    format = "statistics" if options["statistics"] else options["format"]
    own = configurations.of_file(options["stdin_filename"] or "-")  # what holds for the run as a whole
    if options["show_files"]:
        return _show_files(paths, configurations)
    keep_sources = any(name in _SHOWS_SOURCE for name in (format, *(name for name, _ in outputs)))
    report = _compared(paths, options, configurations, keep_sources)
    if options["root"]:
        report = relative(report, options["root"])
    if options["no_ignores"]:
        report = _without_ignores(report)
    if options["write_baseline"]:
        from asl_lint.baseline import as_text

        write_file(options["write_baseline"], [as_text(report)])
        click.echo(f"{len(report.findings)} findings written to {options['write_baseline']}", err=True)
        return 2 if report.errors else 0
    baseline = options["baseline"] or own.baseline
    if options["prune_baseline"]:
        return _prune(report, baseline)
    if baseline and not options["no_ignores"]:
        report = without_known(report, baseline)
    if options["quiet"]:
        report = report._replace(findings=tuple(f for f in report.findings if f.severity == "error"))
    fail_on: Severity = "info" if options["fail_on"] == "new" else options["fail_on"] or own.fail_on
    for name, file in outputs:
        write_file(file, render(name, report, style_of(options, fail_on, to_file=True)))
    for chunk in render(format, report, style_of(options, fail_on)):
        click.echo(chunk, nl=False, color=True)
    return _exit_code(report, fail_on, options["exit_zero"])


def _compared(paths: tuple[str, ...], options: dict[str, Any], configurations: Configurations, keep_sources: bool) -> Report:
    """The report, and with ``--against`` only what is new in it."""
    if options["against"] is None:
        return run(paths, options, configurations, keep_sources=keep_sources)
    from asl_lint.comparison import only_new, state_names

    report = run(paths, options, configurations, keep_sources=keep_sources, describe=state_names)
    then = run_earlier(paths, options, configurations, report, describe=state_names)
    return only_new(report, then, options["against"])


def _prune(report: Report, file: str | None) -> int:
    """Takes what occurs no more out of a baseline, whatever the rest of the run says."""
    import os

    from asl_lint.baseline import prune

    if file is None:
        raise click.UsageError("--prune-baseline needs a baseline: name it by --baseline or in the configuration")
    text, gone = prune(report, read_baseline(file), os.path.exists)
    if gone:
        write_file(file, [text])
    click.echo(f"{gone} findings taken out of {file}" if gone else f"every finding of {file} still occurs", err=True)
    return 2 if report.errors else 0


def _output(specification: str) -> Output:
    name, equals, file = specification.partition("=")
    if not equals or not file or name not in FORMATS:
        from asl_lint.near import near

        near_name = near(name, FORMATS)
        hint = f'did you mean "{near_name}"?' if near_name and name not in FORMATS else f"the formats are {', '.join(FORMATS)}"
        raise click.UsageError(f'--output wants FORMAT=FILE, not "{specification}"; {hint}')
    return name, file


def _show_files(paths: tuple[str, ...], configurations: Configurations) -> int:
    from asl_lint.run import plan_paths

    plan = plan_paths(paths, configurations)
    for task in plan.tasks:
        if not task.implied:
            click.echo(task.path)
    for failure in plan.discovery.failures:
        click.echo(f"{failure.file}: {failure.message}", err=True)
    return 2 if plan.discovery.failures or not plan.tasks else 0


def _without_ignores(report: Report) -> Report:
    """The report with what directives and the configuration silence back among the findings of its file, in their order."""
    position = {file: i for i, file in enumerate(report.files)}
    everything = [*report.findings, *(one.finding for one in report.suppressed)]
    everything.sort(key=lambda one: (position.get(one.file, -1), one.span.start.offset, one.rule))
    return report._replace(findings=tuple(everything), suppressed=())


def _exit_code(report: Report, fail_on: Severity, exit_zero: bool) -> int:
    if report.errors or not report.files:  # what no template could give was not checked either
        return 2
    limit = SEVERITIES.index(fail_on)
    failing = any(SEVERITIES.index(finding.severity) <= limit for finding in report.findings)
    return 1 if failing and not exit_zero else 0
