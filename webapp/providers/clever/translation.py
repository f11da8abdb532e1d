"""Clever's records in our words."""

from collections.abc import Iterator

from webapp.providers.answers import exact_all, text
from webapp.providers.clever.grades import ceds
from webapp.providers.clever.records import CourseRow, Roles, SchoolRow, SectionRow, TermRow, UserRow
from webapp.providers.dates import day
from webapp.roster.records import Course, Enrollment, Person, Role, School, Section, Term


def to_school(row: SchoolRow) -> School:
    """One Clever school."""
    return School(row.id, text(row.name), text(row.nces_id))


def to_term(row: TermRow) -> Term:
    """One Clever term."""
    return Term(row.id, text(row.name), day(row.start_date), day(row.end_date))


def to_course(row: CourseRow) -> Course:
    """One Clever course."""
    return Course(row.id, text(row.name), text(row.number))


def to_section(row: SectionRow) -> Section:
    """One Clever section."""
    grade = ceds(text(row.grade))
    return Section(
        source_id=row.id,
        name=text(row.name),
        school_source_id=text(row.school),
        course_source_id=text(row.course),
        term_source_ids=exact_all([text(row.term_id)]),
        period=text(row.period),
        subject=text(row.subject),
        number=text(row.section_number),
        grades=(grade,) if grade else (),
    )


def teachers_of(row: SectionRow) -> tuple[str, ...]:
    """The section's teachers, the primary one first. Clever may name her in `teacher`, in `teachers`, or in both."""
    return exact_all([text(row.teacher), *(row.teachers or ())])


def named(row: SectionRow) -> tuple[str, ...]:
    """Everybody whom the section names."""
    return (*teachers_of(row), *exact_all(row.students))


def to_enrollments(row: SectionRow) -> Iterator[Enrollment]:
    """Who stands in one Clever section."""
    primary = text(row.teacher)
    for teacher in teachers_of(row):
        yield Enrollment(row.id, teacher, Role.TEACHER, primary=teacher == primary)
    for student in exact_all(row.students):
        yield Enrollment(row.id, student, Role.STUDENT)


def to_person(row: UserRow) -> Person | None:
    """One Clever user with all roles; None for one who is only a contact."""
    held = row.roles or Roles()
    roles = tuple(_roles(held))
    if not roles:
        return None
    return Person(
        source_id=row.id,
        roles=roles,
        given_name=text(row.name.first) if row.name else "",
        family_name=text(row.name.last) if row.name else "",
        email="" if Role.STUDENT in roles else text(row.email),
        grade=ceds(text(held.student.grade)) if held.student else "",
        school_source_ids=_schools(held),
        sis_id=next((text(role.sis_id) for role in (held.student, held.teacher) if role), ""),
        student_number=_number(held),
    )


def _roles(held: Roles) -> Iterator[Role]:
    if held.student:
        yield Role.STUDENT
    if held.teacher:
        yield Role.TEACHER
    if held.staff:
        yield Role.STAFF
    if held.district_admin:
        yield Role.DISTRICT_ADMIN


def _schools(held: Roles) -> tuple[str, ...]:
    ids: list[str | int | None] = []
    for role in (held.student, held.teacher):
        if role:
            ids += [text(role.school), *(role.schools or ())]
    if held.staff:
        ids += held.staff.schools or ()
    return exact_all(ids)


def _number(held: Roles) -> str:
    if held.student:
        return text(held.student.student_number)
    number = text(held.teacher.teacher_number) if held.teacher else ""
    return number or (text(held.staff.staff_id) if held.staff else "")
