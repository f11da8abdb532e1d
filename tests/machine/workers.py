"""What workers do: imports, syncs, second tries, and what befalls them meanwhile."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine import moves, proofs, sight
from tests.machine.days import PAGES, Fault, Hold
from tests.machine.expectation import fitting
from tests.machine.following import found_by_name, sync
from tests.machine.interruptions import WHEN_DONE, WHILE_APPLYING, WHILE_FETCHING, killed_at, standing_still_at
from tests.machine.lateness import after_a_late_worker
from tests.machine.model import Outcome
from tests.machine.moves import Move
from tests.machine.proving import Proving
from tests.machine.shared import SECTIONS, TEACHERS
from webapp.actions.offer_sections import CannotImport
from webapp.actions.request_import import NotYourSection
from webapp.providers.errors import AccessWithdrawn, IncompleteAnswer, Unreachable

faults = st.none() | st.builds(
    Fault, st.sampled_from([Unreachable, IncompleteAnswer, AccessWithdrawn]), st.integers(0, PAGES)
)
statements = st.integers(1, 180)
"""A run of this size says about 175 to the database, the last sixty while it applies."""
later_news = st.none() | moves.any_move
"""What happens while a worker stands still; None: its own news was a mistake, and is mended."""
ticks = st.lists(st.sampled_from(SECTIONS), min_size=1, max_size=3, unique=True)


class Workers(Proving):
    """Days with workers in them."""

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

    @precondition(lambda self: self.town.service.listed and self._found_by_name())
    @rule(data=st.data())
    def a_list_lacks_somebody_who_is_there(self, data: Any) -> None:
        lacking = st.sets(st.sampled_from(self._found_by_name()), min_size=1)
        self.town.service.lacks = data.draw(lacking)
        self.synced(whole=True)
        self.town.service.lacks = set()

    def _found_by_name(self) -> list[str]:
        return found_by_name(self.model, self.shared, self.now)

    @rule(whole=st.booleans())
    def the_other_district_is_synced(self, whole: bool) -> None:
        self.neighbour.synced(whole=whole)

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
    @rule(news=moves.any_move, statement=statements, whole=st.booleans())
    def a_worker_is_killed(self, news: Move, statement: int, whole: bool) -> None:
        news.on(self.shared)
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
    @rule(news=moves.any_move, then=later_news, place=st.sampled_from(WHILE_FETCHING + WHEN_DONE), swept=st.booleans())
    def a_worker_stands_still(self, news: Move, then: Move | None, place: str, swept: bool) -> None:
        self._late(news, then, place, swept=swept)

    @precondition(lambda self: self.town.service.listed and self.asks())
    @rule(news=moves.plain_moves, then=later_news, place=st.sampled_from(WHILE_APPLYING), swept=st.booleans())
    def a_worker_stands_still_while_it_applies(self, news: Move, then: Move | None, place: str, swept: bool) -> None:
        self._late(news, then, place, swept=swept)

    def _late(self, news: Move, then_news: Move | None, place: str, *, swept: bool) -> None:
        """Another worker has looked meanwhile, at newer data: what this one knows must not count any more (REL-19)."""
        as_it_was = self.shared.copy()
        news.on(self.shared)
        run_id = self.town.ask_sync(self.later(minutes=1))
        then, fetched = self.now, self.shared.copy()

        def meanwhile() -> None:
            then_news.on(self.shared) if then_news else self.shared.becomes(as_it_was)
            self.later(minutes=5)
            if swept:
                self.town.swept(self.now)
            self.town.work(self.town.ask_sync(self.now), self.now)

        with standing_still_at(place, meanwhile):
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

    def _one_of(self, candidates: list[Outcome], run_id: UUID) -> None:
        shown = sight.holds(self.town).get(run_id, frozenset())
        outcome = fitting(candidates, self.look(), shown)
        self.becomes(outcome.house, run_id)
        assert self.town.run(run_id).state == ("held" if outcome.held else "done")
        self.note_hold(run_id, Hold(None, outcome.held, outcome.whole), settled=self.shared.settled)
