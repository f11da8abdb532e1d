"""What people do in a district: teachers, administrators, the vendor, and whoever disconnects the service."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.interruptions import killed_at
from tests.machine.model import UNDECIDED, Outcome, Place
from tests.machine.proving import Proving
from tests.machine.shared import STUDENTS
from tests.machine.taking_back import undo
from webapp.actions.request_undo import CannotUndo


class People(Proving):
    """Days with people in them."""

    @precondition(lambda self: self.model.classes)
    @rule(data=st.data(), name=st.none() | st.sampled_from(["Biology", "My class"]))
    def a_teacher_renames_a_class(self, data: Any, name: str | None) -> None:
        section = data.draw(st.sampled_from(sorted(self.model.classes)))
        self.town.call(section, name, self.later(minutes=1))
        house = self.model.copy()
        house.classes[section] = replace(house.classes[section], given=name)
        self.becomes(house)

    @precondition(lambda self: self._students(live=True))
    @rule(data=st.data())
    def a_student_is_taken_out_by_hand(self, data: Any) -> None:
        section, person = data.draw(st.sampled_from(self._students(live=True)))
        self.town.take_by_hand(section, self.account_ids[person], self.later(minutes=1))
        self._by_hand(section, person, state="ended", hand="removed")

    @precondition(lambda self: self._students(live=False))
    @rule(data=st.data())
    def a_student_is_put_in_by_hand(self, data: Any) -> None:
        section, person = data.draw(st.sampled_from(self._students(live=False)))
        self.town.put_by_hand(section, self.account_ids[person], self.later(minutes=1))
        self._by_hand(section, person, state=UNDECIDED, hand="added")

    def _students(self, *, live: bool) -> list[tuple[str, str]]:
        """Section and person, of those who are known and are in an active class or not."""
        nobody = Place("ended", ours=False)
        return [
            (section, person)
            for section, klass in sorted(self.model.classes.items())
            for person in STUDENTS
            if klass.state == "active" and person in self.account_ids
            if self.model.places.get((section, person, "student"), nobody).live == live
        ]

    def _by_hand(self, section: str, person: str, *, state: str, hand: str) -> None:
        house, key = self.model.copy(), (section, person, "student")
        known = house.places.get(key, Place("ended", ours=False))
        house.places[key] = replace(known, state=state, hand=hand)
        house.places = {
            key: replace(one, state=UNDECIDED) if one.state == "waiting" else one for key, one in house.places.items()
        }
        self.becomes(self.checked([Outcome(house)], seats=True))

    @precondition(lambda self: self.model.classes)
    @rule(data=st.data())
    def a_class_follows_its_source_again(self, data: Any) -> None:
        section = data.draw(st.sampled_from(sorted(self.model.classes)))
        self.town.follow(section, self.later(minutes=1))
        house = self.model.copy()
        house.classes[section] = replace(house.classes[section], hand=False)
        for key, place in house.places.items():
            if key[0] == section and place.hand != "none":
                house.places[key] = replace(place, hand="none", ours=True)
        self.becomes(house)

    @precondition(lambda self: self._undoable())
    @rule(data=st.data(), killed=st.none() | st.integers(1, 60))
    def a_run_is_undone(self, data: Any, killed: int | None) -> None:
        of = data.draw(st.sampled_from(self._undoable()))
        if self.history.standing(of):
            with pytest.raises(CannotUndo):
                self.town.ask_undo(of, self.later(minutes=1))
            return
        run_id = self.town.ask_undo(of, self.later(minutes=1))
        if killed:
            with killed_at(killed):
                self.town.work(run_id, self.now)
            self.town.swept(self.later(minutes=3))
        assert self.town.work(run_id, self.now).state == "done"
        house = self.checked([Outcome(undo(self.model, self.history, of))], seats=False)
        self.history.undone[run_id] = of
        self.becomes(house, run_id)
        self.runs.append(run_id)

    def _undoable(self) -> list[UUID]:
        """The runs that changed something within the last 30 days, the newest few."""
        lately = [one for one in dict.fromkeys(self.runs) if self.history.changed(one)][-4:]
        return [one for one in lately if self.town.ended_lately(one, self.now)]

    @rule(more=st.integers(1, 2))
    def seats_are_bought(self, more: int) -> None:
        self.model.seats += more
        self.town.buy(self.model.seats)

    @rule(ends=st.booleans())
    def the_license_ends_or_is_renewed(self, ends: bool) -> None:
        self.model.license_ends = self.today - timedelta(days=1) if ends else None
        self.town.license_until(self.model.license_ends)

    @precondition(lambda self: self.town.service.listed and self.good)
    @rule()
    def the_service_is_disconnected(self) -> None:
        self.town.service.listed = False
        self.town.polled(self.later(minutes=1))
        self.town.polled(self.later(minutes=11))
        house = self.model.copy()
        for section, klass in house.classes.items():
            if klass.state == "active":
                house.classes[section] = replace(klass, state="frozen")
        self.becomes(house)

    @precondition(lambda self: not self.town.service.listed)
    @rule()
    def the_service_is_connected_again(self) -> None:
        self.town.service.listed = True
        self.town.polled(self.later(minutes=1))
        for run_id in self.town.requested():
            self.delivered(run_id)
