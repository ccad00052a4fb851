"""What ``asl-lint check`` costs in this process once everything is imported: seconds of processor and bytes of memory, as JSON.

    python check_once.py PATH…

Small inputs are checked several times and the fastest counts. The bytes are by how much the first check raised the peak.
"""

import contextlib
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from asl_lint.cli import commands

WARM_UP = '{"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "r", "Next": "B"}, "C": {"Type": "Fail" "Error": 1}}}'
AT_LEAST = 0.2
"""Seconds of processor over which a small input is repeated."""


def check(*paths: str) -> float:
    """Check the paths as the command line does, in this process alone; seconds of processor. What it prints goes to a file."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        start = time.process_time()
        with contextlib.redirect_stdout(output):
            code = commands.main(["check", "--jobs", "1", "--no-config", *paths], standalone_mode=False)
        seconds = time.process_time() - start
        if code not in (0, 1):
            output.seek(0)
            sys.exit(f"the check of {paths[0]} gave exit code {code}:\n{output.read()[-2000:]}")
    return seconds


def peak() -> int:
    """The most memory that this process had so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux, where getrusage also counts what the parent had before this program was loaded
        return next(int(line.split()[1]) * 1024 for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


with tempfile.TemporaryDirectory() as folder:
    for ending in ("json", "yaml"):
        file = Path(folder) / f"warm.asl.{ending}"
        file.write_text(WARM_UP, encoding="utf-8")
        check(str(file))
before = peak()
taken = [check(*sys.argv[1:])]
grown = peak() - before
while sum(taken) < AT_LEAST:
    taken.append(check(*sys.argv[1:]))
print(json.dumps({"seconds": min(taken), "bytes": grown}))
