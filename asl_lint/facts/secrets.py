"""Secrets that a definition holds written out: each with its place, and what conceals them in every text about the definition.

Looked for in every string, names included, but by name not in Comments. Linear.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from asl_lint.facts.errors import STATES_ERRORS
from asl_lint.facts.match import Match
from asl_lint.late import Final, Literal, NamedTuple, Pattern
from asl_lint.model.field import LANGUAGES
from asl_lint.model.fields import OBJECTS
from asl_lint.model.machine import STATE_TYPES
from asl_lint.source.document import Document, Pointer
from asl_lint.source.placeholders import is_template_function
from asl_lint.source.secret_words import plain
from asl_lint.source.secrets import Secret, by_form, by_name, concealer, in_unread, name_concealer, secret_name, secret_values
from asl_lint.source.text import Span

_NAMES: Final = ("Name", "name", "Key", "key", "ParameterKey", "ParameterName")
_VALUES: Final = ("Value", "value", "ParameterValue")
"""Members of an object that is a name and its value: variables of a container, parameters, tags."""

_WORD: Final = Pattern("[A-Za-z]{6,}")
_OF_THE_LANGUAGE: Final = frozenset((
    *(field.name for one in OBJECTS.values() for field in one.fields), *STATE_TYPES, *LANGUAGES, "STANDARD", "EXPRESS",
    *(word for name in STATES_ERRORS for word in name.split(".")), "AccountId", "Partition", "Region",
))  # fmt: skip
"""Words that a definition, or what is said of it, has whoever wrote it."""

_SHORTEST: Final = 16
"""Characters of a form that a key's name could have."""


_SHORTEST_SHARED: Final = 6
"""Characters of a value from which on the same characters elsewhere are taken for the same secret."""


class Place(NamedTuple):
    """One secret: the string that holds it, and where in that."""

    pointer: Pointer
    part: Literal["key", "value"]
    secret: Secret

    @property
    def within(self) -> Span:
        """Its characters in the decoded string."""
        return Span(self.secret.start, self.secret.end)


class Secrets(NamedTuple):
    """The secrets of a definition in the order of its text; ``spans`` are not shown of its file.

    ``conceal`` takes them out of what is quoted, parts of them too; ``conceal_names`` out of names, pointers and our own words,
    where a part of a secret is a word like any other.
    """

    places: tuple[Place, ...] = ()
    spans: tuple[Span, ...] = ()
    conceal: Callable[[str], str] = str
    conceal_names: Callable[[str], str] = str


def secrets(document: Document, words: Sequence[str], given: Mapping[str, object] = {}) -> Secrets:
    """The secrets of a document, as what is filled in makes it; ``words`` are the suspicious ones that it has.

    What is ``given`` for its placeholders and is a secret by its name or form is concealed too, wherever it comes to stand.
    """
    places: list[Place] = []
    values: list[str] = []
    for text, pointer, part, name in _strings(document.value):
        if not (name and secret_name(name)) and not _has_word(text, words):
            continue
        found = _in(text, name)
        places += [Place(pointer, part, secret) for secret in found]
        values += [text[secret.start : secret.end] for secret in found]
    spans = [document.span(one.pointer, one.part, one.within if one.part == "value" else None) for one in places]
    if document.problems:  # what could not be read is quoted all the same
        content = document.text.content
        unread = list(in_unread(content))
        spans += [document.text.trace(one.start, one.end) for one in unread]
        values += [content[one.start : one.end] for one in unread]
    for value in dict.fromkeys(secret for _, secret in secret_values(given)):
        values.append(value)
        spans += _occurrences(document.text.root.content, value)
    if not values:
        return Secrets()
    conceal = concealer(values, _public_words(document.text.root.content, values))
    names = name_concealer(value for value in values if value not in _OF_THE_LANGUAGE)
    return Secrets(tuple(places), tuple(spans), conceal, conceal if document.problems else names)


def _public_words(content: str, values: Iterable[str]) -> frozenset[str]:
    """The words of the language, and those that the file has besides its secrets."""
    for value in sorted(set(values), key=len, reverse=True):
        content = content.replace(value, " ")
    return _OF_THE_LANGUAGE.union(_WORD.findall(content))


def _occurrences(text: str, value: str) -> Iterator[Span]:
    """Where the file has what is filled in: a template gives it beside the definition."""
    at = text.find(value) if len(value) >= _SHORTEST_SHARED else -1
    while at >= 0:
        yield Span(at, at + len(value))
        at = text.find(value, at + len(value))


def secret_faults(found: Secrets) -> Iterator[tuple[str, Match]]:
    """An observation for each secret, without its value."""
    for place in found.places:
        is_value = place.part == "value"
        yield (
            "secret-in-definition",
            Match(
                place.pointer,
                {"what": place.secret.what},
                place.part,
                within=place.within if is_value else None,
                confidence="high" if place.secret.is_sure else "medium",
            ),
        )


def _has_word(text: str, words: Sequence[str]) -> bool:
    written = plain(text)
    for word in words:  # noqa: SIM110 (of the strings of a definition a generator for each would be half the cost)
        if word in written:
            return True
    return False


def _in(text: str, name: str) -> Sequence[Secret]:
    """The secrets of one string, those that overlap as the first of them."""
    named = by_name(name, text) if name else None
    kept: list[Secret] = []
    for secret in sorted([*by_form(text), *([named] if named is not None else [])], key=lambda one: (one.start, -one.end)):
        if not kept or secret.start >= kept[-1].end:
            kept.append(secret)
    return kept


def _strings(value: object) -> Iterator[tuple[str, Pointer, Literal["key", "value"], str]]:
    """Every string with its place and the name that its value goes by, in the order of the text."""
    pending: list[tuple[object, Pointer, str]] = [(value, (), "")]
    while pending:
        held, at, name = pending.pop()
        if isinstance(held, str):
            yield held, at, "value", name
        elif isinstance(held, list):
            options = ["", *(one.lstrip("-") if isinstance(one, str) and one.startswith("--") else "" for one in held)]
            pending += [(one, (*at, i), options[i] or name) for i, one in reversed(list(enumerate(held)))]
        elif isinstance(held, dict) and not is_template_function(held):
            own = next((held[one] for one in _NAMES if isinstance(held.get(one), str)), None)
            for key in held:
                if len(key) >= _SHORTEST:
                    yield key, (*at, key), "key", ""
            pending += [
                (member, (*at, key), own if own is not None and key in _VALUES else "" if key == "Comment" else key)
                for key, member in reversed(list(held.items()))
            ]
