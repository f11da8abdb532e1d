"""Where each column's value stands in the shapes that OneRoster has over REST, and which columns must be there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import fields

from webapp.providers.answers import Text
from webapp.providers.oneroster.records import (
    ClassRow,
    CourseRow,
    EnrollmentRow,
    OneRef,
    OrgRow,
    RoleRow,
    SessionRow,
    UserRow,
)

USER_ID = re.compile(r"\{([^{}:]*):([^{}]*)\}")

Place = tuple[str, Callable[[str], object]]
"""The name that a column's value has over REST, and how it is written there."""


def ref(cell: str) -> object:
    """A reference."""
    return {"sourcedId": cell}


def words(cell: str) -> list[str]:
    """The items of a list in one cell."""
    return [word for one in cell.split(",") if (word := one.strip())]


def refs(cell: str) -> object:
    """A list of references."""
    return [ref(one) for one in words(cell)]


def user_ids(cell: str) -> object:
    """`{LDAP:zoe},{SIS:77}`: a person's ids in other systems."""
    return [{"type": kind.strip(), "identifier": id_.strip()} for kind, id_ in USER_ID.findall(cell)]


PLACES: dict[str, Place] = {
    "grades": ("grades", words),
    "subjects": ("subjects", words),
    "subjectCodes": ("subjectCodes", words),
    "periods": ("periods", words),
    "parentSourcedId": ("parent", ref),
    "schoolYearSourcedId": ("schoolYear", ref),
    "orgSourcedId": ("org", ref),
    "courseSourcedId": ("course", ref),
    "schoolSourcedId": ("school", ref),
    "classSourcedId": ("class", ref),
    "userSourcedId": ("user", ref),
    "termSourcedIds": ("terms", refs),
    "orgSourcedIds": ("orgs", refs),
    "primaryOrgSourcedId": ("primaryOrg", ref),
    "userIds": ("userIds", user_ids),
}
"""The columns that are written otherwise than over REST; every other one keeps its name and its text."""

TAKEN = {name for name, _ in PLACES.values()}.difference(PLACES)
"""Names that mean something else over REST than in a file: a column `course` of somebody's own is no reference."""

OneRow = TypeVar("OneRow", bound=Struct)


class RoleLine(RoleRow, gc=False):
    """A row of roles.csv: one of a 1.2 user's roles, and whose it is."""

    user: OneRef = None
    status: Text = None


@dataclass(frozen=True)
class Shape(Generic[OneRow]):
    """One file: its name without `.csv`, the kind of row it holds, the columns it must have, and those of them that no
    row may leave empty."""

    name: str
    row: type[OneRow]
    columns: tuple[str, ...]
    filled: tuple[str, ...]

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"

    def place(self, column: str) -> Place | None:
        """Where a column's value goes; None for a column that we do not read: its cells go nowhere."""
        name, written = PLACES.get(column, (column, str))
        read = column not in TAKEN and name in {one.encode_name for one in fields(self.row)}
        return (name, written) if read else None


ORGS = Shape("orgs", OrgRow, ("sourcedId", "name", "type"), ("sourcedId", "type"))
SESSIONS = Shape("academicSessions", SessionRow, ("sourcedId", "title", "startDate", "endDate"), ("sourcedId",))
COURSES = Shape("courses", CourseRow, ("sourcedId", "title"), ("sourcedId",))
CLASSES = Shape("classes", ClassRow, ("sourcedId", "title", "schoolSourcedId"), ("sourcedId", "schoolSourcedId"))
ENROLLMENTS = Shape(
    "enrollments",
    EnrollmentRow,
    ("sourcedId", "classSourcedId", "userSourcedId", "role"),
    ("classSourcedId", "userSourcedId", "role"),
)
USERS = Shape(
    "users", UserRow, ("sourcedId", "role", "orgSourcedIds", "givenName", "familyName"), ("sourcedId", "role")
)
USERS_BESIDE_ROLES = Shape("users", UserRow, ("sourcedId", "givenName", "familyName"), ("sourcedId",))
ROLES = Shape("roles", RoleLine, ("userSourcedId", "role", "orgSourcedId"), ("userSourcedId", "role"))
