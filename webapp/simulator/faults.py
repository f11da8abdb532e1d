"""Mischief on demand: what a service may answer on a bad day, and how often."""

import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

import msgspec
from werkzeug.wrappers import Request, Response

from webapp.simulator.door import Dropped, Hung, Manner, in_manner
from webapp.simulator.meter import limit_headers
from webapp.simulator.mixups import from_the_start, in_another_district
from webapp.simulator.spoiling import SPOILED, Page, cut_in_the_middle, in_latin_1

if TYPE_CHECKING:
    from webapp.simulator.stage import Stage

Honest = Callable[[Request], Response]

KINDS = {
    "status": "Answers with a status: 503 if none is given; 429 says when it ends, if it is told to",
    "down": "Is down: every answer is a 503",
    "drop": "Closes the connection without a word",
    "hang": "Takes the request and never answers",
    "slow": "Answers after a while",
    "drip": "Sends the body a byte at a time",
    "drip_head": "Sends the head a byte at a time",
    "huge": "Sends a page of 100 MB",
    "bomb": "Sends a little that unpacks to 100 MB",
    "redirect": "Redirects to another address of its own",
    "foreign_redirect": "Redirects to another host",
    "html": "Sends a page for people",
    "error_body": "Sends an error with status 200",
    "cut_json": "Sends half of the JSON, and says that this is all",
    "cut_body": "Breaks off in the middle of the body",
    "charset": "Sends names that are not UTF-8",
    "other_district": "Answers with another district's data",
    "ignored_place": "Ignores which page was asked for, and sends the first one",
    "moving": "Lets a record move to the page after while the list is read",
} | {name: says for name, (says, _) in SPOILED.items()}

HTML = "<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>"


@dataclass(kw_only=True)
class Fault:
    """One kind of mischief at one service; without `times` it lasts until it is cleared."""

    service: str
    fault: str
    status: int = 503
    times: int | None = None
    path: str = ""
    skip: int = 0
    """So many answers that would fit are let through first."""
    seconds: float = 1.0
    """How long `slow` waits, and how long each byte takes that is sent alone."""
    reset_in: float | None = 1.0
    """In how many seconds a 429 ends: negative for a moment that is over, none for no word of it."""
    retry_after: str = ""
    """What a 429 or 503 says in its own words: seconds or a date."""
    bytes: int = 100_000_000
    """How much is too much."""
    district: int = 0
    """Whose data `other_district` shows; 0 for anybody's but the one's that was asked for."""


class Faults:
    """The faults that are on; the first that fits a request strikes."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.on: list[Fault] = []
        self.struck = 0
        self.moved: dict[str, list[object]] = {}
        self.lock = Lock()

    def clear(self) -> int:
        """Switch everything off; how often it struck."""
        with self.lock:
            struck, self.struck = self.struck, 0
            self.on.clear()
            self.moved.clear()
        return struck

    def take(self, service: str, address: str) -> Fault | None:
        """The fault that strikes this request, used up once."""
        with self.lock:
            fault = next((one for one in self.on if self.fits(one, service, address)), None)
            if fault:
                fault.times = None if fault.times is None else max(0, fault.times - 1)
                self.struck += 1
        return fault

    def fits(self, fault: Fault, service: str, address: str) -> bool:
        """Whether the fault strikes this request; one that it is to let through is counted."""
        if fault.service != service or fault.path not in address:
            return False
        if fault.skip:
            fault.skip -= 1
            return False
        return fault.times != 0 or (fault.fault == "moving" and service in self.moved)

    def answer(self, fault: Fault, request: Request, honest: Honest, stage: "Stage") -> Response:
        """What the struck request gets; `honest` gives the answer that it would have got."""
        if fault.fault in INSTEAD:
            return INSTEAD[fault.fault](self, fault, request)
        if fault.fault == "other_district":
            return honest(in_another_district(stage, request, fault.district))
        if fault.fault == "ignored_place":
            return honest(from_the_start(request))
        if fault.fault == "slow":
            time.sleep(fault.seconds)
        response = honest(request)
        if fault.fault == "moving":
            return self.let_move(fault, response)
        return AFTERWARDS.get(fault.fault, as_it_is)(fault, response)

    def let_move(self, fault: Fault, response: Response) -> Response:
        """Take a record out of this page, and put the one that was taken out of the page before into it."""
        page = Page.read(response)
        if page and (page.rows or self.moved.get(fault.service)):
            arrived = self.moved.pop(fault.service, [])
            if page.rows and (fault.times != 0 or not arrived):
                self.moved[fault.service] = [page.rows.pop(0)]
            page.rows[:0] = arrived
            page.count(len(page.rows))
            page.write()
        return response

    def failure(self, fault: Fault, request: Request) -> Response:
        """A status with the little body that it has; 429 has none, but may say when it ends."""
        status = 503 if fault.fault == "down" else fault.status
        headers = {"Retry-After": fault.retry_after} if fault.retry_after else {}
        if status == 429:
            if fault.reset_in is not None:
                headers |= limit_headers(1200, 0, self.clock() + fault.reset_in)
            return Response(status=429, headers=headers)
        body = msgspec.json.encode({"message": "simulated failure"})
        return Response(body, status, headers, mimetype="application/json")

    def redirect(self, fault: Fault, request: Request) -> Response:
        """A redirect, which nobody who asks machines should follow."""
        here = f"{request.root_url}sandbox/districts"
        where = "https://elsewhere.example/" if fault.fault == "foreign_redirect" else here
        return Response(status=fault.status if 300 <= fault.status < 400 else 302, headers={"Location": where})

    def hang(self, fault: Fault, request: Request) -> Response:
        """No answer at all."""
        raise Hung if fault.fault == "hang" else Dropped

    def something_else(self, fault: Fault, request: Request) -> Response:
        """A good status with something in it that was not asked for."""
        if fault.fault == "html":
            return Response(HTML, mimetype="text/html")
        if fault.fault == "bomb":
            return Response(bomb(fault.bytes), headers={"Content-Encoding": "gzip"}, mimetype="application/json")
        return Response(msgspec.json.encode({"error": "Something went wrong."}), mimetype="application/json")


Instead = Callable[[Faults, Fault, Request], Response]
INSTEAD: dict[str, Instead] = {
    "status": Faults.failure,
    "down": Faults.failure,
    "redirect": Faults.redirect,
    "foreign_redirect": Faults.redirect,
    "hang": Faults.hang,
    "drop": Faults.hang,
    "html": Faults.something_else,
    "error_body": Faults.something_else,
    "bomb": Faults.something_else,
}
"""What is answered without looking at the honest answer."""

AFTERWARDS: dict[str, Callable[[Fault, Response], Response]] = {
    "drip": lambda fault, response: in_manner(response, Manner(body_pause=fault.seconds)),
    "drip_head": lambda fault, response: in_manner(response, Manner(head_pause=fault.seconds)),
    "huge": lambda fault, response: in_manner(response, Manner(padding=fault.bytes)),
    "cut_body": lambda fault, response: in_manner(response, Manner(half=True)),
    "cut_json": lambda fault, response: cut_in_the_middle(response),
    "charset": lambda fault, response: in_latin_1(response),
}
"""What is done to the honest answer as a whole, or to how it is sent."""


def as_it_is(fault: Fault, response: Response) -> Response:
    """The honest answer with its page spoiled, where it has one."""
    page = Page.read(response)
    if page and fault.fault in SPOILED:
        SPOILED[fault.fault][1](page)
        page.write()
    return response


@cache
def bomb(size: int) -> bytes:
    """A little that unpacks to so many spaces."""
    return gzip.compress(b" " * size)
