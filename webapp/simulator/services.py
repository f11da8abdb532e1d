"""The table of services that the sandbox plays: a line each."""

from webapp.simulator.classlink.service import CLASSLINK
from webapp.simulator.clever.service import CLEVER
from webapp.simulator.played import Played

SERVICES: tuple[Played, ...] = (CLEVER, CLASSLINK)
