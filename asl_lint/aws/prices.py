"""What executions cost, in US dollars (aws.amazon.com/step-functions/pricing, 2026-11).

An estimate: whether the start and the end of an execution are billed as transitions nobody has measured, and free tiers and
discounts are left out.
"""

import math
from collections.abc import Mapping

from asl_lint.late import Final

USUAL_REGION: Final = "us-east-1"

_PER_TRANSITION: Final = 0.025 / 1000
_OF_REGION: Final[Mapping[str, float]] = {
    "ap-northeast-2": 0.0271 / 1000,
    "ap-south-1": 0.0285 / 1000,
    "eu-west-3": 0.0297 / 1000,
    "sa-east-1": 0.0375 / 1000,
    "us-gov-east-1": 0.03 / 1000,
    "us-gov-west-1": 0.03 / 1000,
    "us-west-1": 0.0279 / 1000,
}
"""Regions in which a transition costs more than elsewhere."""

PER_EXPRESS: Final = 1.00 / 1_000_000
"""An Express execution, its time apart."""
PER_EXPRESS_SECOND: Final = 0.00001667 / 16
"""A second of an Express execution in the least memory that is billed, 64 MB."""


def per_transition(region: str = USUAL_REGION) -> float:
    """The price of one transition of a Standard execution."""
    return _OF_REGION.get(region, _PER_TRANSITION)


def dollars(amount: float) -> str:
    """A finite amount as people read it: cents, or below a dollar two figures in decimals, ``0.00005``: it is an estimate."""
    if amount >= 1 or amount == 0:
        return f"{amount:,.2f}"
    return f"{amount:.{1 - math.floor(math.log10(amount))}f}".rstrip("0")
