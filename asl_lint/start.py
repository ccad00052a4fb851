"""Where the program begins: the collector stands still until all that stays is loaded, which saves a tenth of the start."""

import gc
import sys


def main() -> None:
    """Run the command line. ``check`` sets the collector going again when its files begin."""
    gc.disable()
    try:
        from asl_lint.cli import main as run
    except KeyboardInterrupt:  # later ones are the command line's own business
        sys.exit(130)
    try:
        run()
    finally:
        gc.freeze()  # else the end of the interpreter looks through all that is left, twice
