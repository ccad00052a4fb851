"""Random values, types that hold them, and how a type is made wider: what the tests of types share."""

from typing import Any

from hypothesis import strategies as st

from asl_lint.types.lattice import SOMETHING, STRING, Type, enumeration, join, join_all, literal, number_between, widen

NAMES = ("a", "b", "c")
TEXTS = ("a", "b", "done", "")
SCALARS = st.none() | st.booleans() | st.integers(-3, 5) | st.sampled_from([0.5, 1.5]) | st.sampled_from(TEXTS)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=3),
    max_leaves=10,
)


@st.composite
def typed(draw: Any, values: Any = VALUES) -> tuple[Type, Any]:
    """A type with a value that it holds."""
    some = draw(st.lists(values, min_size=1, max_size=4))
    types = [literal(value) for value in some]
    found = join_all(types)
    how = draw(st.integers(0, 5))
    if how == 0:
        found = widen(types[0], found)
    elif how == 1:
        found = SOMETHING
    elif how == 2:
        found = join(
            found, draw(st.sampled_from([STRING, number_between(-2, 4), number_between(0, 9, True), enumeration(TEXTS)]))
        )
    return found, draw(st.sampled_from(some))
