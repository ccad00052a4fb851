"""The lattice of types. A type is a set of JSON values, functions and ``undefined``, kept as one part for each kind of value.

``join`` is the least type that holds two; chains are finite: at most 16 literals of a kind, 16 places of an array, 8 levels
of objects and arrays, and ranges go to infinity where ``widen`` is used. Types are values: compare, hash, never change.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum
from functools import lru_cache
from itertools import compress, product

from asl_lint.late import Any, Final, NamedTuple

MAX_LITERALS: Final = 16
MAX_PLACES: Final = 16
MAX_ELEMENTS: Final = 100
"""Elements of a list that is written out that are still joined: of those of a longer one nothing is known but how many."""
MAX_MEMBERS: Final = 200
MAX_DEPTH: Final = 8
MAX_JOINED: Final = 8
"""Objects whose members are joined only when they are asked for."""
MAX_VARIANTS: Final = 8
"""Objects that ways bring together and that are still told apart."""

INFINITY: Final = math.inf


class Undefined(IntEnum):
    """Whether there may be no value: never; perhaps, but nothing says so (an answer of AWS that lists a member as
    optional, data from outside); on some way that the text shows.
    """

    NEVER = 0
    UNSAID = 1
    POSSIBLE = 2


class Numbers(NamedTuple):
    """Numbers from ``low`` to ``high``, ends included; only integers where ``whole``; just these where ``literals``."""

    low: float = -INFINITY
    high: float = INFINITY
    whole: bool = False
    literals: frozenset[float] | None = None


class Strings(NamedTuple):
    """Texts; just these where ``literals``. ``form`` names what each of them is (``timestamp``: RFC 3339; OUTCOME).

    ``open``: the literals come from a list that may have grown since, as the values of an API have.
    """

    literals: frozenset[str] | None = None
    form: str | None = None
    open: bool = False


OUTCOME: Final = "outcome"
"""The form of a status of work that a Task has waited for: of other statuses the Task fails."""


class Array(NamedTuple):
    """Arrays of ``low`` to ``high`` elements: the first are of the types ``items``, all that follow of ``rest``.

    ``rest`` is NOTHING where no element can follow the items.
    """

    items: tuple["Type", ...]
    rest: "Type"
    low: int = 0
    high: float = INFINITY

    @property
    def element(self) -> "Type":
        """What any element may be; NOTHING of arrays that are empty."""
        return join_all((*self.items, self.rest))

    def at(self, index: int) -> "Type":
        """The element at an index from 0; with ``undefined`` where there may be none."""
        if index >= self.high:
            return UNDEFINED
        found = self.place(index)
        return found if index < self.low else found.or_undefined()

    def place(self, index: int) -> "Type":
        """The type of an element at an index from 0 where there is one."""
        return self.items[index] if index < len(self.items) else self.rest

    @property
    def is_exact(self) -> bool:
        """Whether the length is known."""
        return self.low == self.high


class Source(NamedTuple):
    """Who lists the members of an object: ``what`` in words (``the answer of glue:getJob``), as of ``date`` if it can grow."""

    what: str
    date: str | None = None


UNNAMED: Final = "the object that it is read from"


class Object(NamedTuple):
    """Objects with these members, each with ``undefined`` where it may be missing; other members are of the type ``rest``.

    ``rest`` is UNDEFINED where there are no others (closed). ``source`` tells who lists the members, None for the definition.
    ``variants``: each is one of these, and ``members`` are what those make together; none where they are not told apart.
    """

    members: Mapping[str, "Type"]
    rest: "Type"
    source: Source | None = None
    variants: tuple["Object", ...] = ()

    def member(self, name: str) -> "Type":
        """The type of a member, UNDEFINED where there can be none."""
        found = self.members.get(name)
        return self.rest if found is None else found

    @property
    def is_closed(self) -> bool:
        """Whether there are no members but those that are listed."""
        return self.rest is UNDEFINED or self.rest == UNDEFINED

    def with_member(self, name: str, type_: "Type") -> "Object":
        """The same objects with a member of that type, which takes the place of the one of its name."""
        members = self.members
        if self.variants:
            return together([variant.with_member(name, type_) for variant in self.variants])
        if not isinstance(members, Members):
            return Object({**members, name: type_}, self.rest, self.source)
        key = members.key if isinstance(members.key, _Replaced) else _Replaced(members, ())
        replaced = {**dict(key.by), name: type_}
        new_key = key._replace(by=tuple(sorted(replaced.items(), key=_first)))
        names = members if name in members else (*members, name)
        made = Members(names, lambda n: replaced[n] if n in replaced else key.of[n], new_key)
        return Object(made, self.rest, self.source)

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.members)), self.source))


def _first(item: tuple[str, object]) -> str:
    return item[0]


class Members(dict[str, "Type"]):
    """Members that are made when they are asked for: the answers of AWS are large, nested, and may hold themselves.

    ``key`` names what they are: two of the same key are equal without being opened.
    """

    __slots__ = ("_make", "key")

    def __init__(self, names: Iterable[str], make: Callable[[str], "Type"], key: object) -> None:
        super().__init__(dict.fromkeys(names))  # type: ignore[arg-type]
        self._make = make
        self.key = key

    def __getitem__(self, name: str) -> "Type":
        found: Type | None = super().__getitem__(name)
        if found is None:
            found = self._make(name)
            self[name] = found
        return found

    def get(self, name: str, default: Any = None) -> Any:
        """The type of the member, made if need be."""
        return self[name] if name in self else default  # noqa: SIM401 (the value itself is made late)

    def items(self) -> Any:
        """All members; makes them."""
        return [(name, self[name]) for name in self]

    def values(self) -> Any:
        """The types of all members; makes them."""
        return [self[name] for name in self]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Members):
            return other.key == self.key  # those of two keys are never opened to be compared: they may hold themselves
        return isinstance(other, Mapping) and self.keys() == other.keys() and all(self[name] == other[name] for name in self)

    __hash__ = None


class _Replaced(NamedTuple):
    """The key of members of which some are replaced ``by`` others, in the order of their names."""

    of: Members
    by: tuple[tuple[str, "Type"], ...]

    def __hash__(self) -> int:
        return hash((self.of.key, tuple(name for name, _ in self.by)))


class Function(NamedTuple):
    """A function. ``meaning`` is for whoever evaluates it; None where it is not known which it is."""

    meaning: object = None


class Type(NamedTuple):
    """A set of values, by kind. ``anything``: every JSON value and function; then the other parts say nothing.

    ``booleans`` holds those that it may be. ``undefined`` stands apart: it may come with anything.
    """

    undefined: Undefined = Undefined.NEVER
    anything: bool = False
    null: bool = False
    booleans: frozenset[bool] = frozenset()
    numbers: Numbers | None = None
    strings: Strings | None = None
    array: Array | None = None
    object: Object | None = None
    function: Function | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether no value is of this type: the place is never reached."""
        return self == NOTHING

    @property
    def is_undefined(self) -> bool:
        """Whether there is never a value."""
        return self.undefined > 0 and self[1:] == NOTHING[1:]

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of its values in JSON's words; all of them for anything."""
        if self.anything:
            return ALL_KINDS
        return _KINDS[
            self.null, bool(self.booleans), self.numbers is not None, self.strings is not None, self.array is not None,
            self.object is not None, self.function is not None,
        ]  # fmt: skip

    def defined(self) -> "Type":
        """Without ``undefined``."""
        return tuple.__new__(Type, (_NEVER, *self[1:])) if self.undefined else self

    def or_undefined(self, how: Undefined = Undefined.POSSIBLE) -> "Type":
        """With ``undefined``, as sure as it was or as is said."""
        return self if self.undefined >= how else tuple.__new__(Type, (how, *self[1:]))

    def only(self, kinds: Iterable[str]) -> "Type":
        """The values of some kinds (``undefined`` is one of them). Of anything, all values of the kinds."""
        wanted = set(kinds)
        base = EVERYTHING if self.anything and not wanted >= ALL_KINDS else self
        return Type(
            self.undefined if "undefined" in wanted else Undefined.NEVER,
            self.anything and wanted >= ALL_KINDS,
            base.null and "null" in wanted,
            base.booleans if "boolean" in wanted else frozenset(),
            base.numbers if "number" in wanted else None,
            base.strings if "string" in wanted else None,
            base.array if "array" in wanted else None,
            base.object if "object" in wanted else None,
            base.function if "function" in wanted else None,
        )

    def without(self, kinds: Iterable[str]) -> "Type":
        """The values that are of none of these kinds. Of anything only ``undefined`` can be taken."""
        gone = set(kinds)
        if self.anything:
            return self.defined() if "undefined" in gone else self
        return self.only((ALL_KINDS | {"undefined"}) - gone)


