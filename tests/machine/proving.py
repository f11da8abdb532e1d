"""The invariants of TEST-3 that need more than a look: pages, journal, tenants, fences."""

from tests.machine import proofs, sight
from tests.machine.days import Days
from tests.machine.shared import role_of


class Proving(Days):
    """Days whose pages and books are looked at, too."""

    def proven(self) -> None:
        """No more seats are used than were bought, and nobody is applying; the fence has only grown."""
        assert len(self.model.seated()) <= self.model.seats
        held, fence = proofs.lease(self.town.house.connection_id, self.now)
        assert held == 0 and fence >= self.fence
        self.fence = fence

    def apart(self) -> None:
        """No row of another district was written, and none names something of another district."""
        self.neighbour.untouched()
        strays = proofs.strays()
        assert not strays, f"{strays} name something of another district"

    def replayed(self) -> None:
        """The journal, read from its beginning, tells what the tables do."""
        faults = proofs.replay(self.town.id)
        assert not faults, "\n".join(faults)

    def settled(self) -> None:
        """A sync of everything; where it changed something, one more, which finds nothing to do (REL-17)."""
        if self.synced():
            before = proofs.versions(self.town.id)
            assert not self.synced(), "a sync of what was just synced changed something"
            # What is set aside of a class's section is forgotten by the first sync that no longer reads it.
            written = {row[0] for row in set(before) ^ set(proofs.versions(self.town.id))} - {"record_set_aside"}
            assert not written, f"unchanged data were written twice: {written}"
            self.proven()
        self.replayed()
        self.apart()

    def seen_by_somebody(self) -> None:
        """What the pages tell a person is what the model says: each step another's."""
        everybody = sorted(self.account_ids)
        person = everybody[self.taken % len(everybody)]
        role = role_of(person)
        seen = sight.seen_by(self.town, self.account_ids[person], role)
        assert seen == self._told(person, role), person

    def _told(self, person: str, role: str) -> dict[str, tuple[str, str, list[str], list[str]]]:
        places = self.model.places
        return {
            section: (klass.given or klass.provider_name, klass.state, *self._roster(section))
            for section, klass in self.model.classes.items()
            if (section, person, role) in places and places[section, person, role].state == "active"
        }

    def _roster(self, section: str) -> tuple[list[str], list[str]]:
        everybody: dict[str, list[str]] = {"teacher": [], "student": []}
        for (theirs, person, role), place in self.model.places.items():
            if theirs == section and place.live:
                one = str(self.account_ids[person])
                everybody[role].append(f"({one})" if place.state == "waiting" else one)
        return sorted(everybody["teacher"]), sorted(everybody["student"])
