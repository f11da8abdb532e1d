"""The queue forgets everything, servers die, the disk is full: nothing is lost and all recovers (REL-20, REL-34)."""

import signal
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import psutil
import psycopg
import pytest
from redis import Redis

from tests.crash.meaning import differences, meaning, replay_differs
from tests.crash.trial import Outcome
from tests.crash.yard import Household, Yard

pytestmark = pytest.mark.xdist_group("crash")
MOMENTS = ("open.before_commit", "fetch.page_staged", "classes.after_commit", "finish.after_commit")
FULL = 16 * 1024 * 1024
"""A segment of PostgreSQL's log is as large; no table may be larger."""
FILLER = """
insert into change (district_id, record, record_id, what, before, at)
select d.id, 'filler', n::text, 'added', to_jsonb((select string_agg(md5((n * 60 + i)::text), '')
       from generate_series(1, {size}) i)), now() from district d, generate_series(1, {rows}) n
"""
UNFINISHED = "select count(*) from sync_run where state in ('requested', 'running')"
ROSTERS = "select md5(string_agg(xmin::text || ctid, ',' order by id)) from enrollment"

Wanted = dict[str, Future[Outcome]]


@contextmanager
def _interrupted(yard: Yard, moment: str, wanted: Wanted) -> Iterator[tuple[Household, psutil.Process]]:
    """A running product whose job has stopped there; it goes on afterwards and ends as if nothing had been."""
    goal = wanted["night"].result().left
    with yard.alone(), yard.house("imported") as house:
        house.done("press")
        worker = house.start("labour", checkpoint=f"{moment} stop 1")
        child = worker.stopped_child()
        house.start("keep_time")
        yield house, child
        if child.is_running():
            child.send_signal(signal.SIGCONT)
        house.settle(worker)
        assert differences(meaning(house.database_url), goal) == {}
        assert replay_differs(house.database_url) == []


def _flush(yard: Yard, house: Household) -> None:
    with Redis.from_url(house.queue_url) as store:
        store.flushall()


def _kill_postgres(yard: Yard, house: Household) -> None:
    yard.kill_postgres()


def _kill_valkey(yard: Yard, house: Household) -> None:
    yard.kill_valkey()


@pytest.mark.parametrize("moment", MOMENTS)
def test_REL_20_REL_34_the_queue_may_forget_everything_at_any_moment(moment: str, yard: Yard, wanted: Wanted):
    with _interrupted(yard, moment, wanted) as (house, _child):
        _flush(yard, house)


def test_REL_20_a_queue_that_forgets_before_anybody_has_begun_delays_and_loses_nothing(yard: Yard, wanted: Wanted):
    with yard.house("imported") as house:
        house.done("press")
        _flush(yard, house)
        house.recover()
        assert differences(meaning(house.database_url), wanted["night"].result().left) == {}


@pytest.mark.parametrize("outage", [_kill_postgres, _kill_valkey], ids=["postgresql", "valkey"])
@pytest.mark.parametrize("moment", ["classes.before_commit", "classes.after_commit"])
def test_REL_34_a_server_that_dies_in_the_middle_of_a_run_loses_no_commit(
    moment: str, outage: Callable[[Yard, Household], None], yard: Yard, wanted: Wanted
):
    with _interrupted(yard, moment, wanted) as (house, _child):
        committed = house.ask("select count(*) from change")
        outage(yard, house)
        assert house.ask("select count(*) from change") == committed


def test_REL_34_a_full_disk_breaks_the_run_off_and_changes_nothing_until_there_is_room_again(
    yard: Yard, wanted: Wanted
):
    with yard.alone(), yard.house("imported") as house:
        with _no_room(yard, house):
            before = house.ask(ROSTERS)
            house.done("press")
            worker = house.start("labour", burst=True)
            worker.wait()
            assert "a run broke off" in worker.log.read_text()
            assert house.ask(UNFINISHED) == 1
            assert house.ask(ROSTERS) == before
        house.recover()
        assert differences(meaning(house.database_url), wanted["night"].result().left) == {}


@contextmanager
def _no_room(yard: Yard, house: Household) -> Iterator[None]:
    """No table of PostgreSQL can grow; afterwards they can, and the server was restarted for it."""
    yard.kill_postgres(room=FULL)
    try:
        _fill(house)
        yield
    finally:
        yard.kill_postgres()
        house.tell("delete from change where record = 'filler'")


def _fill(house: Household) -> None:
    """The journal has no room for one more row."""
    for size, rows in ((58, 1000), (58, 100), (1, 100), (0, 20), (0, 1)):
        with pytest.raises(psycopg.Error, match="could not extend file"):
            while True:
                house.tell(FILLER.format(size=size, rows=rows))
