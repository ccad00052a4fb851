"""What a JSONPath leads to in a type, and what writing at a Reference Path makes of one.

``undefined`` in the type of a read says that the path may lead nowhere, where the service fails: what is handed on is the rest.
A path of several places gives the array of all that it finds, which may be empty.
"""

from collections.abc import Callable, Iterable, Mapping

from asl_lint.expressions.jsonpath import Path, Step
from asl_lint.late import Final
from asl_lint.types.lattice import (
    ANY,
    INFINITY,
    MAX_MEMBERS,
    NOTHING,
    OBJECT,
    SOMETHING,
    UNDEFINED,
    Array,
    Members,
    Object,
    Type,
    Undefined,
    array_of,
    common_source,
    join,
    join_all,
    object_of,
)
from asl_lint.types.variants import narrowed_object

_SEVERAL: Final = ("wildcard", "slice", "indices", "filter", "descendants")
"""Steps after which a path gives a list of what it finds. Several names (``members``) give an object of these."""


def read(path: Path, roots: Mapping[str, Type], variables: Mapping[str, Type]) -> Type:
    """The type of what a path leads to. ``roots`` are the types of ``input`` and ``context``; other variables are ANY."""
    if path.errors:
        return ANY
    root = variables.get(path.variable or "", ANY) if path.root == "variable" else roots.get(path.root, ANY)
    return follow(root, path.steps) if path.steps else root


def follow(root: Type, steps: Iterable[Step]) -> Type:
    """The type of what the steps lead to."""
    found, many = root, None
    for step in steps:
        if many is not None:
            many = _among(many, step)
        elif step.kind == "member":
            found = member(found, step.names[0])
        elif step.kind == "index" and step.indices[0] is not None:
            found = element(found, step.indices[0])
        elif step.kind in _SEVERAL:
            many = _counted(_Many(_matched(found, step), 0, INFINITY, found.undefined), found, step)
        else:
            return ANY
    if many is None:
        return found
    listed = array_of(many.element, many.low, many.high) if many.element != NOTHING else array_of(NOTHING)
    return listed.or_undefined(many.undefined) if many.undefined else listed


class _Many:
    """What a path of several places has found: ``low`` to ``high`` values of the type ``element``."""

    __slots__ = ("element", "high", "low", "undefined")

    def __init__(self, element: Type, low: int, high: float, undefined: Undefined) -> None:
        self.element = element
        self.low = low
        self.high = high
        self.undefined = undefined


def _counted(many: _Many, root: Type, step: Step) -> _Many:
    """With how many there are, where the array is one; where there may be no array or object, whether that fails is not known."""
    kinds = root.kinds
    if root.anything or kinds - {"array"}:
        many.undefined = max(many.undefined, Undefined.UNSAID)
    elif root.array is not None:
        many.high = root.array.high
        if step.kind == "wildcard":
            many.low = root.array.low
    return many


def _among(many: _Many, step: Step) -> _Many:
    """A further step from each of several values: those from which it leads nowhere are left out."""
    if step.kind == "member":
        found = member(many.element, step.names[0])
    elif step.kind == "index" and step.indices[0] is not None:
        found = element(many.element, step.indices[0])
    else:
        found = _matched(many.element, step) if step.kind in _SEVERAL else SOMETHING
        return _Many(found, 0, INFINITY, many.undefined)
    low = 0 if found.undefined else many.low
    return _Many(found.defined(), low, many.high, many.undefined)


def _matched(root: Type, step: Step) -> Type:
    """What each of the values is that a step of several places finds; NOTHING where it finds none."""
    if root.anything or step.kind == "descendants":
        return SOMETHING
    found = root.array.element if root.array is not None else NOTHING
    if root.object is not None and step.kind == "wildcard":
        of = root.object
        found = join(found, join_all(of.member(name) for name in of.members))
        found = found if of.is_closed else join(found, of.rest)
    elif root.object is not None and step.kind == "filter":
        return SOMETHING  # a filter looks at the members of an object, or at the object: by the version of Jayway
    return found.defined()


