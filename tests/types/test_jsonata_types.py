"""Which types expressions have: sequences of none, one and many, functions, bindings, branches, and what is not followed."""

import json
from pathlib import Path
from typing import Any

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.functions import SIGNATURES, shape
from asl_lint.types.jsonata import Inferred, infer
from asl_lint.types.lattice import (
    ANY,
    ARRAY,
    BOOLEAN,
    FALSE,
    INFINITY,
    INTEGER,
    NATURAL,
    NOTHING,
    NULL,
    NUMBER,
    OBJECT,
    SOMETHING,
    STRING,
    TIMESTAMP,
    TRUE,
    UNDEFINED,
    Type,
    Undefined,
    array_of,
    array_of_items,
    enumeration,
    join,
    join_all,
    literal,
    number,
    number_between,
    object_of,
    text,
)
from asl_lint.types.membership import holds

UNSAID = Undefined.UNSAID
ITEM = object_of({"id": STRING, "price": NUMBER, "tags": array_of(STRING), "note": STRING.or_undefined(UNSAID)})
INPUT = object_of(
    {
        "items": array_of(ITEM),
        "two": array_of(ITEM, 2, 2),
        "one": ITEM,
        "name": STRING,
        "count": NATURAL,
        "flag": BOOLEAN,
        "maybe": STRING.or_undefined(),
        "either": join(STRING, NUMBER),
    }
)
VARIABLES = {
    "states": object_of({"input": INPUT, "context": ANY}),
    "status": enumeration(["RUNNING", "DONE"]),
    "index": number_between(0, INFINITY, whole=True),
    "unknown": ANY,
    "five": number(5),
}


def inferred(expression: str, **variables: Type) -> Inferred:
    tree, errors = parse(expression)
    assert not errors
    return infer(tree, {**VARIABLES, **variables})


def many(element: Type, how: Undefined = UNSAID) -> Type:
    """None, one, or an array of more."""
    return join(element, array_of(element, 2)).or_undefined(how)


