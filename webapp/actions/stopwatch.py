"""Time that was passed in and goes on: for work that lasts longer than a moment."""

import time
from datetime import datetime, timedelta


class Stopwatch:
    """Tells the time from the `now` it was given, so that nothing long-running asks a clock of its own."""

    def __init__(self, now: datetime) -> None:
        self._began = now
        self._ticks = time.monotonic()

    def now(self) -> datetime:
        """The time it was given plus what has passed since."""
        return self._began + timedelta(seconds=self.seconds())

    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self._ticks
