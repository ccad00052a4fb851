"""``asl-lint explain-type``: what is known of a value, and where it comes from."""

import json
from pathlib import Path

import pytest

from tests.command_line import enter, run, write

POLL = {
    "QueryLanguage": "JSONata",
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task",
            "Resource": "arn:aws:states:::aws-sdk:sagemaker:describePipelineExecution",
            "Arguments": {"PipelineExecutionArn": "{% $states.input.arn %}"},
            "Assign": {"status": "{% $states.result.PipelineExecutionStatus %}", "polls": 0},
            "Next": "Look",
        },
        "Look": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $status = 'Succeeded' %}", "Next": "Done"}],
            "Default": "Again",
        },
        "Again": {"Type": "Pass", "Assign": {"polls": "{% $polls + 1 %}"}, "Next": "Look"},
        "Done": {"Type": "Succeed", "Output": {"after": "{% $polls %}"}},
    },
}
LISTED = '"CompletedWithFailures" | "Executing" | "Failed" | "Stopped" | "Stopping" | "Succeeded" | …'
TEMPLATE = """\
Resources:
  One:
    Type: AWS::StepFunctions::StateMachine
    Properties: {Definition: {StartAt: A, States: {A: {Type: Pass, Result: 1, End: true}}}}
  Two:
    Type: AWS::StepFunctions::StateMachine
    Properties: {Definition: {StartAt: A, States: {A: {Type: Pass, Result: two, End: true}}}}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    enter(tmp_path, monkeypatch)
    write(poll=POLL)
    return tmp_path


def explained(*arguments: str) -> str:
    result = run("explain-type", *arguments)
    assert result.stderr == ""
    assert result.exit_code == 0
    return result.stdout


def refused(*arguments: str) -> str:
    result = run("explain-type", *arguments)
    assert result.exit_code in (1, 2)
    assert result.stdout == ""
    return result.stderr


def test_a_variable_is_followed_to_the_answer_that_it_comes_from() -> None:
    lines = explained("poll.asl.json", "Look", "--variable", "status").splitlines()
    assert lines[0] == "$status"
    assert lines[1].startswith("  --> poll.asl.json:")
    assert lines[1].endswith(" at /States/Look")
    assert lines[2:4] == [f"  {LISTED}", "  comes from"]
    assert lines[4].startswith('    Assign of "Ask" (line ')
    assert lines[5].startswith("      $states.result.PipelineExecutionStatus (line ")
    assert lines[6].startswith("        the answer of sagemaker:describePipelineExecution (as of ")


def test_a_counter_has_a_range() -> None:
    assert "integer ≥ 0" in explained("poll.asl.json", "/States/Done/Output/after")


def test_an_expression_shows_what_it_reads() -> None:
    text = explained("poll.asl.json", "/States/Look/Choices/0/Condition")
    assert text.startswith("{% $status = 'Succeeded' %}\n")
    assert "\n  boolean\n" in text
    assert f"    $status (line 21): {LISTED[:40]}" in text


def test_a_state_shows_its_input_its_variables_and_what_it_gives() -> None:
    text = explained("poll.asl.json", "/States/Ask")
    assert [line for line in text.splitlines() if line[:1] not in ("", " ")] == ["its input", "its result", "its output"]
    assert "the input of the execution: nothing says what it is (line 3): any" in text


def test_another_expression_can_be_asked_for() -> None:
    assert "\n  integer ≥ 1\n" in explained("poll.asl.json", "Look", "--expression", "$polls + 1")


CAUGHT = {
    "QueryLanguage": "JSONata",
    "StartAt": "Ask",
    "States": {
        "Ask": {
            "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {"FunctionName": "ask"}, "End": True,
            "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Each", "Assign": {"error": "{% $states.errorOutput.Error %}"}}],
        },
        "Each": {
            "Type": "Map", "End": True,
            "ItemProcessor": {
                "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, "StartAt": "One",
                "States": {"One": {"Type": "Pass", "Output": "one", "End": True}},
            },
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "b", "Prefix": "p"}},
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("place", ["/States/Ask/Catch/0", "/States/Ask/Catch/0/Assign", "/States/Ask/Catch/0/Assign/error"])
def test_an_expression_in_a_catcher_sees_the_error(place: str) -> None:
    write(caught=CAUGHT)
    assert "{ Error: string; Cause?: string }" in explained("caught.asl.json", place, "--expression", "$states.errorOutput")


def test_an_expression_at_a_state_sees_its_result_and_one_in_its_arguments_does_not() -> None:
    write(caught=CAUGHT)
    assert "the answer of lambda:invoke" in explained("caught.asl.json", "Ask", "--expression", "$states.result")
    before = explained("caught.asl.json", "/States/Ask/Arguments", "--expression", "$states.result")
    assert "undefined" in before
    assert "the answer of" not in before


def test_what_a_result_writer_gives_is_told_so() -> None:
    write(caught=CAUGHT)
    assert 'what the ResultWriter of "Each" gives' in explained("caught.asl.json", "Each")


def test_of_many_origins_some_are_shown() -> None:
    rules = [{"Condition": f"{{% $states.input.kind = '{i}' %}}", "Next": f"S{i}"} for i in range(30)]
    states = {f"S{i}": {"Type": "Pass", "Output": i, "Next": "Last"} for i in range(30)}
    first = {"Type": "Choice", "Choices": rules, "Default": "S0"}
    write(wide={"QueryLanguage": "JSONata", "StartAt": "C", "States": {"C": first, **states, "Last": {"Type": "Succeed"}}})
    told = explained("wide.asl.json", "Last").splitlines()
    assert "    and 19 more" in told
    assert sum("the Output of" in line for line in told) == 11


def test_without_a_pointer_the_input_is_told_as_it_is_declared() -> None:
    Path("poll.input.schema.json").write_text(json.dumps({"type": "object", "properties": {"arn": {"type": "string"}}}))
    assert "arn?: string" in explained("poll.asl.json")


def test_json_has_the_same() -> None:
    found = json.loads(explained("poll.asl.json", "Look", "--variable", "status", "--format", "json"))
    (value,) = found["values"]
    assert (found["format"], found["file"]) == (1, "poll.asl.json")
    assert (value["what"], value["pointer"], value["type"]) == ("$status", "/States/Look", LISTED)
    assert value["origins"][0]["what"] == 'Assign of "Ask"'
    assert value["origins"][0]["origins"][0]["origins"][0]["pointer"] == "/States/Ask/Resource"


def test_a_machine_of_a_template_is_chosen() -> None:
    Path("template.yaml").write_text(TEMPLATE)
    assert '  "two"' in explained("template.yaml", "A", "--machine", "Two")
    assert "several state machines; say which with --machine: One, Two" in refused("template.yaml", "A")
    assert 'no state machine "Three"; there is One, Two' in refused("template.yaml", "A", "--machine", "Three")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("/States/Lok",), "/States/Lok leads nowhere; near it are /States/Look"),
        (("Lok",), "Lok leads nowhere; near it is Look"),
        (("/States/Look/Choices/7/Condition",), "leads nowhere"),
        (("/States/Look/Default",), "nothing is evaluated at /States/Look/Default"),
        (("/StartAt",), "/StartAt is no part of a state"),
        (("Look", "--variable", "stats"), "no state sets $stats; did you mean $status?"),
        (("Look", "--expression", "$status &"), "the expression cannot be read"),
    ],
)
def test_what_is_not_there_is_told_with_what_is_near(arguments: tuple[str, ...], said: str) -> None:
    assert said in refused("poll.asl.json", *arguments)


def test_where_no_state_is_near_the_states_are_named() -> None:
    assert 'there is no state "Zzzzzz"; its states are Ask, Look, Again, Done' in refused("poll.asl.json", "Zzzzzz")


def test_a_file_without_a_machine_is_told() -> None:
    Path("other.json").write_text("{}")
    assert "other.json holds no state machine" in refused("other.json", "A")
