"""What can go wrong with a rostering service, named by what one can do about it."""

from datetime import datetime


class ProviderError(Exception):
    """A rostering service let us down. The message is a plain sentence without personal data."""


class Unreachable(ProviderError):
    """No usable answer now; trying later may help. `retry_at` is when the service says it will answer again."""

    def __init__(self, message: str, retry_at: datetime | None = None) -> None:
        super().__init__(message)
        self.retry_at = retry_at


class IncompleteAnswer(Unreachable):
    """Pages are missing, contradict each other or lack their list: never to be read as a shorter roster."""


class AccessWithdrawn(ProviderError):
    """The credentials no longer work: the district must connect again."""


class SignInRefused(ProviderError):
    """The sign-in cannot be finished: the code was spent, expired or foreign."""


class ClientRefused(ProviderError):
    """The service refuses our own id and secret: only whoever runs this house can mend that."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class NotShared(ProviderError):
    """The service does not share this record with us (any more), though our access is good."""
