"""Findings of two versions: the same wherever their lines have moved, and in a file that was renamed."""

import json
from collections import Counter

import pytest

import asl_lint
from asl_lint.catalog.reading import read_shipped_rules
from asl_lint.catalog.rule import Example, Rule
from asl_lint.comparison import compare_findings, only_new, pair
from asl_lint.finding import Description, Failure, NotEvaluated, Report, Suppressed, Unresolved
from tests.output.reports import DEFINITION, finding


def names(**machines: str) -> dict[tuple[str, str | None], frozenset[str]]:
    """Machines with the names of their states, a letter each."""
    return {(file, None): frozenset(states) for file, states in machines.items()}


def test_a_machine_of_the_same_file_is_the_same_whatever_its_states_are() -> None:
    assert pair(names(a="ABC"), names(a="XYZ")).before == {("a", None): ("a", None)}


def test_a_renamed_file_is_known_by_its_states() -> None:
    found = pair(names(new="ABCD", other="XY"), names(old="ABCE"))
    assert found.before == {("new", None): ("old", None)}
    assert found.added == (("other", None),) and found.removed == ()


def test_the_likest_of_several_gone_machines_is_the_earlier_one() -> None:
    found = pair(names(new="ABCD"), names(far="ABC", near="ABCD"))
    assert found.before == {("new", None): ("near", None)} and found.removed == (("far", None),)


def test_machines_with_less_than_half_in_common_are_others() -> None:
    found = pair(names(new="ABCD"), names(old="ABXY"))
    assert (found.before, found.added, found.removed) == ({}, (("new", None),), (("old", None),))


def report(*findings: tuple[str, str], **changes: object) -> Report:
    """A report on findings, each a file and a fingerprint."""
    made = [finding(DEFINITION, '"Fetch"', file=file, fingerprint=mark) for file, mark in findings]
    return Report(tuple(dict.fromkeys(file for file, _ in findings)), tuple(made))._replace(**changes)


def test_findings_are_new_unchanged_or_fixed() -> None:
    found = compare_findings(report(("a", "1"), ("a", "2")), report(("a", "2"), ("a", "3")), {}, {})
    assert [[one.fingerprint for one in group] for group in found] == [["1"], ["2"], ["3"]]


def test_one_more_of_the_same_is_new_and_one_less_is_fixed() -> None:
    once, twice = report(("a", "1")), report(("a", "1"), ("a", "1"))
    assert [len(group) for group in compare_findings(twice, once, {}, {})] == [1, 1, 0]
    assert [len(group) for group in compare_findings(once, twice, {}, {})] == [0, 1, 1]


def test_a_finding_moves_with_its_file() -> None:
    found = compare_findings(report(("new", "1")), report(("old", "1")), {("new", None): ("old", None)}, {})
    assert [len(group) for group in found] == [0, 1, 0]


@pytest.mark.parametrize(
    "changes",
    [
        {"not_evaluated": (NotEvaluated("some-rule", "role", "a"),)},
        {"errors": (Failure("a", "permission denied"),)},
        {"errors": (Failure("a", "it crashed", "some-rule"),)},
        {"damaged": frozenset(("a",))},
    ],
)
def test_what_cannot_be_judged_today_is_not_fixed(changes: dict[str, object]) -> None:
    assert compare_findings(report(**changes), report(("a", "1")), {}, {}).fixed == ()


def test_what_is_wrong_with_a_machine_that_cannot_be_had_today_is_not_fixed() -> None:
    (one,) = report(("flow", "1")).findings
    then = Report(("flow",), (one._replace(machine="Pay"),))
    lost = Report((), unresolved=(Unresolved("t.yaml", "Pay", "flow does not exist", None),))
    assert compare_findings(lost, then, {}, {}).fixed == ()
    other = Report((), unresolved=(Unresolved("t.yaml", "Ship", "flow does not exist", None),))
    assert len(compare_findings(other, then, {}, {}).fixed) == 1
    assert len(compare_findings(lost, then, {("new", None): ("flow", "Pay")}, {}).fixed) == 1


def test_a_finding_moves_with_its_state_if_it_says_the_same_of_it() -> None:
    def said(pointer: str, message: str, mark: str) -> Report:
        (one,) = report(("a", mark)).findings
        return Report(("a",), (one._replace(pointer=pointer, message=message),))

    then = said("/States/Work/Next", 'after "Work" it leads to "Workers"', "1")
    states = {("a", None): {"/States/Werk": "/States/Work"}}
    now = said("/States/Werk/Next", 'after "Werk" it leads to "Workers"', "2")
    assert [len(group) for group in compare_findings(now, then, {}, states)] == [0, 1, 0]
    assert [len(group) for group in compare_findings(now, then, {}, {})] == [1, 0, 1]
    other = said("/States/Werk/Next", 'after "Werk" it leads to "Others"', "2")
    assert [len(group) for group in compare_findings(other, then, {}, states)] == [1, 0, 1]


