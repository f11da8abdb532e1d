"""For machines: alive, ready, and a few numbers for Prometheus. Nothing here names a person or a district."""

import redis
from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from webapp.store import database
from webapp.store.questions.health import oldest_waiting_run, open_runs, unsent_letters
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
    """Open runs, how long the oldest waits, and letters that still have to leave."""
    registry = CollectorRegistry()
    runs = Gauge("rollbook_sync_runs_open", "Sync runs that are not finished.", ["state"], registry=registry)
    waiting = Gauge("rollbook_oldest_waiting_seconds", "Age of the oldest requested run.", registry=registry)
    letters = Gauge("rollbook_letters_unsent", "Letters that still have to leave.", registry=registry)
    now = utc_now()
    with database.directory() as session:
        for state, count in open_runs(session).items():
            runs.labels(state=state).set(count)
        oldest = oldest_waiting_run(session)
        waiting.set((now - oldest).total_seconds() if oldest else 0)
        letters.set(unsent_letters(session))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


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
