"""The command line: options, exit codes, what goes to which stream, and how it behaves among other programs."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from asl_lint.cli import COMMANDS, commands
from asl_lint.output import FORMATS
from asl_lint.version import VERSION
from tests.conftest import ROOT

GOOD = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
BAD = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}}
WORRYING = {"StartAt": "A", "States": {"A": {"Type": "Succeed", "Comment": "asl-lint: ignore[unknown-field] no more"}}}
SILENCED = {
    "StartAt": "A",
    "States": {"A": {"Type": "Pass", "Comment": "asl-lint: ignore[unknown-field] the console wrote it", "Odd": 1, "End": True}},
}
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of each test, without any say from the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS", "ASL_LINT_TRACEBACK"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def write(**files: Any) -> None:
    for name, value in files.items():
        path = Path(name.replace("__", "/") + ".asl.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(value if isinstance(value, str) else json.dumps(value, indent=2), encoding="utf-8")


def run(*arguments: str, **options: Any) -> Result:
    return CliRunner().invoke(commands, arguments, standalone_mode=True, **options)


def check(*arguments: str, code: int, **options: Any) -> Result:
    """Runs ``check`` in this process. The command returns its exit code; click would drop it."""
    from asl_lint import cli

    runner = CliRunner()
    kept = cli.commands.main
    codes: list[Any] = []

    def main(*given: Any, **named: Any) -> Any:
        codes.append(kept(["check", *arguments], standalone_mode=False))
        return codes[-1]

    cli.commands.main = main  # type: ignore[method-assign]
    try:
        result = runner.invoke(cli.commands, [], **options)
    finally:
        cli.commands.main = kept  # type: ignore[method-assign]
    assert result.exception is None, result.exception
    assert codes == [code], result.output
    return result


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from asl_lint.cli import main; main()", *arguments]


def environment(**changes: str) -> Mapping[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **changes}


def spawn(*arguments: str, env: Mapping[str, str] = {}, **options: Any) -> "subprocess.CompletedProcess[str]":  # noqa: B006
    return subprocess.run(
        program(*arguments), env=environment(**env), capture_output=True, encoding="utf-8", timeout=60, check=False, **options
    )


def reported(output: str) -> list[str]:
    """The rules that concise output names, in order."""
    return re.findall(r"(?:error|warning|info)\[([a-z-]+)\]", output)


# --- exit codes -------------------------------------------------------------------------------------------------------------


def test_what_passes_gives_0_and_a_sentence() -> None:
    write(a=GOOD, b=GOOD)
    assert check(".", code=0).stdout == "All 2 definitions pass.\n"


def test_without_a_path_the_current_folder_is_checked() -> None:
    write(sub__a=BAD)
    assert "sub/a.asl.json:6:7" in check("--format", "concise", code=1).stdout


@pytest.mark.parametrize(
    ("definition", "fail_on", "code"),
    [
        (BAD, "error", 1),
        (BAD, "warning", 1),
        (BAD, "info", 1),
        (WORRYING, "error", 0),
        (WORRYING, "warning", 1),
        (GOOD, "info", 0),
    ],
)
def test_findings_at_or_above_fail_on_give_1(definition: Any, fail_on: str, code: int) -> None:
    write(a=definition)
    check("a.asl.json", "--fail-on", fail_on, code=code)


def test_fail_on_is_a_setting_that_the_option_overrules() -> None:
    write(a=WORRYING)
    Path("asl-lint.toml").write_text('fail-on = "error"\n')
    check(".", code=0)
    check(".", "--fail-on", "warning", code=1)


def test_exit_zero_forgives_findings_but_not_failures() -> None:
    write(a=BAD)
    check("a.asl.json", "--exit-zero", code=0)
    check("a.asl.json", "missing.asl.json", "--exit-zero", code=2)


def test_no_definitions_found_is_2() -> None:
    Path("package.json").write_text('{"name": "x"}')
    result = check(".", code=2)
    assert ".: holds no state machine definition" in result.stdout
    assert "No definition was checked; 1 failure." in result.stdout


def test_a_file_that_is_not_there_is_2_and_the_others_are_checked() -> None:
    write(a=BAD)
    result = check("a.asl.json", "missing.json", "--format", "concise", code=2)
    assert reported(result.stdout) == ["unknown-field"]
    assert "missing.json: does not exist" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["chek"], 'there is no command "chek"; did you mean "check"?'),
        (["a.asl.json"], 'there is no command "a.asl.json"; to check it: asl-lint check a.asl.json'),
        (["zzzzzz"], 'there is no command "zzzzzz"; see asl-lint --help'),
        (["check", "--formt", "text"], "--format"),
        (["check", "--format", "txt"], "'text', 'concise', 'json', 'sarif'"),
        (["check", "--output", "sraif=x"], 'wants FORMAT=FILE, not "sraif=x"; did you mean "sarif"?'),
        (["check", "--output", "json"], 'wants FORMAT=FILE, not "json"; the formats are text, concise'),
        (["check", "--output", "json="], 'wants FORMAT=FILE, not "json="'),
        (["check", "--fail-on", "eror"], "'error', 'warning', 'info'"),
        (["check", "--jobs", "-1"], "-1 is not in the range"),
        (["check", "-", "a.asl.json"], "- (standard input) cannot stand beside other paths"),
        (["check", "--select", "unknown-feild", "."], 'did you mean "unknown-field"?'),
        (["check", "--config", "none.toml"], "none.toml: does not exist"),
        (["check", "--baseline", "none.json"], "none.json: does not exist"),
        (["check", "--write-baseline", "none/b.json"], "cannot write none/b.json: No such file or directory"),
        (["check", "--output", "json=none/b.json"], "cannot write none/b.json: No such file or directory"),
        (["explain", "unknown-feild"], 'did you mean "unknown-field"?'),
        (["schema", "--confg"], "--config"),
        (["completion", "tcsh"], "'bash', 'zsh', 'fish'"),
        (["test-rules", "none"], "none"),
        (["test-rules"], "PATH"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_misuse_is_2_and_says_what_would_be_right(arguments: list[str], message: str, capfd: pytest.CaptureFixture[str]) -> None:
    from asl_lint import cli

    write(a=GOOD)
    assert cli._run(arguments) == 2
    captured = capfd.readouterr()
    assert message in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_a_wrong_configuration_is_2_with_its_line() -> None:
    write(a=GOOD)
    Path("asl-lint.toml").write_text('\nignor = ["x"]\n')
    done = spawn("check", ".")
    assert done.returncode == 2
    assert "asl-lint.toml:2:" in done.stderr and "ignore" in done.stderr


def test_an_internal_fault_is_2_and_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from asl_lint import cli, run

    def crash(*arguments: Any, **named: Any) -> Any:
        raise LookupError("lost")

    write(a=GOOD)
    monkeypatch.setattr(run, "plan_paths", crash)
    assert cli._run(["check", "."]) == 2
    assert "internal fault: LookupError: lost" in capsys.readouterr().err
    monkeypatch.setenv("ASL_LINT_TRACEBACK", "1")
    with pytest.raises(LookupError):
        cli._run(["check", "."])


# --- which rules, which files -----------------------------------------------------------------------------------------------

MIXED = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "Next": "Nowhere"}}}


@pytest.mark.parametrize(
    ("options", "rules"),
    [
        ([], ["unknown-field", "unknown-transition-target"]),
        (["--select", "unknown-field"], ["unknown-field"]),
        (["--select", "unknown-field,unknown-transition-target"], ["unknown-field", "unknown-transition-target"]),
        (["--select", "unknown-field", "--select", "wrong-type"], ["unknown-field"]),
        (["--select", "unknown-field", "--extend-select", "unknown-transition-target"], ["unknown-field", "unknown-transition-target"]),
        (["--select", "conformance", "--ignore", "unknown-field"], ["unknown-transition-target"]),
        (["--ignore", "unknown-field"], ["unknown-transition-target"]),
        (["--ignore", "conformance"], []),
        (["--select", "suspicious"], []),
    ],
    ids=str,
)  # fmt: skip
def test_rules_are_selected_by_name_and_category(options: list[str], rules: list[str]) -> None:
    write(a=MIXED)
    result = check(".", "-f", "concise", *options, code=1 if rules else 0)
    assert [rule for rule in reported(result.stdout) if rule != "no-terminal-state"] == rules


def test_options_add_to_what_the_configuration_ignores_and_replace_what_it_selects() -> None:
    write(a=MIXED)
    Path("asl-lint.toml").write_text('select = ["unknown-field", "unknown-transition-target"]\nignore = ["unknown-field"]\n')
    assert reported(check(".", "-f", "concise", code=1).stdout) == ["unknown-transition-target"]
    check(".", "--ignore", "unknown-transition-target", code=0)
    check(".", "--select", "unknown-field", code=0)
    everything = check(".", "--no-config", "-f", "concise", code=1).stdout
    assert {"unknown-field", "unknown-transition-target"} <= set(reported(everything))
    Path("other.toml").write_text('select = ["unknown-field"]\n')
    assert reported(check(".", "--config", "other.toml", "-f", "concise", code=1).stdout) == ["unknown-field"]


def test_the_machine_type_can_be_said() -> None:
    states = {"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync", "End": True,
                    "Parameters": {"StateMachineArn": "a"}}}  # fmt: skip
    write(a={"StartAt": "A", "States": states})
    check(".", code=0)
    check(".", "--machine-type", "STANDARD", code=0)
    assert reported(check(".", "--machine-type", "express", "-f", "concise", code=1).stdout) == ["unsupported-by-express"]


def test_show_files_lists_what_would_be_read() -> None:
    write(b=BAD, a=GOOD, sub__c=GOOD)
    assert check(".", "--show-files", code=0).stdout == "a.asl.json\nb.asl.json\nsub/c.asl.json\n"
    result = check("a.asl.json", "missing", "--show-files", code=2)
    assert result.stdout == "a.asl.json\n" and result.stderr == "missing: does not exist\n"


def test_a_file_that_is_named_is_checked_unless_excludes_are_forced() -> None:
    write(dist__a=BAD, b=GOOD)
    check("dist/a.asl.json", code=1)
    assert check("dist/a.asl.json", "b.asl.json", "--force-exclude", code=0).stdout == "The definition passes.\n"


def test_paths_are_shown_relative_to_a_root() -> None:
    write(sub__a=BAD)
    assert "\na.asl.json:" in "\n" + check("sub", "--root", "sub", "-f", "concise", code=1).stdout
    shown = json.loads(check("sub", "--root", "sub", "-f", "json", code=1).stdout)
    assert [finding["file"] for finding in shown["findings"]] == ["a.asl.json"]
    text = check("sub", "--root", "sub", code=1).stdout
    assert '"Odd": 1' in text, "the frame still finds its source"


# --- standard input ---------------------------------------------------------------------------------------------------------


def test_standard_input_is_checked_under_its_name() -> None:
    result = check("-", "-f", "concise", code=1, input=json.dumps(BAD))
    assert result.stdout.startswith("<stdin>:1:")
    yaml = "StartAt: A\nStates:\n  A: {Type: Pass, Odd: 1, End: true}\n"
    assert check("-", "--stdin-filename", "sub/x.asl.yaml", "-f", "concise", code=1, input=yaml).stdout.startswith(
        "sub/x.asl.yaml:3:"
    )


def test_standard_input_has_the_configuration_of_its_name() -> None:
    Path("sub").mkdir()
    Path("sub/asl-lint.toml").write_text('ignore = ["unknown-field"]\n')
    check("-", "--stdin-filename", "sub/x.asl.json", code=0, input=json.dumps(BAD))
    check("-", "--stdin-filename", "x.asl.json", code=1, input=json.dumps(BAD))


def test_standard_input_that_is_no_text_is_a_failure() -> None:
    result = check("-", code=2, input=b"\xff\xfe{\x00")
    assert "<stdin>: is UTF-16 by its first bytes" in result.stdout
    assert reported(check("-", "-f", "concise", code=1, input=b"").stdout) == ["syntax-error"]


# --- what is printed, and where ---------------------------------------------------------------------------------------------


def test_several_outputs_are_written_beside_the_format_on_standard_output() -> None:
    write(a=BAD)
    result = check(".", "-f", "concise", "-o", "json=r.json", "--output", "sarif=r.sarif", "-o", "text=r.txt", code=1)
    assert reported(result.stdout) == ["unknown-field"]
    assert [finding["rule"] for finding in json.loads(Path("r.json").read_text())["findings"]] == ["unknown-field"]
    assert json.loads(Path("r.sarif").read_text())["version"] == "2.1.0"
    text = Path("r.txt").read_text()
    assert '"Odd": 1' in text and "\x1b" not in text


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_is_printed(format: str) -> None:
    write(a=BAD, b=GOOD)
    assert "unknown-field" in check(".", "--format", format, code=1).stdout


def test_statistics_count_the_findings_of_each_rule() -> None:
    write(a=BAD, b=BAD)
    output = check(".", "--statistics", code=1).stdout
    assert re.search(r"\b2\b.*unknown-field", output), output
    assert "a.asl.json" not in output


def test_quiet_shows_errors_only() -> None:
    write(a=WORRYING)
    assert reported(check(".", "-q", "-f", "concise", code=0).stdout) == []
    write(a=BAD)
    assert reported(check(".", "-q", "-f", "concise", code=1).stdout) == ["unknown-field"]


def test_verbose_shows_what_is_silenced_and_why() -> None:
    write(a=SILENCED)
    assert reported(check(".", "-f", "concise", code=0).stdout) == []
    verbose = check(".", "-v", "-f", "concise", code=0).stdout
    assert reported(verbose) == ["unknown-field"] and "the console wrote it" in verbose


@pytest.mark.parametrize("silencer", ["directive", "configuration"])
def test_no_ignores_reports_what_is_silenced(silencer: str) -> None:
    write(a=SILENCED if silencer == "directive" else BAD)
    Path("asl-lint.toml").write_text('[per-file-ignores]\n"a*" = ["unknown-field"]\n' if silencer == "configuration" else "")
    check(".", code=0)
    assert reported(check(".", "--no-ignores", "-f", "concise", code=1).stdout) == ["unknown-field"]


@pytest.mark.parametrize(
    ("options", "variables", "coloured"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "0"}, False),
        ([], {"CLICOLOR_FORCE": "1"}, True),
        ([], {"CLICOLOR_FORCE": "0"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
    ids=str,
)
def test_colour_is_for_terminals_and_for_those_who_ask(options: list[str], variables: dict[str, str], coloured: bool) -> None:
    write(a=BAD)
    output = check(".", *options, code=1, env=variables).stdout
    assert ("\x1b[" in output) == coloured
    assert ESCAPE.sub("", output) == check(".", code=1).stdout


def test_what_a_narrow_encoding_cannot_say_is_escaped() -> None:
    write(a={"StartAt": "é", "States": {"é": {"Type": "Pass", "Öd😀\ud800": 1, "End": True}}})
    done = spawn("check", ".", "--format", "text", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1 and done.stderr == ""
    assert "\\xd6d\\U0001f600" in done.stdout and done.stdout.isascii()


def test_a_stream_that_is_closed_is_not_written_to() -> None:
    write(a=BAD)
    for closed in (1, 2):
        script = f'exec {closed}>&-; exec "$@"'
        done = subprocess.run(
            ["sh", "-c", script, "sh", *program("check", ".")], env=environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 1, done
        assert "internal fault" not in done.stdout + done.stderr


# --- baseline ---------------------------------------------------------------------------------------------------------------


def test_a_baseline_silences_what_it_has_and_nothing_new() -> None:
    write(a=BAD, b=GOOD)
    assert check(".", "--write-baseline", "base.json", code=0).stderr == "1 findings written to base.json\n"
    assert check(".", "--baseline", "base.json", code=0).stdout == "All 2 definitions pass (1 suppressed).\n"
    write(a=json.dumps(BAD, indent=8), b=BAD)
    output = check(".", "--baseline", "base.json", "-f", "concise", code=1).stdout
    assert "b.asl.json" in output and "a.asl.json" not in output
    assert len(reported(check(".", "--baseline", "base.json", "--no-ignores", "-f", "concise", code=1).stdout)) == 2


def test_one_more_of_the_same_is_new() -> None:
    broken = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}, "StartAt": "A"}'
    write(a=broken)
    check(".", "--write-baseline", "base.json", code=0)
    check(".", "--baseline", "base.json", code=0)
    write(a=broken[:-1] + ', "StartAt": "A"}')
    check(".", "--baseline", "base.json", code=1)


def test_what_occurs_no_more_is_told() -> None:
    write(a=BAD)
    check(".", "--write-baseline", "base.json", code=0)
    write(a=GOOD)
    result = check(".", "--baseline", "base.json", code=0)
    assert result.stderr == "base.json: 1 of its findings occur no more; --write-baseline brings it up to date\n"


def test_a_baseline_is_a_setting() -> None:
    write(a=BAD)
    Path("asl-lint.toml").write_text('baseline = "base.json"\n')
    check(".", "--write-baseline", "base.json", code=0)
    check(".", code=0)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"version": 2, "findings": []}', '{"version": 1, "findings": [{"file": []}]}', "[" * 100_000]
)
def test_a_baseline_that_is_none_is_misuse(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    from asl_lint import cli

    write(a=BAD)
    Path("base.json").write_text(text)
    assert cli._run(["check", "a.asl.json", "--baseline", "base.json"]) == 2
    assert "Error: base.json: " in capsys.readouterr().err


# --- other programs ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that takes some seconds."""
    folder = tmp_path_factory.mktemp("many")
    states = {f"S{i}": {"Type": "Pass", "Odd": 1, "Next": f"S{i + 1}"} for i in range(60)}
    text = json.dumps({"StartAt": "S0", "States": states})
    for i in range(500):
        (folder / f"{i}.asl.json").write_text(text)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes")
