"""``asl-lint check`` behind its options: from these to a run, from a run to formats and an exit code.

The parser of options is imported for a misuse, and where it says something beside the report: ``plain`` does without it.
"""

from collections.abc import Callable

from asl_lint.commands.checking import (
    Adjusted,
    exists_below,
    read_baseline,
    relative,
    rules_run,
    run,
    run_earlier,
    without_known,
)
from asl_lint.commands.terminal import style_of, write_file
from asl_lint.config import ConfigError, Configurations
from asl_lint.finding import SEVERITIES, Report, Severity
from asl_lint.late import Any, Final
from asl_lint.output import render

_SHOWS_SOURCE: Final = ("text",)
"""Formats that show the text of the file."""

Output = tuple[str, str]


def checked(paths: tuple[str, ...], options: dict[str, Any], outputs: list[Output], say: Callable[[str], None]) -> int:
    """The exit code of a check, of which the report is said by ``say``. Raises click's errors."""
    try:
        return _check(paths or (".",), options, outputs, say)
    except _unusable() as fault:
        import click

        raise click.ClickException(str(fault)) from None


def _unusable() -> tuple[type[Exception], ...]:
    """What is raised for settings, rules and baselines that cannot be used; asked for, and imported, when something is raised."""
    from asl_lint.baseline import BaselineError
    from asl_lint.catalog import CatalogError

    return ConfigError, CatalogError, BaselineError


def _check(paths: tuple[str, ...], options: dict[str, Any], outputs: list[Output], say: Callable[[str], None]) -> int:
    if options["fail_on"] == "new" and options["against"] is None:
        import click

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
        import click

        from asl_lint.baseline import as_text

        write_file(options["write_baseline"], [as_text(report)])
        click.echo(f"{len(report.findings)} findings written to {options['write_baseline']}", err=True)
        return 2 if report.errors else 0
    baseline = options["baseline"] or own.baseline
    if options["prune_baseline"]:
        return _prune(report, baseline, configurations, options["root"])
    if baseline and not options["no_ignores"]:
        report = without_known(report, baseline, configurations, options["root"])
    if options["quiet"]:
        report = report._replace(findings=tuple(f for f in report.findings if f.severity == "error"))
    fail_on: Severity = "info" if options["fail_on"] == "new" else options["fail_on"] or own.fail_on
    for name, file in outputs:
        write_file(file, render(name, report, style_of(options, fail_on, to_file=True)))
    for chunk in render(format, report, style_of(options, fail_on)):
        say(chunk)
    return _exit_code(report, fail_on, options["exit_zero"])


def _compared(paths: tuple[str, ...], options: dict[str, Any], configurations: Configurations, keep_sources: bool) -> Report:
    """The report, and with ``--against`` only what is new in it; a baseline is of all that there is."""
    if options["against"] is None or options["write_baseline"] or options["prune_baseline"]:
        return run(paths, options, configurations, keep_sources=keep_sources)
    from asl_lint.comparison import only_new, outline

    report = run(paths, options, configurations, keep_sources=keep_sources, describe=outline)
    then = run_earlier(paths, options, configurations, report, describe=outline)
    return only_new(report, then, options["against"])


def _prune(report: Report, file: str | None, configurations: Configurations, root: str | None) -> int:
    """Takes what occurs no more out of a baseline, whatever the rest of the run says."""
    import click

    from asl_lint.baseline import BaselineError, prune

    if file is None:
        raise click.UsageError("--prune-baseline needs a baseline: name it by --baseline or in the configuration")
    try:
        text, gone, unjudged = prune(report, read_baseline(file), exists_below(root), rules_run(configurations, root))
    except BaselineError as fault:
        raise click.ClickException(f"{file}: {fault}") from None
    if gone:
        write_file(file, [text])
    told = f"{gone} findings taken out of {file}" if gone else f"every finding of {file} still occurs"
    if unjudged:
        told = f"{gone} findings taken out of {file}; {unjudged} that this run could not find stay"
    click.echo(told, err=True)
    return 2 if report.errors else 0


def _show_files(paths: tuple[str, ...], configurations: Configurations) -> int:
    import click

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
