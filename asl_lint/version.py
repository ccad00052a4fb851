"""The version of asl-lint, without the cost of asking the installed package's metadata (26 ms)."""

from asl_lint.late import Final

VERSION: Final = "0.1.0"