_NEVER: Final = Undefined.NEVER
_NO_BOOLEANS: Final = frozenset[bool]()

_EACH_KIND: Final = ("null", "boolean", "number", "string", "array", "object", "function")
ALL_KINDS: Final = frozenset(_EACH_KIND)
_KINDS: Final = {parts: frozenset(compress(_EACH_KIND, parts)) for parts in product((False, True), repeat=len(_EACH_KIND))}
"""The kinds by which parts a type has, in their order: made once, since they are asked for all the time."""

NOTHING: Final = Type()
UNDEFINED: Final = Type(Undefined.POSSIBLE)
SOMETHING: Final = Type(anything=True)
"""Any value, but there is one."""
ANY: Final = Type(Undefined.UNSAID, anything=True)
"""Nothing is known: any value, or none."""
NULL: Final = Type(null=True)
BOOLEAN: Final = Type(booleans=frozenset({True, False}))
TRUE: Final = Type(booleans=frozenset({True}))
FALSE: Final = Type(booleans=frozenset({False}))
NUMBER: Final = Type(numbers=Numbers())
INTEGER: Final = Type(numbers=Numbers(whole=True))
NATURAL: Final = Type(numbers=Numbers(low=0, whole=True))
STRING: Final = Type(strings=Strings())
TIMESTAMP: Final = Type(strings=Strings(form="timestamp"))
ARRAY: Final = Type(array=Array((), SOMETHING))
OBJECT: Final = Type(object=Object({}, ANY))
FUNCTION: Final = Type(function=Function())
EVERYTHING: Final = Type(
    null=True, booleans=BOOLEAN.booleans, numbers=Numbers(), strings=Strings(), array=ARRAY.array, object=OBJECT.object,
    function=Function(),
)  # fmt: skip
"""SOMETHING, kind by kind."""


