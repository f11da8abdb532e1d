"""Who may open a class follows its section: a new teacher, co-teachers, another school or course."""

from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.factory import roster
from tests.views.desk import Desk, a_desk
from tests.views.test_teacher_classes import words
from webapp.roster.records import Course, Role, School
from webapp.settings import Settings
from webapp.store.database import tenant

PUPILS = ["s1", "s2", "s3"]


@pytest.fixture
def desk(settings: Settings) -> Desk:
    """A district with nothing in it yet."""
    return a_desk(settings)


def opens(desk: Desk, who: UUID, class_id: UUID) -> int:
    """The status of the class's page for this teacher."""
    return desk.browser(who).get(f"/classes/{class_id}").status_code


def enrollment_ids(desk: Desk) -> list[int]:
    """Every student's place, by its id."""
    with tenant(desk.house.district_id) as session:
        return list(session.scalars(text("select id from enrollment where role = 'student' order by id")))


def test_a_sections_new_teacher_takes_the_class_over_with_its_history_and_the_old_one_may_not_open_it(
    desk: Desk,
) -> None:
    old, new, beside = desk.teacher("t1"), desk.teacher("t3"), desk.teacher("t2")
    class_id = desk.import_class(old, teachers=["t1", "t2"], students=PUPILS)
    places = enrollment_ids(desk)
    assert [opens(desk, one, class_id) for one in (old, new, beside)] == [200, 404, 200]
    desk.roster.leave("biology", "t1")
    desk.roster.join("biology", "t3", Role.TEACHER, primary=True)
    desk.sync()
    assert [opens(desk, one, class_id) for one in (old, new, beside)] == [404, 200, 200]
    history = words(desk.browser(new).get(f"/classes/{class_id}/changes").text)
    assert "Left as a teacher: T1" in history and "Joined as a teacher: T3" in history
    assert "The class was made." in history and enrollment_ids(desk) == places
    assert f"/classes/{class_id}" not in desk.browser(old).get("/classes").text


def test_a_co_teacher_who_joins_may_open_the_class_and_one_who_leaves_may_not(desk: Desk) -> None:
    teacher, beside = desk.teacher("t1"), desk.teacher("t2")
    class_id = desk.import_class(teacher, students=PUPILS)
    desk.roster.join("biology", "t2", Role.TEACHER)
    desk.sync()
    assert opens(desk, beside, class_id) == 200
    desk.roster.leave("biology", "t2")
    desk.sync()
    assert [opens(desk, one, class_id) for one in (teacher, beside)] == [200, 404]
    assert roster(desk.house, "Biology") == {"teacher": ["t1"], "student": PUPILS}


def test_a_section_that_moves_to_another_school_and_course_stays_the_same_class(desk: Desk) -> None:
    teacher = desk.teacher()
    class_id = desk.import_class(teacher, students=PUPILS)
    places = enrollment_ids(desk)
    desk.roster.schools.append(School("annex", "Annex School"))
    desk.roster.courses.append(Course("honors", "Honors Biology"))
    desk.roster.sections = [
        replace(one, school_source_id="annex", course_source_id="honors") for one in desk.roster.sections
    ]
    desk.sync()
    assert "Annex School" in words(desk.browser(teacher).get(f"/classes/{class_id}").text)
    assert roster(desk.house, "Biology") == {"teacher": ["t1"], "student": PUPILS}
    assert enrollment_ids(desk) == places
