"""Finds the comments of a YAML text: real ones, not a ``#`` in a string or in a block scalar.

What is left of the text without its scalars is indicators, anchors, tags, white space and comments. One pass over the
parser's events; of a text with a syntax error, the comments before it.
"""

import re

from asl_lint.late import Final, NamedTuple
from asl_lint.source.text import Span, Text
from asl_lint.source.yaml_nodes import NESTING_LIMIT, content_start, event_parser, parsable
from asl_lint.source.yaml_strings import BREAKS, block_header_end

_COMMENT: Final = re.compile(rf"(?:(?<=[ \t\ufeff{BREAKS}])|\A)#[^{BREAKS}]*")


class Comment(NamedTuple):
    """A comment: its place from ``#`` to its last character, these characters, whether its line holds nothing else."""

    span: Span
    text: str
    alone: bool


def comments(text: Text) -> list[Comment]:
    """All comments in the order of the text. Never raises."""
    content = text.content
    found: list[Comment] = []
    for start, end in _gaps(content):
        for match in _COMMENT.finditer(content, start, end):
            written = match.group().rstrip()
            at = match.start()
            line_start = at
            while line_start > 0 and content[line_start - 1] in " \t\ufeff":
                line_start -= 1
            alone = line_start == 0 or content[line_start - 1] in BREAKS
            found.append(Comment(Span(at, at + len(written)), written, alone))
    return found


def _gaps(content: str) -> list[tuple[int, int]]:
    """The stretches between scalars, up to the end of the text or to its first syntax error."""
    import yaml

    shift, end = parsable(content)
    gaps: list[tuple[int, int]] = []
    at, depth = shift, 0
    scalar, stream_end = yaml.ScalarEvent, yaml.StreamEndEvent
    opening, closing = (yaml.MappingStartEvent, yaml.SequenceStartEvent), (yaml.MappingEndEvent, yaml.SequenceEndEvent)
    next_event = event_parser(content[shift:end]).get_event
    try:
        while depth <= NESTING_LIMIT:
            event = next_event()
            kind = type(event)
            if kind is scalar:
                start, stop = event.start_mark.index + shift, event.end_mark.index + shift
                begin = content_start(content, start, stop) if event.tag or event.anchor else start
                if event.style in ("|", ">"):
                    begin = min(block_header_end(content, begin), stop)
                gaps.append((at, begin))
                at = stop
            elif kind in opening:
                depth += 1
            elif kind in closing:
                depth -= 1
            elif kind is stream_end:
                gaps.append((at, end))
                break
    except yaml.MarkedYAMLError as error:
        mark = error.context_mark or error.problem_mark
        gaps.append((at, max(at, min((mark.index if mark else 0) + shift, end))))
    return gaps