# --- making ------------------------------------------------------------------------------------------------------------------


def literal(value: object) -> Type:
    """The type of exactly one JSON value; of a large or deep one somewhat more."""
    return _literal(value, 0)


def _literal(value: object, depth: int) -> Type:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return TRUE if value else FALSE
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, str):
        return _text(value)
    if depth >= MAX_DEPTH:
        return ARRAY if isinstance(value, list) else OBJECT if isinstance(value, dict) else ANY
    if isinstance(value, list):
        if len(value) > MAX_ELEMENTS:
            return array_of(SOMETHING, len(value), len(value))
        return array_of_items([_literal(element, depth + 1) for element in value])
    if isinstance(value, dict):
        return object_of({key: _literal(member, depth + 1) for key, member in value.items()})
    return ANY


@lru_cache(maxsize=1024)
def _text(value: str) -> Type:
    """Just this text: the same few are written, and compared with, again and again."""
    return _of_strings(Strings(frozenset((value,))))


def number(*values: float) -> Type:
    """Just these numbers; NOTHING without any, NUMBER where one of them is none (NaN)."""
    if not values:
        return NOTHING
    if any(math.isnan(value) for value in values):
        return NUMBER
    return Type(numbers=_numbers(frozenset(values)))


def _numbers(literals: frozenset[float]) -> Numbers:
    whole = all(float(value).is_integer() for value in literals)
    kept = literals if len(literals) <= MAX_LITERALS else None
    return Numbers(min(literals), max(literals), whole, kept)


def number_between(low: float, high: float, whole: bool = False) -> Type:
    """The numbers of a range, ends included."""
    if low > high:
        return NOTHING
    if low == high and abs(low) != INFINITY:
        return number(low)
    return Type(numbers=Numbers(low, high, whole))


def text(*values: str) -> Type:
    """Just these texts; NOTHING without any."""
    if not values:
        return NOTHING
    if len(values) == 1:
        return _text(*values)
    return STRING if len(values) > MAX_LITERALS else Type(strings=Strings(frozenset(values)))


def enumeration(values: Iterable[str]) -> Type:
    """The values of an API's list, which may have grown since; however many."""
    return Type(strings=Strings(frozenset(values), open=True))


