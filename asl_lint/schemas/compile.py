"""Turns the definitions of the language's schema into closures, each compiled when first used.

Understands just the keywords that ``build.py`` writes. A closure appends a ``Fault`` where jsonschema would report an error, at
the same pointer under the same keyword. What the deployment fills in (placeholders) is of any type and value. About one
microsecond a field.
"""

import json
import math
import os.path
import re
from collections.abc import Callable, Mapping

from asl_lint.late import Any, Final, NamedTuple, Pattern
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder, is_template_function


class Fault(NamedTuple):
    """A value that the schema does not allow.

    ``keyword`` is the schema's word for it, ``pointer`` leads to the value, ``owner`` names the definition of the innermost
    object, ``field`` its member (None where the object itself is at fault), ``detail`` what the keyword asked for.
    """

    keyword: str
    pointer: Pointer
    owner: str
    field: str | None
    value: object
    detail: Any


PLAIN_PATH: Final = Pattern(r"\$(?:\.[A-Za-z_]\w*)*\Z", re.ASCII)
"""Paths that every pattern of paths in the schema takes: most are such, and this one is asked in a fourth of the time."""

QUOTED: Final = "quoted"
"""No word of the schema: a string with a placeholder, or a function of a template, where no string belongs. Whether it is one
when it is deployed, depends on who deploys it.
"""

Faults = list[Fault]
Check = Callable[[Any, Pointer, Faults], None]

_SCHEMA: Final = os.path.join(os.path.dirname(__file__), "asl.schema.json")  # noqa: PTH118, PTH120

_BOUNDARIES: Final = ("Branch.", "Processor.", "States.", "State.")
"""Definitions at which a check stops: whoever walks the scopes checks what lies beyond."""

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "object": (dict,),
    "array": (list,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}
_EVERY: Final = frozenset(kind for kinds in _TYPES.values() for kind in kinds)


class Checks:
    """The compiled schema. ``definition(name)`` is the check of one ``$defs`` entry, compiled once."""

    __slots__ = ("_compiled", "_definitions")

    def __init__(self, definitions: Mapping[str, Any]) -> None:
        self._definitions = definitions
        self._compiled: dict[str, Check] = {}

    def definition(self, name: str) -> Check:
        """The closure for ``#/$defs/<name>``. Raises KeyError for a name that the schema does not have."""
        check = self._compiled.get(name)
        if check is None:
            check = self._compiled[name] = self._object(name, self._definitions[name])
        return check

    def _lazily(self, name: str) -> Check:
        if name.startswith(_BOUNDARIES):
            return _typed(("object",), None)
        check: Check | None = None

        def resolve(value: Any, pointer: Pointer, faults: Faults) -> None:
            nonlocal check
            if check is None:
                check = self.definition(name)
            check(value, pointer, faults)

        return resolve

    def _object(self, name: str, schema: Mapping[str, Any]) -> Check:
        members: Mapping[str, Any] = schema.get("properties", {})
        properties = {field: self._member(name, field, inner) for field, inner in members.items()}
        plain = {field: _taken_as_they_are(inner) for field, inner in members.items()}
        closed = schema.get("additionalProperties") is False
        judges_members = closed or bool(members)
        required: list[str] = schema.get("required", [])
        relations = [_relation(name, rule) for rule in schema.get("then", {}).get("allOf", ())]
        names_limit = schema.get("propertyNames", {}).get("maxLength")
        least: int = schema.get("minProperties", 0)

        def check(value: Any, pointer: Pointer, faults: Faults) -> None:
            if type(value) is not dict:
                if not is_unknown(value):
                    faults.append(Fault("type", pointer, name, None, value, ("object",)))
                return
            if len(value) == 1 and is_template_function(value):
                return
            whole = True
            for field, inner in value.items() if judges_members else ():
                if type(inner) in plain.get(field, ()):
                    continue  # most members: nothing is called, and no pointer made
                member = properties.get(field)
                if member is not None:
                    member(inner, (*pointer, field), faults)
                elif closed:
                    if has_placeholder(field):
                        whole = False  # it may be any of the fields
                    else:
                        faults.append(Fault("additionalProperties", pointer, name, field, inner, None))
            if not whole:
                return
            for field in required:
                if field not in value:
                    faults.append(Fault("required", pointer, name, field, value, None))
            for trigger, relation in relations:
                if trigger is None or trigger in value:
                    relation(value, pointer, faults)
            if len(value) < least:
                faults.append(Fault("minProperties", pointer, name, None, value, least))
            if names_limit is not None:
                for field in value:
                    if len(field) > names_limit and not has_placeholder(field):
                        faults.append(Fault("maxLength", pointer, name, field, field, names_limit))

        return check

    def _member(self, owner: str, field: str, schema: Mapping[str, Any]) -> Check | None:
        checks: list[Check] = []
        reference = schema.get("$ref")
        types = schema.get("type")
        if types is not None:
            checks.append(_typed((types,) if isinstance(types, str) else tuple(types), owner, field))
        if reference is not None:
            target = reference.rpartition("/")[2]
            if not (target.startswith(_BOUNDARIES) and types is not None):
                checks.append(self._lazily(target))
        for keyword, compile_one in _LEAVES.items():
            if keyword in schema:
                checks.append(compile_one(owner, field, schema[keyword]))
        if "items" in schema:
            items = schema["items"]
            inner = self._lazily(items["$ref"].rpartition("/")[2]) if "$ref" in items else _typed((items["type"],), owner, field)
            checks.append(_each(inner))
        if not checks:
            return _anything
        check = checks[0] if len(checks) == 1 else _all(checks)
        return _between(schema, check) if "minimum" in schema and "exclusiveMaximum" not in schema else check


