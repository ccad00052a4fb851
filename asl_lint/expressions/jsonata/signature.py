"""The signature of a lambda, ``<s-a<n>?:b>``: what the reference refuses in one. Linear."""

from typing import Final

from asl_lint.expressions.jsonata.errors import BAD_REGEX
from asl_lint.expressions.jsonata.regular_expression import pattern_fault

_PATTERNS: Final = {
    "s": "[s]",
    "n": "[n]",
    "b": "[b]",
    "l": "[l]",
    "o": "[o]",
    "a": "[a]",
    "f": "f",
    "j": "[j]",
    "x": "[x]",
}


def signature_fault(signature: str) -> str | None:
    """The code of what is wrong with a signature, given with its ``<``: S0401, S0402, a bad pattern, or None.

    The reference makes a regular expression of it: a class for each parameter, with the quantifiers as they stand. What comes after
    ``:`` is not looked at, nor are letters that name no type.
    """
    pattern: list[str] = []
    last = ""
    """The type that a subtype or a quantifier would belong to."""
    at = 1
    while at < len(signature):
        symbol = signature[at]
        if symbol == ":":
            break
        if symbol in _PATTERNS:
            pattern.append(_PATTERNS[symbol])
            last = symbol
        elif symbol == "(":
            close = _closing(signature, at, "(", ")")
            choice = signature[at + 1 : close]
            if "<" in choice:
                return "S0402"
            pattern.append(f"[{choice}m]")
            last = "("
            at = close
        elif symbol == "<":
            if last != "a" and last != "f":
                return "S0401"
            at = _closing(signature, at, "<", ">")
        elif symbol == "-" and pattern:
            pattern.append("?")
        elif symbol in "?+" and pattern:
            pattern.append(symbol)
        at += 1
    return None if pattern_fault("".join(pattern)) is None else BAD_REGEX


def _closing(text: str, start: int, opener: str, closer: str) -> int:
    """Where the bracket that opens at ``start`` closes; the end where it does not."""
    level = 0
    for at in range(start, len(text)):
        if text[at] == opener:
            level += 1
        elif text[at] == closer:
            level -= 1
            if level == 0:
                return at
    return len(text)
