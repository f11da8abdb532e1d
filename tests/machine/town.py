"""A district in the real product, and what a worker, a teacher or an administrator does there through its actions."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from tests.factory import House, a_house, a_teacher
from tests.machine.service import TownService
from tests.machine.shared import TEACHERS, Shared
from tests.shared_roster import SharedRoster
from webapp.actions.decide_hold import approve_hold, discard_hold
from webapp.actions.follow_source import follow_source
from webapp.actions.hand_roster import add_by_hand, remove_by_hand
from webapp.actions.poll_services import poll_services
from webapp.actions.rename_class import rename_class
from webapp.actions.request_import import request_import
from webapp.actions.request_sync import request_class_sync, request_connection_sync
from webapp.actions.request_undo import request_undo
from webapp.actions.sweep import sweep
from webapp.actions.sync_connection import sync_connection
from webapp.actions.undo_run import undo_run
from webapp.store.database import tenant
from webapp.store.tables import Account, Connection, License, LicenseMember, SyncRun

ADMIN = "admin@school.example"


class Town:
    """One district with two teachers on its license, an administrator, and a service that is read in process."""

    def __init__(self, shared: Shared, seats: int, *, beside: Sequence["Town"] = ()) -> None:
        self.house: House = a_house(seats=seats)
        self.id = self.house.district_id
        others = [one.house.authority for one in beside]
        self.service = TownService(SharedRoster(), shared=shared, authority=self.house.authority, others=others)
        self.services = {"clever": self.service}
        self.teachers = {one: a_teacher(self.house, one) for one in TEACHERS}
        self._add_admin()

    def _add_admin(self) -> None:
        with tenant(self.id) as session:
            admin = Account(given_name="Ada", family_name="Admin", email=ADMIN, made_at=datetime(2026, 8, 1))
            admin.district_id = self.id
            session.add(admin)
            session.flush()
            member = LicenseMember(license_id=self.house.license_id, role="district_admin", joined_at=admin.made_at)
            member.district_id, member.account_id = self.id, admin.id
            session.add(member)

    # What a worker does

    def ask_import(self, teacher: str, sections: Sequence[str], now: datetime) -> UUID:
        """An import that is requested."""
        return request_import(self.id, self.teachers[teacher], sections, services=self.services, now=now)

    def ask_continuation(self, teacher: str, last: str, section: str, now: datetime) -> UUID:
        """An import that is requested, by which the class of last term's section goes on with this one."""
        hers, goes_on = self.teachers[teacher], {section: self.class_id(last)}
        return request_import(self.id, hers, [section], services=self.services, now=now, continuing=goes_on)

    def ask_sync(self, now: datetime, *, whole: bool = False) -> UUID:
        """A sync of everything that is requested; read as whole collections or section by section."""
        with tenant(self.id) as session:
            session.get_one(Connection, self.house.connection_id).cursors = {"whole_requests": 1 if whole else 1000}
        return request_connection_sync(self.id, self.house.connection_id, now=now)

    def press_sync(self, teacher: str, section: str, now: datetime) -> UUID:
        """A sync that a teacher asks for on a class's page."""
        return request_class_sync(self.id, self.class_id(section), self.teachers[teacher], now=now)

    def work(self, run_id: UUID, now: datetime) -> SyncRun:
        """A worker has looked at the run; how it stands."""
        if not undo_run(run_id, self.id, now=now):
            sync_connection(run_id, self.id, services=self.services, now=now)
        return self.run(run_id)

    def run(self, run_id: UUID) -> SyncRun:
        """The run as it stands."""
        with tenant(self.id) as session:
            return session.get_one(SyncRun, run_id)

    def requested(self) -> list[UUID]:
        """The runs that wait for a worker."""
        with tenant(self.id) as session:
            return list(
                session.scalars(text("select id from sync_run where state = 'requested' order by requested_at"))
            )

    def swept(self, now: datetime) -> None:
        """The sweeper has looked for dead workers."""
        sweep(now)

    def polled(self, now: datetime) -> None:
        """The service's table of districts has been read."""
        poll_services(self.services, now=now)

    # What people do

    def shown_hash(self, run_id: UUID) -> str:
        """What the page of this hold sends along with a decision."""
        return self.run(run_id).plan_hash or ""

    def approve(self, run_id: UUID, shown: str, now: datetime) -> None:
        """An administrator has approved the hold, as this page showed it."""
        approve_hold(self.id, run_id, now=now, plan_hash=shown)

    def discard(self, run_id: UUID, shown: str, now: datetime) -> None:
        """An administrator has dropped it, as this page showed it."""
        discard_hold(self.id, run_id, now=now, plan_hash=shown)

    def call(self, section: str, name: str | None, now: datetime) -> None:
        """The first teacher has given the class a name of her own, or taken it back."""
        rename_class(self.id, self.class_id(section), self.teachers["t1"], name, now=now)

    def buy(self, seats: int) -> None:
        """The license has so many student seats."""
        with tenant(self.id) as session:
            session.get_one(License, self.house.license_id).student_seats = seats

    def license_until(self, day: date | None) -> None:
        """The license ends on this day."""
        with tenant(self.id) as session:
            session.get_one(License, self.house.license_id).ends_on = day

    def class_id(self, section: str) -> UUID:
        """The class that follows this section."""
        with tenant(self.id) as session:
            found: UUID = session.execute(
                text("""select cs.class_id from class_source cs join section s on s.id = cs.section_id
                        where s.source_id = :section and cs.until_at is null"""),
                {"section": section},
            ).scalar_one()
            return found

    def close(self) -> None:
        """Its connection is nobody's business any more."""
        with tenant(self.id) as session:
            session.get_one(Connection, self.house.connection_id).state = "closed"
            session.execute(text("update sync_run set state = 'failed' where state in ('running', 'requested')"))

    def take_by_hand(self, section: str, person: UUID, now: datetime) -> None:
        """A teacher has taken the student out of the class."""
        remove_by_hand(self.id, self.class_id(section), person, "student", self.teachers["t1"], now=now)

    def put_by_hand(self, section: str, person: UUID, now: datetime) -> None:
        """A teacher has put the student into the class."""
        add_by_hand(self.id, self.class_id(section), person, "student", self.teachers["t1"], now=now)

    def follow(self, section: str, now: datetime) -> None:
        """A teacher lets the class follow its section again."""
        follow_source(self.id, self.class_id(section), self.teachers["t1"], now=now)

    def ended_lately(self, run_id: UUID, now: datetime) -> bool:
        """True where the run is over since less than 30 days."""
        run = self.run(run_id)
        over = run.state not in ("requested", "running", "parked") and run.finished_at is not None
        return over and run.finished_at is not None and now - run.finished_at < timedelta(days=30, minutes=-5)

    def dropped(self, run_id: UUID) -> None:
        """Nobody waits for this run any more."""
        with tenant(self.id) as session:
            session.get_one(SyncRun, run_id).state = "failed"

    def dropped_holds(self) -> None:
        """An administrator has dropped everything that was held."""
        with tenant(self.id) as session:
            session.execute(text("update sync_run set state = 'discarded' where state = 'held'"))

    def ask_undo(self, run_id: UUID, now: datetime) -> UUID:
        """An undo that is requested."""
        return request_undo(self.id, run_id, now=now)
