"""``asl-lint check``: its options, its exit codes, and what goes to which stream."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from asl_lint.output import FORMATS
from tests.command_line import BAD, GOOD, SILENCED, WORRYING, check, enter, reported, spawn, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of each test, without any say from the environment."""
    enter(tmp_path, monkeypatch)
    return tmp_path


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
        (
            ["--select", "unknown-field", "--extend-select", "unknown-transition-target"],
            ["unknown-field", "unknown-transition-target"],
        ),
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
    states = {"A": {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", "End": True,
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
    assert result.stderr == "base.json: 1 of its findings occur no more; --prune-baseline takes them out\n"


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
