"""What git would ignore: the ``.gitignore`` files from a folder up to its repository's root, and ``.git/info/exclude``.

A chain of pattern files, innermost first, that grows while a tree is walked. A person's global ignore file is not read:
the same files are found on every machine. Outside a repository the ignore files of the walked folders count alone.
"""
# ruff: noqa: PTH113, PTH118, PTH120, PTH123
# (Strings and os.path, as in discover.)

import os

from asl_lint.late import NamedTuple
from asl_lint.source.globs import Patterns

_LARGEST_IGNORE_FILE = 4 * 1024 * 1024


class IgnoreChain(NamedTuple):
    """The patterns of one folder's ignore file (``base`` ends with ``/``), and those of the folders around it."""

    base: str
    patterns: Patterns
    outer: "IgnoreChain | None"

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Whether git ignores ``path`` (absolute, with ``/``), given that it does not ignore the folder that holds it."""
        link: IgnoreChain | None = self
        while link is not None:
            decision = link.patterns.decide(path[len(link.base) :], is_folder)
            if decision is not None:
                return decision
            link = link.outer
        return False


def enter(folder: str, outer: IgnoreChain | None, *, has_ignore_file: bool, is_repository: bool) -> IgnoreChain | None:
    """The chain inside ``folder`` (absolute, with ``/``), given the chain around it and what the folder holds.

    A repository inside another one (a submodule, a work tree) begins anew. An unreadable ignore file counts as empty.
    """
    if is_repository:
        outer = _link(folder, _exclude_file(folder), None)
    return _link(folder, _slash(folder) + ".gitignore", outer) if has_ignore_file else outer


def above(path: str, is_folder: bool) -> tuple[IgnoreChain | None, bool]:
    """The chain that holds at ``path`` (absolute, with ``/``) by the folders above it up to its repository's root, and whether
    git ignores ``path`` by one of them. ``(None, False)`` outside a repository and for a repository's root."""
    if is_folder and os.path.lexists(_slash(path) + ".git"):
        return None, False
    trail = [path]
    while len(trail) == 1 or not os.path.lexists(_slash(trail[-1]) + ".git"):
        parent = os.path.dirname(trail[-1])
        if parent == trail[-1]:
            return None, False
        trail.append(parent)
    chain: IgnoreChain | None = None
    for place in range(len(trail) - 1, 0, -1):
        chain = enter(trail[place], chain, has_ignore_file=True, is_repository=place == len(trail) - 1)
        if chain is not None and chain.ignores(trail[place - 1], is_folder or place > 1):
            return chain, True
    return chain, False


def _link(folder: str, file: str, outer: IgnoreChain | None) -> IgnoreChain | None:
    patterns = Patterns(_lines(file))
    return IgnoreChain(_slash(folder), patterns, outer) if patterns else outer


def _slash(folder: str) -> str:
    return folder if folder.endswith("/") else folder + "/"


def _lines(file: str) -> list[str]:
    try:
        if not os.path.isfile(file):
            return []
        with open(file, "rb") as stream:
            content = stream.read(_LARGEST_IGNORE_FILE)
    except OSError:
        # Git warns and goes on; a file too many is checked, none is lost.
        return []
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").split("\n")


def _exclude_file(repository: str) -> str:
    """Where ``info/exclude`` is: in ``.git``, or in the repository that a work tree's or submodule's ``.git`` file leads to."""
    folder = _slash(repository) + ".git"
    if os.path.isfile(folder):
        lines = _lines(folder)
        if lines and lines[0].startswith("gitdir:"):
            folder = os.path.join(repository, lines[0].removeprefix("gitdir:").strip())
            common = _lines(os.path.join(folder, "commondir"))
            if common:
                folder = os.path.join(folder, common[0].strip())
    return os.path.join(folder, "info", "exclude")
