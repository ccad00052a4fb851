"""Broken JSON as tokens: every character gets into one, and what is no JSON in itself is said at once.

One pass, linear, some 0.5 µs a token; stretches whose quotes do not fit together are read by ``json_quotes``. Brackets, commas
and colons that are lost or too many are not seen here: see ``json_repair``. A hopeless text is not read to its end.
"""

import re
from bisect import bisect_left
from itertools import islice

from asl_lint.late import Final
from asl_lint.source.json_quotes import MAX_AHEAD, MAX_ATOMS, weigh_quotes
from asl_lint.source.json_strings import bad_escapes, string_content
from asl_lint.source.json_tokens import (
    JUNK,
    MAX_PROBLEMS,
    MAX_TOKENS,
    PLACEHOLDER,
    SCALAR,
    STRING,
    TOO_BROKEN,
    TOO_LONG,
    Tokens,
)
from asl_lint.source.text import Span

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LITERALS: Final = {"true", "false", "null"}
_FOREIGN: Final = {
    "True": "true", "TRUE": "true", "False": "false", "FALSE": "false", "None": "null", "NULL": "null", "Null": "null",
    "nil": "null", "undefined": "null",
}  # fmt: skip
_NOT_FINITE: Final = {"NaN", "Infinity", "-Infinity", "+Infinity", "nan", "inf", "-inf", "Inf", "-Inf"}
_NUMBER_LIKE: Final = re.compile(r"[+-]?(?:0[xXbBoO][0-9a-fA-F]+|(?:[0-9][0-9_]*\.?[0-9_]*|\.[0-9]+)(?:[eE][+-]?[0-9]*)?)")

# The groups that are most frequent come first: a structural character, a string with nothing wrong in it, another scalar.
_TOKEN: Final = re.compile(
    r"""[ \t\n\r]*+(?:
      ([}\[\],:]|\{(?!\{(?:resolve:[^{}\n]*+|[^{}\n":]++)\}\}))
    | ("[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*")
    | (true|false|null|-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)(?=[\s,\]}]|\Z)
    | (?P<resolve>\{\{(?:resolve:[^{}\n]*+|[^{}\n":]++)\}\})
    | (?P<string>"(?:[^"\\\n\r]|\\[^\n\r])*")
    | (?P<open>")
    | (?P<placeholder>\$\{)
    | (?P<directive>%\{)
    | (?P<comment>(?<!:)//[^\n\r]*+|/\*|\#[^\n\r]*+)
    | (?P<single>'(?:[^'\\\n\r]|\\[^\n\r])*')
    | (?P<curly>[“”„][^“”„"\n\r]*+[“”„])
    | (?P<word>[^\s{}\[\],:"'“”„\x00-\x1f;=()\#$%\\/]++)
    | (?P<other>[\s\S]))
    """,
    re.VERBOSE,
)
_STRUCTURAL, _CLEAN, _LITERAL = 1, 2, 3
_WORD_GOES_ON: Final = re.compile(r"(?:[^\s{}\[\],:\"'“”„\x00-\x1f;=()\#$%\\]|/(?![/*]))+")
_MORE_WORDS: Final = re.compile(r"(?:[ \t]+[^\s{}\[\],:\"'“”„\x00-\x1f;=()\#$%\\/]++)*")
_IN_PLACEHOLDER: Final = re.compile(r'["{}]')
_FLAT_PLACEHOLDER: Final = re.compile(r"[^{}\n\"]*+\}")
_TEMPLATE_STRING: Final = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_TOKENS_BEFORE: Final = 60  # that may be read again where their quotes turn out not to fit
_RAW_CONTROL: Final = re.compile(r"[\x00-\x1f]")
_END_OF_LINE: Final = re.compile(r"[\n\r]|\Z")
_ODD_RUN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\\]+|=>|"
)
_CONTROL_NAMES: Final = {"\t": "a tab", "\n": "a line break", "\r": "a line break", "\0": "a NUL character"}


def tokenize(content: str) -> Tokens:
    """All tokens of the text. Never raises."""
    return _Lexer(content).run()