def array_of(element: Type, low: int = 0, high: float = INFINITY) -> Type:
    """Arrays of so many elements of a type. An element cannot be undefined."""
    element = element.defined()
    if element.is_nothing:
        high = 0
    if low > high:
        return NOTHING
    return Type(array=Array((), NOTHING if high == 0 else element, low, high))


def array_of_items(items: Iterable[Type]) -> Type:
    """Arrays with exactly these elements."""
    known = tuple([item.defined() for item in items])
    if NOTHING in known:
        return NOTHING
    if len(known) > MAX_PLACES:
        return array_of(join_all(known), len(known), len(known))
    return Type(array=Array(known, NOTHING, len(known), len(known)))


def object_of(members: Mapping[str, Type], rest: Type = UNDEFINED, source: Source | None = None) -> Type:
    """Objects with these members. One that is never there is left out of a closed object."""
    if not isinstance(members, Members):
        if len(members) > MAX_MEMBERS:
            return OBJECT
        absent = False
        for member in members.values():
            if member == NOTHING:
                return NOTHING
            absent = absent or (member.undefined > 0 and member.is_undefined)
        if absent and rest.is_undefined:
            members = {name: member for name, member in members.items() if not member.is_undefined}
    return _of_object(Object(members, rest, source))


def _of_object(of: Object) -> Type:
    return tuple.__new__(Type, (_NEVER, False, False, _NO_BOOLEANS, None, None, None, of, None))


def _of_strings(strings: Strings) -> Type:
    return tuple.__new__(Type, (_NEVER, False, False, _NO_BOOLEANS, None, strings, None, None, None))


# --- joining -----------------------------------------------------------------------------------------------------------------


def join(one: Type, other: Type) -> Type:
    """The least type that holds both."""
    return _join(one, other, 0)


def join_all(types: Iterable[Type]) -> Type:
    """The least type that holds all; NOTHING of none."""
    found = NOTHING
    for one in types:
        found = _join(found, one, 0)
    return found


def _join(one: Type, other: Type, depth: int) -> Type:
    if one is other:
        return one
    if one is NOTHING:
        return other
    if other is NOTHING or one == other:
        return one
    undefined, anything, null, booleans, numbers, strings, array, of, function = one
    undefined2, anything2, null2, booleans2, numbers2, strings2, array2, of2, function2 = other
    undefined = max(undefined, undefined2)
    if anything or anything2:
        return Type(undefined, anything=True)
    # Nearly all types are of one kind: what neither has costs nothing here.
    joined = (
        undefined,
        False,
        null or null2,
        booleans | booleans2 if booleans2 else booleans,
        numbers if numbers2 is None else _join_numbers(numbers, numbers2),
        strings if strings2 is None else _join_strings(strings, strings2),
        array if array2 is None else _join_arrays(array, array2, depth),
        of if of2 is None else _join_objects(of, of2, depth),
        function if function2 is None else _join_functions(function, function2),
    )
    return tuple.__new__(Type, joined)


def _join_numbers(one: Numbers | None, other: Numbers | None) -> Numbers | None:
    if one is None or other is None or one == other:
        return one or other
    if one.literals is not None and other.literals is not None:
        return _numbers(one.literals | other.literals)
    return Numbers(min(one.low, other.low), max(one.high, other.high), one.whole and other.whole)


def _join_strings(one: Strings | None, other: Strings | None) -> Strings | None:
    if one is None or other is None or one == other:
        return one or other
    form = one.form if one.form == other.form else None
    if one.literals is None or other.literals is None:
        return Strings(None, form)
    literals = one.literals | other.literals
    # The list of an API is kept, however long: it is one thing, and cannot grow in a loop.
    largest = max(len(one.literals) if one.open else 0, len(other.literals) if other.open else 0) + MAX_LITERALS
    return Strings(literals, form, one.open or other.open) if len(literals) <= largest else Strings(None, form)


