"""What a condition that came out true, or not, tells of the values that it reads: of variables and of fields below them.

Followed are ``and``, ``or``, ``? :``, ``$not``, ``$exists``, ``$boolean``, ``$type``, comparisons, ``in``, and a value by itself,
of paths that read fields by name. Whatever else it is tells only whether it can come out so at all.
"""

from collections.abc import Callable

from asl_lint.expressions.jsonata.nodes import Binary, Block, Call, Condition, Name, Node, Path, String, Variable
from asl_lint.late import Final
from asl_lint.types.lattice import (
    ALL_KINDS,
    INFINITY,
    UNDEFINED,
    Numbers,
    Object,
    Strings,
    Type,
    Undefined,
    join,
    number,
)
from asl_lint.types.meanings import Builtin
from asl_lint.types.membership import single_value
from asl_lint.types.sequences import truth
from asl_lint.types.variants import narrowed_object

Lookup = Callable[[str], Type]
Narrowed = dict[str, Type]
Test = Callable[[Type], Type]

_LOOKED_AT: Final = 150
"""Parts of a condition that are looked at: alternatives in each other are looked at twice each."""

_FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_OPPOSITE: Final = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Conditions:
    """Narrows with the types that were inferred: ``type_of`` a node, ``lookup`` of a name where the condition stands."""

    __slots__ = ("_left", "_lookup", "_type_of")

    def __init__(self, type_of: Callable[[Node], Type], lookup: Lookup) -> None:
        self._type_of = type_of
        self._lookup = lookup
        self._left = _LOOKED_AT

    def narrowed(self, node: Node, holds: bool, before: Narrowed | None = None) -> Narrowed | None:
        """The variables whose types are narrower where the condition came out so; None where it cannot."""
        known = before or {}
        self._left -= 1
        if self._left < 0:
            return known
        value = self._type_of(node)
        if not value.is_nothing:
            may = truth(value)
            if not (may.holds if holds else may.fails):
                return None
        if isinstance(node, Block) and len(node.expressions) == 1:
            return self.narrowed(node.expressions[0], holds, known)
        if isinstance(node, Binary):
            if node.operator in ("and", "or"):
                return self._both(node, holds, known) if (node.operator == "and") == holds else self._one_of(node, holds, known)
            return self._compared(node, holds, known)
        if isinstance(node, Condition):
            return self._chosen(node, holds, known)
        if isinstance(node, Call) and len(node.arguments) == 1 and not node.partial:
            name = self._called(node)
            if name in ("exists", "not", "boolean"):
                return self._function(name, node.arguments[0], holds, known)
        return self._refined(node, known, _true if holds else _false)

    def _both(self, node: Binary, holds: bool, known: Narrowed) -> Narrowed | None:
        first = self.narrowed(node.left, holds, known)
        return None if first is None else self.narrowed(node.right, holds, first)

    def _one_of(self, node: Binary, holds: bool, known: Narrowed) -> Narrowed | None:
        one = self.narrowed(node.left, holds, known)
        first = self.narrowed(node.left, not holds, known)
        other = None if first is None else self.narrowed(node.right, holds, first)
        if one is None or other is None:
            return one if other is None else other
        return self._joined(one, other)

    def _chosen(self, node: Condition, holds: bool, known: Narrowed) -> Narrowed | None:
        """``test ? then : otherwise`` comes out so by way of either."""
        one, other = self.narrowed(node.test, True, known), self.narrowed(node.test, False, known)
        if one is not None:
            one = self.narrowed(node.then, holds, one)
        if other is not None and node.otherwise is not None:
            other = self.narrowed(node.otherwise, holds, other)
        elif holds:
            other = None
        if one is None or other is None:
            return one if other is None else other
        return self._joined(one, other)

    def _joined(self, one: Narrowed, other: Narrowed) -> Narrowed:
        return {name: join(one[name], other[name]) for name in one if name in other}

    def _function(self, name: str, argument: Node, holds: bool, known: Narrowed) -> Narrowed | None:
        if name == "exists":
            return self._refined(argument, known, _defined if holds else _undefined)
        wanted = holds == (name == "boolean")
        if holds:
            return self._refined(argument, self.narrowed(argument, wanted, known), _defined)
        if not self._type_of(argument).undefined:
            return self.narrowed(argument, wanted, known)
        # Of nothing they give nothing, which counts as false.
        test = _true if wanted else _false
        return self._refined(argument, known, lambda value: join(test(value), _undefined(value)))

    def _called(self, node: Node) -> str:
        if not isinstance(node, Call) or not isinstance(node.function, Variable):
            return ""
        function = self._lookup(node.function.name).function
        return function.meaning.name if function is not None and isinstance(function.meaning, Builtin) else ""

    def _compared(self, node: Binary, holds: bool, known: Narrowed) -> Narrowed | None:
        sign, left, right = node.operator, self._type_of(node.left), self._type_of(node.right)
        if sign == "in":
            return self._refined(node.left, known, lambda value: _in(value, right, holds))
        if sign in ("=", "!="):
            equal, sure = (sign == "=") == holds, holds
            narrowed = self._refined(node.left, known, lambda value: _equal(value, right, equal, sure))
            narrowed = self._of_kind(node.left, right, equal, sure, narrowed)
            narrowed = self._refined(node.right, narrowed, lambda value: _equal(value, left, equal, sure))
            return self._of_kind(node.right, left, equal, sure, narrowed)
        if sign in _FLIPPED:
            narrowed = self._refined(node.left, known, lambda value: _ordered(value, sign, right, holds))
            return self._refined(node.right, narrowed, lambda value: _ordered(value, _FLIPPED[sign], left, holds))
        return known

    def _of_kind(self, node: Node, other: Type, equal: bool, sure: bool, known: Narrowed | None) -> Narrowed | None:
        """``$type(value) = 'string'``."""
        if not isinstance(node, Call) or len(node.arguments) != 1 or self._called(node) != "type":
            return known
        named = other.strings.literals if other.strings is not None and not other.anything else None
        if named is None or other.kinds != {"string"} or (other.strings is not None and other.strings.open):
            return known
        if other.undefined and not sure:
            return known
        if equal:
            kinds = named if sure else {*named, "undefined"}
            return self._refined(node.arguments[0], known, lambda value: value.only(kinds & ALL_KINDS | kinds & {"undefined"}))
        if len(named) > 1:
            return self._refined(node.arguments[0], known, _defined) if sure else known
        return self._refined(node.arguments[0], known, lambda value: value.without({*named, "undefined"} if sure else named))

    def _refined(self, node: Node, known: Narrowed | None, test: Test) -> Narrowed | None:
        """With what a node reads narrowed by a test of its type."""
        if known is None:
            return None
        read = subject(node)
        if read is None:
            return known
        root, names = read
        before = known.get(root)
        if before is None:
            before = self._lookup(root)
        after = _refine(before, names, test)
        if after.is_nothing and not before.is_nothing:
            return None
        return known if after is before else {**known, root: after}


