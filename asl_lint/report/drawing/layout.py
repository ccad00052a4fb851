"""Where the nodes of one scope go: in layers along its arrows (Sugiyama, Tagawa and Toda), each near what it is joined to.

Only normal arrows decide; those of Catchers, of which hundreds may lead to one state, are drawn over what these gave. Cycles are
opened where a depth-first walk closes them. Nearly linear but for the sweeps, of which there is a fixed number.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from asl_lint.late import Final, NamedTuple

GAP: Final = 36.0
"""Between the nodes of a layer."""
STEP: Final = 48.0
"""Between two layers."""
_LANE: Final = 14.0
"""The width of a place that an arrow takes in the layers it passes."""
_SWEEPS: Final = 8
_MOST_LANES: Final = 4_000
"""Places of passing arrows in all; where there are more, arrows run across what lies between."""


class Size(NamedTuple):
    width: float
    height: float


class Point(NamedTuple):
    x: float
    y: float


class Layout(NamedTuple):
    """``places`` are the upper left corners of the nodes; ``lanes`` the points that an arrow passes, by its ends."""

    places: Sequence[Point]
    lanes: Mapping[tuple[int, int], Sequence[Point]]
    size: Size


def layered(sizes: Sequence[Size], arrows: Iterable[tuple[int, int]], handlers: Iterable[tuple[int, int]]) -> Layout:
    """The layout of nodes, the first of which is where control begins. ``handlers`` are the arrows that only errors take."""
    count = len(sizes)
    out = _targets(count, arrows)
    order = _reverse_post_order(out, _targets(count, handlers))
    ranks = _ranks(order, out, _targets(count, handlers))
    forward = [(node, target) for node in order for target in out[node] if ranks[node] < ranks[target]]
    grid = _Grid(sizes, ranks, order, forward)
    for sweep in range(_SWEEPS):
        grid.sort(down=sweep % 2 == 0)
    return grid.placed()


def _targets(count: int, arrows: Iterable[tuple[int, int]]) -> list[list[int]]:
    out: list[list[int]] = [[] for _ in range(count)]
    for source, target in dict.fromkeys(arrows):
        if source != target:
            out[source].append(target)
    return out


def _reverse_post_order(out: Sequence[Sequence[int]], handlers: Sequence[Sequence[int]]) -> list[int]:
    """All nodes, each before those that it leads to, but for arrows that go back."""
    seen = [False] * len(out)
    order: list[int] = []
    for root in range(len(out)):
        if seen[root]:
            continue
        seen[root] = True
        found: list[int] = []
        # Handlers first: what is finished last comes first in the order, and that is the normal way on.
        pending = [(root, iter([*handlers[root], *out[root]]))]
        while pending:
            node, targets = pending[-1]
            for target in targets:
                if not seen[target]:
                    seen[target] = True
                    pending.append((target, iter([*handlers[target], *out[target]])))
                    break
            else:
                found.append(node)
                pending.pop()
        order += reversed(found)
    return order


def _ranks(order: Sequence[int], out: Sequence[Sequence[int]], handlers: Sequence[Sequence[int]]) -> list[int]:
    """The layer of each node: behind all that lead to it; what only errors lead to is behind the first that fails so."""
    behind = [-1] * len(order)
    caught: list[int | None] = [None] * len(order)
    ranks = [0] * len(order)
    place = {node: i for i, node in enumerate(order)}
    for node in order:
        after = caught[node]
        rank = ranks[node] = behind[node] if behind[node] >= 0 else 0 if after is None else after
        for target in out[node]:
            if place[target] > place[node]:
                behind[target] = max(behind[target], rank + 1)
        for target in handlers[node]:
            now = caught[target]
            if place[target] > place[node] and (now is None or now > rank + 1):
                caught[target] = rank + 1
    return ranks


class _Grid:
    """Layers of cells: the nodes, and behind their numbers the lanes of arrows that pass a layer."""

    def __init__(
        self, sizes: Sequence[Size], ranks: Sequence[int], order: Sequence[int], forward: Sequence[tuple[int, int]]
    ) -> None:
        self._sizes = sizes
        self._layers: list[list[int]] = [[] for _ in range(max(ranks, default=-1) + 1)]
        for node in order:
            self._layers[ranks[node]].append(node)
        self._widths = [size.width for size in sizes]
        self._up: list[list[int]] = [[] for _ in sizes]
        self._down: list[list[int]] = [[] for _ in sizes]
        self._lanes: dict[tuple[int, int], list[int]] = {}
        passed = sum(ranks[target] - ranks[source] - 1 for source, target in forward)
        for source, target in forward:
            chain = [source]
            if passed <= _MOST_LANES:
                for rank in range(ranks[source] + 1, ranks[target]):
                    chain.append(len(self._widths))
                    self._layers[rank].append(chain[-1])
                    self._widths.append(_LANE)
                    self._up.append([])
                    self._down.append([])
            chain.append(target)
            self._lanes[source, target] = chain[1:-1]
            for above, below in pairwise(chain):
                self._down[above].append(below)
                self._up[below].append(above)

    def sort(self, down: bool) -> None:
        """One sweep: the cells of each layer by the mean place of those in the layer before (barycentre)."""
        place = [0.0] * len(self._widths)
        for layer in self._layers:
            for i, cell in enumerate(layer):
                place[cell] = float(i)
        joined = self._up if down else self._down
        for layer in self._layers if down else reversed(self._layers):
            wanted = {cell: _mean([place[one] for one in joined[cell]], place[cell]) for cell in layer}
            layer.sort(key=wanted.__getitem__)
            for i, cell in enumerate(layer):
                place[cell] = float(i)

    def placed(self) -> Layout:
        """Coordinates: layers packed around a middle line, then drawn to what their cells are joined to."""
        middle = [0.0] * len(self._widths)
        for layer in self._layers:
            self._pack(layer, middle, [0.0] * len(layer))
        for sweep in range(_SWEEPS):
            joined = self._up if sweep % 2 == 0 else self._down
            for layer in self._layers if sweep % 2 == 0 else reversed(self._layers):
                self._pack(layer, middle, [_mean([middle[one] for one in joined[cell]], middle[cell]) for cell in layer])
        left = min((middle[cell] - self._widths[cell] / 2 for layer in self._layers for cell in layer), default=0.0)
        right = max((middle[cell] + self._widths[cell] / 2 for layer in self._layers for cell in layer), default=0.0)
        places = [Point(0.0, 0.0)] * len(self._sizes)
        lanes: dict[int, tuple[Point, Point]] = {}
        top = 0.0
        for layer in self._layers:
            height = max((self._sizes[cell].height for cell in layer if cell < len(self._sizes)), default=0.0)
            for cell in layer:
                if cell < len(self._sizes):
                    size = self._sizes[cell]
                    places[cell] = Point(middle[cell] - size.width / 2 - left, top)
                else:
                    lanes[cell] = Point(middle[cell] - left, top), Point(middle[cell] - left, top + height)
            top += height + STEP
        passed = {ends: [point for cell in cells for point in lanes[cell]] for ends, cells in self._lanes.items()}
        return Layout(places, passed, Size(right - left, max(top - STEP, 0.0)))

    def _pack(self, layer: Sequence[int], middle: list[float], wanted: Sequence[float]) -> None:
        """Puts a layer's cells, in their order, as near to where they are wanted as they can be (pool adjacent violators)."""
        blocks: list[tuple[float, int]] = []  # what their cells wish for, less their offsets, in all; and how many they are
        offsets: list[float] = []
        offset = 0.0
        for i, cell in enumerate(layer):
            if i:
                offset += (self._widths[layer[i - 1]] + self._widths[cell]) / 2 + GAP
            offsets.append(offset)
            total, cells = wanted[i] - offset, 1
            while blocks and blocks[-1][0] / blocks[-1][1] > total / cells:
                before = blocks.pop()
                total, cells = total + before[0], cells + before[1]
            blocks.append((total, cells))
        at = 0
        for total, cells in blocks:
            for i in range(at, at + cells):
                middle[layer[i]] = total / cells + offsets[i]
            at += cells


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