def _join_arrays(one: Array | None, other: Array | None, depth: int) -> Array | None:
    if one is None or other is None:
        return one or other
    if one is other or one == other:
        return one
    low, high = min(one.low, other.low), max(one.high, other.high)
    if depth >= MAX_DEPTH:
        return Array((), SOMETHING, low, high)
    count = max(len(one.items), len(other.items))
    if low != high and count > min(len(one.items), len(other.items)):
        # One of them may end before the other's places do: what follows is kept as one type.
        count = min(len(one.items), len(other.items))
    items = [_join(one.place(i), other.place(i), depth + 1) for i in range(count)]
    rest = NOTHING
    for array in (one, other):
        for item in array.items[count:]:
            rest = _join(rest, item, depth + 1)
        rest = _join(rest, array.rest, depth + 1)
    return Array(tuple(items), rest, low, high)


def _join_objects(one: Object | None, other: Object | None, depth: int) -> Object | None:
    if one is None or other is None:
        return one or other
    if one is other or one == other:
        return one
    joined = _blended(one, other, depth)
    return joined if joined in (one, other) else _told_apart(joined, one, other, depth)


def _blended(one: Object, other: Object, depth: int) -> Object:
    """One object for both, which does not tell which members come together."""
    if depth >= MAX_DEPTH:
        return _ANY_OBJECT
    rest = _join(one.rest, other.rest, depth + 1)
    source = common_source(one.source, other.source)
    if isinstance(one.members, Members) or isinstance(other.members, Members):
        members = _join_late(one, other)
        return _ANY_OBJECT if members is None else Object(members, rest, source)
    own, others = one.members, other.members
    names = {**own, **others}
    if len(names) > MAX_MEMBERS:
        return _ANY_OBJECT
    absent, absent2 = one.rest, other.rest
    joined = {name: _join(own.get(name, absent), others.get(name, absent2), depth + 1) for name in names}
    return Object(joined, rest, source)


_ANY_OBJECT: Final = Object({}, ANY)


def common_source(one: Source | None, other: Source | None) -> Source | None:
    """Who lists the members of either object: where they are not the same, nobody by name, but as of the later date."""
    if one == other:
        return one
    dates = [source.date for source in (one, other) if source is not None and source.date is not None]
    return Source(UNNAMED, max(dates)) if dates else None


class _Joined(NamedTuple):
    """The key of members that are joined when they are asked for: the objects that they come from."""

    of: frozenset[Object]


def _join_late(one: Object, other: Object) -> Members | None:
    """The members of either, joined one by one when they are asked for; None where the objects are too many."""
    of: frozenset[Object] = frozenset()
    for each in (one, other):
        key = each.members.key if isinstance(each.members, Members) else None
        of |= key.of if isinstance(key, _Joined) else {each}
    if len(of) > MAX_JOINED:
        return None
    names = dict.fromkeys(name for each in sorted(of, key=_by_name) for name in each.members)
    return Members(names, lambda name: join_all(each.member(name) for each in of), _Joined(of))


def _by_name(of: Object) -> list[str]:
    return list(of.members)


# --- variants of objects -----------------------------------------------------------------------------------------------------

_SHAPE_DEPTH: Final = 2
_SHAPE_MEMBERS: Final = 100
"""Members of an object, down to some depth, of which it is still looked whether it is like another."""


def together(variants: Iterable[Object]) -> Object:
    """One object that is any of some: those of the same members are one, and the others are told apart."""
    found, *others = variants
    for other in others:
        joined = _join_objects(found, other, 0)
        assert joined is not None
        found = joined
    return found


def _told_apart(joined: Object, one: Object, other: Object, depth: int) -> Object:
    """The joined object with the variants of both; too many or too large ones are given up."""
    by_shape: dict[str, Object] = {}
    for variant in (*(one.variants or (one,)), *(other.variants or (other,))):
        shape = _shape(variant)
        if shape is None:
            return blurred(joined)
        same = by_shape.get(shape)
        by_shape[shape] = variant if same is None or same is variant else _blended(same, variant, depth)
    if len(by_shape) == 1:
        return joined
    return (
        blurred(joined)
        if len(by_shape) > MAX_VARIANTS
        else joined._replace(variants=tuple(by_shape[shape] for shape in sorted(by_shape)))
    )


def blurred(of: Object) -> Object:
    """The object without variants: which members come together is not known, so that nothing says that one is missing."""
    if isinstance(of.members, Members):
        return of._replace(variants=())
    members = {
        name: member._replace(undefined=Undefined.UNSAID) if member.undefined == Undefined.POSSIBLE else member
        for name, member in of.members.items()
    }
    return Object(members, of.rest, of.source)


