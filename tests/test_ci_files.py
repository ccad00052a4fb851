"""The GitHub action and the GitLab template: what their steps do in a repository, run as the servers run them."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.command_line import BAD, GOOD, enter
from tests.conftest import ROOT
from tests.report.machines import HOSTILE
from tests.test_against import commit, needs_git

ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8"))
BASH = shutil.which("bash")

pytestmark = [needs_git, pytest.mark.skipif(BASH is None, reason="bash is not there to run the steps")]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository, and beside it what a runner gives to its steps."""
    for name in [name for name in os.environ if name.startswith(("GIT_", "GITHUB_", "CI_"))]:
        monkeypatch.delenv(name)
    (tmp_path / "repository").mkdir()
    (tmp_path / "temp").mkdir()
    enter(tmp_path / "repository", monkeypatch)
    return tmp_path


@pytest.fixture
def program(folder: Path) -> Path:
    """asl-lint as a program, from this checkout."""
    file = folder / "temp" / "asl-lint"
    file.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m asl_lint "$@"\n')
    file.chmod(0o755)
    return file


class Runner:
    """Runs the steps of the composite action, one after the other, until one fails."""

    def __init__(self, folder: Path, **inputs: str) -> None:
        unknown = set(inputs) - set(ACTION["inputs"])
        assert not unknown
        self._values = {f"inputs.{name}": one["default"] for name, one in ACTION["inputs"].items()}
        self._values |= {f"inputs.{name}": value for name, value in inputs.items()}
        self._folder = folder
        self.summary = folder / "temp" / "summary"
        self.output = ""

    def run(self, program: Path | None = None) -> int:
        """All steps; with a program, those after the installation."""
        steps = ACTION["runs"]["steps"]
        if program is not None:
            self._values["steps.install.outputs.program"] = str(program)
            steps = [step for step in steps if step.get("id") != "install"]
        for step in steps:
            code = self._step(step)
            if code:
                return code
        return 0

    def outputs(self) -> dict[str, str]:
        return {name: self._filled(one["value"]) for name, one in ACTION["outputs"].items()}

    def _step(self, step: Mapping[str, Any]) -> int:
        assert set(step) <= {"name", "id", "shell", "env", "run"} and step["shell"] == "bash"
        assert "${{" not in step["run"], "an expression in a script is an injection; it belongs in env"
        outputs = self._folder / "temp" / "outputs"
        outputs.write_text("")
        environment = {
            **os.environ,
            **{name: self._filled(value) for name, value in step.get("env", {}).items()},
            "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(self._folder / "temp"),
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(outputs),
            "GITHUB_STEP_SUMMARY": str(self.summary),
        }
        command = [str(BASH), "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]]
        done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=300, check=False)
        self.output += done.stdout + done.stderr
        for line in outputs.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("=")
            self._values[f"steps.{step['id']}.outputs.{name}"] = value
        return done.returncode

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda found: self._values.get(found[1], ""), text)


# --- GitHub -----------------------------------------------------------------------------------------------------------------


def test_a_clean_repository_passes_with_a_review_on_its_page(folder: Path, program: Path) -> None:
    commit(a=GOOD)
    runner = Runner(folder)
    assert runner.run(program) == 0, runner.output
    assert runner.summary.read_text(encoding="utf-8").startswith("### asl-lint: nothing found")
    assert runner.outputs()["exit-code"] == "0"
    assert Path(runner.outputs()["report"]).is_file()


