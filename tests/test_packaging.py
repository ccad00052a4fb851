"""What people install: the wheel in an environment of its own, and the pre-commit hook in a repository of theirs."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from asl_lint.version import VERSION
from tests.conftest import ROOT

pytestmark = pytest.mark.large

GOOD = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
BAD = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}}
PARTS = ("asl_lint", "rules", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "NOTICE", ".pre-commit-hooks.yaml")


def run(
    command: Sequence[str | Path], cwd: Path, code: int = 0, env: Mapping[str, str] = {}
) -> "subprocess.CompletedProcess[str]":  # fmt: skip
    """Runs a program somewhere else, without any of the variables that would lead it back to the checkout.

    pip compiles nothing of what it installs: Python does, what is imported.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "GIT_", "COV_"))}
    environment["PIP_COMPILE"] = "0"
    done = subprocess.run(
        command, cwd=cwd, env={**environment, **env}, capture_output=True, encoding="utf-8", timeout=300, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the package is made from: nothing is written to the checkout itself."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="module")
def wheel(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(checkout)], folder)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def bin(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the programs of a new environment are that has the wheel and what it depends on, and nothing else."""
    environment = tmp_path_factory.mktemp("environment")
    run([sys.executable, "-m", "venv", "--without-pip", str(environment)], environment)
    bin = environment / ("Scripts" if sys.platform == "win32" else "bin")
    python = bin / "python"
    run([sys.executable, "-m", "pip", "--python", str(python), "install", "-q", str(wheel)], environment)
    return bin


def test_the_wheel_holds_the_rules_the_pack_and_the_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for name in (
        "asl_lint/py.typed",
        "asl_lint/rules.pack.json",
        "asl_lint/schemas/asl.schema.json",
        "asl_lint/aws/service_index.bin",
        "asl_lint/report/page/assets/page.js",
        "asl_lint/report/page/assets/style.css",
        "asl_lint/report/page/elk/elk.bundled.js",
        "asl_lint/report/page/elk/LICENSE.md",
    ):
        assert name in names
    rules = sorted(name.removeprefix("asl_lint/") for name in names if name.startswith("asl_lint/rules/"))
    assert rules == sorted(file.relative_to(ROOT).as_posix() for file in (ROOT / "rules").rglob("*.yaml"))
    information = f"asl_lint-{VERSION}.dist-info/"
    assert {f"{information}licenses/LICENSE", f"{information}licenses/NOTICE"} <= set(names)
    assert all(name.startswith(("asl_lint/", information)) for name in names)
    assert not [name for name in names if "__pycache__" in name or "/tests/" in name]


def test_the_installed_program_checks_from_anywhere(bin: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.asl.json").write_text(json.dumps(BAD))
    (tmp_path / "good.asl.yaml").write_text(
        'StartAt: A\nStates:\n  A: {Type: Succeed, Output: "{% 1 %}"}\nQueryLanguage: JSONata\n'
    )
    (tmp_path / "asl-lint.toml").write_text('fail-on = "error"\n')
    program = bin / "asl-lint"
    assert run([program, "--version"], tmp_path).stdout == f"asl-lint {VERSION}\n"
    done = run([program, "check", "."], tmp_path, code=1)
    assert 'error[unknown-field]: a Pass state has no field "Odd"' in done.stdout
    assert done.stdout.endswith("Found 1 error in 1 of 2 definitions.\n")
    assert run([program, "check", "good.asl.yaml"], tmp_path).stdout == "The definition passes.\n"
    assert len(json.loads(run([program, "check", ".", "--format", "sarif"], tmp_path, code=1).stdout)["runs"]) == 1


def test_the_installed_program_knows_its_rules_and_schemas(bin: Path, tmp_path: Path) -> None:
    program = bin / "asl-lint"
    listed = json.loads(run([program, "rules", "--format", "json"], tmp_path).stdout)
    rules = listed["rules"] if isinstance(listed, dict) else listed
    assert len(rules) == len([file for file in (ROOT / "rules").rglob("*.yaml") if file.name != "index.yaml"])
    explained = run([program, "explain", "unknown-field"], tmp_path).stdout
    assert explained.startswith("unknown-field") and len(explained) > 400
    for option in ([], ["--config"], ["--rules"], ["--output"], ["--facts"]):
        assert "$schema" in json.loads(run([program, "schema", *option], tmp_path).stdout)


def test_the_examples_of_all_installed_rules_hold(bin: Path, tmp_path: Path) -> None:
    code = (
        "from asl_lint.catalog.reading import read_shipped_rules\n"
        "from asl_lint.rule_tests import run_examples\n"
        "results = list(run_examples(read_shipped_rules()))\n"
        "print(len(results), [result.title for result in results if result.problems])"
    )
    count, _, failed = run([bin / "python", "-c", code], tmp_path).stdout.partition(" ")
    assert int(count) > 50 and failed == "[]\n"


def test_the_installed_library_checks(bin: Path, tmp_path: Path) -> None:
    code = (
        "import asl_lint; print([f.rule for f in asl_lint.check_text(" + repr(json.dumps(BAD)) + ").findings], asl_lint.__file__)"
    )
    said = run([bin / "python", "-c", code], tmp_path).stdout
    assert said.startswith("['unknown-field'] ")
    assert str(bin.parent) in said, "and it is the installed one"


# --- pre-commit -------------------------------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=Tests", "-c", "user.email=tests@localhost", "-c", "commit.gpgsign=false"]
    run(["git", *identity, *arguments], folder)


@pytest.fixture(scope="module")
def hook(checkout: Path) -> Path:
    """The package's own repository, as pre-commit clones it."""
    pytest.importorskip("pre_commit", reason="needs the extra: pip install 'asl-lint[test]'")
    if shutil.which("git") is None:
        assert os.environ.get("CI") != "true", "git must be there in CI"
        pytest.skip("git is not there")
    git(checkout, "init", "-q")
    git(checkout, "add", ".")
    git(checkout, "commit", "-q", "-m", "The package")
    git(checkout, "tag", "v1")
    return checkout


def test_the_hook_fails_on_a_bad_definition_and_passes_on_good_ones(
    hook: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """``run`` by a configuration on both, then, in the environment that this has made, on the good ones."""
    for i in range(30):
        (tmp_path / f"good{i}.asl.json").write_text(json.dumps(GOOD))
    (tmp_path / "bad.asl.yaml").write_text(json.dumps(BAD, indent=1))
    (tmp_path / "no-definition.json").write_text("{")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "left-out.asl.json").write_text("{")
    (tmp_path / "asl-lint.toml").write_text('exclude = ["dist"]\n')
    hooks = {"repos": [{"repo": str(hook), "rev": "v1", "hooks": [{"id": "asl-lint"}]}]}
    (tmp_path / ".pre-commit-config.yaml").write_text(json.dumps(hooks))
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    home = {"PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit")), "NO_COLOR": "1"}
    program = [sys.executable, "-m", "pre_commit", "run", "--color", "never"]

    tried = run([*program, "--all-files"], tmp_path, code=1, env=home).stdout
    assert "asl-lint....." in tried and "Failed" in tried and "- exit code: 1" in tried
    assert 'error[unknown-field]: a Pass state has no field "Odd"' in tried
    assert tried.count("Found ") == 1, "all files go to one call"
    assert "Found 1 error in 1 of 31 definitions." in tried

    good = [f"good{i}.asl.json" for i in range(30)]
    passed = run([*program, "--files", *good], tmp_path, env=home).stdout
    assert "asl-lint....." in passed and "Passed" in passed