def subject(node: Node) -> tuple[str, tuple[str, ...]] | None:
    """The variable that a node reads, ``""`` for the context, and the fields below it."""
    if isinstance(node, Path):
        first, *names = node.steps
        if isinstance(first, Variable) and first.name != "$":
            root = first.name
        elif isinstance(first, Name):
            names, root = list(node.steps), ""
        else:
            return None
        found = []
        for step in names:
            if not isinstance(step, _NAMES):
                return None
            found.append(step.value)
        return root, tuple(found)
    if isinstance(node, Variable):
        return None if node.name == "$" else (node.name, ())
    if isinstance(node, Name):
        return "", (node.value,)
    if isinstance(node, Block) and len(node.expressions) == 1:
        return subject(node.expressions[0])
    return None


_NAMES: Final = (Name, String)


def _refine(value: Type, names: tuple[str, ...], test: Test) -> Type:
    """The values of a type of which what stands below passes the test. Arrays, whose fields come together, stay as they are."""
    if not names:
        return test(value)
    none = test(UNDEFINED).undefined > 0
    if value.anything:
        return value if none else value.defined()
    found = value if none else value.only(("array", "object"))
    if value.object is None:
        return found
    kept = narrowed_object(value.object, lambda of: _refine_member(of, names, test))
    return found if kept is value.object else found._replace(object=kept)


def _refine_member(of: Object, names: tuple[str, ...], test: Test) -> Object | None:
    before = of.member(names[0])
    after = _refine(before, names[1:], test)
    if after is before or after == before:
        return of
    return None if after.is_nothing else of.with_member(names[0], after)


# --- what a test leaves of a type ---------------------------------------------------------------------------------------------


def _defined(value: Type) -> Type:
    return value.defined()


def _undefined(value: Type) -> Type:
    return Type(value.undefined)


def _true(value: Type) -> Type:
    if value.anything:
        return value.defined()
    strings, numbers = value.strings, value.numbers
    if strings is not None and strings.literals is not None:
        strings = _texts(strings, strings.literals - {""})
    if numbers is not None and numbers.literals is not None:
        numbers = number(*(numbers.literals - {0})).numbers
    array = value.array if value.array is None or value.array.high else None
    return value._replace(
        undefined=Undefined.NEVER, null=False, booleans=value.booleans - {False}, strings=strings, numbers=numbers, array=array
    )


