"""Expression sites: every string of a definition that is a small program, found once by the table of fields.

In JSONata states these are the strings ``{% … %}`` of the fields that take expressions, at any depth of a payload; in JSONPath
states the paths, and the values of template members whose key ends in ``.$``. Nobody else searches raw values for strings.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

from asl_lint.late import NamedTuple
from asl_lint.model.machine import STATE_TYPES, State, StateMachine
from asl_lint.source.document import Pointer

if TYPE_CHECKING:
    from asl_lint.expressions.intrinsics import Intrinsic
    from asl_lint.expressions.jsonata.errors import Error
    from asl_lint.expressions.jsonata.nodes import Expression
    from asl_lint.expressions.jsonpath import Path

SiteKind = Literal["jsonata", "half-open", "path", "reference-path", "string-path", "dynamic"]

_OPENING: Final = "{%"
_CLOSING: Final = "%}"


class Site:
    """One string that is evaluated.

    ``text`` is the whole string, ``pointer`` leads to it; ``field`` is the top-level field of ``owner`` (a key of
    ``model.fields.OBJECTS``) that holds it, at whatever depth; ``holder`` leads to that owner: the state, a rule, a Catcher.
    """

    __slots__ = ("_parsed", "field", "holder", "kind", "owner", "pointer", "state", "text")

    def __init__(
        self, kind: SiteKind, text: str, pointer: Pointer, state: State, owner: str, field: str, holder: Pointer
    ) -> None:
        self.kind = kind
        self.text = text
        self.pointer = pointer
        self.state = state
        self.owner = owner
        self.field = field
        self.holder = holder
        self._parsed: Any = None

    def __repr__(self) -> str:
        return f"Site({self.kind}, {self.text!r}, {self.pointer})"

    @property
    def expression(self) -> str:
        """What stands between the delimiters of a JSONata site."""
        return self.text[len(_OPENING) : -len(_CLOSING)]

    @property
    def jsonata(self) -> "tuple[Expression, tuple[Error, ...]]":
        """The tree of a JSONata site and its errors, parsed once."""
        if self._parsed is None:
            from asl_lint.expressions.jsonata import parse

            self._parsed = parse(self.expression)
        return self._parsed  # type: ignore[no-any-return]

    @property
    def path(self) -> "Path | Intrinsic":
        """The path of a JSONPath site, or, where a template's member or a string function may stand, the call; parsed once."""
        if self._parsed is None:
            if self.kind == "dynamic":
                from asl_lint.expressions.intrinsics import parse_dynamic

                self._parsed = parse_dynamic(self.text)
            elif self.kind == "string-path" and "(" in self.text:
                from asl_lint.expressions.intrinsics import parse_intrinsic

                self._parsed = parse_intrinsic(self.text)
            else:
                from asl_lint.expressions.jsonpath import parse_path

                self._parsed = parse_path(self.text)
        return self._parsed  # type: ignore[no-any-return]


OFFSET: Final = len(_OPENING)
"""Characters before the expression of a JSONata site."""


def _jsonata_kind(text: str) -> Literal["jsonata", "half-open"] | None:
    """Whether a string of a JSONata state is evaluated, lacks a delimiter, or is text: it must begin and end with them (A)."""
    opens, closes = text.startswith(_OPENING), text.endswith(_CLOSING)
    if opens and closes and len(text) >= len(_OPENING) + len(_CLOSING):
        return "jsonata"
    # With both somewhere it is text that quotes an expression, which the service takes (A).
    return "half-open" if opens != closes and (_OPENING in text) != (_CLOSING in text) else None


def sites(held: "Holdings") -> list[Site]:
    """Every site of the machine, state by state, in the order of the text within a state."""
    found: list[Site] = []
    for state, holdings in held:
        for holding in holdings:
            found += _in_holding(state, holding)
    return found


class Holding(NamedTuple):
    """A field that holds what is evaluated, or may: ``value`` at ``pointer``, in the object ``owner`` at ``holder``.

    ``how``: in a JSONata state ``expression`` (of the whole value) or ``payload`` (at any depth), in a JSONPath state a kind of
    path or ``template``.
    """

    how: Literal["expression", "payload", "path", "reference-path", "string-path", "template"]
    owner: str
    field: str
    value: Any
    pointer: Pointer
    holder: Pointer


Holdings = Sequence[tuple[State, Sequence[Holding]]]


def holdings(machine: StateMachine) -> Holdings:
    """The fields of each state, and of the objects in it, that hold expressions, paths or templates, in the order of the text.

    Left out are states of which the type or the language is not known.
    """
    return [
        (state, list(_in_object(state, str(state.type), state.body, state.pointer)))
        for state in machine.states
        if state.type in STATE_TYPES and state.is_language_known
    ]


