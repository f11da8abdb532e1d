"""The guard's limits as safety.md states them (REL-3 to REL-6), for the model alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tests.machine.shared import role_of

Removal = tuple[str, ...]
"""("class", section) where a class would freeze; ("place", section, person, role) where somebody would leave;
("account", person, role) for somebody who would have another name."""
A_FEW = 5
"""Fewer people than these are no exchange of identities: a teacher is replaced."""


@dataclass(frozen=True)
class Census:
    """Who the connection has in classes before and after, if the plan were carried out."""

    before: frozenset[Removal]
    gone: frozenset[Removal]
    come: frozenset[Removal]
    classes: frozenset[str]
    """Active classes before."""
    frozen: frozenset[str]
    made: frozenset[str]
    known: frozenset[str]
    """Everybody who has an account."""

    def change(self, role: str) -> tuple[int, int, int]:
        """How many people of this role were there, would be gone, would be new."""
        before = _people(self.before, role)
        after = _people((self.before - self.gone) | self.come, role)
        return len(before), len(before - after), len(after - before)


def _people(places: Iterable[Removal], role: str) -> set[str]:
    return {place[2] for place in places if place[3] == role}


def too_many(known: int, removed: int) -> bool:
    """REL-3 for one type."""
    if known < 100:
        return removed >= 5 and removed > 0.25 * known
    return removed >= 10 and removed > 0.10 * known


def _dangerous(known: int, removed: int, added: int) -> bool:
    """REL-3 and REL-4: too many, or everything."""
    return too_many(known, removed) or (removed > 0 and known - removed + added <= 0)


def held(census: Census) -> set[Removal]:
    """What must wait for a person. Where too many students would go, a teacher still may, and the other way round."""
    waits: set[Removal] = set()
    for role in ("student", "teacher"):
        if _dangerous(*census.change(role)):
            waits |= {place for place in census.gone if place[3] == role}
    if _dangerous(len(census.before), len(census.gone), len(census.come)):
        waits |= census.gone
    if _dangerous(len(census.classes), len(census.frozen), len(census.made)):
        waits |= {("class", section) for section in census.frozen}
    for section in {place[1] for place in census.gone}:
        if _class_held(census, section):
            waits |= {place for place in census.gone if place[1] == section}
    return waits


def _class_held(census: Census, section: str) -> bool:
    known = sum(place[1] == section and place[3] == "student" for place in census.before)
    removed = sum(place[1] == section and place[3] == "student" for place in census.gone)
    return removed >= 5 and removed > known / 2


def exchanged(census: Census, told: Collection[str], renamed: Collection[str]) -> bool:
    """REL-5: the people themselves look like others."""
    return any(_exchanged(census, role, told, renamed) for role in ("student", "teacher"))


def _exchanged(census: Census, role: str, told: Collection[str], renamed: Collection[str]) -> bool:
    known, removed, added = census.change(role)
    met = [person for person in told if person in census.known and role_of(person) == role]
    other = [person for person in met if person in renamed]
    everybody_new = known >= A_FEW and removed == known and added > 0
    swapped = too_many(known, removed) and too_many(known, added)
    return everybody_new or swapped or (len(other) >= A_FEW and len(other) > 0.75 * len(met))
