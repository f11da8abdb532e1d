"""What every view may need of the application: its settings and the rostering services that are switched on."""

from dataclasses import dataclass

from flask import current_app

from webapp.providers.service import Service
from webapp.settings import Settings


@dataclass(frozen=True)
class House:
    """The settings and services of this application."""

    settings: Settings
    services: dict[str, Service]


def house() -> House:
    """The house of the running application."""
    found: House = current_app.extensions["rollbook"]
    return found
