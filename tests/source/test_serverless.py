"""The state machines that a file for the Serverless Framework declares."""

import pytest

from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.serverless import declared, machines
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml


def read(machine: str) -> EmbeddedMachine:
    indented = "".join(f"      {line}\n" for line in machine.split("\n"))
    document = read_yaml(Text(f"stepFunctions:\n  stateMachines:\n    pay:\n{indented}"), functions=True)
    (found,) = machines(document)
    return found


def test_a_definition_is_read_where_it_stands() -> None:
    found = read("type: EXPRESS\ndefinition:\n  StartAt: A\n  States:\n    A: {Type: Succeed}")
    assert found.document is not None
    assert found.document.value == {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    assert (found.logical_id, found.machine_type, found.substitutions) == ("pay", "EXPRESS", None)


def test_a_file_can_be_named() -> None:
    assert read("definition: ${file(flow/pay.yml)}").file == "flow/pay.yml"


@pytest.mark.parametrize(
    ("machine", "reason"),
    [
        ("definition: ${file(all.yml):pay}", "its definition is made of variables"),
        ("definition: ${self:custom.pay}", "its definition is made of variables"),
        ("name: pay", "it has no definition"),
    ],
)
def test_what_the_framework_makes_is_told(machine: str, reason: str) -> None:
    found = read(machine)
    assert found.unresolved is not None and found.unresolved.reason == reason


@pytest.mark.parametrize("text", ["a: 1", "stepFunctions: 1", "stepFunctions: {stateMachines: ${file(x.yml)}}", "[]"])
def test_other_files_declare_nothing(text: str) -> None:
    assert declared(read_yaml(Text(text), functions=True).value) is None
