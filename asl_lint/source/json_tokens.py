"""The tokens of a text in arrays, what is wrong within them, and how much of a broken text is read at most."""

from asl_lint.late import Final, NamedTuple
from asl_lint.source.json_spans import offsets
from asl_lint.source.text import Span

# Kinds of tokens: the six structural characters stand for themselves.
STRING: Final = "s"
SCALAR: Final = "v"
PLACEHOLDER: Final = "p"
JUNK: Final = "j"  # has no place in JSON; may stand where a structural character should

MAX_PROBLEMS: Final = 500
"""Faults of one text that are told, give or take those of one string; behind them nothing is read."""

MAX_TOKENS: Final = 400_000
"""Tokens of a broken text that are read, so that none takes much longer than a second: some 3 MB of a definition."""

TOO_BROKEN: Final = "the rest is too broken to be read"
TOO_LONG: Final = "the rest is not read: in a text with faults, only so many values can be"


class LexicalProblem(NamedTuple):
    """A fault inside of a token; ``token`` is its number. ``guess``: what the token holds was guessed."""

    span: Span
    token: int
    problem: str
    help: str | None
    guess: bool


class Tokens:
    """Kinds, starts and ends, in parallel, and what is wrong within tokens.

    ``suspect`` tokens may be there only because a neighbouring quote was mistaken for them; ``damaging`` ones leave open what
    their container holds. From the offset ``rest`` on nothing is read, for the reason ``why``; -1 where all is.
    """

    __slots__ = ("content", "damaging", "ends", "folded", "kinds", "problems", "rest", "starts", "suspect", "why")

    def __init__(self, content: str) -> None:
        self.content = content
        self.kinds: list[str] = []
        self.starts = offsets(content)
        self.ends = offsets(content)
        self.problems: list[LexicalProblem] = []
        self.suspect: set[int] = set()
        self.damaging: set[int] = set()
        self.folded: set[int] = set()  # tokens that stand for something too deep to be read
        self.rest = -1
        self.why = ""

    def add(self, kind: str, start: int, end: int) -> None:
        self.kinds.append(kind)
        self.starts.append(start)
        self.ends.append(end)

    def fault(self, start: int, end: int, problem: str, help: str | None = None, guess: bool = False) -> None:
        """Say that something is wrong within the token that is added next."""
        if guess:
            self.damaging.add(len(self.kinds))
        self.problems.append(LexicalProblem(Span(start, end), len(self.kinds), problem, help, guess))

    def cut(self, count: int) -> None:
        """Forget all but the first ``count`` tokens and what was said of them."""
        for token in range(count, len(self.kinds) + 1):
            self.damaging.discard(token)
            self.suspect.discard(token)
        del self.kinds[count:], self.starts[count:], self.ends[count:]
        while self.problems and self.problems[-1].token >= count:
            self.problems.pop()
