"""What Clever has recorded of a district's changes: plain values, kept with the district."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(kw_only=True)
class Event:
    """One change of one record; `about` is the whole record after it, or before it where it is gone."""

    id: str
    type: str
    created: str
    about: Json
    before: Json | None = None
    """The changed leaves as they were; only where the record was there before and still is."""


@dataclass(kw_only=True)
class EventLog:
    """The events of one district, oldest first."""

    events: list[Event] = field(default_factory=list)
    given: int = 0
    """How many event ids were given out, also for events that are gone."""

    last_sync: str = ""
    """When Clever last noticed a change; empty before the first."""

    def __post_init__(self) -> None:
        """Nothing has been looked at yet: what Clever saw last is made anew after a start, not kept."""
        self.shelf: object = None
