"""Which quotes of a line open a string, which close one, and where one is lost or too many: the cheapest reading of the line.

JSON strings do not span lines, so that a lost quote does harm to one line only. Each quote may open, close, be a character of
its string or be in the way; a missing one may stand before any word or structural character; each such fault has a cost, and
the reading with the least sum is taken (Viterbi's algorithm over the pieces of the line, linear in their number). Of a line
that is very long, a stretch is read, up to where the quotes are in order again.
"""

import re
from collections.abc import Iterator

from asl_lint.late import Final, NamedTuple

MAX_ATOMS: Final = 50_000
"""Pieces of lines that one text may have weighed, some 4 µs each; where that does not suffice, the text is hopeless."""

MAX_AHEAD: Final = 1000
"""Pieces behind a fault that are weighed at once; of more than that, half is taken for settled."""

_CHARACTERS_AHEAD: Final = 20_000

_MAX_LINES = 200  # that a string with raw line breaks may span


class Atom(NamedTuple):
    """A piece of a line: ``type`` is one of the groups of ``_ATOM``."""

    type: str
    start: int
    end: int


class Piece(NamedTuple):
    """A token of the line: a string ``s``, a structural character, ``w`` for text without quotes, or junk ``j``.

    ``problem`` is start, end, what is wrong, and how to mend it.
    """

    kind: str
    start: int
    end: int
    problem: tuple[int, int, str, str] | None = None
    suspect: bool = False


_ATOM: Final = re.compile(
    r"""(?P<escape>\\[^\n\r]) | (?P<quote>") | (?P<structural>[{}\[\],:]) | (?P<newline>\r\n|\n|\r) | (?P<blank>[\ \t]++)
      | (?P<placeholder>\$\{[^{}\n"]*+\}) | (?P<template>\$\{(?:[^{}\n\r"\\]|"[^"\n\r\\]*+")*\}) | (?P<assign>=>?|;)
      | (?P<word>[^\s"{}\[\],:\\$=;]++|[\s\S])""",
    re.VERBOSE,
)
_LITERAL: Final = re.compile(r"true|false|null|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_ESCAPED_OR_QUOTE: Final = re.compile(r'\\[^\n\r]|(")')
_LINE_END: Final = re.compile(r"\r\n|\n|\r|\Z")

# Where the reading of a line stands: at its start, where a value or key is expected, after a value, in a string.
_START, _EXPECTS, _AFTER, _INSIDE = range(4)
_NEVER = float("inf")

# What an atom is taken for.
_SKIP, _OPENS, _CLOSES, _CONTENT, _STRAY, _WORD, _TOKEN, _OPENS_BEFORE, _IS_OPENING, _IS_CLOSING = range(10)

_MISSING_CLOSE = 1.01
_Move = tuple[int, float, int]  # to which state, at which cost, by taking the atom for what

_BLANK: Final[tuple[tuple[_Move, ...], ...]] = (
    ((_START, 0, _SKIP),), ((_EXPECTS, 0, _SKIP),), ((_AFTER, 0, _SKIP),), ((_INSIDE, 0.001, _CONTENT),),
)  # fmt: skip
_NEWLINE: Final[tuple[tuple[_Move, ...], ...]] = (
    ((_START, 0, _SKIP),), ((_START, 0, _SKIP),), ((_START, 0, _SKIP),), ((_INSIDE, 0.8, _CONTENT),),
)  # fmt: skip
_QUOTE: Final[tuple[tuple[_Move, ...], ...]] = (
    ((_INSIDE, 0, _OPENS), (_START, 1.0, _STRAY)),
    ((_INSIDE, 0, _OPENS), (_EXPECTS, 1.0, _STRAY)),
    ((_INSIDE, 1.2, _OPENS), (_AFTER, 1.0, _STRAY), (_EXPECTS, 1.3, _STRAY)),
    ((_AFTER, 0, _CLOSES), (_INSIDE, 1.1, _CONTENT)),
)
_ESCAPE: Final[tuple[tuple[_Move, ...], ...]] = (
    ((_INSIDE, 1.0, _OPENS_BEFORE), (_AFTER, 1.5, _WORD)),
    ((_INSIDE, 1.0, _OPENS_BEFORE), (_AFTER, 1.5, _WORD)),
    ((_INSIDE, 2.2, _OPENS_BEFORE), (_AFTER, 1.5, _WORD)),
    ((_INSIDE, 0, _CONTENT),),
)
_BARE: Final[tuple[tuple[_Move, ...], ...]] = (
    ((_INSIDE, 1.0, _OPENS_BEFORE), (_AFTER, 1.5, _WORD)),
    ((_INSIDE, 1.0, _OPENS_BEFORE), (_AFTER, 1.5, _WORD)),
    ((_INSIDE, 2.2, _OPENS_BEFORE), (_AFTER, 1.5, _WORD)),
    ((_INSIDE, 0, _CONTENT),),
)
_VALUE: Final[tuple[tuple[_Move, ...], ...]] = (
    ((_INSIDE, 1.05, _OPENS_BEFORE), (_AFTER, 0, _WORD)),
    ((_INSIDE, 1.05, _OPENS_BEFORE), (_AFTER, 0, _WORD)),
    ((_INSIDE, 2.25, _OPENS_BEFORE), (_AFTER, 1.5, _WORD)),
    ((_INSIDE, 0, _CONTENT),),
)


