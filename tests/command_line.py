"""Running the command line from tests: in this process, or as a program of its own."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asl_lint.cli import commands
from tests.conftest import ROOT

GOOD = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
BAD = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}}
WORRYING = {"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": "asl-lint: ignore[unknown-field] no more"}}}
SILENCED = {
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "Comment": "asl-lint: ignore[unknown-field] the console wrote it", "Odd": 1, "End": True}},
}


def enter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes a folder the current one, and takes away what the environment says of colours and the like."""
    monkeypatch.chdir(folder)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "ASL_LINT_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)


def write(**files: Any) -> None:
    """Writes definitions: a value as JSON, a string as it is; ``__`` in a name is a slash."""
    for name, value in files.items():
        path = Path(name.replace("__", "/") + ".asl.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value, indent=2), encoding="utf-8")


def run(*arguments: str, **options: Any) -> Result:
    """Runs any command in this process."""
    return CliRunner().invoke(commands, arguments, standalone_mode=True, **options)


def check(*arguments: str, code: int, **options: Any) -> Result:
    """Runs ``check`` in this process, where it must leave with this exit code."""
    result = CliRunner().invoke(commands, ["check", *arguments], standalone_mode=False, **options)
    assert result.exception is None, result.exception
    assert result.return_value == code, result.output
    return result


def program(*arguments: str) -> list[str]:
    """The command line as a program of its own."""
    return [sys.executable, "-c", "from asl_lint.start import main; main()", *arguments]


def environment(**changes: str) -> Mapping[str, str]:
    """Variables with which such a program finds this checkout, wherever it runs."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **changes}


def spawn(*arguments: str, env: Mapping[str, str] = {}, **options: Any) -> "subprocess.CompletedProcess[str]":
    """Runs the command line as a program of its own, to its end."""
    return subprocess.run(
        program(*arguments), env=environment(**env), capture_output=True, encoding="utf-8", timeout=60, check=False, **options
    )


def reported(output: str) -> list[str]:
    """The rules that concise output names, in order."""
    return re.findall(r"(?:error|warning|info)\[([a-z-]+)\]", output)
