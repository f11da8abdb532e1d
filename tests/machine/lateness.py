"""What may be true after a worker stood still and woke up late: its fetch lost, or came first, or in part."""

from dataclasses import replace
from datetime import datetime

from tests.machine.following import sync
from tests.machine.model import House, Outcome
from tests.machine.shared import Shared


def after_a_late_worker(house: House, old: Shared, then: datetime, new: Shared, now: datetime) -> list[Outcome]:
    """The newer run's outcome on whatever the older one had done before it.

    An older fetch changes no class that a newer one has looked at (REL-19). Only a newer one that was held wholly has
    looked at none: then the older one may be carried out.
    """
    first = sync(house, old, now=then).house
    told = _told_of(house, first)
    unnamed = replace(told, names=house.names, kept=house.kept)
    newer = [sync(before, new, now=now) for before in (house, first, told, unnamed)]
    return newer + [sync(one.house, old, now=then) for one in newer if one.whole]


def _told_of(house: House, first: House) -> House:
    """The older run has written people, sections and terms, and was stopped before it came to the classes."""
    told = house.copy()
    told.names, told.kept, told.term_ends = first.names, first.kept, first.term_ends
    for section, klass in house.classes.items():
        told.classes[section] = replace(klass, terms=first.classes[section].terms)
    return told
