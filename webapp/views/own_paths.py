"""Where a visitor may be sent: own paths only (safety.md SEC-15), and each person's own first page."""

from urllib.parse import quote, urlsplit

PATH_SAFE = "/-._~%!$&'()*+,;=:@"


def own_path(wanted: str | None) -> str | None:
    """The wanted path, rebuilt, where it is one of ours; None for anything that could lead elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return None
    if any(ord(letter) < 32 or ord(letter) == 127 for letter in wanted):
        return None
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path.startswith("//"):
        return None
    query = f"?{quote(parts.query, safe=PATH_SAFE + '?')}" if parts.query else ""
    return quote(parts.path, safe=PATH_SAFE) + query


def landing(roles: frozenset[str]) -> str:
    """The first page of somebody with these roles."""
    if "operator" in roles:
        return "/operator"
    if "teacher" in roles:
        return "/classes"
    if "district_admin" in roles:
        return "/district"
    if "license_admin" in roles:
        return "/license"
    return "/classes"
