"""A district's records in OneRoster 1.1's JSON, as ClassLink's Roster Server writes it."""

from typing import Any
from urllib.parse import quote

from webapp.simulator.world import Course, District, Enrollment, Person, Record, School, Section, Term

Json = dict[str, Any]

ROLES = {"site_admin": "administrator", "district_admin": "administrator"}
SEXES = {"M": "male", "F": "female"}
RACES = {
    "American Indian": "americanIndianOrAlaskaNative",
    "Asian": "asian",
    "Black or African American": "blackOrAfricanAmerican",
    "Hawaiian or Other Pacific Islander": "nativeHawaiianOrOtherPacificIslander",
    "Caucasian": "white",
    "Two or More Races": "demographicRaceTwoOrMoreRaces",
}


class RosterWriter:
    """Writes one district's records; flags are the strings "true" and "false", as ClassLink sends them."""

    def __init__(self, district: District) -> None:
        self.district = district
        # References point at the district's own server, not at the proxy: nobody should follow them.
        self.host = f"https://{district.domain.partition('.')[0]}-{district.number}.rosterserver.example"
        self.root = f"{self.host}/ims/oneroster/v1p1"
        self._references: dict[tuple[str, str], Json] = {}

    def reference(self, collection: str, kind: str, sourced_id: str) -> Json:
        """A reference to another record, the same one each time: a district has many to few."""
        key = (collection, sourced_id)
        if key not in self._references:
            href = f"{self.root}/{collection}/{quote(sourced_id)}"
            self._references[key] = {"href": href, "sourcedId": sourced_id, "type": kind}
        return self._references[key]

    def record(self, record: Record) -> Json:
        """What every record begins with."""
        return {"sourcedId": record.sourced_id, "status": "active", "dateLastModified": record.modified}

    def district_org(self) -> Json:
        """The district itself."""
        schools = [self.reference("orgs", "org", one) for one in self.district.schools]
        return {
            "sourcedId": self.district.sourced_id,
            "status": "active",
            "dateLastModified": self.district.opened,
            "name": self.district.name,
            "type": "district",
            "identifier": self.district.nces_id,
            "children": schools,
        }

    def school(self, school: School) -> Json:
        """One school; its identifier is the NCES number."""
        parent = self.reference("orgs", "org", self.district.sourced_id) if self.district.sourced_id else None
        shown = {"name": school.name, "type": "school", "identifier": school.nces_id}
        return self.record(school) | shown | ({"parent": parent} if parent else {})

    def session(self, term: Term) -> Json:
        """One academic session; Clever shows the same end date, though only here the text calls it exclusive."""
        shown: Json = {
            "title": term.name,
            "type": term.kind,
            "startDate": term.starts,
            "endDate": term.ends,
            "schoolYear": term.school_year,
        }
        if term.parent in self.district.terms:
            shown["parent"] = self.reference("academicSessions", "academicSession", term.parent)
        children = [one.sourced_id for one in self.district.terms.values() if one.parent == term.sourced_id]
        shown["children"] = [self.reference("academicSessions", "academicSession", one) for one in children]
        return self.record(term) | shown

    def course(self, course: Course) -> Json:
        """One course."""
        shown: Json = {
            "title": course.name,
            "courseCode": course.number,
            "grades": course.grades,
            "subjects": [course.subject] if course.subject else [],
            "subjectCodes": [],
        }
        if course.school_year:
            shown["schoolYear"] = self.reference("academicSessions", "academicSession", course.school_year)
        if course.org:
            shown["org"] = self.reference("orgs", "org", course.org)
        return self.record(course) | shown

    def section(self, section: Section) -> Json:
        """One class; only the enrollments say who is in it."""
        shown: Json = {
            "title": section.name,
            "classCode": section.code,
            "classType": "homeroom" if section.homeroom else "scheduled",
            "location": section.room,
            "grades": section.grades,
            "subjects": [section.subject] if section.subject else [],
            "school": self.reference("orgs", "org", section.school),
            "terms": [self.reference("academicSessions", "academicSession", one) for one in section.terms],
            "subjectCodes": [],
            "periods": [section.period] if section.period else [],
        }
        if section.course:
            shown["course"] = self.reference("courses", "course", section.course)
        return self.record(section) | shown

    def user(self, person: Person) -> Json:
        """One person, with all that vendors must not keep: password, phones, guardians."""
        orgs = person.schools or [self.district.sourced_id or next(iter(self.district.schools), "")]
        return self.record(person) | {
            "username": person.username,
            "userIds": [{"type": "LDAP", "identifier": person.username}, {"type": "SIS", "identifier": person.sis_id}],
            "enabledUser": "true" if person.enabled else "false",
            "givenName": person.given,
            "familyName": person.family,
            "middleName": person.middle,
            "role": ROLES.get(person.kind, person.kind),
            "identifier": person.number,
            "email": person.email,
            "sms": person.private.get("sms", ""),
            "phone": person.private.get("phone", ""),
            "agents": [self.reference("users", "user", one) for one in person.guardians],
            "orgs": [self.reference("orgs", "org", one) for one in orgs],
            "grades": [person.grade] if person.grade else [],
            "password": person.private.get("password", ""),
        }

    def enrollment(self, enrollment: Enrollment) -> Json:
        """One person in one class; only the primary teacher is primary."""
        section = self.district.sections[enrollment.section]
        shown: Json = {
            "sourcedId": enrollment.sourced_id,
            "status": "active",
            "dateLastModified": enrollment.modified,
            "user": self.reference("users", "user", enrollment.person),
            "class": self.reference("classes", "class", enrollment.section),
            "school": self.reference("orgs", "org", section.school),
            "role": enrollment.role,
            "primary": "true" if enrollment.primary else "false",
        }
        dates = {"beginDate": enrollment.begins, "endDate": enrollment.ends}
        return shown | {name: day for name, day in dates.items() if day}

    def demographics(self, person: Person) -> Json:
        """A student's birth date, sex and race, under the student's own id."""
        private = person.private
        races = {name: str(private.get("race") == word).lower() for word, name in RACES.items()}
        sex = private.get("sex") or SEXES.get(private.get("gender", ""))
        return self.record(person) | {
            "birthDate": private.get("born", ""),
            **({"sex": sex} if sex else {}),
            **races,
            "hispanicOrLatinoEthnicity": str(private.get("hispanic", "").upper() in ("Y", "TRUE")).lower(),
            "cityOfBirth": private.get("birth_city") or private.get("city", ""),
        }
