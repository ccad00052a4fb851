"""Expressions for the comparison with the reference: grown from the grammar, thrown together from tokens, bent from real ones."""

import random

from asl_lint.expressions.jsonata.functions import SIGNATURES

_LEAVES = ["a", "b", "c", "$x", "$", "$$", "%", "%", "*", "**", "1", '"s"', "null", "true", "and", "/r/", "`q`", "$f", "-1"]
_OPERATORS = ["+", "-", "*", "/", "%", "=", "!=", "<", ">=", " and ", " or ", " in ", "&", "~>"]
# fmt: off
_TOKENS = [
    "a", "b", "foo", "$x", "$", "$$", "%", "*", "**", "1", "2.5", "1e999", "0", '"s"', "'t'", "`q`", "true", "null",
    "and", "or", "in",
    "function", "(", ")", "[", "]", "{", "}", ",", ";", ":", "?", ".", "..", "@", "#", "$i", "@$v", "#$i", "+", "-",
    "/", "%.", "|", "=",
    "<", ">", "<=", "!=", ":=", "~>", "~", "!", "^", "&", "^(", "[0]", "[]", '{"a":b}', "function($x){", "λ($x)",
    "<n>", "<a<s>:n>", " ",
    "\n", "\t", "\v", "\f", "\u00a0", "/a/", "/[a]/i", "/*c*/", "/*", '"\\n"', '"\\u0041"', '"\\x"', "'", '"', "`",
    "\\", "é", "😀",
    "(a;b)", "|a|{}|", "f(?)", ".%", ".%.", "[%.a]", ".(%.b)", "007", "1.", ".5", "&&", "==", "||", "??", "?:", "=>", "//",
]
_PATTERNS = [
    "a", "(", ")", "(?:", "(?=", "(?<=", "(?<n>", "\\k<n>", "\\k", "[a-z]", "[", "[^", "]", "{1,2}", "{2,1}", "{3}",
    "{", "}", "*", "+",
    "?", "^", "$", "|", "\\d", "\\", "\\b", "-", "\\cA", "\\c", "\\c1", "\\x41", "\\u0041", "\\1", "[\\d-x]", "[\\b]",
    "[\\cA-b]",
    "[a-\\x20]", "[é-a]", "😀", "[😀]", "[\\1-\\0]", "(?i)", ".", ",",
]
_SIGNATURES = ["s", "n", "a", "f", "x", "j", "o", "<s>", "<n>", "(sn)", "(", "?", "-", "+", ":", "a<s>", "z", ">", "<", "(z-a)"]
# fmt: on


def grown(random: random.Random, depth: int) -> str:
    """An expression of the grammar; it can still be refused, for a literal in a path or a parent that is none."""
    if depth <= 0 or random.random() < 0.3:
        return random.choice(_LEAVES)

    def part() -> str:
        return grown(random, depth - 1)

    forms = [
        lambda: f"{part()}.{part()}",
        lambda: f"{part()}.{part()}",
        lambda: f"{part()}.%",
        lambda: f"{part()}.%.{part()}",
        lambda: f"{part()}[{part()}]",
        lambda: f"{part()}[{part()}]",
        lambda: f"{part()}[]",
        lambda: f"{part()}{{{part()}:{part()}}}",
        lambda: f"{{{part()}:{part()}}}",
        lambda: f"{part()}^({random.choice(['', '<', '>'])}{part()})",
        lambda: f"{part()}@$v",
        lambda: f"{part()}#$i",
        lambda: f"({part()})",
        lambda: f"({part()};{part()})",
        lambda: f"[{part()},{part()}]",
        lambda: f"[{part()}..{part()}]",
        lambda: f"{part()}{random.choice(_OPERATORS)}{part()}",
        lambda: f"{part()}?{part()}:{part()}",
        lambda: f"$z:={part()}",
        lambda: f"$f({part()})",
        lambda: f"{part()}({part()},?)",
        lambda: f"function($q){{{part()}}}",
        lambda: f"function($q)<{_signature(random)}>{{{part()}}}",
        lambda: f"|{part()}|{part()}|",
        lambda: f"-{part()}",
        lambda: f"{part()}@$v.{part()}@$w.{part()}",
        lambda: "()",
    ]
    return random.choice(forms)()