@pytest.mark.parametrize(
    ("expression", "type_"),
    [
        ("'a'", text("a")),
        ("-1.5", number(-1.5)),
        ("null", NULL),
        ("$five", number(5)),
        ("$five * 2 + 1", number(11)),
        ("$index + 1", number_between(1, INFINITY, whole=True)),
        ("$index - 1", number_between(-1, INFINITY, whole=True)),
        ("$index / 2", number_between(0, INFINITY)),
        ("$index % 3", number_between(0, 3, whole=True)),
        ("-$index", number_between(-INFINITY, 0, whole=True)),
        ("$five & '/' & $states.input.name", STRING),
        ("'a' & $five & true", text("a5true")),
        ("$states.input.name", STRING),
        ("$states.input.maybe", STRING.or_undefined()),
        ("$states.input.name.first", ANY),
        ("$states.input.maybe & ''", STRING),
        ("$states.input.count + $unknown", NUMBER.or_undefined(UNSAID)),
        ("$unknown.a.b", ANY),
        ("$notKnown", ANY),
        ("$states.input.items", array_of(ITEM)),
        ("$states.input.items.price", many(NUMBER)),
        ("$states.input.items.note", many(STRING)),
        ("$states.input.items.tags", join(array_of(STRING), many(STRING))),
        ("$states.input.two.price", array_of(NUMBER, 2, 2)),
        ("$states.input.two.price[]", array_of(NUMBER, 2, 2)),
        ("$states.input.items.price[]", array_of(NUMBER, 1).or_undefined(UNSAID)),
        ("$states.input.one.tags", array_of(STRING)),
        ("$states.input.items[0]", ITEM.or_undefined(UNSAID)),
        ("$states.input.two[0].id", STRING),
        ("$states.input.two[2]", UNDEFINED),
        ("$states.input.two[-1]", ITEM),
        ("$states.input.items[$index]", ITEM.or_undefined(UNSAID)),
        ("$states.input.items[id != 'x']", many(ITEM, Undefined.POSSIBLE)),
        ("$states.input.items[id != 'x'][]", array_of(ITEM, 1).or_undefined()),
        ("[$states.input.items[id != 'x']]", array_of(ITEM)),
        ("$count($states.input.items[price > 3])", NATURAL),
        ("$states.input.items[$five = 6]", UNDEFINED),
        ("$states.input.items[$exists(note)][0].note", STRING.or_undefined()),
        ("$states.input.items^(price)", many(ITEM)),
        ("$states.input.items^(price)[0].id", STRING.or_undefined(UNSAID)),
        ("$states.input.items.{'a': id}", many(object_of({"a": STRING}))),
        ("$states.input.two.[id, price]", array_of(array_of_items([STRING, NUMBER]), 2, 2)),
        ("$states.input.items{id: price}", object_of({}, many(NUMBER))),
        ("$states.input.two#$i.{'i': $i}", array_of(object_of({"i": NATURAL}), 2, 2)),
        ("$states.input.two@$t.($t.id)", array_of(STRING, 2, 2)),
        ("[1, 'a', null]", array_of_items([number(1), text("a"), NULL])),
        ("[1..3]", array_of_items([number(1), number(2), number(3)])),
        ("[0..$index]", array_of(NATURAL, 1)),
        ("[$states.input.items, 'end']", array_of(join(ITEM, text("end")), 1)),
        ("[[1], 2]", array_of_items([array_of_items([number(1)]), number(2)])),
        ("{'a': 1, 'b': $states.input.maybe}", object_of({"a": number(1), "b": STRING.or_undefined()})),
        ("{'a': $states.input.nothing}", object_of({"a": ANY})),
        ("$states.input.flag ? 'a' : 1", join(text("a"), number(1))),
        ("$states.input.flag ? 'a'", text("a").or_undefined()),
        ("true ? 'a' : 1", text("a")),
        ("$exists($states.input.maybe) ? $states.input.maybe : 'none'", STRING),
        ("$type($states.input.either) = 'string' ? $states.input.either : '?'", STRING),
        ("$states.input.maybe ? $states.input.maybe : 5", join(STRING, number(5))),
        ("$status = 'DONE' ? 1 : $status", join(number(1), enumeration(["RUNNING"]))),
        ("$error('no')", NOTHING),
        ("$states.input.flag ? $error('no') : 1", number(1)),
        ("$five = 5", TRUE),
        ("$five = 'a'", FALSE),
        ("$five > 3 and $five < 9", TRUE),
        ("$status = 'STOPPED'", BOOLEAN),
        ("$count($states.input.items) < 0", FALSE),
        ("'a' in ['b', 'c']", FALSE),
        ("$states.input.name in ['b', 'c']", BOOLEAN),
        ("$states.input.maybe = 'x'", BOOLEAN),
        ("($x := 1; $y := $x + 1; $y * 2)", number(4)),
        ("($x := 1; ($x := 2); $x)", number(1)),
        ("($x := 1; $states.input.flag ? ($x := 2) : 0; $x)", number(1)),
        ("($x := 1; $states.input.flag ? $x := 2 : 0; $x)", number(1, 2)),
        ("($f := function($a) { $a + 1 }; $f(1))", number(2)),
        ("($f := function($a, $b) { $b }; $f(1))", UNDEFINED),
        ("($f := function($n) { $n < 1 ? 0 : $f($n - 1) }; $f($five))", ANY),
        ("($f := function($a, $b) { $a + $b }; $g := $f(?, 2); $g(1))", number(3)),
        ("function($x) { $x }(3)", number(3)),
        ("($count := function() { 'mine' }; $count([1]))", text("mine")),
        ("$states.input.items ~> $count", NATURAL),
        ("$states.input.name ~> $uppercase() ~> $length()", NATURAL),
        ("$states.input.one ~> |$|{'new': 1}|", object_of({**ITEM.object.members, "new": number(1)})),  # type: ignore[union-attr]
        ("$states.input.one ~> |tags|{'new': 1}|", OBJECT),
        ("$states.input.one.*", ANY),
        ("{'a': 1, 'b': 'x'}.*", array_of(join(number(1), text("x")), 2, 2)),
        ("$states.input.items.%.name", ANY),
    ],
)
def test_an_expression_has_its_type(expression: str, type_: Type) -> None:
    assert inferred(expression).type == type_


