"""``python -m asl_lint``: the command line."""

from asl_lint.start import main

main()
