"""Whatever a Terraform file holds, the reader raises nothing, and what it finds lies in the file and quotes what it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.source.document import Document
from asl_lint.source.terraform import machines
from asl_lint.source.text import Text

pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")

SEED = r"""
locals {
  n = "é"
  d = { StartAt = "A" }
}
resource "aws_sfn_state_machine" "a" {
  type = "EXPRESS"
  definition = <<-EOF
    {"StartAt": "A", "É": "${aws_lambda.x["a"].arn}$${z}", "n": ${local.n}}
  EOF
}
resource "aws_sfn_state_machine" "b" {
  definition = jsonencode({
    StartAt = "A\n😀", "B" : -1.5, (var.k) = [1, null, "${b}c", [for x in y : x]]
    Output = <<EOT
{% $x %}
EOT
  })
}
resource "aws_sfn_state_machine" "c" {
  definition = templatefile("${path.module}/x.json", { a = 1, b = local.n })
}
resource "aws_sfn_state_machine" "d" { definition = jsonencode(local.d) }
resource "aws_sfn_state_machine" "e" { definition = "{\"StartAt\": \"%{ if x }A%{ endif }\"}" }
module "f" {
  source = "terraform-aws-modules/step-functions/aws"
  definition = local.d
}
"""
PIECES = st.sampled_from(
    ['"', "{", "}", "${", "%{", "$${", "<<EOF\n", "EOF\n", "\\", "\n", "(", ")", "=", "é😀", "[", "]", ",", "#"]
)
EDITS = st.lists(st.tuples(st.integers(0, len(SEED)), st.integers(0, 12), PIECES | st.just("")), min_size=1, max_size=4)


def mutated(edits: list[tuple[int, int, str]]) -> str:
    text = SEED
    for at, length, piece in edits:
        text = text[:at] + piece + text[at + length :]
    return text


def assert_places(document: Document, content: str) -> None:
    for pointer in document.pointers():
        for part in ("key", "value"):
            start, end = document.span(pointer, part)  # type: ignore[arg-type]
            assert 0 <= start <= end <= len(content)
        if document.format == "hcl" and pointer and isinstance(pointer[-1], str):
            key = document.node(pointer).key
            assert key is not None
            written = content[slice(*key)]
            assert written.strip('"') == pointer[-1] or any(mark in written for mark in '\\$%({"\n')


@given(EDITS)
@settings(max_examples=150, deadline=None)
def test_mutated_files_raise_nothing_and_places_lie_in_the_file(edits: list[tuple[int, int, str]]) -> None:
    content = mutated(edits)
    for machine in machines(Text(content), lambda: [("beside.tf", content)]):
        if machine.unresolved is not None:
            assert 0 <= machine.unresolved.span.start <= machine.unresolved.span.end <= len(content)
        elif machine.document is not None:
            assert_places(machine.document, content)
        elif machine.expand is not None:
            machine.expand(Text(content))


TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)


@given(st.dictionaries(st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,8}", fullmatch=True), TEXT | st.integers(0, 10**9) | st.booleans()))
@settings(max_examples=100, deadline=None)
def test_what_is_written_as_hcl_reads_as_it_was(members: dict[str, object]) -> None:
    def literal(value: object) -> str:
        if not isinstance(value, str):
            return str(value).lower()
        text = value.replace("\\", "\\\\").replace('"', '\\"').replace("${", "$${").replace("%{", "%%{")
        return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in text) + '"'

    reserved = {"for", "if", "null", "true", "false"}
    members = {name: value for name, value in members.items() if name not in reserved}
    body = "".join(f"    {name} = {literal(value)}\n" for name, value in members.items())
    content = f'resource "aws_sfn_state_machine" "a" {{\n  definition = jsonencode({{\n{body}  }})\n}}\n'
    (machine,) = machines(Text(content), list)
    assert machine.document is not None and machine.document.value == members
    for name, value in members.items():
        assert content[slice(*machine.document.span((name,)))] == literal(value)
