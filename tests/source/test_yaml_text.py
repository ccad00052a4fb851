"""What the YAML reader makes of a text: values, places, and the faults of the text."""

import subprocess
import sys
import time

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from asl_lint.source.document import MISSING, Document, Pointer
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml


def read(content: str) -> Document:
    return read_yaml(Text(content))


def value(content: str) -> object:
    document = read(content)
    assert not document.problems
    return document.value


def quote(document: Document, pointer: Pointer, part: str = "value") -> str:
    span = document.span(pointer, part)  # type: ignore[arg-type]
    return document.text.content[slice(*span)]


def problems(document: Document) -> list[tuple[str, str, Pointer]]:
    return [(p.code, document.text.content[slice(*p.span)], p.pointer) for p in document.problems]


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), inner)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=150)
@given(_JSON, st.sampled_from([None, "'", '"', "|", ">"]), st.booleans(), st.booleans())
def test_what_yaml_dumps_reads_back(data: object, style: str | None, flow: bool, unicode: bool) -> None:
    dumped = yaml.safe_dump(data, default_style=style, default_flow_style=flow, allow_unicode=unicode)
    assume("\x85" not in dumped)  # PyYAML writes a raw next-line character that libyaml then folds into a blank
    document = read(dumped)
    assert document.value == yaml.safe_load(dumped) == data
    assert [p.code for p in document.problems if p.code != "boolean-like-name"] == []


@settings(deadline=None, max_examples=400)
@given(
    st.text(st.sampled_from("ab:-?[]{},#&*!|>'\"%@` \n\t\r\u2028\x85é\U0001f600\\<~$1.\ufeff\x00") | st.characters(), max_size=60)
)
def test_no_text_raises_and_every_place_lies_in_it(content: str) -> None:
    document = read(content)
    document.node(())
    assert document._spans is not None
    size = len(content)
    for pointer, node in document._spans.items():
        assert 0 <= node.value.start <= node.value.end <= size
        assert node.key is None or 0 <= node.key.start <= node.key.end <= size
        document.string(pointer)
    for problem in document.problems:
        assert 0 <= problem.span.start <= problem.span.end <= size
        assert problem.values


@settings(deadline=None, max_examples=150)
@given(content=st.text(st.sampled_from("ab:-?[]{},#&*!|>'\" \n\\"), max_size=40))
def test_the_pure_python_parser_reads_what_libyaml_reads(content: str) -> None:
    expected = read(content)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yaml, "CSafeLoader", yaml.SafeLoader)
        found = read(content)
    if not any(p.code == "syntax-error" for p in (*expected.problems, *found.problems)):
        assert repr(found.value) == repr(expected.value)


@pytest.mark.parametrize("escape", ['a: "\\U00110000"', 'a: "\\UFFFFFFFF"', 'a: "\\ud800"'])
def test_the_pure_python_parser_takes_no_escape_for_a_crash(escape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml, "CSafeLoader", yaml.SafeLoader)
    assert {p.code for p in read(escape).problems} <= {"syntax-error"}


def test_keys_and_values_have_exact_spans() -> None:
    document = read("a: 1\n'b c':  \"x\"  # y\nd:\n  - {e: [f, ~]}\n  - 2\ng:\n")
    assert quote(document, ("a",), "key") == "a"
    assert quote(document, ("b c",), "key") == "'b c'"
    assert quote(document, ("b c",)) == '"x"'
    assert quote(document, ("d",)) == "- {e: [f, ~]}\n  - 2"
    assert quote(document, ("d", 0)) == "{e: [f, ~]}"
    assert quote(document, ("d", 0, "e", 0)) == "f"
    assert document.span(("g",)) == (49, 49)


@pytest.mark.parametrize("prefix", ["\ufeff", "", "# \u2028\n", "\u00e9\U0001f600: [\x85]\n"])
def test_byte_order_marks_and_separators_move_no_span(prefix: str) -> None:
    document = read(f"{prefix}\U0001f680 \U0001f600: x\u00e9\r\nb: 'c'\r\n")
    assert not document.problems
    assert quote(document, ("\U0001f680 \U0001f600",), "key") == "\U0001f680 \U0001f600"
    assert quote(document, ("\U0001f680 \U0001f600",)) == "xé"
    assert quote(document, ("b",)) == "'c'"


def test_a_block_scalar_spans_from_its_indicator_to_its_last_word() -> None:
    document = read("a: !!str |-  # c\n  x\n  y\n\n\nb: &z >+\n  w\n\n")
    assert quote(document, ("a",)) == "|-  # c\n  x\n  y"
    assert quote(document, ("b",)) == ">+\n  w"


