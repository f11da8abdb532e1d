"""How one district opens itself to each service's customers: credentials and switches."""

from dataclasses import dataclass

from webapp.simulator.classlink import doors as classlink
from webapp.simulator.clever import doors as clever


@dataclass(kw_only=True)
class Doors:
    """The doors at each service that the sandbox plays."""

    clever: clever.CleverDoors
    classlink: classlink.ClassLinkDoors


def doors_of(number: int) -> Doors:
    """The doors of the server's district of that number, always the same."""
    return Doors(clever=clever.doors_of(number), classlink=classlink.doors_of(number))
