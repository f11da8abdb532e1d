"""Writing down what a service's table of districts said: who waits to be claimed, and how reading it went."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

# In one order, so that two polls at once wait for each other instead of locking each other out. A district that was
# claimed since the table was read is left out.
_LIST = """
insert into unclaimed_district (provider, provider_district, name, first_seen_at, last_seen_at)
select :provider, d.id, d.name, :now, :now
from unnest(cast(:districts as text[]), cast(:names as text[])) as d(id, name)
where not exists (select from connection c
                  where c.provider = :provider and c.provider_district = d.id and c.state <> 'closed')
order by d.id
on conflict (provider, provider_district) do update set name = excluded.name, last_seen_at = excluded.last_seen_at
"""
_FORGET = "delete from unclaimed_district where provider = :provider and provider_district <> all(:districts)"
_GOOD = """
insert into service_poll (provider, good_at) values (:provider, :now)
on conflict (provider) do update set good_at = :now, trouble = null, trouble_since = null
"""
_TROUBLE = """
insert into service_poll as p (provider, trouble, trouble_since) values (:provider, :trouble, :now)
on conflict (provider) do update set trouble = :trouble, trouble_since = coalesce(p.trouble_since, :now)
where p.trouble is distinct from :trouble
returning 1
"""


def keep_list(session: Session, provider: str, unclaimed: Mapping[str, str], now: datetime) -> None:
    """Exactly these districts of the service (id -> name) wait to be claimed."""
    values = {"provider": provider, "districts": list(unclaimed), "names": list(unclaimed.values()), "now": now}
    session.execute(text(_LIST), values)
    session.execute(text(_FORGET), values)


def take_off_list(session: Session, provider: str, provider_district: str) -> bool:
    """The district waits no longer; False where it did not wait (any more)."""
    claimed = "delete from unclaimed_district where provider = :p and provider_district = :d returning 1"
    return session.execute(text(claimed), {"p": provider, "d": provider_district}).scalar() is not None


def note_good_poll(session: Session, provider: str, now: datetime) -> None:
    """The service's table was read and believed."""
    session.execute(text(_GOOD), {"provider": provider, "now": now})


def note_trouble(session: Session, provider: str, trouble: str, now: datetime) -> bool:
    """The service's table changed nothing, and why; False where that was known before."""
    values = {"provider": provider, "trouble": trouble, "now": now}
    return session.execute(text(_TROUBLE), values).scalar() is not None
