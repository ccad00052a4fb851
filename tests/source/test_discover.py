"""Which files are found: names, folders, globs, what is left out, and paths that cannot be used."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asl_lint.finding import Failure
from asl_lint.source.discover import Discovery, Selection, discover


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes empty files in a fresh current folder that no repository surrounds."""
    monkeypatch.chdir(tmp_path)

    def make(*names: str) -> None:
        for name in names:
            file = Path(name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("")

    return make


def paths(discovery: Discovery) -> list[str]:
    return [found.path for found in discovery.files]


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text)


def selected(**settings: object) -> Callable[[str], Selection]:
    selection = Selection(root=str(Path.cwd()))._replace(**settings)
    return lambda folder: selection


def test_a_folder_gives_its_files_before_its_subfolders_by_name(tree: Callable[..., None]) -> None:
    tree("wf/b.asl.json", "wf/a/z.asl.yml", "wf/a.asl.yaml", "wf/c/y.asl.json", "wf/a/b/x.asl.json", "wf/readme.md")
    discovery = discover(["wf"])
    assert paths(discovery) == ["wf/a.asl.yaml", "wf/b.asl.json", "wf/a/z.asl.yml", "wf/a/b/x.asl.json", "wf/c/y.asl.json"]
    assert discovery.failures == ()
    assert discovery.searched == ("wf",)


def test_only_the_endings_asl_json_and_asl_yaml_make_a_file_certain(tree: Callable[..., None]) -> None:
    tree("a.asl.json", "b.ASL.YAML", "c.json", "d.yml", "e.yaml", "f.txt", "g.asl", "h.json.bak", "i.tf")
    assert [(found.path, found.certain) for found in discover(["."]).files] == [
        ("a.asl.json", True),
        ("b.ASL.YAML", True),
        ("c.json", False),
        ("d.yml", False),
        ("e.yaml", False),
        ("i.tf", False),
    ]


def test_a_named_file_is_certain_whatever_its_name(tree: Callable[..., None]) -> None:
    tree("machine.txt")
    assert [tuple(found) for found in discover(["machine.txt"]).files] == [("machine.txt", True, ("machine.txt",))]


@pytest.mark.parametrize(
    ("given_path", "shown"),
    [("wf", "wf/a.json"), ("wf/", "wf/a.json"), ("./wf", "./wf/a.json"), (".", "wf/a.json"), ("wf/../wf", "wf/../wf/a.json")],
)
def test_paths_stay_as_they_were_given(tree: Callable[..., None], given_path: str, shown: str) -> None:
    tree("wf/a.json")
    assert paths(discover([given_path])) == [shown]


def test_absolute_paths_stay_absolute(tree: Callable[..., None], tmp_path: Path) -> None:
    tree("wf/a.json")
    assert paths(discover([str(tmp_path)])) == [f"{tmp_path}/wf/a.json"]


def test_a_file_that_several_arguments_lead_to_is_found_once_and_knows_them(tree: Callable[..., None]) -> None:
    tree("wf/a.json", "wf/b.json")
    discovery = discover(["wf", "wf/b.json", "./wf/", "wf/*.json", "wf"])
    assert [tuple(found) for found in discovery.files] == [
        ("wf/a.json", False, ("wf", "./wf/", "wf/*.json")),
        ("wf/b.json", True, ("wf", "wf/b.json", "./wf/", "wf/*.json")),
    ]


def test_folders_of_environments_and_build_outputs_are_not_searched(tree: Callable[..., None]) -> None:
    tree(
        ".aws-sam/build/a.asl.json", "x/node_modules/p/a.asl.json", ".venv/a.asl.json", "cdk.out/a.asl.json", ".hidden/b.asl.json"
    )
    assert paths(discover(["."])) == [".hidden/b.asl.json"]


def test_an_excluded_folder_is_searched_when_it_is_named(tree: Callable[..., None]) -> None:
    tree("cdk.out/a.asl.json", "cdk.out/node_modules/b.asl.json")
    assert paths(discover(["cdk.out"])) == ["cdk.out/a.asl.json"]


def test_exclude_takes_names_anywhere_and_paths_from_its_root(tree: Callable[..., None]) -> None:
    tree("gen/a.asl.json", "x/gen/a.asl.json", "x/b.draft.asl.json", "x/c.asl.json")
    assert paths(discover(["."], selected(exclude=("/gen", "*.draft.asl.json")))) == ["x/c.asl.json", "x/gen/a.asl.json"]


