"""How time and memory of the installed linter grow with the number of files, and with the number of states in one file.

    python benchmarks/scaling.py [--shape WORD] [--largest N] [--svg FILE]

Every point is a process of its own; its time is the processor's, without start-up. Prints the exponent of a log-log fit for each
curve (1 is linear), draws ``scaling.svg``, and exits with 1 if an exponent is beyond 1.25. The shapes are in ``shapes.py``.
"""

import argparse
import json
import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from measure import HERE, install_linter, run
from plot import Panel, svg
from shapes import SHAPES

FILES = (10, 30, 100, 300, 1_000, 2_000)
STATES = (10, 30, 100, 300, 1_000, 3_000, 10_000)
FITTED_FROM = 100
"""Smaller inputs are drawn, but what every file costs whatever its size would make their curve look flatter than linear."""
LIMIT = 1.25
PATIENCE = 8.0
"""Seconds of processor beyond which no larger input of the same shape is measured: 10,000 states are expected to take less."""
SHOWS_IN_MEMORY = 2**20
"""Bytes below which a growth is the allocator's, not the input's."""


class Point(NamedTuple):
    """What one input cost: seconds of processor, and bytes by which it raised the peak of memory."""

    size: int
    seconds: float
    bytes: int


class Curve(NamedTuple):
    """The points of one shape, by size. ``cut``: the last of them tried patience, and larger ones were left out."""

    name: str
    points: list[Point]
    cut: bool = False

    def time(self) -> list[tuple[float, float]]:
        return [(point.size, point.seconds * 1000) for point in self.points]

    def memory(self) -> list[tuple[float, float]]:
        return [(point.size, point.bytes / 2**20) for point in self.points if point.bytes >= SHOWS_IN_MEMORY]

    def exponents(self) -> tuple[float | None, float | None]:
        """Of time and of memory; None where fewer than three points can be fitted."""
        return _exponent(self.time()), _exponent(self.memory())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", default="", metavar="WORD", help="only the shapes whose name has this in it; draws nothing")
    parser.add_argument("--largest", type=int, default=max(STATES), help="the most states (default 10,000)")
    parser.add_argument("--svg", type=Path, default=HERE / "scaling.svg", metavar="FILE", help="the plot (default scaling.svg)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        python = install_linter(scratch) / "python"
        curves = []
        for shape in SHAPES:
            if options.shape.lower() in shape.lower():
                sizes = [size for size in STATES if size <= options.largest]
                curves.append(_one_file(python, scratch, shape, sizes))
                _print(curves[-1], "states")
        files = Curve("files of 10 states", [])
        if not options.shape:
            files = Curve(files.name, [_files(python, scratch, count) for count in FILES])
            _print(files, "files")
            options.svg.write_text(svg(_panels(curves, files)), encoding="utf-8")
    beyond = [curve.name for curve in (*curves, files) if curve.cut or any((e or 0) > LIMIT for e in curve.exponents())]
    if beyond:
        print(f"beyond {LIMIT}, or too slow: {', '.join(beyond)}")
    return 1 if beyond else 0


def _one_file(python: Path, scratch: Path, shape: str, sizes: Sequence[int]) -> Curve:
    text, ending = SHAPES[shape]
    file = scratch / f"shape{ending}"
    points = list[Point]()
    for size in sizes:
        file.write_text(text(size), encoding="utf-8")
        points.append(_measured(python, size, file))
        if points[-1].seconds > PATIENCE and size != sizes[-1]:
            return Curve(shape, points, cut=True)
    return Curve(shape, points)


def _files(python: Path, scratch: Path, count: int) -> Point:
    """A folder that holds ``count`` files, the shapes in turn."""
    folder = scratch / f"files-{count}"
    folder.mkdir()
    shapes = [(text(10), ending) for text, ending in SHAPES.values()]
    for i in range(count):
        text, ending = shapes[i % len(shapes)]
        (folder / f"{i:05}{ending}").write_text(text, encoding="utf-8")
    return _measured(python, count, folder)


def _measured(python: Path, size: int, path: Path) -> Point:
    got = json.loads(run(python, HERE / "check_once.py", path))
    return Point(size, got["seconds"], got["bytes"])


def _exponent(points: Sequence[tuple[float, float]]) -> float | None:
    """The slope of the line nearest to the points, both axes logarithmic (least squares)."""
    logs = [(math.log(size), math.log(value)) for size, value in points if size >= FITTED_FROM]
    if len(logs) < 3:
        return None
    mean_x, mean_y = (sum(values) / len(logs) for values in zip(*logs, strict=True))
    slope: float = sum((x - mean_x) * (y - mean_y) for x, y in logs) / sum((x - mean_x) ** 2 for x, _ in logs)
    return slope


def _label(curve: Curve, exponent: float | None) -> str:
    return curve.name if exponent is None else f"{curve.name}: exponent {exponent:.2f}"


def _print(curve: Curve, of: str) -> None:
    time, memory = curve.exponents()
    last = curve.points[-1]
    words = [
        "time not fitted" if time is None else f"time {time:.2f}",
        "memory too small" if memory is None else f"memory {memory:.2f}",
    ]
    largest = f"{last.size:,} {of}: {last.seconds * 1000:,.0f} ms, {last.bytes / 2**20:.0f} MB"
    print(f"{curve.name + ':':28} {', '.join(words)}; {largest}{'; larger ones left out' if curve.cut else ''}", flush=True)


def _panels(curves: Sequence[Curve], files: Curve) -> list[Panel]:
    sound = [curve for curve in curves if not curve.name.startswith("N ")]
    faulty = [curve for curve in curves if curve.name.startswith("N ")]
    timed = [[(_label(c, c.exponents()[0]), c.time()) for c in group] for group in (sound, faulty)]
    return [
        Panel("Time, sound definitions", "states in one file", "ms", timed[0]),
        Panel("Time, a finding for each state", "states in one file", "ms", timed[1]),
        Panel("Memory", "states in one file", "MB", [(_label(c, c.exponents()[1]), c.memory()) for c in curves if c.memory()]),
        Panel("Time and memory, many files", "files of 10 states", "ms or MB", [
            (f"time (ms), exponent {files.exponents()[0] or 0:.2f}", files.time()),
            (f"memory (MB), exponent {files.exponents()[1] or 0:.2f}", files.memory()),
        ]),
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
