"""No value of an expression is outside its type: against the reference implementation, for values of the variables' types."""

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.nodes import Expression
from asl_lint.types.jsonata import Inferred, infer
from asl_lint.types.lattice import ANY, Type, join_all, literal
from asl_lint.types.membership import holds
from asl_lint.types.narrowing import narrow

from .generate import Writer, expression, variables
from .reference import Evaluated, Evaluator, Question

pytestmark = pytest.mark.large

EXPRESSIONS = 2_500 if os.environ.get("CI") == "true" else 1_500
"""Generated; each is evaluated for three sets of values."""

FAILING = ("wrong-operand", "wrong-argument", "not-a-function")


class Case(NamedTuple):
    """An expression, the values of its variables, and what was inferred of it for types that hold them."""

    question: Question
    tree: Expression
    types: Mapping[str, Type]
    inferred: Inferred


def is_of(type_: Type, value: tuple[Any, ...]) -> bool:
    """Whether a value, or its absence, is of a type."""
    return holds(type_, value[0]) if value else type_.undefined > 0


def types_of(source: random.Random, values: list[dict[str, Any]]) -> dict[str, Type]:
    """Types that hold all of several values of the variables: joined, and now and then of anything."""
    unknown = source.random() < 0.25
    joined = {name: join_all(literal(value[name]) for value in values) for name in values[0]}
    return {name: ANY if unknown and source.random() < 0.4 else type_ for name, type_ in joined.items()}


def cases(source: random.Random, count: int) -> Iterator[Case]:
    for _ in range(count):
        text = expression(source, source.randint(1, 3))
        tree, errors = parse(text)
        if errors:
            continue
        values = [variables(source) for _ in range(3)]
        for group in [[value] for value in values] if source.random() < 0.4 else [values]:
            types = types_of(source, group)
            inferred = infer(tree, types)
            for value in group:
                yield Case(Question(text, value), tree, types, inferred)


@pytest.fixture(scope="module")
def evaluated(evaluator: Evaluator) -> list[tuple[Case, Evaluated]]:
    made = list(cases(random.Random(20_261_126), EXPRESSIONS))
    return list(zip(made, evaluator.evaluate([case.question for case in made]), strict=True))


def test_a_value_is_of_the_type_of_its_expression(
    evaluated: list[tuple[Case, Evaluated]], record_property: Callable[[str, object], None]
) -> None:
    given = [(case, answer) for case, answer in evaluated if not answer.error]
    outside = [(case.question, answer.value) for case, answer in given if not is_of(case.inferred.type, answer.value)]
    told = {"unknown-member", "member-of-scalar"}  # behind such a fault nothing is said any more
    judged = [case for case, _ in given if not any(fault.kind in told for fault in case.inferred.faults)]
    known = sum(not case.inferred.type.anything for case in judged)
    assert outside == []
    assert len(given) > EXPRESSIONS
    assert known > len(judged) * 0.9
    record_property(
        "figures",
        f"types of JSONata: {len(evaluated)} evaluations, {len(given)} values, all of their type; "
        f"{known / len(judged):.1%} of the types say more than any",
    )


def test_a_fault_that_is_certain_fails(evaluated: list[tuple[Case, Evaluated]]) -> None:
    faulty = [
        (case.question, fault, answer)
        for case, answer in evaluated
        for fault in case.inferred.faults
        if fault.certain and fault.met and fault.kind in FAILING
    ]
    assert len(faulty) > EXPRESSIONS // 50
    assert [one for one in faulty if not one[2].error] == []


def test_what_is_always_undefined_is(evaluated: list[tuple[Case, Evaluated]]) -> None:
    told = [
        answer
        for case, answer in evaluated
        if any(fault.kind == "always-undefined" for fault in case.inferred.faults) and not answer.error
    ]
    assert len(told) > 20
    assert [answer for answer in told if answer.value] == []


