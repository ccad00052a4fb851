"""A check without options, which is done without their parser, says what it says with it."""

import sys
from pathlib import Path

import pytest

from asl_lint.commands import plain
from asl_lint.commands.check import check as command
from tests.command_line import BAD, GOOD, enter, spawn, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    enter(tmp_path, monkeypatch)


def test_the_options_are_those_that_the_parser_finds() -> None:
    found = command.make_context("check", ["a.asl.json"]).params
    assert found.pop("paths") == ("a.asl.json",)
    assert found == dict(plain.OPTIONS)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["check", "a.asl.json"], True),
        (["check"], True),
        (["check", "-"], False),
        (["check", "a.asl.json", "--quiet"], False),
        (["check", "--", "a.asl.json"], False),
        (["rules"], False),
        ([], False),
    ],
)
def test_paths_alone_are_plain(arguments: list[str], expected: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    class Utf8:
        encoding = "utf-8"

    monkeypatch.setattr(sys, "stdout", Utf8)
    assert plain.is_plain(arguments) is expected


def test_who_completes_a_word_or_writes_no_utf8_is_served_by_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    class Ascii:
        encoding = "ascii"

    monkeypatch.setattr(sys, "stdout", Ascii)
    assert not plain.is_plain(["check", "a.asl.json"])
    monkeypatch.undo()
    monkeypatch.setenv("_ASL_LINT_COMPLETE", "bash_complete")
    assert not plain.is_plain(["check", "a.asl.json"])


@pytest.mark.parametrize("paths", [["bad.asl.json"], ["good.asl.json"], ["nowhere.asl.json"], ["."]])
def test_it_says_and_leaves_as_with_the_parser(paths: list[str]) -> None:
    write(bad=BAD, good=GOOD)
    plainly, parsed = spawn("check", *paths), spawn("check", "--jobs=0", *paths)
    assert (plainly.returncode, plainly.stdout, plainly.stderr) == (parsed.returncode, parsed.stdout, parsed.stderr)


def test_a_wrong_configuration_is_told_as_with_the_parser() -> None:
    write(good=GOOD)
    Path("asl-lint.toml").write_text('ignor = ["x"]\n')
    plainly, parsed = spawn("check", "."), spawn("check", "--jobs=0", ".")
    assert plainly.returncode == 2 and plainly.stderr == parsed.stderr


def test_an_interrupt_is_told_on_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from asl_lint import run

    def interrupted(*arguments: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "plan_paths", interrupted)
    assert plain.check(["."]) == 130
    assert capsys.readouterr().err == "\ninterrupted\n"
