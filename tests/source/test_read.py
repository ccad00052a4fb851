"""Reading a file: its text, or a kind word about why there is none."""

import os
import socket
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.finding import Failure
from asl_lint.source import read
from asl_lint.source.read import decode, is_definition, looks_like_definition, looks_like_template, read_source

DEFINITION = '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'


def failure_of(path: Path, certain: bool = True) -> str:
    result = read_source(str(path), certain)
    assert isinstance(result, Failure)
    assert result.file == str(path)
    return result.message


@pytest.mark.parametrize("text", [DEFINITION, "", "é€😀\u2028\x00", "a\r\nb\rc\n"])
def test_the_text_of_a_file_is_what_its_bytes_say(tmp_path: Path, text: str) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(text.encode())
    assert read_source(str(file)) == text


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b"\xef\xbb\xbf{}")
    assert read_source(str(file)) == "{}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"a":\n "caf\xe9"}', "is not UTF-8: byte 0xE9 at offset 11 (line 2, byte 6 of it); save the file in that encoding"),
        (b"\xef\xbb\xbf\xff", "is not UTF-8: byte 0xFF at offset 3 (line 1, byte 4 of it); save the file in that encoding"),
        (b"\xed\xa0\x80", "is not UTF-8: byte 0xED at offset 0 (line 1, byte 1 of it); save the file in that encoding"),
        ("{}".encode("utf-16"), "is UTF-16 by its first bytes; a definition is UTF-8: save it in that encoding"),
        (b"\xfe\xff\x00{", "is UTF-16 by its first bytes; a definition is UTF-8: save it in that encoding"),
        ("{}".encode("utf-32"), "is UTF-32 by its first bytes; a definition is UTF-8: save it in that encoding"),
    ],
)
def test_what_is_not_utf_8_is_refused_with_its_place(tmp_path: Path, content: bytes, message: str) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(content)
    assert failure_of(file) == message


@given(st.binary(max_size=40))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_a_text_or_a_failure_that_names_the_first_bad_byte(content: bytes) -> None:
    result = decode("f", content)
    if isinstance(result, str):
        assert result.encode() == content.removeprefix(b"\xef\xbb\xbf")
    elif "offset" in result.message:
        offset = int(result.message.split("offset ")[1].split(" ")[0])
        content[:offset].decode()
        with pytest.raises(UnicodeDecodeError):
            content.decode()


def test_a_file_that_does_not_exist_is_a_failure_only_if_it_was_certain(tmp_path: Path) -> None:
    assert failure_of(tmp_path / "gone.json") == "does not exist"
    assert read_source(str(tmp_path / "gone.json"), certain=False) is None


def test_folders_pipes_sockets_and_devices_are_failures_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        assert failure_of(tmp_path / "socket") == "is a socket, not a file"
    assert failure_of(tmp_path / "fifo").startswith("is a pipe")
    assert failure_of(tmp_path) == "is a folder, not a file"
    assert failure_of(Path("/dev/zero")) == "is a device, not a file"


def test_a_file_that_becomes_a_pipe_before_it_is_opened_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.json"
    file.write_text("{}")
    before = file.stat()
    file.unlink()
    os.mkfifo(file)
    monkeypatch.setattr("os.stat", lambda path: before)
    assert failure_of(file).startswith("is a pipe")


def test_a_denied_permission_is_a_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.json"
    file.write_text("{}")

    def refuse(*arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.open", refuse)
    assert failure_of(file) == "cannot be read: permission denied"
    assert failure_of(file, certain=False) == "cannot be read: permission denied"


def test_a_null_byte_in_a_path_is_a_failure() -> None:
    assert failure_of(Path("a\0b")) == "cannot be read: embedded null byte"


def test_a_huge_file_is_refused_unread_and_skipped_where_it_need_not_be_a_definition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "a.json"
    with file.open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    monkeypatch.setattr("os.read", lambda *arguments: pytest.fail("read"))
    assert failure_of(file) == (
        "is 200.0 MiB large, more than the 32 MiB that are read; Step Functions takes definitions of at most 1,048,576 characters"
    )
    assert read_source(str(file), certain=False) is None


def test_a_file_that_grows_while_it_is_read_is_read_to_the_limit_at_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "a.json"
    file.write_text("{}")
    asked: list[int] = []

    def endless(descriptor: int, size: int) -> bytes:
        asked.append(size)
        return b" " * size

    monkeypatch.setattr("os.read", endless)
    monkeypatch.setattr(read, "LARGEST_FILE", 1_000_000)
    assert "large" in failure_of(file)
    assert sum(asked) < 1_200_000


def test_a_file_whose_size_is_said_to_be_zero_is_read_to_its_end(tmp_path: Path) -> None:
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc")
    assert "Name:" in str(read_source("/proc/self/status"))


def test_a_file_that_need_not_be_a_definition_is_read_as_text_only_if_its_bytes_look_like_one(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(b'{"name": "\xff"}')
    assert read_source(str(file), certain=False) is None
    file.write_text(DEFINITION)
    assert read_source(str(file), certain=False) == DEFINITION
    file.write_bytes(DEFINITION.encode() + b"\xff")
    assert "not UTF-8" in failure_of(file, certain=False)


@pytest.mark.parametrize(
    ("content", "expected"), [(DEFINITION, True), ('{"StartAt": 1}', False), ("States:", False), ("", False)]
)
def test_the_cheap_look_asks_for_both_names(content: str, expected: bool) -> None:
    assert looks_like_definition(content) is expected
    assert looks_like_definition(content.encode()) is expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.tf", 'resource "aws_sfn_state_machine" "a" {}', True),
        ("a.TF", 'source = "terraform-aws-modules/step-functions/aws"', True),
        ("a.tf", "StartAt States AWS::Serverless::StateMachine", False),
        ("a.yaml", "aws_sfn_state_machine", False),
        ("a.yaml", "Type: AWS::Serverless::StateMachine", True),
    ],
)
def test_what_a_template_holds_depends_on_its_tool(tmp_path: Path, name: str, content: str, expected: bool) -> None:
    file = tmp_path / name
    file.write_text(content)
    assert looks_like_template(content, name) is looks_like_template(content.encode(), name) is expected
    assert read_source(str(file), certain=False) == (content if expected else None)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"StartAt": 1, "States": None}, True),
        ({"StartAt": "A"}, False),
        (["StartAt", "States"], False),
        ("StartAt States", False),
        (None, False),
    ],
)
def test_a_definition_is_an_object_with_both_names(value: object, expected: bool) -> None:
    assert is_definition(value) is expected
