"""A district between two terms: a fall section and its spring section, and the steps of the tests about succession."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text

from tests.factory import House, a_teacher, imported, synced, worked
from tests.shared_roster import PUPILS, SharedRoster
from webapp.actions.offer_sections import OfferedSection, offer_sections
from webapp.actions.request_import import request_import
from webapp.providers.service import Service
from webapp.roster.records import Role, Section, SectionOffer, Term
from webapp.store.database import tenant
from webapp.store.tables import SyncRun

FALL = Term("fall", "Fall", date(2026, 8, 17), date(2026, 12, 18))
SPRING = Term("spring", "Spring", date(2027, 1, 4), date(2027, 6, 4))
OCTOBER = datetime(2026, 10, 5, 14, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 10, 14, tzinfo=UTC)
JANUARY = datetime(2027, 1, 12, 14, tzinfo=UTC)


class TermByTerm(SharedRoster):
    """A service that tells for each section which terms and students it has."""

    def section_offers(self, person_source_id: str) -> list[SectionOffer]:
        """The sections that name this teacher."""
        return [self._told(offer) for offer in super().section_offers(person_source_id)]

    def _told(self, offer: SectionOffer) -> SectionOffer:
        own = [one for one in self.enrollments if one.section_source_id == offer.section.source_id]
        terms = tuple(term for term in self.terms if term.source_id in offer.section.term_source_ids)
        students = frozenset(one.person_source_id for one in own if one.role is Role.STUDENT)
        return replace(offer, terms=terms, student_source_ids=students)


@dataclass
class Town:
    """A customer whose one teacher taught Algebra in fall."""

    house: House
    services: Mapping[str, Service]
    shared: SharedRoster
    teacher: UUID = field(init=False)
    fall: SyncRun = field(init=False)

    def __post_init__(self) -> None:
        self.shared.terms = [FALL, SPRING]
        self.add("algebra-s1", "Algebra P3 S1", FALL, PUPILS[:10], period="3")
        self.teacher = a_teacher(self.house)
        self.fall = imported(self.house, self.teacher, ["algebra-s1"], self.services, OCTOBER)

    def add(
        self, source_id: str, name: str, term: Term, students: Sequence[str], *, teacher: str = "t1", **more: Any
    ) -> None:
        """Share one more section."""
        self.shared.sections.append(Section(source_id, name, "school", "course", (term.source_id,), **more))
        self.shared.join(source_id, teacher, Role.TEACHER, primary=True)
        for student in students:
            self.shared.join(source_id, student)

    def spring(self, students: Sequence[str] = PUPILS[2:12]) -> None:
        """The spring section appears: two have left, two are new."""
        self.add("algebra-s2", "Algebra P3 S2", SPRING, students, period="3")

    def sync(self, now: datetime) -> SyncRun:
        """Everything synced."""
        return synced(self.house, self.services, now)

    def offers(self, now: datetime, teacher: UUID | None = None, **more: UUID) -> dict[str, OfferedSection]:
        """What the import list offers, by source id."""
        found = offer_sections(self.house.district_id, teacher or self.teacher, services=self.services, now=now, **more)
        return {one.offer.section.source_id: one for one in found}

    def ask(self, section: str, class_id: UUID, now: datetime, teacher: UUID | None = None) -> UUID:
        """A request that this class goes on with this section."""
        return request_import(
            self.house.district_id,
            teacher or self.teacher,
            [section],
            services=self.services,
            now=now,
            continuing={section: class_id},
        )

    def go_on(self, now: datetime, section: str = "algebra-s2") -> SyncRun:
        """Algebra goes on with this section; the import as it ended."""
        return self.work(self.ask(section, self.algebra, now), now)

    def work(self, run_id: UUID, now: datetime) -> SyncRun:
        """The run done as a worker does it."""
        return worked(self.house, run_id, self.services, now)

    @property
    def algebra(self) -> UUID:
        """The class that was made first."""
        return UUID(str(self.rows("select id from school_class order by made_at, id limit 1")[0][0]))

    def follows(self) -> list[tuple[str, str | None]]:
        """Every class, in the order they were made: its provider name, and the section that it follows now."""
        return [
            (row[0], row[1])
            for row in self.rows(
                """select c.provider_name, s.source_id from school_class c
                   left join class_source cs on cs.class_id = c.id and cs.until_at is null
                   left join section s on s.id = cs.section_id order by c.made_at, c.id"""
            )
        ]

    def students(self) -> list[str]:
        """Who is actively in Algebra, sorted."""
        return self._in_algebra("n.state = 'active' and n.role = 'student'")

    def enrollments(self) -> dict[str, int]:
        """The enrollment of everybody who ever was in Algebra: source id -> id."""
        found = self.rows(
            f"""select i.subject, n.id from enrollment n join identity i on i.account_id = n.account_id
                where n.class_id = '{self.algebra}'"""
        )
        return {row[0]: row[1] for row in found}

    def _in_algebra(self, condition: str) -> list[str]:
        found = self.rows(
            f"""select i.subject from enrollment n join identity i on i.account_id = n.account_id
                where n.class_id = '{self.algebra}' and {condition} order by 1"""
        )
        return [row[0] for row in found]

    def rows(self, question: str) -> list[tuple[Any, ...]]:
        """What the database says."""
        with tenant(self.house.district_id) as session:
            return [tuple(row) for row in session.execute(text(question))]

    def end_enrollments(self, section: str) -> None:
        """The service lists nobody in this section any more."""
        self.shared.enrollments = [
            one for one in self.shared.enrollments if one.section_source_id != section or one.role is Role.TEACHER
        ]

    def vanish(self, now: datetime) -> None:
        """The fall section is gone from one day to the next, while another class of hers stays."""
        self.add("drama", "Drama", FALL, PUPILS[:3])
        imported(self.house, self.teacher, ["drama"], self.services, now - timedelta(hours=1))
        self.shared.withdraw("algebra-s1")
        self.sync(now)
