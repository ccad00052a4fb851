"""The command line among other programs: colour, encodings, pipes, interrupts, terminals."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from asl_lint.commands.hyperlinks import wants_hyperlinks
from asl_lint.output import FORMATS
from tests.command_line import BAD, check, enter, environment, program, write


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of each test, without any say from the environment."""
    enter(tmp_path, monkeypatch)
    return tmp_path


ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


# --- colour and encodings ---------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_a_narrow_encoding_cannot_say_is_escaped(encoding: str, format: str) -> None:
    write(a={"StartAt": "é", "States": {"é": {"Type": "Pass", "Öd😀\ud800": 1, "End": True}}})
    done = subprocess.run(
        program("check", ".", "--format", format), env=environment(PYTHONIOENCODING=encoding), capture_output=True, check=False
    )
    assert done.returncode == 1 and done.stderr == b""
    # Where the environment says ASCII click writes UTF-8: it takes that for an environment that says nothing.
    output = done.stdout.decode("utf-8" if encoding == "ascii" else encoding)
    if format in ("text", "concise"):
        assert ("Öd😀\\ud800" if encoding == "ascii" else "Öd\\U0001f600\\ud800") in output
    elif format in ("json", "sarif", "gitlab", "rdjson"):
        assert "Öd😀" in json.dumps(json.loads(output), ensure_ascii=False)


def test_a_stream_that_is_closed_is_not_written_to() -> None:
    write(a=BAD)
    for closed in (1, 2):
        script = f'exec {closed}>&-; exec "$@"'
        done = subprocess.run(
            ["sh", "-c", script, "sh", *program("check", ".")], env=environment(), capture_output=True, text=True, check=False
        )
        assert done.returncode == 1, done
        assert "internal fault" not in done.stdout + done.stderr


# --- other programs ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that takes some seconds."""
    folder = tmp_path_factory.mktemp("many")
    states = {f"S{i}": {"Type": "Pass", "Odd": 1, "Next": f"S{i + 1}"} for i in range(60)}
    text = json.dumps({"StartAt": "S0", "States": states})
    for i in range(3_000):
        (folder / f"{i}.asl.json").write_text(text)
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="no such pipes")
def test_a_reader_who_has_seen_enough_gets_no_complaint(many: Path) -> None:
    with subprocess.Popen(
        program("check", str(many / "1.asl.json"), str(many / "2.asl.json"), str(many / "3.asl.json"), "--format", "text"),
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        assert process.stdout.readline().startswith(b"error[")
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


def on_a_terminal(arguments: list[str], cwd: Path, patience: float) -> tuple[str, str]:
    """Runs the program with a pseudo-terminal for its standard error: what it shows there, and its standard output."""
    import pty

    code = f"from asl_lint.commands import terminal; terminal.PATIENCE = {patience}; from asl_lint.cli import main; main()"
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", code, *arguments], cwd=cwd, env=environment(TERM="xterm"), stdout=subprocess.PIPE, stderr=follower
    ) as process:
        os.close(follower)
        assert process.stdout is not None
        output = process.stdout.read().decode()
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
    return shown.decode(), output


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_terminal_sees_progress_in_a_long_run_and_no_trace_of_it_afterwards(folder: Path, jobs: str) -> None:
    write(**{f"f{i}": BAD for i in range(60)})
    shown, output = on_a_terminal(["check", ".", "--jobs", jobs, "-f", "concise"], folder, patience=0.0)
    assert re.search(r"checking: \d+ of 60 files", shown)
    assert shown.endswith("\r\x1b[K")
    assert "checking" not in output and "unknown-field" in output


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")
@pytest.mark.parametrize(("options", "patience"), [([], 1.0), (["--no-progress"], 0.0), (["--quiet"], 0.0)], ids=str)
def test_a_terminal_sees_no_progress_in_a_short_run_or_where_it_is_not_wanted(
    folder: Path, options: list[str], patience: float
) -> None:
    write(a=BAD)
    shown, output = on_a_terminal(["check", ".", "-f", "concise", *options], folder, patience)
    assert shown == "" and "unknown-field" in output


