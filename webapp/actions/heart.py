"""The heart of a run at work: a thread that shows that the run lives, and renews the lease that it holds (REL-19)."""

import threading
from typing import Self

import structlog

from webapp.actions.stopwatch import Stopwatch
from webapp.actions.turn import Turn
from webapp.store import leases
from webapp.store.checkpoints import checkpoint
from webapp.store.database import tenant
from webapp.store.questions.runs import mark_alive
from webapp.store.trouble import where, why

log = structlog.get_logger()

BEAT_EVERY = 1.0
"""Seconds between two beats, which also move the progress bar; more often where leases are short."""


class Heart:
    """Beats within its `with`, however long a page, a comparison or a lock takes: a stopped process has no heart.

    A beat only confirms: it brings back no lease that was taken over, and no run that is another worker's by now.
    """

    def __init__(self, turn: Turn, watch: Stopwatch) -> None:
        self.progress = 0
        """How far the run is, in percent."""
        self.fence: int | None = None
        """The fence of the lease that the run holds; None while it holds none."""
        self._turn, self._watch = turn, watch
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._beat_on, name="heart", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._stopped.set()
        self._thread.join()

    def _beat_on(self) -> None:
        pause = min(BEAT_EVERY, leases.renew_every().total_seconds())
        self._beat()
        while not self._stopped.wait(pause):
            self._beat()

    def _beat(self) -> None:
        turn, now, fence = self._turn, self._watch.now(), self.fence
        try:
            with tenant(turn.district_id) as session:
                alive = mark_alive(session, turn.run_id, turn.began_at, self.progress, now)
                if alive and fence is not None:
                    leases.renew(session.connection(), turn.connection_id, turn.run_id, fence, now)
                checkpoint("heart.before_commit")
        except Exception as error:  # the thread's last place: above it Python prints the message, which may quote a row
            # The work itself meets the same trouble, or it was only this beat's.
            log.warning("a beat was missed", run=str(turn.run_id), why=why(error), where=where(error))
