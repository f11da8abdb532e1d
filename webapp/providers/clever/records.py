"""The shapes of Clever's answers, as far as a roster needs them: fields that are not here never leave the decoder."""

from typing import Generic, TypeVar

from msgspec import Struct, field

from webapp.providers.answers import Ids, Text


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
    student: StudentRole | None = None
    teacher: TeacherRole | None = None
    staff: StaffRole | None = None
    district_admin: DistrictAdminRole | None = None


class UserRow(Struct, gc=False):
    id: str
    name: Name | None = None
    email: Text = None
    roles: Roles | None = None


class SchoolRow(Struct, gc=False):
    id: str
    name: Text = None
    nces_id: Text = None


class TermRow(Struct, gc=False):
    id: str
    name: Text = None
    start_date: Text = None
    end_date: Text = None


class CourseRow(Struct, gc=False):
    id: str
    name: Text = None
    number: Text = None


class SectionRow(Struct, gc=False):
    id: str
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


class Owner(Struct, gc=False):
    id: str
    type: Text = None


class TokenRow(Struct, gc=False):
    owner: Owner
    access_token: str


class Me(Struct, gc=False):
    id: str
    district: Text = None


class DistrictRow(Struct, gc=False):
    id: str


class Link(Struct, gc=False):
    rel: Text = None
    uri: Text = None


Row = TypeVar("Row")


class One(Struct, Generic[Row]):
    """The envelope of one object."""

    data: Row


class Listing(Struct, Generic[Row]):
    """The envelope of a list: each row in an envelope of its own."""

    data: list[One[Row]]
    links: list[Link] = field(default_factory=list)


class TokenListing(Struct):
    """The token list's envelope, whose rows are bare."""

    data: list[TokenRow]
    links: list[Link] = field(default_factory=list)
