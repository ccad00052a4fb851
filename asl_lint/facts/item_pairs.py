"""Which writes of DynamoDB may be of the same item: those whose keys differ in a fixed value are told apart without a look at
every pair. Linear in the writes and in the pairs that remain.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from asl_lint.expressions.dynamodb import Expression
from asl_lint.facts.item_writes import ItemWrite, text_of
from asl_lint.late import Any
from asl_lint.source.document import is_unknown
from asl_lint.source.placeholders import has_placeholder


class ItemPairs:
    """The writes of a machine, by a fixed value in their keys."""

    def __init__(self, writes: Sequence[ItemWrite]) -> None:
        self._writes = writes
        self._fixed = defaultdict[tuple[str, str], list[int]](list)
        self._named = defaultdict[str, list[int]](list)
        self._open: list[int] = []
        """Writes whose keys have no fixed value, or names that only the deployment knows."""
        self._puts = defaultdict[Expression | None, list[int]](list)
        """Puts by their condition: those with the same one are attempts at the same lock, and free none."""
        for i, write in enumerate(writes):
            if write.act == "put":
                self._puts[write.condition].append(i)
            else:
                name, text = next(((name, text) for name, text in _outline(write.key) if text is not None), ("", ""))
                if text and not any(map(has_placeholder, write.key)):
                    self._fixed[name, text].append(i)
                    self._named[name].append(i)
                else:
                    self._open.append(i)

    def beside(self, write: ItemWrite) -> Iterator[ItemWrite]:
        """The other writes that may be of the item which this one locks, in the order of the machine."""
        found = list(self._open)
        for name, text in _outline(write.key):
            found += self._named.get(name, ()) if text is None else self._fixed.get((name, text), ())
        if any(map(has_placeholder, write.key)):
            found = [i for i, other in enumerate(self._writes) if other.act != "put"]
        for condition, puts in self._puts.items():
            if condition is None or condition != write.condition:
                found += puts
        for i in sorted(found):
            if self._writes[i] is not write:
                yield self._writes[i]


def _outline(key: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    """The attributes of a key with the text of their values, None where only a run or a deployment knows them."""
    for name, value in key.items():
        text = None if is_unknown(value) or name.endswith(".$") else text_of(value)
        is_fixed = text is not None and not ("{%" in text or '.$"' in text or has_placeholder(text))
        yield name.removesuffix(".$"), text if is_fixed else None
