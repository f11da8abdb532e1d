"""The questions behind the classes' pages, asked of a district with imported classes."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from tests.factory import House, a_house, a_teacher, imported, synced
from tests.shared_roster import SharedRoster, SharedService
from webapp.store.database import tenant
from webapp.store.questions.class_changes import PAGE, changes_of_class
from webapp.store.questions.class_runs import import_asked_by, last_run_of_section
from webapp.store.questions.classes import class_seen_by, classes_of, roster_of
from webapp.store.tables import Enrollment, SchoolClass, SyncRun

NOW = datetime(2026, 10, 5, 14, tzinfo=UTC)


def test_a_class_is_counted_and_named_from_those_who_are_in_it_now(database_url: str) -> None:
    house, teacher, roster = a_class(students=["s1", "s2", "s3"])
    roster.leave("biology", "s2")
    synced(house, {"clever": SharedService(roster)}, NOW + timedelta(hours=1))
    with tenant(house.district_id) as session:
        card = classes_of(session, teacher, "teacher")[0]
        people = roster_of(session, card.id)
    assert (card.name, card.school, card.students, card.teachers) == ("Biology", "Maple School", 2, ["T1 Example"])
    assert sorted(person.given_name for person in people if person.role == "student") == ["S1", "S3"]


def test_whoever_left_a_class_sees_it_no_more(database_url: str) -> None:
    house, teacher, _ = a_class(students=["s1"])
    class_id = only_class(house)
    with tenant(house.district_id) as session:
        assert class_seen_by(session, class_id, teacher, "teacher") is not None
        assert class_seen_by(session, class_id, teacher, "student") is None
        session.execute(update(Enrollment).where(Enrollment.account_id == teacher).values(state="ended"))
        assert class_seen_by(session, class_id, teacher, "teacher") is None
        assert classes_of(session, teacher, "teacher") == []


def test_SEC_17_another_district_can_not_tell_that_a_class_exists(database_url: str) -> None:
    house, teacher, _ = a_class()
    with tenant(a_house().district_id) as session:
        assert class_seen_by(session, only_class(house), teacher, "teacher") is None


def test_the_last_run_of_a_section_is_not_that_of_another_section(database_url: str) -> None:
    house, _, roster = a_class()
    first = the_run(house)
    roster.add_section("Chemistry")
    with tenant(house.district_id) as session:
        session.add(a_run(house, ["chemistry"], NOW + timedelta(hours=1)))
        session.add(a_run(house, ["biology"], NOW + timedelta(hours=2), state="superseded"))
        session.flush()
        found = last_run_of_section(session, house.connection_id, "biology")
        assert found is not None and found.id == first


def test_a_run_of_everything_concerns_every_section(database_url: str) -> None:
    house, _, _ = a_class()
    with tenant(house.district_id) as session:
        whole = a_run(house, None, NOW + timedelta(hours=1))
        session.add(whole)
        session.flush()
        assert last_run_of_section(session, house.connection_id, "biology") is whole


def test_an_import_is_found_by_whoever_asked_for_it_alone(database_url: str) -> None:
    house, teacher, _ = a_class()
    colleague = a_teacher(house, "t2")
    with tenant(house.district_id) as session:
        run_id = session.scalars(select(SyncRun.id)).one()
        assert import_asked_by(session, run_id, teacher) is not None
        assert import_asked_by(session, run_id, colleague) is None


def test_changes_come_newest_first_a_page_at_a_time_and_none_twice(database_url: str) -> None:
    house, _, _ = a_class(students=[f"s{number}" for number in range(PAGE)])
    class_id = only_class(house)
    with tenant(house.district_id) as session:
        first = changes_of_class(session, class_id)
        rest = changes_of_class(session, class_id, before_id=first[PAGE - 1].id)
    ids = [change.id for change in first[:PAGE] + rest]
    assert len(first) == PAGE + 1
    # Everybody joined, the teacher too, and the class was made.
    assert len(ids) == PAGE + 2 and ids == sorted(set(ids), reverse=True)


def a_class(students: list[str] | None = None) -> tuple[House, UUID, SharedRoster]:
    """A district in which one teacher has imported Biology."""
    house, roster = a_house(), SharedRoster()
    roster.add_section("Biology", students=students or [])
    teacher = a_teacher(house)
    imported(house, teacher, ["biology"], {"clever": SharedService(roster)}, NOW)
    return house, teacher, roster


def only_class(house: House) -> UUID:
    """The id of the district's one class."""
    with tenant(house.district_id) as session:
        return session.scalars(select(SchoolClass.id)).one()


def the_run(house: House) -> UUID:
    """The id of the district's one run."""
    with tenant(house.district_id) as session:
        return session.scalars(select(SyncRun.id)).one()


def a_run(house: House, scope: list[str] | None, at: datetime, state: str = "done") -> SyncRun:
    """A sync of these sections."""
    return SyncRun(
        district_id=house.district_id,
        connection_id=house.connection_id,
        kind="sync",
        scope=scope,
        state=state,
        requested_at=at,
    )
