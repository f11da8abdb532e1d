"""Steps of the tests about people who may be one and the same."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from tests.actions.undo_steps import later
from tests.factory import House
from tests.shared_roster import SharedRoster
from webapp.actions.decide_proposal import same_person
from webapp.roster.records import Role
from webapp.store.database import tenant
from webapp.store.questions.proposals import as_it_stands
from webapp.store.tables import Account, Enrollment, Identity, IdentityProposal


def numbered(shared: SharedRoster) -> None:
    """Everybody has a number of the district's own."""
    shared.people = [
        replace(one, sis_id=f"sis-{one.source_id}", student_number=f"n-{one.source_id}") for one in shared.people
    ]


def comes_anew(shared: SharedRoster, old: str, new: str, *, stays: bool = False, **differs: str) -> None:
    """The service has made somebody anew: another id, the same person otherwise; the old id may stay beside it."""
    person = next(one for one in shared.people if one.source_id == old)
    rows = [one for one in shared.enrollments if one.person_source_id == old]
    if not stays:
        shared.people = [one for one in shared.people if one.source_id != old]
        shared.enrollments = [one for one in shared.enrollments if one.person_source_id != old]
    shared.people.append(replace(person, source_id=new, **differs))  # type: ignore[arg-type]
    shared.enrollments += [replace(one, person_source_id=new) for one in rows]


def add_person(shared: SharedRoster, section: str, subject: str, role: Role = Role.STUDENT, **is_: str) -> None:
    """Somebody is in this section from now on, with these numbers and names."""
    shared.join(section, subject, role)
    shared.people = [replace(one, **is_) if one.source_id == subject else one for one in shared.people]  # type: ignore[arg-type]


def proposals(house: House) -> list[IdentityProposal]:
    """Every question of the district, oldest first."""
    with tenant(house.district_id) as session:
        return list(session.scalars(select(IdentityProposal).order_by(IdentityProposal.made_at, IdentityProposal.id)))


def the_proposal(house: House) -> IdentityProposal:
    """The district's only question."""
    (only,) = proposals(house)
    return only


def admin_of(house: House) -> UUID:
    """Somebody who decides."""
    with tenant(house.district_id) as session:
        account = Account(given_name="Ada", family_name="Admin", made_at=datetime(2026, 8, 1).astimezone())
        account.district_id = house.district_id
        session.add(account)
        session.flush()
        return account.id


def join_them(house: House, admin: UUID, now: datetime) -> IdentityProposal:
    """The district's only question, answered: the same person."""
    asked = the_proposal(house)
    with tenant(house.district_id) as session:
        seen = as_it_stands(session, asked.id)
    same_person(house.district_id, asked.id, account_id=admin, seen=seen, now=now)
    return asked


def places(house: House, subject: str) -> dict[str, str]:
    """Where the person with this live id is: class -> state of the place."""
    with tenant(house.district_id) as session:
        rows = session.execute(
            text("""
select c.provider_name, n.state from enrollment n join school_class c on c.id = n.class_id
join identity i on i.account_id = n.account_id and i.valid_to is null where i.subject = :subject order by 1"""),
            {"subject": subject},
        ).all()
        return {row[0]: row[1] for row in rows}


def assert_closed_accounts_are_in_no_class(house: House) -> None:
    """Whoever gave up its ids is nowhere active."""
    with tenant(house.district_id) as session:
        active = select(Enrollment.id).join(Account, Account.id == Enrollment.account_id)
        assert not session.scalars(active.where(Account.merged_into_id.is_not(None), Enrollment.state != "ended")).all()


def decide(house: House, proposal_id: UUID, admin: UUID) -> None:
    """This question answered: the same person."""
    with tenant(house.district_id) as session:
        seen = as_it_stands(session, proposal_id)
    same_person(house.district_id, proposal_id, account_id=admin, seen=seen, now=later(3.5))


def stands(house: House) -> str:
    """What stands for the district's only question as it is now."""
    with tenant(house.district_id) as session:
        return as_it_stands(session, the_proposal(house).id)


def account_of_live(house: House, subject: str) -> UUID:
    """Whose id that is now."""
    with tenant(house.district_id) as session:
        live = select(Identity.account_id).where(Identity.subject == subject, Identity.valid_to.is_(None))
        return session.scalars(live).one()


def how_many(house: House, table: str) -> int:
    """Rows of a table."""
    with tenant(house.district_id) as session:
        return int(session.execute(text(f"select count(*) from {table}")).scalar_one())


def seated(house: House) -> int:
    """How many students use a seat."""
    with tenant(house.district_id) as session:
        asked = "select count(distinct account_id) from enrollment where role = 'student' and state = 'active'"
        return int(session.execute(text(asked)).scalar_one())


def everything(house: House) -> list[tuple[object, ...]]:
    """Who is who and where, with every day and mark; who never was anywhere before is not told."""
    with tenant(house.district_id) as session:
        rows = session.execute(
            text(
                """
select 'account', a.id::text, a.given_name, a.family_name, a.merged_into_id::text, '', '' from account a
union all select 'identity', i.id::text, i.subject, i.account_id::text, i.valid_to::text, '', '' from identity i
union all select 'place', n.class_id::text, n.account_id::text, n.role, n.state, n.began_on::text || n.hand,
       n.ended_on::text from enrollment n order by 1, 2, 3""".replace("::text", "\\:\\:text")
            )
        )
        return [tuple(row) for row in rows]
