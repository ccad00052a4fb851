"""Runs one command and writes what it took: seconds by the clock, seconds of processor, peak memory, exit code.

A process of its own because a child's peak memory never reads lower than that of the process which started it; this one is as
small as a Python process gets. Called by ``measure.py`` as ``python -I -S spawn.py RESULT COMMAND…`` with COMMAND a full path.
"""

import os
import sys
import time

start = time.perf_counter()
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
seconds = time.perf_counter() - start
peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
with open(sys.argv[1], "w", encoding="ascii") as result:  # noqa: PTH123
    result.write(f"{seconds} {usage.ru_utime + usage.ru_stime} {peak} {os.waitstatus_to_exitcode(status)}")
