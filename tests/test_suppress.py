"""Directives: what they cover, what they say of themselves, and where a text that looks like one is only data."""

import json
from typing import Any

import pytest

from asl_lint import Config, Report, check_text
from asl_lint.finding import Finding
from asl_lint.source.read import decode

WHY = "asl-lint: ignore[unknown-field] the console wrote it"


def check(definition: Any, **settings: Any) -> Report:
    text = definition if isinstance(definition, str) else json.dumps(definition, indent=2)
    return check_text(text, name="a.asl.json", config=Config(**settings))


def check_yaml(text: str, **settings: Any) -> Report:
    return check_text(text, name="a.asl.yaml", config=Config(**settings))


def rules(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings]


def silenced(report: Report) -> list[tuple[str, str]]:
    return [(one.finding.rule, one.finding.pointer) for one in report.suppressed]


def quoted(text: str, finding: Finding) -> str:
    return text[finding.span.start.offset : finding.span.end.offset]


def machine(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states)), "States": states}


# --- where a Comment is a directive -----------------------------------------------------------------------------------------


def test_a_comment_of_the_machine_covers_the_whole_definition() -> None:
    report = check({"Comment": WHY, "Odd": 1, **machine(A={"Type": "Pass", "Odd": 1, "End": True})})
    assert rules(report) == []
    assert silenced(report) == [("unknown-field", "/Odd"), ("unknown-field", "/States/A/Odd")]
    assert {one.reason for one in report.suppressed} == {"the console wrote it"}
    assert {one.by for one in report.suppressed} == {"directive"}


def test_a_comment_of_a_state_covers_that_state_alone() -> None:
    report = check(
        machine(A={"Type": "Pass", "Comment": WHY, "Odd": 1, "Next": "AB"}, AB={"Type": "Pass", "Odd": 1, "End": True})
    )
    assert silenced(report) == [("unknown-field", "/States/A/Odd")]
    assert [finding.pointer for finding in report.findings] == ["/States/AB/Odd"]


def test_a_comment_of_a_state_covers_the_states_inside_it() -> None:
    branch = machine(In={"Type": "Pass", "Odd": 1, "End": True})
    report = check(machine(A={"Type": "Parallel", "Comment": WHY, "Branches": [branch], "End": True}))
    assert rules(report) == []
    assert silenced(report) == [("unknown-field", "/States/A/Branches/0/States/In/Odd")]


def test_a_comment_of_a_branch_covers_that_branch() -> None:
    inner = machine(In={"Type": "Pass", "Odd": 1, "End": True})
    other = machine(On={"Type": "Pass", "Odd": 1, "End": True})
    report = check(machine(A={"Type": "Parallel", "Branches": [{"Comment": WHY, **inner}, other], "End": True}))
    assert silenced(report) == [("unknown-field", "/States/A/Branches/0/States/In/Odd")]
    assert [finding.pointer for finding in report.findings] == ["/States/A/Branches/1/States/On/Odd"]


@pytest.mark.parametrize("field", ["ItemProcessor", "Iterator"])
def test_a_comment_of_a_processor_covers_it(field: str) -> None:
    processor = {"Comment": WHY, **machine(In={"Type": "Pass", "Odd": 1, "End": True})}
    report = check(machine(A={"Type": "Map", field: processor, "End": True}))
    assert ("unknown-field", f"/States/A/{field}/States/In/Odd") in silenced(report)
    assert "unknown-field" not in rules(report)


def test_a_comment_of_a_choice_rule_covers_that_rule() -> None:
    choices = [
        {"Variable": "$.a", "IsNull": True, "Odd": 1, "Next": "B", "Comment": WHY},
        {"Variable": "$.b", "IsNull": True, "Odd": 1, "Next": "B"},
    ]
    report = check(machine(A={"Type": "Choice", "Choices": choices, "Default": "B"}, B={"Type": "Succeed"}))
    assert silenced(report) == [("unknown-field", "/States/A/Choices/0/Odd")]
    assert [(finding.rule, finding.pointer) for finding in report.findings] == [("unknown-field", "/States/A/Choices/1/Odd")]