class _Lexer:
    def __init__(self, content: str) -> None:
        self.content = content
        self.tokens = Tokens(content)
        self.size = len(content.rstrip(" \t\n\r"))
        self.search_budget = len(content) + 1000  # characters that may be searched for the ends of placeholders
        self.atom_budget = MAX_ATOMS  # pieces of text that may be weighed against each other
        self.at = 0

    def run(self) -> Tokens:
        content, tokens, size = self.content, self.tokens, self.size
        kinds = tokens.kinds
        add_kind, add_start, add_end = kinds.append, tokens.starts.append, tokens.ends.append
        while self.at < size:
            # Each match adds a token or a fault.
            left = MAX_TOKENS + MAX_PROBLEMS + 1 - len(kinds)
            for match in islice(_TOKEN.finditer(content, self.at, size), left):
                group = match.lastindex
                if group == _STRUCTURAL:
                    end = match.end()
                    add_kind(content[end - 1])
                    add_start(end - 1)
                    add_end(end)
                    continue
                if group == _LITERAL or (
                    group == _CLEAN and not (kinds and kinds[-1] in "svpj" and self.follows_value(match.start(group)))
                ):
                    add_kind(STRING if group == _CLEAN else SCALAR)
                    add_start(match.start(group))
                    add_end(match.end())
                    continue
                self.at = match.end()
                self.take(match)
                if self.at != match.end() or self.is_hopeless():
                    break
            else:
                break
            if self.is_hopeless():
                self.stop(TOO_BROKEN)
                break
        if len(kinds) > MAX_TOKENS:
            self.at = tokens.starts[MAX_TOKENS]
            tokens.cut(MAX_TOKENS)
            self.stop(TOO_LONG)
        return tokens

    def is_hopeless(self) -> bool:
        return len(self.tokens.problems) >= MAX_PROBLEMS or self.atom_budget <= 0

    def stop(self, why: str) -> None:
        """Read no further."""
        if self.at < self.size:
            self.tokens.rest, self.tokens.why = self.at, why

    def take(self, match: "re.Match[str]") -> None:
        """Read a token that is not one of the two most frequent kinds."""
        group = match.lastindex
        assert group is not None  # the last alternative takes any character
        start, end = match.span(group)
        kind = match.lastgroup
        if group == _CLEAN or kind == "string":
            if not (self.follows_value(start) and self.mend(start)):
                self.add_string(start, end)
        elif kind == "open":
            if not self.mend(start):
                self.unclosed(start)
        elif kind == "resolve":
            self.tokens.add(PLACEHOLDER, start, end)
        elif kind == "placeholder":
            self.placeholder(start, end)
        elif kind == "directive":
            self.directive(start)
        elif kind == "comment":
            self.comment(start, end)
        elif kind in ("single", "curly"):
            self.other_quotes(start, end, kind)
        elif kind == "word":
            self.word(start)
        else:
            self.junk(start)

    def follows_value(self, start: int) -> bool:
        """Whether a string, or a word without quotes, stands just before on the line: then the quotes may be the fault."""
        tokens = self.tokens
        if not tokens.kinds or tokens.kinds[-1] not in "svpj":
            return False
        end = tokens.ends[-1]
        return self.content.find("\n", end, start) < 0 and self.content.find("\r", end, start) < 0

    def mend(self, at: int) -> bool:
        """Read the line that holds ``at``, or a good stretch of it, again, with its quotes weighed. False where nothing fits."""
        if self.atom_budget <= 0:
            return False
        token, start = self.stretch_before(at)
        weighed = weigh_quotes(self.content, start, at, token == 0 or self.content[start - 1] in "\r\n")
        if weighed is None:
            self.atom_budget -= MAX_AHEAD
            return False
        end, pieces, atoms = weighed
        self.atom_budget -= atoms + 10
        tokens = self.tokens
        tokens.cut(token)
        for piece in pieces:
            if piece.kind == STRING:
                if piece.problem is not None:
                    tokens.fault(*piece.problem, guess=True)
                self.add_string(piece.start, piece.end, piece.problem is not None)
            elif piece.kind == JUNK:
                assert piece.problem is not None
                tokens.fault(*piece.problem, guess=True)
                tokens.add(JUNK, piece.start, piece.end)
            elif piece.kind == "w":
                self.at = piece.start
                self.scalars(piece.end)
            else:
                if piece.suspect:
                    tokens.suspect.add(len(tokens.kinds))
                tokens.add(piece.kind, piece.start, piece.end)
        self.at = end
        return True

    def stretch_before(self, at: int) -> tuple[int, int]:
        """From where to read again, as the number of a token and an offset: the start of the line, or not too far behind it."""
        content, tokens = self.content, self.tokens
        kinds, starts, ends = tokens.kinds, tokens.starts, tokens.ends
        token = max(len(kinds) - _TOKENS_BEFORE, 0)
        low = ends[token - 1] if token else 0
        newline = max(content.rfind("\n", low, at), content.rfind("\r", low, at))
        if newline < 0:
            while token and token < len(kinds) and kinds[token - 1] not in ",:[{":
                token += 1
            return (token, starts[token] if token < len(kinds) else at) if token else (0, 0)
        token = bisect_left(starts, newline + 1, token)
        if token and ends[token - 1] > newline + 1:
            return token - 1, starts[token - 1]
        return token, newline + 1

    def scalars(self, end: int) -> None:
        """Read the text up to ``end``, in which no quote counts."""
        while self.at < end:
            match = _TOKEN.match(self.content, self.at, end)
            if match is None:
                return  # nothing but blanks
            group = match.lastindex
            assert group is not None
            start, self.at = match.span(group)
            if match.lastgroup == "word" or group == _LITERAL:
                self.word(start, end)
            elif match.lastgroup == "placeholder":
                self.placeholder(start, self.at)
            elif match.lastgroup == "directive":
                self.directive(start)
            elif match.lastgroup == "comment":
                self.comment(start, self.at)
            elif match.lastgroup in ("single", "curly"):
                self.other_quotes(start, self.at, match.lastgroup)
            else:
                self.junk(start)

    def add_string(self, start: int, end: int, mended: bool = False) -> None:
        content, tokens = self.content, self.tokens
        if _RAW_CONTROL.search(content, start, end) is not None or content.find("\\", start, end) >= 0:
            inside = string_content(content, Span(start, end))
            for match in _RAW_CONTROL.finditer(content, *inside):
                if len(tokens.problems) >= MAX_PROBLEMS:
                    break
                if mended and match[0] in "\n\r":
                    continue
                name = _CONTROL_NAMES.get(match[0], f"the control character U+{ord(match[0]):04X}")
                escape = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}.get(match[0], f"\\u{ord(match[0]):04x}")
                tokens.fault(*match.span(), f"{name} inside a string must be escaped", f"write {escape}")
            for match in bad_escapes(content[inside.start : inside.end]):
                if len(tokens.problems) >= MAX_PROBLEMS:
                    break
                where = inside.start + match.start()
                tokens.fault(
                    where,
                    inside.start + match.end(),
                    f"{match[0]} is no escape of JSON",
                    "write \\u and four hexadecimal digits" if match[0] == "\\u" else "to mean a backslash, write \\\\",
                )
        tokens.add(STRING, start, end)

    def unclosed(self, start: int) -> None:
        found = _END_OF_LINE.search(self.content, start)
        end = found.start() if found is not None else len(self.content)
        self.tokens.fault(start, end, "this string is never closed", 'end it with "', guess=True)
        self.add_string(start, end)
        self.at = end

    def placeholder(self, start: int, end: int) -> None:
        """``${…}``, with braces and strings inside, as Terraform has them, and what is glued to it."""
        content = self.content
        closed = self.end_of_placeholder(end)
        if closed is None:
            self.tokens.fault(start, end, "this placeholder is never closed", "end it with }")
            self.tokens.add(JUNK, start, end)
            return
        while closed is not None:
            self.at = closed
            goes_on = _WORD_GOES_ON.match(content, closed)
            if goes_on is not None:
                self.at = goes_on.end()
            closed = self.end_of_placeholder(self.at + 2) if content.startswith("${", self.at) else None
        self.tokens.add(PLACEHOLDER, start, self.at)

    def end_of_placeholder(self, first: int) -> int | None:
        content = self.content
        depth, at, searched = 1, first, first
        while self.search_budget > 0:
            match = _IN_PLACEHOLDER.search(content, at)
            if match is None:
                searched = len(content)
                break
            searched = match.end()
            if match[0] == '"':
                string = _TEMPLATE_STRING.match(content, match.start())
                if string is None:
                    break
                at = string.end()
                continue
            at = match.end()
            depth += 1 if match[0] == "{" else -1
            if depth == 0:
                return at
        self.search_budget -= searched - first + 1
        found = _FLAT_PLACEHOLDER.match(content, first)
        return found.end() if found is not None else None

    def directive(self, start: int) -> None:
        end = self.end_of_placeholder(start + 2)
        end = start + 2 if end is None else end
        self.at = end
        directive = _short(self.content[start:end])
        self.tokens.fault(
            start, end, f"a template directive is no JSON: {directive}", "check the text that the template renders to", guess=True
        )

    def comment(self, start: int, end: int) -> None:
        if self.content.startswith("/*", start):
            close = self.content.find("*/", end)
            end = close + 2 if close >= 0 else len(self.content)
            self.at = end
        self.tokens.fault(start, end, "comments are not allowed in JSON", 'use the field "Comment"')

    def other_quotes(self, start: int, end: int, kind: str) -> None:
        what = (
            "single quotes: JSON strings take double quotes"
            if kind == "single"
            else "curly quotes: JSON strings take straight ones"
        )
        self.tokens.fault(start, end, what, f'write "{_short(self.content[start + 1 : end - 1])}"')
        self.tokens.add(STRING, start, end)

    def word(self, start: int, limit: int | None = None) -> None:
        content, tokens = self.content, self.tokens
        goes_on = _WORD_GOES_ON.match(content, start) if limit is None else _WORD_GOES_ON.match(content, start, limit)
        end = self.at = goes_on.end() if goes_on is not None else self.at
        word = content[start:end]
        if word in _LITERALS or _NUMBER.fullmatch(word):
            if content.startswith("${", end):
                self.placeholder(start, end + 2)
                return
            tokens.add(SCALAR, start, end)
        elif content.startswith("${", end):
            self.placeholder(start, end + 2)
        elif word in _FOREIGN:
            tokens.fault(start, end, f"{word} is no JSON", f"write {_FOREIGN[word]}")
            tokens.add(SCALAR, start, end)
        elif word in _NOT_FINITE:
            tokens.fault(start, end, f"{word} is no JSON: numbers are finite")
            tokens.add(SCALAR, start, end)
        elif _NUMBER_LIKE.fullmatch(word):
            tokens.fault(start, end, _number_fault(word), "write it in decimal digits, such as 7, 0.5 or -1e3")
            tokens.add(SCALAR, start, end)
        else:
            more = _MORE_WORDS.match(content, end) if limit is None else _MORE_WORDS.match(content, end, limit)
            if more is not None:
                end = self.at = more.end()
            quoted = _short(content[start:end])
            tokens.fault(start, end, f"{quoted} has no quotes", f'write "{quoted}"', guess=True)
            tokens.add(STRING, start, end)

    def junk(self, start: int) -> None:
        run = _ODD_RUN.match(self.content, start)
        self.at = end = max(run.end(), start + 1) if run is not None else start + 1
        char = self.content[start]
        if char in "\\=;()'/$%#" or char.isprintable():
            problem = f"unexpected {self.content[start:end]}"
        else:
            problem = f"the character U+{ord(char):04X} does not belong between values"
        self.tokens.fault(start, end, problem, "delete it", guess=True)
        self.tokens.add(JUNK, start, end)


def _number_fault(word: str) -> str:
    bare = word.lstrip("+-")
    if word[0] == "+":
        return f"a number takes no plus sign: {_short(word)}"
    if bare[:2].lower() in ("0x", "0b", "0o"):
        return f"numbers are decimal in JSON: {_short(word)}"
    if bare[0] == "0" and bare[1:2].isdigit():
        return f"a number does not begin with a zero: {_short(word)}"
    return f"this is no number of JSON: {_short(word)}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"
