"""A virtual day: its minutes tick the product's own clock, and between two of them things happen and go wrong."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from random import Random

from redis import Redis

from tests.factory import NOW
from tests.machine.proofs import strays
from tests.soak.districts import Truth
from tests.soak.faults import a_fault
from tests.soak.proofs import Proofs
from tests.soak.service import ManyDistricts
from tests.soak.tenants import Tenant
from tests.soak.workers import Job, Workers
from webapp.jobs import work
from webapp.jobs.clock import TABLE
from webapp.settings import Settings

MINUTE = timedelta(minutes=1)
PER_HOUR = {"change": 0.7, "fault": 0.4, "sync": 0.3, "decide": 1.5, "undo": 0.05}
"""How often, about, in each district."""
TABLE_SILENT = 0.002
"""How likely the service's table of districts fails to answer, each minute."""
REST = 60
"""Virtual minutes without a fault, after which all must be as it should."""


class Day:
    """Many districts, one product, one clock."""

    def __init__(self, settings: Settings, *, seed: int, tenants: int, pace: float) -> None:
        self._settings, self._dice, self._now, self._pace = settings, Random(seed), NOW, pace
        self.tenants = [self._tenant(seed, number) for number in range(tenants)]
        self._service = ManyDistricts({one.house.authority: one for one in self.tenants})
        work._services = {"clever": self._service}  # the one thing that a worker is not told by its settings
        self._numbers = {str(one.id): one.number for one in self.tenants}
        self._proofs = [Proofs(one) for one in self.tenants]
        self.workers = Workers(Redis.from_url(settings.queue_url), Random(-seed), self._order, pace)
        self._due = dict.fromkeys((line.name for line in TABLE), NOW)
        self.seen: Counter[str] = Counter()

    def _tenant(self, seed: int, number: int) -> Tenant:
        dice = Random(f"{seed} {number}")
        return Tenant(number, Truth(dice), seats=dice.randint(18, 26))

    def _order(self, job: Job) -> int:
        return self._numbers[job[1][-1]] if job[1] else -1

    def pass_by(self, hours: int) -> list[str]:
        """So many hours have passed, with everything that can go wrong; what did not hold."""
        for one in self.tenants:
            one.imports(work._services, self._now)
        broken = []
        for minute in range(60 * hours):
            self._misfortunes()
            self._minute(kindly=False)
            if minute % 60 == 59:
                broken += self._broken()
        return broken

    def come_to_rest(self) -> list[str]:
        """Nothing goes wrong any more, and people decide what waits; what is not as it should be then."""
        self._service.silent = False
        for one in self.tenants:
            one.fails(None)
            one.follows_again(self._now)
        for minute in range(REST):
            if minute % 20 == 15:
                for one in self.tenants:
                    one.asks_for_everything(self._now)
            for one in self.tenants:
                one.decides(self._now)
            self._minute(kindly=True)
        return [*self._broken(), *self._told([one.at_last() for one in self._proofs]), *self._unchanged()]

    def _unchanged(self) -> list[str]:
        """One more sync of all that writes nothing (REL-17)."""
        before = [one.versions() for one in self._proofs]
        for one in self.tenants:
            one.asks_for_everything(self._now)
        self._minute(kindly=True)
        same = [was == one.versions() for was, one in zip(before, self._proofs, strict=True)]
        return self._told([[] if one else ["an unchanged sync wrote something"] for one in same])

    def _minute(self, *, kindly: bool) -> None:
        self._now += MINUTE
        for line in TABLE:
            if self._due[line.name] <= self._now:
                self._due[line.name] = self._now + timedelta(seconds=line.every)
                self.workers.now = self._now
                line.work(self._settings, self._now)
        self.workers.work(self._now, kindly=kindly)

    def _misfortunes(self) -> None:
        self._service.silent = self._dice.random() < TABLE_SILENT
        for one in self.tenants:
            if one.fault and one.fault.until <= self._now:
                one.fails(None)
            for what, often in PER_HOUR.items():
                if self._dice.random() < self._pace * often / 60:
                    self._happens(what, one)

    def _happens(self, what: str, one: Tenant) -> None:
        self.seen[what] += 1
        if what == "change":
            one.truth.change()
        elif what == "fault":
            one.fails(a_fault(self._dice, self._now))
            self.seen[f"fault: {one.fault.name if one.fault else ''}"] += 1
        elif what == "sync":
            one.asks_for_a_sync(self._dice, self._now)
        elif what == "decide":
            one.decides(self._now)
        else:
            one.undoes(self._dice, self._now)

    def _broken(self) -> list[str]:
        return [*strays(), *self._told([one.broken(self._now) for one in self._proofs])]

    def _told(self, faults: Sequence[Sequence[str]]) -> list[str]:
        return [f"{self._now:%d %H:%M} district {number}: {why}" for number, all_ in enumerate(faults) for why in all_]
