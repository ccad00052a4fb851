"""Which files to look at: the files, folders and globs of a command line, each found once, in an order that never varies.

Names decide here, contents later (``read.read_source``): 10,000 candidates cost 0.1 s. What is ignored by git or excluded by
the configuration is not entered; a path that is named is taken all the same, as other linters do.
"""
# ruff: noqa: PTH100, PTH110, PTH112, PTH114, PTH116, PTH120
# (Strings and os.path: a pathlib object for each of 10,000 files costs more than the walk.)

import os
import stat
from collections.abc import Callable, Collection, Sequence

from asl_lint.late import NamedTuple, Pattern
from asl_lint.source import gitignore
from asl_lint.source.boundary import is_below, root_of_folder
from asl_lint.source.failure import Failure
from asl_lint.source.gitignore import IgnoreChain
from asl_lint.source.globs import name_pattern, patterns
from asl_lint.source.read import describe, refused_kind

DEFAULT_EXCLUDE = (
    ".aws-sam",
    ".bzr",
    ".direnv",
    ".eggs",
    ".git",
    ".git-rewrite",
    ".hg",
    ".idea",
    ".ipynb_checkpoints",
    ".mypy_cache",
    ".next",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".serverless",
    ".svn",
    ".terraform",
    ".terragrunt-cache",
    ".tox",
    ".venv",
    ".vscode",
    ".yarn",
    "__pycache__",
    "__pypackages__",
    "cdk.out",
    "dist",
    "node_modules",
    "site-packages",
    "venv",
)
"""Names that are not searched unless the configuration says otherwise: version control, environments, caches, build outputs."""

_CANDIDATES = (".json", ".yaml", ".yml", ".tf", ".tofu")
_DEFINITIONS = (".asl.json", ".asl.yaml", ".asl.yml")
_DANGLING = "is a symbolic link to something that does not exist"
_MAGIC = Pattern(r"[*?[]")


class Selection(NamedTuple):
    """What the configuration of a folder says about finding files. ``root``: the absolute folder of its patterns."""

    root: str = "/"
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    include: tuple[str, ...] = ()
    respect_gitignore: bool = True
    force_exclude: bool = False

    def excludes(self, path: str, is_folder: bool) -> bool:
        """Whether an absolute path is excluded, given that the folder that holds it is not."""
        return bool(patterns(self.exclude).decide(self.relative(path), is_folder))

    def includes(self, path: str) -> bool:
        """Whether an absolute path is a definition by ``include``."""
        return bool(self.include) and patterns(self.include).covers(self.relative(path))

    def relative(self, path: str) -> str:
        """An absolute path as the patterns see it. One outside the root stays absolute: only patterns of a mere name match it."""
        root = self.root if self.root.endswith("/") else self.root + "/"
        return path.removeprefix(root)


class Found(NamedTuple):
    """A file to look at. ``path`` is as given, or the given folder with the rest joined by ``/``.

    ``certain``: it is a definition by its name, or was named itself; otherwise only its content can say. ``arguments``: the
    elements of the command line that led to it.
    """

    path: str
    certain: bool
    arguments: tuple[str, ...]


class Discovery(NamedTuple):
    """What was found, in order; what could not be used; which arguments were searched, and which left out (``force-exclude``)."""

    files: tuple[Found, ...]
    failures: tuple[Failure, ...] = ()
    searched: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def without_definitions(self, definitions: Collection[str]) -> list[Failure]:
        """A Failure for each searched folder or glob that led to none of ``definitions``, the paths that proved to be some."""
        known = frozenset(definitions)
        fruitful = frozenset(argument for found in self.files if found.path in known for argument in found.arguments)
        blamed = frozenset(failure.file for failure in self.failures)
        return [
            Failure(argument, "holds no state machine definition")
            for argument in self.searched
            if argument not in fruitful and argument not in blamed
        ]


def is_named_definition(path: str, selection: Selection) -> bool:
    """Whether a file is a definition by its name, or by ``include``."""
    return path.lower().endswith(_DEFINITIONS) or selection.includes(os.path.abspath(path))


def discover(paths: Sequence[str], selection_of: Callable[[str], Selection] | None = None, root: str | None = None) -> Discovery:
    """The files that ``paths`` name, hold or match, each once, and a Failure for each path that cannot be used.

    ``selection_of`` gives the settings of an absolute folder (what it raises comes through); without it the defaults hold.
    A folder's files come before its subfolders', both by name; links to folders are not followed below a given path.
    A link that is found is read only if it leads to what is below the ``root`` (as ``boundary`` has it) or the searched folder;
    one that is named is read anyhow. An element ``-`` is an ordinary name here.
    """
    search = _Search(selection_of or _default_selection, root)
    for path in paths:
        search.argument(path)
    return Discovery(
        tuple(Found(path, certain, tuple(arguments)) for path, certain, arguments in search.found.values()),
        tuple(dict.fromkeys(search.failures)),
        tuple(dict.fromkeys(search.searched)),
        tuple(dict.fromkeys(search.excluded)),
    )


