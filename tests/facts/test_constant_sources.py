"""What may be the same in every run at all, against what is found to be where values are followed."""

from pathlib import Path
from typing import Any

import pytest

from asl_lint.facts.constants import UNKNOWN
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.source.reading import read_document
from tests.conftest import manifest
from tests.properties.definitions import facts

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
    sources = facts({"QueryLanguage": language, "StartAt": "A", "States": {"A": state}}).constant_sources
    assert sources.names == names | ({""} if of_input else set())


INPUTS = {
    "a state before gives what is written out": ("C", {"A": {"Output": 1, "Next": "B"}, "B": {"Next": "C"}, "C": {"End": True}}),
    "a rule gives what is written out": (
        "B",
        {"A": {"Type": "Choice", "Choices": [{"Condition": "{% $a %}", "Output": 1, "Next": "B"}]}, "B": {"End": True}},
    ),
}


@pytest.mark.parametrize("case", INPUTS)
def test_an_input_is_looked_for_where(case: str) -> None:
    name, states = INPUTS[case]
    assert known_input(name, states) == 1


def test_an_input_is_not_looked_for_where_a_task_comes_between() -> None:
    states = {"A": {"Output": 1, "Next": "B"}, "B": {"Type": "Task", "Next": "C"}, "C": {"End": True}}
    assert known_input("C", states) is None


def known_input(name: str, states: dict[str, dict[str, Any]]) -> Any:
    """The input of a state, where it is followed at all."""
    found = facts({"QueryLanguage": "JSONata", "StartAt": "A", "States": {n: {"Type": "Pass", **s} for n, s in states.items()}})
    known = found.constant_sources.known(found.machine.root.states[name], None)
    return None if known is None else known.input


def test_whatever_is_known_before_a_state_of_the_corpus_has_a_source(corpus: Path) -> None:
    inputs = variables = 0
    for entry in manifest(corpus / "good"):
        text = (corpus / "good" / entry["file"]).read_text(encoding="utf-8")
        found = Facts(Workflow(entry["file"], read_document(text, entry["file"])))
        for state in found.machine.states:
            before = found.constants.get(state.pointer)
            if before is not None:
                assert before.variables.keys() <= found.constant_sources.names
                variables += len(before.variables)
                if before.input is not UNKNOWN:
                    assert found.constant_sources.known(state, None) is before
                    inputs += 1
    assert inputs and variables
