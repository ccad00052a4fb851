"""The tolerant reader of JSON: the value that a broken text most likely means, all its faults, and what cannot be trusted.

Linear in the text. A container is damaged where an edit may have moved, dropped or made up one of its members.
"""

from bisect import bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from asl_lint.source.document import MISSING, Note, Problem
from asl_lint.source.json_edits import StructuralProblems
from asl_lint.source.json_repair import MISSING_VALUE, Edit, misfit, repair
from asl_lint.source.json_scalars import read_scalar
from asl_lint.source.json_spans import SpanTable
from asl_lint.source.json_strings import decoded, string_content
from asl_lint.source.json_text import MAX_DEPTH
from asl_lint.source.json_tokens import JUNK, MAX_PROBLEMS, PLACEHOLDER, SCALAR, STRING, LexicalProblem, Tokens, tokenize
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.text import Span


class Recovered(NamedTuple):
    """What could be read: ``damaged`` are numbers of nodes in ``spans``."""

    value: object
    spans: SpanTable
    problems: list[Problem]
    damaged: set[int]


def recover(content: str) -> Recovered:
    """Read a text that strict JSON refuses, or that goes beyond what the fast reader takes. Never raises."""
    tokens = tokenize(content)
    deep = _fold_deep(tokens)
    builder = _Builder(tokens, repair(tokens))
    builder.build()
    problems = _problems(tokens.problems, builder)
    problems += deep
    return Recovered(builder.root, builder.spans, problems, builder.damaged)


# What lies too deep


def _fold_deep(tokens: Tokens) -> list[Problem]:
    """Make one token of whatever lies more than MAX_DEPTH brackets deep; says so once."""
    kinds = tokens.kinds
    ranges: list[tuple[int, int]] = []
    depth, begin = 0, -1
    for i, kind in enumerate(kinds):
        if kind in "{[":
            depth += 1
            if depth == MAX_DEPTH + 1:
                begin = i
        elif kind in "}]" and depth:
            depth -= 1
            if depth == MAX_DEPTH:
                ranges.append((begin, i + 1))
                begin = -1
    if begin >= 0:
        ranges.append((begin, len(kinds)))
    if not ranges:
        return []
    problems = [
        Problem(
            "nested-too-deeply",
            Span(tokens.starts[ranges[0][0]], tokens.starts[ranges[0][0]] + 1),
            (),
            {"limit": str(MAX_DEPTH)},
            help=f"only the outer {MAX_DEPTH} levels are checked",
        )
    ]
    if begin < 0:
        for first, last in ranges:
            wrong = misfit(kinds, first, last)
            if wrong is not None:
                wrong = min(wrong, last - 1)
                span = Span(tokens.starts[wrong], tokens.ends[wrong])
                problems.append(_syntax_error(span, f"unexpected {_quote(tokens, wrong)}", None))
                break
    _fold(tokens, ranges)
    return problems


def _fold(tokens: Tokens, ranges: list[tuple[int, int]]) -> None:
    old = Tokens(tokens.content)
    old.kinds, old.starts, old.ends = tokens.kinds, tokens.starts, tokens.ends
    tokens.kinds, tokens.starts, tokens.ends = [], old.starts[:0], old.ends[:0]
    firsts: list[int] = []
    shifts: list[int] = []  # by how much the numbers of tokens from firsts[n] on decrease
    after = shift = 0
    for first, last in ranges:
        tokens.kinds += old.kinds[after:first]
        tokens.starts += old.starts[after:first]
        tokens.ends += old.ends[after:first]
        tokens.add(SCALAR, old.starts[first], old.ends[last - 1])
        shift += last - first - 1
        firsts.append(last)
        shifts.append(shift)
        after = last
    tokens.kinds += old.kinds[after:]
    tokens.starts += old.starts[after:]
    tokens.ends += old.ends[after:]
    tokens.folded = {first - shifted for (first, _), shifted in zip(ranges, [0, *shifts], strict=False)}

    def moved(number: int) -> int:
        at = bisect_right(firsts, number)
        begin = ranges[at][0] if at < len(ranges) else number
        return min(number, begin) - (shifts[at - 1] if at else 0)

    tokens.problems = [problem._replace(token=moved(problem.token)) for problem in tokens.problems]
    tokens.suspect = {moved(number) for number in tokens.suspect}
    tokens.damaging = {moved(number) for number in tokens.damaging}


