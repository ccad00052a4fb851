"""The functions of JSONata as Step Functions has them: those of JSONata 2.0.6 less ``$eval``, and six of its own.

Signatures as the reference defines them (jsonata-js 2.0.6, MIT, functions' registrations; the service's own: developer guide,
"JSONata functions provided by Step Functions"). In a signature: s string, n number, b boolean, l null, o object, a array, f
function, j any JSON, x anything, ( ) one of several, < > what an array or function holds, - the context where the argument is
missing, ? optional, + one or more, : what it gives.
"""

from collections.abc import Mapping
from typing import Final

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

TAKES_NOTHING: Final = frozenset({"append", "count", "exists", "zip"})
"""Functions that give a value though their first argument is undefined; the others give nothing then, or fail."""
