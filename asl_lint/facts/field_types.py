"""The types of what fields give: payloads and expressions of JSONata states, paths and templates of JSONPath states.

All is where the field does not fail: what must fail is SOMETHING, so that what follows is not judged a second time.
"""

from collections.abc import Callable, Mapping

from asl_lint.expressions.jsonpath import Path
from asl_lint.facts.environments import View, parsed_path
from asl_lint.late import TYPE_CHECKING, Any, Final
from asl_lint.source.document import Pointer, is_unknown
from asl_lint.source.placeholders import has_placeholder
from asl_lint.types.jsonpath import read
from asl_lint.types.lattice import (
    ARRAY,
    MAX_DEPTH,
    MAX_ELEMENTS,
    OBJECT,
    SOMETHING,
    STRING,
    Type,
    array_of,
    array_of_items,
    literal,
    object_of,
)

if TYPE_CHECKING:
    from asl_lint.expressions.intrinsics import Intrinsic
    from asl_lint.expressions.jsonata.nodes import Expression
    from asl_lint.facts.machine_facts import Facts
    from asl_lint.facts.sites import Site
    from asl_lint.types.jsonata import Inferred

EMPTY_OBJECT: Final = object_of({})


class FieldTypes:
    """The types that the fields of one machine give. Each expression is inferred anew only where it can read something else."""

    def __init__(self, facts: "Facts") -> None:
        self._facts = facts
        self._sites: dict[Pointer, Site] | None = None
        self._inferred: dict[Pointer, tuple[View, Inferred]] = {}
        self._infer: Callable[[Expression, dict[str, Type]], Inferred] | None = None
        """Imported where there is an expression."""
        self._last: tuple[View, dict[str, Type]] | None = None
        """The names of the last view: the expressions of one field have it in common."""

    def site(self, pointer: Pointer) -> "Site | None":
        """The site at a pointer."""
        if self._sites is None:
            self._sites = {site.pointer: site for site in self._facts.sites}
        return self._sites.get(pointer)

    # --- JSONata ------------------------------------------------------------------------------------------------------------

    def inferred(self, site: "Site", view: View) -> "Inferred | None":
        """What is inferred of a JSONata site; None where it could not be read."""
        tree, errors = site.jsonata
        if errors:
            return None
        known = self._inferred.get(site.pointer)
        if known is not None and _reads_the_same(tree, known[0], view):
            return known[1]
        if self._infer is None:
            from asl_lint.types.jsonata import infer

            self._infer = infer
        found = self._infer(tree, self.names(view))
        self._inferred[site.pointer] = view, found
        return found

    def names(self, view: View) -> dict[str, Type]:
        """The variables of an expression that reads what is in view."""
        if self._last is None or self._last[0] is not view:
            self._last = view, view.names
        return self._last[1]

    def payload(self, value: object, pointer: Pointer, view: View, depth: int = 0) -> Type:
        """What a field of a JSONata state gives: expressions at any depth, and what is written out."""
        if isinstance(value, str):
            site = self.site(pointer)
            if site is not None and site.kind == "jsonata":
                found = self.inferred(site, view)
                return SOMETHING if found is None else given(found.type)
            return STRING if has_placeholder(value) else literal(value)
        if is_unknown(value):
            return SOMETHING
        if isinstance(value, dict | list) and depth >= MAX_DEPTH:
            return OBJECT if isinstance(value, dict) else ARRAY
        if isinstance(value, dict):
            if any(has_placeholder(name) for name in value):
                return OBJECT
            return object_of({name: self.payload(inner, (*pointer, name), view, depth + 1) for name, inner in value.items()})
        if isinstance(value, list):
            if len(value) > MAX_ELEMENTS:
                return array_of(SOMETHING, len(value), len(value))
            return array_of_items([self.payload(inner, (*pointer, i), view, depth + 1) for i, inner in enumerate(value)])
        return literal(value)

    # --- JSONPath -----------------------------------------------------------------------------------------------------------

    def dynamic(self, text: str, pointer: Pointer, view: View) -> Type:
        """What a path or a call gives."""
        site = self.site(pointer)
        if site is not None:
            return given(read_text(site.path, view))
        from asl_lint.expressions.intrinsics import parse_dynamic

        return given(read_text(parse_dynamic(text), view))

    def template(self, value: object, pointer: Pointer, view: View, depth: int = 0) -> Type:
        """What a payload template gives."""
        if isinstance(value, dict | list) and depth >= MAX_DEPTH:
            return OBJECT if isinstance(value, dict) else ARRAY
        if isinstance(value, list):
            if len(value) > MAX_ELEMENTS:
                return array_of(SOMETHING, len(value), len(value))
            return array_of_items([self.template(inner, (*pointer, i), view, depth + 1) for i, inner in enumerate(value)])
        if not isinstance(value, dict) or is_unknown(value):
            return written(value)
        if any(has_placeholder(name) for name in value):
            return OBJECT
        return object_of(self.members(value, pointer, view, depth))

    def members(self, template: Mapping[str, Any], pointer: Pointer, view: View, depth: int = 0) -> dict[str, Type]:
        """The members of a payload template, by the names that they get."""
        found: dict[str, Type] = {}
        for name, inner in template.items():
            at = (*pointer, name)
            if not name.endswith(".$"):
                found[name] = self.template(inner, at, view, depth + 1)
            else:
                is_read = isinstance(inner, str) and not has_placeholder(inner)
                found[name[:-2]] = self.dynamic(inner, at, view) if is_read else SOMETHING
        return found

    def assigned(self, assign: Mapping[str, Any], pointer: Pointer, view: View, *, jsonata: bool) -> dict[str, Type]:
        """The values of an Assign, by the names of the variables."""
        if not jsonata:
            return self.members(assign, pointer, view)
        return {name: self.payload(inner, (*pointer, name), view) for name, inner in assign.items()}


