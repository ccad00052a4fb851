"""What a person reads: the fault in plain words, and what to write instead."""

import pytest

from asl_lint.expressions.jsonata import Error, parse

WORDS = {
    "$a == 1": ("`==` is not an operator of JSONata", "Write one `=` to compare: a = b"),
    "$a === 1": ("`===` is not an operator of JSONata", "Write one `=` to compare: a = b"),
    "$a !== 1": ("`!==` is not an operator of JSONata", "Write `!=`: a != b"),
    "$a <> 1": ("`<>` is not an operator of JSONata", "Write `!=`: a != b"),
    "$a && $b": ("`&&` is not an operator of JSONata", "Write `and`: a and b"),
    "$a || $b": ("`||` is not an operator of JSONata", "Write `or` for booleans: a or b; to join strings write `&`: a & b"),
    "$f($a || $b)": ("`||` is not an operator of JSONata", "Write `or` for booleans: a or b; to join strings write `&`: a & b"),
    "!$a": ("`!` is not an operator of JSONata", "Write $not(…) for a boolean, `!=` to compare"),
    "not $a": ("`$a` follows where an operator must stand", "Write $not(…)"),
    "$a and not $b": ("`$b` follows where an operator must stand", "Write $not(…)"),
    "$a ?? 1": ("`??` is not in JSONata 2.0.6", "Write $exists(a) ? a : b"),
    "$a ?: 1": ("`?:` is not in JSONata 2.0.6", "Write the value twice: a ? a : b, or $exists(a) ? a : b"),
    "$a?.b": ("`?.` is not an operator of JSONata", "Write `.`: a step over a missing field gives nothing, without an error"),
    "$map($a, ($x) => $x)": ("`=>` is not an operator of JSONata", "Write function($x){ … } for a function, `>=` to compare"),
    "[1, 2,]": ("A comma stands before `]`", "Remove the comma"),
    "{'a': 1,}": ("A comma stands before `}`", "Remove the comma"),
    "$f(1,)": ("A comma stands before `)`", "Remove the comma"),
    "$a // why": ("`//` begins no comment in JSONata", "Write /* comment */, or remove it"),
    "// why\n$a": ("`//` begins no comment in JSONata", "Write /* comment */, or remove it"),
    "$a; $b": ("`;` separates expressions only between parentheses", "Write ($x := 1; $x + 1)"),
    "$f($a; $b)": (
        "`;` stands where `)` must close `(` at character 3",
        "Separate arguments with `,`; `;` stands only in a block ( … ; … )",
    ),
    "($a, $b)": (
        "`,` stands where `)` must close `(` at character 1",
        "Separate the expressions of a block with `;`: ($x := 1; $x)",
    ),
    "function($x){$y := 1; $y}": (
        "`;` stands where `}` must close `{` at character 13",
        "Put several expressions between parentheses: function($x){ ( … ; … ) }",
    ),
    "'it\\'s'": ("`\\'` is not an escape of JSONata", 'Put the string between double quotes: "it\'s"'),
    "'it's'": (
        "`s'` follows where an operator must stand",
        'Is a quote inside the string? Put the string between the other quotes: "it\'s". Two strings are joined by `&`',
    ),
    "$f('a)": (
        "The string that opens at character 4 never ends",
        "Put ' behind it; a string that holds ' stands between double quotes, or has \\u0027 for it",
    ),
    "`Hello ${name}": (
        "The name that opens with a backquote never ends",
        "Put a backquote behind the name; strings stand between quotes",
    ),
    '"\\d+"': ("`\\d` is not an escape of JSONata", "Write \\\\d for a backslash and what follows it"),
    "${a}": (
        "`}` stands where `:` must follow the key (the object opens with `{` at character 2)",
        "Write $name for a variable; `${…}` is not JSONata",
    ),
    "$.items[?(@.x = 1)]": ("`[?(` is JSONPath, not JSONata", "Write the condition alone: items[price < 10]"),
    "$..a": ("`$..` is JSONPath, not JSONata", "Write `**` for everything below: $states.input.**.name"),
    "$a[0:2]": (
        "`:` stands where `]` must close `[` at character 3: JSONata has no slices",
        "Write items[[0..2]] for the first three",
    ),
    "$a[1": ("`[` at character 3 is never closed", "Write `]` where it ends"),
    "{'a': (1}": ("`}` does not close `(` at character 7", "Write `)` before it"),
    "$a)": ("`)` closes nothing", "Remove it, or open with `(`"),
    "$x++": ("`++` is not an operator of JSONata", "Write $x + 1; to keep it, bind it: $x := $x + 1"),
    "$x += 1": ("`+=` is not an operator of JSONata", "Write $x := $x + …"),
    "x := 1": ("`x` cannot be bound: on the left of `:=` stands a variable", "Write $x := …; to compare write `=`"),
    "if ($a) then 1 else 2": ("`then` follows where an operator must stand", "Write condition ? value : other"),
    "$states.": ("The expression ends where a name must follow `.`", "Write the name of the field, or remove the `.`"),
    "$a +": ("The expression ends where a value must follow `+`", "Write the value, or remove the operator"),
    "  ": ("The expression is empty", "Write a value, or remove the delimiters around it"),
    "a.0": ("`0` cannot be a step of a path", "Write an index between brackets: [0]; a name between quotes"),
    "/+/": (
        "The regular expression `/+/` is not valid: nothing to repeat",
        "Put a backslash before a sign that stands for itself: \\( \\[ \\* \\+ \\?",
    ),
    "{% $a %}": ("`{%` and `%}` stand around an expression, not in it", "Remove the delimiters from the expression"),
    "function(x){1}": ("The parameter `x` of the function is not a variable", "Write parameters with a `$`: function($x){ … }"),
    "1..3": ("A range stands between brackets", "Write [first..last]"),
    "$a is null": (
        "`is` follows where an operator must stand",
        "Write `=` to compare, $exists(x) to ask whether there is something",
    ),
    "[...$a]": ("`...` is not an operator of JSONata", "Write $merge([a, b]) for objects, $append(a, b) for arrays"),
    "if ($a) $b": ("`$b` follows where an operator must stand", "Write condition ? value : other"),
    "$a ** 2": ("`**` follows where an operator must stand", "Write $power(a, b); `**` is a step of a path"),
    "$a ^ 2": ("`2` stands where `(` must stand", "Write items^(key) for an order, $power(a, b) for a power"),
    "$a in (1, 2)": ("`,` stands where `)` must close `(` at character 7", "Write an array: a in [b, c]"),
    "typeof $a": ("`$a` follows where an operator must stand", "Write $type(x)"),
    "lambda $x": ("`$x` follows where an operator must stand", "Write function($x){ … }"),
    "$a ~= 'b'": ("`~=` is not an operator of JSONata", "Write $contains(text, /pattern/)"),
    "$a AND $b": ("`AND` follows where an operator must stand", "Write it small: a and b"),
}