@pytest.mark.parametrize(
    ("expression", "type_"),
    [
        ("$map($states.input.two, function($i) { $i.price })", array_of(NUMBER, 2, 2)),
        ("$map($states.input.items, function($i, $n) { $n })", many(NATURAL)),
        ("$map($states.input.items, $string)", many(STRING)),
        ("$map($states.input.items, function($i) { $keys($i) })", many(SOMETHING)),
        ("$filter($states.input.items, function($i) { $i.id != 'x' })", many(ITEM, Undefined.POSSIBLE)),
        ("$filter($states.input.items, function($i) { $exists($i.note) })[0].note", STRING.or_undefined()),
        ("$single($states.input.items, function($i) { $i.id = 'x' }).price", NUMBER),
        ("$reduce($states.input.items.price, function($a, $b) { $a & $b }, '')", STRING.or_undefined(UNSAID)),
        ("$reduce([1, 2], function($a, $b) { $a & $b }, '')", STRING),
        ("$sort($states.input.items, function($a, $b) { $a.price > $b.price })", array_of(ITEM)),
        ("$each({'a': 1, 'b': 2}, function($v, $k) { $k })", array_of(text("a", "b"), 2, 2)),
        ("$sift({'a': 1}, function($v) { $v > $five })", UNDEFINED),
        ("$sift({'a': 1}, function($v) { $v > $index })", object_of({"a": number(1).or_undefined()}).or_undefined()),
        ("$append([1], 'a')", array_of(join(number(1), text("a")), 2, 2)),
        ("$append($unknown, $states.input.nothing)", ANY),
        ("$append($unknown, [1])", SOMETHING),
        ("$append($states.input.maybe, 'x')", join(array_of(STRING, 2, 2), text("x"))),
        ("$append([1], ['a'])", array_of_items([number(1), text("a")])),
        ("$reverse([1, 'a'])", array_of_items([text("a"), number(1)])),
        ("$distinct($states.input.name)", STRING),
        ("$keys({'a': 1})", text("a")),
        ("$keys({'a': 1, 'b': 1})", array_of(text("a", "b"), 2, 2)),
        ("$lookup($states.input, 'name')", STRING),
        ("$merge([{'a': 1, 'b': 2}, {'b': 'x'}])", object_of({"a": number(1), "b": text("x")})),
        ("$merge([{'a': 1}, {'a': $states.input.maybe}])", object_of({"a": join(number(1), STRING)})),
        ("$spread({'a': 1})", object_of({"a": number(1).or_undefined()})),
        ("$zip([1, 2], ['a', 'b'])", array_of(array_of_items([number(1, 2), text("a", "b")]), 2, 2)),
        ("$split($states.input.name, ',')", array_of(STRING, 1)),
        ("$match($states.input.name, /a/)[0].match", STRING.or_undefined()),
        ("$join(['a', 'b'], '-')", text("a-b")),
        ("$string($five)", text("5")),
        ("$uppercase('ab')", text("AB")),
        ("$length('abc')", number(3)),
        ("$contains('abc', 'b')", TRUE),
        ("$number($states.input.name)", NUMBER),
        ("$sum($states.input.items.price)", NUMBER.or_undefined(UNSAID)),
        ("$sum([$index, 1])", number_between(0, INFINITY, whole=True)),
        ("$max([1, 5])", number(1, 5)),
        ("$max([])", UNDEFINED),
        ("$count($states.input.two)", number(2)),
        ("$count($states.input.nothing)", NATURAL),
        ("$exists($states.input.name)", TRUE),
        ("$exists($states.input.nothing)", FALSE),
        ("$exists($states.input.maybe)", BOOLEAN),
        ("$not($states.input.maybe)", BOOLEAN.or_undefined()),
        ("$type($states.input.either)", text("string", "number")),
        ("$now()", TIMESTAMP),
        ("$now('[Y]')", STRING),
        ("$fromMillis($index)", TIMESTAMP),
        ("$toMillis($states.input.name)", INTEGER),
        ("$millis()", NATURAL),
        ("$parse($states.input.name)", SOMETHING),
        ("$hash($states.input.name)", UNDEFINED),
        ("$hash($states.input.name, 'MD5')", STRING),
        ("$uuid()", STRING),
        ("$random()", number_between(0, 1)),
        ("$range(1, 3, 1)", join(number_between(1, 3, whole=True), array_of(number_between(1, 3, whole=True), 2))),
        ("$range($index, 3)", UNDEFINED),
        ("$partition($states.input.two, 5)", array_of(array_of(ITEM, 1, 2), 1, 2)),
        ("$partition($states.input.items, 5)", array_of(array_of(ITEM, 1), 1).or_undefined(UNSAID)),
        ("$floor($five / 2)", number(2)),
        ("$round(2.5)", number(2)),
        ("$assert($states.input.flag)", UNDEFINED),
        ("$string()", UNDEFINED),
        ("$states.input.items.$string(price)", many(STRING)),
        ("$states.input.two.id.$length()", array_of(NATURAL, 2, 2)),
        ("$clone($states.input.items)", ARRAY),
    ],
)
def test_a_function_gives_its_type(expression: str, type_: Type) -> None:
    assert inferred(expression).type == type_


