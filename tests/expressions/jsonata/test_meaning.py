"""What is told of an expression whatever the data is what the reference does when it evaluates it."""

import json
import random
from pathlib import Path

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.certainty import sure_type, type_or_nothing
from asl_lint.expressions.jsonata.functions import SIGNATURES
from asl_lint.expressions.jsonata.meaning import faults, parameters

from .generate import any_expression
from .reference import Reference

GENERATED = 4_000
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
    ],
)
def test_a_fault_is_told_in_its_place(expression: str, found: list[tuple[str, str, bool]]) -> None:
    assert told(expression) == found


def test_every_signature_is_understood() -> None:
    letters = {letter for name in SIGNATURES for parameter in parameters(name) for letter in parameter.types}
    assert letters <= set("snblaofjx")
    assert [p.types for p in parameters("replace")] == ["s", "sf", "sf", "n"]
    assert parameters("match")[1].types == "f"


def calls(source: random.Random) -> list[str]:
    """Each function with each number of arguments, literals of all types."""
    found = []
    for name in sorted(SIGNATURES):
        most = len(parameters(name))
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


def test_literal_arguments_that_the_reference_refuses_are_mostly_told(reference: Reference) -> None:
    source = random.Random(11)
    expressions = calls(source)
    refused = [e for e, outcome in zip(expressions, reference.outcomes(expressions), strict=True) if outcome.startswith("!T04")]
    unseen = [e for e in refused if not any(fault.kind == "argument" for fault in faults(parse(e)[0]))]
    assert len(refused) > 300
    assert len(unseen) < len(refused) * 0.03, unseen[:20]
