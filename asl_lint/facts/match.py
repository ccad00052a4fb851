"""Places where something is the case, before anybody has judged whether that is bad."""

from collections.abc import Callable, Mapping

from asl_lint.finding import Confidence
from asl_lint.late import Literal, NamedTuple
from asl_lint.source.document import Pointer
from asl_lint.source.text import FileRange, Span


class Place(NamedTuple):
    """A second place, or a step of a witness: a pointer, which part of it, and a few words; ``elsewhere`` as in a Match."""

    pointer: Pointer
    message: str
    part: Literal["key", "value"] = "value"
    span: Span | None = None
    elsewhere: FileRange | None = None


class Replacement(NamedTuple):
    """A mend by edit: the text of ``part`` at ``pointer`` becomes ``text`` (JSON source text, quotes included)."""

    title: str
    pointer: Pointer
    part: Literal["key", "value"]
    text: str
    safe: bool = True


class Match(NamedTuple):
    """One place where a property does not hold, or where an observation was made.

    ``values`` fill the placeholders of the rule's message. ``within`` counts characters of a decoded string; ``span``, where
    given, is a place in the file itself and wins; ``elsewhere``, in a file that may be another, wins over that. ``sure`` is False
    where the fact behind it is second hand or unverified: such a match never becomes an error. ``seen`` is False where a step of
    ``path`` rests on what nobody has seen happen: such a match is never more than info. ``confidence`` can lower the rule's.
    ``subject`` is what the fault is of, where one of several places is told: the fault stays the same when that place moves.
    ``turns`` are the transitions by which a way goes wrong; ``missed`` are states that would do what it lacks, did it lead there.
    """

    pointer: Pointer
    values: Mapping[str, str] = {}
    part: Literal["key", "value"] = "value"
    within: Span | None = None
    span: Span | None = None
    help: str | None = None
    sure: bool = True
    related: tuple[Place, ...] = ()
    path: tuple[Place, ...] = ()
    fix: Replacement | None = None
    seen: bool = True
    confidence: Confidence = "high"
    elsewhere: FileRange | None = None
    subject: Pointer | None = None
    turns: tuple[Pointer, ...] = ()
    missed: tuple[Pointer, ...] = ()


class NotJudged(NamedTuple):
    """What a property yields instead of matches where it cannot be judged: ``needs`` says what is missing for that.

    ``is_expected``: that is so of most definitions, and told only where the rule was asked for. ``why`` finds the reason, where
    that takes time.
    """

    needs: str
    is_expected: bool = False
    why: Callable[[], str] | None = None

    @property
    def said(self) -> str:
        """What is missing, with the reason."""
        return self.needs if self.why is None else f"{self.needs}: {self.why()}"
