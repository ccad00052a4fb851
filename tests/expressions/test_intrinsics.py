"""Intrinsic function calls: the tree with its spans, and what is said about each mistake."""

import pytest

from asl_lint.expressions.intrinsic_functions import FUNCTIONS, Argument, Call
from asl_lint.expressions.intrinsics import DEEPEST, Intrinsic, parse_dynamic, parse_intrinsic
from asl_lint.expressions.jsonpath import MOST_ERRORS, Path, PathError


def call_of(text: str) -> Call:
    intrinsic = parse_intrinsic(text)
    assert intrinsic.errors == () and intrinsic.call is not None
    return intrinsic.call


def argument_of(written: str) -> Argument:
    (argument,) = call_of(f"States.Array({written})").arguments
    return argument


def only_error(text: str) -> PathError:
    (error,) = parse_intrinsic(text).errors
    return error


def test_a_call_is_a_tree_with_spans() -> None:
    text = "States.ArrayGetItem( States.StringSplit($.detail.key , '/'), -0)"
    call = call_of(text)
    assert (call.name, text[: call.name_end], call.start, call.end) == (
        "States.ArrayGetItem",
        "States.ArrayGetItem",
        0,
        len(text),
    )
    split, index = call.arguments
    assert split.call is not None and text[split.start : split.end] == "States.StringSplit($.detail.key , '/')"
    path, separator = split.call.arguments
    assert path.path is not None and (path.path.source, path.path.root) == ("$.detail.key", "input")
    assert [text[step.start : step.end] for step in path.path.steps] == [".detail", ".key"]
    assert (separator.kind, separator.value, text[separator.start : separator.end]) == ("string", "/", "'/'")
    assert (index.kind, index.value) == ("number", 0)


@pytest.mark.parametrize(
    ("written", "kind", "value"),
    [
        ("'text'", "string", "text"),
        ("''", "string", ""),
        (r"'it\'s \{\} and \\'", "string", "it's {} and \\"),
        ("'a, b) {} \" $.c'", "string", 'a, b) {} " $.c'),
        ("'two\nlines'", "string", "two\nlines"),
        ("'${Name}'", "string", None),
        ("5", "number", 5),
        ("-5", "number", -5),
        ("2.5", "number", 2.5),
        ("1e3", "number", 1000.0),
        ("true", "boolean", True),
        ("false", "boolean", False),
        ("null", "null", None),
        ("${Name}", "unknown", None),
        ("  5\n", "number", 5),
    ],
)
def test_a_literal_has_its_value(written: str, kind: str, value: object) -> None:
    argument = argument_of(written)
    assert (argument.kind, argument.value) == (kind, value)


@pytest.mark.parametrize(
    "written",
    [
        "$",
        "$$.Execution.Id",
        "$total.sum",
        "$.a-b[0]",
        "$.a[?(@.b == 'x), y')].c",
        "$.a['b, c)']",
        "$[*].x",
        "$.a[0, 2]",
        r"$.a\,b",
    ],
)
def test_a_path_reaches_to_the_comma_or_parenthesis_of_the_call(written: str) -> None:
    for text in (f"States.Array({written})", f"States.Array({written}, 1)", f"States.Array( {written} ,1)"):
        path = call_of(text).arguments[0].path
        assert path is not None and path.source == written


def test_paths_and_calls_of_a_tree_are_listed_in_the_order_of_the_text() -> None:
    intrinsic = parse_intrinsic("States.Array($.a, States.Array($b, $.c), States.UUID(), $$.State.Name)")
    assert [path.source for path in intrinsic.paths()] == ["$.a", "$b", "$.c", "$$.State.Name"]
    assert [call.name for call in intrinsic.calls()] == ["States.Array", "States.Array", "States.UUID"]


