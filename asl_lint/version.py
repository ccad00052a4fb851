"""The version of asl-lint, without the cost of asking the installed package's metadata (26 ms)."""

from typing import Final

VERSION: Final = "0.1.0"
