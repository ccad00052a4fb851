"""The closures judge exactly as jsonschema does, by the same schema."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from asl_lint.schemas.compile import PLAIN_PATH, load
from asl_lint.source.reading import read_document
from tests.conftest import manifest
from tests.schemas.generated import machine
from tests.schemas.oracle import SCHEMA, by_closures, by_jsonschema


def test_every_definition_of_the_schema_compiles() -> None:
    checks = load()
    for name in SCHEMA["$defs"]:
        checks.definition(name)({}, (), [])


@pytest.mark.large
@pytest.mark.parametrize("seed", range(8))
def test_ten_thousand_generated_states_get_the_same_verdict_at_the_same_pointers(seed: int) -> None:
    source = random.Random(seed)
    states = 0
    keywords: Counter[str] = Counter()
    while states < 1_250:
        value = machine(source)
        expected = by_jsonschema(value)
        assert by_closures(value) == expected, json.dumps(value)
        keywords.update(keyword for _, keyword in expected)
        states += len(value["States"]) if isinstance(value.get("States"), dict) else 0
    # The generator must not lose its teeth: every keyword that the schema uses is violated.
    assert set(keywords) >= {
        "type", "required", "additionalProperties", "oneOf", "anyOf", "not", "dependentRequired", "enum", "pattern", "minimum",
        "maximum", "minItems",
    }  # fmt: skip


@pytest.mark.parametrize("folder", ["good", "bad", "executions"])
def test_every_definition_of_the_corpus_gets_the_same_verdict_at_the_same_pointers(corpus: Path, folder: str) -> None:
    compared = 0
    for entry in manifest(corpus / folder):
        content = (corpus / folder / entry["file"]).read_bytes().decode("utf-8-sig", "replace")
        document = read_document(content, entry["file"])
        if any(problem.code == "syntax-error" for problem in document.problems) or not isinstance(document.value, dict):
            continue
        assert by_closures(document.value) == by_jsonschema(document.value), entry["file"]
        compared += 1
    assert compared >= {"good": 700, "bad": 125, "executions": 56}[folder]


@pytest.mark.parametrize("text", ["$", "$.a", "$._b.c2", "$.Payload.body", "$.a-b", "$.a..b", "$a", "$$.a", "$.a\n", "$.ä"])
def test_a_path_that_is_passed_by_is_taken_by_every_pattern_of_paths(text: str) -> None:
    patterns = {found for found in _patterns(SCHEMA) if found.startswith("^\\$")}
    assert len(patterns) == 3
    is_passed_by = PLAIN_PATH.match(text) is not None
    assert is_passed_by is (text in ("$", "$.a", "$._b.c2", "$.Payload.body"))
    assert not is_passed_by or all(re.search(pattern, text) for pattern in patterns)


def _patterns(schema: Any) -> Iterator[str]:
    for keyword, value in schema.items() if isinstance(schema, dict) else enumerate(schema) if isinstance(schema, list) else ():
        if keyword == "pattern" and isinstance(value, str):
            yield value
        yield from _patterns(value)
