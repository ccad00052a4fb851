"""Arguments of calls that an expression gives, of a type that the API never takes (of literals: ``service_arguments``)."""

from collections.abc import Iterator, Mapping

from asl_lint.facts.calls import Call
from asl_lint.facts.match import Match
from asl_lint.facts.service_calls import api_call
from asl_lint.facts.sites import Site
from asl_lint.facts.type_words import kinds_in_words, values_hint
from asl_lint.facts.values import alternatives, shown
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.types.lattice import Type

if TYPE_CHECKING:
    from asl_lint.aws.service_index import Shape
    from asl_lint.facts.service_calls import ApiCall

Observed = tuple[str, Match]

_TAKEN: Final[Mapping[str, frozenset[str]]] = {
    "structure": frozenset({"object"}), "map": frozenset({"object"}),
    "integer": frozenset({"number", "string", "boolean"}), "long": frozenset({"number", "string", "boolean"}),
    "float": frozenset({"number", "string", "boolean"}), "double": frozenset({"number", "string", "boolean"}),
    "boolean": frozenset({"boolean", "string", "number"}),
}  # fmt: skip
"""Kind of a shape -> the kinds of JSON that the service is not sure to refuse there: it converts scalars."""
_NAMES: Final[Mapping[str, str]] = {
    "structure": "an object", "map": "an object", "boolean": "true or false", "integer": "an integer", "long": "an integer",
    "float": "a number", "double": "a number",
}  # fmt: skip


def argument_type_faults(call: Call, site: Site, found: Type) -> Iterator[Observed]:
    """Observations about a site in the arguments of a call."""
    field = "Arguments" if site.kind == "jsonata" else "Parameters"
    start = (*site.state.pointer, field)
    if found.anything or site.pointer[: len(start)] != start or found.defined().is_nothing:
        return
    api = api_call(call)
    shape = None if api is None else _shape_at(api, site.pointer[len(start) :])
    if api is None or shape is None:
        return
    path = _path(site.pointer[len(start) :])
    name = f"{call.service}:{call.action}"
    taken = _TAKEN.get(shape.kind)
    if taken is not None and call.service == "dynamodb" and not api.is_sdk:
        taken |= {"string"}
    kinds = found.kinds - {"null"}
    if taken is not None and kinds and not kinds & taken:
        values = {"argument": path, "call": name, "expected": _NAMES[shape.kind], "actual": kinds_in_words(found)}
        yield "wrong-argument-type", Match(site.pointer, values, sure=not found.undefined and "null" not in found.kinds)
    elif shape.enum and kinds == {"string"}:
        yield from _outside(site, found, shape, path, name)


def _outside(site: Site, found: Type, shape: "Shape", path: str, name: str) -> Iterator[Observed]:
    """A text that is none of the values that the API lists."""
    strings = found.strings
    if strings is None or strings.literals is None or strings.open or strings.literals & set(shape.enum):
        return
    listed = sorted(strings.literals)
    problem = f"{alternatives([shown(value) for value in listed])} was none of the API's values"
    yield (
        "argument-value",
        Match(site.pointer, {"argument": path, "call": name, "problem": problem}, help=values_hint(listed[0], shape.enum)),
    )


def _shape_at(api: "ApiCall", parts: tuple[str | int, ...]) -> "Shape | None":
    """The shape of the argument at a place; None where the API does not say."""
    service = api.service
    operation = None if service is None else service.operation(api.action)
    number = None if operation is None else operation.input
    if service is None or number is None:
        return None
    any_json = api.optimized.any_json if api.optimized is not None else frozenset()
    for part in parts:
        shape = service.shape(number)
        if shape.kind == "structure" and isinstance(part, str) and shape.members is not None:
            name = part.removesuffix(".$")
            known = service.members(number, api.is_sdk).get(name)
            if known is None or name in any_json or known[0] in shape.any_value:
                return None
            number = known[1]
        elif shape.element is not None and shape.kind in ("list", "map"):
            number = shape.element
        else:
            return None
    return service.shape(number)


def _path(parts: tuple[str | int, ...]) -> str:
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part.removesuffix('.$')}" for part in parts)
    return text.removeprefix(".") or "the arguments"