def _default_selection(folder: str) -> Selection:
    return Selection()


class _Folder(NamedTuple):
    """A folder to search: absolute, as shown, and what git ignores in it.

    ``places``: where its names stand in the glob. ``whole``: it is searched as a folder that was named or matched.
    """

    path: str
    shown: str
    chain: IgnoreChain | None
    places: tuple[int, ...]
    whole: bool


class _Entries(NamedTuple):
    """What a folder holds: names by kind, in order."""

    files: list[os.DirEntry[str]]
    folders: list[str]
    has_ignore_file: bool
    is_repository: bool


class _Search:
    """One run of ``discover``: what has been found so far, by absolute path."""

    def __init__(self, selection_of: Callable[[str], Selection], root: str | None) -> None:
        self.found: dict[str, tuple[str, bool, list[str]]] = {}
        self.failures: list[Failure] = []
        self.searched: list[str] = []
        self.excluded: list[str] = []
        self._selection_of = selection_of
        self._root, self._folder = root, ""
        self._bounds: tuple[str, str] | None = None

    def argument(self, path: str) -> None:
        try:
            mode = os.stat(path).st_mode
        except (OSError, ValueError) as error:
            if _MAGIC.search(path) and isinstance(error, FileNotFoundError | NotADirectoryError):
                self._glob(path)
            elif not path:
                self.failures.append(Failure(path, "is an empty path"))
            elif isinstance(error, FileNotFoundError) and os.path.islink(path):
                self.failures.append(Failure(path, _DANGLING))
            else:
                self.failures.append(Failure(path, describe(error)))
            return
        absolute = _absolute(path)
        is_folder = stat.S_ISDIR(mode)
        if self._force_excluded(absolute, is_folder):
            self.excluded.append(path)
        elif is_folder:
            self.searched.append(path)
            self._search(_Folder(absolute, _shown(path), _chain(absolute), (), True), path, _NO_GLOB)
        elif (reason := refused_kind(mode)) is not None:
            self.failures.append(Failure(path, reason))
        else:
            self._add(absolute, path, True, path)

    def _force_excluded(self, path: str, is_folder: bool) -> bool:
        selection = self._selection_of(path if is_folder else os.path.dirname(path))
        if not selection.force_exclude:
            return False
        relative = selection.relative(path)
        return patterns(selection.exclude).covers(relative, is_folder) or (
            selection.respect_gitignore and gitignore.above(path, is_folder)[1]
        )

    def _glob(self, path: str) -> None:
        text = path.replace(os.sep, "/")
        components = text.split("/")
        first = next(place for place, component in enumerate(components) if _MAGIC.search(component))
        base = "/".join(components[:first]) or ("/" if text.startswith("/") else ".")
        glob = _Glob([component for component in components[first:] if component not in ("", ".")])
        absolute = _absolute(base)
        matched = False
        if os.path.isdir(base):
            matched = self._search(_Folder(absolute, _shown(base), _chain(absolute), glob.start, False), path, glob)
        if matched:
            self.searched.append(path)
        else:
            self.failures.append(Failure(path, "matches no file"))

    def _search(self, root: _Folder, argument: str, glob: "_Glob") -> bool:
        """Adds what is in ``root``; whether the glob matched any name (also one that is no candidate)."""
        matched = False
        self._folder, self._bounds = root.path, None
        waiting = [root]
        while waiting:
            folder = waiting.pop()
            try:
                entries = _entries(folder.path)
            except (OSError, ValueError) as error:
                # A folder that has vanished since it was listed holds nothing; the given one was there a moment ago.
                if folder is root or not isinstance(error, FileNotFoundError):
                    self.failures.append(Failure(folder.shown or argument, describe(error)))
                continue
            selection = self._selection_of(folder.path)
            folder = folder._replace(
                path=folder.path if folder.path.endswith("/") else folder.path + "/",
                shown=folder.shown if not folder.shown or folder.shown.endswith("/") else folder.shown + "/",
                chain=_chain_inside(folder, entries) if selection.respect_gitignore else None,
            )
            for entry in entries.files:
                is_match = bool(folder.places) and glob.is_end(glob.step(folder.places, entry.name))
                matched = matched or is_match
                if is_match or folder.whole:
                    self._file(entry, folder, selection, argument, is_match)
            inner: list[_Folder] = []
            for name in entries.folders:
                places = glob.step(folder.places, name)
                if (folder.whole or places) and not _is_left_out(folder, name, True, selection):
                    is_match = glob.is_end(places) and bool(places)
                    matched = matched or is_match
                    inner.append(_Folder(folder.path + name, folder.shown + name, folder.chain, places, folder.whole or is_match))
            waiting.extend(reversed(inner))
        return matched

    def _file(self, entry: os.DirEntry[str], folder: _Folder, selection: Selection, argument: str, is_match: bool) -> None:
        """Adds a file of a searched folder if it is a candidate by its name, or by the glob."""
        path, name = folder.path + entry.name, entry.name.lower()
        certain = name.endswith(_DEFINITIONS) or selection.includes(path)
        if not (certain or is_match or name.endswith(_CANDIDATES)) or _is_left_out(folder, entry.name, False, selection):
            return
        try:
            if entry.is_file():
                if entry.is_symlink() and (beyond := self._left_by(path)) is not None:
                    if certain or is_match:
                        reason = f"is a symbolic link to what lies outside of {beyond}, and is not read; name it to have it read"
                        self.failures.append(Failure(folder.shown + entry.name, reason))
                    return
                self._add(path, folder.shown + entry.name, certain, argument)
            elif certain and entry.is_symlink() and not os.path.exists(path):
                self.failures.append(Failure(folder.shown + entry.name, _DANGLING))
        except OSError as error:
            if certain:
                self.failures.append(Failure(folder.shown + entry.name, describe(error)))

    def _left_by(self, link: str) -> str | None:
        """The folder out of which a link leads that was found; None if it stays below it."""
        if self._bounds is None:
            self._bounds = root_of_folder(self._folder, self._root), os.path.realpath(self._folder)
        target = os.path.realpath(link)
        return None if any(is_below(target, bound) for bound in self._bounds) else self._bounds[0]

    def _add(self, absolute: str, shown: str, certain: bool, argument: str) -> None:
        before = self.found.get(absolute)
        if before is None:
            self.found[absolute] = (shown, certain, [argument])
        else:
            arguments = before[2] if argument in before[2] else [*before[2], argument]
            self.found[absolute] = (before[0], before[1] or certain, arguments)


