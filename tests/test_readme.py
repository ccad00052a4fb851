"""What the README shows is what the command prints."""

import re
from pathlib import Path

import pytest

from tests.command_line import check, run
from tests.conftest import ROOT

EXAMPLES = ROOT / "docs" / "examples"
SHOWN = re.findall(r"```console\n\$ asl-lint check (.*)\n([^`]*)```", (ROOT / "README.md").read_text(encoding="utf-8"))

EXPLAINED = re.findall(r"```console\n\$ asl-lint (explain-type .*)\n([^`]*)```", (ROOT / "README.md").read_text(encoding="utf-8"))


def test_the_readme_shows_runs() -> None:
    assert len(SHOWN) >= 2


@pytest.mark.parametrize(("arguments", "output"), SHOWN)
def test_a_run_prints_what_the_readme_shows(arguments: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    assert check(*arguments.split(), code=1).stdout == output


@pytest.mark.parametrize(("arguments", "output"), EXPLAINED)
def test_what_is_explained_is_what_the_readme_shows(arguments: str, output: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(EXAMPLES)
    assert run(*arguments.split()).stdout == output


def test_every_example_is_shown() -> None:
    shown = {arguments.split()[0] for arguments, _ in SHOWN} | {arguments.split()[1] for arguments, _ in EXPLAINED}
    assert shown == {path.name for path in Path(EXAMPLES).iterdir()}
