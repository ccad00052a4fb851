"""A parsed text, and the only way from a value in it to its place: ``Document.span``.

A value is what JSON can hold (dict, list, str, int, float, bool, None), a ``Placeholder`` where the text has an unquoted
``${Name}``, or ``MISSING`` where nothing could be read. A pointer is the tuple of keys and indices that leads to a value.
"""

from collections.abc import Callable, Iterator, Mapping

from asl_lint.late import Literal, NamedTuple
from asl_lint.source.placeholders import Placeholder, has_placeholder, is_template_function
from asl_lint.source.text import Span, Text

Pointer = tuple[str | int, ...]


class Missing:
    """The value of a text, or of a member, of which nothing could be read: of any type, like a placeholder."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "MISSING"

    def __reduce__(self) -> str:
        return "MISSING"  # there is one, in every process


MISSING = Missing()


def is_unknown(value: object) -> bool:
    """Whether only the deployment knows a value, or reading lost it: it is of any type then, and nothing is wrong with it."""
    kind = type(value)  # most values are short texts and objects: of these it is asked a hundred times a definition
    if kind is str:
        return ("{" in value or "<" in value) and has_placeholder(value)  # type: ignore[operator, arg-type]
    if kind is dict:
        return len(value) == 1 and is_template_function(value)  # type: ignore[arg-type]
    return kind is Placeholder or kind is Missing


class NodeSpan(NamedTuple):
    """Where a node stands: ``value``, and for a member ``key`` with its quotes (None for elements and the root)."""

    key: Span | None
    value: Span


class Note(NamedTuple):
    """A second place that helps to understand a problem, with a few words about it."""

    span: Span
    message: str


class Problem(NamedTuple):
    """A fault of the text itself. ``values`` fill the message of the rule that reports ``code``.

    Codes: ``syntax-error`` (values: ``problem``), ``duplicate-key`` (``key``), ``nested-too-deeply`` (``limit``),
    ``boolean-like-name`` (``name``), ``placeholder-beside-text`` (``problem``).
    """

    code: str
    span: Span
    pointer: Pointer
    values: Mapping[str, str]
    help: str | None = None
    related: tuple[Note, ...] = ()


class Document:
    """What a text holds, what is wrong with the text, and where everything stands.

    ``text`` may be a string inside a file (a definition that a template holds): spans are always those of the file. ``is_part``:
    the value is a member of what the text holds. ``damaged`` names the containers whose text recovery had to mend: what seems to
    be missing there may only be unreadable. ``written`` is the document before anything was filled in: itself, where nothing was.
    """

    __slots__ = ("_locate", "_spans", "_strings", "_written", "damaged", "format", "is_part", "problems", "text", "value")

    def __init__(
        self,
        text: Text,
        format: Literal["json", "yaml", "hcl"],
        value: object,
        locate: Callable[[], Mapping[Pointer, NodeSpan]],
        string_text: Callable[[NodeSpan], Text],
        problems: tuple[Problem, ...] = (),
        damaged: frozenset[Pointer] = frozenset(),
    ) -> None:
        self.text = text
        self.format = format
        self.value = value
        self.problems = problems
        self.damaged = damaged
        self.is_part = False
        self._written: Document | None = None
        self._locate = locate
        self._strings = string_text
        self._spans: Mapping[Pointer, NodeSpan] | None = None

    def rendered(
        self, value: object, fill: Callable[[Text], Text], rename: "Callable[[Pointer], Pointer] | None" = None
    ) -> "Document":
        """The same text with another value. ``fill`` makes of a decoded string what it is there, and ``rename`` of a pointer."""
        located, strings = self._locate, self._strings
        locate = located if rename is None else lambda: {rename(pointer): node for pointer, node in located().items()}
        damaged = self.damaged if rename is None else frozenset(map(rename, self.damaged))
        made = Document(self.text, self.format, value, locate, lambda node: fill(strings(node)), self.problems, damaged)
        made.is_part = self.is_part
        made._written = self
        return made

    def evaluated(self, value: object, texts: Mapping[Pointer, Text]) -> "Document":
        """The same text with another value: at each pointer of ``texts`` a string stands in place of what is written there."""
        located, strings = self._locate, self._strings
        made_of = {self.node(pointer).value: text for pointer, text in texts.items()}

        def string(node: NodeSpan) -> Text:
            return made_of.get(node.value) or strings(node)

        made = Document(self.text, self.format, value, located, string, self.problems, self.damaged)
        made.is_part = self.is_part
        made._written = self
        return made

    @property
    def written(self) -> "Document":
        return self if self._written is None else self._written

    def part(self, pointer: Pointer, value: object) -> "Document":
        """The member at a pointer as a document of its own; its ``value`` is given."""
        located, length = self._locate, len(pointer)

        def locate() -> Mapping[Pointer, NodeSpan]:
            return {at[length:]: node for at, node in located().items() if at[:length] == pointer}

        problems = tuple(p._replace(pointer=p.pointer[length:]) for p in self.problems if p.pointer[:length] == pointer)
        damaged = frozenset(at[length:] for at in self.damaged if at[:length] == pointer)
        part = Document(self.text, self.format, value, locate, self._strings, problems, damaged)
        part.is_part = True
        return part

    def is_whole(self, pointer: Pointer) -> bool:
        """Whether nothing at or below a pointer had to be mended, so that what is missing there was not written."""
        return not self.damaged or not any(damaged[: len(pointer)] == pointer for damaged in self.damaged)

    @property
    def is_read(self) -> bool:
        """Whether the text could be read to its end, with nothing mended: what does not occur in it was not written."""
        return not self.damaged and not any(problem.code == "syntax-error" for problem in self.problems)

    def pointers(self) -> Iterator[Pointer]:
        """The pointers of all nodes, in the order in which the reader met them."""
        if self._spans is None:
            self._spans = self._locate()
        return iter(self._spans)

    def node(self, pointer: Pointer) -> NodeSpan:
        """Where a node stands in ``text``; for a pointer that leads nowhere, where its nearest existing ancestor stands."""
        if self._spans is None:
            self._spans = self._locate()
        for length in range(len(pointer), -1, -1):
            node = self._spans.get(pointer[:length])
            if node is not None:
                return node
        return NodeSpan(None, Span(0, len(self.text.content)))

    def span(self, pointer: Pointer, part: Literal["key", "value"] = "value", within: Span | None = None) -> Span:
        """The place in the file of a value, of its key (of the value where it has none), or of characters ``within`` a string.

        ``within`` counts characters of the decoded string; keys have no ``within``.
        """
        node = self.node(pointer)
        if within is not None and part == "value":
            return self._strings(node).trace(*within)
        return self.text.trace(*((part == "key" and node.key) or node.value))

    def string(self, pointer: Pointer) -> Text:
        """The decoded string at a pointer as a Text over the file's: its spans trace to the file through every escape."""
        return self._strings(self.node(pointer))


def format_pointer(pointer: Pointer) -> str:
    """The pointer as RFC 6901 has it: ``/States/A~1B/Next``; empty for the whole document."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)


def parse_pointer(text: str) -> tuple[str, ...]:
    """The parts of an RFC 6901 pointer, all as strings. Raises ValueError where it does not begin with ``/``."""
    if not text:
        return ()
    if not text.startswith("/"):
        raise ValueError(f"a JSON pointer begins with '/': {text!r}")
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/"))


def part_of(document: Document, pointer: Pointer) -> Document | None:
    """The object at a pointer as a document of its own; None where none can be read there."""
    value: object = document.value
    for key in pointer:
        value = value.get(key) if isinstance(value, dict) else None
    return document.part(pointer, value) if isinstance(value, dict) and not is_unknown(value) else None