def test_each_folder_has_its_own_settings(tree: Callable[..., None]) -> None:
    tree("a/x.asl.json", "b/x.asl.json")

    def selection_of(folder: str) -> Selection:
        return Selection(folder, exclude=("x.asl.json",) if folder.endswith("/a") else ())

    assert paths(discover(["."], selection_of)) == ["b/x.asl.json"]


def test_include_makes_a_file_certain_whatever_its_ending(tree: Callable[..., None]) -> None:
    tree("wf/a.tpl", "wf/b.json", "other/a.tpl")
    assert [found[:2] for found in discover(["."], selected(include=("wf/*.tpl", "b.json"))).files] == [
        ("wf/a.tpl", True),
        ("wf/b.json", True),
    ]


def test_a_glob_matches_its_components_and_two_stars_any_folders(tree: Callable[..., None]) -> None:
    tree("a.asl.json", "x/b.asl.json", "x/y/c.asl.json", "x/y/d.yaml", "z/e.asl.json")
    assert paths(discover(["*.json"])) == ["a.asl.json"]
    assert paths(discover(["x/*.json"])) == ["x/b.asl.json"]
    assert paths(discover(["**/*.asl.json"])) == ["a.asl.json", "x/b.asl.json", "x/y/c.asl.json", "z/e.asl.json"]
    assert paths(discover(["x/**/?.asl.json"])) == ["x/b.asl.json", "x/y/c.asl.json"]
    assert paths(discover(["x/**"])) == ["x/b.asl.json", "x/y/c.asl.json", "x/y/d.yaml"]


def test_a_glob_may_match_folders_which_are_then_searched(tree: Callable[..., None]) -> None:
    tree("s1/wf/a.asl.json", "s2/wf/deep/b.json", "s2/wf/notes.txt", "s2/other/c.asl.json")
    assert paths(discover(["s*/wf"])) == ["s1/wf/a.asl.json", "s2/wf/deep/b.json"]


def test_a_glob_chooses_files_of_any_ending_but_only_their_content_makes_them_definitions(tree: Callable[..., None]) -> None:
    tree("wf/a.tpl", "wf/b.asl.json")
    assert [found[:2] for found in discover(["wf/*"]).files] == [("wf/a.tpl", False), ("wf/b.asl.json", True)]


def test_a_glob_does_not_enter_excluded_folders(tree: Callable[..., None]) -> None:
    tree("node_modules/a.asl.json", "b.asl.json")
    assert paths(discover(["**/*.json"])) == ["b.asl.json"]


def test_a_glob_that_matches_nothing_is_a_failure(tree: Callable[..., None]) -> None:
    tree("a.json")
    discovery = discover(["wf/*.json", "**/*.yaml"])
    assert discovery.failures == (Failure("wf/*.json", "matches no file"), Failure("**/*.yaml", "matches no file"))


def test_a_file_whose_name_looks_like_a_glob_is_that_file(tree: Callable[..., None]) -> None:
    tree("[a].json", "a.json")
    assert paths(discover(["[a].json"])) == ["[a].json"]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.sampled_from(["*", "**", "a*", "?", "b", "[ab]", "*.asl.json", "a.asl.json"]), min_size=1, max_size=4).map(
        "/".join
    )
)
def test_globs_of_files_match_what_pathlib_matches(glob_tree: Path, pattern: str) -> None:
    if not pattern.endswith(".json"):
        pattern += "/*.asl.json"
    # pathlib takes "**" for one folder less or more by version, but not in front of a name.
    expected = {str(path.relative_to(glob_tree)) for path in glob_tree.glob(pattern) if path.is_file()}
    found = {os.path.relpath(path, glob_tree) for path in paths(discover([f"{glob_tree}/{pattern}"]))}
    assert found == expected


@pytest.fixture(scope="module")
def glob_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("globs")
    for folder in ("", "a", "b", "ab", "a/a", "a/b", "b/ab/a", "a/b/a/b"):
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in ("a.asl.json", "b.asl.json"):
            (root / folder / name).write_text("")
    return root


