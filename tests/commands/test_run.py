"""`rollbook run`: one command starts everything, one key stops everything, and nothing is forgotten."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
import urllib3

from tests.product import free_port
from webapp.commands.running import own_secrets, write_running


@contextmanager
def _run(
    data_dir: Path, *options: str, port: int, env: Mapping[str, str] | None = None
) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    with _started("run", *options, data_dir=data_dir, port=port, env=env) as (process, told):
        assert "open" in told, told
        yield process, told


@contextmanager
def _started(
    verb: str, *options: str, data_dir: Path, port: int, env: Mapping[str, str] | None = None
) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """A verb that stays in front, and the line of JSON that it begins with."""
    command = [sys.executable, "app.py", verb, "--json", "--data-dir", str(data_dir), "--port", str(port), *options]
    environment = {**os.environ, **(env or {})}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(60)


def _left_over(data_dir: Path) -> list[psutil.Process]:
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(str(data_dir) in word for word in process.info["cmdline"] or [])
    ]


def _get(url: str) -> int:
    with urllib3.PoolManager(retries=False, timeout=10) as pool:
        return pool.request("GET", url).status


def _verb(data_dir: Path, *words: str) -> Any:
    command = [sys.executable, "app.py", *words, "--json", "--data-dir", str(data_dir)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


@pytest.mark.xdist_group("run")
def test_ctrl_c_leaves_no_process_and_the_next_start_finds_its_data(tmp_path: Path) -> None:
    port = free_port()
    with _run(tmp_path, port=port) as (process, told):
        assert told["open"] == f"http://localhost:{port}"
        assert [_get(f"{told['open']}/{path}") for path in ("healthz", "readyz", "login")] == [200, 200, 200]
        before = _verb(tmp_path, "connection", "list")["connections"]
        assert {one["provider"] for one in before} == {"clever", "classlink"}
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0
        assert _left_over(tmp_path) == []
        assert not (tmp_path / "running.json").exists()
    with _run(tmp_path, port=port) as (process, _told):
        after = _verb(tmp_path, "connection", "list")["connections"]
        assert {one["connection_id"] for one in after} == {one["connection_id"] for one in before}
        _everything_ends_with_its_killed_parent(process)


@pytest.mark.xdist_group("run")
def test_a_run_uses_the_sandbox_of_another_process_by_its_settings_alone(tmp_path: Path) -> None:
    data_dir = tmp_path / "run"
    with ExitStack() as both:
        _sandbox, told = both.enter_context(_started("sandbox", data_dir=tmp_path / "sandbox", port=free_port()))
        both.enter_context(_run(data_dir, "--no-sandbox", port=free_port(), env=told["settings"]))
        # Typed in another shell, which knows none of these settings.
        order = ["--name", "Maple", "--seats", "5", "--admin-email", "admin@maple.example"]
        license_id = _verb(data_dir, "license", "create", *order)["license_id"]
        for provider, key in (("clever", "clever_district"), ("classlink", "classlink_tenant")):
            district = ["--provider", provider, "--district", told["districts"][0][key]]
            made = _verb(data_dir, "connection", "add", "--license", license_id, *district)
            assert made["state"] == "connected"
            assert _verb(data_dir, "sync", "--connection", made["connection_id"], "--wait")["state"] == "done"


@pytest.mark.xdist_group("run")
def test_two_run_side_by_side_and_a_dead_part_troubles_only_its_own(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    with _run(one, port=free_port()) as (process, told), _run(two, "--no-sandbox", port=free_port()) as (other, others):
        assert [_get(f"{each['open']}/readyz") for each in (told, others)] == [200, 200]
        command = [sys.executable, "app.py", "run", "--data-dir", str(two), "--port", str(free_port())]
        third = subprocess.run(command, capture_output=True, text=True)
        assert third.returncode == 1
        assert "Another `rollbook run` is using" in third.stderr

        killed = _part(other, "scheduler")
        killed.kill()
        assert _part(other, "scheduler", but=killed).is_running()

        _part(process, "sandbox").kill()
        assert process.wait(60) == 1
        assert process.stderr is not None
        assert "'sandbox' ended with code -9" in process.stderr.read()
        assert _left_over(one) == []
        assert _get(f"{others['open']}/readyz") == 200


def _part(process: "subprocess.Popen[str]", verb: str, *, but: psutil.Process | None = None) -> psutil.Process:
    """The part of a running product that does this verb; waited for, where it is another one than `but`."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for child in psutil.Process(process.pid).children():
            if child != but and child.status() != psutil.STATUS_ZOMBIE and verb in child.cmdline():
                return child
        time.sleep(0.1)
    raise AssertionError(f"no {verb}")


def _everything_ends_with_its_killed_parent(process: "subprocess.Popen[str]") -> None:
    family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    _gone, alive = psutil.wait_procs(family, timeout=60)
    assert alive == []


def test_what_others_must_not_read_is_private(tmp_path: Path) -> None:
    first = own_secrets(tmp_path)
    write_running(tmp_path, first, {})
    assert own_secrets(tmp_path) == first
    assert [path.stat().st_mode & 0o077 for path in sorted(tmp_path.glob("*.json"))] == [0, 0]


def test_a_taken_port_is_said_in_plain_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "app.py", "run", "--data-dir", str(tmp_path), "--port", port]
        done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (
        1,
        f"Port {port} is in use. Another one is chosen by PORT, for example PORT=9000.\n",
    )
