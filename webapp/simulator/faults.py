"""Mischief on demand: what a service may answer on a bad day."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import msgspec
from werkzeug.wrappers import Response

from webapp.simulator.meter import limit_headers

KINDS = ("status", "down", "html", "no_list", "cut_page", "slow", "drop")
HTML = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>"


class Dropped(Exception):
    """The connection ends here, with no answer."""


@dataclass(kw_only=True)
class Fault:
    """One kind of mischief at one service; without `times` it lasts until it is cleared."""

    service: str
    fault: str
    status: int = 503
    times: int | None = None
    path: str = ""
    seconds: float = 1.0
    reset_in: float = 1.0


class Faults:
    """The faults that are on; the first that fits a request strikes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.on: list[Fault] = []
        self.lock = Lock()

    def take(self, service: str, address: str) -> Fault | None:
        """The fault that strikes this request, used up once."""
        with self.lock:
            for fault in self.on:
                if fault.service == service and fault.path in address and fault.times != 0:
                    fault.times = None if fault.times is None else fault.times - 1
                    return fault
        return None

    def answer(self, fault: Fault, honest: Callable[[], Response]) -> Response:
        """What the struck request gets; `honest` is the answer that it would have got."""
        if fault.fault == "drop":
            raise Dropped
        if fault.fault == "slow":
            time.sleep(fault.seconds)
            return honest()
        if fault.fault == "html":
            return Response(HTML, mimetype="text/html")
        if fault.fault in ("no_list", "cut_page"):
            return without(honest(), page=fault.fault == "no_list")
        return self.failure(503 if fault.fault == "down" else fault.status)

    def failure(self, status: int) -> Response:
        """A status with the little body that it has; 429 has none, but says when it ends."""
        if status == 429:
            reset = max((fault.reset_in for fault in self.on if fault.status == 429), default=1.0)
            return Response(status=429, headers=limit_headers(1200, 0, self.clock() + reset))
        return Response(msgspec.json.encode({"message": "simulated failure"}), status, mimetype="application/json")


def without(response: Response, *, page: bool) -> Response:
    """The same answer without its list, or with a list one record short and everything else as it was."""
    try:
        body: dict[str, Any] = msgspec.json.decode(response.get_data())
    except msgspec.DecodeError:
        return response
    name = next((key for key, value in body.items() if isinstance(value, list) and key != "links"), None)
    if name is None:
        return response
    if page:
        del body[name]
    else:
        body[name] = body[name][:-1]
    response.set_data(msgspec.json.encode(body))
    return response
