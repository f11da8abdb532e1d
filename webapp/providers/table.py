"""The table of rostering services: a line each."""

from webapp.providers.classlink.service import ClassLink
from webapp.providers.clever.service import Clever
from webapp.providers.service import Service
from webapp.providers.wire import Limits
from webapp.settings import Settings


def services(settings: Settings, limits: Limits | None = None) -> dict[str, Service]:
    """Every service by its key, switched on or not."""
    known: tuple[Service, ...] = (
        Clever(settings, limits or Limits()),
        ClassLink(settings, limits or Limits()),
    )
    return {service.key: service for service in known}
