"""Input that nobody should give: never a traceback, never a hang, and no finding of another file is lost."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from asl_lint import Report, check_paths, check_text
from asl_lint.cli import commands
from asl_lint.output import FORMATS, render
from asl_lint.source import read
from tests.mutations import ODD_STRINGS, SEEDS
from tests.test_fuzz import STYLE, assert_renders, assert_sensible

BAD = {"StartAt": "A", "States": {"A": {"Type": "Pass", "Odd": 1, "End": True}}}
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX file system only")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose first and last file, by name, have one finding each."""
    (tmp_path / "a.asl.json").write_text(json.dumps(BAD))
    (tmp_path / "z.asl.json").write_text(json.dumps(BAD))
    return tmp_path


def check(folder: Path) -> Report:
    """The report on a folder in which the findings of the first and the last file must not be lost; every format writes it."""
    report = check_paths([str(folder)])
    found = [Path(finding.file).name for finding in report.findings if finding.rule == "unknown-field"]
    assert {"a.asl.json", "z.asl.json"} <= set(found)
    assert_renders(report)
    return report


def failures(report: Report) -> list[tuple[str, str]]:
    return [(Path(error.file).name, error.message) for error in report.errors]


def rules(report: Report, file: str = "m.asl.json") -> list[str]:
    return [finding.rule for finding in report.findings if Path(finding.file).name == file]


# --- files that cannot be read ----------------------------------------------------------------------------------------------


@POSIX
def test_a_file_that_may_not_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = folder / "m.asl.json"
    secret.write_text(json.dumps(BAD))
    opened = os.open

    def refuse(path: Any, *arguments: Any, **named: Any) -> int:
        # An administrator may read everything: the tests may run as one.
        if str(path) == str(secret):
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **named)

    monkeypatch.setattr(read.os, "open", refuse)
    assert failures(check(folder)) == [("m.asl.json", "cannot be read: permission denied")]


@POSIX
def test_a_folder_that_may_not_be_listed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "m").mkdir()
    listed = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).rstrip("/").endswith("/m"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert failures(check(folder)) == [("m", "cannot be read: permission denied")]


def test_a_folder_without_definitions(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    empty = tmp_path_factory.mktemp("empty")
    report = check_paths([str(empty), str(folder)])
    assert [error.message for error in report.errors] == ["holds no state machine definition"]
    assert len(report.findings) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (json.dumps(BAD).encode("utf-16"), "is UTF-16"),
        (json.dumps(BAD).encode("utf-16-le"), None),
        (b'{"StartAt": "caf\xe9"}', "is not UTF-8: byte 0xE9 at offset 16"),
        (os.urandom(2000) + b"\xff", "is not UTF-8"),
        (b"\xed\xa0\x80", "is not UTF-8"),
    ],
)
def test_bytes_that_are_no_text(folder: Path, content: bytes, message: str | None) -> None:
    (folder / "m.asl.json").write_bytes(content)
    report = check(folder)
    if message is None:  # UTF-16 without its mark: zeros between the letters are UTF-8, and no JSON
        assert "syntax-error" in rules(report)
    else:
        ((name, said),) = failures(report)
        assert name == "m.asl.json" and said.startswith(message)


@pytest.mark.parametrize("content", [b"", b" \n\t ", b"\xef\xbb\xbf", b"\r\r\r"])
@pytest.mark.parametrize("name", ["m.asl.json", "m.asl.yaml"])
def test_nothing_at_all(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    report = check(folder)
    assert rules(report, name) and report.errors == ()


def test_200_megabytes(folder: Path) -> None:
    with (folder / "m.asl.json").open("wb") as stream:
        stream.truncate(200 * 1024 * 1024)
    started = time.perf_counter()
    ((name, message),) = failures(check(folder))
    assert name == "m.asl.json" and message.startswith("is 200.0 MiB large, more than the 32 MiB that are read")
    assert time.perf_counter() - started < 5


def test_standard_input_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "LARGEST_FILE", 1024 * 1024)
    result = CliRunner().invoke(commands, ["check", "-"], input="[" * (1024 * 1024 + 1), standalone_mode=False)
    assert result.return_value == 2
    assert "<stdin>: is larger than 1 MiB" in result.stdout


