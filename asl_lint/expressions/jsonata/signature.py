"""The signature of a lambda, ``<s-a<n>?:b>``: what the reference refuses in one. Linear."""

from asl_lint.expressions.jsonata.errors import BAD_REGEX
from asl_lint.expressions.jsonata.regular_expression import pattern_fault
from asl_lint.late import Final

_TYPES: Final = frozenset("snbloafjx")


def signature_fault(signature: str) -> str | None:
    """The code of what is wrong with a signature, given with its ``<``: S0401, S0402, a bad pattern, or None.

    The reference makes a regular expression of it: a class for each parameter, with the quantifiers as they stand. What comes
    after ``:`` is not looked at, nor are letters that name no type.
    """
    parameters: list[str] = []
    # What stands before the first parameter is as good as one until a parameter comes; then it is forgotten.
    current, kind = "_", ""
    at = 1
    while at < len(signature):
        symbol = signature[at]
        if symbol == ":":
            break
        if symbol in _TYPES or symbol == "(":
            if kind:
                parameters.append(current)
            kind = symbol
            current = "[m]"
            if symbol == "(":
                close = _closing(signature, at, "(", ")")
                choice = signature[at + 1 : close]
                if "<" in choice:
                    return "S0402"
                current = f"[{choice}m]"
                at = close
        elif symbol == "<":
            if kind != "a" and kind != "f":
                return "S0401"
            at = _closing(signature, at, "<", ">")
        elif symbol == "-":
            # Here it makes one of this parameter alone, so that a fault of it comes before those further on.
            if pattern_fault(current) is not None:
                return BAD_REGEX
            current += "?"
        elif symbol in "?+":
            current += symbol
        at += 1
    if kind:
        parameters.append(current)
    return None if pattern_fault("".join(parameters)) is None else BAD_REGEX


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
