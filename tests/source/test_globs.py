"""Patterns of paths, judged against git itself and against the pathspec library."""

import subprocess
import time
from pathlib import Path

import pathspec
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from asl_lint.source.globs import Patterns, is_well_formed, name_pattern


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("a.json", "a.json", True),
        ("a.json", "x/y/a.json", True),
        ("/a.json", "x/a.json", None),
        ("x/a.json", "x/a.json", True),
        ("x/a.json", "y/x/a.json", None),
        ("*.json", "x/a.json", True),
        ("x/*.json", "x/y/a.json", None),
        ("x/**/a.json", "x/a.json", True),
        ("x/**/a.json", "x/y/z/a.json", True),
        ("**/y/a.json", "x/y/a.json", True),
        ("x/**", "x/y/a.json", True),
        ("x/**", "x", None),
        ("a?c", "abc", True),
        ("a[!b]c", "abc", None),
        ("[[:digit:]].json", "7.json", True),
        ("#a", "#a", None),
        (r"\#a", "#a", True),
        ("a.json  ", "a.json", True),
        ("a\\ ", "a ", True),
        ("folder/", "folder", None),
        ("[a", "[a", None),
        ("", "a", None),
    ],
)
def test_a_pattern_matches_as_git_documents(pattern: str, path: str, expected: bool | None) -> None:
    assert Patterns([pattern]).decide(path, is_folder=False) is expected


def test_the_last_pattern_that_matches_decides() -> None:
    assert Patterns(["*.json", "!keep.json"]).decide("keep.json", False) is False
    assert Patterns(["!keep.json", "*.json"]).decide("keep.json", False) is True


def test_a_path_is_covered_by_a_pattern_for_a_folder_above_it() -> None:
    patterns = Patterns(["out/", "x/y"])
    assert patterns.covers("a/out/b/c.json")
    assert patterns.covers("x/y/z.json")
    assert not patterns.covers("a/out")
    assert patterns.covers("a/out", is_folder=True)


@pytest.mark.parametrize(("glob", "well"), [("a*", True), ("[a-z]", True), ("[a", False), ("a\\", False), ("[[:x:]]", False)])
def test_malformed_patterns_are_known(glob: str, well: bool) -> None:
    assert is_well_formed(glob) is well


def test_a_glob_of_a_name_does_not_stop_at_a_slash() -> None:
    assert name_pattern("Poll*").fullmatch("Poll a/b")
    assert not name_pattern("poll*").fullmatch("Poll")


def test_many_stars_cost_no_more_than_linear_time() -> None:
    begin = time.perf_counter()
    assert Patterns(["*a" * 40 + "b"]).decide("a" * 5000, False) is None
    assert Patterns(["/**" + "/a/**" * 20 + "/b"]).decide("a/" * 1000 + "c", False) is None
    assert time.perf_counter() - begin < 2


pieces = st.sampled_from(["a", "b", "ab", "*", "**", "?", "/", "/", "[ab]", "[!a]", "[a-c]", "[^b]", "\\a", "\\*", "-", ".", "c"])
BRACKETS = [
    "[]a]",
    "[!]a]",
    "[a\\-c]",
    "[\\]a]",
    "[c-a]",
    "[!c-a]",
    "[a-\\c]",
    "[-a]",
    "[a-]",
    "[[:alpha:]]",
    "[![:punct:]b]",
    "[[:x:]]",
    "[[:a]",
    "[[a]",
    "[a/b]",
    "[a",
    "[",
    "[a\\",
    "[a-",
    "[[:alpha",
    "\\",
    "[[:digit:]-a]",
    "[.-a]",
    "a ",
    "#",
    "***",
]
brackets = st.sampled_from(BRACKETS)
globs = st.lists(pieces, min_size=1, max_size=7).map("".join)
wild_globs = st.lists(st.one_of(pieces, brackets), min_size=1, max_size=6).map("".join)
lines = st.builds(lambda negated, glob: "!" * negated + glob, st.booleans(), st.one_of(globs, wild_globs))
paths = st.lists(st.text("abc-.*[]#", min_size=1, max_size=3), min_size=1, max_size=4).map("/".join)


@given(globs, paths, st.booleans())
@settings(deadline=None, max_examples=200)
@example("**/a", "a", False)
@example("a/**/b", "a/b", False)
def test_one_pattern_says_what_pathspec_says(glob: str, path: str, is_folder: bool) -> None:
    # pathspec differs from git, which the next test asks, in a run of stars inside a component, in doubled separators, and in
    # negated classes (it lets them match a separator).
    assume("//" not in glob and "***" not in glob and "[!" not in glob and "[^" not in glob and glob.strip("/"))
    assume(not any("**" in part and part.strip("*") for part in glob.split("/")))
    assume(not any(part in {".", ".."} for part in path.split("/")))
    expected = pathspec.GitIgnoreSpec.from_lines([glob]).match_file(path + "/" * is_folder)
    assert Patterns([glob]).covers(path, is_folder) is expected


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    try:
        subprocess.run(["git", "init", "-q", "."], cwd=folder, check=True)
    except FileNotFoundError:
        pytest.skip("git is not installed")
    return folder


@pytest.mark.parametrize("bracket", BRACKETS)
def test_each_odd_bracket_takes_the_names_that_git_takes(repository: Path, bracket: str) -> None:
    # A name that begins with ":" is something else to git's command line.
    candidates = [*"abc[]-!^\\17AZ# ", "x:", "ab", "a ", "[a", "a]", "]a", "xa", "[[a", "b]"]
    patterns = [bracket, f"x{bracket}"]
    assert {path for path in candidates if Patterns(patterns).covers(path)} == _ignored_by_git(repository, patterns, candidates)


@given(st.lists(lines, min_size=1, max_size=4), st.lists(paths, min_size=1, max_size=12, unique=True))
@settings(deadline=None, max_examples=60)
def test_whole_ignore_files_say_what_git_says(repository: Path, patterns: list[str], candidates: list[str]) -> None:
    candidates = [c for c in candidates if not any(part in {".", "..", ".git"} for part in c.split("/"))]
    assume(candidates)
    ours = Patterns(patterns)
    assert {path for path in candidates if ours.covers(path)} == _ignored_by_git(repository, patterns, candidates)


def _ignored_by_git(repository: Path, patterns: list[str], candidates: list[str]) -> set[str]:
    repository.joinpath(".gitignore").write_text("\n".join(patterns) + "\n")
    answer = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin", "-z"],
        cwd=repository,
        input="\0".join(candidates).encode(),
        capture_output=True,
        check=False,
    )
    assert answer.returncode in (0, 1), answer.stderr
    return set(answer.stdout.decode().split("\0")) - {""}
