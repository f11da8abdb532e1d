"""A made-up district to look at: people, a license, a connection, sections and the classes that follow them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from webapp.store.database import tenant
from webapp.store.tables import (
    Account,
    AccountRole,
    ClassSource,
    Connection,
    District,
    Enrollment,
    License,
    LicenseMember,
    School,
    SchoolClass,
    Section,
    SyncRun,
    Term,
)

BEGAN = datetime(2026, 9, 1, 12, tzinfo=UTC)


@dataclass
class MadeUp:
    """One district and whatever a test has put into it."""

    district_id: UUID = field(default_factory=uuid4)
    license_id: UUID = field(default_factory=uuid4)
    connection_id: UUID = field(default_factory=uuid4)

    def add(self, *rows: object) -> None:
        """Put rows into the district, in this order."""
        with tenant(self.district_id) as session:
            for row in rows:
                session.add(row)
                session.flush()

    def person(self, given: str, family: str, role: str, *, member: bool = False, grade: str | None = None) -> UUID:
        """Somebody with an account and this role."""
        account_id, own = uuid4(), {"district_id": self.district_id}
        self.add(
            Account(id=account_id, given_name=given, family_name=family, grade=grade, made_at=BEGAN, **own),
            AccountRole(account_id=account_id, role=role, **own),
        )
        if member:
            membership = LicenseMember(license_id=self.license_id, account_id=account_id, role="teacher", joined_at=BEGAN)
            membership.district_id = self.district_id
            self.add(membership)
        return account_id

    def a_class(self, name: str, *people: UUID, period: str = "", **more: object) -> UUID:
        """A class that follows a section of this name, with these people (teacher first, then students)."""
        class_id, section_id = uuid4(), uuid4()
        own = {"district_id": self.district_id}
        shared = {"connection_id": self.connection_id, "name": name, **own}
        values = {"state": "active", "as_of": BEGAN, "state_since": BEGAN, "made_at": BEGAN} | more
        self.add(
            Section(
                id=section_id,
                source_id=f"section-{class_id}",
                school_source_id="school-1",
                course_source_id="",
                term_source_ids=["term-1"],
                period=period,
                subject="Science",
                number="",
                grades=[],
                **shared,
            ),
            SchoolClass(id=class_id, license_id=self.license_id, provider_name=name, **values, **own),
            ClassSource(
                class_id=class_id, connection_id=self.connection_id, section_id=section_id, from_at=BEGAN, **own
            ),
        )
        for place, account_id in enumerate(people):
            self.enroll(class_id, account_id, "student" if place else "teacher")
        return class_id

    def enroll(self, class_id: UUID, account_id: UUID, role: str = "student", *, state: str = "active") -> None:
        """Put somebody into a class."""
        self.add(
            Enrollment(
                class_id=class_id,
                account_id=account_id,
                role=role,
                state=state,
                began_on=date(2026, 9, 1),
                source_connection_id=self.connection_id,
                district_id=self.district_id,
            )
        )

    def section_of(self, class_id: UUID) -> str:
        """The source id of the section that this class follows."""
        return f"section-{class_id}"

    def run(self, *, state: str = "done", kind: str = "sync", **more: object) -> UUID:
        """A sync run of the connection."""
        run_id = uuid4()
        values = {"requested_at": BEGAN, "progress": 0, "counts": {}} | more
        row = SyncRun(id=run_id, connection_id=self.connection_id, kind=kind, state=state, **values)
        row.district_id = self.district_id
        self.add(row)
        return run_id


def a_district(name: str = "Maple Valley Schools") -> MadeUp:
    """A district with a license, a Clever connection, a school and a term."""
    made = MadeUp()
    own = {"district_id": made.district_id}
    with tenant(made.district_id) as session:
        _found(session, made, name)
    shared = {"connection_id": made.connection_id, **own}
    made.add(
        License(id=made.license_id, name="Science", starts_on=date(2026, 7, 1), student_seats=500, made_at=BEGAN, **own),
        Connection(
            id=made.connection_id,
            provider="clever",
            provider_district="d1",
            method="teacher_choice",
            state="connected",
            made_at=BEGAN,
            **own,
        ),
        School(source_id="school-1", name="Cedar Middle School", **shared),
        Term(
            source_id="term-1",
            name="Fall 2026",
            starts_on=date(2026, 8, 20),
            ends_on=date(2026, 12, 18),
            **shared,
        ),
    )
    return made


def _found(session: Session, made: MadeUp, name: str) -> None:
    session.add(District(id=made.district_id, name=name, time_zone="America/New_York", made_at=BEGAN))
