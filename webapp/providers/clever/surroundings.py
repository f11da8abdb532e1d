"""The schools, terms and courses that sections name."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from webapp.providers.answers import exact_all
from webapp.providers.clever.api import Api
from webapp.providers.clever.listing import Row
from webapp.providers.clever.records import CourseRow, SchoolRow, SectionRow, TermRow
from webapp.providers.clever.translation import to_course, to_school, to_section, to_term
from webapp.providers.drift import Pages
from webapp.providers.errors import NotShared
from webapp.providers.lookup import Around, Lookup
from webapp.roster.records import Record, SectionOffer, Term


class Surroundings:
    """What stands around the sections of one district, each asked for at most once."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._schools = self._lookup("schools", SchoolRow, to_school)
        self._terms = Lookup(self._one_term, lambda: self._every("terms", TermRow, to_term))
        self._courses = self._lookup("courses", CourseRow, to_course)

    def everything(self) -> Pages:
        """All there are, to their proven ends."""
        yield from self._schools.pages()
        yield from self._terms.pages()
        yield from self._courses.pages()

    def of(self, rows: Sequence[SectionRow], schools: Iterable[str] = ()) -> list[Record]:
        """Those that these sections name, and these schools."""
        sections = [to_section(row) for row in rows]
        return [
            *self._schools.find([*(section.school_source_id for section in sections), *schools]),
            *self._terms.find(term for section in sections for term in section.term_source_ids),
            *self._courses.find(section.course_source_id for section in sections),
        ]

    def offer(self, row: SectionRow) -> SectionOffer:
        """The section with what stands around it."""
        section = to_section(row)
        return SectionOffer(
            section=section,
            school=self._schools.get(section.school_source_id),
            terms=tuple(self._terms.find(section.term_source_ids)),
            course=self._courses.get(section.course_source_id),
            student_source_ids=frozenset(exact_all(row.students)),
        )

    @cached_property
    def _listed_terms(self) -> dict[str, Term]:
        # A district has a few dozen terms at most: one request for the list, where a teacher's sections may name three.
        try:
            return {row.id: to_term(row) for rows in self._api.related("terms", TermRow) for row in rows}
        except NotShared:
            return {}

    def _one_term(self, source_id: str) -> Term | None:
        return self._listed_terms.get(source_id) or self._one("terms", source_id, TermRow, to_term)

    def _lookup(self, path: str, kind: type[Row], to: Callable[[Row], Around]) -> Lookup[Around]:
        return Lookup(lambda id_: self._one(path, id_, kind, to), lambda: self._every(path, kind, to))

    def _one(self, path: str, id_: str, kind: type[Row], to: Callable[[Row], Around]) -> Around | None:
        try:
            return to(self._api.one(path, id_, kind))
        except NotShared:
            return None

    def _every(self, path: str, kind: type[Row], to: Callable[[Row], Around]) -> Iterator[list[Around]]:
        return ([to(row) for row in rows] for rows in self._api.every(path, kind))
