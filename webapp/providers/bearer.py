"""A district's token, which the service may replace at any time."""

from collections.abc import Callable

from webapp.providers.errors import AccessWithdrawn
from webapp.providers.wire import Answer, Wire


class Bearer:
    """Asks with the district's token; refused, it looks once for a newer one. `told` hears of every new token."""

    def __init__(self, wire: Wire, token: str, current: Callable[[], str], told: Callable[[str], None] | None) -> None:
        self._wire = wire
        self._token = token
        self._current = current
        self._told = told

    def get(self, url: str) -> Answer:
        """The answer. Raises AccessWithdrawn where the service names no other token than the refused one."""
        if not self._token:
            self._take(self._current())
        try:
            return self._wire.get(url, self._header())
        except AccessWithdrawn:
            newest = self._current()
            if newest == self._token:
                raise
            self._take(newest)
            return self._wire.get(url, self._header())

    def _take(self, token: str) -> None:
        self._token = token
        if self._told:
            self._told(token)

    def _header(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"}
