"""Draws lines in panels with two logarithmic axes, as SVG text, without a library."""

import math
from collections.abc import Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

Points = Sequence[tuple[float, float]]

COLOURS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9", "#000000", "#7f3fbf", "#999999")
WIDTH, HEIGHT, LEFT, TOP, LEGEND_LINE, COLUMNS = 480, 300, 62, 34, 17, 2


class Panel(NamedTuple):
    """One diagram: ``lines`` are names with their points, of which the coordinates are above zero; ``unit`` is that of y."""

    title: str
    x: str
    unit: str
    lines: Sequence[tuple[str, Points]]


def svg(panels: Sequence[Panel]) -> str:
    """All panels, two beside one another, each with its legend below. Dotted lines grow linearly."""
    cell_width = WIDTH + LEFT + 24
    parts, top = list[str](), 0
    for row in (panels[i : i + COLUMNS] for i in range(0, len(panels), COLUMNS)):
        for column, panel in enumerate(row):
            parts.append(f'<g transform="translate({LEFT + column * cell_width} {top + TOP})">')
            parts += _panel(panel)
            parts.append("</g>")
        top += TOP + HEIGHT + 54 + max(len(panel.lines) for panel in row) * LEGEND_LINE
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {cell_width * COLUMNS} {top}" '
        'font-family="system-ui, sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    return "\n".join([*head, *parts, "</svg>", ""])


def _panel(panel: Panel) -> Iterator[str]:
    points = [point for _, line in panel.lines for point in line]
    x_axis, y_axis = _Axis([x for x, _ in points], WIDTH), _Axis([y for _, y in points], HEIGHT)
    yield f'<text x="0" y="-14" font-weight="bold">{escape(panel.title)}</text>'
    yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#888"/>'
    for power in x_axis.powers:
        at = x_axis.at(10.0**power)
        yield f'<path d="M{at:.1f} 0V{HEIGHT}" stroke="#ddd"/>'
        yield f'<text x="{at:.1f}" y="{HEIGHT + 16}" text-anchor="middle">{10**power:,}</text>'
    for power in y_axis.powers:
        at = HEIGHT - y_axis.at(10.0**power)
        yield f'<path d="M0 {at:.1f}H{WIDTH}" stroke="#ddd"/>'
        yield f'<text x="-6" y="{at + 4:.1f}" text-anchor="end">{10.0**power:,g} {escape(panel.unit)}</text>'
    yield f'<text x="{WIDTH / 2}" y="{HEIGHT + 34}" text-anchor="middle">{escape(panel.x)}</text>'
    yield from _linear(x_axis, y_axis)
    for i, (name, line) in enumerate(panel.lines):
        colour, dashes = COLOURS[i % len(COLOURS)], "" if i < len(COLOURS) else ' stroke-dasharray="6 3"'
        path = "L".join(f"{x_axis.at(x):.1f} {HEIGHT - y_axis.at(y):.1f}" for x, y in line)
        y = HEIGHT + 54 + i * LEGEND_LINE
        if path:
            yield f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.8"{dashes}/>'
        yield f'<path d="M0 {y - 4}H24" stroke="{colour}" stroke-width="3"{dashes}/><text x="32" y="{y}">{escape(name)}</text>'


def _linear(x_axis: "_Axis", y_axis: "_Axis") -> Iterator[str]:
    """Lines of slope one through every power of ten on the left edge, and below it, as far as the panel goes."""
    span = x_axis.high - x_axis.low
    for power in range(math.floor(y_axis.low - span), math.ceil(y_axis.high) + 1):
        start, end = max(y_axis.low, power), min(y_axis.high, power + span)
        if start < end:
            ends = [f"{x_axis.at(10 ** (x_axis.low + y - power)):.1f} {HEIGHT - y_axis.at(10.0**y):.1f}" for y in (start, end)]
            yield f'<path d="M{"L".join(ends)}" stroke="#bbb" stroke-dasharray="1 4"/>'


class _Axis:
    """A logarithmic axis: from the values that it has to hold and its length."""

    def __init__(self, values: Sequence[float], length: int) -> None:
        self.low, self.high = math.log10(min(values)) - 0.05, math.log10(max(values)) + 0.05
        self.powers = range(math.ceil(self.low), math.floor(self.high) + 1)
        self._length = length

    def at(self, value: float) -> float:
        return (math.log10(value) - self.low) / (self.high - self.low) * self._length
