"""Patterns of paths, in the language of ``.gitignore`` (git-scm.com/docs/gitignore), for ignore files and the configuration.

A pattern without ``/`` matches a name at any depth; with one it is anchored to its folder. ``**`` stands for any folders,
a final ``/`` for folders only, ``!`` takes back. Compiled to regular expressions that cannot backtrack over a ``*``;
a name that no pattern of a file concerns costs 1 to 3 µs.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from asl_lint.late import NamedTuple

_NEVER = "(?!)"
_POSIX_CLASSES = {
    "alnum": "A-Za-z0-9",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t-\r ",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


class _Rule(NamedTuple):
    """One line: ``expression`` matches a whole name, or a whole path below the folder if ``anchored``."""

    expression: str
    anchored: bool
    folders_only: bool
    negated: bool


class Patterns:
    """The patterns of one ignore file or setting, in their order: the last one that matches decides."""

    __slots__ = ("_names", "_paths", "_rules")

    def __init__(self, lines: Iterable[str]) -> None:
        rules = [rule for rule in map(_rule, lines) if rule is not None]
        self._names = _any_of(rule.expression for rule in rules if not rule.anchored)
        self._paths = _any_of(rule.expression for rule in rules if rule.anchored)
        self._rules = rules

    def __bool__(self) -> bool:
        return bool(self._rules)

    def decide(self, path: str, is_folder: bool) -> bool | None:
        """True if the patterns take ``path``, False if one takes it back (``!``), None if none speaks of it.

        ``path`` is relative to the patterns' folder, with ``/``. Only the path itself is judged: whoever walks a tree does not
        enter a folder that is taken; whoever has a single path asks ``covers``.
        """
        name = path[path.rfind("/") + 1 :]
        by_name = self._names is not None and self._names(name) is not None
        by_path = self._paths is not None and self._paths(path) is not None
        if not by_name and not by_path:
            return None
        for rule in reversed(self._rules):
            if (
                (is_folder or not rule.folders_only)
                and (by_path if rule.anchored else by_name)
                and _compiled(rule.expression).fullmatch(path if rule.anchored else name)
            ):
                return not rule.negated
        return None

    def covers(self, path: str, is_folder: bool = False) -> bool:
        """Whether the patterns take ``path`` or one of the folders that it lies in."""
        at = path.find("/")
        while at >= 0:
            if self.decide(path[:at], is_folder=True):
                return True
            at = path.find("/", at + 1)
        return bool(self.decide(path, is_folder))


@lru_cache(maxsize=256)
def patterns(lines: tuple[str, ...]) -> Patterns:
    """``Patterns(lines)``, compiled once."""
    return Patterns(lines)


@lru_cache(maxsize=256)
def name_pattern(glob: str) -> re.Pattern[str]:
    """The expression for a glob of one name (a state's, a file's): ``*``, ``?`` and ``[…]``, and nothing special about ``/``."""
    return re.compile(_expression(_tokens(glob, separator=None)[0], "."), re.DOTALL)


def is_well_formed(glob: str) -> bool:
    """Whether the pattern can match at all: its brackets are closed, its classes known, its last backslash has a character."""
    return all(token != _NEVER for component in _tokens(glob) for token in component)


def _rule(line: str) -> _Rule | None:
    text = _without_trailing_spaces(line.removesuffix("\n").removesuffix("\r"))
    if not text or text.startswith("#"):
        return None
    negated = text.startswith("!")
    text = text.removeprefix("!")
    folders_only = text.endswith("/")
    text = text[:-1] if folders_only else text
    anchored = "/" in text
    text = text.removeprefix("/")
    expression = _path_expression(text) if anchored else _expression(_tokens(text)[0], "[^/]")
    return _Rule(expression, anchored, folders_only, negated)


def _without_trailing_spaces(text: str) -> str:
    kept = text.rstrip(" ")
    backslashes = len(kept) - len(kept.rstrip("\\"))
    return kept + " " if backslashes % 2 and len(kept) < len(text) else kept


def _any_of(expressions: Iterable[str]) -> Callable[[str], re.Match[str] | None] | None:
    unique = list(dict.fromkeys(expressions))
    return re.compile("|".join(unique), re.DOTALL).fullmatch if unique else None


@lru_cache(maxsize=1024)
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression, re.DOTALL)


def _path_expression(text: str) -> str:
    """A path of several components. The runs of components between two ``**`` are each taken at their first place."""
    runs: list[list[str]] = [[]]
    for tokens in _tokens(text):
        if len(tokens) > 1 and all(token == "*" for token in tokens):
            if runs[-1] or len(runs) == 1:
                runs.append([])
        else:
            runs[-1].append(_expression(tokens, "[^/]"))
    first, *others = runs
    if not others:
        return "/".join(first)
    expression = "".join(component + "/" for component in first)
    for run in others[:-1]:
        expression += "(?>(?:[^/]+/)*?" + "".join(component + "/" for component in run) + ")"
    last = others[-1]
    return expression + ("(?:[^/]+/)*" + "/".join(last) if last else ".+")


def _expression(tokens: Sequence[str], any_character: str) -> str:
    """A name. A piece between two ``*`` is taken at its first place (``(?>…)``), so that no name costs more than linear time."""
    pieces: list[str] = [""]
    for token in tokens:
        if token == "*":
            pieces.append("")
        else:
            pieces[-1] += any_character if token == "?" else token
    first, *others = pieces
    others = [piece for piece in others[:-1] if piece] + others[-1:]
    expression = first + "".join(f"(?>{any_character}*?{piece})" for piece in others[:-1])
    return expression + (f"{any_character}*{others[-1]}" if others else "")


def _tokens(text: str, separator: str | None = "/") -> list[list[str]]:
    """The components of a pattern, each a list of ``*``, ``?`` and expressions for one character."""
    components: list[list[str]] = [[]]
    at = 0
    while at < len(text):
        character = text[at]
        at += 1
        if character == separator:
            components.append([])
        elif character in "*?":
            components[-1].append(character)
        elif character == "[":
            token, at = _bracket(text, at)
            components[-1].append(token)
        elif character == "\\":
            components[-1].append(re.escape(text[at]) if at < len(text) else _NEVER)
            at += 1
        else:
            components[-1].append(re.escape(character))
    return components


def _bracket(text: str, at: int) -> tuple[str, int]:
    """The expression for the bracket whose ``[`` stands before ``at``, and the place after it; _NEVER if it is malformed."""
    negated = text[at : at + 1] in ("!", "^")
    at += negated
    members = ""
    start = at
    low: str | None = None
    while at < len(text) and (text[at] != "]" or at == start):
        character = text[at]
        at += 1
        if character == "[" and text[at : at + 1] == ":":
            end = text.find("]", at + 1)
            if end < 0:
                return _NEVER, len(text)
            if end > at + 1 and text[end - 1] == ":":
                known = _POSIX_CLASSES.get(text[at + 1 : end - 1])
                if known is None:
                    return _NEVER, len(text)
                members, low, at = members + known, None, end + 1
                continue
        elif character == "-" and low is not None and at < len(text) and text[at] != "]":
            high, at = _escaped(text, at)
            if high is None:
                return _NEVER, len(text)
            if low <= high:
                members += f"{re.escape(low)}-{re.escape(high)}"
            low = None
            continue
        elif character == "\\":
            escaped, at = _escaped(text, at - 1)
            if escaped is None:
                return _NEVER, len(text)
            character = escaped
        members, low = members + _member(character), character
    if at >= len(text):
        return _NEVER, len(text)
    if negated:
        return f"[^/{members}]", at + 1
    return (f"(?!/)[{members}]" if members else _NEVER), at + 1


def _member(character: str) -> str:
    return "\\" + character if character in "\\]^-[&~|" else character


def _escaped(text: str, at: int) -> tuple[str | None, int]:
    """The character at ``at``, or the one after a backslash there; None where the text ends before."""
    if text[at] == "\\":
        at += 1
    return (text[at] if at < len(text) else None), at + 1
