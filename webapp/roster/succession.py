"""Which section is the continuation of which class: next term's, next year's, or one that was made anew."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from webapp.roster.records import SectionOffer, Term

SOON = timedelta(days=45)
"""So long before the end of its terms a class may already go on with another section: plans are made before breaks."""

_TIMES = re.compile(
    r"\b(?:(?:s|sem|semester|q|quarter|t|tri|trimester|term)[ .-]*[1-4]|[1-4](?:st|nd|rd|th) (?:semester|quarter|term)"
    r"|fall|autumn|winter|spring|summer|(?:20\d\d)(?:[-/ ]+(?:20)?\d\d)?)\b"
)


@dataclass(frozen=True)
class Ending:
    """A class of hers that comes to its end, with the section that it follows."""

    class_id: UUID
    name: str
    section_source_id: str
    section_name: str
    school_source_id: str
    course_source_id: str
    period: str
    begins: date | None
    ends: date | None
    """The last day of its last term; None where one of them has no known end."""
    gone: bool
    """True where it stands still already: its section vanished, or it is in the archive."""
    license_id: UUID
    students: frozenset[str]

    def over(self, today: date) -> bool:
        """True where nobody expects anything more of its section."""
        return self.gone or (self.ends is not None and self.ends < today)

    def may_go_on(self, today: date) -> bool:
        """True where its section is over, or will be soon."""
        return self.over(today) or (self.ends is not None and self.ends <= today + SOON)


@dataclass(frozen=True)
class Suggestion:
    """The class that a section may go on with."""

    class_id: UUID
    name: str
    follows: str
    """Source id of the section that the class follows until then."""
    license_id: UUID
    until: date | None
    """While its own section still runs: the last day of that; None where that is over."""
    sure: bool
    """True where the class is over and most of the new section's students were in it: then this is what she wants."""


def as_told(endings: Iterable[Ending], offers: Iterable[SectionOffer]) -> list[Ending]:
    """The classes with the dates that the terms of their sections have by now: they may have been moved since."""
    told = {offer.section.source_id: offer.terms for offer in offers if offer.terms}
    return [_dated(one, told[one.section_source_id]) if one.section_source_id in told else one for one in endings]


def _dated(ending: Ending, terms: Sequence[Term]) -> Ending:
    begun, ends = [term.starts_on for term in terms if term.starts_on], [term.ends_on for term in terms if term.ends_on]
    last = max(ends) if len(ends) == len(terms) else None
    return replace(ending, begins=min(begun) if begun else None, ends=last)


def suggest(offers: Iterable[SectionOffer], endings: Sequence[Ending], today: date) -> dict[str, Suggestion]:
    """For each section (by source id) at most one class, and each class once: the pairs with the best evidence."""
    pairs = [
        (evidence(offer, ending), offer, ending)
        for offer in offers
        for ending in endings
        if ending.may_go_on(today) and resembles(offer, ending)
    ]
    found: dict[str, Suggestion] = {}
    taken: set[UUID] = set()
    for _, offer, ending in sorted(pairs, key=lambda pair: pair[0], reverse=True):
        if offer.section.source_id not in found and ending.class_id not in taken:
            found[offer.section.source_id] = suggestion(offer, ending, today)
            taken.add(ending.class_id)
    return found


def suggestion(offer: SectionOffer, ending: Ending, today: date) -> Suggestion:
    """This class for this section."""
    sure = ending.over(today) and 2 * _shared(offer, ending) >= (offer.students or 0) > 0
    until = None if ending.over(today) else ending.ends
    return Suggestion(ending.class_id, ending.name, ending.section_source_id, ending.license_id, until, sure)


def resembles(offer: SectionOffer, ending: Ending) -> bool:
    """True where the section looks like what comes after the class: same school, same course or name, and later."""
    section = offer.section
    same_course = bool(section.course_source_id) and section.course_source_id == ending.course_source_id
    same = same_course or plain(section.name) == plain(ending.section_name)
    return (
        same
        and section.school_source_id == ending.school_source_id
        and section.source_id != ending.section_source_id
        and _later(offer, ending)
    )


def evidence(offer: SectionOffer, ending: Ending) -> tuple[int, bool, bool, date, str, str]:
    """How much speaks for the pair; shared students first. The ids at the end only make the order certain."""
    section = offer.section
    return (
        _shared(offer, ending),
        section.period == ending.period,
        plain(section.name) == plain(ending.section_name),
        ending.ends or date.min,
        str(ending.class_id),
        section.source_id,
    )


def plain(name: str) -> str:
    """A name without what changes from term to term: "Algebra P3 - Sem 2 (2027)" is "algebra p3"."""
    words = re.sub(r"[^\w\s/.-]", " ", name.casefold().replace("_", " "))
    return " ".join(re.sub(r"[^\w]+", " ", _TIMES.sub(" ", words)).split()) or name.casefold().strip()


def _shared(offer: SectionOffer, ending: Ending) -> int:
    return len(ending.students & (offer.student_source_ids or frozenset()))


def _later(offer: SectionOffer, ending: Ending) -> bool:
    """A section that was made anew in the same term follows only a class that stands still already."""
    known = [term.starts_on for term in offer.terms if term.starts_on]
    if not known or ending.begins is None:
        return ending.gone
    return min(known) > ending.begins or (ending.gone and min(known) == ending.begins)
