"""``asl-lint check``: from options to a run, from a run to formats and an exit code."""

import gc
import os
from typing import TYPE_CHECKING, Any, Final

import click

from asl_lint.commands.terminal import progress_of, standard_input, style_of, write_file
from asl_lint.config import Config, ConfigError, Configurations, load_config
from asl_lint.finding import SEVERITIES, Report, Severity
from asl_lint.output import FORMATS, render

if TYPE_CHECKING:
    from asl_lint.run import Plan

_WORTH_A_POOL: Final = 400
"""Files for each process beyond which a pool of processes is faster than one."""
_COLLECT_EVERY: Final = 100_000
"""Objects made between two runs of the garbage collector: some dozens of files' worth."""
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
@click.option("--select", metavar="RULES", multiple=True, help="Only these rules or categories (commas between), or ALL.")
@click.option("--extend-select", metavar="RULES", multiple=True, help="These rules or categories as well.")
@click.option("--ignore", metavar="RULES", multiple=True, help="Not these rules or categories.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="The least severity that gives exit code 1.  [default: warning]")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option(
    "--machine-type",
    type=click.Choice(["standard", "express"], case_sensitive=False),
    help="The type of the state machines, where it is known.",
)
@click.option(
    "--substitutions", metavar="FILE", help="What the deployment fills in for ${Name}: a JSON or YAML file of names and values."
)
@click.option(
    "--role", metavar="FILE", help="The policies of the state machines' role, for the rules of permissions: JSON or YAML."
)
@click.option("--config", "config_file", metavar="FILE", help="This configuration for all files, instead of each one's nearest.")
@click.option("--no-config", is_flag=True, help="No configuration file at all.")
@click.option("--baseline", metavar="FILE", help="Report only what this file does not have.")
@click.option("--write-baseline", metavar="FILE", help="Write the present findings to a baseline, and exit with 0.")
@click.option("--no-ignores", is_flag=True, help="Also report what directives, configuration or baseline silence.")
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=0),
    default=0,
    help="Processes to use; 0 decides by the number of files.  [default: 0]",
)
@click.option("--root", metavar="DIR", help="Show paths relative to this folder.")
@click.option("--stdin-filename", metavar="NAME", help="The name of what is read from standard input (-).")
@click.option("--force-exclude", is_flag=True, help="Leave out excluded files even if they are named.")
@click.option("--statistics", is_flag=True, help="Count the findings of each rule instead of listing them.")
@click.option(
    "--color",
    "colour",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Whether to colour the text.",
)
@click.option("--show-files", is_flag=True, help="List the files that would be read, and do nothing else.")
@click.option("--verbose", "-v", is_flag=True, help="Also show what is silenced, and why.")
@click.option("--quiet", "-q", is_flag=True, help="Show errors only.")
@click.option("--progress/--no-progress", default=None, help="Whether to show progress, on a terminal, in runs of over a second.")
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
    configurations = _Adjusted(options)
    format = "statistics" if options["statistics"] else options["format"]
    own = configurations.of_file(options["stdin_filename"] or "-")  # what holds for the run as a whole
    if options["show_files"]:
        return _show_files(paths, configurations)
    keep_sources = any(name in _SHOWS_SOURCE for name in (format, *(name for name, _ in outputs)))
    report = _run(paths, options, configurations, keep_sources)
    if options["root"]:
        report = _relative(report, options["root"])
    if options["no_ignores"]:
        report = _without_ignores(report)
    if options["write_baseline"]:
        from asl_lint.baseline import as_text

        write_file(options["write_baseline"], [as_text(report)])
        click.echo(f"{len(report.findings)} findings written to {options['write_baseline']}", err=True)
        return 2 if report.errors else 0
    baseline = options["baseline"] or own.baseline
    if baseline and not options["no_ignores"]:
        report = _without_known(report, baseline)
    if options["quiet"]:
        report = report._replace(findings=tuple(f for f in report.findings if f.severity == "error"))
    fail_on: Severity = options["fail_on"] or own.fail_on
    for name, file in outputs:
        write_file(file, render(name, report, style_of(options, fail_on, to_file=True)))
    for chunk in render(format, report, style_of(options, fail_on)):
        click.echo(chunk, nl=False, color=True)
    return _exit_code(report, fail_on, options["exit_zero"])


