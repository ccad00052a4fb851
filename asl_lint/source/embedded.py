"""A state machine as a template declares it: its definition, or where that lies, and what the deployment fills in.

What cannot be had without deploying is told with its reason, not guessed.
"""

from collections.abc import Callable, Mapping

from asl_lint.late import TYPE_CHECKING, Any, Literal, NamedTuple
from asl_lint.source.document import MISSING, Document, Pointer, is_unknown
from asl_lint.source.machine_settings import MachineSettings
from asl_lint.source.text import Segment, Span, Text

if TYPE_CHECKING:
    from asl_lint.source.terraform_module import DeclaredMachine


class Unresolved(NamedTuple):
    """Why a definition cannot be had, and the place of the template that says so."""

    reason: str
    span: Span


class Expanded(NamedTuple):
    """A definition's file as its deployment reads it, and what is filled in; ``reason`` says why that cannot be had."""

    text: Text
    substitutions: Mapping[str, object] | None
    declared: Mapping[str, Span | None] = {}
    reason: str | None = None


class EmbeddedMachine(NamedTuple):
    """One state machine of a template.

    ``document`` is its definition; where it lies in a file of its own, that is ``file`` (relative to the template's folder) and
    the document None, unless it is known already; where neither can be had, ``unresolved`` says why. ``expand``: the file is a
    template in turn; ``part`` leads to the definition in a file that holds more. ``substitutions`` is what the template fills in,
    MISSING for a value that only the deployment knows, and whatever else stands there; None: that is not known. ``machine_type``
    is None where the deployment decides it. ``declared`` names those that are said for this machine alone, with their places in
    the template. ``properties`` are the resource's own, as far as it has any, ``template`` is what they stand in (of the
    Serverless Framework, its whole file), and ``source`` the document of that. ``terraform`` is the same of a machine in
    Terraform. ``is_sam``: SAM makes CloudFormation's resource of it. ``settings`` reads what the template says of logging and the
    like.
    """

    logical_id: str
    document: Document | None = None
    file: str | None = None
    unresolved: Unresolved | None = None
    substitutions: Mapping[str, object] | None = None
    machine_type: Literal["STANDARD", "EXPRESS"] | None = None
    declared: Mapping[str, Span | None] = {}
    expand: Callable[[Text], Expanded] | None = None
    properties: Mapping[str, Any] = {}
    template: Mapping[str, Any] = {}
    source: Document | None = None
    terraform: "DeclaredMachine | None" = None
    is_sam: bool = False
    settings: Callable[[], MachineSettings] | None = None
    part: Pointer = ()


class Pieces:
    """A text put together from stretches of strings of one file, and from what stands for values that are not in it."""

    def __init__(self, root: Text) -> None:
        self._root = root
        self._parts: list[str] = []
        self._segments: list[Segment] = []
        self._length = 0

    def add(self, text: Text, start: int = 0, end: int | None = None) -> None:
        """Characters of a string of the file, or of the file itself."""
        end = len(text.content) if end is None else end
        if text is self._root:
            self._append(text.content[start:end], start, end, "verbatim")
            return
        for one in text.segments:
            begin, stop = max(one.start, start), min(one.end, end)
            if begin >= stop:
                continue
            parent_start, parent_end = one.parent_start, one.parent_end
            if one.kind == "verbatim":
                parent_start, parent_end = one.parent_start + begin - one.start, one.parent_start + stop - one.start
            self._append(text.content[begin:stop], parent_start, parent_end, one.kind)

    def add_value(self, content: str, span: Span) -> None:
        """Something that stands for the text of the file at a span."""
        self._append(content, span.start, span.end, "opaque")

    def text(self) -> Text:
        """The whole."""
        return Text("".join(self._parts), self._root, self._segments)

    def _append(self, content: str, start: int, end: int, kind: Literal["verbatim", "escape", "opaque"]) -> None:
        if content:
            self._parts.append(content)
            self._segments.append(Segment(self._length, self._length + len(content), start, end, kind))
            self._length += len(content)


def known_value(value: object) -> object:
    """The value of a substitution as far as a template says it; MISSING for a function, and for a dynamic reference."""
    if isinstance(value, str):
        return MISSING if "{{resolve:" in value else value
    return MISSING if is_unknown(value) else value
