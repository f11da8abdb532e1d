"""The lines of the import list: names that tell equal sections apart, by period."""

from collections import Counter
from dataclasses import dataclass

from webapp.actions.offer_sections import OfferedSection
from webapp.roster.records import SectionOffer
from webapp.views.reading_order import by_period, letters


@dataclass(frozen=True)
class ImportLine:
    """One section as the list shows it."""

    offered: OfferedSection
    source_id: str
    name: str
    label: str
    """What a screen reader calls its tick box: begins with the name, then whatever tells it from its namesakes."""
    about: str
    period: str
    term: str
    school: str
    students: int | None

    @property
    def importable(self) -> bool:
        """True where it can be ticked."""
        return self.offered.state == "importable"


def import_lines(offered: list[OfferedSection]) -> list[ImportLine]:
    """Lines for these sections, by period and name."""
    labels = _labels([one.offer for one in offered])
    lines = [_line(one, label) for one, label in zip(offered, labels, strict=True)]
    return sorted(lines, key=lambda line: (by_period(line.period), letters(line.name), letters(line.term)))


def _line(one: OfferedSection, label: str) -> ImportLine:
    offer = one.offer
    return ImportLine(
        offered=one,
        source_id=offer.section.source_id,
        name=offer.section.name,
        label=label,
        about=offer.course.name if offer.course else offer.section.subject,
        period=offer.section.period,
        term=_term(offer),
        school=_school(offer),
        students=offer.students,
    )


def _labels(offers: list[SectionOffer]) -> list[str]:
    labels = [offer.section.name for offer in offers]
    for words in (
        [_period(offer) for offer in offers],
        [_term(offer) for offer in offers],
        [_school(o) for o in offers],
    ):
        times = Counter(labels)
        labels = [
            f"{label}, {more}" if times[label] > 1 and more else label
            for label, more in zip(labels, words, strict=True)
        ]
    return labels


def _period(offer: SectionOffer) -> str:
    return f"Period {offer.section.period}" if offer.section.period else ""


def _term(offer: SectionOffer) -> str:
    return ", ".join(term.name for term in offer.terms)


def _school(offer: SectionOffer) -> str:
    return offer.school.name if offer.school else ""