@pytest.mark.parametrize("field", ["Retry", "Catch"])
def test_a_comment_of_a_retrier_or_catcher_covers_it(field: str) -> None:
    handler: dict[str, Any] = {"ErrorEquals": ["A"], "Odd": 1} | ({"Next": "B"} if field == "Catch" else {})
    task = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"Message": "m", "TopicArn": "t"}}
    handlers = [{**handler, "Comment": WHY}, {**handler, "ErrorEquals": ["B"]}]
    report = check(machine(A={**task, field: handlers, "Next": "B"}, B={"Type": "Succeed"}))
    assert silenced(report) == [("unknown-field", f"/States/A/{field}/0/Odd")]
    assert [(finding.rule, finding.pointer) for finding in report.findings] == [("unknown-field", f"/States/A/{field}/1/Odd")]


@pytest.mark.parametrize(
    "payload",
    [
        {"Result": {"Comment": WHY}},
        {"Parameters": {"States": {"Inner": {"Comment": WHY}}}},
        {"Result": [{"Comment": WHY}]},
        {"Result": {"asl-lint": WHY, WHY: 1}},
    ],
    ids=["result", "looks-like-states", "list", "keys-and-values"],
)
def test_a_comment_in_payload_data_is_data(payload: dict[str, Any]) -> None:
    report = check(machine(A={"Type": "Pass", "Odd": 1, **payload, "End": True}))
    assert rules(report) == ["unknown-field"]
    assert report.suppressed == ()


def test_a_directive_in_another_field_is_data() -> None:
    report = check(machine(A={"Type": "Fail", "Cause": WHY, "Odd": 1}))
    assert rules(report) == ["unknown-field"]


def test_a_comment_that_is_no_string_is_no_directive() -> None:
    report = check({"Comment": [WHY], **machine(A={"Type": "Pass", "Odd": 1, "End": True})})
    assert sorted(rules(report)) == ["unknown-field", "wrong-type"]


# --- what a directive says --------------------------------------------------------------------------------------------------


def test_a_directive_names_several_rules() -> None:
    comment = "asl-lint: ignore[unknown-field, wrong-type] the console wrote it"
    report = check(machine(A={"Type": "Pass", "Comment": comment, "Odd": 1, "Result": 1, "Next": 2, "ResultPath": "$.a"}))
    assert {rule for rule, _ in silenced(report)} == {"unknown-field", "wrong-type"}
    assert "unused-suppression" not in rules(report)


def test_a_comment_holds_several_directives_each_with_its_own_reason() -> None:
    comment = "Old. asl-lint: ignore[unknown-field] first reason; asl-lint: ignore[wrong-type] second reason"
    report = check(machine(A={"Type": "Pass", "Comment": comment, "Odd": 1, "End": "yes"}))
    reasons = {one.finding.rule: one.reason for one in report.suppressed}
    assert reasons["unknown-field"] == "first reason"
    assert reasons["wrong-type"] == "second reason"


def test_of_two_directives_for_one_rule_the_inner_one_is_not_needed() -> None:
    report = check({"Comment": WHY, **machine(A={"Type": "Pass", "Comment": WHY, "Odd": 1, "End": True})})
    assert silenced(report) == [("unknown-field", "/States/A/Odd")]
    assert [(finding.rule, finding.pointer) for finding in report.findings] == [("unused-suppression", "/States/A/Comment")]


@pytest.mark.parametrize("comment", ["asl-lint:ignore[unknown-field]why", "  asl-lint:   ignore  [ unknown-field ,]  why  "])
def test_white_space_in_a_directive_means_nothing(comment: str) -> None:
    report = check(machine(A={"Type": "Pass", "Comment": comment, "Odd": 1, "End": True}))
    assert rules(report) == []
    assert [one.reason for one in report.suppressed] == ["why"]


def test_a_reason_is_required() -> None:
    report = check(machine(A={"Type": "Pass", "Comment": "asl-lint: ignore[unknown-field]", "Odd": 1, "End": True}))
    assert rules(report) == ["suppression-without-reason"]
    assert "unknown-field" in report.findings[0].message


@pytest.mark.parametrize("between", ["; ", ", ", " | ", " "])
def test_what_separates_two_directives_is_no_reason(between: str) -> None:
    comment = f"asl-lint: ignore[unknown-field]{between}asl-lint: ignore[wrong-type] why"
    report = check(machine(A={"Type": "Pass", "Comment": comment, "Odd": 1, "End": "yes"}))
    assert "suppression-without-reason" in rules(report)


