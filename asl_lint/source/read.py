"""The text of a file: read once, checked for size and kind, decoded as UTF-8. Whatever is wrong with it is a Failure.

A definition is UTF-8, as JSON demands and AWS takes it; a byte order mark is dropped, UTF-16 and UTF-32 are refused by name.
About 15 µs for a small file. Nothing here blocks: pipes and devices are refused after a non-blocking open.
"""
# ruff: noqa: PTH116
# (File descriptors: the kind and size that are checked are those of the file that is read.)

import os
import stat

from asl_lint.late import Final
from asl_lint.source.failure import Failure

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes. Step Functions takes 1,048,576 characters; the rest is room for templates, escapes and white space."""

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""That of UTF-8. The codec that drops it is one more module to import."""
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_OPEN_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_BINARY", 0)
)
_KINDS = (
    (stat.S_ISDIR, "is a folder, not a file"),
    (stat.S_ISFIFO, "is a pipe; to read from a pipe, give - and pipe into standard input"),
    (stat.S_ISCHR, "is a device, not a file"),
    (stat.S_ISBLK, "is a device, not a file"),
    (stat.S_ISSOCK, "is a socket, not a file"),
)


def looks_like_definition(content: bytes | str) -> bool:
    """Whether the names that every definition has at its top level, ``StartAt`` and ``States``, occur at all.

    A cheap necessary check. (A JSON text could spell them with ``\\u`` escapes; nobody does.)
    """
    if isinstance(content, bytes):
        return b"StartAt" in content and b"States" in content
    return "StartAt" in content and "States" in content


CLOUDFORMATION = "AWS::StepFunctions::StateMachine"
SERVERLESS = "AWS::Serverless::StateMachine"
"""The types of state machines in CloudFormation and SAM templates."""
_DECLARING = (CLOUDFORMATION, SERVERLESS, "stateMachines:")
"""What stands in every such template, and in every file for the Serverless Framework that has state machines."""

TERRAFORM: Final = (".tf", ".tf.json", ".tofu", ".tofu.json")
"""How the names of Terraform's and OpenTofu's files end."""
_IN_TERRAFORM: Final = ("aws_sfn_state_machine", "step-functions")
"""The resource, and what the sources of the module have in common."""


def is_terraform(path: str) -> bool:
    """Whether a file is Terraform's by its name."""
    return path.lower().endswith(TERRAFORM)


def looks_like_template(content: bytes | str, path: str = "") -> bool:
    """Whether a text can be a template that declares a state machine. A cheap necessary check."""
    words = _IN_TERRAFORM if is_terraform(path) else _DECLARING
    if isinstance(content, bytes):
        return any(word.encode() in content for word in words)
    return any(word in content for word in words)


def is_definition(value: object) -> bool:
    """Whether a parsed value is meant as a state machine: an object with ``StartAt`` and ``States``."""
    return isinstance(value, dict) and "StartAt" in value and "States" in value


def read_source(path: str, certain: bool = True) -> str | Failure | None:
    """The decoded text of a file, without byte order mark, or why there is none. Raises nothing that the file could cause.

    A file that is not ``certain`` to be a definition is None if its bytes look neither like one nor like a template, if it is
    larger than any definition, or if it has vanished.
    """
    try:
        content = _read(path, LARGEST_FILE)
    except (FileNotFoundError, NotADirectoryError) as error:
        return Failure(path, describe(error)) if certain else None
    except (OSError, ValueError) as error:
        return Failure(path, describe(error))
    if isinstance(content, int):
        return Failure(path, _too_large(content)) if certain else None
    if isinstance(content, str):
        return Failure(path, content)
    if not certain and not looks_like_template(content, path) and (is_terraform(path) or not looks_like_definition(content)):
        return None
    return decode(path, content)


def decode(path: str, content: bytes) -> str | Failure:
    """UTF-8 bytes as text, without byte order mark; ``path`` is for the Failure."""
    try:
        return content.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        for mark, name in _MARKS:
            if content.startswith(mark):
                return Failure(path, f"is {name} by its first bytes; a definition is UTF-8: save it in that encoding")
        offset = error.start + (len(_BYTE_ORDER_MARK) if content.startswith(_BYTE_ORDER_MARK) else 0)
        before = content[:offset]
        column = offset - (before.rfind(b"\n") + 1) + 1
        line = before.count(b"\n") + 1
        return Failure(
            path,
            f"is not UTF-8: byte 0x{content[offset]:02X} at offset {offset} (line {line}, byte {column} of it);"
            " save the file in that encoding",
        )


def describe(error: OSError | ValueError) -> str:
    """What an operating system's error says, as the end of the sentence that the path begins."""
    if isinstance(error, FileNotFoundError):
        return "does not exist"
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied"
    if isinstance(error, NotADirectoryError):
        return "does not exist: a part of the path is a file, not a folder"
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror.lower()}"
    return f"cannot be read: {error}"


def refused_kind(mode: int) -> str | None:
    """Why something that is no regular file is not read; None for a regular file. ``mode`` as in ``stat``."""
    if stat.S_ISREG(mode):
        return None
    return next((reason for is_kind, reason in _KINDS if is_kind(mode)), "is not a regular file")


def _read(path: str, limit: int) -> bytes | int | str:
    """The bytes of a regular file; its size if that is beyond ``limit``; the reason if it is no regular file."""
    # A file's kind is asked before and after: opening a device can have effects, and the path can change between the two.
    reason = refused_kind(os.stat(path).st_mode)
    if reason is not None:
        return reason
    descriptor = os.open(path, _OPEN_FLAGS)
    try:
        status = os.fstat(descriptor)
        reason = refused_kind(status.st_mode)
        if reason is not None:
            return reason
        if status.st_size > limit:
            return status.st_size
        # The size is only a hint: the file can grow while it is read, and some file systems say 0.
        pieces = [os.read(descriptor, status.st_size + 1)]
        size = len(pieces[0])
        while pieces[-1] and size <= limit:
            pieces.append(os.read(descriptor, 65_536))
            size += len(pieces[-1])
    finally:
        os.close(descriptor)
    return size if size > limit else b"".join(pieces)


def _too_large(size: int) -> str:
    return (
        f"is {size / 1024 / 1024:.1f} MiB large, more than the {LARGEST_FILE // 1024 // 1024} MiB that are read;"
        " Step Functions takes definitions of at most 1,048,576 characters"
    )
