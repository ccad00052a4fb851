"""The state machines that Terraform files declare: their texts, places, and what is filled in."""

import json
import sys
from typing import Any

import pytest

from asl_lint.source.document import MISSING
from asl_lint.source.embedded import EmbeddedMachine
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.terraform import machines
from asl_lint.source.text import Text

pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")

DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "%s", "End": true}}}'


def read(content: str, **siblings: str) -> list[EmbeddedMachine]:
    beside = [(f"{name}.tf", text) for name, text in siblings.items()]
    return list(machines(Text(content), lambda: beside))


def resource(attributes: str, more: str = "") -> str:
    return f'resource "aws_sfn_state_machine" "pay" {{\n  name = "pay"\n  {attributes}\n}}\n{more}'


def only(attributes: str, more: str = "", **siblings: str) -> EmbeddedMachine:
    (machine,) = read(resource(attributes, more), **siblings)
    assert machine.logical_id == "pay"
    return machine


def value(machine: EmbeddedMachine) -> Any:
    assert machine.document is not None and not machine.document.problems
    return machine.document.value


def quoted(machine: EmbeddedMachine, *pointer: str | int, part: Any = "value") -> str:
    """The text of the file at a value of the definition."""
    assert machine.document is not None
    return machine.document.text.root.content[slice(*machine.document.span(pointer, part))]


def why(attributes: str, more: str = "") -> str:
    machine = only(attributes, more)
    assert machine.document is None and machine.file is None and machine.unresolved is not None
    return machine.unresolved.reason


# --- texts --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["<<EOF", "<<-EOF"])
def test_a_heredoc_is_a_definition_with_placeholders(mark: str) -> None:
    machine = only(f"definition = {mark}\n    " + DEFINITION % "${aws_lambda_function.pay.arn}" + '\n  EOF\n  type = "EXPRESS"')
    assert value(machine)["States"]["A"]["Resource"] == "${aws_lambda_function.pay.arn}"
    assert quoted(machine, "States", "A", "Resource") == '"${aws_lambda_function.pay.arn}"'
    assert (machine.substitutions, machine.machine_type) == ({"aws_lambda_function.pay.arn": MISSING}, "EXPRESS")


def test_characters_outside_of_ascii_do_not_shift_places() -> None:
    machine = only("# é 😀 ü\n  definition = <<EOF\n" + DEFINITION % "ärn😀" + "\nEOF", "# after: é\n")
    assert quoted(machine, "States", "A", "Resource") == '"ärn😀"'
    assert quoted(machine, "States", "A", "End") == "true"


def test_a_string_is_a_definition_through_its_escapes() -> None:
    machine = only("definition = " + json.dumps(DEFINITION % "a\\u00e9b"))
    assert value(machine)["States"]["A"]["Resource"] == "aéb"
    assert quoted(machine, "States", "A", "Resource") == '\\"a\\\\u00e9b\\"'


def test_an_interpolation_with_quotes_and_braces_is_one_placeholder() -> None:
    machine = only("definition = <<EOF\n" + DEFINITION % '${merge(var.a["x"], {b = "}"})["c"]}:x' + "\nEOF")
    assert value(machine)["States"]["A"]["Resource"] == "${merge(var.a[x], b = )[c]}:x"
    assert quoted(machine, "States", "A", "Resource") == '"${merge(var.a["x"], {b = "}"})["c"]}:x"'
    assert quoted(machine, "States", "A", "End") == "true"


def test_an_interpolation_without_quotes_is_a_value_of_any_type() -> None:
    machine = only("definition = <<EOF\n" + DEFINITION.replace('"%s"', "${jsonencode(local.x)}") + "\nEOF")
    assert value(machine)["States"]["A"]["Resource"] == Placeholder("${jsonencode(local.x)}")


def test_a_doubled_dollar_is_literal_and_nobody_s_placeholder() -> None:
    machine = only("definition = <<EOF\n" + DEFINITION % "echo $${HOME} 100%%{x}" + "\nEOF")
    assert value(machine)["States"]["A"]["Resource"] == "echo ${HOME} 100%{x}"
    assert machine.substitutions == {"HOME": MISSING}
    assert quoted(machine, "States", "A", "Resource") == '"echo $${HOME} 100%%{x}"'


