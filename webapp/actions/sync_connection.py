"""Bring a connection's classes up to date with its rostering service: fetch, stage, compare, guard, apply, journal."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from webapp.actions import take_lease
from webapp.actions.heart import Heart
from webapp.actions.look_again import look_again
from webapp.actions.open_run import OpenRun, open_run
from webapp.actions.plan import Plan
from webapp.actions.settle_run import Fetched, finish, give_up, park, withdraw
from webapp.actions.stopwatch import Stopwatch
from webapp.actions.turn import break_off, put_back
from webapp.providers.errors import AccessWithdrawn, ProviderError, Unreachable
from webapp.providers.service import Service
from webapp.store.checkpoints import checkpoint
from webapp.store.leases import LeaseBusy, LeaseLost
from webapp.store.staging import Stage
from webapp.store.trouble import DATABASE_TROUBLE

SECTION_COSTS = 3
"""Requests that reading one section takes, about."""
IMPORT_AT_ONCE = 40
"""A teacher who waits for so many sections or fewer does not wait for her whole district."""


def sync_connection(run_id: UUID, district_id: UUID, *, services: Mapping[str, Service], now: datetime) -> None:
    """Make the classes of this run equal to what the service shares, or hold what is dangerous for a person.

    Safe to call twice, and at once: a run that is being worked on, or done, is left alone.
    """
    run = open_run(run_id, district_id, services, now)
    if run is None:
        return
    watch = Stopwatch(now)
    try:
        with Heart(run.turn, watch) as heart:
            _work(run, heart, watch)
    except LeaseBusy:
        put_back(run.turn, watch.now(), seconds=take_lease.BUSY_AGAIN_AFTER)
    except LeaseLost:
        put_back(run.turn, watch.now(), seconds=0)
    except AccessWithdrawn as error:
        withdraw(run, str(error), watch.now())
    except Unreachable as error:
        park(run, str(error), watch.now(), retry_at=error.retry_at)
    except ProviderError as error:
        give_up(run, str(error), watch.now())
    except DATABASE_TROUBLE as error:
        break_off(run.turn, error, watch.now())


def _work(run: OpenRun, heart: Heart, watch: Stopwatch) -> None:
    with Stage(run.district_id) as stage:
        fetched = _fetch(run, stage, heart) if run.sections else Fetched()
        losing = _attempt(run, stage, fetched, heart, watch)
        if losing:  # never over the network while the lease is held: it was given back, and is taken anew
            _attempt(run, stage, look_again(run, stage, fetched, losing), heart, watch)


def _attempt(run: OpenRun, stage: Stage, fetched: Fetched, heart: Heart, watch: Stopwatch) -> Sequence[str]:
    """The run has ended. Or nothing was done, and these sections are to be looked up once more before."""
    with take_lease.leased(stage, run.turn, heart, watch) as fence:
        plan = Plan(run, stage, fence, heart, watch)
        losing = plan.make(fetched)
        if not losing:
            plan.apply()
            finish(run, plan.settle(fetched), fetched, seconds=watch.seconds())
        return losing


def _fetch(run: OpenRun, stage: Stage, heart: Heart) -> Fetched:
    """Stage everything that the run needs. Raises ProviderError; then nothing is compared."""
    checkpoint("fetch.begin")
    condition, cursor = run.blackout or run.reader.condition(), _cursor(run)
    whole = _whole_is_cheaper(run)
    pages = run.reader.whole(on_restart=stage.clear) if whole else run.reader.sections(run.sections)
    for number, page in enumerate(pages, 1):
        checkpoint("fetch.page_read")
        stage.put(page)
        heart.progress = 60 * number // (number + 5)  # a guess: nobody knows how many pages will come
        checkpoint("fetch.page_staged")
    checkpoint("fetch.complete")
    # Section by section, each class was asked for by its own id: that was the second look already. And while an absence
    # proves nothing, nobody would go by it.
    looked = not whole or not condition.settled
    spent = run.reader.requests
    return Fetched(spent, spent if whole else None, condition, cursor, looked_again=looked)


def _cursor(run: OpenRun) -> str | None:
    """Where the change feed stands before everything is fetched; its trouble is not the sync's."""
    if run.scope is not None:
        return None
    try:
        return run.reader.cursor()
    except ProviderError:
        return None


def _whole_is_cheaper(run: OpenRun) -> bool:
    """Section by section while they are few, whole collections where that takes fewer requests."""
    awaited = run.kind == "import" and len(run.sections) <= IMPORT_AT_ONCE
    return not awaited and len(run.sections) * SECTION_COSTS > run.whole_requests
