"""Another district, whose people and sections have the same ids: whatever happens beside it, it stays as it is."""

from datetime import timedelta
from typing import Any

from tests.factory import NOW
from tests.machine import proofs
from tests.machine.shared import Shared, first_day
from tests.machine.town import Town


class Neighbour:
    """The district next door, with a clock of its own."""

    def __init__(self) -> None:
        self.town, self._now = Town(_without_terms(), seats=8), NOW
        self.town.work(self.town.ask_import("t1", ["art", "biology"], NOW), NOW)
        self.synced(whole=False)
        self._was: list[Any] = proofs.versions(self.town.id)

    def synced(self, *, whole: bool) -> None:
        """A sync of everything has found what is shared with it."""
        self._now += timedelta(minutes=1)
        run = self.town.work(self.town.ask_sync(self._now, whole=whole), self._now)
        assert run.state == "done", f"{run.state}: {run.reason}"

    def untouched(self) -> None:
        """No row of it was written since it began."""
        assert proofs.versions(self.town.id) == self._was, "another district's rows were written"


def _without_terms() -> Shared:
    shared = first_day()
    for section in shared.sections.values():
        section.terms.clear()
    return shared
