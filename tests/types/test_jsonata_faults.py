"""The faults of an expression that its types show, where they are, and how sure they are."""

import random

import pytest

from asl_lint.expressions.jsonata import parse
from asl_lint.expressions.jsonata.meaning import faults as faults_of_text
from asl_lint.types.faults import TypeFault
from asl_lint.types.jsonata import infer
from asl_lint.types.lattice import (
    ANY,
    BOOLEAN,
    INTEGER,
    NATURAL,
    NUMBER,
    STRING,
    Members,
    Source,
    Type,
    Undefined,
    array_of,
    enumeration,
    join,
    object_of,
    text,
)

from .generate import expression

SOURCE = Source("the answer of sagemaker:describePipelineExecution", "2026-11-01")
STATUS = enumeration(["Executing", "Failed", "Succeeded"])
STEP = object_of({"StepName": STRING, "Attempts": INTEGER}, source=SOURCE)
RESULT = object_of(
    {
        "PipelineExecutionStatus": STATUS,
        "PipelineExecutionArn": STRING.or_undefined(Undefined.UNSAID),
        "Steps": array_of(STEP),
        "Count": NATURAL,
    },
    source=SOURCE,
)
VARIABLES = {
    "states": object_of({"result": RESULT, "input": ANY, "context": ANY}),
    "mode": text("test"),
    "phase": text("first", "second"),
    "own": object_of({"a": NUMBER}),
    "either": join(STRING, NUMBER),
    "flag": BOOLEAN,
}


def found(expression: str, **variables: Type) -> list[TypeFault]:
    tree, errors = parse(expression)
    assert not errors
    return infer(tree, {**VARIABLES, **variables}).faults


def told(expression: str, **variables: Type) -> list[tuple[str, str, str]]:
    """Each fault's kind, the text of its place, and how sure it is: ``!`` certain and met, ``c`` certain, ``p`` possible."""
    sure = {(True, True): "!", (True, False): "c"}
    return [
        (fault.kind, expression[slice(*fault.node.span)], sure.get((fault.certain, fault.met), "p"))
        for fault in found(expression, **variables)
    ]


