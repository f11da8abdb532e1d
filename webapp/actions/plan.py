"""One run's plan: made under the lease, judged by the guard, applied in bounded transactions, told."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import Connection

from webapp.actions.heart import Heart
from webapp.actions.open_run import OpenRun
from webapp.actions.settle_run import Fetched, Settled
from webapp.actions.stopwatch import Stopwatch
from webapp.roster.guard import Verdict, guard_all
from webapp.store import leases
from webapp.store.absences import leave_absences_out, leave_classes_alone
from webapp.store.applying import (
    Applier,
    apply_classes,
    apply_people,
    apply_records,
    class_batches,
    people_batches,
    refresh_statistics,
)
from webapp.store.checkpoints import checkpoint
from webapp.store.comparison import compare
from webapp.store.counting import run_counts
from webapp.store.holding import mark_held, mark_whole, remember_held
from webapp.store.removals import losing_classes, losing_sections, removal_counts
from webapp.store.reviving import give_up_sections
from webapp.store.setting_aside import remember_set_aside
from webapp.store.staging import Stage

NOT_LOOKED_UP = "too many classes would lose somebody to look all of them up once more"


class Plan:
    """One run's plan, from making it to its last transaction, each under the fence."""

    def __init__(self, run: OpenRun, stage: Stage, fence: int, heart: Heart, watch: Stopwatch) -> None:
        self._run, self._stage, self._fence, self._heart, self._watch = run, stage, fence, heart, watch
        self._question = run.question()
        self._verdict = Verdict()
        self._held = 0
        self._nothing = False

    def make(self, fetched: Fetched) -> Sequence[str]:
        """Compare, ask the guard, and mark what it holds; or leave out what can't be believed now.

        Where sections would lose somebody and are still to be looked up, these, and no plan.
        """
        with self._stage.transaction() as connection:
            comparison = connection.begin_nested()
            compare(connection, self._question)
            checkpoint("compare.done")
            if not fetched.looked_again and (losing := losing_sections(connection)):
                comparison.rollback()
                return losing
            self._verdict = self._judge(connection, fetched)
            checkpoint("guard.decided")
            if fetched.condition.settled:
                self._mark(connection, self._verdict)
            else:
                self._leave_out(connection, self._verdict)
        checkpoint("plan.committed")
        return ()

    def _judge(self, connection: Connection, fetched: Fetched) -> Verdict:
        verdict = guard_all(*removal_counts(connection, self._question), self._run.limits)
        unseen = losing_classes(connection, fetched.not_looked_up)
        return replace(verdict, not_looked_up=dict.fromkeys(unseen, NOT_LOOKED_UP))

    def _leave_out(self, connection: Connection, verdict: Verdict) -> None:
        """Nobody is removed now, so nothing is a question for a person; what waited before still does."""
        if self._run.blackout:
            leave_classes_alone(connection)
        else:
            leave_absences_out(connection, self._question)
        self._nothing = bool(verdict.whole)

    def _mark(self, connection: Connection, verdict: Verdict) -> None:
        """What waits is marked; where people look exchanged, that is all or nothing."""
        if verdict.whole:
            approved = self._run.approved_run if self._run.approved_whole else None
            self._held = mark_whole(connection, verdict, approved)
            self._nothing = self._held > 0
        else:
            self._held = mark_held(connection, verdict, self._run.approved_run)

    def apply(self) -> None:
        """Execute the plan but for what is held, in bounded transactions."""
        if self._nothing:
            return
        applier = Applier(self._question, self._run.run_id, self._run.actor_id, self._watch.now())
        with self._transaction(65) as connection:
            apply_records(connection, applier)
            checkpoint("records.before_commit")
            offsets, batches = people_batches(connection), class_batches(connection, applier)
        checkpoint("records.after_commit")
        for offset in offsets:
            with self._transaction(75) as connection:
                apply_people(connection, applier, offset)
                checkpoint("people.before_commit")
            checkpoint("people.after_commit")
        for number, classes in enumerate(batches):
            with self._transaction(80 + 19 * number // len(batches)) as connection:
                if number <= 1 < len(batches):  # the planner has met the people, then the first of their enrollments
                    refresh_statistics(connection)
                give_up_sections(connection, applier, classes)
                apply_classes(connection, applier, classes)
                checkpoint("classes.before_commit")
            checkpoint("classes.after_commit")
        if len(batches) > 1:
            with self._transaction(99) as connection:
                refresh_statistics(connection)

    def settle(self, fetched: Fetched) -> Settled:
        """Remember what is held and what was set aside, and count what was done."""
        with self._transaction(99) as connection:
            plan_hash = ""
            if self._held:
                plan_hash = remember_held(connection, self._run.district_id, self._run.run_id, self._verdict)
            remember_set_aside(
                connection,
                self._question,
                self._watch.now(),
                everything=self._run.scope is None,
                settled=fetched.condition.settled,
            )
            checkpoint("settle.before_commit")
            counts = run_counts(connection, self._run.run_id)
            reason = self._verdict.reason if self._held else ""
            return Settled(counts, self._held, reason, plan_hash, self._nothing)

    @contextmanager
    def _transaction(self, progress: int) -> Iterator[Connection]:
        self._heart.progress = progress
        with self._stage.transaction() as connection:
            leases.hold(connection, self._run.connection_id, self._fence, self._watch.now())
            checkpoint("apply.begun")
            yield connection
