"""Where the schema of an execution's input comes from: a file beside the definition, or the configuration."""

import json
from pathlib import Path

import pytest

from asl_lint.config import Config, load_config
from asl_lint.facts.machine_facts import Facts, Workflow
from asl_lint.schemas.input_schema import declared_input
from asl_lint.source.reading import read_document
from asl_lint.types.lattice import ANY, INTEGER, SOMETHING, STRING, Type, object_of
from tests.command_line import check, enter, write

SIMPLE = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
ORDER = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    enter(tmp_path, monkeypatch)
    write(orders=SIMPLE, returns=SIMPLE)
    return tmp_path


def input_of(path: str, config: Config | None = None) -> Type | None:
    schema, failures = declared_input(config or Config(), path)
    assert failures == ()
    document = read_document(Path(path).read_text(), path)
    facts = Facts(Workflow(path, document, input_schema=schema))
    return facts.types.input(facts.machine.states[0])


def test_without_a_schema_the_input_is_anything() -> None:
    assert input_of("orders.asl.json") == SOMETHING


def test_a_schema_beside_the_definition_types_its_input() -> None:
    Path("orders.input.schema.json").write_text(json.dumps(ORDER))
    assert input_of("orders.asl.json") == object_of({"id": STRING}, ANY)
    assert input_of("returns.asl.json") == SOMETHING


def test_the_configuration_names_schemas_for_all_files_and_for_some() -> None:
    Path("schemas").mkdir()
    Path("schemas/order.json").write_text(json.dumps(ORDER))
    Path("schemas/number.json").write_text('{"type": "integer"}')
    settings = 'input-schema = "schemas/number.json"\nper-file-input-schema = { "orders*" = "schemas/order.json" }\n'
    Path("asl-lint.toml").write_text(settings)
    config = load_config("asl-lint.toml")
    assert input_of("orders.asl.json", config) == object_of({"id": STRING}, ANY)
    assert input_of("returns.asl.json", config) == INTEGER


def test_the_configuration_comes_before_the_file_beside() -> None:
    Path("orders.input.schema.json").write_text(json.dumps(ORDER))
    Path("number.json").write_text('{"type": "integer"}')
    Path("asl-lint.toml").write_text('input-schema = "number.json"\n')
    assert input_of("orders.asl.json", load_config("asl-lint.toml")) == INTEGER


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"type": "object",}', "orders.input.schema.json:1: is no JSON"),
        ('{"type": "strnig"}', "orders.input.schema.json: is no JSON Schema: 'strnig' is not valid"),
        ('{"properties": {"a": {"minimum": "1"}}}', "(at /properties/a/minimum)"),
        ("[" * 100_000, "orders.input.schema.json: is no JSON that can be read"),
        ("[]", "is no JSON Schema"),
    ],
)
def test_a_schema_that_cannot_be_used_is_told_and_the_definition_is_checked_without_it(text: str, told: str) -> None:
    Path("orders.input.schema.json").write_text(text)
    write(orders={"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "Nowhere"}}})
    result = check("orders.asl.json", code=2)
    assert told in result.output
    assert "Nowhere" in result.output


def test_a_schema_that_is_named_and_not_there_is_told() -> None:
    Path("asl-lint.toml").write_text('input-schema = "none.json"\n')
    result = check("orders.asl.json", code=2)
    assert "none.json" in result.output


def test_a_definition_that_a_template_names_has_the_schema_beside_it() -> None:
    Path("orders.input.schema.json").write_text("{")
    Path("template.yaml").write_text(
        "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders:\n    Type: AWS::Serverless::StateMachine\n"
        "    Properties: {DefinitionUri: orders.asl.json}\n"
    )
    assert "orders.input.schema.json" in check("template.yaml", code=2).output
    Path("orders.input.schema.json").write_text(json.dumps(ORDER))
    check("template.yaml", code=0)
