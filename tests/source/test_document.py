"""Documents: places of values, keys and characters, what is unknown, and which reader takes a text."""

from collections.abc import Mapping

import pytest

from asl_lint.source.document import (
    MISSING,
    Document,
    NodeSpan,
    Note,
    Pointer,
    Problem,
    format_pointer,
    is_unknown,
    parse_pointer,
)
from asl_lint.source.failure import Failure
from asl_lint.source.placeholders import Placeholder, has_placeholder, is_template_function
from asl_lint.source.reading import read_document
from asl_lint.source.text import Segment, Span, Text

CONTENT = '{"a": ["bcd"]}'
SPANS: Mapping[Pointer, NodeSpan] = {
    (): NodeSpan(None, Span(0, 14)),
    ("a",): NodeSpan(Span(1, 4), Span(6, 13)),
    ("a", 0): NodeSpan(None, Span(7, 12)),
}


class Located:
    """A document over ``CONTENT`` that counts how often its places were asked for."""

    def __init__(self, spans: Mapping[Pointer, NodeSpan] = SPANS) -> None:
        self.spans = spans
        self.calls = 0
        self.text = Text(CONTENT)
        self.document = Document(self.text, "json", {"a": ["bcd"]}, self.locate, self.string)

    def locate(self) -> Mapping[Pointer, NodeSpan]:
        self.calls += 1
        return self.spans

    def string(self, node: NodeSpan) -> Text:
        start, end = node.value.start + 1, node.value.end - 1
        return Text(CONTENT[start:end], self.text, (Segment(0, end - start, start, end),))


def test_a_document_holds_what_it_was_given_and_is_whole_unless_said() -> None:
    problem = Problem("syntax-error", Span(0, 1), (), {"problem": "p"})
    located = Located()
    document = located.document
    assert (document.text, document.format, document.value) == (located.text, "json", {"a": ["bcd"]})
    assert (document.problems, document.damaged) == ((), frozenset())
    other = Document(located.text, "yaml", None, located.locate, located.string, (problem,), frozenset({("a",)}))
    assert (other.format, other.problems, other.damaged) == ("yaml", (problem,), frozenset({("a",)}))
    assert (problem.help, problem.related) == (None, ())
    assert Problem("c", Span(0, 1), (), {}, "h", (Note(Span(0, 1), "m"),)).related[0].message == "m"


def test_places_are_found_at_the_first_question_and_once() -> None:
    located = Located()
    assert located.calls == 0
    assert list(located.document.pointers()) == list(SPANS)
    assert list(located.document.pointers()) == list(SPANS)
    assert located.document.node(("a",)) == SPANS["a",]
    assert located.calls == 1


def test_a_node_asked_for_first_is_located_once_too() -> None:
    located = Located()
    assert located.document.node(("a", 0)) == SPANS["a", 0]
    assert located.document.node(()) == SPANS[()]
    assert list(located.document.pointers()) == list(SPANS)
    assert located.calls == 1


@pytest.mark.parametrize(
    ("pointer", "nearest"),
    [((), ()), (("x",), ()), (("a", 1), ("a",)), (("a", 0, "x", "y"), ("a", 0)), (("x", "a"), ())],
)
def test_a_pointer_that_leads_nowhere_has_the_place_of_its_nearest_ancestor(pointer: Pointer, nearest: Pointer) -> None:
    assert Located().document.node(pointer) == SPANS[nearest]


def test_without_any_place_a_node_is_the_whole_text() -> None:
    assert Located({}).document.node(("a",)) == NodeSpan(None, Span(0, len(CONTENT)))


def test_a_span_is_of_the_value_or_of_the_key_where_there_is_one() -> None:
    document = Located().document
    assert document.span(("a",)) == document.span(("a",), "value") == Span(6, 13)
    assert document.span(("a",), "key") == Span(1, 4)
    assert document.span(("a", 0), "key") == Span(7, 12)
    assert document.span((), "key") == Span(0, 14)