def test_a_folder_without_definitions_is_known_once_the_contents_are(tree: Callable[..., None]) -> None:
    tree("wf/a.json", "other/b.json", "empty/readme.md")
    discovery = discover(["wf", "other", "empty", "wf/*.json", "wf/a.json"])
    assert discovery.without_definitions(["wf/a.json"]) == [
        Failure("other", "holds no state machine definition"),
        Failure("empty", "holds no state machine definition"),
    ]


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nothing.json", "does not exist"),
        ("", "is an empty path"),
        ("a.json/b.json", "does not exist: a part of the path is a file, not a folder"),
        ("dangling", "is a symbolic link to something that does not exist"),
        ("loop", "cannot be read: too many levels of symbolic links"),
        ("fifo", "is a pipe; to read from a pipe, give - and pipe into standard input"),
        ("socket", "is a socket, not a file"),
        ("/dev/null", "is a device, not a file"),
        ("nul\0", "cannot be read: embedded null byte"),
        ("x" * 300, "cannot be read: file name too long"),
    ],
)
def test_a_path_that_cannot_be_used_is_a_failure_and_the_others_go_on(tree: Callable[..., None], path: str, message: str) -> None:
    tree("a.json")
    Path("dangling").symlink_to("nowhere")
    Path("loop").symlink_to("loop")
    os.mkfifo("fifo")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket")
        discovery = discover([path, "a.json"])
    assert discovery.failures == (Failure(path, message),)
    assert paths(discovery) == ["a.json"]


def test_links_pipes_and_sockets_in_a_folder_never_hold_up_the_search(tree: Callable[..., None]) -> None:
    tree("wf/a.asl.json")
    Path("wf/again").symlink_to("../wf", target_is_directory=True)
    Path("wf/b.asl.json").symlink_to("a.asl.json")
    Path("wf/c.asl.json").symlink_to("nowhere")
    Path("wf/d.json").symlink_to("nowhere")
    Path("wf/e.asl.json").symlink_to("e.asl.json")
    Path("wf/f.asl.json").mkdir()
    os.mkfifo("wf/g.asl.json")
    discovery = discover(["wf"])
    assert paths(discovery) == ["wf/a.asl.json", "wf/b.asl.json"]
    assert discovery.failures == (
        Failure("wf/c.asl.json", "is a symbolic link to something that does not exist"),
        Failure("wf/e.asl.json", "cannot be read: too many levels of symbolic links"),
    )


