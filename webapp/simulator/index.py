"""Who is in which section: a district's enrollments, turned round once for every change."""

from collections import defaultdict

from webapp.simulator.world import District


class Index:
    """Answers by sourced id; a section's teachers begin with its primary one."""

    def __init__(self, district: District) -> None:
        self.teachers: dict[str, list[str]] = defaultdict(list)
        self.students: dict[str, list[str]] = defaultdict(list)
        self.taught: dict[str, list[str]] = defaultdict(list)
        self.attended: dict[str, list[str]] = defaultdict(list)
        self.wards: dict[str, list[str]] = defaultdict(list)
        for enrollment in sorted(district.enrollments.values(), key=lambda one: not one.primary):
            self._add(enrollment.role, enrollment.section, enrollment.person)
        for person in district.people.values():
            for guardian in person.guardians:
                self.wards[guardian].append(person.sourced_id)

    def _add(self, role: str, section: str, person: str) -> None:
        people, sections = (self.students, self.attended) if role == "student" else (self.teachers, self.taught)
        if role in ("student", "teacher") and person not in people.get(section, ()):
            people[section].append(person)
            sections[person].append(section)

    def sections_of(self, person: str) -> list[str]:
        """Every section that the person teaches or attends."""
        return list(dict.fromkeys(self.taught.get(person, []) + self.attended.get(person, [])))

    def teachers_of(self, student: str) -> list[str]:
        """Everybody who teaches the student."""
        return list(dict.fromkeys(one for section in self.attended.get(student, []) for one in self.teachers[section]))

    def students_of(self, person: str) -> list[str]:
        """Everybody whom the person teaches, or is a guardian of."""
        taught = (one for section in self.taught.get(person, []) for one in self.students[section])
        return list(dict.fromkeys([*taught, *self.wards.get(person, [])]))
