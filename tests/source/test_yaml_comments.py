"""Which characters of a YAML text are comments."""

from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.source.text import Text
from asl_lint.source.yaml_comments import comments


def found(content: str) -> list[tuple[str, bool]]:
    result = comments(Text(content))
    for comment in result:
        assert content[comment.span.start] == "#"
        assert content[slice(*comment.span)] == comment.text
    return [(comment.text[1:].strip(), comment.alone) for comment in result]


def test_comments_on_their_own_line_and_behind_values() -> None:
    assert found("# a\nx: 1 # b\n  #c  \r\ny: [d, # e\n  f]#g\nz:\t# h\n") == [
        ("a", True), ("b", False), ("c", True), ("e", False), ("h", False),
    ]  # fmt: skip


def test_a_hash_in_a_string_is_no_comment() -> None:
    assert found("a: 'x # no'\nb: \"y # no\"\nc: z#no\nd: |\n  # no\ne: >-\n  v # no\n'# k': 1\n") == []


def test_comments_around_a_block_scalar() -> None:
    assert found("a: | # one\n  # no\n # two\n# three\nb: &x !!str >- # four\n  x\n") == [
        ("one", False), ("two", True), ("three", True), ("four", False),
    ]  # fmt: skip


def test_comments_before_the_content_of_an_anchor() -> None:
    assert found("a: &x # one\n  b: 1\nc: !foo#bar 1\n") == [("one", False)]


def test_comments_after_a_byte_order_mark() -> None:
    assert found("\ufeff# asl-lint: ignore[x] y\na: 1\n") == [("asl-lint: ignore[x] y", True)]


def test_comments_before_a_syntax_error() -> None:
    assert found("# one\na: 1 # two\nb: 'x # no\n") == [("one", True), ("two", False)]


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("ab:-[]{},#&*!|>'\" \n\r\x85\x00\ufeff"), max_size=50))
def test_no_text_raises(content: str) -> None:
    ends = [0]
    for comment in comments(Text(content)):
        assert ends[-1] <= comment.span.start < comment.span.end <= len(content)
        ends.append(comment.span.end)
