"""Rule files as YAML: JSON's types, no surprises, and the line of everything."""

import json
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.catalog import CatalogError
from asl_lint.catalog.yaml_file import YamlFile, read_yaml_file


def read(folder: Path, content: str | bytes) -> YamlFile:
    path = folder / "rule.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_yaml_file(str(path))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("on", "on"),
        ("Yes", "Yes"),
        ("2012-10-17", "2012-10-17"),
        ("1_000", "1_000"),
        ("010", "010"),
        ("1:30", "1:30"),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("3", 3),
        ("-3", -3),
        ("2.5", 2.5),
        ("1e3", 1000.0),
        ('"3"', "3"),
        ("'true'", "true"),
        ("${Name}", "${Name}"),
    ],
)
def test_plain_words_are_text_unless_json_has_them(tmp_path: Path, written: str, value: object) -> None:
    found = read(tmp_path, f"key: {written}\n").value
    assert found == {"key": value}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(value)


@settings(deadline=None, max_examples=100)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**12), 10**12)
        | st.text(st.characters(codec="utf-8", exclude_categories=["C"])),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc-", min_size=1), inner, max_size=4),
        max_leaves=12,
    )
)
def test_what_is_written_as_json_is_read_as_it_was(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    # JSON is YAML as long as nothing but its own escapes is used.
    text = json.dumps({"value": value}, ensure_ascii=False)
    assert read(tmp_path_factory.mktemp("yaml"), text).value == {"value": value}


def test_lines_are_those_of_keys_and_of_the_nearest_container(tmp_path: Path) -> None:
    file = read(tmp_path, "name: a\nexamples:\n  bad:\n    - text: |\n        x\n      expect: []\n")
    assert file.line(("name",)) == 1
    assert file.line(("examples", "bad")) == 3
    assert file.line(("examples", "bad", 0)) == 4
    assert file.line(("examples", "bad", 0, "expect")) == 6
    assert file.line(("examples", "bad", 0, "also")) == 4
    assert file.line(()) == 1


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("name: a\nname: b\n", 2, 'the key "name" stands twice'),
        ("a: [1\nb: 2\n", 2, "this is not YAML"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        ("a: 1\n---\nb: 2\n", 2, "this is not YAML: a second document begins here"),
        ("a: 1\nYes: 2\n", 2, 'put "Yes" in quotes'),
    ],
)
def test_what_a_rule_file_does_not_need_is_refused_with_its_line(
    tmp_path: Path, content: str | bytes, line: int, problem: str
) -> None:
    with pytest.raises(CatalogError, match=re.escape(problem)) as caught:
        read(tmp_path, content)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("", "empty"),
        ("# nothing\n", "empty"),
        ("[" * 30_000, "nested more than"),
        ("a: " + "[" * 5_000 + "]" * 5_000, "nested more than"),
        ("x" * 1_000_001, "larger than"),
    ],
)
def test_what_is_no_rule_at_all_is_refused(tmp_path: Path, content: str, problem: str) -> None:
    with pytest.raises(CatalogError, match=problem):
        read(tmp_path, content)


def test_a_byte_order_mark_is_no_part_of_the_first_key(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbfname: a\n").value == {"name": "a"}


def test_it_reads_what_pyyaml_writes(tmp_path: Path) -> None:
    value = {"a": [1, 2.5, None, True, "on", "1", ""], "b": {"c": "x\ny", "d": "ü"}}
    assert read(tmp_path, yaml.safe_dump(value, allow_unicode=True)).value == value