def test_a_name_alone_is_no_reference_and_stays_open() -> None:
    machine = only("definition = <<EOF\n" + DEFINITION % "${Function} ${var.x} ${null}" + "\nEOF")
    assert machine.substitutions == {"var.x": MISSING, "null": MISSING}
    machine = only('definition = jsonencode({ StartAt = "${First}", States = [for s in var.s : "${s}"] })')
    assert machine.substitutions is not None and "First" not in machine.substitutions


def test_a_literal_local_is_filled_in() -> None:
    more = 'locals {\n  region = "eu-west-1"\n  n = 5\n  odd = "a\\"b"\n  of_var = "${var.x}-1"\n  both = "${local.region}a"\n}\n'
    text = DEFINITION % "${local.region} ${local.n} ${local.odd} ${local.of_var} ${local.both} ${local.gone} ${var.x}"
    assert only(f"definition = <<EOF\n{text}\nEOF", more).substitutions == {
        "local.region": "eu-west-1", "local.n": 5, "local.odd": MISSING, "local.of_var": MISSING,
        "local.both": "eu-west-1a", "local.gone": MISSING, "var.x": MISSING,
    }  # fmt: skip


# --- jsonencode -----------------------------------------------------------------------------------------------------------------


def test_an_object_made_to_text_has_places_for_keys_and_values() -> None:
    machine = only(
        'definition = jsonencode({\n    StartAt = "A", "States" : {\n      A = {\n        Type = "Wait" # é\n'
        '        Seconds = 5\n        "End": true }\n    }\n  })'
    )
    assert value(machine) == {"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 5, "End": True}}}
    assert quoted(machine, "StartAt", part="key") == "StartAt"
    assert quoted(machine, "States", part="key") == '"States"'
    assert quoted(machine, "States", "A", "Type") == '"Wait"'
    assert quoted(machine, "States", "A", "Seconds") == "5"


def test_what_is_inside_of_a_string_has_its_place() -> None:
    machine = only('definition = jsonencode({ A = "x\\ty$${z}" })')
    assert value(machine) == {"A": "x\ty${z}"}
    document = machine.document
    assert document is not None
    text = document.string(("A",))
    place = text.trace(text.content.index("y"), len(text.content))
    assert document.text.content[slice(*place)] == "y$${z}"


def test_values_that_only_the_deployment_knows_are_unknown() -> None:
    machine = only(
        "definition = jsonencode({ a = var.x, b = f(1), c = [for s in var.l : s], d = var.x ? 1 : 2, e = 1 + 2,\n"
        '  f = "${var.y}", g = "%{ if var.z }q%{ endif }", h = -1.5, i = null, j = [1, (false)], "k${var.k}" = 1, (var.l) = 2 })'
    )
    found = value(machine)
    assert all(isinstance(found[key], Placeholder) for key in "abcdefg")
    assert {key: found[key] for key in "hij"} == {"h": -1.5, "i": None, "j": [1, False]}
    assert list(found)[10:] == ["k${var.k}", "${var.l}"]
    assert machine.substitutions is not None and set(machine.substitutions.values()) == {MISSING}
    assert {"var.x", "f(1)", "var.y", "var.k"} <= set(machine.substitutions)


def test_a_heredoc_in_an_object_loses_its_indentation() -> None:
    machine = only("definition = jsonencode({\n    Output = <<-EOT\n      {% 1\n        + ${var.n} %}\n    EOT\n  })")
    assert value(machine) == {"Output": "{% 1\n  + ${var.n} %}\n"}
    assert machine.document is not None
    text = machine.document.string(("Output",))
    at = text.content.index("+")
    start, end = text.trace(at, at + 1)
    assert machine.document.text.content[start - 2 : end + 2] == "  + $"


def test_text_decoded_and_encoded_is_the_text() -> None:
    assert only('definition = jsonencode(yamldecode(file("a.yaml")))').file == "a.yaml"


# --- files ----------------------------------------------------------------------------------------------------------------------


def test_a_file_is_named_from_the_folder_of_the_module_and_nothing_is_filled_in() -> None:
    machine = only('definition = file("${path.module}/flow/${local.n}.asl.json")', 'locals {\n  n = "pay"\n}\n')
    assert (machine.file, machine.substitutions, machine.expand) == ("./flow/pay.asl.json", {}, None)


def test_templatefile_fills_in_its_variables() -> None:
    machine = only(
        'definition = templatefile("a.tftpl", {\n    arn = aws_sqs_queue.q.arn, "name" : "orders", n = 1, flag = local.f\n'
        "    unused = 1\n  })",
        "locals {\n  f = true\n}\n",
    )
    assert machine.file == "a.tftpl" and machine.expand is not None
    expanded = machine.expand(Text('{"a": "${arn} ${ name } ${n}", "b": ${flag}, "c": "${nme} ${arn.x} ${upper(name)} $${raw}"}'))
    assert expanded.substitutions == {
        "arn": MISSING, "name": "orders", "n": 1, "flag": True, "arn.x": MISSING, "upper(name)": MISSING, "raw": MISSING,
        "unused": MISSING,
    }  # fmt: skip
    assert list(expanded.declared) == ["unused"]
    assert expanded.text.content.endswith('${raw}"}')


def test_a_directive_in_a_file_decides_what_it_holds() -> None:
    machine = only('definition = templatefile("a.tftpl", {})')
    assert machine.expand is not None
    assert machine.expand(Text("{%{ for x in y }\n1%{ endfor }}")).reason == (
        "is a template in which %{ for x in y } decides what it holds"
    )


@pytest.mark.parametrize("variables", ["var.all", "merge({a = 1}, var.b)", "{ (var.k) = 1 }"])
def test_variables_with_unknown_names_leave_everything_open(variables: str) -> None:
    machine = only(f'definition = templatefile("a.tftpl", {variables})')
    assert machine.expand is not None and machine.expand(Text("${x}")).substitutions is None


def test_the_data_source_template_file_is_followed() -> None:
    more = 'data "template_file" "sfn" {\n  template = file("${path.module}/a.json")\n  vars = {\n    T = "orders"\n  }\n}\n'
    machine = only("definition = data.template_file.sfn.rendered", more)
    assert machine.file == "./a.json" and machine.expand is not None
    assert machine.expand(Text("${T}")).substitutions == {"T": "orders"}


# --- references -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reference", ["local.d", '"${local.d}"', "(local.d)", "trimspace(local.d)", "<<EOF\n  ${local.d}\nEOF"])
def test_a_local_of_the_same_file_is_followed(reference: str) -> None:
    machine = only(f"definition = {reference}", 'locals {\n  d = jsonencode({ StartAt = "A" })\n}\n')
    assert quoted(machine, "StartAt") == '"A"' and machine.file is None


def test_a_local_of_another_file_is_checked_there() -> None:
    machine = only("definition = jsonencode(local.d)", other='locals {\n  d = { StartAt = "A" }\n}\n')
    assert machine.file == "other.tf" and quoted(machine, "StartAt") == '"A"'


@pytest.mark.parametrize(
    ("definition", "reason"),
    [
        ("var.definition", "var.definition is known only to who deploys it"),
        ("module.x.text", "module.x.text is not evaluated"),
        ("local.gone", "local.gone is not evaluated"),
        ("local.circle", "local.circle is not evaluated"),
        ("var.a ? var.b : var.c", "a condition decides what its definition is"),
        ('replace(file("a"), "b", "c")', "replace() is not evaluated"),
        ("jsonencode(merge({}, var.x))", "merge() is not evaluated"),
        ("jsonencode(var.x)", "var.x is not evaluated"),
        ('file("${path.root}/a.json")', 'its definition lies where "${path.root}/a.json" says'),
        ('templatefile("${var.x}.json", {})', 'its definition lies where "${var.x}.json" says'),
        ('"${var.a}${var.b}"', "its definition is put together from references"),
        ("<<EOF\n{%{ if var.x }\n%{ endif }}\nEOF", "%{ if var.x } decides what its definition holds"),
        ("data.template_file.x.rendered", "data.template_file.x is not in this folder"),
        ("{ StartAt = 1 }", "its definition is an object, not a text: jsonencode makes one"),
    ],
)
def test_what_cannot_be_had_is_told(definition: str, reason: str) -> None:
    assert why(f"definition = {definition}", "locals {\n  circle = local.circle\n}\n") == reason


def test_a_resource_without_definition_is_told() -> None:
    assert why("role_arn = var.x") == "it has no definition"


@pytest.mark.parametrize(("kind", "wanted"), [('"EXPRESS"', "EXPRESS"), ("local.t", "STANDARD"), ("var.t", None)])
def test_the_type_is_what_the_resource_says(kind: str, wanted: str | None) -> None:
    assert only(f'definition = "{{}}"\n  type = {kind}', 'locals {\n  t = "STANDARD"\n}\n').machine_type == wanted


@pytest.mark.parametrize(
    "source", ["terraform-aws-modules/step-functions/aws", "terraform-aws-modules/step-functions/aws//modules/x",
               "git::https://example.com/terraform-aws-step-functions.git?ref=v4"],
)  # fmt: skip
def test_the_module_declares_a_machine(source: str) -> None:
    (machine,) = read(f'module "flow" {{\n  source = "{source}"\n  definition = "{{}}"\n}}\n')
    assert (machine.logical_id, machine.machine_type) == ("flow", "STANDARD")


def test_other_blocks_declare_nothing() -> None:
    commented = '# resource "aws_sfn_state_machine" "a" {'
    assert read(f'output "aws_sfn_state_machine" {{\n  value = 1\n}}\nresource "aws_sqs_queue" "q" {{}}\n{commented}') == []
    assert read('module "x" {\n  source = "./step-functions-role"\n  definition = "{}"\n}\n') == []


def test_a_broken_file_says_so_for_what_it_loses() -> None:
    found = read('resource "aws_sfn_state_machine" "a" {\n  definition = jsonencode({ a = = })\n}\n')
    assert [one.document for one in found] == [None] and found[0].unresolved is not None
    (lost,) = read('x "\n' + resource('definition = "{}"'))
    assert lost.unresolved is not None


def test_without_tree_sitter_each_machine_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_hcl", None)
    monkeypatch.delitem(sys.modules, "asl_lint.source.hcl", raising=False)
    assert why('definition = file("x")') == "reading Terraform needs the packages tree-sitter and tree-sitter-hcl (the extra hcl)"
    module = 'module "%s" {\n  source = "terraform-aws-modules/%s/aws"\n  %s = "{}"\n}\n'
    text = module % ("a", "step-functions", "definition") + module % ("b", "lambda", "definition")
    assert [one.logical_id for one in read(text + module % ("c", "step-functions", "name"))] == ["a"]


# --- what only an attacker writes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "definition",
    [
        "trimspace(" * 3000 + '"{}"' + ")" * 3000,
        "jsonencode(jsondecode(" * 1000 + "1" + "))" * 1000,
        "(" * 3000 + '"{}"' + ")" * 3000,
        "jsonencode({ a = " + "[" * 3000 + "]" * 3000 + "})",
        "jsonencode({ a = " + "{ a = " * 1000 + "1" + "}" * 1000 + "})",
        "<<EOF\n" + "$${" * 20_000 + "${" * 20_000 + "\nEOF",
        '"' + '${"' * 500 + '"}' * 500 + '"',
    ],
    ids=["calls", "decoders", "parentheses", "tuples", "objects", "marks", "strings"],
)
def test_no_nesting_is_too_deep(definition: str) -> None:
    assert len(read(resource(f"definition = {definition}"))) == 1


def test_references_to_references_stay_short() -> None:
    chain = "".join(f'  l{i} = "{f"${{local.l{i + 1}}}" * 10}"\n' for i in range(18))
    machine = only('definition = "{\\"a\\": \\"${local.l0}\\"}"', f'locals {{\n{chain}  l18 = "x"\n}}\n')
    assert machine.substitutions == {"local.l0": MISSING}
