"""The review as JSON: what it says of machines, in the shape of its schema; and what it says of changes."""

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import asl_lint
from asl_lint.config import Config, Configurations
from asl_lint.finding import Report, Unresolved
from asl_lint.report import ViewStyle, render
from asl_lint.report.changes import changes
from asl_lint.report.document import document
from asl_lint.report.machine import describe
from asl_lint.run import plan_paths
from tests.conftest import ROOT
from tests.report.machines import ORDER, hostile, report_of

SCHEMA = json.loads((ROOT / "asl_lint/schemas/report.schema.json").read_text(encoding="utf-8"))
OUTPUT = json.loads((ROOT / "asl_lint/schemas/output.schema.json").read_text(encoding="utf-8"))


def strict(schema: Any, is_part: bool = False) -> Any:
    """The schema, refusing members that it does not describe."""
    if isinstance(schema, list):
        return [strict(one, is_part) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: strict(value, name == "allOf") for name, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema and isinstance(schema["properties"], dict) and not is_part:
        closed.setdefault("unevaluatedProperties", False)
    return closed


def open_parts(schema: dict[str, Any]) -> dict[str, Any]:
    """As above, but what other definitions are made of stays open."""
    closed: dict[str, Any] = strict(schema)
    for name in ("finding", "need"):
        closed["$defs"][name].pop("unevaluatedProperties")
    return closed


VALIDATOR = jsonschema.Draft202012Validator(open_parts(SCHEMA))


def valid(whole: dict[str, Any]) -> dict[str, Any]:
    """The document, as who reads its JSON has it; the test fails if its schema does not describe it."""
    read: dict[str, Any] = json.loads("".join(render("json", whole, ViewStyle())))
    assert [f"{list(error.absolute_path)}: {error.message}" for error in VALIDATOR.iter_errors(read)] == []
    return read


def machine_of(definition: Any = ORDER, **workflow: Any) -> dict[str, Any]:
    machine: dict[str, Any] = valid(document(report_of(definition, **workflow)))["machines"][0]
    return machine


def changed(change: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """ORDER as it was, and as it is after a change."""
    after = copy.deepcopy(ORDER)
    change(after["States"])
    return ORDER, after


def compared(then: Any, now: Any) -> dict[str, Any]:
    whole = valid(document(report_of(now), report_of(then), "main"))
    comparison: dict[str, Any] = whole["machines"][0]["comparison"]
    return comparison


# --- the schema -------------------------------------------------------------------------------------------------------------


def test_the_schema_is_one_and_shares_what_findings_are_with_the_other_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for name in ("finding", "suppressed", "unresolved", "error", "place", "fix", "edit", "span", "position"):
        assert SCHEMA["$defs"][name] == OUTPUT["$defs"][name]


def test_the_schema_describes_every_member() -> None:
    whole = document(report_of(ORDER))
    assert VALIDATOR.is_valid(whole)
    assert not VALIDATOR.is_valid({**whole, "more": 1})
    for part in ("graph", "permissions", "variables"):
        machine = whole["machines"][0]
        assert not VALIDATOR.is_valid({**whole, "machines": [{**machine, part: {**machine[part], "more": 1}}]})


def test_the_command_prints_the_schema() -> None:
    from tests.command_line import run

    assert json.loads(run("schema", "--report").stdout) == SCHEMA


@pytest.mark.parametrize(
    "definition",
    [
        ORDER,
        hostile(),
        {},
        {"StartAt": 1, "States": []},
        {"States": {"A": 5, "B": {"Type": "Map", "ItemProcessor": 7}}},
        "{,",
        "[]",
    ],
    ids=["order", "hostile", "empty", "wrong", "odd", "broken", "list"],
)
def test_whatever_is_described_has_the_shape_of_the_schema(definition: Any) -> None:
    valid(document(report_of(definition)))
    valid(document(report_of(definition), report_of(ORDER), "main"))
    valid(document(report_of(ORDER), report_of(definition), "main"))


def described_folder(folder: Path) -> list[dict[str, Any]]:
    """The machines of a folder, by its own settings."""
    plan = plan_paths([str(folder)], Configurations(), describe=describe)
    machines: list[dict[str, Any]] = valid(document(plan.report(plan.results())))["machines"]
    return machines


@pytest.mark.large
def test_the_five_definitions_have_the_shape_of_the_schema_and_their_contracts_hold() -> None:
    machines = described_folder(ROOT / "docs/step_functions_jsonata")
    assert len(machines) == 5
    assert {one["state"] for machine in machines for one in machine["contracts"]} == {"holds"}
    assert all(machine["permissions"]["missing"] == [] for machine in machines)


def test_what_the_corpus_has_is_described(corpus: Path) -> None:
    folders = [str(corpus / name) for name in ("good", "bad")]
    plan = plan_paths(folders, Configurations(Config()), describe=describe)
    report = plan.report(plan.results())
    assert [one for one in report.errors if "cannot be described" in one.message] == []
    assert len(report.descriptions) >= 700
    whole = document(report)
    for machine in whole["machines"][:: max(len(whole["machines"]) // 60, 1)]:
        valid({**whole, "machines": [machine], "suppressed": [], "errors": []})


# --- what it says -----------------------------------------------------------------------------------------------------------


def test_the_graph_has_scopes_states_and_transitions_with_their_words() -> None:
    graph = machine_of()["graph"]
    assert [(one["kind"], one["state"]) for one in graph["scopes"]] == [
        ("machine", None), ("processor", "/States/Ship"), ("branch", "/States/Ship/ItemProcessor/States/Both"),
        ("branch", "/States/Ship/ItemProcessor/States/Both"),
    ]  # fmt: skip
    assert [one["name"] for one in graph["states"]] == ["Read", "Decide", "Rest", "Ship", "Failed", "Both", "Pack", "Bill"]
    words = {(one["name"], one["kind"]): one["label"] for one in graph["transitions"]}
    assert words["Ship", "rule"] == '$status = "ready"'
    assert words["Rest", "rule"] == "$.n < 3 and not ($.x is null)"
    assert words["Failed", "catch"] == "States.ALL"
    assert words["Failed", "default"] == "Default"


def test_a_state_stands_where_it_is_written() -> None:
    state = machine_of()["graph"]["states"][1]
    text = json.dumps(ORDER, indent=2)
    span = state["span"]
    assert text[span["start"]["offset"] : span["end"]["offset"]].startswith('"Decide": {')


def test_errors_are_tried_again_caught_or_lost() -> None:
    rows = {one["state"]: one for one in machine_of()["error_handling"]}
    read = rows["/States/Read"]
    assert read["retried"][0]["total_delay"] == 15 and read["retried"][0]["attempts"] == 2
    assert [one["next"] for one in read["caught"]] == ["/States/Failed"]
    assert rows["/States/Decide"]["lost"] != [] and rows["/States/Decide"]["retried"] == []


def test_a_loop_that_nothing_in_the_text_ends_is_told_with_its_wait() -> None:
    (loop,) = machine_of()["loops"]
    assert loop["states"] == ["/States/Read", "/States/Decide", "/States/Rest"]
    assert (loop["kind"], loop["turns"], loop["wait"]) == ("external", None, 30)


def test_permissions_are_needed_even_if_nobody_knows_the_role() -> None:
    permissions = machine_of()["permissions"]
    assert permissions["needed"][0]["actions"] == ["dynamodb:GetItem"]
    assert permissions["granted"] is None and permissions["missing"] is None and permissions["excess"] is None


def test_a_role_is_held_against_what_is_needed() -> None:
    from asl_lint.aws.policy_document import Policies, read_document
    from asl_lint.facts.given_role import GivenRole

    statements = read_document({"Statement": {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}})
    permissions = machine_of(role=GivenRole(Policies(statements)))["permissions"]
    assert [one["actions"] for one in permissions["missing"]] == [["dynamodb:GetItem"]]
    assert permissions["excess"] == ["sqs:SendMessage"]


def test_why_a_role_is_not_known_is_told() -> None:
    from asl_lint.aws.policy_document import UnknownRole

    permissions = machine_of(role=UnknownRole("it is not in the template"))["permissions"]
    assert (permissions["role"], permissions["granted"]) == ("it is not in the template", None)


def test_variables_are_set_and_read() -> None:
    variables = machine_of()["variables"]
    (status,) = variables["names"]
    assert status["set"] == ["/States/Read/Assign/status.$"]
    assert status["read"] == ["/States/Decide/Choices/0/Variable"]
    before = {one["state"]: one for one in variables["before"]}
    assert before["/States/Decide"] == {"state": "/States/Decide", "must": ["status"], "may": ["status"], "types": {}}
    assert before["/States/Failed"]["must"] == []


TYPED: Any = {
    "QueryLanguage": "JSONata",
    "StartAt": "First",
    "States": {
        "First": {"Type": "Pass", "Assign": {"count": 1, "given": "{% $states.input.given %}"}, "Next": "Second"},
        "Second": {"Type": "Pass", "Assign": {"count": "ten"}, "Next": "Third"},
        "Third": {"Type": "Succeed"},
    },
}


def test_variables_have_the_type_of_all_that_they_are_set_to() -> None:
    names = {one["name"]: one["type"] for one in machine_of(TYPED)["variables"]["names"]}
    assert names == {"count": '"ten" | 1', "given": None}


def test_a_state_tells_the_types_that_are_narrower_before_it_and_what_it_sets() -> None:
    variables = machine_of(TYPED)["variables"]
    before = {one["state"]: one["types"] for one in variables["before"]}
    assert before == {"/States/First": {}, "/States/Second": {"count": "1"}, "/States/Third": {"count": '"ten"'}}
    assert variables["after"] == [
        {"state": "/States/First", "types": {"count": "1", "given": None}},
        {"state": "/States/Second", "types": {"count": '"ten"'}},
    ]


def test_the_type_of_a_variable_tells_no_secret_however_it_is_shortened() -> None:
    secret = "AKIAQ3EGRPXUFN5SLWHT" + "/" + "wJalrXUtnFEMIxK7MDENGxbPxRfiCYzzzzzzzKEY"
    definition = {
        "StartAt": "A",
        "States": {"A": {"Type": "Pass", "Assign": {"password": secret}, "Next": "B"}, "B": {"Type": "Succeed"}},
    }
    machine = machine_of(definition)
    assert secret[:10] not in json.dumps(machine)
    assert machine["variables"]["names"][0]["type"] is not None


def test_placeholders_have_the_values_that_somebody_said() -> None:
    assert machine_of()["placeholders"] == [{"text": "${Orders}", "times": 1, "known": False, "value": None}]
    (known,) = machine_of(substitutions={"Orders": "orders"})["placeholders"]
    assert (known["known"], known["value"]) == (True, "orders")


def test_findings_stand_with_their_machines() -> None:
    bad = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}}
    whole = valid(document(report_of({"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}, bad)))
    assert [[one["rule"] for one in machine["findings"]] for machine in whole["machines"]] == [[], ["unknown-field"]]
    assert whole["machines"][1]["findings"][0]["status"] is None
    assert whole["summary"]["findings"] == {"error": 1, "warning": 0, "info": 0}


def test_findings_of_what_cannot_be_described_are_not_lost() -> None:
    report = report_of({"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}})
    assert [one["rule"] for one in valid(document(report._replace(descriptions=())))["findings"]] == ["unknown-field"]


def test_a_state_has_its_definition_without_the_states_inside_it() -> None:
    states = {one["name"]: one["definition"] for one in machine_of()["graph"]["states"]}
    assert states["Rest"] == {"Type": "Wait", "Seconds": 30, "Next": "Read"}
    assert states["Ship"]["ItemProcessor"] == {"StartAt": "Both"}
    assert states["Both"]["Branches"] == [{"StartAt": "Pack"}, {"StartAt": "Bill"}]


def test_no_part_of_a_review_shows_a_secret() -> None:
    key, password = "AKIA" + "Q7ZL3VTN5KD2XWRJ", "correct-Horse7battery"
    states: dict[str, Any] = {
        f"Use {key}": {
            "Type": "Task",
            "Comment": key,
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": "${Function}", "Payload": {"Password": password, key: 1}},
            "Catch": [{"ErrorEquals": [key], "Next": "Decide"}],
            "Odd": key,
            "Next": "Decide",
        },
        "Decide": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.x", "StringEquals": password, "Next": f"Use {key}"}],
            "Default": f"Use {key}",
        },
    }
    now = report_of({"StartAt": f"Use {key}", "States": states}, substitutions={"Function": "f", "Other": "o"})
    whole = valid(document(now, report_of(ORDER), "main"))
    shown = json.dumps(whole) + "".join(render("markdown", whole, ViewStyle()))
    assert whole["machines"][0]["findings"] != []
    assert key not in shown and password not in shown
    assert "".join(machine["graph"]["states"][0]["name"] for machine in whole["machines"]).startswith("Use ")


def test_what_a_template_says_of_a_machine_stands_with_it_wherever_its_definition_is() -> None:
    report = report_of({"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}}, logical_id="Flow")
    (finding,) = report.findings
    elsewhere = report._replace(findings=(finding, finding._replace(file="template.yaml"), finding._replace(machine="Other")))
    whole = valid(document(elsewhere))
    assert [one["file"] for one in whole["machines"][0]["findings"]] == ["a.asl.json", "template.yaml"]
    assert [one["machine"] for one in whole["findings"]] == ["Other"]


def test_contracts_say_whether_they_hold(tmp_path: Path) -> None:
    rules = ROOT / "docs" / "example-rules"
    report = report_of(ORDER, config=Config(rules=(str(rules),)))
    contracts = valid(document(report))["machines"][0]["contracts"]
    assert contracts != [] and {one["state"] for one in contracts} <= {"holds", "broken", "not evaluated"}


def test_a_description_that_fails_costs_no_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    import tests.report.machines as machines

    def fail(*_: object) -> object:
        raise RuntimeError("no")

    monkeypatch.setattr(machines, "describe", fail)
    report: Report = report_of({"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}})
    assert [one.rule for one in report.findings] == ["unknown-field"]
    assert [one.message for one in report.errors] == ["it cannot be described: RuntimeError: no"]


def test_a_retrier_says_how_its_waits_are_spread() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:lambda:eu-west-1:123456789012:function:f", "End": True}
    retriers = [{"ErrorEquals": ["A"], "JitterStrategy": "FULL"}, {"ErrorEquals": ["B"]}]
    (row,) = machine_of({"StartAt": "A", "States": {"A": {**task, "Retry": retriers}}})["error_handling"]
    assert [one["jitter"] for one in row["retried"]] == ["FULL", "NONE"]


# --- changes ----------------------------------------------------------------------------------------------------------------


def test_a_bound_grew_where_its_most_is_more_or_is_none_any_more() -> None:
    machine = machine_of()

    def bound(most: float | None) -> dict[str, Any]:
        return {"min": 1, "max": most, "formula": "", "symbols": {}, "causes": []}

    def grown(before: float | None, after: float | None) -> list[tuple[float | None, float | None]]:
        now = {**machine, "digests": {}, "own": {}, "history": bound(after)}
        found = changes(now, {**machine, "digests": {}, "own": {}, "history": bound(before)})["bounds"]
        return [(one["before"], one["after"]) for one in found if one["what"] == "history"]

    assert grown(5, 9) == [(5, 9)] and grown(5, None) == [(5, None)]
    assert grown(9, 5) == grown(5, 5) == grown(None, 5) == grown(None, None) == []


def test_nothing_changed_where_lines_moved_and_members_of_objects_changed_places() -> None:
    moved = json.dumps({name: ORDER[name] for name in reversed(ORDER)}, indent=9)
    found = compared(ORDER, moved)
    assert found["status"] == "unchanged" and not any(found["states"].values()) and found["bounds"] == []


BILL = "/States/Ship/ItemProcessor/States/Both/Branches/1/States/Bill"
BRANCHES = [{"StartAt": "Pack"}, {"StartAt": "Bill"}]


def state_of(definition: dict[str, Any], pointer: str) -> dict[str, Any]:
    (found,) = (one for one in machine_of(definition)["graph"]["states"] if one["pointer"] == pointer)
    return dict(found)


def test_states_are_added_removed_and_changed() -> None:
    def change(states: dict[str, Any]) -> None:
        states["More"] = {"Type": "Pass", "Next": "Read"}
        states["Rest"] = {"Type": "Wait", "Seconds": 5, "Next": "More"}
        del states["Ship"]["ItemProcessor"]["States"]["Both"]["Branches"][1]

    found = compared(*changed(change))
    assert found["status"] == "changed"
    assert found["states"] == {
        "added": ["/States/More"],
        "removed": [BILL],
        "gone": [state_of(ORDER, BILL)],
        "changed": [
            {
                "state": "/States/Rest",
                "fields": ["Seconds", "Next"],
                "values": [
                    {"field": "Seconds", "before": 30, "after": 5},
                    {"field": "Next", "before": "Read", "after": "More"},
                ],
            },
            {
                "state": "/States/Ship/ItemProcessor/States/Both",
                "fields": ["Branches"],
                "values": [{"field": "Branches", "before": BRANCHES, "after": BRANCHES[:1]}],
            },
        ],
        "renamed": [],
    }
    assert found["transitions"]["added"] == ["/States/Rest/Next", "/States/More/Next"]
    assert [(one["source"], one["target"]) for one in found["transitions"]["removed"]] == [("/States/Rest", "/States/Read")]
    (other,) = found["transitions"]["changed"]
    assert (other["pointer"], other["before"]["name"], other["after"]["name"]) == ("/States/Rest/Next", "Read", "More")


def test_a_renamed_state_is_no_other_one() -> None:
    def change(states: dict[str, Any]) -> None:
        states["Pause"] = states.pop("Rest")
        states["Decide"]["Choices"][1]["Next"] = "Pause"

    found = compared(*changed(change))
    assert found["states"]["renamed"] == [{"state": "/States/Pause", "before": "/States/Rest"}]
    assert found["states"]["added"] == found["states"]["removed"] == found["bounds"] == []
    assert [one["state"] for one in found["states"]["changed"]] == ["/States/Decide"]
    assert found["transitions"] == {"added": [], "removed": [], "changed": []}


@pytest.mark.parametrize("broken", [(0, 1), (1, 0)])
def test_of_a_machine_that_cannot_be_read_whole_nothing_changed(broken: tuple[int, int]) -> None:
    texts = [json.dumps({**ORDER, "Odd": 1}), json.dumps(ORDER).replace(",", ",,", 1)]
    found = compared(texts[broken[0]], texts[broken[1]])
    assert found["status"] == "unreadable" and found["bounds"] == []
    assert {one["rule"] for one in found["fixed"]} <= {"syntax-error"}
    assert not any(found["states"].values()) and not any(found["permissions"].values())


def test_a_machine_that_cannot_be_had_any_more_is_not_removed() -> None:
    then = report_of(ORDER, logical_id="Pay")
    now = report_of(ORDER, names=("b.asl.json",))._replace(
        files=(), descriptions=(), unresolved=(Unresolved("t.yaml", "Pay", "a.asl.json does not exist", None),)
    )
    assert valid(document(now, then, "main"))["removed"] == []


def test_nobody_knows_a_bound_of_what_cannot_be_read() -> None:
    machine = machine_of('{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next":')
    assert [machine[name]["formula"] for name in ("history", "transitions")] == ["?", "?"]
    assert machine["history"]["max"] is None


def test_a_lock_is_given_back_by_what_is_reached() -> None:
    lock = {"TableName": "locks", "Item": {"id": {"S": "x"}}, "ConditionExpression": "attribute_not_exists(id)"}
    states = {
        "Lock": {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:putItem", "Parameters": lock, "Next": "Work"},
        "Work": {"Type": "Pass", "End": True},
        "Unlock": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:deleteItem",
            "Parameters": {"TableName": "locks", "Key": {"id": {"S": "x"}}},
            "End": True,
        },
    }

    def releases() -> list[str]:
        return [one["state"] for one in machine_of({"StartAt": "Lock", "States": states})["locks"][0]["releases"]]

    assert releases() == []
    states["Work"] = {"Type": "Pass", "Next": "Unlock"}
    assert releases() == ["/States/Unlock"]


def test_the_machines_own_fields_change_under_the_empty_pointer() -> None:
    found = compared(ORDER, {**ORDER, "TimeoutSeconds": 7200})
    values = [{"field": "TimeoutSeconds", "before": ORDER["TimeoutSeconds"], "after": 7200}]
    assert found["states"]["changed"] == [{"state": "", "fields": ["TimeoutSeconds"], "values": values}]
    (bound,) = found["bounds"]
    assert (bound["what"], bound["unit"]) == ("duration", "seconds")


def test_permissions_are_added_and_removed() -> None:
    def change(states: dict[str, Any]) -> None:
        states["Read"]["Resource"] = "arn:aws:states:::dynamodb:putItem"

    found = compared(*changed(change))["permissions"]
    assert [one["action"] for one in found["added"]] == ["dynamodb:PutItem"]
    assert [one["action"] for one in found["removed"]] == ["dynamodb:GetItem"]


def test_a_new_loop_is_a_bound_that_grew_and_one_that_is_gone_is_none() -> None:
    def change(states: dict[str, Any]) -> None:
        states["Rest"]["Next"] = "Failed"

    then, now = changed(change)
    assert compared(then, now)["bounds"] == []
    loops = [one for one in compared(now, then)["bounds"] if one["what"] == "loop"]
    (loop,) = loops
    assert (loop["before"], loop["after"], loop["unit"]) == (0, None, "turns")
    assert loop["states"] == ["/States/Read", "/States/Decide", "/States/Rest"] and loop["state"] == "/States/Read"


def test_machines_are_added_renamed_and_removed() -> None:
    other = {"StartAt": "X", "States": {"X": {"Type": "Succeed"}}}
    gone = {"StartAt": "Y", "States": {"Y": {"Type": "Succeed"}}}
    now = report_of(ORDER, other, names=("new.asl.json", "other.asl.json"))
    then = report_of(ORDER, gone, names=("old.asl.json", "gone.asl.json"))
    whole = valid(document(now, then, "main"))
    assert [one["comparison"]["status"] for one in whole["machines"]] == ["renamed", "added"]
    assert whole["machines"][0]["comparison"]["before"] == {"file": "old.asl.json", "machine": None}
    assert [one["file"] for one in whole["removed"]] == ["gone.asl.json"]
    assert whole["summary"]["comparison"]["machines"] == {"added": 1, "renamed": 1}


def test_findings_are_new_unchanged_and_fixed() -> None:
    def machine(*fields: str) -> dict[str, Any]:
        return {"StartAt": "A", "States": {"A": {"Type": "Pass", **dict.fromkeys(fields, 1), "End": True}}}

    whole = valid(document(report_of(machine("Odd", "Odder")), report_of(machine("Odd", "Oddest")), "main"))
    (one,) = whole["machines"]
    assert [finding["status"] for finding in one["findings"]] == ["unchanged", "new"]
    assert [finding["pointer"] for finding in one["comparison"]["fixed"]] == ["/States/A/Oddest"]
    assert whole["summary"]["comparison"] == {"new": 1, "unchanged": 1, "fixed": 1, "machines": {"changed": 1}, "removed": 0}


def test_the_public_interface_still_gives_reports_without_descriptions() -> None:
    assert asl_lint.check_text(json.dumps(ORDER)).descriptions == ()
