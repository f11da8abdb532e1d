"""The invariants of TEST-3 that need more than a look: pages, journal, tenants, fences."""

from tests.machine import proofs, sight
from tests.machine.days import Days
from tests.machine.shared import STUDENTS, TEACHERS


class Proving(Days):
    """Days whose pages and books are looked at, too."""

    def proven(self) -> None:
        """The journal tells what the tables do, no row is another district's, one may apply at most."""
        assert proofs.versions(self.untouched.id) == self.untouched_was, "another district's rows were written"
        assert proofs.strays() == 0, "a row names something of another district"
        leases, fence = proofs.lease(self.town.house.connection_id)
        assert leases <= 1 and fence >= self.fence
        self.fence = fence
        faults = proofs.replay(self.town.id)
        assert not faults, "\n".join(faults)

    def seen_by_everybody(self) -> None:
        """What the pages tell each person is what the model says."""
        for person in (*TEACHERS, *STUDENTS[:2]):
            if person in self.account_ids:
                role = "teacher" if person in TEACHERS else "student"
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