_TEMPLATE: Final[tuple[tuple[_Move, ...], ...]] = (
    ((_INSIDE, 1.1, _OPENS_BEFORE), (_AFTER, 0, _WORD)),
    ((_INSIDE, 1.1, _OPENS_BEFORE), (_AFTER, 0, _WORD)),
    ((_AFTER, 0.5, _WORD),),
    ((_INSIDE, 0.9, _CONTENT),),
)
_ASSIGN: Final[tuple[tuple[_Move, ...], ...]] = (
    ((_START, 1.0, _WORD), (_INSIDE, 1.1, _OPENS_BEFORE)),
    ((_EXPECTS, 1.0, _WORD), (_INSIDE, 1.1, _OPENS_BEFORE)),
    ((_EXPECTS, 0.2, _WORD),),
    ((_INSIDE, 0, _CONTENT),),
)


def _structural(inside: float, opener: bool, closer: bool, unlikely: float = 0) -> tuple[tuple[_Move, ...], ...]:
    """Moves of a structural character; ``inside`` is the cost of being a character of a string."""
    to = _AFTER if closer else _EXPECTS
    expected = 0.0 if opener else 0.1 if closer else 0.5
    quote: tuple[_Move, ...] = ((_INSIDE, 1.1, _IS_OPENING),)
    before: tuple[_Move, ...] = ((_INSIDE, 1.05, _OPENS_BEFORE),) if opener else ()
    return (
        ((to, unlikely, _TOKEN), *quote, *before),
        ((to, expected + unlikely, _TOKEN), *quote, *before),
        ((to, 1.2 if opener else 0, _TOKEN),),
        ((_INSIDE, inside, _CONTENT), (_AFTER, 1.1, _IS_CLOSING)),
    )


_STRUCTURAL: Final = {
    (char, misplaced): _structural(0.3 if misplaced else 0.02, char in "{[", char in "}]")
    for char in "{}[],:"
    for misplaced in (False, True)
}
_JSONATA: Final = _structural(0.02, opener=True, closer=False, unlikely=0.6)  # the brace of {% … %}
_CONSTANT: Final = {
    "blank": _BLANK, "newline": _NEWLINE, "quote": _QUOTE, "escape": _ESCAPE, "placeholder": _VALUE,
    "template": _TEMPLATE, "assign": _ASSIGN,
}  # fmt: skip


