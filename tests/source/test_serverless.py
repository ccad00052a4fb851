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


def test_a_file_can_be_named_or_a_part_of_one() -> None:
    found = read("definition: ${file(flow/pay.yml)}")
    assert (found.file, found.part) == ("flow/pay.yml", ())
    found = read("definition: ${file(all.yml):pay.definition}")
    assert (found.file, found.part) == ("all.yml", ("pay", "definition"))


def read_all(text: str) -> list[EmbeddedMachine]:
    return list(machines(read_yaml(Text(text), functions=True)))


def test_a_machine_can_stand_in_a_file_of_its_own() -> None:
    [found] = read_all("stepFunctions: {stateMachines: {pay: '${file(pay.yml)}'}}")
    assert (found.file, found.part) == ("pay.yml", ("definition",))
    [found] = read_all("stepFunctions: {stateMachines: {pay: '${file(all.yml):pay}'}}")
    assert (found.file, found.part) == ("all.yml", ("pay", "definition"))


def test_a_definition_can_stand_elsewhere_in_the_file() -> None:
    custom = "custom: {pay: {StartAt: A, States: {A: {Type: Succeed}}}}\n"
    [found] = read_all(custom + "stepFunctions: {stateMachines: {pay: {definition: '${self:custom.pay}'}}}")
    assert found.document is not None
    assert found.document.value["StartAt"] == "A"
    assert found.document.text.position(found.document.span(("StartAt",)).start).line == 1


def test_functions_of_one_text_are_evaluated_where_they_stand() -> None:
    found = read("definition:\n  StartAt: A\n  States:\n    A: {Type: Task, Resource: !Sub 'arn:${!x}', Comment: !Sub 'a${B}'}")
    assert found.document is not None
    state = found.document.value["States"]["A"]
    assert state["Comment"] == {"Fn::Sub": "a${B}"}
    found = read("definition:\n  StartAt: A\n  States:\n    A: {Type: Task, Resource: !Sub 'arn:aws:states:::sns:publish'}")
    assert found.document is not None
    assert found.document.value["States"]["A"]["Resource"] == "arn:aws:states:::sns:publish"


@pytest.mark.parametrize("text", [
    "stepFunctions: {stateMachines: '${file(x.yml)}'}", "stepFunctions: ${file(x.yml):flows}",
])  # fmt: skip
def test_machines_that_a_file_of_their_own_holds_are_told_as_not_checked(text: str) -> None:
    [found] = read_all(text)
    assert found.unresolved is not None
    assert found.unresolved.reason == "they stand in x.yml"


@pytest.mark.parametrize(
    ("machine", "reason"),
    [
        ("definition: ${file(all.js):pay}", "all.js is code, and is not run"),
        ("definition: ${ssm:/pay}", "its definition is made of variables"),
        ("definition: ${self:custom.pay}", "its definition is made of variables"),
        ("name: pay", "it has no definition"),
    ],
)
def test_what_the_framework_makes_is_told(machine: str, reason: str) -> None:
    found = read(machine)
    assert found.unresolved is not None and found.unresolved.reason == reason


@pytest.mark.parametrize("text", ["a: 1", "stepFunctions: 1", "stepFunctions: {stateMachines: 1}", "[]"])
def test_other_files_declare_nothing(text: str) -> None:
    assert declared(read_yaml(Text(text), functions=True).value) is None
