"""Expression sites: every string of a definition that is a small program, found once by the table of fields.

In JSONata states these are the strings ``{% … %}`` of the fields that take expressions, at any depth of a payload; in JSONPath
states the paths, and the values of template members whose key ends in ``.$``. Nobody else searches raw values for strings.
"""

from collections.abc import Mapping, Sequence

from asl_lint.late import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from asl_lint.model.machine import STATE_TYPES, Language, State, StateMachine
from asl_lint.source.document import Pointer
from asl_lint.source.text import Span

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
    def whole(self) -> Span:
        """What is evaluated of the string, without the delimiters and blanks around an expression."""
        if self.kind != "jsonata":
            return Span(0, len(self.text))
        inner = self.expression.strip()
        start = self.text.index(inner, OFFSET)
        return Span(start, start + max(len(inner), 1))

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
            if self.kind == "dynamic" and self.text[:1] != "$":
                from asl_lint.expressions.intrinsics import parse_dynamic

                self._parsed = parse_dynamic(self.text)
            elif self.kind == "string-path" and "(" in self.text:
                from asl_lint.expressions.intrinsics import parse_intrinsic

                self._parsed = parse_intrinsic(self.text)
            else:
                from asl_lint.expressions.jsonpath import parse_path

                self._parsed = parse_path(self.text)
        return self._parsed  # type: ignore[no-any-return]

    @property
    def paths(self) -> "tuple[Path, ...]":
        """The paths that a JSONPath site reads; none where one has an error."""
        parsed = self.path
        return () if parsed.errors or self.field == "ResultPath" else tuple(parsed.paths())


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
            _add_sites(found, state, holding)
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
    held = []
    for state in machine.states:
        if state.type in STATE_TYPES and state.is_language_known:
            found: list[Holding] = []
            _add_holdings(found, _PLACES[state.language], state.type, state.body, state.pointer)
            held.append((state, found))
    return held


_Place = tuple[Any, str | None]
"""How a field holds something (see ``Holding``), or ``object`` or ``objects`` of the kind that comes second."""
_Places = Mapping[str, Mapping[str, _Place]]


def _places(language: Language) -> _Places:
    """The table of fields, boiled down to what this walk asks of it."""
    from asl_lint.model.field import Field
    from asl_lint.model.fields import OBJECTS

    def place(field: Field) -> _Place | None:
        if field.of in ("Branch", "Processor"):
            return None
        if field.of:
            return "objects" if field.types == ("array",) else "object", field.of
        if language == "JSONata":
            if field.language == "JSONPath":
                return None
            if field.holds in ("payload", "template"):
                return "payload", None
            return ("expression", None) if field.expression else None
        is_held = field.language != "JSONata" and field.holds in ("path", "reference-path", "string-path", "template")
        return (field.holds, None) if is_held else None

    return {
        name: {field.name: found for field in definition.fields if (found := place(field)) is not None}
        for name, definition in OBJECTS.items()
    }


class _Tables(dict[Language, _Places]):
    """The places by query language, made when first asked for: no command pays for the table of fields that checks nothing."""

    def __missing__(self, language: Language) -> _Places:
        self[language] = found = _places(language)
        return found


TEXTS: Final = ("Error", "Cause", "RoleArn")
"""Fields that take an expression or any text."""
_PLACES: Final = _Tables()


def _add_holdings(found: list[Holding], places: _Places, owner: str, body: Mapping[str, Any], pointer: Pointer) -> None:
    of_owner = places[owner]
    if owner == "Credentials" and places is _PLACES["JSONPath"]:
        found.append(Holding("template", owner, "Credentials", body, pointer, pointer))
        return
    for name, value in body.items():
        place = of_owner.get(name)
        if place is None:
            continue
        how, of = place
        if of is None:
            found.append(Holding(how, owner, name, value, (*pointer, name), pointer))
        elif how == "object":
            if isinstance(value, dict):
                _add_holdings(found, places, of, value, (*pointer, name))
        elif isinstance(value, list):
            for i, member in enumerate(value):
                if isinstance(member, dict):
                    _add_holdings(found, places, of, member, (*pointer, name, i))


def _add_sites(found: list[Site], state: State, holding: Holding) -> None:
    how, owner, field, value, pointer, holder = holding
    if how == "payload":
        found += [Site(kind, text, at, state, owner, field, holder) for kind, text, at in _in_payload(value, pointer)]
    elif how == "template":
        found += [Site("dynamic", text, at, state, owner, field, holder) for text, at in _in_template(value, pointer)]
    elif isinstance(value, str):
        if how != "expression":
            found.append(Site(how, value, pointer, state, owner, field, holder))
        # Half an expression where text is not allowed is told as a value of the wrong type.
        elif (kind := _jsonata_kind(value)) and (kind == "jsonata" or field in TEXTS):
            found.append(Site(kind, value, pointer, state, owner, field, holder))


def _in_payload(value: object, pointer: Pointer) -> list[tuple[Literal["jsonata", "half-open"], str, Pointer]]:
    found: list[tuple[Literal["jsonata", "half-open"], str, Pointer]] = []
    pending: list[tuple[object, Pointer]] = [(value, pointer)]
    while pending:
        inner, at = pending.pop()
        if isinstance(inner, str):
            if kind := _jsonata_kind(inner):
                found.append((kind, inner, at))
        elif isinstance(inner, dict):
            pending += [(member, (*at, key)) for key, member in reversed(inner.items()) if _may_be_site(member)]
        elif isinstance(inner, list):
            pending += [(inner[i], (*at, i)) for i in range(len(inner) - 1, -1, -1) if _may_be_site(inner[i])]
    return found


def _may_be_site(value: object) -> bool:
    """Whether a part of a payload may be an expression, or hold one: most are plain texts and numbers."""
    if type(value) is str:
        return value[:2] == _OPENING or value[-2:] == _CLOSING
    return isinstance(value, dict | list)


def _in_template(value: object, pointer: Pointer) -> list[tuple[str, Pointer]]:
    found: list[tuple[str, Pointer]] = []
    pending: list[tuple[object, Pointer]] = [(value, pointer)]
    while pending:
        inner, at = pending.pop()
        if isinstance(inner, dict):
            deeper: list[tuple[object, Pointer]] = []
            for key, member in inner.items():
                if key.endswith(".$"):
                    if isinstance(member, str):
                        found.append((member, (*at, key)))
                elif isinstance(member, (dict, list)):
                    deeper.append((member, (*at, key)))
            pending += reversed(deeper)
        elif isinstance(inner, list):
            pending += [(inner[i], (*at, i)) for i in range(len(inner) - 1, -1, -1)]
    return found
