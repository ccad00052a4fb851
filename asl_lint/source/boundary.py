"""The folder that a run may read: what a file names or links to beyond it is left alone."""
# ruff: noqa: PTH110, PTH118, PTH120
# (Strings and os.path, as where files are found.)

import os


def root_of(file: str, root: str | None) -> str:
    """The folder below which files may be read for a file: the one given, else the repository that the file is in.

    Where there is neither, the current folder if the file is below it, else the file's own. Links are resolved.
    """
    return root_of_folder(os.path.dirname(os.path.realpath(file)), root)


def root_of_folder(folder: str, root: str | None) -> str:
    """The same for a folder, of which files are read."""
    if root is not None:
        return os.path.realpath(root)
    folder = start = os.path.realpath(folder)
    while not os.path.exists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            current = os.path.realpath(os.curdir)
            return current if is_below(start, current) else start
        folder = above
    return folder


def is_below(path: str, folder: str) -> bool:
    """Whether a path is in a folder, or is the folder."""
    return path == folder or path.startswith(os.path.join(folder, ""))
