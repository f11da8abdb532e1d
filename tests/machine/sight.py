"""What the real product holds, read in the model's words."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.machine.limits import Removal
from tests.machine.model import Key, Klass, Place
from tests.machine.town import Town
from webapp.store.database import tenant
from webapp.store.questions.classes import classes_of, roster_of

_CLASSES = """
select s.source_id, c.id, c.provider_name, c.state, c.name_given, c.hand, s.term_source_ids
from school_class c join class_source cs on cs.class_id = c.id and cs.until_at is null
join section s on s.id = cs.section_id order by 1
"""
_PLACES = """
select s.source_id, i.subject, n.role, n.id, n.state, n.hand, n.source_connection_id is not null as ours,
       n.primary_teacher
from enrollment n join class_source cs on cs.class_id = n.class_id and cs.until_at is null
join section s on s.id = cs.section_id
join identity i on i.account_id = n.account_id and i.kind = 'user_id' and i.valid_to is null
"""
_PEOPLE = """
select i.subject, a.id, a.given_name, a.hand from account a
join identity i on i.account_id = a.id and i.kind = 'user_id' and i.valid_to is null
"""
_TERMS = "select source_id, ends_on from term"
_HOLDS = """
select r.id, h.record, s.source_id, i.subject, h.record_id
from sync_run r join held_removal h on h.run_id = r.id
left join class_source cs on cs.class_id = h.class_id and cs.until_at is null
left join section s on s.id = cs.section_id
left join identity i on i.account_id = h.account_id and i.kind = 'user_id' and i.valid_to is null
where r.state = 'held'
"""


@dataclass(frozen=True)
class Sight:
    """The district as its tables tell it."""

    classes: dict[str, Klass]
    places: dict[Key, Place]
    names: dict[str, str]
    kept: set[str]
    term_ends: dict[str, date]
    class_ids: dict[str, UUID]
    account_ids: dict[str, UUID]
    place_ids: dict[Key, int]


def look(town: Town) -> Sight:
    """Everything that the model tells too."""
    with tenant(town.id) as session:
        classes = session.execute(text(_CLASSES)).all()
        places = session.execute(text(_PLACES)).all()
        people = session.execute(text(_PEOPLE)).all()
        terms = session.execute(text(_TERMS)).all()
    return Sight(
        classes={
            row.source_id: Klass(row.provider_name, row.state, row.name_given, tuple(row.term_source_ids), row.hand)
            for row in classes
        },
        places={
            (row.source_id, row.subject, row.role): Place(row.state, row.hand, row.ours, row.primary_teacher)
            for row in places
        },
        names={row.subject: row.given_name for row in people},
        kept={row.subject for row in people if row.hand},
        term_ends={row.source_id: row.ends_on for row in terms},
        class_ids={row.source_id: row.id for row in classes},
        account_ids={row.subject: row.id for row in people},
        place_ids={(row.source_id, row.subject, row.role): row.id for row in places},
    )


def holds(town: Town) -> dict[UUID, frozenset[Removal]]:
    """Run -> what it shows to the person who decides."""
    shown: dict[UUID, set[Removal]] = {}
    with tenant(town.id) as session:
        for row in session.execute(text(_HOLDS)):
            removal = {
                "class": ("class", row.source_id),
                "enrollment": ("place", row.source_id, row.subject, row.record_id),
                "account": ("account", row.subject, row.record_id),
            }[row.record]
            shown.setdefault(row.id, set()).add(removal)
    return {run_id: frozenset(removals) for run_id, removals in shown.items()}


def seen_by(town: Town, account_id: UUID, role: str) -> dict[str, tuple[str, str, list[str], list[str]]]:
    """What the pages tell this person: section -> name, state, teachers, students (those who wait in brackets)."""
    with tenant(town.id) as session:
        return {
            card.section_source_id or "": (card.name, card.state, *_roster(session, card.id))
            for card in classes_of(session, account_id, role)
        }


def _roster(session: Session, class_id: UUID) -> tuple[list[str], list[str]]:
    everybody: dict[str, list[str]] = {"teacher": [], "student": []}
    for one in roster_of(session, class_id):
        everybody[one.role].append(f"({one.account_id})" if one.waiting else str(one.account_id))
    return sorted(everybody["teacher"]), sorted(everybody["student"])
