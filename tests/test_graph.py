"""``asl-lint graph``: which machines it draws, how, and where it writes them."""

from pathlib import Path

import pytest

from asl_lint import cli
from tests.command_line import GOOD, enter, run, write
from tests.report.machines import ORDER

TEMPLATE = """\
Resources:
  First:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: One, States: {One: {Type: Succeed}}}
  Second:
    Type: AWS::Serverless::StateMachine
    Properties:
      Definition: {StartAt: Two, States: {Two: {Type: Succeed}}}
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(tmp_path, monkeypatch)


def drawn(*arguments: str) -> str:
    result = run("graph", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_definition_is_drawn_as_mermaid() -> None:
    write(a=GOOD)
    assert drawn("a.asl.json") == (
        '%% a.asl.json\nflowchart TD\n  start(("start"))\n  n0(["A<br/><small>Succeed</small>"])\n  start --> n0\n'
    )


@pytest.mark.parametrize(("name", "first"), [("a.svg", "<svg "), ("a.dot", "digraph "), ("a.gv", "digraph "), ("a.mmd", "%% ")])
def test_the_ending_of_the_file_says_how(name: str, first: str) -> None:
    write(a=ORDER)
    assert drawn("a.asl.json", "-o", name) == ""
    assert Path(name).read_text(encoding="utf-8").startswith(first)


def test_all_machines_of_a_template_are_drawn_or_the_one_that_is_named() -> None:
    Path("template.yaml").write_text(TEMPLATE)
    assert drawn("template.yaml").count("flowchart TD") == 2
    only = drawn("template.yaml", "--machine", "Second")
    assert "Two" in only and "One" not in only


def test_machines_of_a_folder_are_named_by_their_files() -> None:
    write(flows__a=GOOD, flows__b=ORDER)
    assert drawn("flows", "--machine", "a").startswith("%% flows/a.asl.json")


def test_a_machine_that_there_is_not_is_misuse_that_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    Path("template.yaml").write_text(TEMPLATE)
    assert cli._run(["graph", "template.yaml", "--machine", "Third"]) == 2
    assert 'there is no state machine "Third"; there are First, Second' in capsys.readouterr().err


def test_an_svg_of_several_machines_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    Path("template.yaml").write_text(TEMPLATE)
    assert cli._run(["graph", "template.yaml", "-f", "svg"]) == 2
    assert "choose one by --machine: First, Second" in capsys.readouterr().err


def test_a_broken_definition_is_drawn_as_far_as_it_can_be_read() -> None:
    write(a='{"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"},, }')
    assert "n0 --> n1" in drawn("a.asl.json")


def test_a_file_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli._run(["graph", "nowhere.asl.json"]) == 2
    assert "nowhere.asl.json: does not exist" in capsys.readouterr().err


def test_a_drawing_shows_no_secret() -> None:
    key = "AKIA" + "Q7ZL3VTN5KD2XWRJ"
    write(a={"StartAt": key, "States": {key: {"Type": "Succeed"}}})
    assert key not in drawn("a.asl.json")
