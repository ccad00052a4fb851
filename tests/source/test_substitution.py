"""A document as it is deployed: what is filled in, and what it becomes."""

import json
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from asl_lint.source.document import MISSING, Document
from asl_lint.source.json_text import read_json
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.substitution import fill, in_string
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml


def filled(text: str, as_yaml: bool = False, **values: object) -> Any:
    return fill(read_json(Text(text)), values, as_yaml=as_yaml).value


def test_known_values_are_filled_in_wherever_they_stand() -> None:
    text = '{"a": "${X}", "${X}": ["b${X}c", ${Y}, "${Z}"]}'
    assert filled(text, X="x", Y=3, Z=MISSING) == {"a": "x", "x": ["bxc", 3, "${Z}"]}


@pytest.mark.parametrize(
    ("value", "in_json", "in_yaml"),
    [
        (3, 3, 3), ("3", 3, 3), (True, True, True), ("true", True, True), ("null", None, None), ('"a"', "a", "a"),
        ("soon", Placeholder("${X}"), "soon"), ("arn:aws:sns:a:1:b", Placeholder("${X}"), "arn:aws:sns:a:1:b"),
        ("", Placeholder("${X}"), None), ("a: b", Placeholder("${X}"), Placeholder("${X}")),
        ("NaN", Placeholder("${X}"), "NaN"), ({}, Placeholder("${X}"), Placeholder("${X}")),
    ],
)  # fmt: skip
def test_without_quotes_a_placeholder_becomes_the_value_that_its_text_is(value: object, in_json: object, in_yaml: object) -> None:
    text = '{"a": ${X}}'
    assert filled(text, X=value) == {"a": in_json}
    assert filled(text, as_yaml=True, X=value) == {"a": in_yaml}
    assert fill(read_yaml(Text("a: ${X}")), {"X": value}).value == {"a": in_yaml}


def test_in_a_string_of_json_its_escapes_count() -> None:
    assert filled('{"a": "<${X}>"}', X='\\"\\u00e9') == {"a": '<"é>'}
    assert filled('{"a": "<${X}>"}', X='"') == {"a": "<${X}>"}  # the string ends there
    assert fill(read_yaml(Text("a: <${X}>")), {"X": '"'}).value == {"a": '<">'}


def test_what_is_given_nothing_stays_where_it_is_a_whole_string() -> None:
    assert filled('{"a": "${X}", "b": "${X}b"}', X="") == {"a": "${X}", "b": "b"}


def test_placeholders_in_values_are_filled_in_turn() -> None:
    assert filled('["${A}"]', A="${B}-a", B="${C}-b", C="c") == ["c-b-a"]
    assert filled('["${A}"]', A="${B}-a", B="b", C="c") == ["b-a"]


@pytest.mark.parametrize("values", [{"A": "${A}"}, {"A": "x${A}${A}"}, {"A": "${B}${B}", "B": "${A}${A}"}])
def test_a_circle_of_values_ends(values: dict[str, object]) -> None:
    assert len(json.dumps(filled('["${A}"]', **values))) < 1_000_000


def test_a_filled_document_knows_what_was_written() -> None:
    document = read_json(Text('["${A}"]'))
    deployed = fill(document, {"A": "a"})
    assert (deployed.written is document, document.written is document) == (True, True)
    assert isinstance(deployed, Document)


_TEXTS = st.text(alphabet='ab"\\n1 é', max_size=6)
_PARTS = st.sampled_from(["${A}", "${B}", "${C}", "x", "1", " ", "é"])
_STRINGS = st.lists(_PARTS, max_size=4).map("".join)
_TREES = st.recursive(
    _STRINGS.map(json.dumps) | st.sampled_from(["${A}", "${B}", "3", "null"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]")
        | st.dictionaries(_STRINGS, inner, max_size=3).map(
            lambda members: (
                "{" + ", ".join(f"{json.dumps(key, ensure_ascii=False)}: {value}" for key, value in members.items()) + "}"
            )
        )
    ),
    max_leaves=8,
)
_GIVEN = st.fixed_dictionaries(
    {"A": _TEXTS | st.integers() | st.booleans(), "B": _TEXTS | st.sampled_from(["${C}", "c${C}"]), "C": _TEXTS}
)


@given(_TREES, _GIVEN)
@example("[${B}]", {"A": "", "B": "${C}", "C": ""})
def test_what_is_filled_in_is_what_the_characters_of_the_text_make(text: str, values: dict[str, Any]) -> None:
    """The reference replaces characters, as CloudFormation does, and reads what comes of it."""

    def replaced(found: str) -> str:
        for _ in range(5):
            for name, value in values.items():
                found = found.replace(f"${{{name}}}", value if isinstance(value, str) else json.dumps(value))
        return found

    try:
        wanted = json.loads(replaced(text))
    except ValueError:
        return
    assume(all(in_string(value) is not None for value in values.values() if isinstance(value, str)))  # that is told
    empty = [name for name, value in values.items() if isinstance(value, str) and not replaced(value).strip()]
    assume(not any(f"${{{name}}}" in text for name in empty))  # a string that is given nothing stays
    assert filled(text, **values) == wanted


@given(_TREES, _GIVEN)
def test_every_string_that_is_filled_in_leads_back_to_the_file(text: str, values: dict[str, Any]) -> None:
    document = read_json(Text(text))
    deployed = fill(document, values)
    for pointer in deployed.pointers():
        value: Any = deployed.value
        try:
            for part in pointer:
                value = value[part]
        except (KeyError, IndexError, TypeError):
            continue  # two keys became one
        if isinstance(value, str):
            start, end = deployed.span(pointer)
            assert 0 <= start <= end <= len(text)
