"""Ask for an import: the ticked sections become classes as soon as a worker is free."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from webapp.actions.offer_sections import OfferedSection, offer_sections
from webapp.providers.service import Service
from webapp.store.checkpoints import checkpoint
from webapp.store.database import tenant
from webapp.store.tables import SyncRun


class NotYourSection(Exception):
    """A ticked section is not one that the service shares with this teacher; nothing was changed."""

    sentence = "One of these sections is not shared with you as its teacher, so nothing was imported."


class NothingTicked(Exception):
    """No section was ticked."""

    sentence = "Tick at least one section first."


class ChooseLicense(Exception):
    """The sections could go to several licenses; the teacher picks one."""

    def __init__(self, licenses: list[tuple[UUID, str]]) -> None:
        super().__init__()
        self.licenses = licenses


def request_import(
    district_id: UUID,
    account_id: UUID,
    section_source_ids: Sequence[str],
    *,
    services: Mapping[str, Service],
    now: datetime,
    license_id: UUID | None = None,
) -> UUID:
    """There is a requested import of these sections; its id.

    That they are hers is asked of the service, not of the browser.
    Raises CannotImport, NotYourSection, NothingTicked, ChooseLicense; then nothing was changed.
    """
    ticked = list(dict.fromkeys(section_source_ids))
    if not ticked:
        raise NothingTicked
    offered = {
        one.offer.section.source_id: one for one in offer_sections(district_id, account_id, services=services, now=now)
    }
    if any(source_id not in offered or offered[source_id].state == "not_covered" for source_id in ticked):
        raise NotYourSection
    checkpoint("request_import.offered")
    runs = _runs([offered[source_id] for source_id in ticked], district_id, account_id, license_id, now)
    with tenant(district_id) as session:
        session.add_all(runs)
        session.flush()
        checkpoint("request_import.before_commit")
        return runs[0].id


def _runs(
    chosen: Sequence[OfferedSection], district_id: UUID, account_id: UUID, license_id: UUID | None, now: datetime
) -> list[SyncRun]:
    """One run for each connection that the ticked sections come from: hardly ever more than one."""
    connections = dict.fromkeys(one.connection_id for one in chosen)
    return [
        SyncRun(
            district_id=district_id,
            connection_id=connection_id,
            kind="import",
            scope=[one.offer.section.source_id for one in chosen if one.connection_id == connection_id],
            licenses=_licenses([one for one in chosen if one.connection_id == connection_id], license_id),
            state="requested",
            requested_at=now,
            requested_by_id=account_id,
        )
        for connection_id in connections
    ]


def _licenses(chosen: Sequence[OfferedSection], picked: UUID | None) -> dict[str, str]:
    return {one.offer.section.source_id: str(_license(one, picked)) for one in chosen if one.licenses}


def _license(section: OfferedSection, picked: UUID | None) -> UUID:
    ids = [one.license_id for one in section.licenses]
    if picked in ids:
        assert picked is not None
        return picked
    if len(ids) > 1:
        raise ChooseLicense([(one.license_id, one.name) for one in section.licenses])
    return ids[0]