def member(root: Type, name: str) -> Type:
    """A member; undefined where the value has none of that name, or is no object."""
    if root.anything:
        return ANY
    of = root.object
    if of is None:
        found = NOTHING
    else:
        known = of.members.get(name)
        found = of.rest if known is None else known
    if root.undefined:
        found = found.or_undefined(root.undefined)
    if root.null or root.booleans or root.numbers or root.strings or root.array or root.function:
        return found.or_undefined()
    return found


def element(root: Type, index: int) -> Type:
    """An element, from the end where the index is negative; undefined where there is none."""
    if root.anything:
        return ANY
    found = NOTHING if root.array is None else _element(root.array, index)
    if root.undefined:
        found = found.or_undefined(root.undefined)
    return found.or_undefined() if root.kinds - {"array"} else found


def _element(array: Array, index: int) -> Type:
    if index >= 0:
        found = array.at(index)
    elif array.is_exact:
        found = array.at(int(array.high) + index) if array.high + index >= 0 else UNDEFINED
    else:
        found = array.element if array.low >= -index else array.element.or_undefined()
    # Nothing says how long the arrays are that come from outside.
    unsaid = array.low == 0 and array.high == INFINITY and found.undefined and not array.items
    return found._replace(undefined=Undefined.UNSAID) if unsaid else found


# --- writing ------------------------------------------------------------------------------------------------------------------

_DEEPEST: Final = 20


def write(root: Type, steps: tuple[Step, ...], value: Type) -> Type:
    """The value with another at a Reference Path in it. What is no object on the way there is replaced, or fails."""
    if not steps:
        return value
    step = steps[0]
    if len(steps) > _DEEPEST:
        return SOMETHING
    if step.kind == "index" and step.indices[0] is not None:
        return _write_element(root, steps, value)
    if step.kind != "member":
        return SOMETHING
    name = step.names[0]
    if root.anything:
        return object_of({name: write(ANY, steps[1:], value)}, ANY)
    found = NOTHING
    if root.object is not None:
        written = narrowed_object(root.object, lambda of: _with_written(of, name, steps[1:], value))
        found = OBJECT if written is None else Type(object=written)
    if root.undefined or root.object is None or root.kinds - {"object"}:
        found = join(found, object_of({name: write(UNDEFINED, steps[1:], value)}))
    return found


def _with_written(of: Object, name: str, steps: tuple[Step, ...], value: Type) -> Object | None:
    written = of.with_member(name, write(of.member(name), steps, value))
    if len(written.members) > MAX_MEMBERS and not isinstance(written.members, Members):
        return None
    # Of an answer of AWS with a member more nobody lists the members, and the rest may still have grown.
    return written._replace(source=of.source if name in of.members else common_source(of.source, None))


def _write_element(root: Type, steps: tuple[Step, ...], value: Type) -> Type:
    if root.anything or root.array is None or root.undefined or len(root.kinds) > 1:
        return SOMETHING
    inner = write(root.array.element, steps[1:], value)
    return array_of(join(root.array.element, inner), root.array.low)


def refined(root: Type, steps: tuple[Step, ...], test: Callable[[Type], Type]) -> Type:
    """The values of a type of which what is at a path of members passes the test: ``undefined`` where there is none."""
    if not steps:
        return test(root)
    step = steps[0]
    if step.kind != "member":
        return root
    name = step.names[0]
    asks_for_none = test(UNDEFINED).undefined > 0
    if root.anything:
        return root if asks_for_none else object_of({name: refined(SOMETHING, steps[1:], test)}, ANY)
    kept = None if root.object is None else narrowed_object(root.object, lambda of: _refined_member(of, name, steps[1:], test))
    if asks_for_none:
        return root._replace(object=kept)
    return NOTHING if kept is None else Type(object=kept)


def _refined_member(of: Object, name: str, steps: tuple[Step, ...], test: Callable[[Type], Type]) -> Object | None:
    before = of.member(name)
    after = refined(before, steps, test)
    if after.is_nothing:
        return None
    return of if after == before else of.with_member(name, after)
