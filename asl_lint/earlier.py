"""An earlier version of the files that are checked: another folder, or a revision of git, whose files are written to a folder."""
# ruff: noqa: PTH100, PTH109, PTH110, PTH112, PTH118, PTH120
# (Strings and os.path, as where files are found.)

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from tempfile import TemporaryDirectory

from asl_lint.config import Config, Configurations
from asl_lint.late import Final, NamedTuple
from asl_lint.revision import EarlierError, commit_of, git, write_files

_MAGIC: Final = "*?["


class Earlier(NamedTuple):
    """The folder ``there`` has the earlier version of the files in the folder ``here``; ``name`` is what it was called."""

    name: str
    here: str
    there: str

    def paths(self, paths: Sequence[str]) -> list[str]:
        """The paths of the earlier version, without those that it does not have."""
        moved = [_moved(os.path.abspath(path), self.here, self.there) for path in paths]
        return [path for path in moved if os.path.exists(path) or any(character in path for character in _MAGIC)]

    def now(self, path: str) -> str:
        """Where a file of the earlier version would be today, as an absolute path."""
        return _moved(os.path.abspath(path), self.there, self.here)


class EarlierConfigurations(Configurations):
    """Today's settings, for the files of an earlier version: what differs is then in the files."""

    def __init__(self, today: Configurations, earlier: Earlier) -> None:
        super().__init__()
        self._today = today
        self._earlier = earlier
        self._moved: dict[int, tuple[Config, Config]] = {}

    def of_folder(self, folder: str) -> Config:
        config = self._today.of_folder(self._earlier.now(folder))
        if id(config) not in self._moved:
            self._moved[id(config)] = config, self._move(config)
        return self._moved[id(config)][1]

    def _move(self, config: Config) -> Config:
        _, here, there = self._earlier
        root = _moved(config.root or os.getcwd(), here, there)
        templates = tuple(moved for name in config.templates if os.path.exists(moved := _moved(name, here, there)))
        return config._replace(root=root, templates=templates)


@contextmanager
def earlier_version(against: str, paths: Sequence[str], read: Iterable[str] = ()) -> Iterator[Earlier]:
    """The version that ``against`` names, a folder or a revision, for as long as the context lasts. Raises EarlierError.

    ``read`` are files that were read at these paths, whatever they are called: a revision's are to be had too.
    """
    if os.path.isdir(against):
        if not against.startswith((".", "/")) and commit_of(os.curdir, against) is not None:
            raise EarlierError(
                f'"{against}" is a folder and a revision; write ./{against}, or refs/heads/{against} for the branch'
            )
        yield _folder(against, paths)
        return
    top = git(_home(paths), "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape").rstrip("\n")
    outside = next((path for path in paths if not _is_below(os.path.realpath(path), os.path.realpath(top))), None)
    if outside is not None:
        raise EarlierError(f"{outside} lies outside of the repository {top}")
    commit = commit_of(top, against)
    if commit is None:
        shallow = git(top, "rev-parse", "--is-shallow-repository").strip() == b"true"
        hint = "; the repository is a shallow clone: fetch more of its history (fetch-depth: 0)" if shallow else ""
        raise EarlierError(f'there is no folder and no revision "{against}"{hint}')
    with TemporaryDirectory(prefix="asl-lint-") as folder:
        there = os.path.realpath(folder)
        os.mkdir(os.path.join(there, ".git"))  # noqa: PTH102 (where searches for a repository end)
        named = {os.path.relpath(os.path.realpath(path), os.path.realpath(top)).replace(os.sep, "/") for path in (*paths, *read)}
        write_files(top, commit, there, named)
        yield Earlier(against, _as_given(top), there)


def _as_given(top: str) -> str:
    """The repository's folder by the name that the current folder has for it: git resolves links."""
    current = os.getcwd()
    inside = os.path.relpath(os.path.realpath(current), os.path.realpath(top))
    if inside.startswith(os.pardir):
        return top
    return os.path.normpath(os.path.join(current, *([os.pardir] * (0 if inside == os.curdir else inside.count(os.sep) + 1))))


def _home(paths: Sequence[str]) -> str:
    """A folder that exists, in which the first of the paths is, or from which it starts."""
    folder = os.path.abspath(paths[0])
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _folder(against: str, paths: Sequence[str]) -> Earlier:
    """The folder that stands for the current one if it has one of the paths, else for the one folder that is checked."""
    there, current = os.path.abspath(against), os.getcwd()
    for here in (current, os.path.abspath(paths[0]) if os.path.isdir(paths[0]) else os.path.dirname(os.path.abspath(paths[0]))):
        earlier = Earlier(against, here, there)
        inside = [path for path in paths if _is_below(os.path.abspath(path), here)]
        if here == current and [os.path.abspath(path) for path in paths] == [current]:
            return earlier
        found = [path for path in earlier.paths(inside) if os.path.exists(path)]
        if found and (here == current or len(paths) == 1):
            return earlier
    raise EarlierError(f"{against} has nothing of {', '.join(paths)}")


def _moved(path: str, source: str, target: str) -> str:
    """The path, below ``target`` as it was below ``source``; itself where it was not."""
    if not _is_below(path, source):
        return path
    inside = os.path.relpath(path, source)
    return target if inside == os.curdir else os.path.join(target, inside)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))
