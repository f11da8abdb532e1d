"""The servers of the crash tests, their own since they are killed too, and a fresh house for each case."""

import queue
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import redis
from cryptography.fernet import Fernet

from tests.crash.family import PATIENCE, Member, NeverHappened, Nursery, a_nursery
from tests.crash.starts import Rows, put_rows, rows_of
from webapp.commands.postgres import Postgres, start_postgres
from webapp.commands.valkey import Valkey, start_valkey
from webapp.store.migrations import migrate

# The machine itself stays up, so that files need not reach the disk; what was committed survives a killed server.
SERVER = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
QUICK = {"lease_seconds": 1, "silent_seconds": 2, "sweep_seconds": 0.3}
"""The paces of TEST-4. On a busy machine a living worker may be silent for a second."""
PATIENT = {"lease_seconds": 60, "silent_seconds": 60, "sweep_seconds": 0.3}
"""Where nobody dies, however busy the machine is."""
EMPTY, PLACES = "crash_empty", 4
DIED = """
update sync_run set state = 'running', attempts = 1, started_at = now() - interval '1 hour',
       alive_at = now() - interval '1 hour' where state = 'requested'
"""
UNSETTLED = """
select (select count(*) from sync_run where state in ('requested', 'running')
        or (state = 'parked' and (next_try_at is null or next_try_at < now())))
     + (select count(*) from outbox where sent_at is null)
"""


@dataclass
class Yard:
    """Both servers, the nursery, the starts, and places for cases that run at once."""

    home: Path
    postgres: Postgres
    valkey: Valkey
    nursery: Nursery
    starts: dict[str, Rows] = field(default_factory=dict)
    places: "queue.Queue[int]" = field(default_factory=queue.Queue)

    @contextmanager
    def house(self, start: str, **paces: float) -> "Iterator[Household]":
        """A district with a database and a queue of its own, as it is at this start; free for the next afterwards."""
        number = self.places.get(timeout=10 * PATIENCE)
        house = Household(self, self.postgres.url(f"place_{number}"), self.valkey.url(number), {**QUICK, **paces})
        try:
            house.begin(start)
            yield house
        finally:
            house.send_all_away()
            self.places.put(number)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other case is on the servers: they may be killed."""
        held = [self.places.get(timeout=10 * PATIENCE) for _ in range(PLACES - 1)]
        try:
            yield
        finally:
            for number in held:
                self.places.put(number)

    @contextmanager
    def bare(self) -> "Iterator[Household]":
        """A database that was just made, without even tables; gone afterwards."""
        house = Household(self, self.postgres.ensure_database("bare"), self.valkey.url(PLACES), dict(QUICK))
        try:
            yield house
        finally:
            house.send_all_away()
            with psycopg.connect(self.postgres.url().replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute("drop database bare with (force)")

    def stop_servers(self) -> None:
        """Both servers are gone."""
        self.valkey.stop()
        self.postgres.stop()

    def kill_postgres(self, *, room: int = resource.RLIM_INFINITY) -> None:
        """PostgreSQL dies in the middle of everything, and is started again; no file of it may outgrow that room."""
        assert self.postgres.child is not None
        self.postgres.child.kill()
        self.postgres.child.wait()
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
        try:
            self.postgres = start_postgres(self.home, SERVER)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)

    def kill_valkey(self) -> None:
        """The queue's server dies, and is started again."""
        assert self.valkey.child is not None
        self.valkey.child.kill()
        self.valkey.child.wait()
        self.valkey = start_valkey(self.home)