@POSIX
def test_a_pipe_a_device_and_a_folder_by_the_name_of_a_definition(folder: Path) -> None:
    os.mkfifo(folder / "m.asl.json")
    (folder / "n.asl.json").mkdir()
    (folder / "n.asl.json" / "inside.asl.json").write_text(json.dumps(BAD))
    (folder / "o.asl.json").symlink_to("/dev/zero")
    report = check(folder)
    assert rules(report, "inside.asl.json") == ["unknown-field"]
    named = check_paths([str(folder / name) for name in ("m.asl.json", "o.asl.json", "a.asl.json")])
    assert failures(named) == [
        ("m.asl.json", "is a pipe; to read from a pipe, give - and pipe into standard input"),
        ("o.asl.json", "is a device, not a file"),
    ]
    assert len(named.findings) == 1


@POSIX
def test_links_that_lead_nowhere_or_to_themselves(folder: Path) -> None:
    (folder / "m.asl.json").symlink_to(folder / "gone")
    (folder / "n.asl.json").symlink_to("n.asl.json")
    (folder / "loop").symlink_to(folder)
    assert {name for name, _ in failures(check(folder))} == {"m.asl.json", "n.asl.json"}


@pytest.mark.parametrize("change", ["vanishes", "grows", "shrinks", "becomes a folder"])
def test_a_file_that_changes_while_it_is_read(folder: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    file = folder / "m.asl.json"
    file.write_text(json.dumps(BAD) + " " * 1000)
    stat = os.stat

    def meanwhile(path: Any, *arguments: Any, **named: Any) -> os.stat_result:
        status = stat(path, *arguments, **named)
        if str(path) == str(file) and sys._getframe(1).f_code.co_name == "_read":
            if change == "grows":
                with file.open("a") as stream:
                    stream.write(" " * 100_000)
            elif change == "shrinks":
                os.truncate(file, 40)
            else:
                file.unlink()
                if change == "becomes a folder":
                    file.mkdir()
        return status

    monkeypatch.setattr(read.os, "stat", meanwhile)
    report = check(folder)
    monkeypatch.undo()
    expected = {"vanishes": "does not exist", "becomes a folder": "is a folder, not a file"}
    if change in expected:
        assert failures(report) == [("m.asl.json", expected[change])]
    else:
        assert report.errors == ()
        assert rules(report) == (["unknown-field"] if change == "grows" else rules(report))
        assert (change == "shrinks") == ("syntax-error" in rules(report))


@POSIX
@pytest.mark.parametrize(
    "name", [b"new\nline.asl.json", b"caf\xe9.asl.json", b"\x1b[31mred.asl.json", b"::error::x.asl.json", b"-.asl.json"]
)
def test_names_that_are_hostile_to_what_shows_them(folder: Path, name: bytes) -> None:
    try:
        (folder / os.fsdecode(name)).write_text(json.dumps(BAD))
    except OSError:
        pytest.skip("the file system does not take such names")
    report = check(folder)
    assert len(report.findings) == 3
    plain = STYLE._replace(colour=False, hyperlinks=False)
    for format in ("text", "concise", "github"):
        written = "".join(render(format, report, plain))
        written.encode()
        assert "\x1b" not in written, format
        assert not any(line.startswith("line.asl.json") for line in written.split("\n")), format
    result = CliRunner().invoke(commands, ["check", str(folder)], standalone_mode=False)
    assert result.return_value == 1, result.output


def test_a_path_with_a_null_character(folder: Path) -> None:
    report = check_paths(["a\0b.json", str(folder)])
    assert len(report.errors) == 1 and len(report.findings) == 2


# --- texts ------------------------------------------------------------------------------------------------------------------


def judged(text: str, name: str = "m.asl.json") -> list[str]:
    """The rules that report a text, in order. It must be judged in time, within its bounds, and in every format."""
    report = assert_sensible(text, name)
    assert_renders(report)
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "[" * 100_000 + "]" * 100_000,
        '{"a":' * 100_000,
        '{"a":' * 100_000 + "1" + "}" * 100_000,
        "]" * 100_000,
        "[{" * 50_000,
        '{"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": ' + "[" * 100_000 + "]" * 100_000 + "}}}",
    ],
    ids=["open", "arrays", "open objects", "objects", "closers", "mixed", "in a definition"],
)
@pytest.mark.parametrize("name", ["m.asl.json", "m.asl.yaml"])
def test_100_000_nested_brackets(name: str, text: str) -> None:
    found = judged(text, name)
    assert {"syntax-error", "nested-too-deeply"} & set(found), found


