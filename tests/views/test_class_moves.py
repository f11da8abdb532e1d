"""A pupil who changes period, as the teachers of both classes read it in **Changes**."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.factory import imported
from tests.views.desk import Desk, a_desk
from tests.views.test_class_history import undo_links
from tests.views.test_teacher_classes import words
from webapp.roster.records import Role, Section
from webapp.settings import Settings
from webapp.store.database import tenant
from webapp.store.tables import License


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


def period(desk: Desk, number: str, *students: str, teacher: str = "t1", name: str = "Biology") -> None:
    """Biology in one more period."""
    desk.roster.sections.append(Section(f"p{number}", name, "school", "course", (), number))
    desk.roster.join(f"p{number}", teacher, Role.TEACHER, primary=True)
    for student in students:
        desk.roster.join(f"p{number}", student)


def imports(desk: Desk, teacher: UUID, *sections: str) -> None:
    """These sections are classes."""
    imported(desk.house, teacher, list(sections), desk.services, now=datetime.now(UTC))


def class_of(desk: Desk, number: str) -> UUID:
    """The class of a period."""
    with tenant(desk.house.district_id) as session:
        found = session.execute(
            text("""select cs.class_id from class_source cs join section s on s.id = cs.section_id
                    where s.source_id = :it"""),
            {"it": f"p{number}"},
        )
        return UUID(str(found.scalar_one()))


def changes(desk: Desk, teacher: UUID, number: str) -> str:
    """What her page of changes says."""
    return words(desk.browser(teacher).get(f"/classes/{class_of(desk, number)}/changes").text)


def test_one_line_in_both_classes_tells_who_moved_and_where(desk: Desk) -> None:
    teacher = desk.teacher()
    period(desk, "3", "s1", "s2", "s3")
    period(desk, "4", "s4")
    imports(desk, teacher, "p3", "p4")
    desk.roster.leave("p3", "s1", "s2")
    desk.roster.join("p4", "s1")
    desk.sync()
    third, fourth = changes(desk, teacher, "3"), changes(desk, teacher, "4")
    assert "Moved to period 4: S1 Example" in third and "Left: S2 Example" in third
    assert "Moved here from period 3: S1 Example" in fourth and "Joined: S1 Example" not in fourth


def test_another_name_is_told_with_its_period(desk: Desk) -> None:
    teacher = desk.teacher()
    period(desk, "3", "s1", "s2")
    period(desk, "4", "s4", name="Honors Biology")
    imports(desk, teacher, "p3", "p4")
    desk.roster.leave("p3", "s1")
    desk.roster.join("p4", "s1")
    desk.sync()
    assert "Moved to Honors Biology, period 4: S1 Example" in changes(desk, teacher, "3")
    assert "Moved here from Biology, period 3: S1 Example" in changes(desk, teacher, "4")


def test_PRIV_5_a_class_that_the_reader_may_not_see_is_not_named(desk: Desk) -> None:
    mine, hers = desk.teacher(), desk.teacher("t2")
    period(desk, "3", "s1", "s2")
    period(desk, "4", "s4", teacher="t2", name="Secret Society")
    imports(desk, mine, "p3")
    imports(desk, hers, "p4")
    desk.roster.leave("p3", "s1")
    desk.roster.join("p4", "s1")
    desk.sync()
    third = changes(desk, mine, "3")
    assert "Moved to another class: S1 Example" in third and "Secret" not in third
    assert "Moved here from another class: S1 Example" in changes(desk, hers, "4")


def test_a_pupil_with_two_moves_in_one_sync_is_told_one_in_each_class(desk: Desk) -> None:
    teacher = desk.teacher()
    for number, name in (("1", "Drama"), ("2", "Drama"), ("3", "Biology"), ("4", "Biology")):
        period(desk, number, "s9", *(["s1"] if number in "13" else []), name=name)
    imports(desk, teacher, "p1", "p2", "p3", "p4")
    desk.roster.leave("p1", "s1")
    desk.roster.leave("p3", "s1")
    desk.roster.join("p2", "s1")
    desk.roster.join("p4", "s1")
    desk.sync()
    told = [changes(desk, teacher, number) for number in "1234"]
    for page, other in zip(
        told, ("to period 2", "here from period 1", "to period 4", "here from period 3"), strict=True
    ):
        assert f"Moved {other}: S1 Example" in page


def test_who_joins_without_a_seat_is_told_to_wait_there(desk: Desk) -> None:
    teacher = desk.teacher()
    period(desk, "3", "s1", "s2")
    period(desk, "4", "s4")
    imports(desk, teacher, "p3", "p4")
    with tenant(desk.house.district_id) as session:
        session.get_one(License, desk.house.license_id).student_seats = 2
    desk.roster.leave("p3", "s1")
    desk.roster.join("p4", "s1")
    desk.sync()
    assert "Moved here from period 3, and waits for a seat: S1 Example" in changes(desk, teacher, "4")


def test_who_leaves_in_one_sync_and_joins_in_the_next_has_left_and_joined(desk: Desk) -> None:
    teacher = desk.teacher()
    period(desk, "3", "s1", "s2")
    period(desk, "4", "s4")
    imports(desk, teacher, "p3", "p4")
    desk.roster.leave("p3", "s1")
    desk.sync()
    desk.roster.join("p4", "s1")
    desk.sync()
    assert "Moved" not in changes(desk, teacher, "3") + changes(desk, teacher, "4")


def test_the_undo_of_a_move_says_put_back_and_taken_out_and_its_own_class_only(desk: Desk) -> None:
    teacher = desk.teacher()
    period(desk, "3", "s1", "s2")
    period(desk, "4", "s4")
    imports(desk, teacher, "p3", "p4")
    desk.roster.leave("p3", "s1")
    desk.roster.join("p4", "s1")
    desk.sync()
    tab = desk.browser(teacher)
    tab.post(undo_links(tab.get(f"/classes/{class_of(desk, '3')}/changes").text)[0])
    desk.work()
    third = changes(desk, teacher, "3")
    assert "Put back: S1 Example" in third and third.count("Moved to period 4: S1 Example") == 1
