"""Expressions over variables, and values for them: biased to paths, filters and functions that gather."""

import random
from typing import Any

from asl_lint.expressions.jsonata.functions import SIGNATURES, shape

FIELDS = ("a", "b", "c", "d")
WORDS = ("", "x", "yes", "RUNNING", "5")
_LITERALS = ("'x'", "'yes'", "''", "0", "1", "2", "-1", "1.5", "true", "false", "null", "[]", "{}", "'a'", "'RUNNING'")
KINDS = ("string", "number", "array", "object", "null", "boolean")
_ORDER = ("<", "<=", ">", ">=")
_GATHER = ("map", "filter", "single", "reduce", "each", "sift", "sort")
_OTHER = ("eval", "error", "shuffle", "random", "uuid", "now", "millis")
_CHANGING = ("error", "shuffle", "random", "uuid", "now", "millis")
_PURE = [name for name in SIGNATURES if name not in _GATHER and name not in _CHANGING]
_APPLIED = (
    "$string", "$count", "$keys", "$type", "$sum", "$uppercase()", "$split(',')", "$append(1)", "$lookup('a')", "$distinct",
    "$exists", "$merge", "$spread", "|$|{'a': 1}|", "|a|{'b': 2}, ['a']|", "function($q) { $q.a }",
)  # fmt: skip


def json_value(source: random.Random, depth: int = 3) -> Any:
    """A JSON value of few names and words, so that things meet."""
    kind = source.random()
    if depth <= 0 or kind < 0.45:
        return source.choice((None, True, False, 0, 1, 2, -1, 1.5, 7, *WORDS))
    if kind < 0.7:
        if source.random() < 0.5:
            one = json_value(source, depth - 1)
            return [one if source.random() < 0.5 else json_value(source, depth - 1) for _ in range(source.randint(0, 3))]
        return [_record(source, depth - 1) for _ in range(source.randint(0, 3))]
    return _record(source, depth - 1)


def _record(source: random.Random, depth: int) -> dict[str, Any]:
    return {name: json_value(source, depth) for name in FIELDS if source.random() < 0.6}


def variables(source: random.Random) -> dict[str, Any]:
    """Values of ``$states``, ``$v``, ``$w`` and ``$list``."""
    states = {"input": _record(source, 3), "context": {"Execution": {"Id": "x"}}}
    return {
        "states": states,
        "v": json_value(source),
        "w": json_value(source, 1),
        "list": [_record(source, 2) for _ in range(source.randint(0, 3))],
    }


