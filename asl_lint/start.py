"""Where the program begins: the collector stands still until all that stays is loaded, which saves a tenth of the start."""

import gc
import sys
from collections.abc import Callable
from functools import partial


def main() -> None:
    """Run the command line. ``check`` sets the collector going again when its files begin."""
    gc.disable()
    try:
        from asl_lint.commands import plain

        arguments = sys.argv[1:]
        if plain.is_plain(arguments):
            from asl_lint.commands import check_run  # noqa: F401 (what is interrupted before this is told by no word)
            from asl_lint.ending import end

            run: Callable[[], None] = partial(end, partial(plain.check, arguments[1:]))
        else:
            from asl_lint import cli

            run = cli.main
    except KeyboardInterrupt:  # later ones are the command line's own business
        sys.exit(130)
    try:
        run()
    finally:
        gc.freeze()  # else the end of the interpreter looks through all that is left, twice
