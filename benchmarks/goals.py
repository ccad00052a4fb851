"""Whether the goals for speed are met by the installed wheel: no cache, all rules.

    python benchmarks/goals.py [--files N] [--seed N] [--runs N]

Prints a figure a line beside its goal, medians with the best in brackets, and exits with 1 if a median misses its goal. The
processor's time stands beside the clock's: where they differ much, the machine does other work.
"""

import argparse
import re
import statistics
import sys
import tempfile
from pathlib import Path

from measure import HERE, Run, install_linter, measured, run, sample

ONE_FILE_MS, MANY_FILES_MS, MEAN_MS, PEAK_MB = 100, 200, 1.0, 100
BARE_MS = 10
"""What a bare interpreter takes to start and end on the machine that the goals were set on."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=200, help="how many definitions are many (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="draws the definitions (default 1)")
    parser.add_argument("--runs", type=int, default=21, help="runs of each (default 21)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        programs = install_linter(scratch)
        folder = scratch / "definitions"
        folder.mkdir()
        files = sample(options.files, options.seed, folder)
        one, many, bare = list[Run](), list[Run](), list[Run]()
        for i in range(options.runs + 1):
            got = (
                measured([programs / "python", "-c", "pass"], folder),
                measured([programs / "asl-lint", "check", files[len(files) // 2]], folder),
                measured([programs / "asl-lint", "check", *files], folder),
            )
            for checked in got[1:]:
                if checked.exit not in (0, 1) or "failure[" in checked.output:
                    sys.exit(f"the check itself went wrong (exit {checked.exit}):\n{checked.output[-2000:]}")
            if i:  # the first round warms the file cache
                for runs, taken in zip((bare, one, many), got, strict=True):
                    runs.append(taken)
        mean_line = run(programs / "python", HERE / "per_definition.py").splitlines()[0]
    mean = float(re.match(r"[\d.]+", mean_line)[0])  # type: ignore[index]
    peak = max(taken.peak for taken in (*one, *many)) / 2**20
    slower = _median(bare) / BARE_MS
    print(f"     bare interpreter: {_shown(bare)}; {slower:.1f} times what it takes where the goals were set ({BARE_MS} ms)")
    missed = [
        _missed("one file", _median(one), ONE_FILE_MS, _shown(one)),
        _missed(f"{options.files} files", _median(many), MANY_FILES_MS, _shown(many)),
        _missed("mean of good/", mean, MEAN_MS, mean_line),
        _missed("peak memory", peak, PEAK_MB, f"{peak:.0f} MB", "MB"),
    ]
    return 1 if any(missed) else 0


def _median(runs: list[Run]) -> float:
    return statistics.median(taken.wall for taken in runs) * 1000


def _shown(runs: list[Run]) -> str:
    cpu = statistics.median(taken.cpu for taken in runs) * 1000
    return f"{_median(runs):.0f} ms ({min(taken.wall for taken in runs) * 1000:.0f}), {cpu:.0f} ms of processor"


def _missed(name: str, figure: float, goal: float, shown: str, unit: str = "ms") -> bool:
    missed = figure > goal
    print(f"{'MISS' if missed else 'ok  '} {name}: {shown}; goal {goal:g} {unit}")
    return missed


if __name__ == "__main__":
    sys.exit(main())
