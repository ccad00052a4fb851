"""Every command that a page shows is run, in the order of the page, and prints what the page shows.

A page has a folder of its own with the files of docs/examples, and those that it shows itself: a block with a title is a file.
"""

import io
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from asl_lint import cli
from tests.command_line import enter
from tests.conftest import ROOT
from tests.documentation.pages import DOCS, blocks, name_of, written_pages

EXAMPLES = DOCS / "examples"
SHOWN = [page for page in written_pages() if blocks(page, "console")]
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
RUN_BY_CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
_INSTALLS = re.compile(r"python -m pip install (?:-e )?'?\.(?:\[(\w+)\])?'?")


def runs(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a block with what it is shown to print."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output


def is_as_shown(printed: str, shown: str) -> bool:
    """Whether a command printed what is shown, where a line of … stands for any lines."""
    parts = [re.escape(part) for part in re.split(r"^…\n", shown, flags=re.MULTILINE)]
    return re.fullmatch(r"(?:.*\n)*?".join(parts), printed) is not None


class Terminal:
    """Runs asl-lint in this process, git as a program, and what a shell does of itself: ``> FILE``, ``echo $?``."""

    def __init__(self) -> None:
        self.code = 0

    def run(self, command: str) -> str:
        if command == "echo $?":
            return f"{self.code}\n"
        command, _, file = command.partition(" > ")
        words = shlex.split(command)
        if words[0] == "asl-lint":
            printed = self._asl_lint(words[1:])
        elif words[0] == "git":
            author = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
            subprocess.run(["git", *author, *words[1:]], check=True, capture_output=True)
            printed = ""
        else:
            raise AssertionError(f"no test can run: {command}")
        if file:
            Path(file).write_text(printed, encoding="utf-8")
        return "" if file else printed

    def _asl_lint(self, arguments: list[str]) -> str:
        printed = io.StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            self.code = cli._run(arguments)
        return printed.getvalue()


def is_installation(command: str) -> bool:
    """Whether a command installs what there is to install: the tests of the package and CI do that."""
    first, _, then = command.partition(" && ")
    found = _INSTALLS.fullmatch(first)
    if found is None or then not in ("", "pytest", "asl-lint check docs/step_functions_jsonata", "mkdocs build --strict"):
        return False
    return (found[1] is None or found[1] in EXTRAS) and (not then or then in RUN_BY_CI)


@pytest.mark.parametrize("page", SHOWN, ids=name_of)
def test_commands_print_what_the_page_shows(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(EXAMPLES, tmp_path, dirs_exist_ok=True)
    if page.parent.name == "step_functions_jsonata" or page.name == "five-definitions.md":
        shutil.copytree(DOCS / "step_functions_jsonata", tmp_path, dirs_exist_ok=True)
    enter(tmp_path, monkeypatch)
    terminal = Terminal()
    for block in blocks(page):
        if block.title:
            Path(block.title).parent.mkdir(parents=True, exist_ok=True)
            Path(block.title).write_text(block.text, encoding="utf-8")
        elif block.language == "console":
            for command, output in runs(block.text):
                if not is_installation(command):
                    printed = terminal.run(command)
                    assert is_as_shown(printed, output), f"{name_of(page)}:{block.line}: $ {command}\n{printed}"


def test_what_is_shown_is_compared() -> None:
    assert is_as_shown("a\nb\nc\n", "a\n…\nc\n") and is_as_shown("a\nc\n", "a\n…\nc\n")
    assert not is_as_shown("a\nb\nd\n", "a\n…\nc\n") and not is_as_shown("a\nb\n", "a\n") and not is_as_shown("ab\n", "a.\n")


def test_every_example_is_used_by_a_page() -> None:
    shown = "\n".join(block.text for page in SHOWN for block in blocks(page, "console"))
    for example in EXAMPLES.iterdir():
        assert example.name in shown
