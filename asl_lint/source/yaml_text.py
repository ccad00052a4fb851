"""Reads YAML into a Document: JSON values without surprises, exact places, the faults of the text.

One pass over libyaml's events (the pure-Python parser where libyaml is absent), without recursion; spans are laid out when
one is asked for. Of an event's marks only the indices are used: their lines count U+2028, U+2029 and U+0085 as line breaks.
Of a text with a syntax error, what stood before it is kept, and every container open at that place is damaged. Time and memory
are linear in the file's size.
"""

from asl_lint.late import Any, Final
from asl_lint.source.document import MISSING, Document, NodeSpan, Note, Pointer, Problem
from asl_lint.source.placeholders import PLACEHOLDER, Placeholder
from asl_lint.source.text import Segment, Span, Text
from asl_lint.source.yaml_comments import Comment, comments
from asl_lint.source.yaml_errors import UNPRINTABLE, SyntaxFault, code_point_too_large, explain, unprintable
from asl_lint.source.yaml_nodes import NESTING_LIMIT, Node, OpenContainer, content_start, event_parser, parsable, tag_start
from asl_lint.source.yaml_scalars import BOOLEAN_LIKE, STANDARD_TAG, resolve_old_plain, resolve_plain, resolve_tagged
from asl_lint.source.yaml_strings import BREAKS, decode

__all__ = ["Comment", "comments", "read_yaml"]

# Aliases may expand to this many nodes and one more for each character of the file.
EXPANSION_BASE: Final = 10_000

_HIDDEN: Final = str.maketrans("{}", "\ue000\ue001")
"""Characters in place of the braces of a placeholder, which mean nothing to YAML."""
_SHOWN: Final = {there: here for here, there in _HIDDEN.items()}

_MERGE: Final = object()
# Keys that are more than their text, when they are plain.
_SPECIAL_KEYS: Final = BOOLEAN_LIKE | {"<<"}


def read_yaml(text: Text, *, functions: bool = False, old_booleans: bool = False) -> Document:
    """The document that a YAML text holds: its first, if it holds several. Never raises, whatever the text.

    Problems: ``syntax-error``, ``duplicate-key``, ``nested-too-deeply``, ``boolean-like-name``. ``${Name}`` without quotes and
    values with tags of an application (``!Ref X``) are Placeholders; with ``functions`` such tags are CloudFormation's short
    forms, and the value is the long one (``{"Ref": "X"}``). Between brackets ``${Name}`` without quotes is a fault only with
    ``functions``: a template is read before anything is filled in, another file after that. The span of a block scalar begins
    at its ``|`` or ``>``, that of an alias is the alias; strings and members inside trace to the anchor. ``old_booleans``: yes,
    no, on and off are booleans, as in YAML 1.1.
    """
    composer = _Composer(text, functions, old_booleans)
    composer.compose()
    if not functions and any(
        one.code == "syntax-error" and text.content.startswith("${", one.span.start) for one in composer.problems
    ):
        composer = _Composer(text, functions, old_booleans, hides_placeholders=True)
        composer.compose()
    root = composer.root
    return Document(
        text,
        "yaml",
        root.value if root else (MISSING if composer.damaged else None),
        composer.locate,
        composer.string_text,
        tuple(composer.problems),
        frozenset(composer.damaged),
    )


