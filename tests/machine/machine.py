"""The rules of TEST-2: every one does one thing to the real product and the same to the model, and compares."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from tests.machine import moves, proofs, sight
from tests.machine.days import PAGES, Days, Fault, Hold
from tests.machine.expectation import fitting
from tests.machine.following import sync
from tests.machine.interruptions import killed_at, standing_still_at
from tests.machine.lateness import after_a_late_worker
from tests.machine.moves import Move
from tests.machine.people import People
from tests.machine.shared import SECTIONS, TEACHERS
from webapp.actions.offer_sections import CannotImport
from webapp.actions.request_import import NotYourSection
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, Unreachable

faults = st.none() | st.builds(
    Fault, st.sampled_from([Unreachable, IncompleteAnswer, AccessWithdrawn]), st.integers(0, PAGES)
)
ticks = st.lists(st.sampled_from(SECTIONS), min_size=1, max_size=3, unique=True)
BEGINNINGS = [("t1", ["art", "biology"]), ("t2", ["art", "chess"]), ("t1", ["biology"]), ("t2", ["art"])]


class Machine(People):
    """Days in a district of three sections and eight people, seats sometimes short."""

    @initialize(seats=st.sampled_from([8, 5, 4]), start=st.sampled_from(BEGINNINGS))
    def a_district_begins(self, seats: int, start: tuple[str, list[str]]) -> None:
        self.begin(seats)
        teacher, sections = start
        self.delivered(self.town.ask_import(teacher, sections, self.later(minutes=1)), ticked=sections)

    # The district's own system

    @rule(move=moves.student_moves)
    def students_come_and_go(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.section_moves)
    def sections_change(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.accidents | moves.other_moves)
    def something_else_changes(self, move: Move) -> None:
        move.on(self.shared)

    @rule(hours=st.sampled_from([1, 7, 24, 24 * 4, 24 * 15, 24 * 45]))
    def time_passes(self, hours: int) -> None:
        self.later(hours=hours)

    # Workers

    @rule(teacher=st.sampled_from(TEACHERS), sections=ticks, fault=faults)
    def a_teacher_imports(self, teacher: str, sections: list[str], fault: Fault | None) -> None:
        self.later(minutes=1)
        hers = {one for one in SECTIONS if self.shared.shares(one) and teacher in self.shared.sections[one].teachers}
        refused = not (self.model.licensed(self.today) and self.town.service.listed and hers)
        try:
            run_id = self.town.ask_import(teacher, sections, self.now)
        except CannotImport:
            assert refused
        except NotYourSection:
            assert not hers.issuperset(sections)
        else:
            assert not refused and hers.issuperset(sections)
            self.delivered(run_id, fault=fault, ticked=sections)

    @rule(whole=st.booleans(), fault=faults, drifts=st.booleans())
    def everything_is_synced(self, whole: bool, fault: Fault | None, drifts: bool) -> None:
        self.town.service.drifts = whole and drifts and fault is None
        self.synced(whole=whole, fault=fault)
        self.town.service.drifts = False

    @precondition(lambda self: self.model.classes and self.model.licensed(self.today))
    @rule(data=st.data(), teacher=st.sampled_from(TEACHERS))
    def a_teacher_presses_sync_now(self, data: Any, teacher: str) -> None:
        section = data.draw(st.sampled_from(sorted(self.model.classes)))
        self.delivered(self.town.press_sync(teacher, section, self.later(minutes=1)))

    @precondition(lambda self: self.parked)
    @rule()
    def a_parked_run_is_tried_again(self) -> None:
        run = self.town.run(next(iter(self.parked)))
        assert run.state == "parked" and run.next_try_at is not None
        self.now = max(self.later(minutes=1), run.next_try_at + timedelta(seconds=1))
        self.delivered(run.id, ticked=run.scope or () if run.kind == "import" else ())

    @precondition(lambda self: self.runs)
    @rule(data=st.data())
    def a_job_is_delivered_again(self, data: Any) -> None:
        run_id = data.draw(st.sampled_from(self.runs[-4:]))
        if run_id not in self.parked:
            state, before = self.town.run(run_id).state, proofs.versions(self.town.id)
            assert self.town.work(run_id, self.now).state == state
            assert proofs.versions(self.town.id) == before, "a job that was delivered again wrote something (REL-22)"

    @precondition(lambda self: self.town.service.listed and self.asks())
    @rule(statement=st.integers(1, 130), whole=st.booleans())
    def a_worker_is_killed(self, statement: int, whole: bool) -> None:
        run_id = self.town.ask_sync(self.later(minutes=1), whole=whole)
        with killed_at(statement):
            self.town.work(run_id, self.now)
        first = sync(self.model, self.shared, now=self.now)
        self.town.swept(self.later(minutes=3))
        self.town.work(run_id, self.now)
        self._note(run_id)
        again = sync(first.house, self.shared, now=self.now)
        self._one_of([first, again], run_id)

    @precondition(lambda self: self.town.service.listed and self.asks())
    @rule(transaction=st.integers(2, 20), move=moves.any_move, swept=st.booleans())
    def a_worker_stands_still(self, transaction: int, move: Move, swept: bool) -> None:
        run_id = self.town.ask_sync(self.later(minutes=1))
        then, fetched = self.now, self.shared.copy()

        def meanwhile() -> None:
            move.on(self.shared)
            self.later(minutes=5)
            if swept:
                self.town.swept(self.now)
            self.town.work(self.town.ask_sync(self.now), self.now)

        with standing_still_at(transaction, meanwhile):
            self.town.work(run_id, self.now)
        seen = self.look()
        self.model = fitting(after_a_late_worker(self.model, fetched, then, self.shared, self.now), seen).house
        self.history.forget()
        self._afresh()

    def _afresh(self) -> None:
        """Whatever is still asked for is done now, and everything is looked at once more."""
        run_id = self.town.ask_sync(self.later(minutes=1))
        for other in self.town.requested():
            if other != run_id:
                self.town.dropped(other)
        self.holds = {}
        self.town.dropped_holds()
        self.delivered(run_id)

    def _one_of(self, candidates: list[Any], run_id: Any) -> None:
        shown = sight.holds(self.town).get(run_id, frozenset())
        outcome = fitting(candidates, self.look(), shown)
        self.becomes(outcome.house, run_id)
        assert self.town.run(run_id).state == ("held" if outcome.held else "done")
        self.note_hold(run_id, Hold(None, outcome.held, outcome.whole), settled=self.shared.settled)

    # After each step

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        if not hasattr(self, "town"):
            return
        Days.steps += 1
        self.taken += 1
        assert len(self.model.seated()) <= self.model.seats
        self.as_told()
        if self.taken % 5 == 0:
            self.synced()
            self.seen_by_everybody()
            self.proven()

    def teardown(self) -> None:
        if hasattr(self, "town"):
            try:
                if self.synced():
                    self.synced()
                self.as_told()
                self.proven()
            finally:
                self.town.close()
