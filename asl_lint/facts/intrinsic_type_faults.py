"""Arguments of intrinsic functions of a type that the function never takes, and elements that an array does not have."""

from collections.abc import Iterator

from asl_lint.expressions.intrinsic_functions import FUNCTIONS, Call, mistyped_argument
from asl_lint.expressions.intrinsics import Intrinsic
from asl_lint.expressions.jsonpath import Path, PathError
from asl_lint.facts.environments import View
from asl_lint.facts.match import Match
from asl_lint.facts.sites import Site
from asl_lint.facts.type_words import kinds_in_words
from asl_lint.facts.values import shown
from asl_lint.source.text import Span
from asl_lint.types.intrinsics import argument_type
from asl_lint.types.jsonpath import read
from asl_lint.types.lattice import Type
from asl_lint.types.membership import single_value

Observed = tuple[str, Match]


def intrinsic_type_faults(site: Site, view: View) -> Iterator[Observed]:
    """Observations about the calls of a site whose text alone shows nothing wrong."""
    parsed = site.path
    if not isinstance(parsed, Intrinsic) or parsed.errors:
        return
    roots = {"input": view.input, "context": view.context}

    def read_path(path: Path) -> Type:
        return read(path, roots, view.variables)

    for call in parsed.calls():
        types = [argument_type(argument, read_path) for argument in call.arguments]
        for error in _of_call(call, types):
            values = {"field": str(site.pointer[-1]), "value": shown(site.text), "problem": error.message}
            within = Span(error.start, error.end)
            yield "fails-at-run-time", Match(site.pointer, values, within=within, help=error.help, sure=error.sure)


def _of_call(call: Call, types: list[Type]) -> Iterator[PathError]:
    function = FUNCTIONS.get(call.name)
    if function is None:
        return
    for place, (wanted, found) in enumerate(zip(function.takes, types, strict=False)):
        if wanted != "any" and not found.anything and found.kinds and wanted not in found.kinds:
            yield mistyped_argument(call, place, kinds_in_words(found))
            return
    if call.name == "States.ArrayGetItem" and len(types) == 2:
        yield from _beyond(call, types[0], types[1])


def _beyond(call: Call, found: Type, at: Type) -> Iterator[PathError]:
    """An index behind the last element of every array that there may be: what the service says of it has not been recorded."""
    index = single_value(at)
    if found.array is None or index is None or not isinstance(index[0], int | float) or index[0] < found.array.high:
        return
    argument = call.arguments[1]
    count = int(found.array.high)
    message = f"there is no element {int(index[0])}: the array has {count or 'no'} element{'s' * (count != 1)}, counted from 0"
    yield PathError(argument.start, argument.end, "illegal-argument", message, None, sure=False, stage="run")
