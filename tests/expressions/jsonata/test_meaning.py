"""What is told of an expression whatever the data is what the reference does when it evaluates it."""

import json
import os
import random
import re
from pathlib import Path

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.certainty import sure_type, truth, type_or_nothing
from asl_lint.expressions.jsonata.functions import ADDED, SIGNATURES, shape
from asl_lint.expressions.jsonata.meaning import faults
from asl_lint.expressions.jsonata.other_dialects import INSTEAD

from .generate import any_expression, meant
from .reference import Reference

pytestmark = pytest.mark.large

GENERATED = 8_000 if os.environ.get("CI") == "true" else 4_000
LITERALS = ("'text'", "7", "true", "null", "[1, 2]", "['a']", "{'a': 1}", "function($x) { $x }", "$states.input.count", "[]")


def told(expression: str) -> list[tuple[str, str, bool]]:
    tree, errors = parse(expression)
    assert not errors
    return [(fault.kind, expression[slice(*fault.span)], fault.certain) for fault in faults(tree)]


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("$eval('1')", [("unknown-function", "$eval", True)]),
        ("true ? 1 : $nope(1)", [("unknown-function", "$nope", False)]),
        ("[1].$nope()", [("unknown-function", "$nope", False)]),
        ("false and $nope()", [("unknown-function", "$nope", False)]),
        ("function($x) { $nope($x) }(1)", [("unknown-function", "$nope", False)]),
        ("($nope := function() { 1 }; $nope())", []),
        ("$count()", [("argument", "$count()", True)]),
        ("$contains('a')", [("argument", "$contains('a')", False)]),
        ("$states.input.list.$contains('a')", []),
        ("'a' ~> $contains('a')", []),
        ("$substring(?, 1)", []),
        ("$zip([1], [2], [3], [4])", []),
        ("$sum(['a'])", [("argument", "['a']", True)]),
        ("$sum('a')", [("argument", "'a'", True)]),
        ("$append('a', 1)", []),
        ("$reduce([1], $sum)", []),
        ("$match('a', /a/)", []),
        ("1 + '1'", [("operand", "'1'", True)]),
        ("'a' & 1", []),
        ("null < 1", [("operand", "null", True)]),
        ("-'a'", [("operand", "'a'", True)]),
        ("1 = '1'", [("never-equal", "1 = '1'", False)]),
        ("$states.input['name']", [("text-as-filter", "'name'", False)]),
        ("$count := function($x) { 1 }", []),
        ("($count := function($x) { 'a' }; $count(1, 2) + 1)", []),
        ("$now() - 1000", [("operand", "$now()", True)]),
        ("$string($states.input.name) + 1", [("operand", "$string($states.input.name)", False)]),
        ("$uppercase($count($states.input.list))", [("argument", "$count($states.input.list)", True)]),
        ("$uppercase($number($states.input.name))", [("argument", "$number($states.input.name)", False)]),
        ("$string($states.input.name) < 5", [("operand", "$string($states.input.name) < 5", False)]),
        ("$states.input.count ~> 5", [("operand", "5", True)]),
        ("$states.input.count ~> $nope", [("unknown-function", "$nope", True)]),
        ("$nope(?)", [("unknown-function", "$nope", True)]),
        ("$states.input.name.toString()", [("unknown-function", "toString", False)]),
        ("uppercase('a')", []),
        ("['a'..3]", [("operand", "'a'", True)]),
        ("[1..2.5]", [("operand", "2.5", True)]),
        ("[1..100000000]", [("operand", "1..100000000", True)]),
        ("{1: 2}", [("object-key", "1", True)]),
        ("{'a': 1, 'b': 2, 'a': 3}", [("object-key", "'a'", True)]),
        ("{'a': {'a': 1}}", []),
        ("$states.input.list{'a': $, 'a': 1}", [("object-key", "'a'", False)]),
        ("{$states.input.missing: 1 + 'a'}", [("operand", "'a'", False)]),
        ("[1] ~> |$|5|", [("operand", "5", False)]),
        ("$reduce([1, 2], function($x) { $x })", [("argument", "function($x) { $x }", True)]),
        ("$reduce($states.input.list, function($x) { $x })", [("argument", "function($x) { $x }", False)]),
        ("$hash('a', 'sha256')", [("argument", "'sha256'", False)]),
        ("$hash('a', 'SHA-256') & $random('a')", [("argument", "'a'", False)]),
        ("$clone(true)", [("argument", "true", True)]),
        ("1 / 0", [("division-by-zero", "1 / 0", False)]),
        ("$type($states.input.name) = 'undefined'", [("never-equal", "$type($states.input.name) = 'undefined'", False)]),
        ("$type($states.input.name) = 'string'", []),
        ("$lowercase($states.input.name) = 'Name'", [("never-equal", "$lowercase($states.input.name) = 'Name'", False)]),
        ("$states.input.name ~> $uppercase = 'NAME'", []),
        ("$states.input.flag = 'true'", []),
        ("$exists($states.input.flag) = 'true'", [("never-equal", "$exists($states.input.flag) = 'true'", False)]),
        ("$states.input.name = 'a' or 'b'", [("constant-condition", "'b'", False)]),
        ("$states.input.name = 'a' or $states.input.name = 'b'", []),
        ("$states.input.name and '${Name}'", []),
        ("true ? 1 : 2", []),
        ("$not('a')", [("constant-condition", "'a'", False)]),
        ("$states.input.list[id = states.input.id]", [("missing-dollar", "states.input", False)]),
        ("$states.input.list[id = states.id]", []),
        ("'a' in 'abc'", [("in-without-array", "'abc'", False)]),
        ("'a' in $states.input.name", []),
        ("$count('abc')", [("count-of-single-value", "'abc'", False)]),
        ("$count($states.input.list[flag])", []),
        ("($x = 5; 1)", [("expression-without-effect", "$x = 5", False)]),
        ("($x := 5; $assert(true); $x)", []),
        ("$sort([2, 1], function($a, $b) { $a - $b })", [("sort-by-number", "$a - $b", False)]),
        ("$sort([2, 1], function($a, $b) { $a > $b })", []),
        ("$states.input.deep['a' & 'b']", [("text-as-filter", "'a' & 'b'", False)]),
    ],
)
def test_a_fault_is_told_in_its_place(expression: str, found: list[tuple[str, str, bool]]) -> None:
    assert told(expression) == found


