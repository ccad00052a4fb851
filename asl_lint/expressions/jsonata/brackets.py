"""Brackets of a JSONata expression, lists between them, and how parsing goes on behind an error.

A closing bracket that an enclosing one waits for ends what is open inside; any other sign in the way is skipped, and whole
expressions are read over, so that their own faults are found.
"""

from abc import abstractmethod

from asl_lint.expressions.jsonata.lexer import END, NAME, NUMBER, QUOTED, REGEX, STRING, VALUE, VARIABLE, Lexer
from asl_lint.expressions.jsonata.nodes import Node
from asl_lint.late import Final

CLOSERS: Final = frozenset(")]}")
SEPARATORS: Final = frozenset(",;:")
_BEGINS: Final = frozenset(
    {NAME, VARIABLE, STRING, NUMBER, QUOTED, VALUE, REGEX, "and", "or", "in", "*", "**", "%", "-", "(", "[", "{"}
)


class Brackets(Lexer):
    """The open brackets. Where a method steps into one, it is the current token."""

    __slots__ = ("closers", "faulted")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.closers: list[tuple[str, int]] = []
        """The brackets that are open: what closes each, and where it stands."""
        self.faulted = -1
        """The bracket that was last reported as not closed in its place: one report for each is enough."""

    @abstractmethod
    def expression(self, power: int) -> Node:
        """Reads an expression up to the first operator that binds no tighter than ``power``."""

    def begins_operand(self) -> bool:
        """Whether recovery may read an expression here. A ``|`` is rather half of ``||`` than a transform."""
        return self.kind in _BEGINS

    def report_no_operand(self) -> None:
        """Reports the current token, unless the next one is no token at all: the reference reads that first."""
        kind, value, start, end, last_end = self.kind, self.value, self.start, self.end, self.last_end
        self.advance(True)
        self.report("S0211", start, end)
        if not self.stopped:
            self.retreat(kind, value, start, end, last_end)

    def open(self, closer: str, infix: bool = False) -> int:
        """Steps into a bracket; where it opens.

        ``infix`` where the bracket begins an operand: the reference reads a slash right behind it as a division, as behind any
        operand, so that no regular expression can stand there.
        """
        start = self.start
        self.closers.append((closer, start))
        self.advance(infix)
        return start

    def close(self, infix: bool = True) -> None:
        """Steps out of the innermost bracket; what stands before its end is an error and skipped."""
        closer, opener = self.closers[-1]
        if self.kind != closer:
            self.expected(closer, opener)
            while self.kind != closer and self.kind != END and not self.closes_outer():
                if self.begins_operand():
                    self.expression(0)
                else:
                    self.advance()
        self.closers.pop()
        if self.kind == closer:
            self.advance(infix)

    def closes_outer(self) -> bool:
        kind = self.kind
        return kind in CLOSERS and any(closer == kind for closer, _ in self.closers[:-1])

    def expected(self, token: str, opener: int | None = None) -> None:
        """Reports that the current token is not the one that must stand here."""
        if opener is not None:
            if opener == self.faulted:
                return
            self.faulted = opener
        code = "S0203" if self.kind == END else "S0202"
        self.report(code, self.start, self.end, token, opener)

    def more(self, separator: str) -> bool:
        """Whether another element follows in a list between brackets; steps over the separator."""
        if self.kind == separator:
            self.advance()
            return True
        closer, opener = self.closers[-1]
        if self.kind == closer or self.kind == END:
            return False
        # A wrong separator, or none: report it, and read on as if it were right.
        self.expected(closer, opener)
        while self.kind != END and self.kind != closer and not self.closes_outer():
            wrong = self.kind in SEPARATORS
            if not wrong and self.begins_operand():
                return True
            self.advance()
            if wrong:
                return self.kind != closer and self.kind != END
        return False
