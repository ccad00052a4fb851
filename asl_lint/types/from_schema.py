"""The type of the values that a JSON Schema allows, or of more: what is not understood here allows anything.

Source: JSON Schema 2020-12, and the older drafts where they differ in how they write the same.
"""

from collections.abc import Iterable, Mapping

from asl_lint.late import Any, Final
from asl_lint.types.lattice import (
    ANY,
    ARRAY,
    BOOLEAN,
    INFINITY,
    NOTHING,
    NULL,
    SOMETHING,
    STRING,
    TIMESTAMP,
    UNDEFINED,
    Array,
    Object,
    Source,
    Type,
    Undefined,
    join,
    join_all,
    literal,
    number,
    number_between,
    object_of,
)
from asl_lint.types.variants import each_pair

_DEEPEST: Final = 12
_UNSAID: Final = Undefined.UNSAID


def type_of_schema(schema: object, source: Source | None = None) -> Type:
    """The type of what a schema allows. ``source`` names it where an object may have no members but those that it lists."""
    return _Reader(schema, source).read(schema, None, 0)


class _Reader:
    def __init__(self, document: object, source: Source | None) -> None:
        self._document = document
        self._source = source

    def read(self, schema: object, kinds: object, depth: int) -> Type:
        """The type of a schema; ``kinds`` is the ``type`` around it, which holds where it says none itself."""
        if schema is False:
            return NOTHING
        if not isinstance(schema, Mapping) or depth > _DEEPEST:
            return SOMETHING
        if isinstance(schema.get("$ref"), str):
            return self._referred(schema["$ref"], kinds, depth)
        kinds = schema.get("type", kinds)
        found = self._own(schema, kinds, depth)
        for part in _schemas(schema.get("allOf")):
            found = meet(found, self.read(part, kinds, depth + 1))
        for name in ("anyOf", "oneOf"):
            parts = _schemas(schema.get(name))
            if parts:
                found = meet(found, join_all(self.read(part, kinds, depth + 1) for part in parts))
        return join(found, NULL) if schema.get("nullable") is True else found

    def _referred(self, reference: str, kinds: object, depth: int) -> Type:
        """What a reference within the document leads to."""
        found = self._document
        if not reference.startswith("#") or (reference != "#" and not reference.startswith("#/")):
            return SOMETHING
        for part in reference.split("/")[1:]:
            name = part.replace("~1", "/").replace("~0", "~")
            if isinstance(found, Mapping) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isdecimal() and int(name) < len(found):
                found = found[int(name)]
            else:
                return SOMETHING
        return self.read(found, kinds, depth + 1)

    def _own(self, schema: Mapping[str, Any], kinds: object, depth: int) -> Type:
        if "const" in schema:
            return literal(schema["const"])
        if isinstance(schema.get("enum"), list):
            return join_all(map(literal, schema["enum"]))
        listed = [kinds] if isinstance(kinds, str) else kinds
        if not isinstance(listed, list):
            return SOMETHING
        return join_all(self._of_kind(schema, kind, depth) for kind in listed)

    def _of_kind(self, schema: Mapping[str, Any], kind: object, depth: int) -> Type:
        if kind == "object":
            return self._object(schema, depth)
        if kind == "array":
            return self._array(schema, depth)
        if kind in ("number", "integer"):
            return _number(schema, whole=kind == "integer")
        if kind == "string":
            return TIMESTAMP if schema.get("format") == "date-time" else STRING
        return {"null": NULL, "boolean": BOOLEAN}.get(kind, SOMETHING) if isinstance(kind, str) else SOMETHING

    def _object(self, schema: Mapping[str, Any], depth: int) -> Type:
        properties = schema.get("properties")
        required = schema.get("required")
        needed = {name for name in required if isinstance(name, str)} if isinstance(required, list) else set()
        rest = self._rest(schema, depth)
        members: dict[str, Type] = {}
        for name, inner in properties.items() if isinstance(properties, Mapping) else ():
            found = self.read(inner, None, depth + 1)
            # What can have no value is no member.
            members[name] = UNDEFINED if found.is_nothing else found if name in needed else found.or_undefined()
        for name in sorted(needed - members.keys()):
            members[name] = rest.defined() if not rest.is_undefined else SOMETHING
        return object_of(members, rest, self._source if rest.is_undefined else None)

    def _rest(self, schema: Mapping[str, Any], depth: int) -> Type:
        """What the members are that no property lists."""
        others = schema.get("additionalProperties", True)
        if others is True or "patternProperties" in schema:
            return ANY
        found = self.read(others, None, depth + 1)
        return UNDEFINED if found.is_nothing else found.or_undefined(_UNSAID)

    def _array(self, schema: Mapping[str, Any], depth: int) -> Type:
        items = schema.get("items", True)
        first = schema.get("prefixItems")
        if isinstance(items, list):  # as the drafts before 2020-12 wrote it
            first, items = items, schema.get("additionalItems", True)
        places = tuple(self.read(inner, None, depth + 1) for inner in first) if isinstance(first, list) else ()
        rest = self.read(items, None, depth + 1)
        low, high = _count(schema.get("minItems"), 0), _count(schema.get("maxItems"), INFINITY)
        high = min(high, len(places)) if rest.is_nothing else high
        if any(place.is_nothing for place in places):
            return ARRAY
        return Type(array=Array(places, rest if high > len(places) else NOTHING, int(low), high)) if low <= high else NOTHING


