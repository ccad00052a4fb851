"""``asl-lint report``: where it writes what, its exit codes, and how it compares."""

import json
from pathlib import Path

import pytest

from asl_lint import cli
from tests.command_line import BAD, GOOD, enter, run, write
from tests.report.machines import ORDER
from tests.test_against import commit, needs_git


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(tmp_path, monkeypatch)
    for name in ("GITHUB_REPOSITORY", "GITHUB_SHA", "CI_PROJECT_URL", "BITBUCKET_COMMIT", "GIT_DIR", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)


def report(*arguments: str, code: int = 0) -> str:
    assert cli._run(["report", *arguments, "-o", "out"]) == code
    return Path("out").read_text(encoding="utf-8")


def test_a_review_is_markdown_unless_somebody_says_otherwise() -> None:
    write(a=BAD)
    assert run("report", ".").stdout.startswith("### asl-lint: 1 error\n")


def test_at_a_terminal_a_review_becomes_a_page(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    write(a=BAD)
    monkeypatch.setattr("asl_lint.commands.report.is_terminal", lambda stream: True)
    assert cli._run(["report", "."]) == 0
    assert Path("asl-lint-report.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "the review is in asl-lint-report.html" in capsys.readouterr().err
    Path("asl-lint-report.html").unlink()
    assert cli._run(["report", ".", "--format", "markdown"]) == 0
    assert not Path("asl-lint-report.html").exists()
    assert capsys.readouterr().out.startswith("### asl-lint: 1 error\n")


@pytest.mark.parametrize(
    ("name", "first"), [("r.md", "### "), ("r.json", '{"version": 1'), ("r.txt", "### "), ("r.html", "<!doctype html>")]
)
def test_the_ending_of_the_file_says_the_format(name: str, first: str) -> None:
    write(a=BAD)
    assert cli._run(["report", ".", "-o", name]) == 0
    assert Path(name).read_text(encoding="utf-8").startswith(first)


def test_a_review_exits_with_0_unless_it_is_asked_to_fail() -> None:
    write(a=BAD)
    report(".")
    report(".", "--fail-on", "error", code=1)
    write(a=GOOD)
    report(".", "--fail-on", "info")


@needs_git
def test_a_review_fails_on_what_is_new() -> None:
    commit(a=BAD)
    report(".", "--against", "HEAD", "--fail-on", "new")
    write(b=BAD)
    report(".", "--against", "HEAD", "--fail-on", "new", code=1)


@needs_git
def test_a_review_against_a_revision_tells_what_changed() -> None:
    commit(flows__a=ORDER)
    changed = {**ORDER, "States": {**ORDER["States"], "Rest": {"Type": "Wait", "Seconds": 60, "Next": "Read"}}}
    write(flows__a=changed)
    whole = json.loads(report("flows", "-f", "json", "--against", "HEAD"))
    assert whole["against"] == "HEAD"
    (machine,) = whole["machines"]
    assert (machine["file"], machine["comparison"]["status"]) == ("flows/a.asl.json", "changed")
    values = [{"field": "Seconds", "before": 30, "after": 60}]
    assert machine["comparison"]["states"]["changed"] == [{"state": "/States/Rest", "fields": ["Seconds"], "values": values}]


@needs_git
def test_a_review_is_the_same_by_one_process_and_by_several() -> None:
    commit(**{f"m{i}": ORDER for i in range(8)})
    write(m3=BAD)
    one, several = (report(".", "-f", "json", "--against", "HEAD", "-j", jobs) for jobs in ("1", "3"))
    assert one == several


def test_links_are_as_somebody_says() -> None:
    write(a=BAD)
    assert "(https://example.org/a.asl.json?line=6)" in report(".", "--links", "https://example.org/{path}?line={line}")


def test_what_cannot_be_read_is_told_and_is_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=GOOD)
    text = report("a.asl.json", "nowhere.json", code=2)
    assert "- failure: `nowhere.json`: does not exist" in text
    assert "nowhere.json: does not exist" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-"], "not of standard input"),
        ([".", "--fail-on", "new"], "--fail-on new needs --against"),
        ([".", "--links", "https://example.org/"], "with {path} in it"),
        ([".", "--select", "no-such-rule"], "is no rule and no category"),
        ([".", "--baseline", "nowhere.json"], "nowhere.json: does not exist"),
    ],
)
def test_misuse_is_told(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    write(a=GOOD)
    assert cli._run(["report", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_baseline_counts_in_a_review_too() -> None:
    write(a=BAD)
    assert cli._run(["check", ".", "--write-baseline", "base"]) == 0
    assert "1 suppressed" in report(".", "--baseline", "base")