def test_a_comparison_that_never_holds_has_its_one_outcome(evaluator: Evaluator) -> None:
    source = random.Random(11)
    asked: list[Question] = []
    outcomes: list[bool | None] = []
    for _ in range(EXPRESSIONS // 2):
        text = Writer(source).comparison(2, context=False)
        values = [variables(source) for _ in range(3)]
        tree = parse(text)[0]
        for fault in infer(tree, types_of(source, values)).faults:
            if (
                fault.kind == "never-holds"
                and fault.certain
                and fault.met
                and fault.node is getattr(tree.body, "expressions", (None,))[0]
            ):
                asked += [Question(text, value) for value in values]
                outcomes += [fault.outcome] * 3
    assert len(asked) > 20
    answers = evaluator.evaluate(asked)
    given = zip(asked, answers, outcomes, strict=True)
    assert [(q, answer) for q, answer, outcome in given if not answer.error and answer.value != (outcome,)] == []


def test_a_condition_narrows_to_what_it_allows(evaluator: Evaluator) -> None:
    source = random.Random(5)
    asked: list[Question] = []
    narrowed: list[tuple[Mapping[str, Type] | None, Mapping[str, Type] | None]] = []
    changed = impossible = 0
    for _ in range(EXPRESSIONS // 2):
        text = Writer(source).condition(2) if source.random() < 0.8 else expression(source, 2)
        tree, errors = parse(text)
        if errors:
            continue
        values = [variables(source) for _ in range(4)]
        types = types_of(source, values)
        pair = (narrow(tree, types, True), narrow(tree, types, False))
        changed += sum(one is not None and one != types for one in pair)
        impossible += sum(one is None for one in pair)
        asked += [Question(f"({text}) ? 'yes' : 'no'", value) for value in values]
        narrowed += [pair] * 4
    assert changed > EXPRESSIONS // 16
    assert impossible > EXPRESSIONS // 80
    wrong = []
    for question, answer, pair in zip(asked, evaluator.evaluate(asked), narrowed, strict=True):
        if answer.error:
            continue
        kept = pair[0] if answer.value == ("yes",) else pair[1]
        if kept is None or not all(holds(kept[name], value) for name, value in question.variables.items()):
            wrong.append((question, answer))
    assert wrong == []


@pytest.mark.parametrize("name", ["expressions", "suite-2.0.6"])
def test_a_value_of_the_corpus_is_of_its_type(
    corpus: Path, evaluator: Evaluator, name: str, record_property: Callable[[str, object], None]
) -> None:
    entries = json.loads((corpus / "jsonata" / f"{name}.json").read_text(encoding="utf-8"))
    source = random.Random(1)
    asked: list[Question] = []
    inferred: list[Inferred] = []
    for entry in entries:
        tree, errors = parse(entry["expr"])
        if errors:
            continue
        bindings = entry.get("bindings") or (variables(source) if name == "expressions" else {})
        document = (entry["data"],) if "data" in entry else ()
        types = {key: literal(value) for key, value in bindings.items()}
        if document:
            types |= {"": literal(document[0]), "$": literal(document[0])}
        asked.append(Question(entry["expr"], bindings, document))
        inferred.append(infer(tree, types))
    answers = evaluator.evaluate(asked)
    given = [(q, i, a) for q, i, a in zip(asked, inferred, answers, strict=True) if not a.error]
    assert len(given) > 150
    assert [(q, a.value) for q, i, a in given if not is_of(i.type, a.value)] == []
    known = sum(not i.type.anything for _, i, _ in given)
    record_property("figures", f"types of JSONata, {name}: {len(given)} values, {known / len(given):.1%} of types more than any")


def test_it_is_quick() -> None:
    text = "$exists($states.input.orders) ? $sum($states.input.orders[status = 'PAID'].price) : 'none: ' & $states.input.name"
    tree = parse(text)[0]
    order = {"status": "PAID", "price": 1.5, "items": [1, 2]}
    types = {"states": literal({"input": {"orders": [order] * 3, "name": "x"}})}
    infer(tree, types)
    best = min(_timed(tree, types) for _ in range(5))
    assert best < 0.002  # some 0.2 ms where nothing else runs


def _timed(tree: Expression, types: Mapping[str, Type]) -> float:
    start = time.process_time()
    for _ in range(10):
        infer(tree, types)
    return (time.process_time() - start) / 10


def test_alternatives_in_each_other_are_followed_in_bounds() -> None:
    text = "$v"
    for i in range(40):
        text = f"({text} or $w = {i}) and $v" if i % 2 else f"{text} and $w != {i}"
    tree = parse(f"({text}) ? 1 : 2")[0]
    assert _timed(tree, {"v": ANY, "w": ANY}) < 1
