"""What commands share that tell something of each state machine in some files: which ones are meant, and what cannot be had."""

from collections.abc import Iterable, Sequence

import click

from asl_lint.config import ConfigError
from asl_lint.late import Protocol, TypeVar
from asl_lint.source.failure import Failure


class Named(Protocol):
    """Something of one machine. ``name`` is its logical id, or the file's."""

    @property
    def name(self) -> str: ...


T = TypeVar("T", bound=Named)


def chosen(found: Iterable[T | Failure], machine: str | None, files: Sequence[str]) -> tuple[list[T], int]:
    """What was found of the machine of that name (None: of all), and the exit code: 2 where something could not be had.

    Failures are told on standard error. Raise ClickException where there is nothing, and nothing failed.
    """
    kept: list[T] = []
    code = 0
    for one in found:
        if isinstance(one, Failure):
            code = 2
            click.echo(f"asl-lint: {one.file}: {one.message}", err=True)
        elif machine in (None, one.name):
            kept.append(one)
    if not kept and not code:
        raise click.ClickException(f'there is no state machine "{machine}" in {", ".join(files)}')
    return kept, code


def given_substitutions(file: str | None) -> dict[str, object]:
    """What a file of substitutions says, nothing without one. Raise ClickException where it cannot be used."""
    if not file:
        return {}
    from asl_lint.config.substitutions import load_substitutions

    try:
        return dict(load_substitutions(file))
    except ConfigError as fault:
        raise click.ClickException(str(fault)) from None
