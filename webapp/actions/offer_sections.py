"""What a teacher could import right now, asked live; or the one cause why she cannot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from webapp.actions.connection_access import reader_of
from webapp.providers.errors import AccessWithdrawn, NotShared, ProviderError
from webapp.providers.service import Service
from webapp.roster.coverage import Coverage, is_current, licenses_for
from webapp.roster.obstacles import Obstacle, access_withdrawn, obstacle
from webapp.roster.records import SectionOffer
from webapp.roster.succession import Ending, Suggestion, as_told, suggest, suggestion
from webapp.store.database import tenant
from webapp.store.questions.importing import (
    Imported,
    imported_as,
    licenses_of_teacher,
    open_connections,
    roster_subjects,
)
from webapp.store.questions.runs import district_zone
from webapp.store.questions.succession import endings_of, section_was
from webapp.store.tables import Connection

NOT_COVERED = "Your license does not cover this school."


class CannotImport(Exception):
    """One cause stands in the way of importing; it carries the words for the teacher."""

    def __init__(self, found: Obstacle, provider: str = "") -> None:
        super().__init__(found.cause)
        self.cause, self.sentence, self.advice, self.message = found.cause, found.sentence, found.advice, found.message
        self.provider = provider


@dataclass(frozen=True)
class OfferedSection:
    """One line of the import list."""

    offer: SectionOffer
    provider: str
    connection_id: UUID
    state: str
    """`importable`, `imported` or `not_covered`."""
    class_id: UUID | None
    """The class that it is already, where this teacher may open it."""
    imported_by: str | None
    imported_on: date | None
    reason: str | None
    current: bool
    licenses: tuple[Coverage, ...]
    """Where an import may go; several are for the teacher to pick from."""
    continues: Suggestion | None = None
    """A class of hers that may go on with this section, by her choice."""
    was: str | None = None
    """What her class is called that followed this section before it went on with another one."""

    @property
    def free(self) -> bool:
        """True where she may import it and it is no class yet, of hers or of a co-teacher."""
        return self.state == "importable" and self.imported_on is None


@dataclass(frozen=True)
class _Desk:
    """What our own records say before any service is asked."""

    licenses: Sequence[Coverage]
    linked: Sequence[tuple[Connection, str]]
    zone: ZoneInfo
    today: date
    class_id: UUID | None
    """The class that she wants to go on with another section; None where she just looks."""


def offer_sections(
    district_id: UUID,
    account_id: UUID,
    *,
    services: Mapping[str, Service],
    now: datetime,
    class_id: UUID | None = None,
) -> list[OfferedSection]:
    """Every section that names this teacher, from each service her login is linked to. Raises CannotImport.

    Where she looks for one with which this class goes on, each that she could import may be it.
    """
    desk = _desk(district_id, account_id, services, now, class_id)
    offered = [
        section
        for connection, subject in desk.linked
        for section in _from_connection(district_id, account_id, connection, subject, services, desk)
    ]
    if not offered:
        raise CannotImport(obstacle("no_sections", service=services[desk.linked[0][0].provider].label))
    if all(section.state == "not_covered" for section in offered):
        raise CannotImport(obstacle("not_covered"))
    return offered


def _desk(
    district_id: UUID, account_id: UUID, services: Mapping[str, Service], now: datetime, class_id: UUID | None
) -> _Desk:
    """Whatever our own records can refuse is refused before the service is asked. Raises CannotImport."""
    with tenant(district_id) as session:
        licenses = licenses_of_teacher(session, account_id)
        connections = [one for one in open_connections(session) if one.provider in services]
        subjects = roster_subjects(session, account_id)
        zone = district_zone(session, district_id)
    today = now.astimezone(zone).date()
    running = [one for one in licenses if one.running(today)]
    if not licenses:
        raise CannotImport(obstacle("not_a_member"))
    if not running:
        raise CannotImport(obstacle("license_ended", detail=f"Its last day was {licenses[-1].ends_on}."))
    if not connections:
        raise CannotImport(obstacle("no_connection"))
    choosing = [one for one in connections if one.method == "teacher_choice"]
    if not choosing:
        raise CannotImport(obstacle("method"))
    linked = [(one, subject) for one in choosing if (subject := _subject(one, services, subjects))]
    if not linked:
        raise CannotImport(obstacle("not_linked", service=services[choosing[0].provider].label), choosing[0].provider)
    return _Desk(running, linked, zone, today, class_id)


def _subject(
    connection: Connection, services: Mapping[str, Service], subjects: Mapping[tuple[str, str, str], str]
) -> str:
    kind = services[connection.provider].roster_kind
    return subjects.get((connection.provider, connection.provider_district or "", kind), "")


def _from_connection(
    district_id: UUID,
    account_id: UUID,
    connection: Connection,
    subject: str,
    services: Mapping[str, Service],
    desk: _Desk,
) -> list[OfferedSection]:
    service = services[connection.provider]
    try:
        offers = reader_of(connection, service, today=desk.today).section_offers(subject)
    except NotShared:
        offers = []
    except AccessWithdrawn as error:
        detail = _last_good(connection, desk.zone)
        raise CannotImport(access_withdrawn(service.label, detail), connection.provider) from error
    except ProviderError as error:
        raise CannotImport(_down(connection, service, desk.zone), connection.provider) from error
    with tenant(district_id) as session:
        ids = [one.section.source_id for one in offers]
        known = imported_as(session, connection.id, ids, account_id)
        endings = as_told(endings_of(session, connection.id, account_id), offers)
        was = section_was(session, connection.id, ids, account_id)
    offered = [_offered(offer, connection, known.get(offer.section.source_id), desk) for offer in offers]
    continued = _continued([one for one in offered if one.free], endings, desk)
    ids_of = [(one, one.offer.section.source_id) for one in offered]
    return [replace(one, continues=continued.get(id_), was=was.get(id_) if one.free else None) for one, id_ in ids_of]


def _continued(free: list[OfferedSection], endings: Sequence[Ending], desk: _Desk) -> dict[str, Suggestion]:
    """With which class each section may go on: the best guesses, or the one class that she named."""
    offers = [one.offer for one in free]
    if desk.class_id is None:
        return suggest(offers, endings, desk.today)
    hers = [one for one in endings if one.class_id == desk.class_id and one.may_go_on(desk.today)]
    return {
        one.section.source_id: suggestion(one, ending, desk.today)
        for one in offers
        for ending in hers
        if one.section.source_id != ending.section_source_id
    }


def _down(connection: Connection, service: Service, zone: ZoneInfo) -> Obstacle:
    return obstacle("provider_down", service=service.label, detail=_last_good(connection, zone))


def _last_good(connection: Connection, zone: ZoneInfo) -> str:
    last = connection.last_good_sync_at
    return f"The last good sync was on {last.astimezone(zone):%B %-d, %Y at %-I:%M %p}." if last else ""


def _offered(offer: SectionOffer, connection: Connection, known: Imported | None, desk: _Desk) -> OfferedSection:
    licenses = licenses_for(offer.school, desk.licenses)
    # A class in which she is not enrolled yet (she became its co-teacher today) is offered: importing it joins it.
    imported = known is not None and known.mine
    state = "imported" if imported else "importable" if licenses else "not_covered"
    return OfferedSection(
        offer=offer,
        provider=connection.provider,
        connection_id=connection.id,
        state=state,
        class_id=known.class_id if known and known.mine else None,
        imported_by=known.made_by if known else None,
        imported_on=known.made_at.astimezone(desk.zone).date() if known else None,
        reason=NOT_COVERED if state == "not_covered" else None,
        current=is_current(offer.terms, desk.today),
        licenses=tuple(licenses),
    )
