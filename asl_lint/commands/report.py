"""``asl-lint report``: the review of state machines in one file, for people and for programs."""

import os
import sys
from collections.abc import Mapping

import click

from asl_lint.commands.checking import Adjusted, relative, run, run_earlier, without_known
from asl_lint.commands.run_options import run_options
from asl_lint.commands.terminal import is_terminal, write_file
from asl_lint.config import ConfigError
from asl_lint.finding import SEVERITIES, Report
from asl_lint.late import TYPE_CHECKING, Any, Final
from asl_lint.report import FORMATS

if TYPE_CHECKING:
    from asl_lint.catalog import Explanation

_PAGE: Final = "asl-lint-report.html"
"""Where a review is written that somebody at a terminal asks for without a word about where to: nobody reads HTML there."""


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "-f", "format", type=click.Choice(list(FORMATS)), help="The format.  [default: by the ending of FILE]")
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    help="Where to write it.  [default: asl-lint-report.html on a terminal, else standard output]",
)
@click.option("--links", metavar="PATTERN", help="The address of a line, with {path} and {line}.  [default: by the CI server]")
@run_options
@click.option("--quiet", "-q", is_flag=True, help="Show no progress.")
def report(paths: tuple[str, ...], **options: Any) -> int:
    """Write the review of the state machines in files, folders and globs: what is wrong, and what is known of each machine.

    On a terminal it becomes a page for the browser, asl-lint-report.html; where the output goes elsewhere, Markdown for a pull
    request. --output and --format choose otherwise. With --against it also tells what changed: findings, states, transitions,
    permissions and bounds. Exits with 0 whatever is found, unless --fail-on says otherwise.
    """
    from asl_lint.baseline import BaselineError
    from asl_lint.catalog import CatalogError

    if "-" in paths:
        raise click.UsageError("a review is of files, not of standard input")
    if options["fail_on"] == "new" and options["against"] is None:
        raise click.UsageError("--fail-on new needs --against, which says what is not new")
    if options["links"] and "{path}" not in options["links"]:
        raise click.UsageError("--links wants an address with {path} in it, and {line} where the line belongs")
    if options["output"] is None and options["format"] in (None, "html") and is_terminal(sys.stdout):
        options["output"] = _PAGE
    format = options["format"] or _format_of(options["output"])
    try:
        return _report(paths or (".",), options, format)
    except (ConfigError, CatalogError, BaselineError) as fault:
        raise click.ClickException(str(fault)) from None


def _format_of(file: str | None) -> str:
    endings = {".json": "json", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}
    found = endings.get(os.path.splitext(file or "")[1].lower(), "markdown")  # noqa: PTH122
    if found not in FORMATS:
        raise click.UsageError(f"{file}: there is no format {found}; the formats are {', '.join(FORMATS)}")
    return found


def _report(paths: tuple[str, ...], options: dict[str, Any], format: str) -> int:
    from asl_lint.report import ViewStyle, render
    from asl_lint.report.document import document
    from asl_lint.report.links import Links, links_in
    from asl_lint.report.machine import describe

    configurations = Adjusted(options)
    found = run(paths, options, configurations, keep_sources=True, describe=describe)
    then = None
    if options["against"] is not None:
        then = run_earlier(paths, options, configurations, found, describe=describe)
    if options["root"]:
        found, then = relative(found, options["root"]), then and relative(then, options["root"])
    baseline = options["baseline"] or configurations.of_file("-").baseline
    if baseline:
        found = without_known(found, baseline, configurations, options["root"])
    whole = document(found, then, options["against"])
    links = Links(options["links"]) if options["links"] else links_in(os.environ)
    explanations = _explanations(found, configurations) if format == "html" else {}
    chunks = render(format, whole, ViewStyle(links, found.sources, explanations))
    if options["output"]:
        write_file(options["output"], chunks)
        if is_terminal(sys.stderr):
            click.echo(f"the review is in {options['output']}", err=True)
    else:
        for chunk in chunks:
            click.echo(chunk, nl=False)
    return _exit_code(found, whole, options["fail_on"])


def _explanations(found: Report, configurations: Adjusted) -> "Mapping[str, Explanation]":
    """Why the rules matter that have found something; those of one's own are read from the folders of the files' settings."""
    from asl_lint.catalog import load_explanations

    folders = dict.fromkeys(folder for file in found.files for folder in configurations.of_file(file).rules)
    return load_explanations(tuple(folders))


def _exit_code(found: Report, whole: dict[str, Any], fail_on: str | None) -> int:
    if found.errors or not found.files:
        for failure in found.errors:
            click.echo(f"asl-lint: {failure.file}: {failure.message}", err=True)
        return 2
    if fail_on is None:
        return 0
    if fail_on == "new":
        return 1 if whole["summary"]["comparison"]["new"] else 0
    limit = SEVERITIES.index(fail_on)
    return 1 if any(SEVERITIES.index(one.severity) <= limit for one in found.findings) else 0
