"""What a call costs of the index of services: opening a service, its operation, and the shapes of its arguments.

    python benchmarks/service_index.py [SERVICE:ACTION …]

Each call is measured on an index that was just opened, in processor time; the least of some runs is printed, in milliseconds.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

from asl_lint.aws.service_index import INDEX_FILE, ServiceIndex

CALLS = (
    "ec2:describeInstances", "ec2:runInstances", "sagemaker:createTrainingJob", "glue:startJobRun", "dynamodb:getItem",
    "s3:putObject", "quicksight:createDashboard",
)  # fmt: skip
RUNS = 15


def main(calls: list[str]) -> None:
    """Print the times of calls."""
    data = Path(INDEX_FILE).read_bytes()
    print(f"{len(data):,} bytes; opening the index: {least(lambda: ServiceIndex(data)):.2f} ms")
    total = 0.0
    for call in calls:
        service, _, action = call.partition(":")
        taken = min(time_of(data, service, action) for _ in range(RUNS))
        total += taken
        print(f"{taken:7.2f} ms  {call}")
    print(f"{total:7.2f} ms  together")


def least(run: Callable[[], object]) -> float:
    """The least processor time of a run, in milliseconds."""
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return min(times) * 1000


def time_of(data: bytes, service: str, action: str) -> float:
    """Milliseconds until all shapes that the arguments of a call can reach are known."""
    index = ServiceIndex(data)
    started = time.process_time()
    found = index.service(service)
    operation = None if found is None else found.operation(action)
    if found is None or operation is None:
        raise SystemExit(f"there is no {service}:{action}")
    pending, met = [operation.input], set[int]()
    while pending:
        number = pending.pop()
        if number is not None and number not in met:
            met.add(number)
            shape = found.shape(number)
            pending += [*(shape.members or {}).values(), shape.element]
    return (time.process_time() - started) * 1000


if __name__ == "__main__":
    main(sys.argv[1:] or list(CALLS))
