"""The rules of TEST-2: every one does one thing to the real product and the same to the model, and compares.

What the district does is here, what workers do in `workers.py`, what people do in `people.py`,
`deciding.py` and `succession.py`.
"""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from tests.machine import moves
from tests.machine.days import Days
from tests.machine.deciding import Deciding
from tests.machine.moves import Move
from tests.machine.people import People
from tests.machine.succession import Succession
from tests.machine.workers import Workers

BEGINNINGS = [("t1", ["art", "biology"]), ("t2", ["art", "chess"]), ("t1", ["biology"]), ("t2", ["art"])]


class Machine(People, Deciding, Succession, Workers):
    """Days in a district of three sections and eight people, seats sometimes short."""

    @initialize(seats=st.sampled_from([8, 5, 4]), start=st.sampled_from(BEGINNINGS))
    def a_district_begins(self, seats: int, start: tuple[str, list[str]]) -> None:
        self.begin(seats)
        teacher, sections = start
        self.delivered(self.town.ask_import(teacher, sections, self.later(minutes=1)), ticked=sections)

    # The district's own system

    @rule(move=moves.joins)
    def a_student_joins_a_section_or_comes_back(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.leaves)
    def students_leave_a_section(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.changes_of_period)
    def a_student_changes_period(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.leaves_school)
    def a_student_leaves_school(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.vanishings)
    def a_section_vanishes_or_returns(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.changes)
    def a_section_or_a_person_changes(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.term_changes)
    def terms_change(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.accidents)
    def somebody_makes_a_mistake_or_mends_it(self, move: Move) -> None:
        move.on(self.shared)

    @rule(move=moves.pauses)
    def the_service_says_how_far_to_trust_it(self, move: Move) -> None:
        move.on(self.shared)

    @rule(hours=st.sampled_from([1, 7, 24, 24 * 4, 24 * 15, 24 * 45]))
    def time_passes(self, hours: int) -> None:
        self.later(hours=hours)

    # After each step

    @invariant()
    def everything_is_as_the_model_says(self) -> None:
        if not hasattr(self, "town"):
            return
        Days.steps += 1
        self.taken += 1
        self.as_told()
        self.proven()
        self.seen_by_somebody()
        if self.taken % 5 == 0:
            self.settled()

    def teardown(self) -> None:
        if hasattr(self, "town"):
            try:
                if self.taken % 5:
                    self.settled()
            finally:
                self.town.close()