def _reads_the_same(tree: "Expression", one: View, other: View) -> bool:
    """Whether all that an expression reads is the same in both views."""
    if one is other or tree.met is None:
        return one == other
    for variable in tree.met.variables:
        name = variable.name
        if name == "states":
            if one.input != other.input or one.context != other.context or one[3:] != other[3:]:
                return False
        elif one.variables.get(name) != other.variables.get(name):
            return False
    return True


def written(value: object) -> Type:
    """The type of a value as it is written, where nothing in it is evaluated."""
    if isinstance(value, str):
        return STRING if has_placeholder(value) else literal(value)
    if is_unknown(value):
        return SOMETHING
    if isinstance(value, dict):
        return OBJECT if _has_unknown(value) else literal(value)
    return (ARRAY if _has_unknown(value) else literal(value)) if isinstance(value, list) else literal(value)


def _has_unknown(value: object) -> bool:
    pending = [value]
    while pending:
        inner = pending.pop()
        if is_unknown(inner):
            return True
        if isinstance(inner, Mapping):
            if any(has_placeholder(name) for name in inner):
                return True
            pending += inner.values()
        elif isinstance(inner, list):
            pending += inner
    return False


def selected(path: object, view: View) -> Type:
    """What ``InputPath`` or ``OutputPath`` selects: null an empty object."""
    if path is None:
        return EMPTY_OBJECT
    if not isinstance(path, str) or has_placeholder(path):
        return SOMETHING
    return given(view.input if path == "$" else read_text(parsed_path(path), view))


def read_text(parsed: "Path | Intrinsic", view: View) -> Type:
    """What a path or a call gives, ``undefined`` where it may lead nowhere."""
    roots = {"input": view.input, "context": view.context}
    if isinstance(parsed, Path):
        return read(parsed, roots, view.variables)
    if parsed.call is None or parsed.errors:
        return SOMETHING
    from asl_lint.types.intrinsics import result

    return result(parsed.call, lambda path: read(path, roots, view.variables))


def given(type_: Type) -> Type:
    """What is handed on of a value that must be JSON; SOMETHING where there can be none."""
    found = type_.defined()
    if found.function is not None:
        found = found._replace(function=None)
    return SOMETHING if found.is_nothing else found
