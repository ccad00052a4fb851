"""The functions of JSONata as Step Functions has them: those of JSONata 2.0.6 less ``$eval``, and six of its own.

Signatures as the reference defines them (jsonata-js 2.0.6, MIT, functions' registrations; the service's own: developer guide,
"JSONata functions provided by Step Functions"). In a signature: s string, n number, b boolean, l null, o object, a array, f
function, j any JSON, x anything, ( ) one of several, < > what an array or function holds, - the context where the argument is
missing, ? optional, + one or more, : what it gives.
"""

from collections.abc import Mapping
from functools import cache

from asl_lint.late import Final, NamedTuple

SIGNATURES: Final[Mapping[str, str]] = {
    "abs": "<n-:n>",
    "append": "<xx:a>",
    "assert": "<bs?:x>",
    "average": "<a<n>:n>",
    "base64decode": "<s-:s>",
    "base64encode": "<s-:s>",
    "boolean": "<x-:b>",
    "ceil": "<n-:n>",
    "clone": "<(oa)-:o>",
    "contains": "<s-(sf):b>",
    "count": "<a:n>",
    "decodeUrl": "<s-:s>",
    "decodeUrlComponent": "<s-:s>",
    "distinct": "<x:x>",
    "each": "<o-f:a>",
    "encodeUrl": "<s-:s>",
    "encodeUrlComponent": "<s-:s>",
    "error": "<s?:x>",
    "exists": "<x:b>",
    "filter": "<af>",
    "floor": "<n-:n>",
    "formatBase": "<n-n?:s>",
    "formatInteger": "<n-s:s>",
    "formatNumber": "<n-so?:s>",
    "fromMillis": "<n-s?s?:s>",
    "hash": "<ss?:s>",
    "join": "<a<s>s?:s>",
    "keys": "<x-:a<s>>",
    "length": "<s-:n>",
    "lookup": "<x-s:x>",
    "lowercase": "<s-:s>",
    "map": "<af>",
    "match": "<s-f<s:o>n?:a<o>>",
    "max": "<a<n>:n>",
    "merge": "<a<o>:o>",
    "millis": "<:n>",
    "min": "<a<n>:n>",
    "not": "<x-:b>",
    "now": "<s?s?:s>",
    "number": "<(nsb)-:n>",
    "pad": "<s-ns?:s>",
    "parse": "<s:x>",
    "parseInteger": "<s-s:n>",
    "partition": "<a<x>n?:a<a>>",
    "power": "<n-n:n>",
    "random": "<n?:n>",
    "range": "<nnn:a<n>>",
    "reduce": "<afj?:j>",
    "replace": "<s-(sf)(sf)n?:s>",
    "reverse": "<a:a>",
    "round": "<n-n?:n>",
    "shuffle": "<a:a>",
    "sift": "<o-f?:o>",
    "single": "<af?>",
    "sort": "<af?:a>",
    "split": "<s-(sf)n?:a<s>>",
    "spread": "<x-:a<o>>",
    "sqrt": "<n-:n>",
    "string": "<x-b?:s>",
    "substring": "<s-nn?:s>",
    "substringAfter": "<s-s:s>",
    "substringBefore": "<s-s:s>",
    "sum": "<a<n>:n>",
    "toMillis": "<s-s?:n>",
    "trim": "<s-:s>",
    "type": "<x:s>",
    "uppercase": "<s-:s>",
    "uuid": "<:s>",
    "zip": "<a+>",
}
"""Name without ``$`` -> signature."""

ADDED: Final = frozenset({"hash", "parse", "partition", "random", "range", "uuid"})
"""Functions that the service adds or, as ``random``, extends."""

TAKES_NOTHING: Final = frozenset({"append", "count", "exists", "now", "random", "zip"})
"""Functions that give a value though their first argument is undefined; the others give nothing then, or fail."""

ALGORITHMS: Final = ("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512")
"""What ``$hash`` takes, in this spelling alone (developer guide)."""


class Parameter(NamedTuple):
    """A parameter: letters of the types it takes, of what an array must hold, and how it may be missing."""

    types: str
    holds: str
    optional: bool
    from_context: bool
    repeated: bool


class Shape(NamedTuple):
    """What a function takes: ``needed`` arguments, ``least`` where the context stands for one; at most ``most``, None for any."""

    parameters: tuple[Parameter, ...]
    needed: int
    least: int
    most: int | None


_NESTED: Final[Mapping[str, str]] = {"match": "s-fn?"}
"""Signatures in which a colon stands inside a parameter too."""


@cache
def shape(name: str) -> Shape:
    """What a function of the table takes."""
    signature = SIGNATURES[name][1:-1].partition(":")[0] if name not in _NESTED else _NESTED[name]
    found: list[Parameter] = []
    at = 0
    while at < len(signature):
        letter = signature[at]
        at += 1
        if letter == "(":
            end = signature.index(")", at)
            letter, at = signature[at:end], end + 1
        holds = ""
        if signature[at : at + 1] == "<":
            end = signature.index(">", at)
            holds, at = signature[at + 1 : end], end + 1
        mark = signature[at : at + 1]
        if mark and mark in "-?+":
            at += 1
        found.append(Parameter(letter, holds, mark == "?", mark == "-", mark == "+"))
    needed = sum(not p.optional for p in found)
    from_context = sum(p.from_context for p in found)
    most = None if any(p.repeated for p in found) else len(found)
    return Shape(tuple(found), needed, needed - from_context, most)
