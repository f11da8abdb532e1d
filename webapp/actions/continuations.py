"""Which classes go on with which of the ticked sections: only her own, only those that are over or nearly so."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from webapp.actions.offer_sections import OfferedSection
from webapp.roster.succession import Ending, as_told
from webapp.store.database import tenant
from webapp.store.questions.runs import district_today
from webapp.store.questions.succession import endings_of


class CannotContinue(Exception):
    """A class can't go on with the section that was ticked for it; nothing was changed."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


NOT_NOW = "That class can't go on with this section any more. Please look at the list again."


def continuations(
    district_id: UUID,
    account_id: UUID,
    offered: Mapping[str, OfferedSection],
    wanted: Mapping[str, UUID],
    *,
    now: datetime,
) -> dict[str, Ending]:
    """For each section (by source id) with which a class is wanted to go on, that class. Raises CannotContinue."""
    found = {}
    for section, class_id in wanted.items():
        endings = _endings(district_id, account_id, offered, offered[section].connection_id, now)
        ending = next((one for one in endings if one.class_id == class_id), None)
        if ending is None or ending.section_source_id == section or not offered[section].free:
            raise CannotContinue(NOT_NOW)
        found[section] = ending
    for ending, times in Counter(found.values()).items():
        if times > 1:
            raise CannotContinue(f"Only one section can continue {ending.name}. Choose “New class” for the others.")
    return found


def _endings(
    district_id: UUID, account_id: UUID, offered: Mapping[str, OfferedSection], connection_id: UUID, now: datetime
) -> list[Ending]:
    """Her classes of this connection that may go on with another section now."""
    with tenant(district_id) as session:
        today = district_today(session, district_id, now)
        hers = endings_of(session, connection_id, account_id)
    offers = [one.offer for one in offered.values() if one.connection_id == connection_id]
    return [one for one in as_told(hers, offers) if one.may_go_on(today)]
