"""Addresses that a service hands us inside its answers."""

from urllib.parse import urljoin, urlsplit

from webapp.providers.errors import IncompleteAnswer
from webapp.providers.wire import origin


def joined(base: str, link: str) -> str:
    """The address that `link` means below `base`, which may carry a path of its own. Raises IncompleteAnswer elsewhere.

    Links are paths without the base's own path (`/v3.1/users?...`), or with it, or whole addresses on the same origin.
    """
    prefix = urlsplit(base).path.rstrip("/")
    try:
        url = urljoin(f"{origin(base)}/", link)
        path = urlsplit(url).path
    except ValueError:
        raise IncompleteAnswer("A link of the service cannot be read.") from None
    if origin(url) != origin(base) or not url.isascii():
        raise IncompleteAnswer("A link of the service points to another host, which is never asked.")
    if path == prefix or path.startswith(f"{prefix}/"):
        return url
    return origin(base) + prefix + url[len(origin(url)) :]
