"""The default format, for people: each finding with its source frame, related places, witness path, help, then a summary."""

from collections.abc import Iterable, Iterator, Mapping

from asl_lint.finding import Finding, Related, Report, Step, Suppressed
from asl_lint.late import Final
from asl_lint.output.characters import visible
from asl_lint.output.frame import LEAST_WIDTH, Mark, frame, groups, gutter_width
from asl_lint.output.palette import Palette
from asl_lint.output.style import Style
from asl_lint.output.summary import closing
from asl_lint.source.text import Position, Text

STEPS_SHOWN: Final = 12  # of a witness, without --verbose: half from its beginning, half from its end


def render(report: Report, style: Style) -> Iterator[str]:
    """One chunk per finding, then the closing lines. ``verbose`` adds suppressed findings and shows witnesses whole."""
    blocks = _Blocks(report.sources, style)
    for finding in report.findings:
        yield "\n".join(blocks.lines(finding)) + "\n\n"
    if style.verbose:
        for suppressed in report.suppressed:
            yield "\n".join(blocks.lines(suppressed.finding, suppressed)) + "\n\n"
    yield "\n".join(closing(report, blocks.palette)) + "\n"


def suppression(suppressed: Suppressed) -> str:
    """``suppressed by directive: reason``."""
    reason = f": {visible(suppressed.reason)}" if suppressed.reason else ""
    return f"suppressed by {suppressed.by}{reason}"


class _Blocks:
    """Writes findings; each file's table of lines is made once."""

    __slots__ = ("_sources", "_style", "_texts", "palette")

    def __init__(self, sources: Mapping[str, str], style: Style) -> None:
        self.palette = Palette(style)
        self._sources = sources
        self._style = style
        self._texts: dict[str, Text] = {}

    def lines(self, finding: Finding, suppressed: Suppressed | None = None) -> Iterator[str]:
        paint = self.palette.paint
        yield f"{self.palette.title(finding)}: {paint(visible(finding.message), 'strong')}"
        text = self._text(finding.file)
        footers = list(self._footers(finding))
        if text is None:
            gutter = 1
            yield self._arrow("-->", gutter, finding, finding.span.start) + self._where(finding)
            footers = [*self._notes(finding, finding.related), *footers]
        else:
            marks = [Mark(finding.span.start.offset, finding.span.end.offset, True, finding.severity)]
            beside = [related for related in finding.related if related.file is None]
            marks += [Mark(r.span.start.offset, r.span.end.offset, False, "frame", visible(r.message)) for r in beside]
            footers = [*self._notes(finding, [r for r in finding.related if r.file is not None]), *footers]
            gutter = gutter_width(text, marks)
            width = max(self._style.width - gutter - len(" | "), LEAST_WIDTH)
            first, *others = groups(text, marks, width)
            yield self._arrow("-->", gutter, finding, finding.span.start) + self._where(finding)
            yield from frame(text, first, gutter, width, self.palette)
            for group in others:
                yield self._arrow(":::", gutter, finding, text.position(group[0].start))
                yield from frame(text, group, gutter, width, self.palette)
            if footers or suppressed:
                yield f"{' ' * gutter} {paint('|', 'frame')}"
        if suppressed:
            footers.append(f"{paint('note', 'note')}: {suppression(suppressed)}")
        for footer in footers:
            yield f"{' ' * gutter} {paint('=', 'frame')} {footer}"

    def _notes(self, finding: Finding, others: Iterable[Related]) -> Iterator[str]:
        for other in others:
            where = _at(other.span.start) if other.file is None else f"{visible(other.file)}:{_at(other.span.start)}"
            yield f"{self.palette.paint('note', 'note')}: {visible(other.message)} ({where})"

    def _text(self, file: str) -> Text | None:
        if file not in self._texts:
            content = self._sources.get(file)
            if content is None:
                return None
            self._texts[file] = Text(content)
        return self._texts[file]

    def _arrow(self, arrow: str, gutter: int, finding: Finding, place: Position) -> str:
        where = self.palette.place(finding.file, f"{visible(finding.file)}:{_at(place)}")
        return f"{' ' * gutter}{self.palette.paint(arrow, 'frame')} {where}"

    def _where(self, finding: Finding) -> str:
        """The place in the definition: the machine, where the file is a template, and the pointer."""
        machine = f" in {visible(finding.machine)}" if finding.machine is not None else ""
        pointer = f" at {visible(finding.pointer)}" if finding.pointer else ""
        return self.palette.paint(machine + pointer, "faint")

    def _footers(self, finding: Finding) -> Iterator[str]:
        paint = self.palette.paint
        if finding.path:
            yield "\n".join([paint("path", "note") + ":", *self._steps(finding.path)])
        if finding.help is not None:
            yield f"{paint('help', 'help')}: {visible(finding.help)}"
        if finding.fix is not None:
            kind = "fix available" if finding.fix.safe else "unsafe fix available"
            yield f"{paint(kind, 'help')}: {visible(finding.fix.title)}"

    def _steps(self, path: tuple[Step, ...]) -> Iterator[str]:
        digits = len(str(len(path)))
        half = STEPS_SHOWN // 2
        for number, step in enumerate(path, 1):
            if not self._style.verbose and len(path) > STEPS_SHOWN + 1 and half < number <= len(path) - half:
                if number == half + 1:
                    yield f"{' ' * (digits + 5)}… {len(path) - 2 * half} more steps (--verbose shows them)"
                continue
            place = self.palette.paint(f"({_at(step.span.start)})", "faint")
            yield f"    {str(number).rjust(digits)}. {visible(step.message)} {place}"


def _at(position: Position) -> str:
    return f"{position.line}:{position.column}"
