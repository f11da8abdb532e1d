"""The token of one Clever district, which Clever may replace at any time."""

from webapp.providers.bearer import Bearer


class DistrictToken(Bearer):
    """Refused with 401 or 403, a newer one is taken as with every service. Clever's 404 needs a question of its own."""

    def renewed(self) -> bool:
        """Whether Clever lists another token now, which is taken. Raises AccessWithdrawn where it lists none."""
        newest = self._current()
        if newest == self._token:
            return False
        self._take(newest)
        return True
