"""Who is who changes: new ids, roles that come together and part, people who go."""

from dataclasses import replace
from typing import Any

from webapp.simulator.moves.mover import CannotMove, Move, Mover, find, told
from webapp.simulator.world import Person

STAFF = ("site_admin", "aide", "proctor")
EMPLOYEES = ("teacher", "district_admin", *STAFF)


def user_gets_new_id(mover: Mover) -> dict[str, Any]:
    """A changed sis_id makes a person somebody new at Clever, with the same sections."""
    person = mover.person(of_kind(mover, "student"))
    before = person.clever_id
    person.clever_id = mover.district.next_ids()[0]
    person.sis_id = f"9{person.sis_id}"
    person.created = person.modified = mover.now
    return told(f"{person.name} has a new id at Clever.", None, person) | {"before": before}


def user_made_anew(mover: Mover) -> dict[str, Any]:
    """A person is deleted at Clever and made again: somebody new there, with the same numbers and sections."""
    person = mover.person(of_kind(mover, "student"))
    before = person.clever_id
    person.clever_id = mover.district.next_ids()[0]
    person.created = person.modified = mover.now
    return told(f"{person.name} was made anew at Clever.", None, person) | {"before": before}


def employees_merge(mover: Mover) -> dict[str, Any]:
    """Two employees get one e-mail, and Clever makes one user of them, with the roles of both."""
    teacher = mover.person([one for one in of_kind(mover, "teacher") if not parts_of(mover, one)])
    if mover.wish.to:
        other = find(mover.district.people, mover.wish.to)
    else:
        other = mover.pick([mover.district.people[one] for one in of_kind(mover, *STAFF, "district_admin")])
    join(mover, teacher, other)
    other.email = teacher.email
    return told(f"{teacher.name} and {other.name} are one user at Clever.", None, teacher) | {"merged": other.clever_id}


def employee_splits(mover: Mover) -> dict[str, Any]:
    """A changed e-mail parts such a user again; who goes gets an id that nobody had."""
    merged = [one.sourced_id for one in mover.district.people.values() if one.merged_into]
    person = mover.person(merged)
    if not person.merged_into:
        raise CannotMove(f"{person.name} is no part of another user.")
    before = mover.district.people[person.merged_into]
    person.merged_into = ""
    person.clever_id = mover.district.next_ids()[0]
    person.email = f"new.{person.username}@{mover.district.domain}"
    person.modified = before.modified = mover.now
    return told(f"{person.name} is a user of their own at Clever.", None, person) | {"before": before.clever_id}


def person_gets_role(mover: Mover) -> dict[str, Any]:
    """A teacher is staff or a district administrator too (`to`): one user at Clever, two people elsewhere."""
    teacher = mover.person([one for one in of_kind(mover, "teacher") if not parts_of(mover, one)])
    role = mover.wish.to or "staff"
    if role not in ("staff", "district_admin"):
        raise CannotMove("A teacher can be staff or district_admin too.")
    kind = "site_admin" if role == "staff" else role
    clever_id, classlink_id = mover.district.next_ids()
    twin = replace(
        teacher,
        sourced_id=f"stf-{mover.district.seed}-m{mover.district.ids_given:05d}",
        clever_id=clever_id,
        classlink_id=classlink_id,
        kind=kind,
        title="Principal" if role == "staff" else "Superintendent",
        schools=list(teacher.schools) if role == "staff" else [],
        created=mover.now,
    )
    join(mover, teacher, twin)
    mover.district.people[twin.sourced_id] = twin
    return told(f"{teacher.name} is {role} too.", None, teacher) | {"merged_sourced_id": twin.sourced_id}


def contact_shares_email(mover: Mover) -> dict[str, Any]:
    """A teacher is a parent, too: two users with one e-mail, since contacts are never merged with anybody."""
    teacher = mover.person(of_kind(mover, "teacher"))
    guardian = mover.pick([mover.district.people[one] for one in of_kind(mover, "guardian")])
    guardian.email, guardian.given, guardian.family = teacher.email, teacher.given, teacher.family
    guardian.modified = mover.now
    return told(f"{teacher.name} is a parent, too.", None, teacher) | {"contact": guardian.clever_id}


def person_removed(mover: Mover) -> dict[str, Any]:
    """A person is gone from the district, and from every section."""
    person = mover.person(of_kind(mover, "student"))
    for enrollment in mover.district.enrollments.values():
        if enrollment.person == person.sourced_id:
            mover.district.sections[enrollment.section].modified = mover.now
    mover.district.forget(person.sourced_id)
    return told(f"{person.name} is gone.", None, person)


def ext_touched(mover: Mover) -> dict[str, Any]:
    """Only a field of the district's own changes: nothing that anybody else knows."""
    person = mover.person(of_kind(mover, "student"))
    person.ext["bus"] = f"route {mover.district.moves_made + 1}"
    return told(f"{person.name} takes another bus.", None, person)


def of_kind(mover: Mover, *kinds: str) -> list[str]:
    """Sourced ids of the people of those kinds who are users of their own."""
    people = mover.district.people.values()
    return [one.sourced_id for one in people if one.kind in kinds and not one.merged_into]


def parts_of(mover: Mover, person: str) -> list[Person]:
    """Those who are part of that person's user."""
    return [one for one in mover.district.people.values() if one.merged_into == person]


def join(mover: Mover, first: Person, other: Person) -> None:
    """Make the other one part of the first one's user."""
    people = (first, other, *parts_of(mover, first.sourced_id))
    roles = ["staff" if one.kind in STAFF else one.kind for one in people]
    if not set(roles) <= {"teacher", "staff", "district_admin"} or len(set(roles)) < len(roles):
        raise CannotMove("Only employees of different roles become one user.")
    if first.merged_into or other.merged_into or parts_of(mover, other.sourced_id):
        raise CannotMove(f"{other.name} is part of another user.")
    other.merged_into = first.sourced_id
    first.modified = other.modified = mover.now


MOVES: dict[str, Move] = {
    "user_gets_new_id": user_gets_new_id,
    "user_made_anew": user_made_anew,
    "employees_merge": employees_merge,
    "employee_splits": employee_splits,
    "person_gets_role": person_gets_role,
    "contact_shares_email": contact_shares_email,
    "person_removed": person_removed,
    "ext_touched": ext_touched,
}
