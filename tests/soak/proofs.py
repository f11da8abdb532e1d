"""What must hold in every district of the soak at every hour, and at the end: asked of the database past all doors."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from tests.machine.proofs import replay, rosters, versions
from tests.soak.tenants import Tenant
from webapp.store.database import engine

SOON = timedelta(minutes=10)
"""In virtual time, in which a worker is late by minutes and a dead one is found after one and a half."""

_PLACES = """
select s.source_id as section, i.subject, n.role, n.state, n.hand, c.state as class_state, c.state_reason
from enrollment n join school_class c on c.id = n.class_id
join class_source cs on cs.class_id = c.id and cs.until_at is null join section s on s.id = cs.section_id
join identity i on i.account_id = n.account_id where n.district_id = :district
"""
_SEATS = """
select count(distinct n.account_id) from enrollment n join school_class c on c.id = n.class_id
where n.district_id = :district and n.role = 'student' and n.state = 'active' and c.state in ('active', 'frozen')
"""
_LEFT_LYING = """
select id, state from sync_run where district_id = :district and state in ('requested', 'running')
and greatest(requested_at, approved_at, next_try_at, alive_at) < :before
"""
_ROWS = " union all ".join(
    f"select '{name}', count(*) from {name} where district_id = :district"
    for name in ("account", "school_class", "class_source", "enrollment", "change", "lease")
)
_FENCE = "select coalesce(max(fence), 0), count(*) from lease where district_id = :district"


class Proofs:
    """Every hour's look at one district, and what it must be compared with: the look before."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant, self._rows, self._fence = tenant, dict[str, int](), 0

    def broken(self, now: datetime) -> list[str]:
        """Everything that does not hold now; empty is right."""
        return [
            *replay(self._tenant.id),
            *self._wrongly_gone(),
            *self._beyond_the_seats(),
            *self._rows_deleted(),
            *self._fence_went_back(),
            *[f"{row.state} run {row.id} was forgotten" for row in self._ask(_LEFT_LYING, before=now - SOON)],
        ]

    def at_last(self) -> list[str]:
        """What does not hold once everything has come to rest: the rosters are the truth's."""
        truth, places = self._tenant.truth, self._ask(_PLACES)
        held = {(one.section, one.subject) for one in places if one.role == "student" and one.state != "ended"}
        wanted = {(section, student) for section, students in truth.rosters.items() for student in students}
        live = {pair for pair in held | wanted if pair[0] not in truth.withdrawn}
        states = {one.section: one.class_state for one in places}
        frozen = {section for section, state in states.items() if state == "frozen"}
        return [
            *[f"{pair} is there and should not be" for pair in sorted(live & (held - wanted))],
            *[f"{pair} is missing" for pair in sorted(live & (wanted - held))],
            *[f"class {section} is frozen or not, wrongly" for section in sorted(frozen ^ truth.withdrawn)],
        ]

    def versions(self) -> list[Any]:
        """Differs whenever a roster row of this district was written."""
        return rosters(versions(self._tenant.id))

    def _wrongly_gone(self) -> list[str]:
        """Somebody left a class who never left its section, or a class is frozen whose section was always shared."""
        return [why for one in self._ask(_PLACES) if (why := _wrong(one, self._tenant))]

    def _beyond_the_seats(self) -> list[str]:
        used = self._ask(_SEATS)[0][0]
        return [f"{used} of {self._tenant.seats} seats are used"] if used > self._tenant.seats else []

    def _rows_deleted(self) -> list[str]:
        before, self._rows = self._rows, {row[0]: row[1] for row in self._ask(_ROWS)}
        return [f"rows of {name} were deleted" for name in before if self._rows[name] < before[name]]

    def _fence_went_back(self) -> list[str]:
        before, (self._fence, leases) = self._fence, self._ask(_FENCE)[0]
        return ["the fence went back, or there are two"] if self._fence < before or leases > 1 else []

    def _ask(self, question: str, **more: Any) -> Any:
        with engine().connect() as connection:
            return connection.execute(text(question), {"district": self._tenant.id} | more).all()


def _wrong(place: Any, tenant: Tenant) -> str:
    truth = tenant.truth
    if place.class_state == "frozen" and not tenant.may_be_frozen and place.section not in truth.ever_withdrawn:
        return f"class {place.section} is frozen: {place.state_reason}"
    if place.state != "ended" or place.hand != "none" or (place.section, place.subject) in truth.ever_left:
        return ""
    return f"{place.role} {place.subject} has left {place.section}"