_CONCERNS: Final[Mapping[str, frozenset[type]]] = {
    "$ref": _EVERY, "const": _EVERY, "enum": _EVERY, "minimum": frozenset((int, float)), "maximum": frozenset((int, float)),
    "exclusiveMaximum": frozenset((int, float)), "minLength": frozenset((str,)), "maxLength": frozenset((str,)),
    "pattern": frozenset((str,)), "minItems": frozenset((list,)), "items": frozenset((list,)),
    "minProperties": frozenset((dict,)),
}  # fmt: skip
"""Keywords -> the types of whose values they say more than the type."""


def _taken_as_they_are(schema: Mapping[str, Any]) -> frozenset[type]:
    """The types of which a member may have any value."""
    types = schema.get("type")
    names = () if types is None else (types,) if isinstance(types, str) else types
    taken = _EVERY if types is None else frozenset(kind for name in names for kind in _TYPES[name])
    return taken.difference(*(concerned for keyword, concerned in _CONCERNS.items() if keyword in schema))


def _anything(value: Any, pointer: Pointer, faults: Faults) -> None:
    """Every value will do."""


def _all(checks: list[Check]) -> Check:
    first, *rest = checks

    def check(value: Any, pointer: Pointer, faults: Faults) -> None:
        first(value, pointer, faults)
        for other in rest:
            other(value, pointer, faults)

    return check


def _each(inner: Check) -> Check:
    def check(value: Any, pointer: Pointer, faults: Faults) -> None:
        if type(value) is list:
            for i, element in enumerate(value):
                inner(element, (*pointer, i), faults)

    return check


def _between(schema: Mapping[str, Any], check: Check) -> Check:
    """The check of a number, which is passed by in one step where it is as it should be."""
    names = (schema["type"],) if isinstance(schema["type"], str) else tuple(schema["type"])
    kinds = {kind for name in names if name in ("integer", "number") for kind in _TYPES[name]}
    low, high = schema["minimum"], schema.get("maximum", math.inf)

    def pass_by(value: Any, pointer: Pointer, faults: Faults) -> None:
        if type(value) not in kinds or not low <= value <= high:
            check(value, pointer, faults)

    return pass_by


def _typed(types: tuple[str, ...], owner: str | None, field: str | None = None) -> Check:
    exact = {t for name in types for t in _TYPES[name]}
    floats = "integer" in types and "number" not in types

    def check(value: Any, pointer: Pointer, faults: Faults) -> None:
        if type(value) in exact:
            return
        if floats and type(value) is float and value.is_integer():
            return
        if not is_unknown(value):
            faults.append(Fault("type", pointer, owner or "", field, value, types))
        elif type(value) is str or (type(value) is dict and "string" not in types):
            faults.append(Fault(QUOTED, pointer, owner or "", field, value, types))

    return check


def _bound(keyword: str, holds: Callable[[float, float], bool]) -> Callable[[str, str, float], Check]:
    def compile_one(owner: str, field: str, limit: float) -> Check:
        def check(value: Any, pointer: Pointer, faults: Faults) -> None:
            if (type(value) is int or type(value) is float) and not holds(value, limit):
                faults.append(Fault(keyword, pointer, owner, field, value, limit))

        return check

    return compile_one


def _size(
    keyword: str, kind: type[str] | type[list[Any]] | type[dict[str, Any]], holds: Callable[[int, int], bool]
) -> Callable[[str, str, int], Check]:
    def compile_one(owner: str, field: str, limit: int) -> Check:
        def check(value: Any, pointer: Pointer, faults: Faults) -> None:
            if isinstance(value, kind) and not holds(len(value), limit) and not is_unknown(value):
                faults.append(Fault(keyword, pointer, owner, field, value, limit))

        return check

    return compile_one


def _enumerated(owner: str, field: str, allowed: list[str]) -> Check:
    known = frozenset(allowed)

    def check(value: Any, pointer: Pointer, faults: Faults) -> None:
        # A value of another type fails the type as well: jsonschema reports both, and so does this.
        if (type(value) is not str or value not in known) and not is_unknown(value):
            faults.append(Fault("enum", pointer, owner, field, value, allowed))

    return check


