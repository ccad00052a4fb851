"""The members that the values of a type can have, and who lists them."""

from asl_lint.types.lattice import Source, Type


def listed(item: Type, depth: int = 0) -> tuple[tuple[str, ...] | None, list[Source | None], bool]:
    """The members of the objects that an item is or holds, who lists them, and whether there are scalars only."""
    names: dict[str, None] = {}
    sources: list[Source | None] = []
    scalars = True
    if item.object is not None:
        names |= dict.fromkeys(item.object.members)
        sources.append(item.object.source)
    if item.array is not None and depth < 4:
        inner, inner_sources, scalars = listed(item.array.element, depth + 1)
        if inner is not None:
            names |= dict.fromkeys(inner)
            sources += inner_sources
    if item.null or item.function is not None:
        scalars = False
    return (tuple(names) if sources else None), sources, scalars
