"""Where a syntax error of YAML is reported, in which words, and how it is to be mended."""

import pytest
import yaml

from asl_lint import check_text
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.text import Text
from asl_lint.source.yaml_text import read_yaml


def fault(content: str) -> tuple[str, str, str]:
    """What the only problem's span covers, its words, its help."""
    (problem,) = read_yaml(Text(content), functions="${" in content).problems
    assert problem.code == "syntax-error"
    return content[slice(*problem.span)], problem.values["problem"], problem.help or ""


@pytest.mark.parametrize(
    ("content", "at", "problem", "help"),
    [
        ("a:\n\tb: 1", "\t", "tab", "spaces"),
        ("a:\n  b: |\n\t x\n", "\t", "tab", "spaces"),
        ("a: 1\nb:2\nc: 3\n", "b:2", "expected ': '", "space after the colon"),
        ("a: 1\nb\nc: 3\n", "b", "no 'key: value'", "':'"),
        ("a: b: c", ":", "second ': '", "quotes"),
        ("a: 'x\nb: 1\n", "'", "no closing '", "add the missing '"),
        ('a: "x\nb: 1\n', '"', 'no closing "', 'add the missing "'),
        ("a: [1, 2", "[", "never closed", "']'"),
        ("a: {b: 1\n", "{", "never closed", "'}'"),
        ("a: [1, 2\nb: 3\n", ":", "'[' of line 1 is still open", "']'"),
        ("a: ['a' 'b']", "'b'", "expected ',' or ']'", ""),
        ("a:\n  b: 1\n c: 2\n", "c:", "indentation", "2 spaces to go on with line 2, or 0 spaces to go on with line 1"),
        ("a: 1\n- b\n", "-", "not a list item", "indentation"),
        ("- a\nb: 1\n", "b:", "'- ' item", "indentation"),
        ("a: 'x' y\n", "y", "after the closing quote", "quotes"),
        ("a: @x", "@", "cannot begin with '@'", "quotes"),
        ("a: %x", "%", "cannot begin with '%'", "quotes"),
        ("a: `x`", "`", "cannot begin with '`'", "quotes"),
        ("a: *", "*", "no name follows", "quotes"),
        ("a: - b", "-", "list item cannot begin", "line of its own"),
        ('a: "\\q"', "\\q", "no escape", "double the backslash"),
        ('a: "\\ud83d\\ude00"', "\\ud83d\\ude00", "surrogate", "\\U0001F600"),
        ("a: [${X}]", "${X}", "cannot stand in brackets", "quotes"),
        ("a: {b: ${X}}", "${X}", "cannot stand in brackets", "quotes"),
        ("a: x\x01", "\x01", "U+0001", "escape"),
        ("a: 1\nb: \ud800", "\ud800", "U+D800", "escape"),
        ("a: !foo!x b", "!foo!x", "handle", "quotes"),
        ("%YAML 3.0\n---\na: 1\n", "%YAML 3.0", "%YAML", "remove"),
        ("a: 1\n...\nb: 1\n", "b:", "end of the document", "remove"),
    ],
)
def test_errors_are_told_at_the_place_to_correct(content: str, at: str, problem: str, help: str) -> None:
    found = fault(content)
    assert found[0] == at
    assert problem in found[1]
    assert help in found[2]


@pytest.mark.parametrize("content", ["a: 'x", "a: [1", "a: b: c", "a: *", "a:\n  b: 1\n c: 2\n", "a: 1\nb:2\nc: 3", "a:\n\tb: 1"])
def test_the_pure_python_parser_is_told_in_the_same_words(content: str, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = fault(content)
    monkeypatch.setattr(yaml, "CSafeLoader", yaml.SafeLoader)
    assert fault(content) == expected


def test_a_line_separator_moves_no_error() -> None:
    document = read_yaml(Text("# \u2028\x85\n\U0001f600: 'é'\nb: @\n"))
    assert document.text.position(document.problems[0].span.start)[:2] == (3, 4)


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("a: [${X}]", {"a": [Placeholder("${X}")]}),
        ("a: {b: ${X}, c: é${X}, d: '${X}'}", {"a": {"b": Placeholder("${X}"), "c": "é${X}", "d": "${X}"}}),
        ("{a: ${X}, ${Y}: 1}", {"a": Placeholder("${X}"), "${Y}": 1}),
    ],
)
def test_a_file_that_is_filled_in_first_may_have_placeholders_in_brackets(content: str, value: object) -> None:
    document = read_yaml(Text(content))
    assert (document.value, document.problems) == (value, ())


def test_what_else_is_wrong_beside_a_placeholder_in_brackets_is_told() -> None:
    document = read_yaml(Text("a: {b: ${X}}\nc: [1"))
    (problem,) = document.problems
    assert (problem.values["problem"], problem.span) == ("'[' is never closed", (16, 17))
    assert document.span(("a", "b")) == (7, 11)


@pytest.mark.parametrize(
    "broken",
    [
        "Type: Wait\n    Seconds: 5\n   End: true",
        "Type: Wait\n    Seconds: [1\n    Next: B",
        "Type: Wait\n    Seconds: [1] 5\n    Next: B",
        "Type: Wait\n    Seconds: {a: 1} 5\n    Next: B",
        "Type: Pass\n    End: true\n   Nxt: B",
    ],
)
def test_what_stands_at_the_break_is_told_once(broken: str) -> None:
    report = check_text("StartAt: A\nStates:\n  A:\n    " + broken + "\n", name="a.asl.yaml")
    assert [finding.rule for finding in report.findings] == ["syntax-error"]
