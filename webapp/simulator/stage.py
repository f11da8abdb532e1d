"""Everything that one running sandbox knows, shared by all its addresses."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from joserfc.jwk import RSAKey

from webapp.simulator.desk import Visitor
from webapp.simulator.faults import Faults
from webapp.simulator.meter import Meter, RateLimit
from webapp.simulator.saved import Saved, load, save
from webapp.simulator.seed import grow_district
from webapp.simulator.world import District, Person

if TYPE_CHECKING:
    from webapp.simulator.played import Played

Shelf = TypeVar("Shelf")


class Stage:
    """The districts, the services with their sign-in desks, the faults and the counters."""

    def __init__(
        self, services: Sequence["Played"], state_file: Path | None, public_url: str, clock: Callable[[], float]
    ) -> None:
        saved = load(state_file)
        self.state_file = state_file
        self.districts: list[District] = saved.districts if saved else []
        key = RSAKey.import_key(saved.signing_key) if saved else None
        self.signing_key = key or RSAKey.generate_key(2048, {"kid": "sandbox", "use": "sig", "alg": "RS256"})
        self.url = ""
        self.clock = clock
        self.faults = Faults(clock)
        self.meter = Meter(services)
        self.rate_limit = RateLimit(clock)
        self.lock = RLock()
        self.services = {one.key: one for one in services}
        self.desks = {one.key: one.desk(clock) for one in services}
        self.set_public_url(public_url)
        self._shelves: dict[tuple[int, str], tuple[int, Any]] = {}

    def set_public_url(self, public_url: str) -> None:
        """Where portal and tile send people who did not start at the application."""
        self.public_url = public_url.rstrip("/")
        for desk in self.desks.values():
            desk.primary = self.public_url + desk.callback_path

    def add(self, grow: Callable[[int], District]) -> District:
        """Take in one more district, under the next number."""
        with self.lock:
            district = grow(len(self.districts) + 1)
            self.districts.append(district)
            self.keep()
        return district

    def add_grown(self, *, seed: int, size: str, today: date, name: str | None = None) -> District:
        """Take in a made-up district."""
        return self.add(lambda number: grow_district(number, seed=seed, size=size, today=today, name=name))

    def keep(self) -> None:
        """Save the state, if this sandbox has a file for it."""
        if self.state_file:
            with self.lock:
                save(Saved(self.districts, self.signing_key.as_dict(private=True)), self.state_file)

    def names(self, district: District) -> dict[str, str]:
        """What a district is called at each service."""
        return {name: value for one in self.services.values() for name, value in one.names(district).items()}

    def district(self, number: int) -> District | None:
        """The district of that number."""
        return self.districts[number - 1] if 0 < number <= len(self.districts) else None

    def person(self, visitor: Visitor | None) -> tuple[District, Person] | None:
        """The visitor's district and record, if they are still there."""
        district = self.district(visitor.district) if visitor else None
        person = district.people.get(visitor.person) if district and visitor else None
        return (district, person) if district and person else None

    def find_visitor(self, wanted: str, number: int | None = None) -> Visitor | None:
        """The person with that Clever id or ClassLink UserId, or with that sourced id in the district given."""
        for district in self.districts:
            for person in district.people.values():
                ids = (person.clever_id, str(person.classlink_id))
                if wanted in ids or (district.number == number and wanted == person.sourced_id):
                    return Visitor(district.number, person.sourced_id)
        return None

    def shelf(self, district: District, name: str, build: Callable[[District], Shelf]) -> Shelf:
        """What is built from a district once for every change in it."""
        key = (district.number, name)
        kept = self._shelves.get(key)
        if kept is None or kept[0] != district.revision:
            kept = self._shelves[key] = (district.revision, build(district))
        built: Shelf = kept[1]
        return built
