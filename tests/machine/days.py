"""What every rule stands on: the product's town, the model's house beside it, the clock, and how a run is compared."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine

from tests.factory import NOW
from tests.machine import proofs, sight
from tests.machine.expectation import differences, fitting, seat_faults
from tests.machine.following import ASKED_AGAIN_FOR, sync
from tests.machine.limits import Removal
from tests.machine.model import House, Key, Outcome, day
from tests.machine.neighbour import Neighbour
from tests.machine.shared import TEACHERS, first_day
from tests.machine.taking_back import History
from tests.machine.town import Town
from webapp.providers.errors import AccessWithdrawn, ProviderError

_Thing = TypeVar("_Thing")
PAGES = 6
"""How many pages a fetch has, either way."""


@dataclass(frozen=True)
class Fault:
    """How the service fails in the middle of a fetch."""

    error: type[ProviderError]
    after_pages: int


@dataclass(frozen=True)
class Hold:
    """What one run shows to the person who decides."""

    scope: Collection[str] | None
    removals: frozenset[Removal]
    whole: bool


class Days(RuleBasedStateMachine):
    """A district's days: the real one and the model's."""

    steps: ClassVar[int] = 0
    """Steps done since the process began, of all examples."""
    syncs: ClassVar[int] = 0
    neighbour: ClassVar[Neighbour]
    """Another district, which nothing here concerns."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.shared, self.taken = NOW, first_day(), 0
        self.history = History()
        self.holds: dict[UUID, Hold] = {}
        self.parked: dict[UUID, int] = {}
        """Parked run -> how often it was parked."""
        self.runs: list[UUID] = []
        self.good = False
        """True once a sync of everything has gone well."""
        self.class_ids: dict[str, UUID] = {}
        self.account_ids: dict[str, UUID] = {}
        self.place_ids: dict[Key, int] = {}
        self.fence = 0

    def begin(self, seats: int) -> None:
        """A district that has just been licensed and connected."""
        self.town = Town(self.shared, seats, beside=[self.neighbour.town])
        self.model = House(seats, names={one: one.title() for one in TEACHERS})

    @property
    def today(self) -> date:
        """The day it is in the district."""
        return day(self.now)

    def later(self, **span: float) -> datetime:
        """Time goes on."""
        self.now += timedelta(**span)
        return self.now

    def becomes(self, house: House, run_id: UUID | None = None) -> None:
        """The model goes on from here; its journal says who changed what."""
        self.history.note(run_id, self.model, house)
        self.model = house

    # Runs

    def synced(self, *, whole: bool = False, fault: Fault | None = None) -> bool:
        """A sync of everything, in the product and in the model; True where it changed something."""
        return self.delivered(self.town.ask_sync(self.later(minutes=1), whole=whole), fault=fault)

    def delivered(self, run_id: UUID, *, fault: Fault | None = None, ticked: Collection[str] = ()) -> bool:
        """A worker has done this run as the model says; True where it changed something."""
        parked = self._note(run_id)
        hold = self.holds.get(run_id, Hold(None, frozenset(), whole=False))
        scope, before = self.town.run(run_id).scope, proofs.versions(self.town.id)
        asks = scope is not None or self.asks()
        self._break(fault)
        run = self.town.work(run_id, self.now)
        self._break(None)
        if asks and (trouble := self._trouble(fault)):
            self._in_trouble(run_id, trouble, before, parked + 1)
            return False
        outcome = sync(
            self.model,
            self.shared,
            now=self.now,
            scope=scope,
            ticked=ticked,
            approved=hold.removals,
            approved_whole=hold.whole,
        )
        settled = self.shared.settled or not asks
        house = self.checked([outcome], seats=scope is None and asks and not outcome.whole)
        unchanged = house == self.model
        self._unwritten(run_id, before, unchanged, outcome.held)
        self.becomes(house, run_id)
        self.note_hold(run_id, Hold(scope, outcome.held if settled else hold.removals, outcome.whole), settled=settled)
        assert run.state == ("held" if run_id in self.holds else "done"), f"{run.state}: {run.reason}"
        self.good |= scope is None and asks and self.shared.settled and not outcome.whole
        return not unchanged

    def asks(self) -> bool:
        """True where a sync of everything has something to ask the service."""
        classes = self.model.classes.values()
        return self.model.licensed(self.today) and any(
            one.state != "archived" or self._asked_again(one.over_since, hand=one.hand) for one in classes
        )

    def _asked_again(self, over_since: datetime | None, *, hand: bool) -> bool:
        return over_since is not None and self.now - over_since <= ASKED_AGAIN_FOR and not hand

    def _note(self, run_id: UUID) -> int:
        Days.syncs += 1
        self.runs.append(run_id)
        return self.parked.pop(run_id, 0)

    def _break(self, fault: Fault | None) -> None:
        self.town.service.breaks = fault.error("The service fails.") if fault else None
        self.town.service.after_pages = fault.after_pages if fault else 0

    def _trouble(self, fault: Fault | None) -> type[ProviderError] | None:
        if not self.town.service.listed:
            return AccessWithdrawn
        return fault.error if fault and fault.after_pages < PAGES else None

    def _in_trouble(
        self, run_id: UUID, trouble: type[ProviderError], before: Sequence[tuple[object, ...]], times: int
    ) -> None:
        """REL-1, REL-25: nothing is changed; the run is parked, or has failed where access was withdrawn."""
        run = self.town.run(run_id)
        assert proofs.rosters(proofs.versions(self.town.id)) == proofs.rosters(before)
        self.as_told()
        self.holds.pop(run_id, None)
        if trouble is AccessWithdrawn:
            assert run.state == "failed", run.state
        elif run.state == "parked":
            self.parked[run_id] = times
        else:
            old = self.now - run.requested_at > timedelta(days=28)
            assert run.state == "failed" and (old or (run.kind == "import" and times > 5))

    def _unwritten(
        self, run_id: UUID, before: Sequence[tuple[object, ...]], unchanged: bool, held: frozenset[Removal]
    ) -> None:
        """REL-17: what is unchanged writes no row; a hold that people were told of writes no letter.

        A run that was approved and must wait again is news, even with the same removals: nobody expects it.
        """
        after = proofs.versions(self.town.id)
        if unchanged:
            assert proofs.rosters(after) == proofs.rosters(before), "a sync of what is unchanged wrote rows"
        if not held or held in [one.removals for other, one in self.holds.items() if other != run_id]:
            assert proofs.letters(after) == proofs.letters(before), "a letter was written for what is no news"

    def note_hold(self, run_id: UUID, hold: Hold, *, settled: bool) -> None:
        """A later look at the same sections takes the place of what an earlier one held (REL-10)."""
        if settled:
            self.holds = {other: one for other, one in self.holds.items() if not _covers(hold.scope, one.scope)}
        self.holds.pop(run_id, None)
        if hold.removals:
            self.holds[run_id] = hold
        shown, expected = sight.holds(self.town), {one: told.removals for one, told in self.holds.items()}
        assert shown == expected, f"held: the model says {expected}, the product {shown}"

    # Comparing

    def as_told(self) -> None:
        """The product holds what the model says."""
        lines = differences(self.model, self.look())
        assert not lines, "\n".join(lines)

    def look(self) -> sight.Sight:
        """What the product holds; its ids have kept their meaning, so work still has its owner (REL-12, REL-13)."""
        seen = sight.look(self.town)
        _same_ids(self.class_ids, seen.class_ids)
        _same_ids(self.account_ids, seen.account_ids)
        _same_ids(self.place_ids, seen.place_ids)
        return seen

    def checked(self, candidates: Sequence[Outcome], *, seats: bool) -> House:
        """The house as the product has it, which is one of these; with `seats`, every free seat must be given out."""
        house = fitting(candidates, self.look()).house
        faults = seat_faults(self.model, house, settled=seats)
        assert not faults, faults
        return house


def _same_ids(known: dict[_Thing, Any], now: dict[_Thing, Any]) -> None:
    changed = {thing for thing, its_id in known.items() if now.get(thing) != its_id}
    assert not changed, f"the ids of {changed} have changed their meaning"
    known.update(now)


def _covers(scope: Collection[str] | None, other: Collection[str] | None) -> bool:
    return scope is None or (other is not None and set(other) <= set(scope))
