"""What a sync makes of a house, by the promises: who joins, leaves, freezes, thaws, is archived, and what is held."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from tests.machine.limits import Census, Removal, exchanged, held
from tests.machine.model import UNDECIDED, House, Key, Klass, Outcome, Place, day
from tests.machine.shared import Shared, SharedSection, role_of

GRACE = timedelta(days=14)
ASKED_AGAIN_FOR = timedelta(days=30)
"""So long a sync of everything still asks about a class that was archived at its term's end."""


class Run:
    """One run over a house: what it knows before it writes anything."""

    def __init__(
        self, house: House, shared: Shared, scope: Collection[str] | None, ticked: Collection[str], now: datetime
    ) -> None:
        self.before, self.after, self.shared = house, house.copy(), shared
        self.now, self.today = now, day(now)
        self.whole, self.ticked = scope is None, ticked
        asked = house.classes if scope is None else scope
        self.play = [one for one in asked if one in house.classes and house.licensed(self.today) and self._plays(one)]
        # An ended license imports nothing: not an import either that was parked while it ran.
        may_import = house.licensed(self.today)
        self.made = [one for one in ticked if one not in house.classes and shared.shares(one) and may_import]

    def _plays(self, section: str) -> bool:
        return self.before.classes[section].state != "archived" or self.comes_back(section)

    def comes_back(self, section: str) -> bool:
        """An archived class does where its section is imported again, or its term was extended."""
        klass = self.before.classes[section]
        if klass.state != "archived" or not self.shared.shares(section):
            return False
        if section in self.ticked:
            return True
        if klass.over_since is None or klass.hand:
            return False
        return self._goes_on(section) and (not self.whole or self.now - klass.over_since <= ASKED_AGAIN_FOR)

    def _goes_on(self, section: str) -> bool:
        return any(self.shared.terms[term] >= self.today for term in self.shared.sections[section].terms)

    def over(self, section: str) -> date | None:
        """The last day of its last term, where that is over: by the terms that it has now, or had at last."""
        klass = self.before.classes[section]
        if klass.state == "archived":
            return None
        return over(self.shared, section, self.today, at_last=klass.terms)

    def due(self, section: str) -> bool:
        """True where the grace period after the last term is over too."""
        over = self.over(section)
        return over is not None and over < self.today - GRACE

    def archives(self, section: str) -> bool:
        known = self.shared.settled or self._was_due(section)
        return self.due(section) and known and not self.before.classes[section].hand

    def _was_due(self, section: str) -> bool:
        # A service that does not stand by its data ends no term either: only what was known before counts.
        ends = [self.before.term_ends.get(term) for term in self.before.classes[section].terms]
        return bool(ends) and all(end is not None and end < self.today - GRACE for end in ends)

    def freezes(self, section: str) -> bool:
        klass, shared = self.before.classes[section], self.shared
        vanished = klass.state == "active" and not shared.shares(section) and self.over(section) is None
        return vanished and shared.settled and not klass.hand

    def thaws(self, section: str) -> bool:
        klass = self.before.classes[section]
        back = klass.state == "frozen" and self.shared.shares(section) and not self.due(section) and not klass.hand
        return back or self.comes_back(section)

    def agrees(self, section: str) -> bool:
        """True where the service says of a class by now what an undo had put."""
        klass, shared = self.before.classes[section], self.shared.shares(section)
        says = "active" if shared else "frozen" if self.over(section) is None else ""
        return klass.hand and klass.state == says and not self.due(section) and self.shared.settled

    def followed(self) -> list[str]:
        """The sections whose rosters count now."""
        return [one for one in self.play if self.shared.shares(one) and self.over(one) is None] + self.made

    def kept(self) -> list[str]:
        """The sections of which something is remembered."""
        return [one for one in [*self.play, *self.made] if self.shared.shares(one)]

    def wanted(self, section: str) -> Iterator[tuple[Key, bool]]:
        """Who is to be in the class, and whether as its first teacher. A record without a name is held back alone."""
        one = self.shared.sections[section]
        for person in one.people():
            if self.shared.names[person]:
                yield (section, person, role_of(person)), one.teachers[:1] == [person]

    def told(self) -> dict[str, str]:
        """Person -> name, of everybody whom our sections name and who has a name."""
        people = {person for section in self.kept() for person in self.shared.sections[section].people()}
        return {person: name for person in sorted(people) if (name := self.shared.names[person])}


def over(shared: Shared, section: str, today: date, *, at_last: Sequence[str] = ()) -> date | None:
    """The last day of the section's last term, where that is over; `at_last` had a section that can't be read."""
    terms = shared.sections[section].terms if shared.shares(section) else at_last
    ends = [shared.terms[term] for term in terms]
    return max(ends) if ends and max(ends) < today else None


def sync(
    house: House,
    shared: Shared,
    *,
    now: datetime,
    scope: Collection[str] | None = None,
    ticked: Collection[str] = (),
    approved: Collection[Removal] = (),
    approved_whole: bool = False,
) -> Outcome:
    """What a run over these sections (all: None) makes of the house; `ticked` sections become classes."""
    run = Run(house, shared, scope, ticked, now)
    followed = run.followed()
    gone = {key for section in followed for key in _leaving(run, section)}
    freezing = {section for section in run.play if run.freezes(section)}
    census = _census(run, gone, freezing)
    removals = census.gone | {("class", section) for section in freezing}
    changed = _renamed(run)
    waits: set[Removal] = set()
    if exchanged(census, run.told(), {one[1] for one in changed}):
        everything = removals | changed
        if not shared.settled:
            return Outcome(house)
        if not (approved_whole and everything <= set(approved)):
            return Outcome(house, frozenset(everything), whole=True)
    elif shared.settled:
        waits = held(census) - set(approved)
    _classes(run, {section for section in freezing if ("class", section) not in waits})
    _places(run, followed, {key for key in gone if ("place", *key) not in waits})
    _records(run)
    return Outcome(run.after, frozenset(waits))


