"""The other commands: explain, rules, test-rules, schema, completion."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from asl_lint.cli import COMMANDS
from asl_lint.version import VERSION
from tests.command_line import BAD, SILENCED, check, enter, environment, run, spawn, write
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of each test, without any say from the environment."""
    enter(tmp_path, monkeypatch)
    return tmp_path


# --- the other commands -----------------------------------------------------------------------------------------------------


def test_every_command_is_listed_and_has_help() -> None:
    help = run("--help").stdout
    for name in COMMANDS:
        assert f"\n  {name} " in help
        assert run(name, "--help").stdout.startswith("Usage:")
    assert run("--version").stdout == f"asl-lint {VERSION}\n"


def test_explain_tells_a_rule() -> None:
    output = run("explain", "unknown-field").stdout
    assert output.startswith("unknown-field") and "conformance" in output
    assert len(output) > 400


def test_rules_lists_the_catalogue_as_text_json_and_markdown() -> None:
    from asl_lint.catalog import load_rules

    names = [rule.name for rule in load_rules()]
    for format in ("text", "json", "markdown"):
        output = run("rules", "--format", format).stdout
        assert all(name in output for name in names), format
    assert isinstance(json.loads(run("rules", "-f", "json").stdout), list | dict)


def own_rule(folder: Path) -> Path:
    """A rule of one's own that can be read, whatever its examples say."""
    shipped = (ROOT / "rules" / "suspicious" / "duplicate-key.yaml").read_text(encoding="utf-8")
    text = "format: 1\n" + shipped.replace("name: duplicate-key", "name: same-key-twice").replace(
        "category: suspicious", "category: own"
    )
    file = folder / "same-key-twice.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_examples_of_own_rules_are_run(folder: Path) -> None:
    file = own_rule(folder)
    done = spawn("test-rules", str(file), "--verbose")
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^1 rule, \d+ examples, 0 failed$", done.stdout, re.M)
    assert "ok     same-key-twice: bad example 1" in done.stdout
    listed = spawn("rules", "--rules", str(file))
    assert "same-key-twice" in listed.stdout
    assert "same-key-twice" in spawn("explain", "same-key-twice", "--rules", str(file)).stdout


def test_an_example_that_does_not_hold_is_1(folder: Path) -> None:
    file = own_rule(folder)
    file.write_text(file.read_text().replace("codes: [duplicate-key]", "codes: [deprecated-field]").replace("{key}", "{field}"))
    done = spawn("test-rules", str(file))
    assert done.returncode == 1, done.stdout + done.stderr
    assert "FAILED same-key-twice" in done.stdout


@pytest.mark.parametrize("option", [None, "--config", "--rules", "--output", "--facts"])
def test_a_schema_is_a_json_schema(option: str | None) -> None:
    from jsonschema import Draft202012Validator

    schema = json.loads(run("schema", *([option] if option else [])).stdout)
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_json_output_is_as_its_schema_says() -> None:
    from jsonschema import Draft202012Validator

    write(a=BAD, b=SILENCED)
    schema = json.loads(run("schema", "--output").stdout)
    Draft202012Validator(schema).validate(json.loads(check(".", "missing.json", "-f", "json", code=2).stdout))


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_completion_script_is_printed(shell: str) -> None:
    output = run("completion", shell).stdout
    assert "_ASL_LINT_COMPLETE" in output and "asl-lint" in output


BASH = shutil.which("bash")


@pytest.mark.skipif(BASH is None, reason="bash is not there")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["asl-lint", "ch"], ["check"]),
        (["asl-lint", "check", "--exit"], ["--exit-zero"]),
        (["asl-lint", "check", "--format", "sa"], ["sarif"]),
    ],
)
def test_bash_completes_commands_options_and_choices(folder: Path, words: list[str], expected: list[str]) -> None:
    assert BASH is not None
    (folder / "bin").mkdir()
    launcher = folder / "bin" / "asl-lint"
    launcher.write_text(f"#!{sys.executable}\nfrom asl_lint.cli import main\nmain()\n")
    launcher.chmod(0o755)
    (folder / "completion.bash").write_text(run("completion", "bash").stdout)
    script = (
        "source completion.bash\n"
        f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}\n"
        f"COMP_LINE='{' '.join(words)}'; COMP_POINT=${{#COMP_LINE}}\n"
        "function=$(complete -p asl-lint | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n"
        f"$function asl-lint {words[-1]} {words[-2]}\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [BASH, "--norc", "-c", script], env=environment(PATH=path), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == expected, done.stderr