def test_a_reader_who_has_seen_enough_gets_no_complaint(many: Path) -> None:
    with subprocess.Popen(
        program("check", str(many / "1.asl.json"), str(many / "2.asl.json"), str(many / "3.asl.json"), "--format", "text"),
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        assert b"unknown-field" in process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_ends_the_run_at_once_without_a_traceback(many: Path, jobs: str) -> None:
    with subprocess.Popen(
        program("check", str(many), "--jobs", jobs),
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    ) as process:  # fmt: skip
        time.sleep(1.0)
        assert process.poll() is None, "the run must still be going on"
        os.killpg(process.pid, signal.SIGINT)
        started = time.monotonic()
        stdout, stderr = process.communicate(timeout=30)
    assert time.monotonic() - started < 5
    assert process.returncode == 130
    assert (stdout, stderr.strip()) == ("", "interrupted")


def on_a_terminal(arguments: list[str], cwd: Path) -> Iterator[str]:
    """Runs the program with a pseudo-terminal for its standard error, and yields what it shows there; then its standard output."""
    import pty

    leader, follower = pty.openpty()
    with subprocess.Popen(
        program(*arguments), cwd=cwd, env=environment(TERM="xterm"), stdout=subprocess.PIPE, stderr=follower
    ) as process:
        os.close(follower)
        shown = b""
        while True:
            try:
                piece = os.read(leader, 4096)
            except OSError:  # the other end is closed
                break
            if not piece:
                break
            shown += piece
        os.close(leader)
        assert process.stdout is not None
        yield shown.decode()
        yield process.stdout.read().decode()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
def test_a_terminal_sees_progress_in_a_long_run_and_no_trace_of_it_afterwards(many: Path) -> None:
    shown, output = on_a_terminal(["check", ".", "--jobs", "1", "--statistics"], many)
    assert re.search(r"checking: \d+ of 500 files", shown)
    assert shown.endswith("\r\x1b[K")
    assert "checking" not in output and "unknown-field" in output


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize("options", [["."], [".", "--no-progress"]])
def test_a_short_run_shows_no_progress(folder: Path, options: list[str]) -> None:
    write(a=BAD)
    shown, _ = on_a_terminal(["check", *options], folder)
    assert shown == ""


def test_what_is_no_terminal_never_sees_progress(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from asl_lint.commands import terminal

    monkeypatch.setattr(terminal, "PATIENCE", 0.0)
    result = check(*(str(many / f"{i}.asl.json") for i in range(5)), "--statistics", "--progress", code=1)
    assert result.stderr == ""


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


OWN_RULE = """\
format: 1
name: pass-has-comment
category: own
summary: A Pass state says what it is for
severity: warning
confidence: high
since: 1.0.0
message: 'say in a Comment what "{state}" is for'
why: Nobody remembers.
fix: Write a Comment.
property: {kind: jsonata@1, where: 'type = "Pass"', assert: '$exists(comment) and %s'}
examples:
  bad: [{state: {Type: Pass}, expect: [{at: /States/%s}]}]
  good: [{state: {Type: Pass, Comment: why}}]
"""


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
        f"COMP_WORDS=({' '.join(words)}); COMP_CWORD={len(words) - 1}; COMP_LINE='{' '.join(words)}'; COMP_POINT=${{#COMP_LINE}}\n"
        "function=$(complete -p asl-lint | sed 's/.*-F \\([^ ]*\\).*/\\1/')\n"
        f"$function asl-lint {words[-1]} {words[-2]}\n"
        'printf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        [BASH, "--norc", "-c", script], env=environment(PATH=path), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout.split() == expected, done.stderr
