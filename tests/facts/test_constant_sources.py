"""What may be the same in every run at all, against what is found to be where values are followed."""

from pathlib import Path
from typing import Any

import pytest

from asl_lint.facts.constant_sources import Sources, constant_sources
from asl_lint.facts.constants import UNKNOWN
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.model.machine import StateMachine
from asl_lint.source.reading import read_document
from tests.conftest import manifest

SOURCES: list[tuple[dict[str, Any], str, set[str], bool]] = [
    ({"Type": "Pass", "Assign": {"a": 1, "b": "{% $a %}"}}, "JSONata", {"a", "b"}, False),
    ({"Type": "Pass", "Assign": {"b": "{% $states.input.b %}"}}, "JSONata", set(), False),
    ({"Type": "Pass", "Assign": {"a": {"now": "{% $now() %}"}, "b": 1}}, "JSONata", {"b"}, False),
    ({"Type": "Task", "Output": {"a": [1]}}, "JSONata", set(), True),
    ({"Type": "Task", "Output": "{% $states.result %}", "Catch": [{"Assign": {"a": "x"}}]}, "JSONata", {"a"}, True),
    ({"Type": "Choice", "Choices": [{"Assign": {"a": "x"}}]}, "JSONata", {"a"}, False),
    ({"Type": "Pass", "Result": {"a": 1}}, "JSONPath", set(), True),
    ({"Type": "Pass", "Parameters": {"a": 1}, "Assign": {"b.$": "$.a"}}, "JSONPath", {"b"}, True),
    ({"Type": "Pass", "Parameters": {"a.$": "$.a"}, "Assign": {"b.$": "$.a"}}, "JSONPath", set(), False),
]


@pytest.mark.parametrize(("state", "language", "names", "of_input"), SOURCES)
def test_only_what_is_written_out_somewhere_may_be_the_same_in_every_run(
    state: dict[str, Any], language: str, names: set[str], of_input: bool
) -> None:
    machine = StateMachine({"QueryLanguage": language, "StartAt": "A", "States": {"A": state}})
    assert constant_sources(machine) == Sources(frozenset(names), of_input)


def test_whatever_is_known_before_a_state_of_the_corpus_has_a_source(corpus: Path) -> None:
    known = 0
    for entry in manifest(corpus / "good"):
        text = (corpus / "good" / entry["file"]).read_text(encoding="utf-8")
        facts = Facts(Workflow(entry["file"], read_document(text, entry["file"])))
        sources = constant_sources(facts.machine)
        for before in facts.constants.values():
            known += len(before.variables) + (before.input is not UNKNOWN)
            assert before.variables.keys() <= sources.names
            assert sources.input or before.input is UNKNOWN
    assert known
