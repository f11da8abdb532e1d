"""What a district's sharing rules leave visible: a record that they hide is simply not there."""

from collections import defaultdict
from collections.abc import Iterable

from webapp.simulator.oneroster.manners import SharingRules
from webapp.simulator.world import Course, District, Enrollment, Person, Section


class Sharing:
    """Which records of a district its rules let through."""

    def __init__(self, district: District, rules: SharingRules) -> None:
        self.district = district
        self.rules = rules
        self.classes_of: dict[str, set[str]] = defaultdict(set)
        for enrollment in district.enrollments.values():
            self.classes_of[enrollment.person].add(enrollment.section)
        self.people = {one.sourced_id for one in district.people.values() if self.shows_person(one)}

    def shows_person(self, person: Person) -> bool:
        """Whether a person is shared: not hidden, nor only at the hidden school, nor only in the closed class."""
        rules, classes = self.rules, self.classes_of.get(person.sourced_id, set())
        if person.sourced_id == rules.oneroster_hides_teacher:
            return False
        if rules.oneroster_hides_school and person.schools == [rules.oneroster_hides_school]:
            return False
        if person.kind == "student" and classes == {rules.oneroster_hides_students_of}:
            return False
        return not rules.oneroster_hides_unenrolled or any(self.shows_school(self.school_of(one)) for one in classes)

    def school_of(self, section: str) -> str:
        """The school that a class belongs to."""
        return self.district.sections[section].school

    def shows_school(self, school: str) -> bool:
        """Whether a school is shared."""
        return not school or school != self.rules.oneroster_hides_school

    def shows_section(self, section: Section) -> bool:
        """Whether a class is shared."""
        return self.shows_school(section.school)

    def shows_course(self, course: Course) -> bool:
        """Whether a course is shared."""
        return self.shows_school(course.org)

    def shows_member(self, enrollment: Enrollment) -> bool:
        """Whether a class's list of people names this one."""
        closed = enrollment.section == self.rules.oneroster_hides_students_of and enrollment.role == "student"
        return not closed and enrollment.person in self.people and self.shows_school(self.school_of(enrollment.section))

    def enrollments(self) -> Iterable[Enrollment]:
        """The enrollments that are told; some districts go on naming whom they do not share."""
        everything = self.district.enrollments.values()
        return everything if self.rules.oneroster_dangling else filter(self.shows_member, everything)
