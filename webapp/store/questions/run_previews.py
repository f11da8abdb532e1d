"""What would the undo of a whole run do now?"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store.undo_plan import CLASS_PLAN, CONCERNED, ENROLLMENT_PLAN, PEOPLE_CONCERNED, PERSON_PLAN, Undo

NAMED_AT_ONCE = 1_000
"""People whom the preview names; all are counted."""

_CLASSES = f"""
with place as ({ENROLLMENT_PLAN}), goal as ({CLASS_PLAN})
select c.id, coalesce(c.name_given, c.provider_name) as name,
       (select count(*) from place p where p.class_id = c.id and p.why is null and p.what = 'resumed'),
       (select count(*) from place p where p.class_id = c.id and p.why is null and p.what = 'removed'),
       (select count(*) from place p where p.class_id = c.id and p.why is not null),
       case when g.moves then g.new_state end,
       case when g.renames and coalesce(g.new_given, g.provider_name) <> g.name
            then coalesce(g.new_given, g.provider_name) end, g.why
from school_class c left join goal g on g.class_id = c.id
where c.id in (select class_id from place union select class_id from goal) order by 2, 1
"""
_PEOPLE = f"""
select p.class_id, p.account_id, trim(a.given_name || ' ' || a.family_name), p.what = 'resumed', p.why
from ({ENROLLMENT_PLAN}) p join account a on a.id = p.account_id join school_class c on c.id = p.class_id
order by p.why is null, coalesce(c.name_given, c.provider_name), p.class_id, a.family_name, a.given_name, p.id
limit :limit
"""
_RENAMED = f"""
select count(*) filter (where after <> '{{}}') as back, count(*) filter (where changed_since) as stay
from ({PERSON_PLAN}) p
"""
# Classes of the run that follow another service by now are left to that one.
_ELSEWHERE = """
select count(distinct h.class_id) from change h join class_source s on s.class_id = h.class_id and s.until_at is null
where h.run_id = :undoes and h.record in ('class', 'enrollment') and s.connection_id <> :connection
"""


@dataclass(frozen=True)
class ClassPreview:
    """What an undo would do to one of its classes."""

    class_id: UUID
    name: str
    back: int
    out: int
    stay: int
    """People who are left alone, because they were changed since."""
    state: str | None
    """The state that the class would have; empty where it stays."""
    named: str | None
    """The name that the class would have; empty where it stays."""
    state_stays: str | None
    """Why the state stays although the run changed it; empty otherwise."""


@dataclass(frozen=True)
class PersonPreview:
    """Somebody whom the undo would bring back into a class, take out of it, or leave alone."""

    class_id: UUID
    account_id: UUID
    name: str
    back: bool
    why: str | None


@dataclass(frozen=True)
class RunPreview:
    """What the undo of a whole run would do."""

    classes: list[ClassPreview]
    people: list[PersonPreview]
    """The first of them, those who are left alone before the others."""
    renamed: int
    """People who would have their names and numbers of before."""
    renamed_since: int
    elsewhere: int
    """Classes that follow another service by now, and are left to it."""

    @property
    def nothing(self) -> bool:
        """True where nothing would change."""
        return not (self.renamed or any(one.back or one.out or one.state or one.named for one in self.classes))


def run_preview(session: Session, undo: Undo) -> RunPreview:
    """What this undo would do now."""
    about = undo.parameters()
    concerned = list(session.execute(text(CONCERNED), about).scalars())
    accounts = list(session.execute(text(PEOPLE_CONCERNED), about).scalars())
    here = about | {"classes": concerned, "limit": NAMED_AT_ONCE}
    renamed = session.execute(text(_RENAMED), about | {"accounts": accounts}).one()
    return RunPreview(
        classes=[ClassPreview(*row) for row in session.execute(text(_CLASSES), here)],
        people=[PersonPreview(*row) for row in session.execute(text(_PEOPLE), here)],
        renamed=renamed.back,
        renamed_since=renamed.stay,
        elsewhere=session.execute(text(_ELSEWHERE), about).scalar_one(),
    )
