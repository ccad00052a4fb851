"""What the README shows is what the command prints."""

import re
from pathlib import Path

import pytest

from asl_lint import cli
from tests.command_line import run
from tests.conftest import ROOT
from tests.test_budget import TABLES

EXAMPLES = ROOT / "docs" / "examples"
SHOWN = re.findall(r"```console\n\$ asl-lint (check|graph) (.*)\n([^`]*)```", (ROOT / "README.md").read_text(encoding="utf-8"))
CODES = {"check": 1, "graph": 0}
"""What each command leaves with: the examples have faults."""

EXPLAINED = re.findall(r"```console\n\$ asl-lint (explain-type .*)\n([^`]*)```", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_readme_shows_runs() -> None:
    assert len(SHOWN) >= 2


@pytest.mark.parametrize(("command", "arguments", "output"), SHOWN)
def test_a_run_prints_what_the_readme_shows(
    command: str, arguments: str, output: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(EXAMPLES)
    assert cli._run([command, *arguments.split()]) == CODES[command]
    assert capsys.readouterr().out == output


def test_the_readme_shows_the_budget_that_the_tests_print() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"$ asl-lint budget poll.asl.json --machine-type standard\n{TABLES}```" in text


@pytest.mark.parametrize(("arguments", "output"), EXPLAINED)
def test_what_is_explained_is_what_the_readme_shows(arguments: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    assert run(*arguments.split()).stdout == output


def test_every_example_is_shown() -> None:
    shown = {arguments.split()[0] for _, arguments, _ in SHOWN} | {arguments.split()[1] for arguments, _ in EXPLAINED}
    assert shown == {path.name for path in Path(EXAMPLES).iterdir()}
