"""Patterns of IAM: ``*`` is any text, ``?`` any character, and ``${…}`` a text that is not known here.

Of many patterns and many texts few pairs are compared in full: what both begin and end with tells most of them apart, and
patterns are kept by their ending (``ByEnding``) or by beginning and ending (``Wide``).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache

from asl_lint.late import Final, Literal, NamedTuple

Truth = Literal["yes", "no", "maybe"]

_TOKEN: Final = re.compile(r"\$\{[^{}]*\}|[\s\S]")
_ESCAPES: Final = {"${*}": "\0*", "${?}": "\0?", "${$}": "$"}
"""How a policy writes these characters themselves."""
_HEAD: Final = re.compile(r"[^*?$]*")
_TAIL: Final = re.compile(r"[^*?}]*\Z")
_SEPARATORS: Final = re.compile(r"[*?}]|\$\{[^{}]*\}")
_CACHED: Final = 20_000


class _Parsed(NamedTuple):
    """A pattern. ``head`` and ``tail``: what all its texts begin and end with, at least; ``pieces``: what it holds, in order.

    ``first`` and ``last`` are the numbers of tokens before the first open one and behind the last; None: there is none.
    ``ending`` is what stands behind the last ``/`` or ``:`` of all its texts, if that is one. ``is_exact``: no ``*``, no ``?``.
    """

    tokens: tuple[str, ...]
    head: str
    tail: str
    pieces: tuple[str, ...]
    first: int | None
    last: int | None
    ending: str | None
    is_exact: bool


@lru_cache(maxsize=_CACHED)
def _parsed(text: str) -> _Parsed:
    tokens = tuple(_ESCAPES.get(token, token) for token in _TOKEN.findall(text))
    opened = [i for i, token in enumerate(tokens) if _is_open(token)]
    head, tail = _HEAD.match(text), _TAIL.search(text)
    assert head is not None
    assert tail is not None
    first, last = (opened[0], len(tokens) - 1 - opened[-1]) if opened else (None, None)
    pieces = tuple(filter(None, _SEPARATORS.split(text)))
    is_exact = "*" not in tokens and "?" not in tokens
    return _Parsed(tokens, head[0], tail[0], pieces, first, last, _ending(text, tail[0]), is_exact)


def _ending(text: str, tail: str) -> str | None:
    at = max(tail.rfind("/"), tail.rfind(":"))
    return tail[at + 1 :] if at >= 0 or tail == text else None


def matches(pattern: str, text: str) -> Truth:
    """Whether a pattern takes a text: ``yes`` if it does whatever ``*`` and ``${…}`` in the text stand for."""
    if covers(pattern, text):
        return "yes"
    return "maybe" if _may_meet(_parsed(pattern), _parsed(text)) else "no"


def covers(pattern: str, text: str) -> bool:
    """Whether a pattern takes every text that another one stands for. The same ``${…}`` in both is the same text."""
    wide, narrow = _parsed(pattern), _parsed(text)
    if not _may_begin_and_end_alike(wide, narrow):
        return False
    tokens = narrow.tokens
    if wide.is_exact:
        return wide.tokens == tokens and "${?unknown}" not in tokens
    reached = {0}
    for token in wide.tokens:
        if token == "*":
            reached = set(range(min(reached), len(tokens) + 1)) if reached else set()
        elif token == "?":
            reached = {i + 1 for i in reached if i < len(tokens) and tokens[i] != "*" and not tokens[i].startswith("${")}
        else:
            reached = {i + 1 for i in reached if i < len(tokens) and tokens[i] == token and token != "${?unknown}"}
        if not reached:
            return False
    return len(tokens) in reached


def _may_begin_and_end_alike(one: _Parsed, other: _Parsed) -> bool:
    begins = one.head.startswith(other.head) or other.head.startswith(one.head)
    return begins and (one.tail.endswith(other.tail) or other.tail.endswith(one.tail))


def _may_meet(one: _Parsed, other: _Parsed) -> bool:
    """Whether some text fits both patterns."""
    if not _may_begin_and_end_alike(one, other):
        return False
    if one.first is not None and other.first is not None:
        # Each has a place for all that the other wants between its ends.
        begin, end = min(one.first, other.first), min(one.last or 0, other.last or 0)
        return _alike(one.tokens[:begin], other.tokens[:begin]) and _alike(
            one.tokens[len(one.tokens) - end :], other.tokens[len(other.tokens) - end :]
        )
    if one.first is None and other.first is None:
        return len(one.tokens) == len(other.tokens) and _alike(one.tokens, other.tokens)
    return _takes(other, one) if one.first is None else _takes(one, other)


def _alike(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    return some == others or all(one == other or "?" in (one, other) for one, other in zip(some, others, strict=True))


def _takes(pattern: _Parsed, text: _Parsed) -> bool:
    """Whether a pattern with open places takes a text without."""
    tokens = text.tokens
    if len(text.tail) == len(tokens) and not _in_order(pattern.pieces, text.tail):
        return False
    reached = {0}
    for token in pattern.tokens:
        if _is_open(token):
            reached = set(range(min(reached), len(tokens) + 1))
        else:
            reached = {i + 1 for i in reached if i < len(tokens) and (tokens[i] == token or "?" in (tokens[i], token))}
        if not reached:
            return False
    return len(tokens) in reached


def _in_order(pieces: tuple[str, ...], text: str) -> bool:
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def _is_open(token: str) -> bool:
    return token == "*" or token.startswith("${")


# --- many patterns ----------------------------------------------------------------------------------------------------------


class ByEnding:
    """Patterns by what stands behind the last ``/`` or ``:`` of all their texts; where that is open, by what they begin with."""

    def __init__(self, patterns: Iterable[str]) -> None:
        once = tuple(dict.fromkeys(patterns))
        self._closed: dict[str, list[str]] = {}
        opened: list[str] = []
        for one in once:
            ending = _parsed(one).ending
            (opened if ending is None else self._closed.setdefault(ending, [])).append(one)
        self._open, self._all = _ByBeginning(opened), _ByBeginning(once)

    def candidates(self, text: str) -> Iterable[str]:
        """The patterns that may take a text; no other one does."""
        ending = _parsed(text).ending
        return self._all.candidates(text) if ending is None else (*self._closed.get(ending, ()), *self._open.candidates(text))


@lru_cache(maxsize=1_000)
def by_ending(patterns: tuple[str, ...]) -> ByEnding:
    """These patterns by their endings."""
    return ByEnding(patterns)


_PLACE: Final = re.compile(
    r"arn:(?:[\w-]*|\*|\$\{AWS::Partition\}):[\w-]*:(?:[\w-]*|(\*)|\$\{AWS::Region\}):(?:\d*|(\*)|\$\{AWS::AccountId\}):"
)
"""What an ARN has before its resource. A star there stands for no colon, but where the resource has some to spare."""


class _ByBeginning:
    """Patterns of ARNs by what their resources begin with; other patterns may take anything."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._by_head: dict[str, list[str]] = {}
        self._by_colons: dict[int, list[str]] = {}
        self._others: list[str] = []
        for one in patterns:
            place = _PLACE.match(one)
            if place is None:
                self._others.append(one)
                continue
            resource = one[place.end() :]
            self._by_head.setdefault(_head(resource), []).append(one)
            if place[1] or place[2]:
                self._by_colons.setdefault(resource.count(":"), []).append(one)
        self._heads = sorted(self._by_head)
        self._lengths = {len(head) for head in self._heads}

    def candidates(self, text: str) -> Iterable[str]:
        place = _PLACE.match(text)
        if place is None:
            return (*self._others, *(one for found in self._by_head.values() for one in found))
        resource = text[place.end() :]
        head, colons = _head(resource), resource.count(":")
        found = [one for length in self._lengths if length <= len(head) for one in self._by_head.get(head[:length], ())]
        if head != resource:  # what follows may be what a longer beginning has
            at = bisect_right(self._heads, head)
            while at < len(self._heads) and self._heads[at].startswith(head):
                found += self._by_head[self._heads[at]]
                at += 1
        shifted = (one for count, some in self._by_colons.items() if count < colons for one in some)
        return dict.fromkeys((*found, *shifted, *self._others))


def _head(text: str) -> str:
    found = _HEAD.match(text)
    return "" if found is None else found[0]


class Wide:
    """Patterns by what stands before their first and behind their last ``*`` or ``?``: those that may cover a text are few."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._by_ends: dict[tuple[str, str], list[str]] = {}
        for one in patterns:
            if not _parsed(one).is_exact:
                parts = re.split(r"[*?]", one)
                self._by_ends.setdefault((parts[0], parts[-1]), []).append(one)
        self._lengths = {(len(head), len(tail)) for head, tail in self._by_ends}

    def cover(self, text: str) -> bool:
        """Whether one of the patterns, other than the text itself, covers it."""
        for head, tail in self._lengths:
            for one in self._by_ends.get((text[:head], text[len(text) - tail :] if tail <= len(text) else ""), ()):
                if one != text and covers(one, text):
                    return True
        return False
