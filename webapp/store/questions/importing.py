"""What must be known before a teacher can import: her licenses, her district's connections, what is a class already."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from webapp.roster.coverage import Coverage
from webapp.store.tables import Connection

_LICENSES = """
select l.id, l.name, l.ends_on, coalesce(array_agg(s.given_id) filter (where s.given_id is not null), '{}') as schools
from license l join license_member m on m.license_id = l.id and m.ended_at is null
left join license_school s on s.license_id = l.id
where m.account_id = :account and m.role = 'teacher' group by l.id order by l.name, l.id
"""

_IMPORTED = """
select s.source_id, cs.class_id, c.made_at, trim(a.given_name || ' ' || a.family_name) as made_by,
       exists (select from enrollment n where n.class_id = cs.class_id and n.account_id = :account
               and n.role = 'teacher' and n.state = 'active') as mine
from class_source cs join section s on s.id = cs.section_id join school_class c on c.id = cs.class_id
left join account a on a.id = c.made_by_id
where cs.connection_id = :connection and cs.until_at is null and s.source_id = any(:sections)
  and not (c.state = 'archived' and c.state_reason = 'undone')
"""


@dataclass(frozen=True)
class Imported:
    """A section that is a class already."""

    class_id: UUID
    made_at: datetime
    made_by: str | None
    mine: bool
    """True where this teacher is enrolled in it and may open it."""


def licenses_of_teacher(session: Session, account_id: UUID) -> list[Coverage]:
    """The licenses that this account is a teacher on, ended ones among them."""
    rows = session.execute(text(_LICENSES), {"account": account_id})
    return [Coverage(row.id, row.name, frozenset(row.schools), row.ends_on) for row in rows]


def open_connections(session: Session) -> Sequence[Connection]:
    """The district's connections that can be read or asked for attention, oldest first."""
    live = Connection.state.in_(("connected", "attention", "paused", "frozen"))
    return session.scalars(select(Connection).where(live).order_by(Connection.made_at)).all()


def roster_subjects(session: Session, account_id: UUID) -> dict[tuple[str, str, str], str]:
    """The account's live identities: (provider, authority, kind) -> subject."""
    rows = session.execute(
        text(
            "select provider, authority, kind, subject from identity where account_id = :account and valid_to is null"
        ),
        {"account": account_id},
    )
    return {(row.provider, row.authority, row.kind): row.subject for row in rows}


def imported_as(
    session: Session, connection_id: UUID, sections: Sequence[str], account_id: UUID
) -> dict[str, Imported]:
    """Which of these sections are live classes in this district, by source id."""
    rows = session.execute(
        text(_IMPORTED), {"connection": connection_id, "sections": list(sections), "account": account_id}
    )
    return {row.source_id: Imported(row.class_id, row.made_at, row.made_by, row.mine) for row in rows}
