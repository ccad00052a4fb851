"""The shape of a property kind: what parameters it takes, what it supplies to messages, and how it is checked."""

from collections.abc import Callable, Iterable, Mapping

from asl_lint.facts.machine_facts import Facts
from asl_lint.facts.match import Match, NotJudged
from asl_lint.late import Any, NamedTuple
from asl_lint.source.document import Pointer

Parameters = Mapping[str, Any]


class Kind(NamedTuple):
    """A question that rules can ask.

    ``parameters`` is a JSON Schema (2020-12, an object) of what a rule may give besides ``kind``; ``values`` tells which
    placeholders a message may use, given the parameters; ``check`` yields a Match for each place where the property does not
    hold, and NotJudged where that cannot be said of this machine; ``needs`` names inputs (``role``, ``substitutions``) without
    which the rule is *not evaluated*; ``faults`` yields what is wrong with parameters that their schema takes (a pointer into
    them, and what is wrong with it): an expression that does not parse.
    """

    name: str
    summary: str
    parameters: Mapping[str, Any]
    values: Callable[[Parameters], frozenset[str]]
    check: Callable[[Facts, Parameters], Iterable[Match | NotJudged]]
    needs: tuple[str, ...] = ()
    faults: Callable[[Parameters], Iterable[tuple[Pointer, str]]] | None = None
