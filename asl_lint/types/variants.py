"""Objects that are one of several variants: what a test of a member, or a change of one, leaves of each of them."""

from collections.abc import Callable
from itertools import product

from asl_lint.types.lattice import Object, together

_MOST_PAIRS = 64


def narrowed_object(of: Object, narrow: Callable[[Object], Object | None]) -> Object | None:
    """The variants that ``narrow`` leaves something of; None where it leaves none."""
    if not of.variants:
        return narrow(of)
    kept = [narrow(variant) for variant in of.variants]
    if all(one is variant for one, variant in zip(kept, of.variants, strict=True)):
        return of
    left = [one for one in kept if one is not None]
    return together(left) if left else None


def each_pair(one: Object, other: Object, combine: Callable[[Object, Object], Object | None]) -> Object | None:
    """What two objects make, each variant of one with each of the other; None where they make nothing."""
    if not one.variants and not other.variants:
        return combine(one, other)
    made = [combine(*pair) for pair in product(one.variants or (one,), other.variants or (other,))]
    left = [of for of in made if of is not None]
    return together(left) if left else None
