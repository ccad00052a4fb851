"""Expression sites: every string of a definition that is a small program, found once by the table of fields.

In JSONata states these are the strings ``{% … %}`` of the fields that take expressions, at any depth of a payload; in JSONPath
states the paths, and the values of template members whose key ends in ``.$``. Nobody else searches raw values for strings.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
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
            self._parsed = _jsonata_parser()(self.expression)
        return self._parsed  # type: ignore[no-any-return]

    @property
    def path(self) -> "Path | Intrinsic":
        """The path of a JSONPath site, or, where a template's member or a string function may stand, the call; parsed once."""
        if self._parsed is None:
            is_call = self.kind == "string-path" and "(" in self.text
            self._parsed = _path_parser("dynamic" if self.kind == "dynamic" else "call" if is_call else "path")(self.text)
        return self._parsed  # type: ignore[no-any-return]


@cache
def _jsonata_parser() -> "Callable[[str], tuple[Expression, tuple[Error, ...]]]":
    from asl_lint.expressions.jsonata import parse

    return parse


@cache
def _path_parser(kind: Literal["dynamic", "call", "path"]) -> "Callable[[str], Path | Intrinsic]":
    if kind == "path":
        from asl_lint.expressions.jsonpath import parse_path

        return parse_path
    from asl_lint.expressions.intrinsics import parse_dynamic, parse_intrinsic

    return parse_dynamic if kind == "dynamic" else parse_intrinsic


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
    found: list[tuple[State, Sequence[Holding]]] = []
    for state in machine.states:
        if state.type in STATE_TYPES and state.is_language_known:
            held: list[Holding] = []
            _add_holdings(held, state, str(state.type), state.body, state.pointer)
            found.append((state, held))
    return found


_Place = tuple[str, str | None]
"""What a field holds: an expression, a payload, a kind of path, or, with its name, another object or a list of them."""
_Places = dict[tuple[str, str], dict[str, _Place]]
"""Query language and owner -> field -> what it holds. Fields that hold nothing of it are left out."""


def _places() -> _Places:
    """The table of fields, boiled down to what this walk asks of it."""
    from asl_lint.model.field import Field
    from asl_lint.model.fields import OBJECTS

    def place(field: Field, language: str) -> _Place | None:
        if field.of in ("Branch", "Processor"):
            return None
        if field.of:
            return "objects" if field.types == ("array",) else "object", field.of
        if field.language not in (None, language):
            return None
        if language == "JSONata":
            how = "payload" if field.holds in ("payload", "template") else "expression" if field.expression else None
            return None if how is None else (how, None)
        return (field.holds, None) if field.holds in ("path", "reference-path", "string-path", "template") else None

    return {
        (language, name): {field.name: found for field in of.fields if (found := place(field, language)) is not None}
        for name, of in OBJECTS.items()
        for language in ("JSONata", "JSONPath")
    }


class _Table(_Places):
    """The places, made when first asked for: a definition without expressions pays nothing for the table of fields."""

    def __missing__(self, key: tuple[str, str]) -> dict[str, _Place]:
        self.update(_places())
        return self[key]


TEXTS: Final = ("Error", "Cause", "RoleArn")
"""Fields that take an expression or any text."""
_PLACES: Final = _Table()


def _add_holdings(found: list[Holding], state: State, owner: str, body: Mapping[str, Any], pointer: Pointer) -> None:
    places = _PLACES[state.language, owner]
    if owner == "Credentials" and state.language == "JSONPath":
        found.append(Holding("template", owner, "Credentials", body, pointer, pointer))
        return
    for name, value in body.items():
        place = places.get(name)
        if place is None:
            continue
        how, of = place
        if of is None:
            found.append(Holding(how, owner, name, value, (*pointer, name), pointer))  # type: ignore[arg-type]
        elif how == "object":
            if isinstance(value, dict):
                _add_holdings(found, state, of, value, (*pointer, name))
        elif isinstance(value, list):
            for i, member in enumerate(value):
                if isinstance(member, dict):
                    _add_holdings(found, state, of, member, (*pointer, name, i))


def _in_holding(state: State, holding: Holding) -> Iterable[Site]:
    how, owner, field, value, pointer, holder = holding
    if isinstance(value, str):
        if how in ("payload", "expression"):
            kind = _jsonata_kind(value)
            # Half an expression where text is not allowed is told as a value of the wrong type.
            if kind is not None and (kind == "jsonata" or how == "payload" or field in TEXTS):
                return (Site(kind, value, pointer, state, owner, field, holder),)
        elif how != "template":
            return (Site(how, value, pointer, state, owner, field, holder),)  # type: ignore[arg-type]
    elif isinstance(value, _HOLDING):
        if how == "payload":
            return _in_payload(state, owner, field, value, pointer, holder)
        if how == "template":
            return _in_template(state, owner, field, value, pointer, holder)
    return ()


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
