"""A district's records in Clever's own JSON, v3.0 and v3.1."""

from typing import Any

from webapp.simulator.index import Index
from webapp.simulator.world import Course, District, Person, School, Section, Term

Json = dict[str, Any]

GRADES = {
    "IT": "InfantToddler",
    "PR": "Preschool",
    "PK": "PreKindergarten",
    "TK": "TransitionalKindergarten",
    "KG": "Kindergarten",
    "PS": "PostGraduate",
    "UG": "Ungraded",
} | {f"{grade:02d}": str(grade) for grade in range(1, 14)}

SUBJECTS = (
    "english/language arts", "math", "science", "social studies", "language", "homeroom/advisory",
    "interventions/online learning", "technology and engineering", "PE and health", "arts and music", "other", "",
)  # fmt: skip


def grade_word(code: str) -> str:
    """Clever's word for a grade that is kept as OneRoster codes it."""
    word = GRADES.get(code.upper().zfill(2), "")
    return word or ("Other" if code else "")


class CleverWriter:
    """Writes one district's records as one version of the API shows them."""

    def __init__(self, district: District, index: Index, version: str) -> None:
        self.district = district
        self.index = index
        self.newest = version == "v3.1"

    def schools(self, sourced_ids: list[str]) -> list[str]:
        """Clever ids of schools."""
        return [self.district.schools[one].clever_id for one in sourced_ids if one in self.district.schools]

    def people(self, sourced_ids: list[str]) -> list[str]:
        """Clever ids of people."""
        return [self.district.people[one].clever_id for one in sourced_ids]

    def district_json(self) -> Json:
        """The district itself."""
        district = self.district
        shown = {
            "id": district.clever_id,
            "name": district.name,
            "nces_id": district.nces_id,
            "mdr_number": "",
            "sis_type": "sftp",
            "state": "running",
            "error": "",
            "last_sync": district.opened,
            "launch_date": district.opened[:10],
            "pause_start": "",
            "pause_end": "",
            "login_methods": ["Clever Passwords"],
            "portal_url": f"https://clever.example/in/{district.domain.partition('.')[0]}",
        }
        return shown | ({"lms_type": "", "lms_state": ""} if self.newest else {})

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
            "location": {"address": school.street, "city": school.city, "state": "CA", "zip": "90000"},
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
        """One section with everybody in it; a missing course, term or teacher is a missing key."""
        teachers = self.people(self.index.teachers.get(section.sourced_id, []))
        school = self.district.schools.get(section.school)
        shown: Json = {
            "id": section.clever_id,
            "district": self.district.clever_id,
            "school": school.clever_id if school else "",
            "sis_id": section.sourced_id,
            "name": section.name,
            "section_number": section.code,
            "period": section.period,
            "subject": section.subject if section.subject in SUBJECTS else "other",
            "grade": grade_word(section.grades[0]) if len(section.grades) == 1 else "",
            "students": self.people(self.index.students.get(section.sourced_id, [])),
            "teachers": teachers,
            "created": section.created,
            "last_modified": section.modified,
            "ext": {},
        }
        course, term = self.district.courses.get(section.course), self.first_term(section)
        optional = {
            "course": course.clever_id if course else None,
            "term_id": term.clever_id if term else None,
            "teacher": teachers[0] if teachers else None,
            "lms_status": {"synced_in_lms": False} if self.newest else None,
        }
        return shown | {key: value for key, value in optional.items() if value is not None}

    def first_term(self, section: Section) -> Term | None:
        """A section has one term here; OneRoster may name several."""
        return next((self.district.terms[one] for one in section.terms if one in self.district.terms), None)

    def user_json(self, person: Person) -> Json:
        """One person, with the one role that they hold."""
        shown: Json = {
            "id": person.clever_id,
            "district": self.district.clever_id,
            "created": person.created,
            "last_modified": person.modified,
            "email": person.email,
            "name": {"first": person.given, "last": person.family, "middle": person.middle},
            "roles": {clever_role(person): self.role_json(person)},
        }
        if person.kind == "guardian":
            shown["name"] = {"last": person.name}  # Clever puts a contact's whole name there
        return shown | ({"lms_status": {"synced_in_lms": False}} if self.newest else {})

    def role_json(self, person: Person) -> Json:
        """What the person's role says."""
        return {
            "student": self.student_json,
            "teacher": self.teacher_json,
            "staff": self.staff_json,
            "district_admin": self.admin_json,
            "contact": self.contact_json,
        }[clever_role(person)](person)

    def student_json(self, student: Person) -> Json:
        """A student's role; the private details are Clever's own fields."""
        private, schools = student.private, self.schools(student.schools)
        location = {key: private.get(kept, "") for key, kept in LOCATION.items()}
        shown: Json = {
            "sis_id": student.sis_id,
            "student_number": student.number,
            "state_id": student.state_id,
            "school": schools[0] if schools else "",
            "schools": schools,
            "enrollments": [],
            "grade": grade_word(student.grade),
            "dob": slashed(private.get("born", "")),
            "gender": private.get("gender", ""),
            "race": private.get("race", ""),
            "hispanic_ethnicity": private.get("hispanic", ""),
            "ell_status": private.get("ell", ""),
            "location": location,
            "credentials": {"district_username": student.username},
            "legacy_id": student.clever_id,  # students kept their id when the others got new ones
            "ext": {},
        }
        return shown | (self.newer_student_json(student) if self.newest else {})

    def newer_student_json(self, student: Person) -> Json:
        """What v3.1 added to students."""
        return {
            "preferred_name": {"first": student.given, "last": student.family, "middle": ""},
            "frl_status": student.private.get("frl", ""),
            "iep_status": student.private.get("iep", ""),
            "gifted_status": "",
            "section_504_status": "",
            "home_language": student.private.get("language", "Other"),
            "home_language_code": student.private.get("language_code", "other"),
        }

    def teacher_json(self, teacher: Person) -> Json:
        """A teacher's role."""
        schools = self.schools(teacher.schools)
        return {
            "sis_id": teacher.sis_id,
            "teacher_number": teacher.number,
            "state_id": teacher.state_id,
            "title": teacher.title,
            "school": schools[0] if schools else "",
            "schools": schools,
            "credentials": {"district_username": teacher.username},
            "legacy_id": legacy_id(teacher),
            "ext": {},
        }

    def staff_json(self, member: Person) -> Json:
        """The role of principals, aides and the like: schools but no school, a staff id but no sis id."""
        return {
            "staff_id": member.number,
            "schools": self.schools(member.schools),
            "roles": [member.title] if member.title else [],
            "title": member.title,
            "department": "",
            "credentials": {"district_username": member.username},
            "legacy_id": legacy_id(member),
            "ext": {},
        }

    def admin_json(self, admin: Person) -> Json:
        """A district administrator's role: no schools."""
        return {"title": admin.title, "legacy_id": legacy_id(admin)}

    def contact_json(self, guardian: Person) -> Json:
        """A guardian's role, with the children."""
        wards = self.people(self.index.wards.get(guardian.sourced_id, []))
        return {
            "sis_id": guardian.sis_id,
            "phone": guardian.private.get("phone", ""),
            "phone_type": "Home",
            "legacy_id": legacy_id(guardian),
            "student_relationships": [
                {"student": ward, "relationship": "Parent", "type": "Parent/Guardian"} for ward in wards
            ],
        }


LOCATION = {"address": "street", "city": "city", "state": "state", "zip": "zip"}


def clever_role(person: Person) -> str:
    """Clever's word for what a person is."""
    words = {"student": "student", "teacher": "teacher", "district_admin": "district_admin", "guardian": "contact"}
    return words.get(person.kind, "staff")


def legacy_id(person: Person) -> str:
    """The id from before v3, which is another one for everybody but students."""
    return "4e" + person.clever_id[2:]


def slashed(day: str) -> str:
    """A date as M/D/YYYY, not padded; empty stays empty."""
    if not day:
        return ""
    year, month, date = day.split("-")
    return f"{int(month)}/{int(date)}/{year}"
