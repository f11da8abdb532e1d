"""What goes wrong with a service, at random. Lies in an answer that looks whole are large: small ones look true."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from tests.shared_roster import SharedRoster
from tests.soak.districts import Fault
from webapp.providers.errors import AccessWithdrawn, Unreachable
from webapp.providers.service import Condition
from webapp.roster.records import Enrollment, Role

Make = Callable[[Random, datetime, datetime], Fault]
PAUSED = Condition(settled=False, sentence="The service is paused until August 12.")
LONGEST = timedelta(hours=3)


def a_fault(dice: Random, now: datetime) -> Fault:
    """A fault that begins now and lasts for minutes or hours."""
    until = now + timedelta(minutes=dice.randint(5, int(LONGEST.total_seconds() / 60)))
    return dice.choice(FAULTS)(dice, now, until)


def _silent(_dice: Random, _now: datetime, until: datetime) -> Fault:
    return Fault("silent", until, trouble=Unreachable("no answer"))


def _busy(_dice: Random, now: datetime, until: datetime) -> Fault:
    again = now + timedelta(minutes=15)
    return Fault("busy", until, trouble=Unreachable("too many requests", retry_at=again))


def _refuses(_dice: Random, _now: datetime, until: datetime) -> Fault:
    return Fault("refuses", until, trouble=AccessWithdrawn("the token no longer works"))


def _cut(dice: Random, _now: datetime, until: datetime) -> Fault:
    return Fault("cut", until, cut_after=dice.randint(0, 5))


def _delisted(_dice: Random, _now: datetime, until: datetime) -> Fault:
    return Fault("delisted", until, listed=False, freezes=True)


def _paused(dice: Random, _now: datetime, until: datetime) -> Fault:
    """The service says itself that its data can't be trusted: then whatever is missing is no lie."""
    return Fault("paused", until, condition=PAUSED, lie=dice.choice([_emptied, _halved, _few, _vanished]))


def _lying(lie: Callable[[SharedRoster], None]) -> Make:
    return lambda _dice, _now, until: Fault(lie.__name__.strip("_"), until, lie=lie, freezes=lie is _vanished)


def _without(roster: SharedRoster, gone: Callable[[Enrollment], bool]) -> None:
    roster.enrollments = [one for one in roster.enrollments if one.role is Role.TEACHER or not gone(one)]


def _emptied(roster: SharedRoster) -> None:
    """Every section is there, and nobody in it."""
    _without(roster, lambda _one: True)


def _halved(roster: SharedRoster) -> None:
    """Of each section two students in three are missing, always the same ones."""
    places = {one: number for number, one in enumerate(roster.enrollments)}
    _without(roster, lambda one: places[one] % 3 > 0)


def _few(roster: SharedRoster) -> None:
    """Three students are missing."""
    _without(roster, lambda one: one.person_source_id in ("s1", "s2", "s3"))


def _vanished(roster: SharedRoster) -> None:
    """No section is told of any more."""
    roster.withdraw(*[one.source_id for one in roster.sections])


def _renumbered(roster: SharedRoster) -> None:
    """Every student has another id."""
    roster.people = [
        replace(one, source_id=f"new-{one.source_id}") if Role.STUDENT in one.roles else one for one in roster.people
    ]
    roster.enrollments = [
        replace(one, person_source_id=f"new-{one.person_source_id}") if one.role is Role.STUDENT else one
        for one in roster.enrollments
    ]


def _unprintable(roster: SharedRoster) -> None:
    """Two records can't be kept: one has a character that no table holds, one no name at all."""
    names = {"s4": ("a\0b", "Example"), "s5": ("", "")}
    roster.people = [
        replace(one, given_name=names[one.source_id][0], family_name=names[one.source_id][1])
        if one.source_id in names
        else one
        for one in roster.people
    ]


def _drifting(roster: SharedRoster) -> None:
    """The data move under the first pull of everything, which is told anew."""
    roster.moved_from = [Enrollment("algebra", "s9", Role.STUDENT), Enrollment("nowhere", "nobody", Role.STUDENT)]


def _forgetful(roster: SharedRoster) -> None:
    """The lists lack three students, whom the service still knows when their section is asked for."""
    roster.lost_in_lists = {"s6", "s7", "s8"}


FAULTS: tuple[Make, ...] = (
    *(_silent, _busy, _refuses, _cut, _cut, _delisted, _paused),
    *map(_lying, (_emptied, _halved, _vanished, _renumbered, _unprintable, _drifting, _forgetful)),
)
