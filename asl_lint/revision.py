"""The files of a revision of git that a run can read, written to a folder, without filters and hooks.

Git's own commands ``ls-tree`` and ``cat-file`` give them as they were committed. Written are those whose names definitions and
templates have, those that a template names, and links to what lies in the repository.
"""
# ruff: noqa: PTH103, PTH110, PTH113, PTH118, PTH120, PTH123, PTH211
# (Strings and os.path, as where files are found.)

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping

from asl_lint.late import Final, NamedTuple
from asl_lint.source.read import LARGEST_FILE, is_terraform, looks_like_template

_ENDINGS: Final = (
    ".asl", ".gitignore", ".j2", ".json", ".jsonc", ".template", ".tf", ".tftpl", ".tpl", ".txt", ".yaml", ".yml",
)  # fmt: skip
"""How the names of files end that are read of a revision whoever names them."""
_ENDING: Final = re.compile(r"(?<=[^/])\.[^./]+$")
_LINK: Final = b"120000"
_MOST_LINKS: Final = 40
"""Links that one path is led through, as systems have it."""
_WORDS: Final = re.compile(r"[^\s\"'`()\[\]{},:;=/\\|<>]+")
"""What a template's text can have as the name of a file, or as the end of one that is put together."""


class EarlierError(Exception):
    """An earlier version that cannot be had, and why."""


class _Tree(NamedTuple):
    """The regular files of a revision, each with git's name for its content, and what its links say."""

    files: Mapping[str, bytes]
    links: Mapping[str, str]


def git(folder: str, *arguments: str) -> bytes:
    """What git prints. Raises EarlierError."""
    try:
        done = subprocess.run(
            _command(folder, *arguments), env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
    except OSError as fault:
        raise EarlierError(f"git cannot be run: {fault.strerror or fault}") from None
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise EarlierError(said.removeprefix("fatal: ") or f"git {arguments[0]} failed")
    return done.stdout


def commit_of(folder: str, revision: str) -> str | None:
    """The commit that a revision is, None for what is none."""
    try:
        found = git(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}")
    except EarlierError:
        return None
    return found.decode("ascii").strip()


def write_files(top: str, commit: str, folder: str, named: Iterable[str]) -> None:
    """Writes the files of a commit of the repository ``top`` that can matter, each to its place below a folder.

    ``named`` are files that matter whatever they are called, from the repository's folder; files that end like them do too.
    Raises EarlierError.
    """
    tree = _tree(top, commit)
    known = set(named)
    endings = (*_ENDINGS, *{ending[0].lower() for name in known if (ending := _ENDING.search(name))})
    wanted = {name for name in tree.files if name in known or name.lower().endswith(endings)}
    words = set(_write(top, tree, wanted, folder))
    pieces = tuple(word for word in words if re.fullmatch(r"\.\w+", word))
    rest = {name for name in tree.files if name.rpartition("/")[2] in words or (pieces and name.endswith(pieces))}
    links = {name: found for name in tree.links if (found := resolved(name, tree.links)) is not None}
    rest.update(found for found in links.values() if found in tree.files)
    for _ in _write(top, tree, rest - wanted, folder):
        pass
    for name, found in links.items():
        _link(os.path.join(folder, *name.split("/")), tree.links[name], os.path.join(folder, *found.split("/")))


def _write(top: str, tree: _Tree, names: set[str], folder: str) -> Iterator[str]:
    """Writes some files; the words of those that can be templates."""
    for name, content in _contents(top, {name: tree.files[name] for name in sorted(names)}):
        path = os.path.join(folder, *name.split("/"))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(content)
        if is_terraform(name) or looks_like_template(content):
            yield from _WORDS.findall(content.decode("utf-8", "replace"))


def _link(path: str, target: str, found: str) -> None:
    """The same link as in the repository, where it leads to what was written."""
    if os.path.exists(found) and not os.path.lexists(path):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        try:
            os.symlink(target, path)
        except OSError:  # a system without links
            import shutil

            if os.path.isfile(found):
                shutil.copyfile(found, path)


def resolved(name: str, links: Mapping[str, str]) -> str | None:
    """Where a link leads at last, from the repository's folder; None where it leaves that, or nowhere."""
    found: list[str] = []
    left = name.split("/")[::-1]
    followed = 0
    while left:
        part = left.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not found:
                return None
            found.pop()
            continue
        found.append(part)
        target = links.get("/".join(found))
        if target is not None:
            followed += 1
            if followed > _MOST_LINKS or target.startswith("/"):
                return None
            found.pop()
            left += target.split("/")[::-1]
    return "/".join(found) if found and is_plain("/".join(found)) else None


def is_plain(name: str) -> bool:
    """Whether a name in a tree leads to a place below the folder that it is written to, on every system."""
    parts = name.split("/")
    return not any(part in ("", ".", "..") or part.lower() == ".git" for part in parts) and not any(c in name for c in "\\:\0")


# --- git --------------------------------------------------------------------------------------------------------------------


def _environment() -> Mapping[str, str]:
    return {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _command(folder: str, *arguments: str) -> list[str]:
    return ["git", "-C", folder, "-c", "core.fsmonitor=false", *arguments]


def _tree(top: str, commit: str) -> _Tree:
    files: dict[str, bytes] = {}
    links: dict[str, bytes] = {}
    for entry in git(top, "ls-tree", "-r", "-z", "-l", "--full-tree", commit).split(b"\0"):
        described, _, encoded = entry.partition(b"\t")
        if not described:
            continue
        mode, kind, identity, size = described.split()
        name = encoded.decode("utf-8", "surrogateescape")
        if kind == b"blob" and int(size) <= LARGEST_FILE and is_plain(name):
            (links if mode == _LINK else files)[name] = identity
    targets = {name: content.decode("utf-8", "surrogateescape") for name, content in _contents(top, links)}
    return _Tree(files, targets)


def _contents(top: str, wanted: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """The content of each file, by git's names for them. Raises EarlierError."""
    if not wanted:
        return
    with subprocess.Popen(
        _command(top, "cat-file", "--batch"), env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        for name, identity in wanted.items():
            process.stdin.write(identity + b"\n")
            process.stdin.flush()
            # A line that tells the object's size, its bytes, a line break.
            header = process.stdout.readline().split()
            if len(header) != 3:
                raise EarlierError(f"git has no content of {name}")
            yield name, process.stdout.read(int(header[2]))
            process.stdout.read(1)
        process.stdin.close()
