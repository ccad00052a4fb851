"""Says what the YAML parser found wrong, where to look, and how to mend it, in the words of someone who writes YAML.

libyaml and the pure-Python parser of PyYAML word their errors differently and point at what they read last; this table turns both
into one problem at the place that a person would correct.
"""

import re

from asl_lint.late import TYPE_CHECKING, Final, NamedTuple
from asl_lint.source.text import Span, Text

if TYPE_CHECKING:
    from yaml.error import MarkedYAMLError

# What YAML forbids in a file, as both parsers have it.
UNPRINTABLE: Final = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WORD: Final = re.compile(r"[^\s\[\]{},]+")
_COLON_WITHOUT_SPACE: Final = re.compile(r"[\w\"']:[^\s/:]")
_SURROGATE_PAIR: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_TOO_LARGE: Final = re.compile(r"\\U(?!000|0010)[0-9a-fA-F]{8}")
_PLACEHOLDER_IN_FLOW: Final = re.compile(r"\$\{[^{}\n]*\}")


class SyntaxFault(NamedTuple):
    """Where a syntax error is, what it is, and how to mend it."""

    span: Span
    problem: str
    help: str | None


def unprintable(text: Text, at: int) -> SyntaxFault:
    """The fault of a character at an offset that no YAML file may hold."""
    return SyntaxFault(
        Span(at, at + 1),
        f"the character U+{ord(text.content[at]):04X} is not allowed in YAML",
        'write it as an escape in double quotes, such as "\\x07"',
    )


def code_point_too_large(text: Text) -> SyntaxFault:
    """The fault of the first escape for a character beyond the last that Unicode has."""
    found = _TOO_LARGE.search(text.content)
    start = found.start() if found else 0
    return SyntaxFault(Span(start, min(start + 10, len(text.content))), "Unicode has no such character", None)


def explain(text: Text, error: "MarkedYAMLError", shift: int) -> SyntaxFault:
    """The fault behind a parser's error; ``shift`` is how far its marks are behind the text's offsets."""
    content = text.content
    size = len(content)
    mark, context_mark = error.problem_mark or error.context_mark, error.context_mark
    at = min(mark.index + shift, size) if mark else size
    begin = min(context_mark.index + shift, size) if context_mark else at
    problem, context = error.problem or "", error.context or ""
    at_end = not content[at:].strip()
    here = content[at : at + 1]

    if "end of stream" in problem or ("document indicator" in problem and "quoted" in context):
        quote = content[begin : begin + 1] or "quote"
        return SyntaxFault(
            Span(begin, min(begin + 1, size)),
            f"the string that begins here has no closing {quote}",
            f"add the missing {quote}"
            + (" (a quote inside is written '')" if quote == "'" else ' (a quote inside is written \\")'),
        )
    if "flow" in context and ("','" in problem or "node content" in problem):
        return _in_flow(text, at, begin, at_end)
    if "could not find expected ':'" in problem:
        span = _rest_of_line(text, begin)
        if _COLON_WITHOUT_SPACE.search(content, *span):
            return SyntaxFault(span, "expected ': ' after the key", "write a space after the colon")
        return SyntaxFault(
            span, "this line is no 'key: value'", "add the ':', or indent the line if it goes on with the value above"
        )
    if "mapping values are not allowed" in problem:
        line = text.line(text.position(at).line)
        if re.search(r":\s.*:", line[: text.position(at).column]):
            return SyntaxFault(
                Span(at, at + 1), "a second ': ' on one line", "put the value in quotes if the colon belongs to it"
            )
        return SyntaxFault(
            Span(at, min(at + 1, size)),
            "a mapping cannot begin here",
            "indent this key like its neighbours, and write a space after every key's colon",
        )
    if "cannot start any token" in problem:
        if here == "\t":
            return SyntaxFault(Span(at, at + 1), "a tab cannot indent YAML", "indent with spaces")
        return SyntaxFault(Span(at, at + 1), f"a value without quotes cannot begin with '{here}'", "put the value in quotes")
    if "tab character" in problem:
        tab = content.find("\t", at)
        at = tab if tab >= 0 and not content[at:tab].strip(" ") else at
        return SyntaxFault(Span(at, min(at + 1, size)), "a tab cannot indent YAML", "indent with spaces")
    if "anchor" in context or "alias" in context:
        sign = content[begin : begin + 1]
        kind = "an alias" if sign == "*" else "an anchor"
        return SyntaxFault(
            Span(begin, min(begin + 1, size)), f"'{sign}' begins {kind}, but no name follows", "put the value in quotes"
        )
    if "escape" in problem or "hexdecimal" in problem or "hexadecimal" in problem:
        return _escape(text, at)
    if "expected key" in problem or "<block end>" in problem:
        return _at_wrong_indentation(text, at, begin, "'- ' item" if "sequence" in context or "collection" in context else "key")
    if "'-' indicator" in problem:
        return _at_wrong_indentation(text, at, begin, "'- ' item")
    if "sequence entries are not allowed" in problem:
        return SyntaxFault(
            Span(at, min(at + 1, size)),
            "a list item cannot begin here",
            "put the '- ' on a line of its own, or the value in quotes",
        )
    if "mapping keys are not allowed" in problem:
        return SyntaxFault(Span(at, min(at + 1, size)), "a '?' key cannot begin here", "put the value in quotes")
    if "document start" in problem:
        return SyntaxFault(
            _word(text, at), "text after the end of the document", "remove it, or the '...' or directive before it"
        )
    if "tag handle" in problem:
        return SyntaxFault(_word(text, at), "the tag's handle is not declared", "put the value in quotes if '!' belongs to it")
    if "node content" in problem:
        return SyntaxFault(_word(text, at), "expected a value here", None)
    if "incompatible" in problem:
        return SyntaxFault(
            _rest_of_line(text, at), "the %YAML directive asks for another version than 1.x", "remove the directive"
        )
    # Directives, tags and block headers: the parser's own words are plain enough.
    return SyntaxFault(_word(text, at), " ".join(problem.replace("\n", " ").split()) or "this is not YAML", None)


