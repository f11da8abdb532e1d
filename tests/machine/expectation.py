"""Whether what is seen of the product is what the model expects, and who of those who came got a seat."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tests.machine.limits import Removal
from tests.machine.model import UNDECIDED, House, Outcome, Place
from tests.machine.sight import Sight


def differences(expected: House, seen: Sight) -> list[str]:
    """Every line in which the two differ; empty where the product is as the model says."""
    lines = _lines("class", expected.classes, seen.classes) + _lines("person", expected.names, seen.names)
    if expected.kept != seen.kept:
        lines.append(f"names kept: the model says {expected.kept}, the product {seen.kept}")
    lines += _lines("term", expected.term_ends, seen.term_ends)
    for key in sorted(expected.places.keys() | seen.places.keys()):
        mine, theirs = expected.places.get(key), seen.places.get(key)
        if mine is None or theirs is None or not _same(mine, theirs):
            lines.append(f"place {key}: the model says {mine}, the product {theirs}")
    return lines


def _lines(what: str, mine: Mapping[str, object], theirs: Mapping[str, object]) -> list[str]:
    keys = sorted(mine.keys() | theirs.keys())
    return [
        f"{what} {key}: the model says {mine.get(key)}, the product {theirs.get(key)}"
        for key in keys
        if mine.get(key) != theirs.get(key)
    ]


def _same(mine: Place, theirs: Place) -> bool:
    if mine.state == UNDECIDED:
        return theirs.live and replace(mine, state=theirs.state) == theirs
    return mine == theirs


def fitting(candidates: Sequence[Outcome], seen: Sight, held: frozenset[Removal] | None = None) -> Outcome:
    """The first outcome that fits what is seen (and held), its seats given out as seen. Fails where none does."""
    for outcome in candidates:
        if not differences(outcome.house, seen) and held in (None, outcome.held):
            return replace(outcome, house=seated_as_seen(outcome.house, seen))
    outcome = candidates[0]
    lines = differences(outcome.house, seen)
    if held not in (None, outcome.held):
        lines.append(f"held: the model says {sorted(outcome.held)}, the product {sorted(held or ())}")
    raise AssertionError("\n".join(["The product is not as the model says:", *lines]))


def seated_as_seen(house: House, seen: Sight) -> House:
    """The same house with nothing undecided."""
    after = house.copy()
    after.places = {key: replace(place, state=seen.places[key].state) for key, place in house.places.items()}
    return after


def seat_faults(before: House, after: House, *, settled: bool) -> list[str]:
    """What is wrong with the seats: too many are used; after a whole sync also that one is free and somebody waits."""
    seated, waiting = after.seated(), after.waiting()
    faults = []
    if len(seated) > after.seats:
        faults.append(f"{len(seated)} seats are used and {after.seats} were bought")
    if settled and waiting and len(seated) < after.seats:
        faults.append(f"{sorted(waiting)} wait though {after.seats - len(seated)} seats are free")
    if settled and waiting & seated:
        faults.append(f"{sorted(waiting & seated)} have a seat and wait for one")
    for key, place in before.places.items():
        # Whose class was in the archive had no seat: when it comes back they ask anew.
        kept = place.state == "active" and before.classes[key[0]].state != "archived"
        if kept and after.places[key].state == "waiting":
            faults.append(f"{key} had a seat and lost it")
    return faults
