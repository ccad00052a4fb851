"""Fields whose value cannot be of the type that they need, or is not on every way."""

import re
from collections.abc import Iterator, Mapping

from asl_lint.facts.field_values import NUMERAL, needed, single_items
from asl_lint.facts.match import Match
from asl_lint.facts.mixed_types import wrong_kinds
from asl_lint.facts.sites import Site
from asl_lint.facts.type_words import in_line, shortened
from asl_lint.late import TYPE_CHECKING, Final
from asl_lint.types.lattice import (
    ARRAY,
    BOOLEAN,
    INFINITY,
    OBJECT,
    STRING,
    Type,
    join,
    number_between,
)

if TYPE_CHECKING:
    from asl_lint.facts.field_values import Need

Observed = tuple[str, Match]

_KINDS: Final[Mapping[str, Type]] = {"boolean": BOOLEAN, "string": STRING, "object": OBJECT, "array": ARRAY}


def field_type_faults(site: Site, found: Type) -> Iterator[Observed]:
    """Observations about a site that gives values of the type ``found``."""
    need = needed(site)
    if site.field == "Items" and site.kind == "jsonata" and _may_be_single(site, found):
        yield single_items(site, site.whole)
        return
    if need is None or found.anything or found.is_nothing or found.is_undefined:
        return
    from asl_lint.types.conditions import meet

    wanted = _type_of(need, site)
    if _may_be_numeral(site, need, found):
        return
    if meet(found, wanted).is_nothing:
        values = {"field": site.field, "needed": need.in_words, "found": in_line(found.defined())}
        yield "wrong-field-type", Match(site.pointer, values, within=site.whole, sure=site.kind == "jsonata")
    elif (wrong := wrong_kinds(found, wanted.kinds)) and "errorOutput" not in site.text:
        values = {"value": shortened(_text(site)), "found": wrong, "needed": f"{site.field} takes {need.in_words}"}
        yield "possibly-wrong-type", Match(site.pointer, values, within=site.whole, sure=False, confidence="medium")


def _text(site: Site) -> str:
    return site.expression if site.kind == "jsonata" else site.text


def _may_be_single(site: Site, found: Type) -> bool:
    """Whether a sequence is handed on, which is an array only from two members on; a distributed Map takes an object too."""
    if found.anything or found.array is None or found.array.low < 2 or found.array.high < INFINITY:
        return False
    single = found.without(("array", "undefined"))
    if any(scope.is_distributed for scope in site.state.scopes):
        single = single.without(("object",))
    return not single.is_nothing and single.kinds <= found.array.element.kinds


def _type_of(need: "Need", site: Site) -> Type:
    if need.type == "number":
        low = -INFINITY if need.least is None else need.least
        return number_between(low, INFINITY if need.most is None else need.most, need.integer)
    wanted = _KINDS[need.type]
    if site.field.startswith("Items") and any(scope.is_distributed for scope in site.state.scopes):
        return join(wanted, OBJECT)
    return wanted


def _may_be_numeral(site: Site, need: "Need", found: Type) -> bool:
    """Where a path leads to a text, the service reads it as a number if it is one."""
    if site.kind == "jsonata" or need.type != "number" or found.strings is None:
        return False
    literals = found.strings.literals
    return literals is None or found.strings.open or any(re.match(NUMERAL, literal) for literal in literals)
