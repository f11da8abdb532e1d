"""The embedded servers: they start anywhere, keep what they hold, and leave nothing behind."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from webapp.commands.answers import Refused
from webapp.commands.embedded import Servers, embedded_servers
from webapp.commands.postgres import start_postgres

HOLD = """
import sys, time
from pathlib import Path
from webapp.commands.embedded import embedded_servers
with embedded_servers(Path(sys.argv[1])) as servers:
    print(servers.database_url, servers.queue_url, flush=True)
    time.sleep(600)
"""


def _open(servers: Servers) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(servers.database_url.replace("+psycopg", ""), autocommit=True)


def _leave_a_mark(servers: Servers) -> None:
    with _open(servers) as connection, redis.Redis.from_url(servers.queue_url) as queue:
        connection.execute("CREATE TABLE mark AS SELECT 7 AS number")
        queue.set("mark", 7)


def _marks(servers: Servers) -> list[int]:
    with _open(servers) as connection, redis.Redis.from_url(servers.queue_url) as queue:
        row = connection.execute("SELECT number FROM mark").fetchone()
        assert row is not None
        return [int(str(row[0])), int(queue.get("mark") or 0)]


def _processes_of(data_dir: Path) -> list[str]:
    return [
        process.info["name"]
        for process in psutil.process_iter(["name", "cmdline"])
        if any(str(data_dir) in word for word in process.info["cmdline"] or [])
    ]


def _wait_until_gone(data_dir: Path) -> None:
    for process in psutil.process_iter(["cmdline"]):
        if any(str(data_dir) in word for word in process.info["cmdline"] or []):
            process.wait(30)


def test_what_they_hold_is_there_after_a_stop_and_a_start(tmp_path: Path) -> None:
    with embedded_servers(tmp_path) as servers:
        _leave_a_mark(servers)
    assert _processes_of(tmp_path) == []
    with embedded_servers(tmp_path) as servers:
        assert _marks(servers) == [7, 7]


def test_they_end_with_their_killed_holder_and_the_next_start_finds_everything(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        _leave_a_mark(Servers(*holder.stdout.readline().split()))
        holder.send_signal(signal.SIGKILL)
    with embedded_servers(tmp_path) as servers:
        assert _marks(servers) == [7, 7]
    assert _processes_of(tmp_path) == []


def test_a_killed_server_starts_again_with_its_data(tmp_path: Path) -> None:
    with embedded_servers(tmp_path) as servers:
        _leave_a_mark(servers)
        for process in psutil.process_iter(["name", "cmdline"]):
            if str(tmp_path) in " ".join(process.info["cmdline"] or []):
                process.kill()
        _wait_until_gone(tmp_path)
    with embedded_servers(tmp_path) as servers:
        assert _marks(servers)[0] == 7


def test_servers_of_two_data_dirs_run_side_by_side(tmp_path: Path) -> None:
    with embedded_servers(tmp_path / "one") as one, embedded_servers(tmp_path / "two") as two:
        _leave_a_mark(one)
        with _open(two) as connection, redis.Redis.from_url(two.queue_url) as queue:
            assert connection.execute("SELECT to_regclass('mark')").fetchone() == (None,)
            assert queue.get("mark") is None


def test_a_path_too_long_for_a_socket_and_with_spaces_is_no_hindrance(tmp_path: Path) -> None:
    with embedded_servers(tmp_path / "a folder with a name as long" / ("x" * 100)) as servers:
        _leave_a_mark(servers)
        assert _marks(servers) == [7, 7]


def test_servers_that_the_settings_name_are_used_and_none_is_started(tmp_path: Path) -> None:
    with embedded_servers(tmp_path, "postgresql+psycopg://elsewhere", "unix:///elsewhere") as servers:
        assert servers == Servers("postgresql+psycopg://elsewhere", "unix:///elsewhere")
        assert list(tmp_path.iterdir()) == []


def test_data_of_another_user_is_refused_in_plain_words(tmp_path: Path) -> None:
    (tmp_path / "postgres").symlink_to("/usr")  # the system's folder: neither ours nor the database user's
    with pytest.raises(Refused, match="made by another user"):
        start_postgres(tmp_path)


def test_a_dead_servers_number_that_now_belongs_to_somebody_else_is_no_hindrance(tmp_path: Path) -> None:
    with embedded_servers(tmp_path) as servers:
        _leave_a_mark(servers)
    # As after a power cut and a restart in which process numbers begin anew.
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{tmp_path}\n0\n5432\n\n\n0 0\nready\n")
    with embedded_servers(tmp_path) as servers:
        assert _marks(servers) == [7, 7]


def test_the_database_speaks_unicode_and_is_closed_to_other_users(tmp_path: Path) -> None:
    with embedded_servers(tmp_path) as servers, _open(servers) as connection:
        assert connection.execute("SELECT upper('é'), current_setting('server_encoding')").fetchone() == ("É", "UTF8")
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    assert (tmp_path / "postgres").stat().st_mode & 0o077 == 0
    assert (tmp_path / "valkey").stat().st_mode & 0o077 == 0
