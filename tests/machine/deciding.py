"""What waits for a person: an accident is held, its page is approved or dropped, and a page may be out of date."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine import moves
from tests.machine.moves import Leaves, Mistake, Move
from tests.machine.proving import Proving
from tests.machine.shared import SECTIONS, STUDENTS
from webapp.actions.decide_hold import NothingHeld, PlanChanged


class Deciding(Proving):
    """Days on which removals wait for a decision."""

    @precondition(lambda self: self.town.service.listed and self.asks())
    @rule(accident=moves.accidents, whole=st.booleans())
    def an_accident_is_synced(self, accident: Move, whole: bool) -> None:
        accident.on(self.shared)
        self.synced(whole=whole)

    @precondition(lambda self: self.town.service.listed and self.asks())
    @rule(section=st.sampled_from(SECTIONS))
    def an_accident_grows_while_its_page_is_open(self, section: str) -> None:
        Leaves(STUDENTS, section).on(self.shared)
        self.synced()
        if self.holds:
            self._two_decide(Mistake())

    @precondition(lambda self: self.holds)
    @rule(move=st.none() | moves.any_move)
    def two_administrators_decide_on_one_page(self, move: Move | None) -> None:
        self._two_decide(move)

    def _two_decide(self, move: Move | None) -> None:
        """What she saw is what goes, however the data have changed since; what is held then is another page (REL-9)."""
        run_id = list(self.holds)[-1]
        seen, shown = self.holds[run_id].removals, self.town.shown_hash(run_id)
        if move:
            move.on(self.shared)
        self.town.approve(run_id, shown, self.later(minutes=1))
        self.delivered(run_id)
        if run_id not in self.holds or self.holds[run_id].removals != seen:
            self._refused(run_id, shown, PlanChanged if run_id in self.holds else NothingHeld)

    def _refused(self, run_id: UUID, shown: str, error: type[NothingHeld]) -> None:
        with pytest.raises(error):
            self.town.approve(run_id, shown, self.later(minutes=1))
        with pytest.raises(error):
            self.town.discard(run_id, shown, self.now)

    @precondition(lambda self: self.holds)
    @rule()
    def an_administrator_discards(self) -> None:
        run_id = list(self.holds)[-1]
        self.town.discard(run_id, self.town.shown_hash(run_id), self.later(minutes=1))
        del self.holds[run_id]

    @precondition(lambda self: bool(set(self.runs) - set(self.holds)))
    @rule(data=st.data())
    def what_does_not_wait_cannot_be_decided(self, data: Any) -> None:
        run_id = data.draw(st.sampled_from([one for one in self.runs if one not in self.holds]))
        self._refused(run_id, self.town.shown_hash(run_id), NothingHeld)