def _schemas(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(value: object, otherwise: float) -> float:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else otherwise


def _number(schema: Mapping[str, Any], *, whole: bool) -> Type:
    def bound(names: Iterable[str], otherwise: float) -> list[float]:
        found = [schema.get(name) for name in names]
        return [value for value in found if isinstance(value, int | float) and not isinstance(value, bool)] or [otherwise]

    low = max(bound(("minimum", "exclusiveMinimum"), -INFINITY))
    high = min(bound(("maximum", "exclusiveMaximum"), INFINITY))
    return number_between(low, high, whole)


# --- what two types share ----------------------------------------------------------------------------------------------------


def meet(one: Type, other: Type) -> Type:
    """The values of both types, or some more: of arrays those of the first."""
    if one.anything or other.anything:
        found = other if one.anything else one
        return found._replace(undefined=min(one.undefined, other.undefined))
    return Type(
        min(one.undefined, other.undefined),
        False,
        one.null and other.null,
        one.booleans & other.booleans,
        _meet_numbers(one, other),
        _meet_strings(one, other),
        one.array if other.array is not None else None,
        _meet_objects(one.object, other.object),
        one.function if other.function is not None else None,
    )


def _meet_numbers(one: Type, other: Type) -> Any:
    a, b = one.numbers, other.numbers
    if a is None or b is None:
        return None
    for kept, bounds in ((a, b), (b, a)):
        if kept.literals is not None:
            return number(*(v for v in kept.literals if bounds.low <= v <= bounds.high)).numbers
    return number_between(max(a.low, b.low), min(a.high, b.high), a.whole or b.whole).numbers


def _meet_strings(one: Type, other: Type) -> Any:
    a, b = one.strings, other.strings
    if a is None or b is None or a.literals is None:
        return b if a is not None else None
    if b.literals is None:
        return a
    shared = a.literals & b.literals
    return a._replace(literals=shared) if shared else None


def _meet_objects(one: Object | None, other: Object | None) -> Object | None:
    return None if one is None or other is None else each_pair(one, other, _meet_variants)


def _meet_variants(one: Object, other: Object) -> Object | None:
    members: dict[str, Type] = {}
    for name in (*one.members, *(name for name in other.members if name not in one.members)):
        members[name] = meet(one.member(name), other.member(name))
        if members[name].is_nothing:
            return None
    return Object(members, meet(one.rest, other.rest), one.source or other.source)
