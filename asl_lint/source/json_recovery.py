"""The tolerant reader of JSON: the value that a broken text most likely means, all its faults, and what cannot be trusted.

Linear in the text. A container is damaged where an edit may have moved, dropped or made up one of its members.
"""

from collections.abc import Iterable

from asl_lint.late import NamedTuple
from asl_lint.source.document import MISSING, Note, Problem
from asl_lint.source.json_depth import fold_deep
from asl_lint.source.json_edits import StructuralProblems
from asl_lint.source.json_grammar import MISSING_VALUE
from asl_lint.source.json_lexer import tokenize
from asl_lint.source.json_reading import Edit
from asl_lint.source.json_repair import repair
from asl_lint.source.json_scalars import read_scalar
from asl_lint.source.json_spans import SpanTable
from asl_lint.source.json_strings import decoded, string_content
from asl_lint.source.json_text import MAX_DEPTH
from asl_lint.source.json_tokens import (
    JUNK,
    PLACEHOLDER,
    SCALAR,
    STRING,
    TOO_BROKEN,
    LexicalProblem,
    Tokens,
)
from asl_lint.source.placeholders import Placeholder
from asl_lint.source.text import Span


class Recovered(NamedTuple):
    """What could be read: ``damaged`` are numbers of nodes in ``spans``."""

    value: object
    spans: SpanTable
    problems: list[Problem]
    damaged: set[int]


def recover(content: str, is_refused: bool = True) -> Recovered:
    """Read a text that strict JSON refuses, or that goes beyond what the fast reader takes. Never raises.

    A text that is not known to be refused, because it is too deep, may be too long to be read to its end: that is no fault.
    """
    tokens = tokenize(content)
    deep = fold_deep(tokens)
    builder = _Builder(tokens, repair(tokens))
    builder.build()
    problems = _problems(tokens.problems, builder)
    if tokens.rest >= 0 and (is_refused or not deep):
        span = Span(tokens.rest, len(content.rstrip(" \t\n\r")))
        problems.append(_syntax_error(span, tokens.why, None)._replace(pointer=builder.spans.pointer(builder.rest_node)))
    problems += deep
    return Recovered(builder.root, builder.spans, problems, builder.damaged)


# The value


