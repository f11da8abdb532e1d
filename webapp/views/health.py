"""For machines: alive, ready, and a few numbers for Prometheus. Nothing here names a person or a district."""

import redis
from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp.jobs import queue
from webapp.store import database
from webapp.store.questions.health import (
    failed_letters,
    last_good_syncs,
    late_connections,
    oldest_waiting_run,
    open_runs,
    runs_in_state,
    unsent_letters,
)
from webapp.views.house import house
from webapp.views.now import utc_now

bp = Blueprint("health", __name__)


@bp.get("/healthz")
def alive() -> Response:
    """This process answers."""
    return _said("ok\n")


@bp.get("/readyz")
def ready() -> Response:
    """The database and the queue answer too."""
    silent = [name for name, answers in (("database", _database_answers()), ("queue", _queue_answers())) if not answers]
    return _said(f"no answer: {', '.join(silent)}\n", 503) if silent else _said("ok\n")


@bp.get("/metrics")
def metrics() -> Response:
    """What the operator's page shows of the house's health, as numbers."""
    registry = CollectorRegistry()
    with database.directory() as session:
        _measure_runs(session, registry)
        _measure_syncs(session, registry)
        _number(registry, "rollbook_letters_unsent", "Letters that still have to leave.", unsent_letters(session))
        failed = failed_letters(session, utc_now())
        _number(registry, "rollbook_letters_failed", "Letters that were tried and did not leave.", failed)
    queued = Gauge("rollbook_queue_depth", "Jobs that wait; -1 where the queue is down.", ["queue"], registry=registry)
    for name, count in (queue.depth() or {"fast": -1, "sync": -1}).items():
        queued.labels(queue=name).set(count)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _measure_runs(session: Session, registry: CollectorRegistry) -> None:
    runs = Gauge("rollbook_sync_runs_open", "Sync runs that are not finished.", ["state"], registry=registry)
    for state, count in open_runs(session).items():
        runs.labels(state=state).set(count)
    held = len(runs_in_state(session, "held"))
    _number(registry, "rollbook_holds", "Sync runs that wait for a person.", held)
    oldest = oldest_waiting_run(session)
    age = (utc_now() - oldest).total_seconds() if oldest else 0
    _number(registry, "rollbook_oldest_waiting_seconds", "Age of the oldest requested run.", age)


def _measure_syncs(session: Session, registry: CollectorRegistry) -> None:
    good = Gauge("rollbook_last_good_sync_timestamp_seconds", "Last good sync.", ["connection"], registry=registry)
    for connection_id, when in last_good_syncs(session).items():
        good.labels(connection=str(connection_id)).set(when.timestamp())
    late = len(late_connections(session, utc_now()))
    _number(registry, "rollbook_connections_late", "Connections without a good sync for 36 hours.", late)


def _number(registry: CollectorRegistry, name: str, words: str, value: float) -> None:
    Gauge(name, words, registry=registry).set(value)


def _said(words: str, status: int = 200) -> Response:
    return Response(words, status, content_type="text/plain; charset=utf-8")


def _database_answers() -> bool:
    try:
        with database.directory() as session:
            session.execute(text("select 1"))
    except SQLAlchemyError:
        return False
    return True


def _queue_answers() -> bool:
    try:
        with redis.Redis.from_url(house().settings.queue_url, socket_timeout=2, socket_connect_timeout=2) as queue:
            return bool(queue.ping())
    except redis.RedisError:
        return False
