"""``observed@1``: nothing of a kind was observed while the definition was read.

The facts have made the observations already; this passes them on, so it costs nothing and no walk is done twice.
"""

from collections.abc import Iterable

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match
from asl_lint.facts.observations import OBSERVATIONS
from asl_lint.late import Final
from asl_lint.properties.kind import Kind, Parameters


def _values(parameters: Parameters) -> frozenset[str]:
    """What every one of the codes supplies."""
    return frozenset.intersection(*(frozenset(OBSERVATIONS[code]) for code in parameters["codes"]))


def _check(facts: Facts, parameters: Parameters) -> Iterable[Match]:
    observations = facts.observations
    for code in parameters["codes"]:
        yield from observations.get(code, ())


KIND: Final = Kind(
    name="observed@1",
    summary="Nothing with one of these codes was observed while the definition was read.",
    parameters={
        "type": "object",
        "additionalProperties": False,
        "required": ["codes"],
        "properties": {
            "codes": {
                "description": "What must not be observed.",
                "type": "array",
                "minItems": 1,
                "uniqueItems": True,
                "items": {"enum": list(OBSERVATIONS)},
            },
        },
    },
    values=_values,
    check=_check,
)