def test_an_unreadable_folder_is_a_failure_and_the_others_go_on(
    tree: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree("wf/a.asl.json", "wf/closed/b.asl.json")
    scandir = os.scandir

    def refuse(folder: str) -> object:
        if folder.endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(folder)

    monkeypatch.setattr("os.scandir", refuse)
    discovery = discover(["wf"])
    assert paths(discovery) == ["wf/a.asl.json"]
    assert discovery.failures == (Failure("wf/closed", "cannot be read: permission denied"),)


def test_a_subfolder_that_vanishes_holds_nothing_and_a_given_folder_that_does_is_a_failure(
    tree: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    tree("wf/gone/a.asl.json", "given/b.asl.json")
    scandir = os.scandir

    def lose(folder: str) -> object:
        if folder.endswith(("gone", "given")):
            raise FileNotFoundError(2, "No such file or directory")
        return scandir(folder)

    monkeypatch.setattr("os.scandir", lose)
    assert discover(["wf", "given"]).failures == (Failure("given", "does not exist"),)


@pytest.fixture
def short_stack() -> Iterator[int]:
    """A stack of 1,000 frames, as Python begins with: a library may have asked for more."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield 1000
    sys.setrecursionlimit(before)


def test_folders_nested_deeper_than_the_stack_are_searched(tree: Callable[..., None], short_stack: int) -> None:
    depth = short_stack + 200
    folders = ["d/" * level for level in range(1, depth + 1)]
    for folder in folders:
        Path(folder).mkdir()
    file = folders[-1] + "a.asl.json"
    os.close(os.open(file, os.O_CREAT | os.O_WRONLY))
    try:
        assert paths(discover(["d"])) == [file]
    finally:
        # Whoever clears temporary folders does it recursively.
        Path(file).unlink()
        for folder in reversed(folders):
            Path(folder).rmdir()


def test_names_that_are_not_utf_8_are_found(tree: Callable[..., None], tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.asl.json")).write_text("")
    assert paths(discover(["."])) == ["\udcff.asl.json"]


def test_force_exclude_leaves_out_what_is_named_and_says_so(tree: Callable[..., None]) -> None:
    tree("gen/a.asl.json", "b.asl.json", "gen/sub/c.asl.json", ".git/HEAD", "ignored.asl.json")
    write(".gitignore", "ignored.asl.json\n")
    named = ["gen/a.asl.json", "b.asl.json", "gen/sub", "gen", "ignored.asl.json"]
    assert paths(discover(named, selected(exclude=("gen/",)))) == [
        "gen/a.asl.json",
        "b.asl.json",
        "gen/sub/c.asl.json",
        "ignored.asl.json",
    ]
    discovery = discover(named, selected(exclude=("gen/",), force_exclude=True))
    assert paths(discovery) == ["b.asl.json"]
    assert discovery.excluded == ("gen/a.asl.json", "gen/sub", "gen", "ignored.asl.json")
    assert discovery.failures == ()


def test_nested_ignore_files_and_negations_count(tree: Callable[..., None]) -> None:
    tree(".git/HEAD", "a.asl.json", "out/b.asl.json", "x/a.asl.json", "x/keep.asl.json", "x/y/drop.asl.json")
    write(".gitignore", "out/\nkeep.asl.json\n")
    write("x/.gitignore", "!keep.asl.json\n/a.asl.json\n")
    write("x/y/.gitignore", "*\n")
    assert paths(discover(["."])) == ["a.asl.json", "x/keep.asl.json"]


def test_ignore_files_above_the_given_folder_count_up_to_the_repository(tree: Callable[..., None]) -> None:
    tree("repo/.git/HEAD", "repo/x/y/a.asl.json", "repo/x/y/b.asl.json", "repo/x/y/c.asl.json")
    write(".gitignore", "*.json\n")
    write("repo/.gitignore", "/x/y/a.asl.json\n")
    write("repo/x/.gitignore", "b.asl.json\n")
    assert paths(discover(["repo/x/y"])) == ["repo/x/y/c.asl.json"]


def test_an_ignored_folder_is_searched_when_it_is_named(tree: Callable[..., None]) -> None:
    tree(".git/HEAD", "out/sub/a.asl.json", "out/b.asl.json")
    write(".gitignore", "out\n")
    write("out/.gitignore", "b.asl.json\n")
    assert paths(discover(["."])) == []
    assert paths(discover(["out"])) == ["out/sub/a.asl.json"]
    assert paths(discover(["out/sub"])) == ["out/sub/a.asl.json"]


def test_the_exclude_file_of_the_repository_counts_also_from_a_work_tree(tree: Callable[..., None]) -> None:
    tree("main/.git/HEAD", "main/a.asl.json", "main/b.asl.json", "linked/a.asl.json", "linked/b.asl.json")
    write("main/.git/info/exclude", "a.asl.json\n")
    write("main/.git/worktrees/linked/commondir", "../..\n")
    write("linked/.git", "gitdir: ../main/.git/worktrees/linked\n")
    assert paths(discover(["main", "linked"])) == ["main/b.asl.json", "linked/b.asl.json"]


def test_a_repository_within_a_repository_begins_anew(tree: Callable[..., None]) -> None:
    tree(".git/HEAD", "a.asl.json", "sub/.git/HEAD", "sub/a.asl.json")
    write(".gitignore", "a.asl.json\n")
    assert paths(discover(["."])) == ["sub/a.asl.json"]


def test_without_a_repository_the_ignore_files_of_the_searched_folders_count(tree: Callable[..., None]) -> None:
    tree("wf/a.asl.json", "wf/b.asl.json")
    write(".gitignore", "a.asl.json\n")
    write("wf/.gitignore", "\ufeffb.asl.json\r\n")
    assert paths(discover(["wf"])) == ["wf/a.asl.json"]


def test_ignore_files_do_not_count_when_the_settings_say_so(tree: Callable[..., None]) -> None:
    tree(".git/HEAD", "a.asl.json", "out/b.asl.json")
    write(".gitignore", "out\na.asl.json\n")
    assert paths(discover(["."], selected(respect_gitignore=False))) == ["a.asl.json", "out/b.asl.json"]


def test_an_ignore_file_that_may_not_be_read_counts_as_empty(tree: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    tree(".git/HEAD", "a.asl.json")
    write(".gitignore", "a.asl.json\n")

    def refuse(*arguments: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", refuse)
    assert paths(discover(["."])) == ["a.asl.json"]


def test_a_git_file_that_leads_nowhere_still_marks_a_repository(tree: Callable[..., None]) -> None:
    tree("x/a.asl.json", "x/.git", "y/a.asl.json", "y/b.asl.json")
    write("y/.git", "gitdir: nowhere\n")
    write("y/.gitignore", "b.asl.json\n")
    tree(".git/HEAD")
    write(".gitignore", "a.asl.json\n")
    assert paths(discover(["."])) == ["x/a.asl.json", "y/a.asl.json"]


def test_an_ignore_file_that_is_a_folder_counts_as_empty(tree: Callable[..., None]) -> None:
    tree(".git/HEAD", "a.asl.json")
    Path(".gitignore").mkdir()
    assert paths(discover(["."])) == ["a.asl.json"]


names = st.sampled_from(["a", "b", "c.asl.json", "d.asl.json", "a.asl.json"])
ignore_lines = st.lists(
    st.sampled_from(["a", "!a", "a/", "*.json", "!c.asl.json", "/b", "b/a", "!b/", "a/**", "**/b", "b/*", "!/a/c.asl.json"]),
    max_size=3,
)


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.lists(st.sampled_from("ab"), max_size=3).map("/".join), min_size=1, max_size=4, unique=True),
    st.dictionaries(st.sampled_from(["", "a", "b", "a/b"]), ignore_lines, max_size=3),
)
def test_in_a_repository_the_files_are_those_that_git_does_not_ignore(
    tmp_path_factory: pytest.TempPathFactory, folders: list[str], ignores: dict[str, list[str]]
) -> None:
    root = tmp_path_factory.mktemp("repository")
    try:
        subprocess.run(["git", "init", "-q", "."], cwd=root, check=True)
    except FileNotFoundError:
        pytest.skip("git is not installed")
    for folder in folders:
        (root / folder).mkdir(parents=True, exist_ok=True)
        for name in ("c.asl.json", "d.asl.json"):
            (root / folder / name).write_text("")
    for folder, patterns in ignores.items():
        (root / folder).mkdir(parents=True, exist_ok=True)
        (root / folder / ".gitignore").write_text("\n".join(patterns))
    listed = subprocess.run(
        ["git", "-c", "core.excludesFile=/dev/null", "ls-files", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    expected = {name for name in listed.stdout.split("\0") if name.endswith(".asl.json")}
    assert {os.path.relpath(path, root) for path in paths(discover([str(root)]))} == expected


def test_ten_thousand_unrelated_files_take_well_under_a_second(tree: Callable[..., None], tmp_path: Path) -> None:
    for folder in range(100):
        Path(f"x{folder}").mkdir()
        for name in range(100):
            os.close(os.open(f"x{folder}/{name}.{'json' if name % 2 else 'py'}", os.O_CREAT | os.O_WRONLY))
    write(".gitignore", "\n".join(f"/gen{number}/*.log\n*.ext{number}" for number in range(50)))
    begin = time.process_time()
    found = discover(["."])
    assert time.process_time() - begin < 1
    assert len(found.files) == 5000


def linked_outside(tmp_path: Path) -> None:
    """A repository with links to what is beside it, and to what is in it."""
    write("outside/credentials", "aws_secret_access_key = 1")
    write("repository/.git/HEAD", "")
    write("repository/common/a.asl.json", "{}")
    Path("repository/wf").mkdir()
    Path("repository/wf/out.asl.json").symlink_to(tmp_path / "outside/credentials")
    Path("repository/wf/maybe.json").symlink_to(tmp_path / "outside/credentials")
    Path("repository/wf/in.asl.json").symlink_to("../common/a.asl.json")


def test_a_link_found_in_a_folder_that_leads_out_of_the_repository_is_not_read(tree: Callable[..., None], tmp_path: Path) -> None:
    linked_outside(tmp_path)
    discovery = discover(["repository/wf"])
    assert paths(discovery) == ["repository/wf/in.asl.json"]
    reason = (
        f"is a symbolic link to what lies outside of {tmp_path.resolve()}/repository, and is not read; name it to have it read"
    )
    assert discovery.failures == (Failure("repository/wf/out.asl.json", reason),)


def test_a_link_that_a_glob_finds_is_not_read_either(tree: Callable[..., None], tmp_path: Path) -> None:
    linked_outside(tmp_path)
    discovery = discover(["repository/wf/*.json"])
    assert paths(discovery) == ["repository/wf/in.asl.json"]
    assert [failure.file for failure in discovery.failures] == ["repository/wf/maybe.json", "repository/wf/out.asl.json"]


def test_a_link_that_is_named_is_read_wherever_it_leads(tree: Callable[..., None], tmp_path: Path) -> None:
    linked_outside(tmp_path)
    assert paths(discover(["repository/wf/out.asl.json"])) == ["repository/wf/out.asl.json"]


def test_a_root_that_is_given_says_how_far_links_may_lead(tree: Callable[..., None], tmp_path: Path) -> None:
    linked_outside(tmp_path)
    assert len(discover(["repository/wf"], root=".").files) == 3
    assert paths(discover(["repository/wf"], root="repository/wf")) == []
