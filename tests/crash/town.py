"""The small district that every case is about, as its service shares it on two days and on two bad ones."""

from collections.abc import Callable
from dataclasses import replace

from tests.shared_roster import PUPILS, SharedRoster, SharedService
from webapp.providers.errors import AccessWithdrawn, Unreachable
from webapp.providers.service import Service, SharedDistrict

SECTIONS = ["biology", "chemistry", "drama", "latin", "music"]
AUTHORITY = "authority-1"
"""What the factory calls the first district of a process."""
SEATS = 20


def before() -> SharedRoster:
    """The first day: five sections of one teacher, twenty pupils for twenty seats."""
    shared = SharedRoster()
    shared.add_section("Biology", teachers=["t1", "t2"], students=PUPILS)
    shared.add_section("Chemistry", teachers=["t1"], students=PUPILS[:5])
    shared.add_section("Drama", teachers=["t1"], students=PUPILS[:3])
    shared.add_section("Latin", teachers=["t1"], students=PUPILS[:10])
    shared.add_section("Music", teachers=["t1"], students=PUPILS[5:8])
    return shared


def after() -> SharedRoster:
    """The next day: people come, go and are renamed, a section is gone, and one has lost most of its pupils."""
    shared = before()
    shared.leave("biology", "s20")  # the only one who leaves altogether: one seat for two newcomers
    shared.join("biology", "n1")
    shared.join("music", "n2")
    shared.leave("chemistry", "s1")
    shared.join("chemistry", "s9")
    shared.rename("chemistry", "Chemistry II")
    shared.withdraw("drama")
    shared.leave("latin", *PUPILS[:8])
    shared.people = [replace(one, given_name="Other") if one.source_id == "s5" else one for one in shared.people]
    return shared


def married() -> SharedRoster:
    """As large a sync as there is: half of them have another name, and everybody leaves Biology for Music."""
    shared = before()
    # Would nearly all have one, they would be taken for exchanged, and nothing would be applied (REL-5).
    shared.people = [
        replace(one, family_name="Newname") if number % 2 else one for number, one in enumerate(shared.people)
    ]
    for pupil in PUPILS[:9]:
        shared.leave("biology", pupil)
        shared.join("music", pupil)
    return shared


def unreachable() -> SharedRoster:
    """The service does not answer."""
    return replace(after(), trouble=Unreachable("no answer"))


def withdrawn() -> SharedRoster:
    """The service refuses us."""
    return replace(after(), trouble=AccessWithdrawn("the district stopped sharing"))


DAYS: dict[str, Callable[[], SharedRoster]] = {
    one.__name__: one for one in (before, after, married, unreachable, withdrawn)
}


def services_on(day: str) -> dict[str, Service]:
    """The rostering service on that day."""
    listed = [SharedDistrict(AUTHORITY, "token", "District 1")]
    return {"clever": SharedService(DAYS[day](), sharing=listed)}
