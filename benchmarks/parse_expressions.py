"""How long ``parse`` takes for one of the corpus' JSONata expressions: the median, and the dearest.

    python benchmarks/parse_expressions.py [--runs N]

Of each expression the fastest run counts. Measures the ``asl_lint`` that this Python imports; exits with 1 if the median is
beyond the goal.
"""

import argparse
import json
import statistics
import sys
import time

from measure import CORPUS

from asl_lint.expressions.jsonata import parse

GOAL = 15.0
"""Microseconds."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=50, help="runs of each expression (default 50)")
    runs: int = parser.parse_args().runs
    file = CORPUS / "jsonata" / "expressions.json"
    if not file.is_file():
        sys.exit(f"no expressions at {file}; set ASL_LINT_CORPUS to the folder that holds jsonata/expressions.json")
    texts = [entry["expr"] for entry in json.loads(file.read_text(encoding="utf-8"))]
    took = sorted((min(_microseconds(text) for _ in range(runs)), text) for text in texts)
    median = statistics.median(time for time, _ in took)
    dearest, text = took[-1]
    print(f"{median:.1f} µs: median of {len(texts)} expressions; goal {GOAL:g} µs")
    print(f"the dearest takes {dearest:.0f} µs for {len(text)} characters")
    return 1 if median > GOAL else 0


def _microseconds(text: str) -> float:
    start = time.perf_counter()
    parse.__wrapped__(text)  # not what it remembers
    return (time.perf_counter() - start) * 1e6


if __name__ == "__main__":
    sys.exit(main())
