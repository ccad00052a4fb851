"""The condition and update expressions of DynamoDB, as far as one needs to tell what they test and what they write.

Hand-written, one pass, bounded in depth; what is not understood is None. Grammar: Amazon DynamoDB Developer Guide,
"Condition and filter expressions, operators, and functions" and "Update expressions".
"""

import re

from asl_lint.late import Final, Literal, NamedTuple, Pattern

_TOKEN: Final = Pattern(r"\s*(<>|<=|>=|[=<>(),+]|[:#]?[A-Za-z0-9_.\-\[\]#:]+)")
_CLAUSE: Final = Pattern(r"(?<![\w#:.\-\]])(SET|REMOVE|ADD|DELETE)(?![\w.\-\[])", re.IGNORECASE)
"""A keyword, which an attribute (``#set``) or a value (``:add``) may be named after."""
_ATTRIBUTE: Final = Pattern(r"#?\w[\w.\-#]*(?:\[\d+\][\w.\-#]*)*")
_VALUE: Final = Pattern(r":\w+")
_DEEPEST: Final = 40


class Test(NamedTuple):
    """``left operator right`` (both as they are written: ``name``, ``#name``, ``:value``), or whether ``left`` ``exists``."""

    operator: Literal["=", "<>", "<", "<=", ">", ">=", "exists", "other"]
    left: str = ""
    right: str = ""


class Compound(NamedTuple):
    """``and``, ``or`` of parts, or ``not`` of one."""

    operator: Literal["and", "or", "not"]
    parts: tuple["Expression", ...]


Expression = Test | Compound


def parse_condition(text: str) -> Expression | None:
    """The tree of a condition expression; None where it is none, or nested too deeply."""
    tokens = _tokens(text)
    if not tokens:
        return None
    parser = _Parser(tokens)
    try:
        found = parser.either(0)
    except _NoConditionError:
        return None
    return found if parser.at == len(tokens) else None


class Write(NamedTuple):
    """What an update does to an attribute: it gets ``value`` (``:token``; None: something computed), or is removed."""

    attribute: str
    value: str | None
    removed: bool = False


def parse_update(text: str) -> list[Write] | None:
    """What an update expression writes, in order; None where it is none."""
    clauses = _CLAUSE.split(text)
    if len(clauses) < 3 or clauses[0].strip():
        return None
    writes: list[Write] = []
    for keyword, body in zip(clauses[1::2], clauses[2::2], strict=True):
        for action in _actions(body):
            write = _write(keyword.upper(), action)
            if write is None:
                return None
            writes.append(write)
    return writes


def _write(keyword: str, action: str) -> Write | None:
    """What one action of a clause writes; None where it is none."""
    if keyword == "SET":
        attribute, _, value = (part.strip() for part in action.partition("="))
        is_whole = bool(value)
    elif keyword == "REMOVE":
        attribute, value, is_whole = action.strip(), "", True
    else:
        attribute, value = [*action.split(maxsplit=1), "", ""][:2]
        is_whole = _VALUE.fullmatch(value.strip()) is not None
    if not is_whole or _ATTRIBUTE.fullmatch(attribute) is None:
        return None
    is_given = keyword == "SET" and _VALUE.fullmatch(value) is not None
    return Write(attribute, value if is_given else None, removed=keyword == "REMOVE")


def tests_of(expression: Expression) -> list[Test]:
    """All tests of a condition, in order."""
    found: list[Test] = []
    pending: list[Expression] = [expression]
    while pending:
        part = pending.pop()
        if isinstance(part, Test):
            found.append(part)
        else:
            pending += reversed(part.parts)
    return found


def _actions(body: str) -> list[str]:
    """The parts of a clause between commas that are in no parentheses."""
    found, depth, start = list[str](), 0, 0
    for i, character in enumerate(body):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            found.append(body[start:i])
            start = i + 1
    return [*found, body[start:]]


def _tokens(text: str) -> list[str] | None:
    found: list[str] = []
    at, end = 0, len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None:
            return None
        found.append(token[1])
        at = token.end()
    return found


class _NoConditionError(Exception):
    pass


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.at = 0

    def either(self, depth: int) -> Expression:
        if depth > _DEEPEST:
            raise _NoConditionError
        parts = [self.both(depth)]
        while self.word() == "OR":
            self.at += 1
            parts.append(self.both(depth))
        return parts[0] if len(parts) == 1 else Compound("or", tuple(parts))

    def both(self, depth: int) -> Expression:
        parts = [self.negated(depth)]
        while self.word() == "AND":
            self.at += 1
            parts.append(self.negated(depth))
        return parts[0] if len(parts) == 1 else Compound("and", tuple(parts))

    def negated(self, depth: int) -> Expression:
        turns = 0
        while self.word() == "NOT":
            self.at += 1
            turns += 1
        found = self.simple(depth)
        return Compound("not", (found,)) if turns % 2 else found

    def simple(self, depth: int) -> Expression:
        token = self.take()
        if token == "(":
            found = self.either(depth + 1)
            self.expect(")")
            return found
        name = token.lower()
        if self.word() == "(":
            arguments = self.arguments()
            if name in ("attribute_exists", "attribute_not_exists") and len(arguments) == 1:
                test = Test("exists", arguments[0])
                return test if name == "attribute_exists" else Compound("not", (test,))
            if name == "size":
                return self.compared("")
            return Test("other")
        return self.compared(token)

    def compared(self, left: str) -> Expression:
        operator = self.take()
        if operator in ("=", "<>", "<", "<=", ">", ">="):
            right = self.take()
            if self.word() == "(":
                self.arguments()
                right = ""
            if not left or not right:
                return Test("other")
            return Test(operator, left, right)  # type: ignore[arg-type]
        if operator.upper() == "BETWEEN":
            self.take()
            self.expect("AND")
            self.take()
            return Test("other")
        if operator.upper() == "IN":
            values = self.arguments()
            return Compound("or", tuple(Test("=", left, value) for value in values)) if left else Test("other")
        raise _NoConditionError

    def arguments(self) -> list[str]:
        self.expect("(")
        found = [self.take()]
        while self.word() == ",":
            self.at += 1
            found.append(self.take())
        self.expect(")")
        return found

    def word(self) -> str:
        return self.tokens[self.at].upper() if self.at < len(self.tokens) else ""

    def take(self) -> str:
        if self.at >= len(self.tokens):
            raise _NoConditionError
        self.at += 1
        return self.tokens[self.at - 1]

    def expect(self, token: str) -> None:
        if self.take().upper() != token:
            raise _NoConditionError