def test_blanks_after_a_call_do_not_matter() -> None:
    assert parse_intrinsic("States.UUID()   ").errors == ()


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_usage_of_each_function_is_itself_a_faultless_call(name: str) -> None:
    assert call_of(FUNCTIONS[name].usage).name == name


def test_there_are_eighteen_functions() -> None:
    assert len(FUNCTIONS) == 18


@pytest.mark.parametrize(
    ("text", "code", "quote", "help"),
    [
        ("", "not-a-call", "", "States.Format"),
        ("something else", "not-a-call", "something else", "States.Format('{}', $.name)"),
        ("States. ", "not-a-call", "States.", "States.Format('{}', $.name)"),
        ("States\nJsonToString($)", "not-a-call", "States\nJsonToString($)", "States.Format"),
        ("States.UUID", "missing-parenthesis", "States.UUID", "States.UUID()"),
        ("States.StringToJson $.a)", "missing-parenthesis", "States.StringToJson", "States.StringToJson($.text)"),
        ("States.format('{}', $.a)", "unknown-function", "States.format", '"States.Format"'),
        ("States.ArrayLenght($.a)", "unknown-function", "States.ArrayLenght", '"States.ArrayLength"'),
        ("JsonToString($)", "unknown-function", "JsonToString", '"States.JsonToString"'),
        ("States.Xyz($.a)", "unknown-function", "States.Xyz", "States.UUID"),
        ("States.JsonToString($", "unclosed-parenthesis", "(", "with )"),
        ("States.Array(States.Array(1", "unclosed-parenthesis", "(", "with ))"),
        ("States.UUID())", "unopened-parenthesis", ")", "remove"),
        ("States.Array((1))", "unexpected-parenthesis", "(", "remove"),
        ("States.Format('{}' $.a)", "missing-comma", "$.a", "commas"),
        ("States.MathAdd($.a -1)", "missing-comma", "-1", "commas"),
        ("States.Array(1,,2)", "missing-argument", ",", "comma"),
        ("States.Array(,1)", "missing-argument", ",", "comma"),
        ("States.Array(1,)", "missing-argument", ",", "comma"),
        ("States.Array('abc, 1)", "unterminated-string", "'abc, 1)", r"\'"),
        ("States.Array('it's')", "unescaped-quote", "'", r"\'"),
        ('States.Format("{}", $.a)', "double-quotes", '"{}"', "'{}'"),
        (r"States.Array('say \"')", "illegal-escape", r"\"", "no backslash"),
        (r"States.Array('a\n')", "illegal-escape", r"\n", "character itself"),
        (r"States.Array('a\d')", "illegal-escape", r"\d", r"\{"),
        ("States.Array(name)", "illegal-argument", "name", "$.name"),
        ("States.Array(True)", "illegal-argument", "True", "write true"),
        ("States.Array(None)", "illegal-argument", "None", "write null"),
        ("States.Array(01)", "illegal-argument", "01", "0.5"),
        ("States.ArrayLength(.items)", "illegal-argument", ".items", "write $.items"),
        ("States.Array(@.a)", "illegal-argument", "@.a", "$"),
        ("States.Array(States.UUID)", "illegal-argument", "States.UUID", "States.UUID()"),
        ("States.Array([1, 2])", "illegal-argument", "[1, 2]", "States.Array(1, 2, 3)"),
        ('States.Array({"a": 1})', "illegal-argument", '{"a": 1}', "States.StringToJson"),
        ("States.Format({}, 1)", "illegal-argument", "{}", "States.Format('{}', $.name)"),
        ("States.MathAdd($.a + 1, 2)", "operator", "+", "States.MathAdd"),
        ("States.StringSplit($.a, ',')[0]", "access-to-result", "[0]", "States.ArrayGetItem(States.StringSplit(…), 0)"),
        ("States.Array(States.StringToJson($.a).b)", "access-to-result", ".b", "Pass state"),
        ("States.UUID() + 'x'", "trailing-text", "+ 'x'", "States.Format"),
        ("States.UUID() x", "trailing-text", "x", "remove"),
        ("States.Array($.a[)", "unclosed-bracket", "[", "]"),
        ("States.Array($$23)", "illegal-character", "23", "$$.23"),
    ],
)
def test_a_mistake_in_the_syntax_is_a_sure_error_at_its_place(text: str, code: str, quote: str, help: str) -> None:
    errors = [error for error in parse_intrinsic(text).errors if error.code == code]
    assert len(errors) == 1 and errors[0].sure and errors[0].stage == "create"
    assert text[errors[0].start : errors[0].end] == quote
    assert errors[0].help is not None and help in errors[0].help


