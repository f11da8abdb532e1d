"""The lines of the import list: names that tell equal sections apart, by period."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

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
    ticked: bool
    goes_on: bool
    """True where the choice stands on the class that may go on with it."""

    @property
    def importable(self) -> bool:
        """True where it can be ticked."""
        return self.offered.state == "importable"


@dataclass(frozen=True)
class Choices:
    """What somebody has chosen on the list so far."""

    ticked: Sequence[str] = ()
    continuing: Mapping[str, UUID] | None = None
    """Section -> the class that goes on with it; None before she has chosen anything."""
    class_id: UUID | None = None
    """The class for which she looks for a section; None where she just looks."""

    def goes_on(self, one: OfferedSection) -> bool:
        """True where the choice stands on the class: as she chose, or what she most likely wants."""
        if one.continues is None:
            return False
        if self.continuing is not None:
            return self.continuing.get(one.offer.section.source_id) == one.continues.class_id
        return one.continues.sure or one.continues.class_id == self.class_id


def import_lines(offered: list[OfferedSection], choices: Choices) -> list[ImportLine]:
    """Lines for these sections, by period and name."""
    labels = _labels([one.offer for one in offered])
    lines = [_line(one, label, choices) for one, label in zip(offered, labels, strict=True)]
    return sorted(lines, key=lambda line: (by_period(line.period), letters(line.name), letters(line.term)))


def _line(one: OfferedSection, label: str, choices: Choices) -> ImportLine:
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
        ticked=one.state == "importable" and offer.section.source_id in choices.ticked,
        goes_on=choices.goes_on(one),
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