def _constant(owner: str, field: str, constant: object) -> Check:
    def check(value: Any, pointer: Pointer, faults: Faults) -> None:
        if value != constant and not is_unknown(value):
            faults.append(Fault("const", pointer, owner, field, value, constant))

    return check


def _pattern(owner: str, field: str, pattern: str) -> Check:
    search: Callable[[str], re.Match[str] | None] | None = None
    is_of_paths = pattern.startswith("^\\$")

    def check(value: Any, pointer: Pointer, faults: Faults) -> None:
        nonlocal search
        if type(value) is not str or (is_of_paths and PLAIN_PATH.match(value) is not None):
            return
        if search is None:  # most machines have no such field, and the larger patterns take a millisecond
            search = re.compile(pattern).search
        if search(value) is None and not has_placeholder(value):
            faults.append(Fault("pattern", pointer, owner, field, value, pattern))

    return check


_LEAVES: Final[Mapping[str, Callable[[str, str, Any], Check]]] = {
    "const": _constant,
    "enum": _enumerated,
    "minimum": _bound("minimum", lambda value, limit: value >= limit),
    "maximum": _bound("maximum", lambda value, limit: value <= limit),
    "exclusiveMaximum": _bound("exclusiveMaximum", lambda value, limit: value < limit),
    "minLength": _size("minLength", str, lambda size, limit: size >= limit),
    "maxLength": _size("maxLength", str, lambda size, limit: size <= limit),
    "minItems": _size("minItems", list, lambda size, limit: size >= limit),
    "minProperties": _size("minProperties", dict, lambda size, limit: size >= limit),
    "pattern": _pattern,
}


def _relation(owner: str, rule: Mapping[str, Any]) -> tuple[str | None, Check]:
    """The check of one entry of an object's ``allOf``, a relation between its members; and the member without which it holds,
    None where there is none.
    """
    if "oneOf" in rule:
        return None, _one_of(owner, rule["oneOf"])
    if "anyOf" in rule:
        groups = tuple(option["required"][0] for option in rule["anyOf"])
        return None, _counted(owner, "anyOf", groups, lambda present: present >= 1)
    if "not" in rule:
        group = tuple(rule["not"]["required"])
        return group[0], _counted(owner, "not", group, lambda present: present < len(group))
    if "dependentRequired" in rule:
        ((first, needed),) = rule["dependentRequired"].items()
        return first, _dependent(owner, first, tuple(needed))
    return _conditional(owner, rule)


def _counted(owner: str, keyword: str, group: tuple[str, ...], holds: Callable[[int], bool]) -> Check:
    def check(value: Any, pointer: Pointer, faults: Faults) -> None:
        present = 0
        for field in group:
            if field in value:
                present += 1
        if not holds(present):
            faults.append(Fault(keyword, pointer, owner, None, value, group))

    return check


def _one_of(owner: str, options: list[Mapping[str, Any]]) -> Check:
    group = tuple(option["required"][0] for option in options)
    if group != ("Next", "End"):
        members = frozenset(group)

        def check(value: Any, pointer: Pointer, faults: Faults) -> None:
            if len(members & value.keys()) != 1:
                faults.append(Fault("oneOf", pointer, owner, None, value, group))

        return check

    def check_flow(value: Any, pointer: Pointer, faults: Faults) -> None:
        end = value.get("End", False)
        if type(end) is not bool and is_unknown(end):
            return
        if ("Next" in value) == (end is True):
            faults.append(Fault("oneOf", pointer, owner, None, value, group))

    return check_flow


def _dependent(owner: str, first: str, needed: tuple[str, ...]) -> Check:
    def check(value: Any, pointer: Pointer, faults: Faults) -> None:
        if first in value:
            for field in needed:
                if field not in value:
                    faults.append(Fault("dependentRequired", pointer, owner, field, value, first))

    return check


def _conditional(owner: str, rule: Mapping[str, Any]) -> tuple[str, Check]:
    ((first, condition),) = rule["if"]["properties"].items()
    values = condition["enum"]
    then = rule["then"]
    required, forbidden = then.get("required", ()), then.get("not", {}).get("required", ())

    def check(value: Any, pointer: Pointer, faults: Faults) -> None:
        chosen = value.get(first)
        if type(chosen) is not str or chosen not in values:
            return
        for field in required:
            if field not in value:
                faults.append(Fault("required", pointer, owner, field, value, (first, chosen)))
        for field in forbidden:
            if field in value:
                faults.append(Fault("not", pointer, owner, field, value, (first, chosen)))

    return first, check


def load() -> Checks:
    """The checks of the committed schema. Reads one file of some 100 kB."""
    with open(_SCHEMA, "rb") as stream:  # noqa: PTH123 (pathlib alone costs more than the schema)
        return Checks(json.load(stream)["$defs"])
