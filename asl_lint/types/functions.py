"""What the functions of the table give for arguments of given types: those that take no function.

Arguments come as the signature leaves them, single values wrapped where an array is taken. Most give what their signature says;
here are those of which more is known. Sources: jsonata-js 2.0.6 (MIT), functions.js; the service's own as measured (developer
guide, "JSONata functions provided by Step Functions").
"""

import math
from collections.abc import Callable
from functools import reduce

from asl_lint.expressions.jsonata.functions import SIGNATURES
from asl_lint.late import Final
from asl_lint.types.array_functions import Arguments, append, array_in, distinct, partition, reverse, same_length, zipped
from asl_lint.types.lattice import (
    ANY,
    ARRAY,
    BOOLEAN,
    FALSE,
    INFINITY,
    INTEGER,
    NATURAL,
    NOTHING,
    NUMBER,
    OBJECT,
    SOMETHING,
    STRING,
    TIMESTAMP,
    TRUE,
    UNDEFINED,
    Type,
    Undefined,
    array_of,
    join,
    join_all,
    number,
    number_between,
    object_of,
    text,
)
from asl_lint.types.number_functions import (
    absolute,
    average,
    count,
    extreme,
    half_even,
    number_range,
    on_numbers,
    to_number,
    total,
)
from asl_lint.types.operators import strings_of, texts_of, truths
from asl_lint.types.sequences import EMPTY, Flow, Outcome, either, is_spelt_out, member, truth
from asl_lint.types.transforms import overlaid

_GIVES: Final = {"s": STRING, "n": NUMBER, "b": BOOLEAN, "o": OBJECT, "a": ARRAY}
_MATCHES: Final = object_of({"match": STRING, "index": NATURAL, "groups": ARRAY})


def by_signature(name: str, first: Type | None) -> Type:
    """What a signature says that a function gives; perhaps nothing, where the context stands for its first argument."""
    found = _GIVES.get(SIGNATURES[name].rpartition(":")[2][:1] if ":" in SIGNATURES[name] else "", ANY)
    if name in ("clone", "split", "spread", "match", "keys", "each", "map") or found is ARRAY:
        return ANY
    return found.or_undefined(Undefined.UNSAID) if first is ANY else found


# --- texts --------------------------------------------------------------------------------------------------------------------


def _string(given: Arguments) -> Type:
    value = given[0].defined()
    if len(given) > 1 or value.anything:
        return STRING
    texts = texts_of(value)
    if texts is not None and texts:
        return text(*texts)
    if value.kinds == {"string"}:
        return value
    return STRING


def _on_texts(change: Callable[[str], str]) -> Callable[[Arguments], Type]:
    def result(given: Arguments) -> Type:
        strings = given[0].strings
        if len(given) > 1 or given[0].anything or strings is None or strings.literals is None or strings.open:
            return STRING
        if not all(literal.isascii() for literal in strings.literals):
            return STRING
        return text(*(change(literal) for literal in strings.literals))

    return result


def _length(given: Arguments) -> Type:
    strings = given[0].strings
    if given[0].anything or strings is None or strings.literals is None or strings.open:
        return NATURAL
    if any("\ud800" <= c <= "\udfff" for literal in strings.literals for c in literal):
        return NATURAL
    return number(*(len(literal) for literal in strings.literals))


def _contains(given: Arguments) -> Type:
    texts = [given[i].strings if not given[i].anything and given[i].kinds == {"string"} else None for i in (0, 1)]
    if texts[0] is None or texts[1] is None or texts[0].literals is None or texts[1].literals is None:
        return BOOLEAN
    if texts[0].open or texts[1].open or given[1].undefined:
        return BOOLEAN
    found = {part in whole for whole in texts[0].literals for part in texts[1].literals}
    return truths(True in found, False in found)


def _join(given: Arguments) -> Type:
    array = given[0].array
    separators = frozenset(("",)) if len(given) == 1 else texts_of(given[1])
    if array is None or not array.is_exact or len(array.items) != array.high or separators is None or len(separators) != 1:
        return STRING
    (separator,) = separators
    parts = [item.strings.literals if item.strings is not None and not item.anything else None for item in array.items]
    if any(part is None or len(part) != 1 for part in parts) or any(item.strings and item.strings.open for item in array.items):
        return STRING
    return text(separator.join(next(iter(part)) for part in parts if part))


def _split(given: Arguments) -> Type:
    separator = strings_of(given[1])
    literals = None if separator is None or given[1].anything or given[1].kinds != {"string"} else separator.literals
    several = len(given) == 2 and literals is not None and "" not in literals and not given[1].undefined
    return array_of(STRING, 1 if several else 0)


def _now(given: Arguments) -> Type:
    return STRING if given and not given[0].is_undefined else TIMESTAMP


def _from_millis(given: Arguments) -> Type:
    return STRING if len(given) > 1 and not given[1].is_undefined else TIMESTAMP


def _hash(given: Arguments) -> Type:
    return UNDEFINED if len(given) < 2 else STRING.or_undefined(given[1].undefined)


def _match(given: Arguments) -> Outcome:
    return Outcome(Flow(_MATCHES, 0, INFINITY, Undefined.POSSIBLE))


# --- objects and values ---------------------------------------------------------------------------------------------------------


def _keys(given: Arguments) -> Outcome:
    value = given[0].defined()
    return Outcome(_names(value, 0))


