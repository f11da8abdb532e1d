"""What a rostering service can do wrong, as the sandbox is told to do it, and how a sync may end then."""

from dataclasses import dataclass
from typing import Any

MEGABYTE = 1_000_000
FIRST, MIDDLE, LAST = "first page", "middle page", "last page"
PROOF = "proof of the end"

FAULTS: dict[str, dict[str, Any]] = {
    "500": {"fault": "status", "status": 500},
    "502": {"fault": "status", "status": 502},
    "503": {"fault": "status", "status": 503},
    "429 without a word": {"fault": "status", "status": 429, "reset_in": None},
    "429 that is over": {"fault": "status", "status": 429, "reset_in": -60},
    "429 for long": {"fault": "status", "status": 429, "reset_in": 7200},
    "429 in seconds": {"fault": "status", "status": 429, "reset_in": None, "retry_after": "900"},
    "401": {"fault": "status", "status": 401},
    "403": {"fault": "status", "status": 403},
    "404": {"fault": "status", "status": 404},
    "drop": {"fault": "drop"},
    "redirect": {"fault": "redirect"},
    "foreign redirect": {"fault": "foreign_redirect"},
    "html": {"fault": "html"},
    "error body": {"fault": "error_body"},
    "no list": {"fault": "no_list"},
    "cut json": {"fault": "cut_json"},
    "cut body": {"fault": "cut_body"},
    "charset": {"fault": "charset"},
    "bomb": {"fault": "bomb", "bytes": MEGABYTE},
    "huge": {"fault": "huge", "bytes": MEGABYTE},
    "drip": {"fault": "drip", "seconds": 0.02},
    "drip head": {"fault": "drip_head", "seconds": 0.02},
    "hang": {"fault": "hang"},
    "cut page": {"fault": "cut_page"},
    "empty page": {"fault": "empty_page"},
    "all empty": {"fault": "all_empty"},
    "duplicate": {"fault": "duplicate"},
    "moving": {"fault": "moving"},
    "ignored place": {"fault": "ignored_place"},
    "other district": {"fault": "other_district"},
}
OWN: dict[str, dict[str, dict[str, Any]]] = {
    "clever": {
        "endless next": {"fault": "endless_next"},
        "repeated next": {"fault": "repeated_next"},
        "foreign next": {"fault": "foreign_next"},
    },
    "classlink": {
        "short count": {"fault": "short_count"},
        "long count": {"fault": "long_count"},
        "short total": {"fault": "short_total"},
        "long total": {"fault": "long_total"},
    },
}
"""Clever has links and tells no counts; ClassLink's counts stand in the head and there are no links."""

PASSING = {"500", "502", "503", "429 without a word", "429 that is over", "drop", "cut body", "bomb", "huge"}
"""A second try mends these, if they have passed by then."""
SLOW = {"drip", "drip head", "hang"}
"""The same, but a busy machine may not be quick enough to see it."""
REFUSED = {"401", "403"}
NET = {"all empty", "other district"}
"""Where an answer looks whole, a hold is as good an end as any: nothing has happened."""
WRONG = {"404", "redirect", "foreign redirect", "html", "error body", "no list", "cut json", "charset", "foreign next"}
WRONG |= {"429 for long", "429 in seconds"}
"""What cannot be read, or not now, parks the run."""
SILENT = ("cut page", "empty page", "all empty", "duplicate", "moving", "ignored place", "other district")
"""What looks like a good answer, and is none."""


@dataclass(frozen=True)
class Case:
    """One fault of one service, in one list, at one place in it."""

    service: str
    fault: str
    place: str
    path: str
    """What the addresses of the list have in them."""

    def __str__(self) -> str:
        return f"{self.service}, {self.fault}, {self.place} of {self.path.strip('/?')}"

    @property
    def told(self) -> dict[str, Any]:
        """The fault, as the sandbox takes it."""
        return (FAULTS | OWN[self.service])[self.fault]

    @property
    def strikes(self) -> tuple[int | None, ...]:
        """How often it strikes: for good, and then once, where more than the first strike counts."""
        return (None,) if self.fault in REFUSED | WRONG else (None, 1)

    def ends(self, *, lasting: bool) -> set[str]:
        """In which state a sync may end."""
        if self.fault in REFUSED:
            return {"failed"}
        if self.fault in PASSING:
            return {"parked"} if lasting else {"done"}
        if self.fault in WRONG | SLOW:
            return {"parked"} if lasting else {"parked", "done"}
        return {"parked", "done", "held"} if self.fault in NET else {"parked", "done"}


def cases(paths: dict[str, str], faults: tuple[str, ...], *places: str) -> list[Case]:
    """These faults, and each service's own ones, at these places of one list of each service."""
    return [
        Case(service, fault, place, path)
        for service, path in paths.items()
        for fault in (*faults, *OWN[service])
        for place in places
    ]
