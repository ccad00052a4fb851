"""What is said of the structural characters that a broken JSON text lacks, has too many, or has in the place of others."""

from asl_lint.late import Final, NamedTuple
from asl_lint.source.document import Note
from asl_lint.source.json_grammar import MISSING_VALUE
from asl_lint.source.json_tokens import JUNK, MAX_PROBLEMS, Tokens
from asl_lint.source.text import Span

_NAMES: Final = {"{": "object", "[": "array", "}": "object", "]": "array"}
_MAX_NOTES: Final = 5


class StructuralProblem(NamedTuple):
    """A fault at ``span`` in the container number ``node``."""

    span: Span
    node: int
    problem: str
    help: str | None
    related: tuple[Note, ...] = ()


class StructuralProblems:
    """Collects them in the order of the text. ``explained`` are the tokens of which they say all there is to say."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.found: list[StructuralProblem] = []
        self.explained: set[int] = set()
        self._deleted = -2  # the last token that was deleted with a problem of its own
        self._closers = ""  # the brackets that the last problem says are missing

    def _add(self, span: Span, node: int, problem: str, help: str | None, related: tuple[Note, ...] = ()) -> None:
        self._closers = ""
        if len(self.found) < MAX_PROBLEMS:
            self.found.append(StructuralProblem(span, node, problem, help, related))

    def _opened(self, opener: int) -> tuple[Note, ...]:
        tokens = self.tokens
        if not 0 <= opener < len(tokens.kinds) or tokens.kinds[opener] not in _NAMES:
            return ()  # it is lost
        start = tokens.starts[opener]
        kind = tokens.kinds[opener]
        return (Note(Span(start, start + 1), f"the {_NAMES[kind]} begins here"),)

    def unclosed(self, closer: str, at: int, node: int, opener: int) -> None:
        """A closing bracket is lost; several at one place are one problem."""
        name = _NAMES[closer]
        if self._closers and self.found and self.found[-1].span == Span(at, at):
            closers = self._closers + closer
            last = self.found[-1]
            notes = last.related if len(last.related) >= _MAX_NOTES else last.related + self._opened(opener)
            problem = f"{len(closers)} closing brackets are missing"
            shown = closers if len(closers) <= 20 else closers[:20] + "…"
            self.found[-1] = StructuralProblem(last.span, last.node, problem, f"write {shown}", notes)
            self._closers = closers
            return
        self._add(Span(at, at), node, f"the closing {closer} of this {name} is missing", f"write {closer}", self._opened(opener))
        self._closers = closer

    def unopened(self, opener: str, at: int, node: int) -> None:
        """An opening bracket is lost."""
        self._add(Span(at, at), node, f"the opening {opener} of this {_NAMES[opener]} is missing", f"write {opener}")

    def lacking(self, kind: str, at: int, node: int, container: object, key: str | None) -> None:
        """A comma, a colon or a value is lost."""
        if kind == ",":
            of = "members" if isinstance(container, dict) else "elements"
            self._add(Span(at, at), node, f"expected a comma between {of}", "write ,")
        elif kind == ":":
            self._add(Span(at, at), node, f"missing colon after key {_quoted(key or '')}", "write : and a value")
        elif kind == MISSING_VALUE and container is None:
            what = "the file holds nothing but blanks" if self.tokens.content else "the file is empty"
            if self.tokens.kinds:
                what = "expected a value"
            self._add(Span(at, at), node, what, "a definition begins with {")
        elif kind == MISSING_VALUE and not (self.found and self.found[-1].span == Span(at, at)):
            self._add(Span(at, at), node, f"the value of {_quoted(key or '')} is missing", None)

    def superfluous(self, i: int, node: int, at_end: bool, following: str) -> None:
        """A token stands where nothing can; tokens side by side are one problem."""
        tokens = self.tokens
        span = Span(tokens.starts[i], tokens.ends[i])
        if at_end:
            self.explained.add(i)  # what is wrong with the text itself does not matter
        if (tokens.kinds[i] == JUNK or i in tokens.suspect) and not at_end:
            return  # the tokenizer has said so, or speaks of the quote beside it
        if self._deleted == i - 1 and self.found and self.found[-1].span.end <= span.start:
            last = self.found[-1]
            problem = last.problem if at_end else f"unexpected {_quoted(tokens.content[last.span.start : span.end])}"
            self.found[-1] = last._replace(span=Span(last.span.start, span.end), problem=problem)
            self._deleted = i
            return
        kind = tokens.kinds[i]
        if at_end:
            problem, mend = "text after the end of the document", "delete it, or an earlier closing bracket"
        elif kind == ",":
            problem = "trailing comma" if following and following in "}]" else "unexpected comma"
            mend = "delete it"
        elif kind == ":":
            problem, mend = "unexpected colon", "delete it"
        elif kind in "}]":
            problem, mend = f"this {kind} closes nothing that is open", "delete it"
        else:
            problem, mend = f"unexpected {_quoted(tokens.content[slice(*span)])}", "delete it"
        self._add(span, node, problem, mend)
        self._deleted = i

    def mistaken(self, i: int, kind: str, node: int, opener: int) -> None:
        """A token stands in the place of a structural character."""
        tokens = self.tokens
        span = Span(tokens.starts[i], tokens.ends[i])
        self.explained.add(i)
        found = _quoted(tokens.content[slice(*span)])
        if kind in "}]":
            problem = f"expected {kind} to close this {_NAMES[kind]}, found {found}"
            self._add(span, node, problem, f"write {kind}", self._opened(opener))
        else:
            what = {",": "a comma", ":": "a colon"}.get(kind, kind)
            self._add(span, node, f"expected {what}, found {found}", f"write {kind}")


def _quoted(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
