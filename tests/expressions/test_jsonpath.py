"""Paths: what each notation names, where the steps stand, and what is said about a text that is no path."""

import pytest

from asl_lint.expressions.jsonpath import MOST_ERRORS, Path, PathError, parse_path


def steps(text: str) -> list[tuple[object, ...]]:
    """The steps in short: the kind, and what it names."""
    path = parse_path(text)
    assert path.errors == ()
    return [(step.kind, *(step.names or step.indices), *([step.text] if step.text else [])) for step in path.steps]


def only_error(text: str) -> PathError:
    (error,) = parse_path(text).errors
    return error


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$", []),
        ("$.a", [("member", "a")]),
        ("$.a.b", [("member", "a"), ("member", "b")]),
        ("$['a']", [("member", "a")]),
        ('$["a"]', [("member", "a")]),
        ("$.['a']", [("member", "a")]),
        ("$[ 'a' ]", [("member", "a")]),
        ("$['a b.c[0]']", [("member", "a b.c[0]")]),
        (r"$['it\'s']", [("member", "it's")]),
        ("$['']", [("member", "")]),
        ("$.sub-values", [("member", "sub-values")]),
        ("$.größe", [("member", "größe")]),
        ("$.a:b@c", [("member", "a:b@c")]),
        (r"$.store\.book", [("member", "store.book")]),
        (r"$.foo\@bar.baz\[\[.\?pretty", [("member", "foo@bar"), ("member", "baz[["), ("member", "?pretty")]),
        ("$[0]", [("index", 0)]),
        ("$.[0]", [("index", 0)]),
        ("$[ 0 ]", [("index", 0)]),
        ("$[-1]", [("index", -1)]),
        ("$.a[0][22]", [("member", "a"), ("index", 0), ("index", 22)]),
        ("$[0,2, 4]", [("indices", 0, 2, 4)]),
        ("$[1:5]", [("slice", 1, 5)]),
        ("$[1:]", [("slice", 1, None)]),
        ("$[:1]", [("slice", None, 1)]),
        ("$[-2:]", [("slice", -2, None)]),
        ("$.*", [("wildcard",)]),
        ("$[*]", [("wildcard",)]),
        ("$.[*].a", [("wildcard",), ("member", "a")]),
        ("$..a", [("descendants",), ("member", "a")]),
        ("$..*", [("descendants",), ("wildcard",)]),
        ("$..[0]", [("descendants",), ("index", 0)]),
        ("$['a', 'b']", [("members", "a", "b")]),
        ("$[?(@.a == 0)].b", [("filter", "?(@.a == 0)"), ("member", "b")]),
        ("$[?(@.a == 'x)]')]", [("filter", "?(@.a == 'x)]')")]),
        ("$[?(@.a =~ /[(]x]/i)]", [("filter", "?(@.a =~ /[(]x]/i)")]),
        ("$[?(@.a == $.b[0])]", [("filter", "?(@.a == $.b[0])")]),
        ("$[?(@.a==b)]", [("filter", "?(@.a==b)")]),
        ("$.${Name}.a", [("unknown",), ("member", "a")]),
        ("$.a${Stack.Name}b[${Index}]", [("unknown",), ("unknown",)]),
    ],
)
def test_a_notation_names_these_steps(text: str, expected: list[tuple[object, ...]]) -> None:
    assert steps(text) == expected


@pytest.mark.parametrize(
    ("text", "root", "variable"),
    [
        ("$", "input", None),
        ("$.a", "input", None),
        ("$[0]", "input", None),
        ("$$", "context", None),
        ("$$.Execution.Id", "context", None),
        ("$total", "variable", "total"),
        ("$total_2.a[0]", "variable", "total_2"),
        ("$größe.a", "variable", "größe"),
        ("$कि.a", "variable", "कि"),
        ("${Path}", "placeholder", None),
        ("${Path}.a", "placeholder", None),
    ],
)
def test_the_root_says_what_the_path_reads(text: str, root: str, variable: str | None) -> None:
    path = parse_path(text)
    assert (path.root, path.variable, path.errors) == (root, variable, ())


def test_each_step_has_its_span_with_the_dot_or_the_brackets() -> None:
    text = "$.a.['b'][0]..c[?(@.x == ')')]"
    assert [text[step.start : step.end] for step in parse_path(text).steps] == [
        ".a", ".['b']", "[0]", "..", "c", "[?(@.x == ')')]",
    ]  # fmt: skip


def test_blanks_around_a_path_do_not_belong_to_it() -> None:
    assert parse_path("$.total ").source == "$.total"
    assert parse_path("$.total \n").errors == ()