class _Builder:
    """Makes the value, the places and the problems of the edited tokens."""

    def __init__(self, tokens: Tokens, edits: Iterable[Edit]) -> None:
        self.tokens = tokens
        self.content = tokens.content
        self.keys: list[str | None] = []
        self.spans = SpanTable(tokens.content, self.keys)
        self.damaged: set[int] = set()
        self.root: object = MISSING
        self.problems = StructuralProblems(tokens)
        self.lexical_nodes: dict[int, int] = {}  # of tokens with a lexical problem, the container they stand in
        self.inserts: dict[int, list[str]] = {}
        self.deleted: set[int] = set()
        self.replaced: dict[int, str] = {}
        self._sort(edits)
        self._stop_where_too_deep()
        self.faulty = {problem.token for problem in tokens.problems}
        # The innermost open container and those around it: value, number, the token that opened it.
        self.container: dict[str, object] | list[object] | None = None
        self.node = -1
        self.opener = -1
        self.outer: list[tuple[dict[str, object] | list[object] | None, int, int]] = []
        self.key: str | None = None  # of the member whose value comes next
        self.key_span = Span(-1, -1)
        self.end = 0  # of the last token that was read
        self.rest_node = 0  # the container in which the reading stopped

    def _sort(self, edits: Iterable[Edit]) -> None:
        for edit in edits:
            if edit.op == "insert":
                self.inserts.setdefault(edit.token, []).append(edit.kind)
            elif edit.op == "delete":
                self.deleted.add(edit.token)
            elif edit.op == "replace":
                self.replaced[edit.token] = edit.kind
            else:
                self._stop(edit.token)

    def _stop_where_too_deep(self) -> None:
        """Read no further than to where edits, such as brackets deleted, let more than MAX_DEPTH containers be open."""
        edited = {*self.inserts, *self.deleted, *self.replaced}
        if not edited:
            return  # what was too deep before is folded
        depth = 0
        for i, kind in enumerate(self.tokens.kinds):
            if i in edited:
                for inserted in self.inserts.get(i, ()):
                    depth += (inserted in "{[") - (inserted in "}]")
                kind = "" if i in self.deleted else self.replaced.get(i, kind)
            if kind and kind in "{[":
                depth += 1
            elif kind and kind in "}]":
                depth -= 1
            if depth > MAX_DEPTH:
                self._stop(i)
                return

    def _stop(self, i: int) -> None:
        """Read nothing from token ``i`` on."""
        tokens = self.tokens
        if tokens.rest < 0 or tokens.starts[i] < tokens.rest:
            tokens.rest, tokens.why = tokens.starts[i], TOO_BROKEN
            tokens.cut(i)

    def build(self) -> None:
        tokens = self.tokens
        count = len(tokens.kinds)
        done = 0
        odd = {*self.inserts, *self.deleted, *self.replaced, *self.faulty, *tokens.damaging, *tokens.folded}
        for i in sorted(number for number in odd if number < count):
            self.plain(done, i)
            self.token(i)
            done = i + 1
        self.plain(done, count)
        self.lexical_nodes[count] = self.rest_node = max(self.node, 0)
        if tokens.rest < 0:
            self.insert(count)
        else:
            self.damaged.add(self.rest_node)
            while self.outer:
                self.end_container(self.end)
                self.damaged.add(max(self.node, 0))
        if not self.spans.starts:
            self.spans_add(None, 0, len(self.content))

    def token(self, i: int) -> None:
        """Read a token with an edit at it, or a fault in it."""
        tokens = self.tokens
        if i in self.inserts:
            self.insert(i)
        start, end = tokens.starts[i], tokens.ends[i]
        if i in tokens.damaging:
            self.damaged.add(max(self.node, 0))
        if i in self.faulty:
            self.lexical_nodes[i] = max(self.node, 0)
        if i in self.deleted:
            self.delete(i)
            return
        kind = tokens.kinds[i]
        if i in self.replaced:
            kind = self.replaced[i]
            self.replace(i, kind)
        self.take(kind, start, end, i)
        self.end = end

    def plain(self, first: int, last: int) -> None:
        """Read the tokens ``first:last``, with nothing wrong about them: the same as ``take`` for each, without its calls."""
        if first == last:
            return
        tokens, content, spans = self.tokens, self.content, self.spans
        kinds, starts, ends = tokens.kinds, tokens.starts, tokens.ends
        add_key, add_key_start, add_key_end = self.keys.append, spans.key_starts.append, spans.key_ends.append
        add_start, add_end, add_after = spans.starts.append, spans.ends.append, spans.afters.append
        container, key = self.container, self.key
        key_start, key_end = self.key_span
        value: object
        for i in range(first, last):
            kind = kinds[i]
            if kind == "," or kind == ":":
                continue
            start, end = starts[i], ends[i]
            if kind == STRING:
                raw = content[start + 1 : end - 1]
                if "\\" in raw:
                    raw = decoded(raw)
                if key is None and type(container) is dict:
                    key, key_start, key_end = raw, start, end
                    continue
                value = raw
            elif kind == SCALAR:
                value = read_scalar(content[start:end])
            else:
                self.key, self.key_span = key, Span(key_start, key_end)
                self.take(kind, start, end, i)
                container, key = self.container, self.key
                key_start, key_end = self.key_span
                continue
            if container is None:
                self.root = value
                add_key(None)
                add_key_start(-1)
                add_key_end(-1)
            elif type(container) is dict:
                container[key or ""] = value
                add_key(key or "")
                add_key_start(key_start)
                add_key_end(key_end)
                key = None
            else:
                container.append(value)  # type: ignore[union-attr]  # a list
                add_key(None)
                add_key_start(-1)
                add_key_end(-1)
            add_start(start)
            add_end(end)
            add_after(len(spans.starts))
        self.key, self.key_span = key, Span(key_start, key_end)
        self.end = ends[last - 1]

    # Edits

    def insert(self, i: int) -> None:
        at = self.end
        for kind in self.inserts.get(i, ()):
            node = max(self.node, 0)
            if kind not in ",:":  # of which nothing else can be missing
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
        if self.tokens.kinds[i] != "," or self.following(i) not in "}]":  # a trailing comma stands for nothing
            self.damaged.add(node)
        self.problems.superfluous(i, node, self.node < 0 and bool(self.spans.starts), self.following(i))

    def replace(self, i: int, kind: str) -> None:
        node = max(self.node, 0)
        if kind not in ",:" or self.tokens.kinds[i] in "{}[]":
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
        if kind == "," or kind == ":":
            return
        if kind in "}]":
            self.end_container(end)
        elif kind == STRING and isinstance(self.container, dict) and self.key is None:
            self.set_key(decoded(self.content[slice(*string_content(self.content, Span(start, end)))]), start, end)
        elif kind == PLACEHOLDER and isinstance(self.container, dict) and self.key is None:
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
        if kind == STRING and i in self.tokens.damaging:
            return MISSING  # where a quote was lost, nobody knows how far the string went
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
        if isinstance(container, dict):
            key = self.key or ""
            container[key] = value
            self.key = None
            return self.spans_add(key, start, end)
        if container is None:
            self.root = value
        else:
            container.append(value)
        return self.spans_add(None, start, end)

    def spans_add(self, key: str | None, start: int, end: int) -> int:
        spans = self.spans
        self.keys.append(key)
        key_start, key_end = self.key_span if key is not None else (-1, -1)
        spans.key_starts.append(key_start)
        spans.key_ends.append(key_end)
        spans.starts.append(start)
        spans.ends.append(end)
        node = len(spans.afters)
        spans.afters.append(node + 1)
        return node

    def begin_container(self, container: "dict[str, object] | list[object]", start: int, i: int) -> None:
        node = self.add(container, start, start)
        self.outer.append((self.container, self.node, self.opener))
        self.container, self.node, self.opener = container, node, i

    def end_container(self, end: int) -> None:
        if self.outer:
            self.spans.ends[self.node] = end
            self.spans.afters[self.node] = len(self.spans.starts)
            self.container, self.node, self.opener = self.outer.pop()
        self.key = None


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
    return problems


def _syntax_error(span: Span, problem: str, help: str | None, related: tuple[Note, ...] = ()) -> Problem:
    return Problem("syntax-error", span, (), {"problem": problem}, help, related)
