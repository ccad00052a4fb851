"""A parser for JSONata 2.0.6 by operator precedence: text in, syntax tree and errors out, never an exception.

It accepts what the reference implementation accepts and names the first error by the reference's code. The binding powers are
those of the operator table of jsonata-js (MIT licence). After an error it goes on: a missing operand becomes a Missing node, a
missing bracket is taken for closed. Linear in the text; tokens are read as they are needed, because only the parser knows whether
a slash divides or begins a regular expression.
"""

from collections.abc import Callable
from functools import lru_cache

from asl_lint.expressions.jsonata.brackets import CLOSERS, SEPARATORS, Brackets
from asl_lint.expressions.jsonata.errors import (
    MAX_HEIGHT,
    MAX_NESTING,
    TOO_DEEP,
    Error,
)
from asl_lint.expressions.jsonata.lexer import END, NAME, NUMBER, QUOTED, REGEX, STRING, VALUE, VARIABLE
from asl_lint.expressions.jsonata.nodes import (
    REMEMBERED,
    Apply,
    Array,
    Binary,
    Bind,
    Block,
    Boolean,
    Call,
    Condition,
    Descendants,
    Expression,
    Filter,
    Focus,
    Group,
    Index,
    KeepArray,
    Lambda,
    Met,
    Missing,
    Name,
    Negate,
    Node,
    Null,
    Number,
    Object,
    Pair,
    Parent,
    Path,
    Placeholder,
    Range,
    Regex,
    Sort,
    SortTerm,
    String,
    Transform,
    Variable,
    Wildcard,
)
from asl_lint.late import Final, Pattern

_POWER: Final = {
    "(": 80,
    "[": 80,
    "@": 80,
    "#": 80,
    ".": 75,
    "{": 70,
    "*": 60,
    "/": 60,
    "%": 60,
    "+": 50,
    "-": 50,
    "&": 50,
    "=": 40,
    "!=": 40,
    "<": 40,
    "<=": 40,
    ">": 40,
    ">=": 40,
    "~>": 40,
    "in": 40,
    "^": 40,
    "and": 30,
    "or": 25,
    "?": 20,
    ":=": 10,
}
"""How tightly an operator binds what stands before it."""
_OF_STEP: Final = _POWER["."]
_FIELDS: Final = frozenset({NAME, QUOTED})

_HARMLESS: Final = frozenset({Name, Variable, Call, Block, String, Path, Wildcard, Array, Object})
"""What the checks after parsing never refuse as a step."""


@lru_cache(REMEMBERED)
def parse(text: str) -> tuple[Expression, tuple[Error, ...]]:
    """The tree of an expression and its errors, the reference's first error first. Never raises.

    A machine says the same few expressions again and again, and several facts ask for one: the last ones are remembered. The
    tree is whole where there are no errors; otherwise it holds Missing nodes, and its ``rest`` what followed the expression.
    """
    plain = _plain(text)
    if plain is not None:
        return plain, ()
    parser = _Parser(text)
    try:
        tree = parser.parse()
        if len(text) > MAX_HEIGHT and _is_higher(tree, MAX_HEIGHT):
            return _refused(parser)
        if parser.suspect and not parser.errors:
            from asl_lint.expressions.jsonata.structure import structure_errors

            return tree, structure_errors(tree)
    except RecursionError:
        # The caller's own stack left no room for MAX_NESTING levels.
        return _refused(parser)
    return tree, tuple(parser.errors)


_PLAIN: Final = Pattern(r"[ \t\n\r\v]*+\$([^\W\d]\w*+)(?:\.([^\W\d]\w*+(?:\.[^\W\d]\w*+)*))?[ \t\n\r\v]*+\Z")
_NO_FIELD: Final = frozenset({"true", "false", "null", "and", "or", "in"})
"""Words that are no plain names, or are read in a way of their own."""


def _plain(text: str) -> Expression | None:
    """The tree of ``$name`` or ``$name.field.field``, which most expressions are, without reading tokens; None of any other."""
    match = _PLAIN.match(text)
    if match is None:
        return None
    start, end = match.span(1)
    variable = Variable(start - 1, end, match[1])
    if match[2] is None:
        return Expression(text, variable, met=Met((variable,), _NOWHERE, (), False, False), plain=True)
    steps: list[Node] = [variable]
    at = match.start(2)
    for name in match[2].split("."):
        if name in _NO_FIELD:
            return None
        end = at + len(name)
        steps.append(Name(at, end, name))
        at = end + 1
    path = Path(start - 1, end, tuple(steps))
    return Expression(text, path, met=Met((variable,), _NOWHERE, (path,), False, False), plain=True)


