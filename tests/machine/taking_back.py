"""Undo (REL-14), by the promises: what a run changed is as before, marked by hand; what changed since is left alone."""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from tests.machine.model import UNDECIDED, House, Klass


@dataclass(frozen=True)
class Event:
    """One thing that one run (or a hand: None) changed."""

    run: UUID | None
    what: str
    """`place`, `state`, `name` or `person`."""
    key: Any
    before: Any
    after: Any


@dataclass
class History:
    """The model's own journal: whatever an undo must know."""

    events: list[Event] = field(default_factory=list)
    undone: dict[UUID, UUID] = field(default_factory=dict)
    """Undo -> the run that it took back."""

    def note(self, run: UUID | None, before: House, after: House) -> None:
        """What has changed between two moments."""
        for key, place in after.places.items():
            was = before.places.get(key)
            if was != place and (run is None or (was is not None and was.live) != place.live):
                self.events.append(Event(run, "place", key, was, place))
        for section, klass in after.classes.items():
            old = before.classes.get(section)
            if old is None or old.state != klass.state:
                self.events.append(Event(run, "state", section, old, klass))
            if old is not None and (old.provider_name, old.given) != (klass.provider_name, klass.given):
                self.events.append(Event(run, "name", section, old, klass))
        for person, name in after.names.items():
            if before.names.get(person, name) != name:
                now = name, person in after.kept
                self.events.append(Event(run, "person", person, (before.names[person], person in before.kept), now))

    def changed(self, run: UUID) -> bool:
        """True where the run changed something that can be taken back."""
        return any(one.run == run for one in self.events)

    def standing(self, run: UUID) -> bool:
        """True where the run is undone, and that was not undone itself."""
        undos = [undo for undo, of in self.undone.items() if of == run]
        return bool(undos) and not self.standing(undos[-1])

    def chain(self, run: UUID) -> set[UUID]:
        """The run, its undos, their undos and so on: what they did to each other does not count as changed since."""
        found = {run}
        while more := {undo for undo, of in self.undone.items() if of in found} - found:
            found |= more
        return found

    def forget(self) -> None:
        """Nothing before this moment can be undone."""
        self.events, self.undone = [], {}


class _Undo:
    """One undo of one run, written on a copy."""

    def __init__(self, house: House, history: History, run: UUID) -> None:
        self.house, self.history, self.run = house.copy(), history, run
        self.chain = history.chain(run)
        states = self.own("state")
        self.made = {section for section, found in states.items() if history.events[found[0]].before is None}

    def own(self, what: str, sections: Collection[str] = ()) -> dict[Any, list[int]]:
        """Key -> where the run's own events stand; in these sections everybody's since."""
        found: dict[Any, list[int]] = {}
        for index, one in enumerate(self.history.events):
            if one.what == what and (one.run == self.run or (what == "place" and one.key[0] in sections)):
                found.setdefault(one.key, []).append(index)
        return found

    def left_alone(self, key: Any, what: str, own: list[int]) -> bool:
        """True where somebody else changed it since."""
        later = [one for one in self.history.events[own[-1] + 1 :] if (one.what, one.key) == (what, key)]
        return any(one.run not in self.chain for one in later)

    def exact(self, run: UUID | None) -> bool:
        """An undo of an undo brings back the marks too."""
        return run in self.history.undone

    def states(self) -> None:
        for section, own in self.own("state").items():
            klass, first = self.house.classes[section], self.history.events[own[0]]
            if section in self.made:
                self._put(section, "archived", hand=False)
            elif first.before.state != klass.state and not self.left_alone(section, "state", own):
                last = self.history.events[own[-1]]
                as_it_was = first.before.hand if first.before.hand != last.after.hand else klass.hand
                self._put(section, first.before.state, hand=as_it_was if self.exact(first.run) else True)

    def _put(self, section: str, state: str, *, hand: bool) -> None:
        klass = self.house.classes[section]
        if klass.state == "archived" != state:
            self._ask_anew(section)
        if klass.state != state:
            self.house.classes[section] = replace(klass, state=state, hand=hand, over_since=None)

    def _ask_anew(self, section: str) -> None:
        places = self.house.places
        for key, place in places.items():
            if key[0] == section and key[2] == "student" and place.live:
                places[key] = replace(place, state=UNDECIDED)

    def names(self) -> None:
        for section, own in self.own("name").items():
            klass = self.house.classes[section]
            first, last = self.history.events[own[0]], self.history.events[own[-1]]
            by_undo = self.exact(first.run)
            then = first.before.given if by_undo else first.before.provider_name
            if then != (klass.given or klass.provider_name) and _as_left(klass, last.after, by_undo=by_undo):
                self.house.classes[section] = replace(klass, given=then)

    def places(self) -> None:
        for key, own in self.own("place", self.made).items():
            place, first = self.house.places[key], self.history.events[own[0]]
            was_live = first.before is not None and first.before.live
            by_hand = self.history.events[own[-1]].run is None
            if place.live == was_live or by_hand or self.left_alone(key, "place", own):
                continue
            hand = "added" if was_live else "removed"
            if self.exact(first.run):
                hand = first.before.hand if first.before else "none"
            elif key[0] in self.made:
                hand = "none"
            self.house.places[key] = replace(place, state=self._state(key) if was_live else "ended", hand=hand)

    def _state(self, key: Any) -> str:
        seat = key[2] == "student" and self.house.classes[key[0]].state != "archived"
        return UNDECIDED if seat else "active"

    def people(self) -> None:
        for person, own in self.own("person").items():
            first, last = self.history.events[own[0]], self.history.events[own[-1]]
            (name, kept), (became, kept_then) = first.before, last.after
            if self.house.names[person] != became or name == became:
                continue
            self.house.names[person] = name
            if not self.exact(first.run) or (kept and not kept_then):
                self.house.kept.add(person)
            elif kept_then and not kept:
                self.house.kept.discard(person)


def _as_left(klass: Klass, left: Klass, *, by_undo: bool) -> bool:
    """True where the class is called as the run left it."""
    if by_undo:
        return klass.given == left.given
    return klass.given is None and klass.provider_name == left.provider_name


def undo(house: House, history: History, run: UUID) -> House:
    """The house after this run was taken back."""
    undoing = _Undo(house, history, run)
    undoing.states()
    undoing.names()
    undoing.places()
    undoing.people()
    places = undoing.house.places
    for key, place in places.items():
        if place.state == "waiting":
            places[key] = replace(place, state=UNDECIDED)
    return undoing.house
