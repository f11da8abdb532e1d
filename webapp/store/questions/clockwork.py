"""What the clock and the sweeper ask across all districts: heads of runs and connections, by the directory door."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True)
class RunHead:
    """A run, as far as the directory shows it."""

    run_id: UUID
    district_id: UUID
    kind: str


def runs_to_nudge(session: Session, now: datetime) -> list[RunHead]:
    """Requested runs that nobody has begun, and parked ones whose time has come; oldest first."""
    rows = session.execute(
        text("""
select id, district_id, kind from sync_run
where state in ('requested', 'parked') and (next_try_at is null or next_try_at <= :now)
  and (state = 'parked' or requested_at <= :now)
order by requested_at limit 500"""),
        {"now": now},
    )
    return [RunHead(row.id, row.district_id, row.kind) for row in rows]


def dead_runs(session: Session, silent_since: datetime) -> list[RunHead]:
    """Running runs that have shown no sign of life since then: their worker died."""
    rows = session.execute(
        text("select id, district_id, kind from sync_run where state = 'running' and alive_at < :silent_since"),
        {"silent_since": silent_since},
    )
    return [RunHead(row.id, row.district_id, row.kind) for row in rows]


@dataclass(frozen=True)
class DueConnection:
    """A connection that is to be synced, or looked at."""

    connection_id: UUID
    district_id: UUID


GIVE_UP_AFTER = timedelta(days=28)
"""A sync that was parked again and again for so long has failed, and the clock asks for no other (REL-24)."""

_GIVEN_UP = """
select from sync_run g where g.connection_id = {connection} and g.kind = 'sync' and g.scope is null
and g.state = 'failed' and g.finished_at - g.requested_at > :patience and not exists (
    select from sync_run r where r.connection_id = g.connection_id and r.kind in ('import', 'sync')
    and r.state in ('done', 'held') and r.finished_at > g.finished_at)
"""


def given_up(session: Session, connection_id: UUID) -> bool:
    """True where the connection's syncs found nobody for weeks, and no run has ended well since."""
    asked = text(f"select exists ({_GIVEN_UP.format(connection=':connection')})")
    return bool(session.scalar(asked, {"connection": connection_id, "patience": GIVE_UP_AFTER}))


def connections_due(session: Session, now: datetime, sync_hour: int) -> list[DueConnection]:
    """Connections for which today's sync hour (the district's own time) has passed without a sync begun since.

    What was first imported after that hour is fresh: its first night is the next one. A disconnected one is left to
    the poll of its service's table, and one that was given up to a person.
    """
    rows = session.execute(
        text(f"""
select c.id, c.district_id from connection c join district d on d.id = c.district_id
cross join lateral (select cast(:now as timestamptz) at time zone d.time_zone as local_now) clock
cross join lateral (select date_trunc('day', local_now) + make_interval(hours => :hour) as local_due) due
cross join lateral (select case when local_due <= local_now then local_due else local_due - interval '1 day' end
                    at time zone d.time_zone as due_at) last
where c.state in ('connected', 'paused', 'attention')
  and not exists (select from sync_run r where r.connection_id = c.id and r.kind = 'sync' and r.scope is null
                  and (r.requested_at >= last.due_at or r.state in ('requested', 'running', 'parked')))
  and exists (select from sync_run r where r.connection_id = c.id and r.kind = 'import'
              and r.requested_at < last.due_at)
  and not exists ({_GIVEN_UP.format(connection="c.id")})
order by c.id limit 200"""),
        {"now": now, "hour": sync_hour, "patience": GIVE_UP_AFTER},
    )
    return [DueConnection(row.id, row.district_id) for row in rows]


def claim_looks(session: Session, now: datetime, every: timedelta) -> list[DueConnection]:
    """Connections whose change feed is due to be looked at, the first time so long after their first import.

    From here on they are due again after `every`: of two clocks that ask at once, each connection is told to one.
    """
    rows = session.execute(
        text("""
update connection c set look_at = cast(:now as timestamptz) + :every
where c.state in ('connected', 'paused') and (c.look_at is null or c.look_at <= :now)
  and exists (select from sync_run r where r.connection_id = c.id and r.kind = 'import'
              and (c.look_at is not null or r.requested_at <= cast(:now as timestamptz) - :every))
returning c.id, c.district_id"""),
        {"now": now, "every": every},
    )
    return [DueConnection(row.id, row.district_id) for row in rows]