def test_anchors_and_standard_tags_are_no_part_of_a_value() -> None:
    document = read("a: &x !!map  # c\n  &k b: 1\nc: !!str &y 'd'\n")
    assert quote(document, ("a",)) == "&k b: 1"
    assert quote(document, ("a", "b"), "key") == "b"
    assert quote(document, ("c",)) == "'d'"


def test_an_alias_stands_where_it_is_written_and_its_inside_at_the_anchor() -> None:
    document = read("a: &x {b: hello}\nc: *x\nd: &y 'it''s'\ne: *y\n")
    assert document.value == {"a": {"b": "hello"}, "c": {"b": "hello"}, "d": "it's", "e": "it's"}
    assert quote(document, ("c",)) == "*x"
    assert document.span(("c", "b")) == document.span(("a", "b"))
    assert document.text.content[slice(*document.span(("e",), within=document.string(("e",)).range  # type: ignore[arg-type]
                                                      and (2, 3)))] == "''"  # fmt: skip


def test_merge_keys_give_way_to_explicit_ones_and_point_into_the_anchor() -> None:
    document = read("x: &x {a: 1, b: 2}\ny: &y {b: 3, c: 4}\nz:\n  c: 5\n  <<: [*x, *y]\nw: {<<: *y, d: 6}\n")
    assert not document.problems
    assert document.value["z"] == {"a": 1, "b": 2, "c": 5}  # type: ignore[index]
    assert document.value["w"] == {"b": 3, "c": 4, "d": 6}  # type: ignore[index]
    assert document.span(("z", "b"), "key") == document.span(("x", "b"), "key")
    assert document.span(("z", "c")) != document.span(("y", "c"))


@pytest.mark.parametrize("content", ["<<: 1", "<<: [{a: 1}, b]", "<<:"])
def test_only_mappings_can_be_merged(content: str) -> None:
    document = read(content + "\nc: 1\n")
    assert document.value["c"] == 1  # type: ignore[index]
    assert [p.code for p in document.problems] == ["syntax-error"]
    assert () in document.damaged


def test_a_quoted_merge_key_is_a_name() -> None:
    assert value("'<<': 1") == {"<<": 1}


def test_the_last_of_two_equal_keys_wins_and_both_are_named() -> None:
    document = read("a: 1\nb: 2\n'a': 3\na: 4\n")
    assert document.value == {"a": 4, "b": 2}
    assert [(p.code, p.span.start, p.values["key"]) for p in document.problems] == [
        ("duplicate-key", 10, "a"),
        ("duplicate-key", 17, "a"),
    ]
    assert [p.related[0] for p in document.problems] == [((0, 1), "first defined here")] * 2


@pytest.mark.parametrize("name", ["True", "No", "on", "YES", "off", "false"])
def test_a_name_that_older_parsers_read_as_boolean_is_reported(name: str) -> None:
    document = read(f"States:\n  {name}:\n    Type: Pass\n")
    assert document.value == {"States": {name: {"Type": "Pass"}}}
    assert problems(document) == [("boolean-like-name", name, ("States", name))]


@pytest.mark.parametrize("content", ["'True': 1", '"no": 1', "!!str yes: 1", "y: 1", "1: 1", "null: 1", "~: 1", "truE: 1"])
def test_other_names_are_not_reported(content: str) -> None:
    assert not read(content).problems


def test_a_key_is_its_text() -> None:
    assert value("1: a\n2.0: b\nnull: c\n~: d\n2012-10-17: e\n${X}: f\n?\n: g\n") == {
        "1": "a", "2.0": "b", "null": "c", "~": "d", "2012-10-17": "e", "${X}": "f", "": "g",
    }  # fmt: skip


@pytest.mark.parametrize(("content", "key"), [("? [a]\n: 1", "[a]"), ("? {a: b}\n: 1", "{a: b}"), ("{[a]: 1}", "[a]")])
def test_a_key_that_is_no_string_is_reported(content: str, key: str) -> None:
    document = read(content)
    assert problems(document) == [("syntax-error", key, ())]
    assert document.value == {}
    assert document.damaged == {()}


def test_an_unquoted_placeholder_is_of_any_type_and_a_quoted_one_a_string() -> None:
    assert value("a: ${X}\nb: '${X}'\nc: x${X}\nd: |\n  ${X}\ne: ${X}${Y}") == {
        "a": Placeholder("${X}"), "b": "${X}", "c": "x${X}", "d": "${X}\n", "e": "${X}${Y}",
    }  # fmt: skip


def test_tags_of_an_application_are_placeholders() -> None:
    document = read("a: !Sub '${X}'\nb: !GetAtt A.B\nc: !Join ['', [d, e]]\nf: !If\n  - g\n  - h\ni: !Ref J # k\n")
    assert document.value == {
        "a": Placeholder("!Sub '${X}'"), "b": Placeholder("!GetAtt A.B"), "c": Placeholder("!Join ['', [d, e]]"),
        "f": Placeholder("!If\n  - g\n  - h"), "i": Placeholder("!Ref J"),
    }  # fmt: skip
    assert quote(document, ("a",)) == "!Sub '${X}'"


