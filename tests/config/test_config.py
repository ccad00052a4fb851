"""Configuration files: which one counts for a file, what they may say, and what their settings mean for a file."""

import pickle
import sys
from pathlib import Path

import pytest

from asl_lint.config import Config, ConfigError, Configurations, StateIgnore, load_config
from asl_lint.source.discover import DEFAULT_EXCLUDE, discover
from asl_lint.source.document import MISSING


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh current folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(file: str, text: str) -> str:
    Path(file).parent.mkdir(parents=True, exist_ok=True)
    Path(file).write_text(text)
    return file


def config_of(text: str) -> Config:
    return load_config(write("asl-lint.toml", text))


def errors_of(text: str, file: str = "asl-lint.toml") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(write(file, text))
    assert caught.value.file == file
    return str(caught.value).splitlines()


def test_without_a_file_the_defaults_hold(folder: Path) -> None:
    assert Configurations().of_file("wf/a.asl.json") == Config()


def test_an_empty_file_gives_the_defaults_and_is_named(folder: Path) -> None:
    assert config_of("") == Config(root=str(folder), file="asl-lint.toml")


def test_every_setting_is_read(folder: Path) -> None:
    config = config_of(
        """
        select = ["conformance"]
        extend-select = ["a"]
        ignore = ["b", "ALL"]
        severity = { a = "error", style = "info" }
        fail-on = "info"
        machine-type = "express"
        machine-types = { "x/**" = "standard" }
        per-file-ignores = { "x/*.json" = ["a", "b"] }
        require-suppression-reason = false
        baseline = "../known.json"
        exclude = ["dist"]
        extend-exclude = ["gen/"]
        extend-include = ["*.tpl"]
        respect-gitignore = false
        force-exclude = true
        rules = ["./rules", "/abs/rules.yaml"]
        [per-state-ignores]
        "Poll*" = ["a"]
        "legacy/*.json"."/States/X" = ["b"]
        """
    )
    assert config == Config(
        root=str(folder),
        file="asl-lint.toml",
        select=("conformance",),
        extend_select=("a",),
        ignore=("b", "ALL"),
        severity={"a": "error", "style": "info"},
        fail_on="info",
        machine_type="express",
        machine_types={"x/**": "standard"},
        per_file_ignores={"x/*.json": ("a", "b")},
        per_state_ignores=(StateIgnore(None, "Poll*", ("a",)), StateIgnore("legacy/*.json", "/States/X", ("b",))),
        require_suppression_reason=False,
        baseline=str(folder.parent / "known.json"),
        exclude=("dist",),
        extend_exclude=("gen/",),
        extend_include=("*.tpl",),
        respect_gitignore=False,
        force_exclude=True,
        rules=(str(folder / "rules"), "/abs/rules.yaml"),
    )
    assert pickle.loads(pickle.dumps(config)) == config


def test_the_nearest_file_wins_whole(folder: Path) -> None:
    write("asl-lint.toml", 'ignore = ["outer"]\nfail-on = "info"')
    write("a/pyproject.toml", '[tool.asl-lint]\nignore = ["inner"]')
    configurations = Configurations()
    assert configurations.of_file("a/b/c/x.asl.json") == Config(
        root=str(folder / "a"), file="a/pyproject.toml", ignore=("inner",)
    )
    assert configurations.of_file("b/x.asl.json").ignore == ("outer",)


def test_asl_lint_toml_beats_pyproject_toml_in_the_same_folder(folder: Path) -> None:
    write("pyproject.toml", '[tool.asl-lint]\nignore = ["project"]')
    assert Configurations().of_folder(str(folder)).ignore == ("project",)
    write("asl-lint.toml", 'ignore = ["own"]')
    assert Configurations().of_folder(str(folder)).ignore == ("own",)
    write(".asl-lint.toml", 'ignore = ["hidden"]')
    assert Configurations().of_folder(str(folder)).ignore == ("hidden",)


@pytest.mark.parametrize(
    "project",
    ["[project]\n", "this is not TOML", '[project]\nname = "asl-lint"\n', "tool = 1 # asl-lint", '[tool.ruff]\nx = "asl_lint"'],
)
def test_a_project_without_the_table_is_passed_over(folder: Path, project: str) -> None:
    write("asl-lint.toml", 'ignore = ["outer"]')
    write("a/pyproject.toml", project)
    assert Configurations().of_file("a/x.asl.json").ignore == ("outer",)


def test_folders_pipes_and_dangling_links_with_the_name_of_a_configuration_are_passed_over(folder: Path) -> None:
    write("asl-lint.toml", 'ignore = ["outer"]')
    Path("a/asl-lint.toml").mkdir(parents=True)
    Path("a/pyproject.toml").symlink_to("nowhere")
    assert Configurations().of_file("a/x.asl.json").ignore == ("outer",)