def test_findings_annotate_the_pull_request_and_fail_the_last_step(folder: Path, program: Path) -> None:
    commit(a=BAD)
    runner = Runner(folder, sarif="out.sarif")
    assert runner.run(program) == 1
    assert "::error file=a.asl.json,line=6" in runner.output
    assert "1 error" in runner.summary.read_text(encoding="utf-8")
    assert json.loads(Path("out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"


def test_against_a_revision_only_what_is_new_fails(folder: Path, program: Path) -> None:
    base = commit(a=BAD)
    commit(b=GOOD)
    runner = Runner(folder, against=base, **{"fail-on": "new"})
    assert runner.run(program) == 0, runner.output
    assert "0 new, 0 fixed, 1 unchanged" in runner.summary.read_text(encoding="utf-8")
    commit(c=BAD)
    assert Runner(folder, against=base, **{"fail-on": "new"}).run(program) == 1


def test_paths_and_options_are_what_they_say_and_are_never_run(folder: Path, program: Path) -> None:
    commit(**{"a b__c": BAD, "other": BAD})
    runner = Runner(folder, paths="a b\n", options="--ignore  unknown-field", summary="false")
    assert runner.run(program) == 0, runner.output
    assert not runner.summary.exists()
    hostile = Runner(folder, paths='$(touch stolen)\n`touch stolen`\n"; touch stolen; "\n--help')
    assert hostile.run(program) == 2
    assert not Path("stolen").exists()


def test_the_review_is_made_with_the_options_of_the_check(folder: Path, program: Path) -> None:
    commit(a=BAD)
    runner = Runner(folder, options="--ignore unknown-field", **{"check-options": "--verbose"})
    assert runner.run(program) == 0, runner.output
    assert runner.summary.read_text(encoding="utf-8").startswith("### asl-lint: nothing found")


@pytest.mark.parametrize("against", ["", "0" * 40])
def test_without_a_revision_nothing_is_known_to_be_new_and_nothing_fails(folder: Path, program: Path, against: str) -> None:
    commit(a=BAD)
    runner = Runner(folder, against=against, **{"fail-on": "new"})
    assert runner.run(program) == 0, runner.output
    assert "::error file=a.asl.json" in runner.output and "1 error" in runner.summary.read_text(encoding="utf-8")


def test_sarif_goes_to_a_folder_that_there_is_not_yet(folder: Path, program: Path) -> None:
    commit(a=GOOD)
    assert Runner(folder, sarif="new dir/of mine/x.sarif").run(program) == 0
    assert Path("new dir/of mine/x.sarif").is_file()


def test_a_review_that_fails_fails_the_action_and_an_older_one_is_not_shown(folder: Path, program: Path) -> None:
    commit(a=GOOD)
    (folder / "temp" / "asl-lint-report.md").write_text("the review of another run")
    program.write_text(program.read_text().replace("exec", '[ "$1" != report ] || exit 2\nexec'))
    runner = Runner(folder)
    assert runner.run(program) == 2
    assert runner.outputs()["report"] == "" and not runner.summary.exists()


def test_hostile_names_of_states_do_not_become_commands_of_the_runner(folder: Path, program: Path) -> None:
    states = {name + "\n::set-env name=X::y": {"Type": "Pass", "Odd": 1, "End": True} for name in HOSTILE if "\ud800" not in name}
    commit(a={"StartAt": next(iter(states)), "States": states})
    runner = Runner(folder)
    assert runner.run(program) == 1
    assert not re.search(r"^::(?!error|warning|notice)", runner.output, re.MULTILINE)


@pytest.mark.large
def test_the_action_installs_itself_and_checks(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commit(a=BAD)
    monkeypatch.setenv("PIP_COMPILE", "0")  # Python compiles what is imported
    runner = Runner(folder, python=sys.executable)
    assert runner.run() == 1, runner.output
    assert "::error file=a.asl.json" in runner.output


def test_every_input_is_used_and_described() -> None:
    text = json.dumps(ACTION["runs"])
    for name, one in ACTION["inputs"].items():
        assert f"inputs.{name} }}" in text and one["description"] and "default" in one, name


# --- GitLab -----------------------------------------------------------------------------------------------------------------


def gitlab(folder: Path, **variables: str) -> int:
    """Runs the script of the job, without the installation."""
    job = GITLAB["asl-lint"]
    (install, *lines) = job["script"]
    assert "pip install" in install
    environment = {
        **os.environ,
        **{name: str(value) for name, value in job["variables"].items()},
        **variables,
        "PYTHONPATH": str(ROOT),
        "PATH": f"{folder / 'temp'}{os.pathsep}{os.environ['PATH']}",
    }
    script = "\n".join(lines)
    done = subprocess.run([str(BASH), "-e", "-o", "pipefail", "-c", script], env=environment, capture_output=True, check=False)
    return done.returncode


def test_gitlab_gets_its_reports_and_a_review(folder: Path, program: Path) -> None:
    base = commit(a=GOOD)
    commit(b=BAD)
    assert gitlab(folder, CI_MERGE_REQUEST_DIFF_BASE_SHA=base) == 1
    reports = GITLAB["asl-lint"]["artifacts"]["reports"]
    assert [one["check_name"] for one in json.loads(Path(reports["codequality"]).read_text(encoding="utf-8"))] == [
        "unknown-field"
    ]
    assert ElementTree.parse(reports["junit"]).getroot().get("failures") == "1"
    (review,) = GITLAB["asl-lint"]["artifacts"]["paths"]
    assert "1 new" in Path(review).read_text(encoding="utf-8")


def test_gitlab_outside_of_a_merge_request_reviews_what_there_is(folder: Path, program: Path) -> None:
    commit(a=GOOD, b=BAD)
    assert gitlab(folder, ASL_LINT_PATHS="a.asl.json") == 0
    assert Path("asl-lint-report.md").read_text(encoding="utf-8").startswith("### asl-lint: nothing found")


def test_gitlab_s_review_is_made_with_the_options_of_the_check_and_its_failure_fails(folder: Path, program: Path) -> None:
    commit(a=BAD)
    Path("asl-lint-report.md").write_text("the review of another run")
    options = {"ASL_LINT_OPTIONS": "--ignore unknown-field", "ASL_LINT_CHECK_OPTIONS": "--verbose"}
    assert gitlab(folder, **options) == 0
    assert Path("asl-lint-report.md").read_text(encoding="utf-8").startswith("### asl-lint: nothing found")
    program.write_text(program.read_text().replace("exec", '[ "$1" != report ] || exit 2\nexec'))
    assert gitlab(folder, **options) == 2
    assert not Path("asl-lint-report.md").exists()


def test_gitlab_says_what_it_wants_where_nobody_said_what_to_install() -> None:
    install = GITLAB["asl-lint"]["script"][0]
    done = subprocess.run(
        [str(BASH), "-c", install], env={**os.environ, "ASL_LINT_PACKAGE": ""}, capture_output=True, check=False
    )
    assert done.returncode != 0 and b"set it to what pip installs" in done.stderr