def test_a_span_within_a_string_counts_its_characters() -> None:
    document = Located().document
    assert document.span(("a", 0), within=Span(1, 3)) == Span(9, 11)
    assert document.span(("a", 0), within=Span(0, 0)) == Span(8, 8)
    assert document.span(("a",), "key", Span(0, 1)) == Span(1, 4)
    assert document.string(("a", 0)).content == "bcd"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (MISSING, True),
        (Placeholder("${A}"), True),
        ("a ${B} c", True),
        ({"Ref": "A"}, True),
        ({"Fn::Sub": "A"}, True),
        ("a", False),
        ({"Type": "Ref"}, False),
        ({}, False),
        ([Placeholder("${A}")], False),
        (None, False),
        (0, False),
        (True, False),
    ],
)
def test_what_only_the_deployment_knows_or_reading_lost_is_unknown(value: object, expected: bool) -> None:
    assert is_unknown(value) is expected


def test_missing_and_placeholders_show_what_they_are() -> None:
    assert repr(MISSING) == "MISSING"
    assert repr(Placeholder("${A}")) == "Placeholder('${A}')"


def test_placeholders_are_equal_by_their_text() -> None:
    assert Placeholder("${A}") == Placeholder("${A}")
    assert Placeholder("${A}") != Placeholder("${B}")
    assert Placeholder("${A}") != "${A}"
    assert len({Placeholder("${A}"), Placeholder("${A}"), Placeholder("${B}")}) == 2


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Ref": "A"}, True),
        ({"Fn::GetAtt": ["A", "Arn"]}, True),
        ({}, False),
        ({"Ref": "A", "Fn::Sub": "B"}, False),
        ({"ref": "A"}, False),
        ({"fn::Sub": "A"}, False),
        ({"MyFn::Sub": "A"}, False),
        ({"Fn:Sub": "A"}, False),
    ],
)
def test_a_template_function_is_an_object_of_one_member_with_its_name(value: dict[str, object], expected: bool) -> None:
    assert is_template_function(value) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("${A}", True),
        ("before ${A} after", True),
        ("${}", True),
        ("{{resolve:ssm:/a}}", True),
        ("before {{resolve:ssm:/a}} after", True),
        ("${A", False),
        ("${A\n}", False),
        ("${A{B}", False),
        ("{{ssm:/a}}", False),
        ("{{RESOLVE:ssm}}", False),
        ("{{resolve:a\n}}", False),
        ("{{resolve:a{}}", False),
        ("$A", False),
        ("", False),
    ],
)
def test_which_strings_leave_a_part_to_the_deployment(text: str, expected: bool) -> None:
    assert has_placeholder(text) is expected


def test_the_empty_pointer_is_the_whole_document() -> None:
    assert format_pointer(()) == ""
    assert parse_pointer("") == ()
    assert parse_pointer("/") == ("",)


def test_escapes_of_a_pointer_are_undone_in_the_order_of_rfc_6901() -> None:
    assert parse_pointer("/a~1b~0c/~01/0") == ("a/b~c", "~1", "0")
    assert format_pointer(("~1",)) == "/~01"


def test_a_pointer_that_does_not_begin_with_a_slash_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^a JSON pointer begins with '/': 'a/b'$"):
        parse_pointer("a/b")


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        ("{}", "a.yaml", "yaml"),
        ("{}", "a.yml", "yaml"),
        ("{}", "A.YAML", "yaml"),
        ("{}", "a.json.yaml", "yaml"),
        ("a: 1", "a.json", "json"),
        ("a: 1", "A.JSON", "json"),
        ("a: 1", "folder/a.json.tftpl", "json"),
        ("a: 1", "one.json/two/a.asl", "yaml"),
        ("a: 1", "one/two.json/a.asl", "yaml"),
        ("{}", "one.json/a.asl", "json"),
        ("a: 1", "a.yaml.tftpl", "yaml"),
        ("{}", "a.yaml.tftpl", "json"),
        (" \n{}", "", "json"),
        (" []", "", "json"),
        ('"a"', "", "json"),
        ("${A}", "", "json"),
        ("a: 1", "", "yaml"),
        ("- 1", "", "yaml"),
        ("", "", "json"),
        (" \n", "", "json"),
        ("", "a.yaml", "yaml"),
    ],
)
def test_the_reader_is_chosen_by_the_name_and_else_by_how_the_text_begins(content: str, name: str, expected: str) -> None:
    document = read_document(content, name)
    assert document.format == expected
    assert document.text.content == content


def test_without_a_name_the_text_alone_decides() -> None:
    assert read_document("a: 1").value == {"a": 1}
    assert read_document('{"a": 1}').value == {"a": 1}


def test_a_failure_is_of_a_file_unless_it_names_a_rule() -> None:
    assert Failure("a.json", "gone").rule is None
