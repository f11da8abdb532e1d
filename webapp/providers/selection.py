"""A few sections out of a whole pull."""

from collections.abc import Collection, Iterable

from webapp.providers.drift import Pages
from webapp.roster.records import Course, Enrollment, Person, Record, School, Section, Term

MANY = 100
"""Above so many sections a whole pull, 10,000 records a request, takes fewer requests than asking for each."""


def only(pages: Iterable[Iterable[Record]], section_ids: Collection[str]) -> Pages:
    """What these sections need. Persons must come last in `pages`, as readers' own pulls have them."""
    around: dict[tuple[type, str], School | Term | Course] = {}
    sections: list[Section] = []
    people: set[str] = set()
    for page in pages:
        kept: list[Record] = []
        for record in page:
            match record:
                case School() | Term() | Course():
                    around[type(record), record.source_id] = record
                case Section() if record.source_id in section_ids:
                    sections.append(record)
                    kept.append(record)
                case Enrollment() if record.section_source_id in section_ids:
                    people.add(record.person_source_id)
                    kept.append(record)
                case Person() if record.source_id in people:
                    kept.append(record)
        yield kept
    yield [around[key] for key in _named(sections) if key in around]


def _named(sections: Iterable[Section]) -> Iterable[tuple[type, str]]:
    keys: dict[tuple[type, str], None] = {}
    for section in sections:
        keys[School, section.school_source_id] = None
        keys[Course, section.course_source_id] = None
        keys.update({(Term, term): None for term in section.term_source_ids})
    return keys
