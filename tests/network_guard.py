"""No test talks to anything but this machine: a connection elsewhere fails, even where the code swallows the error."""

import ipaddress
import socket
from typing import Any

Address = Any
ESCAPES: list[str] = []
"""Where somebody tried to connect to, since the last look."""

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


class Escape(Exception):
    """A test tried to reach another machine."""


def close_the_network() -> None:
    """From now on, this process reaches loopback addresses and local sockets only."""
    socket.socket.connect = _guarded_connect  # type: ignore[method-assign, assignment]
    socket.socket.connect_ex = _guarded_connect_ex  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = _guarded_getaddrinfo


def _guarded_connect(self: socket.socket, address: Address) -> None:
    _refuse_strangers(address)
    _connect(self, address)


def _guarded_connect_ex(self: socket.socket, address: Address) -> int:
    _refuse_strangers(address)
    return _connect_ex(self, address)


def _guarded_getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
    _refuse_strangers((host,))
    return _getaddrinfo(host, *args, **options)


def _refuse_strangers(address: Address) -> None:
    if not isinstance(address, tuple) or address[0] is None or _is_here(str(address[0])):
        return
    ESCAPES.append(str(address[0]))
    raise Escape(address[0])


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