def test_the_configuration_can_do_without_reasons() -> None:
    definition = machine(A={"Type": "Pass", "Comment": "asl-lint: ignore[unknown-field]", "Odd": 1, "End": True})
    report = check(definition, require_suppression_reason=False)
    assert rules(report) == []
    assert [one.reason for one in report.suppressed] == [None]


def test_a_directive_that_silences_nothing_is_reported_at_the_name_of_its_rule() -> None:
    text = json.dumps(
        machine(A={"Type": "Pass", "Comment": "asl-lint: ignore[wrong-type, unknown-field] why", "Odd": 1, "End": True})
    )
    report = check(text)
    assert rules(report) == ["unused-suppression"]
    assert quoted(text, report.findings[0]) == "wrong-type"


def test_a_directive_for_a_rule_that_does_not_run_is_not_called_unused() -> None:
    definition = machine(A={"Type": "Pass", "Comment": WHY, "End": True})
    assert rules(check(definition)) == ["unused-suppression"]
    assert rules(check(definition, ignore=("unknown-field",))) == []


def test_an_unknown_rule_is_reported_with_the_near_name() -> None:
    text = json.dumps(machine(A={"Type": "Pass", "Comment": "asl-lint: ignore[unknown-feild] why", "End": True}))
    report = check(text)
    assert rules(report) == ["unknown-suppressed-rule"]
    assert report.findings[0].help == 'did you mean "unknown-field"?'
    assert quoted(text, report.findings[0]) == "unknown-feild"


def test_an_unknown_rule_that_is_near_to_none_has_no_suggestion() -> None:
    report = check(machine(A={"Type": "Pass", "Comment": "asl-lint: ignore[qqqqqqqq] why", "End": True}))
    assert [(finding.rule, finding.help) for finding in report.findings] == [("unknown-suppressed-rule", None)]


def test_a_place_in_a_comment_is_exact_through_escapes() -> None:
    text = (
        '{"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,\n'
        ' "Comment": "caf\\u00e9 \\ud83d\\ude00\\n\\"q\\" asl-lint: ignore[un\\u006bnown-field, no-such-rule] \\u0077hy" }}}'
    )
    report = check(text)
    assert [(finding.rule, quoted(text, finding)) for finding in report.findings] == [
        ("unused-suppression", "un\\u006bnown-field"),
        ("unknown-suppressed-rule", "no-such-rule"),
    ]


def test_the_rules_about_directives_can_be_turned_off() -> None:
    definition = machine(A={"Type": "Pass", "Comment": "asl-lint: ignore[unknown-feild]", "End": True})
    assert rules(check(definition, ignore=("suppression",))) == []


def test_a_directive_cannot_silence_a_fault_outside_what_it_covers_that_has_its_name_as_prefix() -> None:
    states = {"A": {"Type": "Pass", "Comment": WHY, "Next": "A/b"}, "A/b": {"Type": "Pass", "Odd": 1, "End": True}}
    assert sorted(rules(check(machine(**states)))) == ["unknown-field", "unused-suppression"]


# --- YAML comments ----------------------------------------------------------------------------------------------------------

YAML = """\
StartAt: A
States:
  A:
    Type: Pass{type}
{above}    Odd: 1{line}
    End: true
  B:{b}
    Type: Pass
    Odd: 2
    End: true
"""


def yaml(**places: str) -> str:
    return YAML.format(**({"type": "", "above": "", "line": "", "b": ""} | places))


def odd(report: Report) -> list[str]:
    return [finding.pointer for finding in report.findings if finding.rule == "unknown-field"]


def test_a_yaml_comment_at_the_end_of_a_line_covers_what_begins_on_it() -> None:
    report = check_yaml(yaml(line=f"  # {WHY}"))
    assert odd(report) == ["/States/B/Odd"]
    assert [one.reason for one in report.suppressed] == ["the console wrote it"]


def test_a_yaml_comment_behind_a_key_covers_all_that_is_below_it() -> None:
    assert odd(check_yaml(yaml(b=f" # {WHY}"))) == ["/States/A/Odd"]


