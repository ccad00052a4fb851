"""How many items a Map has, as far as the definition says: a list that is written out here or in a state before it, or that
an expression makes. Types are asked for last: only of a Map of which nothing simpler tells.
"""

import math

from asl_lint.facts.nesting import Items, items_of
from asl_lint.late import TYPE_CHECKING, Any, Final, Pattern
from asl_lint.model.machine import State
from asl_lint.source.document import is_unknown

if TYPE_CHECKING:
    from asl_lint.facts.machine_facts import Facts

ANY_NUMBER: Final = Items(0, None)


def map_size(facts: "Facts", state: State) -> Items:
    """At least and at most how many items a Map has; at most None where the definition does not say it."""
    written = items_of(state)
    if written != ANY_NUMBER or "ItemReader" in state.body:
        return written
    items = _known_items(facts, state)
    if isinstance(items, list) and not is_unknown(items):
        return Items(len(items), len(items))
    found = facts.types.items(state)
    return written if found is None else Items(found.low, None if found.high == math.inf else int(found.high))


def iterations(facts: "Facts", state: State) -> Items:
    """At least and at most how often the scope of a Map runs: once for each item, or for each batch of them."""
    items = map_size(facts, state)
    batcher = state.body.get("ItemBatcher")
    if not isinstance(batcher, dict):
        return items
    each = batcher.get("MaxItemsPerBatch")
    by_bytes = any(field in batcher for field in ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"))
    if by_bytes or type(each) is not int or each < 1:
        return Items(min(items.least, 1), items.most)
    return Items(-(-items.least // each), None if items.most is None else -(-items.most // each))


def _known_items(facts: "Facts", state: State) -> Any:
    """The list over which a Map iterates, where it is the same in every run."""
    from asl_lint.facts.constants import NOTHING_KNOWN, UNKNOWN, value_of_jsonata, value_of_path

    is_jsonata = state.language == "JSONata"
    if not is_jsonata and state.body.get("InputPath", "$") != "$":
        return UNKNOWN
    items = state.body.get("Items", "{% $states.input %}") if is_jsonata else state.body.get("ItemsPath", "$")
    plain = _PLAIN.match(items) if isinstance(items, str) else None
    if plain is not None:
        known = facts.constant_sources.known(state, None if plain[1] in _OF_INPUT else plain[1])
    else:
        known = facts.constants.get(state.pointer)
    if known is None or known == NOTHING_KNOWN:
        return UNKNOWN
    return value_of_jsonata(items, known) if is_jsonata else value_of_path(items, known)


_PLAIN: Final = Pattern(r"(?:\{% *)?\$(\w*)(?:\.\w+)*(?: *%\})?\Z")
"""A path of names in either language, and its variable."""
_OF_INPUT: Final = ("", "states")