def test_a_hidden_name_is_no_function() -> None:
    tree = parse("$count([1]) + $sum([1])")[0]
    assert [(fault.subject, fault.certain) for fault in faults(tree, ("count",))] == [("$count", True)]


def test_every_function_is_the_reference_s_or_the_service_s(reference: Reference) -> None:
    outcomes = reference.outcomes([f"$exists(${name}) ? 1 : 'no'" for name in SIGNATURES])
    assert [name for name, outcome in zip(SIGNATURES, outcomes, strict=True) if outcome != "number"] == []
    assert SIGNATURES.keys() >= ADDED


def test_what_other_languages_call_it_leads_to_what_is_there() -> None:
    assert not INSTEAD.keys() & SIGNATURES.keys()
    for remedy in INSTEAD.values():
        assert {name for name in re.findall(r"\$(\w+)", remedy) if len(name) > 1} <= SIGNATURES.keys() | {"NAME"}, remedy


@pytest.mark.parametrize(
    ("expression", "help"),
    [
        ("$upercase('a')", "did you mean $uppercase?"),
        ("$toUpperCase('a')", "write $uppercase"),
        ("$len('a')", "write $length(text) or $count(array)"),
        ("$eval('1')", "write $parse for JSON text"),
        ("$completelyElse()", None),
        ("$merge({}, {})", "the objects to merge stand in an array: $merge([a, b])"),
        ("$sum(1, 2)", "the values stand in an array: $sum([a, b])"),
        ("$hash('a', 'sha256')", "did you mean 'SHA-256'?"),
        ("'a' + 1", "texts are joined with &"),
        ("$now() + 1000", "$millis() gives the time as a number"),
        ("$uppercase(5)", "$string makes a text of a number"),
        ("($x = 5; 1)", "= compares; write $x := … to bind"),
        ("$a = 'x' or 'y'", "compare with each: a = 'x' or a = 'y'; or a in ['x', 'y']"),
        ("$a or 'y'", "`or` gives true or false, never an operand: write $exists(a) ? a : b"),
        ("$sort([2], function($l, $r) { $l - $r })", "write $l > $r, or < for the largest first"),
        ("$type(1) = 'undefined'", "$exists asks whether there is a value"),
        ("$exists(1) = 'true'", "write true, without quotes"),
    ],
)
def test_the_help_says_what_to_write(expression: str, help: str | None) -> None:
    assert [fault.help for fault in faults(parse(expression)[0])] == [help]


