"""Give a class the teacher's own name, or let it follow the rostering service's name again."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from webapp.store.database import tenant
from webapp.store.tables import Change, SchoolClass

LONGEST = 120


class NameRefused(Exception):
    """A class can't be called that; the message says why."""


def rename_class(district_id: UUID, class_id: UUID, account_id: UUID, name: str | None, *, now: datetime) -> None:
    """The class is called so, whatever the service calls it; without a name it follows the service again."""
    given = _clean(name)
    with tenant(district_id) as session:
        found = session.scalars(select(SchoolClass).where(SchoolClass.id == class_id).with_for_update()).one()
        before = {"name": found.name, "name_given": found.name_given}
        found.name_given = given
        if given == before["name_given"]:
            return
        session.add(
            Change(
                district_id=district_id,
                actor_account_id=account_id,
                record="class",
                record_id=str(class_id),
                class_id=class_id,
                what="updated",
                before=before,
                after={"name": found.name, "name_given": found.name_given},
                at=now,
            )
        )


def _clean(name: str | None) -> str | None:
    given = " ".join((name or "").split())
    if len(given) > LONGEST:
        raise NameRefused(f"A class name can have at most {LONGEST} letters.")
    if not given.isprintable():
        raise NameRefused("That name has characters in it that can't be shown.")
    return given or None
