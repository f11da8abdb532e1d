"""Reading one package: the same translation as OneRoster over REST, fed from files."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from msgspec.structs import replace

from webapp.providers.answers import exact
from webapp.providers.oneroster.enrollments import current, over
from webapp.providers.oneroster.records import RoleRow, Row, UserRow
from webapp.providers.oneroster.translation import (
    gone,
    named,
    there,
    to_course,
    to_person,
    to_school,
    to_section,
    to_term,
)
from webapp.providers.oneroster_csv import columns
from webapp.providers.oneroster_csv.columns import OneRow, Shape
from webapp.providers.oneroster_csv.faults import Fault, Faults
from webapp.providers.oneroster_csv.manifest import kinds_of
from webapp.providers.oneroster_csv.package import Package, package_at
from webapp.providers.oneroster_csv.table import Placed, Table
from webapp.roster.records import Record

PAGE = 1_000
"""So many rows are in memory at once, beside what must be known of the whole district."""

T = TypeVar("T")


class PackageReader:
    """Reads the package in a folder or a zip. `today` is the district's own day."""

    def __init__(self, path: Path, today: date) -> None:
        self._path = path
        self._today = today

    def whole(self, on_restart: Callable[[], None] | None = None) -> Iterator[Sequence[Record]]:
        """Everything in the package, in pages; files do not move, so nothing begins anew.

        Ends normally only where no file had a fault. Raises PackageRefused with all faults at the end, or at once where
        nothing can be read beyond them: what was yielded until then is no roster.
        """
        faults = Faults()
        tables = Tables(package_at(self._path), faults)
        tables.check()
        yield from self._pages(tables)
        faults.settle()

    def _pages(self, tables: "Tables") -> Iterator[Sequence[Record]]:
        orgs = (to_school(row) for row in tables.rows(columns.ORGS) if there(row))
        schools = {school.source_id: school for school in orgs if school}
        yield list(schools.values())
        rows = (to_term(row) for row in tables.rows(columns.SESSIONS) if there(row))
        terms = {term.source_id: term for term in rows}
        yield from paged(to_course(row) for row in tables.rows(columns.COURSES) if there(row))
        used: set[str] = set()
        ended: set[str] = set()
        for sections in paged(to_section(row) for row in tables.rows(columns.CLASSES) if there(row)):
            used.update(term for section in sections for term in section.term_source_ids)
            ended.update(section.source_id for section in sections if over(section, terms, self._today))
            yield sections
        # A school year or a grading period matters only where a class says that it lasts so long.
        yield [term for term in terms.values() if term.source_id in used]
        for enrollments in paged(tables.rows(columns.ENROLLMENTS)):
            yield current(enrollments, ended, self._today)
        people = (to_person(row, schools) for row in tables.users() if there(row))
        yield from paged(person for person in people if person)


class Tables:
    """The files of one package."""

    def __init__(self, package: Package, faults: Faults) -> None:
        self._package = package
        self._faults = faults
        self._kinds = kinds_of(package, faults)
        faults.settle()
        beside_roles = columns.ROLES.file in package
        self._user_shape = columns.USERS_BESIDE_ROLES if beside_roles else columns.USERS

    def check(self) -> None:
        """Raise PackageRefused where a file's header is wrong, with what is wrong with all of them."""
        around: tuple[Shape[Any], ...] = (columns.ORGS, columns.SESSIONS, columns.COURSES, columns.CLASSES)
        for shape in (*around, columns.ENROLLMENTS, self._user_shape, columns.ROLES):
            self._table(shape).check()
        self._faults.settle()

    def placed(self, shape: Shape[OneRow]) -> Iterator[Placed[OneRow]]:
        """The rows of one file, each with its line."""
        return self._table(shape).rows()

    def rows(self, shape: Shape[OneRow]) -> Iterator[OneRow]:
        """The rows of one file."""
        return (placed.row for placed in self.placed(shape))

    def users(self) -> Iterator[UserRow]:
        """The users, those of 1.2 with the roles that stand in a file of their own."""
        roles = self._roles()
        for user in self.placed(self._user_shape):
            held = roles.get(exact(user.row.source_id))
            if held is None and not user.row.role:
                # A file of roles that was cut must not make anybody vanish.
                self._faults.add(
                    Fault(user.file, "No row of roles.csv gives this user a role.", user.line, "sourcedId")
                )
            else:
                yield replace(user.row, roles=list(held)) if held else user.row

    def _roles(self) -> dict[str, list[RoleRow]]:
        roles: dict[str, list[RoleRow]] = {}
        for row in self.rows(columns.ROLES):
            held = roles.setdefault(named(row.user), [])
            if not gone(Row(status=row.status)):
                held.append(row)
        return roles

    def _table(self, shape: Shape[OneRow]) -> Table[OneRow]:
        return Table(self._package, shape, self._faults, declared=self._kinds[shape.name] == "bulk")


def paged(records: Iterator[T]) -> Iterator[list[T]]:
    """The records in pages."""
    while page := list(islice(records, PAGE)):
        yield page
