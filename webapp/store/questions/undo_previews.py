"""What would an undo do now: of a whole run, or in one class?"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from webapp.store.undo_plan import CLASS_PLAN, CONCERNED, ENROLLMENT_PLAN, PEOPLE_CONCERNED, PERSON_PLAN, Undo

NAMED_AT_ONCE = 1_000
"""People whom the preview of a whole run names; all are counted."""

_CLASSES = f"""
with place as ({ENROLLMENT_PLAN}), goal as ({CLASS_PLAN})
select c.id, coalesce(c.name_given, c.provider_name) as name,
       (select count(*) from place p where p.class_id = c.id and p.why is null and p.what = 'resumed'),
       (select count(*) from place p where p.class_id = c.id and p.why is null and p.what = 'removed'),
       (select count(*) from place p where p.class_id = c.id and p.why is not null),
       case when g.moves then g.new_state end,
       nullif(coalesce(g.new_given, g.new_provider_name), g.name), case when g.refollows then g.section end, g.why
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
class PersonPreview:
    """Somebody whom the undo would bring back into a class, take out of it, or leave alone."""

    class_id: UUID
    account_id: UUID
    name: str
    back: bool
    why: str | None


@dataclass(frozen=True)
class ClassPreview:
    """What an undo would do to one class."""

    class_id: UUID
    name: str
    back: int = 0
    out: int = 0
    stay: int = 0
    """People who are left alone, because they were changed since."""
    state: str | None = None
    """The state that the class would have; empty where it stays."""
    named: str | None = None
    """The name that the class would have; empty where it stays."""
    section: str | None = None
    """The name of the section that the class would have again; empty where it keeps its own."""
    state_stays: str | None = None
    """Why the state stays although the run changed it; empty otherwise."""
    people: list[PersonPreview] = field(default_factory=list)
    """Those who are named, whoever is left alone before the others."""

    @property
    def nothing(self) -> bool:
        """True where nothing would change."""
        return not (self.back or self.out or self.state or self.named or self.section)


@dataclass(frozen=True)
class RunPreview:
    """What the undo of a whole run would do."""

    classes: list[ClassPreview]
    renamed: int
    """People who would have their names and numbers of before."""
    renamed_since: int
    elsewhere: int
    """Classes that follow another service by now, and are left to it."""

    @property
    def people(self) -> list[PersonPreview]:
        """Everybody who is named."""
        return [person for one in self.classes for person in one.people]

    @property
    def nothing(self) -> bool:
        """True where nothing would change."""
        return not self.renamed and all(one.nothing for one in self.classes)


def run_preview(session: Session, undo: Undo) -> RunPreview:
    """What this undo of a whole run would do now."""
    about = undo.parameters()
    concerned = list(session.execute(text(CONCERNED), about).scalars())
    accounts = list(session.execute(text(PEOPLE_CONCERNED), about).scalars())
    renamed = session.execute(text(_RENAMED), about | {"accounts": accounts}).one()
    return RunPreview(
        classes=_classes(session, undo, concerned, NAMED_AT_ONCE),
        renamed=renamed.back,
        renamed_since=renamed.stay,
        elsewhere=session.execute(text(_ELSEWHERE), about).scalar_one(),
    )


def class_preview(session: Session, undo: Undo, class_id: UUID, name: str) -> ClassPreview:
    """What this undo would do now to this class, which is called so."""
    return next(iter(_classes(session, undo, [class_id], None)), ClassPreview(class_id, name))


def _classes(session: Session, undo: Undo, classes: Sequence[UUID], limit: int | None) -> list[ClassPreview]:
    here = undo.parameters() | {"classes": list(classes), "limit": limit}
    people: dict[UUID, list[PersonPreview]] = {}
    for row in session.execute(text(_PEOPLE), here):
        people.setdefault(row.class_id, []).append(PersonPreview(*row))
    found = [ClassPreview(*row) for row in session.execute(text(_CLASSES), here)]
    return [replace(one, people=people.get(one.class_id, [])) for one in found]
