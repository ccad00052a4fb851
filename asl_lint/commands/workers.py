"""The processes of this machine that share the files of a run, where that is faster than one."""

import os
import sys
import time
from collections.abc import Iterator
from types import TracebackType

from asl_lint.late import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from asl_lint.run import FileResult, Plan

_FORKS: Final = sys.platform == "linux"
_WORTH: Final = 0.15 if _FORKS else 1.5
"""Seconds that the rest must take one process so that others are faster: a copy of it takes few milliseconds, a new one many."""
_BATCHES: Final = 4
"""Batches for each process at least: one that has had the short files takes more of them."""


class Workers:
    """What checks the files of a plan; a context, at whose end no other process is left.

    ``jobs``: how many processes, None as it pays. The ``first`` files are checked here: then what checks need is imported, for
    all processes, and how long a file takes is known.
    """

    def __init__(self, plan: "Plan", jobs: int | None, first: int) -> None:
        self._plan = plan
        self._jobs = jobs
        self._first = first
        self._pool: ProcessPoolExecutor | None = None

    def results(self) -> "Iterator[FileResult]":
        """What becomes of each file, in order."""
        from asl_lint.run import check_file

        tasks = self._plan.tasks
        most = self._jobs or os.cpu_count() or 1
        if most < 2:
            yield from map(check_file, tasks)
            return
        imported = self._first // 2
        yield from map(check_file, tasks[:imported])
        started = time.perf_counter()
        yield from map(check_file, tasks[imported : self._first])
        rest = tasks[self._first :]
        lasts = (time.perf_counter() - started) / (self._first - imported) * len(rest)
        if self._jobs is None and lasts < _WORTH:
            yield from map(check_file, rest)
            return
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        from asl_lint.run import BATCH, shared

        # Nothing of this program runs in a thread before this: to be copied is safe.
        self._pool = ProcessPoolExecutor(most, get_context("fork" if _FORKS else None), _die_when_interrupted)
        yield from shared(rest, self._pool, min(BATCH, -(-len(rest) // (most * _BATCHES))))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        if self._pool is None:
            return
        if kind is not None and issubclass(kind, KeyboardInterrupt):
            # A worker that ends while it hands over a result leaves the pool's own thread waiting for the rest, or complaining:
            # nobody waits for what the others are still doing, nor for that thread, nor hears it.
            import threading
            from multiprocessing import active_children

            threading.excepthook = lambda _: None
            for process in active_children():
                process.terminate()
        else:
            self._pool.shutdown(cancel_futures=kind is not None)


def _die_when_interrupted() -> None:
    """In a process of the pool: a Ctrl-C, which reaches all of them, ends it without a traceback."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