def test_states_that_are_nested_as_deeply_as_the_reader_goes() -> None:
    definition: Any = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    for _ in range(45):
        definition = {"StartAt": "A", "States": {"A": {"Type": "Parallel", "Branches": [definition], "End": True}}}
    assert "syntax-error" not in judged(json.dumps(definition))
    rule: Any = {"Variable": "$.a", "IsNull": True}
    for i in range(90):
        rule = {"Not": rule} if i % 2 else {"And": [rule]}
    choice = {"Type": "Choice", "Choices": [{**rule, "Next": "B"}], "Default": "B"}
    assert judged(json.dumps({"StartAt": "A", "States": {"A": choice, "B": {"Type": "Succeed"}}})) == []


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have(number: str) -> None:
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Wait", "Seconds": 424242, "End": True}}}).replace(
        "424242", number
    )
    assert "syntax-error" in judged(text)


@pytest.mark.parametrize(
    "digits", ["9" * 5_000, "-" + "9" * 5_000, "1e" + "9" * 5_000, "0." + "1" * 5_000, "1e400", "1" + "0" * 400]
)
@pytest.mark.parametrize("field", ["Seconds", "TimeoutSeconds", "MaxConcurrency", "Result", "Next", "Type"])
def test_huge_numbers(field: str, digits: str) -> None:
    type = {"Seconds": "Wait", "TimeoutSeconds": "Task", "MaxConcurrency": "Map"}.get(field, "Pass")
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": type, "End": True, field: 424242}}})
    for name in ("m.asl.json", "m.asl.yaml"):
        assert_renders(assert_sensible(text.replace("424242", digits), name))
    huge = check_text(text.replace("424242", digits), name="m.asl.json")
    assert all(len(finding.message) < 1_000 for finding in huge.findings)


def test_a_comparison_with_a_huge_number() -> None:
    rule = {"Variable": "$.a", "NumericEquals": 424242, "Next": "B"}
    text = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Choice", "Choices": [rule]}, "B": {"Type": "Succeed"}}})
    assert_sensible(text.replace("424242", "9" * 5_000), "m.asl.json")


@pytest.mark.parametrize("surrogate", ["\ud800", "\udfff", "a\udc00b", "\ud83d"])
def test_lone_surrogates_in_keys_values_and_names_of_states(surrogate: str, tmp_path: Path) -> None:
    definition = {
        "Comment": f"asl-lint: ignore[{surrogate}] {surrogate}",
        "StartAt": surrogate,
        "States": {
            surrogate: {
                "Type": "Task",
                "Resource": surrogate,
                "InputPath": surrogate,
                surrogate: surrogate,
                "Next": surrogate + "x",
            }
        },
    }
    for text in (json.dumps(definition), json.dumps(definition, ensure_ascii=False)):
        assert "unknown-transition-target" in judged(text)
    (tmp_path / "m.asl.json").write_text(json.dumps(definition))
    for format in FORMATS:
        result = CliRunner().invoke(
            commands, ["check", str(tmp_path), "-f", "json", "-o", f"{format}={tmp_path / 'out'}"], standalone_mode=False
        )
        assert result.return_value == 1, result.output
        (tmp_path / "out").read_text(encoding="utf-8")
    baseline = str(tmp_path / "base.json")
    for option, code in (("--write-baseline", 0), ("--baseline", 0)):
        result = CliRunner().invoke(commands, ["check", str(tmp_path / "m.asl.json"), option, baseline], standalone_mode=False)
        assert result.return_value == code, result.output