@dataclass
class Household:
    """One case's database, queue and processes."""

    yard: Yard
    database_url: str
    queue_url: str
    paces: dict[str, float]
    _here: list[Member] = field(default_factory=list)
    _connection: psycopg.Connection[Any] | None = None

    def begin(self, start: str) -> None:
        """It is as at this start, with nothing queued."""
        put_rows(self.database_url, self.yard.starts[start])
        with redis.Redis.from_url(self.queue_url) as store:
            store.flushdb()

    def settings(self) -> dict[str, Any]:
        """What each of its processes is told."""
        return {
            "data_dir": str(self.yard.home / "data"),
            "database_url": self.database_url,
            "queue_url": self.queue_url,
            "secret_key": "secret",
            "token_keys": KEY,
            **self.paces,
        }

    def start(self, role: str, *, day: str = "after", checkpoint: str = "", **more: Any) -> Member:
        """One more process of this case."""
        member = self.yard.nursery.start(role, self.settings(), day=day, checkpoint=checkpoint, **more)
        self._here.append(member)
        return member

    def done(self, role: str, *, day: str = "after", **more: Any) -> None:
        """A process has done its part, and ended well."""
        member = self.start(role, day=day, **more)
        code = member.wait()
        self._here.remove(member)
        assert code == 0, member.log.read_text()

    def ask(self, question: str) -> Any:
        """One value, asked of the database past all doors."""
        row = self._executed(question).fetchone()
        return row[0] if row else None

    def tell(self, statement: str) -> None:
        """One statement, past all doors."""
        self._executed(statement)

    def _executed(self, statement: str) -> psycopg.Cursor[Any]:
        try:
            return self._open().execute(statement.encode())
        except psycopg.OperationalError:  # the server was killed in the meantime
            return self._open().execute(statement.encode())

    def _open(self) -> psycopg.Connection[Any]:
        """One connection for all our looking, since a new one costs more than what is asked."""
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(self.database_url.replace("+psycopg", ""), autocommit=True)
        return self._connection

    def settle(self, worker: Member) -> None:
        """Wait until nothing is left to do: no run, no letter, no job of this worker."""
        deadline = time.monotonic() + PATIENCE + 3 * self.paces["silent_seconds"]
        while self.ask(UNSETTLED) or worker.is_at_work():
            if time.monotonic() > deadline:
                logs = "\n".join(one.log.read_text() for one in self._here)
                raise NeverHappened(f"work is left: {self.ask('select array_agg(to_json(r)) from sync_run r')}\n{logs}")
            time.sleep(0.05)

    @contextmanager
    def watched(self, *, day: str = "after") -> Iterator[Member]:
        """A clock and a worker are there, as in a running product; the worker."""
        helpers = [self.start("keep_time", day=day), self.start("labour", day=day)]
        try:
            yield helpers[-1]
        finally:
            for helper in helpers:
                helper.kill_family()
                self._here.remove(helper)

    def recover(self, *, day: str = "after") -> None:
        """A clock and a worker have brought everything to its end, by themselves."""
        with self.watched(day=day) as worker:
            self.settle(worker)

    def send_all_away(self) -> None:
        """Whoever is left of this case is gone."""
        for member in self._here:
            member.kill_family()
        self._here.clear()
        if self._connection is not None:
            self._connection.close()


KEY = Fernet.generate_key().decode()


@contextmanager
def a_yard() -> Iterator[Yard]:
    """Servers with the starts of all cases to copy from; gone at the end."""
    home = Path(tempfile.mkdtemp(prefix="rollbook-crash-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, home)
        postgres = start_postgres(home, SERVER)
        yard = Yard(home, postgres, start_valkey(home), stack.enter_context(a_nursery(home)))
        stack.callback(yard.stop_servers)
        migrate(postgres.ensure_database(EMPTY))
        for number in range(PLACES):
            postgres.ensure_database(f"place_{number}", EMPTY)
            yard.places.put(number)
        _build_starts(yard)
        yield yard


def _build_starts(yard: Yard) -> None:
    """What stories begin with: nothing imported, imported, a hold that waits, a run whose worker died."""
    yard.starts["empty"] = rows_of(yard.postgres.url(EMPTY))
    with yard.house("empty") as house:
        house.done("build", day="before")
        yard.starts["fresh"] = rows_of(house.database_url)
        house.done("tick", day="before")
        house.done("labour", day="before", burst=True)
        yard.starts["imported"] = rows_of(house.database_url)
        house.done("press")
        house.tell(DIED)
        yard.starts["abandoned"] = rows_of(house.database_url)
        house.begin("imported")
        house.done("press")
        house.done("labour", burst=True)
        runs = house.ask("select array_agg(state order by requested_at) from sync_run")
        assert runs == ["done", "held"], house.ask("select array_agg(to_json(r)) from sync_run r")
        yard.starts["held"] = rows_of(house.database_url)
