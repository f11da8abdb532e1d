"""ClassLink's desk, and what its roster servers told last: an import replaces it, a blackout keeps it."""

from dataclasses import dataclass, field
from itertools import count

from webapp.simulator.desk import Desk
from webapp.simulator.oneroster.shelf import RosterShelf
from webapp.simulator.stage import Stage
from webapp.simulator.world import District


@dataclass(kw_only=True)
class LaunchPad(Desk):
    """The sign-in desk of one sandbox's ClassLink, with the districts' rosters behind it."""

    shelves: dict[int, RosterShelf] = field(default_factory=dict)
    answers: "count[int]" = field(default_factory=count)

    def shelf(self, district: District) -> RosterShelf:
        """The district as its roster server tells it now; what was told before says which records are gone."""
        kept = self.shelves.get(district.number)
        if kept and (kept.revision == district.revision or district.doors.classlink.oneroster_blackout):
            return kept
        self.shelves[district.number] = RosterShelf(district, kept)
        return self.shelves[district.number]

    def revision(self, shelf: RosterShelf) -> str:
        """The revision of data and permissions, as the district's server counts it; empty where it tells none."""
        manner = shelf.district.doors.classlink.oneroster_revision
        fixed = {"absent": "", "the same whatever changes": "1000"}
        if manner == "new with every answer":
            return str(10_000_000 + next(self.answers))
        return fixed.get(manner, str(1000 + shelf.revision))


def launchpad_of(stage: Stage) -> LaunchPad:
    """This sandbox's ClassLink."""
    desk = stage.desks["classlink"]
    if not isinstance(desk, LaunchPad):
        raise TypeError("ClassLink's desk is a LaunchPad")
    return desk
