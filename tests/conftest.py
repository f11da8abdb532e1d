"""What every test can ask for. Servers start only when a test needs them."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import redis
from cryptography.fernet import Fernet

from tests.browser.chromium import find_browser
from tests.network_guard import ESCAPES, close_the_network
from tests.product import Product, free_port, running_product
from tests.servers import Servers, empty, running_servers
from webapp.commands.running import settings_named
from webapp.settings import Settings
from webapp.store.database import connect

if TYPE_CHECKING:
    from webapp.simulator.server import Sandbox

STARTED = pytest.StashKey[tuple[ExitStack, Servers]]()


def pytest_configure(config: pytest.Config) -> None:
    """Close the network, and forget what the person at this machine has set for their own Rollbook."""
    for name in list(os.environ):
        if name.startswith("ROLLBOOK_") or name == "PORT":
            del os.environ[name]
    close_the_network()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Hand the run's servers to a worker process of pytest-xdist."""
    node.workerinput["servers"] = _servers_of(node.config).told()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the servers where they were started."""
    if STARTED in config.stash:
        config.stash[STARTED][0].close()


def _servers_of(config: pytest.Config) -> Servers:
    told = getattr(config, "workerinput", {}).get("servers")
    if told:
        return Servers.from_told(told)
    if STARTED not in config.stash:
        stack = ExitStack()
        config.stash[STARTED] = stack, stack.enter_context(running_servers())
    return config.stash[STARTED][1]


@pytest.fixture(scope="session")
def servers(pytestconfig: pytest.Config) -> Servers:
    """The PostgreSQL and the Valkey of this run."""
    return _servers_of(pytestconfig)


@pytest.fixture(scope="session")
def database_url(servers: Servers, worker_id: str) -> Iterator[str]:
    """This worker's own migrated database, empty at the start of each test, with the store connected to it."""
    url = servers.database(f"inside_{worker_id}")
    engine = connect(url, pool_size=5)
    yield url
    engine.dispose()


@pytest.fixture(scope="session")
def queue_url(servers: Servers, worker_id: str) -> str:
    """This worker's own Valkey database, empty at the start of each test."""
    return servers.valkey.url(2 * _number(worker_id))


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    """A sandbox over real HTTP, for tests that call the app's rooms directly."""
    with _sandbox("http://localhost:8000") as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def settings(database_url: str, queue_url: str, sandbox: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings that point at this worker's servers and at the sandbox."""
    return _settings(tmp_path_factory.mktemp("data"), database_url, queue_url, "http://localhost:8000", sandbox)


@pytest.fixture(scope="session")
def running(servers: Servers, worker_id: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product as processes of its own, with its own database, queue and sandbox: see `product`."""
    url = f"http://localhost:{free_port()}"
    database_url, queue_url = servers.database(f"outside_{worker_id}"), servers.valkey.url(2 * _number(worker_id) + 1)
    with ExitStack() as stack:
        sandbox = stack.enter_context(_sandbox(url))
        settings = _settings(tmp_path_factory.mktemp("product"), database_url, queue_url, url, sandbox)
        yield stack.enter_context(running_product(settings, sandbox))


@pytest.fixture
def product(running: Product) -> Product:
    """The running product with no district, license or person in it yet."""
    empty(running.settings.database_url)
    return running


@pytest.fixture
def app_url(product: Product) -> str:
    """Where the running product answers."""
    return product.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright's arguments, with the browser that this machine has."""
    browser = find_browser()
    return {**browser_type_launch_args, "executable_path": str(browser.program), "env": {**os.environ, **browser.env}}


@pytest.fixture(autouse=True)
def _clean_slate(request: pytest.FixtureRequest) -> Iterator[None]:
    """Begin with empty tables and an empty queue, and fail a test that tried to leave this machine."""
    if "database_url" in request.fixturenames:
        empty(request.getfixturevalue("database_url"))
    if "queue_url" in request.fixturenames:
        with redis.Redis.from_url(request.getfixturevalue("queue_url")) as queue:
            queue.flushdb()
    yield
    escapes, ESCAPES[:] = list(ESCAPES), []
    assert not escapes, f"tried to reach {escapes}"


@contextmanager
def _sandbox(public_url: str) -> Iterator[Sandbox]:
    from webapp.simulator.server import Sandbox  # most tests need none

    sandbox = Sandbox.start(public_url=public_url)
    try:
        yield sandbox
    finally:
        sandbox.stop()


def _settings(data_dir: Path, database_url: str, queue_url: str, public_url: str, sandbox: Sandbox) -> Settings:
    given: dict[str, Any] = {
        "data_dir": data_dir,
        "database_url": database_url,
        "queue_url": queue_url,
        "public_url": public_url,
        "secret_key": secrets.token_urlsafe(32),
        "token_keys": Fernet.generate_key().decode(),
        "sandbox_url": sandbox.url,
        **settings_named(sandbox.app_settings()),
    }
    return Settings(_env_file=None, **given)


def _number(worker_id: str) -> int:
    return int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