def test_the_text_in_quotes_that_the_service_refused_has_an_error_at_each_escape() -> None:
    text = r"""States.Format('He said, \"Hello, {}!\"', 'Test \"Name\" Here')"""
    errors = parse_intrinsic(text).errors
    assert [text[error.start : error.end] for error in errors] == [r"\""] * 4
    assert {(error.code, error.sure, error.stage) for error in errors} == {("illegal-escape", True, "create")}


@pytest.mark.parametrize(
    ("text", "code", "quote"),
    [
        ("States.UUID(1)", "wrong-argument-count", "1"),
        ("States.Hash($.a)", "wrong-argument-count", "States.Hash"),
        ("States.MathRandom(1)", "wrong-argument-count", "States.MathRandom"),
        ("States.ArrayLength($.a, 1, 2)", "wrong-argument-count", "1, 2"),
        ("States.Format()", "wrong-argument-count", "States.Format"),
        ("States.ArrayLength('abc')", "wrong-argument-type", "'abc'"),
        ("States.ArrayUnique(States.UUID())", "wrong-argument-type", "States.UUID()"),
        ("States.JsonMerge($.a, 5, false)", "wrong-argument-type", "5"),
        ("States.JsonMerge($.a, $.b, true)", "illegal-argument-value", "true"),
        ("States.Hash($.a, 'SHA256')", "illegal-argument-value", "'SHA256'"),
        ("States.ArrayPartition($.a, 0)", "illegal-argument-value", "0"),
        ("States.ArrayRange(1, 9, 0)", "illegal-argument-value", "0"),
        ("States.Base64Encode('" + "x" * 10_001 + "')", "illegal-argument-value", "'" + "x" * 10_001 + "'"),
        ("States.StringToJson('{a: 1}')", "illegal-argument-value", "'{a: 1}'"),
        ("States.Format('{}-{}', $.a)", "wrong-placeholder-count", "{}"),
        ("States.Format('{}', $.a, $.b, 3)", "wrong-placeholder-count", "$.b, 3"),
        ("States.Format('plain', 1)", "wrong-placeholder-count", "1"),
        ("States.Format('{ {}', $.a)", "illegal-template", "{"),
    ],
)
def test_a_call_that_must_fail_is_a_sure_error_of_the_run(text: str, code: str, quote: str) -> None:
    error = only_error(text)
    assert (error.code, text[error.start : error.end]) == (code, quote)
    assert error.sure and error.stage == "run"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("  States.UUID()", "leading-blank"),
        ("States.UUID ()", "blank-before-parenthesis"),
        ("States.StringSplit($.a, 5)", "wrong-argument-type"),
        ("States.MathAdd('1', 2)", "wrong-argument-type"),
        ("States.ArrayGetItem($.a, -1)", "illegal-argument-value"),
        ("States.ArrayRange(0, 5000, 1)", "illegal-argument-value"),
        ("States.MathRandom(9, 1)", "illegal-argument-value"),
        ("States.Format('a } {}', 1)", "illegal-template"),
        ("States.Array($.a.length())", "path-function"),
    ],
)
def test_what_nobody_has_recorded_is_an_unsure_error(text: str, code: str) -> None:
    error = only_error(text)
    assert (error.code, error.sure) == (code, False)


