"""Where the secrets of a definition stand."""

import json
from typing import Any

from asl_lint.facts.secrets import Secrets
from asl_lint.facts.secrets import secrets as secrets_of
from asl_lint.source.document import Document
from asl_lint.source.json_text import read_json
from asl_lint.source.substitution import fill
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml

WORDS = ("password", "bearer", "akia", "://")
MIXED = "Zk4Qw9Rt2Yp7Lm3Nc8Vb5Xd1Hg6Js0Fa"


def secrets(document: Document) -> Secrets:
    return secrets_of(document, WORDS)


def at(payload: Any) -> list[tuple[str, str]]:
    """The last part of the pointer, and the characters, of each secret of a payload."""
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": payload, "End": True}}})
    found = secrets(read_json(Text(text)))
    return [(str(place.pointer[-1]), text[span.start : span.end]) for place, span in zip(found.places, found.spans, strict=True)]


def test_a_secret_is_underlined_alone() -> None:
    assert at({"url": "postgres://app:hunter2x@db"}) == [("url", "hunter2x")]
    assert at({"password": "hunter2x"}) == [("password", "hunter2x")]


def test_a_member_called_value_goes_by_the_name_beside_it() -> None:
    assert at([{"Name": "DB_PASSWORD", "Value": "hunter2x"}]) == [("Value", "hunter2x")]
    assert at([{"name": "DB_PASSWORD", "value": "hunter2x"}, {"name": "MODE", "value": "fast"}]) == [("value", "hunter2x")]
    assert at([{"ParameterKey": "DbPassword", "ParameterValue": "hunter2x"}]) == [("ParameterValue", "hunter2x")]


def test_an_argument_of_a_command_goes_by_the_option_before_it() -> None:
    assert at(["load", "--password", "hunter2x", "--mode", "fast"]) == [("2", "hunter2x")]


def test_the_values_of_a_list_go_by_its_name() -> None:
    assert at({"Headers": {"Authorization": ["Bearer " + MIXED]}}) == [("0", MIXED)]


def test_a_comment_is_read_for_forms_alone() -> None:
    assert at({"Comment": "password"}) == []
    assert at({"Comment": f"was Bearer {MIXED}"}) == [("Comment", MIXED)]


def test_a_name_that_is_a_secret_is_one() -> None:
    key = "AKIA" + "QZ7XW2MNP3KRT4VL"
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {key: 1}, "End": True}}})
    found = secrets(read_json(Text(text)))
    assert [(place.part, text[span.start : span.end]) for place, span in zip(found.places, found.spans, strict=True)] == [
        ("key", f'"{key}"')
    ]


def test_what_a_template_fills_in_is_read_too() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": {"password": "${P}"}, "End": true}}}'
    found = secrets(fill(read_json(Text(text)), {"P": "hunter2x"}))
    assert [place.secret.what for place in found.places] == ["a password"]
    assert found.conceal("hunter2x") == "***"


def test_what_a_template_leaves_open_is_none() -> None:
    text = "StartAt: A\nStates:\n  A:\n    Type: Pass\n    Result: {password: !Ref Password}\n    End: true\n"
    assert secrets(read_yaml(Text(text), functions=True)).places == ()


def test_what_could_not_be_read_is_concealed_all_the_same() -> None:
    found = secrets(read_json(Text('{"StartAt": "A", "password": "hunter2x" oops "hunter2x')))
    assert found.conceal("hunter2x") == "***"
