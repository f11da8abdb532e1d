"""The guard that keeps tests on this machine."""

import socket

import pytest

from tests.network_guard import ESCAPES, Escape


def test_SEC_30_another_machine_cannot_be_reached_from_a_test() -> None:
    with pytest.raises(Escape), socket.socket() as line:
        line.connect(("192.0.2.1", 80))
    with pytest.raises(Escape):
        socket.create_connection(("district.example", 443))
    assert ESCAPES == ["192.0.2.1", "district.example"]
    ESCAPES.clear()


def test_this_machine_can_be_reached_from_a_test() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        assert not ESCAPES
