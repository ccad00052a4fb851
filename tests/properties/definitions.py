"""Facts about a definition that a test writes down."""

import json
from typing import Any, Literal

from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.source.json_text import read_json
from asl_lint.source.text import Text


def facts(definition: Any, machine_type: Literal["STANDARD", "EXPRESS"] | None = None) -> Facts:
    """Of a definition as JSON, or of a text as it is."""
    text = definition if isinstance(definition, str) else json.dumps(definition)
    return Facts(Workflow("test.asl.json", read_json(Text(text)), machine_type))