@pytest.mark.parametrize("text", WORDS)
def test_a_slip_is_named_and_its_remedy_given(text: str) -> None:
    first = parse(text)[1][0]
    assert (first.message, first.help) == WORDS[text]


REMEDIES = [
    "$a = 1",
    "$a != 1",
    "$a and $b",
    "$a or $b",
    "$not($a)",
    "$exists($a) ? $a : $b",
    "$map($a, function($x){ $x })",
    "($x := 1; $x + 1)",
    "items[price < 10]",
    "items[[0..2]]",
    "$states.input.**.name",
    "$contains(text, /pattern/)",
    '"it\'s"',
    "function($x){ ($y := 1; $y) }",
    "[1..3]",
    "$merge([$a, $b])",
    "$power($a, 2)",
    "$a in [1, 2]",
    "$not($contains(text, /pattern/))",
    "$x ~> |$|{}, 'key'|",
]


@pytest.mark.parametrize("text", REMEDIES)
def test_what_is_advised_is_accepted(text: str) -> None:
    assert parse(text)[1] == ()


def test_a_long_text_is_quoted_in_part() -> None:
    error = parse('$a "' + "x" * 500 + '"')[1][0]
    assert len(error.message) < 100
    assert "…`" in error.message


def test_an_error_is_a_plain_tuple() -> None:
    assert parse("!a")[1] == (
        Error("S0204", 0, 1, "`!` is not an operator of JSONata", "Write $not(…) for a boolean, `!=` to compare"),
    )
