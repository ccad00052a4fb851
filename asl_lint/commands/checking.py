"""A run of the check, for the commands that make one: the configuration that their options adjust, and the work.

The parser of options is imported for a misuse only: ``plain`` does without it.
"""

import gc
import os
from collections.abc import Callable

from asl_lint.commands.terminal import progress_of, standard_input
from asl_lint.config import Config, Configurations, load_config
from asl_lint.finding import Report
from asl_lint.late import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from asl_lint.baseline import Baseline, HasRun
    from asl_lint.engine import Describe

_FEW: Final = 16
"""Files that are checked before it is asked whether other processes should help."""
_COLLECT_EVERY: Final = 400_000
"""Objects made between two runs of the garbage collector: a hundred files' worth or more."""


def run(
    paths: tuple[str, ...],
    options: dict[str, Any],
    configurations: Configurations,
    *,
    keep_sources: bool = False,
    describe: "Describe | None" = None,
) -> Report:
    """The report on what is at these paths. Several processes share the work where that is faster.

    Raises ConfigError and CatalogError.
    """
    from asl_lint.run import check_text, plan_paths

    machine_type = options["machine_type"]
    if "-" in paths:
        import click

        if len(paths) > 1:
            raise click.UsageError("- (standard input) cannot stand beside other paths")
        if options["against"] is not None:
            raise click.UsageError("--against compares files, not standard input")
        name = options["stdin_filename"] or "<stdin>"
        content = standard_input(name)
        if not isinstance(content, str):
            return Report((), errors=(content,))
        return check_text(content, name=name, config=configurations.of_file(name), machine_type=machine_type)
    plan = plan_paths(paths, configurations, machine_type, keep_sources=keep_sources, root=options["root"], describe=describe)
    # What is there now stays to the end: the collector need not look at it again, nor often at the short lives of one file.
    gc.freeze()
    gc.set_threshold(_COLLECT_EVERY)
    gc.enable()
    if len(plan.tasks) <= _FEW:
        return plan.report(progress_of(options, plan.results(), len(plan.tasks)))
    from asl_lint.commands.workers import Workers

    with Workers(plan, options["jobs"], _FEW) as workers:
        return plan.report(progress_of(options, workers.results(), len(plan.tasks)))


def run_earlier(
    paths: tuple[str, ...],
    options: dict[str, Any],
    configurations: Configurations,
    today: Report,
    *,
    describe: "Describe",
) -> Report:
    """The report on the version of the files that ``--against`` names, by today's settings, each file by today's name.

    Raises ConfigError and CatalogError. It is empty where that version has none of the files.
    """
    from asl_lint.config import shown_path
    from asl_lint.earlier import EarlierConfigurations, earlier_version
    from asl_lint.revision import EarlierError

    names = {os.path.abspath(file): file for file in (*today.files, *(one.file for one in today.errors))}  # noqa: PTH100
    try:
        with earlier_version(options["against"], paths, names) as earlier:
            there = tuple(earlier.paths(paths))
            if not there:
                return Report(())
            root = options["root"] and earlier.paths([options["root"]])
            report = run(
                there,
                {**options, "against": None, "root": root[0] if root else None},
                EarlierConfigurations(configurations, earlier),
                describe=describe,
            )
            return report.renamed(lambda file: names.get(now := earlier.now(file)) or shown_path(now))
    except EarlierError as fault:
        import click

        raise click.ClickException(str(fault)) from None


class Adjusted(Configurations):
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


def read_baseline(file: str) -> "Baseline":
    """The baseline in a file. Raises BaselineError."""
    from asl_lint.baseline import BaselineError, parse
    from asl_lint.finding import Failure
    from asl_lint.source.read import read_source

    content = read_source(file)
    if isinstance(content, Failure) or content is None:
        raise BaselineError(f"{file}: {content.message if content else 'cannot be read'}")
    return parse(content, file)


def without_known(report: Report, file: str, configurations: Configurations, root: str | None) -> Report:
    """The report, its paths relative to ``root``, without what the baseline in a file knows. Raises BaselineError."""
    from asl_lint.baseline import apply, moved

    known = read_baseline(file)
    report, gone = apply(report, known, rules_run(configurations, root))
    if gone:
        import click

        click.echo(f"{file}: {gone} of its findings occur no more; --prune-baseline takes them out", err=True)
    example = moved(report, known, exists_below(root))
    if example is not None:
        import click

        click.echo(
            f'{file}: it was written from another folder: what is "{example[0]}" there is "{example[1]}" here; '
            "run from that folder, or name it by --root",
            err=True,
        )
    return report


def exists_below(root: str | None) -> Callable[[str], bool]:
    """Tells whether there is a file of a name relative to ``root``, or to the current folder."""
    return lambda file: os.path.exists(os.path.join(root or "", file))  # noqa: PTH118


def rules_run(configurations: Configurations, root: str | None) -> "HasRun":
    """Tells whether a rule was selected for a file (relative to ``root``, or the current folder), or is none any more."""
    from asl_lint.run import selection_of

    def has_run(name: str, file: str) -> bool:
        path = os.path.join(root or "", file)  # noqa: PTH118
        config = configurations.of_file(path)
        selection = selection_of(config)
        rule = next((one for one in selection.rules if one.name == name), None)
        if rule is None:
            return name not in selection.known
        return not rule.files or any(config.covers(glob, path) for glob in rule.files)

    return has_run


def relative(report: Report, root: str) -> Report:
    """The report with its paths relative to a folder."""

    def shown(path: str) -> str:
        try:
            return os.path.relpath(path, root)
        except ValueError:  # another drive
            return path

    return report.renamed(shown)
