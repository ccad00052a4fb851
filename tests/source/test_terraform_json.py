"""Terraform's JSON syntax: the state machines of ``*.tf.json``, at the places of the file."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asl_lint.source.document import MISSING
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.terraform import machines
from asl_lint.source.terraform_json import native
from asl_lint.source.text import Text

pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")

DEFINITION = {"StartAt": "Ä", "States": {"Ä": {"Type": "Task", "Resource": "${aws_lambda_function.f.arn}", "End": True}}}
ENCODED = '${jsonencode({ StartAt = "Ä", States = { Ä = { Type = "Task", Resource = aws_lambda_function.f.arn, End = true } } })}'


def read(value: object, **siblings: object) -> list[EmbeddedMachine]:
    beside = [(f"{name}.tf.json", json.dumps(text)) for name, text in siblings.items()]
    return list(machines(native(Text(json.dumps(value, indent=1, ensure_ascii=False))), lambda: beside))


def only(definition: object, **more: object) -> EmbeddedMachine:
    (machine,) = read({"resource": {"aws_sfn_state_machine": {"pay": {"definition": definition}}}, **more})
    assert machine.logical_id == "pay"
    return machine


def quoted(machine: EmbeddedMachine, *pointer: str | int) -> str:
    """The text of the file at a value of the definition."""
    assert machine.document is not None and not machine.document.problems
    return machine.document.text.root.content[slice(*machine.document.span(pointer))]


@pytest.mark.parametrize("indent", [None, 1])
def test_a_text_of_json_is_the_definition(indent: int | None) -> None:
    machine = only(json.dumps(DEFINITION, indent=indent, ensure_ascii=False))
    assert machine.document is not None
    assert machine.document.value == DEFINITION
    assert quoted(machine, "States", "Ä", "Resource") == '\\"${aws_lambda_function.f.arn}\\"'
    assert machine.substitutions == {"aws_lambda_function.f.arn": MISSING}


def test_an_expression_in_a_string_is_that_expression() -> None:
    machine = only(ENCODED)
    assert quoted(machine, "States", "Ä", "Type") == '\\"Task\\"'
    assert quoted(machine, "States", "Ä", "Resource") == "aws_lambda_function.f.arn"
    assert quoted(machine, "States", "Ä", "End") == "true"


@pytest.mark.parametrize(
    "value",
    [
        {"resource": [{"aws_sfn_state_machine": [{"pay": [{"definition": ENCODED}]}]}]},
        {"resource": {"//": "generated", "aws_sfn_state_machine": {"pay": {"//": {}, "name": "p", "definition": ENCODED}}}},
        {"module": {"pay": {"source": "terraform-aws-modules/step-functions/aws", "definition": ENCODED}}},
    ],
)
def test_one_object_may_stand_for_a_list_and_a_list_for_one(value: object) -> None:
    (machine,) = read(value)
    assert (machine.logical_id, quoted(machine, "States", "Ä", "End")) == ("pay", "true")


def test_a_file_is_named() -> None:
    assert only('${file("${path.module}/a.asl.json")}').file == "./a.asl.json"
    assert only('${templatefile("a.asl.json", { F = "f" })}').file == "a.asl.json"
    template = {"template_file": {"t": {"template": '${file("${local.folder}/b.asl.json")}', "vars": {"F": "f"}}}}
    machine = only("${data.template_file.t.rendered}", data=template, locals={"folder": "flows"})
    assert machine.file == "flows/b.asl.json"


def test_a_local_of_another_file_is_found_there() -> None:
    (machine,) = read(
        {"resource": {"aws_sfn_state_machine": {"pay": {"definition": "${local.d}"}}}},
        other={"locals": {"d": json.dumps(DEFINITION)}},
    )
    assert machine.file == "other.tf.json"
    assert quoted(machine, "States", "Ä", "End") == "true"


@pytest.mark.parametrize(
    ("definition", "reason", "at"),
    [
        ("${var.d}", "var.d is known only to who deploys it", "${var.d}"),
        ({"StartAt": "A"}, "its definition is an object, not a text: jsonencode makes one", None),
        ("%{ if var.x }{}%{ endif }", "%{ if var.x } decides what its definition holds", None),
    ],
)
def test_what_cannot_be_had_is_told_at_its_place(definition: object, reason: str, at: str | None) -> None:
    text = Text(json.dumps({"resource": {"aws_sfn_state_machine": {"pay": {"definition": definition}}}}))
    written = native(text)
    (machine,) = machines(written, list)
    assert machine.unresolved is not None and machine.unresolved.reason == reason
    place = text.content[slice(*written.trace(*machine.unresolved.span))]
    assert place in text.content[text.content.index('"definition"') :]
    assert at is None or at in f"${{{place}}}" or at in place


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"resource": 5}', '{"resource": {"a": 5, "aws_sfn_state_machine": []}}', "null"]
)
def test_other_files_declare_nothing(content: str) -> None:
    assert list(machines(native(Text(content)), list)) == []


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(alphabet='a"\\\n${}% ~é😀\b/', max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet='ab"${}\\ ', max_size=4), inner, max_size=3),
    max_leaves=10,
)


@given(_VALUES)
def test_what_stands_beside_a_machine_never_hides_it(value: Any) -> None:
    (machine,) = read({"resource": {"aws_sfn_state_machine": {"pay": {"a": value, "definition": ENCODED, "b": value}}}})[:1]
    assert machine.logical_id == "pay"


@given(st.text(alphabet='a"\\\n{} ~é😀\t\x01', max_size=20))
def test_a_value_is_the_same_through_native_syntax(text: str) -> None:
    assert only("${file(local.x)}", locals={"x": text, "y": [text]}).file == text