def test_every_function_of_the_table_is_followed() -> None:
    given = {"s": "'1'", "n": "1", "b": "true", "o": "{'a': 1}", "a": "[1]", "f": "function($x, $y) { $x }", "x": "1", "j": "1"}
    unknown = []
    for name in SIGNATURES:
        parameters = [p for p in shape(name).parameters if not p.optional]
        arguments = [f"['a']" if p.holds == "s" else "[{}]" if p.holds == "o" else given[p.types[0]] for p in parameters]  # noqa: F541
        if inferred(f"${name}({', '.join(arguments)})").type.undefined == UNSAID and name not in ("parseInteger", "eval"):
            unknown.append(name)
    assert unknown == []


def test_a_variable_hides_the_function_of_its_name() -> None:
    assert inferred("$count", count=number(3)).type == number(3)


def test_a_node_that_is_not_reached_has_no_type() -> None:
    tree = parse("false ? $five : 'a'")[0]
    found = infer(tree, VARIABLES)
    body: Any = tree.body
    assert found.of(body.then) == NOTHING
    assert found.of(body.otherwise) == text("a")


def test_the_body_of_a_function_has_the_types_of_all_its_calls() -> None:
    tree = parse("($f := function($x) { $x }; [$f(1), $f('a')])")[0]
    body: Any = tree.body
    found = infer(tree, {})
    assert found.of(body.expressions[0].value.body) == join_all([number(1), text("a")])
    assert found.type == array_of_items([number(1), text("a")])


def test_depth_is_bounded() -> None:
    tree = parse("(" * 200 + "1" + ")" * 200)[0]
    assert infer(tree, {}).type == ANY


def test_a_long_chain_of_one_operator_is_followed() -> None:
    tree = parse(" & ".join(["$states.input.name"] * 90))[0]
    assert infer(tree, VARIABLES).type == STRING


def test_the_pitfalls_give_values_of_their_types() -> None:
    path = Path(__file__).parents[3] / "shared" / "facts" / "jsonata_pitfalls.json"
    if not path.exists():
        pytest.skip("the facts folder is not beside the checkout")
    facts = json.loads(path.read_text(encoding="utf-8"))
    variables = {name: literal(value) for name, value in facts["variables"].items()}
    # They were run with an empty object as the context.
    variables |= {"states": literal({"input": facts["input"]}), "": literal({}), "$": literal({})}
    checked = 0
    for case in facts["cases"]:
        for side in ("wrong", "right"):
            tree, errors = parse(case[side])
            gives = case.get(f"{side}_gives", {})
            if errors or not ({"value", "undefined"} & gives.keys()):
                continue
            type_ = infer(tree, variables).type
            if type_.function is not None or case[side] == "1/0":
                continue  # what is no JSON: a function, an infinite number
            checked += 1
            assert holds(type_, gives["value"]) if "value" in gives else type_.undefined, case[side]
    assert checked > 40
