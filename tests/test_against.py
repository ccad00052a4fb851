"""``--against``: what is new since a revision of git, or against another folder. And baselines that are pruned."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from asl_lint import cli
from asl_lint.earlier import earlier_version
from asl_lint.output import FORMATS
from asl_lint.revision import EarlierError, is_plain, resolved
from tests.command_line import BAD, GOOD, check, enter, reported, write

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not there to make a revision with")
WORSE = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "Odder": 2, "End": True}}}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    enter(tmp_path, monkeypatch)
    return tmp_path


def git(*arguments: str) -> str:
    settings = ("user.name=A", "user.email=a@example.org", "commit.gpgsign=false", "core.autocrlf=false")
    options = [part for setting in settings for part in ("-c", setting)]
    done = subprocess.run(["git", *options, *arguments], capture_output=True, encoding="utf-8", check=True)
    return done.stdout.strip()


def commit(**files: object) -> str:
    """Commits these definitions, and only them and what was there already; the commit's name."""
    if not Path(".git").exists():
        git("init", "-q", "-b", "main")
    write(**files)
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", "a commit")
    return git("rev-parse", "HEAD")


@needs_git
def test_only_what_is_new_since_a_revision_is_told() -> None:
    commit(a=BAD, b=GOOD)
    write(a=json.dumps(WORSE, indent=8))
    result = check(".", "--against", "HEAD", "-f", "concise", code=1)
    assert reported(result.stdout) == ["unknown-field"] and "Odder" in result.stdout
    assert "(0 fixed and 1 unchanged against HEAD)" in result.stdout


@needs_git
def test_what_was_there_already_does_not_fail_the_run_and_what_was_mended_is_counted() -> None:
    commit(a=WORSE)
    write(a=BAD)
    assert (
        check(".", "--against", "main", code=0).stdout
        == "Nothing is new in 1 definition (1 fixed and 1 unchanged against main).\n"
    )