def test_a_silenced_finding_moves_with_its_state_too() -> None:
    (one,) = report(("a", "1")).findings
    now = Report(("a",), suppressed=(Suppressed(one._replace(pointer="/States/B", fingerprint="2"), None, "directive"),))
    then = Report(("a",), (one._replace(pointer="/States/A"),))
    assert compare_findings(now, then, {}, {("a", None): {"/States/B": "/States/A"}}) == ((), (), ())


def test_what_is_not_read_whole_is_told_by_the_library() -> None:
    assert asl_lint.check_text('{"StartAt": ,, "A"}').damaged == {"definition"}
    assert asl_lint.check_text('{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}').damaged == frozenset()


def test_what_was_silenced_since_is_not_fixed() -> None:
    (one,) = report(("a", "1")).findings
    silenced = Report(("a",), suppressed=(Suppressed(one, "so it is", "directive"),))
    assert compare_findings(silenced, report(("a", "1")), {}, {}) == ((), (), ())


def test_what_is_not_new_is_silenced_by_the_comparison() -> None:
    def described(file: str, *marks: str) -> Report:
        return report(
            *((file, mark) for mark in marks), descriptions=(Description(file, None, {"/States/A": {}, "/States/B": {}}),)
        )

    found = only_new(described("new", "1", "2"), described("old", "2", "3"), "main")
    assert [one.fingerprint for one in found.findings] == ["1"]
    assert [(one.finding.fingerprint, one.by) for one in found.suppressed] == [("2", "comparison")]
    assert found.comparison is not None and found.comparison.against == "main"
    assert [one.fingerprint for one in found.comparison.fixed] == ["3"] and found.comparison.unchanged == 1


def test_one_lock_is_one_finding_wherever_its_leak_is() -> None:
    def leak(*between: str) -> list[str]:
        names = ["Lock", *between, "Work", "Unlock"]
        lock = {"TableName": "locks", "Item": {"id": {"S": "x"}}, "ConditionExpression": "attribute_not_exists(id)"}
        calls = dict.fromkeys(names, ("lambda:invoke", {"FunctionName": "f"}))
        calls |= {
            "Lock": ("dynamodb:putItem", lock),
            "Unlock": ("dynamodb:deleteItem", {"TableName": "locks", "Key": {"id": {"S": "x"}}}),
        }
        states = {
            name: {
                "Type": "Task",
                "Resource": f"arn:aws:states:::{calls[name][0]}",
                "Parameters": calls[name][1],
                "Next": following,
            }
            for name, following in zip(names, [*names[1:], "End"], strict=True)
        }
        text = json.dumps({"StartAt": "Lock", "States": {**states, "End": {"Type": "Succeed"}}})
        return [one.fingerprint for one in asl_lint.check_text(text).findings if one.rule == "lock-not-released"]

    assert leak() == leak("Mid") and len(leak()) == 1


# --- fingerprints -----------------------------------------------------------------------------------------------------------

EXAMPLES = [
    (whole.rule, example)
    for whole in read_shipped_rules()
    for example in whole.prose.examples
    if example.verdict == "bad" and whole.rule.name != "definition-too-large"  # a blank line more is another size
]


def marks(rule: str, example: Example, text: str) -> Counter[str]:
    found = asl_lint.check_text(
        text,
        name=f"a.asl.{example.format}",
        config=asl_lint.Config(select=(rule,)),
        substitutions=example.substitutions,
    )
    return Counter(one.fingerprint for one in found.findings)


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=lambda value: getattr(value, "name", ""))
def test_a_fingerprint_stays_when_lines_move(rule: Rule, example: Example) -> None:
    breaks = "\n# moved\n\n" if example.format == "yaml" else "\n\n\n"
    assert marks(rule.name, example, breaks + example.text) == marks(rule.name, example, example.text)


def test_the_same_fault_at_two_places_has_two_fingerprints() -> None:
    text = '{"StartAt": "A", "States": {"A": {"Type": "Pass", "X": 1, "Next": "B"}, "B": {"Type": "Pass", "X": 1, "End": true}}}'
    found = asl_lint.check_text(text, name="a.asl.json").findings
    assert [one.rule for one in found] == ["unknown-field", "unknown-field"]
    assert len({one.fingerprint for one in found}) == 2