@pytest.mark.parametrize(
    "above", [f"    # {WHY}\n", f"# {WHY}\n", f"    # {WHY}\n\n    # more\n", f"    # {WHY}\n    # with another line\n"]
)
def test_a_yaml_comment_on_a_line_of_its_own_covers_the_next_node(above: str) -> None:
    report = check_yaml(yaml(above=above))
    assert odd(report) == ["/States/B/Odd"]
    assert "unused-suppression" not in rules(report)


def test_a_yaml_comment_on_the_wrong_line_silences_nothing_and_is_unused() -> None:
    text = yaml(type=f" # {WHY}")
    report = check_yaml(text)
    assert odd(report) == ["/States/A/Odd", "/States/B/Odd"]
    assert [quoted(text, finding) for finding in report.findings if finding.rule == "unused-suppression"] == ["unknown-field"]


def test_a_yaml_comment_after_the_last_node_silences_nothing_and_is_unused() -> None:
    report = check_yaml(yaml() + f"# {WHY}\n")
    assert odd(report) == ["/States/A/Odd", "/States/B/Odd"]
    assert "unused-suppression" in rules(report)


def test_a_yaml_comment_before_an_element_covers_it() -> None:
    text = f"""\
StartAt: A
States:
  A:
    Type: Choice
    Default: B
    Choices:
      # {WHY}
      - Variable: $.a
        IsNull: true
        Odd: 1
        Next: B
      - {{Variable: $.b, IsNull: true, Odd: 1, Next: B}} # {WHY}
      - {{Variable: $.c, IsNull: true, Odd: 1, Next: B}}
  B: {{Type: Succeed}}
"""
    assert odd(check_yaml(text)) == ["/States/A/Choices/2/Odd"]


def test_a_directive_in_a_yaml_string_or_block_is_data() -> None:
    text = f"""\
StartAt: A
States:
  A:
    Type: Pass
    Odd: "# {WHY}"
    Result: |
      # {WHY}
    End: true
"""
    assert rules(check_yaml(text)) == ["unknown-field"]


def test_a_comment_field_in_yaml_is_exact_in_a_block_scalar() -> None:
    text = f"""\
StartAt: A
States:
  A:
    Comment: >-
      Kept for
      {WHY},
      asl-lint: ignore[no-such-rule] why
    Type: Pass
    Odd: 1
    End: true
"""
    report = check_yaml(text)
    assert [(finding.rule, quoted(text, finding)) for finding in report.findings] == [("unknown-suppressed-rule", "no-such-rule")]
    assert silenced(report) == [("unknown-field", "/States/A/Odd")]


def test_places_count_characters_behind_a_byte_order_mark() -> None:
    text = "\ufeff" + json.dumps(machine(A={"Type": "Pass", "Comment": "asl-lint: ignore[no-such-rule] é", "End": True}))
    decoded = decode("a", text.encode())
    assert isinstance(decoded, str)
    assert [quoted(decoded, finding) for finding in check(text).findings] == ["no-such-rule"]


def test_a_broken_text_keeps_the_directives_that_can_be_read() -> None:
    text = json.dumps({"Comment": WHY, **machine(A={"Type": "Pass", "Odd": 1, "Next": "B"}, B={"Type": "Succeed"})}, indent=2)
    report = check(text.replace('"Succeed"', '"Succeed'))
    assert rules(report) == ["syntax-error"]
    assert silenced(report) == [("unknown-field", "/States/A/Odd")]


@pytest.mark.parametrize("format", [check, check_yaml])
def test_a_directive_in_a_broken_text_is_not_called_unused(format: Any) -> None:
    text = json.dumps({"Comment": WHY, **machine(A={"Type": "Pass", "Odd": 1, "End": True})}, indent=2)
    report = format(text.replace('"Odd": 1,', '"Odd": 1'))
    assert "syntax-error" in rules(report)
    assert "unused-suppression" not in rules(report)


@pytest.mark.parametrize("comment", ["asl-lint: ignore[]", "asl-lint: ignore[ ] no reason", "asl-lint: ignore[,] why"])
def test_a_directive_that_names_no_rule_is_told_once(comment: str) -> None:
    report = check(machine(A={"Type": "Pass", "Comment": comment, "End": True}))
    assert [(finding.rule, finding.help) for finding in report.findings] == [
        ("unknown-suppressed-rule", "name the rules between the brackets: ignore[rule] reason")
    ]
