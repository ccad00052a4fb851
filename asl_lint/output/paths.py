"""A file's name as the readers of machine formats expect it: with forward slashes, from the repository's root, or as a URI."""

import os


def repository_path(file: str) -> str:
    """The path with forward slashes and no ``./`` before it, which GitLab does not accept."""
    path = file.replace("\\", "/") if os.sep == "\\" else file
    while path.startswith("./"):
        path = path[2:].lstrip("/")
    return path or file


def uri(file: str) -> tuple[str, bool]:
    """The path as a URI reference (RFC 3986), and whether it is relative. Bytes that are no UTF-8 are kept, percent-encoded."""
    from urllib.parse import quote

    path = repository_path(file)
    try:
        encoded = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        encoded = path.encode("utf-8", "surrogatepass")
    if path.startswith("/"):
        return "file://" + ("/" if path.startswith("//") else "") + quote(encoded), False
    if os.sep == "\\" and path[1:3] == ":/":
        return "file:///" + quote(encoded, safe="/:"), False
    return quote(encoded), True


def local_uri(file: str) -> str | None:
    """The address of a file on this machine, as terminals open it; None for what is no file here."""
    path = os.path.abspath(file)  # noqa: PTH100
    if not os.path.isfile(path):  # noqa: PTH113
        return None
    host = os.uname().nodename if hasattr(os, "uname") else ""
    return uri(path)[0].replace("file://", f"file://{host}", 1)