def found_by_name(house: House, shared: Shared, now: datetime) -> list[str]:
    """People and sections that would go if a list lacked them, and so are asked for by name before (REL-2)."""
    run = Run(house, shared, None, (), now)
    if not shared.settled:
        return []
    people = [one for one in run.told() if _is_known_as_told(run, one)]
    sections = [one for one in run.followed() if _is_active_as_told(run, one)]
    return [*people, *sections]


def _is_known_as_told(run: Run, person: str) -> bool:
    named = [one for one in run.followed() if person in run.shared.sections[one].people()]
    places = [run.before.places.get((one, person, role_of(person))) for one in named]
    in_all = all(place and place.live and place.ours and place.hand == "none" for place in places)
    return in_all and run.before.names.get(person) == run.shared.names[person] and person not in run.before.kept


def _is_active_as_told(run: Run, section: str) -> bool:
    klass = run.before.classes[section]
    return klass.state == "active" and not klass.hand and list(klass.terms) == run.shared.sections[section].terms


def _leaving(run: Run, section: str) -> set[Key]:
    """Who is no longer named, of those whom the service put there and no hand touched."""
    if not run.shared.settled:
        return set()
    named = run.shared.sections[section].people()
    return {
        key
        for key, place in run.before.places.items()
        if key[0] == section and key[1] not in named and place.live and place.ours and place.hand == "none"
    }


def _renamed(run: Run) -> set[Removal]:
    """Known people who would have another name: ("account", person, role)."""
    names, kept = run.before.names, run.before.kept
    return {
        ("account", person, role_of(person))
        for person, name in run.told().items()
        if person in names and names[person] != name and person not in kept
    }


def _census(run: Run, gone: set[Key], freezing: set[str]) -> Census:
    """What the guard counts. Sections whose last term has ended count nowhere, nor does an ended license."""
    house, places = run.before, run.before.places
    counted = {
        section
        for section, klass in house.classes.items()
        if house.licensed(run.today)
        and run.over(section) is None
        and (klass.state != "archived" or section in run.play)
    }
    wanted = {key for section in run.followed() for key, _primary in run.wanted(section)}
    come = {key for key in wanted if key not in places or (not places[key].live and places[key].hand == "none")}
    return Census(
        before=frozenset(
            ("place", *key) for key, place in places.items() if key[0] in counted and place.live and place.ours
        ),
        gone=frozenset(("place", *key) for key in gone),
        come=frozenset(("place", *key) for key in come),
        classes=frozenset(section for section in counted if house.classes[section].state == "active"),
        frozen=frozenset(freezing),
        made=frozenset([*run.made, *(section for section in run.play if run.thaws(section))]),
        known=frozenset(house.names),
    )


def _classes(run: Run, freezing: set[str]) -> None:
    for section in run.made:
        run.after.classes[section] = Klass(run.shared.sections[section].name)
    for section in run.play:
        klass = run.after.classes[section]
        if run.agrees(section):
            klass = replace(klass, hand=False)
        if run.archives(section):
            klass = replace(klass, state="archived", over_since=run.now)
        elif run.thaws(section):
            klass = replace(klass, state="active", over_since=None)
        elif section in freezing:
            klass = replace(klass, state="frozen")
        run.after.classes[section] = klass


def _places(run: Run, followed: list[str], leaving: set[Key]) -> None:
    places = run.after.places
    for key, place in places.items():
        if place.state == "waiting" or (key[2] == "student" and place.live and _asks_anew(run, key[0])):
            places[key] = replace(place, state=UNDECIDED)
    for key in leaving:
        places[key] = replace(places[key], state="ended")
    for section in followed:
        for key, primary in run.wanted(section):
            places[key] = _joined(places.get(key), key[2], primary)
        if run.shared.settled:
            _forget_marks(places, section, run.shared.sections[section])


def _asks_anew(run: Run, section: str) -> bool:
    """Whose class leaves the archive needs a seat again."""
    return section in run.play and run.comes_back(section)


def _joined(place: Place | None, role: str, primary: bool) -> Place:
    """The service names this person in this class."""
    fresh = "active" if role == "teacher" else UNDECIDED
    if place is None:
        return Place(fresh, primary=primary)
    if place.live:
        return replace(place, hand="none", ours=True, primary=primary)
    if place.hand == "removed":
        return place
    return replace(place, state=fresh, ours=True, primary=primary)


def _forget_marks(places: dict[Key, Place], section: str, shared: SharedSection) -> None:
    for key, place in places.items():
        taken_out = place.hand == "removed" and place.ours and not place.live
        if key[0] == section and taken_out and key[1] not in shared.people():
            places[key] = replace(place, hand="none")


def _records(run: Run) -> None:
    """What is remembered of people, sections and terms: of those that our classes need."""
    house = run.after
    for person, name in run.told().items():
        if person not in house.kept:
            house.names[person] = name
        elif house.names[person] == name:
            house.kept.discard(person)
    for section in run.kept():
        one, klass = run.shared.sections[section], house.classes[section]
        given = None if klass.given == one.name != klass.provider_name else klass.given
        house.classes[section] = replace(klass, provider_name=one.name, given=given, terms=tuple(one.terms))
        house.term_ends |= {term: run.shared.terms[term] for term in one.terms}
