"""What an expression refers to: names at top level, members of $states, variables from outside."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.nodes import Expression, Path
from asl_lint.expressions.jsonata.walk import states_references, top_level_names, variables, walk

from .generate import grown, meant


def test_the_walk_meets_parents_first_and_follows_the_text() -> None:
    tree, _ = parse("$f(a, b.c) + 1")
    assert [type(node).__name__ for node in walk(tree)] == [
        "Expression", "Binary", "Call", "Variable", "Name", "Path", "Name", "Name", "Number",
    ]  # fmt: skip


# For each expression the references that Step Functions refuses (+), or may refuse (?).
TOP_LEVEL = {
    "phone": "+phone",
    "phone.number": "+phone",
    "`phone number`": "+phone number",
    "$": "+$",
    "$.phone": "+$",
    "$$": "+$$",
    "$$.phone": "+$$",
    "$states.input.phone": "",
    "$x.phone.number": "",
    "$x + phone": "+phone",
    "$exists(phone)": "+phone",
    "[phone, $]": "+phone +$",
    "{'a': phone}": "+phone",
    "{a: 1}": "+a",
    "phone = 'x' ? $.a : $$.b": "+phone +$ +$$",
    "($x := phone; $x)": "+phone",
    "-phone": "+phone",
    "[phone..3]": "+phone",
    "phone ~> $f": "+phone",
    # Predicates, orders, groupings, later steps and transforms have a context.
    "$x[phone = 1]": "",
    "$x[$ = 1]": "",
    "$x.y[$.phone = 1]": "",
    "$x^(phone)": "",
    "$x^(>$.phone)": "",
    "$x{phone: $sum(price)}": "",
    "$x.{'a': phone, 'b': $}": "",
    "$x.(phone & $.name)": "",
    "$x.$f(phone)": "",
    "$x ~> |$|{'a': phone}|": "",
    "$x ~> |items|{'a': $.b}, 'c'|": "",
    "$x@$v.phone": "",
    "$x#$i.phone": "",
    "phone[number = 1].code^(age)": "+phone",
    "(phone).number": "+phone",
    "phone{number: $}": "+phone",
    "(phone; $y)[a]": "+phone",
    # The body of a function has a context only where the function is made in one; otherwise it is not settled.
    "$map($x, function($v){ phone })": "?phone",
    "$map($x, function($v){ $.a })": "?$",
    "$map($x, function($v){ $v.a })": "",
    "$map(phone, function($v){ $v[a = 1] })": "+phone",
    "$x.$map(y, function($v){ phone })": "",
    # $$ is the input document everywhere; whether it is refused where there is a context is not settled.
    "$x[$$.a = b]": "?$$",
    "$map($x, function($v){ $$ })": "?$$",
    # A string that begins a path is a name, and a name that is called a function that is none.
    "'phone'": "",
    "'phone'.number": "?phone",
    "'phone'[0].number": "?phone",
    "sum($x)": "?sum",
    "sum(phone)": "?sum +phone",
    "$x ~> sum": "?sum",
    "*": "",
    "and": "+and",
}


@pytest.mark.parametrize("text", TOP_LEVEL)
def test_references_without_a_context_are_found(text: str) -> None:
    tree, errors = parse(text)
    assert errors == ()
    names = top_level_names(tree)
    assert " ".join(("+" if name.sure else "?") + name.name for name in names) == TOP_LEVEL[text]
    for name in names:
        assert text[slice(*name.span)].strip("`'") == name.name


# The text of each reference, and its members.
STATES = {
    "$states.input": ["$states.input"],
    "$states.input.a.b": ["$states.input.a.b"],
    "$states.input.items[0].id": ["$states.input.items[0].id"],
    "$states.context.Execution.Id & $states.result.x": ["$states.context.Execution.Id", "$states.result.x"],
    "$states": ["$states"],
    "$states.*": ["$states"],
    "$lookup($states, 'input')": ["$states"],
    "$states.(input)": ["$states"],
    "$states.input.$keys($)": ["$states.input"],
    "$states.'input'.`a b`": ["$states.'input'.`a b`"],
    "$states.input^(a).b": ["$states.input^(a).b"],
    "$states.input@$v.b": ["$states.input"],
    "$states.input#$i.b": ["$states.input#$i.b"],
    "($states.input).a": ["$states.input).a"],
    "$states.input[].a[b = $states.context.c]": ["$states.input[].a", "$states.context.c"],
    "$states.input{a: $states.errorOutput.Cause}": ["$states.input", "$states.errorOutput.Cause"],
    "$map([1], function($states){ $states.x })": [],
    "($states := 1; $states.x)": [],
    "($y := $states.input; $states.result)": ["$states.input", "$states.result"],
    "$state.input": [],
}


@pytest.mark.parametrize("text", STATES)
def test_references_to_states_are_found_with_their_members(text: str) -> None:
    tree, errors = parse(text)
    assert errors == ()
    found = states_references(tree)
    assert [text[slice(*reference.span)] for reference in found] == STATES[text]
    for reference in found:
        assert tuple(text[place.start : place.end].strip("`'") for place in reference.places) == reference.members


def test_the_members_of_a_reference_leave_filters_out() -> None:
    (reference,) = states_references(parse("$states.input.items[id = 1].name")[0])
    assert reference.members == ("input", "items", "name")


# The variables from outside; called ones with parentheses.
VARIABLES = {
    "$a + $b.c": "a b",
    "$sum($a)": "sum() a",
    "$a ~> $f ~> $g(1)": "a f() g()",
    "$ & $$": "",
    "($x := 1; $x + $y)": "y",
    "($x := $x + 1; $x)": "x",
    "($y := $x; $x := 1; $x)": "x",
    "(($x := 1; $x); $x)": "x",
    "$x := $y": "y",
    "[$x := 1, $x]": "",
    "function($a, $b){ $a + $b + $c }": "c",
    "$map($xs, function($x){ $x + $y }) + $x": "map() xs y x",
    "($f := function($n){ $n = 0 ? 1 : $f($n - 1) }; $f(3))": "",
    "($f := function(){ $g() }; $g := function(){ $h() }; $f())": "h()",
    "($map($xs, function($x){ $y }); $y := 1)": "map() xs y",
    "$a@$x.b[$x = c].{'d': $x}": "a",
    "$a@$x.b + $x": "a x",
    "$a#$i[$i < 3]^($i).b.$i": "a",
    "$a.b@$o.c@$p^($o.d){$p.e: $o}": "a",
    "$x.a@$x": "x",
    "$a ~> |$b|{'c': $d}|": "a b d",
    "$c ? ($x := 1; $x) : $x": "c x",
    "$x[] := 1": "",
    "$f(?, $x)": "f() x",
    "($x := 1; function(){ ($y := 2; $x + $y + $z) })": "z",
    "$states.input": "states",
}


@pytest.mark.parametrize("text", VARIABLES)
def test_variables_from_outside_are_found(text: str) -> None:
    tree, errors = parse(text)
    assert errors == ()
    found = variables(tree)
    assert " ".join(reference.name + "()" * reference.called for reference in found) == VARIABLES[text]
    for reference in found:
        assert text[slice(*reference.span)] == f"${reference.name}"


def test_a_tree_with_errors_is_read_as_far_as_it_goes() -> None:
    tree, errors = parse("{'a': $x ==, 'b': phone} $y")
    assert len(errors) == 2
    assert [reference.name for reference in variables(tree)] == ["x", "y"]
    assert [name.name for name in top_level_names(tree)] == ["phone"]


@settings(deadline=None, max_examples=300)
@given(st.randoms(use_true_random=False), st.booleans())
def test_what_the_parser_met_tells_what_a_walk_finds(source: random.Random, written_for_states: bool) -> None:
    text = meant(source, 4) if written_for_states else grown(source, 4)
    tree, errors = parse(text)
    walked = Expression(text, tree.body, tree.rest, tree.comments)
    assert variables(tree) == variables(walked)
    assert top_level_names(tree) == top_level_names(walked)
    assert states_references(tree) == states_references(walked)
    if not errors:
        assert tree.met is not None
        assert set(tree.met.paths) == {node for node in walk(walked) if isinstance(node, Path)}


PLAIN = [
    "$x",
    " $states.input.a ",
    "\t$a.b.c_1\n",
    "$x.é",
    "$x.and",
    "$x.true",
    "$x.b ",
    "$ex.$y",
    "$x.function",
    "$1.a",
    "$x . y",
]


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_expression_is_read_as_any_other(text: str) -> None:
    tree, errors = parse(text)
    other, same_errors = parse(text + "/**/")
    assert errors == same_errors
    assert [(repr(node), node.span) for node in walk(tree.body)] == [(repr(node), node.span) for node in walk(other.body)]