def test_one_configuration_can_hold_for_every_file(folder: Path) -> None:
    write("a/asl-lint.toml", 'ignore = ["inner"]')
    assert Configurations(Config(ignore=("given",))).of_file("a/x.asl.json").ignore == ("given",)


def test_a_file_is_read_once_for_all_folders_below_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = Path(write("asl-lint.toml", 'ignore = ["outer"]'))
    configurations = Configurations()
    first = configurations.of_folder(str(folder / "a" / "b"))
    file.unlink()
    for inner in ("a", "a/b", "a/b/c", ""):
        assert configurations.of_folder(str(folder / inner)) is first


def test_folders_nested_deeper_than_the_stack_have_a_configuration() -> None:
    assert Configurations().of_folder("/" + "/".join("d" * 3000)) == Config()


def test_globs_of_a_named_file_can_be_relative_to_another_folder_but_its_paths_are_not(folder: Path) -> None:
    file = write("shared/lint.toml", 'rules = ["rules"]\nper-file-ignores = { "/wf/a.json" = ["x"] }')
    config = load_config(file, root=".")
    assert config.rules == (str(folder / "shared/rules"),)
    assert config.ignored_in("wf/a.json") == ("x",)
    assert load_config(file).ignored_in("shared/wf/a.json") == ("x",)


def test_the_configuration_says_where_to_search(folder: Path) -> None:
    for name in ("a/gen/x.asl.json", "a/wf/b.tpl", "dist/y.asl.json", "z.asl.json"):
        write(name, "")
    write("asl-lint.toml", 'extend-exclude = ["/a/gen"]\nextend-include = ["wf/"]')
    configurations = Configurations()
    found = discover(["."], lambda inner: configurations.of_folder(inner).selection()).files
    assert [file[:2] for file in found] == [("z.asl.json", True), ("a/wf/b.tpl", True)]
    assert Config().selection().exclude == DEFAULT_EXCLUDE
    assert Config().selection().root == str(folder)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, (True, False)),
        ({"select": ("ALL",)}, (True, True)),
        ({"select": ()}, (False, False)),
        ({"select": ("flow",)}, (True, True)),
        ({"select": ("other",)}, (False, True)),
        ({"extend_select": ("other",)}, (True, True)),
        ({"ignore": ("flow",)}, (False, False)),
        ({"ignore": ("ALL",), "select": ("rule",)}, (True, False)),
        ({"ignore": ("flow",), "select": ("rule", "ALL")}, (True, False)),
        ({"ignore": ("rule",), "select": ("rule", "flow")}, (False, True)),
    ],
)
def test_the_more_special_name_decides_and_ignore_before_select(
    settings: dict[str, tuple[str, ...]], expected: tuple[bool, bool]
) -> None:
    config = Config()._replace(**settings)
    assert (config.is_selected("rule", "flow", True), config.is_selected("other", "flow", False)) == expected


def test_a_severity_for_the_rule_decides_before_one_for_its_category() -> None:
    config = Config(severity={"flow": "info", "rule": "error"})
    assert config.severity_of("rule", "flow", "warning") == "error"
    assert config.severity_of("other", "flow", "warning") == "info"
    assert config.severity_of("other", "style", "warning") == "warning"


def test_the_last_glob_that_matches_gives_the_machine_type(folder: Path) -> None:
    config = Config(root=str(folder), machine_type="standard", machine_types={"fast": "express", "slow.*.json": "standard"})
    assert config.machine_type_of("a.json") == "standard"
    assert config.machine_type_of("wf/fast/a.json") == "express"
    assert config.machine_type_of("./wf/fast/slow.asl.json") == "standard"
    assert Config().machine_type_of("a.json") is None


def test_the_ignores_of_all_globs_that_match_a_file_count(folder: Path) -> None:
    config = Config(root=str(folder), per_file_ignores={"*.json": ("a", "b"), "/x/": ("b", "c"), "y": ("d",)})
    assert config.ignored_in("x/1.json") == ("a", "b", "c")
    assert config.ignored_in(str(folder / "x/1.yaml")) == ("b", "c")
    assert config.ignored_in("../x/1.yaml") == ()
    assert config.ignored_in("../x/1.json") == ("a", "b")


STATES = """
[per-state-ignores]
"Notify*" = ["a"]
"/States/Map/ItemProcessor" = ["b"]
"/States/*/Retry/0" = ["c"]
"a~b/c" = ["d"]
"Poll [x]" = ["e"]

[per-state-ignores."legacy/"]
"Poll" = ["f"]
"""


