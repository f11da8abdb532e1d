"""Last term's class goes on with another section, by its teacher's choice: same class, same people, new section."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.following import over, sync
from tests.machine.model import UNDECIDED, House, Key, Klass, Place
from tests.machine.moves import NextTerm
from tests.machine.proving import Proving
from tests.machine.shared import SECTIONS, TEACHERS, Shared


class Succession(Proving):
    """Days on which a class of last term is taken on."""

    @precondition(lambda self: 0 < len(self.model.classes) < len(SECTIONS))
    @rule(data=st.data(), teacher=st.sampled_from(TEACHERS))
    def a_term_turns_and_a_teacher_goes_on(self, data: Any, teacher: str) -> None:
        last = data.draw(st.sampled_from(sorted(self.model.classes)))
        section = data.draw(st.sampled_from([one for one in SECTIONS if one not in self.model.classes]))
        NextTerm(last, section, teacher, self.today).on(self.shared)
        if (teacher, last, section) in self._continuations():
            self._goes_on(teacher, last, section)

    @precondition(lambda self: self._continuations())
    @rule(data=st.data())
    def a_teacher_goes_on_with_last_terms_class(self, data: Any) -> None:
        self._goes_on(*data.draw(st.sampled_from(self._continuations())))

    def _goes_on(self, teacher: str, last: str, section: str) -> None:
        run_id = self.town.ask_continuation(teacher, last, section, self.later(minutes=1))
        self.model = handed_on(self.model, self.shared, last, section)
        _move(self.class_ids, last, section)
        for _, person, role in [key for key in self.place_ids if key[0] == last]:
            _move(self.place_ids, (last, person, role), (section, person, role))
        self.delivered(run_id, ticked=[section])
        self.history.forget()

    def _continuations(self) -> list[tuple[str, str, str]]:
        """Teacher, section of last term, section with which her class may go on."""
        if not (self.town.service.listed and self.shared.settled and self.model.licensed(self.today)):
            return []
        return [
            (teacher, last, section)
            for teacher in TEACHERS
            for last in sorted(self.model.classes)
            for section in SECTIONS
            if self._is_last_terms(last) and self._is_hers(last, teacher) and self._is_free(section, teacher)
            if not self._would_wait(last, section)
        ]

    def _is_last_terms(self, section: str) -> bool:
        klass = self.model.classes[section]
        archived = klass.state == "archived" and klass.over_since is not None
        active = klass.state == "active" and self.shared.shares(section) and over(self.shared, section, self.today)
        return (archived or bool(active)) and not klass.hand

    def _is_hers(self, section: str, teacher: str) -> bool:
        place = self.model.places.get((section, teacher, "teacher"))
        return place is not None and place.state == "active"

    def _is_free(self, section: str, teacher: str) -> bool:
        one = self.shared.sections[section]
        shared = one.shared and teacher in one.teachers and bool(self.shared.names[teacher])
        return shared and section not in self.model.classes and not over(self.shared, section, self.today)

    def _would_wait(self, last: str, section: str) -> bool:
        """True where everything waits, for the people themselves look exchanged, or where something waits already."""
        house = handed_on(self.model, self.shared, last, section)
        return bool(self.holds) or sync(house, self.shared, now=self.now, scope=[section]).whole


def handed_on(house: House, shared: Shared, last: str, section: str) -> House:
    """The class follows another section. Who is not in that leaves by the teacher's choice, not by an accident."""
    after, named = house.copy(), shared.sections[section].people()
    klass = after.classes.pop(last)
    given = None if klass.given == shared.sections[section].name else klass.given
    after.classes[section] = Klass(shared.sections[section].name, given=given)
    for key in [key for key in after.places if key[0] == last]:
        place = after.places.pop(key)
        after.places[section, key[1], key[2]] = _taken_on(key, place, named, archived=klass.state == "archived")
    return after


def _taken_on(key: Key, place: Place, named: list[str], *, archived: bool) -> Place:
    if place.live and place.ours and place.hand == "none" and key[1] not in named:
        return replace(place, state="ended")
    if place.live and key[2] == "student" and archived:
        return replace(place, state=UNDECIDED)
    return place


def _move(known: dict[Any, Any], old: Any, new: Any) -> None:
    if old in known:
        known[new] = known.pop(old)
