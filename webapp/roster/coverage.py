"""Which license a section's class belongs to: the section's school decides, never its students' (product.md)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from webapp.roster.records import School, Term


@dataclass(frozen=True)
class Coverage:
    """A license that a teacher belongs to. No schools named is the whole district."""

    license_id: UUID
    name: str
    schools: frozenset[str]
    """NCES or source ids, as the operator wrote them."""
    ends_on: date | None = None

    def running(self, today: date) -> bool:
        """True up to and including its last day."""
        return self.ends_on is None or today <= self.ends_on

    def names(self, school: School | None) -> bool:
        """True where this very school is named."""
        return school is not None and bool(self.schools & {school.source_id, school.nces_id} - {""})


def licenses_for(school: School | None, mine: Sequence[Coverage]) -> list[Coverage]:
    """The licenses that a section in this school may go to: those naming the school, else those for the whole district.

    One is the answer; several are for the teacher to pick from; none means that the school is not covered.
    """
    return [one for one in mine if one.names(school)] or [one for one in mine if not one.schools]


def is_current(terms: Sequence[Term], today: date) -> bool:
    """True where a term of the section runs today, or where nothing is known about its terms."""
    return not terms or any(_runs(term, today) for term in terms)


def _runs(term: Term, today: date) -> bool:
    begun = term.starts_on is None or term.starts_on <= today
    return begun and (term.ends_on is None or today <= term.ends_on)