def bent(random: random.Random, expression: str) -> str:
    """An expression with one to three slips of the hand."""
    text = list(expression)
    for _ in range(random.randint(1, 3)):
        at = random.randrange(len(text) + 1)
        slip = random.random()
        if slip < 0.3:
            del text[at : at + 1]
        elif slip < 0.4:
            del text[at:]
        elif slip < 0.5 and len(text) > 1:
            at, other = random.randrange(len(text)), random.randrange(len(text))
            text[at], text[other] = text[other], text[at]
        elif slip < 0.6:
            end = random.randrange(at, len(text) + 1)
            text[at:at] = text[at:end][:20]
        else:
            text[at:at] = random.choice(_TOKENS)
    return "".join(text)


def any_expression(random: random.Random, real: list[str]) -> str:
    """One of all kinds; ``real`` are those to bend."""
    kind = random.random()
    if kind < 0.35:
        return bent(random, random.choice(real))
    if kind < 0.6:
        return grown(random, random.randint(1, 5))
    if kind < 0.7:
        return bent(random, grown(random, random.randint(1, 4)))
    if kind < 0.75:
        pattern = "".join(random.choices(_PATTERNS, k=random.randint(1, 7)))
        return f"/{pattern}/{random.choice(['', '', 'i', 'm', 'im', 'ii', 'g'])}"
    if kind < 0.8:
        return f"function($x)<{_signature(random)}>{{1}}"
    return random.choice(["", " "]).join(random.choices(_TOKENS, k=random.randint(1, 8)))


_VALUES = [
    "'text'", "''", "'true'", "'a'", "7", "0", "-1", "1.5", "true", "false", "null", "[]", "[1, 2]", "['a']", "[1, 'a']", "{}",
    "{'a': 1}", "function($x) { $x }", "function($x, $y) { $x }", "/a/", "$states.input.count", "$states.input.name",
    "$states.input.list", "$states.input.flag", "$states.input.nothing", "$states.input.deep", "$states.input.missing", "$x",
    "$uppercase", "$nope", "$now()", "$millis()", "'SHA-256'",
]  # fmt: skip
_NAMES = [*sorted(SIGNATURES), "eval", "nope", "x"]


def meant(random: random.Random, depth: int) -> str:
    """An expression that means something: calls of functions of the table, operators, conditions, over values of all types."""
    if depth <= 0 or random.random() < 0.2:
        return random.choice(_VALUES)

    def part() -> str:
        return meant(random, depth - 1)

    def call() -> str:
        name = random.choice(_NAMES)
        most = min(len(SIGNATURES.get(name, "<ss>")) - 2, 3)
        return f"${name}({', '.join(part() for _ in range(random.randint(0, most)))})"

    forms = [
        call,
        call,
        call,
        call,
        lambda: f"({part()} {random.choice(['+', '-', '*', '/', '%', '<', '>=', '=', '!=', '&', 'in', 'and', 'or'])} {part()})",
        lambda: f"({part()} {random.choice(['+', '-', '*', '/', '%', '<', '>=', '=', '!=', '&', 'in', 'and', 'or'])} {part()})",
        lambda: f"({part()} ~> {random.choice([call, part])()})",
        lambda: f"({part()} ? {part()} : {part()})",
        lambda: f"({part()} ? {part()})",
        lambda: f"[{part()}, {part()}]",
        lambda: f"[{part()}..{part()}]",
        lambda: f"{{{part()}: {part()}, {part()}: {part()}}}",
        lambda: f"($x := {part()}; {part()})",
        lambda: f"{random.choice(['$states.input.list', '[1, 2]', '$states.input.deep.a', part()])}.({part()})",
        lambda: f"{random.choice(['$states.input.list', '[1, 2]', '$states.input.deep.a', part()])}[{part()}]",
        lambda: f"({part()}){{{part()}: {part()}}}",
        lambda: f"-({part()})",
        lambda: f"function($x) {{ {part()} }}",
        lambda: f"({part()} ~> |$|{part()}|)",
    ]
    return random.choice(forms)()


def _signature(random: random.Random) -> str:
    return "".join(random.choices(_SIGNATURES, k=random.randint(0, 5)))