class _Place(NamedTuple):
    """What a field of an object holds, by query language: nothing, an expression, a payload, a path, or another object."""

    in_jsonata: Literal["", "expression", "payload", "object", "objects"]
    in_jsonpath: Literal["", "path", "reference-path", "string-path", "template", "object", "objects"]
    of: str | None


def _places() -> dict[str, dict[str, _Place]]:
    """The table of fields, boiled down to what this walk asks of it."""
    from asl_lint.model.field import Field
    from asl_lint.model.fields import OBJECTS

    def place(field: Field) -> _Place | None:
        if field.of in ("Branch", "Processor"):
            return None
        if field.of:
            how: Literal["object", "objects"] = "objects" if field.types == ("array",) else "object"
            return _Place(how, how, field.of)
        jsonata: Any = ""
        jsonpath: Any = ""
        if field.language != "JSONPath":
            if field.holds in ("payload", "template"):
                jsonata = "payload"
            elif field.expression:
                jsonata = "expression"
        if field.language != "JSONata" and field.holds in ("path", "reference-path", "string-path", "template"):
            jsonpath = field.holds
        return _Place(jsonata, jsonpath, None) if jsonata or jsonpath else None

    return {
        name: {field.name: found for field in definition.fields if (found := place(field)) is not None}
        for name, definition in OBJECTS.items()
    }


class _Table(dict[str, dict[str, _Place]]):
    """The places, made when first asked for: a definition without expressions pays nothing for the table of fields."""

    def __missing__(self, key: str) -> dict[str, _Place]:
        self.update(_places())
        return self[key]


TEXTS: Final = ("Error", "Cause", "RoleArn")
"""Fields that take an expression or any text."""
_PLACES: Final = _Table()


def _in_object(state: State, owner: str, body: Mapping[str, Any], pointer: Pointer) -> Iterator[Holding]:
    places = _PLACES[owner]
    jsonata = state.language == "JSONata"
    if owner == "Credentials" and not jsonata:
        yield Holding("template", owner, "Credentials", body, pointer, pointer)
        return
    for name, value in body.items():
        place = places.get(name)
        if place is None:
            continue
        how = place.in_jsonata if jsonata else place.in_jsonpath
        if how == "object":
            if isinstance(value, dict):
                yield from _in_object(state, place.of or "", value, (*pointer, name))
        elif how == "objects":
            if isinstance(value, list):
                for i, member in enumerate(value):
                    if isinstance(member, dict):
                        yield from _in_object(state, place.of or "", member, (*pointer, name, i))
        elif how:
            yield Holding(how, owner, name, value, (*pointer, name), pointer)


def _in_holding(state: State, holding: Holding) -> Iterator[Site]:
    how, owner, field, value, pointer, holder = holding
    if how == "payload":
        yield from _in_payload(state, owner, field, value, pointer, holder)
    elif how == "template":
        yield from _in_template(state, owner, field, value, pointer, holder)
    elif isinstance(value, str):
        if how != "expression":
            yield Site(how, value, pointer, state, owner, field, holder)
        # Half an expression where text is not allowed is told as a value of the wrong type.
        elif (kind := _jsonata_kind(value)) and (kind == "jsonata" or field in TEXTS):
            yield Site(kind, value, pointer, state, owner, field, holder)


def _in_payload(state: State, owner: str, field: str, value: object, pointer: Pointer, holder: Pointer) -> Iterator[Site]:
    pending: list[tuple[object, Pointer]] = [(value, pointer)]
    while pending:
        inner, at = pending.pop()
        if isinstance(inner, str):
            if kind := _jsonata_kind(inner):
                yield Site(kind, inner, at, state, owner, field, holder)
        elif isinstance(inner, dict):
            pending += [(member, (*at, key)) for key, member in reversed(inner.items()) if _may_hold(member)]
        elif isinstance(inner, list):
            pending += [(inner[i], (*at, i)) for i in range(len(inner) - 1, -1, -1) if _may_hold(inner[i])]


def _may_hold(value: object) -> bool:
    return "%" in value if isinstance(value, str) else isinstance(value, _HOLDING)


_HOLDING: Final = (dict, list)


def _in_template(state: State, owner: str, field: str, value: object, pointer: Pointer, holder: Pointer) -> Iterator[Site]:
    pending: list[tuple[object, Pointer]] = [(value, pointer)]
    while pending:
        inner, at = pending.pop()
        if isinstance(inner, list):
            pending += [(inner[i], (*at, i)) for i in range(len(inner) - 1, -1, -1)]
        elif isinstance(inner, dict):
            deeper: list[tuple[object, Pointer]] = []
            for key, member in inner.items():
                if key.endswith(".$"):
                    if isinstance(member, str):
                        yield Site("dynamic", member, (*at, key), state, owner, field, holder)
                elif isinstance(member, dict | list):
                    deeper.append((member, (*at, key)))
            pending += reversed(deeper)
