"""``python -m asl_lint``: the command line."""

from asl_lint.cli import main

main()
