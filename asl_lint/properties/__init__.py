"""What a rule can demand of a machine: one module per kind, named here and imported when a rule uses it."""

from collections.abc import Mapping
from typing import Final

KINDS: Final[Mapping[str, str]] = {
    "observed@1": "asl_lint.properties.observed:KIND",
    "jsonata@1": "asl_lint.properties.jsonata:KIND",
}
"""Kind and version, as rules name it -> module and attribute that hold its ``Kind``."""
