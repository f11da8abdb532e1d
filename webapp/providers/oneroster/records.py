"""The shapes of OneRoster's answers, as far as a roster needs them: other fields never leave the decoder."""

from msgspec import Struct, field

from webapp.providers.answers import Text

Id = str | int | None

Words = list[Text] | str | int | float | bool | None
"""A list of words, which some servers send as one string."""


class Ref(Struct, gc=False):
    """A reference. Its `href` names the district's own server and is never followed, so it is not even decoded."""

    source_id: Id = field(name="sourcedId", default=None)


OneRef = Ref | str | None
"""Some servers write "" where there is no reference."""

Refs = list[OneRef] | OneRef


class Row(Struct, gc=False):
    """What every object has. An id may be missing all the same: one such record must not cost a district its sync."""

    source_id: Id = field(name="sourcedId", default=None)
    status: Text = None


class OrgRow(Row, gc=False):
    name: Text = None
    type: Text = None
    identifier: Text = None


class SessionRow(Row, gc=False):
    title: Text = None
    start_date: Text = field(name="startDate", default=None)
    end_date: Text = field(name="endDate", default=None)


class CourseRow(Row, gc=False):
    title: Text = None
    course_code: Text = field(name="courseCode", default=None)


class ClassRow(Row, gc=False):
    title: Text = None
    class_code: Text = field(name="classCode", default=None)
    grades: Words = None
    subjects: Words = None
    periods: Words = None
    course: OneRef = None
    school: OneRef = None
    terms: Refs = None


class UserIdRow(Struct, gc=False):
    """One of a user's ids in other systems."""

    type: Text = None
    identifier: Text = None


class RoleRow(Struct, gc=False):
    """One entry of a 1.2 user's `roles`."""

    role: Text = None
    org: OneRef = None


class UserRow(Row, gc=False):
    given_name: Text = field(name="givenName", default=None)
    family_name: Text = field(name="familyName", default=None)
    enabled_user: Text = field(name="enabledUser", default=None)
    identifier: Text = None
    user_ids: list[UserIdRow | str | None] | str | None = field(name="userIds", default=None)
    email: Text = None
    role: Words = None
    roles: list[RoleRow | str | None] | str | None = None
    """1.2's, which 1.1 answers of some districts hold beside `role` and `orgs`, or in their place."""
    orgs: Refs = None
    grades: Words = None


class EnrollmentRow(Row, gc=False):
    user: OneRef = None
    class_: OneRef = field(name="class", default=None)
    role: Text = None
    primary: Text = None
    begin_date: Text = field(name="beginDate", default=None)
    end_date: Text = field(name="endDate", default=None)


class Orgs(Struct):
    rows: list[OrgRow] = field(name="orgs")


class Sessions(Struct):
    rows: list[SessionRow] = field(name="academicSessions")


class Courses(Struct):
    rows: list[CourseRow] = field(name="courses")


class Classes(Struct):
    rows: list[ClassRow] = field(name="classes")


class Users(Struct):
    rows: list[UserRow] = field(name="users")


class Enrollments(Struct):
    rows: list[EnrollmentRow] = field(name="enrollments")


class OneOrg(Struct):
    row: OrgRow = field(name="org")


class OneSession(Struct):
    row: SessionRow = field(name="academicSession")


class OneCourse(Struct):
    row: CourseRow = field(name="course")


class OneClass(Struct):
    row: ClassRow = field(name="class")


class OneUser(Struct):
    row: UserRow = field(name="user")


class OneEnrollment(Struct):
    row: EnrollmentRow = field(name="enrollment")