_shapes: dict[int, tuple[Object, str | None]] = {}
"""The shapes of the objects that were looked at last, each held with its shape so that nothing else takes its identity."""
_MAX_SHAPES: Final = 64


def _shape(of: Object) -> str | None:
    """The members and their kinds, down to some depth, as one text; None of what is too large to be compared.

    The elements of a long list are joined one by one, and the variants found so far are looked at with each of them again.
    """
    known = _shapes.get(id(of))
    if known is not None and known[0] is of:
        return known[1]
    left = [_SHAPE_MEMBERS]
    found = _shape_of(of, 0, left)
    shape = found if left[0] >= 0 else None
    if len(_shapes) >= _MAX_SHAPES:
        _shapes.clear()
    _shapes[id(of)] = of, shape
    return shape


def _shape_of(of: Object, depth: int, left: list[int]) -> str:
    if isinstance(of.members, Members):
        return "\n".join(sorted(of.members))
    left[0] -= len(of.members) + 1
    if left[0] < 0 or depth >= _SHAPE_DEPTH:
        return ""
    parts = [] if of.is_closed else ["…"]
    for name in sorted(of.members):
        member = of.members[name]
        parts += (name, _signs(member))
        if member.object is not None:
            parts += (_shape_of(each, depth + 1, left) for each in member.object.variants or (member.object,))
    return "{" + "\n".join(parts) + "}"


def _signs(type_: Type) -> str:
    """A sign for each kind of the values."""
    return "".join(compress(_SIGNS, type_))


_SIGNS: Final = "?*0bnsaof"


def _join_functions(one: Function | None, other: Function | None) -> Function | None:
    if one is None or other is None:
        return one or other
    return one if one == other else Function()


def widen(before: Type, after: Type) -> Type:
    """The join, with the bounds that grew at infinity and the lists that grew given up: for the head of a loop."""
    return _widen(before, _join(before, after, 0), 0)


def _widen(before: Type, after: Type, depth: int) -> Type:
    if before == after or before.anything or after.anything or depth > MAX_DEPTH:
        return after
    numbers, strings, array, of = after.numbers, after.strings, after.array, after.object
    if before.numbers is not None and numbers is not None and before.numbers != numbers:
        low = numbers.low if numbers.low >= before.numbers.low else -INFINITY
        high = numbers.high if numbers.high <= before.numbers.high else INFINITY
        numbers = Numbers(low, high, numbers.whole)
    if before.strings is not None and strings is not None and before.strings != strings and not strings.open:
        strings = Strings(None, strings.form)
    if before.array is not None and array is not None and before.array != array:
        low_length = array.low if array.low >= before.array.low else 0
        high_length = array.high if array.high <= before.array.high else INFINITY
        count = min(len(before.array.items), len(array.items)) if low_length != high_length else len(array.items)
        items = tuple(_widen(before.array.place(i), array.items[i], depth + 1) for i in range(count))
        rest = _widen(before.array.rest, _join_all_from(array, count), depth + 1)
        array = Array(items, rest, low_length, high_length)
    if before.object is not None and of is not None and before.object != of:
        of = _widen_variants(before.object, of, depth) or _widen_object(before.object, of, depth)
    return after._replace(numbers=numbers, strings=strings, array=array, object=of)


def _widen_object(before: Object, after: Object, depth: int) -> Object:
    members = after.members
    if not isinstance(members, Members):  # of which only so many are joined
        members = {name: _widen(before.member(name), member, depth + 1) for name, member in members.items()}
    of = Object(members, _widen(before.rest, after.rest, depth + 1), after.source)
    return blurred(of) if after.variants else of


def _widen_variants(before: Object, after: Object, depth: int) -> Object | None:
    """Each of the variants widened, where they are those that there were before (they are in the order of their shapes)."""
    if not after.variants or len(before.variants) != len(after.variants):
        return None
    pairs = tuple(zip(before.variants, after.variants, strict=True))
    if any(one is not other and _shape(one) != _shape(other) for one, other in pairs):
        return None
    widened = tuple(other if one is other else _widen_object(one, other, depth) for one, other in pairs)
    return _widen_object(before, after._replace(variants=()), depth)._replace(variants=widened)


def _join_all_from(array: Array, count: int) -> Type:
    return join_all((*array.items[count:], array.rest))