def _in_flow(text: Text, at: int, begin: int, at_end: bool) -> SyntaxFault:
    content = text.content
    opener = content[begin : begin + 1]
    if at_end and opener in ("[", "{"):
        closer = "]" if opener == "[" else "}"
        return SyntaxFault(Span(begin, begin + 1), f"'{opener}' is never closed", f"add the missing '{closer}'")
    placeholder = _PLACEHOLDER_IN_FLOW.match(content, max(at - 1, 0))
    if placeholder:
        return SyntaxFault(
            Span(*placeholder.span()),
            f"{placeholder.group()} without quotes cannot stand in brackets",
            "put the placeholder in quotes",
        )
    closers = {"[": ("]", "',' or ']'"), "{": ("}", "',' or '}'")}
    if opener not in closers:
        return SyntaxFault(_word(text, at), "expected a value here", None)
    closer, expected = closers[opener]
    line = text.position(begin).line
    problem = f"expected {expected} here"
    if line == text.position(at).line:
        return SyntaxFault(_word(text, at), problem, None)
    return SyntaxFault(_word(text, at), f"{problem}: the '{opener}' of line {line} is still open", f"add the missing '{closer}'")


def _at_wrong_indentation(text: Text, at: int, begin: int, what: str) -> SyntaxFault:
    content = text.content
    position, first = text.position(at), text.position(begin)
    before = text.line(position.line)[: position.column - 1]
    span = _word(text, at)
    if before.strip():
        quoted = before.rstrip()[-1] in "'\""
        return SyntaxFault(
            span,
            "text after the closing quote" if quoted else "unexpected text after the value",
            "put the whole value in quotes, and double or escape the quotes inside"
            if quoted
            else "put the whole value in quotes",
        )
    if content[at : at + 2] in ("- ", "-\n") and what == "key":
        return SyntaxFault(
            span, f"expected a key of the mapping that begins in line {first.line}, not a list item", "check the indentation"
        )
    if position.column == first.column:
        return SyntaxFault(span, f"expected another {what}, as in line {first.line}", "check the indentation")
    above = position.line - 1
    while above > first.line and not text.line(above).strip():
        above -= 1
    line = text.line(above)
    indentations = {len(line) - len(line.lstrip(" ")): above, first.column - 1: first.line}
    return SyntaxFault(
        span,
        f"the indentation of this {'line' if what == 'key' else 'list item'} fits no line above",
        "indent it by " + ", or ".join(f"{spaces} spaces to go on with line {n}" for spaces, n in indentations.items()),
    )


def _escape(text: Text, at: int) -> SyntaxFault:
    content = text.content
    start = at if content[at : at + 1] == "\\" else max(content.rfind("\\", max(at - 10, 0), at), 0)
    pair = _SURROGATE_PAIR.match(content, start)
    if pair is None and start >= 6:
        pair = _SURROGATE_PAIR.match(content, start - 6)
    if pair:
        return SyntaxFault(
            Span(*pair.span()),
            "YAML has no surrogate pairs",
            f"write the character itself, or \\U{_scalar_value(pair.group()):08X}",
        )
    end = start + 2
    shown = content[start:end].rstrip("\r\n")
    return SyntaxFault(
        Span(start, min(end, len(content))),
        f"{shown} is no escape that YAML knows in double quotes",
        "double the backslash, or use single quotes, where a backslash is itself",
    )


def _scalar_value(pair: str) -> int:
    return 0x10000 + ((int(pair[2:6], 16) & 0x3FF) << 10) + (int(pair[8:12], 16) & 0x3FF)


def _word(text: Text, at: int) -> Span:
    found = _WORD.match(text.content, at)
    return Span(at, found.end() if found else min(at + 1, len(text.content)))


def _rest_of_line(text: Text, at: int) -> Span:
    position = text.position(at)
    line = text.line(position.line)
    return Span(at, max(at, at + len(line[position.column - 1 :].rstrip())))
