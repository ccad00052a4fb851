"""Values of several kinds, of which not all are taken where they come to."""

from asl_lint.facts.type_words import article
from asl_lint.late import TYPE_CHECKING
from asl_lint.types.lattice import NOTHING, Array, Type

if TYPE_CHECKING:
    from asl_lint.types.faults import TypeFault


def never_taken(fault: "TypeFault") -> bool:
    """Whether nothing escapes the fault but a value that is not there, or an array without elements."""
    if not fault.always:
        return False
    if not fault.other.is_nothing:
        return not fault.found.kinds & fault.other.kinds
    if not fault.inside:
        return not fault.found.kinds & fault.expected
    array = fault.found.array
    element = NOTHING if array is None else array.element
    return not (element.anything or fault.found.without(("array",)).kinds & fault.expected or element.kinds & fault.expected)


def wrong_kinds(found: Type, wanted: frozenset[str], *, inside: bool = False) -> str:
    """In words the kinds of values that are not wanted; ``inside`` an array for what stands in it. Empty for none worth telling.

    A sequence of one value is that value, one of several an array of them: how many there are is nobody's slip.
    """
    wrong = found.kinds - wanted
    array = found.array
    if inside:
        wrong -= {"array"}
        if array is not None and not array.element.anything and not wrong:
            nested = array.element.array
            if nested is not None and nested.is_exact and nested.low > 1:  # as a Parallel gives them
                return article(array.element.kinds - wanted)
            return wrong_kinds(array.element, wanted)
        return article(wrong) if wrong else ""
    if array is not None:
        if "array" in wrong and _is_sequence(array, wanted):
            wrong -= {"array"}
        elif "array" in wanted and not array.element.anything and wrong <= array.element.kinds:
            return ""
    return article(wrong) if wrong else ""


def _is_sequence(array: Array, wanted: frozenset[str]) -> bool:
    """Whether an array may be what several values of the wanted kinds come out as: of nothing known, not those of one length."""
    if array.element.anything:
        return not array.is_exact or array.low < 2
    return array.element.kinds <= wanted