@pytest.mark.parametrize(
    ("file", "pointer", "expected"),
    [
        ("a.json", "/States/Notify Me", ("a",)),
        ("a.json", "/States/Notify/Catch/0/Next", ("a",)),
        ("a.json", "/States/NotifyMap/ItemProcessor/States/Inner/Next", ()),
        ("a.json", "/States/NotifyMap/ItemProcessor/ProcessorConfig/Mode", ("a",)),
        ("a.json", "/States/X/Branches/1/States/Notify/End", ("a",)),
        ("a.json", "/States/X/Iterator/States/Y/Branches/0/States/Notify", ("a",)),
        ("a.json", "/States/Map/ItemProcessor", ("b",)),
        ("a.json", "/States/Map/ItemProcessor/States/Y/Next", ("b",)),
        ("a.json", "/States/Map", ()),
        ("a.json", "/States/Map/ItemProcessors", ()),
        ("a.json", "/States/Notify/Retry/0/MaxAttempts", ("a", "c")),
        ("a.json", "/States/X/Retry/1", ()),
        ("a.json", "/States/a~0b~1c/Type", ("d",)),
        ("a.json", "/States/Poll [x]/Type", ("e",)),
        ("a.json", "/States/Poll", ()),
        ("legacy/a.json", "/States/Poll", ("f",)),
        ("a.json", "/States", ()),
        ("a.json", "", ()),
        ("a.json", "/StartAt", ()),
        ("a.json", "/States/X/Parameters/States/Notify", ()),
    ],
)
def test_ignores_per_state_hold_for_the_state_itself_and_those_per_pointer_for_all_below(
    folder: Path, file: str, pointer: str, expected: tuple[str, ...]
) -> None:
    assert config_of(STATES).ignored_at(file, pointer) == expected


def test_every_name_of_a_rule_is_listed_with_its_setting(folder: Path) -> None:
    config = config_of(
        'select = ["a"]\nextend-select = ["b"]\nignore = ["c"]\nseverity.d = "info"\nper-file-ignores = { "*.json" = ["e"] }\n'
        'per-state-ignores = { Poll = ["g"], "x/*" = { Poll = ["h"] } }'
    )
    assert config.rule_references() == [
        ("select", "a"),
        ("extend-select", "b"),
        ("ignore", "c"),
        ("severity", "d"),
        ('per-file-ignores."*.json"', "e"),
        ('per-state-ignores."Poll"', "g"),
        ('per-state-ignores."x/*"."Poll"', "h"),
    ]
    assert Config().rule_references() == []


HINT = '; to silence a rule, add it to "ignore"'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('\nselct = ["a"]', 'asl-lint.toml:2: unknown setting "selct"; did you mean "select"?'),
        ("colour = 1", 'asl-lint.toml:1: unknown setting "colour"'),
        ("per_file_ignores = {}", 'asl-lint.toml:1: unknown setting "per_file_ignores"; did you mean "per-file-ignores"?'),
        ('ignore = "a"', 'asl-lint.toml:1: ignore: must be a list, not a string; write ["a"]'),
        ("ignore = 1", "asl-lint.toml:1: ignore: must be a list, not an integer"),
        ('ignore = [\n "a",\n 2]', "asl-lint.toml:1: ignore[1]: must be a string, not an integer"),
        ('ignore = [""]', "asl-lint.toml:1: ignore[0]: must not be empty"),
        ('fail-on = "eror"', 'asl-lint.toml:1: fail-on: must be "error", "warning" or "info", not "eror"; did you mean "error"?'),
        (
            "fail-on = 2",
            'asl-lint.toml:1: fail-on: must be "error", "warning" or "info", not an integer',
        ),
        (
            'machine-type = "EXPRESS"',
            'asl-lint.toml:1: machine-type: must be "standard" or "express", not "EXPRESS"; did you mean "express"?',
        ),
        ('force-exclude = "yes"', 'asl-lint.toml:1: force-exclude: must be true or false, not "yes"'),
        ("severity = []", "asl-lint.toml:1: severity: must be a table, not a list"),
        (
            '[severity]\n"a b" = "off"',
            'asl-lint.toml:2: severity.\'a b\': must be "error", "warning" or "info", not "off"' + HINT,
        ),
        (
            'exclude = ["[a"]',
            'asl-lint.toml:1: exclude[0]: "[a" is no glob that can match: a bracket or a final backslash is left open',
        ),
        ('exclude = ["#a"]', 'asl-lint.toml:1: exclude[0]: "#a" begins with "#"; write "\\\\#a" for a name that does'),
        (
            'exclude = ["!a"]',
            'asl-lint.toml:1: exclude[0]: "!a" begins with "!", which takes nothing back here; make the other globs narrower',
        ),
        ('per-state-ignores = ["a"]', "asl-lint.toml:1: per-state-ignores: must be a table, not a list"),
        (
            '[per-state-ignores."x/*"]\nPoll = "a"',
            "asl-lint.toml:2: per-state-ignores.'x/*'.Poll: must be a list, not a string; write [\"a\"]",
        ),
        ("[tool.asl-lint]\nignore = []", "asl-lint.toml:1: the settings stand at the top of this file, without [tool.asl-lint]"),
        ("ignore = [", "asl-lint.toml: no valid TOML: invalid value (at the end of the file)"),
        ("\nignore == 1", "asl-lint.toml:2: no valid TOML: invalid value (column 9)"),
    ],
)
def test_a_wrong_setting_is_an_error_with_its_place_and_what_would_be_right(folder: Path, text: str, message: str) -> None:
    assert errors_of(text) == [message]