class Writer:
    """Writes expressions; ``names`` are the variables that can be read where it writes."""

    def __init__(self, source: random.Random) -> None:
        self.source = source
        self.names = ["v", "w", "list", "states.input", "states"]
        self.functions: list[str] = []

    def expression(self, depth: int, context: bool = False) -> str:
        source = self.source
        if depth <= 0 or source.random() < 0.12:
            return self.leaf(context)
        return source.choice(
            (
                self.path, self.path, self.path, self.filtered, self.filtered, self.operation, self.operation, self.comparison,
                self.junction, self.conditional, self.constructed, self.array, self.gathered, self.gathered, self.pure, self.pure,
                self.block, self.grouped, self.sorted_, self.bound, self.applied, self.negated, self.kept, self.partial,
            )
        )(depth, context)  # fmt: skip

    def leaf(self, context: bool) -> str:
        source = self.source
        kind = source.random()
        if context and kind < 0.5:
            return source.choice((*FIELDS, "$", "*"))
        if kind < 0.75:
            return f"${source.choice(self.names)}"
        return source.choice(_LITERALS)

    def path(self, depth: int, context: bool) -> str:
        source = self.source
        first = self.leaf(context) if source.random() < 0.7 else f"({self.expression(depth - 1, context)})"
        if first[:1] in "'0123456789-tfn":
            first = "$v"
        steps = [first]
        for _ in range(source.randint(1, 3)):
            kind = source.random()
            if kind < 0.65:
                step = source.choice(FIELDS)
            elif kind < 0.75:
                step = f"({self.expression(depth - 1, True)})"
            elif kind < 0.82:
                step = f"{{'a': {self.expression(depth - 2, True)}, 'b': {source.choice(FIELDS)}}}"
            elif kind < 0.88:
                step = f"[{self.expression(depth - 2, True)}]"
            elif kind < 0.94:
                function = source.choice(("string", "keys", "type", "count", "exists", "number", "length"))
                step = f"${function}({source.choice(('$', source.choice(FIELDS), ''))})"
            else:
                step = source.choice(("*", "$", "**"))
            steps.append(step + self.suffix(depth))
        return ".".join(steps)

    def suffix(self, depth: int) -> str:
        kind = self.source.random()
        if kind < 0.75:
            return ""
        if kind < 0.82:
            return f"[{self.source.choice(('0', '-1', '1', '2'))}]"
        if kind < 0.95:
            return f"[{self.test(depth - 1)}]"
        return "[]"

    def test(self, depth: int) -> str:
        source = self.source
        field = source.choice((*FIELDS, "$", "a.b"))
        kind = source.random()
        if kind < 0.4:
            return f"{field} {source.choice(('=', '!=', 'in', *_ORDER))} {self.leaf(True)}"
        if kind < 0.55:
            return field
        if kind < 0.7:
            return f"$exists({field})"
        if kind < 0.8:
            return f"$type({field}) = '{source.choice(('string', 'number', 'array', 'object', 'null'))}'"
        return self.expression(depth, True)

    def filtered(self, depth: int, context: bool) -> str:
        inner = self.expression(depth - 1, context)
        return f"({inner}){self.suffix(depth) or '[' + self.test(depth - 1) + ']'}"

    def operation(self, depth: int, context: bool) -> str:
        sign = self.source.choice(("+", "-", "*", "/", "%", "&", "&"))
        return f"({self.expression(depth - 1, context)} {sign} {self.expression(depth - 1, context)})"

    def comparison(self, depth: int, context: bool) -> str:
        sign = self.source.choice(("=", "!=", "in", *_ORDER))
        return f"({self.expression(depth - 1, context)} {sign} {self.expression(depth - 1, context)})"

    def junction(self, depth: int, context: bool) -> str:
        return (
            f"({self.expression(depth - 1, context)} {self.source.choice(('and', 'or'))} {self.expression(depth - 1, context)})"
        )

    def condition(self, depth: int, context: bool = False) -> str:
        source = self.source
        subject = f"${source.choice(self.names)}" + "".join(f".{source.choice(FIELDS)}" for _ in range(source.randint(0, 2)))
        kind = source.random()
        if depth > 0 and kind < 0.3:
            return f"({self.condition(depth - 1, context)} {source.choice(('and', 'or'))} {self.condition(depth - 1, context)})"
        if kind < 0.4:
            inner = self.condition(depth - 1, context)
            if source.random() < 0.6:
                return f"$not({inner})"
            then, otherwise = source.choice((("true", "false"), ("false", "true"), (self.leaf(context), "false")))
            return f"({inner} ? {then} : {otherwise})"
        if kind < 0.5:
            return f"$exists({subject})"
        if kind < 0.6:
            return f"$type({subject}) {source.choice(('=', '!='))} '{source.choice(KINDS)}'"
        if kind < 0.68:
            return f"$boolean({subject})"
        if kind < 0.75:
            return subject
        if kind < 0.8:
            return f"{subject} in [{self.leaf(context)}, {self.leaf(context)}]"
        sides = [subject, self.leaf(context)]
        source.shuffle(sides)
        return f"{sides[0]} {source.choice(('=', '!=', 'in', *_ORDER))} {sides[1]}"

    def conditional(self, depth: int, context: bool) -> str:
        test = self.condition(2, context) if self.source.random() < 0.7 else self.expression(depth - 1, context)
        otherwise = f" : {self.expression(depth - 1, context)}" if self.source.random() < 0.7 else ""
        return f"({test} ? {self.expression(depth - 1, context)}{otherwise})"

    def constructed(self, depth: int, context: bool) -> str:
        keys = [
            f"'{self.source.choice(FIELDS)}'" if self.source.random() < 0.85 else self.expression(depth - 2, context)
            for _ in range(2)
        ]
        return "{" + ", ".join(f"{key}: {self.expression(depth - 1, context)}" for key in keys) + "}"

    def array(self, depth: int, context: bool) -> str:
        source = self.source
        parts = [self.expression(depth - 1, context) for _ in range(source.randint(0, 3))]
        if source.random() < 0.3:
            ends = [
                source.choice(("0", "1", "3", "-1", self.expression(depth - 2, context), f"$count({self.leaf(context)})"))
                for _ in range(2)
            ]
            parts.append(f"{ends[0]}..{ends[1]}")
        return f"[{', '.join(parts)}]"

    def gathered(self, depth: int, context: bool) -> str:
        source = self.source
        name = source.choice(_GATHER)
        of = self.expression(depth - 1, context)
        count = source.choice((1, 1, 1, 2, 3)) if name != "reduce" else 2
        count = 2 if name == "sort" else count
        names = [f"p{len(self.names)}{i}" for i in range(count)]
        before = list(self.names)
        self.names += names * 2
        if name == "sort" or (name in ("filter", "single", "sift") and source.random() < 0.6):
            subject = f"${names[0]}{source.choice(('', '.a', '.b'))}"
            other = f"${names[-1]}.a" if count > 1 else self.leaf(False)
            body = f"{subject} {source.choice(('=', '!=', '<', '>'))} {other}"
        else:
            body = self.expression(depth - 1)
        self.names = before
        function = f"function({', '.join('$' + n for n in names)}) {{ {body} }}"
        if source.random() < 0.1:
            function = source.choice(("$string", "$count", "$keys", "$uppercase", "$sum", "$not"))
        initial = f", {self.expression(depth - 2, context)}" if name == "reduce" and source.random() < 0.6 else ""
        if source.random() < 0.2:
            return f"({of} ~> ${name}({function}{initial}))"
        return f"${name}({of}, {function}{initial}){source.choice(('', '', '', '[]', '[0]'))}"

    def pure(self, depth: int, context: bool) -> str:
        source = self.source
        name = source.choice(_PURE)
        form = shape(name)
        least, most = form.needed, form.most if form.most is not None else 3
        arguments = [self.expression(depth - 1, context) for _ in range(source.randint(min(least, most), most))]
        return f"${name}({', '.join(arguments)})"

    def block(self, depth: int, context: bool) -> str:
        name = f"x{len(self.names)}"
        value = self.expression(depth - 1, context)
        before = list(self.names)
        self.names += [name] * 2
        again = f" ${name} := {self.expression(depth - 2, context)};" if self.source.random() < 0.2 else ""
        body = self.expression(depth - 1, context)
        self.names = before
        return f"(${name} := {value};{again} {body})"

    def grouped(self, depth: int, context: bool) -> str:
        of = self.source.choice((f"${self.source.choice(self.names)}", self.path(depth - 1, context)))
        key = self.source.choice(("a", "'k'", "b", "$string($)", "$type($)"))
        # The reference puts a member into an empty array that it groups, even a variable's: so it gets its own.
        return f"($append([], {of}){{{key}: {self.expression(depth - 2, True)}}})"

    def sorted_(self, depth: int, context: bool) -> str:
        end = self.source.choice(("", "", ".a", "[0]"))
        return f"({self.path(depth - 1, context)}^({self.source.choice(('', '<', '>'))}{self.source.choice(FIELDS)}){end})"

    def bound(self, depth: int, context: bool) -> str:
        of = f"${self.source.choice(self.names)}"
        name = f"i{len(self.names)}"
        before = list(self.names)
        self.names += [name] * 3
        body = self.expression(depth - 1, True)
        self.names = before
        field = self.source.choice(("", ".a"))
        return f"({of}{field}{self.source.choice('#@')}${name}{self.source.choice(('', '', '[0]'))}.({body}))"

    def applied(self, depth: int, context: bool) -> str:
        function = self.source.choice(_APPLIED)
        return f"({self.expression(depth - 1, context)} ~> {function})"

    def negated(self, depth: int, context: bool) -> str:
        return f"(-{self.leaf(context)})" if self.source.random() < 0.5 else f"$not({self.expression(depth - 1, context)})"

    def kept(self, depth: int, context: bool) -> str:
        return f"({self.path(depth - 1, context)}[])"

    def partial(self, depth: int, context: bool) -> str:
        name = f"f{len(self.names)}"
        parameter = f"q{len(self.names)}"
        before = list(self.names)
        self.names += [parameter] * 2
        body = self.expression(depth - 1)
        self.names = before
        call = f"${name}({self.expression(depth - 2, context)})"
        use = self.source.choice((call, call, f"$map($list, ${name})", f"${name}(?, 1)(2)"))
        return f"(${name} := function(${parameter}, $r) {{ {body} }}; {use})"


def expression(source: random.Random, depth: int = 3) -> str:
    """An expression over the variables."""
    return Writer(source).expression(depth)
