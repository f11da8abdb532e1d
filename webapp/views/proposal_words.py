"""People who may be one and the same, in words: why somebody asks, what agrees, and what has become of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.store.questions.proposals import ClassOfTheirs, Proposal, Side
from webapp.views.grades import grade
from webapp.views.times import day, short_day

WHY = {
    "sis_id": "{service} shares a new id whose SIS id is that of somebody who is here already.",
    "student_number": "{service} shares a new id whose number is that of somebody who is here already.",
    "reissued": "This id was away for a long time, and came back at {service} with another family name and SIS id.",
}
"""By what the two were found -> why somebody asks."""
ROLES = {
    "student": "Student",
    "teacher": "Teacher",
    "staff": "Staff",
    "school_admin": "School administrator",
    "district_admin": "District administrator",
    "license_admin": "License admin",
}
SAME = "same"
DIFFERENT = "different"
NOTHING = "none"


@dataclass(frozen=True)
class Line:
    """One fact about both, side by side, and whether it speaks for one person."""

    heading: str
    known: str
    new: str
    verdict: str = ""


def why(proposal: Proposal, service: str) -> str:
    """Why somebody is asked."""
    return WHY[proposal.evidence["by"]].format(service=service)


def doubts(proposal: Proposal, known: Side, new: Side) -> list[str]:
    """What to look at before deciding."""
    found = []
    if proposal.evidence["alike"] > 1:
        found.append(f"{proposal.evidence['alike']} people here may be the new one. You are asked about each of them.")
    if known.family_name.lower() != new.family_name.lower():
        found.append("Their family names are different.")
    if known.last_seen is None and known.classes:
        found.append("The one who is here already is still in a class, so both may be shared at once.")
    if (known.last_sign_in_at or known.has_password) and (new.last_sign_in_at or new.has_password):
        found.append("Both have signed in. Work that was done under the new account stays with that account.")
    return found


def lines(known: Side, new: Side, service: str, zone: str) -> Iterator[Line]:
    """Both side by side, the strongest evidence first."""
    yield _compared(
        "Name", f"{known.given_name} {known.family_name}".strip(), f"{new.given_name} {new.family_name}".strip()
    )
    yield _compared("SIS id", known.sis_id, new.sis_id)
    yield _compared("Number", known.student_number, new.student_number)
    yield _compared("Grade", grade(known.grade), grade(new.grade))
    if known.roster_email or new.roster_email:
        yield _compared("E-mail", known.roster_email, new.roster_email)
    yield _compared("Role", _roles(known), _roles(new))
    yield _compared("School", ", ".join(known.schools), ", ".join(new.schools))
    yield Line(f"Id at {service}", _ids(known), _ids(new))
    yield Line("Last in a class", _last_seen(known), _last_seen(new))
    yield Line("Here since", day(known.since, zone), day(new.since, zone))
    yield Line("Last signed in", _signed_in(known, zone), _signed_in(new, zone))


def _compared(heading: str, known: str | None, new: str | None) -> Line:
    if not known or not new:
        return Line(heading, known or NOTHING, new or NOTHING)
    return Line(heading, known, new, SAME if known.lower() == new.lower() else DIFFERENT)


def _roles(side: Side) -> str:
    return ", ".join(ROLES.get(role, role) for role in side.roles)


def _ids(side: Side) -> str:
    return ", ".join([*side.ids, *(f"{one} (no longer)" for one in side.former_ids)]) or NOTHING


def _last_seen(side: Side) -> str:
    if not side.classes:
        return "never"
    return short_day(side.last_seen) if side.last_seen else "now"


def _signed_in(side: Side, zone: str) -> str:
    when = day(side.last_sign_in_at, zone) if side.last_sign_in_at else "never"
    return f"{when}, has a password" if side.has_password else when


def place(one: ClassOfTheirs) -> str:
    """A class of theirs, since when or until when."""
    where = f"{one.name} ({one.school})" if one.school else one.name
    if one.state == "ended" and one.ended_on:
        return f"{where}, until {short_day(one.ended_on)}"
    waits = ", waits for a seat" if one.state == "waiting" else ", archived" if one.state == "archived" else ""
    return f"{where}, since {short_day(one.began_on)}{waits}"


def outcome(proposal: Proposal, zone: str) -> str:
    """What has become of the question; "" while it waits."""
    if proposal.waits:
        return ""
    if proposal.state == "open":
        return "One of the two has been joined with somebody else since, so this question rests."
    by = f" by {proposal.decided_by}" if proposal.decided_by else ""
    when = f" on {day(proposal.decided_at, zone)}" if proposal.decided_at else ""
    return {
        "accepted": f"Joined{by}{when}: one person, with the new id.",
        "declined": f"Kept apart{by}{when}: two different people. Nobody is asked about these two again.",
        "undone": f"Joined once, and parted again{by}{when}: two people, each with their own id.",
    }[proposal.state]
