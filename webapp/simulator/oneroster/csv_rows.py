"""A district's records as the rows of OneRoster's CSV files, by column name."""

from collections.abc import Iterable, Iterator

from webapp.simulator.oneroster.records import RACES, SEXES
from webapp.simulator.world import Course, District, Enrollment, Person, School, Section, Term

CsvRow = dict[str, str]

ROLES = {
    "1.1": {"site_admin": "administrator", "district_admin": "administrator"},
    "1.2": {"site_admin": "siteAdministrator", "district_admin": "districtAdministrator"},
}
"""What kinds of people are called, where they are not called what they are."""


class CsvWriter:
    """Writes one district's rows. What a row does not name stays blank."""

    def __init__(self, district: District) -> None:
        self.district = district

    def everything(self, version: str) -> dict[str, Iterable[CsvRow]]:
        """The rows of every file of a version."""
        district, people = self.district, self.district.people.values()
        rows: dict[str, Iterable[CsvRow]] = {
            "academicSessions": map(self.session, district.terms.values()),
            "orgs": self.orgs(),
            "courses": map(self.course, district.courses.values()),
            "classes": map(self.section, district.sections.values()),
            "enrollments": map(self.enrollment, district.enrollments.values()),
            "demographics": (self.demographics(one) for one in people if one.private.get("born")),
        }
        if version == "1.1":
            return rows | {"users": map(self.user_with_role, people)}
        return rows | {
            "users": map(self.user_with_names, people),
            "roles": (row for one in people for row in self.roles(one)),
            "userProfiles": map(self.profile, people),
        }

    def orgs(self) -> Iterator[CsvRow]:
        """The district itself, where it has an id, and its schools."""
        top = self.district
        if top.sourced_id:
            yield {"sourcedId": top.sourced_id, "name": top.name, "type": "district", "identifier": top.nces_id}
        yield from map(self.school, top.schools.values())

    def school(self, school: School) -> CsvRow:
        """One school; its identifier is the NCES number."""
        return {
            "sourcedId": school.sourced_id,
            "name": school.name,
            "type": "school",
            "identifier": school.nces_id,
            "parentSourcedId": self.district.sourced_id,
        }

    def session(self, term: Term) -> CsvRow:
        """One academic session."""
        return {
            "sourcedId": term.sourced_id,
            "title": term.name,
            "type": term.kind,
            "startDate": term.starts,
            "endDate": term.ends,
            "parentSourcedId": term.parent,
            "schoolYear": term.school_year,
        }

    def course(self, course: Course) -> CsvRow:
        """One course."""
        return {
            "sourcedId": course.sourced_id,
            "schoolYearSourcedId": course.school_year,
            "title": course.name,
            "courseCode": course.number,
            "grades": ",".join(course.grades),
            "orgSourcedId": course.org,
            "subjects": course.subject,
        }

    def section(self, section: Section) -> CsvRow:
        """One class."""
        return {
            "sourcedId": section.sourced_id,
            "title": section.name,
            "grades": ",".join(section.grades),
            "courseSourcedId": section.course,
            "classCode": section.code,
            "classType": "homeroom" if section.homeroom else "scheduled",
            "location": section.room,
            "schoolSourcedId": section.school,
            "termSourcedIds": ",".join(section.terms),
            "subjects": section.subject,
            "periods": section.period,
        }

    def enrollment(self, enrollment: Enrollment) -> CsvRow:
        """One person in one class."""
        section = self.district.sections.get(enrollment.section)
        return {
            "sourcedId": enrollment.sourced_id,
            "classSourcedId": enrollment.section,
            "schoolSourcedId": section.school if section else "",
            "userSourcedId": enrollment.person,
            "role": enrollment.role,
            "primary": flag(enrollment.primary),
            "beginDate": enrollment.begins,
            "endDate": enrollment.ends,
        }

    def user(self, person: Person) -> CsvRow:
        """One person, with all that vendors must not keep: password, phones, guardians."""
        return {
            "sourcedId": person.sourced_id,
            "enabledUser": flag(person.enabled),
            "username": person.username,
            "userIds": f"{{LDAP:{person.username}}},{{SIS:{person.sis_id}}}",
            "givenName": person.given,
            "familyName": person.family,
            "middleName": person.middle,
            "identifier": person.number,
            "email": person.email,
            "sms": person.private.get("sms", ""),
            "phone": person.private.get("phone", ""),
            "agentSourcedIds": ",".join(person.guardians),
            "grades": person.grade,
            "password": person.private.get("password", ""),
        }

    def user_with_role(self, person: Person) -> CsvRow:
        """A row of 1.1: everybody has one role, in one org or several."""
        role = ROLES["1.1"].get(person.kind, person.kind)
        return self.user(person) | {"role": role, "orgSourcedIds": ",".join(self.orgs_of(person))}

    def user_with_names(self, person: Person) -> CsvRow:
        """A row of 1.2: roles stand in a file of their own."""
        return self.user(person) | {"preferredGivenName": person.given, "primaryOrgSourcedId": self.orgs_of(person)[0]}

    def roles(self, person: Person) -> Iterator[CsvRow]:
        """A person's roles: the same in each org, the first of them primary."""
        for place, org in enumerate(self.orgs_of(person)):
            yield {
                "sourcedId": f"role-{place}-{person.sourced_id}",
                "userSourcedId": person.sourced_id,
                "roleType": "secondary" if place else "primary",
                "role": ROLES["1.2"].get(person.kind, person.kind),
                "orgSourcedId": org,
                "userProfileSourcedId": f"profile-{person.sourced_id}",
            }

    def profile(self, person: Person) -> CsvRow:
        """What a person logs in with elsewhere: nothing that a roster needs."""
        return {
            "sourcedId": f"profile-{person.sourced_id}",
            "userSourcedId": person.sourced_id,
            "profileType": "directory",
            "vendorId": "district",
            "credentialType": "password",
            "username": person.username,
            "password": person.private.get("password", ""),
        }

    def demographics(self, person: Person) -> CsvRow:
        """A student's birth date, sex and race, under the student's own id."""
        private = person.private
        return {
            "sourcedId": person.sourced_id,
            "birthDate": private.get("born", ""),
            "sex": private.get("sex") or SEXES.get(private.get("gender", ""), ""),
            **{name: flag(private.get("race") == word) for word, name in RACES.items()},
            "hispanicOrLatinoEthnicity": flag(private.get("hispanic", "").upper() in ("Y", "TRUE")),
            "cityOfBirth": private.get("birth_city") or private.get("city", ""),
        }

    def orgs_of(self, person: Person) -> list[str]:
        """Where somebody belongs: to the district, where to no school."""
        return person.schools or [self.district.sourced_id or next(iter(self.district.schools), "")]


def flag(value: bool) -> str:
    """A flag as the standard writes it."""
    return "true" if value else "false"