def test_every_signature_is_understood() -> None:
    letters = {letter for name in SIGNATURES for parameter in shape(name).parameters for letter in parameter.types}
    assert letters <= set("snblaofjx")
    assert [p.types for p in shape("replace").parameters] == ["s", "sf", "sf", "n"]
    assert shape("match").parameters[1].types == "f"


def calls(source: random.Random) -> list[str]:
    """Each function with each number of arguments, literals of all types."""
    found = []
    for name in sorted(SIGNATURES):
        most = len(shape(name).parameters)
        for count in range(most + 2):
            found += [f"${name}({', '.join(source.choice(LITERALS) for _ in range(count))})" for _ in range(6)]
    return found


def operations(source: random.Random) -> list[str]:
    signs = ("+", "-", "*", "/", "%", "<", "<=", ">", ">=", "=", "!=", "&", "in", "and", "or")
    return [f"{source.choice(LITERALS)} {sign} {source.choice(LITERALS)}" for sign in signs for _ in range(25)]


def contradictions(reference: Reference, expressions: list[str]) -> list[str]:
    """Certain faults of expressions that the reference evaluates, and types that it does not find."""
    trees = [(expression, tree) for expression in expressions for tree, errors in [parse(expression)] if not errors]
    found = []
    for (expression, tree), outcome in zip(trees, reference.outcomes([e for e, _ in trees]), strict=True):
        certain = [fault for fault in faults(tree) if fault.certain]
        if certain and not outcome.startswith("!"):
            found.append(f"{expression} gives {outcome}, and has a certain fault: {certain[0].problem}")
        sure, perhaps = sure_type(tree), type_or_nothing(tree)
        if sure is not None and not outcome.startswith("!") and outcome != sure:
            found.append(f"{expression} gives {outcome}, not surely {sure}")
        if perhaps is not None and not outcome.startswith("!") and outcome not in (perhaps, "undefined"):
            found.append(f"{expression} gives {outcome}, not {perhaps}")
    return found


def test_a_certain_fault_fails_in_the_reference(reference: Reference) -> None:
    source = random.Random(20_261_124)
    assert contradictions(reference, calls(source) + operations(source)) == []


def test_a_certain_fault_of_a_generated_expression_fails_in_the_reference(corpus: Path, reference: Reference) -> None:
    source = random.Random(7)
    entries = json.loads((corpus / "jsonata" / "expressions.json").read_text(encoding="utf-8"))
    real = [entry["expr"] for entry in entries if isinstance(entry.get("expr"), str)]
    expressions = real + [any_expression(source, real) for _ in range(GENERATED)]
    assert contradictions(reference, expressions) == []


def test_a_certain_fault_of_an_expression_that_means_something_fails_in_the_reference(reference: Reference) -> None:
    source = random.Random(13)
    expressions = [meant(source, source.randint(1, 4)) for _ in range(GENERATED)]
    assert sum(any(fault.certain for fault in faults(parse(e)[0])) for e in expressions) > GENERATED // 5
    assert contradictions(reference, expressions) == []


def test_what_is_never_equal_never_is_and_what_always_counts_as_true_does(reference: Reference) -> None:
    source = random.Random(17)
    equalities, conditions = [], []
    for _ in range(GENERATED):
        left, right = meant(source, source.randint(0, 2)), meant(source, source.randint(0, 1))
        if any(f.kind == "never-equal" and f.span.start == 0 for f in faults(parse(f"{left} = {right}")[0])):
            equalities.append(f"$states.input.list[{left} = {right}]")
        value = truth(parse(left)[0].body)
        if value is not None:
            conditions.append((f"({left}) ? 1 : 'no'", "number" if value else "string"))
    assert len(equalities) > GENERATED // 100
    assert len(conditions) > GENERATED // 100
    outcomes = dict(zip(equalities, reference.outcomes(equalities), strict=True))
    assert {e: outcome for e, outcome in outcomes.items() if outcome != "undefined" and not outcome.startswith("!")} == {}
    found = reference.outcomes([e for e, _ in conditions])
    assert [(e, o) for (e, expected), o in zip(conditions, found, strict=True) if o != expected and o != "!S0211"] == []


def test_literal_arguments_that_the_reference_refuses_are_mostly_told(reference: Reference) -> None:
    source = random.Random(11)
    expressions = calls(source)
    refused = [e for e, outcome in zip(expressions, reference.outcomes(expressions), strict=True) if outcome.startswith("!T04")]
    unseen = [e for e in refused if not any(fault.kind == "argument" for fault in faults(parse(e)[0]))]
    assert len(refused) > 300
    assert len(unseen) < len(refused) * 0.03, unseen[:20]
