"""The line on which a setting stands in a TOML text, which ``tomllib`` does not tell.

A scan of the tokens, for texts that ``tomllib`` has accepted and only when something in them is wrong.
"""

import re
import tomllib

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|#[^\n]*"
    r"|[A-Za-z0-9_-]+"
    r"|.",
    re.DOTALL,
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def line_of(text: str, key: tuple[str | int, ...]) -> int | None:
    """The line (from 1) of the key, or of the nearest key or table that holds it; None if none is found.

    Elements of lists and keys of inline tables stand on the line of the setting that holds them.
    """
    lines = _key_lines(text)
    path = tuple(str(part) for part in key)
    return next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), None)


def _key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The first line of every key and table header, by its path."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    parts: list[str] = []
    line = key_line = 1
    depth = 0
    # A line begins with a header or a key; what follows "=" is a value until the line ends outside of brackets.
    expected = "key"
    for match in _TOKEN.finditer(text.removeprefix("\ufeff")):
        token = match.group()
        if token == "\n":
            if depth == 0:
                parts, expected = [], "key"
        elif token.isspace() or token.startswith("#"):
            pass
        elif expected == "value":
            depth += (token in "[{") - (token in "]}")
        elif token == "[" and not parts:
            expected = "header"
        elif token == "]" and expected == "header":
            if parts:
                table, parts = tuple(parts), []
                _record(lines, (), table, key_line)
        elif token == "=":
            _record(lines, table, tuple(parts), key_line)
            expected = "value"
        elif token != ".":
            parts.append(token if _BARE.fullmatch(token) else next(iter(tomllib.loads(f"{token} = 0"))))
            key_line = line
        line += token.count("\n")
    return lines


def _record(lines: dict[tuple[str, ...], int], table: tuple[str, ...], parts: tuple[str, ...], line: int) -> None:
    for length in range(1, len(parts) + 1):
        lines.setdefault((*table, *parts[:length]), line)