def _names(value: Type, depth: int) -> Flow:
    if value.anything or depth > 3:
        return Flow(STRING, 0, INFINITY, Undefined.UNSAID)
    flow: Flow | None = None
    if value.object is not None:
        members = value.object.members
        low = sum(not type_.undefined for type_ in members.values())
        if value.object.is_closed:
            flow = Flow(text(*members) if members else NOTHING, low, len(members), Undefined.NEVER if low else Undefined.UNSAID)
        else:
            flow = Flow(STRING, low, INFINITY, Undefined.NEVER if low else Undefined.UNSAID)
    if value.array is not None:
        inner = _names(value.array.element.defined(), depth + 1)
        least = inner.low if value.array.low else 0
        most = inner.high if inner.element.strings is not None and inner.element.strings.literals is not None else INFINITY
        flow = either(flow, Flow(inner.element, least, most if inner.high else 0, Undefined.NEVER if least else Undefined.UNSAID))
    if not value.without(("object", "array")).is_nothing:
        flow = either(flow, EMPTY)
    return flow or EMPTY


def _lookup(given: Arguments) -> Type:
    value, key = given[0], given[1]
    strings = key.strings
    if value.anything or key.anything or strings is None:
        return ANY if strings is not None or key.anything else UNDEFINED
    if strings.literals is not None and not strings.open and len(strings.literals) <= 16:
        found = join_all(member(value.defined(), name) for name in strings.literals)
    elif value.kinds == {"object"} and value.object is not None:
        members = value.object.members
        found = join_all((*members.values(), value.object.rest)).or_undefined(Undefined.UNSAID)
        if len(members) > 50:
            return ANY
    else:
        return ANY
    return found.or_undefined(key.undefined) if key.undefined else found


def _merge(given: Arguments) -> Type:
    array = array_in(given[0].array)
    objects = [item.object for item in array.items if item.object is not None and item.kinds == {"object"}]
    if is_spelt_out(array) and objects and len(objects) == array.high:
        return Type(object=reduce(overlaid, objects))
    element = array.element
    if element.is_nothing:
        return object_of({})
    if element.anything or element.object is None:
        return OBJECT if element.anything or array.low == 0 else NOTHING
    optional = array.low == 0
    members = {
        name: type_.or_undefined(Undefined.UNSAID) if optional else type_ for name, type_ in element.object.members.items()
    }
    return object_of(members, element.object.rest)


def _spread(given: Arguments) -> Outcome:
    value = given[0].defined()
    if value.anything or value.array is not None:
        return Outcome(None, ANY)
    flow = None
    if value.object is not None:
        of = value.object
        low = sum(not type_.undefined for type_ in of.members.values())
        one = object_of({name: type_.or_undefined() for name, type_ in of.members.items()}, of.rest)
        flow = Flow(one, low, len(of.members) if of.is_closed else INFINITY, Undefined.NEVER if low else Undefined.UNSAID)
        if flow.high == 0:
            flow = EMPTY
    rest = value.without(("object",))
    return Outcome(flow, ANY if rest.function is not None else rest)


def _clone(given: Arguments) -> Type:
    value = given[0].defined()
    if value.anything:
        return join(OBJECT, ARRAY)
    return join(OBJECT if value.object is not None else NOTHING, ARRAY if value.array is not None else NOTHING)


def _exists(given: Arguments) -> Type:
    if given[0].is_undefined:
        return FALSE
    return BOOLEAN if given[0].undefined else TRUE


def _boolean(given: Arguments) -> Type:
    may = truth(given[0].defined())
    return truths(may.holds, may.fails)


def _not(given: Arguments) -> Type:
    may = truth(given[0].defined())
    return truths(may.fails, may.holds)


def _type(given: Arguments) -> Type:
    kinds = given[0].kinds
    return text(*kinds) if kinds else NOTHING


def _parse(given: Arguments) -> Type:
    return SOMETHING


def _nothing(given: Arguments) -> Type:
    return NOTHING


def _undefined(given: Arguments) -> Type:
    return UNDEFINED


def _constant(value: Type) -> Callable[[Arguments], Type]:
    return lambda given: value


RESULTS: Final[dict[str, Callable[[Arguments], Type | Outcome]]] = {
    "abs": absolute,
    "append": append,
    "assert": _undefined,
    "average": average,
    "boolean": _boolean,
    "ceil": on_numbers(math.ceil),
    "clone": _clone,
    "contains": _contains,
    "count": count,
    "distinct": distinct,
    "error": _nothing,
    "exists": _exists,
    "floor": on_numbers(math.floor),
    "fromMillis": _from_millis,
    "hash": _hash,
    "join": _join,
    "keys": _keys,
    "length": _length,
    "lookup": _lookup,
    "lowercase": _on_texts(str.lower),
    "match": _match,
    "max": extreme,
    "merge": _merge,
    "millis": _constant(NATURAL),
    "min": extreme,
    "not": _not,
    "now": _now,
    "number": to_number,
    "parse": _parse,
    "parseInteger": _constant(NUMBER.or_undefined(Undefined.UNSAID)),
    "partition": partition,
    "random": _constant(number_between(0, 1)),
    "range": number_range,
    "reverse": reverse,
    "round": on_numbers(half_even),
    "shuffle": same_length,
    "split": _split,
    "spread": _spread,
    "sqrt": _constant(number_between(0, INFINITY)),
    "string": _string,
    "sum": total,
    "toMillis": lambda given: INTEGER if len(given) == 1 else NUMBER.or_undefined(Undefined.UNSAID),
    "type": _type,
    "uppercase": _on_texts(str.upper),
    "zip": zipped,
}
"""Name -> what it gives. A first argument that may be undefined makes it undefined where the reference does, apart from this."""
