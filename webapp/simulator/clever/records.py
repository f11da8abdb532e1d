"""A district's schools, terms, courses and sections, and the district itself, in Clever's own JSON, as v3.1 has it."""

from typing import Any

from webapp.simulator.clever.grades import SUBJECTS
from webapp.simulator.clever.grades import grade_word as grade_word
from webapp.simulator.index import Index
from webapp.simulator.world import Course, District, School, Section, Term

Json = dict[str, Any]


class CleverWriter:
    """Writes one district's records, as far as it is seen; where something is missing, so is its key."""

    def __init__(self, district: District, index: Index) -> None:
        self.district = district
        self.index = index
        self.doors = district.doors.clever

    def district_json(self) -> Json:
        """The district itself."""
        district, doors = self.district, self.doors
        shown = {
            "id": district.clever_id,
            "name": district.name,
            "nces_id": district.nces_id,
            "mdr_number": "",
            "sis_type": "sftp",
            "state": doors.clever_state,
            "error": doors.clever_error,
            "last_sync": doors.clever_last_sync or district.log.last_sync or district.opened,
            "launch_date": doors.clever_launch_date or district.opened[:10],
            "pause_start": doors.clever_pause_start,
            "pause_end": doors.clever_pause_end,
            "login_methods": ["Clever Passwords"],
            "portal_url": f"https://clever.example/in/{district.domain.partition('.')[0]}",
            "lms_type": "",
            "lms_state": "",
            "last_attendance_sync": "",
        }
        return shown | self.contact_json()

    def contact_json(self) -> Json:
        """Whom to ask in the district: its first administrator."""
        one = next((one for one in self.district.people.values() if one.kind == "district_admin"), None)
        if one is None:
            return {}
        return {
            "district_contact": {
                "id": one.clever_id,
                "district": self.district.clever_id,
                "name": {"first": one.given, "last": one.family, "middle": one.middle},
                "email": one.email,
                "title": one.title,
            }
        }

    def school_json(self, school: School) -> Json:
        """One school; its grades go from the first to the last that it has."""
        return {
            "id": school.clever_id,
            "district": self.district.clever_id,
            "name": school.name,
            "sis_id": school.number,
            "school_number": school.number,
            "nces_id": school.nces_id,
            "state_id": "",
            "mdr_number": "",
            "low_grade": grade_word(school.grades[0]) if school.grades else "",
            "high_grade": grade_word(school.grades[-1]) if school.grades else "",
            "phone": school.phone,
            "principal": {"name": school.principal, "email": school.principal_email},
            "location": {
                "address": school.street,
                "city": school.city,
                "state": "CA",
                "zip": "90000",
                "lat": "",
                "lon": "",
            },
            "created": school.created,
            "last_modified": school.modified,
            "ext": {},
        }

    def term_json(self, term: Term) -> Json:
        """One term; OneRoster shows the same end date, though only here the text calls it inclusive."""
        return {
            "id": term.clever_id,
            "district": self.district.clever_id,
            "name": term.name,
            "start_date": term.starts,
            "end_date": term.ends,
        }

    def course_json(self, course: Course) -> Json:
        """One course: Clever shows neither its school nor its subject."""
        return {
            "id": course.clever_id,
            "district": self.district.clever_id,
            "name": course.name,
            "number": course.number,
        }

    def section_json(self, section: Section) -> Json:
        """One section with everybody in it."""
        teachers = self.people(self.index.teachers.get(section.sourced_id, []))
        school = self.district.schools.get(section.school)
        course, term = self.district.courses.get(section.course), self.first_term(section)
        shown: Json = {
            "id": section.clever_id,
            "district": self.district.clever_id,
            "school": school.clever_id if school else "",
            "sis_id": section.sourced_id,
            "name": self.name_of(section),
            "section_number": section.code,
            "period": section.period,
            "subject": section.subject if section.subject in SUBJECTS else "other",
            "grade": grade_word(section.grades[0]) if len(section.grades) == 1 else "",
            "students": self.students(section),
            "teachers": teachers,
            "created": section.created,
            "last_modified": section.modified,
            "ext": {},
            "lms_status": {"synced_in_lms": False},
        }
        if course:
            shown["course"] = course.clever_id
        if term:
            shown["term_id"] = term.clever_id
        if teachers:
            shown["teacher"] = None if self.doors.clever_teacher_null else teachers[0]
        return shown

    def name_of(self, section: Section) -> str:
        """The section's own name, or the one that Clever builds; without a period that ends in a dash."""
        course = self.district.courses.get(section.course)
        if not course or not self.doors.clever_builds_names:
            return section.name
        teachers = self.index.teachers.get(section.sourced_id, [])
        return " - ".join((course.name, self.district.people[teachers[0]].family if teachers else "", section.period))

    def students(self, section: Section) -> list[str]:
        """Clever ids of the section's students."""
        unknown = ["ff" + section.clever_id[2:]] if self.doors.clever_unknown_student else []
        return self.people(self.index.students.get(section.sourced_id, [])) + unknown

    def people(self, sourced_ids: list[str]) -> list[str]:
        """Clever ids of people."""
        return [self.district.people[one].clever_id for one in sourced_ids]

    def first_term(self, section: Section) -> Term | None:
        """A section has one term here; OneRoster may name several."""
        return next((self.district.terms[one] for one in section.terms if one in self.district.terms), None)