_NOWHERE: Final[frozenset[int]] = frozenset()


def _refused(parser: "_Parser") -> tuple[Expression, tuple[Error, ...]]:
    text = parser.text
    if not any(error.code == TOO_DEEP for error in parser.errors):
        parser.stopped = False
        parser.report(TOO_DEEP, 0, len(text))
    return Expression(text, Missing(0, 0), comments=tuple(parser.comments)), tuple(parser.errors)


def _is_higher(tree: Node, bound: int) -> bool:
    """Whether the tree has more than ``bound`` levels."""
    level: list[Node] = [tree]
    for _ in range(bound):
        level = [child for node in level for child in node.children()]
        if not level:
            return False
    return True


_OPERAND: Final[dict[str, "Callable[[_Parser], Node]"]] = {}
"""What reads an operand, by the token that it begins with."""

_SUFFIX: Final[dict[str, "Callable[[_Parser, Node], Node]"]] = {}
"""What reads on after an operand, by the operator; the plain binary operators are not here."""


class _Parser(Brackets):
    """The state of one parse. Where a method reads brackets, the opening one is the current token when it is called."""

    __slots__ = ("bare", "binds", "called", "depth", "paths", "suspect", "variables")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        # What nodes.Met tells of the tree.
        self.variables: list[Variable] = []
        self.called: list[int] = []
        self.paths: list[Path] = []
        self.binds = False
        self.bare = False
        self.suspect = False
        """Whether something was read that the checks after parsing could refuse."""

    def parse(self) -> Expression:
        self.advance()
        body = self.expression(0)
        rest: list[Node] = []
        if self.kind != END:
            self.report("S0201", self.start, self.end)
            while self.kind != END:
                if self.kind in CLOSERS or self.kind in SEPARATORS or not self.begins_operand():
                    self.advance()
                else:
                    rest.append(self.expression(0))
        if self.errors:
            return Expression(self.text, body, tuple(rest), tuple(self.comments))
        met = Met(tuple(self.variables), frozenset(self.called), tuple(self.paths), self.binds, self.bare)
        return Expression(self.text, body, (), tuple(self.comments), met)

    def expression(self, power: int) -> Node:
        """The expression at the current token, up to the first operator that binds no tighter than ``power``."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            self._stop()
        kind = self.kind
        start = self.start
        left: Node
        if kind == VARIABLE:
            name = self.value[1:]
            left = Variable(start, self.end, name)
            if name and name != "$":
                self.variables.append(left)
            else:
                self.bare = True
            self.advance(True)
        elif kind == STRING:
            left = String(start, self.end, self.value)
            self.advance(True)
        elif kind in _FIELDS:
            left = Name(start, self.end, self.value, kind == QUOTED)
            if power != _OF_STEP:
                self.bare = True
            self.advance(True)
        else:
            read = _OPERAND.get(kind)
            left = read(self) if read is not None else self._no_operand(power)
        while (binding := _POWER.get(self.kind, 0)) > power:
            kind = self.kind
            read_on = _SUFFIX.get(kind)
            if read_on is not None:
                left = read_on(self, left)
            else:
                self.advance()
                right = self.expression(binding)
                left = Binary(left.start, self.last_end, kind, left, right)
        self.depth -= 1
        return left

    # Operands

    def _number(self) -> Node:
        node = Number(self.start, self.end, self.number())
        self.advance(True)
        return node

    def _value(self) -> Node:
        start, end, word = self.start, self.end, self.value
        self.advance(True)
        return Null(start, end) if word == "null" else Boolean(start, end, word == "true")

    def _regex(self) -> Node:
        flags = self.regex_flags
        node = Regex(self.start, self.end, self.value, flags)
        self.advance(True)
        return node

    def _operator_as_name(self) -> Node:
        self.bare = True
        node = Name(self.start, self.end, self.kind)
        self.advance(True)
        return node

    def _mark(self) -> Node:
        kind, start, end = self.kind, self.start, self.end
        self.advance(True)
        if kind == "*":
            return Wildcard(start, end)
        if kind == "**":
            return Descendants(start, end)
        self.suspect = True
        return Parent(start, end)

    def _negate(self) -> Node:
        start = self.start
        self.advance(True)
        operand = self.expression(_POWER["{"])
        return Negate(start, self.last_end, operand)

    def _no_operand(self, power: int) -> Node:
        """An operand must begin here and does not: the operand behind the tokens that are in the way, or a Missing node."""
        if self.kind == END:
            # The reference finds this after parsing, so that a bracket that is not closed is the first error.
            self.suspect = True
            return Missing(self.last_end, self.last_end)
        self.report_no_operand()
        while self.kind != END and self.kind not in CLOSERS and self.kind not in SEPARATORS:
            if self.begins_operand():
                return self.expression(power)
            self.advance()
        return Missing(self.last_end, self.last_end)

    # Brackets

    def _block(self) -> Node:
        start = self.open(")", infix=True)
        expressions: list[Node] = []
        while self.kind != ")":
            expressions.append(self.expression(0))
            if not self.more(";"):
                break
        self.close()
        return Block(start, self.last_end, tuple(expressions))

    def _array(self) -> Node:
        start = self.open("]", infix=True)
        items: list[Node] = []
        if self.kind != "]":
            while True:
                item = self.expression(0)
                if self.kind == "..":
                    self.advance()
                    last = self.expression(0)
                    item = Range(item.start, self.last_end, item, last)
                items.append(item)
                if not self.more(","):
                    break
        self.close()
        return Array(start, self.last_end, tuple(items))

    def _pairs(self, infix: bool) -> tuple[Pair, ...]:
        pairs: list[Pair] = []
        self.open("}", infix)
        if self.kind != "}":
            while True:
                key = self.expression(0)
                if self.kind == ":":
                    self.advance()
                    value = self.expression(0)
                else:
                    self.expected(":", self.closers[-1][1])
                    value = self._value_without_colon()
                pairs.append(Pair(key.start, self.last_end, key, value))
                if not self.more(","):
                    break
        self.close()
        return tuple(pairs)

    def _value_without_colon(self) -> Node:
        while self.kind != END and self.kind not in CLOSERS and self.kind not in SEPARATORS:
            if self.begins_operand():
                return self.expression(0)
            self.advance()
        return Missing(self.last_end, self.last_end)

    def _object(self) -> Node:
        start = self.start
        pairs = self._pairs(infix=True)
        return Object(start, self.last_end, pairs)

    def _transform(self) -> Node:
        start = self.open("|", infix=True)
        pattern = self.expression(0)
        if self.kind == "|":
            self.advance()
        else:
            self.expected("|", start)
        update = self.expression(0)
        delete = None
        if self.kind == ",":
            self.advance()
            delete = self.expression(0)
        self.close(infix=False)
        return Transform(start, self.last_end, pattern, update, delete)

    # What follows an operand

    def _path(self, left: Node) -> Node:
        steps = [left]
        while self.kind == ".":
            self.advance()
            step = self.expression(_OF_STEP)
            steps.append(step)
            if type(step) not in _HARMLESS:
                self.suspect = True
        first = type(left)
        if first is not Variable and first is not Block and first is not Call:
            self.bare = True
            if first not in _HARMLESS:
                self.suspect = True
        path = Path(left.start, self.last_end, tuple(steps))
        self.paths.append(path)
        return path

    def _bracket(self, left: Node) -> Node:
        self.open("]")
        if self.kind == "]":
            self.close(infix=False)
            return KeepArray(left.start, self.last_end, left)
        predicate = self.expression(0)
        self.close()
        return Filter(left.start, self.last_end, left, predicate)

    def _group(self, left: Node) -> Node:
        self.suspect = True
        pairs = self._pairs(infix=False)
        return Group(left.start, self.last_end, left, pairs)

    def _sort(self, left: Node) -> Node:
        self.advance()
        if self.kind != "(":
            self.expected("(")
            term = self.expression(_POWER["^"])
            return Sort(left.start, self.last_end, left, (SortTerm(term.start, term.end, term, False),))
        self.open(")")
        terms: list[SortTerm] = []
        while True:
            start, mark = self.start, self.kind
            if mark == "<" or mark == ">":
                self.advance()
            expression = self.expression(0)
            if mark != "<" and mark != ">":
                start = expression.start
            terms.append(SortTerm(start, self.last_end, expression, mark == ">"))
            if not self.more(","):
                break
        self.close(infix=False)
        return Sort(left.start, self.last_end, left, tuple(terms))

    def _binding(self, left: Node) -> Node:
        kind = self.kind
        self.advance()
        variable = self.expression(_POWER[kind])
        self.suspect = self.binds = True
        if not isinstance(variable, Variable):
            place = self if isinstance(variable, Missing) else variable
            self.report("S0214", place.start, place.end, kind)
        make = Focus if kind == "@" else Index
        return make(left.start, self.last_end, left, variable)

    def _bind(self, left: Node) -> Node:
        self.binds = True
        self.advance()
        if not isinstance(_without_brackets(left), Variable):
            self.report("S0212", left.start, left.end)
        value = self.expression(_POWER[":="] - 1)
        return Bind(left.start, self.last_end, left, value)

    def _apply(self, left: Node) -> Node:
        self.advance()
        right = self.expression(_POWER["~>"])
        if type(right) is Variable:
            self.called.append(right.start)
        return Apply(left.start, self.last_end, left, right)

    def _condition(self, test: Node) -> Node:
        self.advance()
        then = self.expression(0)
        otherwise = None
        if self.kind == ":":
            self.advance()
            otherwise = self.expression(0)
        return Condition(test.start, self.last_end, test, then, otherwise)

    def _call(self, left: Node) -> Node:
        self.open(")")
        arguments: list[Node] = []
        partial = False
        if self.kind != ")":
            while True:
                if self.kind == "?":
                    partial = True
                    arguments.append(Placeholder(self.start, self.end))
                    self.advance()
                else:
                    arguments.append(self.expression(0))
                if not self.more(","):
                    break
        self.close()
        if type(left) is Variable:
            self.called.append(left.start)
        else:
            name = _without_brackets(left)
            if isinstance(name, Name) and (name.value == "function" or name.value == "λ"):
                return self._lambda(left.start, arguments)
        return Call(left.start, self.last_end, left, tuple(arguments), partial)

    def _lambda(self, start: int, parameters: list[Node]) -> Node:
        self.binds = True
        for parameter in parameters:
            if not isinstance(_without_brackets(parameter), Variable):
                self.report("S0208", parameter.start, parameter.end)
        signature = self._signature() if self.kind == "<" else None
        if self.kind != "{":
            self.expected("{")
            return Lambda(start, self.last_end, tuple(parameters), signature, Missing(self.last_end, self.last_end))
        self.open("}")
        body = self.expression(0)
        self.close(infix=False)
        return Lambda(start, self.last_end, tuple(parameters), signature, body)

    def _signature(self) -> str:
        """The signature at the current ``<``, read token by token as the reference does: blanks do not count."""
        start = self.start
        words = ["<"]
        level = 1
        while level > 0 and self.kind != "{" and self.kind != END:
            self.advance()
            if self.kind == "<":
                level += 1
            elif self.kind == ">":
                level -= 1
            words.append(self.token_text())
        if self.kind != ">":
            self.expected(">", start)
            return "".join(words)
        self.advance()
        signature = "".join(words)
        from asl_lint.expressions.jsonata.signature import signature_fault

        code = signature_fault(signature)
        if code is not None:
            self.report(code, start, self.last_end)
        return signature

    def _stop(self) -> None:
        """Gives up: brackets within brackets beyond the bound."""
        self.report(TOO_DEEP, self.start, self.end)
        self.stop()


def _without_brackets(node: Node) -> Node:
    """What ``[]`` follows; the reference takes ``x[]`` for ``x`` until it evaluates."""
    while isinstance(node, KeepArray):
        node = node.expression
    return node


_OPERAND.update(
    {
        NUMBER: _Parser._number,
        VALUE: _Parser._value,
        REGEX: _Parser._regex,
        "and": _Parser._operator_as_name,
        "or": _Parser._operator_as_name,
        "in": _Parser._operator_as_name,
        "*": _Parser._mark,
        "**": _Parser._mark,
        "%": _Parser._mark,
        "-": _Parser._negate,
        "(": _Parser._block,
        "[": _Parser._array,
        "{": _Parser._object,
        "|": _Parser._transform,
    }
)
_SUFFIX.update(
    {
        ".": _Parser._path,
        "(": _Parser._call,
        "[": _Parser._bracket,
        "{": _Parser._group,
        "^": _Parser._sort,
        "@": _Parser._binding,
        "#": _Parser._binding,
        ":=": _Parser._bind,
        "~>": _Parser._apply,
        "?": _Parser._condition,
    }
)