@needs_git
def test_fail_on_new_fails_on_any_new_finding_whatever_its_severity() -> None:
    commit(a=GOOD)
    write(a={"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}})
    Path("asl-lint.toml").write_text('severity = { "unknown-field" = "info" }\n')
    check(".", "--against", "HEAD", code=0)
    check(".", "--against", "HEAD", "--fail-on", "new", code=1)
    git("add", "-A")
    git("commit", "-qm", "more")
    check(".", "--against", "HEAD", "--fail-on", "new", code=0)


def test_fail_on_new_needs_something_to_compare_with(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=GOOD)
    assert cli._run(["check", ".", "--fail-on", "new"]) == 2
    assert "--fail-on new needs --against" in capsys.readouterr().err


@needs_git
def test_a_renamed_file_has_nothing_new() -> None:
    commit(a=BAD)
    git("mv", "a.asl.json", "moved.asl.json")
    check(".", "--against", "HEAD", "--fail-on", "new", code=0)


@needs_git
def test_a_file_that_was_not_there_is_new_as_a_whole() -> None:
    commit(a=GOOD)
    write(b=BAD)
    assert reported(check("b.asl.json", "--against", "HEAD", "-f", "concise", code=1).stdout) == ["unknown-field"]


@needs_git
def test_json_has_what_was_fixed() -> None:
    commit(a=WORSE)
    write(a=GOOD)
    output = json.loads(check(".", "--against", "HEAD", "-f", "json", code=0).stdout)
    assert (output["against"], output["unchanged"]) == ("HEAD", 0)
    assert [(one["rule"], one["file"]) for one in output["fixed"]] == [("unknown-field", "a.asl.json")] * 2


@needs_git
@pytest.mark.parametrize("format", FORMATS)
def test_every_format_can_tell_of_a_comparison(format: str) -> None:
    commit(a=WORSE)
    write(a={"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "Other": 2, "End": True}}})
    output = check(".", "--against", "HEAD", "-f", format, "-v", code=1).stdout
    assert "Other" in output or format == "statistics"


@needs_git
def test_both_versions_are_judged_by_the_settings_of_today() -> None:
    commit(flows__a=BAD)
    Path("flows/asl-lint.toml").write_text('[per-file-ignores]\n"a.asl.json" = ["unknown-field"]\n')
    assert "0 fixed and 0 unchanged" in check(".", "--against", "HEAD", code=0).stdout


@needs_git
def test_the_files_of_a_revision_are_found_from_a_folder_inside_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    commit(flows__a=BAD, other__b=BAD)
    monkeypatch.chdir("flows")
    assert "1 unchanged against HEAD" in check(".", "--against", "HEAD", code=0).stdout
    assert "1 unchanged against HEAD" in check("../other", "--against", "HEAD", code=0).stdout
    assert "1 unchanged against HEAD" in check("a.asl.json", "--against", "HEAD", code=0).stdout


@needs_git
def test_a_template_is_compared_with_the_definition_that_it_named_then() -> None:
    Path("template.yaml").write_text(
        "Resources:\n  Flow:\n    Type: AWS::Serverless::StateMachine\n    Properties: {DefinitionUri: flow.asl.json}\n"
    )
    commit(flow=BAD)
    write(flow=WORSE)
    result = check("template.yaml", "--against", "HEAD", "-f", "concise", code=1)
    assert "Odder" in result.stdout and "1 unchanged against HEAD" in result.stdout


@needs_git
def test_the_work_tree_and_the_index_are_left_alone() -> None:
    commit(a=BAD)
    write(a=WORSE)
    before = git("status", "--porcelain"), Path(".git/index").read_bytes()
    check(".", "--against", "HEAD", code=1)
    assert (git("status", "--porcelain"), Path(".git/index").read_bytes()) == before


@pytest.mark.parametrize("revision", ["nowhere", "--output=stolen", "HEAD:a.asl.json", ""])
@needs_git
def test_a_revision_that_there_is_not_is_misuse(revision: str, capsys: pytest.CaptureFixture[str]) -> None:
    commit(a=GOOD)
    assert cli._run(["check", ".", "--against=" + revision]) == 2
    assert "no folder and no revision" in capsys.readouterr().err
    assert not Path("stolen").exists()


@needs_git
def test_what_a_shallow_clone_does_not_have_is_told_with_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first = commit(a=GOOD)
    commit(a=BAD)
    git("clone", "-q", "--depth", "1", f"file://{folder}", "clone")
    monkeypatch.chdir("clone")
    assert cli._run(["check", ".", "--against", first]) == 2
    assert "fetch-depth: 0" in capsys.readouterr().err


def test_outside_of_a_repository_a_revision_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=GOOD)
    assert cli._run(["check", ".", "--against", "HEAD"]) == 2
    assert "not a git repository" in capsys.readouterr().err


@needs_git
def test_a_path_outside_of_the_repository_is_misuse(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(outside=GOOD)
    Path("inside").mkdir()
    monkeypatch.chdir("inside")
    commit(a=GOOD)
    assert cli._run(["check", ".", "../outside.asl.json", "--against", "HEAD"]) == 2
    assert "lies outside of the repository" in capsys.readouterr().err


@needs_git
def test_links_of_a_revision_that_lead_outside_are_not_followed(folder: Path) -> None:
    write(secret=BAD)
    Path("repository").mkdir()
    os.chdir("repository")
    git("init", "-q", "-b", "main")
    Path("a.asl.json").symlink_to(folder / "secret.asl.json")
    git("add", "-A")
    git("commit", "-qm", "a link")
    with earlier_version("HEAD", ["."]) as earlier:
        assert not (Path(earlier.there) / "a.asl.json").exists()


@pytest.mark.parametrize(
    "name", ["../a.json", "a/../../b.json", "/etc/a.json", ".git/config.json", "C:/a.json", "a\\b.json", ".GIT/x"]
)
def test_a_name_in_a_tree_that_leads_elsewhere_is_not_written(name: str) -> None:
    assert not is_plain(name)
    assert is_plain("a/b c/ü.asl.json")


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("a", "f"), ("d/b", "f"), ("c", "f"), ("x/f", "d/f"), ("out", None), ("root", None), ("circle", None), ("git", None),
        ("d/up", None),
    ],
)  # fmt: skip
def test_a_link_is_followed_where_it_stays_in_the_repository(link: str, target: str | None) -> None:
    links = {
        "a": "f", "d/b": "../f", "c": "d/b", "x": "d", "out": "../f", "root": "/f", "circle": "circle", "git": ".git/x",
        "d/up": "../../d/f",
    }  # fmt: skip
    assert resolved(link, links) == target


@needs_git
def test_a_committed_link_to_a_definition_is_nothing_new() -> None:
    write(real=BAD)
    Path("d").mkdir()
    Path("link.asl.json").symlink_to("real.asl.json")
    Path("d/more.asl.json").symlink_to("../link.asl.json")
    commit()
    assert "3 unchanged against HEAD" in check(".", "--against", "HEAD", code=0).stdout


@needs_git
@pytest.mark.parametrize(
    ("template", "text"),
    [
        (
            "t.yaml",
            "Resources:\n  M: {Type: AWS::Serverless::StateMachine, Properties: {DefinitionUri: s.machine, Name: x}}\n",
        ),
        (
            "main.tf",
            'locals {\n  file = "s"\n}\nresource "aws_sfn_state_machine" "m" {\n  name = "m"\n'
            '  definition = templatefile("${path.module}/${local.file}.machine", {})\n}\n',
        ),
    ],
)
@pytest.mark.parametrize("is_renamed", [False, True])
def test_a_definition_that_a_template_names_is_had_of_a_revision_whatever_it_is_called(
    template: str, text: str, is_renamed: bool
) -> None:
    if template == "main.tf":
        pytest.importorskip("tree_sitter_hcl", reason="needs tree-sitter and tree-sitter-hcl, the extra hcl")
    Path(template).write_text(text)
    Path("s.machine").write_text(json.dumps(BAD))
    commit()
    if is_renamed:
        Path("s.machine").rename("s.asl.json")
        Path(template).write_text(text.replace(".machine", ".asl.json"))
    assert "1 unchanged against HEAD" in check(".", "--against", "HEAD", code=0).stdout


def test_another_folder_stands_for_the_current_one_or_for_the_one_that_is_checked() -> None:
    write(flows__a=WORSE, old__flows__a=BAD)
    for path, against in (("flows", "old"), ("flows", "old/flows"), ("flows/a.asl.json", "old/flows")):
        assert "1 unchanged against" in check(path, "--against", against, code=1).stdout


def test_a_folder_with_nothing_of_what_is_checked_is_misuse() -> None:
    write(flows__a=GOOD)
    Path("empty").mkdir()
    with (
        pytest.raises(EarlierError, match="empty has nothing of flows/a"),
        earlier_version("empty", ["flows/a.asl.json"]),
    ):
        pass


@needs_git
def test_a_name_that_is_a_folder_and_a_branch_has_to_be_told_apart() -> None:
    commit(main__a=BAD)
    with pytest.raises(EarlierError, match="is a folder and a revision"), earlier_version("main", ["."]):
        pass
    assert "1 unchanged" in check("main", "--against", "refs/heads/main", code=0).stdout


# --- baselines --------------------------------------------------------------------------------------------------------------


def test_pruning_takes_out_of_a_baseline_what_occurs_no_more() -> None:
    write(a=WORSE, b=BAD)
    check(".", "--write-baseline", "base.json", code=0)
    write(a=BAD)
    result = check(".", "--baseline", "base.json", "--prune-baseline", code=0)
    assert result.stderr == "1 findings taken out of base.json\n"
    assert len(json.loads(Path("base.json").read_text())["findings"]) == 2
    assert check(".", "--baseline", "base.json", code=0).stderr == ""


def test_pruning_keeps_files_that_were_not_checked_and_drops_those_that_are_gone() -> None:
    write(a=BAD, b=BAD, c=BAD)
    check(".", "--write-baseline", "base.json", code=0)
    Path("c.asl.json").unlink()
    check("a.asl.json", "--baseline", "base.json", "--prune-baseline", code=0)
    assert [one["file"] for one in json.loads(Path("base.json").read_text())["findings"]] == ["a.asl.json", "b.asl.json"]


def test_pruning_adds_nothing_that_is_new() -> None:
    write(a=BAD)
    check(".", "--write-baseline", "base.json", code=0)
    before = Path("base.json").read_text()
    write(a=WORSE)
    assert "still occurs" in check(".", "--baseline", "base.json", "--prune-baseline", code=0).stderr
    assert Path("base.json").read_text() == before


def test_pruning_keeps_what_rules_would_find_that_did_not_run() -> None:
    write(a=BAD)
    check(".", "--write-baseline", "base.json", code=0)
    before = Path("base.json").read_text()
    write(a=GOOD)
    result = check(".", "--select", "unused-variable", "--baseline", "base.json", "--prune-baseline", code=0)
    assert result.stderr == "0 findings taken out of base.json; 1 that this run could not find stay\n"
    assert Path("base.json").read_text() == before
    assert check(".", "--select", "unused-variable", "--baseline", "base.json", code=0).stderr == ""


def test_pruning_keeps_what_may_be_in_a_file_that_cannot_be_read_whole() -> None:
    write(a=WORSE)
    check(".", "--write-baseline", "base.json", code=0)
    before = Path("base.json").read_text()
    write(a=json.dumps(GOOD).replace(",", ",,", 1))
    check(".", "--baseline", "base.json", "--prune-baseline", code=0)
    assert Path("base.json").read_text() == before


def test_pruning_takes_out_what_a_rule_found_that_there_is_no_more() -> None:
    write(a=BAD)
    check(".", "--write-baseline", "base.json", code=0)
    Path("base.json").write_text(Path("base.json").read_text().replace("unknown-field", "a-rule-of-old"))
    assert "1 findings taken out" in check(".", "--baseline", "base.json", "--prune-baseline", code=0).stderr


def test_pruning_from_another_folder_takes_nothing_out(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    write(r__a=BAD)
    os.chdir("r")
    check(".", "--write-baseline", "base.json", code=0)
    os.chdir(folder)
    before = Path("r/base.json").read_text()
    assert cli._run(["check", "r", "--baseline", "r/base.json", "--prune-baseline"]) == 2
    assert "none of its files is here" in capsys.readouterr().err
    assert Path("r/base.json").read_text() == before
    check("r", "--root", "r", "--baseline", "r/base.json", "--prune-baseline", code=0)
    assert Path("r/base.json").read_text() == before


def test_a_baseline_that_was_written_from_another_folder_is_told(folder: Path) -> None:
    write(r__a=BAD)
    os.chdir("r")
    check(".", "--write-baseline", "base.json", code=0)
    os.chdir(folder)
    result = check("r", "--baseline", "r/base.json", code=1)
    assert 'what is "a.asl.json" there is "r/a.asl.json" here' in result.stderr
    check("r", "--root", "r", "--baseline", "r/base.json", code=0)


@needs_git
def test_a_baseline_is_of_all_that_there_is_whatever_it_is_compared_with() -> None:
    commit(a=BAD)
    assert "1 findings written" in check(".", "--against", "HEAD", "--write-baseline", "base.json", code=0).stderr
    before = Path("base.json").read_text()
    check(".", "--against", "HEAD", "--baseline", "base.json", "--prune-baseline", code=0)
    assert Path("base.json").read_text() == before
    assert check(".", "--against", "HEAD", "--baseline", "base.json", code=0).stderr == ""


def test_pruning_without_a_baseline_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    write(a=GOOD)
    assert cli._run(["check", ".", "--prune-baseline"]) == 2
    assert "needs a baseline" in capsys.readouterr().err
