"""Hold a connection's lease while something is compared and applied: the one place in which a run waits for it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from webapp.actions.heart import Heart
from webapp.actions.stopwatch import Stopwatch
from webapp.actions.turn import Turn
from webapp.store import leases
from webapp.store.checkpoints import checkpoint
from webapp.store.database import TenantConnection

BUSY_PATIENCE = 10.0
"""Seconds for which a run waits for the lease, before it goes back and is tried again: most are done within one."""
BUSY_AGAIN_AFTER = 2
"""Seconds until a run that found the lease taken is tried again."""


@contextmanager
def leased(own: TenantConnection, turn: Turn, heart: Heart, watch: Stopwatch) -> Iterator[int]:
    """The connection's lease is this run's, renewed by its heart; the fence. Raises LeaseBusy."""
    checkpoint("lease.wanted")
    fence = _waited_for(own, turn, watch)
    checkpoint("lease.committed")
    heart.fence = fence
    try:
        yield fence
    finally:
        heart.fence = None
        with own.transaction() as connection:
            leases.give_back(connection, turn.connection_id, fence, watch.now())
        checkpoint("lease.after_give_back")


def _waited_for(own: TenantConnection, turn: Turn, watch: Stopwatch) -> int:
    patience_ends = watch.seconds() + BUSY_PATIENCE
    while True:
        try:
            with own.transaction() as connection:
                return leases.take(connection, turn.connection_id, turn.district_id, turn.run_id, watch.now())
        except leases.LeaseBusy:
            if watch.seconds() > patience_ends:
                raise
            time.sleep(0.1)