def _false(value: Type) -> Type:
    if value.anything:
        return value
    strings, numbers = value.strings, value.numbers
    if strings is not None:
        strings = Strings(frozenset(("",))) if strings.literals is None or strings.open or "" in strings.literals else None
    if numbers is not None:
        zero = 0 in numbers.literals if numbers.literals is not None else numbers.low <= 0 <= numbers.high
        numbers = number(0).numbers if zero else None
    return value._replace(booleans=value.booleans - {True}, strings=strings, numbers=numbers)


def _texts(strings: Strings, literals: frozenset[str]) -> Strings | None:
    return Strings(literals, strings.form, strings.open) if literals or strings.open else None


def meet(value: Type, other: Type) -> Type:
    """At least the values that are of both types, ``undefined`` never."""
    if other.anything:
        return value.defined()
    if value.anything:
        return other.defined()
    return Type(
        null=value.null and other.null,
        booleans=value.booleans & other.booleans,
        numbers=_meet_numbers(value.numbers, other.numbers),
        strings=_meet_strings(value.strings, other.strings),
        array=value.array if other.array is not None else None,
        object=value.object if other.object is not None else None,
        function=value.function if other.function is not None else None,
    )


def _meet_numbers(one: Numbers | None, other: Numbers | None) -> Numbers | None:
    if one is None or other is None:
        return None
    for some, all_ in ((one, other), (other, one)):
        if some.literals is not None:
            kept = [n for n in some.literals if all_.low <= n <= all_.high and (not all_.whole or float(n).is_integer())]
            if all_.literals is not None:
                kept = [n for n in kept if n in all_.literals]
            return number(*kept).numbers
    low, high = max(one.low, other.low), min(one.high, other.high)
    return Numbers(low, high, one.whole or other.whole) if low <= high else None


def _meet_strings(one: Strings | None, other: Strings | None) -> Strings | None:
    if one is None or other is None:
        return None
    if one.literals is None or other.literals is None:
        return one if other.literals is None else other
    if one.open or other.open:
        return other if one.open else one
    shared = one.literals & other.literals
    return Strings(shared, one.form) if shared else None


def _equal(value: Type, other: Type, equal: bool, sure: bool) -> Type:
    """Where ``value`` and ``other`` are equal, or are not; ``sure``: both are there, which they need not be otherwise."""
    if equal:
        met = meet(value, other)
        if sure:
            return met
        return value if other.undefined else met.or_undefined(value.undefined)
    left = value.defined() if sure else value
    if other.undefined and not sure:
        return left
    return _without(left, other)


def _without(value: Type, other: Type) -> Type:
    """Without the one scalar that ``other`` is."""
    single = single_value(other.defined())
    if single is None or value.anything or (other.strings is not None and other.strings.open):
        return value
    (gone,) = single
    if gone is None:
        return value._replace(null=False)
    if isinstance(gone, bool):
        return value._replace(booleans=value.booleans - {gone})
    if isinstance(gone, str) and value.strings is not None and value.strings.literals is not None:
        return value._replace(strings=_texts(value.strings, value.strings.literals - {gone}))
    if isinstance(gone, int | float) and value.numbers is not None and value.numbers.literals is not None:
        return value._replace(numbers=number(*(value.numbers.literals - {gone})).numbers)
    return value


def _in(value: Type, among: Type, holds: bool) -> Type:
    if holds:
        candidates = among.without(("array", "undefined"))
        if among.array is not None:
            candidates = join(candidates, among.array.element)
        return meet(value, candidates)
    array = among.array
    if among.undefined or among.anything or array is None or among.kinds != {"array"} or array.low < len(array.items):
        return value
    for item in array.items:
        value = _without(value, item)
    return value


def _ordered(value: Type, sign: str, other: Type, holds: bool) -> Type:
    """Where ``value sign other`` is true; where it is not, it may be nothing too, because one side is."""
    taken = value.only(("number", "string")) if holds else value.only(("number", "string", "undefined"))
    if other.anything:
        return taken
    if not other.undefined:
        if other.strings is None and other.numbers is not None:
            taken = taken.without(("string",))
        if other.numbers is None and other.strings is not None:
            taken = taken.without(("number",))
    if other.numbers is None or taken.numbers is None or (other.undefined and not holds):
        return taken
    if other.strings is not None and not holds:
        return taken
    sign = sign if holds else _OPPOSITE[sign]
    step = 1 if sign in ("<", ">") and taken.numbers.whole and other.numbers.whole else 0
    below = sign in ("<", "<=")
    within = Numbers(-INFINITY, other.numbers.high - step) if below else Numbers(other.numbers.low + step, INFINITY)
    return taken._replace(numbers=_meet_numbers(taken.numbers, within))
