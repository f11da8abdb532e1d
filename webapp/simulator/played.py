"""What the sandbox knows of each rostering service that it plays: one folder each, one line each in `services.py`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from webapp.simulator.desk import Desk
from webapp.simulator.world import District

if TYPE_CHECKING:
    from webapp.simulator.stage import Stage

Endpoint = Callable[..., Response]


@dataclass(frozen=True, kw_only=True)
class Played:
    """One service. Only its machinery, told by its paths, is counted and struck by faults."""

    key: str
    authorize: str
    """The authorize page, below the desk's prefix."""
    api_paths: tuple[str, ...]
    """What the service's machinery paths begin with."""
    browser_paths: tuple[str, ...]
    """Machinery that browsers visit: listed, not counted."""
    exchange: str
    """The address at which a code becomes a token."""
    desk: Callable[[Callable[[], float]], Desk]
    """Makes the sign-in desk; it is given the clock."""
    rules: Callable[[], list[Rule]]
    """The service's own addresses, beside those that every desk has."""
    settings: Callable[["Stage"], dict[str, str]]
    """What an application must set to use this service of the sandbox."""
    names: Callable[[District], dict[str, str]]
    """What a district is called at this service."""
    doors: Callable[[District], Any]
    """The district's doors at this service."""
    presses: Mapping[str, Callable[[Any], None]]
    """What can be pressed at those doors."""
    shares: Callable[[District], bool]
    """Whether the district shares the application with its people now."""
    refuses_with_state: Callable[[District], bool] = lambda district: True
    """Whether a refused sign-in brings the application's state back."""
    raw: tuple[str, Endpoint] | None = None
    """A path that begins so is answered by its raw form: an id may hold an encoded slash."""