@pytest.mark.parametrize(
    ("expression", "faults"),
    [
        ("$states.result.PipelineStatus", [("unknown-member", "PipelineStatus", "!")]),
        ("$states.result.PipelineExecutionStatus", []),
        ("$states.result.Steps.Name", [("unknown-member", "Name", "c")]),
        ("$states.result.Steps[Name = 'a']", [("unknown-member", "Name", "c")]),
        ("$states.result.Steps[0].StepName", []),
        ("$map($states.result.Steps, function($s) { $s.Name })", [("unknown-member", "Name", "c")]),
        ("$lookup($states.result, 'Status')", [("unknown-member", "'Status'", "!")]),
        ("$own.b", [("unknown-member", "b", "!")]),
        ("$exists($states.result.PipelineStatus)", []),
        ("$exists($states.result.PipelineStatus) ? $states.result.PipelineStatus : ''", []),
        ("$states.nothing", [("always-undefined", "$states.nothing", "!")]),
        ("$states.input.anything.there", []),
        ("$flag ? $states.result.Status : ''", [("unknown-member", "Status", "c")]),
        ("$states.result.PipelineExecutionArn.Region", [("member-of-scalar", "Region", "c")]),
        ("$states.result.PipelineExecutionStatus.Value", [("member-of-scalar", "Value", "!")]),
        ("$states.result.PipelineExecutionStatus = 'Success'", [
            ("never-holds", "$states.result.PipelineExecutionStatus = 'Success'", "p"),
        ]),
        ("$states.result.PipelineExecutionStatus = 'Succeeded'", []),
        ("$states.result.PipelineExecutionStatus in ['Success', 'Failure']", [
            ("never-holds", "'Success'", "p"), ("never-holds", "'Failure'", "p"),
        ]),
        ("$states.result.PipelineExecutionStatus in ['Success', 'Failed']", [("never-holds", "'Success'", "p")]),
        ("$mode in ['production', 'staging']", []),
        ("$phase = 'third'", [("never-holds", "$phase = 'third'", "!")]),
        ("$phase = 'second'", []),
        ("$mode = 'production'", []),
        ("$states.result.Count = '0'", [("never-holds", "$states.result.Count = '0'", "!")]),
        ("$states.result.Count < 0", [("never-holds", "$states.result.Count < 0", "!")]),
        ("$states.result.Count > 0", []),
        ("$either = 1", []),
        ("$states.input.a = 1", []),
        ("$states.result.PipelineExecutionArn != 'x'", []),
        ("$states.result.Count + $mode", [("wrong-operand", "$mode", "!")]),
        ("$either + 1", [("wrong-operand", "$either", "p")]),
        ("$states.input.a + 1", []),
        ("$own.a < $mode", [("wrong-operand", "$own.a < $mode", "!")]),
        ("$flag < 1", [("wrong-operand", "$flag", "!")]),
        ("$uppercase($states.result.Count)", [("wrong-argument", "$states.result.Count", "!")]),
        ("$uppercase($either)", [("wrong-argument", "$either", "p")]),
        ("$uppercase($states.result.PipelineExecutionArn)", []),
        ("$sum($states.result.Steps.StepName)", [("wrong-argument", "$states.result.Steps.StepName", "p")]),
        ("$sum($states.result.Steps.Attempts)", []),
        ("$sum($mode)", [("wrong-argument", "$mode", "!")]),
        ("$join($states.result.Steps.Attempts)", [("wrong-argument", "$states.result.Steps.Attempts", "p")]),
        ("$hash($own.a, 'MD5')", [("wrong-argument", "$own.a", "p")]),
        ("$mode(1)", []),
        ("($f := 'a'; $f(1))", [("not-a-function", "$f", "!")]),
        ("$count($mode)", [("count-of-single-value", "$mode", "!")]),
        ("$count($states.result.Steps)", []),
        ("$mode[0]", [("index-of-single-value", "$mode[0]", "!")]),
        ("$states.result.Steps[0]", []),
        ("$states.result.Steps.StepName[0]", [("index-of-single-value", "StepName[0]", "c")]),
        ("{$own.a: 1}", [("wrong-operand", "$own.a", "!")]),
        ("$own.a & $mode", []),
        ("$flag and $own.a + $mode > 1", [("wrong-operand", "$mode", "c")]),
        ("($f := function($x) { $x + 1 }; $f(1) & $f('a'))", [("wrong-operand", "$x", "p")]),
    ],
)  # fmt: skip
def test_a_fault_is_told_in_its_place(expression: str, faults: list[tuple[str, str, str]]) -> None:
    assert told(expression) == faults


def test_an_unknown_member_comes_with_those_that_there_are() -> None:
    (fault,) = found("$states.result.PipelineStatus & ''")
    assert fault.subject == "PipelineStatus"
    assert fault.source == SOURCE
    assert "PipelineExecutionStatus" in fault.names
    (own,) = found("$own.b & ''")
    assert (own.names, own.source) == (("a",), None)


def test_a_comparison_comes_with_the_list_that_the_text_is_not_of() -> None:
    (fault,) = found("$states.result.PipelineExecutionStatus != 'Success'")
    assert fault.names == ("Executing", "Failed", "Succeeded")
    assert (fault.open, fault.outcome, fault.certain) == (True, True, False)


def test_what_an_answer_has_is_not_opened_but_for_what_is_read() -> None:
    opened: list[str] = []

    def make(name: str) -> Type:
        opened.append(name)
        return object_of(Members(["x", "y"], make, f"inner {name}"), source=SOURCE)

    answer = object_of(Members(["a", "b", "c"], make, "answer"), source=SOURCE)
    assert told("$answer.a.x.nope & ''", answer=answer) == [("unknown-member", "nope", "!")]
    assert set(opened) == {"a", "x"}


def test_what_the_text_alone_tells_is_not_told_twice() -> None:
    source = random.Random(3)
    told_twice = []
    for _ in range(3000):
        tree, errors = parse(expression(source, 2))
        if errors:
            continue
        spans = {(one.span, one.kind) for one in faults_of_text(tree)}
        for fault in infer(tree, {}).faults:
            kind = {"wrong-operand": "operand", "wrong-argument": "argument", "never-holds": "never-equal"}.get(fault.kind)
            if (fault.node.span, kind) in spans:
                told_twice.append((tree.text, fault))
    assert told_twice == []
