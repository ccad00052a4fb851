"""Mean time to check a definition, over the corpus' strict JSON definitions in one process; and, asked, where it goes.

    python benchmarks/per_definition.py [--passes N] [--profile N]

Measures the ``asl_lint`` that this Python imports, reading excluded: parsing, all rules, placing the findings. The first pass
also imports what no earlier file needed. ``--profile`` lists the N functions that cost most.
"""

import argparse
import statistics
import time

from measure import definitions

import asl_lint


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passes", type=int, default=7, help="times that all definitions are checked (default 7)")
    parser.add_argument("--profile", type=int, default=0, metavar="N", help="list the N dearest functions")
    options = parser.parse_args()
    texts = [(str(file), file.read_text(encoding="utf-8")) for file in definitions()]

    def one_pass() -> int:
        return sum(len(asl_lint.check_text(text, name=name).findings) for name, text in texts)

    means, processor, found = [], [], 0
    for _ in range(options.passes):
        wall, cpu = time.perf_counter(), time.process_time()
        found = one_pass()
        means.append((time.perf_counter() - wall) / len(texts) * 1000)
        processor.append((time.process_time() - cpu) / len(texts) * 1000)
    print(f"{statistics.median(means):.3f} ms a definition ({statistics.median(processor):.3f} ms of processor)")
    print(
        f"median of {len(means)} passes over {len(texts)} definitions with {found} findings; "
        f"the first {means[0]:.3f} ms, the best {min(means):.3f} ms"
    )
    if options.profile:
        import cProfile
        import pstats

        profile = cProfile.Profile()
        profile.runcall(one_pass)
        pstats.Stats(profile).sort_stats("tottime").print_stats(options.profile)


if __name__ == "__main__":
    main()
