"""A district's people in Clever's own JSON: one user with all roles."""

from typing import Any

from webapp.simulator.clever.grades import grade_word
from webapp.simulator.index import Index
from webapp.simulator.world import District, Person

Json = dict[str, Any]

LOCATION = {"address": "street", "city": "city", "state": "state", "zip": "zip"}
ROLES = ("student", "teacher", "staff", "district_admin", "contact")


def clever_role(person: Person) -> str:
    """Clever's word for what a person is."""
    words = {"student": "student", "teacher": "teacher", "district_admin": "district_admin", "guardian": "contact"}
    return words.get(person.kind, "staff")


def legacy_id(person: Person) -> str:
    """The id from before v3: students kept theirs, everybody else's is another one."""
    return person.clever_id if person.kind == "student" else "4e" + person.clever_id[2:]


def slashed(day: str) -> str:
    """A date as M/D/YYYY, not padded."""
    year, month, date = day.split("-")
    return f"{int(month)}/{int(date)}/{year}"


class UserWriter:
    """Writes users; `parts` are the people whose roles a user holds."""

    def __init__(self, district: District, index: Index, parts: dict[str, list[Person]]) -> None:
        self.district = district
        self.index = index
        self.parts = parts

    def schools(self, person: Person) -> list[str]:
        """Clever ids of the person's schools, the primary one first."""
        known = self.district.schools
        return [known[one].clever_id for one in person.schools if one in known]

    def user_json(self, person: Person) -> Json:
        """One user; the name of a contact stands in `last` alone."""
        people = self.parts[person.sourced_id]
        name = {"first": person.given, "last": person.family, "middle": person.middle}
        return {
            "id": person.clever_id,
            "district": self.district.clever_id,
            "created": person.created,
            "last_modified": max(one.modified for one in people),
            "email": person.email,
            "name": {"last": person.name} if person.kind == "guardian" else name,
            "roles": {clever_role(one): self.role_json(one) for one in people},
            "lms_status": {"synced_in_lms": False},
        }

    def role_json(self, person: Person) -> Json:
        """What one role says."""
        return {
            "student": self.student_json,
            "teacher": self.teacher_json,
            "staff": self.staff_json,
            "district_admin": self.admin_json,
            "contact": self.contact_json,
        }[clever_role(person)](person)

    def student_json(self, student: Person) -> Json:
        """A student's role; the private details are Clever's own fields."""
        private, schools = student.private, self.schools(student)
        born = {"dob": slashed(private["born"])} if private.get("born") else {}
        shown: Json = {
            "sis_id": student.sis_id,
            "student_number": student.number,
            "state_id": student.state_id,
            "school": schools[0] if schools else "",
            "schools": schools,
            "enrollments": [],
            "grade": grade_word(student.grade),
            "graduation_year": "",
            **born,
            "gender": private.get("gender", ""),
            "race": private.get("race", ""),
            "hispanic_ethnicity": private.get("hispanic", ""),
            "ell_status": private.get("ell", ""),
            "location": {key: private.get(kept, "") for key, kept in LOCATION.items()} | {"lat": "", "lon": ""},
            "credentials": {"district_username": student.username},
            "legacy_id": legacy_id(student),
            "ext": dict(student.ext),
        }
        return shown | newer_student_json(student)

    def teacher_json(self, teacher: Person) -> Json:
        """A teacher's role."""
        schools = self.schools(teacher)
        return {
            "sis_id": teacher.sis_id,
            "teacher_number": teacher.number,
            "state_id": teacher.state_id,
            "title": teacher.title,
            "school": schools[0] if schools else "",
            "schools": schools,
            "credentials": {"district_username": teacher.username},
            "legacy_id": legacy_id(teacher),
            "ext": dict(teacher.ext),
        }

    def staff_json(self, member: Person) -> Json:
        """The role of principals, aides and the like: schools but no school, a staff id but no sis id."""
        return {
            "staff_id": member.number,
            "schools": self.schools(member),
            "roles": [member.title] if member.title else [],
            "title": member.title,
            "department": "",
            "credentials": {"district_username": member.username},
            "legacy_id": legacy_id(member),
            "ext": dict(member.ext),
        }

    def admin_json(self, admin: Person) -> Json:
        """A district administrator's role: no schools."""
        return {"title": admin.title, "legacy_id": legacy_id(admin)}

    def contact_json(self, guardian: Person) -> Json:
        """A guardian's role, with the children."""
        wards = [self.district.people[one].clever_id for one in self.index.wards.get(guardian.sourced_id, [])]
        return {
            "sis_id": guardian.sis_id,
            "phone": guardian.private.get("phone", ""),
            "phone_type": "Home",
            "legacy_id": legacy_id(guardian),
            "student_relationships": [
                {"student": ward, "relationship": "Parent", "type": "Parent/Guardian"} for ward in wards
            ],
        }


def newer_student_json(student: Person) -> Json:
    """What v3.1 added to students."""
    return {
        "preferred_name": {"first": student.given, "last": student.family, "middle": ""},
        "disability": {"disability_status": ""},
        "frl_status": student.private.get("frl", ""),
        "iep_status": student.private.get("iep", ""),
        "gifted_status": "",
        "section_504_status": "",
        "home_language": student.private.get("language", ""),
        "home_language_code": student.private.get("language_code", ""),
    }