def test_an_unquoted_dynamic_reference_is_reported_as_a_whole() -> None:
    document = read("a: {{resolve:ssm:x}}\nb: 1\n")
    assert problems(document) == [("syntax-error", "{{resolve:ssm:x}}", ("a",))]
    assert document.value == {"a": MISSING, "b": 1}


def test_a_second_document_is_reported() -> None:
    document = read("---\na: 1\n...\n---\nb: 2\n")
    assert document.value == {"a": 1}
    assert problems(document) == [("syntax-error", "---", ())]


@pytest.mark.parametrize("content", ["", "\n", "# a\n", "---\n", "\ufeff"])
def test_an_empty_document_is_null(content: str) -> None:
    assert value(content) is None


def test_directives_are_read_over() -> None:
    assert value("%YAML 1.2\n%TAG ! tag:x,2000:\n---\na: 1\n") == {"a": 1}


def test_aliases_that_explode_are_cut_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    document = read("\n".join(lines))
    assert [p.code for p in document.problems] == ["syntax-error"]
    assert "nodes" in document.problems[0].values["problem"]
    document.node(())
    assert document._spans is not None and len(document._spans) < 10_000 + 3 * len(document.text.content)


def test_merges_that_pile_up_are_cut() -> None:
    lines = ["m0: &m0 {k0: 1}"] + [f"m{i}: &m{i} {{<<: *m{i - 1}, k{i}: 1}}" for i in range(1, 1500)]
    document = read("\n".join(lines))
    assert [p.code for p in document.problems] == ["syntax-error"]


def test_aliases_cannot_nest_deeper_than_brackets() -> None:
    lines = ["m0: &m0 {k: 1}"] + [f"m{i}: &m{i} {{k: *m{i - 1}}}" for i in range(1, 300)]
    assert {p.code for p in read("\n".join([*lines, "# " + "x" * 50_000])).problems} == {"nested-too-deeply"}


@pytest.mark.parametrize("content", ["a: &x [*x]", "a: &x {b: {c: *x}}", "a: &x\n  <<: *x\n"])
def test_a_node_cannot_contain_itself(content: str) -> None:
    document = read(content)
    assert problems(document)[0][:2] == ("syntax-error", "*x")
    assert "contains itself" in document.problems[0].values["problem"]


def test_an_alias_without_anchor_is_of_any_type() -> None:
    document = read("a: *x\nb: &x 1\nc: *x\n")
    assert document.value == {"a": MISSING, "b": 1, "c": 1}
    assert problems(document) == [("syntax-error", "*x", ("a",))]


@pytest.mark.parametrize("unit", ["[", "{a: ", "- ", "? ", "[{a: "])
def test_deep_nesting_is_one_problem_and_quick(unit: str) -> None:
    started = time.perf_counter()
    document = read("x:\n  " + unit * 100_000)
    assert [p.code for p in document.problems] == ["nested-too-deeply"]
    assert document.problems[0].values == {"limit": "200"}
    assert () in document.damaged
    assert time.perf_counter() - started < 5


def test_two_hundred_levels_are_read() -> None:
    assert not read("[" * 200 + "]" * 200).problems
    assert [p.code for p in read("[" * 201 + "]" * 201).problems] == ["nested-too-deeply"]


def test_what_stood_before_a_syntax_error_is_kept_and_what_was_open_is_damaged() -> None:
    document = read("a: {b: 1}\nc:\n  d: 2\n  e:\n    f: 3\n    g: @\nh: 4\n")
    assert document.value == {"a": {"b": 1}, "c": {"d": 2, "e": {"f": 3}}}
    assert document.damaged == {(), ("c",), ("c", "e")}
    assert problems(document) == [("syntax-error", "@", ("c", "e", "g"))]


def test_a_value_that_an_error_touches_is_unknown() -> None:
    assert read("a: 1\nb: 'x' y\n").value == {"a": 1, "b": MISSING}
    assert read("a: 1\nb:\n   c:\n  d: 1\n").value == {"a": 1, "b": {"c": MISSING}}


@pytest.mark.parametrize("content", ["[{[]: a, b", "[? [x] : y", "- <<: x\n b", "- {<<: x} y", "- ? [a]\n  : b\n c"])
def test_an_error_behind_a_member_without_a_name_is_one_problem_more(content: str) -> None:
    document = read(content)
    assert {p.code for p in document.problems} == {"syntax-error"}
    assert () in document.damaged


def test_reading_json_does_not_import_yaml() -> None:
    code = "import sys, asl_lint.source.yaml_text, asl_lint.source.yaml_comments; sys.exit('yaml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
