"""The functions that a worker may run. Each is safe to run twice."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from webapp.actions import deliver_letters as letters
from webapp.actions import look_for_changes as looking
from webapp.actions import poll_services as polling
from webapp.actions.sync_connection import sync_connection
from webapp.actions.undo_run import undo_run
from webapp.jobs import queue
from webapp.jobs.breakdown import without_names
from webapp.providers.service import Service
from webapp.providers.table import services as services_of
from webapp.settings import Settings
from webapp.store import database, leases, seal
from webapp.store.checkpoints import checkpoint

_settings: Settings | None = None
_services: Mapping[str, Service] = {}


def prepare(settings: Settings) -> None:
    """This process can work: database, keys, services and queue are at hand."""
    global _settings, _services
    database.connect(settings.database_url, pool_size=5)
    seal.use_keys(settings.token_keys)
    leases.last(timedelta(seconds=settings.lease_seconds))
    queue.connect(settings.queue_url)
    _settings, _services = settings, services_of(settings)


def utc_now() -> datetime:
    """The one clock of the workers."""
    return datetime.now(UTC)


@without_names
def run_sync(run_id: str, district_id: str) -> None:
    """Do the run, unless it is done or being done; then send the letters that it wrote."""
    checkpoint("job.begun")
    if not undo_run(UUID(run_id), UUID(district_id), now=utc_now()):
        sync_connection(UUID(run_id), UUID(district_id), services=_services, now=utc_now())
    checkpoint("job.synced")
    deliver_letters()


@without_names
def poll_services() -> None:
    """Our connections are as the services' own tables of districts say; then the letters that this caused leave."""
    polling.poll_services(_services, now=utc_now())
    deliver_letters()


@without_names
def look_for_changes(connection_id: str, district_id: str) -> None:
    """What a connection's change feed hints at is requested."""
    looking.look_for_changes(UUID(district_id), UUID(connection_id), services=_services, now=utc_now())


@without_names
def deliver_letters() -> None:
    """Send the letters that wait in the outbox."""
    assert _settings is not None
    letters.deliver_letters(_settings, now=utc_now())