class _Composer:
    """Builds the tree of nodes from the events."""

    def __init__(self, text: Text, functions: bool = False, old_booleans: bool = False, hides_placeholders: bool = False) -> None:
        self.text = text
        self._functions = functions
        self._resolve = resolve_old_plain if old_booleans else resolve_plain
        self._hides_placeholders = hides_placeholders
        self.content = text.content
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.damaged: set[Pointer] = set()
        self._open: list[OpenContainer] = []
        self._anchors: dict[str, Node | None] = {}  # None while the node is open
        self._expanded = 0
        self._expansion_reported = False
        self._last: tuple[OpenContainer | None, Node] | None = (
            None  # the last scalar, and what holds it, until the next key or node
        )
        self._closed: list[Pointer] = []  # blocks that ended since the last scalar or beginning of a container
        self._strings: dict[int, Node] = {}  # strings by their start, once spans are laid out
        self._shift = 0
        self._is_over = False  # whether reading ended before the text did

    def compose(self) -> None:
        """Reads the first document."""
        import yaml

        content = self.content
        self._shift, end = parsable(content)
        forbidden = end < len(content)
        if self._hides_placeholders:
            content = PLACEHOLDER.sub(lambda found: found[0].translate(_HIDDEN), content)
        # What touches the line of a forbidden character is cut off in the middle.
        stop = end - self.text.position(end).column + 1 - self._shift if forbidden else len(content) + 1
        try:
            self._read(yaml, content[self._shift : end], stop)
        except yaml.MarkedYAMLError as error:
            if "nesting depth" in (error.problem or ""):  # libyaml looks ahead, and has a limit of its own from 0.2.6 on
                self._stop_too_deep(error.problem_mark.index + self._shift if error.problem_mark else 0)
            elif not forbidden:
                self._stop_at(explain(self.text, error, self._shift))
        except (ValueError, OverflowError):  # the pure-Python parser, of "\\U00110000"; libyaml calls it an error
            self._stop_at(code_point_too_large(self.text))
        if forbidden and not self._is_over:
            self._stop_at(unprintable(self.text, end))

    def _read(self, yaml: Any, content: str, stop: int) -> None:
        """Follows the events to the end of the first document, or to the first event that reaches ``stop``."""
        scalar, alias = yaml.ScalarEvent, yaml.AliasEvent
        mapping, sequence = yaml.MappingStartEvent, yaml.SequenceStartEvent
        ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        next_event = event_parser(content).get_event
        documents = 0
        while True:
            event = next_event()
            kind = type(event)
            if event.end_mark.index >= stop:
                return
            if kind not in ends:
                self._closed.clear()
            if kind is scalar:
                self._scalar(event)
            elif kind is mapping or kind is sequence:
                if len(self._open) >= NESTING_LIMIT:
                    self._stop_too_deep(event.start_mark.index + self._shift)
                    return
                self._begin(event, kind is mapping)
            elif kind in ends:
                self._finish(event.start_mark.index + self._shift, event.end_mark.index + self._shift)
            elif kind is alias:
                self._alias(event)
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    start = event.start_mark.index + self._shift
                    self._fault(
                        SyntaxFault(
                            Span(start, max(start + 1, event.end_mark.index + self._shift)),
                            "a second document begins here, and only the first is read",
                            "keep one document in a file",
                        ),
                        (),
                    )
                    self._is_over = True
                    return
            elif kind is yaml.StreamEndEvent:
                return

    # Nodes

    def _scalar(self, event: Any) -> None:
        start, stop = event.start_mark.index + self._shift, event.end_mark.index + self._shift
        text: str = event.value.translate(_SHOWN) if self._hides_placeholders else event.value
        style: str = event.style or ""
        tag: str | None = event.tag
        is_bare = tag is None and event.anchor is None
        frame = self._open[-1] if self._open else None
        is_key = frame is not None and frame.members is not None and frame.key is None
        if is_key:
            self._last = None
        if frame and is_key and is_bare and (style in ("'", '"') or (text and not style and text not in _SPECIAL_KEYS)):
            frame.key = text
            frame.key_span = Span(start, stop)
            frame.last_end = stop
            return
        begin = start if is_bare else content_start(self.content, start, stop)
        end = stop
        if style in ("|", ">"):
            end = begin + len(self.content[begin:stop].rstrip(" \t" + BREAKS))
        elif not style and not text:
            begin = stop
        node = Node(text, begin, end)
        node.stop, node.style, node.text = stop, style, text
        if frame and is_key:
            self._anchor(event.anchor, node)
            self._key(frame, node, plain=not style and tag is None, is_merge=tag in (None, STANDARD_TAG + "merge"))
            return
        if tag is None:
            if not style:
                node.value = self._resolve(text)
                if node.value is MISSING:
                    self._fault_at(node, f"{text} is no number of JSON", "put it in quotes if it is meant as text")
        elif tag.startswith(STANDARD_TAG):
            node.value = resolve_tagged(tag[len(STANDARD_TAG) :], text)
            if node.value is MISSING:
                self._fault_at(
                    node, f"{text!r} is not what its tag !!{tag[len(STANDARD_TAG) :]} says", "correct the value or remove the tag"
                )
        elif tag != "!":
            node.start = tag_start(self.content, start, stop)
            if self._functions:
                inner = Node(text, begin, end)
                inner.stop, inner.style, inner.text = stop, style, text
                self._apply(node, tag, inner)
            else:
                node.value = Placeholder(self.content[node.start : end])
        self._anchor(event.anchor, node)
        self._last = frame, node
        self._add(node)

    def _anchor(self, name: str | None, node: Node) -> None:
        if name:
            self._anchors[name] = node

    def _begin(self, event: Any, is_mapping: bool) -> None:
        start, stop = event.start_mark.index + self._shift, event.end_mark.index + self._shift
        tag: str | None = event.tag
        if tag and tag != "!" and not tag.startswith(STANDARD_TAG):
            start = tag_start(self.content, start, stop)
        elif tag or event.anchor:
            start = content_start(self.content, start, stop)
        node = Node(MISSING, start, stop)
        if event.anchor:
            self._anchors[event.anchor] = None
        self._last = None
        self._open.append(OpenContainer(node, event, is_mapping))

    def _finish(self, start: int, end: int) -> None:
        if not self._open[-1].flow:
            self._closed.append(self._pointer(len(self._open) - 1))
        frame = self._open.pop()
        node = frame.node
        # A block ends where its last child does; the parser sees its end only at the next thing.
        node.end = end if frame.flow and end > start else max(frame.last_end, node.start)
        self._fill(frame)
        if frame.has_complex_key and frame.flow and self.content.startswith("{{", node.start):
            self._fault_at(node, "{{…}} without quotes is a YAML mapping, not a reference", "put the reference in quotes")
            node.value, node.children = MISSING, None
        self._anchor(frame.anchor, node)
        if frame.flow:
            self._last = self._open[-1] if self._open else None, node
        self._add(node)

    def _fill(self, frame: OpenContainer) -> None:
        """Gives the node of a container its value, with the members that it merges."""
        node = frame.node
        tag = frame.tag if frame.tag and frame.tag != "!" and not frame.tag.startswith(STANDARD_TAG) else None
        if tag and self._functions:
            inner = Node(MISSING, node.start, node.end)
            inner.size, inner.height = node.size, node.height
            self._hold(frame, inner)
            self._apply(node, tag, inner)
        elif tag:
            node.value = Placeholder(self.content[node.start : node.end])
        else:
            self._hold(frame, node)

    def _apply(self, node: Node, tag: str, inner: Node) -> None:
        """Makes of a node with a short form the function that it stands for: ``!Sub x`` is ``{"Fn::Sub": "x"}``."""
        name = tag.lstrip("!")
        function = name if name in ("Ref", "Condition") else f"Fn::{name}"
        node.value, node.text = {function: inner.value}, None
        node.children = {function: (Span(node.start, node.start + len(tag)), inner)}

    def _hold(self, frame: OpenContainer, node: Node) -> None:
        """Gives a node the elements or members of a container."""
        if frame.members is None:
            node.children = frame.values
            node.value = [child.value for child in frame.values]
        else:
            members = frame.members
            if frame.merges:
                members = {}
                for merged in frame.merges:
                    if isinstance(merged.children, dict):
                        members.update(merged.children)
                members.update(frame.members)
            node.children = members
            node.value = {key: child.value for key, (_, child) in members.items()}

    def _alias(self, event: Any) -> None:
        span = Span(event.start_mark.index + self._shift, event.end_mark.index + self._shift)
        name: str = event.anchor
        node = Node(MISSING, *span)
        self._last = None
        if name not in self._anchors:
            self._fault(SyntaxFault(span, f"there is no anchor &{name} before this alias", None), self._pointer())
        elif (target := self._anchors[name]) is None:
            self._fault(SyntaxFault(span, f"&{name} contains itself", "JSON cannot hold such a value"), self._pointer())
        elif len(self._open) + target.height > NESTING_LIMIT:
            self._too_deep(span)
        elif self._expanded + target.size > EXPANSION_BASE + len(self.content):
            self._report_expansion(span)
        else:
            self._expanded += target.size
            node.value, node.children, node.size, node.height = target.value, target.children, target.size, target.height
            node.origin, node.stop, node.style, node.text = target.origin, target.stop, target.style, target.text
        frame = self._open[-1] if self._open else None
        if frame and frame.members is not None and frame.key is None:
            self._key(frame, node, plain=False, is_merge=False)
        else:
            self._add(node)

    def _report_expansion(self, span: Span) -> None:
        if not self._expansion_reported:
            self._expansion_reported = True
            limit = EXPANSION_BASE + len(self.content)
            self._fault(
                SyntaxFault(span, f"aliases expand to more than {limit} nodes", "write fewer aliases of aliases"), self._pointer()
            )

    def _add(self, node: Node) -> None:
        """Puts a finished node where it belongs."""
        if not self._open:
            self.root = node
            return
        frame = self._open[-1]
        frame.last_end = node.end
        parent = frame.node
        parent.size += node.size
        # The members of a merged mapping become the container's own.
        height = node.height if frame.key is _MERGE else node.height + 1
        if height > parent.height:
            parent.height = height
        if frame.members is None:
            frame.values.append(node)
        elif frame.key is None:
            self._key(frame, node, plain=False, is_merge=False)
        else:
            self._member(frame, node)

    def _key(self, frame: OpenContainer, node: Node, *, plain: bool, is_merge: bool) -> None:
        span = Span(node.start, node.end)
        frame.key_span = span
        frame.last_end = max(frame.last_end, node.end)
        if node.text is None:
            frame.key = MISSING
            frame.has_complex_key = True
            is_reference = frame.flow and self.content.startswith("{{", frame.node.start)
            if node.value is not MISSING and not is_reference:  # MISSING: an alias or a reference that has been reported
                what = "list" if isinstance(node.value, list) else "mapping"
                self._fault(SyntaxFault(span, f"a key must be a string, not a {what}", None), self._pointer(len(self._open) - 1))
            self.damaged.add(self._pointer(len(self._open) - 1))
        elif is_merge and node.text == "<<" and not node.style:
            frame.key = _MERGE
        else:
            frame.key = node.text
            if plain and node.text in BOOLEAN_LIKE:
                self._problem("boolean-like-name", span, self._pointer(), {"name": node.text})

    def _member(self, frame: OpenContainer, node: Node) -> None:
        key, span = frame.key, frame.key_span
        assert frame.members is not None and span is not None
        if key is _MERGE:
            self._merge(frame, node)
        elif isinstance(key, str):
            first = frame.members.get(key)
            if first is not None:
                note = Note(frame.repeated.setdefault(key, first[0]), "first defined here")
                self._problem("duplicate-key", span, self._pointer(), {"key": key}, None, (note,))
            frame.members[key] = (span, node)
        frame.key = None

    def _merge(self, frame: OpenContainer, node: Node) -> None:
        merged = list(node.children) if isinstance(node.children, list) else [node]
        here = self._pointer(len(self._open) - 1)
        for mapping in reversed(merged):  # of a list, the earlier mapping wins
            if isinstance(mapping.children, dict):
                frame.merges.append(mapping)
            else:
                self.damaged.add(here)
                if mapping.value is not MISSING and not isinstance(mapping.value, Placeholder):
                    self._fault_at(node, "only a mapping, or a list of mappings, can be merged with '<<'", None)
                    return

    # Places

    def _pointer(self, depth: int | None = None) -> Pointer:
        """The pointer of what is being read, or of the container at a depth."""
        parts: list[str | int] = []
        for frame in self._open if depth is None else self._open[:depth]:
            if frame.members is None:
                parts.append(len(frame.values))
            elif isinstance(frame.key, str):
                parts.append(frame.key)
        return tuple(parts)

    def locate(self) -> dict[Pointer, NodeSpan]:
        """The places of all nodes, those of merged members and below aliases where they stand in the anchor."""
        spans: dict[Pointer, NodeSpan] = {}
        waiting: list[tuple[Pointer, Span | None, Node]] = [((), None, self.root)] if self.root else []
        while waiting:
            pointer, key, node = waiting.pop()
            spans[pointer] = NodeSpan(key, Span(node.start, node.end))
            if node.text is not None and node.start < node.end:
                self._strings[node.start] = node
            children = node.children
            if isinstance(children, dict):
                waiting += [((*pointer, name), span, child) for name, (span, child) in children.items()]
            elif children:
                waiting += [((*pointer, index), None, child) for index, child in enumerate(children)]
        return spans

    def string_text(self, place: NodeSpan) -> Text:
        """The decoded string of a scalar at a place that ``locate`` gave; of anything else, the text as written."""
        start, end = place.value
        node = self._strings.get(start)
        if node is None or node.end != end or node.text is None:
            return Text(self.content[start:end], self.text, [Segment(0, end - start, start, end)] if end > start else ())
        return decode(self.text, node.origin, node.stop, node.style, node.text)

    # Faults

    def _problem(
        self,
        code: str,
        span: Span,
        pointer: Pointer,
        values: dict[str, str],
        help: str | None = None,
        related: tuple[Note, ...] = (),
    ) -> None:
        self.problems.append(Problem(code, span, pointer, values, help, related))

    def _fault(self, fault: SyntaxFault, pointer: Pointer) -> None:
        self._problem("syntax-error", fault.span, pointer, {"problem": fault.problem}, fault.help)

    def _fault_at(self, node: Node, problem: str, help: str | None) -> None:
        self._fault(SyntaxFault(Span(node.start, node.end), problem, help), self._pointer())

    def _too_deep(self, span: Span) -> None:
        self._problem("nested-too-deeply", span, self._pointer(), {"limit": str(NESTING_LIMIT)})

    def _stop_too_deep(self, start: int) -> None:
        """Reports a container that is nested too deeply, and reads no further."""
        self._too_deep(Span(start, start + 1))
        self._last = None
        if self._open and (self._open[-1].members is None or isinstance(self._open[-1].key, str)):
            self._add(Node(MISSING, start, start + 1))
        self._abandon()

    def _stop_at(self, fault: SyntaxFault) -> None:
        """Reports the syntax error that ended the reading, and keeps what stood before it."""
        if self._last and self._is_doubtful(self._last[1], fault.span.start):
            self._forget(*self._last)
        self._fault(fault, self._pointer())
        # A line that fits nowhere may belong to a block that seems to have ended.
        self.damaged.update(self._closed)
        self._abandon()

    def _is_doubtful(self, last: Node, at: int) -> bool:
        """Whether an error makes the scalar, or the brackets, before it uncertain.

        A string that the error touches may have ended at the wrong quote, a block scalar at a wrong indentation; what seems to be
        empty may be what could not be read; and of a line with a forbidden character only a part was read.
        """
        content = self.content
        if last.start == last.end or last.style in ("|", ">") or "\n" not in content[last.end : at]:
            return True
        return UNPRINTABLE.match(content, at) is not None

    def _forget(self, frame: OpenContainer | None, node: Node) -> None:
        """Makes a scalar's value MISSING, also in a container that is complete."""
        node.value = MISSING
        value = frame.node.value if frame else None
        if frame is None or value is MISSING:
            return  # the container is still open, and takes the value when it is closed
        if isinstance(value, list):
            value[-1] = MISSING
        elif isinstance(value, dict) and frame.members:
            name, (_, last) = next(reversed(frame.members.items()))
            if last is node:  # and no scalar of a merge, or of a key that is no string
                value[name] = MISSING

    def _abandon(self) -> None:
        """Closes what is open: each of these containers is damaged, and so is the root."""
        self._is_over = True
        self.damaged.add(())
        self.damaged.update(self._pointer(depth) for depth in range(len(self._open)))
        while self._open:
            frame = self._open.pop()
            frame.node.end = max(frame.last_end, frame.node.start)
            self._fill(frame)
            if self._open and self._open[-1].members is not None and not isinstance(self._open[-1].key, str):
                continue  # it was a key, or what a key that is no string leads to
            self._add(frame.node)