def _run(paths: tuple[str, ...], options: dict[str, Any], configurations: Configurations, keep_sources: bool) -> Report:
    from asl_lint.run import check_text, plan_paths

    machine_type = options["machine_type"]
    if "-" in paths:
        if len(paths) > 1:
            raise click.UsageError("- (standard input) cannot stand beside other paths")
        name = options["stdin_filename"] or "<stdin>"
        content = standard_input(name)
        if not isinstance(content, str):
            return Report((), errors=(content,))
        return check_text(content, name=name, config=configurations.of_file(name), machine_type=machine_type)
    plan = plan_paths(paths, configurations, machine_type, keep_sources=keep_sources, root=options["root"])
    # What is there now stays to the end: the collector need not look at it again, nor often at the short lives of one file.
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY)
    gc.enable()
    workers = options["jobs"] or min(os.cpu_count() or 1, len(plan.tasks) // _WORTH_A_POOL)
    if workers < 2:
        return plan.report(progress_of(options, plan.results(), len(plan.tasks)))
    return _shared(plan, workers, options)


def _shared(plan: "Plan", workers: int, options: dict[str, Any]) -> Report:
    """The report of a plan, by some processes of this machine."""
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers, initializer=_die_when_interrupted)
    try:
        report = plan.report(progress_of(options, plan.results(pool), len(plan.tasks)))
    except KeyboardInterrupt:
        # A worker that ends while it hands over a result leaves the pool's own thread waiting for the rest, or complaining:
        # nobody waits for what the others are still doing, nor for that thread, nor hears it.
        import threading
        from multiprocessing import active_children

        threading.excepthook = lambda _: None
        for process in active_children():
            process.terminate()
        raise
    except BaseException:
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()
    return report


def _die_when_interrupted() -> None:
    """In a process of the pool: a Ctrl-C, which reaches all of them, ends it without a traceback."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)


class _Adjusted(Configurations):
    """The configuration of each file with what the command line says over it."""

    def __init__(self, options: dict[str, Any]) -> None:
        everywhere = load_config(options["config_file"], root=os.getcwd()) if options["config_file"] else None
        super().__init__(Config() if options["no_config"] else everywhere)
        self._changes = _changes(options)
        self._adjusted: dict[int, tuple[Config, Config]] = {}

    def of_folder(self, folder: str) -> Config:
        """As the configuration file has it, then as the command line has it."""
        config = super().of_folder(folder)
        if id(config) not in self._adjusted:
            self._adjusted[id(config)] = config, self._adjust(config)
        return self._adjusted[id(config)][1]

    def _adjust(self, config: Config) -> Config:
        changes = dict(self._changes)
        for setting in ("extend_select", "ignore"):
            if setting in changes:
                changes[setting] = getattr(config, setting) + changes[setting]
        return config._replace(**changes)


def _changes(options: dict[str, Any]) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for setting in ("select", "extend_select", "ignore"):
        names = tuple(name.strip() for text in options[setting] for name in text.split(",") if name.strip())
        if names:
            changes[setting] = names
    if options["force_exclude"]:
        changes["force_exclude"] = True
    if options["substitutions"]:
        changes |= {"substitutions": options["substitutions"], "per_file_substitutions": {}}
    if options["role"]:
        changes |= {"role": options["role"], "per_file_role": {}}
    return changes


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


def _without_known(report: Report, file: str) -> Report:
    from asl_lint.baseline import BaselineError, apply, parse
    from asl_lint.finding import Failure
    from asl_lint.source.read import read_source

    content = read_source(file)
    if isinstance(content, Failure) or content is None:
        raise BaselineError(f"{file}: {content.message if content else 'cannot be read'}")
    report, gone = apply(report, parse(content, file))
    if gone:
        click.echo(f"{file}: {gone} of its findings occur no more; --write-baseline brings it up to date", err=True)
    return report


def _relative(report: Report, root: str) -> Report:
    """The report with its paths relative to a folder."""

    def shown(path: str) -> str:
        try:
            return os.path.relpath(path, root)
        except ValueError:  # another drive
            return path

    def finding(one: Any) -> Any:
        if any(place.file is not None for place in getattr(one, "related", ())):
            places = (place._replace(file=place.file and shown(place.file)) for place in one.related)
            one = one._replace(related=tuple(places))
        return one._replace(file=shown(one.file))

    return Report(
        tuple(shown(file) for file in report.files),
        tuple(finding(one) for one in report.findings),
        tuple(one._replace(finding=finding(one.finding)) for one in report.suppressed),
        tuple(finding(one) for one in report.not_evaluated),
        tuple(finding(one) for one in report.errors),
        {shown(file): text for file, text in report.sources.items()},
        tuple(finding(one) for one in report.unresolved),
        report.machines,
    )


def _exit_code(report: Report, fail_on: Severity, exit_zero: bool) -> int:
    if report.errors or not report.files:  # what no template could give was not checked either
        return 2
    limit = SEVERITIES.index(fail_on)
    failing = any(SEVERITIES.index(finding.severity) <= limit for finding in report.findings)
    return 1 if failing and not exit_zero else 0
