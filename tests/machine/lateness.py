"""What may be true after a worker stood still and woke up late: its fetch lost, or came first, or in part."""

from dataclasses import replace
from datetime import datetime
from itertools import chain, combinations

from tests.machine.following import sync
from tests.machine.model import House, Outcome
from tests.machine.readings import READINGS
from tests.machine.shared import Shared


def after_a_late_worker(house: House, old: Shared, then: datetime, new: Shared, now: datetime) -> list[Outcome]:
    """The newer run's outcome on whatever the older one had done before it; then, perhaps, the older one's rest."""
    first = sync(house, old, now=then).house
    named = house.copy()
    named.names, named.kept, named.term_ends = first.names, first.kept, first.term_ends
    for section, klass in house.classes.items():
        if section in first.classes:
            named.classes[section] = replace(klass, terms=first.classes[section].terms)
    newer = sync(house, new, now=now)
    outcomes = [newer, *(sync(before, new, now=now) for before in (first, named))]
    if READINGS.older_fetch_never_wins and not newer.whole:
        return outcomes
    unchanged = [section for section in newer.house.classes if not _changed(house, newer.house, section)]
    return outcomes + [sync(newer.house, old, now=then, scope=some) for some in _subsets(unchanged)]


def _changed(before: House, after: House, section: str) -> bool:
    """True where the newer run changed the class for sure: then the older one must leave it alone (REL-19)."""
    old = {key for key, place in before.places.items() if key[0] == section and place.live}
    new = {key for key, place in after.places.items() if key[0] == section and place.live}
    was, now = before.classes.get(section), after.classes[section]
    return old != new or was is None or (was.provider_name, was.state) != (now.provider_name, now.state)


def _subsets(sections: list[str]) -> list[tuple[str, ...]]:
    sizes = range(len(sections), 0, -1)
    return list(chain.from_iterable(combinations(sections, size) for size in sizes))
