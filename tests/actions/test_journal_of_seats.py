"""Who gets a seat that became free is in the journal like everybody else (REL-15)."""

from collections.abc import Mapping

from sqlalchemy import text

from tests.factory import LATER, a_house, a_teacher, imported, roster, synced
from tests.shared_roster import PUPILS, SharedRoster
from webapp.providers.service import Service
from webapp.store.database import tenant


def test_REL_15_who_waited_and_gets_a_seat_is_told(
    services: Mapping[str, Service], shared: SharedRoster, database_url: str
):
    house = a_house(seats=18)
    imported(house, a_teacher(house), ["biology"], services)
    waiting = set(PUPILS) - set(roster(house, "Biology")["student"])
    shared.leave("biology", *sorted(set(PUPILS) - waiting)[:2])
    run = synced(house, services, LATER)
    with tenant(house.district_id) as session:
        told = session.execute(
            text("""select i.subject, h.before ->> 'state', h.after ->> 'state' from change h
                    join identity i on i.account_id = h.account_id
                    where h.run_id = :run and h.record = 'enrollment' and h.what = 'updated'"""),
            {"run": run.id},
        ).all()
    assert {tuple(row) for row in told} == {(one, "waiting", "active") for one in waiting}
    assert waiting <= set(roster(house, "Biology")["student"])
