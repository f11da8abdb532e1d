"""OneRoster's records in our words."""

from collections.abc import Collection

from webapp.providers.answers import exact, exact_all, text
from webapp.providers.dates import day
from webapp.providers.oneroster.records import (
    ClassRow,
    CourseRow,
    EnrollmentRow,
    Id,
    OneRef,
    OrgRow,
    Ref,
    Refs,
    RoleRow,
    Row,
    SessionRow,
    UserIdRow,
    UserRow,
)
from webapp.providers.oneroster.words import denied, flag, grade, parts, words
from webapp.roster.records import Course, Enrollment, Person, Role, School, Section, Term

ROLES = {
    "student": Role.STUDENT,
    "teacher": Role.TEACHER,
    "counselor": Role.STAFF,
    "principal": Role.SCHOOL_ADMIN,
    "siteadministrator": Role.SCHOOL_ADMIN,
    "districtadministrator": Role.DISTRICT_ADMIN,
    "systemadministrator": Role.DISTRICT_ADMIN,
}
"""Both versions' roles that mean something here. Not among them: aides and proctors, who get no rights by themselves,
guardians, parents and relatives, who are not rostered, and words of a server's own. Of 1.1's `administrator` the school
decides."""

IN_CLASS = {"student": Role.STUDENT, "teacher": Role.TEACHER}

SIS = {"sis", "sisid", "sis_id"}
"""How servers call the school system's own id among a user's ids."""


def there(row: Row) -> bool:
    """False for a record that is only listed to say that it is gone, and for one that has no id: blank joins nobody."""
    return not gone(row) and not blank(row.source_id)


def gone(row: Row) -> bool:
    """True for a record that is only listed to say that it is gone."""
    return text(row.status).lower() == "tobedeleted"


def blank(source_id: Id) -> bool:
    """True where there is no id, or one of spaces only."""
    return not exact(source_id).strip()


def to_school(row: OrgRow) -> School | None:
    """One org, where it is a school."""
    if text(row.type).lower() != "school":
        return None
    return School(exact(row.source_id), text(row.name), text(row.identifier))


def to_term(row: SessionRow) -> Term:
    """One academic session of any type."""
    return Term(exact(row.source_id), text(row.title), day(row.start_date), day(row.end_date))


def to_course(row: CourseRow) -> Course:
    """One course."""
    return Course(exact(row.source_id), text(row.title), text(row.course_code))


def to_section(row: ClassRow) -> Section:
    """One class."""
    return Section(
        source_id=exact(row.source_id),
        name=text(row.title),
        school_source_id=named(row.school),
        course_source_id=named(row.course),
        term_source_ids=all_named(row.terms),
        period=", ".join(parts(row.periods)),
        subject=next(iter(words(row.subjects)), ""),
        number=text(row.class_code),
        grades=tuple(map(grade, parts(row.grades))),
    )


def to_person(row: UserRow, schools: Collection[str]) -> Person | None:
    """One user with all roles; None for one who has none that we roster. `schools` are the ids of the schools."""
    orgs = orgs_of(row)
    at_schools = tuple(org for org in orgs if org in schools)
    roles = _roles(row, at_a_school=bool(at_schools))
    if not roles:
        return None
    return Person(
        source_id=exact(row.source_id),
        roles=roles,
        given_name=text(row.given_name),
        family_name=text(row.family_name),
        email="" if Role.STUDENT in roles else text(row.email),
        grade=next(map(grade, parts(row.grades)), "") if Role.STUDENT in roles else "",
        school_source_ids=at_schools,
        sis_id=next((text(one.identifier) for one in _user_ids(row) if text(one.type).lower() in SIS), ""),
        student_number=text(row.identifier),
        enabled=not denied(row.enabled_user),
    )


def is_student(row: UserRow) -> bool:
    """True for a student, whatever list the row stands in."""
    return Role.STUDENT in _roles(row, at_a_school=False)


def is_teacher(row: UserRow) -> bool:
    """True for a teacher, whatever else they are."""
    return Role.TEACHER in _roles(row, at_a_school=False)


def to_enrollment(row: EnrollmentRow) -> Enrollment | None:
    """One enrollment, where it is a student's or a teacher's."""
    section, person, role = named(row.class_), named(row.user), IN_CLASS.get(text(row.role).lower())
    if not section or not person or not role:
        return None
    return Enrollment(section, person, role, primary=role is Role.TEACHER and flag(row.primary))


def named(ref: OneRef) -> str:
    """The id that a reference holds, "" where there is none; byte for byte, but blank is none."""
    source_id = ref.source_id if isinstance(ref, Ref) else ref
    return "" if blank(source_id) else exact(source_id)


def all_named(refs: Refs) -> tuple[str, ...]:
    """The ids that these references hold."""
    return exact_all(named(ref) for ref in (refs if isinstance(refs, list) else [refs]))


def orgs_of(row: UserRow) -> tuple[str, ...]:
    """A user's orgs, of 1.1's list and 1.2's roles."""
    return exact_all([*all_named(row.orgs), *(named(entry.org) for entry in _role_rows(row))])


def _role_rows(row: UserRow) -> list[RoleRow]:
    return [entry for entry in row.roles or () if isinstance(entry, RoleRow)]


def _user_ids(row: UserRow) -> list[UserIdRow]:
    return [entry for entry in row.user_ids or () if isinstance(entry, UserIdRow)]


def _roles(row: UserRow, *, at_a_school: bool) -> tuple[Role, ...]:
    """1.2's roles where they say anything to us, else 1.1's."""
    held = _known(words([entry.role for entry in _role_rows(row)]), at_a_school=at_a_school)
    held = held or _known(words(row.role), at_a_school=at_a_school)
    return tuple(role for role in Role if role in held)


def _known(said: tuple[str, ...], *, at_a_school: bool) -> set[Role]:
    spelled = {word.lower() for word in said}
    held = {role for word, role in ROLES.items() if word in spelled}
    if "administrator" in spelled:
        held.add(Role.SCHOOL_ADMIN if at_a_school else Role.DISTRICT_ADMIN)
    return held
