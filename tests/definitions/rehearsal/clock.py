"""The one clock of a rehearsal: it moves only when something waits, in whole milliseconds since the epoch."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class MachineTimedOut(Exception):  # noqa: N818 - it is no error of the rehearsal
    """The machine's own TimeoutSeconds passed: nothing of the definition runs afterwards."""


class Clock:
    def __init__(self, start: str) -> None:
        self.millis = (datetime.fromisoformat(start).astimezone(UTC) - EPOCH) // timedelta(milliseconds=1)
        self.deadline: int | None = None

    def advance(self, seconds: float) -> None:
        """Let time pass, up to the deadline."""
        self.millis += round(seconds * 1000)
        if self.deadline is not None and self.millis > self.deadline:
            self.millis = self.deadline
            raise MachineTimedOut

    def iso(self) -> str:
        moment = EPOCH + timedelta(milliseconds=self.millis)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
