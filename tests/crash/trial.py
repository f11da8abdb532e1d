"""One case from its start to its recovered end: killed, or frozen and woken, and what is there afterwards."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import psutil

from tests.crash.family import PATIENCE, Member
from tests.crash.meaning import Meaning, meaning, replay_differs
from tests.crash.points import Case, Story
from tests.crash.yard import PATIENT, Household, Yard

RUNS = "select coalesce(string_agg(concat_ws('|', id, state, approved_at), ',' order by id), '') from sync_run"
ROSTER_TABLES = (
    "account",
    "account_role",
    "identity",
    "section",
    "school_class",
    "class_source",
    "enrollment",
    "change",
)
VERSIONS = "select md5(string_agg(line, ',' order by line)) from ({}) every".format(
    " union all ".join(f"select '{name}' || ctid || xmin as line from {name}" for name in ROSTER_TABLES)
)
"""Changes whenever a roster row is written, even with equal values."""


STRANGER = "00000000-0000-7000-8000-000000000000"
"""Whoever holds the lease in the story of a busy connection."""


@dataclass(frozen=True)
class Outcome:
    """What a case has left: everything that must be equal, and where the journal and the rows disagree."""

    left: Meaning
    replay: list[object]
    killed_at: str = ""
    """The checkpoint at which somebody really died by signal 9; empty where nobody did."""
    seconds: float = 0.0
    """From the death to the end of all work."""


def undisturbed(yard: Yard, story: Story) -> Outcome:
    """The story without any crash."""
    with _begun(yard, story, **PATIENT) as house:
        if story.act:
            house.done(story.act, day=story.day)
        if story.lease_taken:
            house.done("labour", day=story.day, burst=True)
        _free_lease(house)
        house.recover(day=story.day)
        return _outcome(house, story)


def killed(yard: Yard, case: Case) -> Outcome:
    """The story with one kill in it, and what a clock and a worker have made of it by themselves."""
    with _begun(yard, case.story, **case.paces) as house:
        survivors = _KILLS[case.point.who](house, case)
        died = time.monotonic()
        _free_lease(house)
        house.recover(day=case.story.day)
        recovered = time.monotonic() - died
        _are_gone(survivors)
        return replace(_outcome(house, case.story), killed_at=case.point.name, seconds=recovered)


def frozen(yard: Yard, case: Case, **paces: float) -> tuple[Outcome, bool]:
    """The story with a worker that sleeps while another does its work, and then wakes; has it written anything?"""
    with _begun(yard, case.story, **paces) as house:
        house.done(case.story.act, day=case.story.day)
        worker, child = _stopped(house, case)
        house.recover(day=case.story.day)
        before = house.ask(VERSIONS)
        child.send_signal(signal.SIGCONT)
        worker.wait()
        changed = house.ask(VERSIONS) != before
        return _outcome(house, case.story), changed


@contextmanager
def _begun(yard: Yard, story: Story, **paces: float) -> Iterator[Household]:
    with yard.house(story.start, **paces) as house:
        if story.lease_taken:
            house.tell(f"update lease set holder = '{STRANGER}', expires_at = now() + interval '1 hour'")
        if story.whole:
            house.tell("""update connection set cursors = '{"whole_requests": 1}'""")
        yield house


def _free_lease(house: Household) -> None:
    house.tell(f"update lease set holder = null where holder = '{STRANGER}'")


def _kill_asker(house: Household, case: Case) -> list[psutil.Process]:
    """The page's process dies; where nothing was asked for yet, the person asks again."""
    before = house.ask(RUNS)
    _killed_itself(house.start(case.story.act, day=case.story.day, checkpoint=f"{case.point.name} kill {case.passing}"))
    assert (house.ask(RUNS) == before) == case.point.before_commit, "rolled back: no run; committed: it is there"
    if case.point.before_commit:
        house.done(case.story.act, day=case.story.day)
    return []


def _kill_clock(house: Household, case: Case) -> list[psutil.Process]:
    _killed_itself(house.start("keep_time", checkpoint=f"{case.point.name} kill {case.passing}"))
    return []


def _kill_worker(house: Household, case: Case) -> list[psutil.Process]:
    """The job's process stops at its checkpoint; then it dies, or its parent, which leaves it to live on, or both."""
    house.done(case.story.act, day=case.story.day)
    worker, child = _stopped(house, case)
    if case.victim != "child":
        assert worker.kill() == -signal.SIGKILL
    if case.victim != "parent":
        child.kill()
        _are_gone([child])
        return []
    child.send_signal(signal.SIGCONT)
    return [child]


def _are_gone(processes: list[psutil.Process]) -> None:
    assert not psutil.wait_procs(processes, PATIENCE)[1], "a process does not end"


_KILLS = {"asker": _kill_asker, "clock": _kill_clock, "worker": _kill_worker}


def _stopped(house: Household, case: Case) -> tuple[Member, psutil.Process]:
    told = f"{case.point.name} stop {case.passing}"
    worker = house.start("labour", day=case.story.day, checkpoint=told, burst=True)
    return worker, worker.stopped_child()


def _killed_itself(member: Member) -> None:
    code = member.wait()
    assert code == -signal.SIGKILL, f"never came there ({code}):\n{member.log.read_text()}"


def _outcome(house: Household, story: Story) -> Outcome:
    if story.once_more:
        house.done(story.act, day=story.day)
        house.recover(day=story.day)
    return Outcome(meaning(house.database_url), replay_differs(house.database_url))
