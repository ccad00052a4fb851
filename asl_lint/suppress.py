"""Directives that silence rules: ``asl-lint: ignore[rule, …] reason`` in a ``Comment`` or in a comment of YAML or HCL.

In the ``Comment`` of a machine, a state, a choice rule, a Retrier or a Catcher it covers that object with all that is inside.
Such a comment covers what begins on its line, or on the next line that is not a comment. Looked for only in texts that hold
the word.
"""

import re
from collections.abc import Iterator, Mapping

from asl_lint.late import Final, NamedTuple, Pattern
from asl_lint.model.machine import StateMachine
from asl_lint.source.document import Document, Pointer
from asl_lint.source.text import Span

MARK: Final = "asl-lint:"
_DIRECTIVE: Final = Pattern(r"asl-lint:\s*ignore\s*\[([^\]\n]*)\]\s*((?:(?!asl-lint:)[\s\S])*)")
_MALFORMED: Final = "malformed"
"""Stands for the reason of what is no directive: that it has none is not its fault."""
_OBJECTS: Final = ("Choices", "Retry", "Catch")


class Named(NamedTuple):
    """A rule as a directive names it, and the place of that name in the file."""

    rule: str
    span: Span


class Directive(NamedTuple):
    """One directive: which rules it silences, below which pointer (None: nothing begins there), and why (empty: it is silent)."""

    rules: tuple[Named, ...]
    covers: Pointer | None
    reason: str
    at: Pointer
    span: Span


def directives(document: Document, machine: StateMachine) -> list[Directive]:
    """All directives of a document, in the order of its text."""
    if MARK not in document.text.content:
        return []
    found = [directive for pointer, comment in _comments(machine) for directive in _in_comment(document, pointer, comment)]
    if document.format == "yaml" or (document.format == "hcl" and document.text.parent is None):  # not of HCL inside of JSON
        found += _in_text(document)
    return sorted(found, key=lambda directive: directive.span)


def template_directives(document: Document) -> list[Directive]:
    """The directives in the comments of a template, those around and in definitions alike, in the order of its text."""
    if MARK not in document.text.content or document.format == "json":
        return []
    return sorted(_in_text(document), key=lambda directive: directive.span)


def _comments(machine: StateMachine) -> Iterator[tuple[Pointer, str]]:
    """Every ``Comment`` that is the language's own; one inside a payload is data."""
    for scope in machine.scopes:
        yield from _comment(scope.body, scope.pointer)
    for state in machine.states:
        yield from _comment(state.body, state.pointer)
        for field in _OBJECTS:
            members = state.body.get(field)
            for i, member in enumerate(members if isinstance(members, list) else ()):
                if isinstance(member, dict):
                    yield from _comment(member, (*state.pointer, field, i))


def _comment(body: Mapping[str, object], pointer: Pointer) -> Iterator[tuple[Pointer, str]]:
    comment = body.get("Comment")
    if isinstance(comment, str) and MARK in comment:
        yield pointer, comment


def _in_comment(document: Document, covers: Pointer, comment: str) -> Iterator[Directive]:
    at = (*covers, "Comment")
    text = document.string(at)
    for start, end in _malformed(comment):
        span = text.trace(start, end)
        yield Directive((Named(comment[start:end], span),), None, _MALFORMED, at, span)
    for found in _DIRECTIVE.finditer(comment):
        names = tuple(Named(name, text.trace(*span)) for name, span in _names(found))
        yield Directive(names, covers, _reason(found), at, text.trace(*found.span()))


def _in_text(document: Document) -> Iterator[Directive]:
    if document.format == "hcl":
        from asl_lint.source.hcl import comments

        marks: tuple[str, ...] = ("#", "//")
    else:
        from asl_lint.source.yaml_text import comments

        marks = ("#",)
    starts: dict[int, Pointer] | None = None
    text = document.text
    lines = _lines(document)
    for comment in comments(text):
        if text.position(comment.span.start).line not in lines:
            continue  # of a template, around the definition
        for start, end in _malformed(comment.text):
            span = Span(comment.span.start + start, comment.span.start + end)
            yield Directive((Named(comment.text[start:end], span),), None, _MALFORMED, (), span)
        for found in _DIRECTIVE.finditer(comment.text):
            starts = starts if starts is not None else _line_starts(document)
            base = comment.span.start
            line = text.position(base).line
            if comment.alone:
                line += 1
                while line <= len(text.line_starts) and _is_blank(text.line(line), marks):
                    line += 1
            names = tuple(Named(name, Span(base + a, base + b)) for name, (a, b) in _names(found))
            covers = starts.get(line)
            yield Directive(names, covers, _reason(found), covers or (), Span(base + found.start(), base + found.end()))


def _lines(document: Document) -> range:
    """The lines of the text on which the document stands."""
    if not document.is_part:
        return range(1, len(document.text.line_starts) + 1)
    node = document.node(())
    first, last = (document.text.position(at).line for at in (node.value.start, node.value.end))
    return range(first, last + 1)


def _malformed(comment: str) -> Iterator[tuple[int, int]]:
    """Where the linter is named but not told what to ignore: the rest of that line, at most 40 characters."""
    told = {found.start() for found in _DIRECTIVE.finditer(comment)}
    start = comment.find(MARK)
    while start >= 0:
        if start not in told:
            line = comment[start : start + 40].splitlines()[0].rstrip()
            yield start, start + len(line)
        start = comment.find(MARK, start + 1)


def _reason(found: re.Match[str]) -> str:
    """What follows the bracket, without what only separates it from the next directive."""
    return found[2].strip().rstrip(";,|").rstrip()


def _is_blank(line: str, marks: tuple[str, ...]) -> bool:
    stripped = line.strip()
    return not stripped or stripped.startswith(marks)


def _line_starts(document: Document) -> dict[int, Pointer]:
    """Line -> the outermost node whose key, or else value, begins there."""
    starts: dict[int, Pointer] = {}
    for pointer in document.pointers():
        node = document.node(pointer)
        line = document.text.position((node.key or node.value).start).line
        if pointer and (line not in starts or len(pointer) < len(starts[line])):
            starts[line] = pointer
    return starts


def _names(found: re.Match[str]) -> Iterator[tuple[str, Span]]:
    start = found.start(1)
    for part in found[1].split(","):
        name = part.strip()
        if name:
            begin = start + part.index(name)
            yield name, Span(begin, begin + len(name))
        start += len(part) + 1
