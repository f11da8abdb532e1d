"""Where a fetch is put before it is compared: temporary tables of one connection, filled by COPY, gone with it."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from psycopg import Connection as Driver
from sqlalchemy import Connection, text

from webapp.roster.records import Course, Enrollment, Person, Record, Role, School, Section, Term
from webapp.store.checkpoints import checkpoint
from webapp.store.database import TenantConnection
from webapp.store.statements import execute_each

TABLES = """
create temp table stage_school (source_id text, name text, nces_id text);
create temp table stage_term (source_id text, name text, starts_on date, ends_on date);
create temp table stage_course (source_id text, name text, number text);
create temp table stage_section (source_id text, name text, school_source_id text, course_source_id text,
    term_source_ids text[], period text, subject text, number text, grades text[]);
create temp table stage_person (source_id text, roles text[], given_name text, family_name text, roster_email text,
    grade text, school_source_ids text[], sis_id text, student_number text, enabled boolean);
create temp table stage_enrollment (section_source_id text, person_source_id text, role text, primary_teacher boolean);
create temp table set_aside (record text, source_id text, reason text, section_source_id text default '');
create temp table odd (record text, source_id text, reason text, section_source_id text default '');
"""

# What a second look found is taken in where the first fetch did not have it: found again is not gone (REL-2).
_FOUND_AGAIN = """
insert into stage_{name} select distinct a.* from again_{name} a
where not exists (select from stage_{name} s where {same});
truncate again_{name};
"""


def _person(person: Person) -> tuple[Any, ...]:
    # A student's e-mail is never kept (product.md, default field policy), whatever a provider hands us.
    email = "" if Role.STUDENT in person.roles else person.email
    return (
        person.source_id,
        [str(role) for role in person.roles],
        person.given_name,
        person.family_name,
        email,
        person.grade,
        list(person.school_source_ids),
        person.sis_id,
        person.student_number,
        person.enabled,
    )


def _section(section: Section) -> tuple[Any, ...]:
    return (
        section.source_id,
        section.name,
        section.school_source_id,
        section.course_source_id,
        list(section.term_source_ids),
        section.period,
        section.subject,
        section.number,
        list(section.grades),
    )


ROWS: dict[type, tuple[str, Callable[[Any], tuple[Any, ...]]]] = {
    School: ("school", lambda school: (school.source_id, school.name, school.nces_id)),
    Term: ("term", lambda term: (term.source_id, term.name, term.starts_on, term.ends_on)),
    Course: ("course", lambda course: (course.source_id, course.name, course.number)),
    Section: ("section", _section),
    Person: ("person", _person),
    Enrollment: ("enrollment", lambda e: (e.section_source_id, e.person_source_id, str(e.role), e.primary)),
}

KEYS = {"enrollment": ("section_source_id", "person_source_id", "role")}
"""What tells two staged records of a type apart; `source_id` for the others."""
_UNSTORABLE = "a text holds a character that cannot be stored"


class Stage(TenantConnection):
    """A complete fetch of one district, staged; use it by `with`, and compare on the same connection."""

    def __init__(self, district_id: UUID) -> None:
        super().__init__(district_id)
        with self.transaction() as connection:
            connection.execute(text(TABLES))
            for name, _to_row in ROWS.values():
                connection.execute(text(f"create temp table again_{name} (like stage_{name})"))
            checkpoint("stage.made")

    def clear(self) -> None:
        """Forget every page so far: the service's data moved while they were read, and it is read anew."""
        with self.transaction() as connection:
            names = [f"stage_{name}" for name, _to_row in ROWS.values()]
            connection.execute(text("truncate " + ", ".join([*names, "set_aside"])))

    def put(self, page: Sequence[Record]) -> None:
        """Add one page of records; those with text that PostgreSQL cannot hold are set aside, one by one."""
        self._put(page, "stage")

    def put_again(self, page: Sequence[Record]) -> None:
        """Add one page of a second look, apart from the first fetch."""
        self._put(page, "again")

    def take_in(self) -> None:
        """What the second look found and the first fetch did not have is part of the fetch."""
        with self.transaction() as connection:
            for name, _to_row in ROWS.values():
                keys = KEYS.get(name, ("source_id",))
                same = " and ".join(f"s.{key} = a.{key}" for key in keys)
                execute_each(connection, _FOUND_AGAIN.format(name=name, same=same), {})
            checkpoint("stage.found_again")

    def _put(self, page: Sequence[Record], where: str) -> None:
        with self.transaction() as connection:
            checkpoint("stage.page_begun")
            for kind in {type(record) for record in page}:
                name, to_row = ROWS[kind]
                rows = [to_row(record) for record in page if type(record) is kind]
                self._copy(connection, where, name, rows)
            checkpoint("stage.before_commit")

    def _copy(self, connection: Connection, where: str, name: str, rows: list[tuple[Any, ...]]) -> None:
        driver = connection.connection.driver_connection
        assert isinstance(driver, Driver)
        kept = [row for row in rows if _storable(row)]
        with driver.cursor() as cursor:
            with cursor.copy(f"copy {where}_{name} from stdin") as copy:
                for row in kept:
                    copy.write_row(row)
            if len(kept) < len(rows):
                aside = [_aside(name, row) for row in rows if not _storable(row)]
                cursor.executemany("insert into set_aside values (%s, %s, %s, %s)", aside)


def _aside(name: str, row: tuple[Any, ...]) -> tuple[str, str, str, str]:
    if name == "enrollment":
        return name, f"{_shown(row[0])} / {_shown(row[1])}", _UNSTORABLE, _shown(row[0])
    return name, _shown(row[0]), _UNSTORABLE, ""


def _storable(row: tuple[Any, ...]) -> bool:
    """False for NUL and lone surrogates, which JSON can carry and PostgreSQL cannot (REL-29)."""
    return all(_storable_text(value) for value in row if isinstance(value, str | list))


def _storable_text(value: str | list[str]) -> bool:
    if isinstance(value, list):
        return all(_storable_text(item) for item in value)
    return "\0" not in value and (value.isascii() or not any("\ud800" <= char <= "\udfff" for char in value))


def _shown(source_id: object) -> str:
    return str(source_id).encode("utf-8", "replace").decode().replace("\0", "?")
