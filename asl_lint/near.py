"""The name that a writer probably meant: "did you mean …".

Nearness is optimal string alignment (insert, delete, replace, swap neighbours; Hyyrö's bit-parallel form), upper and lower
case alike. About 1 µs for a candidate that is far off, 10 µs for one that is near; whoever asks once per finding of a huge
file does well to ask for the first hundred only.
"""

from collections.abc import Iterable

_LONGEST = 256
"""Characters beyond which only spelling without case and separators is compared: nobody mistypes one letter of a novel."""

_SEPARATORS = str.maketrans("", "", " -_.")


def near(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate nearest to ``name``, or None where none is near; never ``name`` itself.

    A candidate that differs only in case or in ``-``, ``_``, ``.`` and spaces wins. Else at most a third of the longer name's
    characters (at least one) may differ. Of equally near ones the alphabetically first wins, whatever their order.
    """
    folded = name.casefold()
    spelling = folded.translate(_SEPARATORS)
    same: str | None = None
    best: tuple[int, str] | None = None
    characters = set(folded)
    # Of a longer name only the spelling is compared, and its masks would be of quadratic size.
    masks = _masks(folded) if len(folded) <= _LONGEST else {}
    for candidate in candidates:
        if candidate == name:
            continue
        other = candidate.casefold()
        if spelling and other.translate(_SEPARATORS) == spelling:
            same = candidate if same is None else min(same, candidate)
        if same is not None:
            continue
        longer = max(len(folded), len(other))
        if longer > _LONGEST:
            continue
        limit = _limit(longer) if best is None else min(_limit(longer), best[0])
        if longer - min(len(folded), len(other)) > limit or len(characters.difference(other)) > limit:
            continue
        distance = _distance(masks, len(folded), other)
        # Two names of which every character differs have nothing in common, however short they are.
        if distance <= limit and distance < longer and (best is None or (distance, candidate) < best):
            best = (distance, candidate)
    return same if same is not None else best and best[1]


def _limit(length: int) -> int:
    return max(length // 3, 1)


def _masks(pattern: str) -> dict[str, int]:
    """For each character, the bits of the places at which ``pattern`` has it."""
    masks: dict[str, int] = {}
    for place, character in enumerate(pattern):
        masks[character] = masks.get(character, 0) | 1 << place
    return masks


def _distance(masks: dict[str, int], length: int, other: str) -> int:
    """The optimal string alignment distance of ``other`` and the pattern of ``length`` characters that ``masks`` describe.

    Hyyrö, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances" (2003): a column of the table of
    distances is two integers, the places where it steps up (``plus``) and down (``minus``).
    """
    if not length:
        return len(other)
    every = (1 << length) - 1
    last = 1 << (length - 1)
    plus, minus, diagonal, before, distance = every, 0, 0, 0, length
    for character in other:
        match = masks.get(character, 0)
        swapped = (((~diagonal & match) << 1) & before) & every
        diagonal = ((((match & plus) + plus) ^ plus) | match | minus | swapped) & every
        right_plus = (minus | ~(diagonal | plus)) & every
        right_minus = diagonal & plus
        if right_plus & last:
            distance += 1
        elif right_minus & last:
            distance -= 1
        right_plus = ((right_plus << 1) | 1) & every
        plus = ((right_minus << 1) | ~(diagonal | right_plus)) & every
        minus = diagonal & right_plus
        before = match
    return distance