@pytest.mark.parametrize(
    "text",
    [
        r"States.Format('\{\"a\"\: {}\}', $.a)".replace(r"\"", '"').replace(r"\:", ":"),
        "States.Format('{}', States.JsonToString($))",
        "States.Format($.template, 1, 2, 3)",
        "States.Format('${Prefix}{}', $.a)",
        "States.Format('${Prefix}', $.a, $.b)",
        "States.StringToJson('{\"a\": 1}')",
        "States.ArrayContains($.a, '{}')",
        "States.MathAdd(1.49, 1.5)",
        "States.ArrayPartition($.a, 2.5)",
        "States.MathRandom(1, 10, 5)",
        "States.ArrayLength(States.StringToJson($.a))",
        "States.ArrayLength(States.ArrayGetItem($.a, 0))",
        "States.Hash($.a, $.algorithm)",
        "States.ArrayRange(9, 0, -1)",
        "States.StringToJson('" + "[" * 5000 + "]" * 5000 + "')",
    ],
)
def test_what_the_service_takes_has_no_error(text: str) -> None:
    assert parse_intrinsic(text).errors == ()


def nested(depth: int) -> str:
    return "States.Array(" * depth + ")" * depth


def test_ten_calls_inside_each_other_are_taken_and_eleven_are_not() -> None:
    assert parse_intrinsic(nested(DEEPEST)).errors == ()
    error = only_error(nested(DEEPEST + 1))
    assert (error.code, error.start) == ("nested-too-deeply", len("States.Array(") * DEEPEST)


def test_more_than_ten_calls_beside_each_other_are_an_unsure_error() -> None:
    calls = ", ".join(["States.UUID()"] * 9)
    assert parse_intrinsic(f"States.Array({calls})").errors == ()
    error = only_error(f"States.Array({calls}, States.UUID())")
    assert (error.code, error.sure) == ("too-many-calls", False)


def test_a_number_of_very_many_digits_has_a_value() -> None:
    assert argument_of("9" * 5000).value == float("inf")


def test_several_mistakes_are_found_in_one_call() -> None:
    text = "States.Array(name, States.Nothing(1,), 'a' 'b', $.c[])"
    assert [error.code for error in parse_intrinsic(text).errors] == [
        "illegal-argument", "unknown-function", "missing-argument", "missing-comma", "empty-brackets",
    ]  # fmt: skip


def test_errors_are_bounded_in_number() -> None:
    assert len(parse_intrinsic("States.Array(" + "x," * 1000 + "1)").errors) == MOST_ERRORS


def test_an_error_in_a_text_with_a_placeholder_is_unsure() -> None:
    assert [error.sure for error in parse_intrinsic("States.Array('${Name}', x)").errors] == [False]


@pytest.mark.parametrize("text", ["$.a", "$$", "$x", " $.a", "${Path}"])
def test_a_dynamic_value_that_begins_with_a_dollar_is_a_path(text: str) -> None:
    path = parse_dynamic(text)
    assert isinstance(path, Path) and path.root != "none"


@pytest.mark.parametrize("text", ["States.UUID()", " States.UUID()", "States.", "UUID()", "Format ('x')"])
def test_a_dynamic_value_that_looks_like_a_call_is_one(text: str) -> None:
    assert isinstance(parse_dynamic(text), Intrinsic)


@pytest.mark.parametrize(
    ("text", "help"), [("Test", "$.Test"), ("a.b", "$.a.b"), ("two words", ".$"), ("23", ".$"), ("prod-v1", ".$")]
)
def test_a_dynamic_value_that_is_neither_says_so(text: str, help: str) -> None:
    path = parse_dynamic(text)
    assert isinstance(path, Path) and path.root == "none"
    (error,) = path.errors
    assert (error.code, error.sure, text[error.start : error.end]) == ("neither-path-nor-call", True, text)
    assert error.help is not None and help in error.help
