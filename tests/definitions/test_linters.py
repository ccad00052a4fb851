"""The five definitions pass the linter that they are the first users of, and asl-validator."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command_line import check
from tests.definitions.rehearsal.scenario import DEFINITIONS

pytestmark = pytest.mark.large

FILES = sorted(str(path) for path in DEFINITIONS.glob("*.json"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: Path(file).stem)
def test_asl_lint_has_nothing_to_say(file: str) -> None:
    assert "passes" in check(file, code=0).output


def test_asl_validator_accepts_all_five(npm_package: Callable[[str], Path]) -> None:
    script = npm_package("asl-validator@4.0.0") / "node_modules" / "asl-validator" / "dist" / "bin" / "asl-validator.js"
    named = [word for file in FILES for word in ("--json-path", file)]
    run = subprocess.run(["node", script, *named], capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count(" is valid") == len(FILES) == 5