# The value


class _Builder:
    """Makes the value, the places and the problems of the edited tokens."""

    def __init__(self, tokens: Tokens, edits: Iterable[Edit]) -> None:
        self.tokens = tokens
        self.content = tokens.content
        self.spans = SpanTable()
        self.damaged: set[int] = set()
        self.root: object = MISSING
        self.problems = StructuralProblems(tokens)
        self.lexical_nodes: dict[int, int] = {}  # of tokens with a lexical problem, the container they stand in
        self.inserts: dict[int, list[str]] = {}
        self.deleted: set[int] = set()
        self.replaced: dict[int, str] = {}
        self.rest = len(tokens.kinds)  # from where nothing is read
        self._sort(edits)
        self.faulty = {problem.token for problem in tokens.problems}
        # The innermost open container and those around it: value, number, number of the next element.
        self.container: dict[str, object] | list[object] | None = None
        self.node = -1
        self.outer: list[tuple[dict[str, object] | list[object] | None, int, int]] = []
        self.index = 0
        self.opener = -1  # the token that opened it
        self.openers: list[int] = []
        self.key: str | None = None
        self.key_span = Span(-1, -1)
        self.has_colon = False
        self.previous = Span(0, 0)  # of the last token that was read

    def _sort(self, edits: Iterable[Edit]) -> None:
        for edit in edits:
            if edit.op == "insert":
                self.inserts.setdefault(edit.token, []).append(edit.kind)
            elif edit.op == "delete":
                self.deleted.add(edit.token)
            elif edit.op == "replace":
                self.replaced[edit.token] = edit.kind
            else:
                self.rest = edit.token

    def build(self) -> None:
        tokens = self.tokens
        kinds, starts, ends = tokens.kinds, tokens.starts, tokens.ends
        count = len(kinds)
        for i in range(self.rest):
            if i in self.inserts:
                self.insert(i)
            start, end = starts[i], ends[i]
            if i in tokens.damaging:
                self.damaged.add(max(self.node, 0))
            if i in self.faulty:
                self.lexical_nodes[i] = max(self.node, 0)
            if i in self.deleted:
                self.delete(i)
                continue
            kind = kinds[i]
            if i in self.replaced:
                kind = self.replaced[i]
                self.replace(i, kind)
            self.take(kind, start, end, i)
            self.previous = Span(start, end)
        if self.rest < count:
            self.problems.rest(Span(starts[self.rest], ends[count - 1]), max(self.node, 0))
            self.damaged.add(max(self.node, 0))
            self.previous = Span(ends[count - 1], ends[count - 1])
        self.lexical_nodes[count] = 0
        self.insert(count)
        if not self.spans:
            self.spans.add(-1, "", -1, -1, 0, len(self.content))

    # Edits

    def insert(self, i: int) -> None:
        at = self.previous.end
        for kind in self.inserts.get(i, ()):
            node = max(self.node, 0)
            self.damaged.add(node)
            if kind in "}]":
                self.problems.unclosed(kind, at, node, self.opener)
                self.take(kind, at, at, i)
                self.damaged.add(max(self.node, 0))
            elif kind in "{[":
                start = self.tokens.starts[i]
                self.problems.unopened(kind, start, node)
                self.take(kind, start, start, i)
                self.damaged.add(self.node)
            else:
                self.problems.lacking(kind, at, node, self.container, self.key)
                self.take(kind, at, at, i)

    def delete(self, i: int) -> None:
        node = max(self.node, 0)
        self.damaged.add(node)
        self.problems.superfluous(i, node, self.node < 0 and bool(self.spans), self.following(i))

    def replace(self, i: int, kind: str) -> None:
        node = max(self.node, 0)
        self.damaged.add(node)
        self.problems.mistaken(i, kind, node, self.opener)
        if kind in "}]" and self.outer:
            self.damaged.add(max(self.outer[-1][1], 0))

    def following(self, i: int) -> str:
        """The kind of the next token that is read."""
        inserted = self.inserts.get(i + 1)
        if inserted:
            return inserted[0]
        kinds = self.tokens.kinds
        return self.replaced.get(i + 1, kinds[i + 1]) if i + 1 < len(kinds) else ""

    # Tokens

    def take(self, kind: str, start: int, end: int, i: int) -> None:
        if kind == ",":
            return
        if kind == ":":
            self.has_colon = True
        elif kind in "}]":
            self.end_container(end)
        elif kind == STRING and isinstance(self.container, dict) and not self.has_colon:
            self.set_key(decoded(self.content[slice(*string_content(self.content, Span(start, end)))]), start, end)
        elif kind == PLACEHOLDER and isinstance(self.container, dict) and not self.has_colon:
            if self.following(i) == ":":
                self.set_key(self.content[start:end], start, end)
            else:
                self.damaged.add(self.node)  # it may hold members
        elif kind == "{" or kind == "[":
            self.begin_container({} if kind == "{" else [], start, i)
        elif kind != JUNK:
            self.add(self.value(kind, start, end, i), start, end)
            if kind == PLACEHOLDER and isinstance(self.container, list):
                self.note_splice(i)

    def note_splice(self, i: int) -> None:
        """A placeholder beside an element, with no comma between, may hold elements."""
        kinds = self.tokens.kinds
        if (i > 0 and kinds[i - 1] not in "[,") or self.following(i) not in (",", "]"):
            self.damaged.add(self.node)

    def value(self, kind: str, start: int, end: int, i: int) -> object:
        if kind == STRING:
            return decoded(self.content[slice(*string_content(self.content, Span(start, end)))])
        if kind == PLACEHOLDER:
            return Placeholder(self.content[start:end])
        if kind == MISSING_VALUE or i in self.tokens.folded:
            return MISSING
        return read_scalar(self.content[start:end])

    def set_key(self, key: str, start: int, end: int) -> None:
        self.key, self.key_span = key, Span(start, end)

    def add(self, value: object, start: int, end: int) -> int:
        """Put a value where it belongs; returns its number."""
        container = self.container
        if container is None:
            self.root = value
            return self.spans.add(-1, "", -1, -1, start, end)
        if isinstance(container, dict):
            key = "" if self.key is None else self.key
            container[key] = value
            node = self.spans.add(self.node, key, *self.key_span, start, end)
            self.key, self.has_colon = None, False
            return node
        container.append(value)
        self.index += 1
        return self.spans.add(self.node, self.index - 1, -1, -1, start, end)

    def begin_container(self, container: "dict[str, object] | list[object]", start: int, i: int) -> None:
        node = self.add(container, start, start)
        self.outer.append((self.container, self.node, self.index))
        self.openers.append(self.opener)
        self.container, self.node, self.index = container, node, 0
        self.opener = i
        self.key, self.has_colon = None, False

    def end_container(self, end: int) -> None:
        if self.outer:
            self.spans.close(self.node, end)
            self.container, self.node, self.index = self.outer.pop()
            self.opener = self.openers.pop()


