"""The table of rostering services: a line each."""

from collections.abc import Sequence
from typing import Protocol

from webapp.providers.classlink.service import ClassLink
from webapp.providers.clever.service import Clever
from webapp.providers.service import Service
from webapp.providers.wire import Limits
from webapp.settings import Settings


class Kind(Protocol):
    """What makes a service of settings: its class, which knows the words for it beforehand."""

    key: str
    label: str

    def __call__(self, settings: Settings, limits: Limits) -> Service:
        """The service, switched on or not."""


TABLE: tuple[Kind, ...] = (
    Clever,
    ClassLink,
)


def services(settings: Settings, limits: Limits | None = None, table: Sequence[Kind] = TABLE) -> dict[str, Service]:
    """Every service by its key, switched on or not."""
    return {kind.key: kind(settings, limits or Limits()) for kind in table}


def label_of(provider: str) -> str:
    """What people call the source of a connection: a service, or else files of their own."""
    return next((kind.label for kind in TABLE if kind.key == provider), "your files")
