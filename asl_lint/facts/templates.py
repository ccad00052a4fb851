"""Payload templates of JSONPath states: members whose key ends in ``.$`` take a path or an intrinsic call.

Elsewhere (the ``Result`` of a Pass state, JSONata states) such a key is a key like any other.
"""

from collections.abc import Iterator

from asl_lint.facts.match import Match
from asl_lint.facts.sites import Holdings
from asl_lint.facts.values import kind_of
from asl_lint.source.document import Pointer, is_unknown

Observed = tuple[str, Match]


def template_faults(held: Holdings) -> Iterator[Observed]:
    """Observations about every payload template of the machine's JSONPath states."""
    for _, holdings in held:
        for holding in holdings:
            if holding.how == "template" and isinstance(holding.value, (dict, list)):
                # That a Credentials object has one RoleArn alone is a line of the table of fields.
                yield from _walk(holding.value, holding.pointer, twice=holding.owner != "Credentials")


def _walk(template: object, pointer: Pointer, *, twice: bool) -> Iterator[Observed]:
    pending: list[tuple[object, Pointer]] = [(template, pointer)]
    while pending:
        value, at = pending.pop()
        if isinstance(value, list):
            pending += [(element, (*at, i)) for i, element in enumerate(value) if isinstance(element, (dict, list))]
        if not isinstance(value, dict):
            continue
        for key, member in value.items():
            if key.endswith(".$"):
                if type(member) is not str or key[:-2] in value:
                    yield from _dynamic(key, member, value if twice else {}, at)
            elif isinstance(member, (dict, list)):
                pending.append((member, (*at, key)))


def _dynamic(key: str, member: object, siblings: dict[str, object], at: Pointer) -> Iterator[Observed]:
    name = key.removesuffix(".$")
    if name in siblings:
        yield "duplicate-template-key", Match((*at, key), {"key": key, "other": name}, "key")
    if not isinstance(member, str) and not is_unknown(member):  # what a string says, the parsers of paths and calls judge
        values = {"key": key, "problem": f"it is {kind_of(member)}"}
        yield "invalid-template", Match((*at, key), values, help=f'leave the ".$" off for a fixed value: "{name}"')
