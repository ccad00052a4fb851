"""What a condition leaves of the types of the variables that it reads, where it holds and where it does not."""

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.types.lattice import (
    ANY,
    ARRAY,
    BOOLEAN,
    FALSE,
    INFINITY,
    NULL,
    NUMBER,
    SOMETHING,
    STRING,
    TRUE,
    UNDEFINED,
    Members,
    Type,
    Undefined,
    enumeration,
    join,
    join_all,
    number,
    number_between,
    object_of,
    text,
)
from asl_lint.types.narrowing import narrow

STATUS = enumeration(["RUNNING", "DONE", "FAILED"])
COUNT = number_between(0, INFINITY, whole=True)
MIXED = join_all([STRING, NUMBER, NULL, ARRAY, UNDEFINED])


def narrowed(condition: str, holds: bool, **variables: Type) -> dict[str, Type] | None:
    tree, errors = parse(condition)
    assert not errors
    found = narrow(tree, variables, holds)
    return None if found is None else dict(found)


@pytest.mark.parametrize(
    ("condition", "before", "where_it_holds", "where_it_does_not"),
    [
        ("$exists($v)", STRING.or_undefined(), STRING, UNDEFINED),
        ("$not($exists($v))", STRING.or_undefined(), UNDEFINED, STRING),
        ("$v", STRING.or_undefined(), STRING, text("").or_undefined()),
        ("$v", BOOLEAN, TRUE, FALSE),
        ("$not($v)", BOOLEAN, FALSE, TRUE),
        ("$not($v)", BOOLEAN.or_undefined(), FALSE, TRUE.or_undefined()),
        ("$v ? true : false", STRING.or_undefined(), STRING, text("").or_undefined()),
        ("$v = 1 ? false : true", number(1, 2), number(2), number(1)),
        ("$exists($v) ? $v > 1", number(1, 2).or_undefined(), number(2), number(1).or_undefined()),
        ("$boolean($v)", BOOLEAN.or_undefined(), TRUE, FALSE.or_undefined()),
        ("$v = 'DONE'", STATUS, text("DONE"), enumeration(["RUNNING", "FAILED"])),
        ("'DONE' = $v", STATUS, text("DONE"), enumeration(["RUNNING", "FAILED"])),
        ("$v != 'DONE'", STATUS, enumeration(["RUNNING", "FAILED"]), text("DONE")),
        ("$v in ['DONE', 'FAILED']", STATUS, text("DONE", "FAILED"), enumeration(["RUNNING"])),
        ("$v = 'DONE' or $v = 'FAILED'", STATUS, text("DONE", "FAILED"), enumeration(["RUNNING"])),
        ("$v != 'DONE' and $v != 'FAILED'", STATUS, enumeration(["RUNNING"]), text("DONE", "FAILED")),
        ("$v = 1", number(1, 2).or_undefined(), number(1), number(2).or_undefined()),
        ("$v != 1", number(1, 2).or_undefined(), number(2), number(1).or_undefined()),
        ("$v = null", join(NULL, STRING), NULL, STRING),
        ("$v < 3", COUNT, number_between(0, 2, whole=True), number_between(3, INFINITY, whole=True)),
        ("3 > $v", COUNT, number_between(0, 2, whole=True), number_between(3, INFINITY, whole=True)),
        ("$v >= 3", NUMBER, number_between(3, INFINITY), number_between(-INFINITY, 3)),
        ("$type($v) = 'string'", MIXED, STRING, join_all([NUMBER, NULL, ARRAY, UNDEFINED])),
        ("$type($v) != 'string'", MIXED, join_all([NUMBER, NULL, ARRAY]), STRING.or_undefined()),
        ("$type($v) in ['string', 'null']", MIXED, MIXED, MIXED),
        ("$exists($v)", ANY, SOMETHING, UNDEFINED),
        ("$contains($v, 'a')", STRING, STRING, STRING),
        ("($v = 'DONE')", STATUS, text("DONE"), enumeration(["RUNNING", "FAILED"])),
        ("$v.status = 'DONE'", ANY, SOMETHING, ANY),
    ],
)
def test_a_condition_narrows_a_variable(condition: str, before: Type, where_it_holds: Type, where_it_does_not: Type) -> None:
    held, not_held = narrowed(condition, True, v=before), narrowed(condition, False, v=before)
    assert held is not None and not_held is not None
    assert held["v"] == where_it_holds
    if condition != "$exists($v)" or not before.anything:
        assert not_held["v"] == where_it_does_not


def test_a_field_below_a_variable_is_narrowed() -> None:
    states = object_of({"input": object_of({"id": STRING.or_undefined(), "n": NUMBER})})
    held = narrowed("$exists($states.input.id)", True, states=states)
    assert held == {"states": object_of({"input": object_of({"id": STRING, "n": NUMBER})})}


def test_a_field_of_an_answer_is_narrowed_without_opening_it() -> None:
    opened: list[str] = []

    def make(name: str) -> Type:
        opened.append(name)
        return STATUS if name == "Status" else object_of(Members(["x"], make, name))

    answer = object_of(Members(["Status", "Other"], make, "answer"))
    held = narrowed("$r.Status = 'DONE'", True, r=answer)
    assert held is not None and held["r"].object is not None
    assert held["r"].object.member("Status") == text("DONE")
    assert opened == ["Status"]


@pytest.mark.parametrize(
    ("condition", "holds", "before"),
    [
        ("$v = 'STOPPED'", True, text("RUNNING", "DONE")),
        ("$v = 'RUNNING' or $v = 'DONE'", False, text("RUNNING", "DONE")),
        ("$exists($v)", False, STRING),
        ("$v > 5", True, number_between(0, 3)),
        ("$v >= 0", False, COUNT),
        ("$type($v) = 'number'", True, STRING),
        ("true", False, STRING),
        ("$v.a.b = 1", True, STRING),
    ],
)
def test_a_condition_that_cannot_come_out_so_leaves_nothing(condition: str, holds: bool, before: Type) -> None:
    assert narrowed(condition, holds, v=before) is None


def test_a_list_that_may_have_grown_does_not_make_a_condition_impossible() -> None:
    held = narrowed("$v = 'STOPPED'", True, v=STATUS)
    assert held == {"v": text("STOPPED")}


def test_what_an_expression_binds_is_none_of_the_machine_s() -> None:
    held = narrowed("($v := 'x'; $exists($v))", True, v=STRING.or_undefined())
    assert held == {"v": STRING.or_undefined()}


def test_the_rules_of_a_choice_leave_what_none_takes() -> None:
    rest = {"v": STATUS.or_undefined(Undefined.UNSAID)}
    for rule in ("$v = 'DONE'", "$v = 'FAILED'"):
        tree = parse(rule)[0]
        left = narrow(tree, rest, False)
        assert left is not None
        rest = dict(left)
    assert rest["v"] == enumeration(["RUNNING"]).or_undefined(Undefined.UNSAID)
    assert join(rest["v"], STRING).strings == STRING.strings
