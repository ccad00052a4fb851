"""How the program ends: with the exit code of what it ran, and with whatever went wrong told in words, never as a traceback."""

import os
import sys
from collections.abc import Callable

from asl_lint.late import Any, Final, NoReturn

INTERRUPTED: Final = 130
UNTOLD: Final = 2
"""Nobody read to the end what there was to say."""


class ReaderGoneError(Exception):
    """A broken pipe, by a name that click does not know: it would leave with 1, which means findings."""


def end(run: Callable[[], int]) -> NoReturn:
    """Leave with the exit code that a run gives."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure: Any = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            # What a terminal cannot show (a lone surrogate, an old encoding) is escaped, not fatal.
            reconfigure(errors="backslashreplace")
    code = run()
    if code == INTERRUPTED or not _is_waited_for():
        try:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
        except (OSError, ValueError):
            sys.exit(code)
        os._exit(code)
    sys.exit(code)


def _is_waited_for() -> bool:
    """Whether anything waits for the interpreter's own end, which takes every module apart: a twentieth of a run.

    After an interrupt nothing does: that end would wait for the threads of a pool that is left behind.
    """
    return sys.gettrace() is not None or sys.getprofile() is not None or "multiprocessing" in sys.modules


def exit_code(run: Callable[[], object]) -> int:
    """The exit code of what is run: what it gives, or that of what went wrong."""
    try:
        result = run()
        if sys.stdout is not None:
            sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except (BrokenPipeError, ReaderGoneError):
        # Whoever read our output has seen enough. Python would complain once more when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return UNTOLD
    except BaseException as fault:
        return _told(fault)


def _told(fault: BaseException) -> int:
    """The exit code for what went wrong, which is told. Raises what nobody is to be told of."""
    import click

    if isinstance(fault, click.exceptions.Exit):
        return fault.exit_code
    if isinstance(fault, click.ClickException):
        fault.show()
        return 2
    if isinstance(fault, KeyboardInterrupt | click.Abort):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    if isinstance(fault, OSError):
        click.echo(f"asl-lint: {fault.strerror or fault}: {fault.filename or ''}".rstrip(": "), err=True)
        return 2
    if not isinstance(fault, Exception) or os.environ.get("ASL_LINT_TRACEBACK"):
        raise fault
    message = f"asl-lint: internal fault: {type(fault).__name__}: {fault}"
    click.echo(f"{message}\nPlease report it; ASL_LINT_TRACEBACK=1 shows where it happened.", err=True)
    return 2
