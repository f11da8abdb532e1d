"""The shapes of Clever's answers, as far as a roster needs them: fields that are not here never leave the decoder."""

from typing import Generic, Literal, TypeVar

from msgspec import Struct

from webapp.providers.answers import Text

Nothing = Literal[""] | None
"""Absent, "" and null all mean "no value", for a part of a record and for a list as well as for a text."""

Ids = list[str | int | None] | Nothing


class Name(Struct, gc=False):
    first: Text = None
    last: Text = None


class StudentRole(Struct, gc=False):
    sis_id: Text = None
    student_number: Text = None
    grade: Text = None
    school: Text = None
    schools: Ids = None


class TeacherRole(Struct, gc=False):
    sis_id: Text = None
    teacher_number: Text = None
    school: Text = None
    schools: Ids = None


class StaffRole(Struct, gc=False):
    staff_id: Text = None
    schools: Ids = None


class DistrictAdminRole(Struct, gc=False):
    pass


class Roles(Struct, gc=False):
    student: StudentRole | Nothing = None
    teacher: TeacherRole | Nothing = None
    staff: StaffRole | Nothing = None
    district_admin: DistrictAdminRole | Nothing = None


class UserRow(Struct, gc=False):
    id: str
    district: Text = None
    name: Name | Nothing = None
    email: Text = None
    roles: Roles | Nothing = None


class SchoolRow(Struct, gc=False):
    id: str
    district: Text = None
    name: Text = None
    nces_id: Text = None


class TermRow(Struct, gc=False):
    id: str
    district: Text = None
    name: Text = None
    start_date: Text = None
    end_date: Text = None


class CourseRow(Struct, gc=False):
    id: str
    district: Text = None
    name: Text = None
    number: Text = None


class SectionRow(Struct, gc=False):
    id: str
    district: Text = None
    name: Text = None
    school: Text = None
    course: Text = None
    term_id: Text = None
    period: Text = None
    subject: Text = None
    section_number: Text = None
    grade: Text = None
    teacher: Text = None
    teachers: Ids = None
    students: Ids = None


class Me(Struct, gc=False):
    id: str
    district: Text = None


class DistrictRow(Struct, gc=False):
    id: str
    state: Text = None
    launch_date: Text = None
    last_sync: Text = None
    pause_start: Text = None
    pause_end: Text = None

    @property
    def district(self) -> str:
        """Itself."""
        return self.id


class Owner(Struct, gc=False):
    id: Text = None
    type: Text = None


class TokenRow(Struct, gc=False):
    owner: Owner | Nothing = None
    created: Text = None
    access_token: Text = None


class Link(Struct, gc=False):
    rel: Text = None
    uri: Text = None


Links = list[Link] | Nothing
Row = TypeVar("Row")


class One(Struct, Generic[Row]):
    """The envelope of one object."""

    data: Row


class Listing(Struct, Generic[Row]):
    """The envelope of a list: each row in an envelope of its own."""

    data: list[One[Row]]
    links: Links = None


class TokenListing(Struct):
    """The token list's envelope, whose rows are bare."""

    data: list[TokenRow]
    links: Links = None