def test_a_file_that_is_nested_too_deeply_is_told_as_that(folder: Path) -> None:
    # Whatever ran before may have raised the limit that a nesting runs into.
    assert errors_of("a = " + "[" * (10 * sys.getrecursionlimit())) == ["asl-lint.toml: is nested too deeply"]


def test_all_wrong_settings_are_told_at_once_by_line(folder: Path) -> None:
    text = 'fail-on = 1\n[severity]\na = "off"\n[x]\n'
    assert [line.split(": ")[0] for line in errors_of(text)] == ["asl-lint.toml:1", "asl-lint.toml:3", "asl-lint.toml:4"]


def test_the_lines_of_a_project_are_those_of_its_table(folder: Path) -> None:
    text = '[tool.other]\nselct = 1\n[tool.asl-lint]\nselct = ["a"]\n'
    assert errors_of(text, "pyproject.toml") == ['pyproject.toml:4: unknown setting "selct"; did you mean "select"?']


def test_a_misspelt_table_of_a_project_is_an_error(folder: Path) -> None:
    assert errors_of('[tool.asl_lint]\nignore = ["a"]\n', "pyproject.toml") == [
        "pyproject.toml:1: unknown table [tool.asl_lint]; did you mean [tool.asl-lint]?"
    ]


def test_a_table_of_a_project_that_is_none_is_an_error(folder: Path) -> None:
    assert errors_of("[tool]\nasl-lint = 1\n", "pyproject.toml") == [
        "pyproject.toml:2: [tool.asl-lint] must be a table, not an integer"
    ]


def test_a_broken_project_that_speaks_of_us_is_an_error(folder: Path) -> None:
    assert errors_of("[tool.asl-lint\n", "pyproject.toml")[0].startswith("pyproject.toml:1: no valid TOML: ")


def test_a_named_file_that_cannot_be_used_is_an_error(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"^gone\.toml: does not exist$"):
        load_config("gone.toml")
    with pytest.raises(ConfigError, match=r"^\.: is a folder, not a file$"):
        load_config(".")
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: has no table \[tool\.asl-lint\]$"):
        load_config(write("pyproject.toml", "[project]"))
    Path("asl-lint.toml").write_bytes(b"# \xff")
    with pytest.raises(ConfigError, match=r"^asl-lint\.toml: is not UTF-8: byte 0xFF at offset 2$"):
        load_config("asl-lint.toml")
    with Path("asl-lint.toml").open("wb") as stream:
        stream.truncate(5 * 1024 * 1024)
    with pytest.raises(ConfigError, match=r"^asl-lint\.toml: is larger than 4 MiB$"):
        load_config("asl-lint.toml")


def test_a_file_that_may_not_be_read_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("asl-lint.toml", "")

    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    with pytest.raises(ConfigError, match=r"^asl-lint\.toml: cannot be read: permission denied$"):
        Configurations().of_folder(str(folder))


def test_an_error_survives_a_process_boundary() -> None:
    error = ConfigError("bad", "a.toml", 3)
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == "a.toml:3: bad"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(folder: Path) -> None:
    Path("asl-lint.toml").write_bytes(b'\xef\xbb\xbfignore = ["a"]\r\nselct = 1\r\n')
    with pytest.raises(ConfigError, match=r'^asl-lint\.toml:2: unknown setting "selct"'):
        load_config("asl-lint.toml")


def test_names_that_only_the_deployment_gives_values_are_a_list(folder: Path) -> None:
    config = config_of(
        'substitutions = ["Table"]\n[per-file-substitutions]\n"a.asl.json" = ["Queue"]\n"b.asl.json" = {Wait = 3}\n'
    )
    assert config.substitutions_of("a.asl.json") == {"Table": MISSING, "Queue": MISSING}
    assert config.substitutions_of("b.asl.json") == {"Table": MISSING, "Wait": 3}
    assert pickle.loads(pickle.dumps(config)) == config


def test_a_list_of_names_holds_names(folder: Path) -> None:
    (error,) = errors_of('substitutions = ["Table", 3]\n')
    assert "must be a name, not an integer" in error
