"""The map from a decoded YAML string back to the file."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.source.document import Pointer
from asl_lint.source.text import Span, Text
from asl_lint.source.yaml_text import read_yaml

_TEXTS = st.text(
    st.sampled_from("ab '\"\\\n\t#:é\U0001f600\u2028\x85\xa0-") | st.characters(exclude_categories=["Cs"]), max_size=40
)


def check(content: str, pointer: Pointer, expected: object) -> None:
    """The string is what PyYAML reads, its segments cover it in order, and the verbatim ones quote the file."""
    document = read_yaml(Text(content))
    assert document.problems == ()
    string = document.string(pointer)
    assert string.content == expected
    at = 0
    for segment in string.segments:
        assert segment.kind != "opaque"
        assert segment.start == at < segment.end
        at = segment.end
        source = content[segment.parent_start : segment.parent_end]
        if segment.kind == "verbatim":
            assert source == string.content[segment.start : segment.end]
        else:
            assert source
    assert at == len(string.content)
    starts = [segment.parent_start for segment in string.segments]
    assert starts == sorted(starts)


@settings(deadline=None, max_examples=300)
@given(_TEXTS, st.sampled_from([None, "'", '"', "|", ">"]), st.booleans(), st.integers(8, 80), st.sampled_from(["\n", "\r\n"]))
def test_strings_that_yaml_dumps_trace_to_the_file(
    data: str, style: str | None, unicode: bool, width: int, line_break: str
) -> None:
    content = yaml.safe_dump({"k": [data]}, default_style=style, allow_unicode=unicode, width=width, line_break=line_break)
    check(content, ("k", 0), yaml.safe_load(content)["k"][0])


@settings(deadline=None, max_examples=200)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "a", "b c", "# d", "\te", "é", "-"])), max_size=7),
    st.sampled_from(["|", ">"]),
    st.sampled_from(["", "-", "+", "2", "2-", "+2"]),
    st.sampled_from(["\n", "\r\n", "\r", "\u2028", "\x85"]),
    st.sampled_from(["b: 1", "", "# end"]),
)
def test_block_scalars_written_by_hand_trace_to_the_file(
    lines: list[tuple[int, str]], style: str, header: str, line_break: str, after: str
) -> None:
    body = line_break.join(" " * (2 + indent) + text for indent, text in lines)
    content = f"a: {style}{header} # c{line_break}{body}{line_break}{after}"
    try:
        expected = yaml.load(content, yaml.CSafeLoader)["a"]
    except yaml.YAMLError:
        return
    check(content, ("a",), expected)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'it''s'", "it's"),
        ("'a\n   b\n\n   c '", "a b\nc "),
        ('"a\\\n   b\\\n\n  \\  c"', "ab\n  c"),
        ('"\\x41\\u00e9\\U0001F600\\n\\t\\\\\\"\\/\\0\\e\\N\\_\\L\\P\\ "', 'Aé\U0001f600\n\t\\"/\0\x1b\x85\xa0\u2028\u2029 '),
        ("a  b\n   c\n\n   d # e", "a  b c\nd"),
        ("a \t\n \t b", "a b"),
        ("|\n    x\n   ", "x\n"),
        ("|2-\n    x\n   y", "  x\n y"),
        (">\n  a\n  b\n\n  c\n   d\n\n   e\n  f\n", "a b\n\nc\n d\n\n e\nf\n"),
        (">+\n  a\n\n\n", "a\n\n\n"),
        ("|\n\n\n  a\n", "\n\na\n"),
        ("!!str &x |\n  a\n", "a\n"),
        ("|", ""),
        ("''", ""),
    ],
)
def test_every_form_of_a_string(written: str, expected: str) -> None:
    if ">\n  a\n  b" in written:
        expected = yaml.safe_load(f"k: {written}")["k"]
    check(f"k: {written}", ("k",), expected)


def test_characters_of_a_string_trace_through_escapes() -> None:
    document = read_yaml(Text('a: "x\\ty \\u00e9z"\nb: |\n  {% $f(\n    $g) %}\n'))
    content = document.text.content

    def quoted(pointer: Pointer, start: int, end: int) -> str:
        return content[slice(*document.span(pointer, within=Span(start, end)))]

    assert quoted(("a",), 1, 2) == "\\t"
    assert quoted(("a",), 4, 6) == "\\u00e9z"
    at = document.string(("b",)).content.index("$g")
    assert quoted(("b",), at, at + 2) == "$g"
    assert quoted(("b",), at - 3, at + 2) == "\n    $g"