def weigh_quotes(content: str, start: int, at: int, starts_line: bool) -> tuple[int, list[Piece], int] | None:
    """Read the line that holds ``at`` from ``start`` on: where the reading ends, its tokens, and how many pieces were weighed.

    Includes the lines after it that a string with raw line breaks may cover. ``start`` is where a line starts, or a value or
    key is expected. None where a stretch is so long that no end is in sight.
    """
    end = _lines_end(content, start, at)
    is_whole = end >= 0
    atoms: list[Atom] = []
    most = -1  # how many atoms there may be, once it is known how many there are before ``at``
    for match in _ATOM.finditer(content, start, end if is_whole else at + _CHARACTERS_AHEAD):
        if most < 0 and match.start() >= at:
            most = len(atoms) + MAX_AHEAD
        if len(atoms) == most:
            is_whole = False
            break
        atoms.append(Atom(match.lastgroup or "", match.start(), match.end()))
    steps = _cheapest(content, atoms, _START if starts_line else _EXPECTS, is_whole)
    weighed = len(atoms)
    if not is_whole:
        tokens = [number for number, (_, taken) in enumerate(steps) if taken == _TOKEN and atoms[number].start >= at]
        settled = [number for number in tokens if number < weighed - MAX_AHEAD // 2]
        if not tokens:
            return None
        kept = (settled[-1] if settled else tokens[0]) + 1
        del atoms[kept:], steps[kept:]
        end = atoms[-1].end
    return end, list(_pieces(content, atoms, steps)), weighed


def _lines_end(content: str, start: int, at: int) -> int:
    """The end of the line, or of the last line of a string that may begin on it; -1 where that is far."""
    far = at + _CHARACTERS_AHEAD
    first = _LINE_END.search(content, at, far)
    if first is None or (first.start() == far < len(content)):
        return -1
    end = first.start()
    if not _is_odd(content, start, end):
        return end
    after = first.end()
    for _ in range(_MAX_LINES):
        if after >= len(content):
            break
        line = _LINE_END.search(content, after, far)
        if line is None or line.end() >= far:
            break
        if '"' in content[after : line.start()]:
            return line.start() if _is_odd(content, after, line.start()) else end
        if not content[after : line.start()].strip(" \t{}[],"):
            break
        after = line.end()
    return end


def _is_odd(content: str, start: int, end: int) -> bool:
    return sum(match[1] is not None for match in _ESCAPED_OR_QUOTE.finditer(content, start, end)) % 2 == 1


def _pieces(content: str, atoms: list[Atom], steps: list[tuple[bool, int]]) -> Iterator[Piece]:
    """The tokens of a reading, in order."""
    opened = -1  # where the string began that is being read
    problem: tuple[int, int, str, str] | None = None
    suspect = False  # whether the next structural character stands just behind a quote that was missing
    word = -1  # where text without quotes began
    word_end = -1
    for number, (atom, (closed, taken)) in enumerate(zip(atoms, steps, strict=True)):
        if word >= 0 and taken not in (_WORD, _SKIP):
            yield Piece("w", word, word_end)
            word = -1
        if closed:
            yield Piece("s", opened, atom.start, problem or _missing("closing", atom.start))
            opened, problem, suspect = -1, None, True
        if taken in (_OPENS, _OPENS_BEFORE):
            opened = atom.start
            if taken == _OPENS_BEFORE:
                problem = _missing("opening", atom.start)
        elif taken == _IS_OPENING:
            opened = atom.end
            problem = _instead(content, atom)
        elif taken == _CLOSES:
            yield Piece("s", opened, atom.end, problem)
            opened, problem = -1, None
        elif taken == _IS_CLOSING:
            yield Piece("s", opened, atom.start, problem or _instead(content, atom))
            opened, problem = -1, None
        elif taken == _CONTENT and problem is None:
            if atom.type == "quote":
                problem = (atom.start, atom.end, "a double quote inside a string must be escaped", 'write \\"')
            elif atom.type == "template":
                what = "a double quote inside a placeholder ends the string for JSON"
                problem = (atom.start, atom.end, what, "check the text that the template renders to")
            elif atom.type == "newline":
                problem = (atom.start, atom.end, "a line break inside a string must be escaped", "write \\n, or join the lines")
        elif taken == _STRAY:
            yield Piece("j", atom.start, atom.end, (atom.start, atom.end, "this quote is one too many", "delete it"))
        elif taken == _WORD:
            word = atom.start if word < 0 else word
            word_end = atom.end
        elif taken == _TOKEN:
            opens_next = number + 1 < len(atoms) and steps[number + 1][1] == _OPENS_BEFORE
            yield Piece(content[atom.start], atom.start, atom.end, None, suspect or opens_next)
        if not closed or taken == _TOKEN:
            suspect = False
    if word >= 0:
        yield Piece("w", word, word_end)
    if opened >= 0:
        end = atoms[-1].end
        end -= len(content[opened:end]) - len(content[opened:end].rstrip(" \t"))
        yield Piece("s", opened, end, problem or _missing("closing", end))


def _missing(which: str, at: int) -> tuple[int, int, str, str]:
    return at, at, f"the {which} quote of a string is missing", 'write "'


def _instead(content: str, atom: Atom) -> tuple[int, int, str, str]:
    return atom.start, atom.end, f"{content[atom.start]} stands where a quote belongs", 'write "'


def _cheapest(content: str, atoms: list[Atom], start: int, is_whole: bool) -> list[tuple[bool, int]]:
    """For each atom whether a missing quote closes a string before it, and what it is taken for."""
    costs = [_NEVER] * 4
    costs[start] = 0.0
    backs: list[tuple[tuple[int, bool, int], ...]] = []
    nowhere = (-1, False, _SKIP)
    for number, atom in enumerate(atoms):
        moves = _moves(content, atoms, number, atom)
        new = [_NEVER] * 4
        back = [nowhere] * 4
        for state in range(4):
            cost = costs[state]
            if cost == _NEVER:
                continue
            for to, price, taken in moves[state]:
                if cost + price < new[to]:
                    new[to] = cost + price
                    back[to] = (state, False, taken)
            if state == _INSIDE:
                for to, price, taken in moves[_AFTER]:
                    if cost + _MISSING_CLOSE + price < new[to]:
                        new[to] = cost + _MISSING_CLOSE + price
                        back[to] = (state, True, taken)
        costs = new
        backs.append(tuple(back))
    if is_whole:
        costs[_INSIDE] += _MISSING_CLOSE
    state = costs.index(min(costs))
    steps: list[tuple[bool, int]] = []
    for back_of in reversed(backs):
        state, closed, taken = back_of[state]
        steps.append((closed, taken))
    steps.reverse()
    return steps


def _moves(content: str, atoms: list[Atom], number: int, atom: Atom) -> tuple[tuple[_Move, ...], ...]:
    if atom.type == "structural":
        char = content[atom.start]
        follows = content[atom.end : atom.end + 1]
        if char == ":":  # before a colon that a value follows; colons in a row are common in ARNs
            misplaced = content[atom.end : atom.end + 2] in (": ", ":{", ":[", ':"')
            return _STRUCTURAL[char, misplaced]
        if char == "{" and follows == "%":
            return _JSONATA
        misplaced = (follows in (":", ",") and char in "{[") or (follows == ":" and char in "}],")
        return _STRUCTURAL[char, bool(follows) and misplaced]
    if atom.type == "word":
        return _VALUE if _LITERAL.fullmatch(content, atom.start, atom.end) else _BARE
    return _CONSTANT[atom.type]