@pytest.mark.parametrize(
    ("text", "code", "quote", "help"),
    [
        ("", "not-a-path", "", "$.name"),
        ("order.id", "not-a-path", "order.id", "write $.order.id"),
        ("{% $x %}", "not-a-path", "{% $x %}", "JSONata"),
        ("States.UUID()", "not-a-path", "States.UUID()", "Parameters"),
        ("@.a", "not-a-path", "@.a", "$.name"),
        ("$.", "ends-with-dot", ".", "write $,"),
        ("$.a.", "ends-with-dot", ".", "write $.a,"),
        ("$..", "ends-with-dot", "..", "write $,"),
        ("$...a", "too-many-dots", "...", "one names a member"),
        ("$$23", "illegal-character", "23", "write $$.23"),
        ("$-a", "illegal-character", "-a", "write $.-a"),
        ("$,step", "illegal-character", ",step", "write $.step"),
        ("$(a).b", "illegal-character", "(a)", "write $.a"),
        ("$.a[", "unclosed-bracket", "[", "]"),
        ("$.a[0", "unclosed-bracket", "[", "]"),
        ("$.a[?(@.b", "unclosed-bracket", "[", "]"),
        ("$['a'", "unclosed-bracket", "[", "]"),
        ("$['a]", "unterminated-string", "'a]", "']"),
        ("$[]", "empty-brackets", "[]", "[0]"),
        ("$[name]", "illegal-index", "name", "['name']"),
        ("$.a[$$.Execution.Id]", "illegal-index", "$$.Execution.Id", "States.ArrayGetItem($.a, $$.Execution.Id)"),
        ("$[1-2]", "illegal-index", "1-2", "[0]"),
        ("$['a''b']", "illegal-character", "'", r"\'"),
        ("$.a.length(", "unclosed-bracket", "(", ")"),
    ],
)
def test_what_the_service_refuses_is_a_sure_error_at_its_place(text: str, code: str, quote: str, help: str) -> None:
    error = only_error(text)
    assert (error.code, text[error.start : error.end]) == (code, quote)
    assert error.sure and error.stage == "create"
    assert error.help is not None and help in error.help


@pytest.mark.parametrize(
    ("text", "code", "quote", "help"),
    [
        (" $.a", "leading-blank", " ", "remove"),
        ("$.my name", "blank-in-name", " ", "['my name']"),
        ("$.a]", "unopened-bracket", "]", "remove"),
        ("$.'a'", "quote-in-name", "'", "['a']"),
        ("$[0]a", "missing-dot", "a", "dot"),
        ("$total-x", "illegal-character", "-x", "$.total-x"),
        ("$ .a", "illegal-character", " ", "$.name"),
        ("$[0:9:2]", "illegal-index", "0:9:2", "[1:3]"),
        ("$[1,]", "illegal-index", "1,", "[0]"),
        ("$[(@.length-1)]", "script-expression", "(@.length-1)", "[-1]"),
        ("$[?@.a]", "illegal-filter", "?@.a", "[?(@.a)]"),
        ("$[?(@.a = 1)]", "illegal-filter", "=", "=="),
        ("$.a\\", "open-escape", "\\", "backslash"),
    ],
)
def test_what_nobody_has_recorded_is_an_unsure_error(text: str, code: str, quote: str, help: str) -> None:
    error = only_error(text)
    assert (error.code, text[error.start : error.end]) == (code, quote)
    assert error.help is not None and help in error.help
    assert not error.sure


def test_a_number_of_very_many_digits_is_no_index() -> None:
    error = only_error("$[" + "9" * 5000 + "]")
    assert (error.code, error.start, error.end) == ("illegal-index", 2, 5002)


def test_a_function_is_told_with_the_intrinsic_function_that_does_the_same() -> None:
    path = parse_path("$.orders.length()")
    (error,) = path.errors
    assert (error.code, error.sure, error.stage, error.help) == (
        "path-function", False, "run", "write States.ArrayLength($.orders)",
    )  # fmt: skip
    assert path.steps[-1].kind == "function" and path.steps[-1].names == ("length",)


def test_several_errors_are_found_in_one_path() -> None:
    text = "$.a[b].c[].d[x]"
    assert [text[error.start : error.end] for error in parse_path(text).errors] == ["b", "[]", "x"]


def test_errors_are_bounded_in_number() -> None:
    assert len(parse_path("$" + "[x]" * 1000).errors) == MOST_ERRORS


def test_an_error_in_a_path_with_a_placeholder_is_unsure() -> None:
    assert [error.sure for error in parse_path("$.${Name}[x]").errors] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "$",
        "$$",
        "$.a",
        "$$.Execution.Id",
        "$x",
        "$x.a[0]",
        "$.a['b c'][0]",
        r"$.a\.b\@c",
        "$.a-b",
        "$.[0]",
        "$.${Name}",
        r"$.a\]",
    ],
)
def test_names_and_single_indices_make_a_reference_path(text: str) -> None:
    assert parse_path(text).is_reference


@pytest.mark.parametrize(
    ("text", "quote", "sure"),
    [
        ("$.a[*]", "[*]", True),
        ("$.*", ".*", True),
        ("$..a", "..", True),
        ("$.a[1:2].b", "[1:2]", True),
        ("$.a[0,1]", "[0,1]", True),
        ("$['a','b']", "['a','b']", True),
        ("$.a[?(@.b)]", "[?(@.b)]", True),
        ("$.a[-1]", "[-1]", False),
        ('$["a"]', '["a"]', False),
        ("$.a:b", ":", False),
        ("$.a*", "*", False),
        ("$.a.length()", ".length()", False),
        ("$.${Name}[*]", "[*]", False),
    ],
)
def test_the_step_that_names_several_places_is_said(text: str, quote: str, sure: bool) -> None:
    path = parse_path(text)
    reason = path.not_reference
    assert reason is not None and not path.is_reference
    assert (text[reason.start : reason.end], reason.sure) == (quote, sure)


def test_a_text_without_a_root_is_no_reference_path() -> None:
    reason = parse_path("order.id").not_reference
    assert reason is not None and reason.help == "write $.order.id"


def test_messages_quote_a_long_text_in_short() -> None:
    path: Path = parse_path("x" * 10_000)
    assert len(path.errors[0].message) < 80 and len(path.errors[0].help or "") < 80
