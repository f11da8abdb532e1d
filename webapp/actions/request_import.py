"""Ask for an import: the ticked sections become classes as soon as a worker is free."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from webapp.actions.continuations import continuations
from webapp.actions.offer_sections import OfferedSection, offer_sections
from webapp.providers.service import Service
from webapp.roster.succession import Ending
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
    continuing: Mapping[str, UUID] | None = None,
) -> UUID:
    """There is a requested import of these sections; its id.

    With those in `continuing` (source id -> class) a class of hers goes on; the others become classes.
    That they are hers is asked of the service, not of the browser.
    Raises CannotImport, NotYourSection, NothingTicked, CannotContinue, ChooseLicense; then nothing was changed.
    """
    ticked = list(dict.fromkeys(section_source_ids))
    if not ticked:
        raise NothingTicked
    found = offer_sections(district_id, account_id, services=services, now=now)
    offered = {one.offer.section.source_id: one for one in found}
    if any(source_id not in offered or offered[source_id].state == "not_covered" for source_id in ticked):
        raise NotYourSection
    checkpoint("request_import.offered")
    wanted = {section: class_id for section, class_id in (continuing or {}).items() if section in ticked}
    goes_on = continuations(district_id, account_id, offered, wanted, now=now)
    chosen = [offered[source_id] for source_id in ticked]
    licenses = _licenses(chosen, goes_on, license_id)
    return _request(district_id, account_id, [_run(some, licenses, goes_on) for some in _by_connection(chosen)], now)


def _request(district_id: UUID, account_id: UUID, runs: Sequence[SyncRun], now: datetime) -> UUID:
    with tenant(district_id) as session:
        for run in runs:
            run.district_id, run.requested_by_id, run.requested_at = district_id, account_id, now
            session.add(run)
        session.flush()
        checkpoint("request_import.before_commit")
        return runs[0].id


def _by_connection(chosen: Sequence[OfferedSection]) -> list[list[OfferedSection]]:
    """The sections of each connection that they come from: hardly ever of more than one."""
    connections = dict.fromkeys(one.connection_id for one in chosen)
    return [[one for one in chosen if one.connection_id == connection] for connection in connections]


def _run(chosen: Sequence[OfferedSection], licenses: Mapping[str, UUID], goes_on: Mapping[str, Ending]) -> SyncRun:
    sections = [one.offer.section.source_id for one in chosen]
    return SyncRun(
        connection_id=chosen[0].connection_id,
        kind="import",
        scope=sections,
        licenses={one: str(licenses[one]) for one in sections if one in licenses},
        continues={
            one: {"class": str(goes_on[one].class_id), "follows": goes_on[one].section_source_id}
            for one in sections
            if one in goes_on
        },
        state="requested",
    )


def _licenses(chosen: Sequence[OfferedSection], goes_on: Mapping[str, Ending], picked: UUID | None) -> dict[str, UUID]:
    """The license of each class: one that goes on stays in its own where that covers the section."""
    licenses = {}
    for one in chosen:
        ending, ids = goes_on.get(one.offer.section.source_id), [here.license_id for here in one.licenses]
        if ids:
            stays = ending is not None and ending.license_id in ids
            licenses[one.offer.section.source_id] = ending.license_id if ending and stays else _license(one, picked)
    return licenses


def _license(section: OfferedSection, picked: UUID | None) -> UUID:
    ids = [one.license_id for one in section.licenses]
    if picked in ids:
        assert picked is not None
        return picked
    if len(ids) > 1:
        raise ChooseLicense([(one.license_id, one.name) for one in section.licenses])
    return ids[0]
