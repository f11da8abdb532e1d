"""The journal alone tells who was in a class at any moment; replayed to its end, it gives the tables."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.factory import NOW, House, a_house, a_teacher, imported, synced, worked
from tests.shared_roster import PUPILS, SharedRoster, SharedService
from webapp.actions.follow_source import follow_source
from webapp.actions.hand_roster import add_by_hand, remove_by_hand
from webapp.actions.request_undo import CannotUndo, request_put_back, request_undo
from webapp.providers.service import Service
from webapp.store.database import tenant
from webapp.store.questions.class_rosters import WasThere, enrollments_at, roster_at, state_at
from webapp.store.tables import Account, Enrollment, Identity, SchoolClass, SyncRun

SMALL = PUPILS[:6]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["join", "leave", "add", "remove"]), st.sampled_from(SMALL)),
        st.tuples(st.sampled_from(["sync", "follow", "withdraw", "share", "rename"]), st.just("")),
        st.tuples(st.sampled_from(["undo", "undo here", "put back"]), st.integers(0, 30).map(str)),
    ),
    min_size=4,
    max_size=14,
)


class Story:
    """One class and what happens to it, an hour between two steps."""

    def __init__(self, database_url: str) -> None:
        self.house = a_house(seats=4)
        self.shared = SharedRoster()
        self.section = self.shared.add_section("Biology", students=SMALL)
        self.services: Mapping[str, Service] = {"clever": SharedService(self.shared)}
        self.teacher = a_teacher(self.house)
        self.now = NOW
        imported(self.house, self.teacher, ["biology"], self.services)
        with tenant(self.house.district_id) as session:
            self.class_id = session.scalars(select(SchoolClass.id)).one()

    def tell(self, what: str, about: str) -> None:
        """One step; one that is refused changes nothing."""
        self.now += timedelta(hours=1)
        if what in ("join", "leave", "withdraw", "share", "rename"):
            self.change_the_service(what, about)
        elif what == "sync":
            synced(self.house, self.services, self.now)
        elif what in ("add", "remove"):
            by_hand = add_by_hand if what == "add" else remove_by_hand
            by_hand(*self.place, self.account(about), "student", self.teacher, now=self.now)
        elif what == "follow":
            follow_source(*self.place, self.teacher, now=self.now)
        else:
            self.take_back(what, int(about))

    def change_the_service(self, what: str, about: str) -> None:
        """The service shares something else from now on."""
        in_section = {one.person_source_id for one in self.shared.enrollments}
        if what == "join" and about not in in_section and self.shared.sections:
            self.shared.join("biology", about)
        elif what == "leave":
            self.shared.leave("biology", about)
        elif what == "withdraw":
            self.shared.withdraw("biology")
        elif what == "share" and not self.shared.sections:
            self.shared.sections.append(self.section)
        elif what == "rename":
            self.shared.rename("biology", f"Biology {self.now:%H}")

    def take_back(self, what: str, about: int) -> None:
        """Undo some run, whole or here, or put the class back as it was some hours ago."""
        with tenant(self.house.district_id) as session:
            runs = session.scalars(select(SyncRun.id).order_by(SyncRun.requested_at)).all()
        run_id = runs[about % len(runs)]
        try:
            if what == "put back":
                hours = timedelta(hours=about % 24, minutes=1)
                undo = request_put_back(*self.place, self.now - hours, account_id=self.teacher, now=self.now)
            else:
                only = self.class_id if what == "undo here" else None
                undo = request_undo(self.house.district_id, run_id, now=self.now, class_id=only)
        except CannotUndo:
            return
        assert worked(self.house, undo, self.services, self.now).state == "done"

    @property
    def place(self) -> tuple[UUID, UUID]:
        return self.house.district_id, self.class_id

    def account(self, subject: str) -> UUID:
        with tenant(self.house.district_id) as session:
            return session.scalars(select(Identity.account_id).where(Identity.subject == subject)).one()


def in_the_tables(house: House, class_id: UUID) -> tuple[str, list[WasThere]]:
    """The state of the class and every enrollment of it, as the tables have them."""
    with tenant(house.district_id) as session:
        rows = session.scalars(
            select(Enrollment).where(Enrollment.class_id == class_id).order_by(Enrollment.account_id)
        )
        return session.get_one(SchoolClass, class_id).state, [
            WasThere(n.account_id, n.role, n.state, n.primary_teacher, n.began_on, n.ended_on, n.hand) for n in rows
        ]


def in_the_journal(house: House, class_id: UUID, moment: datetime) -> tuple[str | None, list[WasThere]]:
    """The same, as the journal tells it for that moment."""
    with tenant(house.district_id) as session:
        return state_at(session, class_id, moment), enrollments_at(session, class_id, moment)


@given(STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_REL_15_REL_12_replaying_the_journal_of_a_class_gives_its_tables(
    database_url: str, steps: list[tuple[str, str]]
) -> None:
    story = Story(database_url)
    seen = [(story.now + timedelta(minutes=30), in_the_tables(story.house, story.class_id))]
    for step in steps:
        story.tell(*step)
        seen.append((story.now + timedelta(minutes=30), in_the_tables(story.house, story.class_id)))
        assert len(seen[-1][1][1]) >= len(seen[-2][1][1]), "no enrollment is ever deleted"
        assert sum(one.role == "student" and one.state == "active" for one in seen[-1][1][1]) <= 4
    for moment, tables in seen:
        assert in_the_journal(story.house, story.class_id, moment) == tables


def test_REL_15_the_roster_of_a_class_can_be_told_for_any_moment(database_url: str) -> None:
    story = Story(database_url)
    story.tell("leave", "s1")
    story.tell("sync", "")
    gone_at = story.now
    story.tell("join", "s1")
    story.tell("sync", "")

    def students_at(moment: datetime) -> int:
        with tenant(story.house.district_id) as session:
            return sum(one.role == "student" for one in roster_at(session, story.class_id, moment))

    assert students_at(NOW - timedelta(minutes=1)) == 0
    assert [students_at(gone_at + timedelta(minutes=minutes)) for minutes in (-1, 1)] == [6, 5]
    assert students_at(story.now + timedelta(minutes=1)) == 6


def test_REL_14_a_class_put_back_to_a_moment_has_the_roster_of_that_moment_and_keeps_it(database_url: str) -> None:
    story = Story(database_url)
    with tenant(story.house.district_id) as session:
        session.execute(text("update license set student_seats = 50"))
    moment = story.now + timedelta(minutes=30)
    for step in (("leave", "s1"), ("sync", ""), ("leave", "s2"), ("rename", ""), ("sync", "")):
        story.tell(*step)
    story.shared.join("biology", "newcomer")
    story.tell("sync", "")
    story.now += timedelta(hours=1)
    undo = request_put_back(*story.place, moment, account_id=story.teacher, now=story.now)
    run = worked(story.house, undo, story.services, story.now)
    assert (run.state, run.counts["added"], run.counts["removed"]) == ("done", 2, 1)
    for _ in range(2):
        story.tell("sync", "")
        with tenant(story.house.district_id) as session:
            there = roster_at(session, story.class_id, story.now + timedelta(minutes=1))
            names = session.scalars(
                select(Account.given_name).where(
                    Account.id.in_([one.account_id for one in there if one.role == "student"])
                )
            )
            assert sorted(names) == sorted(one.title() for one in SMALL)


def test_REL_14_what_a_person_did_since_the_moment_stays_when_the_class_is_put_back(database_url: str) -> None:
    story = Story(database_url)
    moment = story.now + timedelta(minutes=30)
    story.tell("remove", "s3")
    story.now += timedelta(hours=1)
    undo = request_put_back(*story.place, moment, account_id=story.teacher, now=story.now)
    run = worked(story.house, undo, story.services, story.now)
    assert [one["why"] for one in run.counts["left_alone"]] == ["edited"]
    states = {one.account_id: one.state for one in in_the_tables(story.house, story.class_id)[1]}
    assert states[story.account("s3")] == "ended"


def test_a_class_is_not_put_back_to_a_moment_before_it_was_made_or_before_the_last_thirty_days(
    database_url: str,
) -> None:
    story = Story(database_url)
    for now, moment in ((NOW, NOW - timedelta(days=1)), (NOW + timedelta(days=40), NOW + timedelta(days=9))):
        try:
            request_put_back(*story.place, moment, account_id=story.teacher, now=now)
        except CannotUndo:
            continue
        raise AssertionError(f"put back to {moment}")


def test_days_in_the_journal_are_the_districts_own(database_url: str) -> None:
    story = Story(database_url)
    assert {one.began_on for one in in_the_journal(story.house, story.class_id, NOW + timedelta(hours=1))[1]} == {
        date(2026, 10, 5)
    }