class _Glob:
    """A glob as an automaton over the names of a path: a place is the number of components that are already matched."""

    def __init__(self, components: Sequence[str]) -> None:
        self._components = [None if component == "**" else name_pattern(component) for component in components]
        self.start = self._closure({0})

    def step(self, places: tuple[int, ...], name: str) -> tuple[int, ...]:
        """The places after one more name; empty if nothing below can match."""
        after: set[int] = set()
        for place in places:
            if place == len(self._components):
                continue
            component = self._components[place]
            if component is None:
                after.add(place)
            elif component.fullmatch(name):
                after.add(place + 1)
        return self._closure(after)

    def is_end(self, places: tuple[int, ...]) -> bool:
        """Whether a path that led to ``places`` matches; a final ``**`` needs at least one name, which has been read."""
        return len(self._components) in places

    def _closure(self, places: set[int]) -> tuple[int, ...]:
        for place in sorted(places):
            while place < len(self._components) and self._components[place] is None:
                place += 1
                places.add(place)
        return tuple(sorted(places))


_NO_GLOB = _Glob([])


def _is_left_out(folder: _Folder, name: str, is_folder: bool, selection: Selection) -> bool:
    path = folder.path + name
    return selection.excludes(path, is_folder) or (folder.chain is not None and folder.chain.ignores(path, is_folder))


def _chain_inside(folder: _Folder, entries: _Entries) -> IgnoreChain | None:
    if not (entries.has_ignore_file or entries.is_repository):
        return folder.chain
    return gitignore.enter(
        folder.path, folder.chain, has_ignore_file=entries.has_ignore_file, is_repository=entries.is_repository
    )


def _entries(folder: str) -> _Entries:
    files: list[os.DirEntry[str]] = []
    folders: list[str] = []
    has_ignore_file = is_repository = False
    with os.scandir(folder) as listing:
        for entry in listing:
            name = entry.name
            if name == ".git":
                is_repository = True
            elif name == ".gitignore":
                has_ignore_file = True
            if entry.is_dir(follow_symlinks=False):
                folders.append(name)
            else:
                files.append(entry)
    files.sort(key=lambda entry: entry.name)
    folders.sort()
    return _Entries(files, folders, has_ignore_file, is_repository)


def _chain(folder: str) -> IgnoreChain | None:
    """What git ignores in a folder that is named; the folders above have no say if they ignore it itself."""
    chain, ignored = gitignore.above(folder, is_folder=True)
    return None if ignored else chain


def _absolute(path: str) -> str:
    return os.path.abspath(path).replace(os.sep, "/")


def _shown(path: str) -> str:
    return "" if path in (".", "./") else path