# Problems


def _problems(lexical: list[LexicalProblem], builder: _Builder) -> list[Problem]:
    """All syntax errors in the order of the text; of those that one slip of the keyboard caused, the one that says it best."""
    spans = builder.spans
    found: list[tuple[Span, int, Problem, bool]] = []
    for fault in lexical:
        if fault.token in builder.problems.explained:
            continue
        node = builder.lexical_nodes.get(fault.token, 0)
        problem = _syntax_error(fault.span, fault.problem, fault.help)._replace(pointer=spans.pointer(node))
        found.append((fault.span, 0, problem, fault.guess))
    for place, node, message, mend, related in builder.problems.found:
        problem = Problem("syntax-error", place, spans.pointer(node), {"problem": message}, mend, related)
        found.append((place, 1, problem, True))
    found.sort(key=lambda entry: entry[:2])
    problems: list[Problem] = []
    end, guessed = -1, False
    for place, _, problem, guess in found:
        if problems and guess and guessed and place.start <= end and problems[-1].span != place:
            end = max(end, place.end)
            continue
        problems.append(problem)
        end, guessed = place.end, guess
    return problems[:MAX_PROBLEMS]


def _syntax_error(span: Span, problem: str, help: str | None, related: tuple[Note, ...] = ()) -> Problem:
    return Problem("syntax-error", span, (), {"problem": problem}, help, related)


def _quote(tokens: Tokens, i: int) -> str:
    text = tokens.content[tokens.starts[i] : tokens.ends[i]]
    return text if len(text) <= 40 else text[:39] + "…"