def test_a_yaml_bomb(folder: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    text = "\n".join([*lines, "StartAt: A", "States:", "  A: {Type: Pass, Result: *a29, End: true, Odd: 1}", ""])
    (folder / "m.asl.yaml").write_text(text)
    started = time.perf_counter()
    assert check(folder).errors == ()
    assert time.perf_counter() - started < 5
    assert judged(text, "m.asl.yaml")


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [*a]",
        "&a {StartAt: A, States: *a}",
        "StartAt: A\nStates: &s\n  A:\n    Type: Parallel\n    Branches: [{StartAt: A, States: *s}]\n    End: true\n",
        "<<: &a {<<: *a}",
        "<<: [1, 2]\nStartAt: A",
        "? [a, b]\n: 1\n? {c: d}\n: 2",
        "StartAt: A\n---\nStates: {}",
        "%YAML 9.9\n---\nStartAt: A",
        "!!python/object/apply:os.system ['true']",
        "StartAt: !Ref A\nStates: !!binary aGk=",
        "\tStartAt: A",
        "StartAt: A\nStates:\n  A: |999\n   x",
        "{" * 5000,
        "- " * 5000,
        "? " * 5000,
        "&a " * 5000,
        "- &a\n" * 3000,
        "#" * 100_000,
        "a: 'b\n" * 3000,
        "\x00",
        "StartAt: \x07",
    ],
)
def test_yaml_that_leads_astray(text: str) -> None:
    judged(text, "m.asl.yaml")


@pytest.mark.parametrize("value", ["[]", "[1, 2]", '"text"', "1", "null", "true", '[{"StartAt": "A", "States": {}}]', "${Whole}"])
def test_a_top_level_that_is_no_object(value: str) -> None:
    for name in ("m.asl.json", "m.asl.yaml"):
        found = judged(value, name)
        assert found or value.startswith("$"), (name, found)


@pytest.mark.parametrize(
    "states", [None, [], "A", 1, {}, {"A": None}, {"A": []}, {"A": "Pass"}, {"A": 1}, {"": {}}, {"A": {}, "B": {"Type": None}}]
)
def test_states_that_are_no_states(states: Any) -> None:
    assert judged(json.dumps({"StartAt": "A", "States": states}))


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "__proto__",
        "constructor",
        "toString",
        "hasOwnProperty",
        "None",
        "/",
        "~",
        "~0",
        "~1",
        "a/b",
        "x" * 10_000,
        *ODD_STRINGS,
    ],
)
def test_odd_names_of_states_and_fields(name: str) -> None:
    state = {"Type": "Pass", name: {name: name}, "Next": name}
    judged(json.dumps({"StartAt": name, "States": {name: state, name + "2": {"Type": "Succeed"}}}))
    judged(json.dumps({"StartAt": "A", "States": {"A": {"Type": name, "End": True}}}))


TYPES: list[Any] = [None, True, -1.5, "x", [None], {"x": None}]
WRONG: list[Any] = [
    None,
    True,
    0,
    -1.5,
    10**30,
    "",
    "x",
    "$.x",
    "{% x %}",
    "${X}",
    [],
    [None],
    ["x"],
    [{}],
    {},
    {"x": None},
    {"States": 1},
]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every member and element of a JSON value, as the container and its key."""
    waiting = [value]
    while waiting:
        container = waiting.pop()
        for key in list(container) if isinstance(container, dict) else range(len(container)):
            yield container, key
            if isinstance(container[key], dict | list):
                waiting.append(container[key])


@pytest.mark.parametrize("definition", SEEDS, ids=["jsonpath", "jsonata"])
def test_every_field_with_every_wrong_type(definition: dict[str, Any]) -> None:
    definition = json.loads(json.dumps(definition))
    for container, key in list(places(definition)):
        kept = container[key]
        for wrong in TYPES:
            container[key] = wrong
            assert_sensible(json.dumps(definition), "m.asl.json")
        container[key] = kept


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
def test_every_field_of_the_table_with_every_wrong_value(language: str) -> None:
    from asl_lint.model.fields import OBJECTS, STATE_TYPES

    def filled(name: str, value: Any, depth: int) -> dict[str, Any]:
        """An object of the language with all its fields: objects as deep as is asked for, then the value."""
        fields: dict[str, Any] = {}
        for field in OBJECTS[name].fields:
            if field.of is None or not depth:
                fields[field.name] = value
            else:
                inner = filled(field.of, value, depth - 1)
                fields[field.name] = [inner] if "array" in field.types else inner
        return fields

    for wrong in WRONG:
        for type in STATE_TYPES:
            for depth in (0, 2):
                state = {**filled(type, wrong, depth), "Type": type}
                text = json.dumps({"QueryLanguage": language, "StartAt": "A", "States": {"A": state, "": wrong}})
                assert_sensible(text, "m.asl.json")