def test_progress_waits_for_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    from io import StringIO

    from asl_lint.commands import terminal

    class Terminal(StringIO):
        def isatty(self) -> bool:
            return True

    clock = iter([10.0, 10.5, 11.0, 11.05, 11.08, 11.4])
    monkeypatch.setattr(terminal.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(sys, "stderr", Terminal())
    shown: list[str] = []
    for _ in terminal.progress_of({"progress": None, "quiet": False}, range(5), 5):
        shown.append(sys.stderr.getvalue())  # type: ignore[attr-defined]
    assert shown[:2] == ["", ""]
    assert shown[2] == shown[3] == "\r\x1b[Kchecking: 3 of 5 files", "at most ten times a second"
    assert shown[4].endswith("checking: 5 of 5 files")


def test_what_is_no_terminal_never_sees_progress(many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from asl_lint.commands import terminal

    monkeypatch.setattr(terminal, "PATIENCE", 0.0)
    result = check(*(str(many / f"{i}.asl.json") for i in range(5)), "--statistics", "--progress", code=1)
    assert result.stderr == ""


# --- hyperlinks -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "variables", "is_terminal", "linked"),
    [
        ("auto", {}, True, False),
        ("auto", {"TERM_PROGRAM": "WezTerm"}, True, True),
        ("auto", {"TERM_PROGRAM": "WezTerm"}, False, False),
        ("auto", {"TERM_PROGRAM": "vscode", "TERM": "dumb"}, True, False),
        ("auto", {"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.4.19"}, True, True),
        ("auto", {"TERM_PROGRAM": "iTerm.app", "TERM_PROGRAM_VERSION": "3.0.1"}, True, False),
        ("auto", {"TERM_PROGRAM": "iTerm.app"}, True, False),
        ("auto", {"TERM_PROGRAM": "Apple_Terminal"}, True, False),
        ("auto", {"TERM": "xterm-kitty"}, True, True),
        ("auto", {"TERM": "xterm-256color"}, True, False),
        ("auto", {"VTE_VERSION": "7600"}, True, True),
        ("auto", {"VTE_VERSION": "5000"}, True, False),
        ("auto", {"VTE_VERSION": "new"}, True, False),
        ("auto", {"WT_SESSION": "1"}, True, True),
        ("auto", {"FORCE_HYPERLINK": "1"}, False, True),
        ("auto", {"FORCE_HYPERLINK": "0", "WT_SESSION": "1"}, True, False),
        ("always", {}, False, True),
        ("never", {"FORCE_HYPERLINK": "1", "WT_SESSION": "1"}, True, False),
    ],
    ids=str,
)
def test_hyperlinks_are_for_terminals_that_show_them(
    choice: str, variables: dict[str, str], is_terminal: bool, linked: bool
) -> None:
    assert wants_hyperlinks(choice, variables, is_terminal=is_terminal) is linked


@pytest.mark.parametrize("format", ["text", "concise"])
def test_a_place_leads_to_its_file(format: str, folder: Path) -> None:
    write(**{"a b": BAD})
    linked = check(".", "-f", format, "--hyperlinks", "always", code=1).stdout
    (address,) = set(re.findall(r"\x1b]8;;([^\x1b]+)\x1b\\", linked))
    assert re.fullmatch(r"file://[^/]*/.*/a%20b\.asl\.json", address)
    assert re.sub(r"\x1b]8;;[^\x1b]*\x1b\\", "", linked) == check(".", "-f", format, code=1).stdout


def test_a_file_has_no_hyperlinks_and_what_is_no_file_leads_nowhere() -> None:
    write(a=BAD)
    check(".", "-o", "text=out", "--hyperlinks", "always", code=1)
    assert "\x1b" not in Path("out").read_text(encoding="utf-8")
    piped = check("-", "--hyperlinks", "always", code=1, input=json.dumps(BAD)).stdout
    assert "\x1b" not in piped
